"""The pages' logic, run without a browser: filters, the URL, what is unknown, what is empty, what is said."""

import datetime as dt
import functools
import html
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.factory import claim, report
from tracker.export import to_csv_bytes
from tracker.models import Claim, Field, Measure, Report, Strike
from tracker.pages import data, evidence, tables, words
from tracker.pages.selection import NO_CITY, NOT_SAID, Facet, Filters, counted, is_strike, options, reasons, select
from tracker.reconcile import reconcile
from tracker.store import Dossier, StoredReport, StoreError
from tracker.table import to_table, to_tables


def one_page(name: str) -> None:
    """The script of a visit to one page; it runs on its own, so it imports what it needs."""
    from tracker.pages import frame, method, overview, strikes

    pages = {"overview": overview.page, "strikes": strikes.page, "method": method.page}
    frame.show(pages[name], empty=name == "method")


def visit(name: str, url: dict[str, str] | None = None) -> AppTest:
    page = AppTest.from_function(one_page, kwargs={"name": name}, default_timeout=60)
    for parameter, value in (url or {}).items():
        page.query_params[parameter] = value
    page.run()
    assert not page.exception
    return page


ODESA = {"place": "Odesa", "admin1": "Odesa", "lat": 46.48, "lon": 30.73}
LVIV = {"place": "Lviv", "admin1": "Lviv", "lat": 49.84, "lon": 24.03}


class Shelf:
    """Strikes, claims and reports that were never in a database, as the pages ask for them."""

    def __init__(self, strikes: list[Strike], claims: list[Claim], reports: list[StoredReport]) -> None:
        self.claims = {one.claim_id: one for one in claims}
        self.strikes = {one.strike_id: one for one in strikes}
        self.stored = {one.id: one for one in reports}

    def strike(self, strike_id: str) -> Dossier | None:
        found = self.strikes.get(strike_id)
        if found is None:
            return None
        claims = tuple(self.claims[claim_id] for claim_id in found.claim_ids)
        reports = {one.report_id: self.stored[one.report_id] for one in claims if one.report_id in self.stored}
        return Dossier(found, claims, reports, ())

    def coverage(self) -> pd.DataFrame:
        given = Counter(one.report_id for one in self.claims.values())
        rows = [(one.publisher, pd.Timestamp(one.published_date), given[one.id]) for one in self.stored.values()]
        return pd.DataFrame(rows, columns=["publisher", "published", "figures"])

    def last_check(self) -> None:
        return None

    def draw(self, wanted: int, seed: int) -> Any:
        raise NotImplementedError

    def score(self, rows: Any, who: str, when: dt.datetime) -> Any:
        raise NotImplementedError


def snapshot(
    *claims: Claim,
    reports: tuple[StoredReport, ...] = (),
    policy: str = "latest",
    vague: str = "literal",
    **options: Any,
) -> data.Snapshot:
    strikes = reconcile(claims, policy, vague=vague)
    known = {one.claim_id: one for one in claims}
    told = [
        (strike.strike_id, str(known[one].measure), str(known[one].group), known[one].report_id)
        for strike in strikes
        for one in strike.claim_ids
    ]
    mentions = pd.DataFrame(told, columns=["strike_id", "measure", "group", "report_id"]).drop_duplicates()
    arms = {one.claim_id: data.Munitions(one.weapons, one.low, one.high) for one in claims}
    shelf = Shelf(strikes, list(claims), list(reports))
    return data.build(to_tables(strikes), mentions.astype("category"), arms, shelf, **{"sample": False, **options})


def strikes_of(shown: data.Snapshot) -> list[Strike]:
    """The strikes of a snapshot that was made here."""
    assert isinstance(shown.shelf, Shelf)
    return list(shown.shelf.strikes.values())


THREE = (
    *report("one", "killed 4..", "injured 11", date="2025-03-01", at="2025-03-01", weapons="drone", **ODESA),
    *report("two", "killed 0", date="2025-03-05", at="2025-03-05", weapons="drone+missile", **LVIV),
    *report("three", "launched 90", date="2025-03-05", at="2025-03-05", place=None, weapons="drone"),
)
#: What a whole country is said to have lost on the day of the first strike.
WIDER = claim("killed 7", report="wide", date="2025-03-01", at="2025-03-05", place=None, weapons="drone")
NOBODY_SAID = report("four", "injured 3", date=None, at=None, weapons="", place="Sumy", admin1="Sumy")

