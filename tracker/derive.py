"""Claims in the database → strikes in the database, made again only where something has changed.

What changes is noted in ``touched``: where claims came, went or moved, and which strikes stood there. ``remake``
then looks at the claims within reach of that (``tracker.incidents.REACH``) and replaces the strikes that any of
them is part of; all others cannot have changed. The result is the same as making all strikes anew, which is what
happens where much has changed.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker import carriers, ledger
from tracker import database as db
from tracker.corrections import Corrected, apply
from tracker.credit import Copies
from tracker.incidents import Locus, SpanIndex, locus
from tracker.links import WIDTH, Reach, links, reach
from tracker.models import Claim, Policy, Scope, Strike, VaguePolicy
from tracker.online import annotated, named
from tracker.reconcile import strikes_from, twins_among
from tracker.region import Key, Region, joined_windows, ties_between
from tracker.rows import CLAIM_COLUMNS, chunks, claim_from_row, list_cell, read_list, strike_row

#: Where more than one report in so many has news, looking at everything once is cheaper.
_MOST = 8
#: The same where the news reaches more than this part of all reports.
_MUCH = 0.5
#: How many claims are made into strikes at a time, so that memory does not grow with the store.
_PORTION = 20_000
#: Of more places than these, all answers are asked for at once.
_FEW = 500

_CLAIMS = sa.select(*CLAIM_COLUMNS).join(db.reports, db.claims.c.report_id == db.reports.c.id)
# Built once: these are asked for every report that comes in.
_NOTED = sa.select(db.touched).where(db.touched.c.report_id == sa.bindparam("report"))
_NOTE = sa.insert(db.touched)
_LINK = (
    sa.update(db.strikes).where(db.strikes.c.strike_id == sa.bindparam("strike")).values(linked=sa.bindparam("cell"))
)

_REACH = tuple(
    db.strikes.c[name]
    for name in ("strike_id", "linked", "scope", "admin1", "attackers", "link_country", "day_lo", "day_hi")
)

_Made = list[tuple[Strike, tuple[Claim, ...]]]


# --- reading ----------------------------------------------------------------------------------------------


def claims(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> Iterator[tuple[Key, Claim]]:
    """Claims as read, by report and in reading order."""
    query = _CLAIMS.where(*where).order_by(db.claims.c.report_id, db.claims.c.position)
    return map(claim_from_row, connection.execute(query))


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
    answers = ledger.answers(connection, lacking if len(lacking) < _FEW else None) if lacking else {}
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
        place_again(connection, report_id)
        touch(connection, report_id)


def place_again(connection: sa.Connection, report_id: str) -> None:
    """Work out where the claims of a report stand."""
    stored = list(claims(connection, db.claims.c.report_id == report_id))
    for (key, _), now in zip(stored, loci(connection, [claim for _, claim in stored], report_id), strict=True):
        here = sa.and_(db.claims.c.report_id == key[0], db.claims.c.position == key[1])
        values = {"bucket": now.bucket, "slot_lo": now.lo, "slot_hi": now.hi}
        connection.execute(sa.update(db.claims).where(here).values(values))


def touch_all(connection: sa.Connection) -> None:
    """Everything is to be made anew."""
    db.write_meta(connection, "stale", 2)


# --- making strikes ---------------------------------------------------------------------------------------


def remake(connection: sa.Connection) -> bool:
    """Make the strikes again where claims have changed. True where there was anything to do."""
    stale = db.read_meta(connection, "stale")
    if not stale:
        return False
    news = connection.scalar(sa.select(sa.func.count(db.touched.c.report_id.distinct()))) or 0
    stored = connection.scalar(sa.select(sa.func.count()).select_from(db.reports)) or 0
    if stale > 1 or news * _MOST > stored or (news and not _remake_part(connection, _MUCH * stored)):
        _remake_all(connection)
    connection.execute(sa.delete(db.touched))
    db.write_meta(connection, "stale", 0)
    return True


def _remake_all(connection: sa.Connection) -> None:
    connection.execute(sa.delete(db.strikes))
    connection.execute(sa.delete(db.members))
    ties = Ties()
    for made, keys in everything(connection, ties):
        _insert(connection, made, keys)
    cells = ({"strike": strike_id, "cell": list_cell(others)} for strike_id, others in ties.linked())
    while some := list(itertools.islice(cells, _PORTION)):
        connection.execute(_LINK, some)


class Ties:
    """What links strikes to each other, gathered as they are made."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._reaches: list[Reach | None] = []
        self._may_be: dict[str, tuple[str, ...]] = {}

    def add(self, strike: Strike) -> None:
        """One more strike."""
        self._ids.append(strike.strike_id)
        self._reaches.append(reach(strike))
        if strike.linked:
            self._may_be[strike.strike_id] = strike.linked

    def linked(self) -> Iterator[tuple[str, list[str]]]:
        """Each strike that is linked, with all that it is linked to, in order."""
        for at, others in links(self._reaches).items():
            known = self._may_be.pop(self._ids[at], ())
            yield self._ids[at], sorted({self._ids[other] for other in others}.union(known))
        yield from ((strike_id, list(known)) for strike_id, known in self._may_be.items())


