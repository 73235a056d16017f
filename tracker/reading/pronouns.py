"""The attacker, named by a pronoun only: "before police shot him dead", "before he was shot dead"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.models import Group, Measure, Relation
from tracker.reading.links import Count
from tracker.reading.nouns import Sort
from tracker.reading.sentence import Sentence
from tracker.reading.voice import Voice

_PRONOUNS, _SELVES = frozenset({"he", "him", "she"}), frozenset({"herself", "himself"})
#: Officers stand so many tokens before "shot him dead".
_OFFICERS = 12
#: What attackers do besides killing and wounding.
_ATTACKS = frozenset({"attacked", "fired", "hacked", "rammed", "shooting", "slashed", "stabbed", "stabbing"})
#: Who hurts others and is then killed may be anybody of these; a guard who fired back is no attacker.
_ANYBODY = frozenset({Group.ALL, Group.MEN, Group.WOMEN, Group.CHILDREN, Group.FIGHTERS, Group.PERPETRATORS, None})


def attackers(sentence: Sentence) -> Iterator[Count]:
    """Every attacker of a sentence whose death is told of a pronoun."""
    if _PRONOUNS.isdisjoint(sentence.line.distinct):
        return
    for index in range(sentence.line.size):
        norm = sentence.norms[index]
        if norm == "him":
            dead = _is_shot(sentence, index)
        else:
            dead = norm in {"he", "she"} and sentence.norms[index - 1] in {"before", "until"} and _dies(sentence, index)
        if dead:
            yield Count(Measure.KILLED, sentence.line.exactly(1, index, index + 1), Group.PERPETRATORS)


def himself(sentence: Sentence, counts: Sequence[Count]) -> Iterator[Count]:
    """As in "killed twelve people, including himself": the attacker is of the figure before."""
    if _SELVES.isdisjoint(sentence.line.distinct):
        return
    for index in range(1, sentence.line.size):
        if sentence.norms[index] not in _SELVES or sentence.norms[index - 1] != "including":
            continue
        quantity = sentence.line.exactly(1, index, index + 1)
        before = (count for count in counts if count.quantity.span.end <= quantity.span.start)
        told = [count for count in before if count.measure is Measure.KILLED]
        if told and told[-1].relation is Relation.TOTAL:
            yield Count(Measure.KILLED, quantity, Group.PERPETRATORS, Relation.SUBSET)


def _is_shot(sentence: Sentence, index: int) -> bool:
    """As in "before police shot him dead"."""
    norms, words = sentence.norms, sentence.words
    verb = sentence.verb_until.get(index)
    killed = verb is not None and verb.lexeme.object.get(Sort.PEOPLE) is Measure.KILLED
    shot_dead = norms[index - 1] in {"shot", "shoot", "shooting"} and norms[index + 1] == "dead"
    before = sentence.gap(index - _OFFICERS, index - 1)
    if verb is not None and "ing" in verb.lexeme.forms and norms[verb.start - 1] == ",":
        told = [phrase for phrase in sentence.phrases if phrase.last <= verb.start]
        if told and told[-1].group is not Group.PERPETRATORS:
            return False  # "a mine struck the car of a policeman, killing him"
    return (killed or shot_dead) and not words.officers.isdisjoint(before) and words.modals.isdisjoint(before)


def _dies(sentence: Sentence, index: int) -> bool:
    """As in "hurt three people before he was shot dead"."""
    verb = sentence.verb_at.get(sentence.line.after(index + 1, sentence.words.helpers))
    if sentence.norms[index + 1] not in sentence.words.be or verb is None:
        return False
    if verb.voice is not Voice.PASSIVE or verb.lexeme.people is not Measure.KILLED:
        return False
    hurt = not _ATTACKS.isdisjoint(sentence.norms[:index])
    hurt = hurt or any(
        v.start < index and v.voice is Voice.ACTIVE and v.lexeme.object.get(Sort.PEOPLE) for v in sentence.verbs
    )
    return hurt and all(p.group in _ANYBODY for p in sentence.phrases if p.single and p.first < index)
