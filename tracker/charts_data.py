"""From the table of strikes to the small frames that charts draw.

Sums follow codebook 8: a figure that nobody stated adds nothing and is never a zero; summed lows and highs
are outer bounds; one open figure ("at least nine") leaves the sum of highs open.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from tracker.models import Measure

#: The columns of every frame of sums, in order.
SUMS: Final = ("low", "best", "high", "strikes", "unstated")

_PARTS: Final = ("low", "best", "high")

Bin = Literal["day", "week", "month", "year"]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Whole = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

#: More bars than this in one chart are thinner than a reader can point at.
_MOST_BINS = 62
_DAYS: dict[Bin, int] = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class Toll:
    """One measure summed over ``strikes`` that state it; ``high`` None is open, ``best`` None is unknown."""

    low: int
    best: int | None
    high: int | None
    strikes: int


def is_stated(table: pd.DataFrame, measure: Measure | str) -> pd.Series[bool]:
    """Which rows give any figure of a measure, be it an upper bound alone."""
    low, best, high = (table[f"{measure}_{part}"].notna().to_numpy() for part in _PARTS)
    return pd.Series(low | best | high, index=table.index)


def sums_by(table: pd.DataFrame, measure: Measure | str, keys: list[str]) -> pd.DataFrame:
    """Sums of one measure for each combination of ``keys`` (columns or index levels of the table).

    Returns a frame indexed by the keys, in order, unknown keys kept and last, with the columns of ``SUMS`` as Int64.
    Where nobody gave any figure (``strikes`` 0) all three are NA; ``high`` is NA also where it is open. As in
    ``tracker.table.totals``, a figure without a best one adds its low.
    """
    groups, index = _groups(table, keys)
    low, best, high = (_floats(table[f"{measure}_{part}"]) for part in _PARTS)
    stated = ~(np.isnan(low) & np.isnan(best) & np.isnan(high))
    best = np.where(np.isnan(best), low, best)
    is_open = np.bincount(groups[stated & np.isnan(high)], minlength=len(index)) > 0
    # A figure with an upper bound alone ("up to nine") may be none at all.
    low = np.where(stated & np.isnan(low), 0.0, low)

    def added(values: Floats, unknown: Mask | None = None) -> Any:
        given = ~np.isnan(values)
        sums = np.bincount(groups[given], weights=values[given], minlength=len(index))
        none = np.bincount(groups[given], minlength=len(index)) == 0
        return pd.arrays.IntegerArray(sums.astype("int64"), none if unknown is None else none | unknown)

    def counted(rows: Mask) -> Any:
        return pd.arrays.IntegerArray(
            np.bincount(groups[rows], minlength=len(index)).astype("int64"), np.zeros(len(index), dtype=bool)
        )

    columns = {"low": added(low), "best": added(best), "high": added(high, is_open)}
    return pd.DataFrame({**columns, "strikes": counted(stated), "unstated": counted(~stated)}, index=index)


def _floats(values: pd.Series[Any]) -> Floats:
    """Whole numbers, the unknown ones NaN; sums of them are exact up to 2**53."""
    return values.to_numpy(dtype="float64", na_value=np.nan)


def _groups(table: pd.DataFrame, keys: list[str]) -> tuple[Whole, pd.Index[Any]]:
    """The number of each row's combination of keys, and the combinations, in order."""
    coded = [_coded(table, key) for key in keys]
    together = np.zeros(len(table), dtype="int64")
    for codes, values in coded:
        together = together * (len(values) + 1) + codes
    found, groups = _numbered(together, math.prod(len(values) + 1 for _, values in coded))
    known: list[pd.Index[Any]] = []
    for _, values in reversed(coded):
        found, code = np.divmod(found, len(values) + 1)
        known.insert(0, _decoded(code, values))
    index = known[0].rename(keys[0]) if len(keys) == 1 else pd.MultiIndex.from_arrays(known, names=keys)
    return groups, index


def _numbered(values: Whole, below: int) -> tuple[Whole, Whole]:
    """The different values, all of them less than ``below``, in order, and for each value its number among them."""
    if below > 4 * len(values) + 1_000_000:
        found, numbers = np.unique(values, return_inverse=True)
        return found, numbers
    there = np.zeros(below, dtype=bool)
    there[values] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[values]


