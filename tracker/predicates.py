"""The words that say what a figure counts, from ``data/en/measures.toml`` (codebook 2)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.lexicon import LexiconError, read_toml
from tracker.models import Measure
from tracker.tokens import PhraseBook

_FORMS = ("base", "third", "past", "part", "ing")
Frame = Mapping[str, Measure | None]


@dataclass(slots=True)
class Lexeme:
    """Everything one phrase can be: a verb in some forms, a state, a noun, a toll, a wave of munitions.

    ``object``, ``agent``, ``means`` and ``states`` map the kind of a counted phrase to the measure it gets.
    """

    phrase: str
    forms: frozenset[str] = frozenset()
    object: Frame = field(default_factory=dict)
    agent: Frame = field(default_factory=dict)
    means: Frame = field(default_factory=dict)
    intransitive: Frame = field(default_factory=dict)
    states: Frame = field(default_factory=dict)
    takes: Frame = field(default_factory=dict)
    needs_lives: bool = False
    needs_head: frozenset[str] = frozenset()
    names: Frame = field(default_factory=dict)
    toll: Measure | None = None
    wave: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return hash(self.phrase)

    @property
    def people(self) -> Measure | None:
        """What the phrase says of people, in whatever slot."""
        for frame in (self.object, self.intransitive, self.states, self.names):
            if frame.get("people"):
                return frame["people"]
        return None


def _frame(table: Mapping[str, str], where: str) -> dict[str, Measure | None]:
    try:
        return {kind: None if value == "none" else Measure(value) for kind, value in table.items()}
    except ValueError as error:
        raise LexiconError(f"data/en/measures.toml: {where}: {error}.") from None


@functools.cache
def lexemes(language: str = "en") -> PhraseBook[Lexeme]:
    """All predicates, longest phrase first; LexiconError where a row names an unknown measure."""
    data = read_toml(f"{language}/measures.toml")
    found: dict[str, Lexeme] = {}

    def lexeme(phrase: str) -> Lexeme:
        return found.setdefault(phrase, Lexeme(phrase))

    for row in data["verbs"]:
        _add_verb(row, lexeme)
    for row in data["states"]:
        for phrase in row["terms"]:
            entry = lexeme(phrase)
            entry.states = {**entry.states, **_frame(row["of"], phrase)}
    for row in data["takes"]:
        for phrase in row["terms"]:
            entry = lexeme(phrase)
            entry.takes = _frame(row["of"], phrase)
            entry.needs_lives = phrase in row.get("needs_lives", ())
            entry.needs_head = frozenset(row.get("needs_head", ()))
    for row in data["names"]:
        for phrase in row["terms"]:
            lexeme(phrase).names = _frame(row["of"], phrase)
    for row in data["tolls"]:
        for phrase in row["terms"]:
            lexeme(phrase).toll = Measure(row["measure"])
    for row in data["waves"]:
        for phrase in row["terms"]:
            lexeme(phrase).wave = frozenset(row["links"])
    return PhraseBook(found.items())


def _add_verb(row: Mapping[str, Any], lexeme: Any) -> None:
    for forms in row["forms"]:
        if len(forms) != len(_FORMS):
            raise LexiconError(f"data/en/measures.toml: {forms[0]!r} needs its five forms: {', '.join(_FORMS)}.")
        for name, phrase in zip(_FORMS, forms, strict=True):
            entry = lexeme(phrase)
            entry.forms = entry.forms | {name}
            for slot, key in (("object", "object"), ("agent", "agent"), ("means", "with"), ("intransitive", "intransitive")):
                setattr(entry, slot, {**getattr(entry, slot), **_frame(row.get(key, {}), phrase)})
