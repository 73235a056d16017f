"""Evidence as it may be passed on: a link, and a short quote around the figure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.models import Claim, Field, Report

#: The most words that a quote may have.
MOST_WORDS = 25
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One claim behind a strike: the figure as printed, a short quote around it, and where it stands.

    ``sentence`` is None unless whole sentences were asked for.
    """

    strike_id: str
    claim_id: str
    measure: str
    group: str
    relation: str
    low: int | None
    high: int | None
    figure: str
    quote: str
    sentence: str | None
    source: str | None
    publisher: str | None
    published: str | None
    url: str | None
    citation: str | None
    report_id: str


def short_quote(sentence: str, start: int, end: int, most: int = MOST_WORDS) -> str:
    """At most ``most`` words of a sentence around the characters ``start`` to ``end``, with dots where it is cut.

    >>> short_quote("One two three four five six seven.", 8, 13, most=3)
    '… two three four …'
    >>> short_quote("Nine died.", 0, 4)
    'Nine died.'
    """
    words = [(match.start(), match.end()) for match in _WORD.finditer(sentence)]
    if len(words) <= most:
        return sentence.strip()
    inside = [at for at, (first, last) in enumerate(words) if last > start and first < end] or [0]
    first, last = inside[0], min(inside[-1], inside[0] + most - 1)
    while last - first + 1 < most:  # a word before, a word after, as long as there are any
        if first > 0:
            first -= 1
        if last - first + 1 < most and last < len(words) - 1:
            last += 1
    cut = sentence[words[first][0] : words[last][1]]
    return f"{'… ' if first > 0 else ''}{cut}{' …' if last < len(words) - 1 else ''}"


def sentence_start(claim: Claim, report: Report | None) -> int:
    """Where a claim's sentence starts in its field.

    A sentence may stand in a report twice; the one that holds the figure is meant. Where the report is gone,
    the figure's own words are looked for in the sentence.
    """
    if report is not None:
        field = (report.title or "") if claim.field == Field.TITLE else report.text
        start = field.find(claim.sentence, max(0, claim.end - len(claim.sentence)), claim.start + len(claim.sentence))
        if 0 <= start <= claim.start:
            return start
    return claim.start - max(claim.sentence.find(claim.text), 0)
