"""Nobody, said as such: "no one was hurt", "without casualties", "no reports of injuries", "injuring no one"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

from tracker.models import Group, Measure
from tracker.reading.links import Count
from tracker.reading.nouns import Sort, member_terms
from tracker.reading.sentence import Sentence
from tracker.reading.voice import Voice

#: A verb that says what nobody suffered; other measures have no zero.
_SUFFERED = frozenset({Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.HOSPITALISED})
_DEAD_AND_HURT = (Measure.KILLED, Measure.INJURED)
#: What may follow a toll that is none: "Wounded: none reported".
_STATED = frozenset({"", ",", ".", ";", "reported", "so"})
_GRAVE = frozenset({"major", "serious", "significant"})
#: "none of the passengers on board the bus was hurt": the verb follows within so many tokens.
_NONE_OF = 7
#: Who was spared stands within so many tokens.
_AMONG = 6
#: "The army suffered no casualties": its own people, named within so many tokens before.
_TOOK, _SUBJECT = frozenset({"incurred", "suffer", "suffered", "suffers", "sustained", "took"}), 4


def nobody(sentence: Sentence) -> Iterator[tuple[Count, range]]:
    """Every zero of a sentence, and the tokens it stands on."""
    zeros = sentence.words.zeros
    if zeros.isdisjoint(sentence.line.distinct):
        return
    for index in compress(range(sentence.line.size), map(zeros.__contains__, sentence.norms)):
        yield from _zeros_at(sentence, index)


def _zeros_at(sentence: Sentence, index: int) -> Iterator[tuple[Count, range]]:
    norms, line = sentence.norms, sentence.line
    norm = norms[index]
    end = index + 1
    verb = sentence.verb_until.get(index)
    measure = verb.lexeme.object.get(Sort.PEOPLE) if verb is not None and verb.voice is Voice.ACTIVE else None
    if measure is not None and (norm in {"nobody", "none"} or (norm == "no" and norms[end] == "one")):
        last = index + 2 if norm == "no" else end
        yield _zero(sentence, measure, index, last), range(index, last)
        return
    printed = end
    noun = line.nouns[end] if norm == "no" and end < line.size else None
    if norm == "no" and norms[end] in sentence.words.zero_heads:
        end = printed = index + 2
    elif noun is not None and noun.term.sort is Sort.PEOPLE and not _names_victims(sentence, noun.end):
        end = noun.end  # "no soldier was hurt"
    elif norm == "none" and norms[end] == "of":
        while end - index < _NONE_OF and not _opens_verb(sentence, end):
            if norms[end] in {"", ","}:
                return  # "six cadets, none of them older than 24, were killed"
            end += 1
    if norm in {"nobody", "none"} or norms[index + 1 : index + 2] == ["one"]:
        end = _over_place(sentence, end)
    group = _group_among(sentence, index, end)
    for measure in dict.fromkeys(_measures(sentence, index, end)):
        yield _zero(sentence, measure, index, printed)._replace(group=group), range(index, end)


def _over_place(sentence: Sentence, end: int) -> int:
    """Over what says of whom nobody suffered: "nobody in the convoy was hurt"."""
    if sentence.norms[end] not in sentence.words.beside_zero:
        return end
    for at in range(end + 1, end + _NONE_OF):
        if sentence.norms[at] in {"", ",", ".", ";"} or at in sentence.at_first:
            return end
        if sentence.norms[at] in sentence.words.be:
            return at
    return end


def _group_among(sentence: Sentence, first: int, start: int) -> Group:
    """As in "no casualties among the troops", "the army suffered no casualties": who was spared."""
    norms = sentence.norms
    if norms[first - 1] in _TOOK:
        return member_terms().group_of(norms[max(0, first - 1 - _SUBJECT) : first - 1]) or Group.ALL
    among = next((at for at in range(start, start + _AMONG) if norms[at] == "among"), None)
    nouns = sentence.line.nouns[among : among + _AMONG] if among is not None else ()
    return next((noun.term.group for noun in nouns if noun is not None and noun.term.many_people), Group.ALL)


def _names_victims(sentence: Sentence, end: int) -> bool:
    """As in "there were no victims": the noun is the harm itself, unless a verb tells of it."""
    words, after = sentence.words, sentence.norms[end]
    if sentence.norms[end - 1] not in words.zero_victims or after in words.have or after in {"of", "who", "whose"}:
        return False
    return not _opens_verb(sentence, end)


def _opens_verb(sentence: Sentence, index: int) -> bool:
    """Whether a verb can begin at a token: "was hurt", "hurt"."""
    lexeme = sentence.line.lexemes[index] if index < sentence.line.size else None
    return sentence.norms[index] in sentence.words.be or (lexeme is not None and lexeme.term.participle)


def _zero(sentence: Sentence, measure: Measure, first: int, last: int) -> Count:
    return Count(measure, sentence.line.exactly(0, first, last), Group.ALL)


def _measures(sentence: Sentence, index: int, end: int) -> Sequence[Measure]:
    """What nobody suffered: read from the noun or the verb that follows."""
    norms = sentence.norms
    norm = norms[index]
    if norm == "nil":
        verb = sentence.verb_until.get(index - 1)
        named = verb is not None and verb.lexeme.names and norms[index - 1] == ":"
        return _DEAD_AND_HURT if named else ()  # "Casualties: nil"
    stated = norm in {"none", "nobody"} and norms[index - 1] == ":"
    toll = sentence.line.lexemes[index - 2] if stated and index > 1 else None
    if toll is not None and toll.term.people in _DEAD_AND_HURT and norms[end] in _STATED:
        return (toll.term.people,)  # "Wounded: none"
    if norm == "no" and norms[index + 1] in sentence.words.lives:
        after = sentence.line.after(index + 2, sentence.words.zero_verb_gaps)
        return (Measure.KILLED,) if norms[after] in {"claimed", "lost", "taken"} else ()
    if norm == "without" and norms[index + 1 : index + 4] == ["loss", "of", "life"]:
        return (Measure.KILLED,)
    if norm in {"no", "without", "neither"} and end == index + 1:
        return _named(sentence, end)
    return _said(sentence, end)


def _named(sentence: Sentence, start: int) -> list[Measure]:
    """The nouns after "no": "no deaths or injuries", "no reports of serious casualties"; not "no further victims"."""
    line, words = sentence.line, sentence.words
    named: list[Measure] = []
    index = line.after(start, words.before_zero)
    if line.norms[index] in words.no_zero:
        return named
    while index < line.size:
        match, norm = line.lexemes[index], line.norms[index]
        measure = match.term.names.get(Sort.PEOPLE) if match is not None else None
        if match is not None and measure is not None:
            named += _DEAD_AND_HURT if measure is Measure.CASUALTIES else (measure,)
            index = match.end
            continue
        if norm in words.zero_victims:
            named += _DEAD_AND_HURT
        elif norm in _GRAVE and line.norms[index + 1] == "damage":
            pass  # "no serious damage or injuries"; but "no serious injuries" leaves lighter ones
        elif not (named and norm in words.zero_links) and not (norm in words.zero_gaps and index - start < 4):
            break
        index += 1
    return named


def _said(sentence: Sentence, start: int) -> list[Measure]:
    """The verbs after "no one": "was killed or injured", "is reported missing"."""
    line, words = sentence.line, sentence.words
    said: list[Measure] = []
    index = line.after(start, words.zero_verb_gaps)
    if not words.severity.isdisjoint(line.norms[start:index]):
        return said  # "nobody was seriously hurt"
    while index < line.size:
        match = line.lexemes[index]
        if match is None or not (match.term.forms & {"part", "past"} or match.term.states):
            break
        measure = match.term.people
        if measure is None or measure not in _SUFFERED:
            break
        said.append(measure)
        index = line.after(match.end, words.zero_verb_links)
    return said
