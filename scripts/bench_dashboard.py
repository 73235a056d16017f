"""How fast and how heavy the dashboard is, in a real browser: medians, printed.

    python scripts/bench_dashboard.py [--strikes 100000 1000000] [--rounds 5] [--keep FOLDER]

The strikes are made up, about one report each over three years and some thousand places; the sample is the bundled
one. Nothing else should run meanwhile. Needs Chromium and playwright (the extra ``dev``).
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import math
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import tracker.store
from tracker import database as db
from tracker.models import Basis, Claim, Field, Group, Measure, Relation, Report, stable_id
from tracker.rows import report_row
from tracker.store import Store

#: As Chromium runs on a machine without a graphics card: the page is painted by the processor, and so is the map.
SWITCHES = ("--no-sandbox", "--enable-unsafe-swiftshader")
FIRST = dt.date(2022, 2, 24)
WEAPONS: tuple[tuple[str, ...], ...] = (("drone",), ("missile",), ("drone", "missile"), ("artillery",), ("bomb",), ())
PLACES = 400
LONG = 600_000
CHARTS_DRAWN = """() => [...document.querySelectorAll(".st-plot")].every((plot) => plot.ariaBusy === "false")"""
#: The map and its neighbour are there, and so are all charts of which anything can be seen without scrolling.
CHARTS_IN_VIEW = """() => {
    const plots = [...document.querySelectorAll(".st-plot")];
    const seen = plots.filter((plot) => plot.getBoundingClientRect().top < innerHeight);
    const map = document.querySelector(".st-key-where .js-plotly-plot canvas");
    return map && seen.length > 1 && seen.every((plot) => plot.ariaBusy === "false");
}"""


def claims_of(number: int, chance: random.Random) -> list[Claim]:
    """The claims of one made-up report about one strike: killed, injured, and children among these."""
    place = int(PLACES * chance.random() ** 2)
    day = FIRST + dt.timedelta(days=number % 1100)
    killed, injured = int(chance.expovariate(0.4)), int(chance.expovariate(0.1))
    figures = [
        (Measure.KILLED, killed, Group.ALL, Relation.TOTAL),
        (Measure.INJURED, injured, Group.ALL, Relation.TOTAL),
    ]
    if injured > 4:
        figures.append((Measure.INJURED, 2, Group.CHILDREN, Relation.SUBSET))
    weapons = chance.choice(WEAPONS)
    report = f"bench-{number}"
    return [
        Claim(
            claim_id=stable_id(report, at), report_id=report, measure=measure, low=n,
            high=None if chance.random() < 0.2 else n, approx=False, vague=None, text=str(n), group=group,
            relation=relation, basis=Basis.INCIDENT, weapons=weapons, models=(), attacker="Russia",
            # A place of its own for each strike of a day, so that they stay apart.
            place=f"Town {place}-{number // 1100}", place_text=None, admin1=f"Region {place % 24}", admin2=None,
            country="Ukraine", lat=45 + (place * 7 % 70) / 10, lon=23 + (place * 13 % 160) / 10, where_prec=1,
            candidates=(), date=day, date_end=day, date_prec=1, date_text=None, source=None,
            sentence=f"The attack left {n} people {measure}.", field=Field.TEXT, start=16, end=16 + len(str(n)),
            published=day, publisher=f"Paper {number % 7}", entry=0,
        )
        for at, (measure, n, group, relation) in enumerate(figures)
    ]  # fmt: skip


#: So many strikes are made from claims; more are copies of them on other days.
MADE = 20_000


def make(path: Path, strikes: int) -> None:
    """A database of as many made-up strikes: their reports are stored, and read by a reader who knows them."""
    chance = random.Random(2022)
    told: dict[str, list[Claim]] = {}
    for number in range(min(strikes, MADE)):
        claims = claims_of(number, chance)
        told[claims[0].report_id] = claims
    with Store.open(path) as store:
        with store.writing() as connection:
            reports = [
                Report(name, f"{name}: {claims[0].sentence}", None, claims[0].published, claims[0].publisher)
                for name, claims in told.items()
            ]
            connection.execute(sa.insert(db.reports), [report_row(report, {}, None) for report in reports])
        tracker.store._reader = lambda: lambda report: told[report.id]
        store.rebuild()
        for number in range(1, math.ceil(strikes / MADE)):
            with store.writing() as connection:
                copy(connection, number)


def copy(connection: sa.Connection, number: int) -> None:
    """Add the strikes that were made from claims once more, so many days later."""

    def renamed(column: sa.Column[Any]) -> Any:
        return column + f"-{number}"

    def later(column: sa.Column[Any]) -> Any:
        return sa.func.date(column, f"+{number} days")

    # The ids of a list in JSON.
    ids = db.strikes.c.claim_ids
    relisted = sa.func.replace(sa.func.replace(ids, '", ', f'-{number}", '), '"]', f'-{number}"]')
    changes: dict[sa.Table, dict[str, Any]] = {
        db.reports: {"id": renamed, "hash": renamed, "published": later},
        db.claims: {"report_id": renamed, "claim_id": renamed, "date": later, "date_end": later},
        db.members: {"report_id": renamed, "strike_id": renamed},
        db.strikes: {"strike_id": renamed, "date": later, "date_end": later, "claim_ids": lambda _: relisted},
    }
    for table, changed in changes.items():
        values = [changed.get(one.name, lambda column: column)(one) for one in table.c]
        key = table.c.strike_id if table is db.strikes else None
        own = table.c.id if table is db.reports else table.c.get("report_id", key)
        # What was made has no second dash in the names of its reports, and none in those of its strikes.
        made = own.not_like("%-%") if table is db.strikes else own.not_like("bench-%-%")
        connection.execute(sa.insert(table).from_select([one.name for one in table.c], sa.select(*values).where(made)))


@contextmanager
def served(*arguments: str) -> Iterator[tuple[str, int, float]]:
    """The dashboard on a free port: its address, its process, and when it was started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "dashboard", "--port", str(port)]
    environment = os.environ | {"STREAMLIT_SERVER_HEADLESS": "true"}
    with subprocess.Popen([*command, *arguments], env=environment, stdout=-3, stderr=-3) as server:
        try:
            started = time.perf_counter()
            while True:
                try:
                    urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"http://localhost:{port}", server.pid, started
        finally:
            server.terminate()


