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
#: The same where words join the second figure to the fate of the first: its verb and its scene may stand between.
_JOINED_APART = 16
_JOINS = r"as well as|along with|alongside|together with"
_TAIL = r"(?: then| also)?(?: (?:her|his|its|the|their))? *\Z"
_ENDS = re.compile(rf"(?:,|,? (?:and|plus|{_JOINS})){_TAIL}", re.IGNORECASE)
_JOINED = re.compile(rf"\b(?:{_JOINS}){_TAIL}", re.IGNORECASE)
#: Words that begin what befell somebody else.
_TURNS = frozenset({"or", "but", "while", "whereas", "before", "not", "without"})
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
    """Lists and single statements; the parts that a member names ("a man and his son") come behind its list."""
    run: list[Statement] = []
    inner: list[list[Statement]] = []
    for statement in statements:
        if run and _is_inside(statement.claim, run[-1].claim):
            inner.append([statement])
            continue
        if run and not _are_listed(run[-1].claim, statement.claim):
            yield run
            yield from inner
            run, inner = [], []
        run.append(statement)
    if run:
        yield run
        yield from inner


def _is_inside(part: Claim, whole: Claim) -> bool:
    """Whether a subset is printed within the words of the figure before it."""
    return (
        part.relation is Relation.SUBSET
        and (part.report_id, part.field, part.sentence) == (whole.report_id, whole.field, whole.sentence)
        and whole.start <= part.start < whole.end
    )


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
    if joined := _JOINED.search(between):
        return len(words) <= _JOINED_APART and _TURNS.isdisjoint(words) and _is_of_first(between[: joined.start()])
    if len(words) > _APART or any(word.endswith("ed") for word in words) or not _verbs().isdisjoint(words):
        return False
    one_scene = (one.place, one.date, one.basis) == (other.place, other.date, other.basis)
    return (one_scene and words[-1:] == ["and"]) or _places().isdisjoint(words)


def _is_of_first(words: str) -> bool:
    """Whether what stands before "along with" is the first figure's: "a clerk, 40, was shot in court, along with".

    In "nine died, an officer along with eight soldiers" somebody else stands there, without a verb.
    """
    *before, last = [_WORD.findall(part.lower()) for part in words.rstrip(", ").split(",")]
    return not before or any(word.endswith("ed") or word in _verbs() for word in last)


def _between(one: Claim, other: Claim) -> str | None:
    """What the sentence has between two of its figures."""
    for match in re.finditer(re.escape(one.text), one.sentence):
        if one.sentence.startswith(other.text, match.start() + other.start - one.start):
            # Where lines are wrapped, their ends are spaces.
            return one.sentence[match.end() : match.start() + other.start - one.start].replace("\n", " ")
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
