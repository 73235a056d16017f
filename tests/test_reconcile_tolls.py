"""Scenarios: the figures that claims of real-life shape give one strike (codebook 3 and 8)."""

from __future__ import annotations

import pytest

from tests.factory import claim, figures, report, rows
from tracker.models import Claim, Policy
from tracker.reconcile import Status, reconcile, toll_history

# --- tolls over time --------------------------------------------------------------------------------------

TOLL_RISES = [
    claim("killed 2", at="2025-04-24 04:00", source="the mayor"),
    claim("killed 9", at="2025-04-24 08:00", source="State Emergency Service"),
    claim("killed 8", at="2025-04-24 10:00", source="Interior Ministry"),
    claim("killed 13", at="2025-04-24 19:00", source="State Emergency Service"),
]

ONE_STRIKE = {
    "a toll as it rose": (TOLL_RISES, ["killed 13 [13-13]"]),
    "a later lower figure of another source stays beside": (TOLL_RISES[:3], ["killed 8 [8-9]"]),
    "a source corrects itself": (
        [
            claim("killed 7", at="2025-04-24 06:00", source="Oleh Kiper"),
            claim("killed 5", at="2025-04-24 09:00", source="oleh kiper"),
        ],
        ["killed 5 [5-5]"],
    ),
    "a corrected peak outgrows nobody": (
        [
            claim("killed 12", at="2025-04-24 06:00", source="police"),
            claim("killed 15", at="2025-04-24 07:00", source="the governor"),
            claim("killed 11", at="2025-04-24 08:00", source="Governor"),
        ],
        ["killed 11 [11-12]"],
    ),
    "a publisher corrects itself where nobody is credited": (
        [
            claim("injured 31", at="2025-04-24 06:00", publisher="Daily Courier"),
            claim("injured 28", at="2025-04-24 12:00", publisher="Daily Courier"),
        ],
        ["injured 28 [28-28]"],
    ),
    "different sources far apart are disputed": (
        [
            claim("killed 20", at="2025-04-24 06:00", source="the health ministry"),
            claim("killed 4", at="2025-04-24 09:00", source="the army"),
        ],
        ["killed 4 [4-20] disputed"],
    ),
    "one apart is not disputed": (
        [
            claim("killed 9", at="2025-04-24 06:00", source="A"),
            claim("killed 8", at="2025-04-24 09:00", source="B"),
        ],
        ["killed 8 [8-9]"],
    ),
    "five per cent apart is not disputed": (
        [
            claim("injured 100", at="2025-04-24 06:00", source="A"),
            claim("injured 95", at="2025-04-24 09:00", source="B"),
        ],
        ["injured 95 [95-100]"],
    ),
    "one source is not in dispute with itself": (
        report("r", "injured 70", "injured 63", source="police"),
        ["injured 70 [63-70]"],
    ),
    "two reports of one day without a time have no order": (
        [
            claim("killed 2", at="2025-04-24", source="A", start=1),
            claim("killed 9", at="2025-04-24", source="B", start=2),
        ],
        ["killed 2 [2-9] disputed"],
    ),
    "the next day is later": (
        [claim("killed 2", at="2025-04-24", source="A"), claim("killed 9", at="2025-04-25", source="B")],
        ["killed 9 [9-9]"],
    ),
    "an undated report never wins": (
        [claim("killed 6", at="2025-04-24"), claim("killed 50", at=None)],
        ["killed 6 [6-50] disputed"],
    ),
    "an undated report is all there is": ([claim("killed 50", at=None)], ["killed 50 [50-50]"]),
    "a later count inside an earlier range": (
        [
            claim("killed 10..15", at="2025-04-24 06:00", source="A"),
            claim("killed 12", at="2025-04-24 08:00", source="B"),
        ],
        ["killed 12 [10-15]"],
    ),
    "a source lowers its 'at least'": (
        [
            claim("killed 9..", at="2025-04-24 06:00", source="A"),
            claim("killed 7..", at="2025-04-24 08:00", source="A"),
        ],
        ["killed 7 [7-]"],
    ),
    "a source caps its own count": (
        [
            claim("killed 9", at="2025-04-24 06:00", source="A"),
            claim("killed ..5", at="2025-04-24 08:00", source="A"),
        ],
        ["killed - [-5]"],
    ),
    "six per cent apart is disputed": (
        [
            claim("injured 100", at="2025-04-24 06:00", source="A"),
            claim("injured 94", at="2025-04-24 09:00", source="B"),
        ],
        ["injured 94 [94-100] disputed"],
    ),
    "nobody hurt, then three": (
        [claim("injured 0", at="2025-04-24 05:00"), claim("injured 3", at="2025-04-24 09:00")],
        ["injured 3 [3-3]"],
    ),
    "zero is a figure": ([claim("killed 0")], ["killed 0 [0-0]"]),
    # --- bounds
    "a lower bound supports the exact figure and keeps the top open": (
        report("r", "killed 9..", "killed 9"),
        ["killed 9 [9-]"],
    ),
    "a lower bound below the exact figure changes nothing": (
        report("r", "killed 12", "killed 9.."),
        ["killed 12 [12-12]"],
    ),
    "a lower bound above the exact figure": (
        [claim("injured 71..", at="2025-04-24 09:00"), claim("injured 70", at="2025-04-24 11:00")],
        ["injured 70 [70-]"],
    ),
    "a lower bound alone": ([claim("hospitalised 42..")], ["hospitalised 42 [42-]"]),
    "a later higher lower bound supersedes": (
        [claim("injured 63", at="2025-04-24 08:00"), claim("injured 71..", at="2025-04-24 09:00")],
        ["injured 71 [71-]"],
    ),
    "a source that repeats 'at least' does not take back its count": (
        [
            claim("killed 12", at="2025-04-24 08:00", source="police"),
            claim("killed 10..", at="2025-04-24 09:00", source="police"),
        ],
        ["killed 12 [12-12]"],
    ),
    "an upper bound alone gives no best": ([claim("killed ..9")], ["killed - [-9]"]),
    "an upper bound widens the range": (report("r", "killed 7", "killed ..9"), ["killed 7 [7-9]"]),
    "a range": ([claim("killed 10..15")], ["killed 10 [10-15]"]),
    "a hedge without direction": ([claim("missing 10~")], ["missing 10 [10-10] approx"]),
    "an exact figure goes before a rounded one": (report("r", "injured 40~", "injured 38"), ["injured 38 [38-40]"]),
    # --- groups
    "soldiers and civilians add up": (
        report("r", "killed 19 soldiers", "killed 45 fighters"),
        ["killed 64 [64-64] derived", "killed soldiers 19 [19-19]", "killed fighters 45 [45-45]"],
    ),
    "one group is all that is known": (
        report("r", "killed 7 children"),
        ["killed 7 [7-7] derived", "killed children 7 [7-7]"],
    ),
    "groups that may overlap do not add": (
        report("r", "killed 5 civilians", "killed 3 women"),
        ["killed 5 [5-5] derived", "killed civilians 5 [5-5]", "killed women 3 [3-3]"],
    ),
    "a lower bound in a part leaves the sum open": (
        report("r", "killed 2 soldiers", "killed 4.. civilians"),
        ["killed 6 [6-] derived", "killed civilians 4 [4-]", "killed soldiers 2 [2-2]"],
    ),
    "a subset is not added to its total": (
        report("r", "killed 9", "killed 2 children subset", "killed 3 women subset"),
        ["killed 9 [9-9]", "killed children 2 [2-2]", "killed women 3 [3-3]"],
    ),
    "a subset lies in the toll of its report, whatever group it is told for": (
        report("r", "killed 4 police", "killed 1 fighters subset", "killed 4"),
        ["killed 4 [4-4]", "killed fighters 1 [1-1]", "killed police 4 [4-4]"],
    ),
    "subsets that nobody is in twice exceed their total": (
        report("r", "injured 8", "injured 6 soldiers subset", "injured 5 civilians subset"),
        ["injured 11 [11-] derived", "injured civilians 5 [5-5]", "injured soldiers 6 [6-6]"],
    ),
    "a subset alone gives a low": (
        report("r", "killed 2 children subset"),
        ["killed - [2-] derived", "killed children 2 [2-2]"],
    ),
    "severity is no toll": (report("r", "injured 8", "injured 2 subset"), ["injured 8 [8-8]"]),
    "severity alone gives a low": (report("r", "injured 2 subset"), ["injured - [2-]"]),
    "severity in another report is no toll either": (
        [claim("injured 8", at="2025-04-24 08:00"), claim("injured 2 subset", at="2025-04-24 10:00")],
        ["injured 8 [8-8]"],
    ),
    "parts that exceed their total": (
        report("r", "killed 5", "killed 4 civilians", "killed 3 soldiers"),
        ["killed 7 [7-7] derived", "killed civilians 4 [4-4]", "killed soldiers 3 [3-3]"],
    ),
    "parts that exceed their total, with more than they open above": (
        report("r", "killed 5", "killed 8..", "killed 4 civilians", "killed 3 soldiers"),
        ["killed 8 [5-]", "killed civilians 4 [4-4]", "killed soldiers 3 [3-3]"],
    ),
    "a subset raises the sum of the groups": (
        report("r", "killed 3 civilians", "killed 2 soldiers", "killed 6 children subset"),
        [
            "killed 8 [8-8] derived",
            "killed civilians 3 [3-3]",
            "killed children 6 [6-6]",
            "killed soldiers 2 [2-2]",
        ],
    ),
    "older parts do not outweigh a correction": (
        [
            *report("old", "killed 8 civilians", "killed 4 police", at="2025-04-24 06:00", source="A"),
            claim("killed 10", at="2025-04-24 12:00", source="A"),
        ],
        ["killed 10 [10-10]", "killed civilians 8 [8-8]", "killed police 4 [4-4]"],
    ),
    "a group's own total outranks a subset of it": (
        report("r", "killed 28 journalists", "killed 7 journalists subset"),
        ["killed 28 [28-28] derived", "killed journalists 28 [28-28]"],
    ),
    "attackers stay outside": (
        report("r", "killed 10", "killed 4 perpetrators"),
        ["killed 10 [10-10]", "killed perpetrators 4 [4-4]"],
    ),
    "attackers alone are nobody's victims": (report("r", "killed 1 perpetrators"), ["killed perpetrators 1 [1-1]"]),
    "attackers that a total includes come off": (
        report("r", "killed 11", "killed 1 perpetrators subset"),
        ["killed 10 [10-10] derived", "killed perpetrators 1 [1-1]"],
    ),
    "attackers named twice come off once": (
        report("r", "killed 11", "killed 1 perpetrators subset", "killed 11", "killed 1 perpetrators subset"),
        ["killed 10 [10-10] derived", "killed perpetrators 1 [1-1]"],
    ),
    "what police fired is not the attack's weapon": (
        [
            *report("r", "killed 4", weapons="other"),
            *report("r", "killed 1 perpetrators", weapons="small_arms"),
        ],
        ["killed 4 [4-4]", "killed perpetrators 1 [1-1]"],
    ),
    # --- additions
    "two more died in hospital": (report("r", "killed 5", "killed 2 additional"), ["killed 7 [7-7]"]),
    "an addition reaches the headline's figure": (
        report("r", "killed 5", "killed 5", "killed 2 additional"),
        ["killed 7 [7-7]"],
    ),
    "an addition that the new total includes": (
        [
            claim("killed 5", at="2025-04-24 08:00", source="A"),
            *report("late", "killed 7", "killed 2 additional", at="2025-04-25 08:00", source="B"),
        ],
        ["killed 7 [7-7]"],
    ),
    "an addition before the new total": (report("r", "killed 2 additional", "killed 7"), ["killed 7 [7-7]"]),
    "an addition of a group counts among all": (
        report("r", "injured 1", "injured 2 police additional"),
        ["injured 3 [3-3]", "injured police 2 [2-2]"],
    ),
    "an addition alone gives a low": (report("r", "killed 2 additional"), ["killed - [2-]"]),
    "an addition to at least": (report("r", "killed 5..", "killed 1 additional"), ["killed 6 [6-]"]),
}


