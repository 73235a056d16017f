"""Reports, claims and strikes in a database."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import sqlite3
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tracker import database as db
from tracker.ingest import Origin, Received, Record, read_record, read_reports
from tracker.models import Measure, Policy
from tracker.store import Store, StoreError, open_or_sample, open_with_reports, sample_store

Write = Callable[[str, str | bytes], Path]

pytestmark = pytest.mark.usefixtures("plain_reader")
DERIVED = ("claims", "strikes")
LATER = dt.datetime(2025, 5, 4, 12, tzinfo=dt.UTC)


def records(*reports: dict[str, object], path: str = "reports.jsonl") -> list[Record]:
    lines = enumerate(reports, 1)
    return [read_record(json.dumps(report).encode(), Origin(path, number)) for number, report in lines]


KYIV: dict[str, object] = {"id": "k", "text": "9 killed in Kyiv, 63 injured in Kyiv", "published": "2025-04-24T06:00Z"}
ODESA: dict[str, object] = {"id": "o", "text": "2 killed in Odesa", "published": "2025-05-02", "publisher": "P"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as opened:
        yield opened


def dump(store: Store, *names: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of these tables (all of them where none is named), by primary key."""
    with store._engine.connect() as connection:
        tables = [table for table in db.metadata.sorted_tables if not names or table.name in names]
        queries = {table.name: sa.select(table).order_by(*table.primary_key) for table in tables}
        return {name: [tuple(row) for row in connection.execute(query)] for name, query in queries.items()}


def test_claims_and_strikes_come_back_equal(store: Store) -> None:
    from tracker.extract import extract
    from tracker.reconcile import reconcile

    store.ingest(records(KYIV, ODESA))
    made = [
        claim for record in records(KYIV, ODESA) if isinstance(record, Received) for claim in extract(record.report)
    ]
    assert len(made) == 3
    assert store.claims() == made
    assert store.strikes() == reconcile(made)
    assert store.strikes()[0].figures[0].current == (made[0].claim_id,)


def test_reports_come_back_with_what_is_known_about_them(store: Store) -> None:
    given = {**ODESA, "citation": "Original, 2 May", "accessed": "2025-05-03", "tags": ["x"]}
    store.ingest(records(KYIV, given), accessed=LATER)
    kyiv, odesa = store.reports()
    assert kyiv.published == dt.datetime(2025, 4, 24, 6, tzinfo=dt.UTC)
    assert kyiv.accessed == LATER
    assert odesa.accessed == dt.date(2025, 5, 3)
    assert (odesa.citation, odesa.extra["tags"], odesa.publisher) == ("Original, 2 May", ["x"], "P")
    assert store.report("o") == odesa
    assert store.report("unknown") is None


def test_running_it_twice_changes_nothing(store: Store) -> None:
    bad = [read_record(b"{", Origin("bad.jsonl", 1))]
    first = store.ingest([*records(KYIV, ODESA), *bad], accessed=LATER)
    before = dump(store)
    second = store.ingest([*records(KYIV, ODESA), *bad], accessed=LATER + dt.timedelta(days=1))
    assert (first.added, second.added, second.changed, second.unchanged) == (2, 0, 0, 2)
    assert [str(error) for error in first.failed] == [str(error) for error in second.failed]
    assert dump(store) == before


def test_a_new_text_under_a_known_id_replaces_the_old_one(store: Store) -> None:
    store.ingest(records(KYIV, ODESA), accessed=LATER)
    old = store.report("k")
    assert old is not None
    summary = store.ingest(records({**KYIV, "text": "13 killed in Kyiv"}), accessed=LATER)
    assert (summary.added, summary.changed) == (0, 1)
    assert [claim.low for claim in store.claims()] == [13, 2]
    assert [strike.figure(Measure.INJURED) for strike in store.strikes()] == [None, None]
    assert dump(store, "versions")["versions"] == [("k", 1, old.hash, "2025-04-24T06:00:00+00:00", LATER.isoformat())]


