"""Who a phrase about people counts: ages, sexes and memberships around its noun (codebook 4)."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.models import Group
from tracker.numerals import number_terms
from tracker.reading.glossed import Glossed
from tracker.reading.nouns import ADULT, DEMOGRAPHIC, group_of_years, member_terms

#: What members are "of" follows one of these.
_LINKS = frozenset({"of", "from"})
#: Behind "under ten", which is an age where nothing else is counted.
_CLOSES = frozenset({"", ")", ",", ".", ";", "and"})
#: Before those who were told of.
_TOLD = frozenset({"all", "both", "the"})
#: Ages behind a noun open with one of these.
_BEFORE_AGES = frozenset({",", "aged", "ages", "of"})


def refined_group(line: Glossed, group: Group, age: Group | None, start: int, head: int, last: int) -> Group:
    """The group of a noun at ``head`` whose modifiers begin at ``start`` and whose phrase ends before ``last``."""
    if age is Group.CHILDREN and group in DEMOGRAPHIC:
        return Group.CHILDREN
    norms = line.norms
    norm, modifiers = norms[head], norms[start:head]
    if modifiers or norms[last] in _LINKS:
        member = _group_of_members(line, group, modifiers, head, last)
        if member is not None:
            return member
        if group is Group.ALL:
            if "elderly" in modifiers:
                return Group.ELDERLY
            if "civilian" in modifiers:
                return Group.CIVILIANS
            if "female" in modifiers or "male" in modifiers:
                return Group.WOMEN if "female" in modifiers else Group.MEN  # "two female teachers"
    if group is Group.FIGHTERS and norm == "gunmen" and ({norms[start - 2], norms[start - 1]} & _TOLD):
        return Group.PERPETRATORS  # "both gunmen", "one of the gunmen": those of the attack told
    return group


def _group_of_members(line: Glossed, group: Group, modifiers: Sequence[str], head: int, last: int) -> Group | None:
    """As in "ten members of the army", "al-Shabaab members", "cartel family members"."""
    terms, norm = member_terms(), line.norms[head]
    if norm not in terms.terms and not (group is Group.ALL and norm in {"men", "people"}):
        return None
    around = _complement(line, last).union(modifiers)
    if around & terms.families and not (norm == "members" and around & terms.gangs):
        return None
    return terms.group_of(around)


def _complement(line: Glossed, index: int) -> set[str]:
    """The words of what members are "of": up to the next verb, mark or other preposition."""
    found: set[str] = set()
    if line.norms[index] not in _LINKS:
        return found
    for probe in range(index + 1, min(index + 9, line.size)):
        norm = line.norms[probe]
        if norm in line.words.member_gaps:
            continue
        if norm in line.words.stops or line.is_mark(probe):
            break
        found.add(norm)
    return found


def aged(line: Glossed, group: Group, last: int) -> tuple[Group, int]:
    """The group and the end of a phrase, the ages behind its noun taken in ("a girl, 6,", "two boys of 8 and 12")."""
    if line.norms[last] in line.words.age_bounds and line.norms[last + 1].isdecimal():
        young = int(line.norms[last + 1]) <= ADULT and line.norms[last] in {"below", "under"}
        return (Group.CHILDREN if young and group in DEMOGRAPHIC else group), last + 2
    parent = line.norms[last] == "of" and line.norms[last - 1] in line.words.parents
    found = ages_after(line, last) if line.norms[last] in _BEFORE_AGES and not parent else None
    return (group, last) if found is None else (group_of_years(found[1], group), found[0])


def ages_after(line: Glossed, start: int) -> tuple[int, int] | None:
    """The token after ages (", 6,", "aged 4 and 6", "of 8 and 12"), and the highest of them."""
    norms = line.norms
    comma = norms[start] == ","
    index = start + 1 if comma else start
    marked = norms[index] in {"aged", "ages"}
    under = index + 1 if marked else index
    if norms[under] == "under" and not comma:
        ages, end = _ages(line, under + 1, marked=False)
        closed = norms[end] in _CLOSES and norms[end - 1] != ","
        return (end, ages[0] - 1) if len(ages) == 1 and closed else None  # "three under ten"
    if marked or (norms[index] == "of" and not comma):
        index += 1
    elif not comma:
        return None
    ages, index = _ages(line, index, marked)
    if not ages:
        return None
    closed = norms[index - 1] == ","
    if comma and not marked and not closed and (len(ages) > 1 or norms[index] not in {"", "."}):
        return None
    if not comma and not marked and line.nouns[index] is not None:
        return None  # "the deaths of 12 soldiers"
    if closed and not (comma or marked):
        index -= 1
    if closed and len(ages) > 1 and not (comma and marked):
        index -= 1
    return index, max(ages)


def _ages(line: Glossed, index: int, marked: bool) -> tuple[list[int], int]:
    """The ages of a list, and the token after it."""
    norms = line.norms
    ages: list[int] = []
    while index < line.size:
        norm = norms[index]
        age = int(norm) if norm.isdecimal() and len(norm) <= 2 else number_terms().words.get(norm)
        listed = not ages or marked or norms[index - 1] in {"and", ","}
        if age is not None and listed:
            ages.append(age)
        elif not (marked and norm in {"between", "from", "to", "-"}) and not (ages and norm in {"and", ","}):
            break
        index += 1
    while norms[index - 1] == "and":
        index -= 1
    return ages, index
