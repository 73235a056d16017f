"""Which strikes the reader has chosen, and which of them join the sums. No Streamlit in here."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pandas as pd

from tracker.models import Basis, Grade, Group, Measure, Policy, Scope, VaguePolicy

Mask = np.ndarray[Any, np.dtype[np.bool_]]
#: Rows of a table by number.
Rows = np.ndarray[Any, np.dtype[np.int64]]

#: How a filter names strikes of which nobody said the weapon, the region, ..., and rows without a settlement.
NOT_SAID: Final = "not said"
NO_CITY: Final = "no single city"

#: Columns that the dashboard adds to the table of strikes; they are left out of exports.
CITY_LABEL, REGION_LABEL, ROW, PLACE = "city_label", "region_label", "row", "place"
_WEAPONS, _MODELS, _ATTACKERS, _COUNTRY = "weapon_set", "model_set", "attacker_set", "country_label"
_FIRST_DAY, _LAST_DAY, _GRADE, _ONE = "first_day", "last_day", "grade_label", "is_strike"
OWN_COLUMNS: Final = (
    CITY_LABEL, REGION_LABEL, ROW, PLACE, _WEAPONS, _MODELS, _ATTACKERS, _COUNTRY, _FIRST_DAY, _LAST_DAY,
    _GRADE, _ONE,
)  # fmt: skip
#: What charts need of a strike beside its figures; a selection of these is a tenth of a selection of all columns.
FOR_CHARTS: Final = ("basis", "admin1", "country", "lat", "lon", "left_out", CITY_LABEL, ROW, PLACE, _ONE)

#: Which measures (or measures of a group) of a strike only a party to the fighting states, joined by "+".
CONTESTED: Final = "contested"
_PARTS: Final = ("low", "best", "high")


class Include(StrEnum):
    """What stays outside the sums unless the reader asks for it (codebook 8)."""

    PERPETRATORS = "perpetrators"
    CONTESTED = "contested"
    PERIODS = "periods"
    WIDER = "wider"


class Facet(StrEnum):
    """A filter; a chart leaves its own out, so that what was not chosen stays in view."""

    DATES = "dates"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    WEAPON = "weapon"
    MODEL = "model"
    ATTACKER = "attacker"
    GRADE = "grade"


#: The column that each facet looks at; values of the last three may be joined by "+".
COLUMN_OF: Final[dict[Facet, str]] = {
    Facet.COUNTRY: _COUNTRY,
    Facet.REGION: REGION_LABEL,
    Facet.CITY: CITY_LABEL,
    Facet.GRADE: _GRADE,
    Facet.WEAPON: _WEAPONS,
    Facet.MODEL: _MODELS,
    Facet.ATTACKER: _ATTACKERS,
}
#: Columns in which the same few words come again and again.
_FEW_WORDS: Final = (
    "scope", "basis", "admin1", "country", "attacker", "models", "left_out", "grade", "grade_reason", "contested",
)  # fmt: skip
_JOINED: Final = (Facet.WEAPON, Facet.MODEL, Facet.ATTACKER)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; empty means all. Days count inclusively."""

    cities: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    measure: Measure = Measure.KILLED
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    attackers: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    group: Group = Group.ALL
    policy: Policy = Policy.LATEST
    vague: VaguePolicy = VaguePolicy.LITERAL
    include: tuple[Include, ...] = ()

    @property
    def by_date(self) -> bool:
        """Whether a day must be known for a strike to be shown."""
        return self.first is not None or self.last is not None

    @property
    def chosen(self) -> dict[Facet, tuple[str, ...]]:
        """The values chosen for each facet but the dates; those that are empty left out."""
        all_of = {
            Facet.COUNTRY: self.countries,
            Facet.REGION: self.regions,
            Facet.CITY: self.cities,
            Facet.WEAPON: self.weapons,
            Facet.MODEL: self.models,
            Facet.ATTACKER: self.attackers,
            Facet.GRADE: self.grades,
        }
        return {facet: values for facet, values in all_of.items() if values}

    @property
    def narrows(self) -> bool:
        """Whether any row might be left out."""
        return self.by_date or bool(self.chosen)

    def without(self, *facets: Facet) -> Filters:
        """The same, with these facets open."""
        names = {
            Facet.COUNTRY: ("countries",), Facet.REGION: ("regions",), Facet.CITY: ("cities",),
            Facet.WEAPON: ("weapons",), Facet.MODEL: ("models",), Facet.ATTACKER: ("attackers",),
            Facet.GRADE: ("grades",), Facet.DATES: (),
        }  # fmt: skip
        changes: dict[str, Any] = {name: () for facet in facets for name in names[facet]}
        if Facet.DATES in facets:
            changes |= {"first": None, "last": None}
        return dataclasses.replace(self, **changes)


