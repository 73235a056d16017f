"""The tables, and how a database is named, opened, checked and refused.

The schema is plain SQLAlchemy Core that any database could hold. Only SQLite is known by name here: it is
opened in WAL mode, so that a dashboard reads while an ingest writes, and falls back where WAL is refused.
"""

from __future__ import annotations

import re
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa
from sqlalchemy import exc

#: The format of the database: an older one is brought up to it (``tracker.upgrades``), a newer one refused in words.
SCHEMA_VERSION = 4

metadata = sa.MetaData()

#: ``schema_version``, ``sample`` (1 where it holds sample reports), ``revision`` (grows with every change of
#: data) and ``stale`` (1 while claims have changed and strikes have not been made from them yet).
meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

#: Reports as received. ``extra`` holds, as JSON, the keys that came beside those of a report.
reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False, index=True),
    sa.Column("title", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("published", sa.Text),
    sa.Column("publisher", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("accessed", sa.Text),
    sa.Column("extra", sa.Text, nullable=False),
)

#: What a report's earlier versions were, counted from 1.
versions = sa.Table(
    "versions",
    metadata,
    sa.Column("report_id", sa.Text, sa.ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("published", sa.Text),
    sa.Column("accessed", sa.Text),
)

#: Derived: one row a claim, lists as JSON. ``bucket``, ``slot_lo`` and ``slot_hi`` say which others it may join.
claims = sa.Table(
    "claims",
    metadata,
    sa.Column("report_id", sa.Text, sa.ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("claim_id", sa.Text, nullable=False, index=True),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("low", sa.BigInteger),
    sa.Column("high", sa.BigInteger),
    sa.Column("approx", sa.Boolean, nullable=False),
    sa.Column("vague", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("group", sa.Text, nullable=False),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("weapons", sa.Text, nullable=False),
    sa.Column("models", sa.Text, nullable=False),
    sa.Column("attacker", sa.Text),
    sa.Column("place", sa.Text),
    sa.Column("place_text", sa.Text),
    sa.Column("admin1", sa.Text),
    sa.Column("admin2", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("where_prec", sa.Integer),
    sa.Column("candidates", sa.Text, nullable=False),
    sa.Column("date", sa.Text),
    sa.Column("date_end", sa.Text),
    sa.Column("date_prec", sa.Integer),
    sa.Column("date_text", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("entry", sa.Integer, nullable=False),
    sa.Column("bucket", sa.Text, nullable=False, server_default=""),
    sa.Column("slot_lo", sa.Integer, nullable=False, server_default="0"),
    sa.Column("slot_hi", sa.Integer, nullable=False, server_default="0"),
    sa.Index("claims_locus", "bucket", "slot_lo", "slot_hi", "report_id"),
)

#: Derived: one row a strike, lists and figures as JSON. ``link_country``, ``day_lo`` and ``day_hi`` find the rows
#: that it may be linked to.
strikes = sa.Table(
    "strikes",
    metadata,
    sa.Column("strike_id", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("place", sa.Text),
    sa.Column("admin1", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("where_prec", sa.Integer),
    sa.Column("date", sa.Text, index=True),
    sa.Column("date_end", sa.Text),
    sa.Column("date_prec", sa.Integer),
    sa.Column("weapons", sa.Text, nullable=False),
    sa.Column("models", sa.Text, nullable=False),
    sa.Column("attackers", sa.Text, nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("claim_ids", sa.Text, nullable=False),
    sa.Column("linked", sa.Text, nullable=False),
    sa.Column("n_reports", sa.Integer, nullable=False),
    sa.Column("n_publishers", sa.Integer, nullable=False),
    sa.Column("n_sources", sa.Integer, nullable=False),
    sa.Column("grade", sa.Text),
    sa.Column("grade_reason", sa.Text),
    sa.Column("corrections", sa.Text, nullable=False),
    sa.Column("link_country", sa.Text),
    sa.Column("day_lo", sa.Integer),
    sa.Column("day_hi", sa.Integer),
    sa.Index("strikes_reach", "link_country", "day_hi", "day_lo"),
)

#: Derived: the strike of each claim.
members = sa.Table(
    "members",
    metadata,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("strike_id", sa.Text, nullable=False, index=True),
)

#: Derived: the sketch of each report's text (``tracker.copies``); ``copy_of`` names the text that several publishers
#: carry, where it is one.
texts = sa.Table(
    "texts",
    metadata,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False, index=True),
    sa.Column("publisher", sa.Text),
    sa.Column("sample", sa.Text, nullable=False),
    sa.Column("copy_of", sa.Text),
)
text_keys = sa.Table(
    "text_keys",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, primary_key=True, index=True),
)

#: What has changed since strikes were made: where, and the strikes that stood there ("" for none).
touched = sa.Table(
    "touched",
    metadata,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("bucket", sa.Text, primary_key=True),
    sa.Column("slot_lo", sa.Integer, primary_key=True),
    sa.Column("slot_hi", sa.Integer, primary_key=True),
    sa.Column("strike_id", sa.Text, primary_key=True),
)

#: Append-only: what analysts corrected, with the new values as JSON, and the claims that each correction holds.
corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("made", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("link", sa.Text),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("undoes", sa.Integer),
)
anchors = sa.Table(
    "anchors",
    metadata,
    sa.Column("number", sa.Integer, sa.ForeignKey("corrections.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("report_id", sa.Text, nullable=False, index=True),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("group", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
)

#: Places that the gazetteer lacks, as an online geocoder answered; without coordinates where it knew none.
answers = sa.Table(
    "annotations",
    metadata,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("admin1", sa.Text, primary_key=True),
    sa.Column("country", sa.Text, primary_key=True),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("address", sa.Text),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
)

#: Append-only: how often people found claims drawn at random to be right (``tracker.blind``). ``strata`` is JSON: the
#: marks by measure, the seed of the draw, how many claims there were, and a hash of the marked sheet.
checks = sa.Table(
    "checks",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("made", sa.Text, nullable=False),
    sa.Column("who", sa.Text),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("strata", sa.Text, nullable=False),
)

#: Reports that were forgotten on request: nothing of them is left but a hash.
tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False, index=True),
    sa.Column("forgotten", sa.Text, nullable=False),
    sa.Column("why", sa.Text),
)

#: Records that could not be read, kept for another try. ``line`` is 0 for a whole file.
failures = sa.Table(
    "failures",
    metadata,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("report_id", sa.Text),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("advice", sa.Text, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
)


class StoreError(RuntimeError):
    """A database cannot be used; the message says why and what to do, fit to print."""


class FallbackWarning(UserWarning):
    """The database works, but not in the way it should; the message says how and why."""


def default_database() -> Path:
    """Where an analyst's reports are kept when no database is named: ``tracker.db`` in the user's data folder."""
    return platformdirs.user_data_path("strike-tracker", appauthor=False) / "tracker.db"


def database_url(name: str | Path) -> sa.URL:
    """A path or a URL → the URL of a database.

    Raises StoreError for a URL that names no known kind of database.

    >>> str(database_url("reports.db")), str(database_url("postgresql://host/db"))
    ('sqlite:///reports.db', 'postgresql://host/db')
    """
    # A scheme has two letters at least, so that a drive ("C:") stays a path.
    if isinstance(name, Path) or not re.match(r"[A-Za-z][\w+]+://", name):
        if not str(name):
            raise StoreError("The name of the database is empty. Name a file with --db.")
        return sa.URL.create("sqlite", database=str(name))
    try:
        return sa.make_url(name)
    except exc.ArgumentError:
        raise StoreError("The database is named by something that is neither a path nor a URL.") from None


def database_file(url: sa.URL) -> Path | None:
    """The file of a SQLite database that is named by a path; None for any other."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:" or "uri" in url.query:
        return None
    return Path(url.database)


def shown(url: sa.URL) -> str:
    """The name of a database for a message: its path, or its URL without the password."""
    file = database_file(url)
    return str(file) if file else url.render_as_string(hide_password=True)


#: Seconds in which another program is to be done with switching a new database to WAL.
_WAL_PATIENCE = 10.0

#: What brings a database (its engine, its name for messages) of an older format up to this one.
Upgrade = Callable[[sa.Engine, str, int], None]


def open_engine(url: sa.URL, *, create: bool, upgrade: Upgrade) -> sa.Engine:
    """An engine on a database of this format: made first where ``create`` allows it, upgraded where it is older.

    Warns with FallbackWarning where WAL is refused. Raises StoreError where the database is missing, cannot be
    read or written, belongs to another program or to a newer version of this one.
    """
    name = shown(url)
    file = database_file(url)
    if file and not file.exists():
        if not create:
            raise StoreError(f"There is no database at {name}. Run 'tracker ingest' on your reports first.")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise StoreError(_unwritable(name, f"{file.parent} is not a folder")) from None
        except OSError as error:
            raise StoreError(_unwritable(name, error.strerror or str(error))) from None
    try:
        engine = sa.create_engine(url)
    except (exc.ArgumentError, ModuleNotFoundError):
        raise StoreError(f"No driver for {name} is installed. Name a file with --db to use SQLite.") from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, name)
    try:
        with refusals_in_words(name):
            _check_format(engine, name, create, upgrade)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare_sqlite(engine: sa.Engine, name: str) -> None:
    """WAL, foreign keys, a wait for other writers, and transactions that begin when SQLAlchemy says so."""
    warned = False

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        nonlocal warned
        connection.isolation_level = None  # the driver's own BEGIN comes too late to protect what was read
        # Making the strikes of a million claims anew takes minutes, in which other writers wait.
        connection.execute("PRAGMA busy_timeout = 300000")
        connection.execute("PRAGMA foreign_keys = ON")
        mode = _journal_mode(connection)
        if mode == "wal":
            connection.execute("PRAGMA synchronous = NORMAL")
        elif mode != "memory" and not warned:
            warned = True
            warnings.warn(
                f"{name} cannot be kept in WAL mode (a network folder?). It works, but reading waits while "
                "reports are ingested. Keep it on a local disk to avoid that.",
                FallbackWarning,
                stacklevel=2,
            )

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _journal_mode(connection: sqlite3.Connection) -> str:
    """Ask for WAL; the mode that the database has from then on. Raises sqlite3.Error where it cannot be used.

    SQLite does not wait by ``busy_timeout`` here: of several programs that open one new database at once, all but
    the first are told that it is locked, for as long as the first one takes to switch.
    """
    patience = time.monotonic() + _WAL_PATIENCE
    while True:
        try:
            mode: str = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            return mode
        except sqlite3.OperationalError as error:
            if "not a database" in str(error):
                raise
            if "database is locked" not in str(error):
                return "delete"
            if time.monotonic() > patience:
                raise
            time.sleep(0.01)


def _check_format(engine: sa.Engine, name: str, create: bool, upgrade: Upgrade) -> None:
    """Make the tables of a new database; refuse one that this version cannot read."""
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        version = read_meta(connection, "schema_version") if {"meta", "reports"} <= tables else None
    if version is None:
        if tables:
            raise StoreError(f"{name} is a database of another program. Name another one with --db.")
        if not create:
            raise StoreError(f"{name} is an empty database. Run 'tracker ingest' on your reports first.")
        with writing(engine) as connection:
            metadata.create_all(connection)
            # Two processes may have come here at once: the first one's format stands.
            if read_meta(connection, "schema_version") is None:
                write_meta(connection, "schema_version", SCHEMA_VERSION)
    elif version < SCHEMA_VERSION:
        upgrade(engine, name, version)
    elif version > SCHEMA_VERSION:
        raise StoreError(
            f"{name} was made by a newer Strike Tracker (format {version}; this one reads up to {SCHEMA_VERSION}). "
            "Install the newer version, or name another database with --db."
        )


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes: all of it or nothing, and no other writer in between."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def refusals_in_words(name: str) -> Iterator[None]:
    """Turn what a database refuses into a StoreError that says what to do; other errors pass."""
    try:
        yield
    except exc.DBAPIError as error:
        said = str(error.orig).strip().rstrip(".")
        if "not a database" in said:
            raise StoreError(f"{name} is not a database. Name another one with --db.") from None
        if "malformed" in said:
            raise StoreError(f"{name} is damaged ({said}). Bring back a copy of it.") from None
        if "locked" in said:
            raise StoreError(f"{name} is in use by another program. Wait until it is done and try again.") from None
        if "full" in said:
            raise StoreError(
                f"The disk that holds {name} is full. What was stored before is kept; make room and run it again."
            ) from None
        if any(word in said for word in ("readonly", "unable to open", "disk I/O")):
            raise StoreError(_unwritable(name, said)) from None
        raise


def _unwritable(name: str, why: str) -> str:
    return f"The database {name} cannot be written ({why}). Name one in a folder of yours with --db or TRACKER_DB."


#: Built once: these are asked for every report that comes in.
_READ_META = sa.select(meta.c.value).where(meta.c.key == sa.bindparam("name"))
_WRITE_META = sa.update(meta).where(meta.c.key == sa.bindparam("name")).values(value=sa.bindparam("number"))
_RAISE_META = sa.update(meta).where(meta.c.key == sa.bindparam("name")).values(value=meta.c.value + 1)


def read_meta(connection: sa.Connection, key: str) -> int | None:
    """A number of ``meta``, None where it was never set. Raises DBAPIError where the table is another program's."""
    value: Any = connection.scalar(_READ_META, {"name": key})
    return None if value is None else int(value)


def write_meta(connection: sa.Connection, key: str, value: int) -> None:
    """Set a number of ``meta``."""
    if connection.execute(_WRITE_META, {"name": key, "number": value}).rowcount == 0:
        connection.execute(sa.insert(meta).values(key=key, value=value))


def count_change(connection: sa.Connection) -> None:
    """Let ``revision`` grow: the data has changed."""
    if connection.execute(_RAISE_META, {"name": "revision"}).rowcount == 0:
        write_meta(connection, "revision", 1)
