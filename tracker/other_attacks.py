"""Figures of another attack than the one whose weapons their sentence tells (codebook 5)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.arms import Hit
from tracker.models import Span
from tracker.wording import contains_any

_KILLED = (
    r"(?:abducted|beheaded|executed|injured|killed|killing|left|lynched|massacred|murdered|slaughtered|wounded)"
    r"\s+(?:(?:about|around|at|least|more|than|nearly|over|some|up|to)\s+){0,3}\Z"
)
#: "The town was bombed after rebels killed twelve": the bombs killed none of them. Not "after it killed twelve".
_AFTER_KILLING = re.compile(
    r"\b(?:[Aa]fter|[Ff]ollowing)\s+(?!(?:it|they|he|she)\b)"
    rf"(?:(?!(?:was|were|is|are|been|had\s+been)\b)[\w’'-]+\s+){{0,6}}?{_KILLED}"
)
#: "Guards shot one of the men who killed twenty".
_WHO_KILLED = re.compile(
    r"\b(?:one\s+of\s+)?(?:the|an?)\s+(?:[\w-]+\s+){1,3}?who\s+(?:(?:allegedly|had|has|have)\s+){0,2}" + _KILLED
)
_HALF = re.compile(r";\s|\b(?:while|whereas)\b|,\s+but\b")
_CUTS = (";", "while", "whereas", ", but")  # what a text holds that :data:`_HALF` divides
#: "At least eight died nationwide" is more than the attack told beside it.
_ELSEWHERE = re.compile(
    r"\b(?:nationwide|countrywide|(?:across|throughout)\s+the\s+(?:country|nation)|in\s+total"
    r"|(?:another|different|other|second|separate)\s+(?:[\w-]+\s+)?(?:attacks?|incidents?|raids?|shootings?|strikes?))\b",
    re.IGNORECASE,
)
_STRIKES_BACK = re.compile(
    r",\s[^,;]{0,60}?\b(?:blasted|bombed|hit|launched|pounded|raided|retaliated|shelled|struck)\b"
)
_LEAD = 110


def of_older(text: str, hits: Sequence[Hit], at: Span) -> list[Hit]:
    """The hits without those that answered the attack of which the figure is.

    >>> from tracker.arms import weapon_hits
    >>> text = "Jets bombed the port after rebels killed 12."
    >>> of_older(text, weapon_hits(text), Span(41, 43))
    []
    """
    for word, pattern in ((("after", "After", "ollowing"), _AFTER_KILLING), (("who",), _WHO_KILLED)):
        if not contains_any(text, word):
            continue
        told = pattern.search(text, max(0, at.start - _LEAD), at.start)
        if told is not None and ";" not in told.group():
            return [hit for hit in hits if hit.end > told.start()]
    return list(hits)


def is_answered(text: str, at: Span) -> bool:
    """Whether an attack told behind the figure answers that of the figure.

    >>> is_answered("Following an ambush which killed 10 men, jets blasted the town.", Span(33, 35))
    True
    """
    if _STRIKES_BACK.search(text, at.end) is None:
        return False
    return _AFTER_KILLING.search(text, max(0, at.start - _LEAD), at.start) is not None


def in_another_half(text: str, hits: Sequence[Hit], at: Span) -> bool:
    """Whether the figure's half of a sentence tells of more, or of other, than the half with the weapons.

    "A missile killed two in Sumy; at least eight died nationwide".
    """
    if not hits or not contains_any(text, _CUTS) or _ELSEWHERE.search(text) is None:
        return False
    cuts = [0, *(cut.start() for cut in _HALF.finditer(text)), len(text)]
    if len(cuts) == 2:
        return False
    first = max(cut for cut in cuts if cut <= at.start)
    last = min(cut for cut in cuts if cut > at.start)
    if any(first <= hit.start < last for hit in hits):
        return False
    return _ELSEWHERE.search(text, first, last) is not None
