"""What a report has said of where it is: by this the bearers of one name are told apart."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.gazetteer import Place, PlaceKind, distance_km
from tracker.mentions import CAPITAL, Mention
from tracker.place_terms import Role, terms

#: As many fixed points as a report is placed by; a long one names thousands.
_POINTS = 40
_COUNTRY, _ADMIN1, _REGION = PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.REGION
_NOT_THERE = (Role.ACTOR, Role.ORIGIN, Role.CREDIT)


@dataclass(slots=True)
class Context:
    """What the report has said of where it is: weights of countries, regions and fixed points."""

    countries: dict[str, float] = field(default_factory=lambda: collections.defaultdict(float))
    regions: dict[tuple[str, str], float] = field(default_factory=lambda: collections.defaultdict(float))
    points: list[Place] = field(default_factory=list)
    #: What a name means here, once it stood beside its region or country: "Athens, Georgia".
    senses: dict[str, Place] = field(default_factory=dict)
    #: Countries named as such or by a place in them, without peoples and adjectives.
    named: dict[str, float] = field(default_factory=lambda: collections.defaultdict(float))

    @classmethod
    def of(cls, mentions: Sequence[Mention]) -> Context:
        """What the mentions of one sentence say beyond doubt."""
        context = cls()
        if mentions:
            context._count(mentions)
        return context

    def _count(self, mentions: Sequence[Mention]) -> None:
        for inner, outer in itertools.pairwise(mentions):
            if not inner.adjective and 0 < outer.start - inner.end <= 2:
                held = [p for p in inner.candidates if p.is_local and any(p.within(q) for q in outer.candidates)]
                if held:
                    self.senses.setdefault(inner.key, held[0])
        for mention in mentions:
            if not mention.candidates or mention.weak:
                continue
            first = mention.candidates[0]
            role, kind, country = mention.role, first.kind, first.country
            if role not in _NOT_THERE and _is_seat(first) and not mention.adjective:
                self.senses.setdefault(CAPITAL, first)
            if kind is _COUNTRY and role is Role.NEAR:
                continue  # "near the Niger border" is on the other side of it
            if mention.adjective and role is Role.OTHER:
                continue
            if kind is _COUNTRY and country:
                self.countries[country] += 0.3 if mention.adjective else 1.0
                if not mention.adjective and role not in (Role.ACTOR, Role.NEAR):
                    self.named[country] += 1.0
            elif country and _well_known(first) and len({p.country for p in mention.candidates}) == 1:
                self.countries[country] += 0.5
                if role is not Role.ACTOR:
                    self.named[country] += 0.5
            elif kind is _REGION and country:
                self.countries[country] += 1.0
                if role is not Role.ACTOR:
                    self.named[country] += 0.5
            regions = [p for p in mention.candidates if p.kind is _ADMIN1]
            if len(regions) == 1 and (mention.hint is _ADMIN1 or len(mention.candidates) == 1):
                self.regions[regions[0].country or "", regions[0].name] += 1.0
            if first.is_local and (len(mention.candidates) == 1 or _stands_out(mention)):
                self.points.append(first)

    def take(self, other: Context, weight: float = 1.0) -> None:
        """Count what ``other`` counts, ``weight`` times; what is known of a name already stays."""
        self._weigh(other, weight)
        self.points += other.points[: max(0, _POINTS - len(self.points))]
        for key, place in other.senses.items():
            self.senses.setdefault(key, place)

    def around(self, own: Context) -> Context:
        """What decides in one sentence: what it says itself, three times, and this, which its entry says."""
        points = (own.points + self.points)[:_POINTS] if own.points else self.points
        senses = {**self.senses, **own.senses} if own.senses else self.senses
        both = Context(self.countries.copy(), self.regions.copy(), points, senses, self.named.copy())
        both._weigh(own, 3.0)
        return both

    def _weigh(self, other: Context, weight: float) -> None:
        for country, known in other.countries.items():
            self.countries[country] += weight * known
        for country, known in other.named.items():
            self.named[country] += weight * known
        for region, known in other.regions.items():
            self.regions[region] += weight * known


def _is_seat(place: Place) -> bool:
    """Whether a city is its country's capital."""
    return place.kind is PlaceKind.SETTLEMENT and terms().capitals.get(place.country or "") == place.name


def _stands_out(mention: Mention) -> bool:
    """Whether the first bearer of a name dwarfs the others that are towns."""
    first, *others = mention.candidates
    if first.population < 10_000:
        return False
    # Only of a bearer that is not dwarfed does it matter how far off it lies.
    return not any(p.population * 10 >= first.population and p.is_local and distance_km(p, first) > 30 for p in others)


def _well_known(place: Place) -> bool:
    """Whether a name alone places a report: not that of a hamlet that may have namesakes which no gazetteer lists."""
    return place.kind not in (PlaceKind.SETTLEMENT, PlaceKind.DISTRICT) or place.population >= 50_000
