"""Tables of reports: a row a report, and what is wrong with a row in words."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.ingest import Origin, Received, Record, Unreadable, read_again, read_reports, read_upload
from tracker.sheets import read_table

Write = Callable[[str, str | bytes], Path]


def rows(table: str | bytes, name: str = "r.csv") -> list[Record]:
    return list(read_upload(name, table.encode() if isinstance(table, str) else table))


def row(table: str | bytes, name: str = "r.csv") -> Received:
    (record,) = rows(table, name)
    assert isinstance(record, Received), record
    return record


def bad(table: str | bytes) -> list[str]:
    return [str(record.error) for record in rows(table) if isinstance(record, Unreadable)]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        *((name, "text") for name in ("text", "TEXT", " Body ", "content", "Article")),
        *((name, "title") for name in ("title", "Headline")),
        *((name, "published") for name in ("published", "Date", "publication_date", "Publication Date")),
        *((name, "publisher") for name in ("publisher", "source", "Outlet")),
        *((name, "url") for name in ("url", "Link")),
        ("ID", "id"),
    ],
)
def test_columns_are_known_by_their_names(header: str, key: str) -> None:
    value = "2025-04-24" if key == "published" else "value"
    record = row(f"{header}\n{value}\n" if key == "text" else f"text,{header}\nx,{value}\n")
    assert str(getattr(record.report, key)) == value
    assert record.extra == {}


def test_the_plainest_name_stands_and_the_others_are_kept() -> None:
    record = row("Body,text,headline,town,,sample\nlong,short,h,Odesa,,false\n")
    assert (record.report.text, record.report.title) == ("short", "h")
    assert record.extra == {"Body": "long", "town": "Odesa", "sample": False}


@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n", "sep=;\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_marks_and_line_ends(delimiter: str, end: str, start: str) -> None:
    if start == "sep=;\n":
        start = f"sep={delimiter}\n"
    record = row(
        start + delimiter.join(("id", "text")) + end + delimiter.join(("1", '"A ""big"" one, two; three"')) + end
    )
    assert (record.report.id, record.report.text) == ("1", 'A "big" one, two; three')


def test_tabs_divide_a_tsv() -> None:
    record = row("id\ttext\n7\tTwo, dead; one hurt\n", "r.tsv")
    assert (record.report.id, record.report.text) == ("7", "Two, dead; one hurt")


def test_a_row_is_told_by_the_line_on_which_it_starts(write: Write) -> None:
    path = write("r.csv", 'id,text\n1,"Two\nkilled,\n\nin Odesa"\n\n2\n3,"Five\nhurt"\n')
    one, two, three = read_reports([path])
    assert isinstance(one, Received)
    assert (str(one.origin), one.report.text) == (f"{path}, line 2", "Two\nkilled,\n\nin Odesa")
    assert isinstance(two, Unreadable)
    assert str(two.error).startswith(f"{path}, line 7: has 1 values for 2 columns. Put values that hold")
    assert (three.origin.line, isinstance(three, Received)) == (8, True)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"1,Two killed,,and one hurt", "has 4 values for 3 columns."),
        (b"1,x", "has 2 values for 3 columns."),
        (b"1,,2025-04-24", "is empty."),
        (b"1,x,soon", "\"published\" 'soon' is not a date."),
        (b"1,x,24/04/2025", "\"published\" '24/04/2025' is not a date."),
        (b"1,x,2025-02-30", "\"published\" '2025-02-30' is not a date that exists."),
        (b"1,caf\xe9,", "is not UTF-8."),
        (b"1,a\0b,", "holds a NUL byte."),
        (b'1,"a" b,', "is no row of a table (',' expected after '\"')."),
        (b"1,a\rb,", "is no row of a table (new-line character seen in unquoted field"),
    ],
)
def test_a_bad_row_is_refused_in_words_and_the_others_are_read(line: bytes, problem: str) -> None:
    before, wrong, after = rows(b"id,text,date\n0,before,\n" + line + b"\n2,after,\n")
    assert isinstance(before, Received)
    assert isinstance(after, Received)
    assert isinstance(wrong, Unreadable)
    assert (wrong.origin.line, after.origin.line) == (3, 4)
    assert wrong.error.problem.startswith(problem)
    assert wrong.error.advice.endswith(".")
    (again,) = read_again(wrong)
    assert again == wrong


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("a,b\n1,2\n", "has no column for the text; its columns are 'a', 'b'."),
        ("a;b\n1;2\n", "has no column for the text; its columns are 'a', 'b'."),
        ("Two people were killed.\n", "has no column for the text; its columns are 'Two people were killed.'."),
        ("text,text\n1,2\n", "has two columns 'text'."),
        ("text,Url,URL\n1,2,3\n", "has two columns 'url'."),
        ("", "holds no reports."),
        ("\n \n", "holds no reports."),
        ("text\n", "holds no reports."),
        (b"text,\xe9\nx,y\n", "is not UTF-8."),
        (b"a\0,text\n", "is a binary file, not a table."),
        ("x" * 100_000, "has no row of column names."),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(table: str | bytes, problem: str) -> None:
    (record,) = rows(table)
    assert isinstance(record, Unreadable)
    assert record.origin == Origin("r.csv")
    assert record.error.problem == problem


def test_a_quotation_mark_that_is_never_closed() -> None:
    said = "begins a value with a quotation mark that is never closed; what follows was not read."
    first, second = rows('id,text\n1,x\n2,"open\n3,y\n' + "4,z\n" * 1000)
    assert isinstance(first, Received)
    assert isinstance(second, Unreadable)
    assert (second.origin.line, second.error.problem) == (3, said)


def table_of(*lines: bytes) -> list[Record]:
    return list(read_table(io.BytesIO(b"\n".join((b"id,text", *lines, b""))), Origin("r.csv"), max_bytes=1_000))


@pytest.mark.parametrize(
    ("large", "lines"),
    [
        (b"2," + b"x" * 5_000, 1),
        (b'2,"' + b"x, y\n" * 1_000 + b'"', 1_001),
        (b'2,"' + b'he said ""no"", \n' * 1_000 + b'"', 1_001),
        (b'2,"' + b"x" * 100_000 + b'\n"', 2),
        (b'2,"' + b"x" * 100_000 + b'"', 1),
    ],
)
def test_a_row_that_is_too_large_is_passed_over(large: bytes, lines: int) -> None:
    before, wrong, after = table_of(b"1,before", large, b"3,after")
    assert isinstance(before, Received)
    assert isinstance(after, Received)
    assert isinstance(wrong, Unreadable)
    assert (wrong.origin.line, after.origin.line) == (3, 3 + lines)
    assert wrong.error.problem == "is larger than 0.001 MB, the most that one report may hold."
    assert (after.report.id, after.report.text) == ("3", "after")


def test_a_row_within_the_limit_is_read_whatever_csv_allows_elsewhere() -> None:
    csv.field_size_limit(131_072)
    assert len(row(f"text\n{'x' * 1_000_000}\n").report.text) == 1_000_000


def test_an_id_is_made_of_what_the_report_says() -> None:
    one = row("text,title,publisher,town\nTwo killed,T,P,Odesa\n").report.id
    same = ["publisher,text,title\nP,Two killed,T\n", "text;headline;source;id\n\nTwo killed;T;P;\n"]
    assert {row(table).report.id for table in same} == {one}
    other = [
        "text,title,publisher\nTwo hurt,T,P\n",
        "text,title,publisher\nTwo killed,T,Q\n",
        "text,title\nTwo killed,T\n",
    ]
    assert len({row(table).report.id for table in other} | {one}) == 4


def test_the_date_given_is_for_rows_without_one() -> None:
    first, second = read_upload("r.csv", b"text,date\na,2025-04-24\nb,\n", published=dt.date(2020, 1, 1))
    assert isinstance(first, Received)
    assert isinstance(second, Received)
    assert (first.report.published, second.report.published) == (dt.date(2025, 4, 24), dt.date(2020, 1, 1))


def test_memory_does_not_grow_with_the_number_of_rows(write: Write) -> None:
    few = write("few.csv", "text\n" + f"{'y' * 1000}\n" * 20)
    many = write("many.csv", "text\n" + f"{'y' * 1000}\n" * 5_000)

    def peak(path: Path, number: int) -> int:
        tracemalloc.start()
        assert sum(isinstance(record, Received) for record in read_reports([path])) == number
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(few, 20)
    assert peak(many, 5_000) < peak(few, 20) + 100_000


CELLS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_read_to_the_character(cells: list[tuple[str, str]], delimiter: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows([("text", "title"), *cells])
    records = rows(stream.getvalue())
    assert [(r.report.text, r.report.title) for r in records if isinstance(r, Received)] == cells
