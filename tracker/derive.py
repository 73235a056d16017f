"""Claims in the database → strikes in the database, made again only where something has changed.

What changes is noted in ``touched``: where claims came, went or moved, and which strikes stood there. ``remake``
then looks at the claims within reach of that (``tracker.incidents.REACH``) and replaces the strikes that any of
them is part of; all others cannot have changed. The result is the same as making all strikes anew, which is what
happens where much has changed.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from tracker import carriers, ledger
from tracker import database as db
from tracker.corrections import Action, Corrected, Correction, apply, in_force
from tracker.incidents import REACH, Locus, locus
from tracker.links import WIDTH, Reach, links, reach
from tracker.models import Claim, Scope, Strike
from tracker.online import annotated, named
from tracker.reconcile import strikes_from, twins_among
from tracker.rows import claim_from_row, list_cell, read_list, strike_row

#: Databases limit how many values one query may name.
_CHUNK = 500
#: Where more places than these have news, looking at everything once is cheaper.
_MANY = 200

# Built once: these are asked for every report that comes in.
_NOTED = sa.select(db.touched).where(db.touched.c.report_id == sa.bindparam("report"))
_NOTE = sa.insert(db.touched)

Key = tuple[str, int]
_Window = tuple[int, int]
_Made = list[tuple[Strike, tuple[Claim, ...]]]


# --- reading ----------------------------------------------------------------------------------------------


def claims(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> Iterator[tuple[Key, Claim]]:
    """Claims as read, by report and in reading order."""
    query = (
        sa.select(db.claims, db.reports.c.published, db.reports.c.publisher)
        .join(db.reports, db.claims.c.report_id == db.reports.c.id)
        .where(*where)
        .order_by(db.claims.c.report_id, db.claims.c.position)
    )
    for row in connection.execute(query):
        yield (row.report_id, row.position), claim_from_row(row)


def claims_by_id(connection: sa.Connection, ids: Sequence[str]) -> list[Claim]:
    """Claims as read, in the order of ``ids``; of several that bear one id, the first."""
    found: dict[str, Claim] = {}
    for some in chunks(ids):
        for _, claim in claims(connection, db.claims.c.claim_id.in_(some)):
            found.setdefault(claim.claim_id, claim)
    return [found[claim_id] for claim_id in ids if claim_id in found]


def with_answers(connection: sa.Connection, found: Iterable[Claim]) -> list[Claim]:
    """Claims with the coordinates that an online geocoder gave for places the gazetteer lacks."""
    known = list(found)
    lacking = {place.place for claim in known if (place := named(claim)) is not None}
    answers = ledger.answers(connection, lacking if len(lacking) < _CHUNK else None) if lacking else {}
    return [annotated(claim, answers) for claim in known] if answers else known


def loci(connection: sa.Connection, read: Sequence[Claim], report_id: str | None) -> list[Locus]:
    """Where claims of one report stand, as corrected; without a ``report_id`` nothing of it has been corrected."""
    placed = with_answers(connection, read)
    log = [] if report_id is None else ledger.corrections(connection, {report_id})
    return [locus(now or was) for now, was in zip(apply(placed, log).each, placed, strict=True)]


# --- what has changed -------------------------------------------------------------------------------------


def touch(connection: sa.Connection, report_id: str) -> None:
    """Note where a report's claims stand now, and in which strikes: before they change, and again after."""
    of_report = db.claims.c.report_id == report_id
    places = connection.execute(
        sa.select(db.claims.c.bucket, db.claims.c.slot_lo, db.claims.c.slot_hi, db.members.c.strike_id)
        .outerjoin(
            db.members,
            sa.and_(db.members.c.report_id == db.claims.c.report_id, db.members.c.position == db.claims.c.position),
        )
        .where(of_report)
        .distinct()
    )
    note(connection, report_id, {(row.bucket, row.slot_lo, row.slot_hi, row.strike_id or "") for row in places})


def note(connection: sa.Connection, report_id: str, wanted: set[tuple[str, int, int, str]]) -> None:
    """Note that something changes at these loci, and the strikes that stand there."""
    noted = connection.execute(_NOTED, {"report": report_id})
    wanted = wanted - {(row.bucket, row.slot_lo, row.slot_hi, row.strike_id) for row in noted}
    names = ("bucket", "slot_lo", "slot_hi", "strike_id")
    if wanted:
        rows = [{"report_id": report_id, **dict(zip(names, place, strict=True))} for place in sorted(wanted)]
        connection.execute(_NOTE, rows)
    if not db.read_meta(connection, "stale"):
        db.write_meta(connection, "stale", 1)


