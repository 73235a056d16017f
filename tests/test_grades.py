"""Grades of evidence, and figures that a party gives for its enemy's losses (codebook 8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factory import claim, report, shown
from tracker.credit import Standing, of_enemy_losses, party_of, source_key, standing
from tracker.grades import Facts, grade
from tracker.lexicon import read_toml
from tracker.models import Claim, Grade, Measure
from tracker.reconcile import reconcile
from tracker.table import to_table, totals

DATA = read_toml("en/grades.toml")


def _facts(example: dict[str, Any]) -> Facts:
    credited = example["sources"]
    named = {kind: tuple(s for s in credited if s and standing(s) is kind) for kind in Standing}
    return Facts(
        len(credited), named[Standing.OFFICIAL], named[Standing.INDEPENDENT],
        tuple(example.get("disputed", ())), tuple(example.get("blamed", ())), example.get("enemy_losses", False),
    )  # fmt: skip


@pytest.mark.parametrize("row", DATA["rules"], ids=lambda row: f"{row['grade']}: {row['reason'][:30]}")
def test_each_rule_grades_its_example(row: dict[str, Any]) -> None:
    found, reason = grade(_facts(row["example"]))
    assert found == row["grade"]
    assert "{" not in reason
    assert row["reason"].split("{")[0] in reason


@pytest.mark.parametrize("row", DATA["sources"], ids=lambda row: row["term"])
def test_each_source_term_reads_its_example(row: dict[str, str]) -> None:
    assert standing(row["example"]) == row["standing"]
    others = [o["term"] for o in DATA["sources"] if o is not row and o["term"].casefold() == row["term"].casefold()]
    assert not others


def test_source_terms_are_sorted() -> None:
    keys = [(row["standing"], row["term"].casefold()) for row in DATA["sources"]]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("the hospital's administration", "independent"),
        ("two witnesses", "independent"),
        ("police", "official"),
        ("Hamas", "official"),
        ("Ivan Petrenko", "other"),
        ("Unity party organiser", "other"),
    ],
)
def test_what_sort_of_source(source: str, expected: str) -> None:
    assert standing(source) == expected


@pytest.mark.parametrize(
    ("source", "party"),
    [
        ("Russia's defence ministry", "Russia"),
        ("the Ukrainian air force", "Ukraine"),
        ("the IDF", "Israel"),
        ("Houthi-run television", "Houthis"),
        ("US and British officials", None),
        ("the fire service", None),
    ],
)
def test_for_whom_a_source_speaks(source: str, party: str | None) -> None:
    assert party_of(source) == party


SAID = [
    (claim("killed 60 soldiers", attacker="Russia", source="Russia's defence ministry"), True),
    (claim("killed 60", attacker="Russia", source="Russia's defence ministry"), True),
    (
        claim("killed 12 fighters", place="Rafah", country="Palestine", attacker="Israel", source="the Israeli army"),
        True,
    ),
    (claim("injured 30 soldiers", country="Mali", attacker="JNIM", source="JNIM"), True),
    (claim("killed 60 soldiers", source="Russia's defence ministry"), True),
    (claim("killed 5 soldiers", source="Ukraine's general staff"), False),
    (claim("killed 60", source="Russia's defence ministry"), False),
    (claim("killed 3 civilians", attacker="Russia", source="Russia's defence ministry"), False),
    (claim("killed 9", attacker="Russia", source="Ukraine's interior ministry"), False),
    (claim("killed 9", attacker="Russia", source="the mayor"), False),
    (claim("killed 9", attacker="Russia"), False),
    (claim("intercepted 60", attacker="Russia", source="Russia's defence ministry"), False),
]


@pytest.mark.parametrize(("said", "expected"), SAID)
def test_a_partys_count_of_its_enemys_losses(said: Claim, expected: bool) -> None:
    assert of_enemy_losses(said) is expected


def test_an_enemys_count_alone_is_contested_and_outside_sums() -> None:
    claims = [
        *report("r", "killed 60 soldiers", attacker="Russia", source="Russia's defence ministry"),
        *report("s", "killed 4", place="Sumy", source="the mayor"),
    ]
    strikes = {strike.place: strike for strike in reconcile(claims)}
    kyiv = strikes["Kyiv"]
    assert [shown(f) for f in kyiv.figures] == ["killed 60 [60-60] derived", "killed soldiers 60 [60-60]"]
    assert all(f.contested for f in kyiv.figures)
    assert kyiv.grade is Grade.CONTESTED
    assert kyiv.grade_reason == "only a party to the fighting gives figures, for its enemy's losses"
    table = to_table(strikes.values())
    assert table["contested"].fillna("-").to_dict() == {
        key: "killed+killed_soldiers" if key[0] == "Kyiv" else "-" for key in table.index
    }
    assert totals(table)[Measure.KILLED].best == 4
    assert totals(table)[Measure.KILLED].n_strikes == 1
    assert totals(table, contested=True)[Measure.KILLED].best == 64


def test_an_enemys_count_sets_no_figure_beside_what_others_say() -> None:
    claims = [
        claim("killed 3", source="the governor", at="2025-04-24 06:00"),
        *report(
            "r", "killed 40", "killed 40 soldiers", attacker="Russia", source="the Russian army", at="2025-04-24 09:00"
        ),
    ]
    (strike,) = reconcile(claims)
    assert [shown(f) for f in strike.figures] == ["killed 3 [3-3]", "killed soldiers 40 [40-40]"]
    assert [f.contested for f in strike.figures] == [False, True]
    assert strike.figures[0].supporting == (claims[1].claim_id,)
    table = to_table([strike])
    assert totals(table)[Measure.KILLED].best == 3
    assert totals(table, contested=True)[Measure.KILLED].best == 43


def test_perpetrators_can_be_switched_into_sums() -> None:
    table = to_table(
        reconcile([*report("r", "killed 10", "killed 4 perpetrators"), claim("killed 1 perpetrators", place="Lviv")])
    )
    assert totals(table)[Measure.KILLED].best == 10
    found = totals(table, perpetrators=True)[Measure.KILLED]
    assert (found.low, found.best, found.high, found.n_strikes) == (15, 15, 15, 2)
    open_ended = to_table(reconcile(report("r", "killed 10..", "killed 4 perpetrators")))
    assert totals(open_ended, perpetrators=True)[Measure.KILLED].high is None


GRADED = {
    "one source": ([claim("killed 3", source="the mayor")], "weak", "one source"),
    "one source in two reports": (
        [claim("killed 3", source="mayor"), claim("killed 3", source="The mayor")],
        "weak",
        "one source",
    ),
    "two officials": (
        [claim("killed 3", source="the mayor"), claim("killed 3", source="police")],
        "fair",
        "2 sources, not both official and independent",
    ),
    "an official and residents": (
        [claim("killed 3", source="the mayor"), claim("injured 3", source="residents")],
        "confirmed",
        "official and independent sources: the mayor; residents",
    ),
    "sources far apart": (
        [claim("killed 3", source="the mayor"), claim("killed 30", source="residents")],
        "contested",
        "sources disagree on killed",
    ),
    "each blames the other": (
        [
            claim("killed 50", attacker="Russia", source="the mayor"),
            claim("killed 50", attacker="Ukraine", source="residents"),
        ],
        "contested",
        "sources blame different parties: Russia, Ukraine",
    ),
}


@pytest.mark.parametrize("name", GRADED)
def test_grades_of_strikes(name: str) -> None:
    claims, expected, reason = GRADED[name]
    (strike,) = reconcile(claims)
    assert (strike.grade, strike.grade_reason) == (expected, reason)


def test_a_credited_source_stays_itself_in_a_copied_text() -> None:
    said, unsaid = claim("killed 3", report="a", source="Mayor"), claim("killed 3", report="a", publisher="P")
    assert source_key(said, {"a": "t"}) == "source:mayor"
    assert source_key(unsaid, {"a": "t"}) == "text:t"
    assert source_key(unsaid) == "publisher:p"
