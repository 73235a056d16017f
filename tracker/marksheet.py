"""The sheet of a blind check: drawn claims as CSV or Excel for a person to mark, and the marked sheet read back.

People mark in whatever program they have, so that a sheet is read with commas, semicolons or tabs, in any encoding
that spreadsheets write, with its rows and columns in any order. Only four of its columns are ever read:
``claim``, ``draw``, and the two marks.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracker.export import fill_sheet, sentence_start, to_csv_bytes
from tracker.models import Claim, Measure, Report, joined_weapons, stable_id
from tracker.rows import iso
from tracker.sampling import MOST_DRAWN, Mark
from tracker.serialise import visible

#: What a marked sheet may measure: its bytes, what it unpacks to, and its rows and columns with empty ones.
MOST_BYTES: Final = 50_000_000
_MOST_UNPACKED: Final = 500_000_000
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 100
#: Problems that are told one by one.
_MOST_TOLD: Final = 10
#: Characters of a report before the sentence, and of a sentence around its figure.
_BEFORE, _AROUND = 400, 1000

#: How a mark may be written, in small letters or capitals; nothing is no mark.
MARKS: Final = {
    Mark.RIGHT: (
        *("y", "yes", "right", "correct", "true", "1"),
        *("j", "ja", "o", "oui", "s", "si", "sí", "т", "так", "д", "да"),
    ),
    Mark.WRONG: ("n", "no", "wrong", "incorrect", "false", "0", "nein", "non", "н", "ні", "нет"),
    Mark.UNSURE: ("?", "unsure"),
}
_MARK_OF: Final = {word: mark for mark, words in MARKS.items() for word in words}
_READ: Final = ("claim", "draw", "figure_right", "rest_right")

HOW_TO_MARK: Final = (
    "Each row is one claim, drawn at random. Its figure stands in [[double brackets]] in the sentence.",
    "figure_right: are measure, lowest, highest, group and relation what the sentence says? An empty end is open.",
    "relation: a total, a part of one (subset), or on top of one (additional).",
    "rest_right: are basis, place, region, country, days, weapons, attacker and source what the report says?",
    "Empty is right where the report does not say.",
    "Write y for right, n for wrong (one thing that is wrong is enough), ? for what cannot be decided.",
    "Leave empty what you have not looked at. Rows come in random order: you can stop at any of them.",
    "what_is_wrong is for your own notes. Leave the columns claim and draw as they are.",
    "The id of a claim, for 'tracker correct', is what stands before the dash.",
    "Then run 'tracker sample --score' with the name of this file.",
)


class SheetError(ValueError):
    """A sheet that cannot be scored; ``problems`` say why, a sentence each."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A claim as the marker sees it. The names of the fields are the columns of the sheet, in their order."""

    published: str | None
    publisher: str | None
    title: str | None
    before: str | None
    sentence: str
    measure: str
    lowest: int | None
    highest: int | None
    approximate: str
    group: str
    relation: str
    basis: str
    place: str | None
    region: str | None
    country: str | None
    first_day: str | None
    last_day: str | None
    weapons: str | None
    attacker: str | None
    source: str | None
    figure_right: str | None
    rest_right: str | None
    what_is_wrong: str | None
    url: str | None
    report: str
    claim: str
    draw: str


COLUMNS: Final = tuple(field.name for field in dataclasses.fields(SheetRow))


@dataclass(frozen=True, slots=True)
class Draw:
    """Where a row comes from: the seed, how many of how many claims of its measure, how many claims there were in all.

    >>> str(Draw(4711, Measure.KILLED, 35, 812, 1240))
    'seed 4711: 35 of 812 killed, 1240 in all'
    """

    seed: int
    measure: Measure
    drawn: int
    population: int
    total: int

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.drawn} of {self.population} {self.measure}, {self.total} in all"

    @classmethod
    def read(cls, text: str) -> Draw | None:
        """The draw that ``str`` wrote, None where it is none."""
        found = _DRAW.fullmatch(text.strip())
        if found is None or found["measure"] not in set(Measure):
            return None
        seed, drawn, population, total = (int(found[name]) for name in ("seed", "drawn", "population", "total"))
        if not 0 < drawn <= population <= total:
            return None
        return cls(seed, Measure(found["measure"]), drawn, population, total)


