"""A sentence ready for linking: its phrases, and how its predicates are used around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from tracker.models import Group, Quantity
from tracker.numbers import find_quantities
from tracker.reading.glossed import Glossed
from tracker.reading.layout import Layout
from tracker.reading.links import Link
from tracker.reading.nouns import DEMOGRAPHIC, Sort
from tracker.reading.numbered import numbered
from tracker.reading.phrase import Phrase
from tracker.reading.singles import singles
from tracker.reading.voice import Verb, Voice, find_verbs

#: No list of people that is one figure has more members.
_LONGEST_LIST = 12
#: So much may be told of somebody before those who belong to him.
_TOLD_BETWEEN = 11
_OFFICERS = frozenset({"officer", "officers"})
_POLICE = frozenset({"police", "policeman", "policemen", "constable", "constables", "sheriff"})
#: What "one a policewoman" is told behind.
_ASIDES = frozenset({",", "(", "-", "–", "—"})


class Sentence(Layout):
    """A layout with its verbs; read, never changed, but for what ``subjects`` has found and keeps."""

    def __init__(self, line: Glossed, phrases: Sequence[Phrase], sort_before: Sort | None) -> None:
        super().__init__(line, phrases, sort_before)
        self.verbs = find_verbs(self)
        self.verb_at: dict[int, Verb] = {}
        self.verb_until: dict[int, Verb] = {}
        for verb in self.verbs:
            self.verb_at[verb.start] = self.verb_until[verb.end] = verb
        self.adjacent: dict[int, Link | None] = {}

    def verbs_before(self, index: int) -> Iterator[Verb]:
        """Verbs that end at or before a token, the nearest first."""
        return (verb for verb in reversed(self.verbs) if verb.end <= index)


def read_sentence(text: str, sort_before: Sort | None = None) -> Sentence:
    """Tokens, figures, phrases and verbs of a sentence, lists of single people taken together.

    >>> [phrase.quantity.text for phrase in read_sentence("A man, his wife and a driver were killed.").phrases]
    ['A man, his wife and a driver']
    """
    line = Glossed(text)
    phrases = find_phrases(line)
    first = Sentence(line, phrases, sort_before)
    if len(phrases) < 2 or not any(phrase.single for phrase in phrases):
        return first
    merged = list(_merged(first))
    return first if len(merged) == len(phrases) else Sentence(line, merged, sort_before)


def find_phrases(line: Glossed) -> list[Phrase]:
    """All phrases from left to right, none overlapping: figures with their nouns, then single people between them."""
    figures = {found.first: found for found in find_quantities(line)}
    taken = [False] * (line.size + 1)
    phrases: list[Phrase] = []
    end = 0
    ranked = _OFFICERS.isdisjoint(line.distinct) or not _POLICE.isdisjoint(line.distinct)
    for first, found in figures.items():
        phrase = numbered(line, found, figures) if first >= end else None
        if phrase is not None:
            phrases.append(phrase)
            end = phrase.last
            taken[phrase.first : end] = [True] * (end - phrase.first)
    single = list(singles(line, taken))
    if single:
        phrases = sorted(phrases + single, key=lambda phrase: phrase.first)
    return phrases if ranked else _of_the_army(line, phrases)


def _of_the_army(line: Glossed, phrases: list[Phrase]) -> list[Phrase]:
    """As in "an officer and eight conscripts": officers told of beside soldiers are no police."""
    if not any(phrase.group is Group.SOLDIERS and not phrase.definite for phrase in phrases):
        return phrases
    return [
        phrase._replace(group=Group.SOLDIERS)
        if phrase.group is Group.POLICE and line.norms[phrase.head or -1] in _OFFICERS
        else phrase
        for phrase in phrases
    ]


# -- lists of people that are one figure -------------------------------------------------------------


def _merged(sentence: Sentence) -> Iterator[Phrase]:
    """Lists of people with a single person in them are one figure: "a man, his wife and a driver" (codebook 2)."""
    phrases = sentence.phrases
    k = 0
    while k < len(phrases):
        end = k + 1
        while end < min(len(phrases), k + _LONGEST_LIST) and _may_join(sentence, end - 1):
            end += 1
        apart = end - k > 1 and not phrases[k].single and is_marked_subset(sentence, phrases[k].first)
        if apart:
            yield from phrases[k:end]  # "among them two women, a boy and four guards"
            k = end
            continue
        while end - k > 1 and not _is_one_figure(sentence, phrases[k:end]):
            end -= 1
        yield phrases[k] if end - k == 1 else _sum(sentence.line, phrases[k:end])
        k = end


def _may_join(sentence: Sentence, k: int) -> bool:
    """Whether a phrase and the next can stand in one list of people."""
    pair = sentence.phrases[k : k + 2]
    return all(map(_is_listable, pair)) and (sentence.is_coordinate(k, k + 1) or _goes_on_to_theirs(sentence, *pair))


def _goes_on_to_theirs(sentence: Sentence, one: Phrase, other: Phrase) -> bool:
    """As in "a candidate running for a seat, his driver": what is told of the first stands between it and its own."""
    norms, words = sentence.norms, sentence.words
    if (
        not (one.single and other.single)
        or norms[other.first] not in words.possessives
        or not _is_object(sentence, one)
    ):
        return False
    gap = sentence.gap(one.last, other.first)
    if not 2 <= len(gap) <= _TOLD_BETWEEN or gap[-1] not in {",", "and"} or gap[0] in {",", "and"}:
        return False
    return ";" not in gap and not any(one.last <= verb.start < other.first for verb in sentence.verbs)


def _is_listable(phrase: Phrase) -> bool:
    """Whether a phrase counts people exactly and stands for nothing else."""
    if phrase.sort is not Sort.PEOPLE or phrase.headless or phrase.others:
        return False
    return phrase.name is None and phrase.total_of is None and phrase.quantity.low == phrase.quantity.high


def _is_one_figure(sentence: Sentence, run: Sequence[Phrase]) -> bool:
    """Whether a run of coordinate phrases is one figure."""
    first, last = run[0], run[-1]
    all_single = all(phrase.single for phrase in run)
    if not any(phrase.single for phrase in run) or any(phrase.attribute is not None for phrase in run):
        return False  # "two men and three women"; "a dead man and a wounded woman"
    others = sum(phrase.quantity.low or 0 for phrase in run[1:])
    if not first.single and sentence.norms[last.last] == "," and first.quantity.low == others:
        return False  # "two lodgers, a weaver and a tailor, were hurt"
    gaps = (sentence.gap(a.last, b.first) for a, b in pairwise(run))
    joined = any(sentence.words.list_joins.intersection(gap) for gap in gaps)
    headline = first.first == 0 and first.single and first.head == 0
    if not joined and not headline:
        return False  # "the suspect, a 19-year-old man, was hurt": one person, said twice
    groups = {phrase.group for phrase in run}
    if not all_single and not groups <= DEMOGRAPHIC and len(groups) > 1:
        return False
    if is_marked_subset(sentence, first.first):
        closed = len(run) == 2 and sentence.gap(first.last, last.first) == [",", "and"]
        if not all_single or closed:
            return False  # "three of a family, including a child, and a neighbour"
    return not (_is_object(sentence, first) and _is_subject(sentence, last))


def _is_object(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether an active verb stands close before a phrase."""
    near = range(phrase.first - 3, phrase.first + 1)
    return any(verb.voice is Voice.ACTIVE and verb.end in near for verb in sentence.verbs)


