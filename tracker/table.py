"""Strikes and claims → pandas tables with a checked schema (codebook 8, "The table" and "Sums").

pandas is imported when a table is made, so that reading and reconciling never load it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tracker.columns import BOUNDS, Batch, Columns, Tables, batch_of, words
from tracker.models import Basis, Claim, Grade, Group, Measure, Scope, Strike

if TYPE_CHECKING:
    import pandas as pd

#: Index levels of the table of strikes; each may be unknown, and together they need not be unique.
INDEX = ("city", "date", "weapon")
_FIRST_COLUMNS = {
    "strike_id": "string",
    "date_end": "datetime",
    "scope": "string",
    "basis": "string",
    "admin1": "string",
    "country": "string",
    "lat": "Float64",
    "lon": "Float64",
    "where_prec": "Int64",
    "date_prec": "Int64",
    "attacker": "string",
    "models": "string",
}
_LAST_COLUMNS = {
    "derived": "bool",
    "disputed": "bool",
    "n_reports": "Int64",
    "n_publishers": "Int64",
    "n_sources": "Int64",
    "n_claims": "Int64",
    "linked": "string",
    "left_out": "string",
    "grade": "string",
    "grade_reason": "string",
    "contested": "string",
    "corrections": "string",
}


@dataclass(frozen=True, slots=True)
class Total:
    """A measure summed over rows. ``low`` and ``high`` are outer bounds: not every row is at its end at once.

    All three are None where no row states the measure; ``high`` None beside a ``low`` is open.
    ``n_strikes`` rows are in the sum; ``n_reports`` is how many reports they rest on.
    """

    measure: Measure
    low: int | None
    best: int | None
    high: int | None
    n_strikes: int
    n_reports: int


def to_table(strikes: Iterable[Strike]) -> pd.DataFrame:
    """One row a strike, indexed by (city, date, weapon) with unknowns kept as missing.

    Columns: ``strike_id`` (unique), ``date_end``, ``scope``, ``basis``, ``admin1``, ``country``, ``lat``,
    ``lon``, ``where_prec``, ``date_prec``, ``attacker`` and ``models`` (sorted, joined by ``+``); for every
    measure ``<measure>_low|best|high`` of group ``all``; ``<measure>_<group>_best`` for each group that occurs;
    ``derived`` and ``disputed`` (of any figure of ``all``); ``n_reports``, ``n_publishers``, ``n_sources``,
    ``n_claims``; ``linked`` (strike ids, joined by a space); ``left_out`` (measures that default sums do not
    take from this row because another row counts them, joined by ``+``); ``grade`` and ``grade_reason``;
    ``contested`` (what only a party to the fighting says of its enemy's losses, ``killed`` for everybody or
    ``killed_soldiers`` for a group, joined by ``+``); ``corrections`` (what analysts changed, joined by ``; ``).

    A missing figure is missing, never 0. Raises ValueError where the strikes break the schema (check_table).
    """
    return _table(Columns([batch_of(list(strikes))]))


def to_tables(strikes: Iterable[Strike]) -> Tables:
    """The table of :func:`to_table`, and all figures behind it."""
    columns = Columns([batch_of(list(strikes))])
    return Tables(_table(columns), columns.figures())


def sorted_tables(
    batches: Iterable[Batch], linked: Callable[[], Iterable[tuple[str, Sequence[str]]]] | None = None
) -> Tables:
    """The same from strikes that are columns already and come in any order: rows are in that of ``reconcile``.

    ``linked`` gives the links of strikes by id, where these are known only when all batches have come.
    """
    columns = Columns(batches)
    if linked is not None:
        columns.link(dict(linked()))
    columns.sort()
    return Tables(_table(columns), columns.figures())


def _table(strikes: Columns) -> pd.DataFrame:
    import pandas as pd

    data: dict[str, Any] = {
        "strike_id": strikes.words("strike_id"),
        "date_end": strikes.days("date_end"),
        **{name: strikes.words(name) for name in ("scope", "basis", "admin1", "country")},
        **{name: strikes.degrees(name) for name in ("lat", "lon")},
        **{name: strikes.numbers(name) for name in ("where_prec", "date_prec")},
        **{name: strikes.words(name) for name in ("attacker", "models")},
        **strikes.figure_columns(),
        **{name: strikes.marked(name) for name in ("derived", "disputed")},
        **{name: strikes.numbers(name) for name in ("n_reports", "n_publishers", "n_sources", "n_claims")},
        "linked": strikes.words("linked"),
        "left_out": strikes.left_out(),
        **{name: strikes.words(name) for name in ("grade", "grade_reason")},
        "contested": strikes.contested(),
        "corrections": strikes.words("corrections"),
    }
    index = pd.MultiIndex.from_arrays(
        [strikes.words("place"), strikes.days("date"), strikes.words("weapon")], names=INDEX
    )
    table = pd.DataFrame(data, index=index, copy=False)
    check_table(table)
    return table


def check_table(table: pd.DataFrame) -> None:
    """Raise ValueError naming the first breach of the schema of :func:`to_table`."""
    import pandas as pd

    if tuple(table.index.names) != INDEX:
        raise ValueError(f"The index must be {', '.join(INDEX)}; it is {', '.join(map(str, table.index.names))}.")
    wanted = [*_FIRST_COLUMNS, *(f"{m}_{b}" for m in Measure for b in BOUNDS), *_LAST_COLUMNS]
    lacking = [name for name in wanted if name not in table.columns]
    if lacking:
        raise ValueError(f"The table lacks the column{'s' * (len(lacking) > 1)} {', '.join(lacking)}.")
    if not pd.api.types.is_datetime64_any_dtype(table.index.get_level_values("date").dtype):
        raise ValueError("The index level 'date' must hold dates.")
    for name, kind in (_FIRST_COLUMNS | _LAST_COLUMNS).items():
        dtype = table[name].dtype
        fits = pd.api.types.is_datetime64_any_dtype(dtype) if kind == "datetime" else str(dtype).startswith(kind)
        if not fits:
            raise ValueError(f"Column '{name}' must be {kind}; it is {dtype}.")
    ids = table["strike_id"]
    if ids.isna().any():
        raise ValueError("A row has no strike_id.")
    if not ids.is_unique:
        raise ValueError(f"strike_id '{ids[ids.duplicated()].iloc[0]}' stands in more than one row.")
    _check_values(table)


def _check_values(table: pd.DataFrame) -> None:
    def at(breach: Any) -> str:
        return f"(strike {table['strike_id'][breach].iloc[0]})"

    for column, allowed in (("scope", set(Scope)), ("basis", set(Basis)), ("grade", set(Grade))):
        strange = table[column].notna() & ~table[column].isin([str(value) for value in allowed])
        if strange.any():
            raise ValueError(f"Column '{column}' holds '{table[column][strange].iloc[0]}' {at(strange)}.")
    for measure in Measure:
        # Missing values compare as false; what is lost of figures beyond 2**53 changes no answer.
        bounds = {bound: table[f"{measure}_{bound}"].to_numpy("float64", na_value=math.nan) for bound in BOUNDS}
        for lower, upper in itertools.combinations(BOUNDS, 2):
            if (breach := bounds[lower] > bounds[upper]).any():
                raise ValueError(f"{measure}: {lower} > {upper} {at(breach)}.")
        for bound in BOUNDS:
            if (breach := bounds[bound] < 0).any():
                raise ValueError(f"Column '{measure}_{bound}' is below zero {at(breach)}.")
    for name, limit in (("lat", 90), ("lon", 180)):
        off = (table[name].abs() > limit).fillna(False)
        if off.any():
            raise ValueError(f"Column '{name}' is off the globe {at(off)}.")
    alone = table["lat"].isna() != table["lon"].isna()
    if alone.any():
        raise ValueError(f"A coordinate stands alone {at(alone)}.")


def reports_of(strikes: Iterable[Strike], claims: Iterable[Claim]) -> dict[str, frozenset[str]]:
    """Which reports each strike rests on, by ``strike_id``."""
    report = {claim.claim_id: claim.report_id for claim in claims}
    return {strike.strike_id: frozenset(report[i] for i in strike.claim_ids if i in report) for strike in strikes}


def totals(
    table: pd.DataFrame,
    *,
    wider: bool = False,
    periods: bool = False,
    contested: bool = False,
    perpetrators: bool = False,
    reports: Mapping[str, Set[str]] | None = None,
) -> dict[Measure, Total]:
    """Sum each measure over the rows of a table (or a selection of its rows).

    By default nothing counts twice: tolls over a span (``periods``) and what ``left_out`` names (``wider``)
    stay outside, and only the columns of ``all`` are read, so that no subset is added to its total. A party's
    figures for its enemy's losses (``contested``) and attackers dead or hurt in their own attack
    (``perpetrators``) stay outside as well. A row without a best figure adds its low to the sum's best.
    ``n_reports`` counts every report once where ``reports`` is given (:func:`reports_of`); otherwise it adds up
    the rows' counts, in which a report about several strikes counts for each.
    """
    incidents = table if periods else table[table["basis"] == str(Basis.INCIDENT)]
    return {measure: _total(measure, incidents, wider, contested, perpetrators, reports) for measure in Measure}


def _total(
    measure: Measure,
    table: pd.DataFrame,
    wider: bool,
    contested: bool,
    perpetrators: bool,
    reports: Mapping[str, Set[str]] | None,
) -> Total:
    stated = table[[f"{measure}_{bound}" for bound in BOUNDS]].notna().any(axis=1)
    if not contested:
        stated &= ~_names(table, "contested", measure)
    parts = _parts(measure, table, contested, perpetrators)
    if parts is not None:
        stated |= parts > 0
    rows = table[stated if wider else stated & ~_names(table, "left_out", measure)]
    low, best, high = (rows[f"{measure}_{bound}"] for bound in BOUNDS)
    if not contested:
        outside = _names(rows, "contested", measure)
        low, best, high = (bound.mask(outside) for bound in (low, best, high))
    if reports is None:
        n_reports = int(rows["n_reports"].sum())
    else:
        n_reports = len({report for strike_id in rows["strike_id"] for report in reports.get(strike_id, ())})
    if rows.empty:
        return Total(measure, None, None, None, 0, n_reports)
    known = best.fillna(low)
    if parts is not None:
        more = parts[stated if wider else stated & ~_names(table, "left_out", measure)]
        # A row that states nothing but these parts is as high as they are; any other keeps its open top.
        alone = low.isna() & best.isna() & high.isna()
        low, known = low.fillna(0) + more, known.where(known.notna() | (more == 0), 0) + more
        high = high.mask(alone, 0) + more
    known = known.dropna()
    return Total(
        measure,
        int(low.sum()),
        int(known.sum()) if len(known) else None,
        None if high.isna().any() else int(high.sum()),
        len(rows),
        n_reports,
    )


def _names(table: pd.DataFrame, column: str, item: str) -> pd.Series[bool]:
    """The rows whose list in ``column``, joined by ``+``, names ``item``."""
    return ("+" + table[column].fillna("") + "+").str.contains(f"+{item}+", regex=False).astype("bool")


def _parts(measure: Measure, table: pd.DataFrame, contested: bool, perpetrators: bool) -> pd.Series[Any] | None:
    """What groups outside ``all`` add to each row, where they are switched in."""
    added = []
    if perpetrators and (name := f"{measure}_{Group.PERPETRATORS}_best") in table:
        added.append(table[name].fillna(0))
    if contested:
        # Where the row's own figure is contested too, it is the sum of these already.
        beside = ~_names(table, "contested", measure)
        for group in (Group.SOLDIERS, Group.FIGHTERS):
            if (name := f"{measure}_{group}_best") in table:
                counts = beside & _names(table, "contested", f"{measure}_{group}")
                added.append(table[name].fillna(0).where(counts, 0))
    return None if not added else sum(added[1:], start=added[0])


def claims_table(claims: Iterable[Claim]) -> pd.DataFrame:
    """One row a claim, in the order given; columns are the codebook's fields, lists joined by ``+``."""
    import pandas as pd

    rows = list(claims)
    data: dict[str, Any] = {}
    for field in fields(Claim):
        values = [getattr(claim, field.name) for claim in rows]
        if field.name in {"low", "high", "where_prec", "date_prec", "start", "end", "entry"}:
            data[field.name] = _integers(values)
        elif field.name in {"lat", "lon"}:
            data[field.name] = pd.array(values, dtype="Float64")
        elif field.name == "approx":
            data[field.name] = pd.array(values, dtype="bool")
        elif field.name in {"date", "date_end"}:
            data[field.name] = _days(values)
        elif field.name == "published":
            # A date and a time stay apart: an hour that nobody gave must not read as midnight.
            data[field.name] = _strings(value.isoformat() if value else None for value in values)
        elif field.name in {"weapons", "models", "candidates"}:
            data[field.name] = _strings("+".join(value) or None for value in values)
        else:
            data[field.name] = _strings(values)
    return pd.DataFrame(data)


def _strings(values: Iterable[str | None]) -> Any:
    import pyarrow as pa

    return words(pa.array(list(values), pa.large_string()))


def _days(values: Iterable[dt.date | None]) -> Any:
    import pandas as pd
    import pyarrow as pa

    return pd.DatetimeIndex(pa.array(list(values), pa.date32()).to_numpy(False).astype("datetime64[s]"))


def _integers(values: Iterable[int | None]) -> Any:
    import pandas as pd

    return pd.array(list(values), dtype="Int64")
