"""What analysts correct: figures, rejections, moves, merges and splits, anchored to what was read (codebook 8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.factory import claim, report, shown, where
from tracker.corrections import Action, Anchor, Change, Correction, anchor_of, apply, in_force
from tracker.models import Claim, Group, Measure
from tracker.reconcile import reconcile

MADE = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)


def correction(action: str, *held: Claim, number: int = 1, **fields: Any) -> Correction:
    values: dict[str, Any] = {"who": "Olena", "when": MADE, "why": "checked by phone", **fields}
    return Correction(number, Action(action), tuple(map(anchor_of, held)), **values)


def rows(claims: list[Claim], *corrections: Correction) -> dict[str, list[str]]:
    return {where(s): [shown(f) for f in s.figures] for s in reconcile(claims, corrections=corrections)}


def notes(claims: list[Claim], *corrections: Correction) -> list[str]:
    return [note for strike in reconcile(claims, corrections=corrections) for note in strike.corrections]


FIVE, SEVEN = claim("killed 5", source="A"), claim("killed 7", source="B")
LVIV = claim("killed 2", place="Lviv")


def test_a_figure_is_set() -> None:
    fixed = correction("figure", SEVEN, change=Change(low=6, high=6))
    assert rows([FIVE, SEVEN], fixed) == {"Kyiv 04-24 ?": ["killed 5 [5-6]"]}
    assert notes([FIVE, SEVEN], fixed) == ["#1 figure (Olena, 2025-05-04): checked by phone"]


def test_a_figure_that_was_vague_is_no_longer() -> None:
    vague = claim("injured 24..~", vague="dozens")
    assert rows([vague], correction("figure", vague, change=Change(low=31, high=31))) == {
        "Kyiv 04-24 ?": ["injured 31 [31-31]"]
    }


def test_a_claim_is_rejected_and_the_strike_says_so() -> None:
    both = report("r", "killed 5", "injured 9")
    out = correction("reject", both[1], link="https://example.org/1")
    assert rows(both, out) == {"Kyiv 04-24 ?": ["killed 5 [5-5]"]}
    assert notes(both, out) == ["#1 reject (Olena, 2025-05-04): checked by phone <https://example.org/1>"]
    assert rows([FIVE], correction("reject", FIVE)) == {}


def test_a_rejection_shows_in_the_strike_that_others_still_make() -> None:
    out = correction("reject", SEVEN)
    assert rows([FIVE, SEVEN, LVIV], out) == {"Kyiv 04-24 ?": ["killed 5 [5-5]"], "Lviv 04-24 ?": ["killed 2 [2-2]"]}
    assert notes([FIVE, SEVEN, LVIV], out) == ["#1 reject (Olena, 2025-05-04): checked by phone"]
    bomb = claim("killed 1", weapons="bomb")
    drone, other_drone = claim("killed 3", weapons="drone"), claim("killed 4", weapons="drone")
    shown_in = {
        where(strike): len(strike.corrections)
        for strike in reconcile([bomb, drone, other_drone], corrections=[correction("reject", drone)])
    }
    assert shown_in == {"Kyiv 04-24 bomb": 0, "Kyiv 04-24 drone": 1}


def test_a_claim_is_moved_to_another_place_or_day() -> None:
    there = Change(place="Lviv", admin1="Lviv", country="Ukraine", lat=49.8, lon=24.0)
    moved = correction("move", SEVEN, change=there)
    assert rows([FIVE, SEVEN, LVIV], moved) == {
        "Kyiv 04-24 ?": ["killed 5 [5-5]"],
        "Lviv 04-24 ?": ["killed 7 [2-7] disputed"],
    }
    (later,) = reconcile([FIVE], corrections=[correction("move", FIVE, change=Change(date=dt.date(2025, 4, 26)))])
    assert (later.place, later.date, later.date_end) == ("Kyiv", dt.date(2025, 4, 26), dt.date(2025, 4, 26))


def test_strikes_are_merged_and_take_in_what_comes_later() -> None:
    drone, missile = claim("killed 1", weapons="drone"), claim("injured 4", weapons="missile")
    one = correction("merge", drone, missile)
    assert rows([drone, missile], one) == {"Kyiv 04-24 drone+missile": ["killed 1 [1-1]", "injured 4 [4-4]"]}
    later = claim("killed 3", weapons="missile", at="2025-04-25")
    assert rows([drone, missile, later], one)["Kyiv 04-24 drone+missile"][0] == "killed 3 [3-3]"
    assert len(notes([drone, missile], one)) == 1


def test_a_doubtful_strike_that_was_merged_is_in_doubt_no_longer() -> None:
    drone, missile = claim("killed 1", weapons="drone"), claim("killed 2", weapons="missile")
    unsaid = claim("killed 2")
    assert len(reconcile([drone, missile, unsaid])) == 3
    strikes = reconcile([drone, missile, unsaid], corrections=[correction("merge", unsaid, missile)])
    assert [strike.linked for strike in strikes] == [(), ()]


def test_a_span_and_an_incident_never_become_one() -> None:
    span = claim("killed 30 period")
    assert len(reconcile([FIVE, span], corrections=[correction("merge", FIVE, span)])) == 2


def test_a_strike_is_split() -> None:
    apart = correction("split", SEVEN)
    strikes = reconcile([FIVE, SEVEN], corrections=[apart])
    assert sorted(shown(s.figures[0]) for s in strikes) == ["killed 5 [5-5]", "killed 7 [7-7]"]
    assert len({s.strike_id for s in strikes}) == 2
    assert notes([FIVE, SEVEN], apart) == [apart.note] * 2
    assert len(reconcile([FIVE], corrections=[correction("split", FIVE)])) == 1


def test_corrections_build_on_each_other_and_are_undone() -> None:
    first = correction("figure", FIVE, change=Change(low=6, high=6))
    second = correction("figure", FIVE, number=2, change=Change(low=8, high=8))
    undo = correction("undo", number=3, undoes=2)
    redo = correction("undo", number=4, undoes=3)
    for log, best in (([first], 6), ([first, second], 8), ([second, first], 8)):
        assert reconcile([FIVE], corrections=log)[0].figures[0].best == best
    assert reconcile([FIVE], corrections=[first, second, undo])[0].figures[0].best == 6
    assert reconcile([FIVE], corrections=[first, second, undo, redo])[0].figures[0].best == 8
    assert [each.number for each in in_force([first, second, undo])] == [1]


# --- anchors ----------------------------------------------------------------------------------------------


def test_an_anchor_survives_better_offsets_and_another_figure() -> None:
    out = correction("reject", FIVE)
    better = replace(FIVE, claim_id="other", start=FIVE.start + 3, low=4, text="four", weapons=("drone",), place="Lviv")
    assert apply([better], [out]).claims == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"report_id": "another"},
        {"sentence": "Another sentence."},
        {"measure": Measure.INJURED},
    ],
)
def test_an_anchor_without_its_claim_is_lost_and_listed(changes: dict[str, Any]) -> None:
    out = correction("reject", FIVE)
    other = replace(FIVE, **changes)
    corrected = apply([other], [out])
    assert corrected.claims == (other,)
    assert corrected.lost == ((out, anchor_of(FIVE)),)


def test_the_group_the_words_and_the_place_tell_several_apart() -> None:
    same = {"report": "r", "sentence": "Nine died, two of them children, and nine more."}
    nine, children = claim("killed 9", start=0, **same), claim("killed 2 children subset", start=10, **same)
    again = claim("killed 9", start=30, **same)
    for held in (nine, children, again):
        assert set(apply([nine, children, again], [correction("reject", held)]).claims) == {nine, children, again} - {
            held
        }
    unclear = Anchor("r", same["sentence"], Measure.KILLED, Group.ALL, "9", 15)
    lost = Correction(1, Action.REJECT, (unclear,), "Olena", MADE, "?")
    assert apply([nine, children, again], [lost]).lost == ((lost, unclear),)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(measure=Measure.INJURED), {"Kyiv 04-24 drone": ["injured 7 [7-7]"]}),
        (Change(group=Group.CHILDREN), {"Kyiv 04-24 drone": ["killed 7 [7-7] derived", "killed children 7 [7-7]"]}),
        (Change(weapons=("missile", "bomb")), {"Kyiv 04-24 bomb+missile": ["killed 7 [7-7]"]}),
        (Change(weapons=()), {"Kyiv 04-24 ?": ["killed 7 [7-7]"]}),
    ],
)
def test_a_claim_is_recoded(change: Change, expected: dict[str, list[str]]) -> None:
    seven = claim("killed 7", weapons="drone", models=("Shahed",), attacker="Russia")
    assert rows([seven], correction("recode", seven, change=change)) == expected


def test_a_recoded_weapon_takes_its_model_along_and_an_attacker_can_be_taken_away() -> None:
    seven = claim("killed 7", weapons="drone", models=("Shahed",), attacker="Russia")
    (other,) = apply([seven], [correction("recode", seven, change=Change(weapons=("bomb",)))]).claims
    assert (other.weapons, other.models, other.attacker) == (("bomb",), (), "Russia")
    (nobody,) = apply([seven], [correction("recode", seven, change=Change(attacker=""))]).claims
    assert (nobody.weapons, nobody.models, nobody.attacker) == (("drone",), ("Shahed",), None)


def test_what_is_accepted_stands_as_it_was_read_and_says_so() -> None:
    accepted = correction("accept", FIVE, change=Change(seen="abc"))
    assert rows([FIVE, SEVEN], accepted) == rows([FIVE, SEVEN])
    assert notes([FIVE, SEVEN], accepted) == ["#1 accept (Olena, 2025-05-04): checked by phone"]