@pytest.mark.parametrize("name", ONE_STRIKE)
def test_one_strike(name: str) -> None:
    claims, expected = ONE_STRIKE[name]
    assert figures(claims) == expected


VAGUE = [claim("injured 24..~", vague="dozens")]
VAGUE_AND_EXACT = [*VAGUE, claim("injured 63", at="2025-04-24 09:00")]


@pytest.mark.parametrize(
    ("claims", "vague", "expected"),
    [
        (VAGUE, "literal", ["injured 24 [24-] approx"]),
        (VAGUE, "acled", ["injured 12 [12-12] approx"]),
        (VAGUE, "exclude", []),
        (VAGUE_AND_EXACT, "literal", ["injured 63 [63-63]"]),
        (VAGUE_AND_EXACT, "acled", ["injured 63 [63-63]"]),
        (VAGUE_AND_EXACT, "exclude", ["injured 63 [63-63]"]),
        ([claim("killed 3..~", vague="several")], "acled", ["killed 3 [3-3] approx"]),
        ([claim("killed 20..~", vague="tens")], "acled", ["killed 10 [10-10] approx"]),
        ([claim("killed 40..~", vague="scores")], "acled", ["killed 40 [40-40] approx"]),
        ([claim("killed 200..~", vague="hundreds")], "acled", ["killed 100 [100-100] approx"]),
        ([claim("killed 2000..~", vague="thousands")], "acled", ["killed 1000 [1000-1000] approx"]),
        ([claim("killed 300..~", vague="several hundred")], "acled", ["killed 300 [300-300] approx"]),
        ([claim("killed 20000..~", vague="tens of thousands")], "acled", ["killed 10000 [10000-10000] approx"]),
        ([claim("killed 36..~", vague="a few dozen")], "acled", ["killed 36 [36-36] approx"]),
        ([claim("killed 2000000..~", vague="millions")], "literal", ["killed 2000000 [2000000-] approx"]),
    ],
)
def test_vague_words(claims: list[Claim], vague: str, expected: list[str]) -> None:
    assert figures(claims, vague=vague) == expected


