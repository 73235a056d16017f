"""Whose word a claim is: the source it credits, what sort of source that is, and on which side (codebook 8)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from tracker.lexicon import read_toml
from tracker.models import KIND_OF, Claim, Group, Kind

#: Report id → the text that it shares with other publishers (see ``tracker.copies``).
Copies = Mapping[str, str]


class Standing(StrEnum):
    """What sort of source a source is. ``PRESS`` is a publisher's own word, ``OTHER`` a source of no known sort."""

    OFFICIAL = "official"
    INDEPENDENT = "independent"
    PRESS = "press"
    OTHER = "other"


def source_key(claim: Claim, copies: Copies | None = None) -> str:
    """Whose word a claim is: the one credited, else the text that several publishers carry, else its publisher,
    else the report itself.

    Case, the style of apostrophes, space and a leading article make no difference.
    """
    if claim.source:
        return _source_key(claim.source)
    if copies and claim.report_id in copies:
        return "text:" + copies[claim.report_id]
    if claim.publisher:
        return _publisher_key(claim.publisher)
    return "report:" + claim.report_id


@functools.lru_cache(maxsize=65536)
def _source_key(source: str) -> str:
    words = source.casefold().replace("’", "'").replace("ʼ", "'").split()
    if len(words) > 1 and words[0] in ("the", "a", "an"):
        words = words[1:]
    return "source:" + " ".join(words)


@functools.lru_cache(maxsize=65536)
def _publisher_key(publisher: str) -> str:
    return "publisher:" + " ".join(publisher.casefold().split())


@functools.lru_cache(maxsize=65536)
def standing(source: str | None) -> Standing:
    """What sort of source is credited.

    >>> standing("the regional governor"), standing("residents"), standing(None)
    (<Standing.OFFICIAL: 'official'>, <Standing.INDEPENDENT: 'independent'>, <Standing.PRESS: 'press'>)
    """
    if source is None:
        return Standing.PRESS
    text = source.casefold()
    patterns = _standings()
    # "The hospital's director" speaks for the hospital, "the UN police adviser" for the UN: independents come first.
    for kind in (Standing.INDEPENDENT, Standing.OFFICIAL):
        if patterns[kind].search(text):
            return kind
    return Standing.OFFICIAL if party_of(source) else Standing.OTHER


@functools.lru_cache(maxsize=65536)
def party_of(source: str | None) -> str | None:
    """The party for whose government or forces a source speaks, None where it names none, or two.

    >>> party_of("Russia's defence ministry"), party_of("the Israeli military"), party_of("a surgeon")
    ('Russia', 'Israel', None)
    """
    if source is None:
        return None
    names, party = _parties()
    found = {party[name] for name in names.findall(source)}
    return found.pop() if len(found) == 1 else None


def of_enemy_losses(claim: Claim) -> bool:
    """Whether a party to the fighting counts its enemy's dead and hurt: a figure that is contested by its nature.

    The one who attacked counts those it hit; or, where no attacker is named, a party counts fighters that fell in
    another country, unless the sentence names them as its own ("four U.S. soldiers died, the U.S. military said").
    """
    if (
        claim.source is None
        or KIND_OF[claim.measure] is not Kind.PEOPLE
        or standing(claim.source) is Standing.INDEPENDENT
    ):
        return False
    party = party_of(claim.source)
    if party is None:
        return False
    armed = claim.group in (Group.SOLDIERS, Group.FIGHTERS)
    if claim.attacker is not None:
        return claim.attacker == party and (armed or claim.group is Group.ALL)
    return armed and claim.country is not None and claim.country != party and not _tells_of(party, claim)


def _tells_of(party: str, claim: Claim) -> bool:
    """Whether a claim's sentence names its source's own side apart from the source."""
    names, of_name = _parties()
    rest = claim.sentence.replace(claim.source or "", " ")
    return any(of_name[name] == party for name in names.findall(rest))


def _any_of(terms: Iterable[str]) -> str:
    return "|".join(re.escape(term) for term in sorted(terms, key=lambda term: (-len(term), term)))


@functools.cache
def _standings() -> dict[Standing, re.Pattern[str]]:
    rows = read_toml("en/grades.toml")["sources"]
    terms = {kind: [row["term"].casefold() for row in rows if row["standing"] == kind] for kind in Standing}
    return {
        kind: re.compile(rf"(?<!\w)(?:{_any_of(found)})(?:s|es|'s|’s)?(?!\w)") for kind, found in terms.items() if found
    }


@functools.cache
def _parties() -> tuple[re.Pattern[str], dict[str, str]]:
    data = read_toml("en/attackers.toml")
    party = {
        word: row["party"]
        for row in (*data["states"], *data["groups"])
        for word in (*row["nouns"], *row.get("bywords", ()), *row.get("adjectives", ()))
    }
    return re.compile(rf"(?<![\w-])(?:{_any_of(party)})(?!\w)"), party
