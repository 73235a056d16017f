"""Strikes and claims → pandas tables with a checked schema (codebook 8, "The table" and "Sums").

pandas is imported when a table is made, so that reading and reconciling never load it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tracker.models import (
    NATIONAL_MEASURES,
    Basis,
    Claim,
    Grade,
    Group,
    Measure,
    Scope,
    Strike,
    joined_weapons,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

#: Index levels of the table of strikes; each may be unknown, and together they need not be unique.
INDEX = ("city", "date", "weapon")
_BOUNDS = ("low", "best", "high")
_WIDTH: dict[str | None, int] = {Scope.CITY: 0, Scope.ADMIN1: 1, Scope.COUNTRY: 2}
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
    import pandas as pd

    rows = list(strikes)
    data: dict[str, Any] = {
        "strike_id": _strings(strike.strike_id for strike in rows),
        "date_end": _days(strike.date_end for strike in rows),
        "scope": _strings(strike.scope for strike in rows),
        "basis": _strings(strike.basis for strike in rows),
        "admin1": _strings(strike.admin1 for strike in rows),
        "country": _strings(strike.country for strike in rows),
        "lat": pd.array([strike.lat for strike in rows], dtype="Float64"),
        "lon": pd.array([strike.lon for strike in rows], dtype="Float64"),
        "where_prec": _integers(strike.where_prec for strike in rows),
        "date_prec": _integers(strike.date_prec for strike in rows),
        "attacker": _strings("+".join(strike.attackers) or None for strike in rows),
        "models": _strings("+".join(strike.models) or None for strike in rows),
        **_figure_columns(rows),
        "derived": [any(f.derived for f in strike.figures if f.group is Group.ALL) for strike in rows],
        "disputed": [any(f.disputed for f in strike.figures if f.group is Group.ALL) for strike in rows],
        "n_reports": _integers(strike.n_reports for strike in rows),
        "n_publishers": _integers(strike.n_publishers for strike in rows),
        "n_sources": _integers(strike.n_sources for strike in rows),
        "n_claims": _integers(len(strike.claim_ids) for strike in rows),
        "linked": _strings(" ".join(strike.linked) or None for strike in rows),
        "left_out": _strings(_left_out(rows)),
        "grade": _strings(strike.grade for strike in rows),
        "grade_reason": _strings(strike.grade_reason for strike in rows),
        "contested": _strings("+".join(_contested(strike)) or None for strike in rows),
        "corrections": _strings("; ".join(strike.corrections) or None for strike in rows),
    }
    data["derived"] = pd.array(data["derived"], dtype="bool")
    data["disputed"] = pd.array(data["disputed"], dtype="bool")
    index = pd.MultiIndex.from_arrays(
        [
            _strings(strike.place for strike in rows),
            _days(strike.date for strike in rows),
            _strings(joined_weapons(strike.weapons) for strike in rows),
        ],
        names=INDEX,
    )
    table = pd.DataFrame(data, index=index)
    check_table(table)
    return table


def _contested(strike: Strike) -> list[str]:
    return [f.measure if f.group is Group.ALL else f"{f.measure}_{f.group}" for f in strike.figures if f.contested]


def _strings(values: Iterable[str | None]) -> Any:
    import pandas as pd

    # Enum members are strings to Python, but would print as themselves in an object column.
    return pd.array([None if value is None else str(value) for value in values], dtype="string")


def _days(values: Iterable[dt.date | None]) -> Any:
    import numpy as np
    import pandas as pd

    days = np.array([None if value is None else value.toordinal() for value in values], dtype="float64")
    unknown = np.isnan(days)
    epoch = dt.date(1970, 1, 1).toordinal()
    stamps = (np.where(unknown, epoch, days) - epoch).astype("int64").astype("datetime64[D]").astype("datetime64[s]")
    stamps[unknown] = np.datetime64("NaT")
    return pd.DatetimeIndex(stamps)


def _integers(values: Iterable[int | None]) -> Any:
    import pandas as pd

    return pd.array(list(values), dtype="Int64")


def _figure_columns(rows: Sequence[Strike]) -> dict[str, Any]:
    """Int64 columns of the figures: every measure for ``all``, then the groups that occur."""
    import numpy as np
    import pandas as pd

    groups = {(f.measure, f.group) for strike in rows for f in strike.figures if f.group is not Group.ALL}
    whole = {m: [f"{m}_{bound}" for bound in _BOUNDS] for m in Measure}
    part = {(m, g): f"{m}_{g}_best" for m in Measure for g in Group if (m, g) in groups}
    names = [*(name for bounds in whole.values() for name in bounds), *part.values()]
    values: dict[str, NDArray[np.int64]] = {name: np.zeros(len(rows), dtype="int64") for name in names}
    missing: dict[str, NDArray[np.bool_]] = {name: np.ones(len(rows), dtype="bool") for name in names}
    for at, strike in enumerate(rows):
        for figure in strike.figures:
            if figure.group is Group.ALL:
                cells = zip(whole[figure.measure], (figure.low, figure.best, figure.high), strict=True)
            else:
                cells = zip((part[figure.measure, figure.group],), (figure.best,), strict=True)
            for name, value in cells:
                if value is not None:
                    values[name][at] = value
                    missing[name][at] = False
    return {name: pd.arrays.IntegerArray(values[name], missing[name]) for name in names}


def _left_out(rows: Sequence[Strike]) -> list[str | None]:
    """For each row, the measures that default sums leave to another row, so that nothing counts twice.

    A wider row leaves everything to the finer rows that it overlaps, except launches, interceptions and
    suppressions: those are national figures, and the finer rows leave them to it. A row that could not be
    placed among several strikes leaves to them whatever they state.
    """
    by_id = {strike.strike_id: strike for strike in rows}

    def stated(strike: Strike | None) -> set[Measure]:
        return {figure.measure for figure in strike.figures if figure.group is Group.ALL} if strike else set()

    left: list[str | None] = []
    for strike in rows:
        out: set[Measure] = set()
        width = _WIDTH.get(strike.scope, 3)
        for other_id in strike.linked:
            other = by_id.get(other_id)
            # What a country is linked to is finer than it, whether or not it is among the rows.
            other_width = _WIDTH.get(other.scope, 3) if other else min(width, 1)
            if other_width < width:
                out |= stated(strike) - NATIONAL_MEASURES
            elif other_width > width:
                out |= stated(strike) & stated(other) & NATIONAL_MEASURES
            else:
                out |= stated(strike) & stated(other)
        left.append("+".join(measure for measure in Measure if measure in out) if out else None)
    return left


def check_table(table: pd.DataFrame) -> None:
    """Raise ValueError naming the first breach of the schema of :func:`to_table`."""
    import pandas as pd

    if tuple(table.index.names) != INDEX:
        raise ValueError(f"The index must be {', '.join(INDEX)}; it is {', '.join(map(str, table.index.names))}.")
    wanted = [*_FIRST_COLUMNS, *(f"{m}_{b}" for m in Measure for b in _BOUNDS), *_LAST_COLUMNS]
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
        low, best, high = (table[f"{measure}_{bound}"] for bound in _BOUNDS)
        for lower, upper, names in ((low, best, "low > best"), (best, high, "best > high"), (low, high, "low > high")):
            breach = (lower > upper).fillna(False)
            if breach.any():
                raise ValueError(f"{measure}: {names} {at(breach)}.")
        for bound in _BOUNDS:
            breach = (table[f"{measure}_{bound}"] < 0).fillna(False)
            if breach.any():
                raise ValueError(f"Column '{measure}_{bound}' is below zero {at(breach)}.")
    for name, limit in (("lat", 90), ("lon", 180)):
        breach = (table[name].abs() > limit).fillna(False)
        if breach.any():
            raise ValueError(f"Column '{name}' is off the globe {at(breach)}.")
    breach = table["lat"].isna() != table["lon"].isna()
    if breach.any():
        raise ValueError(f"A coordinate stands alone {at(breach)}.")


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
    stated = table[[f"{measure}_{bound}" for bound in _BOUNDS]].notna().any(axis=1)
    if not contested:
        stated &= ~_names(table, "contested", measure)
    parts = _parts(measure, table, contested, perpetrators)
    if parts is not None:
        stated |= parts > 0
    rows = table[stated if wider else stated & ~_names(table, "left_out", measure)]
    low, best, high = (rows[f"{measure}_{bound}"] for bound in _BOUNDS)
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
