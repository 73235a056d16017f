"""The place fields of a claim, and how a scene gives them (codebook 1 and 6)."""

from __future__ import annotations

from typing import NamedTuple

from tracker.gazetteer import Gazetteer, Place, PlaceKind
from tracker.place_terms import Role
from tracker.resolve import Scene


class Where(NamedTuple):
    """The place fields of a claim (codebook 1 and 6). ``Where()`` is nowhere known."""

    place: str | None = None
    place_text: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    where_prec: int | None = None
    candidates: tuple[str, ...] = ()


#: UCDP GED precision by kind of place.
_PRECISION = {
    PlaceKind.SETTLEMENT: 1,
    PlaceKind.DISTRICT: 1,
    PlaceKind.SITE: 1,
    PlaceKind.ADMIN2: 3,
    PlaceKind.ADMIN1: 4,
    PlaceKind.REGION: 5,
    PlaceKind.COUNTRY: 6,
    PlaceKind.SEA: 7,
}


def where_of(scene: Scene, gazetteer: Gazetteer) -> Where:
    """The place fields that a scene gives."""
    if len(scene.spots) > 1:
        return _several(scene, gazetteer)
    spot = scene.spots[0]
    if spot.candidates:
        at = at_place(spot.place, spot.text)
        return Where(None, spot.text, at.admin1, None, at.country, None, None, at.where_prec, spot.candidates)
    if spot.name is not None:
        region = spot.place
        if region is None:
            return Where(place=spot.name, place_text=spot.text)
        known = region.kind is not PlaceKind.COUNTRY
        lat, lon = (region.lat, region.lon) if known else (None, None)
        # Beside a town that is known ("X, south of Kirkuk") its point is nearer than the region's middle.
        precision = 2 if region.is_local else 4 if known else 6
        return Where(spot.name, spot.text, region.admin1, region.admin2, region.country, lat, lon, precision)
    return at_place(spot.place, spot.text, near=scene.role is Role.NEAR)


def _several(scene: Scene, gazetteer: Gazetteer) -> Where:
    """A figure over several places: only what they share."""
    places = [spot.place for spot in scene.spots if spot.place is not None]
    text = scene.spots[0].text + " … " + scene.spots[-1].text
    countries = {p.country for p in places}
    regions = {p.admin1 for p in places}
    country = next(iter(countries)) if len(countries) == 1 else None
    admin1 = next(iter(regions)) if len(regions) == 1 and country else None
    shared = gazetteer.region(admin1, country) if admin1 and country else None
    if shared is None and country:
        shared = gazetteer.country(country)
    if shared is None:
        return Where(place_text=text)
    return at_place(shared, text)


def at_place(place: Place | None, text: str | None, *, near: bool = False) -> Where:
    """The place fields of one place of the gazetteer, printed as ``text``."""
    if place is None:
        return Where(place_text=text)
    precision = _PRECISION[place.kind]
    if place.is_local:
        name = place.name if place.kind is PlaceKind.SETTLEMENT else place.settlement
        if name is None:
            # A site outside any settlement, such as a bridge over a strait.
            return Where(None, text, place.admin1, place.admin2, place.country, place.lat, place.lon, 4)
        precision = 2 if near else precision
        return Where(name, text, place.admin1, place.admin2, place.country, place.lat, place.lon, precision)
    return Where(None, text, place.admin1, place.admin2, place.country, place.lat, place.lon, precision)
