"""Harm that no one predicate tells: "taken to the Aga Khan hospital", "in critical condition", "shot, two fatally"."""

from __future__ import annotations

from tracker.models import Measure
from tracker.reading.links import PEOPLE_MEASURES, Case, Link, Links
from tracker.reading.phrase import Phrase
from tracker.reading.sentence import Sentence
from tracker.reading.voice import Verb

#: A hospital's name has no more words ("the Jos University Teaching Hospital").
_NAME = 8
#: A hospital stands behind one of these.
_INTO = frozenset({"at", "in", "to"})
#: Close what tells where the hurt lie.
_ENDS = frozenset({"", ",", ".", ";", ")", "with", "after", "following"})
_OF_THEM = frozenset({"them", "these", "those", "whom"})
_DID = frozenset({"did", "had", "was", "were"})
_BLOWS = frozenset({"shot", "stabbed"})


def taken_to_hospital(sentence: Sentence, verb: Verb) -> Measure | None:
    """As in "were taken to the Aga Khan hospital", "were treated at two clinics"."""
    carries = verb.lexeme.carries
    norms, left = sentence.norms, sentence.left_over_adverbs(verb.start)
    if "hospital" not in carries or not (left in sentence.words.before_passive or left in _OF_THEM):
        return None
    index = sentence.line.after(verb.end, sentence.words.adverbs - _INTO)
    if norms[index] == "by":
        index += 2  # "by ambulance"
    return carries["hospital"] if norms[index] in _INTO and _hospital_end(sentence, index + 1) is not None else None


def ward_case(sentence: Sentence, k: int, links: Links) -> Link | None:
    """As in "another 19 in Maiduguri hospitals", "40 are in the town's clinics"; not "five died, two in hospital"."""
    phrase, norms, words = sentence.phrases[k], sentence.norms, sentence.words
    if not phrase.maybe_people or words.wards.isdisjoint(sentence.line.distinct):
        return None
    index = sentence.line.after(phrase.last, words.stays)
    if norms[index] not in {"at", "in"} or (index == phrase.last and not phrase.headless):
        return None
    end = _hospital_end(sentence, index + 1)
    if end is None or norms[end] not in _ENDS or phrase.single:
        return None
    before = links.get(k - 1)
    if before is not None and before.measure is Measure.KILLED and not phrase.more:
        most = sentence.phrases[k - 1].quantity.low
        if most is None or phrase.quantity.low is None or phrase.quantity.low <= most:
            return None
    return Link(Measure.HOSPITALISED, Case.SUBJECT)


def _hospital_end(sentence: Sentence, start: int) -> int | None:
    """The token after the hospital that is named from a token on."""
    for probe in range(start, min(start + _NAME, sentence.line.size)):
        norm = sentence.norms[probe]
        if norm in sentence.words.wards:
            return probe + 1
        if norm in sentence.words.object_ends - {"and"} or sentence.verb_at.get(probe) is not None:
            return None
    return None


def condition_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "a woman remains in a critical condition", "one is fighting for her life", where nothing else is told."""
    norms, words = sentence.norms, sentence.words
    if not phrase.maybe_people or sentence.is_oblique(phrase) or sentence.is_speaker(phrase):
        return None
    index = sentence.line.after(phrase.last, words.stays)
    if index == phrase.last and not phrase.single:
        return None
    fights = norms[index] in {"fighting", "battling"} and norms[index + 1] == "for" and norms[index + 3] in words.lives
    found = words.conditions.at(norms, index + 1) if norms[index] == "in" else None
    return Link(Measure.INJURED, Case.FAR_SUBJECT) if fights or found is not None else None


def as_did_case(sentence: Sentence, k: int, links: Links) -> Link | None:
    """As in "49 civilians died, as did fifteen soldiers": what the figure before suffered."""
    phrase, norms = sentence.phrases[k], sentence.norms
    if norms[phrase.first - 2] != "as" or norms[phrase.first - 1] not in _DID or not phrase.maybe_people:
        return None
    before = [links[j].measure for j in range(k) if j in links and links[j].measure in PEOPLE_MEASURES]
    return Link(before[-1], Case.FAR_SUBJECT) if before else None


def shot_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "seven people were shot, two fatally": who was shot is hurt or dead."""
    norms, words = sentence.norms, sentence.words
    if "fatally" not in sentence.line.distinct or phrase.single or not phrase.maybe_people:
        return None
    if norms[sentence.line.after(phrase.last, words.be | words.adverbs)] not in _BLOWS:
        return None
    fatal = any(norms[part.last] == "fatally" for part in sentence.phrases if part.first > phrase.last)
    return Link(Measure.CASUALTIES, Case.SUBJECT) if fatal else None
