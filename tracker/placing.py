"""A place as an analyst names it → the place that the gazetteer knows by that name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placing:
    """A place under its English name with its coordinates; as it was given where the gazetteer lacks it.

    ``note`` says, in words, what an analyst should know: that several places bear the name, or that none does.
    """

    place: str | None
    admin1: str | None
    country: str | None
    lat: float | None = None
    lon: float | None = None
    note: str = ""


def placed(place: str | None, admin1: str | None = None, country: str | None = None) -> Placing:
    """Look a settlement up; a region or a country alone is taken as given.

    >>> placed("Kiev", country="Ukraine").place
    'Kyiv'
    >>> placed("Nosuchtown").note
    'The gazetteer knows no place called Nosuchtown: it is kept as written, without coordinates.'
    """
    if place is None:
        return Placing(None, admin1, country)
    from tracker.gazetteer import gazetteer

    found = [
        one
        for one in gazetteer().lookup(place, country)
        if one.is_local and (admin1 is None or (one.admin1 or "").casefold() == admin1.casefold())
    ]
    if not found:
        inside = ", ".join(part for part in (admin1, country) if part)
        named = f"{place} in {inside}" if inside else place
        note = f"The gazetteer knows no place called {named}: it is kept as written, without coordinates."
        return Placing(place, admin1, country, note=note)
    first = found[0]
    note = ""
    if len({(one.admin1, one.country) for one in found}) > 1 and admin1 is None:
        note = f"Several places are called {place}; {first.name}, {first.admin1}, {first.country} is taken."
    return Placing(first.settlement or first.name, first.admin1, first.country, first.lat, first.lon, note)
