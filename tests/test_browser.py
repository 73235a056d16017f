"""The dashboard in a real browser: filter, share a link, read evidence, export, and reach nobody else.

The server is the one that ``tracker dashboard`` starts. Without Chromium or playwright these tests are skipped,
unless TRACKER_REQUIRE_BROWSER=1 says that they must run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, Route

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: As on a machine without a graphics card.
WITH_WEBGL = ("--enable-unsafe-swiftshader",)
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


def complain(visit: Visit, kind: str, text: str, where: Mapping[str, Any]) -> None:
    # A page with an address of its own first looks for Streamlit beside itself, then at the root.
    looking = "404" in text and "/_stcore/" in str(where.get("url"))
    if kind == "error" and not looking:
        visit.complaints.append(text)


@contextmanager
def visiting(
    browser: Browser,
    address: str,
    before: Callable[[BrowserContext], None] | None = None,
    ready: str = ".st-key-exports",
    **options: Any,
) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, **options)
    visit = Visit(context.new_page())
    if before is not None:
        before(context)
    context.on("request", lambda request: visit.asked.append(request.url))
    visit.page.on("websocket", lambda socket: visit.asked.append(socket.url))
    visit.page.on("dialog", lambda dialog: (visit.complaints.append(dialog.message), dialog.dismiss()))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda message: complain(visit, message.type, message.text, message.location))
    visit.page.set_default_timeout(WAIT)
    visit.page.goto(address)
    visit.page.wait_for_selector(ready)
    yield visit
    context.close()


def choose(page: Page, box: str, option: str) -> None:
    page.get_by_role("combobox", name=box).fill(option)  # a long list is drawn in part
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


def settled(page: Page) -> None:
    """Wait until no figure is being drawn, and the map stands still."""
    drawn(page)
    painted(page)


def drawn(page: Page) -> None:
    """Wait until every figure has been drawn, as the page last ran and in the width that it has."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function("() => [...document.querySelectorAll('.st-plot')].every((one) => one.ariaBusy === 'false')")


def click_city(page: Page, name: str) -> None:
    """Click the middle of a city's circle on the map."""
    place = """(plot, name) => {
        const at = plot.data[0].customdata.findIndex(([label]) => label === name);
        const { lon, lat } = plot.data[0];
        return plot._fullLayout.map._subplot.map.project([lon[at], lat[at]]);
    }"""
    middle = page.locator(".st-key-where .js-plotly-plot").first.evaluate(place, name)
    canvas = page.locator("canvas.maplibregl-canvas")
    canvas.hover(position={"x": middle["x"], "y": middle["y"]}, force=True)
    canvas.click(position={"x": middle["x"], "y": middle["y"]}, force=True)


def first_card(page: Page) -> Locator:
    return page.locator(".st-card .best").first


def page_of(visit: Visit, name: str) -> None:
    """Go to another page by the navigation."""
    visit.page.get_by_test_id("stTopNavLink").filter(has_text=name).first.click()


