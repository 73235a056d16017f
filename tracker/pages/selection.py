"""Which strikes the reader has chosen, and which of them join the sums. No Streamlit in here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from tracker.models import Basis, Measure, Scope

#: How a filter names strikes whose weapon nobody said, and rows that have no settlement.
NOT_SAID: Final = "not said"
NO_CITY: Final = "no single city"

#: Columns that the dashboard adds to the table of strikes; they are left out of exports.
CITY_LABEL, ROW = "city_label", "row"
OWN_COLUMNS: Final = (CITY_LABEL, ROW)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; empty means all. Days count inclusively."""

    cities: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    measure: Measure = Measure.KILLED

    @property
    def by_date(self) -> bool:
        """Whether a day must be known for a strike to be shown."""
        return self.first is not None or self.last is not None


def prepare(table: pd.DataFrame) -> pd.DataFrame:
    """The table of strikes with the columns of ``OWN_COLUMNS``; the table given is left as it is.

    ``city_label`` names the settlement; ``row`` numbers the rows from 0.
    """
    return table.assign(**{CITY_LABEL: city_labels(table)}).assign(**{ROW: np.arange(len(table))})


def city_labels(table: pd.DataFrame) -> pd.Series[str]:
    """A name for each row's settlement: its own, with the region or country where two towns share it."""
    places = table.index.to_frame(index=False)[["city"]].astype("string")
    places["region"] = table["admin1"].astype("string").fillna(table["country"].astype("string")).array
    known = places.drop_duplicates()
    shared = known.loc[known["city"].duplicated(keep=False), "city"].dropna().unique()
    longer = places["city"] + " (" + places["region"].fillna("region not said") + ")"
    labels = places["city"].mask(places["city"].isin(shared), longer).fillna(NO_CITY)
    return pd.Series(labels.array, index=table.index)


def labels_at(table: pd.DataFrame, cities: pd.DataFrame) -> list[str]:
    """The labels that a prepared table gives to settlements named by ``city``, ``admin1`` and ``country``."""
    places = table.reset_index()[["city", "admin1", "country", CITY_LABEL]].drop_duplicates()
    keys = ["city", "admin1", "country"]
    return cities[keys].merge(places, on=keys, how="left")[CITY_LABEL].dropna().unique().tolist()


def weapon_classes(table: pd.DataFrame) -> list[str]:
    """The weapon classes of a table, single, sorted; ``NOT_SAID`` last where some strike names none."""
    weapons = table.index.get_level_values("weapon")
    classes = sorted({part for value in weapons.dropna().unique() for part in str(value).split("+")})
    return [*classes, NOT_SAID] if weapons.isna().any() else classes


def select(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The rows of a prepared table that pass the filters.

    A joint weapon passes where one of its classes is chosen. A strike over several days passes where one of
    them lies in the range; one without a date does not pass a filter by date.
    """
    keep = pd.Series(True, index=table.index)
    if filters.cities:
        keep &= table[CITY_LABEL].isin(filters.cities)
    if filters.weapons:
        weapons = table.index.get_level_values("weapon")
        chosen = set(filters.weapons)
        passing = [value for value in weapons.dropna().unique() if chosen & set(str(value).split("+"))]
        passes = np.asarray(weapons.isin(passing))
        keep &= passes | np.asarray(weapons.isna()) if NOT_SAID in chosen else passes
    if filters.by_date:
        start = pd.Series(pd.to_datetime(table.index.get_level_values("date")), index=table.index)
        end = pd.to_datetime(table["date_end"]).fillna(start)
        if filters.first is not None:
            keep &= end >= pd.Timestamp(filters.first)
        if filters.last is not None:
            keep &= start <= pd.Timestamp(filters.last)
    return table[keep.to_numpy(dtype=bool)]


def is_counted(table: pd.DataFrame, measure: Measure) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows join the sums of a measure: incidents, unless another row counts the measure (codebook 8)."""
    left_out = table["left_out"]
    naming = [value for value in left_out.dropna().unique() if measure.value in str(value).split("+")]
    incident = table["basis"] == Basis.INCIDENT.value
    return (incident & ~left_out.isin(naming)).to_numpy(dtype=bool)


def counted(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The rows that join the sums of a measure."""
    return table[is_counted(table, measure)]


def not_counted(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The rows that say something of a measure, or might, and join no sum of it."""
    return table[~is_counted(table, measure)]


def is_strike(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows count as a strike: no tolls of a period, no wider rows that overlap finer ones."""
    wider = table["scope"].isin([Scope.ADMIN1.value, Scope.COUNTRY.value]) & table["linked"].notna()
    return ((table["basis"] == Basis.INCIDENT.value) & ~wider).to_numpy(dtype=bool)


def reasons(table: pd.DataFrame) -> pd.Series[str]:
    """Why a row is left out of sums, in words for the reader; NA where it is in all of them."""
    measures = table["left_out"].astype("string").str.replace("_", " ").str.replace("+", ", ", regex=False)
    reason = "counted in another row: " + measures
    return reason.mask((table["basis"] == Basis.PERIOD.value).to_numpy(), "toll of a period")


def without_date(table: pd.DataFrame) -> int:
    """How many rows have no known date."""
    return int(np.count_nonzero(table.index.get_level_values("date").isna()))