def memory(pid: int) -> float:
    """What a process and its children hold, in megabytes."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if str(pid) in (status.parent.name, lines.get("PPid", "").strip()):
            total += float(lines.get("VmRSS", "0 kB").split()[0]) / 1024
    return total


def drawn(page: Page, charts: str = CHARTS_DRAWN) -> None:
    """Wait until the page stands: its exports are its last part, no element is out of date, no chart being drawn."""
    page.wait_for_selector(".st-key-exports", timeout=LONG)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=LONG)
    page.wait_for_function(charts, timeout=LONG)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def first_views(start: Callable[[Path], BrowserContext], address: str, rounds: int) -> Iterator[tuple[float, float]]:
    """Seconds from the address until all that is in view stands, and until the charts below it do, again and again.

    In a new profile, on disk as everybody's: only the first visit has an empty cache. What a browser keeps of compiled
    scripts is there from the third on.
    """
    with tempfile.TemporaryDirectory() as profile:
        context = start(Path(profile))
        for _ in range(rounds):
            page = context.new_page()
            # The browser's own window is not what is measured.
            page.wait_for_timeout(1500)
            begun = time.perf_counter()
            page.goto(address)
            drawn(page, CHARTS_IN_VIEW)
            in_view = time.perf_counter() - begun
            drawn(page)
            yield in_view, time.perf_counter() - begun
            page.wait_for_timeout(1500)
            page.close()
        context.close()


def say_first_views(what: str, views: Iterator[tuple[float, float]], goals: tuple[str, str] = ("", "")) -> None:
    """The first of these is cold; the others are warm."""
    (cold, cold_whole), *warm = views
    say(f"{what}: first view, cold", [cold], goal=goals[0])
    say("with the charts below it", [cold_whole])
    say("first view, warm", [one for one, _ in warm], goal=goals[1])
    say("with the charts below it", [whole for _, whole in warm])


class Wire:
    """Counts what the server sends over the page's sockets."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        page.on("websocket", lambda wire: wire.on("framereceived", self._count))

    def _count(self, payload: Any) -> None:
        self.bytes += len(payload)


