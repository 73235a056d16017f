"""A web page that a browser saved → its main text, and what it declares about itself.

trafilatura tells the report from what stands around it (navigation, consent banners, related stories, comments).
It is given a tree that is checked first: a page may be large, broken, or built to keep a reader busy. Nothing is
fetched: neither lxml nor trafilatura follows an address when it is given the page itself.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from tracker.page_metadata import PageMetadata, metadata_of
from tracker.records import MAX_BYTES, BadRecordError, too_large

#: The most that a saved page may hold with its pictures; the page itself is bound by MAX_BYTES.
MAX_ARCHIVE_BYTES = 25_000_000
#: A page of many more elements, or of an element with many more attributes, was not made to be read.
MAX_ELEMENTS = 60_000
_SECOND_OPINIONS = 4_000
_MAX_ATTRIBUTES = 500
#: The parser of mail takes time that grows with the square of the number of parts; a page has some hundreds.
_MAX_PARTS = 2_000
_MAX_BOUNDARIES = 20
_BOUNDARY = re.compile(rb"""boundary\s*+=\s*+["']?([^"';\s]++)""", re.IGNORECASE)
#: A browser looks for the encoding no further (HTML, "prescan a byte stream").
_PRESCAN = 1_024

PASTE = "Copy the report's words into a text file (.txt)."

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(
    rb"""<meta\s[^>]*?charset\s*+=\s*+["']?\s*+([\w.:-]++)|\A\s*+<\?xml[^>]*?encoding\s*+=\s*+["']([\w.:-]++)""", re.I
)
#: Labels that stand for more than their own standard says (WHATWG Encoding); UTF-16 that can be read as ASCII is none.
_LABELS = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",
}  # fmt: skip
_ENCODINGS = frozenset(
    {*_LABELS.values(), "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "big5", "big5hkscs", "euc_jp", "iso2022_jp"}
    | {f"cp125{n}" for n in range(9)}
    | {f"iso8859-{n}" for n in range(2, 17)}
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

#: Tags as a browser cuts them (HTML, "tokenization"); every repetition is possessive, so that time is linear.
_TAG = re.compile(
    r"""
    <!--(?:-?>|.*?(?:--!?>|\Z))             # a comment
    | <(?:[!?]|/(?![a-z]))[^>]*+>?          # a doctype, or what is none
    | </?+(?P<name>[a-z][^\s/>]*+)
      (?P<attributes>(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)*+)
      [\s/]*+>?
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""", re.DOTALL
)
#: Elements the content of which is text to a browser, whatever it looks like.
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})

_CONSENT = re.compile("cookie|consent|gdpr", re.IGNORECASE)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "div", "section", "blockquote", *_HEADINGS)


@dataclass(frozen=True, slots=True)
class Page:
    """The main text of a page, one line a paragraph, and what the page declares about itself."""

    text: str
    metadata: PageMetadata


def read_page(raw: bytes) -> Page:
    """A page from its bytes. Raises BadRecordError, in words, where it cannot be read."""
    return _page(_decoded(raw, None))


def read_archive(raw: bytes) -> Page:
    """The page in a file that a browser saved "as a single file" (MHTML). Raises BadRecordError, in words."""
    boundaries = set(_BOUNDARY.findall(raw))
    if len(boundaries) > _MAX_BOUNDARIES or sum(raw.count(b"--" + each) for each in boundaries) > _MAX_PARTS:
        raise BadRecordError(f"has more than {_MAX_PARTS:,} parts.", PASTE)
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        if not isinstance(part, EmailMessage) or not isinstance(html := part.get_payload(decode=True), bytes):
            raise BadRecordError("holds no web page.", PASTE)
        charset = part.get_content_charset()
    except BadRecordError:
        raise
    except Exception as bug:  # the parser of mail raises whatever a broken part makes it stumble over
        raise BadRecordError(f"cannot be taken apart ({_name_of(bug)}).", PASTE) from None
    if len(html) > MAX_BYTES:
        raise too_large(MAX_BYTES, "web page", PASTE)
    return _page(_decoded(html, charset))


