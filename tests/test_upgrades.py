"""A database of an older version is brought up to date, after a backup (see ``tracker.upgrades``)."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tracker import amend, upgrades
from tracker import database as db
from tracker.ingest import Origin, read_record
from tracker.store import Store, StoreError

Write = Callable[[str, str | bytes], Path]
pytestmark = pytest.mark.usefixtures("plain_reader")

REPORTS = [
    {"id": "k", "text": "9 killed in Kyiv, 63 injured in Kyiv", "published": "2025-04-24T06:00Z", "publisher": "P"},
    {"id": "l", "text": "9 killed in Kyiv, 63 injured in Kyiv", "published": "2025-04-24T09:00Z", "publisher": "Q"},
    {"id": "o", "text": "2 killed in Odesa", "published": "2025-05-02"},
]
NEW_TABLES = (
    *("members", "texts", "text_keys", "touched", "anchors", "corrections", "annotations", "tombstones"),
    "checks",
)


def made(path: Path) -> Path:
    with Store.open(path) as store:
        store.ingest(read_record(json.dumps(report).encode(), Origin("r", at)) for at, report in enumerate(REPORTS, 1))
    return path


def aged(path: Path) -> Path:
    """The database as the first version left it."""
    made(path)
    with sqlite3.connect(path) as old:
        for table in NEW_TABLES:
            old.execute(f"DROP TABLE {table}")
        old.execute("DROP INDEX claims_locus")
        for column in ("bucket", "slot_lo", "slot_hi"):
            old.execute(f"ALTER TABLE claims DROP COLUMN {column}")
        old.execute("DROP TABLE strikes")
        old.execute("CREATE TABLE strikes (strike_id TEXT PRIMARY KEY, position INTEGER UNIQUE, figures TEXT)")
        old.execute("INSERT INTO strikes VALUES ('old', 0, '[]')")
        old.execute("UPDATE meta SET value = 1 WHERE key = 'schema_version'")
    old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    old.close()
    return path


def content(path: Path) -> dict[str, list[Any]]:
    with Store.open(path) as store, store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in db.metadata.sorted_tables
            if table.name not in ("meta", "touched")
        }


def test_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    expected = content(made(tmp_path / "new.db"))
    old = aged(tmp_path / "old.db")
    shutil.copy(old, tmp_path / "was.db")
    with Store.open(old) as store:
        assert not store.stale
        kyiv, _ = store.strikes()
        assert (kyiv.n_reports, kyiv.n_sources, kyiv.grade) == (2, 1, "weak")
        assert amend.log(store) == []
    assert content(old) == expected
    backup = tmp_path / "old.db.v1.bak"
    assert backup.exists()
    with sqlite3.connect(backup) as kept, sqlite3.connect(tmp_path / "was.db") as was:
        for table in ("meta", "reports", "claims", "strikes"):
            query = f"SELECT * FROM {table}"
            assert kept.execute(query).fetchall() == was.execute(query).fetchall()


def test_an_upgrade_that_fails_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = aged(tmp_path / "old.db")

    def broken(connection: sa.Connection) -> None:
        upgrades._from_1(connection)
        raise KeyboardInterrupt

    monkeypatch.setitem(upgrades._STEPS, 1, broken)
    with pytest.raises(KeyboardInterrupt):
        Store.open(old)
    with sqlite3.connect(old) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == (1,)
        assert connection.execute("SELECT strike_id FROM strikes").fetchall() == [("old",)]
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert not tables & set(NEW_TABLES)
    monkeypatch.undo()
    monkeypatch.setitem(upgrades._STEPS, 1, upgrades._from_1)
    with Store.open(old) as store:
        assert len(store.reports()) == 3


def test_without_a_backup_there_is_no_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = aged(tmp_path / "old.db")

    real = sqlite3.connect

    def connect(name: Any, *rest: Any, **options: Any) -> sqlite3.Connection:
        if str(name).endswith(".part"):
            raise sqlite3.OperationalError("unable to open database file")
        return real(name, *rest, **options)

    monkeypatch.setattr(upgrades.sqlite3, "connect", connect)
    with pytest.raises(StoreError, match=r"could not be backed up to .*old\.db\.v1\.bak"):
        Store.open(old)
    monkeypatch.undo()
    with sqlite3.connect(old) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == (1,)


def test_every_older_format_has_its_step() -> None:
    assert sorted(upgrades._STEPS) == list(range(1, db.SCHEMA_VERSION))


def test_the_second_versions_claims_are_placed_again(tmp_path: Path) -> None:
    expected = content(made(tmp_path / "new.db"))
    old = made(tmp_path / "old.db")
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE claims SET slot_lo = slot_lo / 11 * 10, slot_hi = slot_hi / 11 * 10")
        connection.execute("UPDATE meta SET value = 2 WHERE key = 'schema_version'")
    connection.close()
    assert content(old) == expected
    assert (tmp_path / "old.db.v2.bak").stat().st_size


def test_the_third_version_gets_a_place_for_blind_checks(tmp_path: Path) -> None:
    expected = content(made(tmp_path / "new.db"))
    old = made(tmp_path / "old.db")
    with sqlite3.connect(old) as connection:
        connection.execute("DROP TABLE checks")
        connection.execute("UPDATE meta SET value = 3 WHERE key = 'schema_version'")
    connection.close()
    assert content(old) == expected
    assert (tmp_path / "old.db.v3.bak").stat().st_size