_DRAW: Final = re.compile(
    r"seed (?P<seed>[0-9]{1,12}): (?P<drawn>[0-9]{1,12}) of (?P<population>[0-9]{1,12}) (?P<measure>[a-z_]+), "
    r"(?P<total>[0-9]{1,12}) in all"
)
#: Rows by their numbers, the columns that are read by their names.
_Records = Iterator[tuple[int, dict[str, str]]]
_KEY: Final = re.compile(r"(?P<claim>[0-9a-f]{16})-(?P<reading>[0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row as it came back: its number in the sheet, its claim and how that was read, its draw and its marks."""

    number: int
    claim_id: str
    reading: str
    draw: Draw
    figure: Mark | None
    rest: Mark | None


def reading_of(claim: Claim) -> str:
    """A hash of what a marker is shown of a claim: where it differs, the claim is read differently now.

    It also keeps an id that is all digits from being taken for a number.
    """
    return stable_id(
        claim.sentence, claim.text, claim.measure, claim.low, claim.high, claim.approx, claim.group, claim.relation,
        claim.basis, claim.place, claim.admin1, claim.country, claim.date, claim.date_end,
        joined_weapons(claim.weapons), claim.attacker, claim.source, length=8,
    )  # fmt: skip


def sheet_row(claim: Claim, report: Report, draw: Draw) -> SheetRow:
    """A claim as read, with what a person needs to judge it, unmarked."""
    start = sentence_start(claim, report)
    before = report.text[:start] if claim.field == "text" else ""
    kept = before[-_BEFORE:]
    return SheetRow(
        published=iso(report.published),
        publisher=report.publisher,
        title=_one_line(report.title or "") or None,
        before=_one_line(f"…{kept}" if len(kept) < len(before) else kept) or None,
        sentence=_marked(claim.sentence, claim.start - start, claim.end - start),
        measure=str(claim.measure),
        lowest=claim.low,
        highest=claim.high,
        approximate="yes" if claim.approx else "no",
        group=str(claim.group),
        relation=str(claim.relation),
        basis=str(claim.basis),
        place=claim.place,
        region=claim.admin1,
        country=claim.country,
        first_day=iso(claim.date),
        last_day=iso(claim.date_end),
        weapons=joined_weapons(claim.weapons),
        attacker=claim.attacker,
        source=claim.source,
        figure_right=None,
        rest_right=None,
        what_is_wrong=None,
        url=report.url,
        report=claim.report_id,
        claim=f"{claim.claim_id}-{reading_of(claim)}",
        draw=str(draw),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _marked(sentence: str, start: int, end: int) -> str:
    """A sentence with its figure in brackets, cut where it is very long."""
    start, end = max(start, 0), min(end, len(sentence))
    first, last = max(start - _AROUND, 0), end + _AROUND
    ahead, behind = "…" if first else "", "…" if last < len(sentence) else ""
    return _one_line(f"{ahead}{sentence[first:start]}[[{sentence[start:end]}]]{sentence[end:last]}{behind}")


def to_csv(rows: Sequence[SheetRow]) -> bytes:
    """The sheet as CSV: UTF-8 with a byte-order mark, nothing in it that a spreadsheet would run."""
    import pandas as pd

    return to_csv_bytes(pd.DataFrame(map(dataclasses.astuple, rows), columns=list(COLUMNS), dtype="object"))


def to_excel(rows: Sequence[SheetRow]) -> bytes:
    """The sheet as a workbook whose marks are chosen from a list, and how to mark on a second page."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Claims")
    choice = DataValidation(type="list", formula1='"y,n,?"', allow_blank=True, showErrorMessage=True)
    choice.errorTitle, choice.error = "No mark", "Write y (right), n (wrong) or ? (cannot be decided)."
    for name in ("figure_right", "rest_right"):
        letter = get_column_letter(COLUMNS.index(name) + 1)
        choice.add(f"{letter}2:{letter}{len(rows) + 1}")
    sheet.data_validations.append(choice)
    widths = {"title": 30, "before": 50, "sentence": 70, "what_is_wrong": 40}
    fill_sheet(sheet, COLUMNS, map(dataclasses.astuple, rows), widths=widths)
    fill_sheet(
        book.create_sheet("How to mark"), ["how to mark"], ([line] for line in HOW_TO_MARK), widths={"how to mark": 100}
    )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_sheet(content: bytes) -> list[MarkedRow]:
    """The rows of a marked sheet, whether Excel or text. Raises SheetError with every row that cannot be read."""
    if len(content) > MOST_BYTES:
        raise SheetError(f"The file is larger than {MOST_BYTES // 1_000_000} MB, which no sheet of claims is.")
    records = _excel_records(content) if content.startswith(b"PK") else _text_records(content)
    rows: list[MarkedRow] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in records:
        found = _row(number, cells)
        if not isinstance(found, MarkedRow):
            problems.append(f"Row {number}: {found}")
        elif (first := seen.setdefault((found.claim_id, found.reading), number)) != number:
            problems.append(f"Row {number} is the claim of row {first} again. Take one of them out.")
        else:
            rows.append(found)
    problems += _of_two_draws(rows)
    if problems:
        more = len(problems) - _MOST_TOLD
        raise SheetError(*problems[:_MOST_TOLD], *([f"And {more:,} more like these."] if more > 0 else []))
    if not rows:
        raise SheetError("The sheet has no rows.")
    if not any(row.figure or row.rest for row in rows):
        raise SheetError("Nothing is marked. Write y, n or ? into figure_right and rest_right.")
    return rows


def _row(number: int, cells: dict[str, str]) -> MarkedRow | str:
    """A row, or what is wrong with it."""
    key = _KEY.fullmatch(cells["claim"].strip().lower())
    draw = Draw.read(cells["draw"])
    if key is None:
        return "the column claim does not hold what was drawn. Copy it from the sheet as it was."
    if draw is None:
        return "the column draw does not hold what was drawn. Copy it from the sheet as it was."
    marks: list[Mark | None] = []
    for name in ("figure_right", "rest_right"):
        word = cells[name].strip().casefold()
        if word and word not in _MARK_OF:
            return f"'{visible(cells[name].strip()[:40])}' in {name} is no mark. Write y, n or ?."
        marks.append(_MARK_OF.get(word))
    return MarkedRow(number, key["claim"], key["reading"], draw, *marks)


def _of_two_draws(rows: Iterable[MarkedRow]) -> Iterator[str]:
    first: MarkedRow | None = None
    known: dict[Measure, tuple[Draw, int]] = {}
    for row in rows:
        first = first or row
        same, at = known.setdefault(row.draw.measure, (row.draw, row.number))
        if row.draw != same or (row.draw.seed, row.draw.total) != (first.draw.seed, first.draw.total):
            other = at if row.draw != same else first.number
            yield f"Row {row.number} was not drawn together with row {other}. Score each sheet by itself."


def _table(rows: Iterator[Sequence[str]]) -> _Records | None:
    """Rows under a head, by their numbers in a spreadsheet; None where the head is not that of a sheet."""
    head = [name.strip().lower() for name in next(rows, ())]
    if not set(_READ) <= set(head):
        return None
    at = {name: head.index(name) for name in _READ}
    return (
        (number, {name: row[place] if place < len(row) else "" for name, place in at.items()})
        for number, row in enumerate(rows, 2)
        if any(cell.strip() for cell in row)
    )


def _listed(records: _Records) -> list[tuple[int, dict[str, str]]]:
    found = list(itertools.islice(records, MOST_DRAWN + 1))
    if len(found) > MOST_DRAWN:
        raise SheetError(f"The sheet has more than {MOST_DRAWN:,} rows, which no draw has.")
    return found


_NO_SHEET: Final = (
    "This is no sheet of 'tracker sample': it needs the columns claim, draw, figure_right and rest_right in its "
    "first row."
)


def _text_records(content: bytes) -> list[tuple[int, dict[str, str]]]:
    text = _decoded(content)
    if text[:4].lower() == "sep=":  # a line by which Excel is told of the delimiter
        text = text.partition("\n")[2]
    for delimiter in (",", ";", "\t"):
        try:
            # Strict: a quotation mark that is never closed would swallow rows.
            found = _table(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            continue  # the head has another delimiter
        if found is None:
            continue
        try:
            return _listed(found)
        except csv.Error as error:
            raise SheetError(f"The sheet cannot be read as CSV ({error}). Save it again, or as .xlsx.") from None
    raise SheetError(_NO_SHEET)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # An old code page: what is read of a sheet is plain letters and digits, the same in all of them.
        return content.decode("latin-1")


def _excel_records(content: bytes) -> list[tuple[int, dict[str, str]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise SheetError("The workbook unpacks to more than any sheet of claims does.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            # A workbook may claim any number of rows and columns.
            cells = sheet.iter_rows(values_only=True, max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
            found = _table([] if row.count(None) == len(row) else [*map(_plain, row)] for row in cells)
            if found is not None:
                return _listed(found)
    except SheetError:
        raise
    except Exception as error:  # openpyxl and what it rests on fail on damaged files in every way there is
        raise SheetError(
            f"The file cannot be read as an Excel workbook ({type(error).__name__}). Save it as .xlsx or .csv."
        ) from None
    raise SheetError(_NO_SHEET)


def _plain(value: Any) -> str:
    """A cell as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
