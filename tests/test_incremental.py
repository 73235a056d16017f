"""What is made again after news equals what would be made from nothing (codebook 8)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.factory import claim
from tracker import amend, carriers, derive, ledger
from tracker import database as db
from tracker.corrections import Action, Change
from tracker.ingest import Origin, read_record
from tracker.models import Claim, Measure, Report
from tracker.reconcile import reconcile
from tracker.region import steps
from tracker.store import Store
from tracker.table import to_table

MADE = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)
DERIVED = (db.claims, db.strikes, db.members, db.texts, db.text_keys)


def dump(store: Store, tables: tuple[sa.Table, ...] = DERIVED) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in tables
        }


# --- a reader of claims written out -----------------------------------------------------------------------


def coded(report: Report) -> list[Claim]:
    """Reads reports that are lists of claims: the fields of each as JSON, a line each."""
    made = []
    for at, line in enumerate(filter(None, report.text.splitlines())):
        fields: dict[str, Any] = json.loads(line)
        figure = fields.pop("figure")
        for name in ("date", "date_end"):
            if fields.get(name):
                fields[name] = dt.date.fromisoformat(fields[name])
        start = fields.pop("start", 10 * at)
        known = {"at": report.published, "publisher": report.publisher, "sentence": f"Sentence {start}.", **fields}
        made.append(claim(figure, report=report.id, start=start, **known))
    return made


@pytest.fixture
def coded_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.store._reader", lambda: coded)
    # However small the store, news is looked at by itself, and everything a little at a time.
    monkeypatch.setattr(derive, "_MOST", 0)
    monkeypatch.setattr(derive, "_MUCH", 1)
    monkeypatch.setattr(derive, "_PORTION", 3)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A report of a few claims about a small world, in which nights, weeks and unknown days meet."""
    lines = []
    for _ in range(draw(st.integers(0, 3))):
        day = draw(st.one_of(st.none(), st.integers(1, 14)))
        length = draw(st.sampled_from([0, 0, 0, 0, 1, 5]))
        date = None if day is None else dt.date(2025, 4, day)
        lines.append(
            {
                "figure": f"{draw(st.sampled_from(['killed', 'injured', 'launched']))} {draw(st.integers(0, 9))}"
                + draw(st.sampled_from(["", "", "", " period"])),
                "start": draw(st.sampled_from([0, 10, 20])),
                "date": date and date.isoformat(),
                "date_end": date and (date + dt.timedelta(length)).isoformat(),
                "date_text": draw(st.sampled_from([None, "overnight", "late on Monday", "early on Tuesday"])),
                "date_prec": draw(st.sampled_from([1, None])),
                "place": draw(st.sampled_from(["Kyiv", "Kyiv", "Odesa", None])),
                "admin1": draw(st.sampled_from([None, "South"])),
                "country": draw(st.sampled_from(["Ukraine", "Ukraine", None])),
                "attacker": draw(st.sampled_from([None, "Russia"])),
                "weapons": draw(st.sampled_from(["", "drone", "missile", "drone+missile"])),
                "source": draw(st.sampled_from([None, "the mayor"])),
            }
        )
    return "\n".join(json.dumps(line) for line in lines) or "Nothing."


@st.composite
def events(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """What happens to a store: news, other versions, corrections, undoings, requests to forget."""
    names = st.sampled_from("abcdef")
    happened: list[tuple[str, Any]] = []
    for _ in range(draw(st.integers(2, 12))):
        kind = draw(st.sampled_from(["news", "news", "news", "news", "copy", "correct", "undo", "forget"]))
        if kind == "news":
            hour = draw(st.sampled_from([None, 5, 12, 20]))
            published = None if hour is None else f"2025-04-{draw(st.integers(1, 14)):02}T{hour:02}:00Z"
            happened.append(
                (kind, {"id": draw(names), "text": draw(texts()), "published": published, "publisher": draw(names)})
            )
        elif kind == "copy":
            happened.append((kind, (draw(names), draw(names))))
        elif kind == "correct":
            happened.append((kind, (draw(st.sampled_from(Action)), draw(st.integers(0, 20)), draw(st.integers(0, 20)))))
        else:
            happened.append((kind, draw(names)))
    return happened


def happen(store: Store, events: list[tuple[str, Any]]) -> None:
    for number, (kind, what) in enumerate(events):
        if kind == "news":
            store.ingest([read_record(json.dumps({**what, "text": what["text"]}).encode(), Origin("x", number + 1))])
        elif kind == "copy":
            report = store.report(what[0])
            if report is not None:
                copy = {"id": what[1], "text": report.text, "published": "2025-04-10", "publisher": "site"}
                store.ingest([read_record(json.dumps(copy).encode(), Origin("x", number + 1))])
        elif kind == "correct":
            correct(store, *what)
        elif kind == "undo":
            if log := amend.log(store):
                amend.undo(store, log[-1].correction.number, who="O", when=MADE, why="?")
        else:
            if store.report(what) is not None:
                amend.forget(store, what, when=MADE)


def correct(store: Store, action: Action, first: int, second: int) -> None:
    claims = store.claims()
    if not claims or action is Action.UNDO:
        return
    one, other = claims[first % len(claims)], claims[second % len(claims)]
    held = [one, other] if action is Action.MERGE and one.basis is other.basis else [one]
    changes = {
        Action.FIGURE: Change(low=5, high=5),
        Action.MOVE: Change(place="Odesa", country="Ukraine", date=dt.date(2025, 4, 7)),
        Action.RECODE: Change(measure=Measure.INJURED, weapons=("bomb",)),
    }
    amend.correct(store, action, held, who="O", when=MADE, why="?", change=changes.get(action, Change()))


@pytest.mark.usefixtures("coded_reader")
@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(events())
def test_news_gives_what_a_rebuild_would(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, Any]]
) -> None:
    with Store.open(tmp_path_factory.mktemp("db") / "t.db") as store:
        for event in events:
            happen(store, [event])
            assert not store.stale
        assert_frame_equal(store.table(), to_table(store.strikes()))
        found, switched = dump(store), store.strikes("highest", "acled")
        with store.reading() as connection:
            copies, log = carriers.copies(connection), ledger.corrections(connection)
        assert switched == reconcile(store.claims(), "highest", vague="acled", copies=copies, corrections=log)
        assert_frame_equal(store.table("highest", "acled"), to_table(switched))
        with store.writing() as connection:
            derive.touch_all(connection)
        store.refresh()
        assert dump(store) == found
        store.rebuild()
        assert dump(store) == found
        assert store.strikes("highest", "acled") == switched


