"""Tables of reports (CSV): a row a report, read one row at a time.

A row's ``raw`` is the header and the row, so that it can be read again by itself.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from tracker.records import (
    MAX_BYTES,
    SAMPLE_BYTES,
    BadRecordError,
    Origin,
    Received,
    Record,
    checked,
    too_large,
    unreadable,
)

#: What a column may be called, the first name first; small and capital letters are one, and so are _ and a space.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "text": ("text", "body", "content", "article"),
    "title": ("title", "headline"),
    "published": ("published", "date", "publication_date"),
    "publisher": ("publisher", "source", "outlet"),
    "url": ("url", "link"),
}
_DELIMITERS = ",;\t"
_HEADER_BYTES = 65_536
_CHUNK = 1 << 16
_QUOTE = b'"'
_QUOTES = "Put values that hold a delimiter or a new line in quotation marks, and double those inside."
_HALF = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class _Header:
    """The first row: its bytes, how values are divided, and the key that each column stands for."""

    raw: bytes
    delimiter: str
    keys: tuple[str, ...]


class _Lines:
    """Lines of a stream for ``csv.reader``, which keeps the bytes of the row at hand and lets none grow too large."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._stream, self.max_bytes = stream, max_bytes
        self.number = 0
        self.raw = bytearray()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.line(self.max_bytes + 1)
        if not line:
            raise StopIteration
        self.raw += line
        if len(self.raw) > self.max_bytes:
            self._pass_over_row()
            raise too_large(self.max_bytes)
        # What is not UTF-8 is found when the row is whole: where a row ends does not depend on it.
        return line.decode("utf-8", "surrogateescape")

    def line(self, limit: int) -> bytes:
        """The next line, or the part of it within ``limit``; without the mark of UTF-8 at the start."""
        line = self._stream.readline(limit)
        if self.number == 0:
            line = line.removeprefix(codecs.BOM_UTF8)
        self.number += bool(line)
        return line

    def _pass_over_row(self) -> None:
        """Go to the end of a row of which no more is kept: the first line end with all quotation marks in pairs."""
        quotes, ended = self.raw.count(_QUOTE), self.raw.endswith(b"\n")
        while not (ended and quotes % 2 == 0) and (rest := self._stream.readline(_CHUNK)):
            self.number += ended  # the line before is over, and this is another one
            quotes, ended = quotes + rest.count(_QUOTE), rest.endswith(b"\n")


