"""From a figure over its modifiers to the noun that is counted ("46 seriously injured Ukrainian soldiers")."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.models import Group, Quantity
from tracker.reading.glossed import Glossed
from tracker.reading.nouns import Noun, Sort, age_group, is_plural
from tracker.reading.people import aged, refined_group
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.tokens import Match, is_possessive

#: No noun phrase in news has more words before its head.
MAX_MODIFIERS = 9
#: "Nine IDPs": people or things known by their initials.
_ACRONYMS = re.compile(r"[A-Z]{2,5}s\Z")
#: Nouns of these sorts are counted together ("drones and missiles", "women and children").
_JOINT = frozenset({Sort.MUNITION, Sort.BUILDING, Sort.SITE, Sort.PEOPLE})


def headed(
    line: Glossed, first: int, start: int, quantity: Quantity, *, more: bool, total_of: Quantity | None = None
) -> Phrase:
    """The phrase of a quantity that begins at ``first`` and whose noun phrase goes on at ``start``."""
    noun = line.nouns[start] if line.norms[start] not in line.words.more_or_other else None
    if noun is not None and line.lexemes[start] is None and _ends_behind_noun(line, noun.end):
        # Most phrases: the noun follows at once, and nothing of the phrase follows the noun.
        head = noun.end - 1
        said = _counted(line, noun.term, None, start, head, noun.end)
        return Phrase(first, said.last, quantity, said.sort, said.group, head, more=more, total_of=total_of)
    walk = _Walk(line, start, more)
    walk.run()
    if walk.name is not None and not (quantity.high == 1 and walk.name.phrase == "remains"):
        last = walk.index
        who = (Sort.PEOPLE, None, last - 1)
        return Phrase(first, last, quantity, *who, more=walk.more, others=walk.others, name=walk.name)
    walk.take_unknown(one=quantity.low == quantity.high == 1)
    said = walk.result()
    return Phrase(
        *(first, said.last, quantity, said.sort, said.group, walk.head),
        more=walk.more,
        others=walk.others,
        total_of=total_of,
        attribute=walk.attribute,
    )


class _Counted(NamedTuple):
    """The sort and the group of what is counted, and the token after the phrase."""

    sort: Sort | None
    group: Group | None
    last: int


class _Walk:
    """The way over the words behind a figure, and what was met on it."""

    __slots__ = (
        "age",
        "attribute",
        "head",
        "index",
        "last",
        "line",
        "more",
        "name",
        "noun",
        "others",
        "start",
        "unknown",
    )

    def __init__(self, line: Glossed, start: int, more: bool) -> None:
        self.line = line
        self.start = self.index = self.last = start
        self.more = more
        self.others = False
        self.noun: Noun | None = None
        self.head: int | None = None
        self.age: Group | None = None
        self.attribute: Lexeme | None = None
        self.name: Lexeme | None = None
        self.unknown: int | None = None

    def run(self) -> None:
        """Walk until the noun phrase ends."""
        norms = self.line.norms
        limit = min(self.line.size, self.start + MAX_MODIFIERS)
        while self.index < limit and (self.step(norms[self.index]) or self.over_bracket(norms[self.index])):
            pass

    def over_bracket(self, norm: str) -> bool:
        """As in "three INGO (Spanish) staff", "two UN national (Filipino) staff": brackets before the noun."""
        if norm != "(" or (self.noun is not None and (self.noun.plural or self.noun.sort is not Sort.PEOPLE)):
            return False
        norms = self.line.norms
        closed = next((at for at in range(self.index, self.index + MAX_MODIFIERS) if norms[at] in {")", ""}), 0)
        noun = self.line.nouns[closed + 1] if norms[closed] == ")" and closed + 1 < self.line.size else None
        if noun is None or noun.term.sort is not Sort.PEOPLE:
            return False
        self.unknown, self.index = None, closed + 1
        return True

    def step(self, norm: str) -> bool:
        """Go over one word or term; False where the noun phrase ends before or with it."""
        line, index = self.line, self.index
        if self.noun is None:
            if norm in line.words.more_or_other:
                return self.over_more(norm)
        elif norm in line.words.name_links and self.noun.sort is Sort.OTHER and self.is_inside_name(index):
            self.noun = self.head = None  # "Islamic State – West Africa Province militants"
            self.index += 1
            return True
        elif _ends_behind_noun(line, index):
            return False
        age = age_group(norm) if norm.endswith(("old", "olds")) else None
        if age is not None:
            return self.over_age(norm, age)
        taken = self.over_term()
        if taken is not None:
            return taken
        if not self.is_modifier(norm):
            if self.noun is None or not is_possessive(line.texts[index]):
                return self.over_unknown(norm)
            self.noun = self.head = None  # "two of the governor's guards"
        self.index += 1
        return True

    def over_more(self, norm: str) -> bool:
        """As in "two more people", "22 others"."""
        other = norm in {"other", "others"}
        self.others = self.others or other
        self.more = self.more or not other
        self.index += 1
        self.last = self.index
        if norm == "others":
            self.head = self.index - 1
        return norm != "others"

    def over_age(self, norm: str, age: Group) -> bool:
        """As in "two 13-year-old girls", "three 15-year-olds"."""
        self.age = age
        if norm.endswith("olds"):
            self.noun, self.head, self.last = Noun(Sort.PEOPLE, age, plural=True), self.index, self.index + 1
        self.index += 1
        return True

    def over_term(self) -> bool | None:
        """A noun, or a predicate that belongs to the noun phrase; None where the lexicon holds neither."""
        noun, lexeme = self.line.nouns[self.index], self.line.lexemes[self.index]
        if lexeme is not None and (noun is None or lexeme.end >= noun.end):
            taken = self.over_lexeme(lexeme, noun)
            if taken is not None:
                return taken
        if noun is None:
            return None
        if self.noun is not None and self.noun.plural and not noun.term.plural:
            of_staff = self.head is not None and self.line.norms[self.head] == "staff"  # "one staff nurse"
            named = self.head is not None and (of_staff or self.line.is_capital(self.head)) and noun.term.one_person
            if not named:  # as in "one United States soldier"
                return False  # "two missiles strike": the verb, not the noun
        self.noun, self.head, self.last = noun.term, noun.end - 1, noun.end
        self.index = noun.end
        return True

    def over_lexeme(self, lexeme: Match[Lexeme], noun: Match[Noun] | None) -> bool | None:
        """As in "46 injured people", "49 attacking drones", "nine deaths"; None where it is rather a noun."""
        term = lexeme.term
        behind = self.line.lexemes[lexeme.end] if lexeme.end < self.line.size else None
        before_noun = self.line.nouns[lexeme.end] is not None or (behind is not None and bool(behind.term.names))
        if self.noun is None and before_noun and (term.predicative or "ing" in term.forms or term.names):
            if term.predicative:
                self.attribute = term
            self.index = lexeme.end
            return True
        if self.noun is None and term.names and self.is_name(lexeme):
            self.name, self.index = term, lexeme.end
            return False
        return False if noun is None or term.predicative else None

    def is_name(self, lexeme: Match[Lexeme]) -> bool:
        """Whether "dead", "wounded", "deaths" is the noun itself and no verb."""
        norm, words = self.line.norms[lexeme.start], self.line.words
        if self.line.norms[lexeme.end] in words.mere_plans:
            return False  # "three assassination attempts"
        if not lexeme.term.forms or norm in words.nouns_not_verbs:
            return True
        return norm in words.nouns_before_people and self.line.norms[lexeme.end] in {"people", "persons"}

    def is_modifier(self, norm: str) -> bool:
        """Whether a word without a gloss still belongs to what stands before the noun."""
        line, index = self.line, self.index
        singular = self.noun is not None and not self.noun.plural and norm not in line.words.stops
        if singular and carries_on(line, index):
            return True  # "Pakistani Taliban militants", "Ukrainian aerial drones"
        if norm in line.words.quotes and index == self.start:
            return True
        if self.noun is not None:
            return False
        if norm in line.words.name_links and index > self.start and self.is_inside_name(index):
            return True  # "Islamic State – West Africa Province militants", "Patriots for Change rebels"
        return norm in {"and", "or", "/"} and self.unknown is not None and carries_on(line, index + 1)

    def over_unknown(self, norm: str) -> bool:
        """A word that no list holds: perhaps a modifier, perhaps the noun."""
        line = self.line
        adverb = norm in line.words.adverbs
        if norm in line.words.stops or line.is_mark(self.index):
            return False
        if self.noun is not None:
            if norm.endswith(("ing", "ed")) or adverb or line.is_capital(self.index):
                return False
            # An unknown word after a noun ends the phrase, unless it is a plural that carries it on.
            if not norm.endswith("s") or norm.endswith("ss"):
                return False
            self.noun = self.head = None
        if adverb and self.unknown is None:
            return False
        self.unknown = self.index
        self.index += 1
        return True

    def is_inside_name(self, index: int) -> bool:
        """Whether a small word stands inside a capitalised name that a counted noun follows."""
        line = self.line
        if not line.is_capital(index - 1) or not line.is_capital(index + 1):
            return False
        for probe in range(index + 1, min(index + 6, line.size)):
            noun = line.nouns[probe]
            if noun is not None and line.is_lower(probe):
                return noun.term.many_people
            if not line.is_capital(probe) and line.norms[probe] not in line.words.name_links:
                return False
        return False

    def take_unknown(self, *, one: bool) -> None:
        """A noun that no list holds counts where it looks like a plural, or there is ``one`` of it."""
        if self.noun is not None or self.unknown is None:
            return
        if one or is_plural(self.line.norms[self.unknown]) or _ACRONYMS.match(self.line.texts[self.unknown]):
            self.head, self.last = self.unknown, self.unknown + 1

    def result(self) -> _Counted:
        """What is counted."""
        if self.noun is not None:
            return _counted(self.line, self.noun, self.age, self.start, self.head or self.start, self.last)
        if self.head is not None:
            return _Counted(Sort.UNKNOWN, None, self.last)
        return _Counted(None, None, self.last if self.more or self.others else self.start)


def _counted(line: Glossed, noun: Noun, age: Group | None, start: int, head: int, last: int) -> _Counted:
    """What is counted by a noun whose modifiers begin at ``start``."""
    group = None
    if noun.sort is Sort.PEOPLE:
        group = refined_group(line, noun.group, age, start, head, last)
    if noun.sort in _JOINT:
        last = _joint(line, last)
    if group is not None:
        group, last = aged(line, group, last)
    return _Counted(noun.sort, group, last)


def _ends_behind_noun(line: Glossed, index: int) -> bool:
    """Whether a noun phrase ends where its noun does: a predicate, a small word or a mark follows."""
    if line.nouns[index] is not None:
        return False
    if line.lexemes[index] is not None:
        return True
    return (line.norms[index] in line.words.stops or line.is_mark(index)) and not is_possessive(line.texts[index])


def carries_on(line: Glossed, index: int) -> bool:
    """Whether modifiers lead from a token to a noun within a few words."""
    for probe in range(index, min(index + 3, line.size)):
        if line.nouns[probe] is not None:
            return True
        norm = line.norms[probe]
        if (
            norm in line.words.stops
            or line.starts_figure(probe)
            or not line.is_word(probe)
            or (norm.endswith("ing") and "-" not in norm)
        ):
            return False
    return False


def _joint(line: Glossed, last: int) -> int:
    """The token after "drones and missiles", "men, women and children": one figure over several nouns."""
    while line.norms[last] in line.words.joiners:
        noun = _next_noun(line, line.after(last + 1, line.words.joiners))
        if noun is None or not noun.term.plural or noun.term.sort is not _sort_before(line, last):
            return last
        after = line.norms[noun.end]
        says_more = after in line.words.be or after in line.words.say or after == "suffered"
        if says_more and noun.term.sort is Sort.PEOPLE and line.norms[last] == ",":
            return last  # "two men, women were hurt": a clause of its own
        last = noun.end
    return last


def _next_noun(line: Glossed, index: int) -> Match[Noun] | None:
    """The noun that begins within a few modifiers of a token."""
    for probe in range(index, min(index + 4, line.size)):
        noun = line.nouns[probe]
        if noun is not None:
            return noun
        stopped = line.norms[probe] in line.words.stops or not line.is_word(probe)
        if stopped or line.starts_figure(probe) or line.lexemes[probe] is not None:
            return None
    return None


def _sort_before(line: Glossed, index: int) -> Sort | None:
    """The sort of the noun that ends at ``index``."""
    for start in range(max(0, index - 4), index):
        noun = line.nouns[start]
        if noun is not None and noun.end == index:
            return noun.term.sort
    return None
