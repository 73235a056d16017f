"""Figures that one sentence lists side by side, and that therefore count different people (codebook 8).

"Three people and two policemen were killed" is five: the list itself says that nobody is in both.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from tracker.disjoint import groups_are_disjoint
from tracker.lexicon import read_toml
from tracker.models import Claim, Group, Relation
from tracker.statement import Statement

#: More words than these stand between two figures only where they are no members of one list.
_APART = 8
_ENDS = re.compile(
    r"(?:,|,? (?:and|plus|as well as|along with|together with))(?: then| also)?(?: (?:her|his|its|the|their))? *\Z",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:as well as|along with|together with)", re.IGNORECASE)
_WORD = re.compile(r"[\w'’-]+")
_MARKS = re.compile(r"[.;:()–—]")


def add_up_lists(statements: Sequence[Statement]) -> list[Statement]:
    """Statements of one report and measure, in the order of its text, with those of one list added up.

    Members of one group become one statement, and the member that counts everybody becomes the whole list;
    members of groups that are told apart stay what they are. A list behind its own sum is left alone.
    """
    made: list[Statement] = []
    for run in _runs(statements):
        made += run if len(run) == 1 else _summed(run)
    return made


def list_of_all(statements: Sequence[Statement]) -> Statement | None:
    """The one list of a report that tells of everybody in groups which may overlap: "two women and three policemen".

    None where the report gives a toll of everybody itself, or several such lists.
    """
    totals = [statement for statement in statements if statement.claim.relation is Relation.TOTAL]
    if any(statement.claim.group is Group.ALL for statement in totals):
        return None
    lists = [run for run in _runs(totals) if len(run) > 1]
    if len(lists) != 1 or any(statement.low is None for statement in lists[0]):
        return None
    pairs = combinations([statement.claim.group for statement in lists[0]], 2)
    if all(one is other or groups_are_disjoint(one, other) for one, other in pairs):
        return None  # which the sum of its groups says already
    return _sum(lists[0][0], lists[0])


def _runs(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    run: list[Statement] = []
    for statement in statements:
        if run and not _are_listed(run[-1].claim, statement.claim):
            yield run
            run = []
        run.append(statement)
    if run:
        yield run


def _summed(run: Sequence[Statement]) -> list[Statement]:
    lows = [statement.low for statement in run]
    told_twice = run[0].claim.group is Group.ALL and lows[0] == sum(low or 0 for low in lows[1:])
    told_twice = told_twice and (_between(run[0].claim, run[1].claim) or "").rstrip().endswith(",")
    if None in lows or told_twice:
        return list(run)  # "five people, three soldiers and two policemen"
    everybody = any(statement.claim.group is Group.ALL for statement in run)
    made: list[Statement] = []
    for group in dict.fromkeys(statement.claim.group for statement in run):
        own = [statement for statement in run if statement.claim.group is group]
        made.append(_sum(own[0], run if everybody and group is Group.ALL else own))
    return made


def _sum(first: Statement, members: Sequence[Statement]) -> Statement:
    """``first`` with the figures of all members, if there are several."""
    if len(members) == 1:
        return first
    highs = [statement.high for statement in members]
    return dataclasses.replace(
        first,
        low=sum(statement.low or 0 for statement in members),
        high=None if None in highs else sum(high or 0 for high in highs),
        claim_ids=tuple(i for statement in members for i in statement.claim_ids),
        inferred=True,
    )


def _are_listed(one: Claim, other: Claim) -> bool:
    """Whether two totals of one measure stand in one list, with nothing between them but the noun of the first."""
    if one.sentence != other.sentence or one.field is not other.field or one.entry != other.entry:
        return False
    if {one.relation, other.relation} != {Relation.TOTAL} or Group.PERPETRATORS in {one.group, other.group}:
        return False
    if one.source != other.source or not one.end < other.start:
        return False
    between = _between(one, other)
    if between is None or _MARKS.search(between) or _ENDS.search(between) is None:
        return False
    words = [word.lower() for word in _WORD.findall(between)]
    if len(words) > _APART or any(word.endswith("ed") for word in words):
        return False
    # "a lawyer outside a court, along with his clerk": these words alone say that both suffered the same.
    if not _verbs().isdisjoint(words):
        return False
    one_scene = (one.place, one.date, one.basis) == (other.place, other.date, other.basis)
    joined = _JOINED.search(between) is not None or (one_scene and words[-1:] == ["and"])
    return joined or _places().isdisjoint(words)


def _between(one: Claim, other: Claim) -> str | None:
    """What the sentence has between two of its figures."""
    for match in re.finditer(re.escape(one.text), one.sentence):
        if one.sentence.startswith(other.text, match.start() + other.start - one.start):
            return one.sentence[match.end() : match.start() + other.start - one.start]
    return None


@functools.cache
def _verbs() -> frozenset[str]:
    """Words that part two figures: each has a verb of its own."""
    data = read_toml("en/grammar.toml")
    words = frozenset(word for table in ("be", "have", "say") for word in data[table]["terms"])
    return words | {"dead", "hurt", "or", "who", "which"}


@functools.cache
def _places() -> frozenset[str]:
    """Words that may give each figure a place or a time of its own."""
    data = read_toml("en/grammar.toml")
    words = frozenset(word for table in ("prepositions", "openers") for word in data[table]["terms"])
    return words - {"along", "as", "from", "of", "with"}
