"""Decide which place each mention means, over the whole report, and join mentions into scenes.

A *scene* is where something happens as one sentence puts it: one place ("Izium, Kharkiv Oblast, Ukraine"), or a list
of them ("Belgorod and Kursk"), which then has no single settlement. Which bearer of a name is meant follows from what
stands beside it, the countries and regions of the sentence, the entry and the report, and only then from population.
"""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.context import Context
from tracker.gazetteer import Gazetteer, Place, PlaceKind, distance_km, fold, skeleton
from tracker.mentions import CAPITAL, Mention
from tracker.place_terms import SCENE, Role, terms
from tracker.wording import contains_any


class Spot(NamedTuple):
    """One resolved place. ``name`` is the printed name of a settlement that the gazetteer lacks, inside ``place``.

    ``candidates`` lists what was left where no choice was possible; then ``place`` is what they have in common.
    """

    place: Place | None
    text: str
    name: str | None = None
    candidates: tuple[str, ...] = ()


class Scene(NamedTuple):
    """The places that one phrase names; offsets count in the sentence."""

    start: int
    end: int
    role: Role
    lead: str
    spots: tuple[Spot, ...]
    #: Inside "including ...": belongs to the figures there and never governs.
    included: bool = False

    @property
    def place(self) -> Place | None:
        """The one place of the scene, None for a list or an unknown."""
        return self.spots[0].place if len(self.spots) == 1 else None


#: How much a name alone tells, on the scale of log10(population).
_PRIOR = {
    PlaceKind.COUNTRY: 9.0,
    PlaceKind.ADMIN1: 5.6,
    PlaceKind.ADMIN2: 3.8,
    PlaceKind.DISTRICT: 4.2,
    PlaceKind.SITE: 6.0,
    PlaceKind.REGION: 6.0,
    PlaceKind.SEA: 6.0,
}
#: Asked of every bearer of a name, so that they are not looked up one by one.
_SETTLEMENT, _ADMIN1, _ADMIN2 = PlaceKind.SETTLEMENT, PlaceKind.ADMIN1, PlaceKind.ADMIN2
_OTHER_NAME = 0.8
_KNOWN = 50_000
_BORNE = 0.7
#: A smaller town in an address stands for the district around it.
_TOWN = 10_000
_CAPITAL = 1.0
#: The more so where a town has given the name to its region: Yala, Diffa, Bamyan.
_NAMESAKE = 0.3
#: A fixed point next to a bearer of a name counts 1.2 for it, and nothing any more 180 km away, 1.62° of latitude.
_NEAR_KM = 150.0
_NEAR_DEGREES = 1.7
_UNCOUNTED = 1000
_MARGIN = 0.4
_LARGE_CITY = 100_000
#: A town this near to the middle of a country that is named may be meant though it lies across the border.
_NEIGHBOUR_KM = 400.0


def ranked(mention: Mention, candidates: Sequence[Place], context: Context) -> list[tuple[float, Place]]:
    """How likely ``mention`` means each place, the likeliest first; a difference of one is a tenfold population."""
    key, hint = mention.key, mention.hint
    preferred, capitals = terms().prefer.get(key), terms().capitals
    meant = context.senses.get(key)
    countries = context.countries
    heaviest = max(countries.values(), default=0.0)
    regions = {(p.country, p.name) for p in candidates if p.kind is _ADMIN1}
    towns = [p for p in candidates if p.kind is _SETTLEMENT]
    known = any(p.population >= _KNOWN and fold(p.name) == key for p in towns)
    namesakes = regions and any((p.country, p.admin1) in regions for p in towns)
    scored = []
    for place in candidates:
        kind = place.kind
        # A village without a count is listed because news named it.
        value = _PRIOR.get(kind) or math.log10((place.population or _UNCOUNTED) + 30)
        own = fold(place.name)
        if own != key:
            # A city's old name is seldom meant where a town that is well known bears it today.
            old = known and set(own.split()).isdisjoint(key.split())
            value -= _OTHER_NAME + (_BORNE if old else _NAMESAKE if namesakes else 0.0)
        fits = hint is not _SETTLEMENT or kind is hint  # "Gaza city" is not the Strip
        if fits and preferred is not None and preferred in (place.name, f"{place.name}, {place.code}"):
            value += 4.0
        elif hint is None and _lends_its_name(place, mention):
            value -= 3.0  # "in Kharkiv" is the city, though the region shares the name
        if hint is not None and kind is not PlaceKind.COUNTRY:
            # "Beni territory" lies around a town that may be too small to list, and is no region of that name.
            lends = hint is _ADMIN2 and kind is not _ADMIN1
            value += 2.5 if kind is hint else 0.0 if lends else -1.0
        if own == key and kind is _SETTLEMENT and capitals.get(place.country or "") == place.name:
            value += _CAPITAL
        if meant is not None and meant == place:
            value += 4.0
        if place.country in countries:
            value += 1.8 + 1.0 * countries[place.country] / heaviest
        region = place.admin1 and kind is not _ADMIN1
        if region and (place.country or "", place.admin1) in context.regions:
            value += 2.0
        if context.points and place.is_local:
            value += _nearness(place, context.points)
        scored.append((value, place))
    return sorted(scored, key=lambda pair: -pair[0])


