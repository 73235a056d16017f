"""Scenarios: which claims are one strike, and what a strike carries (codebook 8)."""

from __future__ import annotations

import pytest

from tests.factory import claim, report, rows, shown
from tracker.incidents import is_night, part_of_day
from tracker.lexicon import read_toml
from tracker.models import Basis, Scope, joined_weapons
from tracker.reconcile import reconcile

# --- which claims are one strike --------------------------------------------------------------------------

SEPARATE = {
    "two towns in one report": (
        [*report("r", "killed 3", place="Sumy"), *report("r", "killed 1", place="Nikopol")],
        {"Nikopol 04-24 ?": ["killed 1 [1-1]"], "Sumy 04-24 ?": ["killed 3 [3-3]"]},
    ),
    "a joint figure ties a report's weapons together": (
        [
            *report("r", "killed 9", weapons="drone+missile"),
            *report("r", "injured 70", weapons="missile"),
            *report("r", "fires 4", weapons="drone"),
        ],
        {"Kyiv 04-24 drone+missile": ["killed 9 [9-9]", "injured 70 [70-70]", "fires 4 [4-4]"]},
    ),
    "two attacks that a report tells apart stay two": (
        [
            *report("r", "killed 1", place="Kherson", weapons="drone"),
            *report("r", "killed 2", place="Kherson", weapons="artillery"),
        ],
        {"Kherson 04-24 artillery": ["killed 2 [2-2]"], "Kherson 04-24 drone": ["killed 1 [1-1]"]},
    ),
    "a report without a weapon joins the only attack": (
        [claim("killed 1", weapons="bomb"), claim("injured 4")],
        {"Kyiv 04-24 bomb": ["killed 1 [1-1]", "injured 4 [4-4]"]},
    ),
    "a report without a weapon chains nothing": (
        [claim("killed 1", weapons="drone"), claim("killed 2", weapons="missile"), claim("killed 3")],
        {
            "Kyiv 04-24 ?": ["killed 3 [3-3]"],
            "Kyiv 04-24 drone": ["killed 1 [1-1]"],
            "Kyiv 04-24 missile": ["killed 2 [2-2]"],
        },
    ),
    "a report of both weapons chains nothing": (
        [
            claim("killed 1", weapons="drone"),
            claim("killed 2", weapons="missile"),
            claim("hits 5", weapons="drone+missile"),
        ],
        {
            "Kyiv 04-24 drone": ["killed 1 [1-1]"],
            "Kyiv 04-24 drone+missile": ["hits 5 [5-5]"],
            "Kyiv 04-24 missile": ["killed 2 [2-2]"],
        },
    ),
    "a town under fire all day": (
        [
            claim("killed 1", place="Kherson", weapons="drone", at="2025-04-24 08:00"),
            claim("injured 2", place="Kherson", weapons="artillery", at="2025-04-24 10:00"),
            claim("killed 2", place="Kherson", weapons="bomb", at="2025-04-24 13:00"),
            claim("buildings 9", place="Kherson", weapons="drone+missile", at="2025-04-24 18:00"),
            claim("injured 8", place="Kherson", at="2025-04-24 20:00"),
        ],
        {
            "Kherson 04-24 ?": ["injured 8 [8-8]"],
            "Kherson 04-24 artillery": ["injured 2 [2-2]"],
            "Kherson 04-24 bomb": ["killed 2 [2-2]"],
            "Kherson 04-24 drone+missile": ["killed 1 [1-1]", "buildings 9 [9-9]"],
        },
    ),
    "an overnight report meets the evening before": (
        [
            claim("killed 1", date="2025-05-02", at="2025-05-02 22:00", weapons="drone"),
            claim("killed 3", date="2025-05-03", at="2025-05-03 07:00", weapons="drone", date_text="overnight"),
        ],
        {"Kyiv 05-02 drone": ["killed 3 [3-3]"]},
    ),
    "an overnight report prefers the day it is coded as": (
        [
            claim("killed 1", date="2025-05-02", at="2025-05-02 10:00", weapons="drone"),
            claim("killed 3", date="2025-05-03", at="2025-05-03 09:00", weapons="drone"),
            claim("killed 4", date="2025-05-03", at="2025-05-03 12:00", weapons="drone", date_text="overnight"),
        ],
        {"Kyiv 05-02 drone": ["killed 1 [1-1]"], "Kyiv 05-03 drone": ["killed 4 [4-4]"]},
    ),
    "one night is not the next": (
        [
            claim(f"killed {n}", date=f"2025-05-0{n}", at=f"2025-05-0{n} 08:00", date_text="Overnight")
            for n in (3, 4, 5)
        ],
        {f"Kyiv 05-0{n} ?": [f"killed {n} [{n}-{n}]"] for n in (3, 4, 5)},
    ),
    "two days at the precision of one are a night": (
        [
            claim(f"killed {n}", date=f"2025-05-0{n}", date_end=f"2025-05-0{n + 1}", at=f"2025-05-0{n + 1} 08:00")
            for n in (3, 4)
        ],
        {"Kyiv 05-03 ?": ["killed 3 [3-3]"], "Kyiv 05-04 ?": ["killed 4 [4-4]"]},
    ),
    "an interval joins the one day that it covers": (
        [
            claim("killed 5", date="2025-05-03"),
            claim("injured 6", date="2025-05-01", date_end="2025-05-07", date_prec=3),
        ],
        {"Kyiv 05-03 ?": ["killed 5 [5-5]", "injured 6 [6-6]"]},
    ),
    "an interval over two days joins neither": (
        [
            claim("killed 5", date="2025-05-03"),
            claim("killed 6", date="2025-05-05"),
            claim("injured 7", date="2025-05-01", date_end="2025-05-07", date_prec=3),
        ],
        {"Kyiv 05-01 ?": ["injured 7 [7-7]"], "Kyiv 05-03 ?": ["killed 5 [5-5]"], "Kyiv 05-05 ?": ["killed 6 [6-6]"]},
    ),
    "same name, another province": (
        [
            claim("killed 2", place="Salem", country="United States", admin1="Oregon"),
            claim("killed 3", place="Salem", country="India", admin1="Tamil Nadu"),
        ],
        {"Salem 04-24 ?": ["killed 3 [3-3]"], "Salem 04-24 ?'": ["killed 2 [2-2]"]},
    ),
    "same town, province not said": (
        [
            claim("killed 2", place="Nyala", country="Sudan"),
            claim("injured 3", place="NYALA", country="Sudan", admin1="South Darfur"),
        ],
        {"NYALA 04-24 ?": ["killed 2 [2-2]", "injured 3 [3-3]"]},
    ),
    "no place at all joins nothing": (
        [claim("killed 2", place=None, country=None), claim("killed 3", place=None, country=None)],
        {"? 04-24 ?": ["killed 2 [2-2]"], "? 04-24 ?'": ["killed 3 [3-3]"]},
    ),
    "no date joins nothing across reports": (
        [claim("killed 2", date=None), claim("killed 2", date=None)],
        {"Kyiv ? ?": ["killed 2 [2-2]"], "Kyiv ? ?'": ["killed 2 [2-2]"]},
    ),
    "no date within a report joins its only attack": (
        [*report("r", "killed 2"), *report("r", "injured 5", date=None)],
        {"Kyiv 04-24 ?": ["killed 2 [2-2]", "injured 5 [5-5]"]},
    ),
    "two undated attacks of one report": (
        [
            *report("r", "killed 2", at=None, date=None, date_text="on Monday"),
            *report("r", "killed 3", at=None, date=None, date_text="on Tuesday"),
        ],
        {"Kyiv ? ?": ["killed 2 [2-2]"], "Kyiv ? ?'": ["killed 3 [3-3]"]},
    ),
    "a toll over a span joins no strike": (
        [claim("killed 9"), *report("day", "killed 13 period", "injured 97 period")],
        {"Kyiv 04-24 ?": ["killed 9 [9-9]"], "Kyiv 04-24 ?'": ["killed 13 [13-13]", "injured 97 [97-97]"]},
    ),
    "two spans without dates stay two": (
        [
            claim("killed 11001.. soldiers period", place=None, date=None),
            claim("killed 498 soldiers period", place=None, date=None),
        ],
        {
            "Ukraine ? ?": ["killed 498 [498-498] derived", "killed soldiers 498 [498-498]"],
            "Ukraine ? ?'": ["killed 11001 [11001-] derived", "killed soldiers 11001 [11001-]"],
        },
    ),
    "who fired on a town may be in dispute": (
        [claim("killed 50", attacker="Russia"), claim("killed 50", attacker="Ukraine")],
        {"Kyiv 04-24 ?": ["killed 50 [50-50]"]},
    ),
    "two sides' attacks somewhere in a country are two": (
        [claim("killed 5", place=None, attacker="Russia"), claim("killed 6", place=None, attacker="Ukraine")],
        {"Ukraine 04-24 ?": ["killed 6 [6-6]"], "Ukraine 04-24 ?'": ["killed 5 [5-5]"]},
    ),
    "places that could not be told apart": (
        [
            claim("killed 5", place=None, candidates=("Ivanivka (Kherson)", "Ivanivka (Odesa)")),
            claim("killed 6", place=None),
        ],
        {"Ukraine 04-24 ?": ["killed 6 [6-6]"], "Ukraine 04-24 ?'": ["killed 5 [5-5]"]},
    ),
}


