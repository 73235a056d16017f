"""Sentence → tokens, each with its offsets, and phrases of the lexicon found in them.

Offsets count characters of the sentence as received; nothing is rewritten. ``Token.norm`` is what the
lexicon is asked for: lower case, straight apostrophes, no possessive ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar


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
    | [^\W_]+(?:[-‑'’/][^\W_]+|(?<=\d)[.,]\d+)*['’]?(?<!['’])                                  # words, KN-23, 11-year-old
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


T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """A phrase of the lexicon: ``tokens[start:end]`` and what it stands for."""

    start: int
    end: int
    term: T


@dataclass(slots=True)
class PhraseBook(Generic[T]):
    """Phrases, found longest first by their first word. Built once, then only read.

    >>> book = PhraseBook([("police officers", "police"), ("officers", "all")])
    >>> [m.term for m in book.find(tokenise("Two police officers and three officers"))]
    ['police', 'all']
    """

    entries: Iterable[tuple[str, T]]
    _by_first: dict[str, list[tuple[tuple[str, ...], T]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for phrase, term in self.entries:
            words = tuple(token.norm for token in tokenise(phrase))
            self._by_first.setdefault(words[0], []).append((words, term))
        for options in self._by_first.values():
            options.sort(key=lambda option: -len(option[0]))
        self.entries = ()

    def at(self, tokens: Sequence[Token], index: int) -> Match[T] | None:
        """The longest phrase that begins at token ``index``."""
        for words, term in self._by_first.get(tokens[index].norm, ()):
            end = index + len(words)
            if len(words) == 1 or (
                end <= len(tokens)
                and all(tokens[index + k].norm == words[k] for k in range(1, len(words)))
            ):
                return Match(index, end, term)
        return None

    def find(self, tokens: Sequence[Token]) -> Iterator[Match[T]]:
        """Every phrase from left to right, none overlapping."""
        index = 0
        while index < len(tokens):
            match = self.at(tokens, index)
            if match is None:
                index += 1
            else:
                yield match
                index = match.end
