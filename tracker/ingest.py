"""Files, folders and streams → reports, one at a time, and what could not be read, in words.

Three inputs are read: a text file (the whole file is the report's text, its id the file's stem, with an
optional sidecar ``NAME.meta.json``), JSON Lines (one report a line), and a folder, searched for both. Nothing
is loaded whole but one report; what is larger than MAX_BYTES is refused by name and skipped without being
held in memory.

Bytes are read as UTF-8 without newline translation. A byte-order mark is a signature of the encoding and no
part of the text: offsets count the characters after it.
"""

from __future__ import annotations

import codecs
import datetime as dt
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from tracker.models import ReadingError, Report
from tracker.serialise import parse_published

#: The most that one report may hold: a text file, or a line of JSON Lines.
MAX_BYTES = 5_000_000
#: How much of a record that is too large is kept, so that a person sees which it was.
_SAMPLE_BYTES = 4_096
_CHUNK = 1 << 20

_JSON_LINES = (".jsonl", ".ndjson")
_SIDECAR = ".meta.json"
_REPORT_KEYS = ("id", "text", "title", "published", "publisher", "url")
#: Only these name standard input; a file called "-" can still be given as "./-".
STDIN = Path("-")
STDIN_NAME = "standard input"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands: ``Origin("reports.jsonl", 3)``; ``line`` is None for a whole file."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Received:
    """A report as it came, with the keys it carries beside those of Report (``citation``, ``sample``)."""

    origin: Origin
    raw: bytes
    report: Report
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no report. ``raw`` holds its bytes, or the first of them where it is too large."""

    origin: Origin
    raw: bytes
    error: ReadingError


Record = Received | Unreadable


class _BadRecordError(Exception):
    """Carries the problem and the advice from where a record fails to where it is reported."""

    def __init__(self, problem: str, advice: str, report_id: str | None = None) -> None:
        super().__init__(problem)
        self.problem, self.advice, self.report_id = problem, advice, report_id


def read_reports(
    paths: Iterable[Path], *, published: dt.date | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[Record]:
    """Every report under ``paths``, in order, and every record that could not be read, in its place.

    ``published`` is used for reports that carry no date of their own. Never raises for what a file holds: a
    bad record is yielded as Unreadable and the next one is read.
    """
    for path in paths:
        if path == STDIN:
            yield from _read_lines(sys.stdin.buffer, STDIN_NAME, published, max_bytes)
            continue
        found = False
        for file in files_under(path):
            found = True
            yield from _read_file(file, published, max_bytes)
        if not found:
            yield _unreadable(
                Origin(str(path)), b"", "the folder holds no reports.", "Put .txt or .jsonl files into it."
            )


def files_under(path: Path) -> Iterator[Path]:
    """The files that ``path`` stands for: itself, or the .txt and .jsonl files of a folder, sorted by name.

    A sidecar that is named beside its text ("folder/*") stands for nothing of its own.
    """
    if not path.is_dir():
        if not path.name.endswith(_SIDECAR):
            yield path
        return
    unlisted: list[OSError] = []
    for folder, subfolders, names in os.walk(path, onerror=unlisted.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith((".txt", *_JSON_LINES)) and not name.startswith("."):
                yield Path(folder) / name
    for error in unlisted:  # reading it will say why it cannot be read
        yield Path(error.filename)


def read_record(raw: bytes, origin: Origin, *, published: dt.date | None = None) -> Record:
    """One record from its bytes: a line of JSON Lines where the origin has a line, else a text file."""
    try:
        if origin.line is None:
            report, extra = _from_text(raw, Path(origin.path), published)
        else:
            report, extra = _from_json(raw, published)
    except _BadRecordError as bad:
        return _unreadable(origin, raw, bad.problem, bad.advice, bad.report_id)
    return Received(origin, raw, report, extra)


def mistake_of_ours(record: Received, bug: Exception) -> ReadingError:
    """What to say where a report that is in order could not be read."""
    problem = f"could not be read ({type(bug).__name__}: {bug})."
    advice = "This is a mistake in Strike Tracker: please report it."
    return ReadingError(str(record.origin), problem, advice, record.report.id)


def _unreadable(origin: Origin, raw: bytes, problem: str, advice: str, report_id: str | None = None) -> Unreadable:
    return Unreadable(origin, raw, ReadingError(str(origin), problem, advice, report_id))


def _read_file(path: Path, published: dt.date | None, max_bytes: int) -> Iterator[Record]:
    origin = Origin(str(path))
    if path.suffix.lower() == ".json":
        advice = "Write one report a line (JSON Lines) and name the file .jsonl."
        yield _unreadable(origin, b"", "a .json file is neither text nor JSON Lines.", advice)
        return
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() in _JSON_LINES:
                yield from _read_lines(stream, str(path), published, max_bytes)
                return
            raw = stream.read(max_bytes + 1)
    except OSError as error:
        yield _unreadable(origin, b"", f"cannot be read: {error.strerror or error}.", "")
        return
    if len(raw) > max_bytes:
        yield _too_large(origin, raw, max_bytes, path.stem)
    else:
        yield read_record(raw, origin, published=published)


def _read_lines(stream: BinaryIO, name: str, published: dt.date | None, max_bytes: int) -> Iterator[Record]:
    """The records of a JSON Lines stream; empty lines are passed over, and no line is held beyond ``max_bytes``."""
    found = False
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        origin = Origin(name, number)
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            found = True
            yield _too_large(origin, line, max_bytes, None)
        elif stripped := line.strip():
            found = True
            yield read_record(stripped, origin, published=published)
    if not found:
        yield _unreadable(Origin(name), b"", "holds no reports.", "Write one report a line, as JSON.")


def _too_large(origin: Origin, raw: bytes, max_bytes: int, report_id: str | None) -> Unreadable:
    problem = f"is larger than {max_bytes / 1_000_000:g} MB, the most that one report may hold."
    return _unreadable(origin, raw[:_SAMPLE_BYTES], problem, "Split it into reports.", report_id)


def _from_text(raw: bytes, path: Path, published: dt.date | None) -> tuple[Report, dict[str, Any]]:
    meta = _sidecar(path)
    report_id = _report_id(meta.get("id", path.stem))
    text = _decode(raw, report_id)
    return _report({**meta, "id": report_id, "text": text}, published)


def _sidecar(path: Path) -> dict[str, Any]:
    """What is known about a text file from ``NAME.meta.json`` beside it; empty where there is none."""
    sidecar = path.with_name(path.stem + _SIDECAR)
    mend = f"Mend {sidecar.name}, or take it away to read the text without it."
    try:
        with sidecar.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _BadRecordError(
            f"its {sidecar.name} cannot be read: {error.strerror or error}.", mend, path.stem
        ) from None
    try:
        meta = _parse_object(raw)
    except _BadRecordError as bad:
        raise _BadRecordError(f"its {sidecar.name} {bad.problem}", mend, path.stem) from None
    if "text" in meta:
        raise _BadRecordError(f'its {sidecar.name} has a "text" of its own.', mend, path.stem)
    return meta


def _from_json(raw: bytes, published: dt.date | None) -> tuple[Report, dict[str, Any]]:
    record = _parse_object(raw)
    if record.get("id") is None:
        raise _BadRecordError('has no "id".', 'Give every report an "id" of its own.')
    report_id = _report_id(record["id"])
    if not isinstance(record.get("text"), str):
        problem = 'has no "text".' if record.get("text") is None else '"text" is not a string.'
        raise _BadRecordError(problem, 'Put the report\'s words into "text".', report_id)
    return _report({**record, "id": report_id}, published)


def _report_id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise _BadRecordError('"id" is neither a string nor a number.', 'Give every report an "id" of its own.')
    if not _is_unicode(value):  # the name of a file may be any bytes
        raise _BadRecordError("has a name that is not UTF-8.", "Rename the file.")
    return value


def _is_unicode(text: str) -> bool:
    """False where a string holds half a character, which JSON and file names allow and nothing can store."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _report(record: Mapping[str, Any], published: dt.date | None) -> tuple[Report, dict[str, Any]]:
    """A checked Report from keys as they came; ``id`` and ``text`` are strings already."""
    report_id = record["id"]
    for name in ("title", "publisher", "url"):
        if not isinstance(record.get(name), str | None):
            raise _BadRecordError(f'"{name}" is not a string.', "Write it in quotation marks.", report_id)
    if not isinstance(record.get("sample", False), bool):
        raise _BadRecordError('"sample" is neither true nor false.', "Take it out of your own reports.", report_id)
    if not record["text"].strip() and not (record.get("title") or "").strip():
        raise _BadRecordError("is empty.", "There is nothing to read in it.", report_id)
    _moment(record, "accessed")
    report = Report(
        id=report_id,
        text=record["text"],
        title=record.get("title") or None,
        published=_moment(record, "published") or published,
        publisher=record.get("publisher") or None,
        url=record.get("url") or None,
    )
    return report, {key: value for key, value in record.items() if key not in _REPORT_KEYS}


