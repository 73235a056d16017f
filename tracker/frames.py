"""Rows of the database → DataFrames, without an object for each row: for a million strikes at a time."""

from __future__ import annotations

import array
import datetime as dt
import functools
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker import database as db
from tracker import derive
from tracker.columns import MUNITIONS, Batch, FigureBatch, Tables, batch_of
from tracker.models import Policy, VaguePolicy

if TYPE_CHECKING:
    import pandas as pd

#: How many rows are held at a time.
_BATCH = 5_000
#: The columns of ``strikes`` that a table is made of.
_COLUMNS = (
    "strike_id", "place", "date", "date_end", "weapons", "scope", "basis", "admin1", "country", "lat", "lon",
    "where_prec", "date_prec", "attackers", "models", "n_reports", "n_publishers", "n_sources", "claim_ids",
    "linked", "grade", "grade_reason", "corrections", "figures",
)  # fmt: skip
_FIGURE = ("measure", "group", "low", "best", "high", "derived", "disputed", "contested")


def tables(connection: sa.Connection, policy: Policy, vague: VaguePolicy) -> Tables:
    """All strikes as ``tracker.table.to_tables`` would give them, made from the stored claims by these policies."""
    from tracker.table import sorted_tables

    ties = derive.Ties()
    made = (strikes for strikes, _ in derive.everything(connection, ties, policy, vague))
    return sorted_tables((batch_of([strike for strike, _ in some]) for some in made), ties.linked)


def stored_tables(connection: sa.Connection) -> Tables:
    """The stored strikes as ``tracker.table.to_tables`` would give them."""
    from tracker.table import sorted_tables

    query = sa.select(*(db.strikes.c[name] for name in _COLUMNS)).execution_options(yield_per=_BATCH)
    return sorted_tables(map(_batch, connection.execute(query).partitions()))


def mentions(connection: sa.Connection) -> pd.DataFrame:
    """Which reports speak of which strikes: ``strike_id``, ``measure``, ``group``, ``report_id``, without repeats."""
    import pandas as pd

    same = sa.and_(db.members.c.report_id == db.claims.c.report_id, db.members.c.position == db.claims.c.position)
    columns = (db.members.c.strike_id, db.claims.c.measure, db.claims.c.group, db.claims.c.report_id)
    query = sa.select(*columns).select_from(db.members.join(db.claims, same)).execution_options(yield_per=_BATCH)
    names = [column.name for column in columns]
    known: list[dict[str, int]] = [{} for _ in names]
    codes = [array.array("i") for _ in names]
    for rows in connection.execute(query).partitions():
        for code, own, values in zip(known, codes, zip(*rows, strict=True), strict=True):
            own.extend([code.setdefault(value, len(code)) for value in values])
    frame = pd.DataFrame(dict(zip(names, codes, strict=True)), dtype="int32").drop_duplicates(ignore_index=True)
    for name, code in zip(names, known, strict=True):
        frame[name] = pd.Categorical.from_codes(frame[name].to_numpy(), pd.Index(list(code), dtype="str"))
    return frame


def _batch(rows: Iterable[Sequence[Any]]) -> Batch:
    given: dict[str, Any] = dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True))
    of_strikes = [json.loads(cell) for cell in given.pop("figures")]
    flat = [figure for one in of_strikes for figure in one]
    figures: dict[str, Any] = {name: [figure[name] for figure in flat] for name in _FIGURE}
    return Batch(
        date=[_day(cell) for cell in given.pop("date")],
        date_end=[_day(cell) for cell in given.pop("date_end")],
        weapon=[_few(cell) for cell in given.pop("weapons")],
        attacker=[_few(cell) for cell in given.pop("attackers")],
        models=[_few(cell) for cell in given.pop("models")],
        n_claims=[len(json.loads(cell)) for cell in given.pop("claim_ids")],
        linked=[_joined(cell, " ") for cell in given.pop("linked")],
        corrections=[_joined(cell, "; ") for cell in given.pop("corrections")],
        **given,
        n_figures=[len(one) for one in of_strikes],
        figures=FigureBatch(
            current=[" ".join(f["current"]) or None if f["measure"] in MUNITIONS else None for f in flat], **figures
        ),
    )


def _joined(cell: str, by: str) -> str | None:
    return None if cell == "[]" else by.join(json.loads(cell))


@functools.lru_cache(maxsize=4096)
def _few(cell: str) -> str | None:
    """A list of which there are few different ones."""
    return _joined(cell, "+")


@functools.lru_cache(maxsize=65536)
def _day(cell: str | None) -> dt.date | None:
    return None if cell is None else dt.date.fromisoformat(cell)
