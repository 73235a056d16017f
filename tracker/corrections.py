"""What analysts correct, and how it bears on claims and strikes (codebook 8).

A correction is a row of its own that is never changed: who, when, why, a link. It holds on to claims by *anchors*
(report, sentence, measure), not by offsets, so that it survives better rules; an anchor that finds no claim any
more, or more than one, is lost and listed, never guessed. Undoing is one more row.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.incidents import Bucket, Incident, bucket_of, incident_of, stand_together
from tracker.models import Claim, Group, Measure
from tracker.statements import claim_order


class Action(StrEnum):
    """What a correction does."""

    FIGURE = "figure"
    REJECT = "reject"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    #: Another measure, group, weapon or attacker than was read.
    RECODE = "recode"
    #: Somebody has looked at it and it stands.
    ACCEPT = "accept"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Anchor:
    """How a correction holds on to a claim: by report, sentence and measure; the rest tells several of them apart."""

    report_id: str
    sentence: str
    measure: Measure
    group: Group = Group.ALL
    text: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """New values for a claim, None where they stay; for a figure ``low`` and ``high`` are both meant.

    Weapons that are empty, and an attacker that is, mean that the report names none. ``seen`` is what an analyst who
    accepted had before their eyes (``tracker.review``).
    """

    low: int | None = None
    high: int | None = None
    place: str | None = None
    admin1: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    date: dt.date | None = None
    date_end: dt.date | None = None
    measure: Measure | None = None
    group: Group | None = None
    weapons: tuple[str, ...] | None = None
    attacker: str | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the log. ``undoes`` is the number of the correction that an ``UNDO`` takes back."""

    number: int
    action: Action
    anchors: tuple[Anchor, ...]
    who: str
    when: dt.datetime
    why: str
    link: str | None = None
    change: Change = Change()
    undoes: int | None = None

    @property
    def note(self) -> str:
        """How it shows in tables: ``#3 figure (Olena, 2025-05-04): counted twice <https://…>``."""
        link = f" <{self.link}>" if self.link else ""
        return f"#{self.number} {self.action} ({self.who}, {self.when.date()}): {self.why}{link}"


@dataclass(frozen=True, slots=True)
class Corrected:
    """Claims after corrections: ``claims`` without duplicates, ``each`` for each claim given (None where rejected).

    ``notes`` says which claims were changed, ``rejected`` what was taken out and why. ``regroup`` pairs merges and
    splits with the claims that they hold; ``lost`` pairs corrections in force with the anchors that found no claim.
    """

    claims: tuple[Claim, ...]
    notes: dict[Claim, tuple[str, ...]]
    rejected: tuple[tuple[Claim, str], ...]
    regroup: tuple[tuple[Correction, tuple[Claim, ...]], ...]
    lost: tuple[tuple[Correction, Anchor], ...]
    each: tuple[Claim | None, ...] = ()


def anchor_of(claim: Claim) -> Anchor:
    """The anchor that finds ``claim`` again."""
    return Anchor(claim.report_id, claim.sentence, claim.measure, claim.group, claim.text, claim.start)


def in_force(corrections: Iterable[Correction]) -> list[Correction]:
    """The corrections that no later one has undone, in their order; an undoing can be undone."""
    ordered = sorted(corrections, key=lambda correction: correction.number)
    undone: set[int] = set()
    for correction in reversed(ordered):
        if correction.action is Action.UNDO and correction.number not in undone and correction.undoes is not None:
            undone.add(correction.undoes)
    return [each for each in ordered if each.action is not Action.UNDO and each.number not in undone]