def touch_again(connection: sa.Connection, report_ids: Iterable[str]) -> None:
    """The claims of these reports mean something else now (a correction, an answer): find where they stand."""
    for report_id in sorted(report_ids):
        touch(connection, report_id)
        stored = list(claims(connection, db.claims.c.report_id == report_id))
        for (key, _), now in zip(stored, loci(connection, [claim for _, claim in stored], report_id), strict=True):
            here = sa.and_(db.claims.c.report_id == key[0], db.claims.c.position == key[1])
            values = {"bucket": now.bucket, "slot_lo": now.lo, "slot_hi": now.hi}
            connection.execute(sa.update(db.claims).where(here).values(values))
        touch(connection, report_id)


def touch_all(connection: sa.Connection) -> None:
    """Everything is to be made anew."""
    db.write_meta(connection, "stale", 2)


# --- making strikes ---------------------------------------------------------------------------------------


def remake(connection: sa.Connection) -> bool:
    """Make the strikes again where claims have changed. True where there was anything to do."""
    stale = db.read_meta(connection, "stale")
    if not stale:
        return False
    rows = connection.execute(sa.select(db.touched)).all()
    if stale > 1 or len({row.bucket for row in rows}) > _MANY:
        _remake_all(connection)
    elif rows:
        _remake_part(connection, rows)
    connection.execute(sa.delete(db.touched))
    db.write_meta(connection, "stale", 0)
    return True


def _remake_all(connection: sa.Connection) -> None:
    stored = list(claims(connection))
    read = with_answers(connection, (claim for _, claim in stored))
    corrected = apply(read, ledger.corrections(connection))
    made = strikes_from(corrected, twins_among(read), copies=carriers.copies(connection))
    connection.execute(sa.delete(db.strikes))
    connection.execute(sa.delete(db.members))
    _insert(connection, made, _keys(stored, corrected))


