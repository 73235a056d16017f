"""Places that the gazetteer lacks, asked of an online geocoder once and only when somebody wants it.

Answers are kept as annotations with their provenance and put on claims when strikes are made; what was read stays
as it was read, and making strikes again needs no network.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from tracker.models import Claim

#: Nominatim asks for no more than one request a second, and for a name to complain to.
_DELAY = 1.0
USER_AGENT = "strike-tracker (open-source research tool)"


@dataclass(frozen=True, slots=True)
class Named:
    """A place as claims name it; an unknown region or country is empty."""

    place: str
    admin1: str = ""
    country: str = ""

    @property
    def query(self) -> dict[str, str]:
        """A structured query, as Nominatim takes it."""
        parts = {"city": self.place, "state": self.admin1, "country": self.country}
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a geocoder said of a place, and when; without coordinates where it knows none."""

    named: Named
    lat: float | None
    lon: float | None
    address: str | None
    provider: str
    asked: dt.datetime


class Found(Protocol):
    """What a geopy geocoder returns."""

    latitude: float
    longitude: float
    address: str


Geocode = Callable[[dict[str, str]], Found | None]


def named(claim: Claim) -> Named | None:
    """The place of a claim where nothing knows its coordinates, or only its region's; else None."""
    if claim.place is None or (claim.lat is not None and claim.where_prec != 4):
        return None
    return Named(claim.place, claim.admin1 or "", claim.country or "")


def annotated(claim: Claim, answers: Mapping[Named, Answer]) -> Claim:
    """The claim with the coordinates that a geocoder gave for its place, itself where it gave none."""
    wanted = named(claim)
    answer = answers.get(wanted) if wanted is not None else None
    if answer is None or answer.lat is None or answer.lon is None:
        return claim
    return dataclasses.replace(claim, lat=answer.lat, lon=answer.lon, where_prec=1)


def ask(
    places: Iterable[Named], geocode: Geocode, *, provider: str, now: Callable[[], dt.datetime]
) -> Iterator[Answer]:
    """Ask for each place in turn. Raises what ``geocode`` raises; the answers given before are not lost."""
    for place in places:
        found = geocode(place.query)
        if found is None:
            yield Answer(place, None, None, None, provider, now())
        else:
            yield Answer(place, round(found.latitude, 5), round(found.longitude, 5), found.address, provider, now())


def nominatim(*, delay: float = _DELAY) -> Geocode:
    """OpenStreetMap's geocoder, no more than one question in ``delay`` seconds. Opens no connection until asked."""
    from geopy.extra.rate_limiter import RateLimiter
    from geopy.geocoders import Nominatim

    geocoder = Nominatim(user_agent=USER_AGENT, timeout=20)
    limited = RateLimiter(
        lambda query: geocoder.geocode(query, language="en"),
        min_delay_seconds=delay,
        max_retries=2,
        error_wait_seconds=max(5.0, delay),
        swallow_exceptions=False,
    )

    def geocode(query: dict[str, str]) -> Found | None:
        found: Found | None = limited(query)
        return found

    return geocode
