"""Tables → files that others can open, each with how it was made, a data dictionary and its evidence."""

from tracker.export.about import About
from tracker.export.bundle import Bundle, to_csv, to_csv_zip, to_geojson, to_parquet
from tracker.export.delimited import csv_lines, replacing, safe_cell, to_csv_bytes
from tracker.export.dictionary import Entry, describe
from tracker.export.quotes import EvidenceRow, sentence_start, short_quote
from tracker.export.workbook import MOST_ROWS, fill_sheet, to_excel

__all__ = [
    "MOST_ROWS",
    "About",
    "Bundle",
    "Entry",
    "EvidenceRow",
    "csv_lines",
    "describe",
    "fill_sheet",
    "replacing",
    "safe_cell",
    "sentence_start",
    "short_quote",
    "to_csv",
    "to_csv_bytes",
    "to_csv_zip",
    "to_excel",
    "to_geojson",
    "to_parquet",
]
