"""Sentence → tokens, each with its offsets, and phrases of the lexicon found in them.

Offsets count characters of the sentence as received; nothing is rewritten. ``Token.norm`` is what the
lexicon is asked for: lower case, straight apostrophes, no possessive ending.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from tracker.models import Quantity, Span


class Token(NamedTuple):
    """One word, number or mark: ``Token("Ukraine’s", "ukraine", 0, 9, True)``."""

    text: str
    norm: str
    start: int
    end: int
    possessive: bool


#: What may separate thousands: comma, apostrophes, no-break, narrow and thin spaces.
_SEPARATOR = "[,'’\u00a0\u202f\u2009\u2007]"

_TOKEN = re.compile(
    rf"""
      \d{{1,3}}(?:{_SEPARATOR}\d{{3}})+(?!\d)(?:[.]\d+(?!\d|[.]\d))?(?![^\W\d_]|[-‑][^\W_])   # 1,200  1 200
    | \d{{1,3}}(?:[ ]\d{{3}})+(?![^\W_]|[-‑.,][^\W_])                                          # 1 200, plain space
    | \d+(?:[.,:/]\d+)*(?!\d|[^\W\d_]|[-‑][^\W_]|[.,:/]\d)                                     # 46  1.2  24.04.2025
    | (?:[^\W\d_]\.){{2,}}                                                                     # U.S.  a.m.
    | [^\W_]+(?:[-‑'’/][^\W_]+|(?<=\d)[.,]\d+)*['’]?(?<!['’])                                  # KN-23, 11-year-old
    | \.{{2,}} | [^\w\s]
    """,
    re.VERBOSE,
)
_POSSESSIVE = ("'s", "’s")


def tokenise(text: str) -> list[Token]:
    """Cut a sentence into tokens.

    >>> [t.text for t in tokenise("Kyiv’s 11-year-old, 1 200 of 3,500; at 3 a.m.")]
    ['Kyiv’s', '11-year-old', ',', '1 200', 'of', '3,500', ';', 'at', '3', 'a.m.']
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        norm = word.lower()
        possessive = len(norm) > 2 and norm.endswith(_POSSESSIVE)
        if possessive:
            norm = norm[:-2]
        if "’" in norm or "‑" in norm:
            norm = norm.replace("’", "'").replace("‑", "-")
        tokens.append(Token(word, norm, match.start(), match.end(), possessive))
    return tokens


#: Blanks behind the last word. No rule looks further past an end of the sentence than this.
_PAD = 12


class Line:
    """The tokens of one sentence with the questions that rules ask of them; read, never changed.

    ``norms[i]`` is the norm of token ``i``, and blank for a few places past either end (a negative index
    wraps into the blanks), so that a rule may look around without asking where the sentence stops.

    >>> line = Line("Two more died.")
    >>> line.norms[0], line.norms[-1], line.after(1, frozenset({"more"})), line.printed(0, 2)
    ('two', '', 2, Span(start=0, end=8))
    """

    __slots__ = ("norms", "size", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.size = len(self.tokens)
        self.norms = [token.norm for token in self.tokens] + [""] * _PAD

    def is_capital(self, index: int) -> bool:
        """Whether a token begins with a capital letter."""
        return index < self.size and self.tokens[index].text[:1].isupper()

    def is_lower(self, index: int) -> bool:
        """Whether a token begins with a small letter."""
        return index < self.size and self.tokens[index].text[:1].islower()

    def is_word(self, index: int) -> bool:
        """Whether a token begins with a letter."""
        return index < self.size and self.tokens[index].text[:1].isalpha()

    def is_mark(self, index: int) -> bool:
        """Whether a token is neither word nor number."""
        return not self.tokens[index].text[:1].isalnum()

    def after(self, index: int, skipped: Container[str]) -> int:
        """The first index from ``index`` on whose word is none of ``skipped``."""
        while self.norms[index] in skipped:
            index += 1
        return index

    def before(self, index: int, skipped: Container[str]) -> int:
        """The index behind the last word left of ``index`` that is none of ``skipped``."""
        while index > 0 and self.norms[index - 1] in skipped:
            index -= 1
        return index

    def between(self, start: int, end: int) -> list[str]:
        """The words of ``tokens[start:end]``; empty where the two stand the wrong way round."""
        return self.norms[max(start, 0) : max(end, 0)]

    def printed(self, first: int, last: int) -> Span:
        """The offsets of ``tokens[first:last]``."""
        return Span(self.tokens[first].start, self.tokens[last - 1].end)

    def exactly(self, value: int, first: int, last: int) -> Quantity:
        """An exact figure printed as ``tokens[first:last]``."""
        span = self.printed(first, last)
        return Quantity(value, value, False, None, self.text[span.start : span.end], span)


T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """A phrase of the lexicon: ``tokens[start:end]`` and what it stands for."""

    start: int
    end: int
    term: T


class PhraseBook(Generic[T]):
    """Phrases, found longest first by their first word. Built once, then only read.

    >>> book = PhraseBook([("police officers", "police"), ("officers", "all")])
    >>> [match and match.term for match in book.each(["two", "police", "officers", ""])]
    [None, 'police', 'all', None]
    """

    __slots__ = ("_by_first",)

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, term in entries:
            words = tuple(token.norm for token in tokenise(phrase))
            self._by_first.setdefault(words[0], []).append((words, term))
        for options in self._by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    @property
    def firsts(self) -> frozenset[str]:
        """The words that a phrase can begin with."""
        return frozenset(self._by_first)

    def entries(self) -> Iterator[tuple[str, T]]:
        """Every phrase, its words parted by spaces, and what it stands for."""
        return ((" ".join(words), term) for options in self._by_first.values() for words, term in options)

    def at(self, norms: Sequence[str], index: int) -> Match[T] | None:
        """The longest phrase that begins at ``norms[index]``."""
        for words, term in self._by_first.get(norms[index], ()):
            length = len(words)
            if length == 1 or tuple(norms[index : index + length]) == words:
                return Match(index, index + length, term)
        return None

    def each(self, norms: Sequence[str]) -> list[Match[T] | None]:
        """What begins at every index, each asked once."""
        known = self._by_first
        return [self.at(norms, index) if norm in known else None for index, norm in enumerate(norms)]