def prepare(table: pd.DataFrame) -> pd.DataFrame:
    """The table of strikes with the columns of ``OWN_COLUMNS``; the table given is left as it is.

    The labels, and what few words can say, are categories, so that a filter looks at each value once; ``row``
    numbers the rows from 0, ``place`` the settlements, -1 where there is none.
    """
    table = table.assign(**{name: table[name].astype("category") for name in _FEW_WORDS})
    wider = table["scope"].isin([Scope.ADMIN1.value, Scope.COUNTRY.value]) & table["linked"].notna()
    starts = pd.Series(pd.to_datetime(table.index.get_level_values("date")), index=table.index)
    weapons = pd.Series(table.index.get_level_values("weapon").astype("string"), index=table.index)
    own: dict[str, Any] = {
        CITY_LABEL: city_labels(table),
        REGION_LABEL: _labels(table, "admin1", "country", NOT_SAID),
        _COUNTRY: table["country"].astype("string").fillna(NOT_SAID).astype("category"),
        _WEAPONS: weapons.fillna(NOT_SAID).astype("category"),
        _MODELS: table["models"].astype("string").fillna(NOT_SAID).astype("category"),
        _ATTACKERS: table["attacker"].astype("string").fillna(NOT_SAID).astype("category"),
        _GRADE: table["grade"].astype("string").fillna(NOT_SAID).astype("category"),
        _FIRST_DAY: starts,
        _LAST_DAY: pd.to_datetime(table["date_end"]).fillna(starts),
        ROW: np.arange(len(table), dtype="int32"),
        PLACE: _places(table),
        _ONE: ((table["basis"] == Basis.INCIDENT.value) & ~wider).to_numpy(dtype=bool),
    }
    return table.assign(**own)


def plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a prepared table as they were before: without the columns of ``OWN_COLUMNS``, and words as text."""
    return rows.drop(columns=list(OWN_COLUMNS)).astype(dict.fromkeys(_FEW_WORDS, "string"))


def _places(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int32]]:
    """A number for each settlement, told apart by its region and country."""
    city = pd.Categorical(table.index.get_level_values("city"))
    numbers = city.codes.astype("int64")
    for name in ("admin1", "country"):
        values = table[name].cat
        numbers = numbers * (len(values.categories) + 1) + values.codes.to_numpy() + 1
    placed = city.codes >= 0
    places = np.full(len(table), -1, dtype="int32")
    places[placed] = pd.factorize(numbers[placed], sort=True)[0]
    return places


def city_labels(table: pd.DataFrame) -> pd.Series[Any]:
    """A name for each row's settlement: its own, with the region or country where two towns share it."""
    return _labels(table, "city", "admin1", NO_CITY)


def _labels(table: pd.DataFrame, name: str, within: str, unknown: str) -> pd.Series[Any]:
    """``name`` of each row as a category; where two of a name lie in different regions, with theirs."""
    own: Any = table.index.get_level_values(name) if name in table.index.names else table[name]
    region = table[within].astype("string").fillna(table["country"].astype("string"))
    places = pd.DataFrame({"own": pd.array(own, dtype="string"), "within": region.array})
    known = places.drop_duplicates()
    shared = known.loc[known["own"].duplicated(keep=False), "own"].dropna().unique()
    longer = places["own"] + " (" + places["within"].fillna("region not said") + ")"
    labels = places["own"].mask(places["own"].isin(shared), longer).fillna(unknown)
    return pd.Series(pd.Categorical(labels), index=table.index)


