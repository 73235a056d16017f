"""Sums, charts and the map's style: unknown is not zero, open is not closed, and nothing points outside."""

import datetime as dt
import itertools
import json
import re

import pandas as pd
import pytest

from tests.drawn import charts, charts_map
from tests.factory import claim, report
from tracker import charts_data
from tracker.charts_style import colours, weapon_colours, weapon_marker, weapon_name
from tracker.lexicon import read_toml
from tracker.models import Claim, Measure
from tracker.pages.selection import counted, plain, prepare
from tracker.reconcile import reconcile
from tracker.table import to_table, totals

ODESA = {"place": "Odesa", "lat": 46.48, "lon": 30.73, "admin1": "Odesa", "weapons": "drone"}
LVIV = {"place": "Lviv", "lat": 49.84, "lon": 24.03, "admin1": "Lviv", "weapons": "missile"}
SUMY = {"place": "Sumy", "lat": 50.91, "lon": 34.8, "admin1": "Sumy"}


def table(*claims: Claim) -> pd.DataFrame:
    return prepare(to_table(reconcile(claims)))


def sums(frame: pd.DataFrame, measure: Measure = Measure.KILLED) -> dict[str, tuple[int | None, ...]]:
    cities = charts_data.city_data(frame, measure)
    return {
        row.city: tuple(charts_data.whole(value) for value in (row.low, row.best, row.high))
        for row in charts_data.records(cities)
    }


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (["killed 4", "killed 6"], (10, 10, 10)),
        (["killed 4..", "killed 6"], (10, 10, None)),  # one open high opens the sum
        (["killed 0", "killed 0"], (0, 0, 0)),
        (["killed 3", "injured 8"], (3, 3, 3)),  # silence adds nothing
        (["injured 8", "injured 2"], (None, None, None)),
        (["killed ..9", "killed 5"], (5, 5, 14)),  # "up to nine" may be none
        (["killed 10..15", "killed 1"], (11, 11, 16)),
    ],
)
def test_two_strikes_on_one_city_add_up(figures: list[str], expected: tuple[int | None, ...]) -> None:
    days = ("2025-03-01", "2025-03-20")
    frame = table(*(claim(figure, date=day, at=day, **ODESA) for figure, day in zip(figures, days, strict=True)))
    assert sums(frame) == {"Odesa": expected}


def test_sums_agree_with_the_table_module() -> None:
    wave = {"place": None, "country": "Ukraine", "weapons": "drone", "date": "2025-03-01", "at": "2025-03-01"}
    frame = table(
        *report("a", "killed 4..", "injured 10", date="2025-03-01", at="2025-03-01", **ODESA),
        *report("b", "launched 80", "killed 9", **wave),
        claim("killed 2", date="2025-04-02", at="2025-04-02", **LVIV),
        claim("killed 900 period", date="2025-01-01", date_end="2025-03-31", at="2025-04-01", place=None),
    )
    default = totals(plain(frame))
    for measure in Measure:
        total = default[measure]
        mine = charts_data.toll(counted(frame, measure), measure)
        expected = None if total.n_strikes == 0 else (total.low, total.best, total.high, total.n_strikes)
        assert (None if mine is None else (mine.low, mine.best, mine.high, mine.strikes)) == expected, measure
    assert default[Measure.KILLED].best == 6
    assert default[Measure.LAUNCHED].best == 80


def test_towns_of_one_name_stay_apart() -> None:
    there = {"place": "Pokrovsk", "weapons": "drone"}
    frame = table(
        claim("killed 1", admin1="Donetsk", lat=48.28, lon=37.18, **there),
        claim("killed 2", admin1="Dnipropetrovsk", lat=47.98, lon=36.23, date="2025-05-01", at="2025-05-01", **there),
    )
    cities = charts_data.city_data(frame, Measure.KILLED)
    assert sorted(cities["admin1"]) == ["Dnipropetrovsk", "Donetsk"]
    ticks = list(charts.ranking(cities, Measure.KILLED).data[0].y)
    assert sorted(ticks) == ["Pokrovsk (Dnipropetrovsk)", "Pokrovsk (Donetsk)"]


