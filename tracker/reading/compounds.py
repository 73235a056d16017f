"""Verbs that share a figure: "killed or wounded", "killed and injured 30", "was wounded and later died"."""

from __future__ import annotations

from tracker.models import Measure
from tracker.reading.nouns import Sort
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.reading.sentence import Sentence
from tracker.reading.voice import Verb, Voice
from tracker.tokens import Match

#: A death may be told this many words after the wound.
_DEATH_REACH = 16
_HURT_OR_DEAD = frozenset({Measure.KILLED, Measure.INJURED})


def with_shared_subject(sentence: Sentence, verb: Verb, measure: Measure | None) -> Measure | None:
    """As "killed or wounded", which is casualties; "killed, wounded or captured" is no measure (codebook 2)."""
    if measure is None:
        return None
    line, words = sentence.line, sentence.words
    joined: set[Measure | None] = {measure}
    spoiled = False
    index = verb.end
    while True:
        step = line.after(index, words.alternatives)
        if step == index or step in sentence.at_first:
            break
        step = line.after(step, words.adverbs)
        partner, spoiler = line.lexemes[step], words.spoilers.at(line.norms, step)
        if partner is not None and partner.term.predicative and partner.term.people in _HURT_OR_DEAD:
            if _opens_clause(sentence, verb, partner):
                break
            if partner.term.intransitive and "or" not in sentence.gap(verb.end, partner.start):
                return Measure.KILLED  # "was wounded and died"
            joined.add(partner.term.people)
            index = partner.end
        elif spoiler is not None and line.norms[spoiler.end] != "people":
            spoiled = True
            index = spoiler.end
        else:
            break
    if spoiled:
        return None
    return Measure.CASUALTIES if joined == _HURT_OR_DEAD else measure


def _opens_clause(sentence: Sentence, verb: Verb, partner: Match[Lexeme]) -> bool:
    """Whether a second predicate has an object of its own: "two were killed and wounded five"."""
    if sentence.phrase_after(partner.end) is None:
        return False
    if sentence.norms[partner.start - 1] == "and" and sentence.norms[verb.end] != "and":
        return True
    second = sentence.verb_at.get(partner.start)
    return second is not None and second.voice is Voice.ACTIVE and verb.voice is not Voice.ACTIVE


def with_shared_object(sentence: Sentence, verb: Verb, measure: Measure | None) -> Measure | None:
    """As in "killed and wounded 30 people": two verbs share an object."""
    if measure is None or sentence.norms[verb.start - 1] not in {"and", "or", "/"}:
        return measure
    first = sentence.verb_until.get(verb.start - 1)
    if first is None:
        return measure
    if measure is Measure.SUPPRESSED and first.lexeme.object.get(Sort.MUNITION) is Measure.INTERCEPTED:
        return Measure.INTERCEPTED  # "shot down or suppressed 71": one figure, neutralised (docs/codebook.md 2)
    return Measure.CASUALTIES if {measure, first.lexeme.people} == _HURT_OR_DEAD else measure


def dies_later(sentence: Sentence, verb: Verb, phrase: Phrase) -> bool:
    """As in "was shot and wounded and died a short time later": one person dies once."""
    if not phrase.single:
        return False
    for death in sentence.verbs:
        if not verb.end < death.start <= verb.end + _DEATH_REACH:
            continue
        if Measure.KILLED not in {frame.get(Sort.PEOPLE) for frame in (death.lexeme.intransitive, death.lexeme.states)}:
            continue
        others = sentence.begun_between(verb.end, death.start)
        if any(other.sort is not Sort.OTHER and not sentence.is_oblique(other) for other in others):
            return False
        gap = set(sentence.gap(verb.end, death.start))
        if gap & {"who", "when", "as"}:
            return False
        return bool(gap & {"he", "she"}) if ";" in gap else bool(gap & {"and", "but", "before", "he", "she"})
    return False
