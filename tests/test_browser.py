"""The dashboard in a real browser: filter, share a link, read evidence, take the CSV, and reach nobody else.

The server is the one that ``tracker dashboard`` starts. Without Chromium or playwright these tests are skipped,
unless TRACKER_REQUIRE_BROWSER=1 says that they must run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WITH_WEBGL = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
WITHOUT_WEBGL = ("--disable-gpu", "--disable-3d-apis")
WAIT = 30_000


def unavailable(reason: str) -> None:
    if os.environ.get("TRACKER_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason} (TRACKER_REQUIRE_BROWSER=1)")
    pytest.skip(reason)


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        unavailable("Chromium is not installed")
    return str(found)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("playwright is not installed")
    with sync_playwright() as started:
        yield started


@contextmanager
def launched(playwright: Playwright, *switches: str) -> Iterator[Browser]:
    quiet = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
    browser = playwright.chromium.launch(executable_path=chromium(), args=[*quiet, *switches])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, *WITH_WEBGL) as browser:
        yield browser


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """The dashboard on a free port; its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "STREAMLIT_"))},
        "STREAMLIT_SERVER_HEADLESS": "true",
        "XDG_DATA_HOME": str(folder),
    }
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "dashboard", "--port", str(port)]
    log = folder / "server.log"
    with (
        log.open("wb") as stream,
        subprocess.Popen([*command, *arguments], stdout=stream, stderr=stream, env=environment, cwd=folder) as server,
    ):
        address = f"http://localhost:{port}"
        try:
            for _ in range(300):
                assert server.poll() is None, log.read_text("utf-8", "replace")
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                pytest.fail(f"the dashboard did not start: {log.read_text('utf-8', 'replace')}")
            yield address
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("sample"), "--sample") as address:
        yield address


@dataclass
class Visit:
    """A page, what it asked for, and what it complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Requests that left this machine, or tried to."""
        here = {"localhost", "127.0.0.1"}
        return [url for url in self.asked if url.startswith(("http", "ws")) and urlsplit(url).hostname not in here]

    @property
    def parameters(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)


@contextmanager
def visiting(browser: Browser, address: str, **options: Any) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, **options)
    visit = Visit(context.new_page())
    context.on("request", lambda request: visit.asked.append(request.url))
    visit.page.on("websocket", lambda socket: visit.asked.append(socket.url))
    visit.page.on("dialog", lambda dialog: (visit.complaints.append(dialog.message), dialog.dismiss()))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda message: visit.complaints.append(message.text) if message.type == "error" else None)
    visit.page.set_default_timeout(WAIT)
    visit.page.goto(address)
    visit.page.wait_for_selector(".st-strike")
    yield visit
    context.close()


def choose(page: Page, box: str, option: str) -> None:
    page.get_by_role("combobox", name=box).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def open_row(page: Page, row: int) -> None:
    """Choose a row of the table of strikes; it is drawn on a canvas, so by position."""
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    table.click(position={"x": 18, "y": 35 * (row + 1) + 17})


def painted(page: Page) -> Image.Image:
    """What the map shows, once it has stopped changing."""
    canvas = page.locator("canvas.maplibregl-canvas")
    canvas.wait_for()
    last = b""
    for _ in range(40):
        shot = canvas.screenshot()
        if shot == last and len(set(Image.open(io.BytesIO(shot)).convert("RGB").get_flattened_data())) > 20:
            break
        last = shot
        page.wait_for_timeout(250)
    return Image.open(io.BytesIO(last)).convert("RGB")


