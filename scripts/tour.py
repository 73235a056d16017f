"""Takes the pictures of the README: the overview on the sample, and the five-minute tour on a report of our own words.

    PYTHONPATH=. python scripts/tour.py

The pictures go to ``docs/images``. Needs Chromium and playwright (the extra ``dev``).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.test_browser import WITH_WEBGL, Visit, drawn, launched, served
from tests.test_browser_review import write

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
#: The report of the tour; the README prints it.
TITLE = "Strike on market town leaves dozens hurt"
TEXT = (
    "A missile struck the market in Poltava on Thursday morning, killing at least nine people and injuring dozens, "
    "six of them children, the regional governor said. Rescuers pulled three people out of the rubble; two are still "
    "missing.\n\nThe day before, a drone had killed a driver in Myrhorod."
)


def idle(page: Page, pause: int = 900) -> None:
    """Wait until the page stands still."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(pause)


def taken(page: Page, name: str) -> None:
    """Keep what the page shows, in few colours, which is what it has."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)


def add(page: Page, address: str) -> None:
    """Paste the report and look at what is read in it."""
    page.goto(f"{address}/add")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Read the text").click()
    page.wait_for_selector(".st-marked")
    page.get_by_label("Publisher").fill("Example Agency")
    page.get_by_label("Link").fill("https://example.org/poltava")
    page.get_by_role("spinbutton", name="year, Published on").click()
    page.keyboard.type("20250424", delay=80)
    page.get_by_label("Title").click()  # puts the calendar away
    page.get_by_text("No date of publication").wait_for(state="detached")
    page.locator(".st-marked").evaluate("box => box.scrollIntoView({block: 'center'})")
    idle(page)
    taken(page, "tour-add")
    page.get_by_role("button", name="Save this report").click()
    page.get_by_role("button", name="Add another").wait_for()


def review(page: Page, address: str) -> None:
    """Look at the figure that rests on a vague word, and say what the hospital counted."""
    page.goto(f"{address}/review")
    page.wait_for_selector(".st-key-review_item")
    idle(page)
    page.keyboard.press("e")
    page.wait_for_selector(".st-key-review_form input:focus")
    table = page.locator(".st-key-review_form").get_by_test_id("stDataFrame")
    for column, at in ((4, 390), (5, 485)):  # the lowest and the highest of the third claim
        write(Visit(page), table, f"glide-cell-{column}-2", {"x": at, "y": 122}, "63")
    page.get_by_label("Your name").fill("Olena")
    page.get_by_label("Why").fill("The hospital's own list of the same evening")
    page.locator(".st-key-review_item").evaluate("box => box.scrollIntoView({block: 'start'})")
    idle(page)
    taken(page, "tour-review")
    page.get_by_label("Why").press("Enter")
    page.get_by_text("Corrections 1").or_(page.get_by_text("Correction 1")).first.wait_for()


def log(page: Page, address: str) -> None:
    """What was decided, as the log tells it."""
    page.goto(f"{address}/corrections")
    page.wait_for_selector(".st-log")
    idle(page)
    taken(page, "tour-corrections")


def main() -> None:
    """Take all pictures."""
    with sync_playwright() as playwright, launched(playwright, *WITH_WEBGL) as browser:
        with tempfile.TemporaryDirectory() as folder, served(Path(folder), "--sample") as address:
            page = browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme="light")
            page.goto(address)
            page.wait_for_selector(".st-key-exports")
            drawn(page)
            idle(page, 3000)
            taken(page, "dashboard")
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder) / "own.db"
            with served(Path(folder), "--db", str(base)) as address:
                page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
                add(page, address)
                page.goto(f"{address}/strikes")
                page.wait_for_selector(".st-evidence")
                idle(page)
                taken(page, "tour-evidence")
                review(page, address)
                log(page, address)


if __name__ == "__main__":
    main()
