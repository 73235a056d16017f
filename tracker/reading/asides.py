"""What a sentence tells of a figure in passing: the list of its parts, between dashes, commas or in brackets."""

from __future__ import annotations

from tracker.models import Group
from tracker.reading.nouns import DEMOGRAPHIC
from tracker.reading.phrase import Phrase
from tracker.reading.sentence import Sentence

DASHES = frozenset({"-", "–", "—"})
#: What opens and closes a list of what a figure is made of.
ASIDES = {
    **{mark: frozenset({mark, "", "."}) for mark in ("-", "–", "—")},
    ",": frozenset({",", "", ".", ";"}),
    "(": frozenset({")"}),
    ":": frozenset({"", ".", ";"}),
}
#: Named people end within so many tokens.
_NAMES = 26
#: A bracket behind a figure or in its noun phrase closes within so many tokens.
_BRACKET = 12


def parts_in_aside(sentence: Sentence, k: int, opens: int) -> list[int]:
    """The phrases of the list between dashes or in brackets that open at a token; none where none does."""
    closes = ASIDES.get(sentence.norms[opens])
    if closes is None:
        return []
    parts: list[int] = []
    for j in range(k + 1, len(sentence.phrases)):
        opened = sentence.phrases[j].first == opens + 1
        if not (sentence.is_coordinate(j - 1, j) if parts else opened):
            return []
        parts.append(j)
        if sentence.norms[sentence.phrases[j].last] in closes:
            return parts
    return []


def make_up(sentence: Sentence, parts: list[int], whole: Phrase) -> bool:
    """Whether the figures of an aside add up to the one before it; one in brackets is a part where it is smaller."""
    lows = [sentence.phrases[j].quantity.low for j in parts]
    total = sum(filter(None, lows))
    if None in lows or whole.quantity.low is None:
        return False
    if is_list(sentence, parts):
        return total == whole.quantity.low  # "two guests, a nurse and her son, were hurt"
    bracketed = sentence.norms[sentence.phrases[parts[-1]].last] == ")"
    if len(parts) == 1:
        return bracketed and total < whole.quantity.low
    if bracketed and total < whole.quantity.low:
        return all(sentence.phrases[j].group not in {None, Group.ALL} for j in parts)  # "31 (six children, two women)"
    groups = {sentence.phrases[j].group for j in parts}
    alike = whole.group in {None, Group.ALL} or groups == {whole.group} or groups <= DEMOGRAPHIC
    return total == whole.quantity.low and alike


def is_list(sentence: Sentence, parts: list[int]) -> bool:
    """Whether the one phrase of an aside is a list of single people, taken together."""
    only = sentence.phrases[parts[0]]
    return len(parts) == 1 and "and" in sentence.gap(only.first, only.last)


def after_bracket(sentence: Sentence, index: int) -> int:
    """The token behind a bracket that opens at ``index``; ``index`` itself where none does."""
    if sentence.norms[index] != "(":
        return index
    limit = min(index + _BRACKET, sentence.line.size)
    return next((at + 1 for at in range(index, limit) if sentence.norms[at] == ")"), index)


def after_names(sentence: Sentence, phrase: Phrase) -> int:
    """The token behind a phrase and some of it, told or named: "eleven people, including Judge Awan and a clerk,"."""
    norms, words = sentence.norms, sentence.words
    start = phrase.last + (norms[phrase.last] == ",")
    opens = norms[start] in words.aside_openers and start > phrase.last
    if not opens and not (norms[start] == "including" and sentence.line.is_capital(start + 1)):
        return phrase.last
    for at in range(start + 1, min(start + _NAMES, sentence.line.size)):
        if norms[at] in words.be or norms[at] in words.have or norms[at] in {";", ":"}:
            return phrase.last
        if norms[at] == "," and (norms[at + 1] in words.be | words.have or sentence.verb_at.get(at + 1) is not None):
            return at + 1
    return phrase.last


def after_parts(sentence: Sentence, phrase: Phrase) -> int:
    """The token behind a phrase and the list of its parts between commas: "ten others, two boys and eight men,"."""
    index = phrase.last
    if sentence.norms[index] != "," or index + 1 not in sentence.at_first:
        return index
    parts = parts_in_aside(sentence, sentence.at_first[phrase.first], index)
    closes = sentence.phrases[parts[-1]].last if len(parts) > 1 else index
    closed = closes > index and sentence.norms[closes] == ","
    return closes + 1 if closed and make_up(sentence, parts, phrase) else index
