"""What could not be read: listed, read again, and gone once it can be."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tracker.cli import app
from tracker.ingest import Origin, Unreadable, read_again, read_record, read_reports, read_upload
from tracker.records import SAMPLE_BYTES
from tracker.store import Store

pytestmark = pytest.mark.usefixtures("plain_reader")
Write = Callable[[str, str | bytes], Path]
CSV = b'id,text,date\n1,"2 killed in Odesa",soon\n2,"3 killed in Lviv",2025-04-24\n'


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as store:
        yield store


def mended(failure: Unreadable, old: bytes, new: bytes) -> Unreadable:
    assert old in failure.raw
    return dataclasses.replace(failure, raw=failure.raw.replace(old, new))


@pytest.mark.parametrize(
    ("name", "raw", "old", "new"),
    [
        ("r.csv", CSV, b"soon", b"2025-04-24"),
        ("r.jsonl", b'{"id": "1", "text": "2 killed in Odesa", "published": "soon"}\n', b"soon", b"2025-04-24"),
        ("1.txt", b"2 killed in \xffOdesa", b"\xff", b""),
        ("1.html", b"<html><p>2 killed in Odesa\xff</p></html>", b"\xff", b""),
        ("r.csv", b"id,words\n1,2 killed in Odesa\n", b"words", b"text"),
    ],
)
@pytest.mark.parametrize("uploaded", [True, False])
def test_a_mended_record_is_taken_in(
    uploaded: bool, name: str, raw: bytes, old: bytes, new: bytes, store: Store, write: Write
) -> None:
    store.ingest(read_upload(name, raw) if uploaded else read_reports([write(name, raw)]))
    (failure,) = store.failures()
    assert failure.origin.uploaded == uploaded
    assert Path(failure.origin.path).is_absolute() != uploaded
    again = store.retry()
    assert (again.added, len(again.failed)) == (0, 1)
    assert store.failures() == [failure]
    taken = store.retry([mended(failure, old, new)])
    assert (taken.added, taken.failed, store.failures()) == (1, [], [])
    report = store.report("1")
    assert report is not None
    assert report.text == "2 killed in Odesa"
    assert "Odesa" in {claim.place for claim in store.claims()}
    assert not store.stale
    assert store.retry().added == 0


def test_a_mended_sidecar_is_enough(store: Store, write: Write) -> None:
    path = write("a.txt", "2 killed in Odesa")
    sidecar = write("a.meta.json", "{")
    store.ingest(read_reports([path]))
    sidecar.write_text('{"publisher": "P"}')
    assert store.retry().added == 1
    assert store.failures() == []


def test_what_a_stumbling_reader_failed_on_is_read_by_a_better_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    good = sys.modules["tracker.extract"].extract

    def stumble(report: object) -> None:
        raise RuntimeError("stumbled")

    monkeypatch.setattr(sys.modules["tracker.extract"], "extract", stumble)
    records = [
        *read_upload("r.csv", CSV),
        read_record(b'{"id": "j", "text": "4 killed in Kyiv"}', Origin("standard input", 3)),
    ]
    assert len(store.ingest(records).failed) == 3
    assert len(store.retry().failed) == 3
    assert len(store.failures()) == 3
    monkeypatch.setattr(sys.modules["tracker.extract"], "extract", good)
    again = store.retry()
    assert (again.added, len(again.failed)) == (2, 1)
    assert [str(failure.origin) for failure in store.failures()] == ["r.csv, line 2"]


def test_what_is_not_kept_whole_is_said_and_stays(store: Store, write: Write, tmp_path: Path) -> None:
    store.ingest(read_reports([write("long.txt", "x" * 5_000_001), tmp_path / "missing.txt"]))
    before = store.failures()
    assert [failure.whole for failure in before] == [False, False]
    assert list(read_again(before[0])) == []
    heard: list[str] = []
    summary = store.retry(on_failure=lambda error: heard.append(str(error)))
    assert summary.added == 0
    again = "cannot be read again: it is not kept whole. It"
    assert heard == [
        f"{tmp_path}/long.txt: {again} {before[0].error.problem} Ingest its file again.",
        f"{tmp_path}/missing.txt: {again} cannot be read: No such file or directory. Ingest its file again.",
    ]
    assert store.failures() == before


def test_the_beginning_of_a_report_is_never_taken_for_all_of_it() -> None:
    for size in (SAMPLE_BYTES, 0):
        failure = read_record(b"\xff" * size, Origin("a.txt"))
        assert isinstance(failure, Unreadable)
        assert not failure.whole


def test_an_upload_of_the_same_name_settles_its_failures(store: Store) -> None:
    store.ingest(read_upload("r.csv", CSV))
    store.ingest(read_upload("other.csv", CSV.replace(b"1,", b"3,").replace(b"2,", b"4,")))
    assert len(store.failures()) == 2
    store.ingest(read_upload("r.csv", CSV.replace(b"soon", b"2025-04-24")))
    assert [failure.origin.path for failure in store.failures()] == ["other.csv"]


def test_the_commands(write: Write, tmp_path: Path) -> None:
    database = tmp_path / "c.db"
    path, large = write("r.csv", CSV), write("x.html", b"<html>" + b"x" * 5_000_000)
    ingested = run("ingest", path, large, "--db", database)
    assert ingested.exit_code == 1
    hint = "kept until they can be. 'tracker failures' lists them, 'tracker retry' reads them again."
    assert ingested.stderr.splitlines()[-1] == f"2 records that could not be read so far: {hint}"

    listed = run("failures", "--db", database)
    advice = 'Write "published" as YYYY-MM-DD, or with a time and its zone.'
    assert listed.exit_code == 0
    assert listed.stdout.splitlines() == [
        f"{path}, line 2: \"published\" 'soon' is not a date. {advice}",
        (
            f"{large}: is larger than 5 MB, the most that one web page may hold. "
            "Copy the report's words into a text file (.txt)."
        ),
    ]
    assert listed.stderr == "Note: 1 record not kept whole; 'tracker ingest' reads the file again.\n"
    rows = [json.loads(line) for line in run("failures", "--json", "--db", database).stdout.splitlines()]
    assert rows[0] == {
        "path": str(path), "line": 2, "id": "1", "problem": "\"published\" 'soon' is not a date.", "advice": advice,
        "whole": True,
    }  # fmt: skip
    assert (rows[1]["line"], rows[1]["id"], rows[1]["whole"]) == (None, "x", False)

    again = run("retry", "--db", database)
    assert (again.exit_code, again.stdout) == (1, "0 new reports, 0 changed, 0 unchanged, 2 failed again.\n")
    assert len(again.stderr.splitlines()) == 2
    large.write_text("<html><p>2 killed in Odesa</p></html>")
    path.write_bytes(CSV.replace(b"soon", b""))
    assert run("ingest", path, large, "--db", database).exit_code == 0
    assert run("failures", "--db", database).stdout == "Everything could be read.\n"
    assert run("failures", "--json", "--db", database).stdout == ""
    assert run("retry", "--db", database).exit_code == 0


@pytest.mark.parametrize("command", ["failures", "retry"])
def test_there_must_be_a_database(command: str, tmp_path: Path) -> None:
    result = run(command, "--db", tmp_path / "none.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no database" in result.stderr


@pytest.mark.parametrize("command", ["ingest", "extract"])
def test_a_date_that_a_page_declares_is_noted(command: str, write: Write, tmp_path: Path) -> None:
    head = '<meta property="article:published_time" content="2025-04-24">'
    one = write("1.html", f"<html><head>{head}</head><body><p>2 killed in Odesa</p></body></html>")
    two = write("2.txt", "3 killed in Lviv")
    result = run(command, one, two, *(["--db", tmp_path / "n.db"] if command == "ingest" else []))
    assert result.exit_code == 0
    assert result.stderr.splitlines()[0] == (
        "Note: 1 report dated by what the web page says of itself. A NAME.meta.json beside a page says otherwise."
    )
    assert "without a publication date" in result.stderr.splitlines()[1]
