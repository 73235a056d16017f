"""The overview: headline numbers, map, most affected cities, timeline, and what became of what was launched.

Each chart leaves its own filter out, so that what was not chosen stays in view, and shows what is selected.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import pandas as pd
import streamlit as st

from tracker import charts, charts_data, charts_map
from tracker.charts_plot import Plot
from tracker.charts_style import Theme, Tiles, colours, weapon_colours, weapon_name
from tracker.models import Group, Measure
from tracker.pages import downloads, filters, frame, plots, server, tables, words
from tracker.pages.selection import (
    NOT_SAID,
    Facet,
    Filters,
    Include,
    has_value,
    is_strike,
    without_date,
)
from tracker.pages.view import View

#: Where ``dashboard.py`` serves the outlines.
GEO_URL: Final = "geo"
#: Settlements on the map; the table under "Table" has as many, the exports have all.
MOST_CITIES: Final = 500
Made = TypeVar("Made")
_MAP_COLOURS: Final = ("Toll", "Weapon")


def page(view: View) -> None:
    """Draw the page."""
    headline_cards(view)
    theme = frame.theme()
    where = kept(view, "where", functools.partial(_where, view))
    chosen = chosen_cities(where.cities, view.filters.cities)
    left, right = st.container(key="where").columns([2, 1])
    with left.container(border=True, height="stretch"):
        map_panel(view, where, chosen, theme)
    with right.container(border=True, height="stretch"):
        ranking_panel(view, where.cities, where.number, chosen, theme)
    with st.container(border=True):
        timeline_panel(view, theme)
    arms_panel(view, theme)
    downloads.panel(view)
    st.caption("Outlines: Natural Earth, public domain. Places: GeoNames, CC BY 4.0.")


def kept(view: View, name: str, make: Callable[[], Made]) -> Made:
    """What every visitor sees first, made once for them all; any other selection is made when it is asked for."""
    if view.filters != Filters(policy=view.filters.policy, vague=view.filters.vague):
        return make()
    memo = view.snapshot.memo
    key = f"first view: {name}"
    if key not in memo:
        memo[key] = make()
    made: Made = memo[key]
    return made


def headline_cards(view: View) -> None:
    """Strikes, the usual measures, and the chosen one; what stands outside the sums, and what they mean."""
    cards, notes = kept(view, "cards", functools.partial(_headlines, view))
    st.html(cards)
    st.caption(notes)


def _headlines(view: View) -> tuple[str, str]:
    """The cards as HTML, and the notes under them."""
    chosen = view.filters
    rows = view.frame()
    is_one = is_strike(rows)
    strikes, beside = rows[is_one], int((~is_one).sum())
    note = f"and {words.plural(beside, 'row')} of a wider area or period" if beside else ""
    cards = [words.card("Strikes", f"{len(strikes):,}", "", [words.reported(view.snapshot.reports(strikes)), note])]
    measures = words.HEADLINES if chosen.measure in words.HEADLINES else (*words.HEADLINES, chosen.measure)
    for measure in measures:
        sums = view.sums(measure)
        stated = charts_data.is_stated(sums[is_strike(sums)], measure)
        attackers = None
        if chosen.group is Group.ALL and Include.PERPETRATORS not in chosen.include:
            attackers = view.perpetrators(measure)
        cards.append(
            words.toll_card(
                measure,
                charts_data.toll(sums, measure),
                view.reports(sums, measure),
                int((~stated).sum()),
                view.outside(measure),
                group=chosen.group,
                perpetrators=attackers,
                contested=view.contested(measure),
            )
        )
    notes = [words.HOW_TO_READ]
    if beside and not {Include.WIDER, Include.PERIODS} & set(chosen.include):
        notes.append(words.LEFT_OUT)
    if chosen.include:
        names = ", ".join(words.INCLUDES[one] for one in chosen.include)
        notes.append(f"Switched into the sums: {names}; the same deaths may be counted twice.")
    return f'<div class="st-cards">{"".join(cards)}</div>', " ".join(notes)


def chosen_cities(cities: pd.DataFrame, labels: tuple[str, ...]) -> set[int]:
    """The rows of ``cities`` that the filter by city names."""
    return set(cities.index[cities["label"].isin(labels).to_numpy()])


# -- where ---------------------------------------------------------------------------------------------------


class Where(NamedTuple):
    """The cities on the map, of so many, and what the map cannot show."""

    cities: pd.DataFrame
    number: int
    off_map: str


def _where(view: View) -> Where:
    measure = view.filters.measure
    sums = view.sums(measure, ignoring=Facet.CITY)
    cities = charts_data.city_data(sums, measure, MOST_CITIES)
    return Where(cities, charts_data.city_count(sums), _off_map(sums, measure))


def map_panel(view: View, where: Where, chosen: set[int], theme: Theme) -> None:
    """The map, or its table, with what it cannot show."""
    shown, number, measure = where.cities, where.number, view.filters.measure
    name = words.measured(measure, view.filters.group)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**Where** · {name} by city")
        with st.container(horizontal=True, width="content"):
            colour = _switch("Colour by", _MAP_COLOURS, "colour")
            look = _switch("View", ("Map", "Table"), "view")
    if look == "Table" or plots.no_maps():
        st.dataframe(
            tables.city_table(shown, measure),
            hide_index=True,
            height=min(38 + 35 * len(shown), 460),
            placeholder="–",
            alt=f"Cities with their {name}",
            key="city_table",
        )
        if plots.no_maps():
            st.caption("This browser cannot draw the map (it has no WebGL); the table says the same.")
        return
    weapons = None
    if colour == "Weapon":
        weapons = charts_data.main_weapons(view.sums(measure, ignoring=Facet.CITY), shown, measure)
    figure = charts_map.strike_map(
        shown, measure, theme=theme, geo_url=GEO_URL, weapons=weapons, chosen=chosen, tiles=_tiles()
    )
    plots.draw(
        figure,
        # A reset brings back the first view, too.
        key=f"map-{st.session_state.get(filters.GENERATION, 0)}",
        picture="map",
        scroll=True,
        on_click=functools.partial(choose_city, view),
        alt=f"Map of strikes by city; the area of a circle is in proportion to {name}. The table says the same.",
    )
    more = f" The first {MOST_CITIES} of {words.plural(number, 'city', 'cities')}." if number > len(shown) else ""
    st.html(f'<div class="st-key">{_map_key(name, weapons, theme)}{words.text(where.off_map + more)}</div>')


def _switch(label: str, choices: tuple[str, ...], key: str) -> str:
    chosen = st.segmented_control(
        label,
        list(choices),
        default=choices[0],
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        help=None,
    )
    return str(chosen or choices[0])


def _tiles() -> Tiles | None:
    """The base map from elsewhere: where the server allows one, and the visitor switches it on."""
    allowed = server.tiles()
    if allowed is None:
        return None
    wanted = st.toggle(
        "Base map from the network",
        key="tiles",
        help="Off by default: the server of the tiles learns your address and what part of the map you look at.",
    )
    return allowed if wanted else None


def _map_key(name: str, weapons: list[str | None] | None, theme: Theme) -> str:
    ink = colours(theme)
    parts = []
    if weapons is None:
        parts.append(f"{_swatch(ink['toll'], 0.75)}{words.text(name)}, by area")
    else:
        palette = weapon_colours(theme) | {charts_data.SEVERAL: ink["several"]}
        for weapon in sorted({one or "" for one in weapons}, key=lambda one: (one in ("", charts_data.SEVERAL), one)):
            label = "several weapons" if weapon == charts_data.SEVERAL else f"{weapon_name(weapon or None)}"
            label = "weapon not said" if not weapon else label
            parts.append(
                f"{_swatch(str(palette.get(weapon or 'unknown') or palette['other']), 0.75)}{words.text(label)}"
            )
        parts.append(f"{words.text(name)}, by area")
    parts.append(f"{_swatch(ink['muted'])}reported zero")
    parts.append(f'<span class="st-swatch" style="border:2px solid {ink["toll"]}"></span>no figure stated')
    return " ".join(parts) + ". Click a circle to filter by its city."


def _swatch(colour: str, opacity: float = 1) -> str:
    return f'<span class="st-swatch" style="background:{colour};opacity:{opacity}"></span>'


def _off_map(sums: pd.DataFrame, measure: Measure) -> str:
    stated = sums[charts_data.is_stated(sums, measure).to_numpy()]
    nowhere = stated.index.get_level_values("city").isna() | stated["lat"].isna().to_numpy()
    if not nowhere.any():
        return ""
    rows = words.plural(int(nowhere.sum()), "row")
    return f" Not on the map: {rows} with a figure for a region or country as a whole, or without coordinates."


def choose_city(view: View, labels: list[str]) -> None:
    """A click on a city sets the filter by city; one on the only city chosen takes it away."""
    chosen = [label for label in dict.fromkeys(labels) if has_value(view.snapshot.table, Facet.CITY, label)]
    if chosen:
        st.session_state[filters.CITY] = [] if tuple(chosen) == view.filters.cities else chosen


def ranking_panel(view: View, cities: pd.DataFrame, number: int, chosen: set[int], theme: Theme) -> None:
    """The most affected cities, with whiskers from low to high."""
    name = words.measured(view.filters.measure, view.filters.group)
    st.markdown(f"**Most affected** · {name} [range]")
    if not cities["best"].notna().any():
        st.caption(f"No city in this selection has a figure for “{name}”. Choose another measure.")
        return
    plots.draw(
        charts.ranking(cities, view.filters.measure, theme=theme, chosen=chosen),
        key="ranking",
        picture="cities",
        on_click=functools.partial(choose_city, view),
        alt=f"The cities with the most {name}.",
    )
    if number > charts.TOP:
        st.caption(f"The first {charts.TOP} of {words.plural(number, 'city', 'cities')}. Click one to filter.")


# -- when ----------------------------------------------------------------------------------------------------


def timeline_panel(view: View, theme: Theme) -> None:
    """Best figures over time, by weapon, with their range and the number of reports behind them."""
    name = words.measured(view.filters.measure, view.filters.group)
    when = kept(view, f"when, {theme}", functools.partial(_when, view, theme))
    st.markdown(f"**When** · {name} by {when.size} and weapon, best figures; below, the reports they rest on")
    if when.plot is None:
        st.caption(f"No dated strike in this selection has a figure for “{name}”. Choose another measure.")
        return
    plots.draw(
        when.plot,
        key="timeline",
        picture="timeline",
        on_click=functools.partial(choose_days, view, when.size),
        alt=f"{name.capitalize()} by {when.size}, stacked by weapon, with lowest and highest.",
    )
    said = [f"{words.plural(when.undated, 'strike')} without a known date not shown."] if when.undated else []
    st.caption(" ".join([f"Click a bar to see its {when.size}.", *said]))


class When(NamedTuple):
    """The timeline (None where there is nothing to draw), how long its bins are, and how many strikes have no day."""

    plot: Plot | None
    size: charts_data.Bin
    undated: int


def _when(view: View, theme: Theme) -> When:
    measure = view.filters.measure
    sums = view.sums(measure, ignoring=Facet.DATES)
    binned, size = charts_data.timeline_data(sums, measure)
    if not binned["best"].notna().any():
        return When(None, size, 0)
    dated, _ = charts_data.dated_bins(sums)
    plot = charts.timeline(
        binned,
        size,
        measure,
        theme=theme,
        whole_bins=charts_data.sums_by(dated, measure, ["bin"]),
        reports=view.reports_by(dated, dated["bin"], measure),
        chosen=(view.filters.first, view.filters.last),
    )
    return When(plot, size, without_date(sums))


def choose_days(view: View, size: charts_data.Bin, starts: list[str]) -> None:
    """A click on a bar of the timeline sets the filter by date to its bin; a second one opens it again."""
    days = [day for day in map(_day, starts) if day is not None]
    span = filters.date_span(view.snapshot.table)
    if not days or span is None:
        return
    first, last = min(days), max(days)
    ends = {"day": last, "week": last + pd.Timedelta(days=6), "month": last + pd.offsets.MonthEnd(0)}
    end = ends.get(size, last + pd.offsets.YearEnd(0))
    chosen = (_within(first.date(), span), _within(end.date(), span))
    st.session_state[filters.DATES] = span if chosen == (view.filters.first, view.filters.last) else chosen


def _day(text: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(dt.date.fromisoformat(text))
    except ValueError:
        return None


def _within(day: dt.date, span: tuple[dt.date, dt.date]) -> dt.date:
    return min(max(day, span[0]), span[1])


# -- with what -----------------------------------------------------------------------------------------------


def arms_panel(view: View, theme: Theme) -> None:
    """Launched against intercepted, suppressed and hit, by weapon; nothing where nobody states any of them."""
    plot = kept(view, f"arms, {theme}", functools.partial(_arms, view, theme))
    if plot is None:
        return
    with st.container(border=True):
        st.markdown("**Air defence** · launched, shot down, lost without harm and hit, by weapon")
        plots.draw(
            plot,
            key="arms",
            picture="air-defence",
            on_click=functools.partial(choose_weapon, view),
            alt="Munitions launched, shot down, lost without harm and hit, by weapon.",
        )
        st.caption(
            "Each figure as its own reports give it: the parts need not add up to what was launched. A figure for "
            "drones and missiles together stays together. Click a bar to filter by its weapon."
        )


def _arms(view: View, theme: Theme) -> Plot | None:
    fates = view.fates()
    if fates.empty:
        return None
    return charts.arms(charts_data.arms_data(fates), theme=theme, chosen=view.filters.weapons)


def choose_weapon(view: View, weapons: list[str]) -> None:
    """A click on air defence sets the filter by weapon; one on what is chosen takes it away."""
    parts = [part for weapon in weapons for part in (weapon or NOT_SAID).split("+")]
    chosen = [part for part in dict.fromkeys(parts) if has_value(view.snapshot.table, Facet.WEAPON, part)]
    if chosen:
        st.session_state[Facet.WEAPON.value] = [] if tuple(chosen) == view.filters.weapons else chosen
