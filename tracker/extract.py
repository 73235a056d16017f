"""Report → claims: every figure with what it counts, who, where, when, with what, on whose word.

The order of work is the codebook's: sentences are read for counts (``counts``), accidents and charges before a
court are set aside (``setting``), and each figure that is left asks the readers for its place, date, means and
source. Text and publication date go in, claims come out; nothing here knows a clock, a file or a network.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.arms import weapon_hits
from tracker.models import KIND_OF, Basis, Claim, Field, Group, Kind, Measure, Relation, Report, Span, stable_id
from tracker.reading.counts import read_counts
from tracker.reading.cues import cues, passages_that_may_count
from tracker.reading.links import Count
from tracker.restated import restated
from tracker.segment import Document, Entry, Sentence, segment, unwrapped
from tracker.setting import is_accident, is_allegation, is_hypothetical
from tracker.sources import Sources
from tracker.weapons import Weapons
from tracker.when import Dates, When
from tracker.where import Places
from tracker.whereabouts import Where

#: A text of more characters is looked at more closely before it is read.
_LONG = 20_000
#: As many deaths without a day of their own are those of a war, not of an attack.
_WAR_TOLL = 1_000
#: So many dead or hurt over a span are those of a campaign; what is so many days old is not the news.
_CAMPAIGN_TOLL, _LONG_AGO = 100, 60
_FROM_TO = re.compile(r"(?i:from|between)\b(?!.*\bnight)")
_ONE_DAY = re.compile(r"\b(?:single|one)\s+(?:\w+\s+)?(?:day|morning|afternoon|evening|night)\b")


def extract(report: Report) -> list[Claim]:
    """Every figure of a report as a claim, in the order printed (the title first).

    Never raises on any text; a report without figures gives an empty list.

    >>> import datetime as dt
    >>> report = Report("r1", "Shelling of Nikopol killed two people on Monday.", published=dt.date(2024, 7, 2))
    >>> [(c.measure.value, c.low, c.high, c.place, c.date.isoformat()) for c in extract(report)]
    [('killed', 2, 2, 'Nikopol', '2024-07-01')]
    """
    if not _holds_counts(report.text) and not (report.title and _holds_counts(report.title)):
        return []
    document = segment(report)
    return restated(list(_Extraction(document).claims()), document)


def _holds_counts(text: str) -> bool:
    """Whether a text may count anything: most do not, and need no more than this look.

    A long text is read where it may; in a short one that takes as long as to go on.
    """
    passages = passages_that_may_count(unwrapped(text))
    if len(text) < _LONG:
        return any(True for _ in passages)
    return any(
        read_counts(sentence.text) for passage in passages for sentence in segment(Report("", passage)).sentences
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A count, the sentence it stands in, its offsets in the field, and where it happened."""

    count: Count
    sentence: Sentence
    span: Span
    where: Where


