"""Reports, their claims and what could not be read → rows, in a transaction that the caller opens (``tracker.store``).

What is done for every report that comes in uses statements that are built once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from tracker import carriers, derive, ledger
from tracker import database as db
from tracker.ingest import Origin, Unreadable
from tracker.models import Claim, Report
from tracker.rows import claim_rows, failure_path
from tracker.serialise import parse_published

_THIS = db.reports.c.id == sa.bindparam("report")
_STORED = sa.select(db.reports.c.hash, db.reports.c.published, db.reports.c.accessed).where(_THIS)
_INSERT_REPORT, _INSERT_CLAIMS = sa.insert(db.reports), sa.insert(db.claims)
_READ_AT_LAST = sa.delete(db.failures).where(db.failures.c.report_id == sa.bindparam("report"))


class Outcome(StrEnum):
    """What became of a report."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A report that was forgotten on request, and when: nothing of it is kept."""

    when: str


def stored(connection: sa.Connection, report_id: str) -> Any:
    """The ``hash``, ``published`` and ``accessed`` of a report, None where it is not stored."""
    row: Any = connection.execute(_STORED, {"report": report_id}).first()
    return row


def dated(report: Report, old: Any) -> Report:
    """A report with the day of its stored version (see ``stored``), where it comes without one.

    That day was given beside the report once; coming again without it does not take it away.
    """
    if old is None or old.published is None or report.published is not None:
        return report
    return dataclasses.replace(report, published=parse_published(old.published))


def put(
    connection: sa.Connection, report: Report, values: Mapping[str, Any], claims: Sequence[Claim]
) -> Outcome | Forgotten:
    """Store a report, the row of which is ``values``, with its claims in place of its earlier version."""
    old = stored(connection, report.id)
    if old is None:
        if (forgotten := ledger.tombstone(connection, report.id, values["hash"])) is not None:
            return Forgotten(forgotten)
        connection.execute(_INSERT_REPORT, values)
    elif old.hash == values["hash"]:  # another process has been quicker
        return Outcome.UNCHANGED
    else:
        _keep_version(connection, report.id, old)
        derive.touch(connection, report.id)
        connection.execute(sa.update(db.reports).where(db.reports.c.id == report.id).values(values))
        for table in (db.claims, db.members):
            connection.execute(sa.delete(table).where(table.c.report_id == report.id))
    connection.execute(_READ_AT_LAST, {"report": report.id})
    put_claims(connection, report.id, claims, known=old is not None)
    for other in carriers.carry(connection, report.id, report, known=old is not None) - {report.id}:
        derive.touch(connection, other)
    db.count_change(connection)
    return Outcome.ADDED if old is None else Outcome.CHANGED


def put_claims(connection: sa.Connection, report_id: str, claims: Sequence[Claim], *, known: bool) -> None:
    """Store the claims of a report and note that they are new. Nobody has corrected a report that was not ``known``."""
    loci = derive.loci(connection, claims, report_id if known else None)
    if claims:
        connection.execute(_INSERT_CLAIMS, claim_rows(claims, loci))
    derive.note(connection, report_id, {(where.bucket, where.lo, where.hi, "") for where in loci})


def _keep_version(connection: sa.Connection, report_id: str, old: sa.Row[Any]) -> None:
    of_report = db.versions.c.report_id == report_id
    number = (connection.scalar(sa.select(sa.func.max(db.versions.c.version)).where(of_report)) or 0) + 1
    row = {"report_id": report_id, "version": number, "hash": old.hash}
    connection.execute(sa.insert(db.versions).values({**row, "published": old.published, "accessed": old.accessed}))


def keep_failure(connection: sa.Connection, failure: Unreadable) -> None:
    """Keep a record that could not be read; keeping it again changes nothing."""
    path, line = failure_path(failure.origin, failure.raw), failure.origin.line or 0
    same = sa.and_(db.failures.c.path == path, db.failures.c.line == line)
    values = {
        "path": path,
        "line": line,
        "report_id": failure.error.report_id,
        "problem": failure.error.problem,
        "advice": failure.error.advice,
        "raw": failure.raw,
    }
    old = connection.execute(sa.select(db.failures).where(same)).first()
    if old is not None and old._mapping == values:
        return
    connection.execute(sa.delete(db.failures).where(same))
    connection.execute(sa.insert(db.failures).values(values))
    db.count_change(connection)


def settled_failures(connection: sa.Connection, origin: Origin, bad_lines: Collection[int]) -> list[int]:
    """The lines of a file that failed once and do not fail any more, now that it has been read to its end."""
    kept = connection.scalars(sa.select(db.failures.c.line).where(db.failures.c.path == failure_path(origin)))
    return [line for line in kept if line not in bad_lines]


def drop_failures(connection: sa.Connection, origin: Origin, lines: Collection[int]) -> None:
    """Forget failures of a file."""
    for line in lines:
        same = sa.and_(db.failures.c.path == failure_path(origin), db.failures.c.line == line)
        connection.execute(sa.delete(db.failures).where(same))
    db.count_change(connection)
