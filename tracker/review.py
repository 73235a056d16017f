"""The queue of what an analyst should look at, ordered by what it would change in the totals.

Only strikes that may be doubtful are loaded, so that a large store is gone through in one pass over its rows. What was
accepted does not come back unless it changes (``Flag.seen``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker import database as db
from tracker import derive, ledger
from tracker.corrections import Action, Correction, apply, in_force
from tracker.doubts import Flag, doubts, is_partys_word, is_unsure, very_high
from tracker.models import Claim, Measure
from tracker.rows import CLAIM_COLUMNS, chunks, claim_from_row, strike_from_row
from tracker.store import Store

#: The totals in the order in which they matter: a death first, then an injury, then everything else alike.
_FIRST = (Measure.KILLED, Measure.INJURED)


@dataclass(frozen=True, slots=True)
class Item:
    """A doubtful strike, and why; ``moves`` says by how much each total may move."""

    strike_id: str
    flags: tuple[Flag, ...]
    seen: tuple[str, ...]

    @property
    def moves(self) -> dict[Measure, int]:
        """By how much the total of each measure may move."""
        most: dict[Measure, int] = {}
        for flag in self.flags:
            for measure, number in flag.moves:
                most[measure] = max(number, most.get(measure, 0))
        return most

    @property
    def weight(self) -> tuple[int, ...]:
        """The larger, the sooner it is looked at."""
        moves = self.moves
        rest = sum(number for measure, number in moves.items() if measure not in _FIRST)
        return (*(moves.get(measure, 0) for measure in _FIRST), rest)


def queue(store: Store) -> list[Item]:
    """The doubtful strikes of a store that nobody has accepted as they are, the weightiest first."""
    with store.reading() as connection:
        log = ledger.corrections(connection)
        unsure = _unsure_claims(connection, log)
        accepted = accepted_doubts(log)
        found = [
            item
            for row in _doubtful(connection, unsure)
            if (item := _item(row, unsure.get(row.strike_id, ()), accepted)) is not None
        ]
    return sorted(found, key=lambda item: (*(-part for part in item.weight), item.strike_id))


def item_of(store: Store, strike_id: str) -> Item | None:
    """The doubts about one strike that nobody has accepted; None where there are none."""
    with store.reading() as connection:
        log = ledger.corrections(connection)
        row = connection.execute(sa.select(db.strikes).where(db.strikes.c.strike_id == strike_id)).first()
        unsure = _unsure_claims(connection, log, db.members.c.strike_id == strike_id)
        return None if row is None else _item(row, unsure.get(strike_id, ()), accepted_doubts(log))


def accepted_doubts(log: Iterable[Correction]) -> frozenset[str]:
    """What analysts have accepted, as ``Flag.seen`` names it."""
    return frozenset(
        seen for each in in_force(log) if each.action is Action.ACCEPT for seen in (each.change.seen or "").split()
    )


def _item(row: sa.Row[Any], claims: Sequence[Claim], accepted: frozenset[str]) -> Item | None:
    strike = strike_from_row(row)
    named = [(flag, flag.seen(strike)) for flag in doubts(strike, claims)]
    left = [(flag, seen) for flag, seen in named if seen not in accepted]
    return Item(strike.strike_id, *zip(*left, strict=True)) if left else None


def _doubtful(connection: sa.Connection, unsure: Mapping[str, object]) -> Iterator[sa.Row[Any]]:
    """The strikes that may be doubtful: by their own row, or by a claim of theirs."""
    own = db.strikes.c
    by_row = sa.or_(
        own.figures.contains('"disputed": true'), own.figures.contains('"contested": true'), own.date.is_(None)
    )
    rows = connection.execute(sa.select(db.strikes).where(by_row)).all()
    yield from rows
    missing = {*unsure, *_high_strikes(connection)} - {row.strike_id for row in rows}
    for some in chunks(missing):
        yield from connection.execute(sa.select(db.strikes).where(own.strike_id.in_(some)))


_SAME = sa.and_(db.members.c.report_id == db.claims.c.report_id, db.members.c.position == db.claims.c.position)


def _high_strikes(connection: sa.Connection) -> Iterable[str]:
    """The strikes of which some claim gives a very high figure, as it was read or as somebody has corrected it."""
    high = sa.or_(
        *(
            sa.and_(db.claims.c.measure == measure.value, sa.or_(db.claims.c.low >= least, db.claims.c.high >= least))
            for measure, least in very_high().items()
        )
    )
    corrected = sa.select(db.strikes.c.strike_id).where(db.strikes.c.corrections != "[]")
    query = sa.select(db.members.c.strike_id).select_from(db.members.join(db.claims, _SAME)).where(high)
    return {*connection.scalars(query.distinct()), *connection.scalars(corrected)}


def _unsure_claims(
    connection: sa.Connection, log: Sequence[Correction], *where: sa.ColumnElement[bool]
) -> dict[str, list[Claim]]:
    """The claims that may make their strike doubtful (``is_unsure``), as corrected, by strike."""
    own = db.claims.c
    tables = (
        db.claims.join(db.reports, own.report_id == db.reports.c.id)
        .join(db.members, _SAME)
        .join(db.strikes, db.strikes.c.strike_id == db.members.c.strike_id)
    )
    query = sa.select(*CLAIM_COLUMNS, db.members.c.strike_id).select_from(tables).where(*where)
    sources = connection.scalars(sa.select(own.source).where(own.source.is_not(None)).distinct())
    alone = db.strikes.c.n_sources == 1
    wanted = [
        sa.or_(own.vague.is_not(None), own.candidates != "[]"),
        *(sa.and_(alone, own.source.in_(some)) for some in chunks([one for one in sources if is_partys_word(one)])),
    ]
    now = _now(connection, log)
    found: dict[str, dict[tuple[str, int], Claim]] = defaultdict(dict)
    for each in wanted:
        for *columns, strike_id in connection.execute(query.where(each)):
            key, claim = claim_from_row(columns)
            became = now.get(key, claim)
            if became is not None and is_unsure(became):
                found[strike_id][key] = became
    return {strike_id: [claim for _, claim in sorted(held.items())] for strike_id, held in found.items()}


def _now(connection: sa.Connection, log: Sequence[Correction]) -> dict[tuple[str, int], Claim | None]:
    """What became of each claim of the reports that somebody has corrected."""
    reports = {anchor.report_id for each in log for anchor in each.anchors}
    stored = [row for some in chunks(reports) for row in derive.claims(connection, db.claims.c.report_id.in_(some))]
    each = apply((claim for _, claim in stored), log).each
    return {key: became for (key, _), became in zip(stored, each, strict=True)}