def test_a_report_that_comes_again_without_its_date_keeps_it(store: Store) -> None:
    undated = {"id": "u", "text": "1 killed in Lviv"}
    line = json.dumps(undated).encode()
    store.ingest([read_record(line, Origin("u.jsonl", 1), published=dt.date(2025, 5, 2))])
    summary = store.ingest([read_record(line, Origin("u.jsonl", 1))])
    assert (summary.unchanged, summary.undated) == (1, 0)
    assert store.claims()[0].date == dt.date(2025, 5, 2)


def test_rebuilding_gives_the_same_bytes(store: Store) -> None:
    store.ingest(records(ODESA, KYIV))
    before = dump(store, *DERIVED)
    with store._engine.begin() as connection:
        connection.execute(sa.delete(db.claims).where(db.claims.c.report_id == "k"))
        connection.execute(sa.delete(db.strikes))
    assert dump(store, *DERIVED) != before
    store.rebuild()
    assert dump(store, *DERIVED) == before


def test_the_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as one, Store.open(tmp_path / "b.db") as other:
        one.ingest(records(KYIV, ODESA))
        other.ingest(records(ODESA))
        other.ingest(records(KYIV))
        assert one.claims() == other.claims()
        assert one.strikes() == other.strikes()


def test_an_interrupted_run_keeps_whole_reports_and_is_finished_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> Iterator[Record]:
        yield from records(KYIV, ODESA)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.ingest(killed())
    assert store.stale
    assert [report.id for report in store.reports()] == ["k", "o"]
    assert (len(store.claims()), store.strikes()) == (3, [])
    store.ingest(records(KYIV, ODESA))
    assert not store.stale
    assert len(store.strikes()) == 2


def test_a_mistake_of_ours_costs_one_report_and_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    broken = {"id": "b", "text": "BUG 1 killed in Lviv"}
    summary = store.ingest(records(KYIV, broken, ODESA), on_failure=lambda error: heard.append(str(error)))
    assert (summary.added, len(summary.failed)) == (2, 1)
    said = "could not be read (RuntimeError: stumbled). This is a mistake in Strike Tracker: please report it."
    assert heard == [f"reports.jsonl, line 2: {said}"]
    (failure,) = store.failures()
    assert json.loads(failure.raw) == broken
    mended = types.ModuleType("tracker.extract")
    mended.extract = lambda report: []  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tracker.extract", mended)
    assert store.ingest(records(KYIV, broken, ODESA)).added == 1
    assert store.failures() == []


def test_failures_go_when_their_file_is_read_without_them(store: Store, write: Write) -> None:
    path = write("a.jsonl", '{"id": "a", "text": "x"}\nbroken\n{"id": "c", "text": "y"}\n')
    other = write("b.jsonl", "broken\n")
    assert len(store.ingest(read_reports([path, other])).failed) == 2
    assert [(Path(failure.origin.path).name, failure.origin.line) for failure in store.failures()] == [
        ("a.jsonl", 2),
        ("b.jsonl", 1),
    ]
    write("a.jsonl", '{"id": "a", "text": "x"}\n{"id": "c", "text": "y"}\n')
    store.ingest(read_reports([path]))
    assert [Path(failure.origin.path).name for failure in store.failures()] == ["b.jsonl"]


def test_a_failure_goes_when_its_report_is_read_from_elsewhere(store: Store) -> None:
    store.ingest(records({"id": "a", "text": "x", "published": "2025-02-30"}, path="old.jsonl"))
    assert [failure.error.report_id for failure in store.failures()] == ["a"]
    store.ingest(records({"id": "a", "text": "x", "published": "2025-02-28"}, path="new.jsonl"))
    assert store.failures() == []


