"""Munitions as means, and the sites they fell on: "attacked Ukraine with 103 drones", "strikes on eight villages"."""

from __future__ import annotations

from tracker.models import Measure
from tracker.reading.links import Case, Link, Links
from tracker.reading.nouns import Sort
from tracker.reading.phrase import Phrase
from tracker.reading.reality import is_unreal
from tracker.reading.sentence import Sentence
from tracker.reading.voice import Voice

#: How many tokens may stand between a verb, a wave of munitions or a strike and the figure.
_VERB, _WAVE, _WAVE_NEAR, _STRIKE = 16, 14, 3, 12
#: The same for a hit and the verb that records it.
_RECORDED = 5
#: Close a list of munitions that has no verb.
_OVER = frozenset({"", ".", "(", "against", "at", "on", "over"})
_ASIDES = frozenset({"-", "–", "—", ":", "("})
#: What becomes of munitions that were launched.
_MET = frozenset({Measure.INTERCEPTED, Measure.SUPPRESSED, Measure.HITS})


def means_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "attacked with 103 drones", "a barrage of 40 rockets", "hit by three missiles"."""
    if phrase.sort is not Sort.MUNITION or phrase.single:
        return None
    before, launched = sentence.norms[phrase.first - 1], Link(Measure.LAUNCHED, Case.MEANS)
    if phrase.total_of is not None and before in _ASIDES:
        # "shot down the majority of drones and missiles — 442 of 476 drones and 41 of 48 missiles"
        verb = next(sentence.verbs_before(phrase.first - 1), None)
        met = verb.lexeme.object.get(Sort.MUNITION) if verb is not None else None
        if verb is not None and met in _MET and not is_unreal(sentence, verb):
            return Link(met, Case.MEANS)
    if before == "with" or (before == "and" and _follows_bare_plural(sentence, phrase)):
        for verb in sentence.verbs_before(phrase.first - 1):
            acts = verb.lexeme.means and verb.voice in {Voice.ACTIVE, Voice.PASSIVE}
            if acts and phrase.first - verb.end <= _VERB:
                apart = ";" in sentence.gap(verb.end, phrase.first) or is_unreal(sentence, verb)
                return None if apart else launched
    if before == "by":
        hit = sentence.verb_until.get(phrase.first - 1)
        measure = hit.lexeme.agent.get(Sort.MUNITION) if hit is not None and hit.voice is Voice.PASSIVE else None
        if hit is not None and measure is not None and not is_unreal(sentence, hit):
            return Link(measure, Case.MEANS)
    for wave in reversed(sentence.predicates):
        distance = phrase.first - wave.end
        reach = _WAVE if before in sentence.words.wave_links else _WAVE_NEAR
        if 0 < distance <= reach and before in wave.term.wave:
            return launched
    return launched if _opens_list(sentence, phrase) else None


def _follows_bare_plural(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "attacked with cruise missiles and 120 drones": the munitions before it are not counted."""
    index = phrase.first - 2
    noun = next((noun for noun in sentence.line.nouns if noun is not None and noun.end == index + 1), None)
    if noun is None or noun.term.sort is not Sort.MUNITION or not noun.term.plural:
        return False
    while index > 0 and sentence.norms[index] != "with":
        if sentence.norms[index] in {",", ";", "."} or index in sentence.at_first or index in sentence.verb_at:
            return False
        index -= 1
    return sentence.norms[index] == "with"


def _opens_list(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "Overnight: 70 missiles and 100 drones over the country": a list of munitions without a verb is a salvo."""
    k = sentence.at_first[phrase.first]
    if phrase.first and sentence.norms[phrase.first - 1] not in sentence.words.headline_marks:
        return False
    last = k
    while last + 1 < len(sentence.phrases) and sentence.phrases[last + 1].sort is Sort.MUNITION:
        if not sentence.is_coordinate(last, last + 1):
            break
        last += 1
    end = sentence.phrases[last].last
    after, said = sentence.norms[end], sentence.norms[end + 1] in sentence.words.say
    return last > k and (after in _OVER or (after == "," and said))


def link_of_launched(sentence: Sentence, links: Links) -> None:
    """As in "Of 149 drones, 57 were shot down": what the first figure is a part of was launched."""
    k = sentence.at_first.get(2 if sentence.norms[1] == "the" else 1)
    if k is None or k in links or sentence.norms[0] != "of":
        return
    phrase = sentence.phrases[k]
    met = [sentence.phrases[j].first for j, link in links.items() if link.measure in _MET]
    if phrase.sort is Sort.MUNITION and met and (min(met) == phrase.last or "," in sentence.gap(phrase.last, min(met))):
        links[k] = Link(Measure.LAUNCHED, Case.MEANS)


def _is_recorded(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "13 hits were recorded", "recorded 13 direct hits": a song has hits too."""
    around = (
        *sentence.gap(phrase.first - _RECORDED, phrase.first),
        *sentence.gap(phrase.last, phrase.last + _RECORDED),
    )
    return not sentence.words.recorded.isdisjoint(around)


def site_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "13 hits were recorded", "attacks on eight villages", "debris fell at 12 locations"."""
    if phrase.sort is Sort.HIT:
        return Link(Measure.HITS, Case.SITE) if _is_recorded(sentence, phrase) else None
    if phrase.sort is not Sort.SITE or phrase.single:
        return None
    norms, words = sentence.norms, sentence.words
    strikes = [match for match in sentence.predicates if match.term.wave or match.term.agent]
    near = any(0 <= phrase.first - strike.end <= _STRIKE for strike in strikes)
    before = norms[phrase.first - 1]
    if before == "on" and norms[phrase.first - 2] in words.attacks_counted:
        return Link(Measure.SITES, Case.SITE)  # "428 strikes on 14 settlements"
    if before in {"on", "against", "targeting"} and near:
        return Link(Measure.SITES, Case.SITE)
    counted = before in {"at", "in", "across"} and norms[phrase.last - 1] in words.sites
    hits = any(other.sort is Sort.HIT and _is_recorded(sentence, other) for other in sentence.phrases)
    if counted and (strikes or hits or not words.rescue.isdisjoint(norms)):
        return Link(Measure.SITES, Case.SITE)
    return None
