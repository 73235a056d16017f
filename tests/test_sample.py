"""The sample reports: marked as such, in our own words, and read as the facts that they retell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from tracker.models import Figure, Group, Strike
from tracker.store import Store, sample_store

#: The two live blogs; every other report retells a day of Wikipedia's current events portal.
ARTICLES = {"sample-kyiv-2025-04-24", "sample-kharkiv-2025-05-03"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sample_store(tmp_path_factory.mktemp("sample") / "sample.db") as store:
        yield store


def of_articles(store: Store, strike: Strike) -> bool:
    return bool(ARTICLES & {claim.report_id for claim in store.claims_of(strike.strike_id)})


def test_every_report_says_that_it_is_a_sample_and_what_it_retells(sample: Store) -> None:
    reports = sample.reports()
    assert len(reports) == 61
    for one in reports:
        assert one.publisher == "Paraphrase"
        assert one.extra["sample"] is True
        assert one.citation
        if one.id not in ARTICLES:
            day = one.published_date
            assert isinstance(day, dt.date)
            assert one.url == f"https://en.wikipedia.org/wiki/Portal:Current_events/{day:%Y_%B}_{day.day}"
            assert f"{day.day} {day:%B %Y}" in one.citation
            assert "CC BY-SA 4.0" in one.citation
            assert len(one.text) < 200


#: The strikes of the articles: place → measure and group → low, best, high; a star where sources disagree.
FROM_ARTICLES = {
    "Kharkiv": {
        "injured all": "46 46 –",
        "injured children": "1 1 1",
        "hospitalised all": "8 8 8",
        "sites all": "12 12 12",
    },
    "Kyiv": {
        "killed all": "9 9 –",
        "injured all": "63 70 – *",
        "injured children": "6 6 6",
        "hospitalised all": "42 42 –",
        "missing all": "10 10 10",
        "rescued all": "1 1 –",
        "sites all": "13 13 13",
        "fires all": "40 40 40",
    },
    "Ukraine": {"launched all": "215 215 215"},
}


def test_the_articles_give_their_figures(sample: Store) -> None:
    def shown(value: int | None) -> str:
        return "–" if value is None else str(value)

    strikes = [strike for strike in sample.strikes() if of_articles(sample, strike)]
    found = {
        strike.place or strike.country: {
            f"{one.measure} {one.group}": " ".join(map(shown, (one.low, one.best, one.high))) + " *" * one.disputed
            for one in strike.figures
        }
        for strike in strikes
    }
    assert found == FROM_ARTICLES
    assert {strike.attackers for strike in strikes} == {("Russia",)}


#: The strikes of the dated reports: day, place and weapon → the figures of everybody; ".." is an open top.
FROM_DAYS = {
    "2022-02-21 Russia ?": "killed 5",
    "2022-03-03 Chernihiv bomb": "killed 33.. injured 18..",
    "2022-03-18 Zaporizhzhia artillery": "killed 9",
    "2022-04-17 Lviv missile": "killed 6",
    "2022-05-30 Donetsk artillery": "killed 5 injured 13",
    "2022-05-31 Sloviansk missile": "killed 3 injured 6",
    "2022-07-01 Serhiivka missile": "killed 21.. injured 38 hits 2",
    "2022-07-13 Bakhmut artillery": "killed 1.. injured 5",
    "2022-08-09 Novofedorivka ?": "killed 1.. injured 6",
    "2022-09-18 Strilecha artillery": "killed 4 injured 2",
    "2022-09-29 Dnipro missile": "killed 4 injured 18",
    "2022-10-09 Zaporizhzhia missile": "killed 13.. injured 89",
    "2022-10-18 Kyiv missile": "killed 3",
    "2022-12-31 Makiivka missile": "killed 89",
    "2023-01-14 Dnipro missile": "killed 40.. injured 73 missing 24..",
    "2023-03-27 Sloviansk missile": "killed 2.. injured 29",
    "2023-04-14 Sloviansk missile": "killed 8.. injured 21",
    "2023-05-13 Ternopil missile": "injured 2",
    "2023-06-03 Dnipropetrovsk missile": "killed 1 injured 22",
    "2023-07-03 Sumy drone": "killed 2 injured 19",
    "2023-07-04 Pervomaiskyi missile": "injured 38..",
    "2023-07-21 Odesa missile": "injured 2",
    "2023-07-28 Dnipro missile": "injured 9",
    "2023-07-31 Kherson ?": "killed 4.. injured 17",
    "2023-08-14 Odesa drone+missile": "injured 3",
    "2023-12-13 Kyiv missile": "injured 51..",
    "2023-12-31 Kharkiv ?": "injured 26",
    "2023-12-31 Ukraine drone": "launched 49 intercepted 21",
    "2024-03-15 Odesa missile": "killed 20.. injured 73..",
    "2024-03-21 Mykolaiv missile": "killed 1.. injured 4",
    "2024-04-06 Kharkiv drone": "killed 8 injured 10 buildings 9..",
    "2024-04-11 Mykolaiv missile": "killed 4.. injured 5",
    "2024-05-01 Odesa missile": "killed 3 injured 16 hits 2",
    "2024-05-08 Kharkiv ?": "injured 7..",
    "2024-05-14 Kharkiv ?": "injured 20..",
    "2024-05-22 Lysychansk artillery": "killed 2.. injured 4",
    "2024-06-01 Ukraine drone+missile": "launched 100 intercepted 81",
    "2024-08-11 Kyiv missile": "killed 2 injured 3",
    "2024-11-22 Sumy drone": "killed 2 injured 12",
    "2025-01-18 Kyiv drone+missile": "killed 4..",
    "2025-01-24 Fastiv drone": "killed 3..",
    "2025-02-01 Poltava missile": "killed 14.. injured 17..",
    "2025-02-04 Izium missile": "killed 4 injured 20",
    "2025-03-29 Kharkiv drone": "killed 2 injured 30",
    "2025-04-04 Kryvyi Rih missile": "killed 20 injured 75",
    "2025-04-16 Kherson artillery+bomb": "killed 1 injured 9",
    "2025-06-05 Pryluky drone": "killed 5 injured 9",
    "2025-06-10 Odesa drone": "killed 2 injured 13",
    "2025-07-10 Kyiv drone+missile": "killed 2 injured 28",
    "2025-07-10 Ukraine drone+missile": "launched 415",
    "2025-09-09 Yarova ?": "killed 24..",
    "2025-10-05 Lviv ?": "killed 5..",
    "2025-10-05 Ukraine drone+missile": "launched 549",
    "2025-10-26 Mykolaivka drone": "killed 1 injured 13",
    "2025-11-04 Synelnykove ?": "killed 1 injured 8",
    "2025-11-17 Balakliia missile": "killed 3 injured 10",
    "2026-01-01 Kherson drone": "killed 1 injured 1",
    "2026-02-11 Bohodukhiv ?": "killed 4 injured 2",
    "2026-02-13 Belgorod missile": "killed 2 injured 5",
    "undated Ukraine ?": "killed 11001..",
}


def figure(one: Figure) -> str:
    reach = str(one.low) if one.low == one.high else f"{one.low}..{'' if one.high is None else one.high}"
    return f"{one.measure} {reach}" if one.best == one.low else f"{one.measure} {one.best} [{reach}]"


def test_the_dated_reports_give_their_figures(sample: Store) -> None:
    found = {}
    for strike in sample.strikes():
        if not of_articles(sample, strike):
            where = strike.place or strike.admin1 or strike.country
            key = f"{strike.date or 'undated'} {where} {'+'.join(strike.weapons) or '?'}"
            assert key not in found
            found[key] = " ".join(figure(one) for one in strike.figures if one.group is Group.ALL)
    assert found == FROM_DAYS


def test_later_reports_correct_earlier_ones(sample: Store) -> None:
    (strike,) = (one for one in sample.strikes() if one.place == "Kryvyi Rih")
    assert strike.n_reports == 2
    assert all(len(one.superseded) == 1 for one in strike.figures if one.group is Group.ALL)
