"""What sort of place a scene is, and which of two lies in the other."""

from __future__ import annotations

from tracker.gazetteer import PlaceKind
from tracker.place_terms import Role
from tracker.resolve import Scene

#: What leads a place all of which is meant.
_ALL_OVER = frozenset({"across", "throughout"})


def is_local(scene: Scene) -> bool:
    """Whether a scene names a settlement or a site, not only a region or a country."""
    for spot in scene.spots:  # noqa: SIM110 -- asked so often that a generator shows
        if spot.name is not None or (spot.place is not None and spot.place.is_local):
            return True
    return False


def is_placed(scene: Scene) -> bool:
    """Whether a scene is known more closely than by its country."""
    places = (s.place for s in scene.spots)
    return any(p is not None and p.kind is not PlaceKind.COUNTRY for p in places)


def heads(text: str, scene: Scene) -> bool:
    """Whether a scene opens a sentence as its heading: "QUETTA: ..."."""
    return scene.start == 0 and text[scene.end : scene.end + 1] == ":"


def is_country(scene: Scene) -> bool:
    """Whether a scene names nothing finer than countries."""
    return all(s.place is not None and s.place.kind is PlaceKind.COUNTRY for s in scene.spots)


def is_border(scene: Scene) -> bool:
    """Whether a scene is only near a country: "close to the border of Y"."""
    return scene.role is Role.NEAR and is_country(scene) and scene.spots[0].name is None


def finest(found: list[Scene]) -> Scene:
    """The first scene, or a later one inside it."""
    best = found[0]
    if best.lead in _ALL_OVER:
        return best  # "16 killed across Ukraine, drones hit Kherson"
    for scene in found[1:]:
        if inside(scene, best):
            best = scene
    return best


def inside(inner: Scene, outer: Scene) -> bool:
    """Whether one scene lies in the other: "Sumy" in "Ukraine"."""
    if len(outer.spots) > 1:  # "the Niger–Benin pipeline in Dosso"
        inside_one = (s.place for s in outer.spots if s.place is not None and inner.place is not None)
        return any(inner.place.within(place) for place in inside_one if inner.place is not None)
    if outer.place is None:
        return False
    places = [s.place for s in inner.spots if s.place is not None]
    named = any(s.name is not None for s in inner.spots)
    # "Momen area of Paktia province": a village that the gazetteer lacks holds no region and no other such village.
    if outer.spots[0].name is not None and (named or not is_local(inner)):
        return False
    return bool(places) and all(p.within(outer.place) or (named and p == outer.place) for p in places)