def options(table: pd.DataFrame, facet: Facet, most: int | None = None) -> list[str]:
    """What a facet can be set to, by name (grades from the best down); what nobody said comes last.

    Of more than ``most`` values, those that most strikes have.
    """
    column = table[COLUMN_OF[facet]].cat
    names = [str(value) for value in column.categories]
    if most is not None and len(names) > most and facet not in _JOINED:
        strikes = np.bincount(column.codes.to_numpy(), minlength=len(names))
        names = [names[at] for at in np.argsort(-strikes, kind="stable")[:most]]
    found = set(names)
    if facet in _JOINED:
        found = {part for value in found for part in value.split("+")}
    if facet is Facet.GRADE:
        return [grade for grade in (*Grade, NOT_SAID) if grade in found]
    last = [value for value in (NO_CITY, NOT_SAID) if value in found]
    return sorted(found - set(last), key=str.casefold) + last


def has_value(table: pd.DataFrame, facet: Facet, value: str) -> bool:
    """Whether some strike has a value of a facet."""
    categories = table[COLUMN_OF[facet]].cat.categories
    if facet in _JOINED:
        return any(value in str(one).split("+") for one in categories)
    return value in categories


def mask(table: pd.DataFrame, filters: Filters) -> Mask:
    """Which rows of a prepared table pass the filters.

    A joint weapon passes where one of its classes is chosen. A strike over several days passes where one of
    them lies in the range; one without a date does not pass a filter by date.
    """
    keep = np.ones(len(table), dtype=bool)
    for facet, chosen in filters.chosen.items():
        column, wanted = table[COLUMN_OF[facet]].cat, set(chosen)
        if facet in _JOINED:
            passing = [bool(wanted & set(str(value).split("+"))) for value in column.categories]
        else:
            passing = [str(value) in wanted for value in column.categories]
        keep &= np.asarray(passing, dtype=bool)[column.codes.to_numpy()] if passing else False
    if filters.first is not None:
        keep &= (table[_LAST_DAY] >= pd.Timestamp(filters.first)).to_numpy(dtype=bool)
    if filters.last is not None:
        keep &= (table[_FIRST_DAY] <= pd.Timestamp(filters.last)).to_numpy(dtype=bool)
    return keep


