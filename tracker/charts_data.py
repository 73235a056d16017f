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

import pandas as pd

from tracker.models import Measure

#: The columns of every frame of sums, in order.
SUMS: Final = ("low", "best", "high", "strikes", "unstated")

Bin = Literal["day", "week", "month", "year"]

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
    low, best, high = (table[f"{measure}_{part}"].notna() for part in ("low", "best", "high"))
    return low | best | high


def sums_by(table: pd.DataFrame, measure: Measure | str, keys: list[str]) -> pd.DataFrame:
    """Sums of one measure for each combination of ``keys`` (columns or index levels of the table).

    Returns a frame indexed by the keys, unknown keys kept, with the columns of ``SUMS`` as Int64. Where nobody
    gave any figure (``strikes`` 0) all three are NA; ``high`` is NA also where it is open. As in
    ``tracker.table.totals``, a figure without a best one adds its low.
    """
    name = str(measure)
    figures = pd.DataFrame(
        {part: table[f"{name}_{part}"].astype("Int64").array for part in ("low", "best", "high")}, index=table.index
    ).reset_index()
    for key in keys:
        if key not in figures:
            figures[key] = table[key].array
    stated = pd.Series(is_stated(table, name).to_numpy(), index=figures.index)
    figures["open"] = stated & figures["high"].isna()
    figures["strikes"] = stated.astype("Int64")
    figures["unstated"] = (~stated).astype("Int64")
    figures["best"] = figures["best"].fillna(figures["low"])
    # A figure with an upper bound alone ("up to nine") may be none at all.
    figures["low"] = figures["low"].mask(stated & figures["low"].isna(), 0)
    grouped = figures.groupby(keys, dropna=False, observed=True, sort=True)
    sums = grouped[["low", "best", "high"]].sum(min_count=1).join(grouped[["strikes", "unstated"]].sum())
    is_open = grouped["open"].any().astype(bool)
    sums["high"] = sums["high"].mask(is_open, pd.NA)
    return sums[list(SUMS)].astype("Int64")


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, their columns as attributes."""
    yield from frame.itertuples(index=False)


def whole(value: Any) -> int | None:
    """A cell as a whole number, None where it is unknown."""
    return None if pd.isna(value) else int(value)


def toll(table: pd.DataFrame, measure: Measure | str) -> Toll | None:
    """One measure summed over the whole table, as ``sums_by`` does; None where no strike states it."""
    low, best, high = (table[f"{measure}_{part}"] for part in ("low", "best", "high"))
    stated = is_stated(table, measure)
    if not stated.any():
        return None
    known = best.fillna(low)
    return Toll(
        int(low.sum()),
        int(known.sum()) if known.notna().any() else None,
        None if (stated & high.isna()).any() else int(high.sum()),
        int(stated.sum()),
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
    dated = table[dates.notna()]
    if dated.empty:
        return dated.assign(bin=pd.Series(dtype="datetime64[ns]")), "day"
    days = dated.index.get_level_values("date")
    size = bin_for(days.min().date(), days.max().date())
    starts = {day: bin_start(day, size) for day in days.unique()}
    return dated.assign(bin=pd.Series(days).map(starts).array), size


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
    keys = ["city", "admin1", "country"]
    placed = table[table.index.get_level_values("city").notna()]
    sums = sums_by(placed, measure, [*keys, "weapon"]).reset_index()
    sums["events"] = sums["strikes"] + sums["unstated"]
    known = sums["best"].fillna(0)
    groups = [sums[key] for key in keys]
    toll = known.groupby(groups, dropna=False, observed=True).transform("sum")
    sums["share"] = known.where(toll > 0, sums["events"]).astype("int64")
    sums["all"] = sums["share"].groupby(groups, dropna=False, observed=True).transform("sum")
    top = sums.sort_values("share", ascending=False, kind="stable").drop_duplicates(keys)
    joint = top["weapon"].astype("string").str.contains("+", regex=False).fillna(False).astype("bool")
    alone = (2 * top["share"] > top["all"]) & ~joint
    weapons = top["weapon"].astype("object").where(top["weapon"].notna(), None).where(alone, SEVERAL)
    joined = cities[keys].merge(top[keys].assign(_weapon=weapons), on=keys, how="left", validate="one_to_one")
    return [None if pd.isna(weapon) else str(weapon) for weapon in joined["_weapon"]]


def city_data(table: pd.DataFrame, measure: Measure | str) -> pd.DataFrame:
    """Sums by settlement, with its region, country and coordinates; strikes without a settlement left out.

    Two towns of one name are told apart by region and country. Columns: those of ``SUMS``, ``city``,
    ``admin1``, ``country``, ``lat``, ``lon`` and ``events`` (all strikes there, with or without the measure).
    """
    cities = table[table.index.get_level_values("city").notna()]
    sums = sums_by(cities, measure, ["city", "admin1", "country"]).reset_index()
    centres = (
        cities.reset_index()[["city", "admin1", "country", "lat", "lon"]]
        .groupby(["city", "admin1", "country"], dropna=False, observed=True)[["lat", "lon"]]
        .median()
        .reset_index()
    )
    joined = sums.merge(centres, on=["city", "admin1", "country"], how="left", validate="one_to_one")
    joined["events"] = joined["strikes"] + joined["unstated"]
    return joined.sort_values(["best", "events", "city"], ascending=[False, False, True], ignore_index=True)
