"""Report → claims, end to end: the two articles coded by hand, what must not be claimed, and what always holds."""

from __future__ import annotations

import csv
import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases_file import read_cases
from tracker import Claim, Report, extract, reconcile
from tracker.evaluate import evaluate, read_gold
from tracker.models import joined_weapons

SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the articles coded by hand are not here")
PUBLISHED = dt.date(2025, 4, 24)

_EXACT = (
    "measure", "low", "high", "approx", "text", "group", "relation", "basis", "weapons", "models", "attacker",
    "place", "country", "date", "start", "end",
)  # fmt: skip


_STRIKE = ("place", "date", "weapons", "scope", "measure", "group", "low", "best", "high")
_LEAST = {"relation": 0.96, "group": 0.96, "basis": 0.96, "place": 0.95, "country": 0.97, "date": 0.98}


def _coded(claim: Claim, field: str) -> object:
    value = getattr(claim, field)
    if isinstance(value, dt.date):
        return value.isoformat()
    return sorted(value) if isinstance(value, tuple) else value


# -- the two articles --------------------------------------------------------------------------------


@needs_shared
def test_the_articles_give_the_gold_and_nothing_else() -> None:
    for item in read_gold(SHARED / "gold" / "seeds.jsonl"):
        claims = sorted(extract(item.report), key=lambda claim: claim.start)
        wanted = sorted(item.claims, key=lambda gold: gold["start"])
        assert [{field: _coded(claim, field) for field in _EXACT} for claim in claims] == [
            {field: gold[field] for field in _EXACT} for gold in wanted
        ]
        assert all(claim.admin1 for claim in claims if claim.place)


@needs_shared
def test_the_sources_of_the_articles_agree() -> None:
    score = evaluate(read_gold(SHARED / "gold" / "seeds.jsonl"), extract)
    assert score.core() == (1.0, 1.0, 1.0)
    assert score.full_f1() == 1.0
    assert {name: score.accuracy(name) for name in score.fields} == dict.fromkeys(score.fields, 1.0)


@needs_shared
def test_the_strikes_of_the_articles_agree() -> None:
    with (SHARED / "gold" / "seeds_strikes.csv").open(encoding="utf-8", newline="") as file:
        wanted = {(*(row[name] for name in _STRIKE), row["disputed"] == "true") for row in csv.DictReader(file)}
    found = set()
    for item in read_gold(SHARED / "gold" / "seeds.jsonl"):
        for strike in reconcile(extract(item.report)):
            for figure in strike.figures:
                key = (strike.place, strike.date, joined_weapons(strike.weapons), strike.scope, figure.measure)
                bounds = (figure.group, figure.low, figure.best, figure.high)
                found.add((*("" if part is None else str(part) for part in (*key, *bounds)), figure.disputed))
    assert found == wanted


@needs_shared
@pytest.mark.parametrize("name", ["current_events", "world"])
def test_labelled_news_is_read_as_well_as_it_was(name: str) -> None:
    score = evaluate(read_gold(SHARED / "gold" / f"{name}.jsonl"), extract)
    assert score.core()[2] >= 0.97
    for field, least in {
        "relation": 0.96,
        "group": 0.96,
        "basis": 0.96,
        "place": 0.95,
        "country": 0.97,
        "date": 0.98,
    }.items():
        accuracy = score.accuracy(field)
        assert accuracy is not None
        assert accuracy >= least, field
    assert score.full_f1() >= 0.85


# -- what must not become a claim --------------------------------------------------------------------

NOT_CLAIMED = {
    "an age": "An 11-year-old watched from the balcony.",
    "a weapon's name": "The missile was a KN-23, the second of its type found this year.",
    "a date": "The invasion began on 24 February 2022.",
    "people in shelters": "Some 16,000 residents sheltered in the metro while drones attacked the city.",
    "rhetoric": "Must we go on losing thousands upon thousands of troops for a village or two, he asked.",
    "a span of time": "The alert lasted for the past six hours as missiles flew over the region.",
    "districts": "Drones attacked four central districts of the city.",
    "attacks": "The region came under 43 attacks in a day of shelling.",
    "troops sent": "Moscow sent 12,000 troops across the border before the strike.",
    "prisoners": "The sides exchanged 205 prisoners after the attack.",
    "money": "The strike caused damage of 40 million dollars.",
    "a calibre": "A 155mm shell hit the school.",
    "a unit": "The 46th brigade repelled the assault.",
    "a rate": "The front sees 100 drone strikes a day, and the clinic treats 40 wounded every night.",
    "a share": "About 40% of those killed by drones were never named.",
    "a threat": "He threatened to kill 30 hostages if the bombing went on.",
    "a plan": "The army plans to fire 200 missiles next year.",
    "a named person": "General Mykola Petrenko was killed by a mine.",
    "a bare plural": "Shelling destroyed homes and killed civilians.",
    "an accident": "Nine people were killed when a bus collided with a lorry.",
    "equipment": "Drones destroyed 12 tanks and three helicopters.",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_CLAIMED.values(), ids=NOT_CLAIMED.keys())
def test_no_claim(text: str) -> None:
    assert extract(Report("r", text, published=PUBLISHED)) == []