def _nearness(place: Place, points: Sequence[Place]) -> float:
    """What the nearest fixed point with another name counts for a place."""
    south, north = place.lat - _NEAR_DEGREES, place.lat + _NEAR_DEGREES
    around = [distance_km(p, place) for p in points if south < p.lat < north and p.name != place.name]
    return max(0.0, 1.2 - min(around) / _NEAR_KM) if around else 0.0


def _lends_its_name(region: Place, mention: Mention) -> bool:
    """Whether a town bears the region's name. A hamlet at its other end does not count."""
    if region.kind is not _ADMIN1 and region.kind is not _ADMIN2:
        return False
    own = fold(region.name) == mention.key
    for p in mention.candidates:
        if p.kind is not _SETTLEMENT or p.country != region.country or p.population <= 1000:
            continue
        # "Dnipropetrovsk" is today the region's name alone: the town has another.
        other = own and set(fold(p.name).split()).isdisjoint(mention.key.split())
        if other and skeleton(p.name) != skeleton(region.name):
            continue
        if region.name in (p.admin1, p.admin2) or distance_km(p, region) < 80:
            return True
    return False


def resolve(mention: Mention, context: Context, inside: Place | None, gazetteer: Gazetteer) -> Spot | None:
    """The place that ``mention`` means, or None where it is no place at all.

    ``inside`` is the region or country named beside it. Where it holds no bearer of the name, the printed name is
    kept as a settlement that the gazetteer lacks.
    """
    text = mention.label
    if mention.key == CAPITAL:
        city = context.senses.get(CAPITAL) or _capital(_common(context, gazetteer), gazetteer)
        return Spot(city, text) if city is not None else None
    candidates = list(mention.candidates)
    # "the Zamostia quarter" is no town of that name far away.
    quarter = mention.hint is PlaceKind.DISTRICT and inside is None
    if quarter and candidates and all(p.kind is _SETTLEMENT and p.population < _LARGE_CITY for p in candidates):
        return None
    if not candidates:
        holder = inside or _common(context, gazetteer)
        alike = None
        if holder is not None and holder.kind is not PlaceKind.COUNTRY and mention.hint in (None, PlaceKind.SETTLEMENT):
            alike = gazetteer.similar(mention.name, holder)
        return Spot(alike, text) if alike is not None else _printed(mention, holder)
    if inside is not None:
        within = [p for p in candidates if p.within(inside)]
        if not within:
            alike = gazetteer.similar(mention.name, inside) if mention.hint in (None, PlaceKind.SETTLEMENT) else None
            return Spot(alike, text) if alike is not None else _printed(mention, inside)
        candidates = within
    elif mention.weak:
        return None
    order = ranked(mention, candidates, context) if len(candidates) > 1 else [(0.0, candidates[0])]
    best_score, best = order[0]
    # A hamlet at the other end of the world is not meant where the report has a country of its own.
    elsewhere = context.named and best.country not in context.countries and best.kind is PlaceKind.SETTLEMENT
    hamlet = inside is None and elsewhere and best.population < _LARGE_CITY
    if hamlet and all(distance_km(best, other) > _NEIGHBOUR_KM for other in _ground(context, best, gazetteer)):
        return _printed(mention, _common(context, gazetteer))
    if mention.hint in (PlaceKind.ADMIN1, PlaceKind.ADMIN2) and best.kind is PlaceKind.SETTLEMENT:
        return Spot(_division(best, mention.hint, mention.name, gazetteer), text)
    rivals = [
        p
        for value, p in order[1:]
        if best_score - value < _MARGIN and p.kind is best.kind and distance_km(p, best) > 30
    ]
    if rivals and best.is_local:
        named = tuple(", ".join(filter(None, (p.name, p.admin1, p.country))) for p in (best, *rivals))
        common = inside
        if common is None and len({p.country for p in (best, *rivals)}) == 1:
            regions = {p.admin1 for p in (best, *rivals)}
            only = next(iter(regions)) if len(regions) == 1 else None
            common = gazetteer.region(only, best.country or "") if only else gazetteer.country(best.country or "")
        return Spot(common, text, None, named)
    return Spot(best, text)


