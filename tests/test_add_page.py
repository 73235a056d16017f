"""The page of adding, run without a browser: paste, look, confirm, mend, save; files, many reports, refusals, retry."""

from __future__ import annotations

import datetime as dt
import html
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_papers import PAGE
from tracker import amend, lexicon
from tracker.ingest import MAX_UPLOAD_BYTES, Unreadable
from tracker.pages import add_paper, papers
from tracker.pages.add_desk import MOST_BYTES
from tracker.store import Store

REPORT = "A missile hit Kyiv on Thursday, killing at least nine people and injuring 63, the mayor said."


def add_page() -> None:
    from tracker.pages import add, frame

    frame.show_desk(add.page)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An analyst's own database, which does not exist yet."""
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "own.db"))
    return tmp_path / "own.db"


@pytest.fixture
def page(database: Path) -> AppTest:
    shown = AppTest.from_function(add_page, default_timeout=60).run()
    assert not shown.exception
    return shown


def pressed(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def paste(page: AppTest, text: str = REPORT, title: str = "") -> AppTest:
    page.text_input[0].set_value(title)
    page.text_area[0].set_value(text)
    return pressed(page, "add_read_text")


def choose(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    page.file_uploader[0].set_value([(name, raw, "text/plain") for name, raw in files])
    return pressed(page, "add_read_files")


def box(page: AppTest, label: str) -> Any:
    boxes = [*page.text_input, *page.date_input, *page.time_input, *page.selectbox, *page.checkbox]
    return next(one for one in boxes if one.label.startswith(label))


def fill(page: AppTest, label: str, value: Any) -> AppTest:
    box(page, label).set_value(value).run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    """What the page says in HTML of its own, as plain words."""
    shown = " ".join(one.value for one in page.get("html") if not one.value.lstrip().startswith("<style"))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def marks(page: AppTest) -> list[str]:
    shown = "".join(one.value for one in page.get("html"))
    return [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in re.findall(r"<mark.*?</mark>", shown, re.DOTALL)]


def stored(database: Path) -> Store:
    return Store.open(database, create=False)


def editing(monkeypatch: pytest.MonkeyPatch, *changes: dict[str, Any]) -> None:
    """Changes of the first claims, as the table would give them (AppTest knows no table to edit)."""

    def table(desk: Any, paper: Any, at: int, claims: Any) -> Any:
        return {papers.key_of(claim): edit for claim, edit in zip(claims, changes, strict=False) if edit}

    monkeypatch.setattr(add_paper, "table", table)


# -- one report --------------------------------------------------------------------------------------------------


def test_a_report_is_pasted_looked_at_and_saved(page: AppTest, database: Path) -> None:
    paste(page, title="Nine killed in Kyiv")
    assert marks(page) == ["Nine#1 killed", "at least nine#2 killed", "63#3 injured"]
    assert "stay unresolved" in said(page)
    fill(page, "Publisher", "Example Agency")
    fill(page, "Link", "https://example.org/kyiv")
    fill(page, "Published on", dt.date(2025, 4, 25))
    assert "stay unresolved" not in said(page)
    with stored(database) as store:
        assert store.empty(), "nothing is stored before it is saved"
    pressed(page, "add_save")
    assert "Saved “Nine killed in Kyiv” with 3 figures." in said(page)
    assert "Kyiv, Kyiv City, Ukraine, 24 Apr 2025" in said(page)
    assert "shows your reports, and no longer the sample" in said(page)
    with stored(database) as store:
        [report] = store.reports()
        assert (report.publisher, report.url, report.published) == (
            "Example Agency",
            "https://example.org/kyiv",
            dt.date(2025, 4, 25),
        )
        assert report.accessed is not None
        [strike] = store.strikes()
        assert f'href="strikes?strike={strike.strike_id}"' in "".join(one.value for one in page.get("html"))
    pressed(page, "add_another")
    assert page.text_area[0].value == ""
    assert not [one for one in page.warning if "Sample data" in one.value]


def test_saving_the_same_report_again_changes_nothing(page: AppTest, database: Path) -> None:
    pressed(paste(page), "add_save")
    with stored(database) as store:
        before = store.revision()
    pressed(page, "add_another")
    paste(page)
    assert "This report is stored already, unchanged." in said(page)
    pressed(page, "add_save")
    assert "is stored already, unchanged." in said(page)
    with stored(database) as store:
        assert store.revision() == before


def test_the_same_text_of_another_publisher_is_said_to_be_known(page: AppTest) -> None:
    fill(paste(page, REPORT + " " + "The street was closed for hours. " * 4), "Publisher", "P")
    pressed(page, "add_save")
    pressed(page, "add_another")
    paste(page, REPORT + " " + "The street was closed for hours. " * 4 + "It is open now.")
    assert "The same text, or nearly, is stored as report pasted-" in said(page)
    assert "(P)" in said(page)


def test_another_text_under_a_known_id_is_said_to_replace_it(page: AppTest) -> None:
    pressed(choose(page, ("report.txt", REPORT.encode())), "add_save")
    pressed(page, "add_another")
    choose(page, ("report.txt", b"Shelling killed two people in Sumy."))
    assert "Another text is stored under this id." in said(page)
    fill(page, "Id", "another")
    assert "Another text" not in said(page)


def test_what_is_edited_needs_a_reason_and_a_name(
    page: AppTest, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editing(monkeypatch, {"low": 10, "high": 10}, {papers.KEEP: False})
    paste(page)
    assert marks(page) == ["at least nine#1 killed", "63#2 injured"]
    pressed(page, "add_save")
    assert "Give a reason for what you changed" in said(page)
    assert "Give your name" in said(page)
    fill(page, "Reason for your changes", "The mayor corrected himself")
    fill(page, "Your name", "Olena")
    pressed(page, "add_save")
    assert "and 2 corrections." in said(page)
    with stored(database) as store:
        log = [entry.correction for entry in amend.log(store)]
        assert [(one.action.value, one.who, one.why) for one in log] == [
            ("figure", "Olena", "The mayor corrected himself"),
            ("reject", "Olena", "The mayor corrected himself"),
        ]
        [strike] = store.strikes()
        assert [(str(one.measure), one.best) for one in strike.figures] == [("killed", 10)]


def test_a_change_that_cannot_be_is_not_saved(page: AppTest, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editing(monkeypatch, {"low": 10, "high": 2})
    paste(page)
    assert "#1: its lowest figure, 10, is above its highest, 2." in said(page)
    fill(page, "Reason for your changes", "because")
    fill(page, "Your name", "Olena")
    pressed(page, "add_save")
    with stored(database) as store:
        assert store.empty()


@pytest.mark.parametrize(
    ("label", "value", "problem"),
    [
        ("Link", "javascript:alert(1)", "A link is the address of a page on the web"),
        ("At", dt.time(7, 30), "A time needs its day"),
        ("Id", " ", "A report needs an id"),
    ],
)
def test_a_detail_that_cannot_be_is_refused_in_words(
    page: AppTest, database: Path, label: str, value: Any, problem: str
) -> None:
    fill(paste(page), label, value)
    pressed(page, "add_save")
    assert problem in said(page)
    with stored(database) as store:
        assert store.empty()


def test_a_time_counts_with_its_zone(page: AppTest) -> None:
    paste(page, "Shelling killed two people in Kyiv yesterday.")
    fill(page, "Published on", dt.date(2025, 4, 25))
    fill(page, "At", dt.time(23, 30))
    fill(page, "Zone", "UTC")
    assert "25 Apr 2025" in "".join(one.value for one in page.get("html")), "it was the 26th in Kyiv by then"


def test_what_a_page_says_of_itself_is_confirmed_first(page: AppTest, database: Path) -> None:
    choose(page, ("kyiv.html", PAGE))
    assert box(page, "Title").label == "Title · from the page: check it"
    assert (box(page, "Title").value, box(page, "Publisher").value) == ("Nine killed in Kyiv", "Example Agency")
    assert (box(page, "Published on").value, box(page, "At").value, box(page, "Zone").value) == (
        dt.date(2025, 4, 24),
        dt.time(7, 30),
        "UTC+03:00",
    )
    pressed(page, "add_save")
    assert "Check the details that were taken from the page" in said(page)
    with stored(database) as store:
        assert store.empty()
    fill(page, "I have checked", True)
    pressed(page, "add_save")
    with stored(database) as store:
        [report] = store.reports()
        assert report.published == dt.datetime(2025, 4, 24, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))


def test_control_characters_are_shown_and_kept_as_they_came(page: AppTest, database: Path) -> None:
    paste(page, title="Nine \u202e killed")
    assert box(page, "Title").value == "Nine \\u202e killed"
    pressed(page, "add_save")
    with stored(database) as store:
        assert store.reports()[0].title == "Nine \u202e killed"


def test_nothing_to_read_is_said(page: AppTest) -> None:
    assert "Paste the words of a report first." in said(pressed(page, "add_read_text"))
    assert "Choose files first." in said(pressed(page, "add_read_files"))
    assert "No figure is read in this report." in " ".join(one.value for one in paste(page, "A quiet day.").caption)


def test_the_sample_takes_no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SAMPLE", "1")
    page = AppTest.from_function(add_page, default_timeout=60).run()
    paste(page)
    assert marks(page) == ["at least nine#1 killed", "63#2 injured"]
    assert "Start it without --sample" in said(page)
    assert "add_save" not in [one.key for one in page.button]


# -- many --------------------------------------------------------------------------------------------------------


def batch(number: int, bad: int) -> bytes:
    """So many reports, some of them no reports."""
    every = number // bad if bad else number + 1
    lines = [
        "not json" if n % every == 0 and bad else f'{{"id": "r{n}", "text": "Shelling killed {n + 2} people in Sumy."}}'
        for n in range(number)
    ]
    return "\n".join(lines).encode()


def test_many_reports_are_saved_at_once_and_the_bad_ones_named(page: AppTest, database: Path) -> None:
    choose(page, ("batch.jsonl", batch(40, 4)), ("notes.txt", REPORT.encode()))
    shown = " ".join(one.value for one in page.markdown)
    assert "37 reports read" in shown
    assert "4 records could not be read" in shown
    assert "batch.jsonl 1 is not JSON" in said(page)
    fill(page, "Publisher of those", "Example Agency")
    fill(page, "Day of those", dt.date(2025, 4, 24))
    pressed(page, "add_common_apply")
    assert page.button(key="add_save_all").label == "Save 37 reports"
    pressed(page, "add_save_all")
    assert "37 reports saved, 4 records not taken in." in said(page)
    with stored(database) as store:
        assert store.counts()["reports"] == 37
        assert {(one.publisher, one.published) for one in store.reports()} == {("Example Agency", dt.date(2025, 4, 24))}
        assert [failure.origin.line for failure in store.failures()] == [1, 11, 21, 31]
        assert not store.stale
    choose(pressed(page, "add_another"), ("batch.jsonl", batch(40, 4)))
    pressed(page, "add_save_all")
    with stored(database) as store:
        assert store.counts()["reports"] == 37
        assert len(store.failures()) == 4


def test_one_report_of_many_is_opened_mended_and_left_out(
    page: AppTest, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(page, ("batch.jsonl", batch(3, 0)))
    desk = page.session_state["add_desk"]
    desk.open = 1
    editing(monkeypatch, {"low": 7, "high": 7})
    page.run()
    fill(page, "Reason for your changes", "counted again")
    fill(page, "Your name", "Olena")
    pressed(page, "add_back")
    desk.open = 2
    page.run()
    pressed(page, "add_skip")
    pressed(page, "add_save_all")
    assert "2 reports saved, 1 correction made." in said(page)
    with stored(database) as store:
        assert [one.id for one in store.reports()] == ["r0", "r1"]
        assert len(amend.log(store)) == 1


def test_what_could_not_be_read_is_tried_again_and_taken_off_the_list(page: AppTest, database: Path) -> None:
    choose(page, ("a.txt", b"\xff\xfe"), ("b.jsonl", b'{"id": "r", "text": ""}'))
    assert page.button(key="add_save_all").label == "Keep these for another try"
    pressed(page, "add_save_all")
    pressed(page, "add_another")
    pressed(page, "add_retry")
    assert "0 reports could be read now and were taken in; 2 failed again." in said(page)
    with stored(database) as store:
        [bad] = [one for one in store.failures() if one.origin.path.endswith("b.jsonl")]
        mended = Unreadable(bad.origin, b'{"id": "r", "text": "Two people died in Sumy."}', bad.error)
        with store.writing() as connection:
            from tracker import intake

            intake.keep_failure(connection, mended)
    pressed(page, "add_retry")
    assert "1 report could be read now and was taken in; 1 failed again." in said(page)
    page.selectbox(key="add_kept_one").set_value(0).run()
    pressed(page, "add_dismiss")
    assert "One record was taken off the list." in said(page)
    with stored(database) as store:
        assert store.failures() == []
        assert [one.id for one in store.reports()] == ["r"]


# -- refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "problem"),
    [
        ("bomb.zip", b"PK\x03\x04" + b"\0" * 4_000, "ZIP"),
        ("lies.txt", b"PK\x03\x04" + b"\0" * 4_000, "ZIP"),
        ("lies.html", b"%PDF-1.7\n" + b"x" * 4_000, "PDF"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 4_000, "PNG"),
        ("large.txt", b"killed nine " * 500_000, "larger than 5 MB"),
    ],
)
def test_files_that_are_no_reports_are_refused_in_words(page: AppTest, name: str, raw: bytes, problem: str) -> None:
    choose(page, (name, raw))
    assert problem in said(page)
    assert name in said(page)
    assert not page.session_state["add_desk"].papers


def test_too_much_at_once_is_refused_before_it_is_read(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    half = b"x" * (MOST_BYTES // 2 + 1)
    choose(page, ("a.txt", half), ("b.txt", half))
    assert "hold more than 50 MB together" in said(page)
    assert "add_desk" not in page.session_state


def test_the_server_refuses_what_the_page_does() -> None:
    config = tomllib.loads((lexicon.bundled(".streamlit") / "config.toml").read_text("utf-8"))
    assert config["server"]["maxUploadSize"] << 20 == MOST_BYTES <= MAX_UPLOAD_BYTES


POISON = "![i](https://evil.invalid/i.png)<img src=https://evil.invalid/h.png onerror=alert(1)>[l](javascript:alert(3))"


@pytest.mark.parametrize("name", [f"{POISON.replace('/', '|')}.txt", "=HYPERLINK(1).txt", "../../etc/passwd.txt"])
def test_planted_words_stay_words(page: AppTest, name: str, write: Callable[..., Path]) -> None:
    choose(page, (name, f"{REPORT} {POISON}".encode()), ("b.txt", b"\0"))
    desk = page.session_state["add_desk"]
    desk.open = 0
    page.run()
    shown = "".join(one.value for one in page.get("html") if "<style" not in one.value)
    assert "<img" not in shown
    assert "&lt;img src=https://evil.invalid/h.png onerror=alert(1)&gt;" in shown
    assert not [one.value for one in [*page.markdown, *page.caption] if "evil.invalid" in one.value]