def downloaded(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def test_filters_stay_from_page_to_page_and_in_a_shared_link(browser: Browser, sample: str) -> None:
    from playwright.sync_api import expect

    with visiting(browser, sample) as visit:
        page = visit.page
        expect(page.get_by_text("Sample data, not evidence.")).to_be_visible()
        everything = first_card(page).inner_text()
        choose(page, "City", "Kryvyi Rih")
        expect(first_card(page)).to_have_text("1")
        assert visit.parameters["city"] == ["Kryvyi Rih"]
        page_of(visit, "Strikes")
        expect(page.locator(".st-strike")).to_have_text("Kryvyi Rih, Dnipropetrovsk, Ukraine")
        assert visit.parameters["city"] == ["Kryvyi Rih"]
        marks = page.locator(".st-sentence mark").all_inner_texts()
        assert {"19", "20", "75"} <= set(marks), marks
        expect(page.locator(".st-report").first).to_contain_text("Paraphrase · published 4 Apr 2025")
        expect(page.locator(".st-sentence").first).to_contain_text("superseded: a later report says 20")
        with visiting(browser, page.url) as colleague:
            expect(colleague.page.locator(".st-strike")).to_have_text("Kryvyi Rih, Dnipropetrovsk, Ukraine")
        page_of(visit, "Overview")
        expect(first_card(page)).to_have_text("1")
        page.get_by_role("button", name="Reset filters").click()
        expect(first_card(page)).to_have_text(everything)
        assert "city" not in visit.parameters
        assert visit.outside == []
        assert visit.complaints == []


def test_a_row_opens_its_evidence_and_the_link_to_it(browser: Browser, sample: str) -> None:
    from playwright.sync_api import expect

    with visiting(browser, f"{sample}/strikes?city=Kyiv&city=Kharkiv&measure=injured") as visit:
        page = visit.page
        newest = page.locator(".st-strike").inner_text()
        open_row(page, 1)
        expect(page.locator(".st-strike")).not_to_have_text(newest)
        chosen = page.locator(".st-place").first.inner_text()
        page.wait_for_timeout(300)
        assert visit.parameters.keys() == {"city", "measure", "strike"}
        permanent = page.get_by_role("link", name="permanent link").get_attribute("href")
        assert permanent == f"strikes?strike={visit.parameters['strike'][0]}"
        with visiting(browser, f"{sample}/{permanent}") as colleague:
            expect(colleague.page.locator(".st-place").first).to_have_text(chosen)
        page.get_by_role("textbox", name="Search").fill("nowhere at all")
        page.keyboard.press("Enter")
        expect(page.get_by_text("No strike of this selection has these words")).to_be_visible()


def test_each_export_opens_again(browser: Browser, sample: str, tmp_path: Path) -> None:
    import openpyxl
    import pandas as pd
    import pyarrow.parquet as pq
    from jsonschema import validate

    with visiting(browser, f"{sample}/?city=Kryvyi+Rih&policy=highest") as visit:
        files = {name: downloaded(visit.page, name, tmp_path) for name in ("CSV", "Excel", "Parquet", "GeoJSON")}
        assert visit.outside == []
    assert all(file.name.startswith("strikes-selection-") for file in files.values())
    raw = files["CSV"].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(raw), encoding="utf-8-sig")
    assert table[["city", "killed_best", "injured_best"]].values.tolist() == [["Kryvyi Rih", 20, 75]]
    assert "city: Kryvyi Rih" in table["made_with"][0]
    assert "policy: highest" in table["made_with"][0]
    book = openpyxl.load_workbook(files["Excel"], read_only=True)
    assert book.sheetnames == ["Strikes", "Evidence", "Dictionary", "About"]
    assert ("filters", "city: Kryvyi Rih") in [tuple(row) for row in book["About"].iter_rows(values_only=True)]
    assert pd.read_excel(files["Excel"])["killed_best"].tolist() == [20]
    parquet = pq.read_table(files["Parquet"])
    assert json.loads(parquet.schema.metadata[b"about"])["policy"] == "highest"
    assert {row["figure"] for row in parquet["evidence"].to_pylist()[0]} >= {"19", "20", "75"}
    collection = json.loads(files["GeoJSON"].read_text("utf-8"))
    validate(collection, GEOJSON)
    assert collection["features"][0]["properties"]["killed_best"] == 20
    assert collection["about"]["status"] == "SAMPLE DATA, NOT EVIDENCE"


#: What RFC 7946 asks of a collection of points.
GEOJSON = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["type", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "geometry": {
                        "anyOf": [
                            {"type": "null"},
                            {
                                "type": "object",
                                "required": ["type", "coordinates"],
                                "properties": {
                                    "type": {"const": "Point"},
                                    "coordinates": {
                                        "type": "array",
                                        "prefixItems": [
                                            {"type": "number", "minimum": -180, "maximum": 180},
                                            {"type": "number", "minimum": -90, "maximum": 90},
                                        ],
                                        "minItems": 2,
                                        "maxItems": 3,
                                    },
                                },
                            },
                        ]
                    },
                },
            },
        },
    },
}