def _ground(context: Context, place: Place, gazetteer: Gazetteer) -> Iterator[Place]:
    """Every other place that a report is known to be about: the middles of countries and regions, and towns."""
    middles = (gazetteer.country(name) for name in context.countries)
    regions = (gazetteer.region(name, country) for country, name in context.regions)
    yield from (m for m in (*middles, *regions) if m is not None)
    yield from (p for p in context.points if p is not place)


#: Countries whose first level is far larger than the province that is named after a town.
_LARGE_REGIONS = frozenset({"PS", "GB", "FR", "IT", "ES", "BE"})


def _division(town: Place, hint: PlaceKind, name: str, gazetteer: Gazetteer) -> Place:
    """The town's region for "Dnipro region"; for "Guma district" a second-level one named after the town."""
    if hint is PlaceKind.ADMIN1 and town.admin1 and town.code not in _LARGE_REGIONS:
        region = gazetteer.region(town.admin1, town.country or "")
        if region is not None:
            return region
    kind = PlaceKind.ADMIN2
    return Place(town.name or name, kind, town.admin1, town.name, town.country, town.code, town.lat, town.lon, 0)


def _printed(mention: Mention, inside: Place | None) -> Spot | None:
    """A name that the gazetteer lacks: a settlement unless a word beside it says district."""
    # "Gidan, Awe, Nasarawa, Nigeria" is a village of its own around a small town, and a quarter of a city.
    village = mention.hint is PlaceKind.SETTLEMENT
    village = village or (mention.hint is None and inside is not None and inside.population < _TOWN)
    if inside is not None and inside.kind is PlaceKind.SETTLEMENT and not (mention.address >= 0 and village):
        return Spot(inside, mention.label)  # a part of the town that we do not know by name
    if mention.hint in (None, PlaceKind.SETTLEMENT) and not mention.adjective:
        return Spot(inside, mention.label, mention.name)
    return Spot(inside, mention.label) if inside is not None else None


def _common(context: Context, gazetteer: Gazetteer) -> Place | None:
    """The country that a report is about, where one clearly leads."""
    # "An Israeli strike on X": the side that strikes is not where X lies.
    weights = context.named or {c: w for c, w in context.countries.items() if c not in terms().strikers}
    leading = sorted(weights.items(), key=lambda item: -item[1])[:2]
    if not leading or (len(leading) == 2 and leading[1][1] * 1.2 > leading[0][1]):
        return None
    return gazetteer.country(leading[0][0])


def _capital(country: Place | None, gazetteer: Gazetteer) -> Place | None:
    name = terms().capitals.get(country.name) if country is not None else None
    return next(iter(gazetteer.lookup(name, country.name)), None) if name and country is not None else None