def filter_changes(page: Page, rounds: int) -> tuple[list[float], list[int]]:
    """Seconds from a choice of weapon to redrawn charts, and bytes sent for it."""
    wire = Wire(page)
    page.reload()
    drawn(page)
    page.wait_for_timeout(2000)
    times, sent = [], []
    cards = page.locator(".st-cards")
    for at in range(rounds):
        box = page.get_by_role("combobox", name="Weapon", exact=True)
        box.fill(("drone", "missile", "artillery", "bomb", "not said")[at % 5])
        page.get_by_role("option").first.wait_for()
        before, start_bytes = cards.inner_text(), wire.bytes
        start = time.perf_counter()
        page.keyboard.press("Enter")
        while cards.inner_text() == before:
            page.wait_for_timeout(20)
        drawn(page)
        times.append(time.perf_counter() - start)
        page.wait_for_timeout(800)
        sent.append(wire.bytes - start_bytes)
        page.keyboard.press("Escape")
    return times, sent


def evidence(page: Page, rounds: int) -> list[float]:
    """Seconds from a click on a strike to its evidence."""
    times = []
    table = page.get_by_test_id("stDataFrame").last
    for at in range(rounds):
        shown = page.locator(".st-link").first.get_attribute("href")
        start = time.perf_counter()
        table.click(position={"x": 18, "y": 35 * (at % 8 + 2) + 17})
        while page.locator(".st-link").first.get_attribute("href") == shown:
            page.wait_for_timeout(10)
        times.append(time.perf_counter() - start)
        page.wait_for_timeout(300)
    return times


def say(what: str, values: list[float], unit: str = "s", goal: str = "") -> None:
    print(f"{what:<52}{statistics.median(values):9.2f} {unit:<3} {goal}", flush=True)


def measured(
    browser: Browser, start: Callable[[Path], BrowserContext], folder: Path, strikes: int, rounds: int
) -> None:
    """Print the figures of a database of so many strikes."""
    path = folder / f"bench-{strikes}.db"
    if not path.exists():
        print(f"{strikes:,} strikes made in {timed(lambda: make(path, strikes)):.0f} s", flush=True)
    with served("--db", str(path)) as (address, pid, _):
        say_first_views(f"{strikes:,} strikes", first_views(start, address, 1 + rounds))
        sessions = [browser.new_page(viewport={"width": 1280, "height": 900}) for _ in range(5)]
        for page in sessions:
            page.goto(address)
            drawn(page)
        times, sent = filter_changes(sessions[0], rounds)
        say("filter to redrawn charts", times, goal="(under 1 at 100,000)")
        say("sent for a filter", [one / 1e6 for one in sent], "MB", "(under 1)")
        sessions[1].goto(f"{address}/strikes")
        drawn(sessions[1])
        sessions[1].wait_for_timeout(1500)
        say("strike to evidence", evidence(sessions[1], rounds), goal="(under 0.5)")
        say("server with five sessions", [memory(pid)], "MB", "(under 500 at 100,000)")
        for page in sessions:
            page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strikes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5, choices=range(1, 6))
    parser.add_argument("--keep", type=Path, help="a folder in which the databases are kept, and found again")
    asked = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Chromium is not installed.")
    with tempfile.TemporaryDirectory() as passing, sync_playwright() as playwright:
        chosen: dict[str, Any] = {"executable_path": chromium, "args": list(SWITCHES)}
        start = functools.partial(
            playwright.chromium.launch_persistent_context, viewport={"width": 1280, "height": 900}, **chosen
        )
        with served("--sample") as (address, _, _):
            say_first_views("sample", first_views(start, address, 1 + asked.rounds), ("(under 4)", "(under 2)"))
        browser = playwright.chromium.launch(**chosen)
        for strikes in asked.strikes:
            measured(browser, start, asked.keep or Path(passing), strikes, asked.rounds)
        browser.close()


if __name__ == "__main__":
    main()
