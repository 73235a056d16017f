"""Reports of our own as agencies, police, aid groups and channels write: the place of the figure in brackets.

The table is ``tests/cases/places/reports.txt``; its points are those of maps, not of the gazetteer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import test_places
from tests.cases_file import CASES, masked
from tracker.gazetteer import distance_km, fold, gazetteer

FILE = CASES / "places" / "reports.txt"
NEAR_KM = 25.0


@dataclass(frozen=True)
class Case:
    """One line of the table; ``point`` is None where no settlement is meant."""

    where: str
    marked: str
    place: str | None
    admin1: str | None
    country: str | None
    point: tuple[float, float] | None
    known_gap: bool


def read() -> Iterator[Case]:
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith(("# ", "[")):
            continue
        marked, arrow, wanted = line.removeprefix("!").rpartition("=>")
        place, admin1, country, lat, lon = (None if p.strip() == "-" else p.strip() for p in wanted.split("|"))
        if not arrow or "[" not in marked:
            raise ValueError(f"reports.txt:{number}: no '=>' or no figure in brackets")
        point = (float(lat), float(lon)) if lat and lon else None
        yield Case(f"{number}", marked.strip(), place, admin1, country, point, line.startswith("!"))


READ = tuple(read())


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.where, marks=[pytest.mark.xfail(reason="known gap")] if case.known_gap else [])
        for case in READ
    ],
)
def test_report(case):
    found = test_places.where(case.marked)
    # Maps and news differ in accents, hyphens and apostrophes.
    assert [fold(name or "-") for name in (found.place, found.admin1, found.country)] == [
        fold(name or "-") for name in (case.place, case.admin1, case.country)
    ]


def test_known_gaps_are_at_most_one_in_ten():
    assert sum(case.known_gap for case in READ) * 10 <= len(READ)


def test_settlements_of_the_gazetteer_are_found_within_25_km_of_the_true_point():
    asked = near = 0
    for case in READ:
        if case.place is None or case.point is None or not any(p.is_local for p in gazetteer().lookup(case.place)):
            continue
        asked += 1
        found = test_places.where(case.marked)
        if found.lat is not None and found.lon is not None:
            near += distance_km(case.point, (found.lat, found.lon)) <= NEAR_KM
    assert asked >= 200
    assert near >= 0.95 * asked


def test_the_cases_cover_the_world():
    small = [*test_places.FORMS, *test_places.TRAPS, *test_places.AMBIGUOUS, *test_places.WORLD]
    countries = {case.country for case in READ} | {expected.rsplit(" / ", 1)[1] for _, expected in small}
    assert len(READ) + len(small) >= 300
    assert len(countries - {None, "-"}) >= 40


def test_at_least_forty_names_are_ambiguous():
    """Names that towns of several countries or regions bear, far apart."""
    names = {case.place for case in READ if case.place}
    names |= {expected.split(" / ")[0] for _, expected in test_places.AMBIGUOUS}
    shared = 0
    for name in names:
        towns = [p for p in gazetteer().lookup(name) if p.is_local and p.population >= 1000]
        shared += any(distance_km(towns[0], other) > 200 for other in towns[1:])
    assert shared >= 40


def test_no_two_cases_are_alike():
    texts = [case.marked for case in READ]
    seen: dict[str, str] = {}
    for text in texts:
        key = masked(text)
        assert key not in seen, (text, seen[key])
        seen[key] = text
