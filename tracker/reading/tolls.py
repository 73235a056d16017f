"""Nouns that carry a figure: "the deaths of nine people", "the toll rose to 12", "the number of wounded is 31"."""

from __future__ import annotations

from tracker.models import Measure
from tracker.numerals import number_terms
from tracker.reading.links import PEOPLE_MEASURES, Case, Link, part
from tracker.reading.nouns import Sort
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.reading.sentence import Sentence
from tracker.reading.voice import Voice
from tracker.tokens import Match

#: A toll's figure may follow its noun by this many tokens ("the toll from Friday's strike on X rose to 12").
_TOLL_REACH = 28
#: "put the number of dead": the verb stands so many tokens before the noun.
_PUT_BEFORE = 5
#: A toll that is only forecast says so within so many tokens before its figure, in the same clause.
_FORECAST = 6
_LIKELY = frozenset({"expected", "feared", "forecast", "likely", "possibly", "projected", "set", "threatens"})
_CLOSES = frozenset({",", ";", ":", "(", ")"})
#: The same for "the number of civilians killed …", and where its verb must stand behind "of".
_NUMBER_REACH, _NUMBER_VERB = 36, 9


def nominal_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "the deaths of nine people", "the killing of two", "injuries to four officers", "hits by six drones"."""
    norms, words = sentence.norms, sentence.words
    index = sentence.line.before(phrase.first, words.nominal_gaps)
    link = norms[index - 1]
    munitions = phrase.sort in {Sort.MUNITION, None} and not phrase.single
    if munitions and link in {"by", "of", "from"} and norms[index - 2] in words.impacts:
        return Link(Measure.HITS, Case.NOMINAL)
    noun = sentence.verb_until.get(index - 1) if link in {"of", "to"} else None
    if noun is None:
        return None
    if phrase.single and not words.idle_bodies.isdisjoint(sentence.gap(noun.start - 3, noun.start)):
        return None  # "soldiers carried the body of a comrade"
    measure = noun.lexeme.names.get(Sort.PEOPLE)
    if measure is None and noun.voice is Voice.NOUN:
        measure = sentence.measure(noun.lexeme.object, phrase)
    if measure is None or (link == "to" and measure is not Measure.INJURED):
        return None
    if measure in PEOPLE_MEASURES and not phrase.maybe_people:
        return None
    return Link(measure, Case.NOMINAL)


def toll_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "the death toll from Friday's strike rose to 12", "the number of people killed exceeds 50"."""
    if not phrase.maybe_people or phrase.single or phrase.name is not None or not _follows_change(sentence, phrase):
        return None
    if _is_forecast(sentence, phrase):
        return None
    numbered = _number_of(sentence, phrase)
    if numbered is not None:
        return Link(numbered, Case.TOLL)
    before = sentence.norms[phrase.first - 1]
    for noun in reversed(sentence.predicates):
        if not 0 <= phrase.first - noun.end <= _TOLL_REACH:
            continue
        between = sentence.gap(noun.end, phrase.first)
        toll = noun.term.toll
        if toll is None or not _is_toll(sentence, noun):
            continue
        if ";" in between:
            return None
        put = not sentence.words.putting.isdisjoint(sentence.gap(noun.start - _PUT_BEFORE, noun.start))
        if before == "at" and (len(between) == 1 or put):
            return Link(toll, Case.TOLL)  # "put the number of dead in the blast at ten"
        if _is_own_figure(sentence, noun, phrase, between):
            return part(Case.AMONG, toll) if before in sentence.words.include else Link(toll, Case.TOLL)
    return None


def _is_forecast(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "the toll could hit 30", "is expected to rise to 40": what has not been counted."""
    if phrase.quantity.low is None:
        return False  # "could be up to 40" is a bound
    words, line = sentence.words, sentence.line
    clause: set[str] = set()
    for index in range(phrase.first - 1, max(-1, phrase.first - 1 - _FORECAST), -1):
        if line.norms[index] in _CLOSES:
            break
        if line.is_lower(index):  # "since 3 May now 197"
            clause.add(line.norms[index])
    has = not words.have.isdisjoint(clause)  # "may have risen to 30"
    return not has and not (words.unreal | _LIKELY).isdisjoint(clause)


def _follows_change(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether the word before a figure, or its hedge, can state a toll; "from 12" is the earlier one."""
    before = sentence.norms[phrase.first - 1]
    if before == "from":
        return (
            phrase.quantity.low != phrase.quantity.high
            and sentence.norms[phrase.first - 2] in number_terms().range_verbs
        )
    return before in sentence.words.change or sentence.norms[phrase.first] in sentence.words.exceeding


def _is_toll(sentence: Sentence, noun: Match[Lexeme]) -> bool:
    """Whether a noun such as "dead" is a toll where it stands: "the dead", "total deaths"."""
    if noun.term.phrase == "toll" or noun.end - noun.start > 1:
        return True
    before = sentence.norms[noun.start - 1]
    return not before or before in sentence.words.before_toll


def _is_own_figure(sentence: Sentence, noun: Match[Lexeme], phrase: Phrase, between: list[str]) -> bool:
    """Whether the figure behind a toll's noun is the toll itself, not one of something told beside it."""
    words, before = sentence.words, sentence.norms[phrase.first - 1]
    if before == "of" and len(between) > 1 and "toll" not in between and between[-2] not in words.totals:
        return False
    if before in {"in", "at"} and words.toll_states.isdisjoint(between):
        return False
    if before in {"is", "was", "are", "were", "of"} and len(between) > 3 and "toll" not in noun.term.phrase:
        return False
    if before == "to":
        return True
    others = sentence.begun_between(noun.end, phrase.first)
    return not any(sentence.norms[other.first - 1] in words.toll_given for other in others)


def _number_of(sentence: Sentence, phrase: Phrase) -> Measure | None:
    """As in "the number of Syrian civilians killed since March rises to 1,767"."""
    norms, words = sentence.norms, sentence.words
    for index in range(phrase.first - 1, max(-1, phrase.first - _NUMBER_REACH), -1):
        if norms[index] not in words.counts or norms[index + 1] != "of":
            continue
        for verb in sentence.predicates:
            term = verb.term
            if not index < verb.start <= index + _NUMBER_VERB or verb.end >= phrase.first:
                continue
            if term.people is not None and (term.forms or term.states):
                changes = not words.toll_changes.isdisjoint(sentence.gap(verb.end, phrase.first))
                put = norms[phrase.first - 1] == "at" and norms[index - 2] in words.putting
                return term.people if changes or put or norms[verb.end] in {"to", "at", ":"} else None
    return None