def test_failures_of_one_stream_do_not_push_out_those_of_another(store: Store) -> None:
    first, second = (Origin("standard input", 1), b"{"), (Origin("standard input", 1), b"[")
    for origin, raw in (first, second, second):
        store.ingest([read_record(raw, origin)])
    assert sorted(failure.raw for failure in store.failures()) == [b"[", b"{"]


def test_two_reports_of_a_run_cannot_share_an_id(store: Store, write: Write) -> None:
    one, two = write("a/report.txt", "1 killed in Lviv"), write("b/report.txt", "2 killed in Lviv")
    for _ in range(2):
        summary = store.ingest(read_reports([one.parent, two.parent]))
        assert [error.problem for error in summary.failed] == [
            f"has the id 'report' of another report of this run ({one})."
        ]
        assert [claim.low for claim in store.claims()] == [1]
    assert summary.unchanged == 1


def test_the_same_report_twice_in_a_run_is_one(store: Store) -> None:
    summary = store.ingest(records(KYIV, KYIV))
    assert (summary.added, summary.unchanged, summary.failed) == (1, 1, [])


def test_the_revision_grows_with_every_change_and_only_then(store: Store) -> None:
    seen = [store.revision()]
    for batch in (records(KYIV), records(ODESA), [read_record(b"{", Origin("x.jsonl", 1))]):
        store.ingest(batch)
        seen.append(store.revision())
        store.ingest(batch)
        assert store.revision() == seen[-1]
    assert seen == sorted(set(seen))


def test_the_claims_of_a_strike_come_in_its_order(store: Store) -> None:
    many = [{"id": f"r{n:04}", "text": f"{n} killed in Kyiv", "published": "2025-04-24"} for n in range(1, 700)]
    store.ingest(records(*many))
    (strike,) = store.strikes()
    assert [claim.claim_id for claim in store.claims_of(strike.strike_id)] == list(strike.claim_ids)
    assert len(strike.claim_ids) == 699
    assert store.claims_of("unknown") == []


def test_a_policy_is_switched_without_reading_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.ingest(records(KYIV, {**KYIV, "id": "l", "text": "8 killed in Kyiv", "published": "2025-04-24T09:00Z"}))
    monkeypatch.setitem(sys.modules, "tracker.extract", types.ModuleType("tracker.extract"))
    best = {policy: store.strikes(policy)[0].figure(Measure.KILLED) for policy in ("latest", Policy.HIGHEST)}
    assert [figure and figure.best for figure in best.values()] == [8, 9]
    with pytest.raises(ValueError, match="fairest"):
        store.strikes("fairest")


def test_counts_and_emptiness(store: Store) -> None:
    assert store.empty()
    store.ingest([*records(KYIV, ODESA), read_record(b"{", Origin("x.jsonl", 1))])
    assert not store.empty()
    assert store.counts() == {"reports": 2, "claims": 3, "strikes": 2, "failures": 1}


# -- sample reports --------------------------------------------------------------------------------------------------


def test_sample_reports_never_enter_an_analysts_database(store: Store) -> None:
    summary = store.ingest(records(KYIV, {**ODESA, "sample": True}))
    assert summary.added == 1
    said = f"is a sample report and does not enter {store.name}, a database of real ones."
    assert [(error.where, error.problem) for error in summary.failed] == [("reports.jsonl, line 2", said)]
    assert [report.id for report in store.reports()] == ["k"]
    assert store.failures() == []


def test_an_analysts_reports_never_enter_the_sample(tmp_path: Path) -> None:
    with sample_store(tmp_path / "s.db") as sample:
        held = [report.id for report in sample.reports()]
        summary = sample.ingest(records(KYIV))
        assert "holds sample reports only" in str(summary.failed[0])
        assert [report.id for report in sample.reports()] == held


def test_the_sample_is_marked_and_made_anew(tmp_path: Path) -> None:
    with sample_store(tmp_path / "s.db") as sample:
        assert sample.sample
        assert len(sample.reports()) >= 2
        assert all(report.publisher == "Paraphrase" and report.citation for report in sample.reports())
        before = dump(sample, "reports", *DERIVED)
    with sample_store(tmp_path / "s.db") as again:
        assert dump(again, "reports", *DERIVED) == before


