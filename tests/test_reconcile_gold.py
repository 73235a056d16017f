"""The two articles coded by hand, and one attack as it was reported through a day (codebook 8)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.factory import claim, report
from tracker.models import Basis, Claim, Figure, Group, Measure, Relation, Strike, joined_weapons, stable_id
from tracker.reconcile import reconcile, toll_history

GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold"


def _claim(item: dict[str, Any], coded: dict[str, Any]) -> Claim:
    return claim(
        f"{coded['measure']} 1",
        report=item["id"],
        start=coded["start"],
        at=item["published"],
        date=coded["date"],
        place=coded["place"],
        country=coded["country"],
        weapons="+".join(coded["weapons"]),
        claim_id=stable_id(item["id"], coded["start"], coded["measure"]),
        models=tuple(coded["models"]),
        attacker=coded["attacker"],
        source=coded["source"],
        low=coded["low"],
        high=coded["high"],
        approx=coded["approx"],
        text=coded["text"],
        vague="dozens" if coded["text"] == "dozens" else None,
        group=Group(coded["group"]),
        relation=Relation(coded["relation"]),
        basis=Basis(coded["basis"]),
    )


def _row(strike: Strike, figure: Figure) -> dict[str, str]:
    def text(value: object) -> str:
        return "" if value is None else str(value)

    return {
        "place": text(strike.place),
        "date": text(strike.date),
        "weapons": text(joined_weapons(strike.weapons)),
        "scope": text(strike.scope),
        "measure": figure.measure,
        "group": figure.group,
        "low": text(figure.low),
        "best": text(figure.best),
        "high": text(figure.high),
        "disputed": str(figure.disputed).lower(),
    }


@pytest.mark.skipif(not GOLD.is_dir(), reason="the hand-coded articles are not beside this checkout")
def test_the_hand_coded_articles_give_the_hand_coded_strikes() -> None:
    items = [json.loads(line) for line in (GOLD / "seeds.jsonl").read_text(encoding="utf-8").splitlines()]
    strikes = reconcile(_claim(item, coded) for item in items for coded in item["claims"])
    with (GOLD / "seeds_strikes.csv").open(encoding="utf-8", newline="") as file:
        expected = [{key: value for key, value in row.items() if key != "note"} for row in csv.DictReader(file)]
    found = [_row(strike, figure) for strike in strikes for figure in strike.figures]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert len(strikes) == 3


# --- Kyiv, 24 April 2025, as it was reported through the day ----------------------------------------------


def _through_the_day() -> list[list[Claim]]:
    kyiv: dict[str, Any] = {"weapons": "drone+missile", "attacker": "Russia", "date_text": "overnight"}
    nationwide: dict[str, Any] = {**kyiv, "place": None}
    air_force: dict[str, Any] = {"at": "2025-04-24 09:30", "source": "Ukraine's air force"}
    return [
        report("mayor", "killed 2", "injured 54", at="2025-04-24 02:10", source="Vitali Klitschko", **kyiv),
        report("rescue", "killed 9", "injured 63", at="2025-04-24 05:40", source="State Emergency Service", **kyiv),
        report(
            "ministry",
            "killed 8",
            "injured 71..",
            "missing 2 children",
            at="2025-04-24 08:15",
            source="Interior Ministry",
            **kyiv,
        ),
        report("agency", "killed 9", "injured 70", "injured 6 children subset", at="2025-04-24 12:00", **kyiv),
        report(
            "regions",
            "killed 13 period",
            "injured 97 period",
            at="2025-04-24 13:00",
            source="regional authorities",
            **nationwide,
        ),
        [
            *report(
                "force",
                "launched 145",
                "intercepted 64",
                "suppressed 68",
                **{**nationwide, **air_force, "weapons": "drone"},
            ),
            *report("force", "launched 70", "intercepted 48", **{**nationwide, **air_force, "weapons": "missile"}),
        ],
        report("sum", "launched 215", at="2025-04-24 11:00", source="the air force", **nationwide),
    ]


def _kyiv(reports: list[list[Claim]]) -> Strike:
    (strike,) = (s for s in reconcile(c for claims in reports for c in claims) if s.place == "Kyiv")
    return strike


def _bounds(strike: Strike, measure: Measure) -> tuple[int | None, int | None, int | None]:
    figure = strike.figure(measure)
    assert figure is not None
    return figure.low, figure.best, figure.high


def test_the_dead_of_a_day_as_they_were_reported() -> None:
    reports = _through_the_day()
    after = [_bounds(_kyiv(reports[:n]), Measure.KILLED) for n in (1, 2, 3, 7)]
    assert after == [(2, 2, 2), (9, 9, 9), (8, 8, 9), (9, 9, 9)]
    for n in (3, 7):
        figure = _kyiv(reports[:n]).figure(Measure.KILLED)
        assert figure is not None
        assert not figure.disputed


def test_the_injured_of_a_day_as_they_were_reported() -> None:
    reports = _through_the_day()
    after = [_bounds(_kyiv(reports[:n]), Measure.INJURED) for n in (1, 2, 3, 7)]
    assert after == [(54, 54, 54), (63, 63, 63), (71, 71, None), (70, 70, None)]


def test_the_history_of_the_day() -> None:
    claims = [each for claims in _through_the_day() for each in claims]
    strike = _kyiv(_through_the_day())
    assert [step.low for step in toll_history(strike, claims)] == [2, 9, 8, 9]
    assert [step.low for step in toll_history(strike, claims, Measure.INJURED)] == [54, 63, 71, 70]


def test_the_days_toll_and_wave_are_rows_of_their_own() -> None:
    strikes = reconcile(each for claims in _through_the_day() for each in claims)
    assert len(strikes) == 3
    (period,) = (s for s in strikes if s.basis is Basis.PERIOD)
    assert _bounds(period, Measure.KILLED) == (13, 13, 13)
    assert _bounds(period, Measure.INJURED) == (97, 97, 97)
    (wave,) = (s for s in strikes if s.figure(Measure.LAUNCHED))
    assert _bounds(wave, Measure.LAUNCHED) == (215, 215, 215)
    assert _bounds(wave, Measure.INTERCEPTED) == (112, 112, 112)
    assert _bounds(wave, Measure.SUPPRESSED) == (68, 68, 68)
    kyiv = _kyiv(_through_the_day())
    assert wave.linked == (kyiv.strike_id,)
    assert kyiv.linked == (wave.strike_id,)
    assert period.linked == ()
