"""Whether a sentence tells of armed violence at all: not an accident, not a charge before a court (codebook 2)."""

from __future__ import annotations

import functools
import re

from tracker.lexicon import read_toml
from tracker.segment import Entry, Sentence


def _any_of(terms: list[str]) -> re.Pattern[str]:
    """A pattern that finds any term as a whole word, in any case."""
    ordered = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])", re.IGNORECASE)


@functools.cache
def _patterns(language: str = "en") -> dict[str, re.Pattern[str]]:
    """A pattern for each table of ``data/en/setting.toml``."""
    return {name: _any_of(table["terms"]) for name, table in read_toml(f"{language}/setting.toml").items()}


def is_accident(entry: Entry, sentence: Sentence) -> bool:
    """Whether a sentence tells of an accident or a natural disaster.

    A cause named beside it decides first ("gas explosion", "firecracker warehouse"), unless the sentence itself
    holds a word of violence; so does any other word of an accident.
    """
    patterns = _patterns()
    text = sentence.text
    around = " ".join(s.text for s in entry.sentences if abs(s.index - sentence.index) <= 2)
    if not patterns["hazards"].search(around) and not patterns["accidents"].search(text):
        return False
    return not patterns["violence"].search(text)


def is_allegation(sentence: Sentence) -> bool:
    """Whether a sentence tells of a crime that is only charged; a conviction's is a claim."""
    patterns, text = _patterns(), sentence.text
    if not patterns["charges"].search(text) or not patterns["courts"].search(text):
        return False
    return not patterns["convictions"].search(text)


def is_hypothetical(sentence: Sentence) -> bool:
    """Whether a sentence tells of a drill, a game or a forecast."""
    return _patterns()["hypotheticals"].search(sentence.text) is not None


@functools.cache
def _trigger(language: str = "en") -> re.Pattern[str]:
    """Stems without which no sentence can hold a claim, built from the predicates themselves."""
    data = read_toml(f"{language}/measures.toml")
    phrases = {form for row in data["verbs"] for forms in row["forms"] for form in forms}
    phrases |= {
        form for table in ("carries", "suffers") for row in data[table] for forms in row["forms"] for form in forms
    }
    for table in ("losses", "states", "takes", "names", "tolls", "waves"):
        phrases |= {term for row in data[table] for term in row["terms"]}
    grammar = read_toml(f"{language}/grammar.toml")
    phrases |= set(grammar["sites"]["terms"]) | {"whom", "them"}
    # One word of each phrase is enough to look closer: its longest.
    words = {max(re.findall(r"[^\W\d_]+", phrase.lower()), key=len) for phrase in phrases}
    return re.compile(rf"\b(?:{'|'.join(sorted(words))})\b", re.IGNORECASE)


def may_hold_counts(text: str) -> bool:
    """A cheap first look: whether any predicate's word occurs.

    >>> may_hold_counts("Nine people died."), may_hold_counts("Parliament met again.")
    (True, False)
    """
    return _trigger().search(text) is not None
