"""What an analyst does to a store beside taking reports in: correct, undo, forget, ask where a place is.

Each is one transaction, and the strikes it bears on are made again at once. Who, when and why are given by the
caller; nothing here reads a clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from tracker import carriers, derive, ledger
from tracker import database as db
from tracker.corrections import Action, Anchor, Change, Correction, anchor_of, apply, in_force
from tracker.database import StoreError
from tracker.models import Claim
from tracker.online import Geocode, Named, ask, named
from tracker.rows import chunks, read_list
from tracker.store import Store


class State(StrEnum):
    """What has become of a correction."""

    IN_FORCE = "in force"
    UNDONE = "undone"
    PARTLY_LOST = "partly lost"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Entry:
    """A correction of the log, what has become of it, and the anchors of it that find no claim any more."""

    correction: Correction
    state: State
    lost: tuple[Anchor, ...] = ()


def correct(
    store: Store,
    action: Action,
    held: Sequence[Claim],
    *,
    who: str,
    when: dt.datetime,
    why: str,
    link: str | None = None,
    change: Change | None = None,
) -> Correction:
    """Add a correction of these claims to the log and make the strikes again.

    Raises ValueError, in words, where it says nothing or nobody answers for it.
    """
    change = change or Change()
    if not who.strip() or not why.strip():
        raise ValueError("A correction needs who makes it and why.")
    if not held:
        raise ValueError("A correction needs a claim to hold on to.")
    if action is Action.FIGURE:
        if change.low is None and change.high is None:
            raise ValueError("A figure needs a number.")
        if change.low is not None and change.high is not None and change.low > change.high:
            raise ValueError("A figure's low cannot be above its high.")
    if action is Action.MOVE and not any((change.place, change.admin1, change.country, change.date)):
        raise ValueError("A move needs a place or a date.")
    if action is Action.MERGE and len({claim.basis for claim in held}) > 1:
        raise ValueError("A toll over a span and an incident never become one strike.")
    anchors = tuple(dict.fromkeys(anchor_of(claim) for claim in held))
    with store.writing() as connection:
        made = Correction(ledger.next_number(connection), action, anchors, who.strip(), when, why.strip(), link, change)
        _enter(connection, made, {anchor.report_id for anchor in anchors})
    return made


def undo(store: Store, number: int, *, who: str, when: dt.datetime, why: str, link: str | None = None) -> Correction:
    """Take a correction back; undoing an undoing brings it in force again. Raises ValueError where there is none."""
    with store.writing() as connection:
        log = {each.number: each for each in ledger.corrections(connection)}
        if number not in log:
            raise ValueError(f"There is no correction {number}. 'tracker audit' lists them.")
        made = Correction(
            ledger.next_number(connection), Action.UNDO, (), who.strip(), when, why.strip(), link, undoes=number
        )
        at = log[number]
        while at.action is Action.UNDO and at.undoes is not None:
            at = log[at.undoes]
        _enter(connection, made, {anchor.report_id for anchor in at.anchors})
    return made


def _enter(connection: sa.Connection, correction: Correction, reports: set[str]) -> None:
    # What stands there before the correction, and what after it: both may change.
    for report_id in sorted(reports):
        derive.touch(connection, report_id)
    ledger.append(connection, correction)
    derive.touch_again(connection, reports)
    derive.remake(connection)
    db.count_change(connection)


def log(store: Store) -> list[Entry]:
    """Every correction ever made, by number, with what has become of it."""
    with store.reading() as connection:
        every = ledger.corrections(connection)
        reports = {anchor.report_id for each in every for anchor in each.anchors}
        claims = [
            claim for some in chunks(reports) for _, claim in derive.claims(connection, db.claims.c.report_id.in_(some))
        ]
    lost: dict[int, list[Anchor]] = {}
    for correction, anchor in apply(claims, every).lost:
        lost.setdefault(correction.number, []).append(anchor)
    standing = {each.number for each in in_force(every)} | _standing_undos(every)
    return [Entry(each, _state(each, standing, lost), tuple(lost.get(each.number, ()))) for each in every]


def _state(correction: Correction, standing: set[int], lost: dict[int, list[Anchor]]) -> State:
    if correction.number not in standing:
        return State.UNDONE
    gone = len(lost.get(correction.number, ()))
    if not gone:
        return State.IN_FORCE
    return State.LOST if gone == len(correction.anchors) else State.PARTLY_LOST


def unshown(store: Store) -> list[Correction]:
    """The corrections in force that show in no strike: nothing is left where they rejected, or they are lost."""
    with store.reading() as connection:
        active = in_force(ledger.corrections(connection))
        cells = connection.scalars(sa.select(db.strikes.c.corrections).where(db.strikes.c.corrections != "[]")).all()
    shown = {note for cell in cells for note in read_list(cell)}
    return [correction for correction in active if correction.note not in shown]


def _standing_undos(every: Sequence[Correction]) -> set[int]:
    undone: set[int] = set()
    for each in reversed(every):
        if each.action is Action.UNDO and each.number not in undone and each.undoes is not None:
            undone.add(each.undoes)
    return {each.number for each in every if each.action is Action.UNDO and each.number not in undone}


def forget(store: Store, report_id: str, *, when: dt.datetime, why: str | None = None) -> str:
    """Remove a report, its versions and all that derives from it; give the hash that its tombstone keeps.

    Raises StoreError where there is no such report.
    """
    with store.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        digest: str | None = connection.scalar(sa.select(db.reports.c.hash).where(db.reports.c.id == report_id))
        if digest is None:
            raise StoreError(f"There is no report '{report_id}' in {store.name}.")
        derive.touch(connection, report_id)
        ledger.bury(connection, report_id, digest, when, why)
        for table in (db.claims, db.members, db.versions):
            connection.execute(sa.delete(table).where(table.c.report_id == report_id))
        connection.execute(sa.delete(db.failures).where(db.failures.c.report_id == report_id))
        connection.execute(sa.delete(db.reports).where(db.reports.c.id == report_id))
        for other in carriers.carry(connection, report_id, None) - {report_id}:
            derive.touch(connection, other)
        derive.remake(connection)
        db.count_change(connection)
    store.settle()
    return digest


def unplaced(store: Store) -> list[Named]:
    """The places of claims whose coordinates nobody knows yet and nobody has been asked for, in order."""
    with store.reading() as connection:
        asked = ledger.answers(connection)
        wanted = {place for _, claim in derive.claims(connection) if (place := named(claim)) is not None}
    return sorted(wanted - set(asked), key=lambda place: (place.country, place.admin1, place.place))


def geocode(
    store: Store,
    geocoder: Geocode,
    *,
    provider: str,
    now: Callable[[], dt.datetime],
    on_answer: Callable[[Named, bool], None] = lambda place, found: None,
) -> int:
    """Ask a geocoder for every place that the gazetteer lacks, keep the answers and make the strikes again.

    Each answer is stored as it comes, so that nothing is asked twice. Gives how many places were found. Raises
    what the geocoder raises; the strikes are made again all the same.
    """
    found = 0
    try:
        for answer in ask(unplaced(store), geocoder, provider=provider, now=now):
            with store.writing() as connection:
                ledger.put_answer(connection, answer)
                here = db.claims.c.place == answer.named.place
                derive.touch_again(
                    connection, connection.scalars(sa.select(db.claims.c.report_id).where(here).distinct())
                )
                db.count_change(connection)
            found += answer.lat is not None
            on_answer(answer.named, answer.lat is not None)
    finally:
        store.refresh()
    return found
