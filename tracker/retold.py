"""When two claims of one report state one figure: a report says twice what it says of one attack (codebook 8)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from tracker.lexicon import read_toml
from tracker.models import KIND_OF, Basis, Claim, Field, Group, Kind, Relation

#: Two attacks hurt one or two people each too often for such a figure to say that they are one.
MANY = 3
#: So many tolls of one attack are compared with those of another.
_FIRST = 40
_HOUR = re.compile(r"\b(?:dawn|morning|noon|midday|afternoon|dusk|evening|midnight|overnight|night)\b", re.IGNORECASE)


def retells(later: Claim, earlier: Claim) -> bool:
    """Whether a claim gives the figure that another of its report gave before, and may well be of one attack.

    The same is counted, of people who may be the same, within the same bounds, in another sentence of the same story.
    """
    return (
        (later.low, later.high) == (earlier.low, earlier.high)
        and are_comparable(later, earlier)
        and not _is_of_another(later)
    )


def are_comparable(one: Claim, other: Claim) -> bool:
    """Whether two totals of one story count the same of people who may be the same."""
    return (
        one.measure is other.measure
        and one.sentence != other.sentence
        and (one.field is not other.field or one.entry == other.entry)
        and not _hours_differ(one.sentence, other.sentence)
        and _is_toll(one)
        and _is_toll(other)
        and (one.group is other.group or Group.ALL in (one.group, other.group))
    )


def _hours_differ(one: str, other: str) -> bool:
    """Whether two sentences name different hours of the day, as of two attacks."""
    hours = [{hour.lower() for hour in _HOUR.findall(sentence)} for sentence in (one, other)]
    return all(hours) and hours[0].isdisjoint(hours[1])


def _is_toll(claim: Claim) -> bool:
    return (
        KIND_OF[claim.measure] is Kind.PEOPLE
        and claim.relation is Relation.TOTAL
        and claim.basis is Basis.INCIDENT
        and claim.group is not Group.PERPETRATORS
    )


def tell_one_toll(ones: Sequence[Claim], others: Sequence[Claim]) -> bool:
    """Whether what one report says with two kinds of weapons, at one place and time, is of one attack.

    It is where a figure of several people comes twice, or where a "several" or an "at least" of a headline is reached
    by the other; and where no other figure contradicts that.
    """
    pairs = [
        (one, other) if _order(one) < _order(other) else (other, one)
        for one in _first_tolls(ones)
        for other in _first_tolls(others)
        if are_comparable(one, other)
    ]
    agreed = {earlier.measure for earlier, later in pairs if _agree(earlier, later)}
    apart = {earlier.measure for earlier, later in pairs if None not in (earlier.high, later.high)} - agreed
    return bool(agreed) and not apart


def _agree(earlier: Claim, later: Claim) -> bool:
    """Whether a later claim states the figure of an earlier one, of so many people that it is no accident."""
    if (earlier.low or 0) < MANY or _is_of_another(later):
        return False
    if (earlier.low, earlier.high) == (later.low, later.high):
        return True
    return earlier.high is None and _is_headline(earlier) and (later.low or 0) >= (earlier.low or 0)


def _first_tolls(claims: Sequence[Claim]) -> list[Claim]:
    """The tolls that a story begins with: so many are compared, whatever its length."""
    return sorted(filter(_is_toll, claims), key=_order)[:_FIRST]


def _is_headline(claim: Claim) -> bool:
    """Whether a claim stands in the title, or in a line that closes with no mark, as headlines do."""
    return claim.field is Field.TITLE or claim.sentence.rstrip("\"'”’»)] ")[-1:] not in ".!?…:;,"


def _order(claim: Claim) -> tuple[bool, int]:
    return claim.field is not Field.TITLE, claim.start


# --- more, and others -------------------------------------------------------------------------------------


def _is_of_another(claim: Claim) -> bool:
    """Whether a claim is of more people than were told of, or its sentence of another attack."""
    return says_more(claim) or _other_attack().search(claim.sentence) is not None


def says_more(claim: Claim) -> bool:
    """Whether a claim's sentence puts its figure on top of another: "two more people", "another man"."""
    before, after = _more()
    at = claim.sentence.find(claim.text)
    end = at + len(claim.text)
    return (
        not before.isdisjoint(_words(claim.text[:_NEAR])[:1])
        or (at > 0 and not before.isdisjoint(_words(claim.sentence[max(0, at - _NEAR) : at])[-1:]))
        or (at >= 0 and not after.isdisjoint(_words(claim.sentence[end : end + _NEAR])[:1]))
    )


#: The words beside a figure are looked for in so many characters.
_NEAR = 16


def _words(text: str) -> list[str]:
    return [word.strip(",.;:") for word in text.casefold().split()]


@functools.cache
def _more() -> tuple[frozenset[str], frozenset[str]]:
    """The words before and behind a figure that say so."""
    data = read_toml("en/grammar.toml")
    return frozenset(data["more_inside"]["terms"]), frozenset(data["more_or_other"]["terms"])


@functools.cache
def _other_attack() -> re.Pattern[str]:
    """Words that say that a sentence goes on to another attack."""
    terms: Iterable[str] = read_toml("en/weapons.toml")["context"]["other_attack"]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, terms))})\b", re.IGNORECASE)
