"""Files, folders, streams and uploads → reports, one at a time, and what could not be read, in words.

Read are text files and web pages that a browser saved (the whole file is one report, its id the page's address or
the file's stem, with an optional sidecar ``NAME.meta.json``), tables (CSV, one report a row), JSON Lines (one report
a line), and folders, searched for all of them. What a file is, is told by its first bytes and then by its name
(``tracker.file_kinds``). Nothing is loaded whole but one report; what is larger than its limit is refused by name
and skipped without being held in memory.
"""

from __future__ import annotations

import codecs
import datetime as dt
import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from tracker.file_kinds import HEAD, KINDS, SUFFIXES, Kind, kind_of
from tracker.records import (
    MAX_BYTES,
    SAMPLE_BYTES,
    BadRecordError,
    Origin,
    Received,
    Record,
    Unreadable,
    checked,
    checked_id,
    decode,
    from_json,
    mistake_of_ours,
    parse_object,
    too_large,
    unreadable,
)
from tracker.sheets import read_row, read_table
from tracker.webpages import MAX_ARCHIVE_BYTES, PASTE, read_archive, read_page

__all__ = [
    "MAX_BYTES",
    "MAX_RUN_BYTES",
    "MAX_UPLOAD_BYTES",
    "STDIN",
    "STDIN_NAME",
    "SUFFIXES",
    "Origin",
    "Received",
    "Record",
    "Unreadable",
    "files_under",
    "mistake_of_ours",
    "read_again",
    "read_record",
    "read_reports",
    "read_upload",
]

#: The most that one run reads in all, so that a folder named by mistake does not keep a machine busy for days.
MAX_RUN_BYTES = 10_000_000_000
#: The most that one uploaded file may hold, which the browser's page keeps in memory.
MAX_UPLOAD_BYTES = 200_000_000
_CHUNK = 1 << 20

_SIDECAR = ".meta.json"
#: What browsers put beside a saved page "NAME.html": its pictures, and pages inside it that are no reports.
_BESIDE_PAGE = ("_files", ".files")
#: Only these name standard input; a file called "-" can still be given as "./-".
STDIN = Path("-")
STDIN_NAME = "standard input"


def read_reports(
    paths: Iterable[Path],
    *,
    published: dt.date | None = None,
    max_bytes: int = MAX_BYTES,
    max_total: int = MAX_RUN_BYTES,
) -> Iterator[Record]:
    """Every report under ``paths``, in order, and every record that could not be read, in its place.

    ``published`` is used for reports that carry no date of their own. Never raises for what a file holds: a
    bad record is yielded as Unreadable and the next one is read. Where ``max_total`` bytes have been read, the
    next file is Unreadable and the run is over.
    """
    left = max_total
    for path in paths:
        if path == STDIN:
            for record in _read_lines(sys.stdin.buffer, Origin(STDIN_NAME), published, max_bytes, left):
                left -= len(record.raw)
                yield record
            continue
        found = False
        for file in files_under(path):
            found = True
            origin = Origin(str(file))
            try:
                with file.open("rb") as stream:
                    size = os.fstat(stream.fileno()).st_size
                    if size > left:
                        yield unreadable(origin, b"", _beyond(max_total))
                        return
                    left -= size
                    yield from _read_stream(stream, origin, size, published, max_bytes)
            except OSError as error:
                yield unreadable(origin, b"", BadRecordError(f"cannot be read: {error.strerror or error}.", ""))
        if not found:
            advice = f"Put files into it that can be read: {', '.join(SUFFIXES)}."
            yield unreadable(Origin(str(path)), b"", BadRecordError("the folder holds no reports.", advice))


def read_upload(name: str, raw: bytes, *, published: dt.date | None = None) -> Iterator[Record]:
    """The records of one uploaded file, as ``read_reports`` would give them for a file of that name and content.

    Nothing is looked up beside it. Never raises for what it holds, and gives one record at least.
    """
    origin = Origin(name, uploaded=True)
    if len(raw) > MAX_UPLOAD_BYTES:
        advice = "Read it with 'tracker ingest', or split it."
        yield unreadable(origin, raw[:SAMPLE_BYTES], too_large(MAX_UPLOAD_BYTES, "upload", advice))
        return
    yield from _read_stream(io.BytesIO(raw), origin, len(raw), published, MAX_BYTES)


def read_again(failure: Unreadable, *, published: dt.date | None = None) -> Iterator[Record]:
    """The records in the kept bytes of one that could not be read; nothing where only a part was kept."""
    if not failure.whole:
        return
    if failure.origin.line is not None:
        yield read_record(failure.raw, failure.origin, published=published)
    else:
        raw = failure.raw
        yield from _read_stream(io.BytesIO(raw), failure.origin, len(raw), published, MAX_BYTES)


def files_under(path: Path) -> Iterator[Path]:
    """The files that ``path`` stands for: itself, or those of a folder that can be read (SUFFIXES), sorted by name.

    A sidecar that is named beside its text ("folder/*") stands for nothing of its own, nor does what a browser
    has put beside a page that it saved.
    """
    if not path.is_dir():
        if not path.name.endswith(_SIDECAR):
            yield path
        return
    unlisted: list[OSError] = []
    for folder, subfolders, names in os.walk(path, onerror=unlisted.append):
        pages = {PurePath(name).stem for name in names if name.lower().endswith((".html", ".htm"))}
        beside = {page + ending for page in pages for ending in _BESIDE_PAGE}
        subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and name not in beside)
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(folder) / name
    for error in unlisted:  # reading it will say why it cannot be read
        yield Path(error.filename)


