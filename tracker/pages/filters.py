"""The sidebar: filters that live in the URL, so that a link gives a colleague the same view."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd
import streamlit as st

from tracker.charts_style import weapon_name
from tracker.models import Group, Measure, Policy, VaguePolicy
from tracker.pages import words
from tracker.pages.data import Snapshot
from tracker.pages.selection import NOT_SAID, Facet, Filters, Include, has_value, without_date
from tracker.serialise import visible

#: Keys of the widgets are the names of the parameters in the URL; those of the facets are their own.
CITY: Final = Facet.CITY.value
DATES: Final = Facet.DATES.value
MEASURE: Final = "measure"
GROUP: Final = "group"
POLICY: Final = "policy"
VAGUE: Final = "vague"
ALSO: Final = "also"
#: The chosen strike; written by the page, not by a widget.
STRIKE: Final = "strike"
#: A choice that is carried out and forgotten: it becomes dates.
_PRESET: Final = "preset"
#: Counts the resets: a map with another number is another map, in its first view.
GENERATION: Final = "generation"

_LABELS: Final = {
    Facet.COUNTRY: ("Country", "All countries"),
    Facet.REGION: ("Oblast or region", "All regions"),
    Facet.CITY: ("City", "All cities"),
    Facet.WEAPON: ("Weapon", "All weapons"),
    Facet.MODEL: ("Weapon model", "All models"),
    Facet.ATTACKER: ("Attacker", "All attackers"),
    Facet.GRADE: ("Grade of evidence", "All grades"),
}
#: More names than this are not sent to the browser.
MOST_OPTIONS: Final = 2000
_LAST_DAYS: Final = {"Last 7 days": 7, "Last 30 days": 30, "Last 12 months": 365}


def policies() -> tuple[Policy, VaguePolicy]:
    """Draw the policies and return those in force: they decide what is read, so they are asked for first."""
    with st.expander("How figures are chosen", expanded=_policies_set()):
        policy = st.selectbox(
            "Best figure",
            list(Policy),
            key=POLICY,
            bind="query-params",
            help="Which of the current figures of a strike counts as its best one; the range stays the same. "
            + "; ".join(f"{name}: {what}" for name, what in words.POLICIES.items()),
        )
        vague = st.selectbox(
            "Words such as “dozens”",
            list(VaguePolicy),
            key=VAGUE,
            bind="query-params",
            help="How a vague word becomes a number; the codebook has the table. "
            + "; ".join(f"{name}: {what}" for name, what in words.VAGUE_POLICIES.items()),
        )
    return Policy(policy or Policy.LATEST), VaguePolicy(vague or VaguePolicy.LITERAL)


def _policies_set() -> bool:
    return any(name in st.query_params for name in (POLICY, VAGUE))


def sidebar(snapshot: Snapshot, policy: Policy, vague: VaguePolicy) -> Filters:
    """Draw the filters for a snapshot and return what is chosen."""
    table = snapshot.table
    st.markdown("**Filters**")
    first, last = _dates(table)
    chosen = {facet: _multiselect(facet, snapshot) for facet in _LABELS}
    stated = snapshot.stated or {measure: [Group.ALL] for measure in Measure}
    measure = st.selectbox(
        "Measure on map and charts", list(stated), key=MEASURE, bind="query-params", format_func=words.label
    )
    measure = Measure(measure or next(iter(stated)))
    group = st.selectbox(
        "Who is counted",
        stated[measure],
        key=GROUP,
        bind="query-params",
        format_func=lambda one: "everyone" if one == Group.ALL else words.label(one),
        help="A group counts only where a report names it: no figure for children does not mean no children.",
    )
    also = st.multiselect(
        "Count also",
        list(Include),
        key=ALSO,
        bind="query-params",
        placeholder="Nothing left out by default",
        help="Left out of sums by default, because it counts twice, or counts something else. "
        + "; ".join(f"{name}: {what}" for name, what in words.INCLUDES.items()),
    )
    st.button("Reset filters", key="reset", on_click=reset, width="stretch")
    return Filters(
        cities=chosen[Facet.CITY],
        weapons=chosen[Facet.WEAPON],
        first=first,
        last=last,
        measure=measure,
        countries=chosen[Facet.COUNTRY],
        regions=chosen[Facet.REGION],
        models=chosen[Facet.MODEL],
        attackers=chosen[Facet.ATTACKER],
        grades=chosen[Facet.GRADE],
        group=Group(group or Group.ALL),
        policy=policy,
        vague=vague,
        include=tuple(Include(one) for one in also),
    )


def _multiselect(facet: Facet, snapshot: Snapshot) -> tuple[str, ...]:
    label, placeholder = _LABELS[facet]
    found = snapshot.options(facet, MOST_OPTIONS)
    if not found:
        return ()  # no strike
    weapons, cut = facet is Facet.WEAPON, len(found) >= MOST_OPTIONS
    picked = st.multiselect(
        label,
        found,
        key=facet.value,
        bind="query-params",
        format_func=lambda value: visible(weapon_name(value) if weapons and value != NOT_SAID else value),
        placeholder=placeholder,
        accept_new_options=cut,
        help=f"The {MOST_OPTIONS:,} with most strikes are listed; type the whole name of any other." if cut else None,
    )
    known = tuple(one for one in picked if not cut or has_value(snapshot.table, facet, one))
    if len(known) < len(picked):
        st.caption("A name that no strike has is left out.")
    return known


def _dates(table: pd.DataFrame) -> tuple[dt.date | None, dt.date | None]:
    span = date_span(table)
    if span is None:
        st.caption("No strike has a known date.")
        return None, None
    chosen: Any = st.date_input(
        "Dates",
        value=span,
        min_value=span[0],
        max_value=span[1],
        key=DATES,
        bind="query-params",
        format="YYYY-MM-DD",
        help="A strike over several days is shown where one of its days lies in the range.",
    )
    st.selectbox(
        "Presets of dates",
        list(presets(span)),
        index=None,
        key=_PRESET,
        placeholder="Last 30 days, a year, …",
        label_visibility="collapsed",
        on_change=lambda: _take_preset(span),
    )
    first, last = _range(chosen, span)
    undated = without_date(table)
    if undated and (first or last):
        st.caption(f"The filter by date leaves out {words.plural(undated, 'strike')} without a known date.")
    return first, last


def presets(span: tuple[dt.date, dt.date]) -> dict[str, tuple[dt.date, dt.date]]:
    """Ranges to choose from: back from the last day of the data, and its years.

    >>> list(presets((dt.date(2024, 11, 2), dt.date(2025, 5, 2))))
    ['Last 7 days', 'Last 30 days', '2025', '2024', 'All dates']
    """
    first, last = span
    whole = (last - first).days + 1
    found = {name: (last - dt.timedelta(days=days - 1), last) for name, days in _LAST_DAYS.items() if days < whole}
    years = range(last.year, first.year - 1, -1) if first.year != last.year else ()
    found |= {str(year): (max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31))) for year in years}
    return found | {"All dates": span}


def _take_preset(span: tuple[dt.date, dt.date]) -> None:
    chosen = presets(span).get(st.session_state[_PRESET])
    if chosen is not None:
        st.session_state[DATES] = chosen
    st.session_state[_PRESET] = None


def reset() -> None:
    """Back to all strikes: what every widget starts with, and no strike chosen."""
    for key in (*(facet.value for facet in _LABELS), ALSO):
        st.session_state[key] = []
    for key in (DATES, MEASURE, GROUP, POLICY, VAGUE):
        st.session_state.pop(key, None)
    st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1
    st.query_params.pop(STRIKE, None)


def date_span(table: pd.DataFrame) -> tuple[dt.date, dt.date] | None:
    """The first and last known day of a table, or None."""
    starts = pd.to_datetime(table.index.get_level_values("date")).dropna()
    if starts.empty:
        return None
    ends = pd.to_datetime(table["date_end"]).dropna()
    last = max(starts.max(), ends.max()) if len(ends) else starts.max()
    return starts.min().date(), last.date()


def _range(chosen: Any, span: tuple[dt.date, dt.date]) -> tuple[dt.date | None, dt.date | None]:
    """What a date range means: the whole span is no filter; one day, while the second is being chosen, a start."""
    picked = [value for value in (chosen if isinstance(chosen, tuple | list) else (chosen,)) if value is not None]
    if not picked or tuple(picked) == span:
        return None, None
    return (picked[0], picked[-1]) if len(picked) > 1 else (picked[0], None)
