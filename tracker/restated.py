"""A figure that a report gives twice belongs where the report ties it closest (codebook 6).

A headline says "seven killed in Borno", the text says in which village: both are one figure, of one place. What is
wider takes over the place of what is finer, where exactly one place comes into question and nothing contradicts it.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.models import NATIONAL_MEASURES, Claim, Field, Measure
from tracker.retold import MANY, are_comparable, retells
from tracker.segment import Document

#: So many places of one figure are looked at; a headline that could mean more of them means none.
_FIRST = 40
#: So many letters make a name recognisable in another form: "Chechen", "Chechnya".
_STEM = 5
_PLACE = ("place", "place_text", "admin1", "admin2", "country", "lat", "lon", "where_prec", "candidates")


def restated(claims: Sequence[Claim], document: Document) -> list[Claim]:
    """The claims of one report, in their order, each where the report as a whole says that it belongs."""
    if len(claims) < 2:
        return list(claims)
    heads, body = _parted(claims, document)
    stories: dict[int | None, _Story] = defaultdict(_Story)
    for at in body:
        claim = claims[at]
        for number in (None, claim.entry):
            stories[number].figures[claim.measure, claim.low].append(at)
            stories[number].places[claim.measure].add(claim.place)
            if claim.date_text is None:
                stories[number].undated.append(at)
    moves: dict[int, Claim] = {}
    days: dict[int, Claim] = {}
    for at in heads:
        story = stories[None if claims[at].field is Field.TITLE else claims[at].entry]
        twins = _twins(at, story, claims)
        if twins and _match_places(at, twins, story, claims, moves):
            _match_days(at, twins, story, claims, days)
    for number, story in stories.items():
        if number is not None:
            for same in story.figures.values():
                _match_sentences(same, claims, moves)
    dated = [claim if at not in days else _on_day_of(claim, days[at]) for at, claim in enumerate(claims)]
    return _moved(dated, moves)


@dataclass(slots=True)
class _Story:
    """What is told below one headline: figure → positions of the claims, measure → where it is told for."""

    figures: dict[tuple[Measure, int | None], list[int]] = field(default_factory=lambda: defaultdict(list))
    places: dict[Measure, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    #: Of the claims for which no day is printed.
    undated: list[int] = field(default_factory=list)


def _parted(claims: Sequence[Claim], document: Document) -> tuple[list[int], list[int]]:
    """Positions of what headlines say, and of what the text below says; lines without a text below are no headlines."""
    begins: dict[int, int] = {}
    for entry in document.entries:
        text = next((s.start for s in entry.sentences if s.field is Field.TEXT and not s.is_headline), None)
        begins[entry.index] = 0 if text is None else text
    parted: tuple[list[int], list[int]] = [], []
    for at, claim in enumerate(claims):
        in_text = claim.field is Field.TEXT and claim.start >= begins.get(claim.entry, 0)
        parted[in_text].append(at)
    return parted


# --- whose place is whose ---------------------------------------------------------------------------------


def _twins(at: int, story: _Story, claims: Sequence[Claim]) -> list[int]:
    """Where the text below gives the figure of a headline."""
    head = claims[at]
    same = story.figures.get((head.measure, head.low), ())[:_FIRST] if head.low else ()
    return [twin for twin in same if are_comparable(head, claims[twin]) and _days_meet(head, claims[twin])]


def _match_places(
    at: int, twins: Sequence[int], story: _Story, claims: Sequence[Claim], moves: dict[int, Claim]
) -> bool:
    """Whether a headline and the one place of its figure below can be one; what is less sure moves."""
    head, text = claims[at], _finest([claims[twin] for twin in twins])
    if text is None or not _agree(head, text):
        return False
    if _key(head) == _key(text):
        return True
    if _is_finer(text, head) or _is_loose(head, text, story):
        moves[at] = text
        return True
    if _is_finer(head, text):
        moves.update(dict.fromkeys(twins, head))
        return True
    return False


def _finest(twins: Sequence[Claim]) -> Claim | None:
    """The one place of a figure: that of all its claims, or the one town in the areas that the others name."""
    best = next((twin for twin in twins if twin.place is not None), twins[0])
    same = all(_key(twin) == _key(best) or (_agree(twin, best) and _is_finer(best, twin)) for twin in twins)
    return best if same else None


def _match_days(at: int, twins: Sequence[int], story: _Story, claims: Sequence[Claim], days: dict[int, Claim]) -> None:
    """Where only one of headline and text prints a day, it is that of both, and of all that is told without one.

    "The blast of 1972 that killed nine" is not of today because the text below gives no year.
    """
    head, text = claims[at], claims[twins[0]]
    if (head.low or 0) < MANY or head.date == text.date:
        return
    if head.date is not None and head.date_text is not None and all(claims[twin].date_text is None for twin in twins):
        days.update((other, head) for other in story.undated if claims[other].date == text.date)
        story.undated.clear()  # one headline gives one day
    elif head.date_text is None and text.date is not None and len({claims[twin].date for twin in twins}) == 1:
        days[at] = text


def _match_sentences(same: Sequence[int], claims: Sequence[Claim], moves: dict[int, Claim]) -> None:
    """Within a text, only what is said of a wider area takes over a place, and only where many people are meant."""
    placed = [at for at in same if claims[at].place is not None]
    if not placed or len({_key(claims[at]) for at in placed}) != 1:
        return
    finer = claims[placed[0]]
    for at in same:
        wider = claims[at]
        earlier, later = sorted((wider, finer), key=lambda claim: claim.start)
        many = (wider.low or 0) >= MANY and retells(later, earlier)
        if many and _days_meet(wider, finer) and _agree(wider, finer) and _is_finer(finer, wider):
            moves.setdefault(at, finer)


def _key(claim: Claim) -> tuple[object, ...]:
    """Where a claim is: a name, or else an area."""
    if claim.place is not None:
        return (claim.place, claim.admin1, claim.country)
    return (None, claim.admin2, claim.admin1, claim.country, claim.candidates)


def _agree(one: Claim, other: Claim) -> bool:
    """Whether two places can be one, as far as their country and region are known."""
    pairs = ((one.country, other.country), (one.admin1, other.admin1))
    return all(first is None or second is None or first == second for first, second in pairs)


def _is_finer(one: Claim, other: Claim) -> bool:
    """Whether ``one`` says more closely where ``other`` may be."""
    if other.place is not None or other.candidates or one.candidates:
        return False
    if one.place is None:
        return _depth(one) > _depth(other)
    return None in (one.admin2, other.admin2) or one.admin2 == other.admin2


def _depth(claim: Claim) -> int:
    return next((3 - at for at, name in enumerate((claim.admin2, claim.admin1, claim.country)) if name), 0)


def _is_loose(head: Claim, text: Claim, story: _Story) -> bool:
    """Whether a headline's place only says roughly where the text tells it happened.

    It is near a town, not in it; or a name that stands for the region ("Kharkiv", "Chechen"), or that the gazetteer
    lacks.
    """
    if head.place is None:
        return False
    for_region = text.admin1 is not None and _names_region(head.place, text.admin1)
    is_known = head.lat is not None
    if text.place is None:
        return for_region and not is_known
    if head.place in story.places[head.measure]:
        return False  # the text has a toll of its own for it
    return head.where_prec == 2 or ((head.low or 0) >= MANY and (for_region or not is_known))


def _names_region(place: str, region: str) -> bool:
    return place[:_STEM].casefold() == region[:_STEM].casefold()


def _days_meet(one: Claim, other: Claim) -> bool:
    """Whether two claims may be of one day, as far as they say when."""
    if one.date is None or other.date is None or None in (one.date_text, other.date_text):
        return True
    return one.date <= (other.date_end or other.date) and other.date <= (one.date_end or one.date)


# --- moving -----------------------------------------------------------------------------------------------


def _moved(claims: Sequence[Claim], moves: dict[int, Claim]) -> list[Claim]:
    """The claims where they belong; what a sentence says besides goes where its figure goes."""
    if not moves:
        return list(claims)
    along: dict[tuple[object, ...], dict[tuple[object, ...], Claim]] = defaultdict(dict)
    for at, target in moves.items():
        along[_scene(claims[at])].setdefault(_key(target), target)
    made = []
    for at, claim in enumerate(claims):
        followed = [moves[at]] if at in moves else list(along.get(_scene(claim), {}).values())
        stays = claim.measure in NATIONAL_MEASURES or len(followed) != 1
        made.append(claim if stays else _at_place_of(claim, followed[0]))
    return made


def _scene(claim: Claim) -> tuple[object, ...]:
    """The sentence of a claim and its place there."""
    return claim.field, claim.entry, claim.sentence, _key(claim)


def _on_day_of(claim: Claim, other: Claim) -> Claim:
    return dataclasses.replace(
        claim, date=other.date, date_end=other.date_end, date_prec=other.date_prec, date_text=other.date_text
    )


def _at_place_of(claim: Claim, other: Claim) -> Claim:
    """A claim at the place of another; a region that only the wider of the two knows is kept."""
    where: dict[str, Any] = {name: getattr(other, name) for name in _PLACE}
    if other.admin1 is None:
        where["admin1"], where["admin2"] = claim.admin1, claim.admin2
    where["country"] = other.country or claim.country
    return dataclasses.replace(claim, **where)
