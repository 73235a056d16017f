"""Predicates before their figure: "killing nine people", "shot down 28 drones", "claimed the lives of two"."""

from __future__ import annotations

from tracker.models import Group, Measure
from tracker.reading.compounds import with_shared_object
from tracker.reading.links import PEOPLE_MEASURES, Case, Link
from tracker.reading.nouns import Sort
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.reading.reality import is_unreal
from tracker.reading.sentence import Sentence
from tracker.reading.subjects import has_own_verb
from tracker.reading.voice import Verb, Voice

#: So many words may stand between a verb and its object ("killed at least another two").
_STEPS = 7
#: The word that a verb needs after its object follows within so many tokens ("sent 23 people to hospital").
_CARRIED = 8
#: Other reaches, in tokens.
_JOINED, _SHARED, _INVERTED, _LAUNCHED = 16, 8, 14, 6
#: A pronoun follows within so many tokens, and tells of harm done.
_PRONOUN = 14
_ARMED = frozenset({Group.FIGHTERS, Group.PERPETRATORS})
_HARM = frozenset({Measure.KILLED, Measure.INJURED})
#: Stand between a participle that opens a sentence and its subject.
_COPULAS = frozenset({"were", "was", "are", "is"})


def object_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """The verb before a phrase, over small words; else the ways in which an object may stand further off."""
    norms, words = sentence.norms, sentence.words
    if norms[phrase.first - 1] in _COPULAS:
        inverted = _inverted(sentence, phrase)
        if inverted is not None:
            return inverted
    skipped = norms[phrase.first - 1] in words.definite or norms[phrase.first - 1] in words.quotes
    index = phrase.first - 1 if skipped else phrase.first
    for _ in range(_STEPS):
        verb = sentence.verb_until.get(index)
        if verb is not None:
            link = _link(sentence, verb, phrase)
            named = norms[verb.start] == "record" or (norms[index] == "of" and norms[verb.start] in words.totals)
            if link is not None or not named:
                return link  # else "a record 40 drones", "a total of 37 people"
        if norms[index - 1] not in words.before_object:
            break
        index -= 1
    if phrase.sort is Sort.BUILDING:
        return _joined(sentence, phrase) or _shared(sentence, phrase) or _second(sentence, phrase)
    return _joined(sentence, phrase) or _shared(sentence, phrase) or _launched_far(sentence, phrase)


def _link(sentence: Sentence, verb: Verb, phrase: Phrase) -> Link | None:
    """The link to the verb right before a phrase."""
    measure = _measure(sentence, verb, phrase)
    if measure is None or is_unreal(sentence, verb):
        return None
    told = "third" not in verb.lexeme.forms or sentence.norms[verb.start - 1] not in {"that", "which", "who"}
    if phrase.single and phrase.sort is Sort.MUNITION and not told:
        return None  # "whoever it is that shoots down a drone": anybody, any time
    if phrase.sort is Sort.UNKNOWN and (measure not in PEOPLE_MEASURES or measure is Measure.EVACUATED):
        return None
    return Link(measure, Case.OBJECT)


def _measure(sentence: Sentence, verb: Verb, phrase: Phrase) -> Measure | None:
    """What a verb says of its object: its slots, from the one that says most to the one that says least."""
    lexeme, norms = verb.lexeme, sentence.norms
    measure = None
    if verb.voice is Voice.ACTIVE:
        measure = with_shared_object(sentence, verb, sentence.measure(lexeme.object, phrase))
    if lexeme.carries and phrase.maybe_people and (measure is None or norms[phrase.last] in lexeme.carries):
        measure = _carried(sentence, lexeme, phrase)
    if measure is None and lexeme.losses and _is_own_force(sentence, phrase):
        measure = lexeme.losses.get(Sort.PEOPLE)
    if measure is None and lexeme.takes:
        if lexeme.needs_head and has_own_verb(sentence, phrase):
            return None  # "treated 24 people hurt by shrapnel"
        if _can_take(sentence, lexeme, phrase):
            measure = sentence.measure(lexeme.takes, phrase)
    listed = norms[verb.end] == "," and norms[verb.start - 1] in {":", ";"} and norms[phrase.last] in {";", "."}
    stated = (norms[verb.end] == ":" or listed) and phrase.headless
    if measure is None and stated and not has_own_verb(sentence, phrase):
        measure = lexeme.people  # "Wounded: 14", "killed, 90; wounded, 463"
    return measure


