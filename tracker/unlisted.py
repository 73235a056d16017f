"""How the surroundings of a capitalised name tell whether it is a place, or only part of a longer name.

The words of a sentence with what its setting says: whether it shouts or is a headline, whether a preposition of place
leads a name, whether another name or a word behind it makes a town of it.
"""

from __future__ import annotations

import functools
import re

from tracker.gazetteer import Gazetteer, PlaceKind
from tracker.mentions import Mention, Words
from tracker.place_terms import SCENE, Role, terms


class Unlisted(Words):
    """The words of one sentence, asked what stands around a name that may be a place's."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        super().__init__(text)
        self.gazetteer = gazetteer
        self.terms = terms()

    @functools.cached_property
    def shouting(self) -> bool:
        """Whether the sentence is set in capitals."""
        if sum(map(len, _LOWER.findall(self.text))) > 0.3 * len(self.text):
            return False  # most sentences, told without a look at every letter
        letters = list(filter(str.isalpha, self.text))
        return sum(map(str.isupper, letters)) > 0.7 * len(letters)

    @functools.cached_property
    def titled(self) -> bool:
        """Whether the sentence is a headline in title case."""
        words = [t for t in self.tokens if len(t.text) > 3 and t.text.isalpha()]
        return sum(t.capital for t in words) > 0.7 * len(words)

    def _glued(self, k: int) -> bool:
        """Whether token ``k`` is a capitalised word that could belong to the same proper name."""
        if not 0 <= k < self.size or not self.tokens[k].capital or self.shouting:
            return False
        word = self.tokens[k]
        if word.key in self.terms.neighbours or word.key in self.terms.adjectives or word.text in self.terms.acronyms:
            return False
        if word.possessive or word.low in self.terms.leads or word.key in self.terms.countries:
            return False
        if word.text.isupper() and 1 < len(word.text) <= 4:
            return False  # "the UN Nuseirat camp"
        # A headline in title case capitalises everything: a verb or an event there is no surname.
        if self.titled and (word.low in self.terms.events or word.low in self.terms.verbs):
            return False
        return k > 0 or word.low not in self.terms.fillers

    def _described(self, k: int) -> bool:
        """Whether token ``k`` says what sort of district it is, instead of "the" or "central"."""
        word = self.word(k)
        return bool(word) and word not in self.terms.fillers and not self.capital(k) and word.isalpha()

    def _lies_elsewhere(self, mention: Mention, k: int) -> bool:
        """Whether "in Known" at token ``k`` names a town that does not lie where ``mention`` does, nor the reverse."""
        if self.word(k) != "in" or not self.capital(k + 1) or mention.hint is not None:
            return False
        towns = self.gazetteer.by_key(self.tokens[k + 1].key)
        if not towns or towns[0].kind is PlaceKind.COUNTRY or self.tokens[k + 1].key in self.terms.countries:
            return False
        return all(p.code != q.code for p in mention.candidates for q in towns)

    def listed_behind(self, k: int) -> bool:
        """Whether "and X," follows, another name that nobody knows: what happened in both belongs to neither."""
        name = self.tokens[k + 1].key if self.word(k) == "and" and self.capital(k + 1) else ""
        if not name or k + 1 in self.owner or name in self.terms.neighbours or name in self.gazetteer:
            return False
        return self.gap(k + 2).strip()[:1] in (",", ".", "") and self.gap(k + 2) != " "

    def _plainly_in(self, i: int, k: int) -> bool:
        """Whether "in X" is all there is: one or two unknown words, and no name of a body after them."""
        struck = self.word(i - 1) == "on" and self.word(i - 2) in self.terms.events
        stands = self.word(i - 1) == "at" and self.word(i - 2) in self.terms.scenery
        return (
            (struck or stands or self.word(i - 1) in ("in", "near"))
            and k - i <= 2
            and not self.tokens[k - 1].possessive
            and not self._glued(k)
            and self.word(k) not in self.terms.offices
            and self.word(k) not in self.terms.sites
        )

    def _led(self, first: int) -> bool:
        k = first - 1
        while k >= 0 and first - k < 6:
            word = self.word(k)
            role = self.terms.leads.get(word)
            if role is not None:
                return role in SCENE or role is Role.ORIGIN
            if k in self.owner or word in self.terms.verbs:
                return True
            of = self.word(k + 1) == "of" and word in self.terms.sites
            if word not in self.terms.fillers and word not in self.terms.kinds and word not in ("and", "or") and not of:
                return False
            k -= 1
        return False

    def _listed(self, i: int, k: int) -> bool:
        """Whether tokens ``i`` to ``k - 1`` stand in a list of places: "in Known, X, and Known"."""
        if i - 1 not in self.owner or self.gap(i).strip() != "," or self.owner[i - 1].adjective:
            return False
        after = k + 1 if self.word(k) in ("and", "or") else k
        gap = self.gap(k).strip()
        separated = gap == "," or after > k
        return (
            separated
            and after < self.size
            and self.tokens[after].capital
            and (self.tokens[after].key in self.gazetteer)
        )

    def _introduced(self, k: int) -> bool:
        """Whether ", a quiet village ..." follows token ``k - 1``."""
        if self.gap(k).strip() != "," or self.word(k) not in ("a", "an"):
            return False
        for n in range(k + 1, min(k + 5, self.size)):
            if self.gap(n) not in (" ", "-"):
                return False
            if self.terms.kinds.get(self.word(n)) is PlaceKind.SETTLEMENT:
                return self.word(n + 1) not in ("council", "hall")
        return False

    def _followed_by_anchor(self, k: int) -> bool:
        """Whether ", north of Known" or " outside Known" follows token ``k - 1``."""
        if self.gap(k).strip(" ,") or (self.word(k) in self.terms.leads and self.word(k) not in _ANCHORS):
            return False
        for n in range(k, min(k + 8, self.size)):
            if self.capital(n):
                return self.tokens[n].key in self.gazetteer and self.gap(n) == " " and self.word(n - 1) in _ANCHORS
            if n > k and self.gap(n) not in (" ", "-"):
                return False
        return False

    def _followed_by_container(self, k: int) -> bool:
        """Whether ", Somalia" or " in the Sahel" or "district, Mogadishu" follows token ``k - 1``."""
        if k >= self.size:
            return False
        if self.word(k) in self.terms.kinds:
            k += 1
        gap = self.gap(k).strip() if k < self.size else ""
        steps = 0
        while k < self.size and steps < 4 and self.word(k) in self.terms.plain:
            gap = gap or self.word(k)
            k += 1
            steps += 1
        if k >= self.size or gap not in (",", "in", "(") or not self.tokens[k].capital:
            return False
        for length in (3, 2, 1):
            key = " ".join(t.key for t in self.tokens[k : k + length])
            if key in self.terms.countries or (length == 1 and self.tokens[k].text in self.terms.acronyms):
                return True
            found = self.gazetteer.by_key(key)
            if any(p.kind in (PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.COUNTRY) for p in found):
                return True
            if found and found[0].population > 50_000 and key not in self.terms.words:
                return True
        return False


_LOWER = re.compile(r"[a-z]+")
#: What stands before the town that tells where an unknown one lies.
_ANCHORS = frozenset({"near", "of", "outside", "from", "to", "off"})
