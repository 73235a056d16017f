"""Tables → files that others can open.

CSV is UTF-8 with a byte-order mark, so that a spreadsheet reads every script. A cell of text that a spreadsheet
would run as a formula gets an apostrophe before it; numbers, dates and truth values stay what they are, and
unknown stays empty.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = re.compile(
    r"""
    \A (?=[ \u00a0\u200b\ufeff\u3000'"]*   # a spreadsheet may drop these before it looks
           [=+\-@\t\r\n＝＋－＠−])         # what opens a formula, in ASCII and in the forms taken for it
    | (?<=[;\t\r\n]) (?=[=+\-@＝＋－＠−])  # where the semicolon or the tab divides cells, one opens here
    """,
    re.VERBOSE,
)


def safe_cell(text: str) -> str:
    """``text`` so that no spreadsheet runs it.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("＋1"), safe_cell(" @SUM(1)"), safe_cell("a;=1"), safe_cell("Kryvyi Rih")
    ("'=HYPERLINK(1)", "'＋1", "' @SUM(1)", "a;'=1", 'Kryvyi Rih')
    """
    return _FORMULA.sub("'", text)


def to_csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV: its named index levels, then its columns, a row each, lines ended by CRLF (RFC 4180)."""
    return b"".join(csv_lines(frame))


def csv_lines(frame: pd.DataFrame) -> Iterator[bytes]:
    """``to_csv_bytes`` line by line, the byte-order mark first."""
    table = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")

    def line(cells: Iterable[str]) -> bytes:
        writer.writerow(cells)
        written = buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        return written

    yield b"\xef\xbb\xbf" + line(safe_cell(str(name)) for name in table.columns)
    cells = [_column(table.iloc[:, at]) for at in range(table.shape[1])]
    for row in zip(*cells, strict=True):
        yield line(row)


def _column(values: pd.Series[Any]) -> Iterator[str]:
    for value, unknown in zip(values, values.isna(), strict=True):
        yield "" if unknown else _cell(value)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return safe_cell(value)
    if isinstance(value, (list, tuple)):
        return safe_cell("; ".join(str(item) for item in value))
    if isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that appears whole, or not at all, under its name; what cannot be renamed is written as it is.

    Raises OSError where the place cannot be written.
    """
    if path.exists() and not path.is_file():  # a pipe or a device
        with path.open("wb") as stream:
            yield stream
        return
    target = path.resolve()  # a link stays a link
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        part.chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process's mask; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