_WIDE = (PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.COUNTRY, PlaceKind.REGION)
_PARTS = (PlaceKind.ADMIN2, PlaceKind.DISTRICT, PlaceKind.SETTLEMENT)
_BESIDE = re.compile(r"\b(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?\s+of\s+\Z")
_CHAIN = re.compile(
    r"(?:\s+area(?=\s+(?:in|of)\b))?\s*+(?:,|\(|,\s+(?:in|of)\b)?\s*+"
    r"(?:(?:the|a|an|in|of|its|town|city|village|district|county|municipality|province|state|region|governorate|"
    r"prefecture|department|occupied|annexed|held|"
    r"controlled|capital|second|largest|main|biggest|seat|seaport|port|coastal|ancient|historic|hub|"
    r"rural|countryside|greater|metropolitan|northern|southern|eastern|western|central|north|south|east|west|northwestern|northeastern|"
    r"southwestern|southeastern|city's|refugee|camp|neighbou?rhood|Russian|Israeli|Ukrainian|rebel|-)"
    r"[\s-]*)*",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\s*(?:,?\s*(?:and|or|&)\s|,|/|–|—)\s*(?:(?:in|near|on|at|the|of|both|over|also|then|towns?|cit(?:y|ies)|shells?|"
    r"northern|southern|eastern|western|central|nearby|neighbou?ring|regions?|provinces?|villages?)\s+)*"
)
#: "in a school in X and on a market in Y": one figure over two scenes, unless a number or a verb comes between.
_AND_ALSO = re.compile(
    r"\s*,?\s+(?:refugee\s+camp\s+)?(?:and|as well as)\s+(?:in|on|at|near|over|against)\s+[^\d,;.]{0,50}"
)
#: "X, some 20 km south of Y", "X on the outskirts of Y": Y only tells where X lies.
_BESIDE = re.compile(
    r"(?:\s+(?:area|camp|district))?,?\s+(?:which\s+(?:is|lies)\s+|lying\s+|located\s+|situated\s+)?"
    r"(?:an?\s+(?:[\w-]+\s+){0,3}(?:village|town|settlement|city|hamlet|community|municipality)\s+)?"
    r"(?:(?:an?|the|area|just|right|about|around|some|roughly|only|few|several|\d[\d.,]*|km|kms|kilomet(?:er|re)s?|miles?|"
    r"\(\d+\s\w+\)|to)[\s]+){0,6}"
    r"(?:(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west)\s+of|near(?:by)?|outside|close\s+to|"
    r"not\s+far\s+from|off|from|on\s+the\s+(?:\w+\s+)?(?:outskirts|edge|fringes)\s+of|"
    r"an?\s+(?:\w+\s+)?(?:suburb|village|town|settlement|satellite)\s+(?:of|near|outside))\s+"
    r"(?:the\s+(?:\w+\s+){0,2}(?:city|town|village|capital)(?:\s+of)?\s+)?",
    re.IGNORECASE,
)
#: Between a part of a city and its name: "the North York area of Toronto".
_IN_CITY = frozenset({",", "in", "area in", "area of"})
_AND = re.compile(r",?\s+and\s+(?:the\s+)?")
_INCLUDING = re.compile(r"\b(?:including|among them|notably|such as|most of them|mostly)\b")
_INCLUDING_WORDS = ("including", "among", "notably", "such as", "most")
_CLAUSE_END = re.compile(r"[;—]|,\s+[a-z]|\s+(?:and|while)\s+[a-z]+ing\b")


def scenes(text: str, mentions: Sequence[Mention], own: Context, context: Context, gazetteer: Gazetteer) -> list[Scene]:
    """Join the mentions of a sentence into scenes, containers first resolved: "Hroza, Kharkiv Oblast, Ukraine".

    ``own`` is what the sentence says of where it is, ``context`` what its entry and report say.
    Adjectives ("Russian") name no scene; the roles of the others are those of their first mention.
    """
    named = [m for m in mentions if not m.adjective]
    if not named:
        return []
    # "Örebro, Närke, Sweden": a part of the world that we do not know between a place and its country.
    for first, middle, last in zip(named, named[1:], named[2:], strict=False):
        commas = text[first.end : middle.start].strip() == "," == text[middle.end : last.start].strip()
        if commas and not middle.candidates and first.candidates and _holds(first, last):
            named.remove(middle)
            break
    chains: list[list[Mention]] = []
    for position, mention in enumerate(named):
        following = text[mention.end : named[position + 1].start] if position + 1 < len(named) else ""
        if chains and _chained(text, chains[-1], mention, _AND.fullmatch(following) is not None):
            chains[-1].append(mention)
        else:
            chains.append([mention])
    local = context.around(own)
    opened = [m.end() for m in _INCLUDING.finditer(text)] if contains_any(text, _INCLUDING_WORDS) else []
    found: list[Scene] = []
    for chain in chains:
        spot = _resolve_chain(chain, local, gazetteer)
        if spot is None:
            continue
        start, end = chain[0].start, chain[-1].end
        role, lead = _role_of(chain)
        between = text[found[-1].end : start] if found else "\n"
        alone = bool(found) and len(found[-1].spots) == 1 and not _loose(found[-1])
        if alone and _BESIDE.fullmatch(between) and _beside(found[-1].spots[0], spot):
            found[-1] = _anchored(found[-1], spot)
            continue
        listed = bool(found) and found[-1].role is role and _LIST.fullmatch(between) is not None
        also = bool(found) and {found[-1].role, role} <= SCENE and _AND_ALSO.fullmatch(between) is not None
        if listed or also:
            so_far = found[-1]
            found[-1] = so_far._replace(end=end, spots=(*so_far.spots, spot))
            continue
        last_opened = bisect.bisect_right(opened, start) - 1
        included = last_opened >= 0 and not _CLAUSE_END.search(text, opened[last_opened], start)
        found.append(Scene(start, end, role, lead, (spot,), included))
    return [_unlisted(scene) for scene in found]


def _role_of(chain: Sequence[Mention]) -> tuple[Role, str]:
    """The role of a chain is its first member's, or the town's in "Ukraine's Chernihiv was attacked"."""
    first = chain[0]
    if first.role not in SCENE and first.possessive and len(chain) > 1 and chain[1].role in SCENE:
        return chain[1].role, chain[1].lead
    if first.role is Role.OTHER and not first.lead and chain[-1].role in SCENE:
        return chain[-1].role, chain[-1].lead  # "the prison guards of X in Y"
    return first.role, first.lead


def _loose(scene: Scene) -> bool:
    """Whether an unknown name stands in no phrase of place: "they shot at Joao Silva near X"."""
    return scene.role is Role.OTHER and not scene.lead and scene.spots[0].name is not None


def _beside(spot: Spot, anchor: Spot) -> bool:
    """Whether ``anchor`` can tell where ``spot`` lies: "Ain Issa, north of Raqqa", "Korotych outside Kharkiv"."""
    if anchor.place is None or anchor.name is not None or not anchor.place.is_local:
        return False
    if spot.name is not None:
        return True
    if spot.place is not None and spot.place.kind is PlaceKind.ADMIN1:
        return not anchor.place.within(spot.place)  # "in the Tula region, just south of Moscow"
    if spot.place is None or not spot.place.is_local or spot.candidates:
        return False
    return distance_km(spot.place, anchor.place) < 200


def _anchored(scene: Scene, anchor: Spot) -> Scene:
    """A scene without the town that only tells where it lies; an unknown village takes that town's point."""
    spot = scene.spots[0]
    if spot.name is not None and anchor.place is not None and (spot.place is None or not spot.place.is_local):
        scene = scene._replace(spots=(spot._replace(place=anchor.place),))
    return scene


def _unlisted(scene: Scene) -> Scene:
    """A list whose later members hold the first is one place after all: "Tyre and southern Lebanon" stays a list."""
    if len(scene.spots) == 1:
        return scene
    places = {(s.place.name, s.place.admin1, s.place.kind) if s.place else s.text for s in scene.spots}
    if len(places) == 1 and scene.spots[0].name is None:
        return Scene(scene.start, scene.end, scene.role, scene.lead, scene.spots[:1], scene.included)
    return scene


def _chained(text: str, chain: Sequence[Mention], mention: Mention, listed: bool) -> bool:
    """Whether ``mention`` holds the place before it: "Sloviansk, Donetsk Oblast", "Ukraine's Kharkiv" reversed."""
    last = chain[-1]
    if mention.address >= 0 and mention.address == last.address:
        return True
    between = text[last.end : mention.start]
    if mention.possessive and _BESIDE.search(between):
        return False  # "Hiwane, south of Tigray's capital Mekelle"
    if last.possessive and not mention.candidates and between in ("'s ", "’s "):
        return True  # "Turbat's Absar area"
    if _owns(last, mention):
        return between in ("'s ", "’s ")
    if last.possessive:
        return re.fullmatch(r"['’]s?\s+(?:[\w-]+\s+){0,4}(?:of\s+)?", between) is not None and _holds(mention, last)
    if not _CHAIN.fullmatch(between) or mention.weak or (last.weak and last.role not in SCENE):
        return False
    if _holds(last, mention):
        # "Bakhmut, Kramatorsk and Sloviansk" is a list, though Kramatorsk also names a district.
        plain = mention.hint is None and mention.candidates[0].kind is PlaceKind.SETTLEMENT
        return not (listed and plain and between.strip() == ",")
    # A name that the gazetteer lacks there: "Piatykhatky, Zaporizhzhia Oblast".
    wide = [p for p in mention.candidates if p.kind in _WIDE]
    part = last.hint in (PlaceKind.ADMIN2, PlaceKind.DISTRICT)
    small = part or all(
        (p.is_local and p.population < _LARGE_CITY) or p.kind is PlaceKind.ADMIN2 for p in last.candidates
    )
    city = mention.candidates and mention.candidates[0].kind is PlaceKind.SETTLEMENT
    # "Karan district, Mogadishu": a part of the town after it, unless it is a district of its own right.
    if city and last.hint in (PlaceKind.DISTRICT, PlaceKind.ADMIN2):
        return all(p.kind is not PlaceKind.ADMIN2 for p in last.candidates)
    if listed and between.strip() == ",":
        return False
    # "Lido Beach, Mogadishu": no town of that name anywhere near, so a part of the city.
    towns = (p for p in mention.candidates[:1] if p.kind is PlaceKind.SETTLEMENT and p.population >= _LARGE_CITY)
    large = next(towns, None)
    together = mention.role is last.role or {mention.role, last.role} <= SCENE
    # "Bannang Sata, Yala": a town may lend its name to the region, and only a great one is meant itself.
    regions = {p.country for p in mention.candidates if p.kind is PlaceKind.ADMIN1} if not last.candidates else set()
    if large is not None and large.population < 10 * _LARGE_CITY and large.country in regions:
        large = None
    if large is not None and together and mention.hint is None and between.strip() in _IN_CITY:
        foreign = all(p.country != large.country and p.kind is not PlaceKind.COUNTRY for p in last.candidates)
        return foreign and all(p.population < 10 * _LARGE_CITY for p in last.candidates)
    wide = wide or [p for p in mention.candidates if mention.hint in (PlaceKind.ADMIN1, PlaceKind.ADMIN2)]
    return bool(wide) and small and (bool(between.strip()) or mention.candidates[0].kind is PlaceKind.COUNTRY)


def _owns(outer: Mention, inner: Mention) -> bool:
    """As in "Assam's Chirang district", whatever else is called Chirang."""
    return outer.possessive and inner.hint in _PARTS and any(p.kind in _WIDE for p in outer.candidates[:1])


def _holds(inner: Mention, outer: Mention) -> bool:
    # "Huwara, Nablus Governorate": the town lends its name to the region around it.
    named_after = outer.hint in (PlaceKind.ADMIN1, PlaceKind.ADMIN2)
    return any(
        p.within(q) or (named_after and p.is_local and q.is_local and p.code == q.code and distance_km(p, q) < 100)
        for q in outer.candidates
        for p in inner.candidates
    )


def _resolve_chain(chain: Sequence[Mention], context: Context, gazetteer: Gazetteer) -> Spot | None:
    ordered = list(chain)
    # "Ukraine's Kharkiv": the holder stands first.
    for i in range(len(ordered) - 1):
        behind, owner = ordered[i + 1], ordered[i]
        if owner.possessive and (_holds(behind, owner) or not behind.candidates or _owns(owner, behind)):
            ordered[i], ordered[i + 1] = ordered[i + 1], ordered[i]
    inside: Place | None = None
    outer: list[Place] = []
    spot: Spot | None = None
    for i in range(len(ordered) - 1, -1, -1):
        mention = ordered[i]
        inner = ordered[i - 1] if i else None
        choices = mention
        if inner is not None:
            holding = [q for q in mention.candidates if any(p.within(q) for p in inner.candidates)]
            # "Songjiang district, Shanghai": the city, not the region that shares its name.
            if inner.hint in (PlaceKind.DISTRICT, PlaceKind.ADMIN2) and mention.hint is None:
                cities = [q for q in mention.candidates if q.population >= _LARGE_CITY]
                cities = [q for q in cities if not holding or any(q.within(p) for p in holding)]
                known = any(p.kind is PlaceKind.ADMIN2 for p in inner.candidates)
                known = known or mention.candidates[0].kind is PlaceKind.COUNTRY  # "municipality of X, Mexico"
                holding = holding if known else cities or holding
            if holding:
                choices = _narrowed(mention, holding)
        holder = inside
        small = inside is not None and inside.kind is PlaceKind.SETTLEMENT and inside.population < _KNOWN
        if mention.address >= 0 and small and not any(p.within(q) for q in outer[-1:] for p in choices.candidates):
            # "Baga, Kukawa, Borno": a town of the region, and no part of the town that gave its district the name.
            regions = [q for q in outer if q.kind is PlaceKind.ADMIN1]
            holder = next((q for q in regions if any(p.within(q) for p in choices.candidates)), inside)
        found = resolve(choices, context, holder, gazetteer)
        if found is None:
            continue
        if found.place is not None and found.name is None and not found.candidates:
            inside = found.place
            outer.append(inside)
        spot = Spot(found.place or inside, ordered[0].label, found.name, found.candidates)
    return spot


def _narrowed(mention: Mention, candidates: Sequence[Place]) -> Mention:
    copy = Mention(
        mention.start, mention.end, mention.first, mention.last, mention.name, mention.key, tuple(candidates)
    )
    copy.role, copy.lead, copy.hint, copy.weak = mention.role, mention.lead, mention.hint, mention.weak
    copy.label, copy.address = mention.label, mention.address
    return copy
