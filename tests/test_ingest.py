"""Files, folders and streams → reports."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.ingest import STDIN, Origin, Received, Unreadable, files_under, read_record, read_reports

Write = Callable[[str, str | bytes], Path]


def received(paths: list[Path], published: dt.date | None = None) -> list[Received]:
    records = list(read_reports(paths, published=published))
    assert all(isinstance(record, Received) for record in records), records
    return [record for record in records if isinstance(record, Received)]


def line(**keys: object) -> bytes:
    return json.dumps(keys).encode()


def read_line(**keys: object) -> Received | Unreadable:
    return read_record(line(**keys), Origin("reports.jsonl", 1))


def test_a_text_file_is_kept_to_the_character(write: Write) -> None:
    path = write("a.report.txt", "Línea\r\n\r\n  two \x85 spaces\r\n".encode())
    report = received([path])[0].report
    assert report.text == "Línea\r\n\r\n  two \x85 spaces\r\n"
    assert (report.id, report.title, report.published) == ("a.report", None, None)


def test_a_byte_order_mark_is_no_part_of_the_text(write: Write) -> None:
    text = write("a.txt", b"\xef\xbb\xbf3 killed in Odesa")
    lines = write("b.jsonl", b"\xef\xbb\xbf" + line(id="b", text="c"))
    assert [record.report.text for record in received([text, lines])] == ["3 killed in Odesa", "c"]


def test_a_sidecar_tells_what_is_known_about_a_text(write: Write) -> None:
    path = write("a.txt", "Body")
    meta = {"id": "own", "title": "Head", "published": "2025-04-24", "publisher": "P", "url": "u", "citation": "C"}
    write("a.meta.json", json.dumps({**meta, "sample": True}))
    record = received([path], dt.date(2020, 1, 1))[0]
    assert (record.report.id, record.report.title, record.report.publisher, record.report.url) == (
        "own",
        "Head",
        "P",
        "u",
    )
    assert record.report.published == dt.date(2025, 4, 24)
    assert record.extra == {"citation": "C", "sample": True}


def test_the_date_given_is_for_reports_without_one(write: Write) -> None:
    path = write("a.jsonl", line(id=1, text="x") + b"\n" + line(id="2", text="y", published="2024-02-29"))
    reports = [record.report for record in received([path], dt.date(2025, 1, 2))]
    assert [(report.id, report.published) for report in reports] == [
        ("1", dt.date(2025, 1, 2)),
        ("2", dt.date(2024, 2, 29)),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-04-24", dt.date(2025, 4, 24)),
        ("2025-04-24T07:30:00Z", dt.datetime(2025, 4, 24, 7, 30, tzinfo=dt.UTC)),
        ("2025-04-24 07:30", dt.datetime(2025, 4, 24, 7, 30, tzinfo=dt.UTC)),
        ("2025-04-24T07:30+03:00", dt.datetime(2025, 4, 24, 4, 30, tzinfo=dt.UTC)),
        ("", None),
        (None, None),
    ],
)
def test_published_is_a_day_or_a_time_with_its_zone(value: str | None, expected: dt.date | None) -> None:
    record = read_line(id="a", text="x", published=value)
    assert isinstance(record, Received)
    assert record.report.published == expected
    assert not isinstance(record.report.published, dt.datetime) or record.report.published.tzinfo is not None


def test_a_folder_is_searched_in_a_fixed_order(write: Write, tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a.jsonl", "c.TXT", ".hidden.txt", ".git/x.txt", "README.md", "a.meta.json"):
        write(name, "x")
    found = [path.relative_to(tmp_path).as_posix() for path in files_under(tmp_path)]
    assert found == ["a.jsonl", "c.TXT", "b/10.txt", "b/2.txt"]


def test_a_sidecar_named_beside_its_text_is_no_report(write: Write) -> None:
    paths = [write("a.meta.json", "{}"), write("a.txt", "x")]
    assert [path.name for path in files_under(paths[0])] == []
    assert [str(record.origin.path) for record in read_reports(paths[1:])] == [str(paths[1])]


def test_standard_input_is_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"\n" + line(id="a", text="x") + b"\n\n" + line(id="b", text="y")))
    monkeypatch.setattr(sys, "stdin", stream)
    records = received([STDIN])
    assert [(record.report.id, str(record.origin)) for record in records] == [
        ("a", "standard input, line 2"),
        ("b", "standard input, line 4"),
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b'{"id": "a", "text": "x"', "is not JSON (expecting ',' delimiter at character 23)."),
        (b'["a"]', "is JSON, but no object."),
        (b'{"text": "x"}', 'has no "id".'),
        (b'{"id": true, "text": "x"}', '"id" is neither a string nor a number.'),
        (b'{"id": " ", "text": "x"}', '"id" is neither a string nor a number.'),
        (b'{"id": "a"}', 'has no "text".'),
        (b'{"id": "a", "text": ["x"]}', '"text" is not a string.'),
        (b'{"id": "a", "text": " \\n"}', "is empty."),
        (b'{"id": "a", "text": "x", "title": 5}', '"title" is not a string.'),
        (b'{"id": "a", "text": "x", "sample": "yes"}', '"sample" is neither true nor false.'),
        (b'{"id": "a", "text": "x", "published": 20250424}', '"published" is not a date.'),
        (
            b'{"id": "a", "text": "x", "published": "2025-02-30"}',
            "\"published\" '2025-02-30' is not a date that exists.",
        ),
        (b'{"id": "a", "text": "x", "published": "last week"}', "\"published\" 'last week' is not a date."),
        (b'{"id": "a", "text": "x", "accessed": "soon"}', "\"accessed\" 'soon' is not a date."),
        (b'{"id": "a", "text": "x", "rate": NaN}', "is not JSON (NaN is no number)."),
        (b'{"id": "a", "text": "\\ud83d"}', "holds half a character (a lone surrogate)."),
        (b'{"id": "a", "text": "x", "by": "\\udc00"}', "holds half a character (a lone surrogate)."),
        (b'{"id": "a", "text": "caf\xe9"}', "is not UTF-8 (byte 0xe9 at 24)."),
        (b"[" * 100_000, "is JSON nested too deeply to read."),
    ],
)
def test_what_is_wrong_with_a_record_is_said_in_words(raw: bytes, message: str) -> None:
    record = read_record(raw, Origin("reports.jsonl", 7))
    assert isinstance(record, Unreadable)
    assert record.error.problem == message
    assert record.error.where == "reports.jsonl, line 7"
    assert record.error.advice.endswith(".")
    assert record.raw == raw


def test_half_characters_that_make_a_whole_one_are_read() -> None:
    record = read_line(id="a", text="\U0001f600")
    assert isinstance(record, Received)
    assert record.report.text == "\U0001f600"


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    record = read_record(b'{"id": "a", "text": "x", "n": ' + b"9" * 10_000 + b"}", Origin("r.jsonl", 1))
    assert isinstance(record, Unreadable)
    assert record.error.problem.startswith("is not JSON (")


def test_memory_does_not_grow_with_the_number_of_reports(write: Write) -> None:
    one = line(id="a", text="y" * 1000) + b"\n"
    few, many = write("few.jsonl", one * 20), write("many.jsonl", one * 5_000)

    def peak(path: Path) -> int:
        tracemalloc.start()
        number = sum(1 for _ in read_reports([path]))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert number in (20, 5_000)
        return used

    peak(few)
    assert peak(many) < peak(few) + 100_000
