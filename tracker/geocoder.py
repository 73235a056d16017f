"""The offline gazetteer behind geopy's interface: drop-in where a program expects a geocoder.

An online geocoder is used in the same way, and only where somebody asks for it::

    from geopy.extra.rate_limiter import RateLimiter
    from geopy.geocoders import Nominatim
    geocode = RateLimiter(Nominatim(user_agent="your-app").geocode, min_delay_seconds=1)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from tracker.gazetteer import Gazetteer, Place, PlaceKind, gazetteer

#: The parts of a structured query, finest first, named as Nominatim names them.
_PARTS = ("city", "county", "state", "country")


class OfflineGeocoder(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """A ``geopy`` geocoder that never opens a connection.

    >>> place = OfflineGeocoder().geocode("Kharkov, Ukraine")
    >>> place.address, round(place.latitude, 1), round(place.longitude, 1)
    ('Kharkiv, Kharkiv, Ukraine', 50.0, 36.3)
    >>> OfflineGeocoder().reverse("50.45, 30.52").address
    'Kyiv, Kyiv City, Ukraine'
    """

    def __init__(
        self,
        *,
        max_km: float = 100.0,
        gazetteer: Gazetteer | None = None,
        user_agent: str | None = None,
    ) -> None:
        """``max_km`` is how far ``reverse`` looks for a settlement."""
        super().__init__(user_agent=user_agent or "strike-tracker-offline")
        self.max_km = max_km
        self._own = gazetteer

    @property
    def _places(self) -> Gazetteer:
        return self._own if self._own is not None else gazetteer()

    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
        language: str | None = None,
        limit: int | None = None,
        country_codes: str | list[str] | None = None,
    ) -> Location | list[Location] | None:
        """The place or places that ``query`` names, likeliest first; None where the gazetteer knows none.

        ``query`` is a name, with the region and country after commas ("Izium, Kharkiv Oblast, Ukraine"), or a
        mapping with any of ``city``, ``county``, ``state`` and ``country``. Names in any script that the gazetteer
        holds are found; addresses come in English whatever ``language`` asks for, as there is no other. ``timeout``
        is accepted for compatibility. Raises GeocoderQueryError for a query without a name.
        """
        del timeout, language
        parts = _parts(query)
        found = self._find(parts)
        if country_codes is not None:
            codes = {country_codes} if isinstance(country_codes, str) else set(country_codes)
            wanted = {code.strip().upper() for entry in codes for code in entry.split(",")}
            found = [place for place in found if place.code in wanted]
        if limit is not None:
            if limit < 1:
                raise GeocoderQueryError("Limit must be at least 1.")
            found = found[:limit]
        return _answer([_location(place) for place in found], exactly_one)

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
        language: str | None = None,
        limit: int = 5,
    ) -> Location | list[Location] | None:
        """The settlement nearest to a point, or the ``limit`` nearest; None where there is none within ``max_km``.

        ``query`` is a ``geopy.Point``, a (latitude, longitude) pair or a string of both. Raises ValueError where
        those are no coordinates, as geopy does.
        """
        del timeout, language
        lat, lon = self._coerce_point_to_string(query, "%(lat)s %(lon)s").split()
        nearest = self._places.nearest(float(lat), float(lon), 1 if exactly_one else limit, self.max_km)
        return _answer([_location(place, round(km, 3)) for place, km in nearest], exactly_one)

    def _find(self, parts: list[str]) -> list[Place]:
        # A name may have commas of its own: "Washington, D.C.".
        for cut in range(len(parts), 0, -1):
            found = list(self._places.lookup(", ".join(parts[:cut])))
            for holder in parts[cut:]:
                holders = self._places.lookup(holder)
                found = [p for p in found if any(p.within(h) or _same_country(p, h) for h in holders)]
            if found:
                return found
        return []


def _same_country(place: Place, holder: Place) -> bool:
    return holder.kind is PlaceKind.COUNTRY and holder.country == place.country and place.kind is PlaceKind.COUNTRY


def _parts(query: str | Mapping[str, str]) -> list[str]:
    if isinstance(query, Mapping):
        unknown = set(query) - set(_PARTS)
        if unknown:
            raise GeocoderQueryError(
                f"Unknown parts of a query: {', '.join(sorted(unknown))}. Use {', '.join(_PARTS)}."
            )
        parts = [query[part] for part in _PARTS if query.get(part)]
    else:
        parts = str(query).split(",")
    parts = [part.strip() for part in parts if part.strip()]
    if not parts:
        raise GeocoderQueryError("The query names no place. Give a name such as 'Izium, Ukraine'.")
    return parts


def _location(place: Place, distance: float | None = None) -> Location:
    names = (place.name, place.settlement, place.admin1, place.country)
    kept = [name for i, name in enumerate(names) if name and (i < 2 or name != names[0] or place.is_local)]
    raw: dict[str, Any] = dataclasses.asdict(place)
    raw["kind"] = place.kind.name.lower()
    if distance is not None:
        raw["distance_km"] = distance
    return Location(", ".join(kept), (place.lat, place.lon, 0.0), raw)


def _answer(found: list[Location], exactly_one: bool) -> Location | list[Location] | None:
    if not found:
        return None
    return found[0] if exactly_one else found