@pytest.mark.parametrize(
    ("first", "last", "size"),
    [
        ("2025-01-01", "2025-01-01", "day"),
        ("2025-01-01", "2025-02-28", "day"),
        ("2025-01-01", "2025-06-30", "week"),
        ("2022-02-24", "2025-05-02", "month"),
        ("1990-01-01", "2025-05-02", "year"),
    ],
)
def test_bins_fit(first: str, last: str, size: str) -> None:
    assert charts_data.bin_for(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == size


def test_timeline_has_no_bar_for_silence_and_a_mark_for_zero() -> None:
    frame = table(
        claim("killed 3", date="2025-03-01", at="2025-03-01", **ODESA),
        claim("injured 5", date="2025-03-04", at="2025-03-04", **ODESA),
        claim("killed 0", date="2025-03-07", at="2025-03-07", **LVIV),
    )
    binned, size = charts_data.timeline_data(frame, Measure.KILLED)
    figure = charts.timeline(binned, size, Measure.KILLED)
    bars = {
        (str(pd.Timestamp(x).date()), y)
        for trace in figure.data
        if trace.type == "bar"
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert bars == {("2025-03-01", 3.0), ("2025-03-07", 0.0)}
    zeros = [trace for trace in figure.data if trace.name == "reported zero"]
    assert [str(pd.Timestamp(x).date()) for x in zeros[0].x] == ["2025-03-07"]
    first, last = (pd.Timestamp(end) for end in figure.layout.xaxis.range)
    assert first < pd.Timestamp("2025-03-01")
    assert last > pd.Timestamp("2025-03-07")


def test_timeline_folds_what_a_legend_cannot_hold() -> None:
    classes = sorted(set(weapon_colours("light")) - {"unknown"})
    pairs = [f"{a}+{b}" for a, b in itertools.pairwise(classes)]
    frame = table(
        *(
            claim(
                f"killed {at + 1}",
                date=f"2025-03-{at + 1:02}",
                at=f"2025-03-{at + 1:02}",
                **{**ODESA, "weapons": weapon},
            )
            for at, weapon in enumerate([*classes, *pairs])
        )
    )
    binned, size = charts_data.timeline_data(frame, Measure.KILLED)
    figure = charts.timeline(binned, size, Measure.KILLED)
    assert len(figure.data) <= 12
    assert figure.data[-1].name == "all others"
    assert sum(sum(trace.y) for trace in figure.data) == sum(range(1, len(classes) + len(pairs) + 1))


def test_undated_strikes_only_leave_an_empty_timeline() -> None:
    frame = table(claim("killed 3", date=None, **ODESA))
    binned, size = charts_data.timeline_data(frame, Measure.KILLED)
    assert binned.empty
    assert charts.timeline(binned, size, Measure.KILLED).data == ()


def test_ranking_points_on_where_the_top_is_open() -> None:
    frame = table(
        claim("killed 9..", **ODESA),
        claim("killed 3..7", **LVIV),
        claim("killed 5", **SUMY),
        claim("injured 5", place="Poltava", admin1="Poltava"),
    )
    figure = charts.ranking(charts_data.city_data(frame, Measure.KILLED), Measure.KILLED)
    bars, whiskers = figure.data
    assert list(bars.y) == ["Lviv", "Sumy", "Odesa"]  # the greatest is drawn last, on top; silence has no bar
    assert list(whiskers.marker.symbol) == [
        "line-ns-open",
        "line-ns-open",
        "circle",
        "line-ns-open",
        "triangle-right",
        "circle",
    ]
    assert [note.text for note in figure.layout.annotations] == ["3 [3–7]", "5 [5]", "9 [9 or more]"]


def test_map_tells_figure_zero_and_silence_apart() -> None:
    frame = table(claim("killed 16", **ODESA), claim("killed 0", **LVIV), claim("injured 4", **SUMY))
    cities = charts_data.city_data(frame, Measure.KILLED)
    trace = charts_map.strike_map(cities, Measure.KILLED).data[0]
    look = dict(zip(cities["city"], zip(trace.marker.size, trace.marker.color, strict=True), strict=True))
    assert look["Odesa"][0] > look["Lviv"][0]
    assert len({colour for _, colour in look.values()}) == 3
    hover = dict(zip(cities["city"], trace.text, strict=True))
    assert "killed: 16 [16]" in hover["Odesa"]
    assert "killed: 0 [0]" in hover["Lviv"]
    assert "killed: –<" in hover["Sumy"]


def test_bubbles_have_areas_in_proportion() -> None:
    frame = table(claim("killed 100", **ODESA), claim("killed 25", **LVIV))
    big, small = charts_map.strike_map(charts_data.city_data(frame, Measure.KILLED), Measure.KILLED).data[0].marker.size
    assert big == pytest.approx(2 * small)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_map_style_asks_nobody_else(theme: charts_map.Theme) -> None:
    style = charts_map.map_style(theme=theme, geo_url="geo")
    text = json.dumps(style)
    assert "//" not in text
    assert not {"glyphs", "sprite"} & set(style)
    assert {"world", "ukraine_adm1"} <= set(style["sources"])
    assert all(layer.get("source", "cities") in style["sources"] for layer in style["layers"])


def test_map_frames_what_it_shows() -> None:
    def view(*claims: Claim) -> tuple[float, float, float]:
        figure = charts_map.strike_map(charts_data.city_data(table(*claims), Measure.KILLED), Measure.KILLED)
        return figure.layout.map.center.lon, figure.layout.map.center.lat, figure.layout.map.zoom

    ukraine = view(claim("killed 1", **ODESA))
    assert ukraine == view()  # nothing to frame: the country the tracker was made for
    goma = {"place": "Goma", "country": "Democratic Republic of the Congo", "lat": -1.68, "lon": 29.22}
    lon, lat, zoom = view(claim("killed 1", **goma))
    assert (lon, lat) == pytest.approx((29.22, -1.68), abs=0.1)
    assert zoom > ukraine[2]
    assert view(claim("killed 1", **goma), claim("killed 1", **ODESA))[2] < ukraine[2]


def test_names_from_reports_stay_letters_in_every_label() -> None:
    evil = '<a href="https://x.invalid">T</a>%{y}$1$\x1b'
    frame = table(claim("killed 5..8", **{**ODESA, "place": evil, "admin1": "<b>r</b>"}))
    cities = charts_data.city_data(frame, Measure.KILLED)
    binned, size = charts_data.timeline_data(frame, Measure.KILLED)
    ranking, timeline, the_map = (
        charts.ranking(cities, Measure.KILLED),
        charts.timeline(binned, size, Measure.KILLED),
        charts_map.strike_map(cities, Measure.KILLED),
    )
    shown = [*ranking.data[0].y, *ranking.data[0].text, *the_map.data[0].text, *(trace.name for trace in timeline.data)]
    shown += [text for trace in timeline.data for text in trace.text]
    for text in shown:
        assert not re.search(r"<(?!/?b>|br>)", text), text
        assert "\x1b" not in text
    templates = {trace.hovertemplate for figure in (ranking, timeline, the_map) for trace in figure.data}
    assert templates <= {"%{text}<extra></extra>", None}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_weapon_class_has_a_look_of_its_own(theme: charts_map.Theme) -> None:
    palette = weapon_colours(theme)
    assert len(set(palette.values())) == len(palette)
    assert set(palette) - {"unknown"} == {
        "drone",
        "missile",
        "rocket",
        "bomb",
        "artillery",
        "mine",
        "ied",
        "small_arms",
        "other",
    }
    joint = weapon_marker("drone+missile", theme)
    assert {joint["pattern"]["fgcolor"], joint["pattern"]["bgcolor"]} == {palette["drone"], palette["missile"]}


def test_weapon_names_are_for_people() -> None:
    assert weapon_name("ied+small_arms") == "ied + small arms"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_marks_can_be_read(theme: charts_map.Theme) -> None:
    palette = colours(theme)
    assert contrast(palette["ink"], palette["paper"]) >= 7
    assert contrast(palette["muted"], palette["paper"]) >= 4.5
    assert contrast(palette["map"]["label"], palette["map"]["focus"]) >= 7
    assert contrast(palette["toll"], palette["paper"]) >= 3


def test_both_themes_name_the_same_colours() -> None:
    style = read_toml("style/charts.toml")
    assert set(style["light"]) == set(style["dark"])
    assert set(style["light"]["map"]) == set(style["dark"]["map"])
    assert set(style["weapons"]["light"]) == set(style["weapons"]["dark"])