@pytest.mark.usefixtures("coded_reader")
def test_what_a_lost_merge_held_stands_alone_again(tmp_path: Path) -> None:
    def news(report: str, figure: str, day: str | None) -> tuple[str, dict[str, Any]]:
        text = json.dumps({"figure": figure, "start": 0, "date": day, "date_end": day})
        return ("news", {"id": report, "text": text, "published": None, "publisher": "a"})

    with Store.open(tmp_path / "t.db") as store:
        happen(store, [news("b", "killed 1", "2025-04-01"), news("a", "injured 2", None)])
        happen(store, [("correct", (Action.MERGE, 0, 1))])
        assert len(store.strikes()) == 1
        happen(store, [news("a", "killed 3", None)])
        assert sorted(figure.best or 0 for strike in store.strikes() for figure in strike.figures) == [1, 3]


@pytest.mark.usefixtures("coded_reader")
def test_only_what_is_within_reach_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def day(number: int, killed: int = 3) -> str:
        date = dt.date(2025, 1, 1) + dt.timedelta(number)
        return json.dumps({"figure": f"killed {killed}", "date": date.isoformat(), "date_text": "overnight"})

    def ingest(store: Store, name: str, text: str) -> None:
        store.ingest(
            [read_record(json.dumps({"id": name, "text": text, "published": "2025-06-01"}).encode(), Origin("x", 1))]
        )

    looked: list[int] = []
    real = derive.strikes_from

    def watched(corrected: Any, *rest: Any, **options: Any) -> Any:
        looked.append(len(corrected.claims))
        return real(corrected, *rest, **options)

    with Store.open(tmp_path / "t.db") as store:
        ingest(store, "year", "\n".join(day(number) for number in range(0, 120, 2)))
        for number in range(0, 120, 2):
            ingest(store, f"r{number}", day(number + 1))
        assert len(store.strikes()) == 120
        monkeypatch.setattr(derive, "strikes_from", watched)
        ingest(store, "late", day(61, killed=7))
        assert len(store.strikes()) == 120
        # The report of a whole year is looked at whole; of the others, those a few nights around.
        assert looked
        assert looked[0] < 60 + 12


@pytest.mark.usefixtures("coded_reader")
def test_news_that_reaches_most_of_the_store_looks_at_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ingest(store: Store, name: str) -> None:
        text = json.dumps({"figure": f"killed {len(name)}", "source": name})
        line = json.dumps({"id": name, "text": text, "published": "2025-06-01"})
        store.ingest([read_record(line.encode(), Origin("x", 1))])

    looked: list[str] = []
    real = derive._remake_all

    def watched(connection: sa.Connection) -> None:
        looked.append("all")
        real(connection)

    monkeypatch.setattr(derive, "_remake_all", watched)
    with Store.open(tmp_path / "t.db") as store:
        for name in ("a", "bb", "ccc"):
            ingest(store, name)
        assert looked == []
        monkeypatch.setattr(derive, "_MUCH", 0.5)
        ingest(store, "dddd")
        assert looked == ["all"]
        (strike,) = store.strikes()
        assert strike.n_reports == 4


@pytest.mark.parametrize(
    ("spans", "start", "number", "expected"),
    [
        ([(1, 2), (2, 3), (3, 4)], [(1, 1)], 1, [(1, 2)]),
        ([(1, 2), (2, 3), (3, 4)], [(1, 1)], 9, [(1, 4)]),
        ([(1, 2), (3, 4)], [(1, 1)], 9, [(1, 2)]),
        ([(1, 50), (60, 61)], [(40, 40), (61, 61)], 1, [(1, 50), (60, 61)]),
        ([(1, 50)], [(2, 2), (30, 30)], 1, [(1, 50)]),
        ([], [(2, 2)], 3, [(2, 2)]),
        ([(1, 2)], [], 3, []),
    ],
)
def test_steps(spans: Any, start: Any, number: int, expected: Any) -> None:
    assert steps(spans, start, number) == expected
