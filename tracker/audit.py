"""The log of corrections as sentences: who did what to which claim, when, why, and what has become of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.amend import Entry, State, meant
from tracker.charts_style import bounds
from tracker.corrections import Action, Anchor, Change, Correction
from tracker.models import Group, joined_weapons

#: The columns of ``table``.
COLUMNS = (
    "number", "when", "who", "action", "what", "why", "link", "state", "undone_by", "reports", "sentences",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One correction: ``what`` continues the name of who made it; ``undone_by`` is the undoing in force."""

    correction: Correction
    state: State
    what: str
    undone_by: int | None
    reports: tuple[str, ...]
    #: The sentences of claims that it no longer finds.
    lost: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The whole of it in words."""
        made = self.correction
        ends = {
            State.UNDONE: f" Undone by correction {self.undone_by}.",
            State.LOST: " Lost: what it was about is no longer read.",
            State.PARTLY_LOST: " Partly lost: some of what it was about is no longer read.",
        }
        return f"{made.who} {self.what} on {_when(made.when)}: “{made.why}”.{ends.get(self.state, '')}"


def lines(entries: Sequence[Entry]) -> list[Line]:
    """The log in words, by number."""
    log = {entry.correction.number: entry.correction for entry in entries}
    undone = {
        entry.correction.undoes: entry.correction.number
        for entry in entries
        if entry.correction.action is Action.UNDO and entry.state is not State.UNDONE
    }
    return [
        Line(
            entry.correction,
            entry.state,
            what(entry.correction, log),
            undone.get(entry.correction.number),
            tuple(dict.fromkeys(anchor.report_id for anchor in meant(entry.correction, log).anchors)),
            tuple(anchor.sentence for anchor in entry.lost),
        )
        for entry in entries
    ]


def what(correction: Correction, log: dict[int, Correction]) -> str:
    """What a correction did, as the rest of a sentence that begins with a name."""
    change, held = correction.change, _claims(correction.anchors)
    match correction.action:
        case Action.FIGURE:
            return f"set {held} to {bounds(change.low, change.high)}"
        case Action.REJECT:
            return f"rejected {held}"
        case Action.MOVE:
            return f"moved {held} to {_destination(change)}"
        case Action.RECODE:
            return f"coded {held} as {_coding(change)}"
        case Action.MERGE:
            return f"made one strike of {held}"
        case Action.SPLIT:
            return f"made {held} a strike of its own"
        case Action.ACCEPT:
            return f"accepted {held} as read"
        case Action.UNDO:
            undone = log[correction.undoes or 0]
            return f"took back correction {undone.number} ({undone.who} {what(undone, log)})"


def table(found: Sequence[Line]) -> list[dict[str, object]]:
    """The log as rows of ``COLUMNS``, for exports."""
    return [
        {
            "number": line.correction.number,
            "when": line.correction.when.isoformat(),
            "who": line.correction.who,
            "action": line.correction.action.value,
            "what": line.what,
            "why": line.correction.why,
            "link": line.correction.link,
            "state": line.state.value,
            "undone_by": line.undone_by,
            "reports": "; ".join(line.reports) or None,
            "sentences": " | ".join(dict.fromkeys(a.sentence for a in line.correction.anchors if a.sentence)) or None,
        }
        for line in found
    ]


def _claims(anchors: Sequence[Anchor]) -> str:
    """The claims that a correction holds: the first by its words, the others by their number."""
    if not anchors:
        return "nothing"
    first = anchors[0]
    parts = [first.measure.value.replace("_", " ")]
    if first.group is not Group.ALL:
        parts.append(first.group.value.replace("_", " "))
    if first.text:
        parts.append(f"“{first.text}”")
    where = f"report {first.report_id}" + ("" if first.sentence else ", forgotten")
    more = len(anchors) - 1
    others = "" if not more else " and 1 more claim" if more == 1 else f" and {more} more claims"
    return f"{', '.join(parts)} ({where}){others}"


def _destination(change: Change) -> str:
    named = dict.fromkeys(part for part in (change.place, change.admin1, change.country) if part)
    days = [] if change.date is None else [_day(change.date)]
    if change.date is not None and change.date_end not in (None, change.date):
        days.append(_day(change.date_end or change.date))
    return ", ".join(part for part in (*named, "–".join(days)) if part)


def _coding(change: Change) -> str:
    parts = [value.value.replace("_", " ") for value in (change.measure, change.group) if value is not None]
    if change.weapons is not None:
        parts.append((joined_weapons(change.weapons) or "no named weapon").replace("_", " ").replace("+", " + "))
    if change.attacker is not None:
        parts.append(f"attacker {change.attacker or 'not named'}")
    return ", ".join(parts)


def _day(value: dt.date) -> str:
    return f"{value.day} {value:%b %Y}"


def _when(moment: dt.datetime) -> str:
    """A time as it reads in the log, in UTC.

    >>> _when(dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC))
    '4 May 2025, 09:30 UTC'
    """
    return f"{_day(moment)}, {moment.astimezone(dt.UTC):%H:%M} UTC"