def _moment(record: Mapping[str, Any], key: str) -> dt.date | None:
    value = record.get(key)
    if value is None or value == "":
        return None
    advice = f'Write "{key}" as YYYY-MM-DD, or with a time and its zone.'
    if not isinstance(value, str):
        raise _BadRecordError(f'"{key}" is not a date.', advice, record["id"])
    try:
        return parse_published(value)
    except ValueError as error:
        raise _BadRecordError(f'"{key}" {error}', advice, record["id"]) from None


def _decode(raw: bytes, report_id: str | None = None) -> str:
    """UTF-8 without its byte-order mark, newlines as they are."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _BadRecordError("is UTF-16, not UTF-8.", "Save it as UTF-8 and read it again.", report_id)
    if b"\0" in raw:
        raise _BadRecordError("is a binary file, not text.", "Save its words as UTF-8 text.", report_id)
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte 0x{raw[error.start]:02x} at {error.start})."
        raise _BadRecordError(problem, "Save it as UTF-8 and read it again.", report_id) from None


def _parse_object(raw: bytes) -> dict[str, Any]:
    """The one JSON object in ``raw``."""
    if len(raw) > MAX_BYTES:
        raise _BadRecordError(f"is larger than {MAX_BYTES / 1_000_000:g} MB.", "Make it smaller.")
    advice = "Write each report as one JSON object on one line."
    text = _decode(raw)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        whole = "\\u" not in text or _is_unicode(json.dumps(value, ensure_ascii=False))
    except json.JSONDecodeError as error:
        raise _BadRecordError(f"is not JSON ({error.msg.lower()} at character {error.pos}).", advice) from None
    except RecursionError:
        raise _BadRecordError("is JSON nested too deeply to read.", advice) from None
    except ValueError as error:  # NaN and numbers of thousands of digits
        raise _BadRecordError(f"is not JSON ({error}).", advice) from None
    if not isinstance(value, dict):
        raise _BadRecordError("is JSON, but no object.", advice)
    if not whole:
        raise _BadRecordError("holds half a character (a lone surrogate).", "Write it again as UTF-8.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