def _decoded(raw: bytes, charset: str | None) -> str:
    """The page as it declares its encoding: byte-order mark, then what came with it, then its own words; else UTF-8."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            declared, body = encoding, raw[len(mark) :]
            break
    else:
        found = _CHARSET.search(raw[:_PRESCAN])
        declared = charset or (next(filter(None, found.groups())).decode("ascii") if found else "utf-8")
        declared, body = _codec(declared), raw
    try:
        return body.decode(declared)
    except UnicodeDecodeError as error:
        problem = f"cannot be decoded as {declared.upper()} (byte 0x{body[error.start]:02x} at {error.start})."
        raise BadRecordError(problem, f"Save the page again as UTF-8. Or: {PASTE[0].lower()}{PASTE[1:]}") from None


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        name = ""
    name = _LABELS.get(name, name)
    if name not in _ENCODINGS:
        raise BadRecordError(f"declares an encoding that is not known ('{label[:40]}').", PASTE)
    return name


def _page(html: str) -> Page:
    # On a large page the second opinions that trafilatura asks for (justext) take time that grows with its square.
    fast = _checked_size(html) > _SECOND_OPINIONS
    tree = _parsed(html)
    try:
        metadata = metadata_of(tree)
        text = _main_text(tree, metadata.title, fast=fast)
    except Exception as bug:  # a broken page may make a library stumble anywhere; the others must still be read
        raise BadRecordError(f"could not be read as a web page ({_name_of(bug)}).", PASTE) from None
    if not text:
        raise BadRecordError("has no main text that could be told from its menus.", PASTE)
    return Page(text, metadata)


def _name_of(bug: Exception) -> str:
    return type(bug).__name__


def _checked_size(html: str) -> int:
    """How many elements a page has. Refuses what is no page, and what would keep its readers busy."""
    elements = 0
    for name, attributes, opens in _tags(html):
        elements += opens
        if elements > MAX_ELEMENTS:
            raise BadRecordError(f"has more than {MAX_ELEMENTS:,} elements.", PASTE)
        if len(attributes) > 2 * _MAX_ATTRIBUTES and len(_ATTRIBUTE.findall(attributes)) > _MAX_ATTRIBUTES:
            shown = name[:20] if name.isascii() else "?"
            raise BadRecordError(f"has an element <{shown}> of more than {_MAX_ATTRIBUTES} attributes.", PASTE)
    if not elements:
        raise BadRecordError("is plain text, not a web page.", "Name it .txt and read it again.")
    return elements


def _tags(html: str) -> Iterator[tuple[str, str, bool]]:
    """The name and the attributes of every tag, and whether it opens an element."""
    at = 0
    while (tag := _TAG.search(html, at)) is not None:
        at = tag.end()
        name = (tag["name"] or "").lower()
        if not name:
            continue
        opens = html[tag.start() + 1] != "/"
        yield name, tag["attributes"], opens
        if opens and name in _RAW:
            end = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
            at = end.start() if end else len(html)


def _parsed(html: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True
    )
    try:
        tree = lxml_html.document_fromstring(_CONTROLS.sub("", html).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, RecursionError, AssertionError) as bug:
        raise BadRecordError(f"could not be read as a web page ({_name_of(bug)}).", PASTE) from None
    if any("depth" in error.message.lower() for error in parser.error_log.filter_from_level(etree.ErrorLevels.ERROR)):
        raise BadRecordError("is nested too deeply to be read to its end.", PASTE)
    return tree


def _main_text(tree: Any, title: str | None, *, fast: bool) -> str:
    """The report's words, a line a paragraph, without the headline that is its title."""
    _drop_consent(tree)
    headings = _as_paragraphs(tree)
    lines = _extracted(tree, fast=fast)
    if not lines:  # an old page that is laid out as a table
        for cell in tree.iter("table", "tbody", "tr", "td", "th"):
            cell.tag = "div"
        lines = _extracted(tree, fast=fast)
    if lines and title is not None and _same(lines[0], title):
        lines = lines[1:]
    while lines and lines[-1] in headings:  # what it heads was left out
        lines.pop()
    return "\n".join(lines)


def _same(line: str, title: str) -> bool:
    """True for the headline in its own words; a page's title may go on with the name of the site."""
    shown, wanted = line.casefold(), title.casefold()
    return shown == wanted or bool(re.match(re.escape(shown) + r"\s+[|–—·•-]\s", wanted))


def _drop_consent(tree: Any) -> None:
    """Take out what asks for consent to cookies, which is the longest text of a page without an article."""
    asking = [
        element
        for element in tree.iter("div", "section", "aside", "dialog", "form")
        if _CONSENT.search(f"{element.get('id')} {element.get('class')}")
        and next(element.iter("article", "main", "h1"), None) is None
    ]
    for element in asking:
        if element.getparent() is not None:
            element.drop_tree()


def _as_paragraphs(tree: Any) -> set[str]:
    """Make paragraphs of the headings inside a report and of lists that hold whole stories; gives the headings.

    trafilatura drops the headings of a live blog's entries, and runs a list's headings and paragraphs together.
    Without them one entry's place and day would be taken for another's.
    """
    headings = set()
    for element in list(tree.iter(*_HEADINGS)):
        links = list(element.iter("a"))
        if all((link.get("href") or "#").startswith("#") for link in links):
            for link in links:  # to the entry itself; what is all link is taken for a menu
                link.drop_tag()
            headings.add(" ".join(element.text_content().split()))
            element.tag = "p"
    for item in tree.iter("li"):
        if next(item.iter(*_BLOCKS), None) is not None and (outer := item.getparent()) is not None:
            item.tag = "div"
            outer.tag = "div"
    return headings


def _extracted(tree: Any, *, fast: bool) -> list[str]:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it finds wrong is said in our own words
    found = trafilatura.extract(
        tree, fast=fast, favor_precision=True, include_comments=False, include_tables=False, with_metadata=False
    )
    return [line.strip() for line in (found or "").splitlines() if line.strip()]