SOURCES = [
    claim("killed 14", at="2025-04-24 06:00", source="A"),
    claim("killed 12", at="2025-04-24 07:00", source="B"),
    claim("killed 12", at="2025-04-24 08:00", source="C"),
    claim("killed 13", at="2025-04-24 09:00", source="D"),
]


@pytest.mark.parametrize(("policy", "best"), [("latest", 13), ("conservative", 13), ("majority", 13), ("highest", 14)])
def test_a_rising_toll_leaves_little_to_choose(policy: str, best: int) -> None:
    assert figures(SOURCES, policy) == [f"killed {best} [13-14]"]


@pytest.mark.parametrize(("policy", "best"), [("latest", 11), ("conservative", 11), ("majority", 12), ("highest", 14)])
def test_policies(policy: str, best: int) -> None:
    falling = [*SOURCES[:3], claim("killed 11", at="2025-04-24 09:00", source="D")]
    assert figures(falling, policy) == [f"killed {best} [11-14] disputed"]


def test_an_undated_report_does_not_win_under_any_policy() -> None:
    claims = [claim("killed 6", at="2025-04-24"), claim("killed 50", at=None)]
    assert {figures(claims, policy)[0] for policy in Policy} == {"killed 6 [6-50] disputed"}


def test_what_a_source_took_back_wins_nowhere() -> None:
    claims, _ = ONE_STRIKE["a source lowers its 'at least'"]
    assert figures(claims, "highest") == ["killed 7 [7-]"]


