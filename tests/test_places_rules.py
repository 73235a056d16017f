"""Every table of ``data/en/places.toml`` has an example that its terms read, and no term stands twice."""

from __future__ import annotations

import pytest

from tracker.gazetteer import gazetteer
from tracker.lexicon import read_toml
from tracker.models import Report
from tracker.place_terms import SCENE, terms
from tracker.segment import segment
from tracker.where import Places

DATA = read_toml("en/places.toml")
RULES = [(name, row) for name, table in DATA.items() if isinstance(table, list) for row in table if "example" in row]


@pytest.mark.parametrize(("name", "row"), RULES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(RULES)])
def test_the_example_of_each_rule_is_read(name, row):
    document = segment(Report("r", row["example"]))
    places = Places(document)
    scenes = [s for sentence in document.sentences for s in places.scenes(sentence) if s.role in SCENE]
    named = [spot.place.settlement or spot.place.name for s in scenes for spot in s.spots if spot.place]
    assert named[:1] == ([row["expect"]] if row["expect"] else [])


@pytest.mark.parametrize(("name", "row"), RULES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(RULES)])
def test_the_example_uses_a_term_of_its_rule(name, row):
    words = row["example"].lower().replace(",", " ").replace(".", " ")
    assert any(f" {term.lower()} " in f" {words} " for term in row["terms"])


@pytest.mark.parametrize(("name", "row"), RULES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(RULES)])
def test_no_term_stands_twice_in_a_rule(name, row):
    assert sorted(set(row["terms"])) == sorted(row["terms"])


@pytest.mark.parametrize("row", DATA["countries"], ids=lambda row: row["code"])
def test_each_country_is_the_gazetteers_and_has_its_capital(row):
    country = gazetteer().country(row["code"])
    assert country is not None
    assert country.name == row["name"]
    if row["capital"]:
        assert gazetteer().lookup(row["capital"], row["name"])


def test_preferred_senses_exist():
    for key, name in terms().prefer.items():
        assert any(name in (p.name, f"{p.name}, {p.code}") for p in gazetteer().by_key(key)), key


def test_parties_and_theatres_name_known_countries():
    countries = set(terms().parties.values()) | {ground for _, ground in terms().theatres}
    assert all(gazetteer().country(name) for name in countries)
