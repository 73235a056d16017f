"""A figure that a report gives twice is one (docs/codebook.md 6 and 8): text → where and how many, and the sums."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.extract import extract
from tracker.models import Claim, Measure, Report
from tracker.reconcile import reconcile
from tracker.table import to_table, totals

#: Text → where its killed and injured are, and the sums of the killed and the injured.
_Row = tuple[set[str], int | None, int | None]

_ONE_PLACE: dict[str, _Row] = {
    "Five killed in Kharkiv region\nA shell killed five people in Chuhuiv on Monday.": ({"Chuhuiv"}, 5, None),
    "Five farmers shot in Nigeria\nGunmen killed five farmers in Gusau on Monday, police said.": ({"Gusau"}, 5, None),
    "Two hurt in Kharkiv region shelling\nShells hurt two women in Chuhuiv on Monday.": ({"Chuhuiv"}, None, 2),
    "At least nine killed in Borno on Monday\nNine people were killed in Gwoza, in Borno.": ({"Gwoza"}, 9, None),
    "Nine killed in Borno\nTroops say nine people died in Borno. Nine were killed in Gwoza.": ({"Gwoza"}, 9, None),
    # a city that stands for its region, a place near a town, a name that the gazetteer lacks
    "Four killed in Kharkiv\nShells killed four people in Chuhuiv on Monday.": ({"Chuhuiv"}, 4, None),
    "Six killed near Gwoza\nRaiders killed six people in Pulka, a town in Borno, on Monday.": ({"Pulka"}, 6, None),
    "Seven rebels killed in Waziristan\nA drone killed seven rebels in North Waziristan on Monday. "
    "Several missiles hit a hut in the hamlet of Zorkot. Seven rebels were killed.": ({"Zorkot"}, 7, None),
    # the text names no town, the headline does
    "Eight killed in Gwoza\nEight people were killed in Borno on Monday.": ({"Gwoza"}, 8, None),
    # what the sentence says besides goes along
    "Seven killed in Gusau\nRaiders killed seven people and hurt 12 in Zamfara on Monday.": ({"Gusau"}, 7, 12),
    "Ten dead, 12 hurt in Kharkiv region\nA missile killed ten people in Izium, and shells hurt 12 in Chuhuiv.": (
        {"Izium", "Chuhuiv"},
        10,
        12,
    ),
}
_APART: dict[str, _Row] = {
    "Two hurt in Ukraine\nTwo were hurt in Sumy and two in Kherson on Monday.": (
        {"Sumy", "Kherson", "Ukraine"},
        None,
        4,
    ),
    "Two hurt in Ukraine\nTwo were hurt in Sumy on Monday. Another two were hurt in Kherson.": (
        {"Sumy", "Kherson", "Ukraine"},
        None,
        4,
    ),
    "Three killed in Donetsk region\nThree people were killed in Kherson on Monday.": ({"Donetsk", "Kherson"}, 6, None),
    "Four hurt in Izium\nShells hurt four people in Chuhuiv on Monday.": ({"Izium", "Chuhuiv"}, None, 8),
    "Four killed in Kharkiv\nShells killed four people in Chuhuiv on Monday. Four people died in Kharkiv.": (
        {"Kharkiv", "Chuhuiv"},
        8,
        None,
    ),
    # a day's list by town
    "Nikopol: three wounded\nMarhanets: three wounded by drones.": ({"Nikopol", "Marhanets"}, None, 6),
    "Three wounded in Nikopol\nThree wounded in Marhanets\nDrones flew all day.": ({"Nikopol", "Marhanets"}, None, 6),
    "Three people were wounded in Nikopol. Three people were wounded in Marhanets.": (
        {"Nikopol", "Marhanets"},
        None,
        6,
    ),
    # two entries of a live blog
    "Five killed in Kharkiv region\nRescuers are at work.\nFive hurt in Sumy\nA shell killed five people in Chuhuiv.": (
        {"Kharkiv", "Sumy", "Chuhuiv"},
        5,
        5,
    ),
}
_WEAPONS: dict[str, _Row] = {
    "A drone killed four people in Sumy. The four were killed by a missile, the mayor said.": ({"Sumy"}, 4, None),
    "Many dead in stabbing in Leeds\nSeveral people were stabbed to death in Leeds. A policeman shot the man, "
    "ending a rampage that killed at least three people.": ({"Leeds"}, 3, None),
    "At least six killed in drone attack on Sumy\nA missile killed eight people in Sumy on Monday.": (
        {"Sumy"},
        8,
        None,
    ),
    # two attacks that the report tells apart
    "A drone killed two people in Sumy. Shelling killed two people in Sumy.": ({"Sumy", "Sumy'"}, 4, None),
    "A drone killed three people in Sumy. Shelling killed three more people in Sumy.": ({"Sumy", "Sumy'"}, 6, None),
    "A drone killed three people in Sumy in the morning. Shelling killed three people in Sumy at noon.": (
        {"Sumy", "Sumy'"},
        6,
        None,
    ),
    "A missile killed four people in Sumy. In a separate attack, shelling killed four people in Sumy.": (
        {"Sumy", "Sumy'"},
        8,
        None,
    ),
    "A drone killed four people in Sumy and hurt five. Shelling killed four people in Sumy and hurt nine.": (
        {"Sumy", "Sumy'"},
        8,
        14,
    ),
    "Drones hurt several people in Nikopol. Shelling hurt seven people in Nikopol.": (
        {"Nikopol", "Nikopol'"},
        None,
        10,
    ),
}


def read(text: str, title: str | None = None) -> list[Claim]:
    return extract(Report("r", text, title, published=dt.date(2024, 5, 22)))


@pytest.mark.parametrize("text", [*_ONE_PLACE, *_APART, *_WEAPONS])
def test_a_figure_told_twice(text: str) -> None:
    places, killed, injured = {**_ONE_PLACE, **_APART, **_WEAPONS}[text]
    strikes = reconcile(read(text))
    found: set[str] = set()
    for strike in strikes:
        name = strike.place or strike.admin1 or strike.country or "?"
        found.add(name if name not in found else f"{name}'")
    sums = totals(to_table(strikes))
    assert found == places
    assert (sums[Measure.KILLED].best, sums[Measure.INJURED].best) == (killed, injured)


def test_a_title_is_a_headline() -> None:
    claims = read("A shell killed five people in Chuhuiv on Monday.", "Five killed in Kharkiv region")
    assert [claim.place for claim in claims] == ["Chuhuiv", "Chuhuiv"]


def test_a_region_that_only_the_wider_place_knows_is_kept() -> None:
    claims = read("A drone killed seven rebels in North Waziristan. A hut in the hamlet of Zorkot was hit. Seven died.")
    assert {(claim.place, claim.admin1) for claim in claims} >= {("Zorkot", "Khyber Pakhtunkhwa")}


def test_the_day_of_a_headline_is_that_of_a_text_without_one() -> None:
    text = (
        "The 1974 bomb in Belfast that killed nine\nOn the square in Belfast a car bomb exploded, killing nine people "
        "and injuring 80 others. Seven of the victims died on the spot."
    )
    assert {claim.date for claim in read(text)} == {dt.date(1974, 1, 1)}


def test_the_days_that_headline_and_text_print_stay() -> None:
    text = "Nine killed in Belfast on Sunday\nA car bomb killed nine people in Belfast on Monday."
    assert [claim.date for claim in read(text)] == [dt.date(2024, 5, 19), dt.date(2024, 5, 20)]


def test_long_texts_are_told_in_time() -> None:
    two = "Five people were killed in Gwoza by a drone. A missile killed five people and hurt nine in Gwoza. "
    claims = read("Five killed in Borno\n" * 500 + two * 500)
    assert {claim.place for claim in claims} == {"Gwoza"}
    assert len(reconcile(claims)) == 1
