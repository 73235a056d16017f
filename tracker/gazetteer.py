"""The places of the world, offline: settlements, districts, sites, regions and countries by name and by position.

The tables are built by ``scripts/build_gazetteer.py`` from GeoNames (CC BY 4.0), Natural Earth (public domain) and
our own additions. Rows stay text until somebody asks for them, so that 120,000 places load in a fraction of a
second; one shared instance serves every thread.
"""

from __future__ import annotations

import bisect
import functools
import gzip
import math
import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tracker.lexicon import LexiconError, bundled

EARTH_RADIUS_KM = 6371.0088


class PlaceKind(StrEnum):
    """What sort of place a name stands for. The value is the letter in the table."""

    COUNTRY = "c"
    ADMIN1 = "1"
    ADMIN2 = "2"
    SETTLEMENT = "s"
    DISTRICT = "d"
    SITE = "x"
    #: A named part of the world that no administration owns: the Donbas, Siberia.
    REGION = "r"
    SEA = "w"


#: Asked of every bearer of every name, so that the kinds are not looked up one by one.
_LOCAL = (PlaceKind.SETTLEMENT, PlaceKind.DISTRICT, PlaceKind.SITE)


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the gazetteer: ``Place("Kyiv", SETTLEMENT, "Kyiv City", None, "Ukraine", "UA", 50.5, 30.5, 2952301)``.

    ``lat`` and ``lon`` are WGS 84 degrees, of the middle for regions and countries. ``population`` is 0 where not
    known. ``settlement`` is the town that a district or a site lies in.
    """

    name: str
    kind: PlaceKind
    admin1: str | None
    admin2: str | None
    country: str | None
    code: str | None
    lat: float
    lon: float
    population: int
    settlement: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether the place is a settlement or lies inside one."""
        return self.kind in _LOCAL

    def within(self, other: Place) -> bool:
        """Whether this place lies in ``other``, as far as names can tell.

        >>> odesa, region, ukraine = (gazetteer().lookup(n)[0] for n in ("Odesa", "Odesa Oblast", "Ukraine"))
        >>> odesa.within(region), odesa.within(ukraine), ukraine.within(odesa)
        (True, True, False)
        """
        if self is other or self == other or other.country != self.country:
            return False
        match other.kind:
            case PlaceKind.COUNTRY:
                return self.kind is not PlaceKind.COUNTRY
            case PlaceKind.ADMIN1:
                if other.name in _STATES_OF_REGIONS and other.code == "SO":
                    return self.kind is not PlaceKind.COUNTRY and distance_km(self, other) < 350
                return self.admin1 == other.name and self.kind is not PlaceKind.ADMIN1
            case PlaceKind.ADMIN2:
                return self.is_local and (
                    self.admin2 == other.name
                    or (self.admin2 is None and self.admin1 == other.admin1 and distance_km(self, other) < 80)
                )
            case PlaceKind.SETTLEMENT:
                return self.settlement == other.name and self.admin1 == other.admin1
            case PlaceKind.DISTRICT:
                return self.kind in (PlaceKind.DISTRICT, PlaceKind.SITE) and self.settlement == other.settlement
            case PlaceKind.REGION:
                return distance_km(self, other) < 450
            case _:
                return False


#: The order of kinds in the table.
_ORDER = "c12sdxrw"
#: Somalia's federal states hold regions, which the tables count as the first level.
_STATES_OF_REGIONS = frozenset({"Galmudug", "Hirshabelle", "Jubaland", "Puntland", "South West State"})


def distance_km(one: Place | tuple[float, float], other: Place | tuple[float, float]) -> float:
    """Great-circle distance in kilometres between two places or (lat, lon) pairs.

    >>> round(distance_km((50.45, 30.52), (49.99, 36.23)))
    409
    """
    lat1, lon1 = (one.lat, one.lon) if isinstance(one, Place) else one
    lat2, lon2 = (other.lat, other.lon) if isinstance(other, Place) else other
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


