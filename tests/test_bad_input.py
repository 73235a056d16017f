"""Bad input, one test a kind: the message that a person gets, and that everything else was kept.

Good reports stand before and after the bad one each time; both must come through ``extract`` and ``ingest``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tracker import database as db
from tracker.cli import app
from tracker.extract import extract
from tracker.ingest import MAX_BYTES, SUFFIXES, Origin, Received, Unreadable, read_record, read_reports
from tracker.models import Report
from tracker.store import Store, StoreError

Write = Callable[[str, str | bytes], Path]

FIRST = {"id": "first", "text": "A drone killed two people in Odesa.", "published": "2025-05-02"}
LAST = {"id": "last", "text": "Shelling injured five people in Kherson.", "published": "2025-05-02"}


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def check(paths: list[Path], tmp_path: Path, *said: str, name: str | None = None) -> None:
    """Both commands say ``said``, end with 1 and keep the two good reports, the bad one for another try.

    ``name`` is the id of the bad record where it has one; ``extract`` then prints a line with its error.
    """
    extracted = run("extract", *paths)
    assert extracted.exit_code == 1
    assert extracted.stderr.splitlines() == [*said, "2 reports read, 1 failed."]
    printed = {line["id"]: line for line in map(json.loads, extracted.stdout.splitlines())}
    assert set(printed) == {"first", "last"} | ({name} if name else set())
    assert [len(printed[good]["claims"]) for good in ("first", "last")] == [1, 1]
    if name:
        assert printed[name] == {"id": name, "claims": [], "strikes": [], "errors": list(said)}

    for again in (False, True):
        database = tmp_path / "t.db"
        ingested = run("ingest", *paths, "--db", database)
        assert ingested.exit_code == 1
        assert ingested.stderr.splitlines() == [
            *said,
            (
                "1 record that could not be read so far: kept until they can be. "
                "'tracker failures' lists them, 'tracker retry' reads them again."
            ),
        ]
        assert ingested.stdout.startswith("0 new reports" if again else "2 new reports")
        with Store.open(database) as store:
            assert [report.id for report in store.reports()] == ["first", "last"]
            assert [claim.place for claim in store.claims()] == ["Odesa", "Kherson"]
            (failure,) = store.failures()
            assert said[0].endswith(f"{failure.error.problem} {failure.error.advice}".strip())


def around(write: Write, bad: str | bytes, name: str) -> list[Path]:
    """The paths of a bad file between two good ones."""
    good = (write("0.jsonl", json.dumps(FIRST)), write("2.jsonl", json.dumps(LAST)))
    return [good[0], write(name, bad), good[1]]


def between(write: Write, *bad: bytes) -> list[Path]:
    """The path of JSON Lines with bad lines in the middle."""
    return [write("r.jsonl", b"\n".join([json.dumps(FIRST).encode(), *bad, json.dumps(LAST).encode()]))]


def test_an_empty_file(write: Write, tmp_path: Path) -> None:
    paths = around(write, "", "nothing.txt")
    check(paths, tmp_path, f"{paths[1]}: is empty. There is nothing to read in it.", name="nothing")


def test_a_file_of_blanks(write: Write, tmp_path: Path) -> None:
    paths = around(write, "\ufeff \r\n\t\n", "blank.txt")
    check(paths, tmp_path, f"{paths[1]}: is empty. There is nothing to read in it.", name="blank")


def test_an_empty_file_of_json_lines(write: Write, tmp_path: Path) -> None:
    paths = around(write, "\n\n", "nothing.jsonl")
    check(paths, tmp_path, f"{paths[1]}: holds no reports. Write one report a line, as JSON.")


def test_an_empty_folder(write: Write, tmp_path: Path) -> None:
    paths = around(write, "", "folder/notes.md")
    paths[1] = paths[1].parent
    said = f"{paths[1]}: the folder holds no reports. Put files into it that can be read: {', '.join(SUFFIXES)}."
    check(paths, tmp_path, said)


def test_a_binary_file(write: Write, tmp_path: Path) -> None:
    paths = around(write, b"\1\2\0\0\0\rIHDR" + bytes(range(256)), "photo.txt")
    check(paths, tmp_path, f"{paths[1]}: is a binary file, not text. Save its words as UTF-8 text.", name="photo")


@pytest.mark.parametrize(
    ("encoding", "problem"),
    [
        ("cp1251", "is not UTF-8 (byte 0xc2 at 0)."),
        ("koi8-u", "is not UTF-8 (byte 0xf7 at 0)."),
        ("utf-16", "is UTF-16, not UTF-8."),
    ],
)
def test_a_wrong_encoding(encoding: str, problem: str, write: Write, tmp_path: Path) -> None:
    paths = around(write, "В Одесі загинули двоє людей.".encode(encoding), "article.txt")
    check(paths, tmp_path, f"{paths[1]}: {problem} Save it as UTF-8 and read it again.", name="article")


def test_a_broken_line_in_the_middle(write: Write, tmp_path: Path) -> None:
    paths = between(write, b'{"id": "x", "text": "torn off')
    said = "is not JSON (unterminated string starting at at character 20)."
    check(paths, tmp_path, f"{paths[0]}, line 2: {said} Write each report as one JSON object on one line.")


def test_an_impossible_date(write: Write, tmp_path: Path) -> None:
    paths = between(write, b'{"id": "x", "text": "y", "published": "2025-06-31"}')
    said = "\"published\" '2025-06-31' is not a date that exists."
    advice = 'Write "published" as YYYY-MM-DD, or with a time and its zone.'
    check(paths, tmp_path, f"{paths[0]}, line 2: {said} {advice}", name="x")


def test_an_impossible_date_in_a_sidecar(write: Write, tmp_path: Path) -> None:
    paths = around(write, "Two people were killed.", "a.txt")
    write("a.meta.json", '{"published": "2025-13-01"}')
    said = "\"published\" '2025-13-01' is not a date that exists."
    advice = 'Write "published" as YYYY-MM-DD, or with a time and its zone.'
    check(paths, tmp_path, f"{paths[1]}: {said} {advice}", name="a")


def test_a_broken_sidecar(write: Write, tmp_path: Path) -> None:
    paths = around(write, "Two people were killed.", "a.txt")
    write("a.meta.json", "{")
    problem = "its a.meta.json is not JSON (expecting property name enclosed in double quotes at character 1)."
    check(
        paths,
        tmp_path,
        f"{paths[1]}: {problem} Mend a.meta.json, or take it away to read the text without it.",
        name="a",
    )


def test_json_that_is_not_json_lines(write: Write, tmp_path: Path) -> None:
    paths = around(write, json.dumps([FIRST], indent=2), "a.json")
    said = "a .json file is neither text nor JSON Lines. Write one report a line (JSON Lines) and name the file .jsonl."
    check(paths, tmp_path, f"{paths[1]}: {said}")


def test_a_file_that_cannot_be_read(write: Write, tmp_path: Path) -> None:
    paths = around(write, "x", "gone/a.txt")
    paths[1] = paths[1].parent.rename(tmp_path / "folder.txt") / "b.txt"
    paths[1].symlink_to(paths[1])
    paths[1] = paths[1].parent
    (tmp_path / "folder.txt" / "a.txt").unlink()
    extracted = run("extract", *paths)
    assert extracted.exit_code == 1
    assert "cannot be read: Too many levels of symbolic links." in extracted.stderr
    assert len(extracted.stdout.splitlines()) == 2


def test_a_missing_date_is_no_failure(write: Write) -> None:
    undated = {key: value for key, value in FIRST.items() if key != "published"}
    result = run("extract", write("a.jsonl", json.dumps({**undated, "text": "A drone killed two in Odesa yesterday."})))
    assert result.exit_code == 0
    assert result.stderr.startswith("Note: 1 report without a publication date")
    (claim,) = json.loads(result.stdout)["claims"]
    assert (claim["low"], claim["date"], claim["date_text"]) == (2, None, "yesterday")


def test_a_line_of_50_megabytes(write: Write, tmp_path: Path) -> None:
    paths = between(write, b'{"id": "x", "text": "' + b"5 killed in Kyiv. " * 2_800_000 + b'"}')
    assert paths[0].stat().st_size > 50_000_000
    start = time.perf_counter()
    check(
        paths,
        tmp_path,
        f"{paths[0]}, line 2: is larger than 5 MB, the most that one report may hold. Split it into reports.",
    )
    assert time.perf_counter() - start < 20
    with Store.open(tmp_path / "t.db") as store:
        assert len(store.failures()[0].raw) < 10_000


def test_a_text_file_of_50_megabytes(write: Write, tmp_path: Path) -> None:
    paths = around(write, b"x" * 50_000_000, "long.txt")
    said = "is larger than 5 MB, the most that one report may hold. Split it into reports."
    check(paths, tmp_path, f"{paths[1]}: {said}", name="long")


def test_the_limit_is_what_the_message_says(write: Write) -> None:
    largest, larger = (write(f"{size}.txt", b"x" * size) for size in (MAX_BYTES, MAX_BYTES + 1))
    kept, refused = read_reports([largest, larger])
    assert isinstance(kept, Received)
    assert len(kept.report.text) == 5_000_000
    assert isinstance(refused, Unreadable)
    assert refused.error.problem == "is larger than 5 MB, the most that one report may hold."


def test_200_digits_in_a_row(write: Write) -> None:
    digits = "7" * 200
    texts = [f"{digits} people were killed in Odesa.", f"A drone killed two people in Odesa. {digits}", digits * 50]
    reports = [{**FIRST, "id": str(number), "text": text} for number, text in enumerate(texts)]
    source = write("a.jsonl", "".join(json.dumps(report) + "\n" for report in (*reports, LAST)))
    start = time.perf_counter()
    result = run("extract", source)
    assert time.perf_counter() - start < 10
    assert (result.exit_code, result.stderr) == (0, "")
    printed = {line["id"]: line["claims"] for line in map(json.loads, result.stdout.splitlines())}
    assert [claim["low"] for claim in printed["1"]] == [2]
    assert [claim["low"] for claim in printed["last"]] == [5]
    assert printed["2"] == []


@pytest.mark.parametrize(
    "piece",
    [
        "A drone killed two people in Odesa. ",
        "killed ",
        "hundred ",
        '"a ',
        "at least ",
        "1 ",
        "1,",
        "Kyiv, ",
        "Mr. ",
        "said ",
        "on Friday ",
        "drones and missiles and ",
        "\n",
        "(",
        "’",
        "X",
        "Ї",
    ],
)
def test_time_grows_linearly_with_length(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()  # whatever else the machine does
            extract(Report("a", text))
            best = min(best, time.process_time() - start)
        return best

    seconds(1_000)  # what is loaded once
    short, long = seconds(20_000), seconds(160_000)
    # Eight times the text; a quadratic reader would take 64 times as long.
    assert long < 16 * max(short, 0.05)


@pytest.mark.parametrize("piece", ["two killed, ", "in Kyiv and Odesa two killed and ", "a man, ", "of 5 ", "killed 5"])
def test_a_sentence_without_end_is_read_in_time(piece: str) -> None:
    extract(Report("a", "A drone killed two people in Odesa."))  # what is loaded once
    start = time.process_time()
    extract(Report("a", piece * (20_000 // len(piece))))
    assert time.process_time() - start < 1


# -- the database ----------------------------------------------------------------------------------------------------


def test_a_database_that_cannot_be_written(write: Write, tmp_path: Path) -> None:
    source = write("a.jsonl", json.dumps(FIRST))
    write("file", "x")
    result = run("ingest", source, "--db", tmp_path / "file" / "t.db")
    assert result.exit_code == 2
    assert result.stderr == (
        f"The database {tmp_path}/file/t.db cannot be written ({tmp_path}/file is not a folder). "
        "Name one in a folder of yours with --db or TRACKER_DB.\n"
    )
    assert run("ingest", source, "--db", tmp_path / "t.db").exit_code == 0
    read_only = f"sqlite:///file:{tmp_path}/t.db?mode=ro&uri=true"
    result = run("ingest", write("b.jsonl", json.dumps(LAST)), "--db", read_only)
    assert result.exit_code == 2
    assert "cannot be written (attempt to write a readonly database)" in result.stderr
    assert "Odesa" in run("table", "--db", read_only).stdout
    with Store.open(tmp_path / "t.db") as store:
        assert [report.id for report in store.reports()] == ["first"]


def test_a_full_disk_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    reports = [{**FIRST, "id": str(number), "text": FIRST["text"] + " " + "y" * 20_000} for number in range(200)]
    records = [read_record(json.dumps(report).encode(), Origin("r.jsonl", 1)) for report in reports]
    with Store.open(tmp_path / "t.db") as store:
        with store.reading() as connection:  # the same connection serves what follows
            connection.exec_driver_sql("PRAGMA max_page_count = 100")
        with pytest.raises(StoreError, match=r"is full\. .* make room and run it again"):
            store.ingest(records)
        kept = store.counts()
    assert 0 < kept["reports"] < 200
    with Store.open(tmp_path / "t.db") as store:
        assert store.counts() == kept
        assert store.ingest(records).unchanged == kept["reports"]
        assert (len(store.reports()), len(store.claims()), store.stale) == (200, 200, False)


def test_a_folder_where_wal_is_refused_is_noted(write: Write, tmp_path: Path) -> None:
    database = f"sqlite:///file:{tmp_path}/t.db?vfs=unix-dotfile&uri=true"
    result = run("ingest", write("a.jsonl", json.dumps(FIRST)), "--db", database)
    assert result.exit_code == 0
    assert result.stderr.startswith("Note: ")
    assert "cannot be kept in WAL mode (a network folder?)" in result.stderr
    assert "holds 1 report, 1 claim, 1 strike." in result.stdout


def test_a_folder_in_the_place_of_a_database(write: Write, tmp_path: Path) -> None:
    result = run("ingest", write("a.jsonl", json.dumps(FIRST)), "--db", tmp_path)
    assert result.exit_code == 2
    assert "cannot be written (unable to open database file)" in result.stderr


def test_a_database_from_a_newer_version(write: Write, tmp_path: Path) -> None:
    source, database = write("a.jsonl", json.dumps(FIRST)), tmp_path / "t.db"
    assert run("ingest", source, "--db", database).exit_code == 0
    with Store.open(database) as store, store.writing() as connection:
        db.write_meta(connection, "schema_version", db.SCHEMA_VERSION + 1)
    before = database.read_bytes()
    for command in (["ingest", source], ["table"], ["dashboard"]):
        result = run(*command, "--db", database)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr == (
            f"{database} was made by a newer Strike Tracker (format {db.SCHEMA_VERSION + 1}; "
            f"this one reads up to {db.SCHEMA_VERSION}). "
            "Install the newer version, or name another database with --db.\n"
        )
    assert database.read_bytes() == before


@pytest.mark.parametrize("content", [b"id,text\n1,x\n" * 100, b"\x00" * 5000])
def test_a_file_that_is_no_database(content: bytes, write: Write, tmp_path: Path) -> None:
    other = write("notes.csv", content)
    result = run("ingest", write("a.jsonl", json.dumps(FIRST)), "--db", other)
    assert (result.exit_code, result.stderr) == (2, f"{other} is not a database. Name another one with --db.\n")
    assert other.read_bytes() == content


def test_a_database_of_another_program(write: Write, tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/other.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE meta (name TEXT)")
    result = run("ingest", write("a.jsonl", json.dumps(FIRST)), "--db", tmp_path / "other.db")
    assert result.exit_code == 2
    assert result.stderr == f"{tmp_path}/other.db is a database of another program. Name another one with --db.\n"


def test_a_url_of_no_known_database() -> None:
    result = run("table", "--db", "gopher://analyst:hunter2@host/db")
    assert result.exit_code == 2
    assert "No driver for gopher://analyst:***@host/db is installed." in result.stderr