def read_record(raw: bytes, origin: Origin, *, published: dt.date | None = None) -> Record:
    """One record from its bytes: a row or a line where the origin has a line, else a file that is one report."""
    suffix = PurePath(origin.path).suffix.lower()
    if origin.line is not None and suffix in (".csv", ".tsv"):
        return read_row(raw, origin, published=published)
    dated_by_page = False
    try:
        if origin.line is not None:
            report, extra = from_json(raw, published)
        else:
            kind = kind_of(origin.path, raw[:HEAD])
            if kind in (Kind.LINES, Kind.TABLE):
                raise BadRecordError("holds many reports.", "Read it as a file.")
            record, dated_by_page = _from_file(raw, kind, origin)
            report, extra = checked(record, published)
    except BadRecordError as bad:
        return unreadable(origin, raw, bad, _file_id(origin))
    return Received(origin, raw, report, extra, dated_by_page)


def _beyond(max_total: int) -> BadRecordError:
    problem = f"is beyond the {max_total / 1e9:g} GB that one run reads; it and what follows were not read."
    return BadRecordError(problem, "Read the rest in another run.")


def _read_stream(
    stream: BinaryIO, origin: Origin, size: int, published: dt.date | None, max_bytes: int
) -> Iterator[Record]:
    """The records of one file, the first bytes of which say how it is read."""
    head = stream.read(HEAD)
    try:
        kind = kind_of(origin.path, head)
    except BadRecordError as bad:
        yield unreadable(origin, head, bad, _file_id(origin))
        return
    if kind in (Kind.LINES, Kind.TABLE):
        stream.seek(0)
        if kind is Kind.LINES:
            yield from _read_lines(stream, origin, published, max_bytes)
        else:
            for record in read_table(stream, origin, published=published, max_bytes=max_bytes):
                # A table that is refused as a whole is kept as far as it was looked at.
                yield record if record.origin.line is not None else replace(record, raw=head)
        return
    limit = max(max_bytes, MAX_ARCHIVE_BYTES) if kind is Kind.ARCHIVE else max_bytes
    raw = head if size > limit else head + stream.read(limit + 1 - len(head))
    if size > limit or len(raw) > limit:
        large = too_large(limit) if kind is Kind.TEXT else too_large(limit, "web page", PASTE)
        yield unreadable(origin, raw[:SAMPLE_BYTES], large, _file_id(origin))
    else:
        yield read_record(raw, origin, published=published)


def _read_lines(
    stream: BinaryIO, origin: Origin, published: dt.date | None, max_bytes: int, max_total: int | None = None
) -> Iterator[Record]:
    """The records of a JSON Lines stream; empty lines are passed over, and no line is held beyond ``max_bytes``."""
    found = False
    number = total = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        at = Origin(origin.path, number, origin.uploaded)
        total += len(line)
        if max_total is not None and total > max_total:
            yield unreadable(at, b"", _beyond(max_total))
            return
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            found = True
            yield unreadable(at, line[:SAMPLE_BYTES], too_large(max_bytes))
        elif stripped := line.strip():
            found = True
            yield read_record(stripped, at, published=published)
    if not found:
        yield unreadable(origin, b"", BadRecordError("holds no reports.", "Write one report a line, as JSON."))


def _file_id(origin: Origin) -> str | None:
    """The name that a report has from its file, where that is one report."""
    suffix = PurePath(origin.path).suffix.lower()
    if origin.line is not None or suffix == ".json" or KINDS.get(suffix) in (Kind.LINES, Kind.TABLE):
        return None
    try:
        return checked_id(PurePath(origin.path).stem)
    except BadRecordError:
        return None


def _from_file(raw: bytes, kind: Kind, origin: Origin) -> tuple[dict[str, Any], bool]:
    """The keys of a file that is one report: its own and, before them, its sidecar's; and whose day it is."""
    path = Path(origin.path)
    meta = {} if origin.uploaded else _sidecar(path)
    if kind is Kind.TEXT:
        report_id = checked_id(meta.get("id", path.stem))
        return {**meta, "id": report_id, "text": decode(raw, report_id)}, False
    page = read_archive(raw) if kind is Kind.ARCHIVE else read_page(raw)
    said: Mapping[str, Any] = {
        "title": page.metadata.title,
        "publisher": page.metadata.publisher,
        "published": page.metadata.published,
        "url": page.metadata.url,
    }
    report_id = checked_id(meta.get("id", page.metadata.url or path.stem))
    dated_by_page = page.metadata.published is not None and "published" not in meta
    return {**said, **meta, "id": report_id, "text": page.text}, dated_by_page


def _sidecar(path: Path) -> dict[str, Any]:
    """What is known about a file from ``NAME.meta.json`` beside it; empty where there is none."""
    sidecar = path.with_name(path.stem + _SIDECAR)
    mend = f"Mend {sidecar.name}, or take it away to read the text without it."
    try:
        with sidecar.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        problem = f"its {sidecar.name} cannot be read: {error.strerror or error}."
        raise BadRecordError(problem, mend, path.stem) from None
    try:
        meta = parse_object(raw)
    except BadRecordError as bad:
        raise BadRecordError(f"its {sidecar.name} {bad.problem}", mend, path.stem) from None
    if "text" in meta:
        raise BadRecordError(f'its {sidecar.name} has a "text" of its own.', mend, path.stem)
    return meta