def apply(claims: Iterable[Claim], corrections: Iterable[Correction]) -> Corrected:
    """Claims as read → claims as corrected. A later correction of a claim builds on the earlier ones."""
    original = list(claims)
    active = in_force(corrections)
    if not active:
        return Corrected(tuple(dict.fromkeys(original)), {}, (), (), (), tuple(original))
    wanted = {anchor.report_id for correction in active for anchor in correction.anchors}
    found: dict[tuple[str, Measure], list[int]] = defaultdict(list)
    for at, claim in enumerate(original):
        if claim.report_id in wanted:
            found[claim.report_id, claim.measure].append(at)

    now: list[Claim | None] = list(original)
    notes: dict[int, list[str]] = defaultdict(list)
    rejected: list[tuple[Claim, str]] = []
    regroup: list[tuple[Correction, list[int]]] = []
    lost: list[tuple[Correction, Anchor]] = []
    for correction in active:
        held: list[int] = []
        for anchor in correction.anchors:
            meant = _holds(anchor, original, found[anchor.report_id, anchor.measure])
            held += meant
            if not meant:
                lost.append((correction, anchor))
        if correction.action in (Action.MERGE, Action.SPLIT):
            regroup.append((correction, held))
            continue
        for at in held:
            standing = now[at]
            if standing is None:
                continue  # rejected before
            if correction.action is Action.REJECT:
                rejected.append((standing, correction.note))
                now[at] = None
            else:
                now[at] = _changed(standing, correction)
                notes[at].append(correction.note)
    kept = [(at, claim) for at, claim in enumerate(now) if claim is not None]
    return Corrected(
        claims=tuple(dict.fromkeys(claim for _, claim in kept)),
        notes={claim: tuple(notes[at]) for at, claim in kept if at in notes},
        rejected=tuple(rejected),
        regroup=tuple(
            (correction, tuple(c for at in held if (c := now[at]) is not None)) for correction, held in regroup
        ),
        lost=tuple(lost),
        each=tuple(now),
    )


def _holds(anchor: Anchor, claims: Sequence[Claim], among: Sequence[int]) -> list[int]:
    """Where the one claim stands that an anchor means; between several, group, words and place decide."""
    words = anchor.sentence.split()  # a better reader may keep another space
    able = [at for at in among if words and claims[at].sentence.split() == words]
    for same in (
        lambda claim: claim.group is anchor.group,
        lambda claim: claim.text == anchor.text,
        lambda claim: claim.start == anchor.start,
    ):
        if len(able) > 1:
            able = [at for at in able if same(claims[at])] or able
    return able if len({claims[at] for at in able}) == 1 else []


def _changed(claim: Claim, correction: Correction) -> Claim:
    change = correction.change
    if correction.action is Action.FIGURE:
        return dataclasses.replace(claim, low=change.low, high=change.high, approx=False, vague=None)
    if correction.action is Action.RECODE:
        return _recoded(claim, change)
    if correction.action is Action.ACCEPT:
        return claim
    moved = claim
    if change.place is not None or change.admin1 is not None or change.country is not None:
        moved = dataclasses.replace(
            claim,
            place=change.place,
            admin1=change.admin1,
            admin2=None,
            country=change.country or claim.country,
            lat=change.lat,
            lon=change.lon,
            where_prec=1 if change.place else 4 if change.admin1 else 6,
            candidates=(),
        )
    if change.date is not None:
        end = change.date_end or change.date
        moved = dataclasses.replace(
            moved, date=change.date, date_end=end, date_prec=1 if end == change.date else 2, date_text=None
        )
    return moved


def _recoded(claim: Claim, change: Change) -> Claim:
    other_weapons = change.weapons is not None and change.weapons != claim.weapons
    return dataclasses.replace(
        claim,
        measure=change.measure or claim.measure,
        group=change.group or claim.group,
        weapons=claim.weapons if change.weapons is None else tuple(sorted(change.weapons)),
        models=() if other_weapons else claim.models,  # a model is one of its weapon's
        attacker=claim.attacker if change.attacker is None else change.attacker or None,
    )


# --- merging and splitting --------------------------------------------------------------------------------


