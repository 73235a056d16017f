"""What is put before an analyst, in which order, and what does not come back (codebook 8, "Review")."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factory import claim
from tracker import amend, review
from tracker.corrections import Action, Change
from tracker.doubts import Doubt, Flag, doubts, very_high
from tracker.ingest import Origin, read_record
from tracker.lexicon import read_toml
from tracker.models import Claim, Measure
from tracker.reconcile import reconcile
from tracker.store import Store

WHEN = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)


def flagged(*claims: Claim) -> list[Flag]:
    return [flag for strike in reconcile(claims) for flag in doubts(strike, claims)]


def shown(flag: Flag) -> str:
    bounds = f"{flag.low}-{'' if flag.high is None else flag.high}" if flag.measure else ""
    moves = ", ".join(f"{measure} {number}" for measure, number in flag.moves)
    return " ".join(part for part in (flag.doubt, flag.measure, bounds, *flag.names, f"({moves})") if part)


MINISTRY = "Russia's defence ministry"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([claim("killed 5"), claim("killed 4", source="A")], []),
        ([claim("killed 5", source="A"), claim("killed 9", source="B")], ["disputed killed 5-9 (killed 4)"]),
        ([claim("killed 5", source="A"), claim("killed 6", source="B")], []),
        ([claim("injured 24..", vague="dozens")], ["vague injured 24- dozens (injured 24)"]),
        ([claim("killed 100")], ["very high killed 100-100 (killed 100)"]),
        ([claim("killed 99")], []),
        ([claim("killed 100 period", date_end="2025-12-31")], []),
        ([claim("killed 3", candidates=("Kyiv, Ukraine", "Kiyev, Elsewhere"))],
         ["ambiguous place Kyiv, Ukraine Kiyev, Elsewhere (killed 3)"]),
        ([claim("killed 3", date=None, at=None), ], ["no date (killed 3)"]),
        ([claim("killed 0", date=None, at=None)], ["no date ()"]),
        ([claim("killed 3", source=MINISTRY)], [f"lone belligerent source killed 3-3 {MINISTRY} (killed 3)"]),
        ([claim("killed 3", source=MINISTRY), claim("killed 3", source="the mayor")], []),
        ([claim("intercepted 30", source="Ukraine's air force", weapons="drone")], []),
        ([claim("killed 40 soldiers", source=MINISTRY, attacker="Russia")],
         [f"lone belligerent source killed 40-40 {MINISTRY} (killed 40)",
          f"lone belligerent source killed 40-40 {MINISTRY} ()"]),
    ],
)  # fmt: skip
def test_what_is_doubtful(claims: list[Claim], expected: list[str]) -> None:
    assert [shown(flag) for flag in flagged(*claims)] == expected


def test_a_vague_word_that_was_overtaken_is_no_doubt() -> None:
    first = claim("injured 24..", vague="dozens", source="the mayor", at="2025-04-24 06:00")
    assert flagged(first, claim("injured 31", source="the mayor", at="2025-04-24 12:00")) == []


@pytest.mark.parametrize("row", read_toml("review.toml")["very_high"], ids=lambda row: row["measure"])
def test_each_threshold_has_an_example_above_it(row: dict[str, Any]) -> None:
    found = flagged(
        claim(f"{row['measure']} {row['example']}"), claim(f"{row['measure']} {row['from'] - 1}", place="Lviv")
    )
    assert [flag.low for flag in found if flag.doubt is Doubt.VERY_HIGH] == [row["example"]]


def test_every_measure_has_a_threshold_in_the_codebooks_order() -> None:
    assert list(very_high()) == list(Measure)


def test_another_report_of_the_same_is_nothing_new_and_another_figure_is() -> None:
    def seen(*claims: Claim) -> set[str]:
        return {flag.seen(strike) for strike in reconcile(claims) for flag in doubts(strike, claims)}

    five, nine = claim("killed 5", source="A"), claim("killed 9", source="B")
    assert seen(five, nine) == seen(five, nine, claim("killed 9", source="C"))
    assert seen(five, nine) != seen(five, nine, claim("killed 12", source="C"))


# -- the queue of a store --------------------------------------------------------------------------------------

REPORTS = [
    {"id": "a", "text": "Residents said 4 people were killed in Kharkiv on 1 May 2025."},
    {"id": "b", "text": "The mayor said 9 people were killed in Kharkiv on 1 May 2025."},
    {"id": "c", "text": "Dozens of people were injured in a drone attack on Odesa on 2 May 2025."},
    {"id": "d", "text": "An explosion killed 240 people in Lviv on 3 May 2025."},
    {"id": "e", "text": "Two people were killed by shelling in Sumy."},
    {"id": "f", "text": "A missile killed three people in Dnipro on 4 May 2025."},
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as made:
        take_in(made, *REPORTS)
        yield made


def take_in(store: Store, *reports: dict[str, str]) -> None:
    store.ingest(read_record(json.dumps(report).encode(), Origin("r", at)) for at, report in enumerate(reports, 1))


def queued(store: Store) -> list[tuple[str | None, list[str]]]:
    """Where, and the doubts, in the order of the queue."""
    found = []
    for item in review.queue(store):
        dossier = store.strike(item.strike_id)
        assert dossier is not None
        assert review.item_of(store, item.strike_id) == item
        found.append((dossier.strike.place, [flag.doubt.value for flag in item.flags]))
    return found


def claims_at(store: Store, place: str) -> list[Claim]:
    return [one for one in store.claims() if one.place == place]


def accept(store: Store, place: str) -> None:
    item = next(one for one in review.queue(store) if store.strike(one.strike_id).strike.place == place)  # type: ignore[union-attr]
    change = Change(seen=" ".join(item.seen))
    amend.correct(store, Action.ACCEPT, claims_at(store, place), who="O", when=WHEN, why="as it says", change=change)


ALL = [
    ("Lviv", ["very high"]),
    ("Kharkiv", ["disputed"]),
    ("Sumy", ["no date"]),
    ("Odesa", ["vague"]),
]


def test_the_queue_goes_by_what_it_would_change(store: Store) -> None:
    assert queued(store) == ALL


def test_what_was_accepted_does_not_come_back_unless_it_changes(store: Store) -> None:
    accept(store, "Kharkiv")
    assert queued(store) == [ALL[0], *ALL[2:]]
    take_in(store, {"id": "g", "text": "Hospital staff said 9 people were killed in Kharkiv on 1 May 2025."})
    assert queued(store) == [ALL[0], *ALL[2:]]
    take_in(store, {"id": "h", "text": "Police said 14 people were killed in Kharkiv on 1 May 2025."})
    assert queued(store)[:2] == ALL[:2]


def test_an_acceptance_can_be_taken_back(store: Store) -> None:
    accept(store, "Lviv")
    assert queued(store) == ALL[1:]
    amend.undo(store, 1, who="O", when=WHEN, why="too soon")
    assert queued(store) == ALL


def test_another_doubt_about_what_was_accepted_comes_alone(store: Store) -> None:
    accept(store, "Kharkiv")
    take_in(store, {"id": "g", "text": "Dozens of people were injured in Kharkiv on 1 May 2025, residents said."})
    assert ("Kharkiv", ["vague"]) in queued(store)


@pytest.mark.parametrize(
    ("place", "action", "change"),
    [
        ("Odesa", Action.FIGURE, Change(low=31, high=31)),
        ("Sumy", Action.MOVE, Change(date=dt.date(2025, 5, 3))),
        ("Lviv", Action.FIGURE, Change(low=24, high=24)),
        ("Lviv", Action.REJECT, Change()),
    ],
)
def test_what_was_mended_is_doubtful_no_longer(store: Store, place: str, action: Action, change: Change) -> None:
    amend.correct(store, action, claims_at(store, place), who="O", when=WHEN, why="checked", change=change)
    assert queued(store) == [each for each in ALL if each[0] != place]


def test_a_figure_that_somebody_set_very_high_is_looked_at(store: Store) -> None:
    change = Change(low=300, high=300)
    amend.correct(store, Action.FIGURE, claims_at(store, "Dnipro"), who="O", when=WHEN, why="a slip", change=change)
    assert queued(store)[0] == ("Dnipro", ["very high"])


def test_nothing_doubtful_nothing_queued(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store:
        take_in(store, REPORTS[-1])
        assert review.queue(store) == []
        assert review.item_of(store, "unknown") is None