def _remake_part(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> None:
    region = _Region(connection, rows)
    wanted, near = region.keys()
    log = ledger.corrections(connection)
    corrected_reports = {anchor.report_id for each in log for anchor in each.anchors} & {key[0] for key in wanted}
    # An anchor is looked for among all claims of its report, wherever these stand.
    stored = [
        (key, claim)
        for key, claim in _claims_of(connection, {key[0] for key in wanted})
        if key in wanted or key[0] in corrected_reports
    ]
    read = with_answers(connection, (claim for _, claim in stored))
    whole = apply(read, log)
    here = [(key, now) for (key, _), now in zip(stored, whole.each, strict=True) if now is not None and key in wanted]
    corrected = dataclasses.replace(whole, claims=tuple(dict.fromkeys(claim for _, claim in here)))
    among = {claim for key, claim in here if key in near}
    reports = {key[0] for key in wanted}
    made = strikes_from(
        corrected, _twins(connection, reports), copies=carriers.copies(connection, reports), among=among
    )
    old = {row.strike_id for row in rows if row.strike_id} | _strikes_of(connection, near)
    _replace(connection, old, made, _keys(stored, whole))


def _keys(stored: Sequence[tuple[Key, Claim]], corrected: Corrected) -> dict[Claim, list[Key]]:
    """Corrected claim → the rows that it stands for: one, or several where a claim is stored twice."""
    found: dict[Claim, list[Key]] = defaultdict(list)
    for (key, _), now in zip(stored, corrected.each, strict=True):
        if now is not None:
            found[now].append(key)
    return found


class _Region:
    """The claims within reach of a change, and those that these in turn depend on."""

    def __init__(self, connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> None:
        self.connection = connection
        self.starts: dict[str, set[_Window]] = defaultdict(set)
        self.reports: dict[str, set[str]] = defaultdict(set)
        self.near: dict[str, list[_Window]] = {}
        self.far: dict[str, list[_Window]] = {}
        for row in rows:
            self.starts[row.bucket].add((row.slot_lo, row.slot_hi))
            self.reports[row.bucket].add(row.report_id)
        for bucket in list(self.starts):
            self._widen(bucket)
        self._take_in_what_is_tied()

    def _widen(self, bucket: str) -> None:
        query = sa.select(db.claims.c.slot_lo, db.claims.c.slot_hi).where(db.claims.c.bucket == bucket).distinct()
        # Without a day a claim overlaps nothing but what its own report says.
        spans = [(lo, hi) for lo, hi in self.connection.execute(query) if hi]
        self.near[bucket] = steps(spans, [span for span in self.starts[bucket] if span[1]], REACH)
        self.far[bucket] = steps(spans, self.near[bucket], REACH)

    def _take_in_what_is_tied(self) -> None:
        """A merge or a split that holds a claim in reach brings its other claims, with their surroundings."""
        log = in_force(ledger.corrections(self.connection))
        ties = [self._places(each) for each in log if each.action in (Action.MERGE, Action.SPLIT)]
        while ties:
            tied = [places for places in ties if any(self._reaches(*place) for place in places)]
            if not tied:
                return
            ties = [places for places in ties if places not in tied]
            for report_id, bucket, span in {place for places in tied for place in places}:
                self.reports[bucket].add(report_id)
                self.starts[bucket].add(span)
                self._widen(bucket)

    def _places(self, correction: Correction) -> list[tuple[str, str, _Window]]:
        found = []
        for anchor in correction.anchors:
            held = sa.and_(db.claims.c.report_id == anchor.report_id, db.claims.c.measure == anchor.measure.value)
            query = sa.select(db.claims.c.bucket, db.claims.c.slot_lo, db.claims.c.slot_hi).where(held).distinct()
            found += [(anchor.report_id, bucket, (lo, hi)) for bucket, lo, hi in self.connection.execute(query)]
        return found

    def _reaches(self, report_id: str, bucket: str, span: _Window) -> bool:
        if report_id in self.reports.get(bucket, ()):
            return True
        return any(lo <= span[1] and span[0] <= hi for lo, hi in self.far.get(bucket, ()) if span[1])

    def keys(self) -> tuple[set[Key], set[Key]]:
        """The claims to look at, and those among them whose strikes may have changed."""
        wanted: set[Key] = set()
        near: set[Key] = set()
        columns = (db.claims.c.report_id, db.claims.c.position, db.claims.c.slot_lo, db.claims.c.slot_hi)
        for bucket, changed in self.reports.items():
            reports = set(changed)
            in_bucket = db.claims.c.bucket == bucket
            for lo, hi in self.far[bucket]:
                overlap = sa.and_(in_bucket, db.claims.c.slot_lo <= hi, db.claims.c.slot_hi >= lo)
                reports.update(self.connection.scalars(sa.select(db.claims.c.report_id).where(overlap).distinct()))
            for some in chunks(reports):
                query = sa.select(*columns).where(in_bucket, db.claims.c.report_id.in_(some))
                for report_id, position, lo, hi in self.connection.execute(query):
                    wanted.add((report_id, position))
                    if report_id in changed or (hi and any(a <= hi and lo <= b for a, b in self.near[bucket])):
                        near.add((report_id, position))
        return wanted, near


def steps(spans: Iterable[_Window], start: Iterable[_Window], number: int) -> list[_Window]:
    """What can be reached from ``start`` in so many steps from span to overlapping span, as windows.

    >>> steps([(1, 3), (3, 5), (5, 7), (9, 9)], [(0, 1)], 2)
    [(0, 5)]
    """
    known = sorted(spans)
    windows = _joined(start)
    for _ in range(number):
        wider = list(windows)
        at = 0
        for lo, hi in known:
            while at < len(windows) and windows[at][1] < lo:
                at += 1
            # Spans come by their beginning; a long one may reach windows further on, which then are joined to it.
            if at < len(windows) and windows[at][0] <= hi:
                wider.append((lo, hi))
        wider = _joined(wider)
        if wider == windows:
            break
        windows = wider
    return windows


def _joined(windows: Iterable[_Window]) -> list[_Window]:
    joined: list[_Window] = []
    for lo, hi in sorted(windows):
        if joined and lo <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(hi, joined[-1][1]))
        else:
            joined.append((lo, hi))
    return joined


def chunks(values: Collection[str]) -> Iterator[list[str]]:
    """Values in order, as many at a time as a query may name."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _claims_of(connection: sa.Connection, reports: Collection[str]) -> Iterator[tuple[Key, Claim]]:
    for some in chunks(reports):
        yield from claims(connection, db.claims.c.report_id.in_(some))


def _twins(connection: sa.Connection, reports: Collection[str]) -> frozenset[str]:
    twice: set[str] = set()
    for some in chunks(reports):
        claim_id = db.claims.c.claim_id
        query = (
            sa.select(claim_id).where(db.claims.c.report_id.in_(some)).group_by(claim_id).having(sa.func.count() > 1)
        )
        twice.update(connection.scalars(query))
    bearers = (claim for some in chunks(twice) for _, claim in claims(connection, db.claims.c.claim_id.in_(some)))
    return twins_among(with_answers(connection, bearers)) if twice else frozenset()


def _strikes_of(connection: sa.Connection, keys: Collection[Key]) -> set[str]:
    found: set[str] = set()
    for some in chunks({report_id for report_id, _ in keys}):
        for row in connection.execute(sa.select(db.members).where(db.members.c.report_id.in_(some))):
            if (row.report_id, row.position) in keys:
                found.add(row.strike_id)
    return found


# --- writing ----------------------------------------------------------------------------------------------


def _insert(connection: sa.Connection, made: _Made, keys: dict[Claim, list[Key]]) -> None:
    """Write strikes that are all the strikes there are, or linked already to those that are not among them."""
    strikes = [strike for strike, _ in made]
    linked = links([reach(strike) for strike in strikes])
    rows = []
    for at, strike in enumerate(strikes):
        others = {strikes[other].strike_id for other in linked.get(at, ())}
        rows.append(strike_row(dataclasses.replace(strike, linked=tuple(sorted(others.union(strike.linked))))))
    if rows:
        connection.execute(sa.insert(db.strikes), rows)
    members = [
        {"report_id": key[0], "position": key[1], "strike_id": strike.strike_id}
        for strike, own in made
        for claim in own
        for key in keys[claim]
    ]
    if members:
        connection.execute(sa.insert(db.members), members)


def _replace(connection: sa.Connection, old: Collection[str], made: _Made, keys: dict[Claim, list[Key]]) -> None:
    """Put ``made`` in the place of ``old``, and mend the links of the strikes that stay."""
    beside: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}

    def stays(strike_id: str, listed: str) -> set[str]:
        if strike_id not in beside:
            before[strike_id] = set(read_list(listed))
            beside[strike_id] = before[strike_id] - set(old)
        return beside[strike_id]

    neighbours: set[str] = set()
    for some in chunks(old):
        for listed in connection.scalars(sa.select(db.strikes.c.linked).where(db.strikes.c.strike_id.in_(some))):
            neighbours.update(read_list(listed))
    for some in chunks(old):
        connection.execute(sa.delete(db.strikes).where(db.strikes.c.strike_id.in_(some)))
        connection.execute(sa.delete(db.members).where(db.members.c.strike_id.in_(some)))
    for some in chunks(neighbours - set(old)):
        query = sa.select(db.strikes.c.strike_id, db.strikes.c.linked).where(db.strikes.c.strike_id.in_(some))
        for strike_id, listed in connection.execute(query):
            stays(strike_id, listed)
    joined: _Made = []
    for strike, own in made:
        others = set(strike.linked)
        for row in _linkable(connection, strike):
            others.add(row.strike_id)
            stays(row.strike_id, row.linked).add(strike.strike_id)
        joined.append((dataclasses.replace(strike, linked=tuple(sorted(others))), own))
    _insert(connection, joined, keys)
    for strike_id, linked in beside.items():
        if linked != before[strike_id]:
            here = db.strikes.c.strike_id == strike_id
            connection.execute(sa.update(db.strikes).where(here).values(linked=list_cell(sorted(linked))))


def _linkable(connection: sa.Connection, strike: Strike) -> Iterator[Any]:
    """The stored strikes that hold this one, or that it holds."""
    known = reach(strike)
    if known is None:
        return
    own = db.strikes.c
    columns = (
        own.strike_id,
        own.linked,
        own.scope,
        own.admin1,
        own.attackers,
        own.link_country,
        own.day_lo,
        own.day_hi,
    )
    query = sa.select(*columns).where(
        own.link_country == known.country,
        own.day_hi >= known.lo,
        own.day_lo <= known.hi,
        own.scope != (strike.scope and strike.scope.value),
    )
    for row in connection.execute(query):
        if known.touches(_reach(row)):
            yield row


def _reach(row: Any) -> Reach:
    admin1 = row.admin1.casefold() if row.admin1 else None
    return Reach(
        WIDTH[Scope(row.scope)], row.link_country, admin1, row.day_lo, row.day_hi, frozenset(read_list(row.attackers))
    )
