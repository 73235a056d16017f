"""The nouns that can be counted, from ``data/en/people.toml`` and ``things.toml``, and ages that stand for them."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from tracker.lexicon import read_toml
from tracker.models import Group
from tracker.numerals import number_terms
from tracker.tokens import PhraseBook

#: Groups that a list of single people may mix and still be one figure (codebook 2).
DEMOGRAPHIC = frozenset({Group.ALL, Group.CIVILIANS, Group.CHILDREN, Group.WOMEN, Group.MEN, Group.ELDERLY})
#: Weapon classes whose models are counted like the munition itself ("64 Shaheds").
_FLYING = frozenset({"drone", "missile", "rocket", "bomb"})
ADULT = 18


class Sort(StrEnum):
    """What sort of thing a noun names: it says which measures a figure can have (codebook 2).

    ``OTHER`` is counted by no measure ("helicopters"); ``UNKNOWN`` is a plural that no list holds ("trainees").
    """

    PEOPLE = "people"
    MUNITION = "munition"
    BUILDING = "building"
    SITE = "site"
    FIRE = "fire"
    HIT = "hit"
    HOUSEHOLD = "household"
    OTHER = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Noun:
    """A noun that can be counted: its sort, its group where it is people, and whether it is plural."""

    sort: Sort
    group: Group
    plural: bool

    @functools.cached_property
    def one_person(self) -> bool:
        """Whether it names a single person ("woman")."""
        return self.sort is Sort.PEOPLE and not self.plural

    @functools.cached_property
    def many_people(self) -> bool:
        """Whether it names people in the plural ("women")."""
        return self.sort is Sort.PEOPLE and self.plural

    @functools.cached_property
    def one_counted(self) -> bool:
        """Whether it counts one behind an article: a single person or munition."""
        return not self.plural and (self.sort is Sort.PEOPLE or self.sort is Sort.MUNITION)


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


def is_plural(norm: str) -> bool:
    """Whether an unknown word looks like a plural noun.

    >>> is_plural("trainees"), is_plural("glass"), is_plural("gas")
    (True, False, False)
    """
    return len(norm) > 4 and norm.endswith("s") and not norm.endswith(("ss", "us", "is"))


@functools.cache
def noun_book(language: str = "en") -> PhraseBook[Noun]:
    """Every noun in the singular and the plural; a noun in two rows belongs to the first."""
    entries: dict[str, Noun] = {}
    for row in read_toml(f"{language}/weapons.toml")["weapons"]:
        if "model" in row and row["class"] in _FLYING:
            for name in (row["term"].lower(), *map(str.lower, row.get("also", ()))):
                entries[name] = Noun(Sort.MUNITION, Group.ALL, plural=False)
                entries[plural_of(name)] = Noun(Sort.MUNITION, Group.ALL, plural=True)
    people = [(row, Sort.PEOPLE, Group(row["group"])) for row in read_toml(f"{language}/people.toml")["nouns"]]
    things = [(row, Sort(row["kind"]), Group.ALL) for row in read_toml(f"{language}/things.toml")["nouns"]]
    for row, sort, group in reversed(people + things):
        one, many = Noun(sort, group, plural=False), Noun(sort, group, plural=True)
        irregular = row.get("many", {})
        for singular in row["one"]:
            entries[singular] = one
            for plural in irregular.get(singular, [plural_of(singular)]):
                entries[plural] = many
        for plural in row.get("extra", ()):
            entries[plural] = many
    return PhraseBook(entries.items())


@dataclass(frozen=True, slots=True)
class MemberTerms:
    """Words such as "members", and the words near them that say of what."""

    terms: frozenset[str]
    cues: tuple[tuple[Group, frozenset[str]], ...]
    families: frozenset[str]
    gangs: frozenset[str]

    def group_of(self, around: Collection[str]) -> Group | None:
        """The group that the words around say: soldiers for "army"."""
        return next((group for group, cues in self.cues if not cues.isdisjoint(around)), None)


@functools.cache
def member_terms(language: str = "en") -> MemberTerms:
    """Load ``[members]`` of ``people.toml``; the first group whose cue is near decides."""
    table = read_toml(f"{language}/people.toml")["members"]
    order = (Group.FIGHTERS, Group.POLICE, Group.RESCUERS, Group.MEDICS, Group.SOLDIERS)
    cues = tuple((group, frozenset(table[group.value])) for group in order)
    return MemberTerms(frozenset(table["terms"]), cues, frozenset(table["families"]), frozenset(table["gangs"]))


_AGE = re.compile(r"(?P<age>\d{1,3}|[a-z]+(?:-[a-z]+)?)[- ](?P<unit>years?|months?|weeks?|days?)-old(?P<many>s?)\Z")


def group_of_years(years: int, group: Group = Group.ALL) -> Group:
    """The group of people whose (highest) age is given: under 18 are children, whatever their sex (codebook 4).

    >>> group_of_years(11, Group.MEN).value, group_of_years(52, Group.MEN).value, group_of_years(9, Group.POLICE).value
    ('children', 'men', 'police')
    """
    return Group.CHILDREN if years < ADULT and group in DEMOGRAPHIC else group


@functools.lru_cache(maxsize=1024)
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
    age = match["age"]
    return group_of_years(int(age) if age.isdigit() else number_terms().words.get(age, ADULT))