class _Extraction:
    """One report on its way from sentences to claims."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.places = Places(document)
        self.dates = Dates(document)
        self.weapons = Weapons(document)
        self.sources = Sources(document)
        #: The sentence, the measure and the days of the last total, over which its parts are told too.
        self.whole: tuple[int, Measure, When] | None = None

    def claims(self) -> Iterator[Claim]:
        """All claims of the report."""
        for entry in self.document.entries:
            entry_toll: list[_Placed] = []
            for placed in self.counts(entry):
                placed = related(placed, entry_toll)
                entry_toll.append(placed)
                yield self.claim(placed)

    def counts(self, entry: Entry) -> Iterator[_Placed]:
        """The counts of one entry, accidents and charges left out."""
        before: list[Count] = []
        last = -2
        for sentence in entry.sentences:
            if not cues().fit_sentence(sentence.text, part=bool(before)):
                continue
            counts = read_counts(sentence.text, before, near=sentence.index - last == 1)
            if not counts or is_accident(entry, sentence) or is_allegation(sentence) or is_hypothetical(sentence):
                continue
            before, last = counts, sentence.index
            for count in counts:
                start = sentence.start
                span = Span(count.quantity.span.start + start, count.quantity.span.end + start)
                yield _Placed(count, sentence, span, self.places.of(sentence, span, count.measure))

    def claim(self, placed: _Placed) -> Claim:
        """A count with everything the readers know of it."""
        count, sentence, where, span = placed.count, placed.sentence, placed.where, placed.span
        report = self.document.report
        # Words like "today" count from the day that it was there.
        zone = self.places.zone(where) if isinstance(report.published, dt.datetime) else None
        when = self.dates.of(sentence, span, zone)
        if _is_war_toll(count, when, sentence):
            when = When(None, None, None, None, True)
        if count.relation is Relation.TOTAL:
            self.whole = (sentence.index, count.measure, when)
        elif self.whole is not None and self.whole[:2] == (sentence.index, count.measure) and self.whole[2].period:
            when = when if when.period else self.whole[2]  # "45 since May (six of them children)"
        means = self.weapons.of(sentence, span, count.measure)
        if means.weapons and _is_apart(count, when, sentence, report) and not weapon_hits(sentence.text):
            means = means._replace(weapons=(), models=())
        return Claim(
            claim_id=stable_id(report.id, sentence.field.value, span.start, span.end, count.measure.value),
            report_id=report.id,
            measure=count.measure,
            low=count.quantity.low,
            high=count.quantity.high,
            approx=count.quantity.approx,
            vague=count.quantity.vague,
            text=self.printed(sentence, span, count.quantity.text),
            group=count.group,
            relation=count.relation,
            basis=Basis.PERIOD if when.period or _spans_days(when) else Basis.INCIDENT,
            weapons=means.weapons,
            models=means.models,
            attacker=means.attacker,
            place=where.place,
            place_text=_in_one_line(where.place_text),
            admin1=where.admin1,
            admin2=where.admin2,
            country=where.country,
            lat=where.lat,
            lon=where.lon,
            where_prec=where.where_prec,
            candidates=where.candidates,
            date=when.date,
            date_end=when.date_end,
            date_prec=when.date_prec,
            date_text=_in_one_line(when.date_text),
            source=_in_one_line(self.sources.of(sentence, span)),
            sentence=self.printed(sentence, Span(sentence.start, sentence.end), sentence.text),
            field=sentence.field,
            start=span.start,
            end=span.end,
            published=report.published,
            publisher=report.publisher,
            entry=sentence.entry,
        )

    def printed(self, sentence: Sentence, span: Span, read: str) -> str:
        """What was read, as it is printed: with the ends of lines that wrap a sentence."""
        if sentence.field is Field.TITLE:
            return read
        return self.document.report.text[span.start : span.end]


def _in_one_line(name: str | None) -> str | None:
    """A name without the space of a line that was wrapped in it."""
    return name if name is None or "  " not in name else " ".join(name.split())


def _spans_days(when: When) -> bool:
    """Whether several days are printed from the first to the last: "between 1 and 31 March"."""
    if when.date is None or when.date_end is None or when.date_text is None:
        return False
    return (when.date_end - when.date).days > 1 and _FROM_TO.match(when.date_text) is not None


def _is_apart(count: Count, when: When, sentence: Sentence, report: Report) -> bool:
    """Whether a toll is of a campaign, or of long ago by its own sentence: the weapons of the story are not its own."""
    if when.period:
        return (count.quantity.low or count.quantity.high or 0) >= _CAMPAIGN_TOLL
    published = report.published_date
    if when.date is None or when.date_text is None or published is None or when.date_text not in sentence.text:
        return False
    return (published - when.date).days > _LONG_AGO


def _is_war_toll(count: Count, when: When, sentence: Sentence) -> bool:
    """Whether so many died that no attack can be meant where no day is given for it (docs/codebook.md 7)."""
    if count.measure is not Measure.KILLED or when.period or when.date_text is not None:
        return False
    many = (count.quantity.low or count.quantity.high or 0) >= _WAR_TOLL
    return many and _ONE_DAY.search(sentence.text) is None


def related(placed: _Placed, earlier: list[_Placed]) -> _Placed:
    """Decide "two more": added to a toll the entry gave for the same place and measure, else a total (codebook 2)."""
    count = placed.count
    if count.of_known and any(
        other.count.measure is count.measure
        and other.count.group is count.group
        and other.count.relation is Relation.TOTAL
        for other in earlier
    ):
        return replace(placed, count=count._replace(relation=Relation.SUBSET))
    if count.relation is not Relation.TOTAL or KIND_OF[count.measure] is not Kind.PEOPLE:
        return placed
    if count.of_them and count.measure is Measure.KILLED and not count.adds:
        # "One of them died": of the hurt told of last, and so beside the dead told of before.
        told = [other.count for other in earlier if other.count.measure in (Measure.KILLED, Measure.INJURED)]
        count = count._replace(adds=bool(told) and told[-1].measure is Measure.INJURED)
    if not (count.adds or count.also):
        return placed
    tolls = [
        other.count
        for other in earlier
        if other.count.measure is count.measure
        and other.count.relation is Relation.TOTAL
        and (other.count.group is count.group or other.count.group is not Group.PERPETRATORS)
        and other.where.place == placed.where.place
        and (other.where.admin1 == placed.where.admin1 or placed.where.place is not None)
    ]
    if count.also and not count.adds:
        # "Two were also hurt" adds to people who may be of one group with them, and never repeats their figure.
        repeated = any(toll.quantity.low == count.quantity.low for toll in tolls)
        alike = any(toll.group is count.group or Group.ALL in {toll.group, count.group} for toll in tolls)
        tolls = tolls if alike and not repeated and count.group is not Group.PERPETRATORS else []
    if not (tolls or count.ordinal):
        return placed
    return replace(placed, count=count._replace(relation=Relation.ADDITIONAL))