class _Group:
    """An incident on its way through merges and splits."""

    def __init__(self, claims: Sequence[Claim], notes: Iterable[str] = ()) -> None:
        self.claims = list(claims)
        self.notes = list(notes)
        self.candidates: list[_Group] = []
        self.into: _Group | None = None

    def final(self) -> _Group:
        """The group that this one has been merged into, itself where it was not."""
        group = self
        while group.into is not None:
            group = group.into
        return group


def regroup(incidents: Sequence[Incident], corrected: Corrected) -> tuple[list[Incident], list[tuple[str, ...]]]:
    """Carry out merges and splits; also the notes of each incident: what was corrected in it."""
    if not (corrected.regroup or corrected.notes or corrected.rejected):
        return list(incidents), [()] * len(incidents)
    groups = [_Group(incident.claims) for incident in incidents]
    for group, incident in zip(groups, incidents, strict=True):
        group.candidates = [groups[at] for at in incident.candidates]
    holder = {claim: group for group in groups for claim in group.claims}
    for correction, held in corrected.regroup:
        if correction.action is Action.SPLIT:
            groups += _split(correction, held, holder)
        else:
            _merge(correction, held, holder)
    alive = [group for group in groups if group.into is None and group.claims]
    position = {id(group): at for at, group in enumerate(alive)}
    made, notes = [], []
    beside = _beside(corrected, holder)
    for group in alive:
        claims = sorted(group.claims, key=claim_order)
        others = {position[id(other.final())] for other in group.candidates if id(other.final()) in position}
        made.append(incident_of(claims, tuple(sorted(others - {position[id(group)]}))))
        own = [note for claim in claims for note in corrected.notes.get(claim, ())]
        notes.append(tuple(sorted({*own, *group.notes, *beside.get(id(group), ())}, key=_number)))
    return made, notes


def _merge(correction: Correction, held: Sequence[Claim], holder: dict[Claim, _Group]) -> None:
    # A part of the store may be looked at alone; then what is held elsewhere is not here.
    here = [holder[claim].final() for claim in sorted(held, key=claim_order) if claim in holder]
    first, *others = dict.fromkeys(here) or (None,)
    if first is None or any(other.claims[0].basis is not first.claims[0].basis for other in others):
        return  # a toll over a span and an incident never become one
    first.notes.append(correction.note)
    for other in others:
        first.claims += other.claims
        first.notes += other.notes
        other.into = first
    first.candidates = []  # a person has decided
    holder.update((claim, first) for claim in first.claims)


def _split(correction: Correction, held: Sequence[Claim], holder: dict[Claim, _Group]) -> list[_Group]:
    """What is held leaves each strike it stands in, unless that would leave nothing behind."""
    leaving: dict[_Group, list[Claim]] = defaultdict(list)
    for claim in held:
        if claim in holder:
            leaving[holder[claim].final()].append(claim)
    made: list[_Group] = []
    for group, claims in leaving.items():
        if len(claims) == len(group.claims):
            continue
        group.claims = [claim for claim in group.claims if claim not in claims]
        group.notes.append(correction.note)
        made.append(_Group(claims, [correction.note]))
        holder.update((claim, made[-1]) for claim in claims)
    return made


def _beside(corrected: Corrected, holder: dict[Claim, _Group]) -> dict[int, list[str]]:
    """Rejections, noted where what was rejected would have stood."""
    if not corrected.rejected:
        return {}
    there: dict[Bucket, list[tuple[Claim, _Group]]] = {bucket_of(claim): [] for claim, _ in corrected.rejected}
    for claim, group in holder.items():
        if (bucket := bucket_of(claim)) in there:
            there[bucket].append((claim, group.final()))
    notes: dict[int, list[str]] = defaultdict(list)
    for claim, note in corrected.rejected:
        for group in {group for other, group in there[bucket_of(claim)] if stand_together(claim, other)}:
            notes[id(group)].append(note)
    return notes


def _number(note: str) -> int:
    return int(note[1:].split(" ", 1)[0])
