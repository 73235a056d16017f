"""Sentence → tokens, each with its offsets, and phrases of the lexicon found in them.

Offsets count characters of the sentence as received; nothing is rewritten. The *norm* of a token is what the
lexicon is asked for: lower case, straight apostrophes, no possessive ending.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from itertools import accumulate, chain, compress
from typing import Generic, NamedTuple, TypeVar

from tracker.lexicon import read_toml
from tracker.models import Quantity, Span

#: In "on June 5 108 people" the space stands between a day and a figure.
_MONTHS: list[str] = read_toml("en/numbers.toml")["months"]["terms"]
_NO_MONTH = "".join(rf"(?<!\b{month}[ ])(?<!\b{month}[.][ ])" for month in _MONTHS)
#: What may separate thousands: comma, apostrophes, no-break, narrow and thin spaces.
_SEPARATOR = "[,'’\u00a0\u202f\u2009\u2007]"

_TOKEN = re.compile(
    rf"""
      [A-Za-z]++(?![\w'’.‑/-])                                                                  # most words, at once
    | \d{{1,3}}(?:{_SEPARATOR}\d{{3}})+(?!\d)(?:[.]\d+(?!\d|[.]\d))?(?![^\W\d_]|[-‑][^\W_])   # 1,200  1 200
    | (?i:{_NO_MONTH})\d{{1,3}}(?:[ ]\d{{3}})+(?![^\W_]|[-‑.,][^\W_])                          # 1 200, plain space
    | \d+(?:[.,:/]\d+)*(?!\d|[^\W\d_]|[-‑][^\W_]|[.,:/]\d)                                     # 46  1.2  24.04.2025
    | [a-z]{{3,}}+(?=/[a-z]{{3}})                                                              # killed/injured
    | (?:[^\W\d_]\.){{2,}}                                                                     # U.S.  a.m.
    | [^\W_]+(?:[-‑'’/][^\W_]+|(?<=\d)[.,]\d+)*['’]?(?<!['’])                                  # KN-23, 11-year-old
    | \.{{2,}} | [^\w\s]
    """,
    re.VERBOSE,
)
_POSSESSIVE = ("'s", "’s", "'S", "’S")


#: A space that may stand inside a number; any other parts tokens. It comes first, as what a search finds fastest.
_SPACED_NUMBER = re.compile(r" (?<=\d )\d{3}")


def tokenise(text: str) -> list[str]:
    """The words, numbers and marks of a sentence.

    >>> tokenise("Kyiv’s 11-year-old, 1 200 of 3,500; at 3 a.m.")
    ['Kyiv’s', '11-year-old', ',', '1 200', 'of', '3,500', ';', 'at', '3', 'a.m.']
    """
    return list(chain.from_iterable(_cut(_words_of(text))))


def _words_of(text: str) -> list[str]:
    """A text parted at its spaces; whole where one may stand inside a number."""
    return [text] if _SPACED_NUMBER.search(text) else text.split(" ")


def _cut(words: list[str]) -> list[tuple[str, ...]]:
    """The tokens of each word; a whole text is no word to keep in mind."""
    return list(map(_tokens_of, words)) if len(words) > 1 else [_tokens_of.__wrapped__(words[0])]


@functools.lru_cache(maxsize=1 << 15)
def _tokens_of(word: str) -> tuple[str, ...]:
    """The tokens of what stands between two spaces."""
    return tuple(_TOKEN.findall(word))


def is_possessive(token: str) -> bool:
    """Whether a token ends in "'s"."""
    return len(token) > 2 and token.endswith(_POSSESSIVE)


@functools.lru_cache(maxsize=1 << 15)
def norm_of(token: str) -> str:
    """What the lexicon is asked for.

    >>> norm_of("Ukraine’s"), norm_of("O’clock")
    ('ukraine', "o'clock")
    """
    if token == "IS":
        return "i.s."  # the group, and no form of "be"
    norm = token.lower()
    if is_possessive(token):
        norm = norm[:-2]
    return norm.replace("’", "'").replace("‑", "-")


#: Blanks behind the last word. No rule looks further past an end of the sentence than this.
_PAD = 12
_BLANKS = [""] * _PAD


class Line:
    """The tokens of one sentence with the questions that rules ask of them; read, never changed.

    ``norms[i]`` is the norm of token ``i``, and blank for a few places past either end (a negative index
    wraps into the blanks), so that a rule may look around without asking where the sentence stops.

    >>> line = Line("Two more died.")
    >>> line.norms[0], line.norms[-1], line.after(1, frozenset({"more"})), line.printed(0, 2)
    ('two', '', 2, Span(start=0, end=8))
    """

    __slots__ = ("_cut", "_ends", "_words", "distinct", "norms", "size", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = _words_of(text)
        self._cut = _cut(self._words)
        self.texts = list(chain.from_iterable(self._cut))
        self.size = len(self.texts)
        self.norms = list(map(norm_of, self.texts))
        #: Each word once: the cheapest thing to ask whether any of a class stands in the sentence.
        self.distinct = frozenset(self.norms)
        self.norms += _BLANKS
        #: How many tokens, and how many characters, the words up to each have; counted when first asked for.
        self._ends: tuple[list[int], list[int]] | None = None
        self.texts += _BLANKS

    def is_capital(self, index: int) -> bool:
        """Whether a token begins with a capital letter."""
        return self.texts[index][:1].isupper()

    def is_lower(self, index: int) -> bool:
        """Whether a token begins with a small letter."""
        return self.texts[index][:1].islower()

    def is_word(self, index: int) -> bool:
        """Whether a token begins with a letter."""
        return self.texts[index][:1].isalpha()

    def is_mark(self, index: int) -> bool:
        """Whether a token is neither word nor number."""
        return not self.texts[index][:1].isalnum()

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
        if self._ends is None:
            self._ends = list(accumulate(map(len, self._cut))), list(accumulate(map(len, self._words)))
        tokens, characters = self._ends
        texts, find = self.texts, self.text.index
        # As many spaces stand before a word as words do; in the word, each token is the next of its kind.
        word = bisect_right(tokens, first)
        end = characters[word - 1] + word if word else 0
        for token in texts[tokens[word - 1] if word else 0 : first]:
            end = find(token, end) + len(token)
        start = find(texts[first], end)
        end = start + len(texts[first])
        for token in texts[first + 1 : last]:
            end = find(token, end) + len(token)
        return Span(start, end)

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
    >>> [match and match.term for match in book.each(["two", "police", "officers", ""], 3)]
    [None, 'police', 'all', None]
    """

    __slots__ = ("_by_first",)

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        terms = {tuple(map(norm_of, tokenise(phrase))): term for phrase, term in entries}
        #: First word → what it stands for alone, if anything, and second word → the rest of the phrases that begin
        #: so, the longest first.
        self._by_first: dict[str, tuple[T | None, dict[str, list[tuple[list[str], T]]]]] = {}
        for words in sorted(terms, key=len, reverse=True):
            alone = terms[words] if len(words) == 1 else None
            _, longer = self._by_first.get(words[0], (None, {}))
            self._by_first[words[0]] = alone, longer
            if len(words) > 1:
                longer.setdefault(words[1], []).append((list(words[2:]), terms[words]))

    @property
    def firsts(self) -> frozenset[str]:
        """The words that a phrase can begin with."""
        return frozenset(self._by_first)

    def entries(self) -> Iterator[tuple[str, T]]:
        """Every phrase, its words parted by spaces, and what it stands for."""
        for first, (alone, longer) in self._by_first.items():
            for second, rests in longer.items():
                for rest, term in rests:
                    yield " ".join((first, second, *rest)), term
            if alone is not None:
                yield first, alone

    def at(self, norms: list[str], index: int) -> Match[T] | None:
        """The longest phrase that begins at ``norms[index]``; the words end with a blank."""
        entry = self._by_first.get(norms[index])
        return None if entry is None else _longest(norms, index, *entry)

    def each(self, norms: list[str], size: int) -> list[Match[T] | None]:
        """What begins at every index below ``size``, each asked once; None at those of the blanks behind it."""
        found: list[Match[T] | None] = [None] * len(norms)
        by_first = self._by_first
        for index in compress(range(size), map(by_first.__contains__, norms)):
            alone, longer = by_first[norms[index]]
            if norms[index + 1] in longer:
                found[index] = _longest(norms, index, alone, longer)
            elif alone is not None:
                found[index] = Match(index, index + 1, alone)
        return found


def _longest(
    norms: list[str], index: int, alone: T | None, longer: dict[str, list[tuple[list[str], T]]]
) -> Match[T] | None:
    """The longest phrase that begins at ``norms[index]``, with the entry of its first word."""
    for rest, term in longer.get(norms[index + 1], ()):
        end = index + 2 + len(rest)
        if norms[index + 2 : end] == rest:
            return Match(index, end, term)
    return None if alone is None else Match(index, index + 1, alone)
