"""A figure and its noun: "at least 46 people", "54 out of 69 missiles", "two of them", "a family of four", "46"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from tracker.models import Group, Quantity, Span
from tracker.numbers import Found
from tracker.reading.glossed import Glossed
from tracker.reading.heads import headed
from tracker.reading.nouns import Sort, group_of_years
from tracker.reading.people import ages_after
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.tokens import Match

#: Nobody is older; a larger number is no age.
_OLDEST = 115
_EACH = frozenset({"each", "every"})
#: "Of the Haddad family" takes so many tokens.
_FAMILY_NAME = 5
_FAMILIES = frozenset({"clan", "family", "household"})
#: "Each day" follows within so many tokens.
_RATE_REACH = 8
#: "A day earlier" is no rate.
_THEN = frozenset({"after", "ago", "before", "earlier", "later"})
#: Between a figure whose noun is left out and an age.
_BEFORE_AGE = frozenset({"aged", "ages", "under"})
#: What can follow an age that is no figure of people.
_AFTER_YEARS = frozenset({"", ",", ".", ";", ")", "and", "at", "was", "were", "are", "died", "dead"})
#: Numbers that may be no figures, as in "no one", "both protesters and police".
_PERHAPS_IDLE = frozenset({"one", "both"})


def numbered(line: Glossed, found: Found, figures: Mapping[int, Found]) -> Phrase | None:
    """The phrase around a quantity, None where it counts nothing; ``figures`` holds all of them by first token."""
    first, last, quantity = found
    norms, words = line.norms, line.words
    if (
        (norms[first] in _PERHAPS_IDLE and _is_idle(line, found))
        or (first <= 3 and _opens_rate(line))
        or _is_years(line, found)
    ):
        return None
    if norms[first - 1] == "but" and norms[first - 2] in {"all", "everybody", "everyone"}:
        return None  # "all but two of them"
    if norms[first - 1] == "of":
        if _is_age(line, found):
            return None
        family = _family_of(line, found)
        if family is not None:
            return family
    if quantity.vague == "many" and norms[last] == "with":
        return None  # "150 were wounded, many with burns"
    if norms[last - 1] == "couple" and norms[last] == "and" and norms[last + 1] == "their":
        quantity = replace(quantity, approx=False)  # "a couple and their son"
        return Phrase(first, last, quantity, Sort.PEOPLE, Group.ALL, last - 1)
    more = _is_more(line, found)
    if norms[last] in words.quotes and norms[last + 1] == "of":
        last += 1  # '"dozens" of people'
    if norms[last] == "x" and line.lexemes[last + 1] is not None:
        last += 1  # "1 x fatality, 12 x wounded"
    if norms[last] in words.more_after and norms[last + 1] == "of":
        last += 1  # "three more of the wounded"
    if norms[last] in {"of", "out"}:
        whole = _whole(line, last, figures)
        if whole.total is not None and line.norms[last] == "out" and line.norms[whole.end] == "of":
            return None  # "four out of five of them": a share
        if whole.of_them or whole.partitive is not None:
            return _part_of(line, found, whole, more)
        if whole.follows and _is_one_family(line, whole.end):
            return Phrase(first, whole.end + 2, quantity, Sort.PEOPLE, Group.ALL, whole.end + 1, more=more)
        phrase = headed(line, first, whole.end, quantity, more=more, total_of=whole.total)
        if whole.total is not None and quantity.high == 1 and norms[first - 1] in words.be:
            phrase = phrase._replace(quantity=whole.total, total_of=None)  # "was one of two guards shot dead"
        if whole.definite and whole.total is None and quantity.vague is None:
            phrase = phrase._replace(of_known=True)
    elif norms[last] in _BEFORE_AGE and (ages := ages_after(line, last)) is not None:
        # "nine pilgrims, one aged 2": the noun is left out, the age says who
        return Phrase(first, ages[0], quantity, None, group_of_years(ages[1]), None, more=more)
    else:
        phrase = headed(line, first, last, quantity, more=more)
    if norms[phrase.last] == "of" and (end := _end_of_family(line, phrase.last + 1)):
        phrase = phrase._replace(last=end)
    if norms[phrase.last] in words.rate_links and _is_rate(line, phrase.last):
        return None
    if norms[first - 2] in _EACH and norms[first - 1] in words.rate_units:
        return None  # "every year around 40 civilians die"
    if phrase.sort in {None, Sort.PEOPLE} and _is_of_each_day(line, phrase.last):
        return None
    if phrase.head is None:
        if norms[first - 1] == "than":
            return None  # "a bigger number than 145"
        if _is_rate(line, phrase.last + 1):
            return None
        group = _said_group(line, phrase.last) if quantity.low is not None and phrase.group is None else None
        return phrase if group is None else phrase._replace(group=group)
    return phrase


def _is_idle(line: Glossed, found: Found) -> bool:
    """Whether it is a "one" or "both" that is no figure."""
    printed = found.quantity.text.lower()
    return (printed == "one" and _is_idle_one(line, found)) or (printed == "both" and _pairs_nouns(line, found))


def _is_idle_one(line: Glossed, found: Found) -> bool:
    """As in "another one", "no one", "one another", "one day": not figures; "the one person" is."""
    before, after = line.norms[found.first - 1], line.norms[found.last]
    if after == "of" or (before == "the" and after in {"person", "civilian"}):
        return False
    if after == "body" and "as one" in line.text:
        return True  # "as one heart, one body"
    if after in line.words.indefinite:
        return True  # "eight dead, one a policewoman": the person is the figure
    return after in line.words.after_idle_one or before in line.words.before_idle_one


def _is_age(line: Glossed, found: Found) -> bool:
    """As in "a man of 55", and "a mother of four": what stands after one person's "of" is no count."""
    before = line.nouns[found.first - 2] if found.first >= 2 else None
    return before is not None and before.term.one_person and line.nouns[found.last] is None