def test_the_map_draws_offline_and_a_click_filters(browser: Browser, sample: str) -> None:
    from playwright.sync_api import expect

    # What is drawn in the map's left half on these days is Lviv's one bubble.
    with visiting(browser, f"{sample}/?dates=2025-10-01&dates=2026-01-01", color_scheme="light") as visit:
        page = visit.page
        picture = painted(page)
        width, height = picture.size
        warm = [
            (x, y)
            for x in range(0, width // 3, 2)
            for y in range(0, height, 2)
            if (lambda red, green, blue: red > 150 and red > green + 50 and red > blue + 50)(*picture.getpixel((x, y)))
        ]
        assert len(warm) > 50
        middle = (sum(x for x, _ in warm) / len(warm), sum(y for _, y in warm) / len(warm))
        page.locator("canvas.maplibregl-canvas").click(position={"x": middle[0], "y": middle[1]}, force=True)
        expect(first_card(page)).to_have_text("1")
        assert visit.parameters["city"] == ["Lviv"]
        # A click on what is chosen takes it away.
        settled(page)
        click_city(page, "Lviv")
        page.wait_for_url(lambda url: "city=" not in url)
        # What was taken away in the sidebar is one click away again.
        choose(page, "City", "Lviv")
        page.wait_for_url("**city=Lviv**")
        page.get_by_test_id("stMultiSelect").filter(has_text="Lviv").get_by_role("button", name="Clear all").click()
        page.wait_for_url(lambda url: "city=" not in url)
        settled(page)
        click_city(page, "Lviv")
        page.wait_for_url("**city=Lviv**")
        assert any(url.endswith("/geo/world.geojson") for url in visit.asked)
        assert visit.outside == []
        assert visit.complaints == []


def test_a_bar_of_the_ranking_filters_and_a_chart_becomes_a_picture(
    browser: Browser, sample: str, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    with visiting(browser, sample) as visit:
        page = visit.page
        bars = page.locator(".st-key-ranking .bars .point path")
        bars.last.click(force=True)
        expect(page.get_by_text("Kyiv", exact=True).or_(page.get_by_text("Dnipro", exact=True)).first).to_be_visible()
        page.wait_for_url("**city=**")
        chart = page.locator(".st-key-timeline .st-plot")
        chart.hover()
        with page.expect_download() as waiting:
            chart.locator("[data-title^=Download]").click(force=True)
        file = tmp_path / "chart.png"
        waiting.value.save_as(file)
        assert waiting.value.suggested_filename == "strike-tracker-timeline.png"
        assert min(Image.open(file).size) > 300
        assert visit.outside == []
        assert visit.complaints == []


def test_without_webgl_a_table_takes_the_place_of_the_map(playwright: Playwright, sample: str) -> None:
    from playwright.sync_api import expect

    with launched(playwright, *WITHOUT_WEBGL) as plain, visiting(plain, sample) as visit:
        expect(visit.page.get_by_text("This browser cannot draw the map")).to_be_visible()
        expect(visit.page.get_by_test_id("stDataFrame")).to_have_count(1)
        assert visit.outside == []


def test_nothing_is_needed_from_the_network(browser: Browser, sample: str) -> None:
    """The same with the network refused: every request that is not the server's own is cut off."""
    from playwright.sync_api import expect

    def refuse(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "localhost":
            route.continue_()
        else:
            route.abort()

    with visiting(browser, sample, before=lambda context: context.route("**/*", refuse)) as visit:
        expect(visit.page.locator("canvas.maplibregl-canvas")).to_be_visible()
        expect(visit.page.locator(".st-plot[aria-busy=false]")).to_have_count(4)
        for name in ("Strikes", "Data and method"):
            page_of(visit, name)
            expect(visit.page.get_by_role("button", name="GeoJSON")).to_be_visible()
        assert visit.outside == []


SCRIPTS = "() => document.querySelectorAll('script[src*=\"/plotly/\"]').length"


@pytest.mark.parametrize("cut_off", [0, 1])
def test_the_charts_library_is_run_once_and_asked_for_again_where_it_did_not_come(
    browser: Browser, sample: str, cut_off: int
) -> None:
    from playwright.sync_api import expect

    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= cut_off:
            route.abort()
        else:
            route.continue_()

    with visiting(browser, sample, before=lambda context: context.route("**/plotly/*", refuse)) as visit:
        # Those below the window as well, without anybody going there.
        expect(visit.page.locator(".st-plot[aria-busy=false]")).to_have_count(4)
        assert visit.page.evaluate(SCRIPTS) == 1
        assert len(set(asked)) == 1


NOTE_WHEN_BUSY = """plot => {
    window.said = [];
    new MutationObserver(() => said.push(plot.ariaBusy)).observe(plot, { attributeFilter: ["aria-busy"] });
}"""


def test_a_figure_is_busy_while_it_is_fitted_to_another_width_but_not_while_nobody_can_see_it(
    browser: Browser, sample: str
) -> None:
    with visiting(browser, sample) as visit:
        page = visit.page
        drawn(page)
        plot = page.locator(".st-key-timeline .st-plot")
        plot.evaluate(NOTE_WHEN_BUSY)
        page.set_viewport_size({"width": 1100, "height": 900})
        page.wait_for_function("() => said.includes('true') && said.at(-1) === 'false'")
        assert plot.evaluate("plot => plot._fullLayout.width === plot.clientWidth")
        plot.evaluate("plot => { said.length = 0; plot.parentElement.style.display = 'none'; }")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.wait_for_timeout(500)
        assert page.evaluate("() => said") == []
        plot.evaluate("plot => { plot.parentElement.style.display = ''; }")
        page.wait_for_function("() => said.at(-1) === 'false'")
        assert plot.evaluate("plot => plot._fullLayout.width === plot.clientWidth")


#: What may not reach over the edge of the window, nor hold more than it shows.
BOXES = ".st-card, .st-sentence, .st-figures, .st-key, .dvn-scroller, .st-plot"
TOO_WIDE = """all => all
    .filter(one => one.getBoundingClientRect().right > innerWidth || one.scrollWidth > one.clientWidth + 1)
    .map(one => one.className)"""
#: Words that do not fit.
CUT = """all => all.filter(one => one.innerText.trim() && one.scrollWidth > one.clientWidth + 1)
    .map(one => one.innerText)"""
#: The box to choose a row by, its date, place, killed and injured: what must be seen without scrolling.
ESSENTIAL = 36 + 84 + 168 + 52 + 56
PAGES = {"overview": "Overview", "strikes": "Strikes", "method": "Data and method"}
#: What only that page has.
MARK = {"overview": ".st-cards", "strikes": ".st-strike", "method": "text=What the data cover"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_runs_over_the_edge(browser: Browser, sample: str, theme: str) -> None:
    """On a tablet and two screens; what each page looks like is kept in screenshots/ to be looked at."""
    folder = Path(__file__).resolve().parents[1] / "screenshots"
    folder.mkdir(exist_ok=True)
    with visiting(browser, sample, color_scheme=theme) as visit:
        page = visit.page
        page.locator("canvas.maplibregl-canvas").wait_for()
        for name, title in PAGES.items():
            page_of(visit, title)
            page.locator(MARK[name]).first.wait_for()
            drawn(page)
            for width in (820, 1024, 1920, 1280):
                page.set_viewport_size({"width": width, "height": 1000})
                page.wait_for_timeout(500)
                drawn(page)
                # A table scrolls on a tablet; on a screen it need not.
                boxes = BOXES if width > 1024 else BOXES.replace(".dvn-scroller, ", "")
                assert page.locator(boxes).evaluate_all(TOO_WIDE) == [], (name, width)
                assert page.locator("button").evaluate_all(CUT) == [], (name, width)
                if name == "strikes":
                    room = page.locator(".dvn-scroller").first.evaluate("table => table.clientWidth")
                    assert room >= ESSENTIAL, (width, room)
                page.screenshot(path=folder / f"{name}-{theme}-{width}.png")
            height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
            page.set_viewport_size({"width": 1280, "height": height})
            page.wait_for_timeout(700)
            drawn(page)
            page.screenshot(path=folder / f"{name}-{theme}.png")
            page.set_viewport_size({"width": 1280, "height": 900})
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
    "\x1b[31m\x07\x7f\u202e\u2066\u200f"
)
#: What would ring, hide or turn words around.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


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


def test_planted_markup_is_shown_as_text_and_fetches_nothing(browser: Browser, planted: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with visiting(browser, f"{planted}/strikes") as visit:
        page = visit.page
        expect(page.get_by_text("Sample data, not evidence.")).to_have_count(0)
        expect(page.locator(".st-strike")).to_contain_text("Odesa")
        shown = page.locator(".st-report").first.inner_text()
        assert "<img src=https://evil.invalid/h.png onerror=alert(1)>" in shown
        assert "<script>alert(2)</script>" in shown
        assert "\\x1b[31m\\x07" in shown
        assert not CONTROLS.findall(page.locator("body").inner_html())
        page_of(visit, "Overview")
        settled(page)
        assert not CONTROLS.findall(page.locator("body").inner_html())
        page.get_by_role("radio", name="Table").or_(page.get_by_role("button", name="Table")).first.click()
        page.wait_for_timeout(700)
        page_of(visit, "Data and method")
        expect(page.get_by_text("What the data cover")).to_be_visible()
        expect(page.locator(".st-plot[aria-busy=false]")).to_have_count(1)
        page.wait_for_timeout(500)
        assert not CONTROLS.findall(page.locator("body").inner_html())
        assert page.locator("img[src*=evil], a[href^=javascript], script:not([src]):has-text('alert')").count() == 0
        table = list(csv.DictReader(io.StringIO(downloaded(page, "CSV", tmp_path).read_text("utf-8-sig"))))
        assert not [value for value in table[0].values() if value.startswith(("=", "+", "@"))]
        assert visit.outside == []
        assert visit.complaints == []


def test_a_sheet_is_drawn_marked_and_taken_back(browser: Browser, sample: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with visiting(browser, f"{sample}/method") as visit:
        page = visit.page
        page.get_by_text("Check it by hand").click()
        file = downloaded(page, "Draw a sheet (CSV)", tmp_path)
        rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
        assert len(rows) == 100
        with file.open("w", encoding="utf-8", newline="") as stream:
            sheet = csv.DictWriter(stream, rows[0], delimiter=";")
            sheet.writeheader()
            sheet.writerows(
                {**row, "figure_right": "y", "rest_right": "n" if at < 10 else "y"} for at, row in enumerate(rows)
            )
        page.locator(".st-key-check_sheet input[type=file]").set_input_files(file)
        expect(page.get_by_role("button", name=f"Remove {file.name}")).to_be_visible()
        page.get_by_role("textbox", name="Marked by").fill("Olena <b>")
        page.get_by_role("button", name="Score and keep").click()
        expect(page.get_by_text("Kept as check 1.")).to_be_visible()
        expect(page.get_by_text("by Olena <b>, with Strike Tracker")).to_be_visible()
        page.reload()
        expect(page.get_by_text("100 of 100: 100 %")).to_be_visible()
        folder = Path(__file__).resolve().parents[1] / "screenshots"
        folder.mkdir(exist_ok=True)
        page.get_by_text("Check it by hand").click()
        page.get_by_text("100 of 100: 100 %").scroll_into_view_if_needed()
        page.screenshot(path=folder / "check.png")
        assert visit.outside == []
        assert visit.complaints == []
