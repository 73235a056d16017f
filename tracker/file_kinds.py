"""What a file is, by its first bytes and then by its name: names lie.

Text, web pages, tables and JSON Lines are read. Whatever is something else is refused by what it is, and never
unpacked.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath

from tracker.records import BadRecordError, is_utf16


class Kind(StrEnum):
    """How a file is read."""

    TEXT = "text"
    PAGE = "web page"
    ARCHIVE = "saved web page"
    TABLE = "table"
    LINES = "JSON Lines"


#: How a file is read that its first bytes do not give away.
KINDS: Mapping[str, Kind] = {
    ".txt": Kind.TEXT,
    ".html": Kind.PAGE,
    ".htm": Kind.PAGE,
    ".mhtml": Kind.ARCHIVE,
    ".mht": Kind.ARCHIVE,
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".jsonl": Kind.LINES,
    ".ndjson": Kind.LINES,
}
#: The extensions that can be read, for folders and for whoever chooses files.
SUFFIXES: tuple[str, ...] = tuple(KINDS)
#: How many of a file's first bytes are looked at.
HEAD = 4_096

_COPY = "Copy its words into a text file (.txt, UTF-8)."
_UNPACK = "Unpack it first; nothing is unpacked here."
_SHEET = "Save the table in it as CSV (UTF-8), with a column for the text."
_NO_TEXT = "Only text can be read."

#: Signature, what it stands for, what to do. The first that fits.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", _COPY),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", _COPY),
    (b"\xff\xd8\xff", "a JPEG image", _COPY),
    (b"GIF87a", "a GIF image", _COPY),
    (b"GIF89a", "a GIF image", _COPY),
    (b"II*\0", "a TIFF image", _COPY),
    (b"MM\0*", "a TIFF image", _COPY),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or Outlook file", _COPY),
    (b"{\\rtf", "a rich text file (RTF)", _COPY),
    (b"SQLite format 3\0", "a SQLite database", _NO_TEXT),
    (b"PAR1", "a Parquet file", _SHEET),
    (b"\x7fELF", "a program", _NO_TEXT),
    (b"\xca\xfe\xba\xbe", "a program", _NO_TEXT),
    (b"\xcf\xfa\xed\xfe", "a program", _NO_TEXT),
    (b"OggS", "a sound or video file", _NO_TEXT),
    (b"ID3", "a sound file", _NO_TEXT),
    (b"fLaC", "a sound file", _NO_TEXT),
    (b"\x1a\x45\xdf\xa3", "a video file", _NO_TEXT),
)
#: Signatures that ordinary words may begin with; a NUL among the first bytes makes them sure.
_WITH_NUL: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"MZ", "a program", _NO_TEXT),
    (0, b"BM", "a bitmap image", _COPY),
    (0, b"RIFF", "a sound, video or WebP image file", _NO_TEXT),
    (4, b"ftyp", "a video or HEIC image file", _NO_TEXT),
    (257, b"ustar", "a tar archive", _UNPACK),
)
_SURE_BZIP2 = re.compile(rb"BZh[1-9]1AY&SY")
_ZIPPED: tuple[tuple[bytes, str, str], ...] = (
    (b"application/epub+zip", "an e-book (EPUB)", _COPY),
    (b"application/vnd.oasis.opendocument.spreadsheet", "a LibreOffice table", _SHEET),
    (b"application/vnd.oasis.opendocument", "a LibreOffice document", _COPY),
    (b"word/", "a Word document", _COPY),
    (b"xl/", "an Excel workbook", _SHEET),
    (b"ppt/", "a PowerPoint file", _COPY),
)
_ZIPPED_NAMES = {
    ".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/", ".epub": "application/epub+zip",
    ".odt": "application/vnd.oasis.opendocument", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip

#: A page says so before anything else: a doctype or <html>, after an XML declaration and comments at most.
_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.*?-->\s*+)*+<(?:!doctype\s++html|html)[\s>]", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"\s*+<\?xml\s")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]*+:")


def kind_of(name: str, head: bytes) -> Kind:
    """How a file is read, by its first bytes (HEAD of them) and its name.

    A web page under another name is read as what it is, where its name promises a text; it is refused under the
    name of a table. Raises BadRecordError, in words, for what cannot be read.
    """
    suffix = PurePath(name).suffix.lower()
    _refuse_foreign(suffix, head)
    if suffix == ".json":
        advice = "Write one report a line (JSON Lines) and name the file .jsonl."
        raise BadRecordError("a .json file is neither text nor JSON Lines.", advice)
    named = KINDS.get(suffix, Kind.TEXT)
    start = _shown(head)
    seen = Kind.ARCHIVE if _is_archive(start) else Kind.PAGE if _HTML.match(start) else None
    if named in (Kind.TABLE, Kind.LINES):
        if seen is not None:
            raise BadRecordError(f"is a web page, not {_what(named)}.", "Name it .html and read it again.")
        if is_utf16(head):
            raise BadRecordError("is UTF-16, not UTF-8.", "Save it as UTF-8 and read it again.")
        if named is Kind.TABLE and _is_json(start):
            raise BadRecordError("is JSON, not a table.", "Name it .jsonl and read it again.")
        return named
    if seen is not None:
        return seen
    if named is Kind.ARCHIVE:
        raise BadRecordError(
            "is no saved web page.", "Save the page again as HTML, or copy its words into a text file."
        )
    if named is Kind.TEXT and _is_json(start):
        raise BadRecordError("is JSON, not text.", "Write one report a line and name the file .jsonl.")
    if named is Kind.TEXT and _XML.match(start):
        raise BadRecordError("is XML, not text.", _COPY)
    return named


def _what(kind: Kind) -> str:
    return "a table" if kind is Kind.TABLE else kind.value


def _refuse_foreign(suffix: str, head: bytes) -> None:
    """Refuse archives, documents, images and programs by what they are."""
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n\t ")
    for signature, what, advice in _SIGNATURES:
        if bare.startswith(signature) and (signature != b"BZh" or _SURE_BZIP2.match(bare)):
            raise BadRecordError(f"is {what}, not text.", advice)
    if bare.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        marks = bare + _ZIPPED_NAMES.get(suffix, "").encode()
        what, advice = next(
            ((what, advice) for mark, what, advice in _ZIPPED if mark in marks), ("a ZIP archive", _UNPACK)
        )
        raise BadRecordError(f"is {what}, not text.", advice)
    if b"\0" in head:
        for at, signature, what, advice in _WITH_NUL:
            if head.startswith(signature, at):
                raise BadRecordError(f"is {what}, not text.", advice)


def _shown(head: bytes) -> str:
    """The first characters, as far as they can be made out."""
    if is_utf16(head):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def _is_json(start: str) -> bool:
    """True where the first line is an object of JSON, or opens one that goes on further down."""
    line = start.lstrip().partition("\n")[0].strip()
    if not line.startswith(("{", "[")):
        return False
    if line in ("{", "[", "[{") or re.match(r'\[?\s*+\{\s*+"', line):
        return True
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_archive(start: str) -> bool:
    """True for the head of a message of several parts that belong together (RFC 2557), as browsers save pages."""
    head: list[str] = []
    for line in start.splitlines():
        if not line.strip():
            break
        if not (_FIELD.match(line) or (head and line[0] in " \t")):
            return False
        head.append(line.lower())
    joined = " ".join(head)
    return "mime-version:" in joined and re.search(r"content-type:\s*+(?:multipart/|text/html)", joined) is not None
