"""Which publishers carry which text, kept up as reports come and go (see ``tracker.copies``)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from tracker import database as db
from tracker.copies import Sketch, alike, several_publishers, sketch
from tracker.models import Report

#: Databases limit how many values one query may name.
_CHUNK = 500


def carry(connection: sa.Connection, report_id: str, report: Report | None, *, known: bool = True) -> set[str]:
    """Take in the text of a report in place of its earlier one (None: only forget that; not ``known``: there is none).

    Gives the reports whose text has come to be, or ceased to be, one that several publishers carry.
    """
    texts = db.texts.c
    affected: set[str] = set()
    was: str | None = None
    old = connection.execute(sa.select(db.texts).where(texts.report_id == report_id)).first() if known else None
    if old is not None:
        was, affected = old.copy_of, set(_family(connection, old.fingerprint))
        connection.execute(sa.delete(db.texts).where(texts.report_id == report_id))
        if connection.scalar(sa.select(texts.report_id).where(texts.fingerprint == old.fingerprint).limit(1)) is None:
            connection.execute(sa.delete(db.text_keys).where(db.text_keys.c.fingerprint == old.fingerprint))
            affected.discard(old.fingerprint)
    changed: set[str] = set()
    if report is not None:
        made = sketch(report)
        same = connection.execute(
            sa.select(texts.copy_of).where(texts.fingerprint == made.fingerprint).limit(1)
        ).first()
        shared = None if same is None else same.copy_of
        row = {"report_id": report_id, "fingerprint": made.fingerprint, "publisher": report.publisher}
        connection.execute(sa.insert(db.texts).values({**row, "sample": json.dumps(made.sample), "copy_of": shared}))
        alone = same is None and not _near(connection, made.keys)
        if same is None and made.keys:
            connection.execute(
                sa.insert(db.text_keys), [{"key": k, "fingerprint": made.fingerprint} for k in made.keys]
            )
        # A text that nobody else carries, or that several did already, changes nothing for the others.
        if affected or not (alone or shared is not None):
            affected.add(made.fingerprint)
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
    ids = sorted(report_ids)
    for start in range(0, len(ids), _CHUNK):
        some = query.where(db.texts.c.report_id.in_(ids[start : start + _CHUNK]))
        found.update((row.report_id, row.copy_of) for row in connection.execute(some))
    return found


def _near(connection: sa.Connection, keys: Collection[str]) -> set[str]:
    """The fingerprints of texts that have one of these keys."""
    if not keys:
        return set()
    query = sa.select(db.text_keys.c.fingerprint).where(db.text_keys.c.key.in_(keys)).distinct()
    return set(connection.scalars(query))


def _family(connection: sa.Connection, fingerprint: str) -> Iterator[str]:
    """The fingerprints of a text and its copies."""
    seen = {fingerprint}
    waiting = [_sketch(connection, fingerprint)]
    while waiting:
        one = waiting.pop()
        yield one.fingerprint
        for other in sorted(_near(connection, one.keys) - seen):
            candidate = _sketch(connection, other)
            if alike(one, candidate):
                seen.add(other)
                waiting.append(candidate)


def _sketch(connection: sa.Connection, fingerprint: str) -> Sketch:
    keys = connection.scalars(sa.select(db.text_keys.c.key).where(db.text_keys.c.fingerprint == fingerprint)).all()
    sample = connection.scalar(sa.select(db.texts.c.sample).where(db.texts.c.fingerprint == fingerprint).limit(1))
    return Sketch(fingerprint, tuple(keys), tuple(json.loads(sample or "[]")))


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
