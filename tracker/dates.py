"""Date phrases of a text (codebook 7).

The grammar is data (``data/en/dates.toml``); this module finds its phrases, :mod:`tracker.days` does their
arithmetic. What a phrase is *about* (the attack, a speech, an older event) is not asked here: see :mod:`tracker.when`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.lexicon import LexiconError, read_toml
from tracker.models import Span
from tracker.triggers import Stems
from tracker.wording import any_of


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date phrase as printed: ``text == source[span.start:span.end]``.

    ``kind`` names the arithmetic (``weekday``, ``date``, ``since``, ...), ``parts`` are its captured numbers and
    names, e.g. ``(("weekday", "Friday"),)``.
    """

    span: Span
    text: str
    kind: str
    parts: tuple[tuple[str, str], ...]
    days: int = 0

    def part(self, name: str) -> str | None:
        """The printed part ``name``, or None."""
        return next((value for key, value in self.parts if key == name), None)

    @property
    def is_calendar_day(self) -> bool:
        """True for a day with its month, however written."""
        return self.kind in ("date", "month_first", "either_first")

    @property
    def is_span(self) -> bool:
        """True where the phrase covers a span over which a toll is summed ("since March", "the past day")."""
        return self.kind in ("span", "since", "between")

    @property
    def is_coarse(self) -> bool:
        """True for a month, a year, or a distance in months or years: background unless it is a claim's own."""
        return self.kind in ("month", "year", "named", "occasion", "that") or (
            self.kind in ("ago", "last", "earlier", "this") and self.part("unit") in ("month", "year")
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    """``has``: a text in which none of these begins a word is not searched; nor one without a unit for a rule of it."""

    name: str
    kind: str
    days: int
    regex: re.Pattern[str]
    needs: re.Pattern[str] | None
    gate: str | None
    has: tuple[str, ...]
    of_unit: bool


@functools.cache
def rules() -> tuple[_Rule, ...]:
    """The compiled rules of ``data/en/dates.toml`` in their order. Raises LexiconError naming a broken rule."""
    data = read_toml("en/dates.toml")
    words = {
        "month": any_of(list(data["months"])),
        "weekday": any_of(list(data["weekdays"])),
        "number": any_of([form for word in data["numbers"] for form in (word, word.capitalize())]),
        "named_day": any_of(list(data["named_days"])),
        "holiday": any_of(list(data["holidays"])),
        "feast": any_of(list(data["feasts"])),
        **data["parts"],
    }

    def fill(pattern: str) -> str:
        return re.sub(r"\{([a-z_]+)\}", lambda m: words.get(m.group(1), m.group()), pattern)

    made = []
    for row in data["rules"]:
        try:
            needs = re.compile(row["needs"]) if "needs" in row else None
            regex = re.compile(fill(row["pattern"]))
            gate = next(
                (name for name in ("weekday", "month", "month_number") if f"(?P<{name}>" in row["pattern"]), None
            )
            has = row.get("has") or [name.lower() for name in data[f"{gate}s"]]
            of_unit = "(?P<unit>" in row["pattern"]
            made.append(_Rule(row["name"], row["kind"], row.get("days", 0), regex, needs, gate, tuple(has), of_unit))
        except re.error as error:
            raise LexiconError(f"data/en/dates.toml: rule {row['name']}: {error}.") from error
        except KeyError:
            raise LexiconError(f"data/en/dates.toml: rule {row['name']} says no word that it `has`.") from None
    return tuple(made)


_UNITS = ("day", "night", "week", "fortnight", "month", "year", "hour")
#: Under this number, which is no rule's, the units are looked for.
_OF_UNITS = -1


@functools.cache
def _stems() -> Stems[int]:
    """What a text must hold for the rule of that number to be tried."""
    return Stems({_OF_UNITS: _UNITS, **{number: rule.has for number, rule in enumerate(rules())}})


@functools.cache
def _gates() -> dict[str, re.Pattern[str]]:
    """What a rule that captures a weekday, a month or its number needs; it is tried only a little before one."""
    data = read_toml("en/dates.toml")
    names = {name: re.compile(any_of(list(data[f"{name}s"]))) for name in ("month", "weekday")}
    return {**names, "month_number": re.compile(r"\d[./-]\d")}


#: "day_b": the same part in another order.
_AGAIN = re.compile(r"_[b-d]\Z")
_WORD_START = re.compile(r"\b\w")
#: No phrase has more before the name of its month or weekday ("on the night from late Saturday to").
_LEAD = 90


def _matches(rule: _Rule, text: str, starts: list[int]) -> Iterator[re.Match[str]]:
    """The matches of a gated rule, left to right, tried where a word begins shortly before the name it needs."""
    reached = 0
    for start in starts:
        match = rule.regex.match(text, start) if start >= reached else None
        if match is not None:
            reached = match.end()
            yield match


def _starts_near(text: str, gate: re.Pattern[str]) -> list[int]:
    """Where words begin at most ``_LEAD`` characters before something that ``gate`` finds."""
    starts: list[int] = []
    reached = 0
    for found in gate.finditer(text):
        first = max(reached, found.start() - _LEAD)
        reached = found.start() + 1
        starts.extend(match.start() for match in _WORD_START.finditer(text, first, reached))
    return starts


@functools.lru_cache(maxsize=4096)
def date_phrases(text: str) -> tuple[DatePhrase, ...]:
    """Every date phrase of ``text`` in order; none overlaps another.

    >>> [p.text for p in date_phrases("Shelled on Friday and again late on 3 May 2024.")]
    ['on Friday', 'late on 3 May 2024']
    """
    taken: list[DatePhrase] = []
    near: dict[str, list[int]] = {}
    every, found = rules(), _stems().found_in(text)
    of_units = _OF_UNITS in found
    for number in sorted(found - {_OF_UNITS}):
        rule = every[number]
        if rule.of_unit and not of_units:
            continue
        if rule.gate and rule.gate not in near:
            near[rule.gate] = _starts_near(text, _gates()[rule.gate])
        if rule.gate and not near[rule.gate]:
            continue
        for match in _matches(rule, text, near[rule.gate]) if rule.gate else rule.regex.finditer(text):
            start, end = match.span()
            while end > start and text[end - 1].isspace():
                end -= 1
            if start == end or any(start < p.span.end and p.span.start < end for p in taken):
                continue
            if rule.needs and not rule.needs.search(match.group()):
                continue
            parts = tuple(
                (_AGAIN.sub("", name), value) for name, value in match.groupdict().items() if value is not None
            )
            taken.append(DatePhrase(Span(start, end), text[start:end], rule.kind, parts, rule.days))
    return tuple(sorted(taken, key=lambda phrase: phrase.span))


def day_phrases(text: str) -> Iterator[DatePhrase]:
    """The phrases of ``text`` that name days of an event, spans left out."""
    return (phrase for phrase in date_phrases(text) if not phrase.is_span)