@pytest.mark.parametrize("name", SEPARATE)
def test_what_is_one_strike(name: str) -> None:
    claims, expected = SEPARATE[name]
    # Rows that look alike are numbered by strokes, in an order that does not matter here.
    found, wanted = (
        sorted((key.rstrip("'"), value) for key, value in each.items()) for each in (rows(claims), expected)
    )
    assert found == wanted


def test_a_report_that_joins_none_names_the_strikes_it_may_be() -> None:
    claims = [claim("killed 1", weapons="drone"), claim("killed 2", weapons="missile"), claim("killed 3")]
    by_weapon = {joined_weapons(strike.weapons): strike for strike in reconcile(claims)}
    assert set(by_weapon[None].linked) == {by_weapon["drone"].strike_id, by_weapon["missile"].strike_id}
    assert by_weapon["drone"].linked == by_weapon["missile"].linked == ()


NIGHTS = read_toml("en/nights.toml")["nights"]


@pytest.mark.parametrize("row", NIGHTS, ids=lambda row: row["term"])
def test_each_word_for_a_night_reads_its_example(row: dict[str, str]) -> None:
    assert is_night(row["example"])
    assert row["term"] in row["example"]
    others = [other["term"] for other in NIGHTS if other is not row and other["term"] in row["example"]]
    assert not others, "the example would not notice if its term were lost"


