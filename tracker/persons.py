"""People that a report introduces by their full name: their surname later on is no town of that name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.gazetteer import Gazetteer, fold
from tracker.mentions import ARTICLES
from tracker.place_terms import terms

_WORD = r"[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*"
_NAME = rf"(?P<first>{_WORD})(?:\s+(?:[A-Z]\.|{_WORD}|al|bin|da|de|van|von)){{0,3}}\s+(?P<last>{_WORD})"
#: What comes behind a name, and may be its surname.
#: (It begins with a plain set of letters, which a search finds far faster than the classes that are meant.)
_SECOND = re.compile(
    r"[A-Z\u00aa-\U0010ffff](?<=[^\W\d_])[\w'’.-]*\s+(?:(?:al|bin|da|de|van|von)\s+)?(?=([^\W\d_a-z][^\W\d_]+))"
)
#: "Chancellor Anna Weimar", "identified as Juan Lima".
_TITLED = re.compile(
    r"\b(?i:mr|mrs|ms|dr|gen|lt|col|maj|capt|sgt|sen|rep|officer|chancellor|president|minister|governor|mayor|general"
    r"|colonel|major|captain|sergeant|senator|judge|chief|spokesman|spokeswoman|professor|commander"
    rf"|head|identified\s+as|named|opened\s+fire\s+on)\.?\s+{_NAME}"
)
#: "Marielle Franco, a councillor", "Ahmed Homs, 34,": what the comma opens is no word for a place.
_EXPLAINED = re.compile(
    rf"\b{_NAME},\s+(?:aged\s|\d{{1,2}}\b(?!\s*(?:km|miles|kilomet))|who\b|(?:an?|the|his|her)\s+(?P<what>[^,.;]{{3,60}}))"
)
#: "Rosa Franco entered the bank": what a person does.
_ACTING = re.compile(
    rf"(?:\A|[.:;]\s+){_NAME}\s+(?:confessed|drove|entered|fled|pleaded|pointed|posted|said|shouted|surrendered|threw"
    r"|told|took|walked|wrote|yelled)\b",
    re.MULTILINE,
)


def second_names(texts: Iterable[str]) -> frozenset[str]:
    """The folded words that stand behind another with a capital, of which alone a surname can be one.

    >>> sorted(second_names(["They shot at Rosa Franco in Lima."]))
    ['franco']
    """
    return frozenset(fold(name) for text in texts for name in _SECOND.findall(text))


def surnames(texts: Iterable[str], gazetteer: Gazetteer) -> frozenset[str]:
    """The folded surnames of people whom the texts introduce, but those that a preposition makes a place somewhere.

    >>> from tracker.gazetteer import gazetteer
    >>> sorted(surnames(["They shot at Rosa Franco, a lawyer, in Lima. Franco and a guard died."], gazetteer()))
    ['franco']
    """
    whole = "\n".join(texts)
    found = set()
    for pattern in (_TITLED, _EXPLAINED, _ACTING):
        for match in pattern.finditer(whole):
            if _is_person(match, gazetteer):
                found.add(match["last"])
    places = {name for name in found if re.search(rf"\b(?:[Ii]n|[Nn]ear|[Oo]utside)\s+{re.escape(name)}\b", whole)}
    return frozenset(fold(name) for name in found - places)


def _is_person(match: re.Match[str], gazetteer: Gazetteer) -> bool:
    first, last = fold(match["first"]), fold(match["last"])
    known = terms()
    ordinary = known.neighbours | known.kinds.keys() | known.sites | known.features | known.bodies
    if (
        first in ARTICLES
        or first in ordinary
        or last in ordinary
        or first in known.adjectives
        or first in known.countries
    ):
        return False
    if f"{first} {last}" in gazetteer or last in known.countries or last in known.adjectives:
        return False
    what = match.groupdict().get("what") or ""
    return all(word not in known.kinds and word not in known.sites for word in re.findall(r"[a-z]+", what)[:4])
