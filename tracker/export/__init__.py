"""Tables → files that others can open, each with how it was made, a data dictionary and its evidence."""

from tracker.export.about import About
from tracker.export.bundle import Bundle, to_csv, to_csv_zip, to_geojson, to_parquet
from tracker.export.delimited import csv_lines, replacing, safe_cell, to_csv_bytes
from tracker.export.dictionary import Entry, describe
from tracker.export.quotes import EvidenceRow, short_quote
from tracker.export.workbook import MOST_ROWS, to_excel

__all__ = [
    "MOST_ROWS",
    "About",
    "Bundle",
    "Entry",
    "EvidenceRow",
    "csv_lines",
    "describe",
    "replacing",
    "safe_cell",
    "short_quote",
    "to_csv",
    "to_csv_bytes",
    "to_csv_zip",
    "to_excel",
    "to_geojson",
    "to_parquet",
]
