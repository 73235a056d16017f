"""Whether a sentence tells of armed violence at all: not an accident, not a charge before a court (codebook 2)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from tracker.lexicon import read_toml
from tracker.reading.cues import TermIndex, plain_words
from tracker.segment import Entry, Sentence


class _Terms:
    """Terms found as whole words in any case; a look at the words spares most texts the pattern."""

    def __init__(self, terms: Sequence[str]) -> None:
        ordered = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
        self._pattern = re.compile(rf"(?<![\w-])(?:{ordered})(?![\w-])", re.IGNORECASE)
        self._index = TermIndex(terms)

    def are_in(self, text: str) -> bool:
        """Whether any of the terms stands in a text."""
        return self._index.meets(_words(text)) and self._pattern.search(text) is not None

    def left_out_of(self, text: str) -> str:
        """A text without the terms: what else it says."""
        return self._pattern.sub(" ", text) if self._index.meets(_words(text)) else text


@functools.lru_cache(maxsize=256)
def _words(text: str) -> frozenset[bytes]:
    """The plain words of a sentence, which is asked for several kinds of terms, by its neighbours too."""
    return frozenset(plain_words(text))


@functools.cache
def _terms(table: str, language: str = "en") -> _Terms:
    """The terms of a table of ``data/en/setting.toml``."""
    return _Terms(read_toml(f"{language}/setting.toml")[table]["terms"])


def is_accident(entry: Entry, sentence: Sentence) -> bool:
    """Whether a sentence tells of an accident or a natural disaster.

    A cause named beside it decides ("gas explosion", "firecracker warehouse"), and so does a word of an accident
    in it, unless the sentence itself holds a word of violence; that of the cause ("shark attack") is none.
    """
    at = sentence.index - entry.sentences[0].index
    around = entry.sentences[max(0, at - 2) : at + 3]
    hazards = _terms("hazards")
    if not any(hazards.are_in(near.text) for near in around) and not _terms("accidents").are_in(sentence.text):
        return False
    return not _terms("violence").are_in(hazards.left_out_of(sentence.text))


def is_allegation(sentence: Sentence) -> bool:
    """Whether a sentence tells of a crime that is only charged; a conviction's is a claim."""
    text = sentence.text
    return _terms("charges").are_in(text) and _terms("courts").are_in(text) and not _terms("convictions").are_in(text)


def is_hypothetical(sentence: Sentence) -> bool:
    """Whether a sentence tells of a drill, a game or a forecast."""
    return _terms("hypotheticals").are_in(sentence.text)