def everything(
    connection: sa.Connection,
    ties: Ties,
    policy: Policy = Policy.LATEST,
    vague: VaguePolicy = VaguePolicy.LITERAL,
) -> Iterator[tuple[_Made, dict[Claim, list[Key]]]]:
    """All strikes with their claims and the rows of these, some at a time; ``ties`` learns what links them."""
    given = _Given.of(connection)
    for stored in _portions(connection):
        made, keys = given.make(connection, stored, policy=policy, vague=vague)
        for strike, _ in made:
            ties.add(strike)
        yield made, keys


def _portions(connection: sa.Connection) -> Iterator[list[tuple[Key, Claim]]]:
    """All claims as read, some at a time; those that may be one strike come together."""
    bucket = db.claims.c.bucket
    tied = sorted(
        {where for places in ties_between(connection, ledger.corrections(connection)) for _, where, _ in places}
    )
    if tied:
        yield list(map(claim_from_row, connection.execute(_CLAIMS.where(bucket.in_(tied))).all()))
    sizes = connection.execute(sa.select(bucket, sa.func.count()).group_by(bucket).order_by(bucket)).all()
    held, first = 0, None
    for at, (name, size) in enumerate(sizes):
        held, first = held + size, name if first is None else first
        if held >= _PORTION or at == len(sizes) - 1:
            query = _CLAIMS.where(bucket.between(first, name), bucket.not_in(tied))
            yield list(map(claim_from_row, connection.execute(query).all()))
            held, first = 0, None


def _remake_part(connection: sa.Connection, most: float) -> bool:
    """Make strikes again where something was touched; False, and nothing done, where that takes more reports."""
    rows = connection.execute(sa.select(db.touched)).all()
    wanted, near = Region(connection, rows).keys()
    reports = {report_id for report_id, _ in wanted}
    if len(reports) > most:
        return False
    stored = [(key, claim) for key, claim in _claims_of(connection, reports) if key in wanted]
    made, keys = _Given.of(connection, reports).make(connection, stored, near)
    old = {row.strike_id for row in rows if row.strike_id} | _strikes_of(connection, near)
    _replace(connection, old, made, keys)
    return True


@dataclass(frozen=True, slots=True)
class _Given:
    """What making strikes takes beside claims. ``now`` is what became of each claim of a corrected report."""

    corrected: Corrected
    now: Mapping[Key, Claim | None]
    twins: frozenset[str]
    copies: Copies

    @classmethod
    def of(cls, connection: sa.Connection, reports: Collection[str] | None = None) -> _Given:
        """What is given for the claims of these reports, or of all."""
        log = ledger.corrections(connection)
        # An anchor is looked for among all claims of its report, wherever these stand.
        held = {anchor.report_id for each in log for anchor in each.anchors}
        stored = list(_claims_of(connection, held if reports is None else held.intersection(reports)))
        corrected = apply(with_answers(connection, (claim for _, claim in stored)), log)
        now = {key: became for (key, _), became in zip(stored, corrected.each, strict=True)}
        return cls(corrected, now, _twins(connection, reports), carriers.copies(connection, reports))

    def make(
        self,
        connection: sa.Connection,
        stored: Sequence[tuple[Key, Claim]],
        near: AbstractSet[Key] | None = None,
        policy: Policy = Policy.LATEST,
        vague: VaguePolicy = VaguePolicy.LITERAL,
    ) -> tuple[_Made, dict[Claim, list[Key]]]:
        """Stored claims → their strikes (``near``: only those with one of these), and the rows of each claim.

        A corrected claim stands for one row, or for several where it is stored twice.
        """
        keys: dict[Claim, list[Key]] = defaultdict(list)
        for (key, _), read in zip(stored, with_answers(connection, (claim for _, claim in stored)), strict=True):
            became = self.now.get(key, read)
            if became is not None:
                keys[became].append(key)
        among = None if near is None else {claim for claim, own in keys.items() if not near.isdisjoint(own)}
        corrected = dataclasses.replace(self.corrected, claims=tuple(keys))
        return strikes_from(corrected, self.twins, policy, vague, self.copies, among), keys


