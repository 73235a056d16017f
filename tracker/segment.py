"""Report → entries → sentences, with every offset kept.

A live blog carries many stories under one address. An *entry* starts at a line that reads as a headline
(short, no full stop) after a line of running text; what one entry says does not leak into the next
(codebook 6, 7). Sentences never cross the end of a line, because headlines have no full stop, unless the line was
only wrapped: mail, PDF and plain text are cut at a width, in the middle of sentences.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.lexicon import read_toml
from tracker.models import Field, Report

#: A line longer than this is running text even where it lacks a full stop.
_HEADLINE_MAX = 160
#: Nobody writes a longer sentence; what readers do within one sentence is bounded by it.
_SENTENCE_MAX = 2000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``text`` is ``field_text[start:end]``, but for wrapped lines, which are joined by spaces.

    ``entry`` and ``index`` count from 0 in the document.
    """

    field: Field
    start: int
    end: int
    text: str
    entry: int
    index: int
    paragraph: int
    is_headline: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A story of its own: the whole article, or one entry of a live blog."""

    index: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report cut into entries. The title, where there is one, is entry 0 and governs the others."""

    report: Report
    entries: tuple[Entry, ...]

    @property
    def sentences(self) -> Iterator[Sentence]:
        """All sentences in reading order, the title first."""
        return (sentence for entry in self.entries for sentence in entry.sentences)

    @property
    def headline(self) -> Sentence | None:
        """The sentence that heads the whole report: its title, or a first line that reads as a headline."""
        first = next(iter(self.sentences), None)
        return first if first is not None and first.is_headline else None


@functools.cache
def abbreviations() -> frozenset[str]:
    """Abbreviations from ``data/en/segment.toml``, lower case, without the last full stop."""
    return frozenset(term for row in read_toml("en/segment.toml")["abbreviations"] for term in row["terms"])


@functools.cache
def unfinished() -> frozenset[str]:
    """Words with which no line ends that is whole."""
    return frozenset(term for row in read_toml("en/segment.toml")["unfinished"] for term in row["terms"])


