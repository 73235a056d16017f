"""Figures that lean on what was told before: "the rebels put it at 40", "Nine dead. Six officers and three medics"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.models import Group, Measure, Relation
from tracker.reading.links import PEOPLE_MEASURES, Case, Count, Link, Links
from tracker.reading.phrase import Phrase
from tracker.reading.sentence import Sentence

#: So many words may stand between "put", or "first", and the figure.
_PUT, _FIRST = 4, 3
#: Nobody gives a toll so many times another's.
_FAR = 10
_CLOSES = frozenset({"", ".", ";"})
_ENDS = frozenset({"", ".", ",", ";", ")", "and", "dead", "in", "on", "at"})


def link_told_again(sentence: Sentence, links: Links, before: Sequence[Count]) -> None:
    """A toll that another source, or the same one earlier, gives for what was just counted."""
    told = not sentence.line.distinct.isdisjoint(sentence.words.told_again)
    if not told and ":" not in sentence.line.distinct:
        return
    for k, phrase in enumerate(sentence.phrases):
        if k in links or phrase.single:
            continue
        members = _members(sentence, k, links)
        if not members and not (told and _tells_again(sentence, phrase)):
            continue
        known = [
            (links[j].measure, sentence.phrases[j].quantity.low, sentence.phrases[j].group)
            for j in range(k)
            if j in links and links[j].relation is Relation.TOTAL
        ] or [(count.measure, count.quantity.low, count.group) for count in before if count.relation is Relation.TOTAL]
        tolls = [toll for toll in known if toll[0] in PEOPLE_MEASURES]
        toll = next((toll for toll in tolls if toll[0] is Measure.KILLED), tolls[0] if len(tolls) == 1 else None)
        if toll is None or not _is_alike(phrase, toll[1]):
            continue
        group = phrase.group or toll[2]
        links[k] = Link(toll[0], Case.TOLD, group=Group.ALL if members else group)
        links.update({j: Link(toll[0], Case.AMONG, Relation.SUBSET, k) for j in members})
        hurt = next((other for other in tolls if other[0] is Measure.INJURED), None)
        if hurt is not None and toll[0] is Measure.KILLED and _goes_on(sentence, k):
            links[k + 1] = Link(Measure.INJURED, Case.TOLD, group=group)  # "had spoken of 12 and 58"


def _members(sentence: Sentence, k: int, links: Links) -> list[int]:
    """As in "the parish counts 43: nineteen women, 15 men, nine children": who a figure is made of."""
    whole, phrases = sentence.phrases[k], sentence.phrases
    if not whole.headless or sentence.norms[whole.last] != ":":
        return []
    end = k + 1
    while end < len(phrases) and end not in links and phrases[end].group is not None:
        if not (phrases[end].first == whole.last + 1 if end == k + 1 else sentence.is_coordinate(end - 1, end)):
            break
        end += 1
    total = sum(phrase.quantity.low or 0 for phrase in phrases[k + 1 : end])
    return list(range(k + 1, end)) if end > k + 2 and total == whole.quantity.low else []


def _tells_again(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether the words before a figure give a toll without its noun."""
    norms, words, first = sentence.norms, sentence.words, phrase.first
    if not phrase.maybe_people or norms[phrase.last] not in _ENDS:
        return False
    before = norms[first - 1]
    if before == "at" and phrase.headless:
        if norms[first - 2] in words.tallies:
            return not words.putting.isdisjoint(sentence.gap(first - 2 - _PUT, first - 2))
        return norms[first - 2] in words.toll_states and norms[first - 3] in words.tallies
    if before == "of":
        return norms[first - 2] in words.speaking
    early = not words.earlier.isdisjoint(sentence.gap(first - 1 - _FIRST, first - 1))
    return phrase.headless and early and (before in words.say or before in words.recorded)


def _is_alike(phrase: Phrase, low: int | None) -> bool:
    """Whether two tolls may be of one event."""
    own = phrase.quantity.low or phrase.quantity.high
    return own is not None and low is not None and low <= own * _FAR and own <= low * _FAR


def _goes_on(sentence: Sentence, k: int) -> bool:
    """As in "of 12 and 58", "70 and 138 respectively"."""
    pair = sentence.phrases[k : k + 2]
    return len(pair) == 2 and all(phrase.headless for phrase in pair) and sentence.is_coordinate(k, k + 1)


def made_up_of(sentence: Sentence, before: Sequence[Count]) -> Iterator[Count]:
    """As in "Nine dead. Six officers, a medic and two residents": without a verb, what the toll before is made of."""
    phrases = [phrase for phrase in sentence.phrases if not sentence.is_speaker(phrase)]
    if not phrases or sentence.verbs or not all(_lists(sentence, sentence.at_first[each.first]) for each in phrases):
        return
    whole = next((count for count in reversed(before) if count.relation is Relation.TOTAL), None)
    total = sum(phrase.quantity.low or 0 for phrase in phrases)
    last = phrases[-1].last
    said = sentence.norms[last] == "," and not sentence.words.say.isdisjoint(sentence.norms[last:-1])
    closed = said or sentence.norms[last] in _CLOSES
    if not closed or whole is None or whole.measure not in PEOPLE_MEASURES or whole.quantity.low != total or total < 2:
        return
    for phrase in phrases:
        for member in phrase.parts or (phrase,):
            yield Count(whole.measure, member.quantity, member.group or Group.ALL, Relation.SUBSET)


def _lists(sentence: Sentence, k: int) -> bool:
    """Whether a phrase opens a sentence or goes on its list, and says who it counts."""
    phrase = sentence.phrases[k]
    if phrase.group in {None, Group.PERPETRATORS} or phrase.headless or phrase.definite:
        return False
    return phrase.first == 0 if k == 0 else sentence.is_coordinate(k - 1, k)