Show = Callable[..., AppTest]


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Run a page on claims, with parameters of the URL; the policies are obeyed."""

    def run(*claims: Claim, url: dict[str, str] | None = None, name: str = "overview", **options: Any) -> AppTest:
        monkeypatch.setattr(
            data, "current", lambda policy, vague: snapshot(*claims, policy=policy, vague=vague, **options)
        )
        return visit(name, url)

    return run


@pytest.fixture
def listed(show: Show) -> Show:
    """The same for the page of strikes."""
    return functools.partial(show, name="strikes")


def cards(page: AppTest) -> dict[str, str]:
    """The headline numbers as the reader sees them: what → best, range and notes."""
    block = next(one.value for one in page.get("html") if "st-cards" in one.value)
    parts = re.findall(r'<div class="what">(.*?)</div>(.*?)(?=<div class="st-card">|$)', block)
    return {what: " ".join(re.sub(r"<[^>]+>", " ", html.unescape(rest)).split()) for what, rest in parts}


def shown_evidence(page: AppTest) -> str:
    return next((one.value for one in page.get("html") if 'class="st-strike"' in one.value), "")


def strikes(page: AppTest) -> list[str]:
    return [str(place) for place in page.dataframe[0].value["Place"]]


# -- headline numbers --------------------------------------------------------------------------------------------------


def test_headlines_say_best_range_and_what_they_rest_on(show: Show) -> None:
    page = show(*THREE, WIDER)
    assert cards(page) == {
        "Strikes": "2 reported in 2 reports and 2 rows of a wider area or period",
        "Killed": "4 [4 or more] reported in 2 reports not added: 7 in 1 row of a wider area or period",
        "Injured": "11 [11] reported in 1 report 1 strike without a figure",
        "Missing": "– no report states it",
    }


def test_a_chosen_measure_gets_a_headline_of_its_own(show: Show) -> None:
    page = show(*THREE, url={"measure": "launched"})
    assert cards(page)["Launched"] == "90 [90] reported in 1 report"


def test_zero_is_zero_and_silence_a_dash(show: Show) -> None:
    zero, silence = claim("killed 0", **LVIV), claim("injured 2", **ODESA)
    assert cards(show(zero))["Killed"].startswith("0 [0] reported in 1 report")
    assert cards(show(silence))["Killed"].startswith("– no report states it")
    rows = show(zero, silence, name="strikes").dataframe[0].value.set_index("Place")
    assert rows.loc["Lviv", "Killed"] == 0
    assert rows.loc["Lviv", "Killed range"] == "0"
    assert rows.isna().loc["Odesa", "Killed"]
    assert rows.isna().loc["Odesa", "Killed range"]


def test_one_report_on_two_strikes_counts_once(show: Show) -> None:
    page = show(
        claim("killed 1", report="same", date="2025-03-01", weapons="drone", **ODESA),
        claim("killed 2", report="same", date="2025-03-09", weapons="drone", **LVIV),
    )
    assert cards(page)["Strikes"] == "2 reported in 1 report"
    assert cards(page)["Killed"].endswith("reported in 1 report")


def test_nothing_is_called_a_count_of_all_deaths(show: Show) -> None:
    page = show(*THREE)
    said = " ".join(one.value for kind in ("caption", "markdown", "html") for one in page.get(kind)).lower()
    assert "not a count of all deaths" in said
    assert "all deaths" not in said.replace("not a count of all deaths", "")
    assert "outer bounds" in said


# -- filters and the URL -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "places"),
    [
        ({}, ["Lviv", "Ukraine (country)", "Odesa", "Sumy"]),
        ({"city": "Odesa"}, ["Odesa"]),
        ({"city": NO_CITY}, ["Ukraine (country)"]),
        ({"weapon": "missile"}, ["Lviv"]),  # a joint figure passes for each of its weapons
        ({"weapon": "drone"}, ["Lviv", "Ukraine (country)", "Odesa"]),
        ({"weapon": NOT_SAID}, ["Sumy"]),
        ({"weapon": "missile", "city": "Lviv"}, ["Lviv"]),
        ({"city": "Atlantis"}, ["Lviv", "Ukraine (country)", "Odesa", "Sumy"]),  # a stale link shows everything
        ({"measure": "nonsense"}, ["Lviv", "Ukraine (country)", "Odesa", "Sumy"]),
    ],
)
def test_the_url_chooses_the_rows(listed: Show, url: dict[str, str], places: list[str]) -> None:
    assert strikes(listed(*THREE, *NOBODY_SAID, url=url)) == places


def test_widgets_filter_and_reset_brings_all_back(listed: Show) -> None:
    page = listed(*THREE)
    page.multiselect(key="city").select("Odesa").run()
    assert strikes(page) == ["Odesa"]
    page.selectbox(key="measure").select(Measure.INJURED).run()
    assert "Injured" in page.dataframe[0].value
    page.button(key="reset").click().run()
    assert strikes(page) == ["Lviv", "Ukraine (country)", "Odesa"]
    assert page.selectbox(key="measure").value == Measure.KILLED
    assert page.multiselect(key="city").value == []


def test_dates_filter_inclusively_and_name_the_undated(listed: Show) -> None:
    page = listed(*THREE, *NOBODY_SAID)
    page.date_input(key="dates").set_value((dt.date(2025, 3, 1), dt.date(2025, 3, 4))).run()
    assert strikes(page) == ["Odesa"]
    assert any("leaves out 1 strike without a known date" in one.value for one in page.caption)
    page.date_input(key="dates").set_value((dt.date(2025, 3, 5), dt.date(2025, 3, 5))).run()
    assert strikes(page) == ["Lviv", "Ukraine (country)"]


def test_a_strike_over_days_passes_for_each_of_them() -> None:
    frame = snapshot(claim("killed 3", date="2025-03-01", date_end="2025-03-31", **ODESA)).table
    inside = Filters(first=dt.date(2025, 3, 20), last=dt.date(2025, 3, 21))
    after = Filters(first=dt.date(2025, 4, 1))
    assert (len(select(frame, inside)), len(select(frame, after))) == (1, 0)


def test_filters_join_with_and() -> None:
    frame = snapshot(*THREE, *NOBODY_SAID).table
    assert select(frame, Filters(cities=("Odesa",), weapons=(NOT_SAID, "missile"))).empty
    assert len(select(frame, Filters(weapons=(NOT_SAID, "missile")))) == 2
    assert options(frame, Facet.WEAPON) == ["drone", "missile", NOT_SAID]


def test_towns_of_one_name_are_told_apart_in_the_filter(show: Show) -> None:
    here, there = {"place": "Pokrovsk", "admin1": "Donetsk"}, {"place": "Pokrovsk", "admin1": None}
    page = show(claim("killed 1", **here), claim("killed 2", date="2025-05-01", at="2025-05-01", **there))
    assert page.multiselect(key="city").options == ["Pokrovsk (Donetsk)", "Pokrovsk (Ukraine)"]


def test_only_measures_that_somebody_states_can_be_chosen(show: Show) -> None:
    assert show(*THREE).selectbox(key="measure").options == ["killed", "injured", "launched"]


def test_the_map_names_the_figures_it_cannot_place(show: Show) -> None:
    def key(page: AppTest) -> str:
        return next(one.value for one in page.get("html") if "st-key" in one.value)

    assert "Not on the map" not in key(show(*THREE))  # the country's row says nothing of the killed
    assert "Not on the map: 1 row with a figure" in key(show(*THREE, url={"measure": "launched"}))


# -- empty results -----------------------------------------------------------------------------------------------------


def test_an_empty_selection_says_so_and_how_to_get_back(show: Show) -> None:
    page = show(*THREE, url={"city": "Odesa", "weapon": "missile"})
    assert [one.value for one in page.info] == [
        "No strike passes these filters. Take one away in the sidebar, or start again:"
    ]
    assert not page.dataframe
    page.button(key="show_all").click().run()
    assert cards(page)["Strikes"].startswith("2 reported")
    assert page.multiselect(key="city").value == []


def test_words_that_nothing_has_say_so_and_how_to_get_back(listed: Show) -> None:
    page = listed(*THREE, url={"q": "atlantis"})
    assert "No strike of this selection has these words" in page.info[0].value
    page.button(key="show_all").click().run()
    assert strikes(page) == ["Lviv", "Ukraine (country)", "Odesa"]


def test_no_strikes_at_all(show: Show) -> None:
    assert "No strike was found" in show().info[0].value


def test_only_undated_strikes(show: Show) -> None:
    page = show(*NOBODY_SAID)
    assert not page.date_input
    assert any(one.value == "No strike has a known date." for one in page.caption)


def test_a_city_without_the_measure_says_which_to_change(show: Show) -> None:
    page = show(*THREE, url={"measure": "launched", "city": "Odesa"})
    assert any("No city in this selection has a figure for “launched”" in one.value for one in page.caption)


def test_a_database_that_cannot_be_opened_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(policy: str, vague: str) -> data.Snapshot:
        raise StoreError("![x](http://x.invalid) is locked.")

    monkeypatch.setattr(data, "current", refuse)
    page = visit("overview")
    assert [one.value for one in page.error] == ["The database cannot be opened."]
    assert [one.value for one in page.text] == ["![x](http://x.invalid) is locked."]


# -- what is left out --------------------------------------------------------------------------------------------------


def test_wider_and_period_rows_are_shown_but_not_summed() -> None:
    shown = snapshot(*THREE, WIDER, claim("killed 500 period", date="2025-01-01", date_end="2025-03-31", place=None))
    frame = shown.table
    assert len(frame) == 5
    assert int(is_strike(frame).sum()) == 2
    assert sorted(counted(frame, Measure.KILLED)["strike_id"]) != sorted(frame["strike_id"])
    assert counted(frame, Measure.KILLED)["killed_best"].sum() == 4
    assert sorted(reasons(frame).dropna()) == ["counted in another row: killed", "toll of a period"]
    notes = tables.strike_table(shown.whole(frame), Measure.KILLED)[0]["Notes"]
    assert sorted(notes) == ["", "", "", "not summed", "not summed"]


# -- banners -----------------------------------------------------------------------------------------------------------


def test_sample_and_interrupted_runs_are_named(show: Show) -> None:
    assert not show(*THREE).warning
    page = show(*THREE, sample=True, stale=True)
    assert "Sample data, not evidence" in page.warning[0].value
    assert "An ingest was interrupted" in page.info[0].value


def test_the_bundled_sample_is_what_opens_first(monkeypatch: pytest.MonkeyPatch) -> None:
    page = visit("strikes")
    assert "Sample data" in page.warning[0].value
    assert {"Kyiv", "Kharkiv"} <= set(page.multiselect(key="city").options)
    assert "sample, not evidence" in shown_evidence(page)


def test_the_coverage_of_the_bundled_sample_is_drawn_and_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    page = visit("method")
    (figure,) = (json.loads(one.proto.json)["figure"] for one in page.get("bidi_component"))
    listed = page.dataframe[0].value.set_index("Publisher")
    dated = sum(sum(trace["y"]) for trace in figure["data"])
    assert 0 < dated <= listed["Reports"].sum()
    assert listed["Figures"].sum() > dated


# -- the table and the evidence ----------------------------------------------------------------------------------------


def test_the_newest_strike_is_open_and_a_link_opens_another(listed: Show) -> None:
    assert '<div class="st-strike">Lviv, Ukraine</div>' in shown_evidence(listed(*THREE))
    odesa = snapshot(*THREE).table.xs("Odesa", level="city")["strike_id"].iloc[0]
    assert '<div class="st-strike">Odesa, Ukraine</div>' in shown_evidence(listed(*THREE, url={"strike": odesa}))
    assert '<div class="st-strike">Lviv' in shown_evidence(listed(*THREE, url={"strike": "gone"}))


def test_wider_strikes_that_overlap_are_named(listed: Show) -> None:
    page = listed(*THREE, WIDER, url={"city": "Odesa"})
    assert "overlaps: Ukraine, 1 Mar 2025" in text_of(shown_evidence(page))


def test_a_linked_strike_is_shown_however_old() -> None:
    table = snapshot(*THREE, *NOBODY_SAID).table
    rows = tables.in_order(table, np.arange(len(table)), tables.NEWEST, Measure.KILLED)
    ids = table["strike_id"].iloc[rows].tolist()
    assert tables.with_row(table, rows, 2, ids[-1])["strike_id"].tolist() == [ids[-1], *ids[:2]]
    assert len(tables.with_row(table, rows, 2, None)) == len(tables.with_row(table, rows, 2, "gone")) == 2
    # A strike that the filters leave out is not brought back by its link.
    assert len(tables.with_row(table, rows[:3], 2, ids[-1])) == 2


def test_the_export_has_the_selection_and_every_column() -> None:
    shown = snapshot(*THREE)
    exported = shown.export(select(shown.table, Filters(cities=("Odesa",))))
    assert list(exported.columns) == list(to_table(reconcile(THREE)).columns)
    lines = to_csv_bytes(exported).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Odesa,2025-03-01,drone,")
    assert data.file_name(True, dt.date(2025, 5, 2)) == "strikes-selection-2025-05-02.csv"


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


TEXT = "Nine hurt in Odesa\nA drone hit a flat; nine were hurt. A drone hit a flat; nine were hurt, two badly."
AT = TEXT.rindex("nine")
STORED = StoredReport(
    "r",
    TEXT,
    None,
    dt.date(2025, 3, 2),
    "The Paper",
    "https://paper.example/a?b=1&c=2",
    extra={"citation": "The Paper, page 3", "sample": True},
)
HURT = claim("injured 9", report="r", start=AT, sentence=TEXT[AT - 21 :], text="nine", source="the mayor", **ODESA)
HURT = replace(HURT, end=AT + 4)
BADLY = replace(claim("injured 2 subset", report="r", text="two", **ODESA), sentence=HURT.sentence)
BADLY = replace(BADLY, start=TEXT.index("two badly"), end=TEXT.index("two badly") + 3)


def panel(*claims: Claim, stored: StoredReport | None = STORED) -> str:
    shown = snapshot(*claims, reports=(stored,) if stored else ())
    (strike,) = strikes_of(shown)
    found = data.dossier(shown, strike.strike_id)
    assert found is not None
    return evidence.strike_html(strike, found.claims, data.sources_of(found), None)


def test_each_sentence_is_shown_once_with_all_its_figures_marked() -> None:
    markup = panel(HURT, BADLY)
    assert markup.count("A drone hit a flat") == 1
    assert re.findall("<mark>(.*?)</mark>", markup) == ["nine", "two"]
    said = text_of(markup)
    assert "injured: 9 · according to the mayor · current" in said
    assert "injured: 2 · part of a total" in said
    for part in ("Nine hurt in Odesa", "The Paper · published 2 Mar 2025 · sample, not evidence", "The Paper, page 3"):
        assert part in said
    assert 'href="https://paper.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow"' in markup


def test_a_report_that_is_gone_still_leaves_its_sentence() -> None:
    markup = panel(replace(HURT, publisher="The Paper"), stored=None)
    assert re.findall("<mark>(.*?)</mark>", markup) == ["nine"]
    assert "no longer stored" in markup


def test_a_figure_in_the_title_is_marked_there() -> None:
    title = "Odesa: 9 hurt"
    mine = replace(claim("injured 9", report="r", start=7, sentence=title, text="9", **ODESA), field=Field.TITLE, end=8)
    markup = panel(mine, stored=replace(STORED, title=title))
    assert re.findall("<mark>(.*?)</mark>", markup) == ["9"]
    assert "in the title" in markup


def test_superseded_figures_stay_and_say_so() -> None:
    said = text_of(
        panel(
            claim("killed 2", at="2025-03-01 08:00", date="2025-03-01", **ODESA),
            claim("killed 9", at="2025-03-01 12:00", date="2025-03-01", **ODESA),
            stored=None,
        )
    )
    assert "killed: 2 · the report's own words · superseded: a later report says 9" in said
    assert "killed 9 9 1 earlier figure superseded" in said


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://paper.example/x", True),
        ("http://paper.example", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)//https://", False),
        ("data:text/html,<script>", False),
        ("//paper.example/x", False),
        ("https://trusted.example@evil.example/", False),
        ("https://[broken", False),
        ('https://paper.example/" onclick="x', False),
        ("https://paper.example/\u202egnp", False),
        ("/etc/passwd", False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, is_link: bool) -> None:
    markup = panel(HURT, stored=replace(STORED, url=url))
    assert ('target="_blank"' in markup) == is_link
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', markup))


# -- text that wants to be more than text ------------------------------------------------------------------------------

POISON = (
    '![i](https://evil.invalid/i.png)<img src="https://evil.invalid/h.png" onerror="x()"><script>x()</script>'
    "[l](javascript:x()) :material/bolt: $x$ **bold** \x1b[31m\u202e =HYPERLINK(1)"
)
#: Streamlit elements that read markdown, or HTML, or that fetch what they are given.
READS_MARKUP = ("markdown", "caption", "header", "subheader", "title", "metric", "info", "warning", "error", "button")


def poisoned(one: Claim) -> Claim:
    strings = {
        field.name: POISON
        for field in fields(Claim)
        if field.name in ("attacker", "place", "place_text", "admin1", "admin2", "country", "date_text", "source")
    }
    sentence = f"{POISON} {one.text} {POISON}"
    at = sentence.index(f" {one.text} ") + 1
    return replace(
        one, **strings, sentence=sentence, start=at, end=at + len(one.text), models=(POISON,), publisher=POISON
    )


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("overview", {"view": "Map"}),
        ("overview", {"view": "Table"}),
        ("overview", {"colour": "Weapon"}),
        ("strikes", {}),
        ("strikes", {"q": "evil.invalid"}),
        ("strikes", {"q": POISON}),
        ("method", {}),
    ],
)
def test_planted_markup_stays_text_everywhere(show: Show, name: str, url: dict[str, str]) -> None:
    planted = [poisoned(claim("killed 3", report=POISON, weapons="drone")), poisoned(claim("injured 4", report=POISON))]
    stored = StoredReport(
        POISON, planted[0].sentence, POISON, None, POISON, POISON, extra={"citation": POISON, "sample": False}
    )
    page = show(*planted, reports=(stored,), url=url, name=name)
    for kind in READS_MARKUP:
        for one in page.get(kind):
            assert "evil.invalid" not in str(getattr(one, "value", "")), kind
            assert "evil.invalid" not in str(getattr(one, "label", "")), kind
    for one in page.get("html"):
        tags = set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", one.value)) if "evil" in one.value else set()
        assert tags <= {"a", "div", "span", "mark", "table", "thead", "tbody", "tr", "th", "td"}, tags
        assert not re.findall(r'href="(?!(?:strikes|review)\?strike=)', one.value)
        assert "\x1b" not in one.value
        assert "\u202e" not in one.value
    if name == "strikes" and url.get("q") != POISON:
        assert "evil.invalid" in html.unescape(shown_evidence(page))  # it is shown, as the letters it is


def test_words_escape_and_make_visible() -> None:
    assert words.text("<b>&\u202e\x07") == "&lt;b&gt;&amp;\\u202e\\x07"
    assert words.marked("a<b>c", [(1, 4)]) == "a<mark>&lt;b&gt;</mark>c"


def test_a_report_without_a_title_is_named_by_its_first_line() -> None:
    assert evidence.headline(Report("id", "\n\n  First line \nSecond")) == "First line"
    assert evidence.headline(Report("id", "   ")) == "id"
    assert len(evidence.headline(Report("id", "word " * 400))) == 160


# -- data access -------------------------------------------------------------------------------------------------------


def test_building_a_snapshot_keeps_reports_of_a_measure_apart() -> None:
    shown = snapshot(*THREE)
    assert shown.reports(shown.table) == 3
    assert shown.reports(shown.table, Measure.INJURED) == 1
    assert shown.reports(shown.table, Measure.MISSING) == 0
    assert shown.reports(shown.table.iloc[:0]) == 0


def test_an_analysts_first_reports_take_the_place_of_the_sample(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tracker.ingest import read_reports
    from tracker.store import Store

    database = tmp_path / "mine.db"
    monkeypatch.setenv("TRACKER_DB", str(database))
    assert data.current().sample
    (tmp_path / "mine.txt").write_text("A missile strike on Poltava killed 12 people on 3 September 2024.", "utf-8")
    with Store.open(database) as store:
        store.ingest(read_reports([tmp_path / "mine.txt"], published=dt.date(2024, 9, 4)))
    mine = data.current()
    assert not mine.sample
    assert options(mine.table, Facet.CITY) == ["Poltava"]
