"""Whether a sentence tells of armed violence at all: not an accident, not a charge before a court (codebook 2)."""

from __future__ import annotations

import functools
import re

from tracker.lexicon import read_toml
from tracker.segment import Entry, Sentence
from tracker.triggers import Triggers


@functools.cache
def _triggers(language: str = "en") -> Triggers[tuple[str, str]]:
    """Each term of ``data/en/setting.toml`` with its table, found by its words."""
    tables = read_toml(f"{language}/setting.toml")
    return Triggers({(name, term): [term] for name, table in tables.items() for term in table["terms"]})


@functools.cache
def _whole(*terms: str) -> re.Pattern[str]:
    """Any of the terms as whole words in any case; of two that begin alike the longer."""
    ordered = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{ordered})(?![\w-])", re.IGNORECASE)


@functools.lru_cache(maxsize=1024)
def _told_in(text: str) -> frozenset[str]:
    """The tables of which a term stands in a sentence, which is asked for several, by its neighbours too.

    Violence, of which most sentences tell, is left to the few that also tell of an accident.
    """
    found = _triggers().found_in(text)
    return frozenset(table for table, term in found if table != "violence" and _whole(term).search(text))


def _tells_of_violence(text: str) -> bool:
    """Whether a sentence holds a word of violence; that of a natural cause ("shark attack") is none."""
    found = _triggers().found_in(text)
    causes = sorted(term for table, term in found if table == "hazards")
    rest = _whole(*causes).sub(" ", text) if causes else text
    return any(table == "violence" and _whole(term).search(rest) for table, term in found)


def is_accident(entry: Entry, sentence: Sentence) -> bool:
    """Whether a sentence tells of an accident or a natural disaster.

    A cause named beside it decides ("gas explosion", "firecracker warehouse"), and so does a word of an accident
    in it, unless the sentence itself tells of violence.
    """
    if "accidents" not in _told_in(sentence.text):
        at = sentence.index - entry.sentences[0].index
        around = entry.sentences[max(0, at - 2) : at + 3]
        if not any("hazards" in _told_in(near.text) and _is_its_cause(near, sentence) for near in around):
            return False
    return not _tells_of_violence(sentence.text)


def _is_its_cause(near: Sentence, sentence: Sentence) -> bool:
    """Whether the natural cause in one sentence is that of another: in its paragraph, and told without violence."""
    if near.paragraph != sentence.paragraph:
        return False
    return near is sentence or not _tells_of_violence(near.text)


def is_allegation(sentence: Sentence) -> bool:
    """Whether a sentence tells of a crime that is only charged; a conviction's is a claim."""
    told = _told_in(sentence.text)
    return "charges" in told and "courts" in told and "convictions" not in told


def is_hypothetical(sentence: Sentence) -> bool:
    """Whether a sentence tells of a drill, a game or a forecast."""
    return "hypotheticals" in _told_in(sentence.text)
