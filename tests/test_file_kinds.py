"""What a file is, told by its first bytes: what is no text is refused by what it is, under any name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import ingest
from tracker.file_kinds import KINDS, Kind
from tracker.ingest import MAX_BYTES, SUFFIXES, Received, Unreadable, read_reports, read_upload

Write = Callable[[str, str | bytes], Path]


def zipped(*names: str, size: int = 100) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            content = "application/epub+zip" if name == "mimetype" else "x" * size
            archive.writestr(name, content, stored)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return buffer.getvalue()


FOREIGN = {
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a Word document": zipped("[Content_Types].xml", "word/document.xml"),
    "an Excel workbook": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "a PowerPoint file": zipped("[Content_Types].xml", "ppt/presentation.xml"),
    "an e-book (EPUB)": zipped("mimetype", "a.xhtml"),
    "a ZIP archive": zipped("bomb.txt", size=20_000_000),
    "a gzip archive": gzip.compress(b"x" * 20_000_000),
    "a bzip2 archive": bz2.compress(b"x" * 1_000_000),
    "an xz archive": lzma.compress(b"x" * 1_000_000),
    "a tar archive": tarred(),
    "a RAR archive": b"Rar!\x1a\x07\x01\0",
    "a 7-Zip archive": b"7z\xbc\xaf\x27\x1c\0\4",
    "a Zstandard archive": b"\x28\xb5\x2f\xfd\0",
    "a PNG image": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a JPEG image": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a GIF image": b"GIF89a\1\0",
    "a TIFF image": b"II*\0\x08\0",
    "a bitmap image": b"BM\x46\0\0\0\0\0",
    "a sound, video or WebP image file": b"RIFF\x24\0\0\0WEBPVP8 ",
    "a video or HEIC image file": b"\0\0\0\x18ftypheic",
    "a sound file": b"ID3\4\0",
    "a program": b"MZ\x90\0\3\0\0\0",
    "an old Word, Excel or Outlook file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
    "a rich text file (RTF)": rb"{\rtf1\ansi Two killed.}",
    "a SQLite database": b"SQLite format 3\0",
    "a Parquet file": b"PAR1\x15\4",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_no_text_is_refused_by_what_it_is_under_any_name(what: str) -> None:
    for suffix in (*SUFFIXES, ".md", ""):
        (record,) = read_upload(f"report{suffix}", FOREIGN[what])
        assert isinstance(record, Unreadable)
        assert record.error.problem == f"is {what}, not text."
        assert record.error.advice.endswith(".")


@pytest.mark.parametrize(
    "text", ["BM shells hit Odesa.", "MZ is short for nothing.", "RIFF raff.", "BZh said two died.", "PK 5 was hit."]
)  # fmt: skip
def test_words_that_begin_like_a_signature_are_text(text: str) -> None:
    (record,) = read_upload("a.txt", text.encode())
    assert isinstance(record, Received)
    assert record.report.text == text


LINE = b'{"id": "a", "text": "Two killed."}\n'
HTML = b"<!DOCTYPE html><html><body><p>A drone killed two people in Odesa, the governor said.</p></body></html>"


@pytest.mark.parametrize(
    ("name", "raw", "problem"),
    [
        ("a.csv", LINE, "is JSON, not a table."),
        ("a.csv", b"[\n" + LINE, "is JSON, not a table."),
        ("a.txt", LINE, "is JSON, not text."),
        ("a.txt", b"[" + LINE, "is JSON, not text."),
        ("a.json", LINE, "a .json file is neither text nor JSON Lines."),
        ("a.csv", HTML, "is a web page, not a table."),
        ("a.jsonl", HTML, "is a web page, not JSON Lines."),
        ("a.csv", "text\nx".encode("utf-16"), "is UTF-16, not UTF-8."),
        ("a.jsonl", LINE.decode().encode("utf-16"), "is UTF-16, not UTF-8."),
        ("a.txt", "Two killed.".encode("utf-16"), "is UTF-16, not UTF-8."),
        ("a.txt", b'<?xml version="1.0"?><rss></rss>', "is XML, not text."),
        ("a.mhtml", b"Two killed.", "is no saved web page."),
        ("a.mhtml", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n\nhi",
         "holds no web page."),
        ("a.html", b"Two killed.", "is plain text, not a web page."),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_than_its_name_says(name: str, raw: bytes, problem: str) -> None:
    (record,) = read_upload(name, raw)
    assert isinstance(record, Unreadable)
    assert record.error.problem == problem
    assert record.error.advice.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "[Updated] Two killed.",
        "{Two} killed.",
        "From: the front\nTwo killed.",
        "<p>Two</p> killed.",
        "html: two killed",
    ],
)
def test_text_that_only_looks_like_something_else_is_text(text: str) -> None:
    (record,) = read_upload("a.txt", text.encode())
    assert isinstance(record, Received)
    assert record.report.text == text


#: What hostile bytes are made of, so that the search meets each reader and not only the first refusal.
PIECES = st.sampled_from(
    [
        *(raw[:300] for raw in FOREIGN.values()),
        *(HTML, LINE, b"text,id\n", b"text;title\n", b'"', b"\n", b"\r", b",", b"\0"),
        *(b"\xff", b"\xff\xfe", b"\xef\xbb\xbf"),
        *(b"<html>", b"<p>", b"<!--", b"<script type='application/ld+json'>", b"</script>", b"<table>"),
        *(b"<meta charset=", b"<link rel=canonical href=http://n.example/", b"<meta property=og:title content="),
        *(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", b"--x\nContent-Type: text/html\n\n"),
        *(b"{", b"[", b'{"@graph":[', b"Two killed in Odesa. ", "Двоє загиблих. ".encode(), b"\xed\xa0\x80"),
    ]
)  # fmt: skip


@given(
    st.binary() | st.lists(PIECES | st.binary(max_size=20), max_size=12).map(b"".join),
    st.sampled_from([*SUFFIXES, ".json", ".md", ""]),
    st.text(max_size=8),
)
def test_no_bytes_under_any_name_stop_the_reading(raw: bytes, suffix: str, stem: str) -> None:
    records = list(read_upload(stem + suffix, raw))
    assert records
    for record in records:
        assert (record.origin.path, record.origin.uploaded) == (stem + suffix, True)
        if isinstance(record, Unreadable):
            assert record.error.problem.endswith(".")
        else:
            record.report.text.encode()


FILES = {
    "a.txt": b"Two killed in Odesa.",
    "b.html": HTML,
    "c.csv": b"id,text\n1,Two killed\n2\n",
    "d.jsonl": LINE + b"broken\n",
    "e.pdf": FOREIGN["a PDF"],
    "f.md": b"Two *killed*.",
}


@pytest.mark.parametrize("name", FILES)
def test_an_upload_is_read_as_the_file_would_be(name: str, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(name, FILES[name])
    monkeypatch.chdir(path.parent)
    assert list(read_upload(name, FILES[name])) == list(read_reports([Path(name)]))


def test_nothing_is_looked_up_beside_an_upload(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write("a.meta.json", '{"publisher": "P"}').parent)
    (record,) = read_upload("a.txt", b"Two killed.")
    assert isinstance(record, Received)
    assert record.report.publisher is None


def test_a_folder_is_searched_for_all_that_can_be_read(write: Write, tmp_path: Path) -> None:
    assert set(SUFFIXES) == set(KINDS)
    for suffix in (*SUFFIXES, ".pdf", ".md", ".json"):
        write(f"a{suffix}", "x")
    assert {path.suffix for path in ingest.files_under(tmp_path)} == set(SUFFIXES)


# -- limits ---------------------------------------------------------------------------------------------------------


def test_an_upload_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "MAX_UPLOAD_BYTES", 100)
    assert all(isinstance(record, Received) for record in read_upload("a.jsonl", LINE * 2))
    (record,) = read_upload("a.jsonl", LINE * 3)
    assert isinstance(record, Unreadable)
    assert record.error.problem == "is larger than 0.0001 MB, the most that one upload may hold."


def test_a_run_has_a_limit(write: Write) -> None:
    paths = [write(f"{name}.jsonl", LINE * 3) for name in "abcd"]
    records = list(read_reports(paths, max_total=6 * len(LINE)))
    assert [isinstance(record, Received) for record in records] == [True] * 6 + [False]
    last = records[-1]
    assert isinstance(last, Unreadable)
    assert str(last.error).startswith(f"{paths[2]}: is beyond the ")
    assert str(last.error).endswith("one run reads; it and what follows were not read. Read the rest in another run.")


def test_standard_input_has_the_limit_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE * 3)))
    records = list(read_reports([ingest.STDIN], max_total=2 * len(LINE)))
    assert [isinstance(record, Received) for record in records] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "head", "problem"),
    [
        ("a.txt", b"Two killed.\n", "is larger than 5 MB, the most that one report may hold."),
        ("a.html", HTML, "is larger than 5 MB, the most that one web page may hold."),
        ("a.mhtml", b"MIME-Version: 1.0\nContent-Type: text/html\n\n", "is larger than 25 MB, the most that one web"),
        ("a.csv", b"text\nTwo killed.\n", "is larger than 5 MB, the most that one report may hold."),
        ("a.jsonl", LINE, "is larger than 5 MB, the most that one report may hold."),
        ("a.txt", FOREIGN["a ZIP archive"][:100], "is a ZIP archive, not text."),
    ],
)  # fmt: skip
def test_a_huge_file_is_refused_without_being_held(name: str, head: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(2_000_000_000 if KINDS[path.suffix] not in (Kind.TABLE, Kind.LINES) else 100_000_000)
    tracemalloc.start()
    records = list(read_reports([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    last = records[-1]
    assert isinstance(last, Unreadable)
    assert last.error.problem.startswith(problem)
    assert len(last.raw) <= 4_096
    assert peak < 25_000_000


def test_the_limit_of_a_page_holds_for_what_is_inside_an_archive() -> None:
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n"
    (record,) = read_upload("a.mhtml", head + b"<html>" + b"x" * MAX_BYTES + b"\n--x--\n")
    assert isinstance(record, Unreadable)
    assert record.error.problem == "is larger than 5 MB, the most that one web page may hold."
    assert len(record.raw) < 5_000


@pytest.mark.parametrize("part", [b"--x\nContent-Type: text/css\n\na\n", b"--x\n", b'a: b; boundary="%d"\n'])
def test_an_archive_of_a_million_parts_is_not_taken_apart(part: bytes) -> None:
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
    numbered = b"".join(part % each for each in range(10_000)) if b"%d" in part else part * 300_000
    start = time.process_time()
    (record,) = read_upload("a.mhtml", head + numbered)
    assert time.process_time() - start < 3
    assert isinstance(record, Unreadable)
    assert record.error.problem == "has more than 2,000 parts."


@pytest.mark.parametrize("depth", [50, 2_000])
def test_messages_within_messages_end(depth: int) -> None:
    parts = "".join(f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    (record,) = read_upload("a.mhtml", f"MIME-Version: 1.0\n{parts}Content-Type: text/plain\n\nhi\n".encode())
    assert isinstance(record, Unreadable)


def test_links_folders_and_files_without_permission(write: Write, tmp_path: Path) -> None:
    good = write("folder/a.txt", "Two killed.")
    (tmp_path / "folder" / "broken.html").symlink_to(tmp_path / "nowhere.html")
    (tmp_path / "folder" / "b.txt").mkdir()
    write("folder/closed.csv", "text\nx\n").chmod(0)
    records = list(read_reports([tmp_path / "folder"]))
    said = {Path(record.origin.path).name: record for record in records}
    assert isinstance(said[good.name], Received)
    broken = said["broken.html"]
    assert isinstance(broken, Unreadable)
    assert broken.error.problem == "cannot be read: No such file or directory."
    closed = said["closed.csv"]
    if os.geteuid() != 0:  # who may read everything is refused nothing
        assert isinstance(closed, Unreadable)
        assert closed.error.problem == "cannot be read: Permission denied."
    assert "b.txt" not in said
