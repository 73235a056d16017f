"""Review and Corrections in a real browser: one key each, seen on every page, undone, two analysts at once."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from tests.test_browser import (  # the fixtures are used by name
    Visit,
    browser,
    choose,
    drawn,
    playwright,
    served,
    visiting,
)
from tracker.cli import app
from tracker.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Locator

__all__ = ["browser", "playwright"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser_desk")]

REPORTS = [
    {"id": "a", "text": "Residents said 4 people were killed by a drone in Kharkiv on 1 May 2025.", "publisher": "A"},
    {"id": "b", "text": "The mayor said 9 people were killed by a drone in Kharkiv on 1 May 2025.", "publisher": "B"},
    {"id": "c", "text": "Dozens of people were injured in a drone attack on Odesa on 2 May 2025.", "publisher": "A"},
    {"id": "d", "text": "An explosion killed 240 people in Lviv on 3 May 2025.", "publisher": "A"},
    {"id": "e", "text": "A missile killed three people in Dnipro on 4 May 2025.", "publisher": "B"},
]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    source = tmp_path / "reports.jsonl"
    source.write_text("".join(json.dumps({**one, "published": "2025-05-05"}) + "\n" for one in REPORTS), "utf-8")
    assert CliRunner().invoke(app, ["ingest", str(source), "--db", str(tmp_path / "t.db")]).exit_code == 0
    return tmp_path / "t.db"


@pytest.fixture
def address(base: Path) -> Iterator[str]:
    with served(base.parent, "--db", str(base)) as address:
        yield address


def at_desk(visit: Visit, address: str, page: str = "review") -> None:
    visit.page.goto(f"{address}/{page}")
    visit.page.wait_for_selector(".st-key-review_item" if page == "review" else ".st-log")


def idle(visit: Visit) -> None:
    """Wait until the page has run, and has been told by the browser who is at the desk."""
    for _ in range(2):
        visit.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        visit.page.wait_for_timeout(300)


def begin(visit: Visit, key: str) -> None:
    """Press the key of an action, and wait until its form takes what is typed."""
    idle(visit)
    visit.page.keyboard.press(key)
    visit.page.wait_for_selector(".st-key-review_form input:focus")


def write(visit: Visit, table: Locator, cell: str, at: Any, value: str) -> None:
    """Write into a cell of a table. It is drawn on a canvas, and what is typed before that is ready is lost."""
    for _ in range(5):
        table.click(position=at)
        visit.page.wait_for_timeout(300)
        visit.page.keyboard.type(value)
        visit.page.keyboard.press("Enter")
        idle(visit)
        if table.get_by_test_id(cell).text_content() == value:
            return
    pytest.fail(f"{cell} does not take {value}")


def decide(visit: Visit, why: str, who: str | None = None) -> None:
    """Fill the form in, from the keyboard alone, and send it."""
    form = visit.page.locator(".st-key-review_form")
    if who is not None:
        form.get_by_label("Your name").fill(who)
    form.get_by_label("Why").fill(why)
    visit.page.keyboard.press("Enter")


def killed_in_all(visit: Visit, address: str, query: str = "") -> str:
    """The headline number of the dead on the overview."""
    visit.page.goto(f"{address}/{query}")
    drawn(visit.page)
    card = visit.page.locator(".st-card", has=visit.page.locator(".what", has_text=re.compile("^Killed$")))
    return card.locator(".best").inner_text().split("[")[0].strip()


def test_what_is_decided_by_key_shows_on_every_page_and_can_be_undone(browser, address: str) -> None:  # type: ignore[no-untyped-def]
    with visiting(browser, address) as visit:
        page = visit.page
        assert killed_in_all(visit, address) == "252"
        at_desk(visit, address)
        assert "240 is very high" in page.locator(".st-doubts").inner_text()
        begin(visit, "x")
        decide(visit, "An earthquake, not an attack", who="Olena")
        page.get_by_text("Correction 1 is in force").wait_for()
        page.locator(".st-doubts", has_text="sources disagree").wait_for()
        # every page
        assert killed_in_all(visit, address) == "12"
        page.goto(f"{address}/strikes")
        page.wait_for_selector(".st-evidence")
        assert "Lviv" not in page.get_by_test_id("stMainBlockContainer").inner_text()
        at_desk(visit, address, "corrections")
        assert "Olena rejected killed, “240” (report d)" in page.locator(".st-log").inner_text()
        idle(visit)
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV").click()
        rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
        assert [(row["action"], row["who"], row["why"]) for row in rows] == [
            ("reject", "Olena", "An earthquake, not an attack")
        ]
        # and back; the browser still knows who is there
        page.get_by_text("Take back", exact=True).click()
        assert page.get_by_label("Your name").count() == 0
        page.get_by_label("Why it is taken back").fill("It was an attack after all")
        page.keyboard.press("Enter")
        page.get_by_text("Undone by correction 2.").wait_for()
        assert killed_in_all(visit, address) == "252"
        assert visit.outside == []
        assert visit.complaints == []


def test_a_corrected_figure_is_in_the_evidence_the_history_and_the_export(browser, address: str, base: Path) -> None:  # type: ignore[no-untyped-def]
    with visiting(browser, f"{address}/strikes?city=Kharkiv") as visit:
        page = visit.page
        page.get_by_role("link", name="review or correct").click()
        page.wait_for_selector(".st-key-review_item")
        begin(visit, "e")
        table = page.locator(".st-key-review_form").get_by_test_id("stDataFrame")
        for column, at in ((4, 390), (5, 485)):  # the lowest and the highest of the second claim
            write(visit, table, f"glide-cell-{column}-1", {"x": at, "y": 87}, "6")
        page.get_by_role("button", name="Save: correct").and_(page.locator(":enabled")).wait_for()
        decide(visit, "Residents were asked again", who="Olena")
        page.get_by_text("is in force").first.wait_for()
        with Store.open(base) as store:
            (strike,) = (one for one in store.strikes() if one.place == "Kharkiv")
        assert [(one.low, one.best, one.high) for one in strike.figures] == [(6, 9, 9)]
        page.goto(f"{address}/strikes?city=Kharkiv")
        page.wait_for_selector(".st-evidence")
        shown = page.get_by_test_id("stMainBlockContainer").inner_text()
        assert "corrected: #1 figure (Olena, " in shown
        assert "as read; correction #1" in shown
        drawn(page)
        page.locator("[aria-label^='killed over time, now 6–9']").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV", exact=True).click()
        (row,) = csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig")))
        assert (row["killed_low"], row["killed_high"]) == ("6", "9")
        assert "Residents were asked again" in row["corrections"]


def test_two_analysts_at_once(browser, address: str, base: Path) -> None:  # type: ignore[no-untyped-def]
    with visiting(browser, address) as olena, visiting(browser, address) as ivan:
        for visit in (olena, ivan):
            at_desk(visit, address)
        begin(olena, "a")
        begin(ivan, "x")
        decide(olena, "Read it in the report", who="Olena")
        olena.page.get_by_text("Correction 1 is in force").wait_for()
        decide(ivan, "It was a film", who="Ivan")
        ivan.page.get_by_text("This strike has changed since you opened it.").wait_for()
        said = ivan.page.locator(".st-key-review_overtaken").inner_text()
        assert "Olena accepted killed, “240” (report d) as read" in said
        with Store.open(base) as store:
            assert [one.place for one in store.strikes()].count("Lviv") == 1
        ivan.page.get_by_role("button", name="Go on with what it is now").click()
        ivan.page.locator(".st-key-review_overtaken").wait_for(state="detached")
        assert ivan.complaints == olena.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page_name", ["review", "corrections"])
def test_the_desk_is_kept_as_pictures_and_nothing_runs_over(browser, address: str, theme: str, page_name: str) -> None:  # type: ignore[no-untyped-def]
    with visiting(browser, address, color_scheme=theme) as visit:
        page = visit.page
        at_desk(visit, address)
        begin(visit, "a")
        decide(visit, "Read it in the report", who="Olena")
        page.get_by_text("Correction 1 is in force").wait_for()
        at_desk(visit, address, page_name)
        folder = Path(__file__).resolve().parents[1] / "screenshots"
        folder.mkdir(exist_ok=True)
        for width in (820, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 1000})
            page.wait_for_timeout(600)
            main = page.get_by_test_id("stMainBlockContainer")
            right = main.evaluate("box => box.getBoundingClientRect().right")
            for box in page.locator(".st-key-review_item, .st-log, .st-evidence, [data-testid=stDataFrame]").all():
                found = box.bounding_box()
                assert found is not None
                assert found["x"] + found["width"] <= right + 1
            page.screenshot(path=folder / f"{page_name}-{theme}-{width}.png")


def test_kinds_of_doubt_can_be_shared_as_a_link(browser, address: str) -> None:  # type: ignore[no-untyped-def]
    with visiting(browser, address) as visit:
        at_desk(visit, address)
        choose(visit.page, "Kind of doubt", "vague")
        visit.page.get_by_text("rests on a vague word").wait_for()
        assert visit.parameters["doubt"] == ["vague"]
        with visiting(browser, visit.page.url, ready=".st-doubts") as colleague:
            colleague.page.get_by_text("rests on a vague word").wait_for()
