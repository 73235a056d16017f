"""Sentence → counted phrases: how many of whom or what.

A phrase is a quantity with its noun ("at least 46 people", "64 of 145 drones"), or one unnamed person or
munition behind an article ("a woman", "the other pilot", "an 11-year-old"). What the figure *says* of them
is not decided here (see ``counts``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tracker.lexicon import read_toml
from tracker.models import Group, Quantity, Span
from tracker.numbers import Found, find_quantities
from tracker.numbers import terms as number_terms
from tracker.predicates import Lexeme, lexemes
from tracker.tokens import PhraseBook, Token

#: No noun phrase in news has more words before its head.
_MAX_MODIFIERS = 9

PEOPLE, MUNITION, BUILDING, SITE, FIRE, HOUSEHOLD, OTHER = (
    "people", "munition", "building", "site", "fire", "household", "none",
)


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun that can be counted: its kind, its group where it is people, and whether it is plural."""

    kind: str
    group: Group
    plural: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A counted phrase over ``tokens[first:last]``.

    ``kind`` is None where the noun is unknown or left out; ``group`` None where no noun says who.
    """

    first: int
    last: int
    quantity: Quantity
    kind: str | None
    group: Group | None
    head: int | None
    single: bool = False
    definite: bool = False
    more: bool = False
    ordinal: bool = False
    of_known: bool = False
    others: bool = False
    of_them: bool = False
    partitive: Lexeme | None = None
    total_of: Quantity | None = None
    attribute: Lexeme | None = None
    name: Lexeme | None = None
    zero: bool = False
    parts: tuple[Phrase, ...] = ()

    @property
    def headless(self) -> bool:
        """Whether the noun is left out ("killing three and wounding five")."""
        return self.head is None


@dataclass(frozen=True, slots=True)
class Words:
    """The closed classes of ``data/en/grammar.toml``."""

    adverbs: frozenset[str]
    be: frozenset[str]
    have: frozenset[str]
    link: frozenset[str]
    modals: frozenset[str]
    negation: frozenset[str]
    intentions: frozenset[str]
    realised: frozenset[str]
    openers: frozenset[str]
    prepositions: frozenset[str]
    stops: frozenset[str]
    indefinite: frozenset[str]
    definite: frozenset[str]
    more: frozenset[str]
    severity: frozenset[str]
    conditions: PhraseBook[str]
    subset: PhraseBook[str]
    change: frozenset[str]
    spoilers: PhraseBook[str]
    locations: frozenset[str]
    rescue: frozenset[str]
    say: frozenset[str]
    raw: Mapping[str, Any] = field(hash=False, compare=False)


@functools.cache
def words(language: str = "en") -> Words:
    """Load the closed classes of a language."""
    data = read_toml(f"{language}/grammar.toml")

    def terms(table: str, key: str = "terms") -> frozenset[str]:
        return frozenset(data[table][key])

    return Words(
        adverbs=terms("adverbs"),
        be=terms("auxiliaries", "be"),
        have=terms("auxiliaries", "have"),
        link=terms("auxiliaries", "link"),
        modals=terms("modals"),
        negation=terms("negation"),
        intentions=terms("intentions"),
        realised=terms("intentions", "realised"),
        openers=terms("openers"),
        prepositions=terms("prepositions"),
        stops=terms("stops") | terms("prepositions"),
        indefinite=terms("determiners", "indefinite"),
        definite=terms("determiners", "definite"),
        more=terms("determiners", "more"),
        severity=terms("severity"),
        conditions=PhraseBook((term, term) for term in data["severity"]["conditions"]),
        subset=PhraseBook((term, term) for term in data["subset"]["strong"]),
        change=terms("change", "to"),
        spoilers=PhraseBook((term, term) for term in data["spoilers"]["terms"]),
        locations=terms("sites"),
        rescue=terms("sites", "rescue"),
        say=terms("say"),
        raw=data,
    )


def plural_of(noun: str) -> str:
    """The regular plural of a noun or of the last word of a term.

    >>> plural_of("militiaman"), plural_of("emergency body"), plural_of("guess"), plural_of("drone")
    ('militiamen', 'emergency bodies', 'guesses', 'drones')
    """
    if noun.endswith("man") and not noun.endswith(("human", "german", "roman", "ottoman")):
        return noun[:-3] + "men"
    if noun.endswith("y") and noun[-2:-1] not in set("aeiou"):
        return noun[:-1] + "ies"
    if noun.endswith(("s", "x", "ch", "sh", "z")):
        return noun + "es"
    return noun + "s"


@functools.cache
def noun_book(language: str = "en") -> PhraseBook[Noun]:
    """Every noun of ``people.toml`` and ``things.toml`` in the singular and the plural."""
    entries: dict[str, Noun] = {}
    rows = [(row, PEOPLE, Group(row["group"])) for row in read_toml(f"{language}/people.toml")["nouns"]]
    rows += [(row, row["kind"], Group.ALL) for row in read_toml(f"{language}/things.toml")["nouns"]]
    for row in read_toml(f"{language}/weapons.toml")["weapons"]:
        if "model" in row and row["class"] in {"drone", "missile", "rocket", "bomb"}:
            for name in (row["term"].lower(), *map(str.lower, row.get("also", ()))):
                entries[name] = Noun(MUNITION, Group.ALL, plural=False)
                entries[plural_of(name)] = Noun(MUNITION, Group.ALL, plural=True)
    for row, kind, group in reversed(rows):
        irregular = row.get("many", {})
        for one in row["one"]:
            entries[one] = Noun(kind, group, plural=False)
            for many in irregular.get(one, [plural_of(one)]):
                entries[many] = Noun(kind, group, plural=True)
        for many in row.get("extra", ()):
            entries[many] = Noun(kind, group, plural=True)
    return PhraseBook(entries.items())


@functools.cache
def member_words(language: str = "en") -> tuple[frozenset[str], tuple[tuple[Group, frozenset[str]], ...]]:
    """Words such as "members", and the words near them that say of what."""
    table = read_toml(f"{language}/people.toml")["members"]
    groups = tuple(
        (group, frozenset(table[group.value]))
        for group in (Group.FIGHTERS, Group.POLICE, Group.RESCUERS, Group.MEDICS, Group.SOLDIERS)
    )
    return frozenset(table["terms"]), groups


_AGE = re.compile(r"(?P<age>\d{1,3}|[a-z]+(?:-[a-z]+)?)[- ](?P<unit>years?|months?|weeks?|days?)-old(?P<many>s?)\Z")
_WORD_AGES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_WORD_AGES |= {"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17}


def age_group(norm: str) -> Group | None:
    """The group that an age in words or digits gives, or None where the token is no age.

    >>> age_group("11-year-old"), age_group("52-year-old"), age_group("six-month-old"), age_group("kn-23")
    (<Group.CHILDREN: 'children'>, <Group.ALL: 'all'>, <Group.CHILDREN: 'children'>, None)
    """
    match = _AGE.match(norm)
    if match is None:
        return None
    if not match["unit"].startswith("year"):
        return Group.CHILDREN
    age = int(match["age"]) if match["age"].isdigit() else _WORD_AGES.get(match["age"], 18)
    return Group.CHILDREN if age < 18 else Group.ALL


class PhraseReader:
    """Finds the counted phrases of one sentence."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.words = words()
        self.nouns = noun_book()
        self.lexemes = lexemes()
        self.ordinals = number_terms().ordinals

    def norm(self, index: int) -> str:
        """The token's norm, or an empty string outside the sentence."""
        return self.tokens[index].norm if 0 <= index < len(self.tokens) else ""

    def read(self) -> list[Phrase]:
        """All phrases from left to right, none overlapping."""
        numbered: list[Phrase] = []
        found = find_quantities(self.tokens, self.text)
        inside = {f.first: f for f in found}
        skip_to = 0
        for index, item in enumerate(found):
            if item.first < skip_to:
                continue
            following = found[index + 1] if index + 1 < len(found) else None
            phrase = self.numbered(item, following, inside)
            if phrase is not None:
                numbered.append(phrase)
                skip_to = phrase.last
        taken = [False] * (len(self.tokens) + 1)
        for phrase in numbered:
            for k in range(phrase.first, phrase.last):
                taken[k] = True
        phrases = numbered + list(self.singles(taken))
        phrases.sort(key=lambda phrase: phrase.first)
        return phrases

    # -- 1. a figure and its noun --------------------------------------------------------------------

    def numbered(self, item: Found, following: Found | None, inside: Mapping[int, Found]) -> Phrase | None:
        """"at least 46 people", "54 out of 69 missiles", "two of them", "a family of four", "46"."""
        quantity, first, end = item.quantity, item.first, item.last
        norm = self.norm(end)
        more = self.norm(first - 1) in self.words.more - {"other"} or self.norm(end) in {"more", "additional", "further"}
        more = more or any(self.norm(k) in {"another", "further", "additional"} for k in range(first, end))
        # 1a. "another one", "no one", "one another", "one day": not figures.
        if quantity.text.lower() == "one" and norm != "of" and (
            norm in {"another", "day", "side", "hand", "thing", "way", "such", "that", "who", "'s"}
            or self.norm(first - 1) in {"no", "any", "every", "this", "that", "which", "the", "each", "day", "number", "than", "old", "new", "only"}
        ):
            if not (self.norm(first - 1) == "the" and norm in {"person", "civilian"}):
                return None
        if quantity.text.lower() == "both" and self.both_and(end):
            return None  # "both protesters and police": no figure
        # 1b. "a family of four".
        if self.norm(first - 1) == "of" and self.norm(first - 2) in {"family", "couple"} and norm != "of":
            start = first - 3 if self.norm(first - 3) in self.words.indefinite | self.words.definite else first - 2
            char = self.tokens[start].start
            widened = replace(quantity, text=self.text[char : quantity.span.end], span=Span(char, quantity.span.end))
            return Phrase(start, end, widened, PEOPLE, Group.ALL, end - 1)
        # 1c. "N of M", "N out of M", "two of them", "three of the wounded".
        total_of: Quantity | None = None
        partitive: Lexeme | None = None
        of_them = False
        if norm == "out" and self.norm(end + 1) == "of":
            end += 1
            norm = "of"
        if norm == "of":
            start = end + 1
            while self.norm(start) in self.words.definite | {"these", "those", "all", "some"}:
                start += 1
            if self.norm(start - 1) in {"these", "those"} and self.norm(start) in self.words.stops | {"", ","}:
                of_them, end = True, start
            elif self.norm(start) in {"them", "whom", "which"}:
                of_them, end = True, start + 1
            elif start in inside and inside[start].first == start:
                total_of, end = inside[start].quantity, inside[start].last
            elif following is not None and following.first == start:
                total_of, end = following.quantity, following.last
            else:
                lexeme = self.lexemes.at(self.tokens, start) if start < len(self.tokens) else None
                if lexeme is not None and (lexeme.term.names or "part" in lexeme.term.forms) and self.nouns.at(self.tokens, lexeme.end if lexeme.end < len(self.tokens) else start) is None:
                    partitive, end = lexeme.term, lexeme.end
                else:
                    end = start
            if of_them and quantity.low == 1 and self.norm(end) in self.words.indefinite:
                return None  # "one of them a 71-year-old woman": the person is the figure
            if of_them or partitive is not None:
                group = self.said_group(end)
                return Phrase(first, end, quantity, None, group, None, more=more, of_them=of_them, partitive=partitive)
            if self.norm(end) in {"a", "one"} and self.norm(end + 1) in {"family", "couple"} | {"single"}:
                return Phrase(first, end + 2, quantity, PEOPLE, Group.ALL, end + 1, more=more)
        phrase = self.headed(first, end, quantity, more, total_of)
        if norm == "of" and self.norm(item.last + 1) == "the" and total_of is None and quantity.vague is None:
            phrase = replace(phrase, of_known=True)
        if phrase.headless and phrase.quantity.low is not None and phrase.group is None:
            phrase = replace(phrase, group=self.said_group(phrase.last, copula=True))
        return phrase

    def both_and(self, index: int) -> bool:
        """Whether "both" only pairs two nouns."""
        for probe in range(index, min(index + 5, len(self.tokens))):
            if self.norm(probe) == "and":
                return True
            if self.norm(probe) in self.words.stops or not self.tokens[probe].text[:1].isalpha():
                return False
        return False

    def said_group(self, index: int, *, copula: bool = False) -> Group | None:
        """The group that a noun after a figure gives: "three of them women", "nine were children"."""
        seen = False
        while self.norm(index) in self.words.be or (seen and self.norm(index) in self.words.adverbs | {"reported", "to"}):
            seen = True
            index += 1
        if index >= len(self.tokens) or (copula and not seen):
            return None
        match = self.nouns.at(self.tokens, index)
        if match is None or match.term.kind != PEOPLE or match.term.group is Group.ALL or not match.term.plural:
            return None
        return match.term.group

    def headed(self, first: int, end: int, quantity: Quantity, more: bool, total_of: Quantity | None) -> Phrase:
        """Walk over modifiers to the noun that is counted."""
        index = end
        head: int | None = None
        noun: Noun | None = None
        attribute: Lexeme | None = None
        name: Lexeme | None = None
        others = False
        age: Group | None = None
        unknown: int | None = None
        last = end
        while index < len(self.tokens) and index - end < _MAX_MODIFIERS:
            token = self.tokens[index]
            norm = token.norm
            if norm in {"more", "additional", "further", "other", "others", "extra"} and noun is None:
                more = more or norm in {"more", "additional", "further", "extra"}
                others = others or norm in {"other", "others"}
                index += 1
                last = index
                if norm == "others":
                    head = index - 1
                    break
                continue
            found_age = age_group(norm)
            if found_age is not None:
                age = found_age
                if norm.endswith("olds"):
                    noun, head, last = Noun(PEOPLE, found_age, plural=True), index, index + 1
                index += 1
                continue
            match = self.nouns.at(self.tokens, index)
            lexeme = self.lexemes.at(self.tokens, index)
            if lexeme is not None and (match is None or lexeme.end >= match.end):
                term = lexeme.term
                after = self.nouns.at(self.tokens, lexeme.end) if lexeme.end < len(self.tokens) else None
                if after is not None and ("part" in term.forms or "ing" in term.forms or term.states or term.names) and noun is None:
                    # "46 injured people", "49 attacking drones": a participle before its noun.
                    if "part" in term.forms or term.states:
                        attribute = term
                    index = lexeme.end
                    continue
                if term.names and noun is None and self.is_name(index, lexeme.end, term):
                    return Phrase(first, lexeme.end, quantity, PEOPLE, None, lexeme.end - 1, more=more, others=others, name=term)
                if match is None or "part" in term.forms or term.states:
                    break
            if match is not None:
                if noun is not None and noun.plural and not match.term.plural:
                    break  # "two missiles strike": the verb, not the noun
                noun, head, last = match.term, match.end - 1, match.end
                index = match.end
                continue
            if noun is not None and not noun.plural and norm not in self.words.stops and self.carries_on(index):
                index += 1  # "Pakistani Taliban militants", "Ukrainian aerial drones"
                continue
            if norm in _QUOTES and index == end:
                index += 1
                continue
            if token.possessive and noun is not None:
                noun = head = None
                index += 1
                continue
            if noun is None and norm in _NAME_LINKS and index > end and self.inside_name(index):
                index += 1  # "Islamic State – West Africa Province militants", "Patriots for Change rebels"
                continue
            if norm in {"and", "or", "/"} and noun is None and unknown is not None and self.carries_on(index + 1):
                index += 1
                continue
            if norm in self.words.stops or not token.text[:1].isalnum():
                break
            if noun is not None and (norm.endswith(("ing", "ed")) or norm in self.words.adverbs or token.text[:1].isupper()):
                break
            if noun is not None:
                # An unknown word after a noun ends the phrase, unless it is a plural that carries it on.
                if not (norm.endswith("s") and not norm.endswith("ss")):
                    break
                noun, head = None, None
            if norm in self.words.adverbs and unknown is None:
                break
            unknown = index
            index += 1
        if noun is None and unknown is not None and (norm_is_plural(self.norm(unknown)) or quantity.low == quantity.high == 1):
            head, last = unknown, unknown + 1
        kind = noun.kind if noun else (None if head is None else "unknown")
        group = noun.group if noun and noun.kind == PEOPLE else None
        if noun is not None and noun.kind == PEOPLE:
            group, last = self.refined(noun, age, end, head or end, last)
        if kind in {MUNITION, BUILDING, SITE, PEOPLE}:
            last = self.joint(last)
        elif head is None:
            last = end if not (more or others) else last
        if kind == PEOPLE and head is not None:
            aged = self.ages(last)
            if aged is not None:
                last, oldest = aged
                group = Group.CHILDREN if oldest < 18 and group in _DEMOGRAPHIC else group
        return Phrase(
            first, max(last, end), quantity, kind, group, head,
            more=more, others=others, total_of=total_of, attribute=attribute, name=name,
        )

    def ages(self, index: int) -> tuple[int, int] | None:
        """Ages after a noun (", 6,", "aged 4 and 6", "of 8 and 12"): the token after them and the highest."""
        start = index
        norm = self.norm(index)
        comma = norm == ","
        if comma:
            index += 1
            norm = self.norm(index)
        marked = norm in {"aged", "ages"}
        if marked or (norm == "of" and not comma):
            index += 1
        elif not comma:
            return None
        ages: list[int] = []
        while index < len(self.tokens):
            norm = self.norm(index)
            age = int(norm) if norm.isdigit() and len(norm) <= 2 else number_terms().words.get(norm)
            if age is not None and not (ages and not marked and self.norm(index - 1) not in {"and", ","}):
                ages.append(age)
            elif not (marked and norm in {"between", "from", "to", "-"} or norm in {"and", ","} and ages):
                break
            index += 1
        while self.norm(index - 1) in {"and"}:
            index -= 1
        if not ages or index == start:
            return None
        after = self.norm(index)
        closed = self.norm(index - 1) == ","
        if not marked and comma and not closed and (len(ages) != 1 or after not in {"", "."}):
            return None
        if not marked and not comma and (self.nouns.at(self.tokens, index) is not None if index < len(self.tokens) else False):
            return None
        if closed and not (comma or marked):
            index -= 1
        if closed and len(ages) > 1 and not (comma and marked):
            index -= 1
        return index, max(ages)

    def carries_on(self, index: int) -> bool:
        """Whether modifiers go on after "and" to a shared noun ("ballistic and cruise missiles")."""
        for probe in range(index, min(index + 3, len(self.tokens))):
            if self.nouns.at(self.tokens, probe) is not None:
                return True
            norm = self.norm(probe)
            if norm in self.words.stops or self.is_number(probe) or not self.tokens[probe].text[:1].isalpha() or norm.endswith("ing"):
                return False
        return False

    def inside_name(self, index: int) -> bool:
        """Whether a small word stands inside a capitalised name that a counted noun follows."""
        if not self.tokens[index - 1].text[:1].isupper() or index + 1 >= len(self.tokens) or not self.tokens[index + 1].text[:1].isupper():
            return False
        for probe in range(index + 1, min(index + 6, len(self.tokens))):
            match = self.nouns.at(self.tokens, probe)
            if match is not None and self.tokens[probe].text[:1].islower():
                return match.term.kind == PEOPLE and match.term.plural
            if not (self.tokens[probe].text[:1].isupper() or self.norm(probe) in _NAME_LINKS):
                return False
        return False

    def is_name(self, index: int, end: int, term: Lexeme) -> bool:
        """Whether "dead", "wounded", "deaths" is the noun itself: nothing it could be a verb of follows."""
        norm = self.norm(index)
        if not term.forms:
            return True
        if norm in {"martyrs", "hurts"}:
            return True
        return norm in {"wounded", "injured", "dead", "killed"} and self.norm(end) in {"people", "persons"}

    def refined(self, noun: Noun, age: Group | None, start: int, head: int, last: int) -> tuple[Group, int]:
        """Ages, sexes and memberships around a neutral noun."""
        group = noun.group
        modifiers = {self.norm(k) for k in range(start, head)}
        if age is Group.CHILDREN and group in _DEMOGRAPHIC:
            return Group.CHILDREN, last
        members, groups = member_words()
        if self.norm(head) in members or (group is Group.ALL and self.norm(head) in {"men", "people"}):
            around = modifiers | self.complement(last)
            family = {"family", "families", "household", "staff", "parliament", "congregation", "public", "community"}
            if not around & family or (self.norm(head) in {"members"} and around & {"cartel", "gang"}):
                for candidate, cues in groups:
                    if around & cues:
                        return candidate, last
        if group is Group.ALL and "elderly" in modifiers:
            return Group.ELDERLY, last
        if group is Group.ALL and "civilian" in modifiers:
            return Group.CIVILIANS, last
        if group is Group.FIGHTERS and self.norm(head) == "gunmen" and self.norm(start - 2) in {"all", "both", "the"}:
            return Group.PERPETRATORS, last
        if group in {Group.WOMEN, Group.MEN} and "young" in modifiers and self.norm(head) in {"girls", "boys"}:
            return Group.CHILDREN, last
        return group, last

    def complement(self, index: int) -> set[str]:
        """The words of what members are "of": up to the next verb, mark or other preposition."""
        found: set[str] = set()
        if self.norm(index) not in {"of", "from"}:
            return found
        for probe in range(index + 1, min(index + 9, len(self.tokens))):
            norm = self.norm(probe)
            if norm in {"of", "the", "its", "his", "their", "a", "an", "s"}:
                continue
            if norm in self.words.stops or not self.tokens[probe].text[:1].isalnum():
                break
            found.add(norm)
        return found

    def joint(self, last: int) -> int:
        """"drones and missiles", "men, women and children": one figure over several nouns."""
        index = last
        while True:
            step = index
            while self.norm(step) in {",", "and", "or", "&"}:
                step += 1
            if step == index or step >= len(self.tokens):
                return index
            probe = step
            limit = step + 4
            while probe < min(limit, len(self.tokens)):
                match = self.nouns.at(self.tokens, probe)
                if match is not None:
                    break
                norm = self.norm(probe)
                if norm in self.words.stops or not self.tokens[probe].text[:1].isalpha() or self.is_number(probe) or self.lexemes.at(self.tokens, probe):
                    return index
                probe += 1
            else:
                return index
            if match is None or not match.term.plural or (match.term.kind != self.kind_before(index)):
                return index
            after = self.norm(match.end)
            if match.term.kind == PEOPLE and after in self.words.be | {"suffered"} and self.norm(index) == ",":
                return index
            index = match.end

    def kind_before(self, index: int) -> str:
        """The kind of the noun that ends at ``index``."""
        for start in range(max(0, index - 4), index):
            match = self.nouns.at(self.tokens, start)
            if match is not None and match.end == index:
                return match.term.kind
        return ""

    def is_number(self, index: int) -> bool:
        """Whether a token begins a figure of its own."""
        norm = self.norm(index)
        return norm[:1].isdigit() or norm in number_terms().words or norm in number_terms().vague

    # -- 2. one unnamed person or munition -----------------------------------------------------------

    def singles(self, taken: Sequence[bool]) -> Iterator[Phrase]:
        """"a woman", "the other pilot", "another", "his wife", "an 11-year-old", "a Shahed drone"."""
        index = 0
        while index < len(self.tokens):
            phrase = None if taken[index] else self.single(index, taken)
            if phrase is None:
                index += 1
            else:
                yield phrase
                index = phrase.last

    def single(self, index: int, taken: Sequence[bool]) -> Phrase | None:
        """One person or munition whose article stands at ``index``."""
        norm = self.norm(index)
        indefinite = norm in self.words.indefinite or norm == "another"
        definite = norm in self.words.definite
        if not indefinite and not definite:
            return self.bare(index)
        start = index + 1
        more = norm == "another"
        others = ordinal = False
        if definite and _ORDINAL.match(self.norm(start)):
            return None  # "the 12th journalist killed this year": a rank, not a figure
        if norm in {"a", "the"} and self.norm(start) in self.ordinals:
            # "a third person has died", "a fifth succumbed"
            ordinal = more = True
            start += 1
            if self.ends_phrase(start) and self.norm(start) != "of" and norm == "a" and self.says_so(start):
                return replace(self.person(index, start, index, None, Group.ALL, definite=False, more=True, headless=True), ordinal=True)
        if self.norm(start) in _BODIES and self.ends_phrase(start + 1):
            # "a body", "a third fatality": one dead
            name = self.lexemes.at(self.tokens, start)
            if name is not None:
                body = self.person(index, start + 1, start, PEOPLE, Group.ALL, definite=definite, more=more)
                return replace(body, group=None, name=name.term, ordinal=ordinal)
        if self.norm(start) in self.words.more:
            others = self.norm(start) == "other"
            more = more or not others
            start += 1
        if start < len(self.tokens) and taken[start]:
            return None  # "another 63"
        if norm == "another" and (start >= len(self.tokens) or self.norm(start) in self.words.stops or not self.tokens[start].text[:1].isalpha() or self.participle(start)):
            return self.person(index, start, index, None, Group.ALL, definite=False, more=True, headless=True)
        walk = start
        age: Group | None = None
        noun: Noun | None = None
        attribute: Lexeme | None = None
        head = -1
        while walk < len(self.tokens) and walk - start < _MAX_MODIFIERS and not taken[walk]:
            token = self.tokens[walk]
            found_age = age_group(token.norm)
            if found_age is not None:
                age = found_age
                if self.ends_phrase(walk + 1):
                    noun, head = Noun(PEOPLE, found_age, plural=False), walk
                    walk += 1
                    break
                walk += 1
                continue
            match = self.nouns.at(self.tokens, walk)
            if match is not None:
                noun, head = match.term, match.end - 1
                walk = match.end
                if self.tokens[head].possessive:
                    noun = None
                continue
            lexeme = self.lexemes.at(self.tokens, walk)
            if lexeme is not None and noun is None and lexeme.end < len(self.tokens) and ("part" in lexeme.term.forms or lexeme.term.states):
                after = self.nouns.at(self.tokens, lexeme.end)
                if after is not None and after.term.kind == PEOPLE and not after.term.plural:
                    attribute = lexeme.term  # "a wounded guard", "a dead man"
                    walk = lexeme.end
                    continue
            if self.ends_phrase(walk):
                break
            if noun is not None and not self.carries_on(walk):
                break
            if token.norm in self.words.adverbs and not token.norm.endswith("ly"):
                break
            walk += 1
        if noun is None or head < 0 or noun.plural or noun.kind not in {PEOPLE, MUNITION}:
            return None
        if noun.kind == MUNITION:
            return None if definite or norm == "another" else self.person(index, head + 1, head, MUNITION, None, definite=False, more=more)
        follows = self.norm(walk)
        if walk < len(self.tokens) and head == walk - 1:
            nextword = self.tokens[walk]
            # A name after the noun makes it a named person ("the mayor Ivan Petrenko"), a noun makes it a modifier.
            if nextword.text[:1].isupper() and nextword.text[:1].isalpha() and definite:
                return None
            if nextword.text[:1].isupper() and follows not in self.words.stops and nextword.text[:1].isalpha() and not indefinite:
                return None
            if not self.ends_phrase(walk) and not follows.endswith(("ing", "ed", "s", "ly")) and follows not in self.words.adverbs and nextword.text[:1].islower() and follows.isalpha() and follows not in _AFTER_PERSON:
                return None
        group, _ = self.refined(noun, age, start, head, head + 1)
        last = head + 1
        aged = self.ages(last)
        if aged is not None:
            last, years = aged
            group = Group.CHILDREN if years < 18 and group in _DEMOGRAPHIC else group
        if group is Group.FIGHTERS and definite and self.norm(head) in {"gunman", "armed man"}:
            group = Group.PERPETRATORS
        person = self.person(index, head + 1, head, PEOPLE, group, definite=definite, more=more, others=others)
        return replace(person, last=last, attribute=attribute, ordinal=ordinal)

    def says_so(self, index: int) -> bool:
        """Whether a verb of its own follows an ordinal ("a fifth succumbed"), not the noun it counts ("a second strike")."""
        if self.norm(index) in self.words.be | self.words.have | self.words.adverbs:
            return True
        match = self.lexemes.at(self.tokens, index)
        return match is not None and not match.term.wave and bool(match.term.forms & {"past", "third"})

    def bare(self, index: int) -> Phrase | None:
        """Headline style, without an article: "Woman, two children killed", "Kharkiv: child among five killed"."""
        if index > 0 and self.norm(index - 1) not in {":", "|"} | _QUOTES:
            return None
        match = self.nouns.at(self.tokens, index)
        walk = index
        if match is None and self.tokens[index].text[:1].isupper() and index + 1 < len(self.tokens) and age_group(self.norm(index)) is not None:
            walk = index + 1
            match = self.nouns.at(self.tokens, walk)
        if match is None or match.term.plural or match.term.kind != PEOPLE or self.norm(index) in {"police", "one"}:
            return None
        last = match.end
        group, _ = self.refined(match.term, age_group(self.norm(index)), index, last - 1, last)
        aged = self.ages(last)
        if aged is not None:
            last, years = aged
            group = Group.CHILDREN if years < 18 and group in _DEMOGRAPHIC else group
        follows = self.lexemes.at(self.tokens, last) if last < len(self.tokens) else None
        said = follows is not None and (bool(follows.term.forms & {"part", "third"}) or bool(follows.term.states)) and follows.term.people is not None
        if not (said or self.norm(last) in {"among", "and", ","} and self.tokens[index].text[:1].isupper() or self.norm(last) == "among"):
            return None
        return replace(self.person(index, match.end, match.end - 1, PEOPLE, group, definite=False, more=False), last=last)

    def participle(self, index: int) -> bool:
        """Whether a predicate's participle begins here ("another injured")."""
        match = self.lexemes.at(self.tokens, index)
        return match is not None and ("part" in match.term.forms or bool(match.term.states))

    def ends_phrase(self, index: int) -> bool:
        """Whether a noun phrase cannot go on at ``index``."""
        if index >= len(self.tokens):
            return True
        token = self.tokens[index]
        if token.norm in self.words.stops or not token.text[:1].isalnum():
            return True
        match = self.lexemes.at(self.tokens, index)
        return match is not None and (bool(match.term.forms) or bool(match.term.states))

    def person(
        self, first: int, last: int, head: int, kind: str | None, group: Group | None, *, definite: bool, more: bool,
        others: bool = False, headless: bool = False,
    ) -> Phrase:
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        quantity = Quantity(1, 1, False, None, self.text[start:end], Span(start, end))
        return Phrase(
            first, last, quantity, None if headless else kind, None if headless else group, None if headless else head,
            single=True, definite=definite, more=more, others=others,
        )


_NAME_LINKS = frozenset({"–", "—", "-", "of", "for", "the", "in", "and"})
_DEMOGRAPHIC = frozenset({Group.ALL, Group.CIVILIANS, Group.CHILDREN, Group.WOMEN, Group.MEN, Group.ELDERLY})
_BODIES = frozenset({"body", "corpse", "fatality", "casualty"})
_QUOTES = frozenset("\"'“”‘’«»")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\Z|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|latest|last)\Z")
_AFTER_PERSON = frozenset({"aged", "named", "identified", "alone", "dead", "ago", "inside", "outside", "nearby"})


def norm_is_plural(norm: str) -> bool:
    """Whether an unknown word looks like a plural noun.

    >>> norm_is_plural("trainees"), norm_is_plural("glass"), norm_is_plural("gas")
    (True, False, False)
    """
    return len(norm) > 4 and norm.endswith("s") and not norm.endswith(("ss", "us", "is"))
