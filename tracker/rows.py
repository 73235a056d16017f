"""Reports, claims and strikes ↔ rows of the database.

A row holds numbers, strings and bytes only; lists and figures are JSON, dates their ISO form. What a row was
made of comes back equal.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tracker import database as db
from tracker.corrections import Action, Anchor, Change, Correction
from tracker.incidents import Locus
from tracker.ingest import STDIN_NAME, Origin, Unreadable
from tracker.links import reach
from tracker.models import Basis, Claim, Field, Grade, Group, Measure, ReadingError, Relation, Report, Scope, Strike
from tracker.serialise import claim_to_dict, figure_from_dict, figure_to_dict, parse_published

_CLAIM_LISTS = ("weapons", "models", "candidates")
_STRIKE_LISTS = ("weapons", "models", "attackers", "claim_ids", "linked", "corrections")
_STRIKE_KEYS = ("link_country", "day_lo", "day_hi")


_json = json.JSONEncoder(ensure_ascii=False).encode
#: Set before the name of an uploaded file; the path of any other file is absolute.
_UPLOADED = "uploaded file "
#: Databases limit how many values one query may name.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class StoredReport(Report):
    """A report as the store keeps it: when it was received, and what came with it."""

    hash: str = ""
    accessed: dt.date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def citation(self) -> str | None:
        """The work that the report cites as its original, in words."""
        citation = self.extra.get("citation")
        return citation if isinstance(citation, str) else None


def chunks(values: Collection[str]) -> Iterator[list[str]]:
    """Values in order, as many at a time as a query may name."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def content_hash(report: Report, extra: Mapping[str, Any]) -> str:
    """What a report is made of, as a hash: text, title and metadata, but not when it was fetched."""
    parts = (report.text, report.title, iso(report.published), report.publisher, report.url, _extra_json(extra))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def failure_path(origin: Origin, raw: bytes = b"") -> str:
    """The name under which a failure is kept, the same from every working directory and for every stream."""
    if origin.path == STDIN_NAME:  # another stream has other lines: what was in it is all there is to know it by
        return f"{STDIN_NAME} {hashlib.sha256(raw).hexdigest()[:12]}"
    if origin.path.startswith(f"{STDIN_NAME} "):  # it was kept before
        return origin.path
    if origin.uploaded:
        return f"{_UPLOADED}{origin.path}"
    return str(Path(origin.path).absolute())


def iso(value: dt.date | None) -> str | None:
    """A date or a time in its ISO form."""
    return None if value is None else value.isoformat()


def list_cell(values: Sequence[str]) -> str:
    """A list as a cell holds it."""
    return _json(values) if values else "[]"


def read_list(cell: str) -> list[str]:
    """The list of a cell."""
    found: list[str] = json.loads(cell)
    return found


def _extra_json(extra: Mapping[str, Any]) -> str:
    kept = {key: value for key, value in extra.items() if key != "accessed"}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def report_row(report: Report, extra: Mapping[str, Any], accessed: dt.datetime | None) -> dict[str, Any]:
    """A row of ``reports``; when the record itself says when it was fetched, that stands."""
    given = extra.get("accessed")
    return {
        "id": report.id,
        "hash": content_hash(report, extra),
        "title": report.title,
        "text": report.text,
        "published": iso(report.published),
        "publisher": report.publisher,
        "url": report.url,
        "accessed": given or iso(accessed),
        "extra": _extra_json(extra),
    }


def plain_report(row: sa.Row[Any]) -> Report:
    """The report of a row of ``reports``, as its reader takes it."""
    published = None if row.published is None else parse_published(row.published)
    return Report(row.id, row.text, row.title, published, row.publisher, row.url)


def stored_report(row: sa.Row[Any]) -> StoredReport:
    """The report of a row of ``reports``, with all that is known about it."""
    report = plain_report(row)
    accessed = None if row.accessed is None else parse_published(row.accessed)
    return StoredReport(
        report.id, report.text, report.title, report.published, report.publisher, report.url,
        row.hash, accessed, json.loads(row.extra),
    )  # fmt: skip


def claim_rows(claims: Iterable[Claim], loci: Iterable[Locus]) -> list[dict[str, Any]]:
    """Rows of ``claims`` for the claims of one report, in reading order, each with its locus."""
    rows = []
    for position, (claim, where) in enumerate(zip(claims, loci, strict=True)):
        row = claim_to_dict(claim)
        row |= {name: list_cell(row[name]) for name in _CLAIM_LISTS}
        row |= {"bucket": where.bucket, "slot_lo": where.lo, "slot_hi": where.hi}
        rows.append({**row, "position": position, "entry": claim.entry})
    return rows


#: What :func:`claim_from_row` reads: the fields of a claim, in their order, and where it stands.
CLAIM_COLUMNS = (
    *((db.reports if name in ("published", "publisher") else db.claims).c[name] for name in Claim.__dataclass_fields__),
    db.claims.c.position,
)