def _claims_of(connection: sa.Connection, reports: Collection[str]) -> Iterator[tuple[Key, Claim]]:
    for some in chunks(reports):
        yield from claims(connection, db.claims.c.report_id.in_(some))


def _twins(connection: sa.Connection, reports: Collection[str] | None) -> frozenset[str]:
    """The ids that several claims of these reports (None: of all) bear."""
    claim_id = db.claims.c.claim_id
    query = sa.select(claim_id).group_by(claim_id).having(sa.func.count() > 1)
    if reports is None:
        twice = set(connection.scalars(query))
    else:
        of_report = db.claims.c.report_id
        twice = {one for some in chunks(reports) for one in connection.scalars(query.where(of_report.in_(some)))}
    bearers = (claim for some in chunks(twice) for _, claim in claims(connection, claim_id.in_(some)))
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
    """Write strikes, linked as they are, and their members."""
    if made:
        connection.execute(sa.insert(db.strikes), [strike_row(strike) for strike, _ in made])
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
    new: list[set[str]] = [set(strike.linked) for strike, _ in made]
    reaches = [reach(strike) for strike, _ in made]
    for at, row in _linkable(connection, reaches):
        new[at].add(row.strike_id)
        stays(row.strike_id, row.linked).add(made[at][0].strike_id)
    for at, others in links(reaches).items():
        new[at].update(made[other][0].strike_id for other in others)
    joined = [
        (dataclasses.replace(strike, linked=tuple(sorted(linked))), own)
        for (strike, own), linked in zip(made, new, strict=True)
    ]
    _insert(connection, joined, keys)
    for strike_id, linked in beside.items():
        if linked != before[strike_id]:
            here = db.strikes.c.strike_id == strike_id
            connection.execute(sa.update(db.strikes).where(here).values(linked=list_cell(sorted(linked))))


def _linkable(connection: sa.Connection, reaches: Sequence[Reach | None]) -> Iterator[tuple[int, Any]]:
    """The stored strikes that hold one of these, or that one of these holds, each with the position of that one."""
    by_country: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for at, one in enumerate(reaches):
        if one is not None:
            by_country[one.country].append((one.lo, one.hi, at))
    own = db.strikes.c
    for country, spans in by_country.items():
        index = SpanIndex(spans)
        here = own.link_country == country
        # The index leads with the last day; that none is longer than this keeps it from looking at all later ones.
        longest = connection.scalar(sa.select(sa.func.max(own.day_hi - own.day_lo)).where(here)) or 0
        for lo, hi in joined_windows((lo, hi) for lo, hi, _ in spans):
            query = sa.select(*_REACH).where(here, own.day_hi.between(lo, hi + longest), own.day_lo <= hi)
            for row in connection.execute(query).all():
                stored = _reach(row)
                for at in index.overlapping(row.day_lo, row.day_hi):
                    known = reaches[at]
                    if known is not None and known.touches(stored):
                        yield at, row


def _reach(row: Any) -> Reach:
    admin1 = row.admin1.casefold() if row.admin1 else None
    return Reach(
        WIDTH[Scope(row.scope)], row.link_country, admin1, row.day_lo, row.day_hi, frozenset(read_list(row.attackers))
    )
