"""Which publishers carry which text, kept up as reports come and go (see ``tracker.copies``)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from tracker import database as db
from tracker.copies import Sketch, alike, several_publishers, sketch
from tracker.models import Report
from tracker.rows import chunks

# Built once: this is asked for every report that comes in.
_TEXT, _KEY = db.texts.c, db.text_keys.c
_TEXT_OF = sa.select(_TEXT.fingerprint, _TEXT.copy_of).where(_TEXT.report_id == sa.bindparam("report"))
_SAME_TEXT = sa.select(_TEXT.copy_of).where(_TEXT.fingerprint == sa.bindparam("text")).limit(1)
_KEYS_OF = sa.select(_KEY.key).where(_KEY.fingerprint == sa.bindparam("text"))
_NEAR = (
    sa.select(_TEXT.fingerprint, sa.func.min(_TEXT.sample))
    .where(_TEXT.fingerprint.in_(sa.select(_KEY.fingerprint).where(_KEY.key.in_(sa.bindparam("keys", expanding=True)))))
    .group_by(_TEXT.fingerprint)
)
_INSERT_TEXT, _INSERT_KEYS = sa.insert(db.texts), sa.insert(db.text_keys)


def carry(connection: sa.Connection, report_id: str, report: Report | None, *, known: bool = True) -> set[str]:
    """Take in the text of a report in place of its earlier one (None: only forget that; not ``known``: there is none).

    Gives the reports whose text has come to be, or ceased to be, one that several publishers carry.
    """
    affected: set[str] = set()
    was: str | None = None
    old = connection.execute(_TEXT_OF, {"report": report_id}).first() if known else None
    if old is not None:
        was, affected = old.copy_of, set(_family(connection, old.fingerprint))
        connection.execute(sa.delete(db.texts).where(_TEXT.report_id == report_id))
        if connection.execute(_SAME_TEXT, {"text": old.fingerprint}).first() is None:
            connection.execute(sa.delete(db.text_keys).where(_KEY.fingerprint == old.fingerprint))
            affected.discard(old.fingerprint)
    changed: set[str] = set()
    if report is not None:
        made = sketch(report)
        same = connection.execute(_SAME_TEXT, {"text": made.fingerprint}).first()
        shared = None if same is None else same.copy_of
        # A text that nobody else carries, or that several did already, changes nothing for the others.
        if affected or (shared is None if same else any(alike(made, one) for one in _near(connection, made.keys))):
            affected.add(made.fingerprint)
        row = {"report_id": report_id, "fingerprint": made.fingerprint, "publisher": report.publisher}
        connection.execute(_INSERT_TEXT, {**row, "sample": json.dumps(made.sample), "copy_of": shared})
        if same is None and made.keys:
            connection.execute(_INSERT_KEYS, [{"key": key, "fingerprint": made.fingerprint} for key in made.keys])
        if shared != was:
            changed.add(report_id)
    while affected:
        family = set(_family(connection, min(affected)))
        affected -= family
        changed |= _settle(connection, family)
    return changed


def copies(connection: sa.Connection, report_ids: Collection[str] | None = None) -> dict[str, str]:
    """Report id → the text it carries, where several publishers do; of these reports, or of all."""
    query = sa.select(db.texts.c.report_id, db.texts.c.copy_of).where(db.texts.c.copy_of.is_not(None))
    if report_ids is None:
        return {row.report_id: row.copy_of for row in connection.execute(query)}
    found: dict[str, str] = {}
    for some in chunks(report_ids):
        found.update((row.report_id, row.copy_of) for row in connection.execute(query.where(_TEXT.report_id.in_(some))))
    return found


def carrying(connection: sa.Connection, report: Report) -> list[str]:
    """The other stored reports with the text of this one, word for word or nearly, by id."""
    made = sketch(report)
    same = {one.fingerprint for one in _near(connection, made.keys) if alike(made, one)} | {made.fingerprint}
    own = sa.select(_TEXT.report_id).where(_TEXT.report_id != report.id).order_by(_TEXT.report_id)
    return [one for some in chunks(same) for one in connection.scalars(own.where(_TEXT.fingerprint.in_(some)))]


def _near(connection: sa.Connection, keys: Collection[str]) -> Iterator[Sketch]:
    """The texts that have one of these keys, without their own keys."""
    if keys:
        for fingerprint, sample in connection.execute(_NEAR, {"keys": list(keys)}):
            yield Sketch(fingerprint, (), tuple(json.loads(sample)))


def _family(connection: sa.Connection, fingerprint: str) -> Iterator[str]:
    """The fingerprints of a text and its copies."""
    sample = connection.scalar(sa.select(_TEXT.sample).where(_TEXT.fingerprint == fingerprint).limit(1))
    waiting = [Sketch(fingerprint, (), tuple(json.loads(sample or "[]")))]
    seen = {fingerprint}
    while waiting:
        one = waiting.pop()
        yield one.fingerprint
        for other in _near(connection, connection.scalars(_KEYS_OF, {"text": one.fingerprint}).all()):
            if other.fingerprint not in seen and alike(one, other):
                seen.add(other.fingerprint)
                waiting.append(other)


def _settle(connection: sa.Connection, family: Collection[str]) -> set[str]:
    """Name the text of a family where several publishers carry it; gives the reports for which that is new."""
    own = db.texts.c.fingerprint.in_(sorted(family))
    publishers = connection.execute(
        sa.select(db.texts.c.publisher, sa.func.count()).where(own).group_by(db.texts.c.publisher)
    ).all()
    named = [publisher for publisher, number in publishers for _ in range(min(number, 2))]
    name = min(family) if several_publishers(named) else None
    other = db.texts.c.copy_of.is_not(None) if name is None else sa.func.coalesce(db.texts.c.copy_of, "") != name
    changed = set(connection.scalars(sa.select(db.texts.c.report_id).where(own, other)))
    if changed:
        connection.execute(sa.update(db.texts).where(own, other).values(copy_of=name))
    return changed