def test_two_sources_with_one_figure_both_stand() -> None:
    claims = [
        claim("killed 8", at="2025-04-24 06:00", source="A"),
        claim("killed 8..", at="2025-04-24 07:00", source="C"),
        claim("killed 8", at="2025-04-24 08:00", source="B"),
    ]
    (strike,) = reconcile(claims)
    (figure,) = strike.figures
    assert figure.current == (claims[0].claim_id, claims[2].claim_id)
    assert figure.supporting == (claims[1].claim_id,)


def test_highest_takes_the_top_of_a_range() -> None:
    assert figures([claim("killed 10..15")], "highest") == ["killed 15 [10-15]"]


# --- munitions --------------------------------------------------------------------------------------------


def test_drones_and_missiles_of_a_wave_add_up() -> None:
    wave = [
        *report("af", "launched 145", "intercepted 64", "suppressed 68", place=None, weapons="drone"),
        *report("af", "launched 70", "intercepted 48", place=None, weapons="missile"),
    ]
    expected = {
        "Ukraine 04-24 drone+missile": [
            "launched 215 [215-215] derived",
            "intercepted 112 [112-112] derived",
            "suppressed 68 [68-68]",
        ]
    }
    assert rows(wave) == expected
    joint = claim("launched 215", place=None, weapons="drone+missile", at="2025-04-24 09:00")
    expected["Ukraine 04-24 drone+missile"][0] = "launched 215 [215-215]"
    assert rows([*wave, joint]) == expected


