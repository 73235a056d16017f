"""The words that say what a figure counts, from ``data/en/measures.toml`` (codebook 2)."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.lexicon import LexiconError, read_toml
from tracker.models import Measure
from tracker.tokens import PhraseBook

FORMS = ("base", "third", "past", "part", "ing")
#: The sort of a counted phrase → the measure it gets; None where it gets none and no other may be guessed.
Frame = Mapping[str, Measure | None]


@dataclass(frozen=True, eq=False)
class Lexeme:
    """Everything one phrase can be: a verb in some forms, a state, a noun, a toll, a wave of munitions.

    The frames say which measure a phrase gets in that slot: as ``object``, ``agent``, behind ``with``
    (``means``), before a state (``states``), after "claimed the lives of" (``takes``), as the noun itself
    (``names``). ``carries`` maps the word that must follow the object ("alive") to its measure, ``injuries``
    lists what a ``suffers`` verb must have as its object.
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
    #: What the phrase says of people, in whatever slot.
    people: Measure | None = None

    @functools.cached_property
    def participle(self) -> bool:
        """Whether it can be a past participle ("killed")."""
        return "part" in self.forms

    @functools.cached_property
    def predicative(self) -> bool:
        """Whether it can stand behind a noun and say what became of it ("killed", "dead")."""
        return "part" in self.forms or bool(self.states)


class _Drafts:
    """Phrase → the fields that its rows have given it so far."""

    def __init__(self) -> None:
        self.fields: defaultdict[str, dict[str, Any]] = defaultdict(dict)

    def widen(self, phrase: str, slot: str, frame: Mapping[str, str]) -> None:
        """Add a row's frame to a slot."""
        try:
            read = {sort: None if value == "none" else Measure(value) for sort, value in frame.items()}
        except ValueError as error:
            raise LexiconError(f"data/en/measures.toml: {phrase}: {error}.") from None
        self.fields[phrase][slot] = self.fields[phrase].get(slot, {}) | read

    def add_verb(self, row: Mapping[str, Any]) -> None:
        """Take the five forms of each verb of a row."""
        slots = (("object", "object"), ("agent", "agent"), ("means", "with"), ("intransitive", "intransitive"))
        for forms in row["forms"]:
            if len(forms) != len(FORMS):
                raise LexiconError(f"data/en/measures.toml: {forms[0]!r} needs its five forms: {', '.join(FORMS)}.")
            for name, phrase in zip(FORMS, forms, strict=True):
                known = self.fields[phrase].setdefault("forms", set())
                known.add(name)
                if name == "past" and phrase.split()[0].endswith(("ed", "nt")):
                    known.add("part")  # "burned" beside "burnt"
                for slot, key in slots:
                    self.widen(phrase, slot, row.get(key, {}))

    def lexeme(self, phrase: str) -> Lexeme:
        """The finished entry of a phrase."""
        draft = dict(self.fields[phrase])
        frames = (draft.get(slot, {}) for slot in ("object", "intransitive", "states", "suffers", "names"))
        people = next((frame["people"] for frame in frames if frame.get("people")), None)
        forms = frozenset(draft.pop("forms", ()))
        return Lexeme(phrase, forms=forms, people=people, **draft)


@functools.cache
def lexemes(language: str = "en") -> PhraseBook[Lexeme]:
    """All predicates, longest phrase first; LexiconError where a row names an unknown measure."""
    data = read_toml(f"{language}/measures.toml")
    drafts = _Drafts()
    for row in data["verbs"]:
        drafts.add_verb(row)
    for slot in ("states", "takes", "losses", "names"):
        for row in data[slot]:
            for phrase in row["terms"]:
                drafts.widen(phrase, slot, row["of"])
    for row in data["takes"]:
        for phrase in row["terms"]:
            drafts.fields[phrase]["needs_lives"] = phrase in row.get("needs_lives", ())
            drafts.fields[phrase]["needs_head"] = frozenset(row.get("needs_head", ()))
    for row in data["carries"]:
        for phrase in (form for forms in row["forms"] for form in forms):
            drafts.widen(phrase, "carries", dict.fromkeys(row["after"], row["of"]["people"]))
    for row in data["suffers"]:
        for phrase in (form for forms in row["forms"] for form in forms):
            drafts.widen(phrase, "suffers", row["of"])
            drafts.fields[phrase]["injuries"] = frozenset(row["after"])
    for row in data["tolls"]:
        for phrase in row["terms"]:
            drafts.fields[phrase]["toll"] = Measure(row["measure"])
    for row in data["waves"]:
        for phrase in row["terms"]:
            drafts.fields[phrase]["wave"] = frozenset(row["links"])
    return PhraseBook((phrase, drafts.lexeme(phrase)) for phrase in list(drafts.fields))
