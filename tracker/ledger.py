"""What people and geocoders have added to the reports, and what was forgotten: kept by hand, never derived."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from tracker import database as db
from tracker.corrections import Action, Correction
from tracker.online import Answer, Named
from tracker.rows import anchor_rows, correction_from_rows, correction_row

#: Built once: this is asked for every report that comes in.
_FORGOTTEN = sa.select(db.tombstones.c.forgotten).where(
    sa.or_(db.tombstones.c.report_id == sa.bindparam("report"), db.tombstones.c.hash == sa.bindparam("digest"))
)


def corrections(connection: sa.Connection, report_ids: Collection[str] | None = None) -> list[Correction]:
    """The log by number: all of it, or what holds a claim of these reports, with every undoing."""
    rows = connection.execute(sa.select(db.corrections).order_by(db.corrections.c.number)).all()
    if not rows:
        return []
    held: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for anchor in connection.execute(sa.select(db.anchors).order_by(db.anchors.c.number, db.anchors.c.position)):
        held[anchor.number].append(anchor)
    log = [correction_from_rows(row, held[row.number]) for row in rows]
    if report_ids is None:
        return log
    return [
        each
        for each in log
        if each.action is Action.UNDO or any(anchor.report_id in report_ids for anchor in each.anchors)
    ]


def append(connection: sa.Connection, correction: Correction) -> None:
    """Write a correction under its number. Rows of the log are never changed."""
    connection.execute(sa.insert(db.corrections).values(correction_row(correction)))
    if rows := anchor_rows(correction):
        connection.execute(sa.insert(db.anchors), rows)


def next_number(connection: sa.Connection) -> int:
    """The number of the next correction."""
    return (connection.scalar(sa.select(sa.func.max(db.corrections.c.number))) or 0) + 1


def answers(connection: sa.Connection, places: Collection[str] | None = None) -> dict[Named, Answer]:
    """What geocoders have said, about these places or all."""
    query = sa.select(db.answers)
    if places is not None:
        if not places:
            return {}
        query = query.where(db.answers.c.place.in_(sorted(places)))
    found = {}
    for row in connection.execute(query):
        named = Named(row.place, row.admin1, row.country)
        asked = dt.datetime.fromisoformat(row.asked)
        found[named] = Answer(named, row.lat, row.lon, row.address, row.provider, asked)
    return found


def put_answer(connection: sa.Connection, answer: Answer) -> None:
    """Keep an answer; a later one for the same place takes its place."""
    key = {"place": answer.named.place, "admin1": answer.named.admin1, "country": answer.named.country}
    connection.execute(sa.delete(db.answers).where(*(db.answers.c[name] == value for name, value in key.items())))
    rest = {"lat": answer.lat, "lon": answer.lon, "address": answer.address, "provider": answer.provider}
    connection.execute(sa.insert(db.answers).values({**key, **rest, "asked": answer.asked.isoformat()}))


def tombstone(connection: sa.Connection, report_id: str, digest: str) -> str | None:
    """When a report with this id or content was forgotten, None where none was."""
    return connection.scalar(_FORGOTTEN, {"report": report_id, "digest": digest})


def bury(connection: sa.Connection, report_id: str, digest: str, when: dt.datetime, why: str | None) -> None:
    """Leave a tombstone, and take the report's sentences out of the corrections that hold it."""
    connection.execute(sa.delete(db.tombstones).where(db.tombstones.c.report_id == report_id))
    row = {"report_id": report_id, "hash": digest, "forgotten": when.isoformat(), "why": why}
    connection.execute(sa.insert(db.tombstones).values(row))
    emptied = {"sentence": "", "text": ""}
    connection.execute(sa.update(db.anchors).where(db.anchors.c.report_id == report_id).values(emptied))


def tombstones(connection: sa.Connection) -> Iterable[sa.Row[Any]]:
    """What was forgotten, by time."""
    return connection.execute(
        sa.select(db.tombstones).order_by(db.tombstones.c.forgotten, db.tombstones.c.report_id)
    ).all()
