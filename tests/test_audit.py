"""The log of corrections reads as sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tracker import audit
from tracker.amend import Entry, State
from tracker.corrections import Action, Anchor, Change, Correction
from tracker.models import Group, Measure

WHEN = dt.datetime(2025, 5, 4, 11, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
NINE = Anchor("k", "At least nine people died.", Measure.KILLED, Group.ALL, "At least nine")
GIRLS = Anchor("l", "Two girls were hurt.", Measure.INJURED, Group.CHILDREN, "Two girls")
GONE = Anchor("m", "", Measure.WITHOUT_POWER)


def entry(action: Action, *anchors: Anchor, number: int = 1, state: State = State.IN_FORCE, **fields: Any) -> Entry:
    lost = anchors if state is State.LOST else ()
    return Entry(Correction(number, action, anchors, "Olena", WHEN, "called the hospital", **fields), state, lost)


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (entry(Action.FIGURE, NINE, change=Change(low=10, high=10)),
         "set killed, “At least nine” (report k) to 10"),
        (entry(Action.FIGURE, NINE, GIRLS, change=Change(low=4)),
         "set killed, “At least nine” (report k) and 1 more claim to 4 or more"),
        (entry(Action.REJECT, GIRLS), "rejected injured, children, “Two girls” (report l)"),
        (entry(Action.REJECT, GONE), "rejected without power (report m, forgotten)"),
        (entry(Action.MOVE, NINE, change=Change(place="Lviv", admin1="Lviv", country="Ukraine")),
         "moved killed, “At least nine” (report k) to Lviv, Ukraine"),
        (entry(Action.MOVE, NINE, change=Change(date=dt.date(2025, 5, 1), date_end=dt.date(2025, 5, 3))),
         "moved killed, “At least nine” (report k) to 1 May 2025–3 May 2025"),
        (entry(Action.RECODE, NINE, change=Change(measure=Measure.INJURED, group=Group.AID_WORKERS)),
         "coded killed, “At least nine” (report k) as injured, aid workers"),
        (entry(Action.RECODE, NINE, change=Change(weapons=("drone", "small_arms"), attacker="Russia")),
         "coded killed, “At least nine” (report k) as drone + small arms, attacker Russia"),
        (entry(Action.RECODE, NINE, change=Change(weapons=(), attacker="")),
         "coded killed, “At least nine” (report k) as no named weapon, attacker not named"),
        (entry(Action.MERGE, NINE, GIRLS, GONE),
         "made one strike of killed, “At least nine” (report k) and 2 more claims"),
        (entry(Action.SPLIT, GIRLS), "made injured, children, “Two girls” (report l) a strike of its own"),
        (entry(Action.ACCEPT, NINE), "accepted killed, “At least nine” (report k) as read"),
    ],
)  # fmt: skip
def test_each_action_reads_as_a_sentence(made: Entry, what: str) -> None:
    (line,) = audit.lines([made])
    assert line.what == what
    assert line.sentence == f"Olena {what} on 4 May 2025, 09:30 UTC: “called the hospital”."


def test_an_undoing_says_what_it_takes_back() -> None:
    first = entry(Action.REJECT, GIRLS, state=State.UNDONE)
    second = entry(Action.UNDO, number=2, undoes=1)
    rejected, undone = audit.lines([first, second])
    assert rejected.sentence.endswith("“called the hospital”. Undone by correction 2.")
    assert undone.what == "took back correction 1 (Olena rejected injured, children, “Two girls” (report l))"
    assert (undone.reports, rejected.undone_by, undone.undone_by) == (("l",), 2, None)


def test_an_undoing_that_was_undone_undoes_nothing() -> None:
    log = [
        entry(Action.REJECT, GIRLS),
        entry(Action.UNDO, number=2, undoes=1, state=State.UNDONE),
        entry(Action.UNDO, number=3, undoes=2),
    ]
    assert [line.undone_by for line in audit.lines(log)] == [None, 3, None]
    assert audit.lines(log)[2].reports == ("l",)


def test_what_is_lost_says_so() -> None:
    (line,) = audit.lines([entry(Action.FIGURE, NINE, change=Change(high=4), state=State.LOST)])
    assert line.sentence.endswith(" Lost: what it was about is no longer read.")
    assert line.lost == ("At least nine people died.",)


def test_rows_for_export_hold_everything() -> None:
    (row,) = audit.table(audit.lines([entry(Action.REJECT, NINE, GIRLS, link="https://example.org/1")]))
    assert tuple(row) == audit.COLUMNS
    assert (row["reports"], row["link"]) == ("k; l", "https://example.org/1")
    assert row["sentences"] == "At least nine people died. | Two girls were hurt."
