"""The days that a date phrase means (codebook 7): the arithmetic of each kind of phrase."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from tracker.dates import DatePhrase
from tracker.lexicon import read_toml

_DAY = dt.timedelta(days=1)


class Interval(NamedTuple):
    """First and last day, and how precise they are: 1 the day, 2 days, 3 the week, 4 the month, 5 the year."""

    first: dt.date
    last: dt.date
    prec: int


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


def _easter(year: int, orthodox: bool = False) -> dt.date:
    """Easter Sunday of the western churches by Oudin's reckoning, or of the eastern ones by Meeus's."""
    if orthodox:
        moon = (19 * (year % 19) + 15) % 30
        week = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
        month, day = divmod(moon + week + 114, 31)
        return dt.date(year, month, day + 1) + 13 * _DAY
    century, golden = year // 100, year % 19
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - moon // 28 * (29 // (moon + 1)) * ((21 - golden) // 11))
    sunday = moon - (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (sunday + 40) // 44
    return dt.date(year, month, sunday + 28 - 31 * (month // 4))


def _read_feast(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    """The feast last kept before publication; the eastern one only where it was kept in the week before."""
    if published is None:
        return None
    shift = int(read_toml("en/dates.toml")["feasts"][phrase.part("feast") or ""]) * _DAY
    eastern = _easter(published.year, orthodox=True) + shift
    if 0 <= (published - eastern).days <= 7:
        return _one(eastern)
    feast = _easter(published.year) + shift
    return _one(feast if feast <= published + _DAY else _easter(published.year - 1) + shift)


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
    month = _month(phrase.part("month") or phrase.part("of_month"))
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


def _read_edge(phrase: DatePhrase, published: dt.date | None, anchor: dt.date | None) -> Interval | None:
    month = _month(phrase.part("of_month"))
    year = phrase.part("year")
    if year is not None:
        whole = month_of(int(year), month) if month else _year_of(int(year))
    else:
        whole = _read_month(phrase, published, anchor)
    return None if whole is None else _one(whole.first if phrase.part("edge") == "first" else whole.last)


_READERS: dict[str, Callable[[DatePhrase, dt.date | None, dt.date | None], Interval | None]] = {
    "after": _read_earlier,
    "ago": _read_ago,
    "anchored": _read_anchored,
    "before_weekday": _read_before_weekday,
    "date": _read_date,
    "day_number": _read_day_number,
    "earlier": _read_earlier,
    "edge": _read_edge,
    "either_first": _read_either_first,
    "feast": _read_feast,
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

    >>> from tracker.dates import date_phrases
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
