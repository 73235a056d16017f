"""The page of adding in a real browser: paste, mend, save, many files, refusals, the keyboard, both themes."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.test_browser import (
    CONTROLS,
    CUT,
    POISON,
    TOO_WIDE,
    Visit,
    browser,
    page_of,
    playwright,
    served,
    visiting,
)
from tests.test_papers import PAGE
from tracker import amend
from tracker.pages.add_desk import MOST_BYTES
from tracker.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser", "playwright"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser_desk")]

REPORT = (
    "A missile hit Poltava on Thursday, killing at least nine people and injuring 63, six of them children, the "
    "governor said.\n\nThree people were missing by noon. In Kharkiv, a glide bomb killed two people on Wednesday."
)
#: Where the columns of the table of claims have their middle: its number, Keep, As printed, Measure, Lowest, Highest.
KEEP, LOWEST, HIGHEST = 84, 390, 484


@pytest.fixture
def own(tmp_path: Path) -> Iterator[str]:
    """A dashboard on an analyst's own database, which is still empty."""
    with served(tmp_path, "--db", str(tmp_path / "own.db")) as address:
        yield address


def stored(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "own.db", create=False)


def to_add(visit: Visit) -> Page:
    page_of(visit, "Add reports")
    visit.page.get_by_label("Text", exact=True).wait_for()
    return visit.page


def paste(page: Page, text: str = REPORT, title: str = "") -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Read the text").click()
    page.locator(".st-marked").wait_for()


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    page.set_input_files(
        "input[type=file]", [{"name": name, "mimeType": "text/plain", "buffer": raw} for name, raw in files]
    )
    page.locator("[data-testid=stFileChip]").first.wait_for()
    ready(page)
    page.get_by_role("button", name="Read the files").click()


def ready(page: Page) -> None:
    page.wait_for_timeout(300)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def cell(page: Page, row: int, across: int) -> None:
    """Click a cell of the table of claims; it is drawn on a canvas, so by position."""
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    table.click(position={"x": across, "y": 35 * row + 17})


def write(page: Page, row: int, across: int, value: str) -> None:
    """Write into a cell of the table of claims."""
    ready(page)
    cell(page, row, across)
    page.wait_for_timeout(200)
    page.keyboard.type(value, delay=150)  # the table opens a box for the first key
    page.keyboard.press("Enter")
    ready(page)


def fill(page: Page, label: str, value: str) -> None:
    page.get_by_label(label).first.fill(value)
    page.keyboard.press("Tab")
    ready(page)


def day(page: Page, label: str, digits: str) -> None:
    """Type a date; it counts once the box is left."""
    box = page.get_by_test_id("stDateInput").filter(has_text=label)
    box.get_by_role("spinbutton").first.focus()
    page.keyboard.type(digits)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    ready(page)


