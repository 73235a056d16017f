"""The tables that the overview shows, as frames for ``st.dataframe``: numbers stay numbers, unknowns stay missing."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from tracker.charts_data import whole
from tracker.charts_style import bounds, weapon_name
from tracker.models import Group, Measure
from tracker.pages import words
from tracker.pages.evidence import Neighbour
from tracker.pages.selection import CITY_LABEL, NO_CITY, Mask, Rows, reasons
from tracker.serialise import visible

#: The orders in which strikes can be read; ties go by date, the newest first, and by city.
NEWEST, OLDEST, TOLL, REPORTS, DISPUTED = (
    "newest first",
    "oldest first",
    "highest toll first",
    "most reports first",
    "disputed first",
)
ORDERS: Final = (NEWEST, OLDEST, TOLL, REPORTS, DISPUTED)


def in_order(table: pd.DataFrame, rows: Rows, order: str, measure: Measure) -> Rows:
    """Rows of a table (by number) in one of ``ORDERS``; the undated, and those without a figure, come last."""
    index: Any = table.index
    cities = index.codes[index.names.index("city")][rows].astype("int64")
    days = index.codes[index.names.index("date")][rows].astype("int64")
    # Codes are in the order of what they stand for; -1 is for the unknown.
    keys = [np.where(cities < 0, len(table), cities), _last(days if order == OLDEST else -days, days < 0)]
    first = {TOLL: f"{measure}_best", REPORTS: "n_reports", DISPUTED: "disputed"}.get(order)
    if first is not None:
        values = table[first].iloc[rows].to_numpy(dtype="float64", na_value=np.nan)
        keys.append(np.where(np.isnan(values), np.inf, -values))
    return rows[np.lexsort(keys)]


def _last(values: Rows, unknown: Mask) -> Rows:
    return np.where(unknown, np.iinfo("int64").max, values)


def with_row(table: pd.DataFrame, rows: Rows, most: int, strike_id: str | None) -> pd.DataFrame:
    """The first of some rows, and before them the one of this strike where it is among the others."""
    first = table.iloc[rows[:most]]
    if strike_id is None or (first["strike_id"] == strike_id).any():
        return first
    rest = rows[most:]
    found = rest[(table["strike_id"].iloc[rest] == strike_id).to_numpy(dtype=bool)]
    return pd.concat([table.iloc[found], first]) if len(found) else first


def strike_table(rows: pd.DataFrame, measure: Measure, group: Group = Group.ALL) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The rows as the reader sees them, and how wide their columns are: together no wider than a small screen."""
    commonest = rows["country"].mode()
    home = str(commonest.iloc[0]) if len(commonest) else ""
    places = zip(rows[CITY_LABEL], rows["admin1"], rows["country"], strict=True)
    spans = zip(_level(rows, "date"), rows["date_end"], strict=True)
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    # What a reader cannot do without comes first: on a tablet the rest is reached by scrolling.
    columns: dict[str, Any] = {
        "Date": [words.days(_date(first), _date(last)) for first, last in spans],
        "Place": [_shown(place_name(*where, home=home)) for where in places],
    }
    config: dict[str, Any] = {"Date": text(width=84), "Place": text(width=168)}
    shown = (Measure.KILLED, Measure.INJURED if measure == Measure.KILLED else measure)
    for one in shown:
        head = words.label(one).capitalize()
        columns[head] = rows[f"{one}_best"].array
        config[head] = number(width=_wide(head), format="localized", help="Best figure by the policy in force")
    of_group = f"{measure}_{group}_best"
    if group is not Group.ALL and of_group in rows:
        head = words.label(group).capitalize()
        columns[head] = rows[of_group].array
        config[head] = number(width=_wide(head), format="localized", help=words.measured(measure, group).capitalize())
    columns["Weapon"] = [weapon_name(None if pd.isna(value) else str(value)) for value in _level(rows, "weapon")]
    config["Weapon"] = text(width=104)
    for one in shown:
        head = f"{words.label(one).capitalize()} range"
        columns[head] = _ranges(rows[f"{one}_low"], rows[f"{one}_high"])
        config[head] = text(width=max(80, 7 * len(head)), help="Lowest–highest reported")
    columns["Grade"] = rows["grade"].astype("string").array
    config["Grade"] = text(width=75, help="How well the strike is attested")
    columns["Reports"] = rows["n_reports"].array
    config["Reports"] = number(width=60)
    columns["Notes"] = [
        "; ".join(part for part in ("disputed" if disputed else "", "not summed" if reason else "") if part)
        for disputed, reason in zip(rows["disputed"], reasons(rows).fillna(""), strict=True)
    ]
    config["Notes"] = text(
        width=84,
        help="Disputed: sources give different figures. Not summed: another row counts it, it is a toll of a period, "
        "or a party's claim of its enemy's losses.",
    )
    return pd.DataFrame(columns), config


def _wide(head: str) -> int:
    """Pixels for a column of short numbers, so that its name is not cut."""
    return max(52, 8 * len(head))


def place_name(label: str, admin1: Any, country: Any, *, home: str = "") -> str | None:
    """A row's place with its region, or the region or country that is all the reports give.

    A country other than ``home`` is named as well.

    >>> place_name("Nikopol", "Dnipropetrovsk", "Ukraine"), place_name("no single city", None, "Ukraine")
    ('Nikopol, Dnipropetrovsk', 'Ukraine (country)')
    """
    abroad = "" if pd.isna(country) or not home or str(country) == home else f", {country}"
    if label != NO_CITY:
        return (label if pd.isna(admin1) or str(admin1) in label else f"{label}, {admin1}") + abroad
    if not pd.isna(admin1):
        return f"{admin1} (region){abroad}"
    return None if pd.isna(country) else f"{country} (country)"


def neighbours(rows: pd.DataFrame) -> list[Neighbour]:
    """Rows as the evidence of another strike points at them; ``kilometres`` is how far off they are."""
    away = rows["kilometres"] if "kilometres" in rows else [None] * len(rows)
    spans = zip(_level(rows, "date"), rows["date_end"], strict=True)
    places = zip(_level(rows, "city"), rows["admin1"], rows["country"], strict=True)
    return [
        Neighbour(
            str(strike_id), words.where(*where), words.days(*map(_date, span)), None if far is None else float(far)
        )
        for strike_id, where, span, far in zip(rows["strike_id"], places, spans, away, strict=True)
    ]


def city_table(cities: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The cities as the table view shows them."""
    return pd.DataFrame(
        {
            "City": [_shown(one) for one in cities["city"]],
            "Region": [_shown(one) for one in cities["admin1"]],
            "Country": [_shown(one) for one in cities["country"]],
            "Strikes": cities["events"],
            words.label(measure).capitalize(): cities["best"],
            "Lowest–highest": _ranges(cities["low"], cities["high"]),
        }
    )


def _shown(text: Any) -> str | None:
    """Text of a report as a cell shows it: what would hide or turn its letters is written out."""
    return None if text is None or pd.isna(text) else visible(str(text))


def _level(rows: pd.DataFrame, name: str) -> pd.Index[Any]:
    return rows.index.get_level_values(name)


def _date(value: Any) -> dt.date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _ranges(low: pd.Series[Any], high: pd.Series[Any]) -> list[str | None]:
    return [
        None if pd.isna(least) and pd.isna(most) else bounds(whole(least), whole(most))
        for least, most in zip(low, high, strict=True)
    ]
