"""Two analysts at one desk: the second to save is told what the first has changed, and nothing is overwritten."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker import amend
from tracker.amend import OvertakenError
from tracker.corrections import Action, Change
from tracker.ingest import Origin, read_record
from tracker.models import Group, Measure
from tracker.store import Dossier, Store

pytestmark = pytest.mark.usefixtures("plain_reader")

WHEN = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)
REPORTS = [
    {"id": "k", "text": "9 killed in Kyiv, 63 injured in Kyiv", "published": "2025-04-24T06:00Z", "publisher": "P"},
    {"id": "o", "text": "2 killed in Odesa", "published": "2025-05-02"},
]


def take_in(store: Store, *reports: dict[str, str]) -> None:
    store.ingest(read_record(json.dumps(report).encode(), Origin("r", at)) for at, report in enumerate(reports, 1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as made:
        take_in(made, *REPORTS)
        yield made


def opened(store: Store, place: str = "Kyiv") -> Dossier:
    found = store.strike(next(strike.strike_id for strike in store.strikes() if strike.place == place))
    assert found is not None
    return found


def set_to(store: Store, seen: Dossier, figure: int, who: str) -> int:
    change = Change(low=figure, high=figure)
    made = amend.correct(
        store, Action.FIGURE, seen.claims[:1], who=who, when=WHEN, why="called", change=change, seen=[seen]
    )
    return made.number


def best(store: Store, place: str = "Kyiv") -> int | None:
    figure = opened(store, place).strike.figure(Measure.KILLED)
    return figure.best if figure else None


def test_the_second_to_save_sees_what_the_first_changed(store: Store) -> None:
    olena, ivan = opened(store), opened(store)
    set_to(store, olena, 10, "Olena")
    with pytest.raises(
        OvertakenError, match=r"changed by correction 1 since you opened it\. Nothing was saved"
    ) as caught:
        set_to(store, ivan, 11, "Ivan")
    assert [(each.number, each.who) for each in caught.value.since] == [(1, "Olena")]
    assert best(store) == 10
    assert len(amend.log(store)) == 1
    assert set_to(store, opened(store), 11, "Ivan") == 2
    assert best(store) == 11


def test_a_correction_of_another_strike_stands_in_nobodys_way(store: Store) -> None:
    olena, ivan = opened(store), opened(store, "Odesa")
    set_to(store, olena, 10, "Olena")
    set_to(store, ivan, 3, "Ivan")
    assert (best(store), best(store, "Odesa")) == (10, 3)


def test_an_undoing_is_a_change_as_well(store: Store) -> None:
    number = set_to(store, opened(store), 10, "Olena")
    ivan = opened(store)
    amend.undo(store, number, who="Olena", when=WHEN, why="misheard")
    with pytest.raises(OvertakenError) as caught:
        set_to(store, ivan, 11, "Ivan")
    assert [each.number for each in caught.value.since] == [2]


def test_new_reports_are_a_change_without_a_correction(store: Store) -> None:
    ivan = opened(store)
    take_in(store, {"id": "l", "text": "8 killed in Kyiv", "published": "2025-04-24T09:00Z", "publisher": "Q"})
    with pytest.raises(OvertakenError, match="This has changed since you opened it") as caught:
        set_to(store, ivan, 11, "Ivan")
    assert caught.value.since == ()


def test_a_strike_that_is_gone_is_a_change(store: Store) -> None:
    ivan = opened(store, "Odesa")
    amend.correct(store, Action.REJECT, ivan.claims, who="Olena", when=WHEN, why="a film")
    with pytest.raises(OvertakenError):
        set_to(store, ivan, 3, "Ivan")


def test_what_was_seen_does_not_depend_on_the_policy(store: Store) -> None:
    seen = opened(store)
    assert seen.stamp == opened(store).stamp
    with Store.open(store.url) as other:
        assert opened(other).stamp == seen.stamp


def test_what_is_undone_is_not_undone_again(store: Store) -> None:
    number = set_to(store, opened(store), 10, "Olena")
    undone = amend.undo(store, number, who="Ivan", when=WHEN, why="wrong")
    with pytest.raises(ValueError, match="Correction 1 is undone already"):
        amend.undo(store, number, who="Olena", when=WHEN, why="wrong")
    amend.undo(store, undone.number, who="Olena", when=WHEN, why="right after all")
    assert best(store) == 10
    with pytest.raises(ValueError, match="needs who makes it and why"):
        amend.undo(store, number, who="Olena", when=WHEN, why=" ")


def test_a_recoding_needs_something_to_say_and_is_kept(store: Store) -> None:
    held = opened(store).claims[:1]
    with pytest.raises(ValueError, match="needs a measure, a group, weapons or an attacker"):
        amend.correct(store, Action.RECODE, held, who="Olena", when=WHEN, why="?", change=Change())
    change = Change(measure=Measure.INJURED, group=Group.CHILDREN, weapons=("bomb", "drone"), attacker="")
    amend.correct(store, Action.RECODE, held, who="Olena", when=WHEN, why="as the report says", change=change)
    ((entry,), strike) = amend.log(store), opened(store).strike
    assert entry.correction.change == change
    assert strike.weapons == ("bomb", "drone")