def test_filter_share_read_and_download(browser: Browser, sample: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with visiting(browser, sample) as visit:
        page = visit.page
        expect(page.get_by_text("Sample data, not evidence.")).to_be_visible()
        expect(page.locator(".st-card .best").first).to_have_text("2")

        choose(page, "City", "Kharkiv")
        expect(page.locator(".st-card .best").first).to_have_text("1")
        assert visit.parameters["city"] == ["Kharkiv"]
        expect(page.locator(".st-strike")).to_have_text("Kharkiv, Ukraine")
        marks = page.locator(".st-sentence mark").all_inner_texts()
        assert any("46" in mark for mark in marks), marks
        expect(page.locator(".st-report").first).to_contain_text("Paraphrase · published 3 May 2025")

        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download CSV").click()
        file = tmp_path / "out.csv"
        waiting.value.save_as(file)
        assert waiting.value.suggested_filename.startswith("strikes-selection-")
        raw = file.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
        assert (row["city"], row["date"], row["weapon"]) == ("Kharkiv", "2025-05-02", "drone")
        assert (row["injured_best"], row["killed_best"]) == ("46", "")

        page.get_by_role("button", name="Reset filters").click()
        expect(page.locator(".st-card .best").first).to_have_text("2")
        assert "city" not in visit.parameters
        assert visit.outside == []
        assert visit.complaints == []


def test_a_row_opens_its_evidence_and_the_link_to_it(browser: Browser, sample: str) -> None:
    from playwright.sync_api import expect

    with visiting(browser, f"{sample}/?weapon=drone&measure=injured") as visit:
        page = visit.page
        expect(page.locator(".st-strike")).to_have_text("Kharkiv, Ukraine")
        open_row(page, 1)
        expect(page.locator(".st-strike")).to_contain_text("Kyiv")
        page.wait_for_timeout(300)
        assert visit.parameters.keys() == {"weapon", "measure", "strike"}
        with visiting(browser, page.url) as colleague:
            expect(colleague.page.locator(".st-strike")).to_contain_text("Kyiv")
            expect(colleague.page.get_by_role("combobox", name="Measure")).to_have_value("injured")


def test_the_map_draws_offline_and_a_click_filters(browser: Browser, sample: str) -> None:
    from playwright.sync_api import expect

    with visiting(browser, f"{sample}/?measure=injured&city=Kyiv&city=Kharkiv", color_scheme="light") as visit:
        page = visit.page
        picture = painted(page)
        width, height = picture.size
        # The bubbles are the only warm colour of the map; Kyiv's lies in its left half.
        warm = [
            (x, y)
            for x in range(0, width // 2, 2)
            for y in range(0, height, 2)
            if (lambda red, green, blue: red > 150 and red > green + 50 and red > blue + 50)(*picture.getpixel((x, y)))
        ]
        assert len(warm) > 50
        middle = (sum(x for x, _ in warm) / len(warm), sum(y for _, y in warm) / len(warm))
        page.locator("canvas.maplibregl-canvas").click(position={"x": middle[0], "y": middle[1]}, force=True)
        expect(page.locator(".st-card .best").first).to_have_text("1")
        assert visit.parameters["city"] == ["Kyiv"]
        assert any(url.endswith("/geo/world.geojson") for url in visit.asked)
        assert visit.outside == []
        assert visit.complaints == []


def test_without_webgl_a_table_takes_the_place_of_the_map(playwright: Playwright, sample: str) -> None:
    from playwright.sync_api import expect

    with launched(playwright, *WITHOUT_WEBGL) as plain, visiting(plain, sample) as visit:
        expect(visit.page.get_by_text("This browser cannot draw the map")).to_be_visible()
        expect(visit.page.get_by_test_id("stDataFrame")).to_have_count(2)
        assert visit.outside == []


#: What may not reach over the edge of the window, nor hold more than it shows.
BOXES = ".st-card, .st-sentence, .st-figures, .st-key, .dvn-scroller, [data-testid=stPlotlyChart]"
TOO_WIDE = """all => all
    .filter(one => one.getBoundingClientRect().right > innerWidth || one.scrollWidth > one.clientWidth + 1)
    .map(one => one.className)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_runs_over_the_edge(browser: Browser, sample: str, theme: str) -> None:
    with visiting(browser, sample, color_scheme=theme) as visit:
        visit.page.locator(".dvn-scroller").first.wait_for()
        for width in (1280, 1920):
            visit.page.set_viewport_size({"width": width, "height": 1000})
            visit.page.wait_for_timeout(1000)
            assert visit.page.locator(BOXES).evaluate_all(TOO_WIDE) == []
        assert visit.page.locator(".dvn-scroller").count() == 1
        assert visit.outside == []


def test_the_server_sends_its_policy_with_every_answer(sample: str) -> None:
    for path in ("/", "/geo/world.geojson", "/_stcore/health", "/nothing/here"):
        with urllib.request.urlopen(sample + path) as answer:
            headers = answer.headers
        policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert not {"'unsafe-eval'", "'unsafe-inline'", "*", "https:"} & set(policy["script-src"].split())
        assert "http" not in headers["Content-Security-Policy"].replace("https://", "http")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(("host", "origin"), [("evil.invalid", None), (None, "https://evil.invalid")])
def test_no_other_site_can_talk_to_the_server(sample: str, host: str | None, origin: str | None) -> None:
    address = urlsplit(sample)

    def answer(host: str, origin: str) -> bytes:
        with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=10) as wire:
            wire.sendall(
                f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n"
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
            )
            return wire.recv(100).split(b"\r\n")[0]

    assert b" 101 " in answer(address.netloc, sample)
    assert b" 101 " not in answer(host or address.netloc, origin or sample)


POISON = (
    "![i](https://evil.invalid/i.png)<img src=https://evil.invalid/h.png onerror=alert(1)><script>alert(2)</script>"
    "[l](javascript:alert(3))<style>@import url(https://evil.invalid/s.css)</style>"
)


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[str]:
    """A dashboard on an analyst's own reports, every field of which tries to be more than text."""
    from tracker.ingest import read_reports
    from tracker.store import Store

    record = {
        "id": f"planted {POISON}",
        "title": f"Missile kills nine in Odesa {POISON}",
        "text": f"A missile killed nine people in Odesa on 3 March 2025, {POISON} officials said {POISON}.",
        "published": "2025-03-04",
        "publisher": f"=HYPERLINK(1) {POISON}",
        "url": f"javascript:alert(4)//{POISON}",
        "citation": POISON,
    }
    (tmp_path / "planted.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    database = tmp_path / "planted.db"
    with Store.open(database) as store:
        summary = store.ingest(
            read_reports([tmp_path / "planted.jsonl"]), accessed=dt.datetime(2025, 3, 5, tzinfo=dt.UTC)
        )
    assert summary.added == 1
    with served(tmp_path, "--db", str(database)) as address:
        yield address


def test_planted_markup_is_shown_as_text_and_fetches_nothing(browser: Browser, planted: str) -> None:
    from playwright.sync_api import expect

    with visiting(browser, planted) as visit:
        page = visit.page
        expect(page.get_by_text("Sample data, not evidence.")).to_have_count(0)
        expect(page.locator(".st-strike")).to_contain_text("Odesa")
        shown = page.locator(".st-report").first.inner_text()
        assert "<img src=https://evil.invalid/h.png onerror=alert(1)>" in shown
        assert "<script>alert(2)</script>" in shown
        page.get_by_role("radio", name="Table").or_(page.get_by_role("button", name="Table")).first.click()
        page.wait_for_timeout(700)
        assert page.locator("img[src*=evil], a[href^=javascript], script:not([src]):has-text('alert')").count() == 0
        assert visit.outside == []
        assert visit.complaints == []
