"""The offline geocoder keeps geopy's promises."""

import pytest
from geopy.distance import great_circle
from geopy.exc import GeocoderQueryError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from tracker.geocoder import OfflineGeocoder


@pytest.fixture(scope="module")
def geocoder():
    return OfflineGeocoder()


def test_is_a_geopy_geocoder(geocoder):
    assert isinstance(geocoder, Geocoder)


@pytest.mark.parametrize(
    ("query", "country", "lat", "lon"),
    [
        ("Kyiv", "Ukraine", 50.45, 30.52),
        ("Kiev", "Ukraine", 50.45, 30.52),
        ("Одеса", "Ukraine", 46.48, 30.73),
        ("Hroza, Kharkiv Oblast, Ukraine", "Ukraine", 49.66, 36.78),
        ("Izium, Kharkiv region", "Ukraine", 49.21, 37.26),
        ("Belgorod, Russia", "Russia", 50.61, 36.58),
        ("Odessa, Texas", "United States", 31.85, -102.37),
        ("Washington, D.C.", "United States", 38.9, -77.04),
        ("Tripoli, Lebanon", "Lebanon", 34.44, 35.83),
        ("Tripoli, Libya", "Libya", 32.88, 13.19),
        ("Goma", "Democratic Republic of the Congo", -1.67, 29.23),
        ("Khan Younis", "Palestine", 31.34, 34.3),
        ("Sevastopol", "Ukraine", 44.6, 33.52),
    ],
)
def test_geocode_finds_the_town(geocoder, query, country, lat, lon):
    found = geocoder.geocode(query)
    assert found.raw["country"] == country
    assert great_circle((found.latitude, found.longitude), (lat, lon)).km < 25


def test_exactly_one_false_gives_every_bearer_likeliest_first(geocoder):
    found = geocoder.geocode("Tripoli", exactly_one=False)
    assert [f.raw["country"] for f in found[:2]] == ["Libya", "Lebanon"]
    assert geocoder.geocode("Tripoli").raw == found[0].raw
    assert geocoder.geocode("Tripoli", exactly_one=False, limit=1) == found[:1]


@pytest.mark.parametrize("exactly_one", [True, False])
def test_unknown_names_give_none(geocoder, exactly_one):
    assert geocoder.geocode("Qwertyuiopville", exactly_one=exactly_one) is None
    assert geocoder.geocode("Kyiv, Brazil", exactly_one=exactly_one) is None


def test_country_codes_bias(geocoder):
    assert geocoder.geocode("Tripoli", country_codes="lb").raw["country"] == "Lebanon"
    assert geocoder.geocode("Tripoli", country_codes=["lb", "gr"], exactly_one=False)[0].raw["code"] == "LB"
    assert geocoder.geocode("Tripoli", country_codes="br") is None


def test_structured_query(geocoder):
    assert geocoder.geocode({"city": "Salamanca", "country": "Mexico"}).raw["admin1"] == "Guanajuato"
    with pytest.raises(GeocoderQueryError, match="street"):
        geocoder.geocode({"street": "High Street"})


@pytest.mark.parametrize("query", ["", "  ", ",", {}])
def test_empty_query_is_a_query_error(geocoder, query):
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode(query)


def test_bad_limit_is_a_query_error(geocoder):
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode("Kyiv", limit=0)


@pytest.mark.parametrize("language", [None, "en", "uk", "xx"])
def test_language_is_accepted_and_english_given(geocoder, language):
    assert geocoder.geocode("Харків", language=language).address.startswith("Kharkiv")


def test_timeout_is_accepted(geocoder):
    assert geocoder.geocode("Lviv", timeout=1) == geocoder.geocode("Lviv", timeout=None)


@pytest.mark.parametrize("query", [(49.99, 36.23), "49.99, 36.23", Point(49.99, 36.23), [49.99, 36.23]])
def test_reverse_takes_what_geopy_takes(geocoder, query):
    assert geocoder.reverse(query).raw["country"] == "Ukraine"
    assert great_circle(geocoder.reverse(query).point[:2], (49.99, 36.23)).km < 5


def test_reverse_lists_the_nearest_in_order(geocoder):
    found = geocoder.reverse((48.46, 35.04), exactly_one=False, limit=4)
    assert len(found) == 4
    distances = [f.raw["distance_km"] for f in found]
    assert distances == sorted(distances)
    assert all(isinstance(f, Location) for f in found)


def test_reverse_far_from_anything_gives_none(geocoder):
    assert geocoder.reverse((-45.0, -130.0)) is None
    assert geocoder.reverse((-45.0, -130.0), exactly_one=False) is None
    assert OfflineGeocoder(max_km=1).reverse((47.0, 31.9)) is None


def test_reverse_across_the_date_line(geocoder):
    assert geocoder.reverse((-16.5, 179.99)).raw["country"] == "Fiji"


@pytest.mark.parametrize("query", ["somewhere", (95.0, 10.0), ("a", "b")])
def test_reverse_of_no_coordinates_raises(geocoder, query):
    with pytest.raises(ValueError, match=r"."):
        geocoder.reverse(query)


def test_works_under_a_rate_limiter(geocoder):
    limited = RateLimiter(geocoder.geocode, min_delay_seconds=0)
    assert limited("Poltava").raw["country"] == "Ukraine"


def test_opens_no_connection(geocoder, monkeypatch):
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("the offline geocoder opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert geocoder.geocode("Sumy") is not None
    assert geocoder.reverse((50.9, 34.8)) is not None