def _is_years(line: Glossed, found: Found) -> bool:
    """As in "the youngest of whom was six", "none older than 24", "a man who was 31 and …", "pupils under 13"."""
    norms, words, first = line.norms, line.words, found.first
    quantity = found.quantity
    if norms[first] == "between" and norms[first - 1] == "all":
        return norms[found.last] in _AFTER_YEARS  # "nine dead, all between 10 and 16"
    if (quantity.high or quantity.low or 0) > _OLDEST or line.distinct.isdisjoint(words.of_ages):
        return False
    start = line.before(first, words.before_years)
    if norms[start - 1] in words.compared_ages and start > 0:
        return True
    if norms[first - 2] == "who" and norms[first - 1] in words.be:
        return norms[found.last] in _AFTER_YEARS
    if norms[first] in words.age_bounds and norms[first - 1] in words.of_them:
        return True  # "most of them under thirty"
    bound = norms[first] in words.age_bounds and first > 0 and norms[found.last] in _AFTER_YEARS | {"dead"}
    return bound and any(
        noun is not None and noun.end == first and noun.term.many_people for noun in line.nouns[:first]
    )


def _is_rate(line: Glossed, index: int) -> bool:
    """As in "treats 300 patients a day", "fires 100 shells per hour": a rate is no count (codebook 2)."""
    rate = line.norms[index] in line.words.rate_links and line.norms[index + 1] in line.words.rate_units
    return rate and line.norms[index + 2] not in _THEN


def _is_of_each_day(line: Glossed, last: int) -> bool:
    """As in "about 100 people die on the roads each day": the rate stands further off."""
    if line.distinct.isdisjoint(_EACH):
        return False
    end = min(last + _RATE_REACH, line.size)
    return any(line.norms[at] in _EACH and line.norms[at + 1] in line.words.rate_units for at in range(last, end))


def _opens_rate(line: Glossed) -> bool:
    """As in "Every year about 1.2 million people die on the roads"."""
    return line.norms[0] in {"every", "each"} and line.norms[1] in line.words.rate_units


def _pairs_nouns(line: Glossed, found: Found) -> bool:
    """As in "both protesters and police": no figure."""
    for probe in range(found.last, min(found.last + 5, line.size)):
        if line.norms[probe] == "and":
            return True
        if line.norms[probe] in line.words.stops or not line.is_word(probe):
            return False
    return False


def _is_more(line: Glossed, found: Found) -> bool:
    """Whether the words around a figure add it to another: "two more", "another 12"."""
    words = line.words
    return (
        line.norms[found.first - 1] in words.more
        or line.norms[found.last] in words.more_after
        or (found.last - found.first > 1 and not words.more_inside.isdisjoint(line.norms[found.first : found.last]))
    )


def _family_of(line: Glossed, found: Found) -> Phrase | None:
    """As in "a family of four"."""
    norms, first = line.norms, found.first
    if norms[first - 2] not in line.words.households or norms[found.last] == "of":
        return None
    start = first - 3 if norms[first - 3] in line.words.articles else first - 2
    span = Span(line.printed(start, start + 1).start, found.quantity.span.end)
    quantity = replace(found.quantity, text=line.text[span.start : span.end], span=span)
    return Phrase(start, found.last, quantity, Sort.PEOPLE, Group.ALL, found.last - 1)