def test_a_report_is_mended_before_it_is_saved_and_the_strike_says_so(
    browser: Browser, own: str, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    with visiting(browser, own) as visit:
        page = to_add(visit)
        paste(page, title="Nine killed in Poltava")
        marks = page.locator(".st-marked mark").all_inner_texts()
        assert [" ".join(one.split()) for one in marks][:3] == [
            "Nine#1 killed",
            "at least nine#2 killed",
            "63#3 injured",
        ]
        fill(page, "Publisher", "Example Agency")
        day(page, "Published on", "20250424")
        expect(page.locator(".st-marked mark").first).to_have_attribute("title", re.compile("Poltava"))
        write(page, 3, LOWEST, "65")
        write(page, 3, HIGHEST, "65")
        expect(page.locator(".st-marked mark").nth(2)).to_have_attribute(
            "title", re.compile("injured 65,.*as you changed it")
        )
        expect(page.get_by_text("#3: lowest 63 → 65, highest 63 → 65.")).to_be_visible()
        cell(page, 5, KEEP)
        expect(page.locator(".st-marked .st-gone")).to_have_text("#5 missing")
        page.get_by_role("button", name="Save this report").click()
        expect(page.get_by_text("Give a reason for what you changed")).to_be_visible()
        fill(page, "Reason for your changes", "The governor corrected himself")
        fill(page, "Your name", "Olena")
        page.get_by_role("button", name="Save this report").click()
        expect(page.get_by_text("From now on the dashboard shows your reports")).to_be_visible()
        expect(page.get_by_text("Sample data, not evidence.")).to_have_count(0)
        page.get_by_role("link", name="Poltava").first.click()
        expect(page.locator(".st-strike")).to_have_text("Poltava, Ukraine")
        injured = page.locator(".st-figures tr", has=page.get_by_role("rowheader", name="injured")).first
        expect(injured.locator(".number").first).to_have_text("65")
        expect(page.get_by_text("figure (Olena,").first).to_contain_text("The governor corrected himself")
        assert visit.outside == []
        assert visit.complaints == []
    with stored(tmp_path) as store:
        assert [one.correction.action.value for one in amend.log(store)] == ["figure", "reject"]
        assert [claim.low for claim in store.claims()][2] == 63, "what was read stays"


def test_the_details_of_a_page_are_confirmed_before_it_is_saved(browser: Browser, own: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with visiting(browser, own) as visit:
        page = to_add(visit)
        choose(page, ("kyiv.html", PAGE))
        expect(page.get_by_label("Publisher · from the page: check it")).to_have_value("Example Agency")
        page.get_by_role("button", name="Save this report").click()
        expect(page.get_by_text("Check the details that were taken from the page")).to_be_visible()
        with stored(tmp_path) as store:
            assert store.empty()
        page.get_by_text("I have checked the details").click()
        ready(page)
        page.get_by_role("button", name="Save this report").click()
        expect(page.get_by_role("button", name="Add another")).to_be_visible()
        with stored(tmp_path) as store:
            assert [one.url for one in store.reports()] == ["https://example.org/kyiv"]
        assert visit.outside == []


def test_five_hundred_reports_with_twenty_bad_ones(browser: Browser, own: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    lines = [
        "not json"
        if n % 25 == 7
        else json.dumps({"id": f"r{n}", "title": f"Report {n}", "text": f"Shelling killed {n + 2} people in Sumy."})
        for n in range(500)
    ]
    table = io.StringIO()
    csv.writer(table).writerows([("title", "text"), ("A table", "A drone killed two people in Odesa on 3 May 2025.")])
    with visiting(browser, own) as visit:
        page = to_add(visit)
        choose(page, ("batch.jsonl", "\n".join(lines).encode()), ("table.csv", table.getvalue().encode()))
        expect(page.get_by_text("481 reports read")).to_be_visible()
        expect(page.get_by_text("20 records could not be read")).to_be_visible()
        fill(page, "Publisher of those", "Example Agency")
        page.get_by_role("button", name="Apply").click()
        expect(page.get_by_text(re.compile("^481 reports without a date of publication"))).to_be_visible()
        ready(page)
        cell(page, 2, 18)  # the second report
        expect(page.locator(".st-marked mark")).to_have_count(1)
        expect(page.locator(".st-marked .headline")).to_have_text("Report 1")
        cell(page, 1, KEEP)
        fill(page, "Reason for your changes", "no such report")
        fill(page, "Your name", "Olena")
        page.get_by_role("button", name="Back to the list").click()
        page.get_by_role("button", name="Save 481 reports").click()
        expect(page.get_by_text("481 reports saved, 1 correction made, 20 records not taken in.")).to_be_visible()
        expect(page.get_by_text("Could not be read so far")).to_be_visible()
        page.get_by_role("button", name="Retry all").click()
        expect(page.get_by_text("0 reports could be read now and were taken in; 20 failed again.")).to_be_visible()
        assert visit.complaints == []
    with stored(tmp_path) as store:
        assert store.counts()["reports"] == 481
        assert len(store.failures()) == 20
        assert not store.stale


def test_what_is_no_report_is_refused_in_words(browser: Browser, own: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    files = [
        ("bomb.zip", b"PK\x03\x04" + b"\0" * 500),
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3"),
        ("lies.txt", b"\x1f\x8b\x08" + b"\0" * 500),
        ("large.txt", b"nine killed " * 500_000),
    ]
    with visiting(browser, own) as visit:
        page = to_add(visit)
        choose(page, *files)
        rows = page.locator(".st-failures tbody tr")
        expect(rows).to_have_count(4)
        for at, said in enumerate(("a ZIP archive", "a PDF", "a gzip archive", "larger than 5 MB")):
            expect(rows.nth(at)).to_contain_text(said)
        page.get_by_role("button", name="Start over").click()
        page.get_by_label("Text", exact=True).wait_for()
        huge = tmp_path / "huge.txt"
        with huge.open("wb") as stream:
            stream.truncate(MOST_BYTES + 1)
        page.set_input_files("input[type=file]", huge)
        expect(page.get_by_text("File must be 50.0MB or smaller.")).to_be_visible()
    with stored(tmp_path) as store:
        assert store.counts() == {"reports": 0, "claims": 0, "strikes": 0, "failures": 0}


def memory_of(address: str) -> int:
    """The most memory that the server at an address has ever held, in bytes."""
    port = str(urlsplit(address).port)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            status = (process / "status").read_text()
        except OSError:
            continue
        if b"--port" in words and port.encode() in words:
            return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) << 10
    pytest.skip("the memory of another process can be seen on Linux only")


def test_the_server_itself_refuses_a_body_that_is_too_large(browser: Browser, own: str) -> None:
    """Whoever goes around the page's own check is refused as well, and costs the server no memory."""
    with visiting(browser, own) as visit:
        page = to_add(visit)
        choose(page, ("a.txt", b"Two people were killed in Sumy."))
        page.locator(".st-marked").wait_for()
        upload = next(url for url in visit.asked if "/_stcore/upload_file/" in url)
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
        where, token = urlsplit(upload), cookies["_streamlit_xsrf"]
        head = (
            f"PUT {where.path.rsplit('/', 1)[0]}/{'1' * 32} HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Origin: {own}\r\nCookie: _streamlit_xsrf={token}\r\nX-Xsrftoken: {token}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n"
        )
        part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\n'

        def answer(rest: str, chunks: int) -> bytes:
            with socket.create_connection(("localhost", int(where.port or 0)), timeout=30) as wire:
                wire.sendall((head + rest).encode())
                try:
                    for body in [part, *[b"x" * (1 << 20)] * chunks]:
                        wire.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n" if "chunked" in rest else body)
                except OSError:
                    pass  # the server has hung up
                try:
                    return wire.recv(100).split(b"\r\n")[0]
                except OSError:
                    return b"hung up"

        before = memory_of(own)
        assert answer(f"Content-Length: {2 << 30}\r\n\r\n", 0).startswith(b"HTTP/1.1 413")
        chunked = answer("Transfer-Encoding: chunked\r\n\r\n", 400)
        assert chunked.startswith((b"HTTP/1.1 413", b"hung up"))
        assert memory_of(own) - before < 2 * MOST_BYTES
        page.get_by_role("button", name="Start over").click()
        page.get_by_label("Text", exact=True).wait_for()


def test_a_report_is_added_by_the_keyboard_alone(browser: Browser, own: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with visiting(browser, own) as visit:
        page = to_add(visit)
        page.get_by_label("Title").focus()
        page.keyboard.type("Two killed")
        page.keyboard.press("Tab")
        page.keyboard.type("A drone killed two people in Odesa on 3 May 2025.")
        page.keyboard.press("Tab")
        ready(page)
        expect(page.get_by_role("button", name="Read the text")).to_be_focused()
        page.keyboard.press("Enter")
        page.locator(".st-marked").wait_for()
        ready(page)
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.get_by_role("button", name="Save this report").evaluate("one => one === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved “Two killed” with 2 figures.")).to_be_visible()
    with stored(tmp_path) as store:
        assert store.counts()["reports"] == 1


def planted(page: Page) -> list[str]:
    """Characters of reports that would ring, hide or turn words around; Streamlit's own boxes for dates have some."""
    ready(page)
    # All at once: what is taken away while one after another is read would be waited for.
    shown = page.locator(".st-marked, .st-notice, .st-failures").evaluate_all("all => all.map(one => one.innerHTML)")
    boxes = page.locator("[data-testid=stMain] input[type=text]")
    return CONTROLS.findall("".join([*shown, *boxes.evaluate_all("all => all.map(one => one.value)")]))


def test_planted_markup_does_nothing(browser: Browser, own: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    record = {
        "id": f"planted {POISON}",
        "title": f"Nine killed {POISON}",
        "text": f"A missile killed nine people in Odesa on 3 March 2025, {POISON} officials said.",
        "published": "2025-03-04",
        "publisher": f"=HYPERLINK(1) {POISON}",
        "url": f"javascript:alert(4)//{POISON}",
    }
    name = POISON.replace("/", "|").replace("\x7f", "") + ".jsonl"
    with visiting(browser, own) as visit:
        page = to_add(visit)
        choose(page, (name, f"{json.dumps(record)}\n{POISON}\n".encode()))
        page.locator(".st-failures").wait_for()
        ready(page)
        assert not planted(page)
        cell(page, 1, 18)
        page.locator(".st-marked").wait_for()
        expect(page.get_by_text("A link is the address of a page on the web")).to_be_visible()
        assert "<script>alert(2)</script>" in page.locator(".st-marked").inner_text()
        assert not planted(page)
        fill(page, "Link", "")
        page.get_by_role("button", name="Back to the list").click()
        page.get_by_role("button", name="Save 1 report").click()
        expect(page.get_by_text("1 report saved, 1 record not taken in.")).to_be_visible()
        assert not planted(page)
        assert page.locator("img[src*=evil], a[href^=javascript], script:not([src]):has-text('alert')").count() == 0
        assert visit.outside == []
        assert visit.complaints == []


BOXES = ".st-marked, .st-marked > div, .st-legend, .st-notice, .st-failures, .st-key-add_details, .dvn-scroller"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_runs_over_the_edge(browser: Browser, own: str, theme: str) -> None:
    folder = Path(__file__).resolve().parents[1] / "screenshots"
    folder.mkdir(exist_ok=True)

    def looked_at(page: Page, name: str) -> None:
        for width in (820, 1024, 1920, 1280):
            page.set_viewport_size({"width": width, "height": 1000})
            page.wait_for_timeout(400)
            # The tables scroll sideways.
            boxes = BOXES.replace(", .dvn-scroller", "")
            assert page.locator(boxes).evaluate_all(TOO_WIDE) == [], (name, width)
            assert page.locator("[data-testid=stMain] button").evaluate_all(CUT) == [], (name, width)
            page.screenshot(path=folder / f"{name}-{theme}-{width}.png")

    with visiting(browser, own, color_scheme=theme) as visit:
        page = to_add(visit)
        looked_at(page, "add")
        paste(page, title="Nine killed in Poltava")
        ready(page)
        looked_at(page, "add-report")
        page.get_by_role("button", name="Start over").click()
        page.get_by_label("Text", exact=True).wait_for()
        choose(page, ("batch.jsonl", b'{"id": "a", "text": "Two died in Sumy."}\n' + b"x" * 300 + b"\n"))
        page.locator(".st-failures").wait_for()
        ready(page)
        looked_at(page, "add-list")
        page.get_by_role("button", name="Save 1 report").click()
        page.get_by_role("button", name="Add another").wait_for()
        ready(page)
        looked_at(page, "add-saved")
        assert visit.outside == []
        assert visit.complaints == []
