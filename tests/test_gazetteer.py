"""The gazetteer's tables are what their README says, and lookups find what news prints."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracker.gazetteer import Gazetteer, PlaceKind, distance_km, fold, gazetteer, skeleton
from tracker.lexicon import LexiconError, bundled

ROWS = gzip.decompress((bundled("data") / "gazetteer" / "places.tsv.gz").read_bytes()).decode().split("\n")
NAMES, _, NUMBERS = (
    gzip.decompress((bundled("data") / "gazetteer" / "names.txt.gz").read_bytes()).decode().partition("\n\n")
)


def test_every_row_is_well_formed():
    kinds = {kind.value for kind in PlaceKind}
    for row in ROWS:
        name, kind, admin1, _, country, lat, lon, population, settlement = row.split("\t")
        assert name == name.strip() != ""
        assert kind in kinds
        assert len(country) == 2 or kind in "wr"
        assert -90 <= float(lat) <= 90
        assert -180 <= float(lon) <= 180
        assert (float(lat), float(lon)) != (0, 0)
        assert int(population) >= 0
        assert bool(admin1) or kind != "1"
        assert bool(settlement) <= (kind in "dx")


def test_names_are_sorted_folded_and_point_at_rows():
    names, numbers = NAMES.split("\n"), NUMBERS.split("\n")
    assert names == sorted(set(names))
    assert len(names) == len(numbers)
    assert all(name == fold(name) for name in names[::101])
    assert max(int(n) for entry in numbers for n in entry.split()) == len(ROWS) - 1


def test_the_tables_stay_small():
    folder = bundled("data") / "gazetteer"
    assert sum(path.stat().st_size for path in folder.glob("*.gz")) < 10_000_000
    assert (bundled("data") / "geo" / "world.geojson").stat().st_size < 800_000


def test_ukraine_has_its_27_regions_and_names_agree_with_the_outlines():
    regions = {p.name for p in gazetteer()._regions.values() if p.country == "Ukraine"}
    outlines = json.loads((bundled("data") / "geo" / "ukraine_adm1.geojson").read_text(encoding="utf-8"))
    assert len(regions) == 27
    assert regions == {f["properties"]["name"] for f in outlines["features"]}


def test_ukraine_has_its_raions():
    raions = [row for row in ROWS if row.split("\t")[1] == "2" and row.split("\t")[4] == "UA"]
    assert len(raions) >= 130


def test_the_world_has_an_outline_for_every_country_with_regions():
    world = json.loads((bundled("data") / "geo" / "world.geojson").read_text(encoding="utf-8"))
    codes = {f["properties"]["iso"] for f in world["features"]}
    assert {"UA", "RU", "PS", "IL", "SY", "SD", "SS", "CD", "HT", "MM", "US", "XK"} <= codes
    assert len(codes) > 180


@pytest.mark.parametrize(
    ("query", "name", "admin1", "country"),
    [
        ("Kiev", "Kyiv", "Kyiv City", "Ukraine"),
        ("Kharkov", "Kharkiv", "Kharkiv", "Ukraine"),
        ("Одесса", "Odesa", "Odesa", "Ukraine"),
        ("Одеса", "Odesa", "Odesa", "Ukraine"),
        ("Харків", "Kharkiv", "Kharkiv", "Ukraine"),
        ("Днепропетровск", "Dnipro", "Dnipropetrovsk", "Ukraine"),
        ("Krivoy Rog", "Kryvyi Rih", "Dnipropetrovsk", "Ukraine"),
        ("Artemivsk", "Bakhmut", "Donetsk", "Ukraine"),
        ("Artyomovsk", "Bakhmut", "Donetsk", "Ukraine"),
        ("Severodonetsk", "Sievierodonetsk", "Luhansk", "Ukraine"),
        ("Avdeyevka", "Avdiivka", "Donetsk", "Ukraine"),
        ("Hroza", "Hroza", "Kharkiv", "Ukraine"),
        ("Robotyne", "Robotyne", "Zaporizhzhia", "Ukraine"),
        ("Simferopol", "Simferopol", "Crimea", "Ukraine"),
        ("Sevastopol", "Sevastopol", "Crimea", "Ukraine"),
        ("Melitopol", "Melitopol", "Zaporizhzhia", "Ukraine"),
        ("Grozny", "Grozny", "Chechnya", "Russia"),
        ("Rostov-on-Don", "Rostov-on-Don", "Rostov", "Russia"),
        ("Khan Yunis", "Khan Younis", "Gaza Strip", "Palestine"),
        ("Hebron", "Hebron", "West Bank", "Palestine"),
        ("Hodeida", "Hodeidah", "Hodeidah", "Yemen"),
        ("Mek'ele", "Mekelle", "Tigray", "Ethiopia"),
        ("Bunia", "Bunia", "Ituri", "Democratic Republic of the Congo"),
        ("Tal Afar", "Tal Afar", "Nineveh", "Iraq"),
    ],
)
def test_the_first_answer_is_the_one_that_news_means(query, name, admin1, country):
    found = gazetteer().lookup(query)[0]
    assert (found.name, found.admin1, found.country) == (name, admin1, country)


@pytest.mark.parametrize(
    ("query", "country"),
    [
        ("Donetsk Oblast", "Ukraine"),
        ("Khyber Pakhtunkhwa", "Pakistan"),
        ("Gaza Strip", "Palestine"),
        ("West Bank", "Palestine"),
        ("North Kivu", "Democratic Republic of the Congo"),
        ("Borno State", "Nigeria"),
        ("Lower Shabelle", "Somalia"),
        ("Crimea", "Ukraine"),
        ("North Darfur", "Sudan"),
        ("Free State", "South Africa"),
    ],
)
def test_regions_have_a_middle_inside_their_country(query, country):
    found = gazetteer().lookup(query)[0]
    assert (found.kind, found.country) == (PlaceKind.ADMIN1, country)
    nearest, km = gazetteer().nearest(found.lat, found.lon)[0]
    assert nearest.country == country
    assert km < 300


def test_countries_by_name_and_code():
    assert gazetteer().country("Democratic Republic of the Congo") is gazetteer().country("CD")
    assert gazetteer().country("Palestine") is gazetteer().country("PS")
    assert gazetteer().country("Narnia") is None


def test_nearest_agrees_with_a_plain_search():
    points = [tuple(float(x) for x in row.split("\t")[5:7]) for row in ROWS if row.split("\t")[1] == "s"]
    for target in [(50.0, 36.2), (15.4, 44.2), (-16.5, 179.9), (69.9, 30.1), (2.0, 45.3)]:
        best = min(distance_km(target, point) for point in points)
        assert gazetteer().nearest(*target)[0][1] == pytest.approx(best)


def test_nearest_respects_its_limits():
    assert gazetteer().nearest(-50.0, -130.0, within_km=200) == []
    three = gazetteer().nearest(48.0, 37.8, limit=3)
    assert len(three) == 3
    assert [km for _, km in three] == sorted(km for _, km in three)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kruglyakovka", "Kruhliakivka"),
        ("Deir Hafir", "Dayr Hafir"),
        ("al-Dana", "Ad Dana"),
        ("Gulyaipole", "Huliaipole"),
    ],
)
def test_transcriptions_share_a_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_one_instance_serves_all_threads():
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: (id(gazetteer()), gazetteer().lookup("Odesa")[0].lat), range(64)))
    assert len(set(found)) == 1


def test_a_missing_table_says_so(tmp_path):
    with pytest.raises(LexiconError, match=r"places\.tsv\.gz is missing"):
        Gazetteer(tmp_path)


def test_a_damaged_table_says_so(tmp_path):
    (tmp_path / "places.tsv.gz").write_bytes(b"not gzip")
    with pytest.raises(LexiconError, match="damaged"):
        Gazetteer(tmp_path)


def test_a_lookup_of_nonsense_is_empty():
    assert gazetteer().lookup("") == ()
    assert gazetteer().lookup("Xyzzyville") == ()
