"""Date phrases of a text, and the days they mean (codebook 7).

The grammar is data (``data/en/dates.toml``); this module finds its phrases and does their arithmetic. What a
phrase is *about* (the attack, a speech, an older event) is not asked here: see :mod:`tracker.when`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tracker.lexicon import LexiconError, read_toml
from tracker.models import Span
from tracker.triggers import Stems
from tracker.wording import any_of

_DAY = dt.timedelta(days=1)


class Interval(NamedTuple):
    """First and last day, and how precise they are: 1 the day, 2 days, 3 the week, 4 the month, 5 the year."""

    first: dt.date
    last: dt.date
    prec: int


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
                (name.removesuffix("_b"), value) for name, value in match.groupdict().items() if value is not None
            )
            taken.append(DatePhrase(Span(start, end), text[start:end], rule.kind, parts, rule.days))
    return tuple(sorted(taken, key=lambda phrase: phrase.span))


# --- arithmetic ---------------------------------------------------------------------------------------------------


def _number(phrase: DatePhrase, name: str = "number", default: int = 1) -> int:
    printed = phrase.part(name)
    if printed is None:
        return default
    return int(printed) if printed.isdecimal() else int(read_toml("en/dates.toml")["numbers"][printed.lower()])


def _month(name: str | None) -> int | None:
    return None if name is None else int(read_toml("en/dates.toml")["months"][name])


def _weekday(phrase: DatePhrase, name: str = "weekday") -> int:
    return int(read_toml("en/dates.toml")["weekdays"][phrase.part(name) or ""])


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _back(published: dt.date, weekday: int) -> dt.date:
    return published - _DAY * ((published.weekday() - weekday) % 7)


def month_of(year: int, month: int) -> Interval:
    """All days of a month, precision 4."""
    return Interval(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), 4)


def _months_back(published: dt.date, months: int) -> Interval | None:
    index = published.year * 12 + published.month - 1 - months
    return month_of(index // 12, index % 12 + 1) if index >= 12 else None


def _year_of(year: int) -> Interval | None:
    return Interval(dt.date(year, 1, 1), dt.date(year, 12, 31), 5) if year >= 1 else None


def _week_of(day: dt.date) -> Interval:
    monday = day - _DAY * day.weekday()
    return Interval(monday, monday + 6 * _DAY, 3)


def _one(day: dt.date | None) -> Interval | None:
    return None if day is None else Interval(day, day, 1)


def _days(first: dt.date, last: dt.date) -> Interval:
    length = (last - first).days
    return Interval(first, last, 1 if length == 0 else 2 if length <= 5 else 3 if length <= 7 else 4)


def _calendar_day(phrase: DatePhrase, published: dt.date | None, day: str, month: str, like: int = 1) -> dt.date | None:
    """The day with the printed year, or the latest year in which it is not after publication.

    One day of grace: it may already be tomorrow where the report was written.
    """
    number = int(re.sub(r"\D", "", phrase.part(day) or "0"))
    printed_month = phrase.part("month_number")
    of_month = int(printed_month) if printed_month else _month(phrase.part(month)) or like
    if year := phrase.part("year"):
        return _valid(int(year), of_month, number)
    if published is None:
        return None
    for back in range(9):  # 29 February may be eight years ago
        found = _valid(published.year - back, of_month, number) if published.year > back else None
        if found is not None and found <= published + _DAY:
            return found
    return None


def _read_date(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return _one(_calendar_day(phrase, published, "day", "month"))


def _slash_days(phrase: DatePhrase, *orders: tuple[str, str]) -> list[dt.date]:
    """The days that a date with slashes can mean, month and day being its ``first`` and ``second`` or the reverse."""
    year = int(phrase.part("year") or "0")
    days = (_valid(year, int(phrase.part(month) or "0"), int(phrase.part(day) or "0")) for month, day in orders)
    return sorted({day for day in days if day is not None})


def _read_month_first(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    for order in (("first", "second"), ("second", "first")):
        days = [day for day in _slash_days(phrase, order) if published is None or day <= published + _DAY]
        if days:
            return _one(days[0])
    return None


#: Of two days in the past that a date can mean, the later is meant where it is this much nearer to publication.
_MUCH_NEARER = dt.timedelta(days=45)


def _read_either_first(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    days = _slash_days(phrase, ("first", "second"), ("second", "first"))
    if published is not None and len(days) == 2:
        days = [day for day in days if day <= published + _DAY]
        if len(days) == 2 and days[1] - days[0] > _MUCH_NEARER and published - days[1] < _MUCH_NEARER:
            days = days[1:]
    return _one(days[0]) if len(days) == 1 else None


def _read_range(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    month2 = "month2" if phrase.part("month2") else "month"
    last = _calendar_day(phrase, published, "day2", month2)
    first = _calendar_day(phrase, last, "day", "month") if last else None
    return _days(first, last) if first and last and first <= last else None


def _read_night(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    # "The night of 3-4 March" is the later day, as "overnight" is (codebook 7).
    month2 = "month2" if phrase.part("month2") else "month"
    return _one(_calendar_day(phrase, published, "day2", month2))


def _read_day_number(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    if published is None:
        return None
    number = int(re.sub(r"\D", "", phrase.part("day") or "0"))
    month = month_of(published.year, published.month)
    if number > published.day:
        month = _months_back(published, 1) or month
    return _one(_valid(month.first.year, month.first.month, number))


def _read_holiday(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    if published is None:
        return None
    month, day = read_toml("en/dates.toml")["holidays"][phrase.part("holiday") or ""]
    this_year = _valid(published.year, month, day)
    if this_year is not None and this_year <= published + _DAY:
        return _one(this_year)
    return _one(_valid(published.year - 1, month, day))


def _read_weekday(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return None if published is None else _one(_back(published, _weekday(phrase)) + phrase.days * _DAY)


def _read_weekday_strict(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return None if published is None else _one(_back(published - _DAY, _weekday(phrase)))


def _read_weekday_range(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    if published is None:
        return None
    last = _back(published, _weekday(phrase, "weekday2"))
    return _days(_back(last, _weekday(phrase)), last)


def _read_weekend(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    if published is None:
        return None
    saturday = _back(published, 5)
    return Interval(saturday, min(saturday + _DAY, max(published, saturday)), 2)


def _read_offset(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return None if published is None else _one(published + phrase.days * _DAY)


def _distance(base: dt.date, number: int, unit: str) -> Interval | None:
    if unit in ("day", "night"):
        return _one(base - number * _DAY)
    if unit == "hours":
        return _one(base - number // 24 * _DAY)
    if unit in ("week", "fortnight"):
        return _week_of(base - (7 if unit == "week" else 14) * number * _DAY)
    return _months_back(base, number) if unit == "month" else _year_of(base.year - number)


def _read_ago(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    if published is None:
        return None
    number, unit = _number(phrase), phrase.part("unit") or "day"
    if phrase.part("today") is None:
        return _distance(published, number, unit)
    # "Ten years ago today" is that day; "a week ago to the day" too.
    if unit == "year":
        return _one(_valid(published.year - number, published.month, published.day))
    if unit == "month":
        month = _months_back(published, number)
        return None if month is None else _one(_valid(month.first.year, month.first.month, published.day))
    return _one(published - {"day": 1, "week": 7, "fortnight": 14}[unit] * number * _DAY)


def _read_few_days(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return None if published is None else Interval(published - 6 * _DAY, published - 2 * _DAY, 2)


def _read_this(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    if published is None:
        return None
    unit = phrase.part("unit")
    if unit == "week":
        return Interval(_week_of(published).first, published, 3)
    if unit == "month":
        return Interval(published.replace(day=1), published, 4)
    return Interval(dt.date(published.year, 1, 1), published, 5)


def _read_last(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return None if published is None else _distance(published, 1, phrase.part("unit") or "week")


def _read_anchored(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    base = anchor or published
    return None if base is None else _one(base + phrase.days * _DAY)


def _read_before_weekday(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return None if published is None else _one(_back(published, _weekday(phrase)) - _DAY)


def _read_that(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    if anchor is None:
        return None
    return _year_of(anchor.year) if phrase.part("unit") == "year" else month_of(anchor.year, anchor.month)


def _read_earlier(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    base = anchor or published
    return None if base is None else _distance(base, _number(phrase), phrase.part("unit") or "day")


def _read_later(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    # Nothing can have happened after publication, so without an anchor the phrase says nothing.
    return None if anchor is None else _one(anchor + _number(phrase) * _DAY)


def _read_month(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    month = _month(phrase.part("month"))
    if month is None:
        return None
    if year := phrase.part("year"):
        return month_of(int(year), month)
    if published is None:
        return None
    # "Last March" in March is a year ago; "in March" is this one.
    passed = month < published.month or (month == published.month and not phrase.text.lower().startswith("last"))
    return month_of(published.year if passed else published.year - 1, month)


def _read_year(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    return _year_of(int(phrase.part("year") or 1))


def _read_named(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    day: dt.date = read_toml("en/dates.toml")["named_days"][phrase.part("named") or ""]
    return _one(day)


_READERS: dict[str, Callable[[DatePhrase, dt.date | None, dt.date | None], Interval | None]] = {
    "after": _read_earlier,
    "ago": _read_ago,
    "anchored": _read_anchored,
    "before_weekday": _read_before_weekday,
    "date": _read_date,
    "day_number": _read_day_number,
    "earlier": _read_earlier,
    "either_first": _read_either_first,
    "few_days": _read_few_days,
    "holiday": _read_holiday,
    "last": _read_last,
    "later": _read_later,
    "month": _read_month,
    "month_first": _read_month_first,
    "named": _read_named,
    "night": _read_night,
    "occasion": _read_anchored,
    "offset": _read_offset,
    "overnight": _read_offset,
    "range": _read_range,
    "that": _read_that,
    "this": _read_this,
    "weekday": _read_weekday,
    "weekday_last": _read_weekday,
    "weekday_range": _read_weekday_range,
    "weekday_strict": _read_weekday_strict,
    "weekend": _read_weekend,
    "year": _read_year,
}


def resolve(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None = None) -> Interval | None:
    """The days a phrase means, or None where it cannot be known (no publication date, 31 June, a span).

    ``anchor`` is the day of the event told before it, from which "the previous day" counts.

    >>> phrase, = date_phrases("A depot burned late yesterday.")
    >>> resolve(phrase, dt.date(2025, 3, 1))
    Interval(first=datetime.date(2025, 2, 28), last=datetime.date(2025, 2, 28), prec=1)
    >>> resolve(phrase, None) is None
    True
    """
    reader = _READERS.get(phrase.kind)
    try:
        return reader(phrase, published, anchor) if reader else None
    except (OverflowError, ValueError):  # a report of the year 1 that speaks of the year before
        return None


def day_phrases(text: str) -> Iterator[DatePhrase]:
    """The phrases of ``text`` that name days of an event, spans left out."""
    return (phrase for phrase in date_phrases(text) if not phrase.is_span)
