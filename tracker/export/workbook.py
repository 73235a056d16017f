"""A selection as an Excel workbook: strikes, evidence, data dictionary, and how it was made, a sheet each."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tracker.export.bundle import Bundle
from tracker.export.quotes import EvidenceRow

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

#: Rows that a sheet can hold, less its head.
MOST_ROWS = 1_048_575
#: Characters that a cell can hold; what no XML can.
_MOST_CHARACTERS = 32_767
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_excel(bundle: Bundle) -> bytes:
    """The workbook. Text is always text: a cell that starts with "=" is shown, never run.

    Raises ValueError, in words, where a sheet cannot hold the rows.
    """
    from openpyxl import Workbook

    if max(len(bundle.table), len(bundle.evidence)) > MOST_ROWS:
        raise ValueError(f"An Excel sheet holds {MOST_ROWS:,} rows. Narrow the filters, or choose Parquet or CSV.")
    book = Workbook(write_only=True)
    flat = bundle.flat()
    columns = [_cells(flat[name]) for name in flat.columns]
    fill_sheet(book.create_sheet("Strikes"), [*map(str, flat.columns)], zip(*columns, strict=True), frozen="D2")
    names = [field.name for field in dataclasses.fields(EvidenceRow)]
    fill_sheet(
        book.create_sheet("Evidence"), names, ([getattr(row, name) for name in names] for row in bundle.evidence)
    )
    entries = ((one.column, one.kind, one.meaning) for one in bundle.dictionary())
    fill_sheet(book.create_sheet("Dictionary"), ["column", "kind", "meaning"], entries)
    fill_sheet(book.create_sheet("About"), ["what", "value"], bundle.about.items())
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cells(values: Any) -> list[Any]:
    known = values.astype("object").where(values.notna(), None)
    return [value.date() if isinstance(value, dt.datetime) else value for value in known]


def fill_sheet(
    sheet: WriteOnlyWorksheet,
    head: Sequence[str],
    rows: Iterable[Iterable[Any]],
    *,
    frozen: str = "A2",
    widths: Mapping[str, int] | None = None,
) -> None:
    """Write a head and rows, text always as text. Columns with a width break their lines where text is longer."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    broken = Alignment(wrap_text=True, vertical="top") if widths else None

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value.item() if hasattr(value, "item") else value
        written = WriteOnlyCell(sheet, "")
        if broken is not None:
            written.alignment = broken
        # Set past openpyxl's guess, which takes "=1" for a formula and "#N/A" for an error.
        written._value = _NOT_XML.sub("\ufffd", value)[:_MOST_CHARACTERS]
        written.data_type = "s"
        return written

    for name, width in (widths or {}).items():
        sheet.column_dimensions[get_column_letter(head.index(name) + 1)].width = width
    sheet.freeze_panes = frozen
    sheet.append([cell(name) for name in head])
    for row in rows:
        sheet.append([cell(value) for value in row])