def _decoded(codes: Whole, values: pd.Index[Any]) -> pd.Index[Any]:
    if not len(values):
        return pd.Index([None] * len(codes), dtype="object" if values.dtype == "object" else values.dtype)
    unknown = codes == len(values)
    found: Any = values.array.take(np.where(unknown, -1, codes), allow_fill=True) if unknown.any() else values[codes]
    decoded: pd.Index[Any] = pd.Index(found)
    return decoded


def _coded(table: pd.DataFrame, key: str) -> tuple[Whole, pd.Index[Any]]:
    """A key of each row as a number, and what the numbers stand for, in order; the last number is for the unknown."""
    if key in table:
        column = table[key]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, values = column.cat.codes.to_numpy(), column.cat.categories
        else:
            codes, values = pd.factorize(column, sort=True)
    else:
        index = table.index
        level = index.names.index(key)
        if isinstance(index, pd.MultiIndex):
            codes, values = index.codes[level], index.levels[level]
        else:
            codes, values = pd.factorize(index, sort=True)
    codes = np.asarray(codes, dtype="int64")
    return np.where(codes < 0, len(values), codes), pd.Index(values)


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, their columns as attributes."""
    yield from frame.itertuples(index=False)


def whole(value: Any) -> int | None:
    """A cell as a whole number, None where it is unknown."""
    return None if pd.isna(value) else int(value)


def toll(table: pd.DataFrame, measure: Measure | str) -> Toll | None:
    """One measure summed over the whole table, as ``sums_by`` does; None where no strike states it."""
    low, best, high = (_floats(table[f"{measure}_{part}"]) for part in _PARTS)
    stated = ~(np.isnan(low) & np.isnan(best) & np.isnan(high))
    if not stated.any():
        return None
    known = np.where(np.isnan(best), low, best)
    return Toll(
        int(np.nansum(low)),
        int(np.nansum(known)) if not np.isnan(known).all() else None,
        None if (stated & np.isnan(high)).any() else int(np.nansum(high)),
        int(np.count_nonzero(stated)),
    )


def bin_for(first: dt.date, last: dt.date) -> Bin:
    """The finest bin that keeps a chart of these days readable.

    >>> bin_for(dt.date(2025, 4, 24), dt.date(2025, 5, 2)), bin_for(dt.date(2022, 2, 24), dt.date(2025, 5, 2))
    ('day', 'month')
    """
    days = (last - first).days + 1
    bins: tuple[Bin, ...] = ("day", "week", "month")
    return next((size for size in bins if math.ceil(days / _DAYS[size]) <= _MOST_BINS), "year")


def bin_start(day: pd.Timestamp, size: Bin) -> pd.Timestamp:
    """The first day of the bin in which a day lies; weeks start on Monday.

    >>> bin_start(pd.Timestamp("2025-05-02"), "week").date()
    datetime.date(2025, 4, 28)
    """
    if size == "week":
        return day - pd.Timedelta(days=day.weekday())
    if size == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if size == "year" else day


def dated_bins(table: pd.DataFrame) -> tuple[pd.DataFrame, Bin]:
    """The dated strikes with the start of their ``bin``, and the size of the bins."""
    dates = table.index.get_level_values("date")
    known = dates.notna()
    dated = table if known.all() else table[known]
    if dated.empty:
        return dated.assign(bin=pd.Series(dtype="datetime64[ns]")), "day"
    codes, days = _coded(dated, "date")
    used = days[np.unique(codes)]
    size = bin_for(used[0].date(), used[-1].date())
    starts = pd.Series([bin_start(day, size) for day in days], dtype="datetime64[s]")
    at, bins = pd.factorize(starts, sort=True)
    ordered: Any = pd.DatetimeIndex(bins)
    return dated.assign(bin=pd.Categorical.from_codes(at[codes], ordered)), size


def timeline_data(table: pd.DataFrame, measure: Measure | str) -> tuple[pd.DataFrame, Bin]:
    """Sums by bin and weapon, indexed (bin, weapon), over the dated strikes; and the size of the bins."""
    dated, size = dated_bins(table)
    return sums_by(dated, measure, ["bin", "weapon"]), size


#: What air defence counts, in the order in which it is drawn.
FATES: Final = (Measure.LAUNCHED, Measure.INTERCEPTED, Measure.SUPPRESSED, Measure.HITS)


def arms_data(fates: pd.DataFrame) -> pd.DataFrame:
    """What was launched, shot down, lost and hit, by weapon.

    ``fates`` has a row for each figure that joins a sum: ``measure``, ``weapon``, ``low``, ``best``, ``high``.
    Returns a frame indexed by weapon, unknown ones kept, with ``<measure>_low|best|high`` (NA where nobody states
    it), the most launched first.
    """
    parts = []
    for measure in FATES:
        own = fates[(fates["measure"] == str(measure)).to_numpy()]
        names = {part: f"{measure}_{part}" for part in ("low", "best", "high")}
        sums = sums_by(own.rename(columns=names), measure, ["weapon"])[list(names)]
        parts.append(sums.set_axis(list(names.values()), axis=1))
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, how="outer")
    largest = joined[[f"{measure}_best" for measure in FATES]].max(axis=1).fillna(0)
    return joined.loc[largest.sort_values(ascending=False, kind="stable").index]


#: The weapon of a city where no class of weapon has most of its toll to itself.
SEVERAL: Final = "several"


def main_weapons(table: pd.DataFrame, cities: pd.DataFrame, measure: Measure | str) -> list[str | None]:
    """For each row of ``cities`` the weapon class behind more than half of its figure, SEVERAL, or None: not said.

    A joint figure ("drone and missile") belongs to no single class. Where a city has no figure, or zero, its
    strikes are counted instead.
    """
    placed = table[table["place"].isin(cities["place"]).to_numpy()]
    sums = sums_by(placed, measure, ["place", "weapon"]).reset_index()
    known, events = sums["best"].fillna(0), sums["strikes"] + sums["unstated"]
    toll = known.groupby(sums["place"]).transform("sum")
    sums["share"] = known.where(toll > 0, events).astype("int64")
    sums["all"] = sums["share"].groupby(sums["place"]).transform("sum")
    top = sums.sort_values("share", ascending=False, kind="stable").drop_duplicates("place")
    joint = top["weapon"].astype("string").str.contains("+", regex=False).fillna(False).astype("bool")
    alone = (2 * top["share"] > top["all"]) & ~joint
    weapons = top["weapon"].astype("object").where(top["weapon"].notna(), None).where(alone, SEVERAL)
    by_place = dict(zip(top["place"], weapons, strict=True))
    return [None if pd.isna(weapon := by_place.get(place)) else str(weapon) for place in cities["place"]]


def city_data(table: pd.DataFrame, measure: Measure | str, most: int | None = None) -> pd.DataFrame:
    """Sums by settlement, the highest first; strikes without a settlement left out, and those past ``most``.

    ``table`` is a prepared one (``tracker.pages.selection.prepare``): ``place`` numbers its settlements, so that two
    towns of one name stay apart, and ``city_label`` names them. Columns: those of ``SUMS``, ``place``, ``city``,
    ``label``, ``admin1``, ``country``, ``lat``, ``lon`` and ``events`` (all strikes there, with or without the
    measure).
    """
    places = table["place"].to_numpy()
    rows = table[places >= 0]
    places = places[places >= 0]
    sums = sums_by(rows, measure, ["place"])
    events = sums["strikes"] + sums["unstated"]
    # A row for each, to take the names from; names of cities are numbered in their order.
    first = np.zeros(places.max(initial=0) + 1, dtype="int64")
    first[places[::-1]] = np.arange(len(places))[::-1]
    first = first[sums.index.to_numpy(dtype="int64")]
    best = _floats(sums["best"])
    keys = (_coded(rows, "city")[0][first], -_floats(events), np.where(np.isnan(best), np.inf, -best))
    order = np.lexsort(keys)[:most]
    sums, named = sums.iloc[order], rows.iloc[first[order]]
    shown = np.isin(places, sums.index.to_numpy())
    spots = pd.DataFrame({name: _floats(rows[name])[shown] for name in ("lat", "lon")})
    centres = spots.groupby(places[shown]).median().reindex(sums.index)
    return sums.assign(
        city=named.index.get_level_values("city").astype("string"),
        label=named["city_label"].astype("string").array,
        admin1=named["admin1"].astype("string").array,
        country=named["country"].astype("string").array,
        lat=centres["lat"].to_numpy(),
        lon=centres["lon"].to_numpy(),
        events=events.iloc[order],
    ).reset_index()


def city_count(table: pd.DataFrame) -> int:
    """How many settlements there are in a prepared table."""
    places = table["place"].to_numpy()
    return int(np.count_nonzero(np.bincount(places[places >= 0])))