# -- what always holds -------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["killed", "injured", "at least", "nine", "46", "people", "in Kyiv", "drones", "launched", "and", ",", ".", "\n",
     "including", "children", "were", "of them", "2022", "-", "“", "’s", "dozens", "a", "woman", "the", "toll",
     "rose to", "between", "more than", "1 200", "no one", "was hurt", "\u00a0", "🙂", "Суми", "shot down", "of",
     "missing", "%"]
)  # fmt: skip
NEWS = st.lists(WORDS, max_size=60).map(" ".join)


def _holds(report: Report) -> None:
    fields = {"text": report.text, "title": report.title or ""}
    claims = extract(report)
    for claim in claims:
        assert fields[claim.field.value][claim.start : claim.end] == claim.text
        assert claim.text in claim.sentence
        assert claim.low is not None or claim.high is not None
        assert claim.low is None or claim.high is None or 0 <= claim.low <= claim.high
        assert claim.date is None or claim.date_end is None or claim.date <= claim.date_end
        assert (claim.lat is None) == (claim.lon is None)
        assert (claim.lat, claim.lon) != (0, 0)
    assert len({claim.claim_id for claim in claims}) == len(claims)
    assert claims == extract(report)


@given(text=NEWS, title=st.none() | NEWS)
@settings(max_examples=150)
def test_offsets_bounds_and_repetition(text: str, title: str | None) -> None:
    _holds(Report("r", text, title, PUBLISHED))


@given(text=st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_is_read(text: str) -> None:
    _holds(Report("r", text, published=PUBLISHED))


def test_half_a_character_hides_nothing() -> None:
    text = "Russian drones{} killed two people in Odesa on Monday, the mayor said."
    whole, halved = (extract(Report("r", text.format(mark), published=PUBLISHED)) for mark in ("*", "\ud800"))
    assert halved == [replace(claim, sentence=text.format("\ud800")) for claim in whole]
    assert [(claim.place, claim.weapons, claim.attacker) for claim in halved] == [("Odesa", ("drone",), "Russia")]


def test_eight_threads_read_what_one_does() -> None:
    reports = [Report(case.where, case.text, published=PUBLISHED) for case in read_cases()][:200]
    alone = [extract(report) for report in reports]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(extract, reports)) == alone


@pytest.mark.parametrize(
    "part",
    [
        "In Kyiv on Monday a drone killed 5 people and injured 6 others, officials said ",
        "Two killed, ",
        "a man and his wife, ",
        "killed 9 including ",
        "hundred ",
        "1\u00a0",
        "“the mayor, ",
        "killed....",
        "Abc ",
    ],
)
def test_time_grows_with_length_and_no_faster(part: str) -> None:
    def seconds(times: int) -> float:
        begun = time.process_time()
        extract(Report("r", part * times, published=PUBLISHED))
        return time.process_time() - begun

    seconds(50)
    once, twice = (min(seconds(times) for _ in range(2)) for times in (400, 1600))
    assert twice < max(once * 4 * 2.5, 0.2)


def test_the_package_reads_with_one_verb_even_beside_its_module() -> None:
    import tracker
    import tracker.extract
    import tracker.reconcile

    assert callable(tracker.extract)
    assert callable(tracker.reconcile)
    assert json.dumps([claim.text for claim in tracker.extract(Report("r", "Shelling killed two."))]) == '["two"]'


# -- datelines ---------------------------------------------------------------------------------------

DATELINES = {
    "KYIV, Nov 20 (Reuters) - Drones killed 26 people in Ternopil overnight.": "2025-11-20",
    "Sumy, 18 November — Shelling wounded two farmers yesterday in Bilopillia.": "2025-11-17",
    "GAZA, November 19, 2025 - An airstrike killed four nurses in Rafah on Tuesday.": "2025-11-18",
    "KYIV (AP) — A mine killed two anglers on Friday near Izium.": "2025-11-21",
    "LAGOS, Mar 5 (AFP) - Gunmen killed nine herders on Monday in Bokkos.": "2025-11-17",
}


@pytest.mark.parametrize(("text", "day"), DATELINES.items())
def test_relative_words_count_from_the_dateline(text: str, day: str) -> None:
    (claim,) = extract(Report("r", text, published=dt.date(2025, 11, 22)))
    assert str(claim.date) == day


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("A drone killed two people in Odesa today.", "2024-08-21T22:30:00+00:00", "2024-08-22"),
        ("Shelling killed two people in Vladivostok today.", "2024-08-21T16:00:00+00:00", "2024-08-22"),
        ("Gunmen killed two people in Cali on Friday.", "2024-08-24T02:00:00+00:00", "2024-08-23"),
        ("Gunmen killed two people in Cali yesterday.", "2024-08-24T02:00:00+00:00", "2024-08-22"),
        ("A drone killed two people today.", "2024-08-21T22:30:00+00:00", "2024-08-21"),  # no place: as published
    ],
)
def test_the_day_is_that_of_the_place(text: str, published: str, day: str) -> None:
    report = Report("r", text, published=dt.datetime.fromisoformat(published))
    assert [str(claim.date) for claim in extract(report)] == [day]


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen killed two million six six people in Goma.",
        "is do a Six, million Two one two killed, injured in Kabul",
        "03/04/2009: the youngest of whom (among them – besides the bomber : of the 5 wounded of them) killed",
    ],
)
def test_words_in_no_order_raise_nothing(text: str) -> None:
    for found in extract(Report("r", text, published=dt.date(2024, 5, 5))):
        assert text[found.start : found.end] == found.text