def _is_one_family(line: Glossed, index: int) -> bool:
    """As in "six of a family", "three of one couple", "four of a single …"."""
    return line.norms[index] in {"a", "one"} and line.norms[index + 1] in line.words.households | {"single"}


def _end_of_family(line: Glossed, index: int) -> int | None:
    """The token behind "the Haddad family" in "four members of the Haddad family"; None where none is named."""
    if line.norms[index] not in {"one", "the"}:
        return None
    for end in range(index + 1, index + _FAMILY_NAME):
        if line.norms[end] in _FAMILIES:
            return end + 1
        if not (line.is_capital(end) or line.norms[end] in {"same", "single"}):
            return None
    return None


class _Whole(NamedTuple):
    """What "of" after a figure leads to; ``end`` is where the counted noun may begin."""

    end: int
    follows: bool = False
    definite: bool = False
    of_them: bool = False
    total: Quantity | None = None
    partitive: Lexeme | None = None


def _whole(line: Glossed, last: int, figures: Mapping[int, Found]) -> _Whole:
    """As in "N of M", "N out of M", "two of them", "three of the wounded", "seven of the villages"."""
    norms, words = line.norms, line.words
    out = norms[last] == "out"
    if out and norms[last + 1] != "of":
        return _Whole(last)
    start = line.after(last + (2 if out else 1), words.of_gaps)
    definite = not out and norms[last + 1] == "the"
    if norms[start - 1] in {"these", "those"} and (norms[start] in words.stops or norms[start] in {"", ","}):
        return _Whole(start, of_them=True)
    if norms[start] in words.of_them or (definite and norms[start] in words.victims and norms[start + 1] in words.be):
        return _Whole(start + 1, of_them=True)
    if start in figures:
        named = _named_whole(line, figures[start].last) if definite else None
        if named is not None:
            return _Whole(named.end, partitive=named.term, total=figures[start].quantity)
        return _Whole(figures[start].last, follows=True, total=figures[start].quantity)
    lexeme = line.lexemes[start]
    if lexeme is not None and (lexeme.term.names or lexeme.term.participle):
        noun_at = lexeme.end if lexeme.end < line.size else start
        if line.nouns[noun_at] is None:
            return _Whole(lexeme.end, partitive=lexeme.term)
    return _Whole(start, follows=True, definite=definite)


def _named_whole(line: Glossed, index: int) -> Match[Lexeme] | None:
    """What a whole is named for: "nine of the 14 wounded", "four of the nine people killed were children"."""
    named = line.lexemes[index]
    if named is not None and named.term.names and line.nouns[named.end] is None:
        return named
    noun = line.nouns[index]
    verb = line.lexemes[noun.end] if noun is not None and noun.term.many_people else None
    relative = verb is not None and verb.term.participle and line.norms[verb.end] in line.words.be
    return verb if relative else None


def _part_of(line: Glossed, found: Found, whole: _Whole, more: bool) -> Phrase | None:
    """As in "two of them", "three of the wounded"; in "one of them a 71-year-old woman" the person is the figure."""
    if whole.partitive is not None and line.norms[found.first] in {"all", "both"}:
        return None  # "both of the dead were found on the stairs": told before
    if found.quantity.vague == "many":
        return None  # "many of them traders" is no figure
    if whole.of_them and found.quantity.low == 1 and line.norms[whole.end] in line.words.indefinite:
        return None
    return Phrase(
        *(found.first, whole.end, found.quantity, None, _said_group(line, whole.end, copula=False), None),
        more=more,
        of_them=whole.of_them,
        partitive=whole.partitive,
        total_of=whole.total if whole.partitive is not None else None,
    )


def _said_group(line: Glossed, index: int, *, copula: bool = True) -> Group | None:
    """The group that a noun after a figure gives: "nine were children"; without ``copula`` "three of them women"."""
    words = line.words
    seen = False
    while line.norms[index] in words.be or (seen and line.norms[index] in words.said_to_be_gaps):
        seen = True
        index += 1
    if copula and not seen:
        return None
    if not copula and line.norms[index] == "of":
        index += 1  # "28 bodies, eleven of them of women"
    match = line.nouns[index] if index < line.size else None
    if match is None and not copula and line.is_lower(index) and line.norms[index] not in words.stops:
        match = line.nouns[index + 1]  # "five of them nursing mothers"
    if match is None or not match.term.many_people or match.term.group is Group.ALL:
        return None
    return match.term.group
