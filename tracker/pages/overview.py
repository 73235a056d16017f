"""The overview: headline numbers, map, most affected cities, timeline, strikes and the evidence under them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from tracker import charts, charts_data, charts_map
from tracker.charts_style import Theme, colours
from tracker.export import to_csv_bytes
from tracker.models import Measure, stable_id
from tracker.pages import data, evidence, filters, tables, webgl, words
from tracker.pages.data import Snapshot
from tracker.pages.selection import (
    Filters,
    counted,
    is_strike,
    labels_at,
    not_counted,
    reasons,
    select,
    without_date,
)

#: Rows sent to the browser; the CSV has them all.
MOST_ROWS = 500
#: Where ``dashboard.py`` serves the outlines.
GEO_URL = "geo"
_CHART: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False}
_MAP: dict[str, Any] = {"displayModeBar": False, "scrollZoom": True}


def page() -> None:
    """Draw the page."""
    st.html(Path(__file__).with_name("style.css"))
    try:
        snapshot = data.current()
    except data.StoreError as error:
        st.error("The database cannot be opened.")
        st.text(str(error))
        return
    st.header("Strike Tracker", anchor=False)
    st.caption(
        "Figures as published reports give them, each with the sentence it comes from. They are what was reported, "
        "not a count of all deaths."
    )
    if snapshot.sample:
        st.warning(
            "**Sample data, not evidence.** These reports retell published articles in our own words, to show how the "
            "tracker works. Read in your own with `tracker ingest`; they are kept apart from the sample."
        )
    if snapshot.stale:
        st.info("An ingest was interrupted: these strikes are those of the run before. Run `tracker ingest` again.")
    if snapshot.table.empty:
        st.info("No strike was found in the reports read so far. Read in more with `tracker ingest`, then reload.")
        return
    chosen = filters.sidebar(snapshot.table)
    selection = select(snapshot.table, chosen)
    if selection.empty:
        st.info("No strike passes these filters. Take one away in the sidebar, or start again:")
        st.button("Show all strikes", key="show_all", on_click=filters.reset)
        return
    headline_cards(snapshot, selection, chosen)
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    sums = counted(selection, chosen.measure)
    cities = charts_data.city_data(sums, chosen.measure)
    left, right = st.container(key="where").columns([2, 1])
    with left.container(border=True, height="stretch"):
        map_panel(cities, sums, chosen.measure, theme)
    with right.container(border=True, height="stretch"):
        ranking_panel(cities, chosen.measure, theme)
    with st.container(border=True):
        timeline_panel(sums, chosen.measure, theme)
    strikes_panel(snapshot, selection, chosen)
    webgl.probe()
    st.caption("Outlines: Natural Earth, public domain. Places: GeoNames, CC BY 4.0.")


def headline_cards(snapshot: Snapshot, selection: pd.DataFrame, chosen: Filters) -> None:
    """Strikes, the usual measures, and the chosen one."""
    strikes, beside = selection[is_strike(selection)], int((~is_strike(selection)).sum())
    note = f"and {words.plural(beside, 'row')} of a wider area or period" if beside else ""
    cards = [words.card("Strikes", f"{len(strikes):,}", "", [words.reported(snapshot.reports(strikes)), note])]
    measures = words.HEADLINES if chosen.measure in words.HEADLINES else (*words.HEADLINES, chosen.measure)
    for measure in measures:
        sums = counted(selection, measure)
        outside = charts_data.toll(not_counted(selection, measure), measure)
        total = charts_data.toll(sums, measure)
        stated = charts_data.is_stated(sums[is_strike(sums)], measure)
        cards.append(words.toll_card(measure, total, snapshot.reports(sums, measure), int((~stated).sum()), outside))
    st.html(f'<div class="st-cards">{"".join(cards)}</div>')
    notes = [words.HOW_TO_READ]
    if beside:
        notes.append(words.LEFT_OUT)
    undated = without_date(snapshot.table)
    if chosen.by_date and undated:
        notes.append(f"The filter by date leaves out {words.plural(undated, 'strike')} without a known date.")
    st.caption(" ".join(notes))


def map_panel(cities: pd.DataFrame, sums: pd.DataFrame, measure: Measure, theme: Theme) -> None:
    """The map, or its table, with what it cannot show."""
    name = words.label(measure)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**Where** · {name} by city")
        view = st.segmented_control(
            "View",
            ["Map", "Table"],
            default="Map",
            required=True,
            key="view",
            bind="query-params",
            label_visibility="collapsed",
        )
    if view == "Table" or webgl.missing():
        st.dataframe(
            tables.city_table(cities, measure),
            hide_index=True,
            height=min(38 + 35 * len(cities), 460),
            placeholder="–",
            alt=f"Cities with their {name}",
            key="city_table",
        )
        if webgl.missing():
            st.caption("This browser cannot draw the map (it has no WebGL); the table says the same.")
        return
    key = f"map-{theme}-{st.session_state.get('generation', 0)}"
    figure = charts_map.strike_map(cities, measure, theme=theme, geo_url=GEO_URL)
    st.plotly_chart(
        figure,
        theme=None,
        config=_MAP,
        key=key,
        on_select=lambda: choose_city(sums, cities, key),
        selection_mode="points",
        alt=f"Map of strikes by city; the area of a circle is in proportion to {name}. The table says the same.",
    )
    ink = colours(theme)
    st.html(
        '<div class="st-key">'
        f'<span class="st-swatch" style="background:{ink["toll"]};opacity:.75"></span>{words.text(name)}, by area '
        f'<span class="st-swatch" style="background:{ink["muted"]}"></span>reported zero '
        f'<span class="st-swatch" style="border:2px solid {ink["toll"]}"></span>no figure stated. '
        "Click a circle to filter by its city."
        f"{words.text(_off_map(sums, measure))}</div>"
    )


def _off_map(sums: pd.DataFrame, measure: Measure) -> str:
    stated = sums[charts_data.is_stated(sums, measure).to_numpy()]
    nowhere = stated.index.get_level_values("city").isna() | stated["lat"].isna().to_numpy()
    if not nowhere.any():
        return ""
    rows = words.plural(int(nowhere.sum()), "row")
    return f" Not on the map: {rows} with a figure for a region or country as a whole, or without coordinates."


def choose_city(sums: pd.DataFrame, cities: pd.DataFrame, key: str) -> None:
    """A click on the map sets the filter by city."""
    points = st.session_state[key].selection.points
    rows = {int(point["customdata"][0]) for point in points if point.get("customdata")}
    names = labels_at(sums, cities[cities.index.isin(rows)])
    if names:
        st.session_state[filters.CITY] = names


def ranking_panel(cities: pd.DataFrame, measure: Measure, theme: Theme) -> None:
    """The most affected cities, with whiskers from low to high."""
    st.markdown(f"**Most affected** · {words.label(measure)} [range]")
    if not cities["best"].notna().any():
        st.caption(f"No city in this selection has a figure for “{words.label(measure)}”. Choose another measure.")
        return
    st.plotly_chart(
        charts.ranking(cities, measure, theme=theme),
        theme=None,
        config=_CHART,
        key="ranking",
        alt=f"The cities with the most {words.label(measure)}.",
    )
    if len(cities) > charts.TOP:
        st.caption(f"The first {charts.TOP} of {words.plural(len(cities), 'city', 'cities')}.")


def timeline_panel(sums: pd.DataFrame, measure: Measure, theme: Theme) -> None:
    """Best figures over time, by weapon."""
    name = words.label(measure)
    binned, size = charts_data.timeline_data(sums, measure)
    st.markdown(f"**When** · {name} by {size} and weapon, best figures")
    if not binned["best"].notna().any():
        st.caption(f"No dated strike in this selection has a figure for “{name}”. Choose another measure.")
        return
    st.plotly_chart(
        charts.timeline(binned, size, measure, theme=theme),
        theme=None,
        config=_CHART,
        key="timeline",
        alt=f"{name.capitalize()} by {size}, stacked by weapon.",
    )
    undated = without_date(sums)
    if undated:
        st.caption(f"{words.plural(undated, 'strike')} without a known date not shown.")


@st.fragment
def strikes_panel(snapshot: Snapshot, selection: pd.DataFrame, chosen: Filters) -> None:
    """The table of strikes, its CSV, and the evidence under the chosen row."""
    ordered = tables.newest_first(selection)
    with st.container(border=True):
        head, button = st.columns([4, 1], vertical_alignment="center")
        more = f", the newest {MOST_ROWS} shown" if len(ordered) > MOST_ROWS else ""
        head.markdown(f"**Strikes** · {words.plural(len(ordered), 'row')}{more}. Choose a row to read its evidence.")
        button.download_button(
            "Download CSV",
            data=lambda: to_csv_bytes(snapshot.export(ordered)),
            file_name=data.file_name(len(ordered) < len(snapshot.table), dt.datetime.now(dt.UTC).date()),
            mime="text/csv",
            key="csv",
            on_click="ignore",
            width="stretch",
            help="This selection, all columns; UTF-8, safe to open in a spreadsheet.",
        )
        linked = st.query_params.get(filters.STRIKE)
        shown = tables.with_row(ordered, MOST_ROWS, linked)
        ids = shown["strike_id"].tolist()
        table, config = tables.strike_table(shown, chosen.measure)
        event: Any = st.dataframe(
            table,
            hide_index=True,
            column_config=config,
            on_select="rerun",
            selection_mode="single-row",
            selection_default={"selection": {"rows": [ids.index(linked)] if linked in ids else [0]}},
            height=min(38 + 35 * len(table), 400),
            placeholder="–",
            # Another set of rows is another table: a row number chosen in one means nothing in the next.
            key=f"strikes-{stable_id(*ids)}",
            alt="Strikes, one a row",
        )
    rows = event.selection.rows
    if not rows or rows[0] >= len(ids):
        st.query_params.pop(filters.STRIKE, None)
        st.caption("No strike is chosen. Choose a row of the table to read its evidence.")
        return
    strike_id = ids[rows[0]]
    # The first row is open by itself; only a choice of the reader's goes into the URL.
    if linked != strike_id and (linked in ids or rows[0]):
        st.query_params[filters.STRIKE] = strike_id
    evidence_panel(snapshot, selection, strike_id)


def evidence_panel(snapshot: Snapshot, selection: pd.DataFrame, strike_id: str) -> None:
    """The sentences behind one strike."""
    claims, sources = data.evidence_of(snapshot, strike_id)
    strike = snapshot.strikes[strike_id]
    linked = [snapshot.strikes[one] for one in strike.linked if one in snapshot.strikes]
    reason = reasons(selection[(selection["strike_id"] == strike_id).to_numpy()]).iloc[0]
    with st.container(border=True):
        st.markdown("**Evidence** · every sentence behind this strike, its figures marked")
        st.html(evidence.strike_html(strike, claims, sources, None if pd.isna(reason) else str(reason), linked))


if __name__ == "__main__":
    page()
