"""Whether what a verb says has happened (codebook 2: nothing negated, possible or planned is a claim)."""

from __future__ import annotations

from tracker.reading.sentence import Sentence
from tracker.reading.voice import Verb, Voice

#: So many words before a verb may decide.
_REACH = 6
_DENIAL_REACH = 16


def is_unreal(sentence: Sentence, verb: Verb) -> bool:
    """Negated, possible or planned: "could kill", "did not wound", "vowed to shoot down", "denied killing"."""
    norms, words = sentence.norms, sentence.words
    for probe in range(verb.start - 1, max(-1, verb.start - 1 - _REACH), -1):
        norm = norms[probe]
        if norm not in words.before_unreal and not norm.endswith("n't"):
            break
        if norm in words.maybe and norms[probe + 1] == "have":
            continue  # "as many as 30 may have died": reported, if not certain
        if norm in words.unreal or norm.endswith("n't"):
            return True
        if norm == "to":
            return _is_infinitive_unreal(sentence, verb, probe)
        if norm in words.helpers:
            continue
        if norm in words.intentions or norm in words.deny:
            return True
        break
    return _is_denied(sentence, verb)


def _is_infinitive_unreal(sentence: Sentence, verb: Verb, to: int) -> bool:
    """As in "threatened to kill"; but "managed to kill", "believed to be buried", "said to have died" are real."""
    norms, words = sentence.norms, sentence.words
    if norms[to - 1] in words.link:
        return False
    if verb.voice is not Voice.ACTIVE and norms[to + 1] != "be":
        return False
    perfect = norms[to + 1] == "have"
    return not perfect and norms[to - 1] not in words.realised and norms[to - 2] not in words.realised


def _is_denied(sentence: Sentence, verb: Verb) -> bool:
    """As in "denied that 15 of its men had been killed"."""
    norms, deny = sentence.norms, sentence.words.deny
    if deny.isdisjoint(sentence.line.distinct):
        return False
    reach = range(max(0, verb.start - _DENIAL_REACH), verb.start)
    return any(norms[index] in deny and norms[index + 1] == "that" for index in reach)
