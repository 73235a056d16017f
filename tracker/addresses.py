"""Addresses: "in Village, District, Region, Country", each part inside the next, known to the gazetteer or not."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from tracker.gazetteer import Gazetteer, PlaceKind
from tracker.mentions import JOINT, PARTICLES, Words
from tracker.offices import office_behind
from tracker.place_terms import SCENE, Role, terms

#: A great city is meant itself where it shares its name with its region: "Greektown, Toronto".
GREAT_CITY = 1_000_000
#: From this size on a town may be listed beside others rather than hold them.
_LARGE_CITY = 100_000
_SMALL_TOWN = 10_000
_LONGEST_PART = 5
_MOST_PARTS = 5
#: As many characters as a bracket with an address has at most.
_BRACKET = 120
_STREETS = frozenset({"ave", "blvd", "rd", "st"})
#: Small words inside a name; "and" parts two, and "of" a body from its place.
_SMALL = PARTICLES - {"a", "and", "as", "at", "i", "of", "on", "the"}
_SIDES = frozenset(
    {"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "outside", "outskirts"}
)
_BESIDE = frozenset({"area", "camp", "refugee"})


class Part(NamedTuple):
    """One part of an address as tokens ``first``..``last``, without the word that says its kind ("district")."""

    first: int
    last: int
    #: The first token behind the part and the word that says its kind.
    end: int


class Address(NamedTuple):
    """The parts of one address, the smallest first; a street or a site may open it and is none of them."""

    parts: tuple[Part, ...]
    #: The token right behind the preposition and its fillers.
    opens: int
    #: Whether the outer parts stand in brackets: "Dogofri (Niono, Segou)".
    bracket: bool


def addresses(words: Words, gazetteer: Gazetteer) -> Iterator[Address]:
    """The addresses of a sentence that a preposition opens and a country or a region closes.

    >>> from tracker.gazetteer import gazetteer
    >>> words = Words("A mine exploded in Zelvany, Qarvosh, Borno, Nigeria on Monday.")
    >>> [[words.tokens[p.first].text for p in found.parts] for found in addresses(words, gazetteer())]
    [['Zelvany', 'Qarvosh', 'Borno', 'Nigeria']]
    """
    if "," not in words.text or _LISTED.search(words.text) is None:
        return
    reader = _Reader(words, gazetteer)
    opening, behind = _opening(), 0
    for k in [k for k, token in enumerate(words.tokens) if token.low in opening]:
        found = reader.read(k) if k >= behind and reader.opens(k) else None
        if found is not None:
            yield found
            behind = found.parts[-1].end


_OPENERS = SCENE | {Role.ORIGIN}
#: A comma between two names, or a name and a bracket: what every address has.
_LISTED = re.compile(r",\s+[^\W\d_a-z]")


@functools.cache
def _opening() -> frozenset[str]:
    """The words that may lead to an address."""
    return frozenset({"of", *(word for word, role in terms().leads.items() if role in _OPENERS)})


class _Reader:
    def __init__(self, words: Words, gazetteer: Gazetteer) -> None:
        self.words = words
        self.gazetteer = gazetteer
        self.terms = terms()

    def opens(self, k: int) -> bool:
        """Whether token ``k`` leads to a place: "in", or the "of" in "southeast of" and "the village of"."""
        if self.words.word(k) == "of":
            return self.words.word(k - 1) in _SIDES or self.words.word(k - 1) in self.terms.kinds
        return self.terms.leads.get(self.words.word(k)) in _OPENERS

    def read(self, lead: int) -> Address | None:
        """The address that the preposition at token ``lead`` opens."""
        words = self.words
        first = lead + 1
        while first < words.size and not words.capital(first) and words.word(first) in self.terms.plain:
            first += 1
        opens, parts = first, []
        part = self._part(first, number=True)
        while part is not None:
            parts.append(part)
            if self._is_country(part) or len(parts) == _MOST_PARTS:
                break
            part = self._part(part.end) if self._parted(part, len(parts)) else None
        return self._closed(parts, opens)

    def _named(self, first: int, last: int) -> bool:
        """Whether tokens ``first`` to ``last`` are a name of their own."""
        key = " ".join(token.key for token in self.words.tokens[first : last + 1])
        return key in self.terms.countries or key in self.gazetteer

    def _parted(self, part: Part, count: int) -> bool:
        """Whether a comma, or the bracket that opens behind the first part, stands behind a part."""
        gap = self.words.gap(part.end).strip()
        return gap == "," or (gap == "(" and count == 1 and self._bracketed(part.end))

    def _bracketed(self, k: int) -> bool:
        """Whether a bracket at token ``k`` holds two parts or more: "(Qandala, Bari)"."""
        closing = self.words.text.find(")", self.words.starts[k], self.words.starts[k] + _BRACKET)
        return "," in self.words.text[self.words.starts[k] : closing] if closing > 0 else False

    def _part(self, first: int, *, number: bool = False) -> Part | None:
        words, k = self.words, first
        if k >= words.size or not (words.capital(k) or (number and words.word(k).isdigit() and words.capital(k + 1))):
            return None
        while k < words.size and k - first < _LONGEST_PART:
            joint = k == first or JOINT.match(words.gap(k)) is not None
            small = words.word(k) in _SMALL and words.capital(k + 1)
            if not joint or not (words.capital(k) or small or k == first):
                break
            if k > first and words.word(k) in self.terms.kinds and not self._named(first, k):
                break  # "Anbar Province", but "United States" and "Dakota City"
            if words.tokens[k].possessive:
                return None
            k += 1
        end = k
        while end < words.size and end - k < 2 and words.gap(end) == " " and self._says_kind(end):
            end += 1
        return Part(first, k - 1, end)

    def _says_kind(self, k: int) -> bool:
        return self.words.word(k) in self.terms.kinds or self.words.word(k) in _BESIDE

    def _closed(self, parts: list[Part], opens: int) -> Address | None:
        """The parts up to the last that can hold the others, None where a list or a single name is all there is."""
        if len(parts) > 1 and self._is_site(parts[0]):
            parts = parts[1:]
        if len(parts) < 2 or any(self._is_country(part) or self._is_common(part) for part in parts[:-1]):
            return None
        if not self._is_country(parts[-1]) and not self._is_region(parts[-1], small=self._is_small(parts[0])):
            return None
        return Address(tuple(parts), opens, self.words.gap(parts[0].end).strip() == "(")

    def _is_site(self, part: Part) -> bool:
        """Whether a first part is a street or a site, which lies in the part behind it: "5035 Hurontario St"."""
        word = self.words.word(part.last)
        if self.words.word(part.first).isdigit():
            return True
        named = word in self.terms.sites or word in self.terms.streets or word in self.terms.features
        return part.last > part.first and (named or word in _STREETS) and self._key(part) not in self.gazetteer

    def _is_common(self, part: Part) -> bool:
        """Whether a part is one word of English or of another kind: a day, a title, "Western"."""
        key = self._key(part)
        return part.first == part.last and (key in self.terms.neighbours or key in self.terms.titles)

    def _is_country(self, part: Part) -> bool:
        acronym = part.first == part.last and self.words.tokens[part.first].text in self.terms.acronyms
        return acronym or self._key(part) in self.terms.countries

    def _is_small(self, part: Part) -> bool:
        """Whether no town of any size bears a name: what follows it is its region, and not the next of a list."""
        key = self._key(part)
        return key not in self.terms.words and all(
            p.is_local and p.population < _SMALL_TOWN for p in self.gazetteer.by_key(key)
        )

    def _is_region(self, part: Part, *, small: bool) -> bool:
        """Whether a part is a region that no list of towns would name, with nothing after it that goes on."""
        words = self.words
        found = self.gazetteer.by_key(self._key(part))
        if not any(p.kind is PlaceKind.ADMIN1 for p in found):
            return False
        if words.word(part.end) in ("and", "or") and words.gap(part.end).strip() in ("", ","):
            return False
        if office_behind(words, part.end):
            return False  # "on Facebook, Kherson regional head Petro Lys"
        if words.text.startswith(")", words.ends[part.end - 1]):
            return True
        said = self.terms.kinds.get(words.word(part.last + 1)) is PlaceKind.ADMIN1 and part.end > part.last + 1
        most = GREAT_CITY if small else _LARGE_CITY
        return said or all(p.kind is not PlaceKind.SETTLEMENT or p.population < most for p in found)

    def _key(self, part: Part) -> str:
        return " ".join(token.key for token in self.words.tokens[part.first : part.last + 1])
