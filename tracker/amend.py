"""What an analyst does to a store beside taking reports in: correct, undo, forget, ask where a place is.

Each is one transaction, and the strikes it bears on are made again at once. Who, when and why are given by the
caller; nothing here reads a clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa

from tracker import carriers, derive, ledger
from tracker import database as db
from tracker.corrections import Action, Anchor, Change, Correction, anchor_of, apply, in_force
from tracker.database import StoreError
from tracker.models import Claim
from tracker.online import Geocode, Named, ask, named
from tracker.rows import chunks, read_list
from tracker.store import Dossier, Store, dossier


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


class OvertakenError(ValueError):
    """What an analyst was looking at has changed before they saved; nothing was written.

    ``since`` are the corrections that did it, none where the reports themselves have changed.
    """

    def __init__(self, since: Sequence[Correction]) -> None:
        by = f" by correction {', '.join(str(each.number) for each in since)}" if since else ""
        super().__init__(f"This has changed{by} since you opened it. Nothing was saved: look at it again.")
        self.since = tuple(since)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be corrected in which claims, before anybody answers for it."""

    action: Action
    held: tuple[Claim, ...]
    change: Change = field(default_factory=Change)


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
    seen: Sequence[Dossier] = (),
) -> Correction:
    """Add one correction to the log (see ``correct_all``)."""
    draft = Draft(action, tuple(held), change or Change())
    return correct_all(store, [draft], who=who, when=when, why=why, link=link, seen=seen)[0]


def correct_all(
    store: Store,
    drafts: Sequence[Draft],
    *,
    who: str,
    when: dt.datetime,
    why: str,
    link: str | None = None,
    seen: Sequence[Dossier] = (),
) -> list[Correction]:
    """Add corrections to the log, all or none, and make the strikes again.

    ``seen`` are the strikes as they were shown to whoever corrects. Raises ValueError, in words, where a correction
    says nothing or nobody answers for it; OvertakenError where what was shown is no longer so.
    """
    if not who.strip() or not why.strip():
        raise ValueError("A correction needs who makes it and why.")
    for draft in drafts:
        check(draft)
    with store.writing() as connection:
        _check_still_so(connection, seen)
        return enter(connection, drafts, who=who, when=when, why=why, link=link)


def enter(
    connection: sa.Connection,
    drafts: Sequence[Draft],
    *,
    who: str,
    when: dt.datetime,
    why: str,
    link: str | None = None,
) -> list[Correction]:
    """The same within a transaction of the caller's, unchecked."""
    first = ledger.next_number(connection)
    made = [
        Correction(
            first + at,
            draft.action,
            tuple(dict.fromkeys(map(anchor_of, draft.held))),
            who.strip(),
            when,
            why.strip(),
            (link or "").strip() or None,
            draft.change,
        )
        for at, draft in enumerate(drafts)
    ]
    _enter(connection, made, {anchor.report_id for each in made for anchor in each.anchors})
    return made


def check(draft: Draft) -> None:
    """Raise ValueError where a correction says nothing."""
    change = draft.change
    if not draft.held:
        raise ValueError("A correction needs a claim to hold on to.")
    if draft.action is Action.FIGURE:
        if change.low is None and change.high is None:
            raise ValueError("A figure needs a number.")
        if change.low is not None and change.high is not None and change.low > change.high:
            raise ValueError("A figure's low cannot be above its high.")
    if draft.action is Action.MOVE and not any((change.place, change.admin1, change.country, change.date)):
        raise ValueError("A move needs a place or a date.")
    if draft.action is Action.MERGE and len({claim.basis for claim in draft.held}) > 1:
        raise ValueError("A toll over a span and an incident never become one strike.")
    recoded = (change.measure, change.group, change.weapons, change.attacker)
    if draft.action is Action.RECODE and all(value is None for value in recoded):
        raise ValueError("A recoding needs a measure, a group, weapons or an attacker.")


def since(store: Store, shown: Dossier) -> list[Correction] | None:
    """The corrections by which a strike is no longer what somebody saw; None where it is.

    Empty where its reports have changed.
    """
    with store.reading() as connection:
        return _since(connection, shown)


def _since(connection: sa.Connection, shown: Dossier) -> list[Correction] | None:
    now = dossier(connection, shown.strike.strike_id)
    if now is not None and now.stamp == shown.stamp:
        return None
    reports = {claim.report_id for claim in shown.claims}
    log = {each.number: each for each in ledger.corrections(connection)}
    later = [each for each in log.values() if each.number > shown.logged]
    return [each for each in later if reports & {anchor.report_id for anchor in meant(each, log).anchors}]


def _check_still_so(connection: sa.Connection, seen: Sequence[Dossier]) -> None:
    """Raise OvertakenError where a strike is no longer what somebody saw."""
    for shown in seen:
        if (changes := _since(connection, shown)) is not None:
            raise OvertakenError(changes)


def meant(correction: Correction, log: Mapping[int, Correction]) -> Correction:
    """The correction that an undoing is about in the end, through undoings of undoings; any other is about itself."""
    while correction.action is Action.UNDO and correction.undoes is not None:
        correction = log[correction.undoes]
    return correction


def undo(store: Store, number: int, *, who: str, when: dt.datetime, why: str, link: str | None = None) -> Correction:
    """Take a correction back; undoing an undoing brings it in force again.

    Raises ValueError where there is none, where it is undone already, and where nobody answers for it.
    """
    if not who.strip() or not why.strip():
        raise ValueError("An undoing needs who makes it and why.")
    with store.writing() as connection:
        log = {each.number: each for each in ledger.corrections(connection)}
        if number not in log:
            raise ValueError(f"There is no correction {number}. 'tracker audit' lists them.")
        if number not in _standing(log.values()):
            raise ValueError(f"Correction {number} is undone already. 'tracker audit' says by whom.")
        made = Correction(
            ledger.next_number(connection), Action.UNDO, (), who.strip(), when, why.strip(), link, undoes=number
        )
        _enter(connection, [made], {anchor.report_id for anchor in meant(made, log).anchors})
    return made


def _enter(connection: sa.Connection, corrections: Sequence[Correction], reports: set[str]) -> None:
    # What stands there before the corrections, and what after them: both may change.
    for report_id in sorted(reports):
        derive.touch(connection, report_id)
    for correction in corrections:
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
    standing = _standing(every)
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


def _standing(every: Iterable[Correction]) -> set[int]:
    """The numbers of the corrections and undoings that no later one has undone."""
    undone: set[int] = set()
    for each in sorted(every, key=lambda one: one.number, reverse=True):
        if each.action is Action.UNDO and each.number not in undone and each.undoes is not None:
            undone.add(each.undoes)
    return {each.number for each in every} - undone


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