def select(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The rows of a prepared table that pass the filters; the table itself where they all do."""
    return table[mask(table, filters)] if filters.narrows else table


def is_counted(table: pd.DataFrame, measure: Measure, include: Collection[Include] = ()) -> Mask:
    """Which rows join the sums of a measure.

    By default those are incidents, but not where another row counts the measure (codebook 8); ``include``
    switches the others in. What is contested stands outside by figure, not by row (``Snapshot.figures``).
    """
    keep = np.ones(len(table), dtype=bool)
    if Include.PERIODS not in include:
        keep &= (table["basis"] == Basis.INCIDENT.value).to_numpy(dtype=bool)
    if Include.WIDER not in include:
        keep &= ~_left_to_another_row(table, measure)
    return keep


def _left_to_another_row(table: pd.DataFrame, measure: Measure) -> Mask:
    return _naming(table["left_out"], measure.value)


def _naming(column: pd.Series[Any], item: str) -> Mask:
    """Which rows of a category name an item, alone or joined to others by "+"."""
    naming = [item in str(value).split("+") for value in column.cat.categories]
    # The code of an unknown is -1, and so finds the last.
    return np.asarray([*naming, False], dtype=bool)[column.cat.codes.to_numpy()]


def is_contested(table: pd.DataFrame, measure: Measure, group: Group = Group.ALL) -> Mask:
    """Where a figure is only a party's claim of its enemy's losses."""
    item = measure.value if group is Group.ALL else f"{measure}_{group}"
    return _naming(table[CONTESTED], item)


def counted(table: pd.DataFrame, measure: Measure, include: Collection[Include] = ()) -> pd.DataFrame:
    """The rows that join the sums of a measure."""
    return table[is_counted(table, measure, include)]


def is_strike(table: pd.DataFrame) -> Mask:
    """Which rows count as a strike: no tolls of a period, no wider rows that overlap finer ones."""
    return table[_ONE].to_numpy(dtype=bool)


def reasons(table: pd.DataFrame) -> pd.Series[str]:
    """Why a row is left out of sums, in words for the reader; NA where it is in all of them."""
    measures = table["left_out"].astype("string").str.replace("_", " ").str.replace("+", ", ", regex=False)
    reason = "counted in another row: " + measures
    figures = table[CONTESTED].astype("string").str.replace("_", " ").str.replace("+", ", ", regex=False)
    contested = "a party's claim of its enemy's losses: " + figures
    reason = (reason + "; " + contested).fillna(reason).fillna(contested)
    return reason.mask((table["basis"] == Basis.PERIOD.value).to_numpy(), "toll of a period")


def without_date(table: pd.DataFrame) -> int:
    """How many rows have no known date."""
    return int(np.count_nonzero(table.index.get_level_values("date").isna()))


def added(own: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Figures (three columns: low, best, high) with others of the same rows added to them.

    What nobody stated adds nothing; an open high leaves the sum open.
    """
    stated, more_stated = own.notna().any(axis=1).to_numpy(), more.notna().any(axis=1).to_numpy()
    out = {}
    for at, name in enumerate(own.columns):
        mine, theirs = own.iloc[:, at], more.iloc[:, at]
        both = mine.fillna(0).to_numpy(dtype="int64") + theirs.fillna(0).to_numpy(dtype="int64")
        known = mine.notna().to_numpy() | theirs.notna().to_numpy()
        if at == len(_PARTS) - 1:
            known = (mine.notna().to_numpy() | ~stated) & (theirs.notna().to_numpy() | ~more_stated)
            known &= stated | more_stated
        out[name] = pd.arrays.IntegerArray(both, ~known)
    return pd.DataFrame(out, index=own.index)


def search(table: pd.DataFrame, words: str, id_column: str = "strike_id") -> Mask:
    """Which rows have all of the words, in any case, in their place, weapon, attacker, date or id."""
    wanted = words.casefold().split()
    keep = np.ones(len(table), dtype=bool)
    if not wanted:
        return keep
    columns: Iterable[str] = (CITY_LABEL, REGION_LABEL, _COUNTRY, _WEAPONS, _MODELS, _ATTACKERS)
    each_day, day_at = np.unique(table[_FIRST_DAY].to_numpy(), return_inverse=True)
    days = ["" if pd.isna(day) else str(pd.Timestamp(day).date()) for day in each_day]
    ids = table[id_column].astype("object").to_numpy()
    for word in wanted:
        found = np.zeros(len(table), dtype=bool)
        for name in columns:
            column = table[name].cat
            passing = np.asarray([_has(str(value).replace("_", " "), word) for value in column.categories], dtype=bool)
            if len(passing):
                found |= passing[column.codes.to_numpy()]
        found |= np.asarray([_has(day, word) for day in days], dtype=bool)[day_at]
        found |= np.fromiter((_has(one, word) for one in ids), dtype=bool, count=len(table))
        keep &= found
    return keep


def _has(value: object, word: str) -> bool:
    return word in str(value).casefold()


def nearby(table: pd.DataFrame, strike_id: str, *, kilometres: float = 50, days: int = 7) -> pd.DataFrame:
    """Other settlements' strikes within this distance and time of one, the nearest first, with ``kilometres``."""
    at = np.flatnonzero((table["strike_id"] == strike_id).to_numpy(dtype=bool))
    located = table["lat"].notna().to_numpy() & (table["scope"] == Scope.CITY.value).to_numpy(dtype=bool)
    if not len(at) or not located[at[0]]:
        return table.iloc[:0].assign(kilometres=[])
    lat = np.radians(table["lat"].to_numpy(dtype="float64", na_value=np.nan))
    lon = np.radians(table["lon"].to_numpy(dtype="float64", na_value=np.nan))
    here = at[0]
    halves = np.sin((lat - lat[here]) / 2) ** 2 + np.cos(lat) * np.cos(lat[here]) * np.sin((lon - lon[here]) / 2) ** 2
    away = 2 * 6371.0 * np.arcsin(np.sqrt(np.clip(halves, 0, 1)))
    apart = (table[_FIRST_DAY] - table[_FIRST_DAY].iloc[here]).dt.days.abs().to_numpy(dtype="float64")
    close = located & (away <= kilometres) & (apart <= days)
    close[here] = False
    near: pd.DataFrame = table[close].assign(kilometres=away[close]).sort_values("kilometres", kind="stable")
    return near
