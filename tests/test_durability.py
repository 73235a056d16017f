"""What happens to a store when processes are killed, work at once, or find the disk full."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tracker import database as db
from tracker.ingest import Origin, Record, read_record
from tracker.store import Store, StoreError

pytestmark = pytest.mark.usefixtures("plain_reader")
TOWNS = ("Kyiv", "Odesa", "Lviv", "Sumy")
#: The plain reader goes with a fork.
FORK = multiprocessing.get_context("fork")


def reports(count: int, prefix: str = "r") -> list[Record]:
    made = []
    for n in range(count):
        text = f"{1 + n % 9} killed in {TOWNS[n % 4]}, {10 + n % 7} injured in {TOWNS[n % 4]}"
        report = {
            "id": f"{prefix}{n}",
            "text": text,
            "published": f"2025-04-{1 + n % 5:02}T{n % 24:02}:00Z",
            "publisher": f"p{n % 6}",
        }
        made.append(read_record(json.dumps(report).encode(), Origin("r.jsonl", n + 1)))
    return made


def content(path: Path) -> dict[str, list[Any]]:
    """Every row, but for what counts revisions and for what waits to be made."""
    with Store.open(path, create=False) as store, store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in db.metadata.sorted_tables
            if table.name != "meta"
        }


def _ingest(path: Path, records: list[Record]) -> None:
    with Store.open(path) as store:
        store.ingest(records)


def _started(path: Path, records: list[Record]) -> ForkProcess:
    process = FORK.Process(target=_ingest, args=(path, records))
    process.start()
    return process


def test_killed_at_any_moment_and_run_again_it_ends_the_same(tmp_path: Path) -> None:
    records = reports(40)
    start = time.monotonic()
    _ingest(tmp_path / "whole.db", records)
    whole = time.monotonic() - start
    expected = content(tmp_path / "whole.db")
    rnd = random.Random(20250424)
    path = tmp_path / "killed.db"
    killed = 0
    for attempt in range(50):
        if attempt % 10 == 0:  # from nothing as well as from every state in between
            for file in tmp_path.glob("killed.db*"):
                file.unlink()
        process = _started(path, records)
        time.sleep(rnd.uniform(0, min(1.2 * whole, 0.3)))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        if path.exists() and path.stat().st_size:
            with Store.open(path) as store:  # what is there is whole
                held = {report.id for report in store.reports()}
                assert {claim.report_id for claim in store.claims()} == held
    assert killed > 10
    _ingest(path, records)
    assert content(path) == expected


def _read(path: Path, stop: Any, seen: Any) -> None:
    before = -1
    with Store.open(path) as store:
        while not stop.is_set():
            count = store.counts()["reports"]
            strikes = store.strikes()
            assert count >= before
            assert len({strike.strike_id for strike in strikes}) == len(strikes)
            before = count
            seen.value += 1


def test_four_write_at_once_while_a_fifth_reads(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    Store.open(path).close()
    stop, seen = FORK.Event(), FORK.Value("i", 0)
    reader = FORK.Process(target=_read, args=(path, stop, seen))
    reader.start()
    while reader.is_alive() and not seen.value:
        time.sleep(0.01)
    shares = [reports(25, prefix) for prefix in "abcd"]
    writers = [_started(path, share) for share in shares]
    for writer in writers:
        writer.join()
    stop.set()
    reader.join()
    assert [process.exitcode for process in (*writers, reader)] == [0] * 5
    assert seen.value > 0
    _ingest(tmp_path / "alone.db", [record for share in shares for record in share])
    assert content(path) == content(tmp_path / "alone.db")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_loses_nothing_and_says_so(small_disk: Path, tmp_path: Path) -> None:
    path = small_disk / "t.db"
    records = reports(400)
    with Store.open(path) as store:
        store.ingest(records[:5])
        with pytest.raises(StoreError, match=r"The disk that holds .*t\.db is full\. What was stored before is kept"):
            store.ingest(records)
    with Store.open(path) as store:
        held = [report.id for report in store.reports()]
        assert len(held) >= 5
        assert {claim.report_id for claim in store.claims()} == set(held)
    for file in small_disk.iterdir():  # room is made elsewhere
        shutil.copy(file, tmp_path / file.name)
    _ingest(tmp_path / "t.db", records)
    _ingest(tmp_path / "whole.db", records)
    assert content(tmp_path / "t.db") == content(tmp_path / "whole.db")


def test_a_rebuild_is_the_same_byte_for_byte_in_another_process(tmp_path: Path) -> None:
    """Neither the seed of hashes nor the order of arrival leaves a trace."""
    records = reports(30)
    _ingest(tmp_path / "one.db", records)
    _ingest(tmp_path / "other.db", records[::-1])
    assert content(tmp_path / "one.db") == content(tmp_path / "other.db")
    code = (
        "import sys; from tests.plain import plain_extract; import tracker.store as s\n"
        "s._reader = lambda: plain_extract\n"
        "with s.Store.open(sys.argv[1]) as store: store.rebuild()"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "other.db")], check=True, env=environment)
    assert content(tmp_path / "one.db") == content(tmp_path / "other.db")
