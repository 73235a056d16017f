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
    data = read_toml(f"{language}/grammar.toml")
    return {
        "accident": _any_of(data["accidents"]["terms"]),
        "hazard": _any_of(data["accidents"]["hazards"]),
        "violence": _any_of(data["accidents"]["violence"]),
        "charge": _any_of(data["trials"]["terms"]),
        "court": _any_of(data["trials"]["court"]),
        "hypothetical": _any_of(data["hypotheticals"]["terms"]),
        "convicted": _any_of(data["trials"]["convicted"]),
    }


def is_accident(entry: Entry, sentence: Sentence) -> bool:
    """Whether a sentence tells of an accident or a natural disaster.

    A cause named beside it decides first ("gas explosion", "firecracker warehouse"); else any word of violence
    in the sentence, or in its entry, keeps the figure.
    """
    patterns = _patterns()
    text = sentence.text
    around = " ".join(s.text for s in entry.sentences if abs(s.index - sentence.index) <= 2)
    if patterns["hazard"].search(around) and not patterns["violence"].search(text):
        return True
    return patterns["accident"].search(text) is not None and patterns["violence"].search(text) is None


def is_allegation(sentence: Sentence) -> bool:
    """Whether a sentence tells of a crime that is only charged; a conviction's is a claim."""
    patterns = _patterns()
    text = sentence.text
    if patterns["charge"].search(text) is None or patterns["court"].search(text) is None:
        return False
    return patterns["convicted"].search(text) is None


def is_hypothetical(sentence: Sentence) -> bool:
    """Whether a sentence tells of a drill, a game or a forecast."""
    return _patterns()["hypothetical"].search(sentence.text) is not None


@functools.cache
def _trigger(language: str = "en") -> re.Pattern[str]:
    """Stems without which no sentence can hold a claim, built from the predicates themselves."""
    data = read_toml(f"{language}/measures.toml")
    phrases = {form for row in data["verbs"] for forms in row["forms"] for form in forms}
    phrases |= {form for table in ("carries", "suffers") for row in data[table] for forms in row["forms"] for form in forms}
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