@pytest.mark.parametrize("text", [None, "on Thursday", "last night", "tonight", "3 May", "on the night of 2 June"])
def test_other_words_are_no_night_between_two_days(text: str | None) -> None:
    assert not is_night(text)


NIGHTS_SIDES = [(part, row) for part in ("late", "early") for row in read_toml("en/nights.toml")[part]]


@pytest.mark.parametrize(("part", "row"), NIGHTS_SIDES, ids=lambda value: str(value))
def test_each_word_for_a_side_of_the_night_reads_its_example(part: str, row: dict[str, str]) -> None:
    assert part_of_day(row["example"]) == part
    assert part_of_day(row["example"].replace(row["term"], "")) is None


@pytest.mark.parametrize("text", [None, "on Monday", "lately", "on Monday evening", "earlier this week"])
def test_other_words_name_no_side_of_the_night(text: str | None) -> None:
    assert part_of_day(text) is None


# --- wider rows -------------------------------------------------------------------------------------------


def test_wider_rows_are_linked_and_stay_rows_of_their_own() -> None:
    claims = [
        claim("killed 9", attacker="Russia", admin1="Kyiv"),
        claim("killed 2", place="Odesa", admin1="Odesa Oblast", attacker="Russia"),
        claim("killed 3", place=None, admin1="Odesa Oblast", attacker="Russia"),
        claim("killed 25", place=None, attacker="Russia", at="2025-04-25"),
        claim("launched 215", place=None, attacker="Russia"),
        claim("killed 1", place="Odesa", date="2025-04-26"),
        claim("killed 4", place="Donetsk", attacker="Ukraine"),
        claim("killed 40 period", place=None),
    ]
    strikes = {(s.place or s.admin1 or s.country, s.basis, shown(s.figures[0])): s for s in reconcile(claims)}
    assert len(strikes) == 8
    kyiv, odesa, oblast, country, wave, later, donetsk, period = (
        strikes[key]
        for key in [
            ("Kyiv", Basis.INCIDENT, "killed 9 [9-9]"),
            ("Odesa", Basis.INCIDENT, "killed 2 [2-2]"),
            ("Odesa Oblast", Basis.INCIDENT, "killed 3 [3-3]"),
            ("Ukraine", Basis.INCIDENT, "killed 25 [25-25]"),
            ("Ukraine", Basis.INCIDENT, "launched 215 [215-215]"),
            ("Odesa", Basis.INCIDENT, "killed 1 [1-1]"),
            ("Donetsk", Basis.INCIDENT, "killed 4 [4-4]"),
            ("Ukraine", Basis.PERIOD, "killed 40 [40-40]"),
        ]
    )
    assert [s.scope for s in (kyiv, oblast, country)] == [Scope.CITY, Scope.ADMIN1, Scope.COUNTRY]
    finer = {kyiv.strike_id, odesa.strike_id, oblast.strike_id}
    assert set(country.linked) == set(wave.linked) == finer
    assert set(oblast.linked) == {odesa.strike_id, country.strike_id, wave.strike_id}
    assert set(kyiv.linked) == {country.strike_id, wave.strike_id}
    assert later.linked == donetsk.linked == period.linked == ()


