"""What an analyst changes in claims that are stored, and perhaps corrected already."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.factory import claim
from tracker.corrections import Action, Change, Correction, anchor_of, apply
from tracker.models import Claim, Group, Measure
from tracker.pages import mending, papers

WHEN = dt.datetime(2025, 5, 4, tzinfo=dt.UTC)
KYIV = {"place": "Kyiv", "admin1": "Kyiv City", "country": "Ukraine"}


def correction(number: int, action: Action, held: Claim, change: Change | None = None) -> Correction:
    return Correction(number, action, (anchor_of(held),), "O", WHEN, "?", change=change or Change())


def mended(claims: list[Claim], log: list[Correction], row: int, **cells: Any) -> list[Claim | None]:
    """The claims after somebody has edited a row of the table of those that stand."""
    pairs = mending.standing(claims, log)
    now = [one for _, one in pairs]
    table = papers.rows(now, {})
    for name, value in cells.items():
        table[name] = table[name].astype("object")
        table.at[row, name] = value
    edits = mending.as_read(pairs, papers.changes(table, now))
    found = papers.outcome_of([read for read, _ in pairs], edits)
    assert not found.problems
    made = [
        Correction(100 + at, draft.action, tuple(map(anchor_of, draft.held)), "O", WHEN, "?", change=draft.change)
        for at, draft in enumerate(found.drafts)
    ]
    return list(apply(claims, [*log, *made]).each)


NINE, TWO = claim("killed 9", **KYIV), claim("injured 2", **KYIV)


def test_what_is_not_changed_says_nothing() -> None:
    assert mended([NINE, TWO], [], 0) == [NINE, TWO]


def test_claims_at_one_place_in_two_reports_are_two() -> None:
    four, six = claim("killed 4", start=7, **KYIV), claim("killed 6", start=7, **KYIV)
    assert mended([four, six], [], 1, high=9)[0] == four


def test_one_bound_leaves_the_other_as_it_stands_now() -> None:
    log = [correction(1, Action.FIGURE, NINE, Change(low=10, high=12))]
    (now,) = mended([NINE], log, 0, high=14)
    assert now is not None
    assert (now.low, now.high) == (10, 14)


def test_a_claim_that_was_coded_otherwise_is_still_found() -> None:
    log = [correction(1, Action.RECODE, NINE, Change(measure=Measure.INJURED, group=Group.CHILDREN))]
    (now,) = mended([NINE], log, 0, low=8, high=8)
    assert now is not None
    assert (now.measure, now.group, now.low) == (Measure.INJURED, Group.CHILDREN, 8)


def test_what_was_rejected_is_not_shown() -> None:
    log = [correction(1, Action.REJECT, NINE)]
    assert mending.standing([NINE, TWO], log) == [(TWO, TWO)]
    assert mended([NINE, TWO], log, 0, keep=False) == [None, None]


def test_a_last_day_keeps_the_first_that_stands() -> None:
    log = [correction(1, Action.MOVE, NINE, Change(date=dt.date(2025, 4, 26)))]
    (now,) = mended([NINE], log, 0, date_end=dt.date(2025, 4, 27))
    assert now is not None
    assert (now.date, now.date_end) == (dt.date(2025, 4, 26), dt.date(2025, 4, 27))


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"place": "Lviv"}, ("Lviv", "Lviv", "Ukraine")),
        ({"country": "Poland", "place": "Warsaw"}, ("Warsaw", "Masovian", "Poland")),
    ],
)
def test_a_claim_moves_to_where_the_gazetteer_knows_the_name(cells: dict[str, str], where: tuple[str, ...]) -> None:
    (now,) = mended([NINE], [], 0, **cells)
    assert now is not None
    assert (now.place, now.admin1, now.country) == where
    assert now.lat is not None
