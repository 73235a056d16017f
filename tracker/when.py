"""When the thing a figure counts happened (codebook 7).

A figure takes its own date phrase, then its sentence's, then the governing one of its entry, then the day of
publication. What a phrase dates, :mod:`tracker.date_roles` tells, and which figures, :mod:`tracker.dating`. A toll over
a span has no day of its own: ``period`` is set instead.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Iterator
from typing import NamedTuple

from tracker.date_roles import Placed, Role, placed_phrases
from tracker.dates import DatePhrase, date_phrases, day_phrases
from tracker.dating import (
    ANCHORED,
    breaks_between,
    coarse_reaches,
    dates_in_passing,
    event_of_since,
    event_then,
    gap,
    governs,
    is_toll_of_a_period,
    looks_back,
    opens_background,
    opens_round_up,
    reaches,
    span_reaches,
    sums_up,
    tells_attack,
    tells_of_another,
    told_apart,
)
from tracker.days import Interval, resolve
from tracker.models import Field, Span
from tracker.segment import Document, Sentence
from tracker.vicinity import before

#: "KYIV, Nov 20 (Reuters) - …", "Sumy, 3 May — …": where and on which day the report was written.
_DATELINE = re.compile(r"\A(?P<head>[^\W\d_a-z][^\n]{3,60}?)\s+(?:[—–]|-{1,2})\s")
#: "Chaman, Mar 19: ...", "Goma, 3 June. ...": a place and a day head a dispatch.
_HEAD = re.compile(r"\A(?P<head>[^\W\d_a-z][\w'’/ -]{2,30}(?:,\s+[^\W\d_a-z][\w'’ -]{2,25})?,\s+[\w./ ]{3,20}?)[:.]\s")
#: "03/14/2009: ...", "14 March 2009 — ..."
_HEADED = re.compile(r"\s*(?::|[—–]|-{1,2}\s)")
_PART_OF_TOLD = re.compile(
    r"(?:[\w,]+\s+){1,5}?of\s+(?:those\s+killed|the\s+(?:dead|killed|victims|fatalities))\b|(?:Of|Among)\s+(?:the\s+(?:dead|killed|victims|casualties|fatalities)|these|those|them|whom)\b"
)
_NUMBER = re.compile(r"\b\d[\d,]*\b")
#: "The anniversary of the bombing that killed 22": long ago, and nobody says when.
_ANNIVERSARY = re.compile(
    r"\banniversar(?:y|ies)\s+of\s+(?:[\w'’-]+\s+){0,5}?(?:assault|attacks?|blast|bombings?|explosion|killings?|massacre|raid"
    r"|shooting|strike)\b(?:\s+[\w'’-]+){0,6}?(?:,?\s+(?:in\s+)?(?:which|when)|\s+that|,\s+killing)\b[^,;]*\Z"
)
#: "In the early morning, eleven were killed": one attack of a round-up of the day.
_AT_AN_HOUR = re.compile(
    r"(?:In\s+the\s+(?:early\s+|late\s+)?(?:morning|afternoon|evening)|At\s+(?:about\s+|around\s+)?(?:dawn|noon|midnight|\d))\b"
)
#: An item of a list.
_ITEM = re.compile(r"[•‣▪●◦*–-]\s")
_ONE_ATTACK = re.compile(
    r"\b(?:[Aa]n?|[Oo]ne)\s+(?:[\w-]+\s+){0,3}?(?:airstrike|ambush|attack|blast|bomb|drone|explosion|missile|raid|rocket|shell|strike)"
    r"\s+(?:attack\s+|strike\s+)?(?:was\s+)?(?:blew|burned|crashed|destroyed|detonated|exploded|fell|hit|landed|struck|tore"
    r"|went\s+off|wrecked)\b"
)
#: In how many sentences the day of an attack may be told in passing.
_LEAD = 3
#: "On 3 January a missile killed five there. Twelve dockers are in hospital": those of this week's attack.
_STANDS_NOW = re.compile(r"\b(?:is|are|remains?|has|have)\b")
_LONG_BEFORE = dt.timedelta(days=20)
#: How many sentences behind a day on which nothing is attacked that of the attack may stand.
_SOON = 3
#: A page may be older than the day it is filed under, but hardly by more.
_DAYS_FILED = 31


class When(NamedTuple):
    """The days of a figure, how precise they are (1 day ... 5 year), and the phrase they come from.

    ``date_text`` is None where the day is that of publication. ``period`` is true for a toll over a span, a
    campaign or a war, whose days stay None.
    """

    date: dt.date | None
    date_end: dt.date | None
    date_prec: int | None
    date_text: str | None
    period: bool


#: A day comes before a span before a month.
_ORDER = {Role.EVENT: 0, Role.SPAN: 1, Role.COARSE: 2}


def _may_date(text: str, placed: Placed, at: Span) -> bool:
    """Whether a phrase may date the figure, as far as its role goes."""
    if placed.role is Role.EVENT:
        return reaches(text, placed, at)
    if placed.role is Role.SPAN:
        return span_reaches(text, placed, at) or event_then(text, placed, at) is not None
    return placed.role is Role.COARSE and coarse_reaches(text, placed, at)


class Dates:
    """When each figure of a document happened. Cheap until asked; each sentence is read once."""

    def __init__(self, document: Document) -> None:
        self._entries = document.entries
        self._titled = document.report.title is not None and bool(document.report.title.strip())
        self._published = document.report.published
        #: What an entry, and a sentence without a date of its own, take from elsewhere; asked for many figures each.
        self._governing: dict[tuple[int, dt.date | None], tuple[Placed, Interval | None] | None] = {}
        self._undated: dict[tuple[int, dt.date | None], When] = {}

    def of(self, sentence: Sentence, figure: Span, timezone: str | None = None) -> When:
        """When the thing counted by ``figure`` (offsets in the sentence's field) happened.

        ``timezone`` is the IANA name of the place's time zone; where the time of publication is known, relative
        words count from the day it was there. An unknown name leaves the day as published.
        """
        published = self._day_of_publication(timezone)
        text = sentence.text
        at = Span(figure.start - sentence.start, figure.end - sentence.start)
        placed = placed_phrases(text)
        own = self._own(text, placed, at)
        if own is None:
            if is_toll_of_a_period(text, placed, at):
                return When(None, None, None, None, True)
            if "anniversar" in text and _ANNIVERSARY.search(text[: max(0, at.start)]):
                return When(None, None, None, None, False)
            key = (sentence.index, published)
            if key not in self._undated:
                self._undated[key] = self._of_undated(sentence, placed, published)
            return self._undated[key]
        if own.phrase.kind == "since" and (then := event_then(text, own, at)):
            return self._when(then, resolve(then, published))
        if self._sums_over(text, placed, own, at):
            return When(None, None, None, own.phrase.text, True)
        return self._when(own.phrase, self._resolved(sentence, own, published))

    def is_long_toll(self, sentence: Sentence, at: Span) -> bool:
        """Whether the figure at ``at`` of the sentence sums a war, or what happened since a day long past."""
        text = sentence.text
        placed = placed_phrases(text)
        own = self._own(text, placed, at)
        if own is None:
            return is_toll_of_a_period(text, placed, at)
        if not own.phrase.text.lower().startswith("since") or event_then(text, own, at):
            return False
        return self._sums_over(text, placed, own, at)

    def is_toll_of_span(self, sentence: Sentence, at: Span) -> bool:
        """Whether the figure at ``at`` of the sentence sums what happened over a span that the sentence names."""
        placed = placed_phrases(sentence.text)
        own = self._own(sentence.text, placed, at)
        if own is None:
            return is_toll_of_a_period(sentence.text, placed, at)
        return event_then(sentence.text, own, at) is None and self._sums_over(sentence.text, placed, own, at)

    @staticmethod
    def _sums_over(text: str, placed: tuple[Placed, ...], own: Placed, at: Span) -> bool:
        """Whether the figure is a toll over the span, month or year that ``own`` names."""
        if own.role is Role.SPAN or sums_up(text, own, at):
            return True
        return own.role is Role.COARSE and is_toll_of_a_period(text, placed, at)

    def _of_undated(self, sentence: Sentence, placed: tuple[Placed, ...], published: dt.date | None) -> When:
        """When what a sentence tells happened, if no phrase of its own says so."""
        if _PART_OF_TOLD.match(sentence.text) and (whole := self._of_whole(sentence)):
            return whole
        if _ITEM.match(sentence.text) and (whole := self._of_list(sentence)):
            return whole
        governing = self._of_entry(sentence, published)
        if governing is not None:
            phrase, interval = governing[0].phrase, governing[1]
            if (
                phrase.is_span
                and published is not None
                and (self._tells_one_attack(sentence) or _AT_AN_HOUR.match(sentence.text))
            ):
                return When(published, published, 1, None, False)
            return When(None, None, None, phrase.text, True) if phrase.is_span else self._when(phrase, interval)
        found = next((p for p in placed if p.role is Role.FOUND), None)
        if found is not None:
            return self._when(found.phrase, self._resolved(sentence, found, published))
        if published is not None:
            return When(published, published, 1, None, False)
        return When(None, None, None, None, False)

    def _tells_one_attack(self, sentence: Sentence) -> bool:
        """Whether a paragraph of a round-up tells one attack: "Four were hurt after a strike hit a shop"."""
        first = self._entries[sentence.entry].sentences[0]
        return sentence.paragraph != first.paragraph and _ONE_ATTACK.search(sentence.text) is not None

    def _of_whole(self, sentence: Sentence) -> When | None:
        """The span over which the sentence before sums the dead, for "Of the dead, 30 were women"."""
        here = self._entries[sentence.entry].sentences
        nearest = before(here, sentence.index - here[0].index)[:1]
        return self._toll_of(nearest[0]) if nearest else None

    def _of_list(self, sentence: Sentence) -> When | None:
        """The span over which the sentence that opens a list sums, for "• 24 were killed in Daraa"."""
        here = self._entries[sentence.entry].sentences
        for other in before(here, sentence.index - here[0].index):
            if other.text.endswith(":"):
                return self._toll_of(other)
            if not _ITEM.match(other.text):
                return None
        return None

    def _toll_of(self, other: Sentence) -> When | None:
        """The span over which a sentence sums what it counts."""
        placed = placed_phrases(other.text)
        for number in _NUMBER.finditer(other.text):
            at = Span(*number.span())
            own = self._own(other.text, placed, at)
            if own is None and is_toll_of_a_period(other.text, placed, at):
                return When(None, None, None, None, True)
            inside = any(p.start < at.end and at.start < p.end for p in placed)
            if own is not None and not inside and self._sums_over(other.text, placed, own, at):
                return When(None, None, None, own.phrase.text, True)
        return None

    # --- publication ----------------------------------------------------------------------------------------------

    def _day_of_publication(self, timezone: str | None) -> dt.date | None:
        """The day relative words count from: that of the dateline where there is one, else of publication."""
        return self._day_at_desk if timezone is None else self._day_of_dateline or self._day_published(timezone)

    @functools.cached_property
    def _day_at_desk(self) -> dt.date | None:
        return self._day_of_dateline or self._day_published(None)

    @functools.cached_property
    def _day_of_dateline(self) -> dt.date | None:
        published = self._day_published(None)
        body = next((s for entry in self._entries for s in entry.sentences if s.field is Field.TEXT), None)
        if body is None:
            return None
        # The day of an incident heads the whole record; what is said of "Saturday" counts from it.
        first = next(iter(placed_phrases(body.text)), None)
        if first is not None and first.phrase.is_calendar_day and first.phrase.span.start == 0:
            day = resolve(first.phrase, published)
            if day is not None and _HEADED.match(body.text, first.phrase.span.end):
                return day.first
        opening = body.text[:80]
        line = None if published is None else _DATELINE.match(opening) or _HEAD.match(opening)
        if line is None or published is None:
            return None
        for phrase in day_phrases(line["head"]):
            if line.re is _HEAD and phrase.span.end != len(line["head"]):
                continue
            day = resolve(phrase, published) if phrase.is_calendar_day else None
            if day is not None and day.first == day.last and 0 <= (published - day.first).days <= _DAYS_FILED:
                return day.first
        return None

    def _day_published(self, timezone: str | None) -> dt.date | None:
        published = self._published
        if not isinstance(published, dt.datetime):
            return published
        if timezone is None or published.tzinfo is None:
            return published.date()
        try:
            return published.astimezone(zoneinfo.ZoneInfo(timezone)).date()
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OverflowError, OSError):
            return published.date()

    @staticmethod
    def _when(phrase: DatePhrase, interval: Interval | None) -> When:
        if interval is None:
            return When(None, None, None, phrase.text, False)
        return When(interval.first, interval.last, interval.prec, phrase.text, False)

    # --- the phrases of a sentence --------------------------------------------------------------------------------

    @staticmethod
    def _own(text: str, placed: tuple[Placed, ...], at: Span) -> Placed | None:
        """The phrase that dates the figure within its sentence, if one does."""
        candidates = [p for p in placed if (p.aside is None or p.aside < at.start) and _may_date(text, p, at)]
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        for own in candidates:
            if own.role is Role.EVENT and told_apart(text, own, at):
                return own
        # The clause's own phrase first, then the nearer one.
        return min(candidates, key=lambda p: (breaks_between(text, p, at), _ORDER[p.role], gap(p, at), p.start))

    def _resolved(self, sentence: Sentence, own: Placed, published: dt.date | None) -> Interval | None:
        anchor = None
        if own.phrase.kind in ANCHORED:
            anchor = self._anchor(sentence, own, published)
        elif own.phrase.kind == "occasion":
            return self._occasion(sentence, own, published)
        elif own.phrase.kind == "that":
            anchor = self._unit_before(sentence, own, published)
        return resolve(own.phrase, published, anchor)

    def _anchor(self, sentence: Sentence, own: Placed, published: dt.date | None) -> dt.date | None:
        """The day of the last event told before ``own``, in this entry."""
        here = self._entries[sentence.entry].sentences
        for other in (sentence, *before(here, sentence.index - here[0].index)):
            # "On Tuesday the army said that it had struck the day before" counts from Tuesday.
            roles = (Role.EVENT, Role.FOUND, Role.SPEECH, Role.OTHER) if other is sentence else (Role.EVENT,)
            for placed in reversed(placed_phrases(other.text)):
                if other is sentence and placed.start >= own.start:
                    continue
                if placed.role in roles and placed.phrase.kind not in ANCHORED:
                    interval = resolve(placed.phrase, published)
                    if interval is not None:
                        return interval.last
        return None

    def _occasion(self, sentence: Sentence, own: Placed, published: dt.date | None) -> Interval | None:
        """The days that "on that occasion" takes up: the last ones told before it."""
        here = self._entries[sentence.entry].sentences
        for other in (sentence, *before(here, sentence.index - here[0].index)[:3]):
            for placed in reversed(placed_phrases(other.text)):
                ahead = other is not sentence or placed.start < own.start
                if ahead and placed.role in (Role.EVENT, Role.COARSE) and (days := resolve(placed.phrase, published)):
                    return days
        return None

    def _unit_before(self, sentence: Sentence, own: Placed, published: dt.date | None) -> dt.date | None:
        """The first day of the month or year that "in that year" takes up: the last one printed before it."""
        here = self._entries[sentence.entry].sentences
        for other in (sentence, *before(here, sentence.index - here[0].index)[:3]):
            for phrase in reversed(date_phrases(other.text)):
                if other is sentence and phrase.span.start >= own.start:
                    continue
                dated = phrase if phrase.kind != "since" else event_of_since(phrase)
                if dated is not None and (interval := resolve(dated, published)):
                    return interval.first
        return None

    # --- the entry ------------------------------------------------------------------------------------------------

    def _of_entry(self, sentence: Sentence, published: dt.date | None) -> tuple[Placed, Interval | None] | None:
        """The phrase of another sentence that dates this one: of its paragraph before it, then of the entry."""
        for other in self._before_in_paragraph(sentence):
            events = [p for p in placed_phrases(other.text) if governs(other.text, p)]
            if events:
                told = events[-1], self._resolved(other, events[-1], published)
                if not (_STANDS_NOW.search(sentence.text) and self._is_background(sentence.entry, told[1], published)):
                    return told
        governing = self._entry_phrase(sentence.entry, published)
        if governing is None and self._titled:
            # A title heads the entry below it, and an entry without a date may take the title's.
            other_entry = 1 if sentence.entry == 0 else 0
            if other_entry < len(self._entries):
                governing = self._entry_phrase(other_entry, published)
        return governing or self._in_passing(sentence, published)

    def _is_background(self, entry: int, told: Interval | None, published: dt.date | None) -> bool:
        """Whether days lie long before those of the story, so that what "is" so now is not of them."""
        story = self._entry_phrase(entry, published)
        return (
            told is not None
            and story is not None
            and story[1] is not None
            and story[1].first - told.last > _LONG_BEFORE
        )

    def _in_passing(self, sentence: Sentence, published: dt.date | None) -> tuple[Placed, Interval | None] | None:
        """The day of an attack that the lead tells in a clause: "wept in Lahore, where bombers struck on Sunday"."""
        for other in self._entries[sentence.entry].sentences[:_LEAD]:
            if other.index >= sentence.index:
                return None
            for placed in placed_phrases(other.text):
                if dates_in_passing(other.text, placed):
                    return placed, self._resolved(other, placed, published)
        return None

    def _before_in_paragraph(self, sentence: Sentence) -> Iterator[Sentence]:
        here = self._entries[sentence.entry].sentences
        for other in before(here, sentence.index - here[0].index):
            if other.paragraph != sentence.paragraph:
                return
            yield other

    def _entry_phrase(self, entry: int, published: dt.date | None) -> tuple[Placed, Interval | None] | None:
        key = (entry, published)
        if key not in self._governing:
            self._governing[key] = self._find_entry_phrase(entry, published)
        return self._governing[key]

    @staticmethod
    def _leads(sentence: Sentence, first: Sentence) -> bool:
        """Whether a sentence is the lead of its entry, or comes right behind one that tells no single attack."""
        behind = sentence.index - first.index
        return behind == 0 or (behind == 1 and _ONE_ATTACK.search(first.text) is None)

    def _find_entry_phrase(self, entry: int, published: dt.date | None) -> tuple[Placed, Interval | None] | None:
        sentences = self._entries[entry].sentences
        calm: tuple[Sentence, Placed] | None = None
        background = -1
        for sentence in sentences:
            if opens_background(sentence.text):
                background = sentence.paragraph
            if sentence.paragraph == background and sentence.paragraph > sentences[0].paragraph:
                continue
            for placed in placed_phrases(sentence.text):
                if sentence is not sentences[0] and tells_of_another(sentence.text, placed):
                    continue
                if (governs(sentence.text, placed) and not looks_back(sentence.text, placed)) or (
                    self._leads(sentence, sentences[0]) and opens_round_up(sentence.text, placed)
                ):
                    if tells_attack(sentence.text):
                        return placed, self._resolved(sentence, placed, published)
                    calm = calm or (sentence, placed)
            # "On Sunday the benches stood in rows. On Saturday men had fired at the children": Saturday, if told soon.
            if calm is not None and sentence.index - calm[0].index >= _SOON:
                break
        return None if calm is None else (calm[1], self._resolved(*calm, published))