_APOSTROPHES = re.compile("['’‘ʼʻ`´ʹʺ]")
_NOT_NAME = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "e"})
_KIND_WORD = re.compile(
    r"\s+(?:oblast|region|province|governorate|prefecture|raion|rayon|district|krai|voblast)\s*\Z", re.IGNORECASE
)


@functools.lru_cache(maxsize=1 << 15)
def fold(name: str) -> str:
    """The form in which names are compared: no case, accents, apostrophes or hyphens.

    >>> fold("Ivano-Frankivs’k"), fold("Malmö"), fold("КИЇВ")
    ('ivano frankivsk', 'malmo', 'киів')
    """
    return _folded(name)


def _folded(name: str) -> str:
    """``fold`` for names that are seen once."""
    name = _APOSTROPHES.sub("", name.casefold())
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
        name = name.translate(_LETTERS)
    return _NOT_NAME.sub(" ", name).strip()


_SAME_SOUND = (("sch", "s"), ("kh", "h"), ("ch", "c"), ("zh", "z"), ("sh", "s"), ("ph", "f"), ("ou", "u"), ("ck", "k"))
_ARTICLE = re.compile(r"^(?:al|el|ad|an|ar|as|at|az) ")
_TWICE = re.compile(r"(.)\1+")
_VOWELS = str.maketrans({"g": "h", "q": "k", "w": "v", "j": "z", **dict.fromkeys("aeiouy ")})


def skeleton(name: str) -> str:
    """What two transcriptions of one name share: its first letter and its consonants, the article left out.

    >>> skeleton("Kruglyakovka") == skeleton("Kruhliakivka"), skeleton("al-Dhuluiya"), skeleton("Deir Hafer")
    (True, 'dhl', 'drhfr')
    """
    key = _ARTICLE.sub("", _folded(name))
    first = "h" if key[:1] == "g" else key[:1]
    for sound, letter in _SAME_SOUND:
        key = key.replace(sound, letter)
    bare = key.translate(_VOWELS)
    bare = _TWICE.sub(r"\1", bare)
    return bare if bare.startswith(first) else first + bare


