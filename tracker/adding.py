"""A report that an analyst has looked at, and corrected, before it is stored.

The report, its claims and the corrections go into the database in one transaction: a crash leaves all or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from tracker import amend, carriers, derive, intake, ledger
from tracker import database as db
from tracker.corrections import Action, Change, Correction, anchor_of, in_force
from tracker.ingest import Received, Unreadable
from tracker.models import Claim, Report, Strike
from tracker.rows import chunks, report_row, strike_from_row
from tracker.store import Store, StoreError


class Standing(StrEnum):
    """What a database holds of a report that is about to come in."""

    NEW = "new"
    #: The same text and details under the same id.
    STORED = "stored"
    #: Another text, or other details, under the same id.
    VERSION = "version"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A stored report that carries the same text."""

    report_id: str
    publisher: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a database knows of a report: where it stands, who else carries its text, how many corrections it bears.

    ``report`` is as it would be stored: without a date of its own it keeps that of its stored version.
    ``same_text`` is false where another text is stored under its id.
    """

    report: Report
    standing: Standing
    carriers: tuple[Carrier, ...] = ()
    corrections: int = 0
    same_text: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a report: its corrections, and the strikes that its claims went into."""

    outcome: intake.Outcome
    corrections: tuple[Correction, ...]
    strikes: tuple[Strike, ...]


def known(store: Store, record: Received) -> Known:
    """What the database holds of this report; asked before anything is stored."""
    with store.reading() as connection:
        old = intake.stored(connection, record.report.id)
        report = intake.dated(record.report, old)
        values = report_row(report, record.extra, None)
        text = connection.scalar(sa.select(db.reports.c.text).where(db.reports.c.id == report.id))
        same = carriers.carrying(connection, report)
        publishers = {
            row.id: row.publisher
            for some in chunks(same)
            for row in connection.execute(
                sa.select(db.reports.c.id, db.reports.c.publisher).where(db.reports.c.id.in_(some))
            )
        }
        if old is not None:
            standing = Standing.STORED if old.hash == values["hash"] else Standing.VERSION
        elif ledger.tombstone(connection, report.id, values["hash"]) is not None:
            standing = Standing.FORGOTTEN
        else:
            standing = Standing.NEW
        log = in_force(ledger.corrections(connection, {report.id})) if old is not None else []
    held = sum(any(anchor.report_id == report.id for anchor in each.anchors) for each in log)
    others = tuple(Carrier(one, publishers.get(one)) for one in same)
    return Known(report, standing, others, held, old is None or text == report.text)


def add(
    store: Store,
    record: Received,
    claims: Sequence[Claim],
    drafts: Sequence[amend.Draft] = (),
    *,
    who: str = "",
    when: dt.datetime,
    why: str = "",
) -> Added:
    """Store a report with its claims as read and what an analyst corrects in them, all or nothing; ``when`` it is.

    Doing it again changes nothing. Raises ValueError, in words, where a correction says nothing or nobody answers
    for it, and StoreError where the database refuses the report.
    """
    if drafts and not (who.strip() and why.strip()):
        raise ValueError("What you changed needs your name and a reason.")
    for draft in drafts:
        amend.check(draft)
    if (mixing := store.mixing(record, store.sample)) is not None:
        raise StoreError(str(mixing))
    with store.reading() as connection:
        report = intake.dated(record.report, intake.stored(connection, record.report.id))
    if report.published != record.report.published:
        claims = read(report)
    with store.writing() as connection:
        became = intake.put(connection, report, report_row(report, record.extra, when), claims)
        if isinstance(became, intake.Forgotten):
            raise StoreError(f"This report was forgotten on {became.when[:10]} and is not taken in again.")
        log = in_force(ledger.corrections(connection, {report.id}))
        new = [draft for draft in drafts if not _is_in_force(draft, log)]
        made = amend.enter(connection, new, who=who, when=when, why=why) if new else []
        derive.remake(connection)
        strikes = strikes_of(connection, [report.id])
    return Added(became, tuple(made), tuple(strikes))


def read(report: Report) -> list[Claim]:
    """The claims of a report; the reader is loaded when something is to be read."""
    from tracker.extract import extract

    return extract(report)


def _is_in_force(draft: amend.Draft, log: Iterable[Correction]) -> bool:
    """Whether a correction that stands says the same already."""
    anchors = {anchor_of(claim) for claim in draft.held}
    change = draft.change if draft.action is not Action.REJECT else Change()
    return any(each.action is draft.action and set(each.anchors) == anchors and each.change == change for each in log)


def strikes_of(connection: sa.Connection, report_ids: Iterable[str]) -> list[Strike]:
    """The strikes that the claims of some reports went into, the newest first."""
    found: dict[str, Strike] = {}
    for some in chunks(set(report_ids)):
        own = sa.select(db.members.c.strike_id).where(db.members.c.report_id.in_(some))
        for row in connection.execute(sa.select(db.strikes).where(db.strikes.c.strike_id.in_(own))):
            found[row.strike_id] = strike_from_row(row)
    by_place = sorted(found.values(), key=lambda one: (one.place or "", one.strike_id))
    return sorted(by_place, key=lambda one: one.date or dt.date.min, reverse=True)


def dismiss(store: Store, failure: Unreadable) -> None:
    """Take a record that could not be read off the list of those kept for another try."""
    with store.writing() as connection:
        intake.drop_failures(connection, failure.origin, [failure.origin.line or 0])
