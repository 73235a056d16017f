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

    ``object``, ``agent``, ``means``, ``states`` and their like map the kind of a counted phrase to the measure it
    gets; ``carries`` maps the word that must follow the object ("alive") to it, ``injuries`` lists what a
    ``suffers`` verb must have as its object.
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
    carries: Frame = field(default_factory=dict)
    suffers: Frame = field(default_factory=dict)
    injuries: frozenset[str] = frozenset()
    losses: Frame = field(default_factory=dict)
    names: Frame = field(default_factory=dict)
    toll: Measure | None = None
    wave: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return hash(self.phrase)

    @property
    def people(self) -> Measure | None:
        """What the phrase says of people, in whatever slot."""
        for frame in (self.object, self.intransitive, self.states, self.suffers, self.names):
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
            entry.takes = {**entry.takes, **_frame(row["of"], phrase)}
            entry.needs_lives = phrase in row.get("needs_lives", ())
            entry.needs_head = frozenset(row.get("needs_head", ()))
    for row in data["carries"]:
        for forms in row["forms"]:
            for phrase in forms:
                entry = lexeme(phrase)
                entry.carries = {**entry.carries, **{word: Measure(row["of"]["people"]) for word in row["after"]}}
    for row in data["suffers"]:
        for forms in row["forms"]:
            for phrase in forms:
                entry = lexeme(phrase)
                entry.suffers, entry.injuries = _frame(row["of"], phrase), frozenset(row["after"])
    for row in data["losses"]:
        for phrase in row["terms"]:
            lexeme(phrase).losses = _frame(row["of"], phrase)
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
            if name == "past" and phrase.split()[0].endswith(("ed", "nt")):
                entry.forms = entry.forms | {"part"}  # "burned" beside "burnt"
            for slot, key in (("object", "object"), ("agent", "agent"), ("means", "with"), ("intransitive", "intransitive")):
                setattr(entry, slot, {**getattr(entry, slot), **_frame(row.get(key, {}), phrase)})
