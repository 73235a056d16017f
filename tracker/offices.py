"""Offices that are named after a place: a region's head means the region, a town's mayor the town."""

from __future__ import annotations

from tracker.mentions import Mention, Words
from tracker.place_terms import terms

#: Words of an office that belong to a region: "the Kyiv regional head", "the Sumy OVA".
_REGIONAL = frozenset({"governor", "governors", "oblast", "oda", "ova", "provincial", "regional", "rma"})
#: What an office is called beside the titles.
_NOUNS = frozenset({"oda", "office", "ova", "prosecutor's", "rma"})
#: What stands between the place and the noun of the office.
_BETWEEN = frozenset(
    {"acting", "city", "civil", "defence", "defense", "deputy", "district", "emergency", "first", "former", "interim"}
    | {"military", "oblast", "people's", "prosecutor's", "provincial", "regional", "state", "vice"}
)
_LONGEST = 5


def office_behind(words: Words, k: int) -> list[str]:
    """The words of the office that begins at token ``k``, empty where there is none.

    >>> office_behind(Words("Kyiv regional military administration"), 1)
    ['regional', 'military', 'administration']
    """
    found: list[str] = []
    length, titles = 0, terms().titles
    for n in range(k, min(k + _LONGEST, words.size)):
        word = words.word(n)
        noun = word in titles or word in _NOUNS
        if not (noun or word in _BETWEEN) or words.gap(n) not in (" ", "-"):
            break
        found.append(word)
        length = len(found) if noun else length
    return found[:length]


def of_region(words: Words, mention: Mention) -> bool:
    """Whether an office beside a place is a region's: "the Kherson governor", "the governor of Kherson"."""
    if not _REGIONAL.isdisjoint(office_behind(words, mention.last + 1)):
        return True
    k = mention.first - 1
    if words.word(k) == "the":
        k -= 1
    return words.word(k) == "of" and words.word(k - 1) in ("governor", "governors")
