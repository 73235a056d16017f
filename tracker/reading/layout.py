"""Where the counted phrases of a sentence stand, and what surrounds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.models import Measure
from tracker.reading.glossed import Glossed
from tracker.reading.nouns import Sort
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Frame, Lexeme
from tracker.tokens import Match

_AT_LEAST = frozenset({"another", "least", "most"})
_ASIDES = frozenset({",", "-", "–", "—"})
_NAMED = frozenset({"described", "identified", "known", "named"})
#: End what says who is not counted with those that follow.
_EXCEPTED = frozenset({"besides", "counting", "to"})
_ONLY_MUNITIONS = frozenset({Measure.INTERCEPTED, Measure.SUPPRESSED})


def _without_aside(gap: list[str]) -> list[str]:
    """The words between two figures, without what is told in passing: "— more than ever —", ", a record,"."""
    mark = gap[0]
    if mark not in _ASIDES or mark not in gap[1:]:
        return gap
    return [",", *gap[gap.index(mark, 1) + 1 :]]


class Layout:
    """A line with its phrases; read, never changed.

    ``sort_before`` is the sort that the text counted last, for figures whose noun is left out.
    """

    def __init__(self, line: Glossed, phrases: Sequence[Phrase], sort_before: Sort | None) -> None:
        self.line = line
        self.norms = line.norms
        self.words = line.words
        self.phrases = phrases
        self.sort_before = sort_before
        self.at_first: dict[int, int] = {}
        self.at_last: dict[int, int] = {}
        for k, phrase in enumerate(phrases):
            self.at_first[phrase.first] = self.at_last[phrase.last] = k
        self.predicates = self._outside_phrases()

    def _outside_phrases(self) -> list[Match[Lexeme]]:
        """Predicates outside the counted phrases, none overlapping."""
        found: list[Match[Lexeme]] = []
        phrases = iter(self.phrases)
        phrase = next(phrases, None)
        free = 0  # the first token that neither a phrase nor a predicate holds yet
        for match in filter(None, self.line.lexemes):
            while phrase is not None and phrase.first <= match.start:
                free = max(free, phrase.last)
                phrase = next(phrases, None)
            if match.start >= free:
                found.append(match)
                free = match.end
        return found

    # -- phrases by their place ----------------------------------------------------------------------

    def phrase_after(self, index: int) -> Phrase | None:
        """The phrase right after a verb, over adverbs and "a total of"."""
        while index < self.line.size and index not in self.at_first and self.norms[index] in self.words.before_object:
            if self.norms[index] == "at" and self.norms[index + 1] not in _AT_LEAST:
                return None  # "70 soldiers killed at two positions"
            index += 1
        k = self.at_first.get(index)
        return None if k is None else self.phrases[k]

    def phrase_before(self, index: int) -> Phrase | None:
        """The phrase right before a verb, over adverbs."""
        while index > 0 and index not in self.at_last and self.norms[index - 1] in self.words.adverbs:
            index -= 1
        k = self.at_last.get(index)
        return None if k is None else self.phrases[k]

    def begun_between(self, start: int, end: int) -> Iterator[Phrase]:
        """Phrases whose first token lies in ``tokens[start:end]``."""
        return (phrase for phrase in self.phrases if start <= phrase.first < end)

    def gap(self, start: int, end: int) -> list[str]:
        """The words of ``tokens[start:end]``."""
        return self.line.between(start, end)

    def around(self, phrase: Phrase) -> tuple[str, str]:
        """The words right before and right after a phrase."""
        return self.norms[phrase.first - 1], self.norms[phrase.last]

    def left_over_adverbs(self, index: int) -> str:
        """The first word left of ``index`` that is no adverb."""
        return self.norms[self.line.before(index, self.words.adverbs) - 1]

    def is_oblique(self, phrase: Phrase) -> bool:
        """Whether a preposition stands before a phrase ("in two villages")."""
        if self.norms[phrase.first - 1] == "all" and self.norms[phrase.first - 2] == "in":
            return False  # "In all seven residents were killed"
        index = self.line.before(phrase.first, self.words.oblique_gaps)
        if self.norms[index - 1] == "of" and self.norms[index - 2] in self.words.totals:
            return False  # "a total of 34 people"
        return self.norms[index - 1] in self.words.oblique

    def is_coordinate(self, left: int, right: int) -> bool:
        """Whether only "," and "and" stand between two phrases."""
        a, b = self.phrases[left], self.phrases[right]
        start = a.last
        if self.norms[start] in {"of", "from"}:
            start = self._after_complement(start + 1, min(b.first, a.last + 8))
        gap = self.gap(start, b.first)
        if gap and a.sort is Sort.MUNITION and b.sort is Sort.MUNITION:
            gap = _without_aside(gap)
        return bool(gap) and self.words.list_words.issuperset(gap)

    def _after_complement(self, index: int, limit: int) -> int:
        """The end of a complement: "eleven members of the Sinaloa cartel and three civilians"."""
        words = self.words
        while index < limit:
            norm = self.norms[index]
            if norm not in words.of_names and (norm in words.stops or norm in words.list_words):
                break
            index += 1
        return index

    def is_listed(self, phrase: Phrase) -> bool:
        """Whether a list goes on after a phrase: "a man, a woman and a child"."""
        return self.norms[phrase.last] in {",", "and"} and phrase.last + 1 in self.at_first

    def is_apposition(self, phrase: Phrase) -> bool:
        """Whether "a field commander" only says who a person named before the comma is."""
        norms = self.norms
        if norms[phrase.first - 1] == "as" and norms[phrase.first - 2] in _NAMED and phrase.single:
            return True  # "one identified as a captain"
        if norms[phrase.first - 1] in {"-", "–", "—"} and phrase.single and not phrase.definite:
            before = self.at_last.get(phrase.first - 1)
            return before is not None and self.phrases[before].single  # "another body - a dead man"
        if norms[phrase.first - 1] != ",":
            return False
        if phrase.quantity.text.lower() == "both":
            return True  # "two workers, both Ukrainians, were killed"
        if not phrase.single or phrase.definite or phrase.headless:
            return False
        before = self.at_last.get(phrase.first - 1)
        if before is not None:
            other = self.phrases[before]
            if other.quantity.high == 1 and not other.single and norms[phrase.last] in {",", ".", ";", ""}:
                return not self.is_listed(phrase)  # "one dead, a street vendor, and 14 wounded"
            if norms[other.first - 1] in _EXCEPTED:
                return False  # "in addition to the attacker, a warden was hurt"
            return other.single and norms[phrase.last] != "and" and not self.is_listed(phrase)
        index = phrase.first - 2
        while index >= 0 and self._is_name(index):
            index -= 1
        named = phrase.first - 2 - index >= 2
        return named and norms[index] not in self.words.before_place_names

    def _is_name(self, index: int) -> bool:
        """Whether a token can be part of a person's name."""
        norm = self.norms[index]
        if index == 0 and norm in self.words.prepositions:
            return False  # "In Kherson, a woman was hurt"
        return self.line.is_capital(index) or norm.startswith(("al-", "el-")) or norm in self.words.name_particles

    def is_speaker(self, phrase: Phrase) -> bool:
        """Whether a person is who said it: "a local elder said", "said the priest,"."""
        before, after = self.around(phrase)
        if after in self.words.say:
            return True
        return phrase.single and phrase.definite and before in self.words.say and after in {",", ".", ""}

    # -- what a slot of a predicate says of a phrase -------------------------------------------------

    def understood(self, phrase: Phrase) -> Sort | None:
        """The sort of the noun that a phrase leaves out: the nearest counted before it, else the text's last."""
        before = (p.sort for p in self.phrases if p.first < phrase.first)
        sorts = [sort for sort in before if sort is not None and sort is not Sort.UNKNOWN]
        return sorts[-1] if sorts else self.sort_before

    def measure(self, frame: Frame, phrase: Phrase) -> Measure | None:
        """The measure that a slot of a predicate gives to a phrase of this sort."""
        if not frame:
            return None
        if phrase.sort is Sort.UNKNOWN:
            return frame.get(Sort.PEOPLE)
        if phrase.sort is not None:
            return frame.get(phrase.sort)
        # The noun is left out ("shot down 12"): people, or what the text counted last.
        if Sort.PEOPLE in frame:
            return frame[Sort.PEOPLE]
        understood = self.understood(phrase)
        if understood is None and frame.get(Sort.MUNITION) in _ONLY_MUNITIONS:
            understood = Sort.MUNITION  # nothing but a munition is shot down or jammed
        return None if understood is None else frame.get(understood)
