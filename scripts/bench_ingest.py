"""How many short reports a second ``tracker ingest`` takes into SQLite, and what of that is not reading.

``python scripts/bench_ingest.py [REPORTS]`` (default 3,000). One core. A short report is a headline-like text of one
or two sentences with one or two figures, as agencies' tickers have them; no two are alike.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tracker.extract import extract
from tracker.ingest import Received, read_reports
from tracker.store import Store

_PLACES = (
    "Kyiv", "Kharkiv", "Odesa", "Sumy", "Zaporizhzhia", "Kherson", "Kramatorsk", "Nikopol", "Poltava", "Dnipro",
    "Mykolaiv", "Chernihiv", "Izium", "Pavlohrad", "Kostiantynivka", "Belgorod", "Gaza City", "Khan Younis", "Beirut",
    "Sanaa", "Khartoum", "El Fasher", "Aleppo", "Idlib", "Mogadishu", "Goma", "Kabul", "Peshawar", "Maiduguri",
)  # fmt: skip
_WEAPONS = (
    "A drone", "A missile", "A ballistic missile", "Shelling", "An air strike", "A guided bomb", "Artillery fire",
    "A car bomb", "Rocket fire", "A Shahed drone",
)  # fmt: skip
_TARGETS = ("a market", "an apartment block", "a bus stop", "a clinic", "a warehouse", "a school yard", "a farm")
_SOURCES = ("the mayor", "the regional governor", "the emergency service", "police", "a hospital director")
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_WHEN = ("overnight", "on Tuesday", "this morning", "late on Friday", "on Sunday evening", "at dawn")
_HEDGES = ("", "", "at least ", "more than ")


def short_report(rng: random.Random, number: int) -> dict[str, str]:
    """One report as it would stand on a line of JSON Lines."""

    def figure() -> str:
        plain = rng.choice(_NUMBERS) if rng.random() < 0.5 else str(rng.randrange(2, 90))
        return rng.choice(_HEDGES) + plain

    weapon, place, target = rng.choice(_WEAPONS), rng.choice(_PLACES), rng.choice(_TARGETS)
    when, source = rng.choice(_WHEN), rng.choice(_SOURCES)
    text = rng.choice(
        (
            f"{weapon} hit {target} in {place} {when}, killing {figure()} people, {source} said.",
            f"{weapon} killed {figure()} people and injured {figure()} in {place} {when}, according to {source}.",
            f"{figure().capitalize()} were hurt when {weapon.lower()} struck {target} in {place}, {source} said.",
            f"{source.capitalize()}: {figure()} people died in {place} {when}. {weapon} damaged {figure()} houses.",
            f"The toll in {place} has risen to {figure()} dead, {source} said {when}.",
        )
    )
    published = dt.datetime(2025, 1, 1, rng.randrange(24), tzinfo=dt.UTC) + dt.timedelta(days=rng.randrange(365))
    return {
        "id": f"ticker-{number}",
        "text": text,
        "published": published.isoformat(),
        "publisher": f"Agency {rng.randrange(12)}",
        "url": f"https://example.org/{number}",
    }


def main(count: int) -> None:
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "short.jsonl"
        lines = [json.dumps(short_report(rng, number)) for number in range(count)]
        path.write_text("\n".join(lines), encoding="utf-8")
        print(f"{count:,} reports of {sum(map(len, lines)) // count} bytes with all that is known of them")

        command = [sys.executable, "-c", "from tracker.cli import main; main()", "ingest", str(path), "--db"]
        start, before = time.perf_counter(), os.times()
        subprocess.run([*command, str(folder / "command.db")], check=True, stdout=subprocess.DEVNULL)
        took, after = time.perf_counter() - start, os.times()
        busy = after.children_user + after.children_system - before.children_user - before.children_system
        print(
            f"tracker ingest: {count / busy:,.0f} a second of the processor ({busy:.1f} s), "
            f"{count / took:,.0f} of the clock, start and strikes included"
        )

        received = [record.report for record in read_reports([path]) if isinstance(record, Received)]
        extract(received[0])  # loads the gazetteer
        start = time.process_time()
        found = sum(len(extract(report)) for report in received)
        reading = time.process_time() - start
        print(f"reading alone: {count / reading:,.0f} a second, {found / count:.1f} figures each")
        with Store.open(folder / "store.db") as store:
            start = time.process_time()
            store.ingest(read_reports([path]))
            took = time.process_time() - start
            rest = took - reading
            print(
                f"Store.ingest: {count / took:,.0f} a second; beside reading {1000 * rest / count:.2f} ms a report, "
                f"{count / rest:,.0f} a second; {store.counts()['strikes']:,} strikes"
            )


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 3_000)
