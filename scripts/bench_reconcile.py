"""How fast claims become strikes, how cost and memory grow, and what one more report costs a large store.

``python scripts/bench_reconcile.py [CLAIMS]`` (default 100,000; the issue's sizes are 100,000 and 1,000,000).
One core. The store is filled by writing claims straight into it, so that reading is not measured here.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
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
    """Reports of three claims each, as an ingest would have left them, strikes included."""
    rows: list[dict[str, object]] = []
    reports: list[dict[str, object]] = []
    for name, own in itertools.groupby(itertools.islice(made, count), key=lambda claim: claim.report_id):
        same = list(own)
        rows += claim_rows(same, map(locus, same))
        reports.append(
            report_row(Report(name, name, published=same[0].published, publisher=same[0].publisher), {}, None)
        )
    with store.writing() as connection:
        connection.execute(sa.insert(db.reports), reports)
        connection.execute(sa.insert(db.claims), rows)
        derive.touch_all(connection)


def main(count: int) -> None:
    before = 0.0
    for size in (count // 16, count // 4, count):
        part = list(itertools.islice(claims(), size))
        took = seconds(lambda part=part: reconcile(part))
        ratio = f", {took / before:.1f} times the time of a quarter" if before else ""
        print(f"{size:,} claims into strikes: {took:.2f} s{ratio}; {memory():,.0f} MB held at most", flush=True)
        before = took

    (strike, *_) = reconcile(part[:3])
    rows = [replace(strike, strike_id=f"{number:016x}") for number in range(100_000)]
    to_table(rows[:10])
    print(f"100,000 strikes into a table: {seconds(lambda: to_table(rows)):.2f} s", flush=True)
    del part
    rows.clear()

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "bench.db") as store:
        took = seconds(lambda: fill(store, claims(), count))
        print(
            f"{count:,} claims written: {took:.1f} s; strikes made of them: {seconds(store.refresh):.1f} s", flush=True
        )
        towns = {"a small town": "Town 1500", "the largest town": "Town 0"}
        for name, town in towns.items():
            text = f"A drone killed three people in {town} and injured nine others."
            day = dt.date(2021, 6, 1)
            news = [replace(c, report_id=f"new {town}", place=town) for c in itertools.islice(claims(), 3)]
            news = [replace(c, claim_id=f"new {town} {at}", date=day, date_end=day) for at, c in enumerate(news)]
            store_reader = sys.modules["tracker.store"]
            store_reader._reader = lambda news=news: lambda report: news  # type: ignore[attr-defined]
            line = json.dumps({"id": f"new {town}", "text": text, "published": "2021-06-01"}).encode()
            record = read_record(line, Origin("new.jsonl", 1))
            print(
                f"one more report about {name}: {seconds(lambda record=record: store.ingest([record])):.3f} s",
                flush=True,
            )
    print(f"{memory():,.0f} MB held at most")


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000)
