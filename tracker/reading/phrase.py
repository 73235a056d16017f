"""What a counted phrase is: how many of whom or what."""

from __future__ import annotations

from typing import NamedTuple

from tracker.models import Group, Quantity
from tracker.reading.nouns import Sort
from tracker.reading.predicates import Lexeme


class Phrase(NamedTuple):
    """A counted phrase over ``tokens[first:last]``: "at least 46 people", "64 of 145 drones", "the other pilot".

    ``sort`` is None where the noun is left out, and ``head`` with it; ``group`` None where no noun says who.
    """

    first: int
    last: int
    quantity: Quantity
    sort: Sort | None
    group: Group | None
    head: int | None
    #: One unnamed person or munition behind an article, which may be "the".
    single: bool = False
    definite: bool = False
    #: "two more", "a third person", "22 others".
    more: bool = False
    ordinal: bool = False
    others: bool = False
    #: "seven of the villages"; "two of them"; "three of the wounded"; the 69 of "54 out of 69 missiles".
    of_known: bool = False
    of_them: bool = False
    partitive: Lexeme | None = None
    total_of: Quantity | None = None
    #: "46 injured people"; the noun itself says what happened: "nine deaths".
    attribute: Lexeme | None = None
    name: Lexeme | None = None
    #: The members of a list that is one figure.
    parts: tuple[Phrase, ...] = ()

    @property
    def headless(self) -> bool:
        """Whether the noun is left out ("killing three and wounding five")."""
        return self.head is None

    @property
    def maybe_people(self) -> bool:
        """Whether its noun is people, unknown or left out."""
        return self.sort in _MAYBE_PEOPLE


_MAYBE_PEOPLE = frozenset({None, Sort.PEOPLE, Sort.UNKNOWN})
