"""Claims and strikes as plain JSON values, in the order of the codebook.

These shapes are a contract: ``tracker extract`` prints them and others build on them. Enums become their
strings, dates their ISO form, tuples lists. Reading back needs no more than what was written, except a
claim's provenance (``published``, ``publisher``), which belongs to its report.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tracker.models import Basis, Claim, Field, Figure, Group, Measure, Relation, Scope, Strike

#: The fields of a claim, in the order of codebook 1.
CLAIM_FIELDS = (
    "measure", "low", "high", "approx", "vague", "text", "group", "relation", "basis", "weapons", "models",
    "attacker", "place", "place_text", "admin1", "admin2", "country", "lat", "lon", "where_prec", "candidates",
    "date", "date_end", "date_prec", "date_text", "source", "sentence", "field", "start", "end", "report_id",
    "claim_id",
)  # fmt: skip

#: The fields of a strike that ``tracker extract`` prints, in its order; ``figures`` are FIGURE_FIELDS.
STRIKE_FIELDS = (
    "strike_id", "scope", "place", "admin1", "country", "lat", "lon", "where_prec", "date", "date_end", "date_prec",
    "weapons", "figures", "claim_ids",
)  # fmt: skip
FIGURE_FIELDS = ("measure", "group", "low", "best", "high", "approx", "derived", "disputed")

#: Characters that JSON allows as they are but that a terminal may obey, or that a reader of lines may split at:
#: DEL and the C1 controls, line and paragraph separators, and marks that reorder or hide what follows.
_UNSAFE_RANGES = "\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_UNSAFE_IN_JSON = re.compile(f"[{_UNSAFE_RANGES}]")
_UNSAFE = re.compile(f"[\x00-\x1f{_UNSAFE_RANGES}\ud800-\udfff]")


def _plain(value: Any) -> Any:
    """``value`` as JSON holds it."""
    convert = _CONVERTED.get(type(value))
    return value if convert is None else convert(value)


#: How what JSON does not know is written, by type.
_CONVERTED: dict[type, Callable[[Any], Any]] = {
    **dict.fromkeys((Measure, Group, Relation, Basis, Field, Scope), str),
    dt.date: dt.date.isoformat,
    dt.datetime: dt.datetime.isoformat,
    tuple: list,
}


def claim_to_dict(claim: Claim) -> dict[str, Any]:
    """All codebook fields of a claim, in codebook order."""
    return {name: _plain(getattr(claim, name)) for name in CLAIM_FIELDS}


def claim_from_dict(
    data: Mapping[str, Any], *, published: dt.date | None = None, publisher: str | None = None, entry: int = 0
) -> Claim:
    """The claim that ``claim_to_dict`` wrote.

    Raises KeyError where a field is missing and ValueError where a value is none of the codebook's.
    """
    values = {name: data[name] for name in CLAIM_FIELDS}
    values["measure"] = Measure(values["measure"])
    values["group"] = Group(values["group"])
    values["relation"] = Relation(values["relation"])
    values["basis"] = Basis(values["basis"])
    values["field"] = Field(values["field"])
    for name in ("weapons", "models", "candidates"):
        values[name] = tuple(values[name])
    for name in ("date", "date_end"):
        values[name] = _day(values[name])
    return Claim(**values, published=published, publisher=publisher, entry=entry)


def strike_to_dict(strike: Strike) -> dict[str, Any]:
    """A strike as ``tracker extract`` prints it."""
    values = {name: _plain(getattr(strike, name)) for name in STRIKE_FIELDS if name != "figures"}
    figures = [{name: _plain(getattr(figure, name)) for name in FIGURE_FIELDS} for figure in strike.figures]
    return {name: figures if name == "figures" else values[name] for name in STRIKE_FIELDS}


def figure_to_dict(figure: Figure) -> dict[str, Any]:
    """Everything a figure holds, the claims behind it included."""
    return {name: _plain(getattr(figure, name)) for name in Figure.__dataclass_fields__}


def figure_from_dict(data: Mapping[str, Any]) -> Figure:
    """The figure that ``figure_to_dict`` wrote."""
    values = dict(data)
    values["measure"] = Measure(values["measure"])
    values["group"] = Group(values["group"])
    for name in ("current", "superseded", "supporting"):
        values[name] = tuple(values[name])
    return Figure(**values)


def now() -> dt.datetime:
    """The time as it is kept with what comes in or is decided: in UTC, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def parse_published(value: str) -> dt.date:
    """A day, or a time that knows its zone; a time without a zone is read as UTC.

    Raises ValueError, in words, for what is no date or no date that exists.

    >>> parse_published("2025-04-24")
    datetime.date(2025, 4, 24)
    >>> parse_published("2025-04-24T07:30:00+03:00").isoformat()
    '2025-04-24T07:30:00+03:00'
    >>> parse_published("2025-02-30")
    Traceback (most recent call last):
    ValueError: '2025-02-30' is not a date that exists.
    """
    text = value.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        shown = visible(value if len(value) <= 40 else value[:40] + "…")
        looks_right = re.match(r"\d{4}-\d{2}-\d{2}(?:[T ]|\Z)", text, re.ASCII)
        problem = "is not a date that exists" if looks_right else "is not a date"
        raise ValueError(f"'{shown}' {problem}.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _day(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


def to_json(value: Any) -> str:
    r"""One line of JSON that reads back as ``value`` and that a terminal can print without obeying it.

    >>> print(to_json({"text": "Київ \x9b31m"}))
    {"text": "Київ \u009b31m"}
    """
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", line)


def visible(text: str) -> str:
    r"""``text`` with control characters, and those that hide or reorder, written out.

    >>> print(visible("a\x1b[2Jb\u202e"))
    a\x1b[2Jb\u202e
    """

    def shown(match: re.Match[str]) -> str:
        code = ord(match.group())
        return {9: "\\t", 10: "\\n", 13: "\\r"}.get(code) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")

    return _UNSAFE.sub(shown, text)
