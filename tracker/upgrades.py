"""A database of an older version is brought up to this one, step by step, after a backup.

Reports, corrections and whatever else was stored by hand is kept as it is; what is derived is made again.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from tracker import database as db
from tracker.rows import plain_report


def upgrade(engine: sa.Engine, name: str, version: int) -> None:
    """Bring a database of format ``version`` up to date, all of it or nothing. Raises StoreError where it refuses."""
    backup = _backup(engine, version)
    with db.refusals_in_words(name), db.writing(engine) as connection:
        version = db.read_meta(connection, "schema_version") or version
        # Another process may have been quicker.
        for old in range(version, db.SCHEMA_VERSION):
            _STEPS[old](connection)
        db.write_meta(connection, "schema_version", db.SCHEMA_VERSION)
    if backup is not None and not backup.stat().st_size:
        raise db.StoreError(f"{backup} is empty: {name} was not backed up.")


def _backup(engine: sa.Engine, version: int) -> Path | None:
    """A copy of the database beside it (``tracker.db.v1.bak``), made once; another database keeps its own backups."""
    file = db.database_file(engine.url)
    if file is None:
        return None
    copy = file.with_name(f"{file.name}.v{version}.bak")
    if copy.exists():
        return copy
    part = copy.with_name(copy.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with engine.connect() as connection:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            target = sqlite3.connect(part)
            try:
                source.backup(target)
            finally:
                target.close()
        part.replace(copy)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise db.StoreError(
            f"{file} is of an older version and could not be backed up to {copy} ({error}). Make room beside it."
        ) from None
    return copy


def _from_1(connection: sa.Connection) -> None:
    """Strikes know their reach and their grade, claims their locus; texts are sketched; corrections are new."""
    from tracker import carriers

    preparer = connection.dialect.identifier_preparer
    connection.execute(sa.schema.DropTable(db.strikes))
    for column in (db.claims.c.bucket, db.claims.c.slot_lo, db.claims.c.slot_hi):
        made = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {preparer.format_table(db.claims)} ADD COLUMN {made}")
    db.metadata.create_all(connection)
    for index in db.claims.indexes:
        index.create(connection, checkfirst=True)
    ids = connection.scalars(sa.select(db.reports.c.id).order_by(db.reports.c.id)).all()
    for report_id in ids:
        row = connection.execute(sa.select(db.reports).where(db.reports.c.id == report_id)).one()
        carriers.carry(connection, report_id, plain_report(row))


def _from_2(connection: sa.Connection) -> None:
    """Loci tell the parts of a day."""
    from tracker import derive

    ids = connection.scalars(sa.select(db.reports.c.id).order_by(db.reports.c.id)).all()
    for report_id in ids:
        derive.place_again(connection, report_id)
    derive.touch_all(connection)
    derive.remake(connection)


def _from_3(connection: sa.Connection) -> None:
    """Blind checks are new, and corrections may say more than an older version could read."""
    db.metadata.create_all(connection)


_STEPS = {1: _from_1, 2: _from_2, 3: _from_3}