def _is_own_force(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether what was "lost" is people of the one who lost them: "lost eleven fighters", "lost two of its staff"."""
    named = phrase.group not in {None, Group.ALL} or sentence.norms[phrase.last - 1] in sentence.words.staff
    return named and not has_own_verb(sentence, phrase)


def _can_take(sentence: Sentence, lexeme: Lexeme, phrase: Phrase) -> bool:
    """Whether a phrase has the noun that "claimed nine" ("lives") or "treated 30" ("patients") needs."""
    norms, lives = sentence.norms, sentence.words.lives
    last = phrase.last
    if lexeme.needs_lives:
        theirs = norms[last] in sentence.words.theirs and norms[last + 1] in lives
        if not theirs and norms[last - 1] not in lives and norms[last] not in lives:
            return False
    return not lexeme.needs_head or norms[phrase.head or -1] in lexeme.needs_head or phrase.attribute is not None


def _carried(sentence: Sentence, lexeme: Lexeme, phrase: Phrase) -> Measure | None:
    """As in "pulled four people alive", "sent 23 people to hospital": the word after the object or its list decides."""
    norms = sentence.norms
    last = phrase.last
    while norms[last] == "and" and last + 1 in sentence.at_first:
        last = sentence.phrases[sentence.at_first[last + 1]].last
    for probe in range(last, min(last + _CARRIED, sentence.line.size)):
        norm = norms[probe]
        if norm == "dead" and probe > last + 1:
            return None  # "shot two men stone dead", but no further off
        if norm in lexeme.carries and (norm != "death" or norms[probe - 1] == "to"):
            return None if norm in {"out", "from"} and probe > last else lexeme.carries[norm]
        if norm in sentence.words.object_ends or probe in sentence.at_first:
            return None
        if norm == "dead":
            return None
    return None


def pronoun_case(sentence: Sentence, k: int) -> Link | None:
    """As in "seized five men and later killed them", "stabbed a clerk and killed her": the people told of before."""
    norms, words = sentence.norms, sentence.words
    if words.pronouns.isdisjoint(sentence.line.distinct) or sentence.phrases[k].sort not in {Sort.PEOPLE, Sort.UNKNOWN}:
        return None
    phrase = sentence.phrases[k]
    for verb in sentence.verbs:
        told = verb.voice is Voice.ACTIVE and phrase.last < verb.start <= phrase.last + _PRONOUN
        if not told or norms[verb.end] not in words.pronouns or (norms[verb.end] == "them") is phrase.single:
            continue
        between = sentence.begun_between(phrase.last, verb.start)
        before = sentence.left_over_adverbs(verb.start)
        joined = before in words.before_pronoun
        if before == "," and "ing" in verb.lexeme.forms:
            joined = phrase.group not in _ARMED  # "stabbed an officer, injuring him"
        if joined and not any(other.maybe_people for other in between) and not is_unreal(sentence, verb):
            measure = verb.lexeme.object.get(Sort.PEOPLE)
            return Link(measure, Case.FAR_SUBJECT) if measure in _HARM else None
    return None


# -- objects further off -----------------------------------------------------------------------------


def _inverted(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "Killed in the blast were two boys": the participle opens, the subject closes."""
    first = sentence.verbs[0] if sentence.verbs else None
    copula = phrase.first - 1
    if first is None or first.start > 1:
        return None
    if not first.lexeme.participle or first.end >= copula or phrase.first - first.end > _INVERTED:
        return None
    if not all(map(sentence.is_oblique, sentence.begun_between(0, phrase.first))):
        return None
    measure = first.lexeme.object.get(Sort.PEOPLE)
    return None if measure is None else Link(measure, Case.OBJECT)


def _joined(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "the judge was killed by a mine, together with three of her cousins", "killed with eight others"."""
    start = sentence.line.before(phrase.first, sentence.words.definite) - 2
    theirs = phrase.single and sentence.norms[phrase.first] in sentence.words.possessives
    right_behind = sentence.verb_until.get(start + 1) is not None and (phrase.others or phrase.more or theirs)
    if sentence.norms[start + 1] != "with" or not (right_behind or sentence.norms[start] in {"along", "together"}):
        return None
    if has_own_verb(sentence, phrase) or phrase.sort not in {Sort.PEOPLE, Sort.UNKNOWN}:
        return None
    for verb in sentence.verbs_before(start + 1):
        if phrase.first - verb.end <= _JOINED and verb.voice in {Voice.PASSIVE, Voice.ACTIVE}:
            measure = verb.lexeme.object.get(Sort.PEOPLE) or verb.lexeme.intransitive.get(Sort.PEOPLE)
            if measure is not None:
                return None if is_unreal(sentence, verb) else Link(measure, Case.JOINED)
    return None


def _shared(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "killed the mayor and two guards", "killed himself and two others": an object without a figure is first."""
    line, norms, words = sentence.line, sentence.norms, sentence.words
    index = phrase.first - 1
    if norms[index] in words.definite:
        index -= 1
    if norms[index] not in {"and", "plus"} or has_own_verb(sentence, phrase):
        return None
    verb = next(sentence.verbs_before(index), None)
    if verb is None or not 1 <= index - verb.end <= _SHARED:
        return None
    if verb.voice is not Voice.ACTIVE and norms[verb.end] not in words.reflexives:
        return None
    if not words.first_object_ends.isdisjoint(sentence.gap(verb.end, index)):
        return None
    if any(sentence.begun_between(verb.end, phrase.first)):
        return None
    named = any(map(line.is_capital, range(verb.end, index)))
    if norms[verb.end] not in words.object_openers and not named:
        return None
    measure = sentence.measure(verb.lexeme.object, phrase)
    known = phrase.others or phrase.sort in {Sort.PEOPLE, Sort.BUILDING, Sort.SITE}
    return Link(measure, Case.OBJECT) if measure is not None and known and not is_unreal(sentence, verb) else None


def _second(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "burnt six boats and around forty huts": the first object is of no sort that counts."""
    k = sentence.at_first[phrase.first]
    if k == 0 or not sentence.is_coordinate(k - 1, k):
        return None
    first = sentence.phrases[k - 1]
    verb = sentence.verb_until.get(first.first) if first.sort is Sort.OTHER else None
    if verb is None or verb.voice is not Voice.ACTIVE or has_own_verb(sentence, phrase):
        return None
    return _link(sentence, verb, phrase)


def _launched_far(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "launched overnight against Kyiv 20 drones": words may stand between a launch and its object."""
    if phrase.sort is not Sort.MUNITION or phrase.single:
        return None
    for verb in sentence.verbs_before(phrase.first):
        if phrase.first - verb.end > _LAUNCHED or verb.voice is not Voice.ACTIVE or verb.lexeme.agent:
            continue
        between = sentence.gap(verb.end, phrase.first)
        if sentence.words.launch_ends.isdisjoint(between) and not any(sentence.begun_between(verb.end, phrase.first)):
            return _link(sentence, verb, phrase)
    return None
