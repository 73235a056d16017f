"""How far around a figure its day, weapon and source are looked for.

A line without a full stop may be megabytes long, and an entry may hold thousands of sentences. Looking only so
far keeps the cost of each figure the same however long the report is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tracker.models import Span
from tracker.segment import Sentence

#: How many sentences of an entry are looked at on either side.
REACH = 60
_LONGEST = 4000
#: Figures that stand close together share a part, so that it is read once.
_STEP = 1000


def clipped(sentence: Sentence, figure: Span | None = None) -> Sentence:
    """The sentence itself, or, of a very long one, the part around the figure (its beginning without one).

    ``text == field_text[start:end]`` still holds.
    """
    if len(sentence.text) <= _LONGEST:
        return sentence
    middle = figure.start - sentence.start if figure is not None else 0
    first = max(0, (middle - _LONGEST // 2) // _STEP * _STEP)
    text = sentence.text[first : first + _LONGEST]
    return dataclasses.replace(
        sentence, start=sentence.start + first, end=sentence.start + first + len(text), text=text
    )


def before(sentences: Sequence[Sentence], index: int) -> list[Sentence]:
    """The sentences before ``index``, nearest first."""
    return [clipped(sentence) for sentence in reversed(sentences[max(0, index - REACH) : index])]


def after(sentences: Sequence[Sentence], index: int, reach: int = REACH) -> list[Sentence]:
    """The sentences after ``index``, nearest first."""
    return [clipped(sentence) for sentence in sentences[index + 1 : index + 1 + reach]]