class Gazetteer:
    """Lookup by name, by position and by region. Safe to share between threads; never changes once loaded.

    Raises LexiconError when the tables are missing or damaged.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or bundled("data") / "gazetteer"
        self._rows = _read(folder / "places.tsv.gz").split("\n")
        names, _, numbers = _read(folder / "names.txt.gz").partition("\n\n")
        self._names = dict(zip(names.split("\n"), numbers.split("\n"), strict=True))
        self._places: dict[int, Place] = {}
        self._by_key: dict[str, tuple[Place, ...]] = {}
        # Countries and regions are few and asked for all the time: they stand first in the file, with their codes.
        self._country_of: dict[str, str] = {}
        self._countries: dict[str, Place] = {}
        self._regions: dict[tuple[str, str], Place] = {}
        for number, row in enumerate(self._rows):
            name, kind, _, _, code, _ = row.split("\t", 5)
            if kind == "c":
                self._country_of[code] = name
                self._countries[name] = self._place(number)
            elif kind == "1":
                place = self._place(number)
                self._regions[place.country or "", name] = place
            else:
                break
        #: (code of a country, name of a region or "" for the country) → IANA name
        self._zones: dict[tuple[str, str], str] = {}
        for line in _lines(folder / "zones.tsv"):
            code, region, zone = line.split("\t")
            self._zones[code, region] = zone
        self._lock = threading.Lock()
        self._by_skeleton: dict[tuple[str, str | None, str], dict[str, list[int]]] = {}
        self._grid: dict[tuple[int, int], list[tuple[float, float, int]]] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: str) -> bool:
        """Whether a folded name is known: ``"kryvyi rih" in gazetteer()``."""
        return key in self._names

    def lookup(self, name: str, country: str | None = None) -> tuple[Place, ...]:
        """Every place of that name, likeliest first: bearers of the name itself before other names, then by population.

        "Odesa Oblast" and "Sumy region" find the region. ``country`` is an English name or an ISO 3166 code.

        >>> [(p.name, p.country) for p in gazetteer().lookup("Kiev", "Ukraine")][:1]
        [('Kyiv', 'Ukraine')]
        """
        key = fold(name)
        found = self.by_key(key)
        bare = _KIND_WORD.sub("", name)
        if bare != name:
            regions = [p for p in self.by_key(fold(bare)) if p.kind in (PlaceKind.ADMIN1, PlaceKind.ADMIN2)]
            found = tuple(dict.fromkeys([*regions, *found]))
        if country is not None:
            found = tuple(p for p in found if country in (p.country, p.code))
        return found

    def by_key(self, key: str) -> tuple[Place, ...]:
        """Like ``lookup`` for a name that is already folded."""
        cached = self._by_key.get(key)
        if cached is None:
            numbers = self._names.get(key)
            if numbers is None:
                return ()
            places = [self._place(int(number)) for number in numbers.split()]
            places.sort(key=lambda p: -_standing(p, key))
            cached = self._by_key[key] = tuple(places)
        return cached

    def similar(self, name: str, inside: Place) -> Place | None:
        """The one settlement of a region whose name is another transcription of ``name``, or None.

        >>> region = gazetteer().region("Kharkiv", "Ukraine")
        >>> gazetteer().similar("Kruglyakovka", region).name
        'Kruhliakivka'
        """
        wanted = skeleton(name)
        if len(wanted) < 4 or inside.code is None:
            return None
        # A federal state of Somalia holds regions, so that its towns bear other names of the first level.
        whole = inside.kind is not PlaceKind.ADMIN1 or inside.name in _STATES_OF_REGIONS
        numbers = self._skeletons(inside.code, None if whole else inside.name, wanted[0]).get(wanted, ())
        found = [p for p in map(self._place, numbers) if p.within(inside)]
        return found[0] if len(found) == 1 else None

    def _skeletons(self, code: str, admin1: str | None, first: str) -> dict[str, list[int]]:
        """The rows of a country's settlements, or of one region's, by the skeleton of their name.

        Those are in it whose skeleton may begin with ``first``: a name begins as its skeleton does, but for "g", marks,
        accents, and articles, which begin with "a" or "e".
        """
        with self._lock:
            index = self._by_skeleton.get((code, admin1, first))
            if index is None:
                index = {}
                begins = {first, "a", "e", "g" if first == "h" else first}
                for number in self._settlements(code):
                    row = self._rows[number]
                    letter = row[0].lower()
                    if letter not in begins and letter.isascii() and letter.isalnum():
                        continue
                    name, _, region, _ = row.split("\t", 3)
                    if admin1 is None or region == admin1:
                        index.setdefault(skeleton(name), []).append(number)
                self._by_skeleton[code, admin1, first] = index
            return index

    def _settlements(self, code: str) -> range:
        """The rows of a country's settlements: the table is in order of kind, then of country."""

        def order(number: int) -> tuple[int, str]:
            _, kind, _, _, row_code, _ = self._rows[number].split("\t", 5)
            return _ORDER.index(kind), row_code

        numbers, wanted = range(len(self._rows)), (_ORDER.index("s"), code)
        first = bisect.bisect_left(numbers, wanted, key=order)
        return range(first, bisect.bisect_right(numbers, wanted, lo=first, key=order))

    def country(self, name: str) -> Place | None:
        """A country by its English name or ISO code, or None."""
        return self._countries.get(self._country_of.get(name, name))

    def region(self, name: str, country: str) -> Place | None:
        """A first-level region by its name and its country's, or None; its coordinates are the region's middle."""
        return self._regions.get((country, name))

    def zone(self, country: str, region: str | None = None) -> str | None:
        """The IANA name of the time zone that most people of a region have, else of its country, or None.

        >>> gazetteer().zone("Ukraine", "Odesa"), gazetteer().zone("Russia", "Primorsky"), gazetteer().zone("Atlantis")
        ('Europe/Kyiv', 'Asia/Vladivostok', None)
        """
        known = self.country(country)
        if known is None or known.code is None:
            return None
        return self._zones.get((known.code, region or "")) or self._zones.get((known.code, ""))

    def nearest(self, lat: float, lon: float, limit: int = 1, within_km: float = 500.0) -> list[tuple[Place, float]]:
        """The ``limit`` settlements nearest to a point, with their distance in kilometres, nearest first.

        >>> [(p.name, round(km)) for p, km in gazetteer().nearest(50.45, 30.52)]
        [('Kyiv', 1)]
        """
        grid = self._cells()
        found: list[tuple[float, int]] = []
        # Each ring of one-degree cells is at least this far away, so the search can stop early.
        for ring in range(int(within_km / 111) + 2):
            if len(found) >= limit and sorted(found)[limit - 1][0] <= (ring - 1) * 111 * math.cos(math.radians(lat)):
                break
            for cell in _ring(math.floor(lat), math.floor(lon), ring):
                for row_lat, row_lon, number in grid.get(cell, ()):
                    km = distance_km((lat, lon), (row_lat, row_lon))
                    if km <= within_km:
                        found.append((km, number))
        return [(self._place(number), km) for km, number in sorted(found)[:limit]]

    def _cells(self) -> dict[tuple[int, int], list[tuple[float, float, int]]]:
        with self._lock:
            if self._grid is None:
                grid: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
                for number, row in enumerate(self._rows):
                    _, kind, _, _, _, lat, lon, _ = row.split("\t", 7)
                    if kind == "s":
                        point = (float(lat), float(lon))
                        grid.setdefault((math.floor(point[0]), math.floor(point[1])), []).append((*point, number))
                self._grid = grid
            return self._grid

    def _place(self, number: int) -> Place:
        place = self._places.get(number)
        if place is None:
            name, kind, admin1, admin2, code, lat, lon, population, settlement = self._rows[number].split("\t")
            place = self._places[number] = Place(
                name,
                PlaceKind(kind),
                admin1 or None,
                admin2 or None,
                self._country_of.get(code, code) or None,
                code or None,
                float(lat),
                float(lon),
                int(population),
                settlement or None,
            )
        return place


