"""What the second version of the pages adds: policies, groups, what is switched in, history, method, exports."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.drawn import charts, charts_map
from tests.factory import claim, report
from tests.test_dashboard import (
    LVIV,
    ODESA,
    THREE,
    WIDER,
    cards,
    listed,
    show,
    shown_evidence,
    snapshot,
    strikes,
    strikes_of,
    text_of,
)
from tracker import charts_data
from tracker.corrections import Action, Correction, anchor_of
from tracker.models import Group, Measure, Policy
from tracker.pages import data, downloads, evidence, filters, method, overview, server, tables
from tracker.pages.overview import chosen_cities
from tracker.pages.selection import Facet, Filters, Include, mask, nearby, search
from tracker.pages.strikes import histories
from tracker.pages.view import View

__all__ = ["listed", "show"]

KYIV = {"place": "Kyiv", "admin1": "Kyiv City", "lat": 50.45, "lon": 30.52}
BROVARY = {"place": "Brovary", "admin1": "Kyiv", "lat": 50.51, "lon": 30.79}
#: One toll as three reports gave it in turn.
RISING = tuple(
    claim(f"killed {n}", at=f"2025-03-01 {hour}:00", date="2025-03-01", source="the mayor" if n != 9 else None, **KYIV)
    for n, hour in ((2, "04"), (9, "08"), (8, "12"))
)
PERPETRATORS = report("five", "killed 3", "killed 1 perpetrators", date="2025-03-09", at="2025-03-09", **LVIV)


# -- filters ---------------------------------------------------------------------------------------------------


def chosen(**values: object) -> list[str]:
    table = snapshot(*THREE, *PERPETRATORS).table
    found = table[mask(table, Filters(**values))]  # type: ignore[arg-type]
    return sorted(str(label) for label in found["city_label"])


def test_each_facet_narrows() -> None:
    assert chosen(regions=("Odesa",)) == ["Odesa"]
    assert chosen(countries=("Ukraine",)) == ["Lviv", "Lviv", "Odesa", "no single city"]
    assert chosen(countries=("Atlantis",)) == []
    assert chosen(weapons=("missile",)) == ["Lviv"]
    assert chosen(models=("not said",)) == chosen()
    assert chosen(grades=("confirmed",), cities=("Odesa",)) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("odesa", ["Odesa"]),
        ("LVIV missile", ["Lviv"]),
        ("2025-03-05", ["Lviv", "no single city"]),
        ("2025-03 drone", ["Lviv", "Odesa", "no single city"]),
        ("nothing", []),
        ("  ", ["Lviv", "Odesa", "no single city"]),
        (".*", []),
    ],
)
def test_search_wants_all_words_and_takes_them_as_letters(words: str, found: list[str]) -> None:
    table = snapshot(*THREE).table
    assert sorted(str(one) for one in table[search(table, words)]["city_label"]) == found


def test_presets_become_dates_in_the_url(listed) -> None:  # type: ignore[no-untyped-def]
    page = listed(*THREE, claim("killed 2", date="2024-06-01", at="2024-06-01", **KYIV))
    page.selectbox(key="preset").select("2024").run()
    assert strikes(page) == ["Kyiv, Kyiv City"]
    assert page.date_input(key="dates").value == (dt.date(2024, 6, 1), dt.date(2024, 12, 31))
    page.selectbox(key="preset").select("Last 7 days").run()
    assert strikes(page) == ["Lviv", "Ukraine (country)", "Odesa"]
    page.selectbox(key="preset").select("All dates").run()
    assert len(strikes(page)) == 4


def test_a_policy_in_the_url_decides_the_best_figure(show) -> None:  # type: ignore[no-untyped-def]
    assert cards(show(*RISING))["Killed"].startswith("8 [8–9]")
    assert cards(show(*RISING, url={"policy": "highest"}))["Killed"].startswith("9 [8–9]")
    assert cards(show(*RISING, url={"policy": "nonsense"}))["Killed"].startswith("8 [8–9]")


def test_a_vague_word_follows_its_policy(show) -> None:  # type: ignore[no-untyped-def]
    dozens = claim("killed 24..", vague="dozens", text="dozens", **KYIV)
    literal, acled = (cards(show(dozens, url={"vague": one}))["Killed"] for one in ("literal", "acled"))
    assert literal != acled


def test_a_group_has_its_own_figures_and_munitions_none(show) -> None:  # type: ignore[no-untyped-def]
    told = report("one", "killed 5", "killed 2 children subset", date="2025-03-01", at="2025-03-01", **KYIV)
    page = show(*told, *THREE, url={"group": "children"})
    assert cards(page)["Killed, children"].startswith("2 [2] reported in 1 report")
    view = View(snapshot(*told, *THREE), Filters(group=Group.CHILDREN))
    assert charts_data.toll(view.sums(Measure.LAUNCHED), Measure.LAUNCHED).best == 90  # type: ignore[union-attr]


# -- what stands outside the sums ------------------------------------------------------------------------------


def total(measure: Measure, *include: Include) -> int | None:
    view = View(snapshot(*THREE, WIDER, *PERPETRATORS), Filters(include=include))
    toll = charts_data.toll(view.sums(measure), measure)
    return toll.best if toll else None


def test_what_is_left_out_can_be_switched_in() -> None:
    assert total(Measure.KILLED) == 7
    assert total(Measure.KILLED, Include.PERPETRATORS) == 8
    assert total(Measure.KILLED, Include.WIDER) == 14


def test_what_is_left_out_is_named(show) -> None:  # type: ignore[no-untyped-def]
    page = show(*THREE, WIDER, *PERPETRATORS)
    assert "not added: 7 in 1 row of a wider area or period" in cards(page)["Killed"]
    assert "not added: 1 perpetrators" in cards(page)["Killed"]
    page = show(*THREE, WIDER, *PERPETRATORS, url={"also": "perpetrators"})
    assert "perpetrators" not in cards(page)["Killed"]
    assert any("Switched into the sums: attackers dead or hurt" in one.value for one in page.caption)


def test_an_enemys_losses_are_no_toll_until_asked_for() -> None:
    boast = claim(
        "killed 500 soldiers", date="2025-03-20", at="2025-03-20", attacker="Ukraine", source="Ukraine's army",
        country="Russia", **{**ODESA, "place": "Kursk", "admin1": "Kursk"},
    )  # fmt: skip
    shown = snapshot(*THREE, boast)
    if not shown.table["contested"].notna().any():
        pytest.fail("the claim is not graded as contested; the test needs another one")
    assert charts_data.toll(View(shown, Filters()).sums(Measure.KILLED), Measure.KILLED).best == 4  # type: ignore[union-attr]
    asked = View(shown, Filters(include=(Include.CONTESTED,)))
    assert charts_data.toll(asked.sums(Measure.KILLED), Measure.KILLED).best == 504  # type: ignore[union-attr]
    assert View(shown, Filters()).contested(Measure.KILLED).best == 500  # type: ignore[union-attr]


# -- charts leave their own filter out -------------------------------------------------------------------------


def test_a_chart_keeps_in_view_what_its_own_filter_leaves_out() -> None:
    view = View(snapshot(*THREE), Filters(cities=("Odesa",), first=dt.date(2025, 3, 2)))
    assert view.sums(Measure.KILLED).empty
    kept = view.sums(Measure.KILLED, ignoring=Facet.DATES)
    assert kept.index.get_level_values("city").tolist() == ["Odesa"]
    cities = charts_data.city_data(view.sums(Measure.KILLED, ignoring=Facet.CITY), Measure.KILLED)
    assert cities["city"].tolist() == ["Lviv"]
    everywhere = View(snapshot(*THREE), Filters(cities=("Odesa",))).sums(Measure.KILLED, ignoring=Facet.CITY)
    cities = charts_data.city_data(everywhere, Measure.KILLED)
    (row,) = chosen_cities(cities, ("Odesa",))
    assert cities["city"][row] == "Odesa"
    figure = charts.ranking(cities, Measure.KILLED, chosen={row})
    shades = dict(zip(figure.data[0].y, figure.data[0].marker.color, strict=True))
    assert shades["Odesa"] != shades["Lviv"]


def test_the_timeline_has_a_band_and_the_reports_beneath() -> None:
    view = View(snapshot(*THREE, *RISING), Filters())
    sums = view.sums(Measure.KILLED)
    binned, size = charts_data.timeline_data(sums, Measure.KILLED)
    dated, _ = charts_data.dated_bins(sums)
    reports = view.reports_by(dated, dated["bin"], Measure.KILLED)
    assert {str(day.date()): n for day, n in reports.items()} == {"2025-03-01": 4, "2025-03-05": 1}
    whole = charts_data.sums_by(dated, Measure.KILLED, ["bin"])
    figure = charts.timeline(binned, size, Measure.KILLED, whole_bins=whole, reports=reports)
    band = next(one for one in figure.data if str(one.name).startswith("lowest"))
    assert list(zip(band.base, band.y, strict=True)) == [(12.0, 0.0), (0.0, 0.0)]  # the top of the first is open
    (more,) = (one for one in figure.data if one.name == "or more")
    assert [str(pd.Timestamp(day).date()) for day in more.x] == ["2025-03-01"]
    below = next(one for one in figure.data if one.name == "reports")
    assert list(below.y) == [4, 1]


def test_drones_and_missiles_of_one_wave_are_told_apart_where_they_add_up() -> None:
    wave = {"date": "2025-03-05", "at": "2025-03-05", "place": None}
    told = [
        claim("launched 47", report="af", weapons="drone", **wave),
        claim("launched 53", report="af", weapons="missile", **wave),
        claim("intercepted 46", report="af", weapons="drone", **wave),
        claim("intercepted 35", report="af", weapons="missile", **wave),
    ]
    fates = View(snapshot(*told), Filters()).fates()
    sums = charts_data.arms_data(fates)
    assert {weapon: (row["launched_best"], row["intercepted_best"]) for weapon, row in sums.iterrows()} == {
        "missile": (53, 35),
        "drone": (47, 46),
    }
    assert sums["hits_best"].isna().all()
    printed = [note.text for note in charts.arms(sums).layout.annotations]
    assert "53 launched · 35 shot down · – lost without harm · – hit" in printed
    joint = View(snapshot(claim("launched 215", weapons="drone+missile", **wave)), Filters()).fates()
    assert joint[["weapon", "best"]].values.tolist() == [["drone+missile", 215]]


def test_a_city_has_the_colour_of_what_did_most_of_its_toll() -> None:
    view = View(snapshot(*THREE, claim("killed 9", date="2025-03-09", weapons="bomb", **ODESA)), Filters())
    sums = view.sums(Measure.KILLED)
    cities = charts_data.city_data(sums, Measure.KILLED)
    weapons = dict(zip(cities["city"], charts_data.main_weapons(sums, cities, Measure.KILLED), strict=True))
    assert weapons == {"Odesa": "bomb", "Lviv": charts_data.SEVERAL}
    figure = charts_map.strike_map(cities, Measure.KILLED, weapons=list(weapons.values()))
    assert len(set(figure.data[0].marker.color)) == 2


# -- a strike --------------------------------------------------------------------------------------------------


def test_the_history_of_a_toll_is_told_and_why_figures_gave_way(listed) -> None:  # type: ignore[no-untyped-def]
    page = listed(*RISING)
    said = text_of(shown_evidence(page))
    assert "killed: 2 · according to the mayor · superseded: the same source later said 8" in said
    shown = snapshot(*RISING)
    (strike,) = strikes_of(shown)
    (steps,) = histories(strike, list(RISING)).values()
    assert [step.low for step in steps] == [2, 9, 8]
    figure = charts.history(steps)
    marks = figure.data[-1]
    assert list(marks.text) == ["2", "9", "8"]
    assert [symbol == "circle-open" for symbol in marks.marker.symbol] == [
        step.status == "superseded" for step in steps
    ]


def test_strikes_close_by_in_place_and_time_are_linked(listed) -> None:  # type: ignore[no-untyped-def]
    near = claim("killed 1", date="2025-03-03", at="2025-03-03", **BROVARY)
    late = claim("killed 1", date="2025-06-03", at="2025-06-03", **BROVARY)
    far = claim("killed 1", date="2025-03-01", at="2025-03-01", **LVIV)
    shown = snapshot(*RISING, near, late, far)
    kyiv = next(one.strike_id for one in strikes_of(shown) if one.place == "Kyiv")
    found = nearby(shown.table, kyiv)
    assert found.index.get_level_values("city").tolist() == ["Brovary"]
    assert 15 < found["kilometres"].iloc[0] < 30
    page = listed(*RISING, near, late, far, url={"strike": kyiv})
    assert "nearby, within a week: Brovary, Kyiv, Ukraine, 3 Mar 2025" in text_of(shown_evidence(page))
    assert f'href="strikes?strike={kyiv}"' in shown_evidence(page)


def test_a_strike_without_a_place_has_nothing_nearby() -> None:
    shown = snapshot(*THREE)
    country = next(one.strike_id for one in strikes_of(shown) if one.place is None)
    assert nearby(shown.table, country).empty
    assert nearby(shown.table, "gone").empty


def test_an_address_of_a_strike_holds_nothing_but_its_id() -> None:
    assert evidence.strike_address('a"b/c?d') == "strikes?strike=a%22b%2Fc%3Fd"


def test_corrections_and_contested_figures_are_named_in_the_evidence() -> None:
    boast = claim("killed 500 soldiers", attacker="Ukraine", source="Ukraine's army", **{**ODESA, "country": "Russia"})
    (strike,) = strikes_of(snapshot(boast))
    when = dt.datetime(2025, 5, 4, 12, tzinfo=dt.UTC)
    correction = Correction(
        3, Action.FIGURE, (anchor_of(boast),), "Olena", when, "<b>twice</b>", "https://desk.example/3"
    )
    told = evidence.strike_html(strike, [boast], {}, None, corrections=(correction,))
    assert "<b>" not in told
    said = text_of(told)
    assert "evidence: contested" in said
    assert "contested: only a party to the fighting says so, of its enemy; in no sum" in said
    assert "corrected: #3 figure (Olena, 2025-05-04): <b>twice</b> https://desk.example/3" in said
    assert "as read; correction #3" in said


def test_corrections_and_grades_are_in_every_export(tmp_path: Path) -> None:
    note = "#3 figure (Olena, 2025-05-04): counted twice"
    shown = snapshot(*THREE)
    table = shown.table.assign(
        corrections=pd.array([note] * len(shown.table), dtype="string"),
        grade=pd.Categorical(["contested"] * len(shown.table)),
    )
    made = downloads.bundle(View(replace(shown, table=table), Filters()), None, whole_sentences=False)
    for name, (_, _, make) in downloads.FORMATS.items():
        content = make(made)
        if name == "Parquet":
            content = pd.read_parquet(io.BytesIO(content)).to_csv().encode()
        elif name in ("Excel", "CSV in parts"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                content = b"".join(parts.read(part) for part in parts.namelist())
        assert note.encode() in content, name
        assert b"contested" in content, name


# -- clicks ----------------------------------------------------------------------------------------------------


def test_a_click_chooses_and_a_second_one_takes_it_away(show, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    state: dict[str, object] = {}
    monkeypatch.setattr(overview.st, "session_state", state)
    shown = snapshot(*THREE)

    def click(do: Callable[..., None], filters: Filters, *given: object) -> object:
        state.clear()
        do(View(shown, filters), *given)
        return next(iter(state.values()), None)

    assert click(overview.choose_city, Filters(), ["Odesa"]) == ["Odesa"]
    assert click(overview.choose_city, Filters(cities=("Lviv",)), ["Odesa"]) == ["Odesa"]
    assert click(overview.choose_city, Filters(cities=("Odesa",)), ["Odesa"]) == []
    assert click(overview.choose_city, Filters(), ["Atlantis"]) is None
    assert click(overview.choose_weapon, Filters(), ["drone+missile"]) == ["drone", "missile"]
    assert click(overview.choose_weapon, Filters(weapons=("drone",)), ["drone"]) == []
    assert click(overview.choose_weapon, Filters(), ["trebuchet"]) is None
    march = (dt.date(2025, 3, 1), dt.date(2025, 3, 5))
    assert click(overview.choose_days, Filters(), "month", ["2025-03-01"]) == march
    assert click(overview.choose_days, Filters(), "day", ["2025-03-05"]) == (march[1], march[1])
    assert click(overview.choose_days, Filters(first=march[1], last=march[1]), "day", ["2025-03-05"]) == march
    assert click(overview.choose_days, Filters(), "day", ["yesterday"]) is None


def test_of_many_names_the_commonest_are_listed_and_any_can_be_typed(listed, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(filters, "MOST_OPTIONS", 2)
    twice = claim("killed 1", date="2025-04-01", at="2025-04-01", weapons="bomb", **ODESA)
    assert snapshot(*THREE, twice).options(Facet.CITY, 1) == ["Odesa"]
    page = listed(*THREE, twice, url={"city": "Lviv"})
    assert strikes(page) == ["Lviv"]
    page = listed(*THREE, twice, claim("killed 2", **KYIV), url={"city": "Kyiv"})
    assert strikes(page) == ["Kyiv, Kyiv City"]
    page = listed(*THREE, twice, url={"city": "Atlantis"})
    assert len(strikes(page)) == 4
    assert any("A name that no strike has is left out" in one.value for one in page.caption)


# -- data and method -------------------------------------------------------------------------------------------


def test_the_method_says_what_is_in_force_and_what_figures_are_not(show) -> None:  # type: ignore[no-untyped-def]
    page = show(*THREE, name="method", url={"policy": "conservative", "also": "wider"})
    said = " ".join(one.value for kind in ("markdown", "caption", "subheader") for one in page.get(kind))
    assert "Not a count of all deaths" in said
    assert "# Codebook" in said
    assert "Strike Tracker" in said
    policies = page.table[0].value["In force"]
    assert policies["Best figure of a strike"] == "conservative: the lowest"
    assert policies["Switched into the sums"] == "wider rows that overlap others"


def test_the_method_is_there_where_no_strike_passes(show) -> None:  # type: ignore[no-untyped-def]
    assert show(*THREE, name="method", url={"city": "Odesa", "weapon": "missile"}).table


def test_coverage_counts_reports_by_publisher_and_names_the_undated() -> None:
    reports = pd.DataFrame(
        {
            "publisher": ["A", "B", "A"],
            "published": [pd.Timestamp("2025-03-01"), pd.NaT, pd.Timestamp("2025-03-04")],
            "figures": [2, 1, 0],
        }
    )
    table = method.by_publisher(reports).set_index("Publisher")
    assert table.loc["A", ["Reports", "Figures"]].tolist() == [2, 2]
    assert table.loc["A", "First"] == dt.date(2025, 3, 1)
    assert pd.isna(table.loc["B", "Last"])


# -- exports ---------------------------------------------------------------------------------------------------


def test_an_export_holds_the_selection_and_says_so() -> None:
    view = View(snapshot(*THREE), Filters(cities=("Odesa",), policy=Policy.HIGHEST, include=(Include.WIDER,)))
    made = downloads.bundle(view, None, whole_sentences=False)
    assert made.table.index.get_level_values("city").tolist() == ["Odesa"]
    assert not {"row", "city_label", "grade_label"} & set(made.table.columns)
    assert made.about.filters == (("city", "Odesa"), ("also counted", "wider"))
    assert made.about.policy == "highest"
    assert {row.figure for row in made.evidence} == {"4..", "11"}
    assert all(row.sentence is None for row in made.evidence)
    whole = downloads.bundle(view, None, whole_sentences=True)
    assert all(row.sentence for row in whole.evidence)
    searched = downloads.bundle(View(view.snapshot, Filters()), np.array([], dtype=int), whole_sentences=False)
    assert searched.table.empty
    for _, _, make in downloads.FORMATS.values():
        assert len(make(made)) > 100


def test_evidence_of_many_strikes_is_that_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = snapshot(*THREE, *PERPETRATORS)
    ids = shown.table["strike_id"].tolist()
    few = data.evidence_for(shown, ids)
    monkeypatch.setattr(data, "_FEW", 0)
    assert [(one, told.claim_id) for one, told, _ in data.evidence_for(shown, ids)] == [
        (one, told.claim_id) for one, told, _ in few
    ]


# -- the server ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://tiles.example:8443/a/{z}/{x}/{y}.png", "https://tiles.example:8443"),
        ("http://tiles.example/{z}/{x}/{y}.png", None),
        ("https://tiles.example/{z}/{x}.png", None),
        ("https://a b/{z}/{x}/{y}.png", None),
        ("https://x; script-src */{z}/{x}/{y}.png", None),
        ("", None),
    ],
)
def test_a_base_map_comes_from_one_host_and_only_where_allowed(
    monkeypatch: pytest.MonkeyPatch, url: str, host: str | None
) -> None:
    monkeypatch.setenv(server.TILES_VARIABLE, url)
    allowed = server.tiles()
    assert (allowed is not None) == (host is not None)
    policy = server.content_security_policy(server._tile_host(url))
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert ("tiles.example" in policy) == (host is not None)
    assert "tiles.example" not in rules["script-src"] + rules["default-src"]
    if allowed is not None:
        style = charts_map.map_style(theme="light", geo_url="geo", tiles=allowed)
        assert style["sources"]["tiles"]["tiles"] == [url]
    plain = json.dumps(charts_map.map_style(theme="light", geo_url="geo"))
    assert "http" not in plain


def test_the_map_has_no_base_map_until_it_is_switched_on(show, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    assert not [one for one in show(*THREE).toggle if one.key == "tiles"]
    monkeypatch.setenv(server.TILES_VARIABLE, "https://tiles.example/{z}/{x}/{y}.png")
    page = show(*THREE)
    (switch,) = (one for one in page.toggle if one.key == "tiles")
    assert switch.value is False
    assert "tiles.example" not in page.get("bidi_component")[0].proto.json
    switch.set_value(True).run()
    assert "tiles.example" in page.get("bidi_component")[0].proto.json


def test_presets_are_within_the_data() -> None:
    span = (dt.date(2022, 2, 24), dt.date(2025, 5, 2))
    for first, last in filters.presets(span).values():
        assert span[0] <= first <= last <= span[1]


def test_strikes_come_in_the_order_asked_for() -> None:
    table = snapshot(*THREE, claim("killed 40", date=None, at=None, **KYIV)).table

    def places(order: str) -> list[str]:
        rows = tables.in_order(table, np.arange(len(table)), order, Measure.KILLED)
        return [str(label) for label in table["city_label"].iloc[rows]]

    assert places(tables.NEWEST) == ["Lviv", "no single city", "Odesa", "Kyiv"]
    assert places(tables.OLDEST) == ["Odesa", "Lviv", "no single city", "Kyiv"]
    assert places(tables.TOLL) == ["Kyiv", "Odesa", "Lviv", "no single city"]
    assert sorted(places(tables.REPORTS)) == sorted(places(tables.DISPUTED)) == sorted(places(tables.NEWEST))
