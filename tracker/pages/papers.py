"""A report on the desk before it is stored: its details, its claims as rows, and what an analyst changes in them.

No Streamlit in here. What was read is never overwritten: a change is kept beside its claim and becomes a correction.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from tracker.adding import Known, known
from tracker.amend import Draft
from tracker.corrections import Action, Change, Correction, anchor_of, apply
from tracker.file_kinds import HEAD, Kind, kind_of
from tracker.ingest import Received
from tracker.models import Claim, Field, Group, Measure, Relation, Report
from tracker.pages.evidence import is_web_address
from tracker.placing import placed
from tracker.serialise import visible
from tracker.store import Store

#: Which claim is meant, whatever the report is called and whenever it was published.
Key = tuple[Field, int, int, Measure, Group]
#: What an analyst wants in place of what was read, by column.
Edit = dict[str, Any]

#: The columns that can be edited; ``keep`` says whether the claim stands.
KEEP: Final = "keep"
_FIGURE: Final = ("low", "high")
_WHERE: Final = ("place", "admin1", "country")
_WHEN: Final = ("date", "date_end")
_CODES: Final = ("measure", "group", "weapons", "attacker")
EDITABLE: Final = (KEEP, "measure", *_FIGURE, "group", *_WHERE, *_WHEN, "weapons", "attacker")
RELATIONS: Final = {Relation.TOTAL: "", Relation.SUBSET: "part of a total", Relation.ADDITIONAL: "adds to a total"}
#: As many claims are kept read; of more, the oldest are read again where they are needed.
_MOST_CLAIMS: Final = 20_000
_PAGES: Final = (Kind.PAGE, Kind.ARCHIVE)
_BEFORE_ANYBODY: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Paper:
    """One report: as it came, as the analyst has it, and what is to be corrected in its claims."""

    record: Received
    report: Report
    #: Details that a web page gave of itself, and that somebody has to look at.
    guessed: frozenset[str] = frozenset()
    edits: dict[Key, Edit] = field(default_factory=dict)
    why: str = ""
    #: The analyst does not want it.
    skipped: bool = False
    #: What looking at ``looked`` has shown: the number of its claims, and what the database holds of it.
    looked: Report | None = None
    figures: int = 0
    known: Known | None = None

    @classmethod
    def of(cls, record: Received, *, typed: bool = False) -> Paper:
        """A report as it came; ``typed`` where it is no file."""
        page = not typed and record.origin.line is None and kind_of(record.origin.path, record.raw[:HEAD]) in _PAGES
        given = (name for name in ("title", "publisher", "url", "published") if getattr(record.report, name))
        return cls(record, record.report, frozenset(given if page else ()))

    @property
    def received(self) -> Received:
        """The record with the details as the analyst has them."""
        return dataclasses.replace(self.record, report=self.report)

    @property
    def to_read(self) -> Report:
        """The report as it is read: where it has no date of its own, with that of its stored version."""
        return self.known.report if self.known is not None and self.looked == self.report else self.report

    def look(self, readings: Readings, store: Store | None) -> list[Claim]:
        """Read the report, and ask the database what it holds of it; gives its claims."""
        self.known = None if store is None else known(store, self.received)
        self.looked = self.report
        claims = readings.of(self.to_read)
        self.figures = len(claims)
        return claims


class Readings:
    """Claims of reports, read once and kept as long as there are not too many."""

    def __init__(self, read: Callable[[Report], list[Claim]], most: int = _MOST_CLAIMS) -> None:
        self._read, self._most = read, most
        self._known: OrderedDict[Report, list[Claim]] = OrderedDict()
        self._held = 0

    def of(self, report: Report) -> list[Claim]:
        """The claims of a report."""
        if report in self._known:
            self._known.move_to_end(report)
            return self._known[report]
        found = self._known[report] = self._read(report)
        self._held += len(found)
        while self._held > self._most and len(self._known) > 1:
            self._held -= len(self._known.popitem(last=False)[1])
        return found


# --- details ----------------------------------------------------------------------------------------------


def offsets() -> list[str]:
    """How far a clock can be from UTC, west to east, as it is chosen.

    >>> offsets()[0], offsets()[14:17]
    ('UTC-12:00', ['UTC', 'UTC+01:00', 'UTC+02:00'])
    """
    return list(_OFFSETS)


def moment(day: dt.date | None, time: dt.time | None, offset: str | None) -> dt.date | None:
    """A day, or a moment where its time and offset are known. Raises ValueError, in words, where one is missing.

    >>> moment(dt.date(2025, 4, 24), dt.time(7, 30), "UTC+03:00").isoformat()
    '2025-04-24T07:30:00+03:00'
    """
    if day is None:
        if time is not None:
            raise ValueError("A time needs its day: give the date of publication, or take the time away.")
        return None
    if time is None:
        return day
    if not offset:
        raise ValueError("A time needs its zone: choose how far its clock is from UTC, or take the time away.")
    return dt.datetime.combine(day, time, tzinfo=dt.timezone(_OFFSETS[offset]))


def parts(published: dt.date | None) -> tuple[dt.date | None, dt.time | None, str | None]:
    """A date of publication as ``moment`` takes it, without its seconds.

    >>> parts(dt.datetime(2025, 4, 24, 7, 30, tzinfo=dt.UTC))
    (datetime.date(2025, 4, 24), datetime.time(7, 30), 'UTC')
    """
    if not isinstance(published, dt.datetime):
        return published, None, None
    offset = published.utcoffset() or dt.timedelta()
    name = next((one for one, known in _OFFSETS.items() if known == offset), None)
    if name is None:  # no clock of today is so far off; the moment is the same
        published, name = published.astimezone(dt.UTC), "UTC"
    return published.date(), published.time().replace(second=0, microsecond=0), name


def _named_offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else "UTC"


#: Clocks that are no whole hours from UTC, in minutes.
_BESIDE_THE_HOUR: Final = (-570, -210, 210, 270, 330, 345, 390, 570, 630, 765)
#: West to east.
_OFFSETS: Final = {
    _named_offset(minutes): dt.timedelta(minutes=minutes)
    for minutes in sorted([*(60 * hours for hours in range(-12, 15)), *_BESIDE_THE_HOUR])
}


def link_problem(url: str) -> str:
    """Why an address is refused, in words; empty where it is one of the web, or none.

    >>> link_problem("https://example.org/a"), link_problem("javascript:alert(1)")
    ('', 'A link is the address of a page on the web: it starts with http:// or https://. Leave it empty if unsure.')
    """
    if not url or is_web_address(url):
        return ""
    return "A link is the address of a page on the web: it starts with http:// or https://. Leave it empty if unsure."


# --- claims as rows ---------------------------------------------------------------------------------------


def key_of(claim: Claim) -> Key:
    """Which claim is meant."""
    return claim.field, claim.start, claim.end, claim.measure, claim.group


def as_read(claim: Claim) -> Edit:
    """What was read, by editable column."""
    last = claim.date_end if claim.date_end != claim.date else None
    return {
        KEEP: True,
        "measure": str(claim.measure),
        "low": claim.low,
        "high": claim.high,
        "group": str(claim.group),
        "place": claim.place,
        "admin1": claim.admin1,
        "country": claim.country,
        "date": claim.date,
        "date_end": last,
        "weapons": list(claim.weapons),
        "attacker": claim.attacker,
    }


def rows(claims: Sequence[Claim], edits: Mapping[Key, Edit]) -> pd.DataFrame:
    """Claims as a table to edit, one a row, in reading order, with what was changed so far."""
    made = []
    for number, claim in enumerate(claims, 1):
        shown = as_read(claim) | edits.get(key_of(claim), {})
        made.append(
            {
                "number": number,
                **{name: shown[name] for name in (KEEP,)},
                "figure": visible(claim.text),
                **{name: shown[name] for name in EDITABLE if name != KEEP},
                "source": visible(claim.source or ""),
                "relation": RELATIONS[claim.relation],
                "sentence": visible(claim.sentence),
            }
        )
    names = ["number", KEEP, "figure", *EDITABLE[1:], "source", "relation", "sentence"]
    frame = pd.DataFrame(made, columns=names)
    kinds: dict[str, Any] = {"number": "int64", KEEP: "bool", "low": "Int64", "high": "Int64"}
    kinds |= dict.fromkeys(("measure", "group", *_WHERE, "attacker"), "string")
    frame = frame.astype(kinds)
    for name in _WHEN:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def edits_in(table: pd.DataFrame, claims: Sequence[Claim]) -> dict[Key, Edit]:
    """What a table of the claims of one report says otherwise than was read, by claim."""
    each = zip(claims, changes(table, claims), strict=True)
    return {key_of(claim): edit for claim, edit in each if edit}


def changes(table: pd.DataFrame, claims: Sequence[Claim]) -> list[Edit]:
    """What a table of claims says otherwise than they do, for each of them."""
    found: list[Edit] = []
    for claim, (_, row) in zip(claims, table.iterrows(), strict=True):
        read = as_read(claim)
        found.append({name: value for name in EDITABLE if (value := _plain(name, row[name])) != read[name]})
    return found


def _plain(name: str, value: Any) -> Any:
    """A cell as a plain value: None where it is empty."""
    if name == "weapons":
        return sorted(str(one) for one in value) if isinstance(value, Iterable) and not isinstance(value, str) else []
    if value is None or pd.isna(value):
        return True if name == KEEP else None
    if name in _WHEN:
        return pd.Timestamp(value).date()
    if name in _FIGURE:
        return int(value)
    if name == KEEP:
        return bool(value)
    return " ".join(str(value).split()) or None


# --- changes as corrections -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What changes come to: corrections to be made, what is wrong with the changes, and what to know about them."""

    drafts: tuple[Draft, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    #: The claims as corrected, in their order; None where rejected.
    now: tuple[Claim | None, ...]


def outcome(claims: Sequence[Claim], edits: Mapping[Key, Edit]) -> Outcome:
    """The corrections that changes of one report's claims come to."""
    return outcome_of(claims, [edits.get(key_of(claim), {}) for claim in claims])


def outcome_of(claims: Sequence[Claim], each: Sequence[Edit]) -> Outcome:
    """The corrections that changes of claims, one edit for each, come to."""
    drafts: list[Draft] = []
    problems: list[str] = []
    notes: list[str] = []
    numbers: list[int] = []
    for number, (claim, edit) in enumerate(zip(claims, each, strict=True), 1):
        if not edit:
            continue
        made: list[Draft] = []
        for turn in (_rejected, _figure, _moved, _recoded):
            try:
                draft, note = turn(claim, edit)
            except ValueError as error:
                problems.append(f"#{number}: {error}")
                continue
            if note:
                notes.append(f"#{number}: {note}")
            if draft is not None:
                made.append(draft)
                if draft.action is Action.REJECT:
                    break
        drafts += made
        numbers += [number] * len(made)
    log = [
        Correction(at, draft.action, tuple(map(anchor_of, draft.held)), "", _BEFORE_ANYBODY, "", change=draft.change)
        for at, draft in enumerate(drafts)
    ]
    became = apply(claims, log)
    lost = dict.fromkeys(numbers[correction.number] for correction, _ in became.lost)
    same = "another claim has the same words in the same sentence, so that they cannot be told apart."
    problems += [f"#{one}: {same}" for one in lost]
    return Outcome(tuple(drafts), tuple(problems), tuple(notes), became.each)


_Turn = tuple[Draft | None, str]


def _rejected(claim: Claim, edit: Edit) -> _Turn:
    return (None, "") if edit.get(KEEP, True) else (Draft(Action.REJECT, (claim,)), "")


def _figure(claim: Claim, edit: Edit) -> _Turn:
    if not edit.keys() & set(_FIGURE):
        return None, ""
    low, high = edit.get("low", claim.low), edit.get("high", claim.high)
    if low is None and high is None:
        raise ValueError("a figure needs a number. To leave the claim out, take its tick away.")
    if low is not None and high is not None and low > high:
        raise ValueError(f"its lowest figure, {low}, is above its highest, {high}.")
    if any(bound is not None and bound < 0 for bound in (low, high)):
        raise ValueError("a figure is not below zero.")
    return Draft(Action.FIGURE, (claim,), Change(low=low, high=high)), ""


def _moved(claim: Claim, edit: Edit) -> _Turn:
    change, note = Change(), ""
    if edit.keys() & set(_WHERE):
        where, note = _place(claim, edit)
        change = dataclasses.replace(change, **where)
    if edit.keys() & set(_WHEN):
        first = edit.get("date", claim.date)
        last = edit["date_end"] if "date_end" in edit else as_read(claim)["date_end"]
        if first is None:
            raise ValueError("a correction cannot make a date unknown. To leave the claim out, take its tick away.")
        if last is not None and last < first:
            raise ValueError(f"its last day, {last}, is before its first, {first}.")
        change = dataclasses.replace(change, date=first, date_end=last)
    return (None, "") if change == Change() else (Draft(Action.MOVE, (claim,), change), note)


def _place(claim: Claim, edit: Edit) -> tuple[dict[str, Any], str]:
    """Where a claim is moved to, as the gazetteer knows it.

    A region or country that was read belongs to the place that was read: with another place, only what the analyst
    gave beside it counts, and the country as a first guess.
    """
    place = edit.get("place", claim.place)
    admin1 = edit.get("admin1", None if "place" in edit and place else claim.admin1)
    country = edit.get("country", claim.country)
    if not (place or admin1 or country):
        raise ValueError("a correction cannot make a place unknown. To leave the claim out, take its tick away.")
    found = placed(place, admin1, country)
    if place and found.lat is None and "country" not in edit and (wider := placed(place, admin1)).lat is not None:
        found = wider
    where = {name: getattr(found, name) for name in ("place", "admin1", "country", "lat", "lon")}
    named = ", ".join(part for part in (found.place, found.admin1, found.country) if part)
    return where, f"placed in {named}." + (f" {found.note}" if found.note else "")


def _recoded(claim: Claim, edit: Edit) -> _Turn:
    given = {name: edit[name] for name in _CODES if name in edit}
    if not given:
        return None, ""
    if any(name in given and given[name] is None for name in ("measure", "group")):
        raise ValueError("it needs a measure and a group.")
    change = Change(
        measure=Measure(given["measure"]) if "measure" in given else None,
        group=Group(given["group"]) if "group" in given else None,
        weapons=tuple(given["weapons"]) if "weapons" in given else None,
        attacker=(given["attacker"] or "") if "attacker" in given else None,
    )
    return Draft(Action.RECODE, (claim,), change), ""