def _is_subject(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether a passive follows a phrase."""
    verb = sentence.verb_at.get(phrase.last)
    return sentence.norms[phrase.last] in sentence.words.be or (verb is not None and verb.voice is Voice.PASSIVE)


def _sum(line: Glossed, run: Sequence[Phrase]) -> Phrase:
    """One phrase over a list, its members kept as parts where they differ."""
    total = sum(phrase.quantity.low or 0 for phrase in run)
    exact: Quantity = line.exactly(total, run[0].first, run[-1].last)
    quantity = replace(exact, approx=any(phrase.quantity.approx for phrase in run))
    groups = {phrase.group for phrase in run}
    group = run[0].group if len(groups) == 1 else Group.ALL
    parts = () if len(groups) == 1 else tuple(phrase for phrase in run if phrase.group not in {Group.ALL, None})
    return run[0]._replace(
        last=run[-1].last, quantity=quantity, group=group, head=run[-1].head, single=False, parts=parts
    )


def is_marked_subset(sentence: Sentence, index: int) -> bool:
    """Whether "including" or its like stands right before token ``index``."""
    end = sentence.line.before(index, sentence.words.subset_gaps)
    norms = sentence.norms
    if norms[index - 1] == "one" and norms[index - 2] in _ASIDES and norms[index] in sentence.words.indefinite:
        return True  # "eight dead, one a policewoman"
    if norms[end - 1] not in sentence.words.subset_lasts:
        return False
    for start in range(max(0, end - 3), end):
        marker = sentence.words.subset.at(norms, start)
        if marker is not None and marker.end == end:
            return marker.term != "with"
    return False
