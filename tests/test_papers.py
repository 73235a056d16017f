"""A report on the desk: its details, its claims as rows, what changes of them come to, and its text with marks."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.factory import claim
from tracker.corrections import Action, Change
from tracker.ingest import Received, read_upload
from tracker.models import Claim, Field, Group, Measure, Relation, Report
from tracker.pages import add_words, marks, papers
from tracker.pages.add_desk import MOST_REPORTS, Desk
from tracker.pages.papers import KEEP, Edit, Paper, Readings, edits_in, key_of, moment, outcome, rows

KYIV = claim(
    "killed 9..", report="r", place="Kyiv", admin1="Kyiv City", weapons="drone", sentence="Nine died.", start=0
)
LATER = claim("injured 63", report="r", place=None, date=None, sentence="It hurt 63.", start=20)
BOTH = [KYIV, LATER]


def changed(which: Claim, **edit: Any) -> papers.Outcome:
    return outcome(BOTH, {key_of(which): edit})


# -- details ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "time", "zone", "found"),
    [
        (None, None, None, None),
        ("2025-04-24", None, None, "2025-04-24"),
        ("2025-04-24", None, "UTC", "2025-04-24"),
        ("2025-04-24", "07:30", "UTC+03:00", "2025-04-24T07:30:00+03:00"),
        ("2025-04-24", "07:30", "UTC-03:30", "2025-04-24T07:30:00-03:30"),
    ],
)
def test_a_moment_is_made_of_a_day_a_time_and_a_zone(
    day: str | None, time: str | None, zone: str | None, found: str | None
) -> None:
    made = moment(day and dt.date.fromisoformat(day), time and dt.time.fromisoformat(time), zone)  # type: ignore[arg-type]
    assert (made and made.isoformat()) == found
    if time:
        assert papers.parts(made) == (dt.date.fromisoformat(str(day)), dt.time.fromisoformat(time), zone)


@pytest.mark.parametrize(
    ("day", "zone", "said"),
    [(None, "UTC", "A time needs its day"), (dt.date(2025, 4, 24), None, "A time needs its zone")],
)
def test_a_time_without_its_day_or_zone_is_refused(day: dt.date | None, zone: str | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moment(day, dt.time(7, 30), zone)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("", True),
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("https://user@example.org/", False),
        ("https://example.org/\u202e", False),
        ("example.org", False),
        ("https://", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, good: bool) -> None:
    assert (papers.link_problem(url) == "") is good


PAGE = b"""<html><head><title>Nine killed in Kyiv</title><meta property="article:published_time"
content="2025-04-24T07:30:00+03:00"><meta property="og:site_name" content="Example Agency">
<link rel="canonical" href="https://example.org/kyiv"></head><body><article><p>A missile hit an apartment block in Kyiv
before dawn, killing nine people and injuring 63, the mayor said on Thursday. Rescuers searched the rubble.</p>
<p>Residents of the district described how windows broke in all of the houses along the avenue.</p></article></body>
</html>"""


def test_what_a_page_says_of_itself_is_known_to_be_a_guess() -> None:
    [record] = read_upload("kyiv.html", PAGE)
    assert isinstance(record, Received)
    assert Paper.of(record).guessed == {"title", "publisher", "url", "published"}
    [typed] = read_upload("kyiv.txt", b"Nine people were killed in Kyiv.")
    assert isinstance(typed, Received)
    assert Paper.of(typed).guessed == frozenset()


# -- rows ------------------------------------------------------------------------------------------------------


def test_untouched_rows_change_nothing() -> None:
    table = rows(BOTH, {})
    assert table["number"].tolist() == [1, 2]
    assert edits_in(table, BOTH) == {}
    assert rows([], {}).empty


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        (KEEP, False, False),
        ("low", 10, 10),
        ("high", 12, 12),
        ("measure", "injured", "injured"),
        ("place", "  Lviv ", "Lviv"),
        ("place", "", None),
        ("date", dt.datetime(2025, 4, 23), dt.date(2025, 4, 23)),
        ("date_end", dt.datetime(2025, 4, 25), dt.date(2025, 4, 25)),
        ("weapons", ["missile", "drone"], ["drone", "missile"]),
        ("weapons", None, []),
        ("attacker", "Russia", "Russia"),
    ],
)
def test_a_changed_cell_is_kept_beside_what_was_read(column: str, value: Any, kept: Any) -> None:
    table = rows(BOTH, {}).astype({column: object})
    table.at[0, column] = value
    edits = edits_in(table, BOTH)
    assert edits == {key_of(KYIV): {column: kept}}
    again = rows(BOTH, edits)
    assert edits_in(again, BOTH) == edits, "drawn again, it is the same"


def test_changes_stay_with_their_claims_when_the_date_of_publication_changes() -> None:
    moved = [replace(one, published=dt.date(2025, 5, 1), date=dt.date(2025, 4, 30)) for one in BOTH]
    assert outcome(moved, {key_of(KYIV): {"low": 8}}).drafts[0].held == (moved[0],)


# -- what changes come to --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "action", "change"),
    [
        ({KEEP: False}, Action.REJECT, Change()),
        ({KEEP: False, "low": 1}, Action.REJECT, Change()),
        ({"low": 10}, Action.FIGURE, Change(low=10)),
        ({"high": 9}, Action.FIGURE, Change(low=9, high=9)),
        ({"measure": "injured"}, Action.RECODE, Change(measure=Measure.INJURED)),
        ({"group": "children"}, Action.RECODE, Change(group=Group.CHILDREN)),
        ({"weapons": []}, Action.RECODE, Change(weapons=())),
        ({"attacker": None}, Action.RECODE, Change(attacker="")),
        ({"date": dt.date(2025, 4, 23)}, Action.MOVE, Change(date=dt.date(2025, 4, 23))),
        (
            {"date_end": dt.date(2025, 4, 25)},
            Action.MOVE,
            Change(date=dt.date(2025, 4, 24), date_end=dt.date(2025, 4, 25)),
        ),
    ],
)
def test_changes_become_corrections(edit: Edit, action: Action, change: Change) -> None:
    found = changed(KYIV, **edit)
    assert [(draft.action, draft.held, draft.change) for draft in found.drafts] == [(action, (KYIV,), change)]
    assert found.problems == ()
    assert found.now[1] == LATER


def test_one_claim_can_be_changed_in_several_ways() -> None:
    found = changed(KYIV, low=10, date=dt.date(2025, 4, 23), group="civilians")
    assert [draft.action for draft in found.drafts] == [Action.FIGURE, Action.MOVE, Action.RECODE]
    now = found.now[0]
    assert now is not None
    assert (now.low, now.date, now.group, now.measure) == (10, dt.date(2025, 4, 23), Group.CIVILIANS, Measure.KILLED)


@pytest.mark.parametrize(
    ("which", "edit", "place"),
    [
        (KYIV, {"place": "Lviv"}, ("Lviv", "Lviv", "Ukraine")),
        (KYIV, {"place": "Kharkov"}, ("Kharkiv", "Kharkiv", "Ukraine")),
        (KYIV, {"place": "Warsaw"}, ("Warsaw", "Masovian", "Poland")),
        (KYIV, {"place": None}, (None, "Kyiv City", "Ukraine")),
        (LATER, {"admin1": "Sumy"}, (None, "Sumy", "Ukraine")),
        (LATER, {"country": "Poland"}, (None, None, "Poland")),
    ],
)
def test_a_place_is_looked_up(which: Claim, edit: Edit, place: tuple[str | None, ...]) -> None:
    found = changed(which, **edit)
    change = found.drafts[0].change
    assert (change.place, change.admin1, change.country) == place
    assert (change.lat is not None) is (place[0] is not None)
    assert "placed in" in found.notes[0]


def test_a_place_that_nobody_knows_is_said_to_be_unknown() -> None:
    found = changed(KYIV, place="Nosuchtown")
    assert found.drafts[0].change.lat is None
    assert "knows no place called Nosuchtown" in found.notes[0]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"low": None, "high": None}, "#1: a figure needs a number"),
        ({"low": 12, "high": 9}, "#1: its lowest figure, 12, is above its highest, 9."),
        ({"low": -1}, "#1: a figure is not below zero"),
        ({"date": None}, "#1: a correction cannot make a date unknown"),
        ({"date_end": dt.date(2025, 4, 1)}, "#1: its last day, 2025-04-01, is before its first, 2025-04-24."),
        ({"place": None, "admin1": None, "country": None}, "#1: a correction cannot make a place unknown"),
        ({"measure": None}, "#1: it needs a measure and a group."),
    ],
)
def test_a_change_that_says_nothing_is_refused_in_words(edit: Edit, said: str) -> None:
    found = changed(KYIV, **edit)
    assert found.problems[0].startswith(said)


def test_claims_that_cannot_be_told_apart_are_not_corrected_by_guess() -> None:
    twin = replace(KYIV, claim_id="other", low=11)
    found = outcome([KYIV, twin], {key_of(KYIV): {KEEP: False}})
    assert "cannot be told apart" in found.problems[0]


def test_changes_are_said_cell_by_cell() -> None:
    edits = {
        key_of(KYIV): {"low": 1200, "high": None, "weapons": [], "place": "Lviv", "date": dt.date(2025, 4, 23)},
        key_of(LATER): {KEEP: False},
    }
    assert add_words.changes(BOTH, edits) == [
        "#1: lowest 9 → 1,200, highest – → –, weapons drone → –, place Kyiv → Lviv, day 2025-04-24 → 2025-04-23.",
        "#2: injured 63 is rejected.",
    ]


# -- the text with its marks -----------------------------------------------------------------------------------

TEXT = "At least nine people died in Kyiv.\nAnother 63 were hurt <b>badly</b>\u202e."


def at(words: str, figure: str, field: Field = Field.TEXT, text: str = TEXT, **given: Any) -> Claim:
    start = text.index(words)
    return replace(claim(figure), text=words, start=start, end=start + len(words), field=field, **given)


def marked(*claims: Claim, text: str = TEXT, title: str | None = None, gone: int | None = None) -> str:
    numbered = [marks.Mark(number, one, None if number == gone else one) for number, one in enumerate(claims, 1)]
    return marks.marked(Report("r", text, title=title), numbered)


def plain(shown: str) -> list[str]:
    return [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in re.findall(r"<mark.*?</mark>", shown, re.DOTALL)]


def test_every_figure_is_marked_with_its_number_and_measure() -> None:
    shown = marked(at("nine", "killed 9"), at("63", "injured 63"))
    assert plain(shown) == ["nine#1 killed", "63#2 injured"]
    assert "st-m-killed" in shown
    assert "&lt;b&gt;badly&lt;/b&gt;\\u202e" in shown
    assert "Kyiv.\nAnother" in shown, "lines are kept"


def test_a_figure_that_is_read_twice_has_one_mark_with_both() -> None:
    shown = marked(at("At least nine", "killed 9.."), at("nine", "casualties 9"))
    assert plain(shown) == ["At least nine#1 killed#2 casualties"]


def test_a_rejected_figure_stays_visible() -> None:
    shown = marked(at("nine", "killed 9"), at("63", "injured 63"), gone=1)
    assert plain(shown) == ["nine#1 killed", "63#2 injured"]
    assert shown.count("st-gone") == 1
    assert "st-m-killed" not in shown


def test_the_title_is_marked_too() -> None:
    title = "Nine die"
    shown = marked(at("Nine", "killed 9", Field.TITLE, title), title=title)
    assert plain(shown) == ["Nine#1 killed"]


def test_a_long_report_shows_what_stands_around_its_figures() -> None:
    filler = "Nothing happened here. " * 20_000
    text = f"{filler}At least nine died.{filler}"
    one = at("nine", "killed 9", text=text)
    shown = marked(one, text=text)
    assert plain(shown) == ["nine#1 killed"]
    assert len(shown) < 3_000
    assert "only what stands around" in marks.left_out(Report("r", text), [marks.Mark(1, one, one)])


def test_the_legend_names_each_measure_and_how_often_it_is_stated() -> None:
    numbered = [marks.Mark(n, one, one) for n, one in enumerate([KYIV, LATER, LATER], 1)]
    said = re.sub(r"<[^>]+>", " ", marks.legend([*numbered, marks.Mark(4, KYIV, None)])).split()
    assert said == ["killed", "1", "injured", "2", "rejected", "1"]


def test_every_measure_has_a_colour() -> None:
    style = Path(papers.__file__).with_name("style.css").read_text("utf-8")
    assert [one for one in Measure if not re.search(rf"\.st-m-{one}\b[^}}]*\{{ --m:", style)] == []


def test_relations_are_said_in_words() -> None:
    assert set(papers.RELATIONS) == set(Relation)


# -- the desk --------------------------------------------------------------------------------------------------


def test_claims_are_read_once_and_not_kept_without_end() -> None:
    asked: list[str] = []

    def read(report: Report) -> list[Claim]:
        asked.append(report.id)
        return [KYIV] * 4

    readings = Readings(read, most=10)
    reports = [Report(str(n), "text") for n in range(4)]
    for report in [*reports, *reports[2:], reports[0]]:
        readings.of(report)
    assert asked == ["0", "1", "2", "3", "0"]


def test_a_batch_is_broken_off_and_goes_on(plain_reader: None) -> None:
    raw = "".join(f'{{"id": "{n}", "text": "{n} killed in Kyiv"}}\n' if n % 25 else "bad\n" for n in range(500))
    desk = Desk(read_upload("b.jsonl", raw.encode()))
    for number in desk.take_in():
        if number == 100:
            break
    assert len(desk.entries) == 100
    list(desk.take_in())
    assert (len(desk.papers), len(desk.unread)) == (480, 20)
    for done, total in desk.look(None):
        assert total == 480
        if done == 200:
            break
    assert len(desk.unlooked()) == 280
    list(desk.look(None))
    assert desk.unlooked() == []
    assert sum(paper.figures for paper in desk.papers) == 480


def test_a_report_that_cannot_be_read_takes_nothing_with_it(plain_reader: None) -> None:
    desk = Desk(iter([*read_upload("a.txt", b"3 killed in Kyiv"), *read_upload("b.txt", b"BUG")]))
    list(desk.take_in())
    list(desk.look(None))
    assert [paper.figures for paper in desk.papers] == [1]
    assert "mistake in Strike Tracker" in desk.unread[0].error.advice
    assert "b.txt" in add_words.failures(desk.unread)


def test_more_reports_than_can_be_looked_at_are_refused_in_words() -> None:
    raw = "".join(f'{{"id": "{n}", "text": "x"}}\n' for n in range(MOST_REPORTS + 5))
    desk = Desk(read_upload("b.jsonl", raw.encode()))
    list(desk.take_in())
    assert len(desk.papers) == MOST_REPORTS
    assert [failure.error.problem for failure in desk.unread] == [
        f"holds more than {MOST_REPORTS:,} reports; those from here on were not read."
    ]


def test_a_list_says_where_each_report_stands() -> None:
    lines = b'{"id": "a", "text": "x", "url": "javascript:alert(1)"}\n{"id": "b", "text": "y"}\n'
    desk = Desk(read_upload("b.jsonl", lines))
    list(desk.take_in())
    desk.papers[1].skipped = True
    assert [add_words.status(one) for one in desk.papers] == ["new, link is no web address", "left out"]


def test_what_reports_have_in_common_is_given_to_those_that_lack_it() -> None:
    records = read_upload("b.jsonl", b'{"id": "a", "text": "x"}\n{"id": "b", "text": "y", "publisher": "Q"}\n')
    desk = Desk(records)
    list(desk.take_in())
    assert desk.common(publisher="P", published=dt.date(2025, 4, 24)) == 2
    assert [(one.report.publisher, one.report.published_date) for one in desk.papers] == [
        ("P", dt.date(2025, 4, 24)),
        ("Q", dt.date(2025, 4, 24)),
    ]
