"""The strikes: a searchable table of the selection, and under the chosen row all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from tracker import charts
from tracker.charts_style import bounds
from tracker.corrections import apply
from tracker.history import TollStep, toll_history
from tracker.models import Claim, Figure, Group, Measure, Strike, stable_id
from tracker.pages import data, downloads, evidence, filters, frame, plots, tables, words
from tracker.pages.selection import Rows, nearby, reasons, search
from tracker.pages.view import View

#: Rows sent to the browser; the exports have them all.
MOST_ROWS: Final = 500
_NEAREST: Final = 5


def page(view: View) -> None:
    """Draw the page."""
    left, right = st.container(key="search").columns([3, 1], vertical_alignment="bottom")
    sought = left.text_input(
        "Search", key="q", bind="query-params", placeholder="A place, weapon, attacker, date or id", max_chars=100
    )
    order = right.selectbox("Order", list(tables.ORDERS), key="order", bind="query-params")
    table, rows = view.snapshot.table, view.positions()
    narrowed = bool(sought and sought.strip())
    if narrowed:
        rows = rows[search(table, str(sought))[rows]]
    if not len(rows):
        st.info("No strike of this selection has these words. Take some away, or start again:")
        st.button("Show all strikes", key="show_all", on_click=_forget_search)
        return
    ordered = tables.in_order(table, rows, str(order or tables.NEWEST), view.filters.measure)
    strikes_panel(view, len(ordered), listing(view, ordered))
    downloads.panel(view, rows.astype("int32") if narrowed else None)


def _forget_search() -> None:
    st.session_state["q"] = ""
    filters.reset()


@dataclass(slots=True)
class Listing:
    """The table as it is shown; it stays the same from one choice to the next, so that nothing of it is sent again."""

    ids: list[str]
    table: pd.DataFrame
    config: dict[str, Any]
    #: The row that is open at first.
    first: int


def listing(view: View, ordered: Rows) -> Listing:
    """The first of the rows given, and before them the one that the URL names."""
    linked = st.query_params.get(filters.STRIKE)
    shown = tables.with_row(view.snapshot.table, ordered, MOST_ROWS, linked)
    ids = shown["strike_id"].tolist()
    table, config = tables.strike_table(view.snapshot.whole(shown), view.filters.measure, view.filters.group)
    return Listing(ids, table, config, ids.index(linked) if linked in ids else 0)


@st.fragment
def strikes_panel(view: View, number: int, shown: Listing) -> None:
    """The table of strikes, of so many, and the evidence under the chosen row.

    Streamlit keeps what a fragment was given for as long as its page is open.
    """
    linked, ids = st.query_params.get(filters.STRIKE), shown.ids
    with st.container(border=True):
        more = f", the first {MOST_ROWS} shown" if number > MOST_ROWS else ""
        st.markdown(f"**Strikes** · {words.plural(number, 'row')}{more}. Choose a row to read its evidence.")
        event: Any = st.dataframe(
            shown.table,
            hide_index=True,
            column_config=shown.config,
            on_select="rerun",
            selection_mode="single-row",
            selection_default={"selection": {"rows": [shown.first]}},
            height=min(38 + 35 * len(ids), 400),
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
    evidence_panel(view, strike_id)


def evidence_panel(view: View, strike_id: str) -> None:
    """The sentences behind one strike, how its toll came about, and the strikes around it."""
    snapshot = view.snapshot
    found = data.dossier(snapshot, strike_id)
    if found is None:
        st.caption("This strike is no longer there: its reports have changed. Reload the page.")
        return
    strike = found.strike
    linked = snapshot.rows_of(strike.linked)
    around = nearby(snapshot.table, strike_id).head(_NEAREST)
    around = around[~around["strike_id"].isin(strike.linked).to_numpy(dtype=bool)]
    reason = reasons(snapshot.rows_of([strike_id]))
    left_out = str(reason.iloc[0]) if len(reason) and not pd.isna(reason.iloc[0]) else None
    with st.container(border=True):
        st.markdown("**Evidence** · every sentence behind this strike, its figures marked")
        st.html(
            evidence.strike_html(
                strike,
                found.claims,
                data.sources_of(found),
                left_out,
                tables.neighbours(linked),
                tables.neighbours(around),
                found.corrections,
            )
        )
        now = apply(found.claims, found.corrections).claims
        toll_panel(strike, list(now), view.filters.measure, view.filters.group)


def toll_panel(strike: Strike, claims: list[Claim], measure: Measure, group: Group) -> None:
    """How the strike's figures came to be what they are, where more than one was given."""
    told = histories(strike, claims)
    if not told:
        return
    names = {words.measured(figure.measure, figure.group): figure for figure in told}
    first = next((name for name, one in names.items() if (one.measure, one.group) == (measure, group)), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            "**History** · each figure as it was published; filled: current, hollow: superseded, small: in support"
        )
        picked = st.selectbox(
            "Figure",
            list(names),
            index=list(names).index(first) if first else 0,
            key=f"history-{strike.strike_id}",
            label_visibility="collapsed",
            width=220,
        )
    figure = names[picked or next(iter(names))]
    plots.draw(
        charts.history(told[figure], theme=frame.theme()),
        picture="history",
        key=f"history-chart-{strike.strike_id}",
        alt=f"{words.measured(figure.measure, figure.group)} over time, now {bounds(figure.low, figure.high)}.",
    )


def histories(strike: Strike, claims: list[Claim]) -> dict[Figure, list[TollStep]]:
    """The figures of a strike that were given more than once, with their history."""
    found = {figure: toll_history(strike, claims, figure.measure, figure.group) for figure in strike.figures}
    return {figure: steps for figure, steps in found.items() if len(steps) > 1}
