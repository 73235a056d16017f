"""How each predicate of a sentence is used: active, passive, as a state or as a noun."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tracker.models import Group
from tracker.reading.layout import Layout
from tracker.reading.nouns import Sort
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.tokens import Match

#: An injury may stand this many words after "suffered" ("suffered light shrapnel wounds").
_INJURY_REACH = 7
_TOLD = frozenset({"believed", "confirmed", "feared", "presumed", "reported"})
_ARMED = frozenset({Group.FIGHTERS, Group.PERPETRATORS, Group.SOLDIERS})


class Voice(StrEnum):
    """How a predicate is used where it stands."""

    ACTIVE = "active"
    PASSIVE = "passive"
    STATE = "state"
    NOUN = "noun"


class Verb(NamedTuple):
    """A predicate over ``tokens[start:end]`` and how it is used there."""

    start: int
    end: int
    lexeme: Lexeme
    voice: Voice


def find_verbs(layout: Layout) -> list[Verb]:
    """The predicates of a sentence that say something there, from left to right."""
    verbs: list[Verb] = []
    for match in layout.predicates:
        voice = _voice(layout, match)
        if voice is not None:
            verbs.append(Verb(*match, voice))
    return verbs


def _voice(layout: Layout, match: Match[Lexeme]) -> Voice | None:
    """Decided by the words around a predicate; None where "suffered" has no injury after it."""
    lexeme = match.term
    if lexeme.suffers:
        return Voice.STATE if _injury_follows(layout, lexeme, match.end) else None
    if not lexeme.forms:
        return Voice.STATE if lexeme.states else Voice.NOUN
    if lexeme.intransitive:
        return Voice.PASSIVE  # its subject is who it happened to, as with a passive
    left = layout.left_over_adverbs(match.start)
    if left in layout.words.quotes:
        left = layout.left_over_adverbs(match.start - 1)  # 'were "neutralised"'
    if "ing" in lexeme.forms:
        noun = left in layout.words.before_gerund and layout.norms[match.end] == "of"
        return Voice.NOUN if noun else Voice.ACTIVE
    if not lexeme.participle:
        return Voice.ACTIVE
    if left in layout.words.before_passive:
        return Voice.PASSIVE
    if left in _TOLD:
        return Voice.PASSIVE  # "two were reported hurt"
    if left in layout.words.have:
        return Voice.ACTIVE
    return _voice_of_participle(layout, match)


def _voice_of_participle(layout: Layout, match: Match[Lexeme]) -> Voice:
    """How "killed" is used without a helping verb: the phrases on its two sides decide."""
    lexeme, after = match.term, layout.norms[match.end]
    subject, right = layout.phrase_before(match.start), layout.phrase_after(match.end)
    if subject is not None and right is not None:
        carrier = subject.sort is right.sort is Sort.MUNITION and subject.single and not right.single
        if carrier:
            return Voice.ACTIVE  # "a drone fired four missiles"
        return Voice.ACTIVE if _acts(subject, lexeme) or _is_taken(layout, subject) else Voice.PASSIVE
    if right is not None:
        return Voice.ACTIVE
    opens_object = after in layout.words.articles and layout.line.is_lower(match.end)
    if opens_object and layout.norms[match.end + 1] in layout.words.times:
        opens_object = False  # "fifteen injured this morning"
    if subject is not None and opens_object and "past" in lexeme.forms:
        return Voice.ACTIVE  # "a missile destroyed a supermarket"
    if subject is not None:
        fits = subject.sort in {None, Sort.PEOPLE, Sort.UNKNOWN} or layout.measure(lexeme.object, subject) is not None
        munition = (subject.sort or layout.understood(subject)) is Sort.MUNITION
        if lexeme.agent and munition and after != "by":
            fits = False  # "eleven hit the base", "fourteen struck at ten places"
        return Voice.PASSIVE if fits else Voice.ACTIVE
    active = "past" in lexeme.forms and after not in layout.words.after_participle
    return Voice.ACTIVE if active else Voice.PASSIVE


def _is_taken(layout: Layout, subject: Phrase) -> bool:
    """Whether a verb before a phrase has it as its object: "a bomb killed 21 people wounded 42 others"."""
    before = (match for match in layout.predicates if match.end == subject.first)
    return any(match.term.object.get(Sort.PEOPLE) and "past" in match.term.forms for match in before)


def _acts(subject: Phrase, lexeme: Lexeme) -> bool:
    """Whether the phrase before "killed four people" did it: "a man killed …", "two rebels killed …"."""
    on_people = bool(lexeme.object.get(Sort.PEOPLE))
    if subject.single and on_people:
        return True
    if not subject.maybe_people and subject.sort not in lexeme.object:
        return True
    return on_people and (subject.sort in {Sort.MUNITION, Sort.OTHER} or subject.group in _ARMED)


def _injury_follows(layout: Layout, lexeme: Lexeme, index: int) -> bool:
    """Whether an injury is the object of "suffered", within a few words."""
    for norm in layout.gap(index, min(index + _INJURY_REACH, layout.line.size)):
        if norm in lexeme.injuries:
            return True
        if norm in layout.words.injury_ends or norm in layout.words.zeros:
            return False  # "suffered no serious injuries"
    return False