def claim_from_row(row: Iterable[Any]) -> tuple[tuple[str, int], Claim]:
    """A row of CLAIM_COLUMNS: the report and position of a claim, and the claim."""
    (
        claim_id, report_id, measure, low, high, approx, vague, text, group, relation, basis, weapons, models,
        attacker, place, place_text, admin1, admin2, country, lat, lon, where_prec, candidates, date, date_end,
        date_prec, date_text, source, sentence, field, start, end, published, publisher, entry, position,
    ) = row  # fmt: skip
    return (report_id, position), Claim(
        claim_id, report_id, _MEASURE[measure], low, high, approx, vague, text, _GROUP[group], _RELATION[relation],
        _BASIS[basis], _tuple(weapons), _tuple(models), attacker, place, place_text, admin1, admin2, country, lat, lon,
        where_prec, _tuple(candidates), _moment(date), _moment(date_end), date_prec, date_text, source, sentence,
        _FIELD[field], start, end, _moment(published), publisher, entry,
    )  # fmt: skip


_MEASURE = {each.value: each for each in Measure}
_GROUP = {each.value: each for each in Group}
_RELATION = {each.value: each for each in Relation}
_BASIS = {each.value: each for each in Basis}
_FIELD = {each.value: each for each in Field}


@functools.lru_cache(maxsize=65536)
def _tuple(cell: str) -> tuple[str, ...]:
    return tuple(json.loads(cell))


@functools.lru_cache(maxsize=65536)
def _moment(cell: str | None) -> dt.date | None:
    return None if cell is None else parse_published(cell)


def strike_row(strike: Strike) -> dict[str, Any]:
    """A row of ``strikes``."""
    row: dict[str, Any] = {name: getattr(strike, name) for name in Strike.__dataclass_fields__}
    row |= {name: list_cell(row[name]) for name in _STRIKE_LISTS}
    row |= {"date": iso(strike.date), "date_end": iso(strike.date_end)}
    row |= {"scope": strike.scope and strike.scope.value, "basis": strike.basis.value}
    row["grade"] = strike.grade and strike.grade.value
    row["figures"] = _json([figure_to_dict(figure) for figure in strike.figures])
    known = reach(strike)
    keys = (None, None, None) if known is None else (known.country, known.lo, known.hi)
    return {**row, **dict(zip(_STRIKE_KEYS, keys, strict=True))}


def strike_from_row(row: sa.Row[Any]) -> Strike:
    """The strike of a row of ``strikes``."""
    values = {name: value for name, value in row._mapping.items() if name not in _STRIKE_KEYS}
    values |= {name: tuple(json.loads(values[name])) for name in _STRIKE_LISTS}
    for name in ("date", "date_end"):
        values[name] = None if values[name] is None else dt.date.fromisoformat(values[name])
    values["scope"] = None if values["scope"] is None else Scope(values["scope"])
    values["basis"] = Basis(values["basis"])
    values["grade"] = None if values["grade"] is None else Grade(values["grade"])
    values["figures"] = tuple(figure_from_dict(figure) for figure in json.loads(values["figures"]))
    return Strike(**values)


def correction_row(correction: Correction) -> dict[str, Any]:
    """A row of ``corrections``; its anchors are rows of their own."""
    change = {
        name: value for name in Change.__dataclass_fields__ if (value := getattr(correction.change, name)) is not None
    }
    change |= {name: iso(change[name]) for name in ("date", "date_end") if name in change}
    return {
        "number": correction.number,
        "action": correction.action.value,
        "who": correction.who,
        "made": iso(correction.when),
        "why": correction.why,
        "link": correction.link,
        "change": json.dumps(change, ensure_ascii=False),
        "undoes": correction.undoes,
    }


def anchor_rows(correction: Correction) -> list[dict[str, Any]]:
    """Rows of ``anchors``."""
    return [
        {
            "number": correction.number,
            "position": position,
            "report_id": anchor.report_id,
            "sentence": anchor.sentence,
            "measure": anchor.measure.value,
            "group": anchor.group.value,
            "text": anchor.text,
            "start": anchor.start,
        }
        for position, anchor in enumerate(correction.anchors)
    ]


#: What JSON does not give back as it was.
_READ_CHANGE: dict[str, Callable[[Any], Any]] = {
    "date": dt.date.fromisoformat,
    "date_end": dt.date.fromisoformat,
    "measure": Measure,
    "group": Group,
    "weapons": tuple,
}


def correction_from_rows(row: sa.Row[Any], anchors: Iterable[sa.Row[Any]]) -> Correction:
    """The correction of a row of ``corrections`` and its rows of ``anchors``."""
    change = json.loads(row.change)
    change |= {name: read(change[name]) for name, read in _READ_CHANGE.items() if name in change}
    held = tuple(
        Anchor(each.report_id, each.sentence, Measure(each.measure), Group(each.group), each.text, each.start)
        for each in anchors
    )
    when = dt.datetime.fromisoformat(row.made)
    return Correction(
        row.number, Action(row.action), held, row.who, when, row.why, row.link, Change(**change), row.undoes
    )


def unreadable_from_row(row: sa.Row[Any]) -> Unreadable:
    """The record of a row of ``failures``."""
    uploaded = row.path.startswith(_UPLOADED)
    origin = Origin(row.path.removeprefix(_UPLOADED), row.line or None, uploaded)
    return Unreadable(origin, row.raw, ReadingError(str(origin), row.problem, row.advice, row.report_id))