def _standing(place: Place, key: str) -> float:
    """How likely a name alone means ``place``: a country before a town, a great town before one truly so called."""
    if place.kind is PlaceKind.COUNTRY:
        return 20.0
    size = math.log10(place.population + 30) if place.kind is PlaceKind.SETTLEMENT else 4.5
    own = fold(place.name)
    if own == key:
        return size
    # Another spelling is meant more often than the old name of a city: Chattogram was Islamabad once.
    return size - (1.5 if set(own.split()).isdisjoint(key.split()) and skeleton(own) != skeleton(key) else 0.8)


def _ring(lat: int, lon: int, ring: int) -> Iterator[tuple[int, int]]:
    """The one-degree cells at distance ``ring``, around the world's seam."""
    for y in range(lat - ring, lat + ring + 1):
        step = 1 if abs(y - lat) == ring else max(1, 2 * ring)
        for x in range(lon - ring, lon + ring + 1, step):
            yield y, (x + 180) % 360 - 180


def _read(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode("utf-8")
    except FileNotFoundError:
        raise LexiconError(f"data/gazetteer/{path.name} is missing. Install the package again.") from None
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise LexiconError(f"data/gazetteer/{path.name} is damaged: {error}. Install the package again.") from error


def _lines(path: Path) -> list[str]:
    """The rows of a table in plain text, its comments left out."""
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    except FileNotFoundError:
        raise LexiconError(f"data/gazetteer/{path.name} is missing. Install the package again.") from None


_DEFAULT_LOCK = threading.Lock()


@functools.cache
def _load() -> Gazetteer:
    return Gazetteer()


def gazetteer() -> Gazetteer:
    """The bundled gazetteer, loaded once on first use."""
    with _DEFAULT_LOCK:
        return _load()
