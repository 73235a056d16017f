"""How fast it reads, reconciles, stores and exports, on texts made here. One core; run it with ``make bench``.

Dense text is the sentences of the sample reports (our own words), shuffled, with other figures in each report, so
that caches meet new text. Figures differ between machines; the ratios, taken in one run, do not much.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.export import to_csv_bytes
from tracker.extract import extract
from tracker.ingest import Origin, Record, read_record
from tracker.lexicon import bundled
from tracker.models import Claim, Report
from tracker.reconcile import reconcile
from tracker.segment import segment
from tracker.store import Store
from tracker.table import to_table

_SENTENCES_EACH = 14
_FIGURE = re.compile(
    r"\b(?:\d{1,3}(?![-:\d]| (?:January|February|March|April|May|June))|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen")
#: Text in which nothing is counted.
_PROSE = (
    "The orchestra rehearsed in the old town hall while the choir waited outside. Rain had fallen since morning, and "
    "the river ran high under the bridge. Her aunt kept bees, and sold honey at the market every spring. Nobody "
    "remembered who had planted the limes along the avenue. The museum will open a new wing for glass next autumn. "
    "Students of botany walked the hills and wrote down the names of mosses. A farmer lost his hat on the way home.\n"
)
_IMPORT = "import time; start = time.perf_counter(); import tracker; print(time.perf_counter() - start)"
_FIRST = """
import time
from tracker import Report, extract
start = time.perf_counter()
extract(Report("first", "A drone killed two thousand five hundred people in Odesa on Monday."))
print(time.perf_counter() - start)
"""


def dense_reports(count: int, seed: int = 1) -> list[Report]:
    """Reports of strikes, each of sentences that the others have in another order and with other figures."""
    rng = random.Random(seed)
    sentences = [
        sentence.text
        for path in sorted(bundled("seeds").glob("*.txt"))
        for sentence in segment(Report(path.stem, path.read_text(encoding="utf-8"))).sentences
    ]

    def varied(sentence: str) -> str:
        return _FIGURE.sub(lambda m: str(rng.randrange(2, 400)) if m[0].isdigit() else rng.choice(_WORDS), sentence)

    first = dt.date(2025, 1, 1)
    return [
        Report(
            f"r{number}",
            " ".join(map(varied, rng.sample(sentences, _SENTENCES_EACH))),
            published=first + dt.timedelta(days=number % 300),
            publisher=f"p{number % 7}",
        )
        for number in range(count)
    ]


def records(reports: list[Report]) -> Iterator[Record]:
    """The same reports as they are ingested."""
    for number, report in enumerate(reports, 1):
        row = {"id": report.id, "text": report.text, "published": str(report.published), "publisher": report.publisher}
        yield read_record(json.dumps(row).encode(), Origin("bench.jsonl", number))


def seconds(work: Callable[[], object], runs: int = 1) -> float:
    """The best of some runs, in processor time."""
    took = []
    for _ in range(runs):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def in_a_fresh_process(script: str) -> float:
    """The best of three: seconds that the script prints."""
    command = [sys.executable, "-c", script]
    return min(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(3))


def quantulum_rate(sentences: list[str]) -> float:
    """Characters a second of quantulum3 alone, as it comes, over the same sentences."""
    from quantulum3 import load, parser

    load.reset_quantities()  # with the units that it has by itself
    parser.parse("two cats")
    return sum(map(len, sentences)) / seconds(lambda: [parser.parse(sentence) for sentence in sentences])


def bench_reading() -> list[Claim]:
    """Rates and ratios of reading; gives the claims of the dense reports."""
    reports = dense_reports(300)
    extract(reports[0])  # what is loaded once
    made: list[Claim] = []
    size = sum(len(report.text) for report in reports)
    took = seconds(lambda: made.extend(itertools.chain.from_iterable(map(extract, reports))))
    rate = size / took
    print(f"dense text, {size:,} characters: {rate:,.0f} characters a second, {len(made):,} claims, all fields")
    prose = _PROSE * 4_000
    took = seconds(lambda: extract(Report("prose", prose)), runs=3)
    print(f"text with nothing to read: {len(prose) / took / 1e6:.1f} MB/s")

    before = 0.0
    for share in (16, 4, 1):
        text = " ".join(report.text for report in reports[: len(reports) // share])
        took = seconds(lambda text=text: extract(Report("long", text)))
        ratio = f", {took / before:.1f} times the time of a quarter" if before else ""
        print(f"one text of {len(text):,} characters: {took:.2f} s{ratio}")
        before = took

    sentences = [sentence.text for report in reports[:40] for sentence in segment(report).sentences]
    alone = quantulum_rate(sentences)
    print(
        f"quantulum3 alone, over such sentences: {alone:,.0f} characters a second; ours: {rate / alone:.1f} times that"
    )
    return made


def bench_strikes(made: list[Claim], reports: list[Report]) -> None:
    """Rates and ratios of everything after reading."""
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
        took = seconds(lambda: store.ingest(records(reports)))
        print(f"{len(reports):,} reports into a database: {len(reports) / took:,.0f} a second, strikes included")
        print(f"the same again: {seconds(lambda: store.ingest(records(reports))):.2f} s")


def main() -> None:
    """Print every rate."""
    print(f"import: {in_a_fresh_process(_IMPORT):.2f} s; first report of a process: {in_a_fresh_process(_FIRST):.2f} s")
    made = bench_reading()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"resident at most until here: {peak:,.0f} MB")
    bench_strikes(made, dense_reports(300))


if __name__ == "__main__":
    main()
