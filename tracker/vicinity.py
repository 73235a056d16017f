"""How far around a figure its day, weapon and source are looked for.

An entry may hold thousands of sentences. Looking only so far keeps the cost of each figure the same however long
the report is; how long a sentence can be, ``segment`` bounds.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.segment import Sentence

#: How many sentences of an entry are looked at on either side.
REACH = 60


def before(sentences: Sequence[Sentence], index: int) -> list[Sentence]:
    """The sentences before ``index``, nearest first."""
    return list(reversed(sentences[max(0, index - REACH) : index]))


def after(sentences: Sequence[Sentence], index: int, reach: int = REACH) -> list[Sentence]:
    """The sentences after ``index``, nearest first."""
    return list(sentences[index + 1 : index + 1 + reach])
