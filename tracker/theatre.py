"""Which country a report is about, by the people it names where it sets no scene."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tracker.gazetteer import PlaceKind
from tracker.mentions import Mention
from tracker.place_terms import SCENE, Role, terms
from tracker.segment import Sentence

#: Gives the places that a sentence names.
Mentions = Callable[[Sentence], Sequence[Mention]]

#: Behind the adjective of a people: what it attacked with.
_MUNITIONS = re.compile(
    r"\s+(?:[\w-]+\s+){0,3}?(?:drones?|uavs?|unmanned|missiles?|rockets?|shells?|projectiles?)\b", re.IGNORECASE
)
_VICTIM = re.compile(
    r"\s+(?:\w+\s+)?(?:civilians|people|cities|towns|villages|villagers|children|women|workers|residents"
    r"|territory|soil)\b"
)
_ITS_GROUND = re.compile(r"\bits\s+(?:own\s+)?(?:territory|soil|airspace|border)\b")
_ATTACKER = re.compile(
    r"(?:['’]s)?\s+(?:\w+\s+){0,2}?(?:air\s*strikes?|strikes?|drones?|missiles?|shelling|attacks?|bombardment|shells?"
    r"|raids?|bombings?|gunfire|(?:conduct|carrie[sd]\s+out|carry\s+out)\w*|launche[sd]|launch|fire[sd]?|forces\s+(?:shell|hit|strike|attack|launch|bomb|kill)\w*|bombs?|rockets?|artillery|jets?)\b"
)


def victims(sentences: Sequence[Sentence], mentions: Mentions) -> str | None:
    """The country of the people or towns that were hit: "Sudanese civilians", "Ukrainian cities"."""
    for sentence in sentences:
        for mention in mentions(sentence):
            if mention.adjective and mention.candidates and _VICTIM.match(sentence.text, mention.end):
                return mention.candidates[0].country
    return None


def named_country(sentences: Sequence[Sentence], mentions: Mentions) -> str | None:
    """The one country named, or of two warring ones the one whose ground the war is on."""
    for sentence in sentences:
        if _ITS_GROUND.search(sentence.text):
            named = (m for m in mentions(sentence) if m.role is Role.ACTOR and m.candidates)
            for mention in named:
                return mention.candidates[0].country
    weights: dict[str, float] = {}
    attackers: set[str] = set()
    for sentence in sentences:
        for mention in mentions(sentence):
            country = mention.country
            if country is None or mention.is_strangers or mention.lead == "past":
                continue
            if mention.role is Role.ACTOR and _ATTACKER.match(sentence.text, mention.end):
                attackers.add(country)
            if mention.role is not Role.ORIGIN:
                weights[country] = weights.get(country, 0.0) + (1.5 if mention.role in SCENE else 1.0)
    for parties, ground in terms().theatres:
        if weights and set(weights) <= parties and (len(weights) > 1 or ground not in weights):
            return ground
    others = {country: weight for country, weight in weights.items() if country not in attackers}
    ranked = sorted(others.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] <= ranked[1][1]):
        return None
    return ranked[0][0]


def defender(sentence: Sentence, mentions: Mentions) -> str | None:
    """The party that met the other's munitions: Russia in "27 Ukrainian drones were shot down, Moscow said"."""
    attackers: set[str] = set()
    others: set[str] = set()
    for mention in mentions(sentence):
        country = mention.country
        if country is not None:
            met = mention.adjective and _MUNITIONS.match(sentence.text, mention.end)
            office = mention.role is Role.TITLE and mention.candidates[0].kind is not PlaceKind.COUNTRY
            if mention.adjective or office or mention.role in (Role.ACTOR, Role.OTHER):
                (attackers if met else others).add(country)
    others -= attackers
    at_war = any(others | attackers <= parties for parties, _ in terms().theatres)
    return next(iter(others)) if at_war and len(others) == len(attackers) == 1 else None