def read_table(
    stream: BinaryIO, origin: Origin, *, published: dt.date | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[Record]:
    """The reports of a table, a row each; a bad row is Unreadable, with the line on which it starts."""
    lines = _Lines(stream, max_bytes)
    try:
        header = _header(lines, origin.path)
    except BadRecordError as bad:
        yield unreadable(origin, bytes(lines.raw), bad)
        return
    found = False
    for record in _records(lines, header, origin, published):
        found = True
        yield record
    if not found:
        yield unreadable(origin, header.raw, _empty())


def read_row(raw: bytes, origin: Origin, *, published: dt.date | None = None) -> Record:
    """One row from its header and its bytes, as ``read_table`` gives them."""
    lines = _Lines(io.BytesIO(raw), len(raw))
    try:
        header = _header(lines, origin.path)
        record = next(_records(lines, header, origin, published), None)
    except BadRecordError as bad:
        return unreadable(origin, raw, bad)
    if record is None:
        return unreadable(origin, raw, BadRecordError("is empty.", "There is nothing to read in it."))
    again = Origin(origin.path, origin.line, origin.uploaded)
    if isinstance(record, Received):
        return Received(again, raw, record.report, record.extra)
    error = record.error
    return unreadable(again, raw, BadRecordError(error.problem, error.advice, error.report_id))


def _header(lines: _Lines, path: str) -> _Header:
    """The columns of a table. Raises BadRecordError where none of them is a report's text."""
    said = ""
    while True:
        line = lines.line(_HEADER_BYTES)
        lines.raw[:] = line
        if not line:
            raise _empty()
        if not line.endswith(b"\n") and len(line) == _HEADER_BYTES:
            raise BadRecordError("has no row of column names.", "Write the names of the columns into its first line.")
        if line[:4].lower() == b"sep=" and not said:  # a line by which Excel is told of the delimiter
            said = line[4:5].decode("ascii", "replace")
        elif line.strip():
            break
    if b"\0" in line:
        raise BadRecordError("is a binary file, not a table.", "Save it as CSV (UTF-8).")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRecordError("is not UTF-8.", "Save it as CSV (UTF-8) and read it again.") from None
    given = "\t" if path.lower().endswith(".tsv") else said if said and said in _DELIMITERS else _DELIMITERS
    cut = {delimiter: _cut(text, delimiter) for delimiter in given}
    for delimiter, names in cut.items():
        if (keys := _keys(names)) is not None:
            return _Header(line, delimiter, keys)
    names = max(cut.values(), key=len)
    shown = ", ".join(f"'{name[:40]}'" for name in names[:20]) + (", …" if len(names) > 20 else "")
    advice = f'Name the column that holds the reports\' words "text" (or {", ".join(COLUMNS["text"][1:])}).'
    raise BadRecordError(f"has no column for the text; its columns are {shown}.", advice)


def _empty() -> BadRecordError:
    return BadRecordError("holds no reports.", "Write one report a row, below the names of the columns.")


def _cut(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _keys(names: list[str]) -> tuple[str, ...] | None:
    """The key for each column; None where there is no text. Raises BadRecordError where two columns are one."""
    plain = [re.sub(r"[\s_-]+", "_", name).lower() for name in names]
    taken = {}
    for key, synonyms in COLUMNS.items():
        if (synonym := next((each for each in synonyms if each in plain), None)) is not None:
            taken[synonym] = key
            if plain.count(synonym) > 1:
                raise BadRecordError(f"has two columns '{synonym}'.", "Give each column a name of its own.")
    if "text" not in taken.values():
        return None
    keys = []
    for at, (name, short) in enumerate(zip(names, plain, strict=True), start=1):
        # A column beside these keeps its name, unless that is the name of a key that another column has taken.
        key = taken.get(short) or name or f"column {at}"
        keys.append(f"{key} (column {at})" if key in keys or (key in COLUMNS and short not in taken) else key)
    return tuple(keys)


def _records(lines: _Lines, header: _Header, origin: Origin, published: dt.date | None) -> Iterator[Record]:
    # The limit of the csv module is one for the whole program; a row is bound by its bytes here.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
    while True:
        at = Origin(origin.path, lines.number + 1, origin.uploaded)
        lines.raw.clear()
        try:
            values = next(reader, None)
            if values is None:
                return
            if not any(map(str.strip, values)):
                continue
            report, extra = checked(_row(values, header), published)
        except BadRecordError as bad:
            yield _bad(at, header, lines, bad)
        except csv.Error as error:
            yield _bad(at, header, lines, _refusal(error))
        else:
            yield Received(at, header.raw + bytes(lines.raw), report, extra)


def _bad(at: Origin, header: _Header, lines: _Lines, bad: BadRecordError) -> Record:
    raw = header.raw + bytes(lines.raw)
    # A row that is too large was not held to its end: what there is of it can only be shown.
    return unreadable(at, raw if len(lines.raw) <= lines.max_bytes else raw[:SAMPLE_BYTES], bad)


def _refusal(error: csv.Error) -> BadRecordError:
    if "end of data" in str(error):
        return BadRecordError(
            "begins a value with a quotation mark that is never closed; what follows was not read.", _QUOTES
        )
    return BadRecordError(f"is no row of a table ({error}).", _QUOTES)


def _row(values: list[str], header: _Header) -> dict[str, Any]:
    """The keys of a row. Raises BadRecordError where its values do not fit its columns."""
    if len(values) != len(header.keys):
        columns = "1 column" if len(header.keys) == 1 else f"{len(header.keys)} columns"
        raise BadRecordError(f"has {len(values)} values for {columns}.", _QUOTES)
    row: dict[str, Any] = {key: value for key, value in zip(header.keys, values, strict=True) if value.strip()}
    for value in row.values():
        if _HALF.search(value):
            raise BadRecordError("is not UTF-8.", "Save the table as CSV (UTF-8) and read it again.")
        if "\0" in value:
            raise BadRecordError("holds a NUL byte.", "Take it out of the text.")
    if "sample" in row:
        row["sample"] = {"true": True, "false": False}.get(row["sample"].strip().lower(), row["sample"])
    row["text"] = row.get("text", "")
    row["id"] = row["id"].strip() if "id" in row else _content_id(row)
    return row


def _content_id(row: dict[str, Any]) -> str:
    """An id for a row that has none: the same whenever its words, its publisher and its address are."""
    parts = [row.get(key) for key in ("text", "title", "publisher", "url")]
    return "row-" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]
