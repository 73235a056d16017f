"""The sidebar: filters that live in the URL, so that a link gives a colleague the same view."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd
import streamlit as st

from tracker.charts_style import weapon_name
from tracker.models import Measure
from tracker.pages import words
from tracker.pages.selection import CITY_LABEL, NO_CITY, NOT_SAID, Filters, weapon_classes

#: Keys of the widgets are the names of the parameters in the URL.
CITY: Final = "city"
WEAPON: Final = "weapon"
DATES: Final = "dates"
MEASURE: Final = "measure"
#: The chosen strike; written by the page, not by a widget.
STRIKE: Final = "strike"


def sidebar(table: pd.DataFrame) -> Filters:
    """Draw the filters for a prepared table and return what is chosen."""
    with st.sidebar:
        st.markdown("**Filters**")
        cities = st.multiselect("City", city_options(table), key=CITY, bind="query-params", placeholder="All cities")
        weapons = st.multiselect(
            "Weapon",
            weapon_classes(table),
            key=WEAPON,
            bind="query-params",
            format_func=lambda value: value if value == NOT_SAID else weapon_name(value),
            placeholder="All weapons",
        )
        span = date_span(table)
        chosen: Any = ()
        if span is None:
            st.caption("No strike has a known date.")
        else:
            chosen = st.date_input(
                "Dates",
                value=span,
                min_value=span[0],
                max_value=span[1],
                key=DATES,
                bind="query-params",
                format="YYYY-MM-DD",
                help="A strike over several days is shown where one of its days lies in the range.",
            )
        measures = measure_options(table)
        measure = st.selectbox(
            "Measure on map and charts",
            measures,
            key=MEASURE,
            bind="query-params",
            format_func=words.label,
        )
        st.button("Reset filters", key="reset", on_click=reset, width="stretch")
    first, last = _range(chosen, span)
    return Filters(tuple(cities), tuple(weapons), first, last, Measure(measure or Measure.KILLED))


def reset() -> None:
    """Back to all strikes: what every widget starts with, and no strike chosen."""
    for key in (CITY, WEAPON):
        st.session_state[key] = []
    for key in (DATES, MEASURE):
        st.session_state.pop(key, None)
    st.session_state["generation"] = st.session_state.get("generation", 0) + 1
    st.query_params.pop(STRIKE, None)


def city_options(table: pd.DataFrame) -> list[str]:
    """All settlements by name; rows without one last."""
    labels = set(table[CITY_LABEL].dropna())
    return sorted(labels - {NO_CITY}, key=str.casefold) + ([NO_CITY] if NO_CITY in labels else [])


def measure_options(table: pd.DataFrame) -> list[Measure]:
    """The measures that some strike states, in the codebook's order; all where nobody states any."""
    stated = [
        measure
        for measure in Measure
        if table[[f"{measure}_low", f"{measure}_best", f"{measure}_high"]].notna().to_numpy().any()
    ]
    return stated or list(Measure)


def date_span(table: pd.DataFrame) -> tuple[dt.date, dt.date] | None:
    """The first and last known day of a table, or None."""
    starts = pd.to_datetime(table.index.get_level_values("date")).dropna()
    if starts.empty:
        return None
    ends = pd.to_datetime(table["date_end"]).dropna()
    last = max(starts.max(), ends.max()) if len(ends) else starts.max()
    return starts.min().date(), last.date()


def _range(chosen: Any, span: tuple[dt.date, dt.date] | None) -> tuple[dt.date | None, dt.date | None]:
    """What a date range means: the whole span is no filter; one day, while the second is being chosen, a start."""
    picked = [value for value in (chosen if isinstance(chosen, tuple | list) else (chosen,)) if value is not None]
    if span is None or not picked or tuple(picked) == span:
        return None, None
    return (picked[0], picked[-1]) if len(picked) > 1 else (picked[0], None)