# --- what a strike carries --------------------------------------------------------------------------------

EARLY_AND_LATE = [
    claim("killed 2", at="2025-04-24 04:00"),
    claim("killed 9", at="2025-04-24 08:00"),
    claim("killed 8", at="2025-04-24 10:00"),
    claim("killed 13", at="2025-04-24 19:00"),
]


def test_counts_of_reports_publishers_and_sources() -> None:
    claims = [
        *report("a", "killed 3", "injured 4", publisher="Agency", source="The Mayor"),
        *report("b", "killed 3", publisher="Agency", source="mayor"),
        *report("c", "killed 3", publisher="Daily", source="Ukraine’s police"),
        *report("d", "killed 3", source="Ukraine's police"),
        *report("e", "killed 3"),
    ]
    (strike,) = reconcile(claims)
    assert (strike.n_reports, strike.n_publishers, strike.n_sources) == (5, 2, 3)
    assert len(strike.claim_ids) == 6


def test_coordinates_come_from_the_most_precise_claim() -> None:
    claims = [
        claim("killed 3", lat=50.0, lon=30.0, where_prec=2, at="2025-04-24 04:00"),
        claim("killed 3", lat=50.45, lon=30.52, where_prec=1, at="2025-04-24 09:00"),
        claim("killed 3", at="2025-04-24 10:00"),
    ]
    (strike,) = reconcile(claims)
    assert (strike.lat, strike.lon, strike.where_prec) == (50.45, 30.52, 1)


def test_the_strike_id_stays_when_later_reports_join() -> None:
    first, *later = EARLY_AND_LATE
    ids = {reconcile([first, *later[:n]])[0].strike_id for n in range(len(later) + 1)}
    assert len(ids) == 1
    undated = claim("killed 1", at=None)
    assert {strike.strike_id for strike in reconcile([*EARLY_AND_LATE, undated])} == ids


def test_one_claim_id_in_two_places_makes_two_ids() -> None:
    twin = claim("killed 3")
    other = claim("killed 3", place="Lviv", claim_id=twin.claim_id)
    strikes = reconcile([twin, other])
    assert len({strike.strike_id for strike in strikes}) == len(strikes) == 2


def test_a_claim_given_twice_counts_once() -> None:
    twice = report("r", "killed 5", "killed 2 additional")
    assert reconcile(twice * 3) == reconcile(twice)


def test_no_claims_no_strikes() -> None:
    assert reconcile([]) == []


def test_strikes_come_by_date_and_undated_last() -> None:
    claims = [claim("killed 1", date=None), claim("killed 2", date="2025-05-01"), claim("killed 3", date="2024-01-01")]
    assert [strike.date and strike.date.year for strike in reconcile(claims)] == [2024, 2025, None]


def test_unknown_policy_is_named_with_what_exists() -> None:
    with pytest.raises(
        ValueError, match=r"no policy 'newest'\. Choose one of: latest, conservative, majority, highest"
    ):
        reconcile([], "newest")
    with pytest.raises(ValueError, match=r"vague words 'gtd'\. Choose one of: literal, acled, exclude"):
        reconcile([], vague="gtd")
