"""How fast it reads, reconciles, stores and exports, on texts made here. One core; run it with ``make bench``.

Figures differ between machines; the ratios say whether the cost grows with the size of the work.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.export import to_csv_bytes
from tracker.extract import extract
from tracker.ingest import Origin, Record, read_record
from tracker.models import Claim, Report
from tracker.reconcile import reconcile
from tracker.store import Store
from tracker.table import to_table

_PLACES = ("Odesa", "Kharkiv", "Kherson", "Zaporizhzhia", "Sumy", "Dnipro", "Mykolaiv", "Kryvyi Rih")
_SENTENCES = (
    "A Russian drone killed {0} people in {1} overnight and injured at least {2} others, the governor said.",
    "Shelling of {1} wounded {0}, including two children, and damaged {2} houses.",
    "Talks on a budget of {0} million went on for {2} hours without a result, the ministry added.",
    "Air defence shot down {0} of {2} drones, while missiles hit {1}, according to the air force.",
    "Residents of {1} remembered how the town had looked before the war.",
)


def report(number: int, sentences: int = 5) -> dict[str, str]:
    """A short report, unlike its neighbours."""
    place = _PLACES[number % len(_PLACES)]
    parts = itertools.islice(itertools.cycle(_SENTENCES), number % 5, number % 5 + sentences)
    text = " ".join(part.format(2 + (number + at) % 40, place, 41 + number % 60) for at, part in enumerate(parts))
    day = f"2025-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
    return {"id": f"r{number}", "text": text, "published": day, "publisher": f"p{number % 7}"}


def records(count: int) -> Iterator[Record]:
    for number in range(count):
        yield read_record(json.dumps(report(number)).encode(), Origin("bench.jsonl", number + 1))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def claims(count: int) -> list[Claim]:
    made: list[Claim] = []
    for record in records(count):
        made += extract(record.report)
    return made


def main() -> None:
    load = seconds(lambda: extract(Report("first", report(0)["text"])))
    print(f"first report, with all that is loaded once: {load:.2f} s")

    before = 0.0
    for size in (20_000, 80_000, 320_000):
        text = " ".join(report(number)["text"] for number in range(size // 300))[:size]
        took = seconds(lambda text=text: extract(Report("long", text)))
        ratio = f", {took / before:.1f} times the time of a quarter" if before else ""
        print(f"one text of {len(text):,} characters: {took:.2f} s, {len(text) / took:,.0f} characters a second{ratio}")
        before = took

    count = 1_000
    made: list[Claim] = []
    took = seconds(lambda: made.extend(claims(count)))
    print(f"{count:,} short reports: {count / took:,.0f} a second, {len(made):,} claims")

    before = 0.0
    for share in (16, 4, 1):
        part = made[: len(made) // share]
        took = seconds(lambda part=part: reconcile(part))
        ratio = f", {took / before:.1f} times the time of a quarter" if before else ""
        print(f"{len(part):,} claims into strikes: {took:.2f} s{ratio}")
        before = took

    strikes = reconcile(made)
    table = to_table(strikes)
    print(f"{len(strikes):,} strikes into a table: {seconds(lambda: to_table(strikes)):.2f} s")
    print(f"{len(strikes):,} rows into CSV: {seconds(lambda: to_csv_bytes(table)):.2f} s")

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "bench.db") as store:
        took = seconds(lambda: store.ingest(records(count)))
        print(f"{count:,} short reports into a database: {count / took:,.0f} a second, strikes included")
        print(f"the same again: {seconds(lambda: store.ingest(records(count))):.2f} s")


if __name__ == "__main__":
    main()
