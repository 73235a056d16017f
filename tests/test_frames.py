"""What the database holds as DataFrames, and one strike with all that it rests on, without reading everything."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tests.factory import claim
from tracker import amend, frames
from tracker.corrections import Action, Change
from tracker.ingest import Origin, read_record
from tracker.models import Claim, Group, Measure, Report
from tracker.rows import strike_from_row
from tracker.store import Store
from tracker.table import to_table, to_tables

MADE = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)

#: Every shape a cell can take: places of all widths, unknown days, several weapons, open ends, groups, munitions.
WORLD: dict[str, list[dict[str, Any]]] = {
    "a": [
        {"figure": "killed 9", "place": "Kyiv", "weapons": "missile+drone", "lat": 50.45, "lon": 30.52},
        {"figure": "killed 2 children subset", "place": "Kyiv", "weapons": "missile+drone"},
        {"figure": "injured 70..", "place": "Kyiv", "weapons": "missile+drone", "models": ["KN-23", "Geran-2"]},
    ],
    "b": [
        {"figure": "killed 4", "place": "Kyiv", "weapons": "drone", "source": "the mayor", "attacker": "Russia"},
        {"figure": "killed 13 period", "place": None, "date": "2025-04-01", "date_end": "2025-04-30"},
        {"figure": "killed 8 soldiers", "place": "Kursk", "country": "Russia", "source": "Ukraine's general staff"},
    ],
    "c": [
        {"figure": "launched 145", "place": None, "weapons": "drone", "source": "the air force"},
        {"figure": "launched 70", "place": None, "weapons": "missile", "source": "the air force"},
        {"figure": "intercepted 64", "place": None, "weapons": "drone", "source": "the air force"},
        {"figure": "killed 25", "place": None, "source": "the air force"},
        {"figure": "killed 6", "place": None, "admin1": "Odesa"},
    ],
    "d": [
        {"figure": "killed 3", "place": "Ödön", "country": None, "date": None},
        {"figure": "injured ..5", "place": "odesa", "admin1": "Odesa"},
        {"figure": "fires 0", "place": "Zmiiv", "date": "0079-10-24"},
        {"figure": "killed 1 perpetrators", "place": "Zmiiv", "weapons": "small_arms"},
    ],
    "e": [{"figure": "killed 5", "place": "Lviv", "weapons": "bomb"}],
    "f": [{"figure": "killed 6", "place": "Lviv", "weapons": "drone"}],
    "g": [{"figure": "killed 7", "place": "Lviv"}, {"figure": "injured 3", "place": "Lviv"}],
}


def coded(report: Report) -> list[Claim]:
    made = []
    for at, line in enumerate(json.loads(report.text)):
        fields = {name: tuple(value) if isinstance(value, list) else value for name, value in line.items()}
        made.append(
            claim(
                fields.pop("figure"), report=report.id, start=10 * at, at=report.published, publisher=report.publisher,
                **fields,
            )
        )  # fmt: skip
    return made


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("tracker.store._reader", lambda: coded)
    opened = Store.open(tmp_path / "t.db")
    take(opened, **WORLD)
    return opened


def take(store: Store, **reports: list[dict[str, Any]]) -> None:
    store.ingest(
        read_record(
            json.dumps(
                {"id": name, "text": json.dumps(lines), "published": "2025-04-25", "publisher": f"Daily {name}"}
            ).encode(),
            Origin("x", number),
        )
        for number, (name, lines) in enumerate(reports.items(), 1)
    )


def claim_at(store: Store, report: str, position: int) -> Claim:
    return [one for one in store.claims() if one.report_id == report][position]


@pytest.mark.parametrize("batch", [1, 3, 5_000])
def test_the_table_of_the_rows_is_the_table_of_the_strikes(
    store: Store, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "_BATCH", batch)
    fifth = claim_at(store, "e", 0)
    amend.correct(
        store, Action.FIGURE, [fifth], who="Olena", when=MADE, why="misread; twice", change=Change(low=4, high=4)
    )
    table, figures = store.tables()
    known = to_tables(store.strikes())
    assert len(table) == len(store.strikes()) > 10
    assert_frame_equal(table, known.strikes)
    assert_frame_equal(figures, known.figures)
    assert_frame_equal(store.table(), table)
    assert table[["linked", "left_out", "contested", "corrections", "models"]].notna().any().all()


def test_no_strike_is_made_for_the_table(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = store.table()

    def refused(row: object) -> None:
        raise AssertionError(f"{strike_from_row.__name__} was asked for {row}")

    monkeypatch.setattr("tracker.store.strike_from_row", refused)
    assert_frame_equal(store.table(), expected)


def test_the_table_of_an_empty_database_has_all_columns(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as empty:
        table, figures = empty.tables()
        assert_frame_equal(table, to_table([]))
        assert len(figures) == 0
        assert len(empty.mentions()) == 0


@pytest.mark.parametrize(("policy", "vague"), [("highest", "literal"), ("latest", "acled")])
def test_other_policies_give_their_own_tables(store: Store, policy: str, vague: str) -> None:
    assert_frame_equal(store.table(policy, vague), to_table(store.strikes(policy, vague)))
    with pytest.raises(ValueError, match="lowest"):
        store.table("lowest")


def test_figures_point_at_their_rows(store: Store) -> None:
    table, figures = store.tables()
    for figure in figures.itertuples():
        row = table.iloc[figure.row]
        name = f"{figure.measure}_best" if figure.group == "all" else f"{figure.measure}_{figure.group}_best"
        assert (pd.isna(row[name]) and pd.isna(figure.best)) or row[name] == figure.best
    wave = figures[(figures["measure"] == "launched") & (figures["group"] == "all")]
    assert wave["best"].tolist() == [215]
    behind = [one.claim_id for one in store.claims() if one.measure is Measure.LAUNCHED]
    assert sorted(wave["current"].iloc[0].split()) == sorted(behind)
    assert figures.loc[figures["measure"] == "killed", "current"].isna().all()


def test_mentions_say_which_reports_speak_of_which_strikes(store: Store) -> None:
    expected = {
        (strike.strike_id, one.measure.value, one.group.value, one.report_id)
        for strike in store.strikes()
        for one in store.claims_of(strike.strike_id)
    }
    found = store.mentions()
    assert set(found.itertuples(index=False, name=None)) == expected
    assert len(found) == len(expected)
    assert set(found.dtypes.astype(str)) == {"category"}


def test_a_strike_comes_with_all_that_it_rests_on(store: Store) -> None:
    held = claim_at(store, "e", 0)
    made = amend.correct(
        store, Action.FIGURE, [held], who="Olena", when=MADE, why="misread", change=Change(low=4, high=4)
    )
    amend.correct(store, Action.REJECT, [claim_at(store, "d", 2)], who="Olena", when=MADE, why="a volcano")
    for strike in store.strikes():
        found = store.strike(strike.strike_id)
        assert found is not None
        assert found.strike == strike
        assert list(found.claims) == store.claims_of(strike.strike_id)
        assert found.reports == {one.report_id: store.report(one.report_id) for one in found.claims}
        assert found.corrections == ((made,) if held.claim_id in strike.claim_ids else ())
        if found.corrections:
            figure = strike.figure(Measure.KILLED, Group.ALL)
            assert figure is not None
            assert figure.best == 4
            assert found.claims[0].low == 5  # as read
    assert store.strike("0" * 16) is None
