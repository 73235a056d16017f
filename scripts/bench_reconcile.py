"""How fast claims become strikes, how cost and memory grow, and what one more report costs a large store.

``python scripts/bench_reconcile.py [CLAIMS]`` (default 100,000; the issue's sizes are 100,000 and 1,000,000).
One core. The store is filled by writing claims straight into it, so that reading is not measured here.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa

from tracker import database as db
from tracker import derive
from tracker.incidents import locus
from tracker.ingest import Origin, read_record
from tracker.models import Basis, Claim, Field, Group, Measure, Relation, Report
from tracker.reconcile import reconcile
from tracker.rows import claim_rows, report_row
from tracker.store import Store
from tracker.table import to_table

_FEW = 2_000


def claim(
    report: str,
    at: int,
    measure: Measure,
    low: int,
    town: str | None,
    day: dt.date,
    weapons: tuple[str, ...],
    hour: int,
) -> Claim:
    return Claim(
        claim_id=f"{report}-{at}", report_id=report, measure=measure, low=low, high=low, approx=False, vague=None,
        text=str(low), group=Group.ALL, relation=Relation.TOTAL, basis=Basis.INCIDENT, weapons=weapons, models=(),
        attacker="Russia", place=town, place_text=town, admin1=None, admin2=None, country="Ukraine",
        lat=None, lon=None, where_prec=1 if town else 6, candidates=(), date=day, date_end=day, date_prec=1,
        date_text="overnight" if hour < 8 else None, source=f"source {low % 9}", sentence=f"Sentence {at}.",
        field=Field.TEXT, start=100 * at, end=100 * at + 2, publisher=f"publisher {hour}",
        published=dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC),
    )  # fmt: skip


def claims() -> Iterator[Claim]:
    """Endless: three claims a report, 2,000 towns of very different size, ten years, a tenth nationwide."""
    rnd = random.Random(20250424)
    weapons: tuple[tuple[str, ...], ...] = (("drone",), ("missile",), ("drone", "missile"), (), ("bomb",))
    for number in itertools.count():
        day = dt.date(2016, 1, 1) + dt.timedelta(days=rnd.randrange(3_650))
        town = f"Town {int(2_000 * rnd.random() ** 3)}" if rnd.random() < 0.9 else None
        arms, hour, killed = rnd.choice(weapons), rnd.randrange(24), rnd.randrange(1, 40)
        for at, (measure, low) in enumerate(
            ((Measure.KILLED, killed), (Measure.INJURED, 3 * killed), (Measure.BUILDINGS, 5 * killed))
        ):
            yield claim(f"r{number}", at, measure, low, town, day, arms, hour)


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, whatever else the machine does."""
    start = time.process_time()
    work()
    return time.process_time() - start


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(store: Store, made: Iterator[Claim], count: int) -> None:
    """Reports of three claims each, as an ingest would have left them but for the strikes."""
    by_report = itertools.groupby(itertools.islice(made, count), key=lambda claim: claim.report_id)
    with store.writing() as connection:
        while some := [list(own) for _, own in itertools.islice(by_report, _FEW)]:
            reports = (Report(c.report_id, c.report_id, None, c.published, c.publisher) for c, *_ in some)
            connection.execute(sa.insert(db.reports), [report_row(report, {}, None) for report in reports])
            rows = [row for own in some for row in claim_rows(own, map(locus, own))]
            connection.execute(sa.insert(db.claims), rows)
        derive.touch_all(connection)


def reconciling(size: int) -> float:
    """Claims into strikes; how long it takes."""
    part = list(itertools.islice(claims(), size))
    print(f"  {size:>9,} claims: {memory():,.0f} MB as objects, ", end="")
    took = seconds(lambda: reconcile(part))
    print(f"into strikes {took:.2f} s ({1e6 * took / size:.0f} µs each), {memory():,.0f} MB held at most", flush=True)
    return took


def tabulating(size: int) -> None:
    """Strike objects into a table."""
    (strike, *_) = reconcile(list(itertools.islice(claims(), 3)))
    rows = [replace(strike, strike_id=f"{number:016x}") for number in range(size)]
    to_table(rows[:10])
    print(f"{size:,} strikes into a table: {seconds(lambda: to_table(rows)):.2f} s", flush=True)


def filling(path: str, size: int) -> None:
    """A store of so many claims, and its strikes."""
    with Store.open(path) as store:
        took = seconds(lambda: fill(store, claims(), size))
        print(f"{size:,} claims written: {took:.1f} s, {memory():,.0f} MB held at most", flush=True)


def remaking(path: str) -> None:
    """All strikes of a store."""
    with Store.open(path) as store:
        took = seconds(store.refresh)
        print(
            f"its strikes made and written: {took:.1f} s, {memory():,.0f} MB held at most",
            flush=True,
        )


def reading(path: str) -> None:
    """The whole table of a store, and one strike."""
    with Store.open(path) as store:
        to_table([])  # loads pandas
        before = memory()
        took = seconds(store.table)
        print(f"its table from rows: {took:.1f} s, {memory() - before:,.0f} MB more held at most", flush=True)
        strike_id = store.table()["strike_id"].iloc[-1]
        print(f"one strike with its evidence: {1000 * seconds(lambda: store.strike(strike_id)):.1f} ms", flush=True)


def adding(path: str) -> None:
    """One more report, where little is known and where most is."""
    with Store.open(path) as store:
        for name, town in {"a small town": "Town 1500", "the largest town": "Town 0", "the country": None}.items():
            text = f"A drone killed three people in {name} and injured nine others."
            day = dt.date(2021, 6, 1)
            news = [
                replace(known, report_id=name, claim_id=f"{name} {at}", place=town, date=day, date_end=day)
                for at, known in enumerate(itertools.islice(claims(), 3))
            ]
            sys.modules["tracker.store"]._reader = lambda news=news: lambda report: news  # type: ignore[attr-defined]
            line = json.dumps({"id": name, "text": text, "published": "2021-06-01"}).encode()
            record = read_record(line, Origin("new.jsonl", 1))
            took = seconds(lambda record=record: store.ingest([record]))
            print(f"one more report about {name}: {took:.3f} s", flush=True)


def main(count: int) -> None:
    # Each step in a process of its own, so that its memory is its own.
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as alone:
        print("claims into strikes:")
        before = 0.0
        for size in (count // 16, count // 4, count):
            took = alone.submit(reconciling, size).result()
            if before:
                print(f"{'':12}{took / before:.2f} times a quarter's; n log n is {4 * (1 + math.log(4, size / 4)):.2f}")
            before = took
        alone.submit(tabulating, 100_000).result()
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "bench.db")
            alone.submit(filling, path, count).result()
            for step in (remaking, reading, adding):
                alone.submit(step, path).result()


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000)