def test_models_add_up_within_their_class() -> None:
    listed = [
        *report("af", "launched 11", place=None, weapons="missile", models=("Iskander-M",), sentence="List."),
        *report("af", "launched 37", place=None, weapons="missile", models=("Kh-101",), sentence="List."),
        *report("af", "launched 90", place=None, weapons="drone", sentence="List."),
    ]
    assert figures(listed) == ["launched 138 [138-138] derived"]
    assert figures([*listed, *report("af", "launched 48", place=None, weapons="missile")]) == [
        "launched 138 [138-138] derived"
    ]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("7", "20"), "launched 27 [27-27] derived"),
        (("27", "7", "20"), "launched 27 [27-27]"),
        (("20..", "7"), "launched 27 [27-] derived"),
    ],
)
def test_kinds_listed_in_one_sentence(numbers: tuple[str, ...], expected: str) -> None:
    figures_ = [f"launched {number}" for number in numbers]
    assert figures(report("af", *figures_, place=None, weapons="missile", sentence="A list.")) == [expected]


def test_munitions_listed_for_a_town_are_one_attack() -> None:
    claims = [
        *report("gov", "launched 20", place="Odesa", weapons="drone", sentence="Odesa."),
        *report("gov", "launched 3", place="Odesa", weapons="missile", sentence="Odesa."),
    ]
    assert rows(claims) == {"Odesa 04-24 drone+missile": ["launched 23 [23-23] derived"]}


# --- how a figure came about ------------------------------------------------------------------------------


def test_history_of_a_toll() -> None:
    (strike,) = reconcile(TOLL_RISES)
    steps = toll_history(strike, [*TOLL_RISES, claim("killed 99", place="Lviv")])
    assert [(step.low, step.status) for step in steps] == [
        (2, Status.SUPERSEDED),
        (9, Status.SUPERSEDED),
        (8, Status.SUPERSEDED),
        (13, Status.CURRENT),
    ]
    assert [step.source for step in steps][:2] == ["the mayor", "State Emergency Service"]
    assert [step.when for step in steps] == [each.published for each in TOLL_RISES]
    assert toll_history(strike, TOLL_RISES, strike.figures[0].measure, strike.figures[0].group) == steps


def test_history_of_a_figure_that_nobody_stated_is_empty() -> None:
    (strike,) = reconcile([claim("injured 3")])
    assert toll_history(strike, []) == []


def test_supporting_and_superseded_claims_are_kept_apart() -> None:
    early, at_least, dozens, exact = (
        claim("killed 2", at="2025-04-24 04:00"),
        claim("killed 20..", at="2025-04-24 08:00"),
        claim("killed 24..~", at="2025-04-24 09:00", vague="dozens"),
        claim("killed 26", at="2025-04-24 10:00", source="police"),
    )
    extra = claim("killed 25..", at="2025-04-24 11:00")
    (strike,) = reconcile([extra, dozens, exact, at_least, early])
    (figure,) = strike.figures
    assert figure.current == (exact.claim_id,)
    assert figure.superseded == (early.claim_id, at_least.claim_id)
    assert figure.supporting == (dozens.claim_id, extra.claim_id)
