"""Every order of cause, place, day and verb gives the same two figures: no date, road or school becomes a toll."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import pytest

from tracker.extract import extract
from tracker.models import Measure, Relation, Report

_CAUSES = (
    "A drone strike",
    "Russian shelling",
    "Gunmen on motorcycles",
    "Israeli airstrikes",
    "Two missiles",
    "The raid",
)
_DAYS = (
    *("", "on Monday", "on July 20", "on 20 July", "on Tuesday, March 3,", "on Feb. 9", "on 3 May 2024", "(July 20)"),
    *(
        "on the night of May 14",
        "in the early hours of June 5",
        "on the 12th of April",
        "on 20/07/2024",
        "this morning",
    ),
    *(
        "at around 7 pm",
        "at 3:30 a.m.",
        "at 0730",
        "two days ago",
        "a day earlier",
        "in May 2023",
        "on Day 12 of the siege",
    ),
)
_PLACES = (
    *("", "in Kharkiv", "in Kabul's District 5", "on Highway 7", "at School No 3 in Odesa", "in Block 7 of Jabalia"),
    *("20 km from Aleppo", "near the town of Goma", "in Sector 4 of the camp", "across Sudan"),
)
_DEEDS = (
    "killed {k} and injured {i}",
    "killed {k} people and wounded {i} others",
    "left {k} dead and {i} wounded",
    "claimed {k} lives and left {i} injured",
    "killed at least {k}, injuring {i}",
    "killed {k} people, including two children, and injured {i} more",
    "has killed {k} people and injured another {i}",
)
_TOLD = (
    "{k} people were killed and {i} others were wounded {d} {p}",
    "At least {k} dead, {i} injured {p} {d}",
    "{k} civilians have died and {i} have been injured {p} {d}",
    "{k} people died {d} {p}, and {i} were hurt",
    "{d}, {k} people were killed and {i} wounded {p}",
    "{d} {k} people were killed and {i} wounded {p}",
    "Officials said {k} people were killed and {i} injured {p} {d}",
    "The death toll {p} {d} rose to {k}, with {i} injured",
)
_NUMBERS = {3: "three", 4: "four", 6: "six", 9: "nine", 11: "eleven", 17: "seventeen", 46: "forty-six", 108: "108"}


def _sentence(rng: random.Random, killed: int, injured: int) -> str:
    cause, day, place = rng.choice(_CAUSES), rng.choice(_DAYS), rng.choice(_PLACES)
    k, i = (rng.choice((str(number), _NUMBERS[number])) for number in (killed, injured))
    deed = rng.choice(_DEEDS).format(k=k, i=i)
    orders = (
        f"{cause} {deed} {place} {day}.",
        f"{cause} {day} {place} {deed}.",
        f"{cause} {place} {day} {deed}.",
        f"{day or 'overnight'}, {cause[0].lower()}{cause[1:]} {place} {deed}.",
        rng.choice(_TOLD).format(k=k, i=i, d=day or "overnight", p=place) + ".",
    )
    text = " ".join(rng.choice(orders).split())
    for apart, closed in ((" ,", ","), (",,", ","), (" .", "."), (",.", ".")):
        text = text.replace(apart, closed)
    return text[0].upper() + text[1:]


def _grid(seed: int, count: int) -> Iterator[tuple[str, int, int]]:
    rng = random.Random(seed)
    for _ in range(count):
        killed, injured = rng.sample(sorted(_NUMBERS), 2)
        yield _sentence(rng, killed, injured), killed, injured


@pytest.mark.parametrize("seed", range(8))
def test_dates_and_places_are_no_figures(seed: int) -> None:
    wrong = []
    for text, killed, injured in _grid(seed, 150):
        claims = extract(Report("r", text, published=dt.date(2024, 7, 25)))
        totals = [(claim.measure, claim.low) for claim in claims if claim.relation is not Relation.SUBSET]
        if sorted(totals) != sorted([(Measure.KILLED, killed), (Measure.INJURED, injured)]):
            wrong.append((text, totals))
    assert not wrong