def test_an_analysts_database_does_not_become_a_sample(store: Store, tmp_path: Path) -> None:
    store.ingest(records(KYIV))
    with pytest.raises(StoreError, match="samples need a database of their own"):
        sample_store(tmp_path / "t.db")
    assert not store.sample


def test_the_sample_stands_in_where_there_are_no_reports(store: Store, tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    for name in (missing, tmp_path / "t.db"):
        with open_or_sample(name) as shown:
            assert shown.sample
    assert not missing.exists()
    assert open_with_reports(missing) is None
    store.ingest(records(KYIV))
    with open_or_sample(tmp_path / "t.db") as shown, open_or_sample(tmp_path / "t.db", sample=True) as asked:
        assert (shown.sample, asked.sample) == (False, True)


# -- the database itself ---------------------------------------------------------------------------------------------


def test_sqlite_is_kept_in_wal_mode(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "t.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_where_wal_is_refused_it_falls_back_and_says_so(tmp_path: Path) -> None:
    # This way of locking knows no shared memory, as on a network folder.
    url = f"sqlite:///file:{tmp_path}/t.db?vfs=unix-dotfile&uri=true"
    with pytest.warns(db.FallbackWarning, match="cannot be kept in WAL mode"):
        store = Store.open(url)
    with store:
        store.ingest(records(KYIV))
        assert len(store.strikes()) == 1
        assert not (tmp_path / "t.db-wal").exists()


class _Switching(sqlite3.Connection):
    """A connection to a database that another program switches to WAL for as long as ``refusals`` lasts."""

    refusals = 3

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:  # type: ignore[override]
        if "journal_mode" in sql and _Switching.refusals:
            _Switching.refusals -= 1
            raise sqlite3.OperationalError("database is locked")
        return super().execute(sql, *parameters)  # type: ignore[arg-type]


def test_a_database_that_is_just_being_made_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.dbapi2.connect
    monkeypatch.setattr(_Switching, "refusals", 3)
    monkeypatch.setattr(
        sqlite3.dbapi2, "connect", lambda *args, **named: connect(*args, **{**named, "factory": _Switching})
    )
    with Store.open(tmp_path / "t.db") as store:
        assert store.empty()
        assert _Switching.refusals == 0
    assert connect(tmp_path / "t.db").execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_path_and_a_url_name_the_same_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.open("sub/t.db") as store:
        store.ingest(records(KYIV))
        url = store.url
    for name in (tmp_path / "sub" / "t.db", url, "sqlite:///sub/t.db", f"sqlite:///{tmp_path}/sub/t.db"):
        with Store.open(name, create=False) as store:
            assert not store.empty()


def test_the_default_is_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Store.open().close()
    assert (tmp_path / "strike-tracker" / "tracker.db").is_file()


def test_a_password_is_never_shown() -> None:
    with pytest.raises(StoreError) as refused:
        Store.open("mssql+pytds://analyst:hunter2@db.example/strikes")
    assert "hunter2" not in str(refused.value)


def _ingest_some(path: Path, name: str, barrier: object) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    with Store.open(path) as store:
        store.ingest(records({**ODESA, "id": "same"}, path="same.jsonl"))
        for number in range(5):
            store.ingest(records({**ODESA, "id": f"{name}{number}"}, path=f"{name}.jsonl"))


def test_four_processes_ingest_at_once_and_none_loses_a_report(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")  # the plain reader goes with it
    barrier = context.Barrier(4)
    workers = [context.Process(target=_ingest_some, args=(tmp_path / "t.db", name, barrier)) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    with Store.open(tmp_path / "t.db") as store:
        assert len(store.reports()) == 21
        assert dump(store, "versions")["versions"] == []
        assert not store.stale
        (strike,) = store.strikes()
        assert strike.n_reports == 21
