"""Blind checks on a store: draw claims at random for a person to mark, score what was marked, keep the result.

What is drawn and judged is what was read, before anything that analysts corrected. A check keeps counts only, nothing
of any report. Who and when are given by the caller; nothing here reads a clock or picks a seed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker import database as db
from tracker import derive
from tracker.marksheet import Draw, MarkedRow, SheetError, SheetRow, reading_of, sheet_row
from tracker.models import Claim, Measure
from tracker.rows import chunks, plain_report
from tracker.sampling import Estimate, Stratum, Tally, allocate, draw, in_words, percent, tally, weighted
from tracker.store import Store

#: A sheet of which more than this is gone speaks for a database that is no longer there.
_MOST_GONE = 0.5


@dataclass(frozen=True, slots=True)
class Gone:
    """A row of a sheet whose claim the database no longer holds as it was, and why."""

    row: int
    claim_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Check:
    """A blind check as it was kept: of ``claims`` in the database, by measure, how those drawn were marked."""

    number: int
    made: dt.datetime
    who: str | None
    version: str
    seed: int
    claims: int
    strata: tuple[Stratum, ...]

    @property
    def figure(self) -> Estimate | None:
        """How often the figure is right (measure, bounds, group, relation), over all measures."""
        return weighted(((each.population, each.figure) for each in self.strata), self.claims)

    @property
    def rest(self) -> Estimate | None:
        """How often its circumstances are right (place, days, weapons, attacker, source), over all measures."""
        return weighted(((each.population, each.rest) for each in self.strata), self.claims)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """A row for each measure and one for all: name, claims, and how often figure and circumstances are right."""
        found = [
            (str(each.measure), f"{each.population:,}", _share([each.figure]), _share([each.rest]))
            for each in self.strata
        ]
        figure, rest = (_share(marks, estimate) for _, marks, estimate in self._columns())
        return [*found, ("all", f"{self.claims:,}", figure, rest)]

    def notes(self) -> list[str]:
        """What must be known beside the rows."""
        found = ["In brackets the 95 % interval; “all” weighs each measure by its claims."]
        for name, marks, estimate in self._columns():
            unsure, unmarked = (sum(getattr(each, kind) for each in marks) for kind in ("unsure", "unmarked"))
            if unsure or unmarked:
                found.append(f"{name}: {unsure:,} unsure and {unmarked:,} unmarked count neither way.")
            if estimate is not None and estimate.covered < 1:
                share = percent(estimate.covered)
                found.append(f"{name}: “all” speaks for the {share} % of the claims whose measures have marks.")
        if gone := sum(each.gone for each in self.strata):
            found.append(f"{gone:,} drawn were left out: no longer in the database as they were.")
        return found

    def _columns(self) -> tuple[tuple[str, list[Tally], Estimate | None], ...]:
        return (
            ("figure", [each.figure for each in self.strata], self.figure),
            ("circumstances", [each.rest for each in self.strata], self.rest),
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """A check, whether it was ``added`` now or had been kept before, and the rows that it leaves out."""

    check: Check
    added: bool
    gone: tuple[Gone, ...]


def _share(marks: Sequence[Tally], estimate: Estimate | None = None) -> str:
    """``46 of 50: 92 % (81-97 %)``; of one tally its own estimate, of several the one given."""
    found = marks[0].estimate if len(marks) == 1 else estimate
    if found is None:
        return in_words(None)
    return f"{sum(each.right for each in marks):,} of {sum(each.decided for each in marks):,}: {in_words(found)}"


def draw_claims(store: Store, wanted: int, seed: int, measures: Collection[Measure] = ()) -> list[SheetRow]:
    """Claims drawn at random by measure (of these measures, or all), as rows of a sheet in random order.

    The same seed draws the same from the same claims. Only what was drawn is loaded. Raises ValueError, in words,
    where there is nothing to draw from.
    """
    own = db.claims.c
    among = [own.measure.in_([str(measure) for measure in measures])] if measures else []
    with store.reading() as connection:
        counted = sa.select(own.measure, sa.func.count(own.claim_id.distinct())).where(*among).group_by(own.measure)
        sizes = {Measure(measure): size for measure, size in connection.execute(counted)}
        allocation = allocate(sizes, wanted)
        if not allocation:
            which = f" of {', '.join(sorted(measures))}" if measures else ""
            raise ValueError(f"{store.name} holds no claims{which} to draw from. 'tracker ingest' takes reports in.")
        every = sa.select(own.claim_id, own.measure).where(*among).distinct()
        ids = connection.execution_options(yield_per=10_000).execute(every)
        drawn = draw(((claim_id, Measure(measure)) for claim_id, measure in ids), allocation, seed)
        total = sum(sizes.values())
        draws = {measure: Draw(seed, measure, size, sizes[measure], total) for measure, size in allocation.items()}
        return _rows(connection, derive.claims_by_id(connection, drawn), draws)


def _rows(connection: sa.Connection, claims: Sequence[Claim], draws: Mapping[Measure, Draw]) -> list[SheetRow]:
    """Rows in the order of ``claims``, one report in memory at a time."""
    by_report: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_report[claim.report_id].append(claim)
    made = {}
    for some in chunks(by_report):
        query = sa.select(db.reports).where(db.reports.c.id.in_(some)).execution_options(yield_per=10)
        for row in connection.execute(query):
            report = plain_report(row)
            for claim in by_report[report.id]:
                made[claim.claim_id] = sheet_row(claim, report, draws[claim.measure])
    return [made[claim.claim_id] for claim in claims]


def score(store: Store, rows: Sequence[MarkedRow], *, who: str | None, when: dt.datetime, version: str) -> Scored:
    """Keep what the rows of a marked sheet say as a check; the same marks by the same person are kept once.

    Rows whose claim has gone, or is read differently now, are left out and named. Raises SheetError where most have.
    """
    who = (who or "").strip() or None
    digest = _digest(rows, who)
    with store.writing() as connection:
        readings = _readings(connection, {row.claim_id for row in rows})
        gone = tuple(
            Gone(row.number, row.claim_id, _why_gone(readings.get(row.claim_id)))
            for row in rows
            if row.reading not in readings.get(row.claim_id, ())
        )
        kept = next((check for check, own in _checks(connection) if own == digest), None)
        if kept is not None:
            return Scored(kept, False, gone)
        if len(gone) > _MOST_GONE * len(rows):
            raise SheetError(
                f"{len(gone):,} of {len(rows):,} claims of the sheet are not in {store.name}, or are read differently "
                "there. It was drawn from another database, or too much has changed since: draw a new one."
            )
        lost = {each.row for each in gone}
        here = [row for row in rows if row.number not in lost]
        if not any(row.figure or row.rest for row in here):
            raise SheetError("No claim that is marked is still in the database as it was. Draw a new sheet.")
        number = (connection.scalar(sa.select(sa.func.max(db.checks.c.number))) or 0) + 1
        first = rows[0].draw
        check = Check(number, when, who, version, first.seed, first.total, _strata(rows, here))
        connection.execute(sa.insert(db.checks).values(_check_row(check, digest)))
    return Scored(check, True, gone)


def last_check(store: Store) -> Check | None:
    """The check that was kept last, None where there is none."""
    with store.reading() as connection:
        return next((check for check, _ in _checks(connection, last=True)), None)


def _readings(connection: sa.Connection, ids: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for some in chunks(ids):
        for _, claim in derive.claims(connection, db.claims.c.claim_id.in_(some)):
            found[claim.claim_id].add(reading_of(claim))
    return dict(found)


def _why_gone(now: set[str] | None) -> str:
    return "its report was changed or forgotten" if now is None else "it is read differently now"


def _strata(rows: Iterable[MarkedRow], here: Iterable[MarkedRow]) -> tuple[Stratum, ...]:
    """Marks by measure. A row that was taken out of the sheet was drawn all the same, and is not marked."""
    whole, left = defaultdict(list), defaultdict(list)
    for row in rows:
        whole[row.draw.measure].append(row)
    for row in here:
        left[row.draw.measure].append(row)
    found = []
    for measure in Measure:
        if measure not in whole:
            continue
        known, draw = left[measure], whole[measure][0].draw
        lacking = [None] * max(draw.drawn - len(whole[measure]), 0)
        figure, rest = (
            tally([*marks, *lacking]) for marks in ([row.figure for row in known], [row.rest for row in known])
        )
        gone = len(whole[measure]) - len(known)
        found.append(Stratum(measure, draw.population, draw.drawn, gone, figure, rest))
    return tuple(found)


def _digest(rows: Iterable[MarkedRow], who: str | None) -> str:
    """What was marked and by whom, whatever the file and the order of its rows."""
    marks = sorted((row.claim_id, row.reading, str(row.draw), row.figure, row.rest) for row in rows)
    return hashlib.sha256(json.dumps([who, marks]).encode()).hexdigest()


def _check_row(check: Check, digest: str) -> dict[str, Any]:
    measures = {str(each.measure): _plain(each) for each in check.strata}
    held = {"sheet": digest, "seed": check.seed, "claims": check.claims, "measures": measures}
    return {
        "number": check.number,
        "made": check.made.isoformat(),
        "who": check.who,
        "version": check.version,
        "strata": json.dumps(held),
    }


def _plain(stratum: Stratum) -> dict[str, Any]:
    values = dataclasses.asdict(stratum)
    del values["measure"]
    return values


def _checks(connection: sa.Connection, *, last: bool = False) -> Iterable[tuple[Check, str]]:
    """Checks with the digest of their sheets, the newest first."""
    query = sa.select(db.checks).order_by(db.checks.c.number.desc())
    for row in connection.execute(query.limit(1) if last else query):
        held = json.loads(row.strata)
        strata = tuple(
            Stratum(
                Measure(measure), each["population"], each["drawn"], each["gone"],
                Tally(**each["figure"]), Tally(**each["rest"]),
            )
            for measure, each in held["measures"].items()
        )  # fmt: skip
        made = dt.datetime.fromisoformat(row.made)
        check = Check(row.number, made, row.who, row.version, held["seed"], held["claims"], strata)
        yield check, held["sheet"]