_STOP = re.compile(
    r"""
    (?<![.!?…])[.!?…]++         # the mark, from its first sign: a run of stops is looked at once
    ["'”’»)\]]*                 # closing quotes and brackets belong to the sentence
    (?=\s+["'“‘«(\[]*[^\W_a-z]) # then space, and a capital, a digit or a script without case
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|\.(?=[^\W\d_]))*\Z")
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
#: The end of a line on which another follows at once that is no item of a list.
_NEXT_LINE = re.compile(r"\n(?=[ \t]*[^\s•*#|>-])")
#: How a line ends in the middle of a sentence.
_AMID = re.compile(r"""(?:[^.!?…:"'”’»)\]*=_#|-]|(?<![.!?…:])["'”’»)\]])\Z""")
_FIRST_WORD = re.compile(r"[ \t]*(\S+)")
#: Text is wrapped at no less and no more than so many characters.
_NARROWEST, _WIDEST = 34, 132
#: Of all ends of lines within paragraphs, so many stand where the next word had no room.
_MOST_WRAPPED = 0.6
#: A line of at least this length that ends amid a sentence goes on in the next where that begins in lower case.
_RUNS_ON = 30
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"'”’»)\]]*\s*\Z")


def split_sentences(line: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of one line, outer space left out.

    >>> line = 'Maj. Gen. Petrenko named 3 dead. "Two are missing." U.S. aid followed.'
    >>> [line[a:b] for a, b in split_sentences(line)]
    ['Maj. Gen. Petrenko named 3 dead.', '"Two are missing."', 'U.S. aid followed.']
    """
    start = 0
    for mark in _STOP.finditer(line):
        stop = mark.start()
        if line[stop] == ".":
            # At most 20 characters are looked at, so that a line without stops stays linear.
            word = line[max(start, stop - 20) : stop].rpartition(" ")[2]
            if _is_abbreviation(word):
                continue
        yield from _trimmed(line, start, mark.end())
        start = mark.end()
    yield from _trimmed(line, start, len(line))


def unwrapped(text: str) -> str:
    r"""Text of the same length, with the line breaks that only wrap a line made spaces.

    A break wraps a line where the line is left unfinished or the next goes on in lower case, and otherwise where the
    text as a whole is wrapped at a width, and the next word had no room.

    >>> unwrapped("A drone hit a block of flats in the morning,\nhurting two.\nSeven dead in Lviv\nA missile hit.")
    'A drone hit a block of flats in the morning, hurting two.\nSeven dead in Lviv\nA missile hit.'
    """
    found = list(_open_ends(text))
    if not found:
        return text
    width = max(map(len, text.splitlines()))
    full: list[bool] = []
    runs_on: list[bool] = []
    for start, end in found:
        line = text[text.rfind("\n", 0, start) + 1 : start]
        following = _FIRST_WORD.match(text, end)
        assert following is not None
        full.append(len(line) + 1 + len(following[1]) > width)
        open_end = line.endswith(",") or line[-20:].rpartition(" ")[2].lower() in unfinished()
        runs_on.append(len(line) >= _RUNS_ON and (open_end or following[1][0].islower()))
    is_wrapped = _NARROWEST <= width <= _WIDEST and sum(full) >= _MOST_WRAPPED * len(full) and any(runs_on)
    parts, at = [], 0
    for (start, end), goes_on, no_room in zip(found, runs_on, full, strict=True):
        if goes_on or (is_wrapped and no_room):
            parts += [text[at:start], " " * (end - start)]
            at = end
    return "".join([*parts, text[at:]])


def _open_ends(text: str) -> Iterator[tuple[int, int]]:
    """Where a line may have been wrapped: from the last letter of a line that ends amid a sentence to the next line."""
    for match in _NEXT_LINE.finditer(text):
        before = text[max(0, match.start() - 8) : match.start()]
        line = before.rstrip()
        if line and _AMID.search(line):
            yield match.start() - len(before) + len(line), match.end()


@functools.lru_cache(maxsize=1 << 12)
def _is_abbreviation(chunk: str) -> bool:
    """Whether the full stop after a word is part of it: "Maj", "U.S", "J"."""
    word = _LAST_WORD.search(chunk)
    if word is None:
        return False
    last = word.group().lower()
    return last in abbreviations() or (len(last) == 1 and last not in "i")


def _trimmed(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence without its outer space; what no person wrote as one sentence is cut at a space."""
    while end - start > _SENTENCE_MAX:
        cut = line.rfind(" ", start, start + _SENTENCE_MAX)
        cut = start + _SENTENCE_MAX if cut <= start else cut
        yield from _trimmed(line, start, cut)
        start = cut
    part = line[start:end]
    stripped = part.strip()
    if stripped:
        lead = len(part) - len(part.lstrip())
        yield start + lead, start + lead + len(stripped)


def segment(report: Report) -> Document:
    r"""Cut a report into entries and sentences.

    >>> blog = "Two hurt in Odesa\nA drone hit a house, hurting two.\nSeven dead in Lviv\nA missile killed seven."
    >>> [[s.text for s in entry.sentences] for entry in segment(Report("r", blog)).entries]
    [['Two hurt in Odesa', 'A drone hit a house, hurting two.'], ['Seven dead in Lviv', 'A missile killed seven.']]
    """
    entries: list[list[Sentence]] = []
    index = paragraph = 0
    if report.title and report.title.strip():
        sentences = []
        for start, end in split_sentences(report.title.replace("\n", " ").replace("\r", " ")):
            sentences.append(Sentence(Field.TITLE, start, end, report.title[start:end], 0, index, 0, True))
            index += 1
        entries.append(sentences)
        paragraph = 1

    current: list[Sentence] = []
    seen_body = False
    for match in _LINE.finditer(unwrapped(report.text)):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            continue
        headline = len(stripped) <= _HEADLINE_MAX and not _ENDS_SENTENCE.search(stripped[-8:])
        if headline and seen_body and current:
            entries.append(current)
            current, seen_body = [], False
        seen_body = seen_body or not headline
        for start, end in split_sentences(line):
            at = match.start() + start
            text = line[start:end]
            current.append(
                Sentence(Field.TEXT, at, match.start() + end, text, len(entries), index, paragraph, headline)
            )
            index += 1
        paragraph += 1
    if current:
        entries.append(current)
    return Document(report, tuple(Entry(number, tuple(sentences)) for number, sentences in enumerate(entries)))
