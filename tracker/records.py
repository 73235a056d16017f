"""What one record is: where it stands, its bytes, and the report in it or, in words, why there is none.

Bytes are read as UTF-8 without newline translation. A byte-order mark is a signature of the encoding and no
part of the text: offsets count the characters after it.
"""

from __future__ import annotations

import codecs
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tracker.models import ReadingError, Report
from tracker.serialise import parse_published

#: The most that one report may hold: a text file, a web page, a row of a table, or a line of JSON Lines.
MAX_BYTES = 5_000_000
#: How much of a record that is too large is kept, so that a person sees which it was.
SAMPLE_BYTES = 4_096

_REPORT_KEYS = ("id", "text", "title", "published", "publisher", "url")
_BOMS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands: ``Origin("reports.jsonl", 3)``; ``line`` is None for a whole file.

    ``uploaded`` says that the path is a name only, and no file that could be looked at.
    """

    path: str
    line: int | None = None
    uploaded: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Received:
    """A report as it came, with the keys it carries beside those of Report (``citation``, ``sample``).

    ``dated_by_page`` is true where the day of publication is what a web page says of itself.
    """

    origin: Origin
    raw: bytes
    report: Report
    extra: Mapping[str, Any] = field(default_factory=dict)
    dated_by_page: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no report. ``raw`` holds its bytes, or the first of them where it is too large."""

    origin: Origin
    raw: bytes
    error: ReadingError

    @property
    def whole(self) -> bool:
        """True where ``raw`` is all of the record, so that it can be read again.

        What is as long as a sample is taken for one: better to ask for the file again than to read half a report.
        """
        return bool(self.raw) and len(self.raw) != SAMPLE_BYTES


Record = Received | Unreadable


class BadRecordError(Exception):
    """Carries the problem and the advice from where a record fails to where it is reported."""

    def __init__(self, problem: str, advice: str, report_id: str | None = None) -> None:
        super().__init__(problem)
        self.problem, self.advice, self.report_id = problem, advice, report_id


def unreadable(origin: Origin, raw: bytes, bad: BadRecordError, report_id: str | None = None) -> Unreadable:
    """A record with what is wrong with it; of one that is larger than any report, a sample is kept."""
    kept = raw if len(raw) <= MAX_BYTES else raw[:SAMPLE_BYTES]
    return Unreadable(origin, kept, ReadingError(str(origin), bad.problem, bad.advice, bad.report_id or report_id))


def too_large(limit: int, what: str = "report", advice: str = "Split it into reports.") -> BadRecordError:
    """What to say of something that is larger than ``limit``."""
    size = f"{limit / 1e9:g} GB" if limit >= 1_000_000_000 else f"{limit / 1e6:g} MB"
    return BadRecordError(f"is larger than {size}, the most that one {what} may hold.", advice)


def mistake_of_ours(record: Received, bug: Exception) -> ReadingError:
    """What to say where a report that is in order could not be read."""
    problem = f"could not be read ({type(bug).__name__}: {bug})."
    advice = "This is a mistake in Strike Tracker: please report it."
    return ReadingError(str(record.origin), problem, advice, record.report.id)


def from_json(raw: bytes, published: dt.date | None) -> tuple[Report, dict[str, Any]]:
    """The report of one line of JSON Lines, and the keys that it carries beside. Raises BadRecordError."""
    record = parse_object(raw)
    if record.get("id") is None:
        raise BadRecordError('has no "id".', 'Give every report an "id" of its own.')
    report_id = checked_id(record["id"])
    if not isinstance(record.get("text"), str):
        problem = 'has no "text".' if record.get("text") is None else '"text" is not a string.'
        raise BadRecordError(problem, 'Put the report\'s words into "text".', report_id)
    return checked({**record, "id": report_id}, published)


def checked_id(value: object) -> str:
    """An id as a string. Raises BadRecordError for what is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise BadRecordError('"id" is neither a string nor a number.', 'Give every report an "id" of its own.')
    if not _is_unicode(value):  # the name of a file may be any bytes
        raise BadRecordError("has a name that is not UTF-8.", "Rename the file.")
    return value


def _is_unicode(text: str) -> bool:
    """False where a string holds half a character, which JSON and file names allow and nothing can store."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def checked(record: Mapping[str, Any], published: dt.date | None) -> tuple[Report, dict[str, Any]]:
    """A checked Report from keys as they came, and the other keys; ``id`` and ``text`` are strings already.

    Raises BadRecordError for a key that holds what it may not.
    """
    report_id = record["id"]
    for name in ("title", "publisher", "url"):
        if not isinstance(record.get(name), str | None):
            raise BadRecordError(f'"{name}" is not a string.', "Write it in quotation marks.", report_id)
    if not isinstance(record.get("sample", False), bool):
        raise BadRecordError('"sample" is neither true nor false.', "Take it out of your own reports.", report_id)
    if not record["text"].strip() and not (record.get("title") or "").strip():
        raise BadRecordError("is empty.", "There is nothing to read in it.", report_id)
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
    if isinstance(value, dt.date):  # as a web page says of itself
        return value
    advice = f'Write "{key}" as YYYY-MM-DD, or with a time and its zone.'
    if not isinstance(value, str):
        raise BadRecordError(f'"{key}" is not a date.', advice, record["id"])
    try:
        return parse_published(value)
    except ValueError as error:
        raise BadRecordError(f'"{key}" {error}', advice, record["id"]) from None


def decode(raw: bytes, report_id: str | None = None) -> str:
    """UTF-8 without its byte-order mark, newlines as they are. Raises BadRecordError for anything else."""
    if is_utf16(raw):
        raise BadRecordError("is UTF-16, not UTF-8.", "Save it as UTF-8 and read it again.", report_id)
    if b"\0" in raw:
        raise BadRecordError("is a binary file, not text.", "Save its words as UTF-8 text.", report_id)
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte 0x{raw[error.start]:02x} at {error.start})."
        raise BadRecordError(problem, "Save it as UTF-8 and read it again.", report_id) from None


def is_utf16(raw: bytes) -> bool:
    """True for bytes that begin with the mark of UTF-16."""
    return raw.startswith(_BOMS_16)


def parse_object(raw: bytes) -> dict[str, Any]:
    """The one JSON object in ``raw``. Raises BadRecordError where there is none."""
    if len(raw) > MAX_BYTES:
        raise BadRecordError(f"is larger than {MAX_BYTES / 1_000_000:g} MB.", "Make it smaller.")
    advice = "Write each report as one JSON object on one line."
    text = decode(raw)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        whole = "\\u" not in text or _is_unicode(json.dumps(value, ensure_ascii=False))
    except json.JSONDecodeError as error:
        raise BadRecordError(f"is not JSON ({error.msg.lower()} at character {error.pos}).", advice) from None
    except RecursionError:
        raise BadRecordError("is JSON nested too deeply to read.", advice) from None
    except ValueError as error:  # NaN and numbers of thousands of digits
        raise BadRecordError(f"is not JSON ({error}).", advice) from None
    if not isinstance(value, dict):
        raise BadRecordError("is JSON, but no object.", advice)
    if not whole:
        raise BadRecordError("holds half a character (a lone surrogate).", "Write it again as UTF-8.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
