"""What holds for any claims: no order of arrival matters, nothing is lost, bounds stay in order."""

from __future__ import annotations

import datetime as dt
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factory import claim, report
from tracker.models import Claim, Group, Measure, Policy, VaguePolicy
from tracker.reconcile import reconcile
from tracker.statements import read_measure
from tracker.tolls import _figures_of, figures

_GROUPS = ["", "civilians", "soldiers", "children", "women", "perpetrators"]
_MEASURES = ["killed", "killed", "injured", "launched", "intercepted", "hits"]
_FIGURES = ["{0}", "{0}", "{0}..", "..{0}", "{0}~", "{0}..{1}"]


@st.composite
def claims_of_one_week(draw: st.DrawFn) -> Claim:
    """A claim from so small a world that claims meet, overlap and contradict each other all the time."""
    n = draw(st.integers(0, 20))
    measure = draw(st.sampled_from(_MEASURES))
    group = "" if measure in ("launched", "intercepted", "hits") else draw(st.sampled_from(_GROUPS))
    relation = draw(st.sampled_from(["total", "total", "total", "subset", "additional"]))
    basis = draw(st.sampled_from(["", "", "", "period"]))
    figure = draw(st.sampled_from(_FIGURES)).format(n, n + 5)
    day = draw(st.one_of(st.none(), st.integers(1, 5)))
    length = draw(st.sampled_from([0, 0, 0, 1, 3]))
    date = None if day is None else dt.date(2025, 4, day)
    name = f"r{draw(st.integers(1, 6))}"
    # What a report is does not change from claim to claim.
    world = random.Random(name)
    published = world.choice([None, dt.date(2025, 4, 3), dt.datetime(2025, 4, 3, world.randrange(24), tzinfo=dt.UTC)])
    return claim(
        f"{measure} {figure} {group} {relation} {basis}",
        report=name,
        start=draw(st.integers(0, 5)) * 10,
        at=published,
        publisher=world.choice([None, "Agency", "Daily"]),
        date=date,
        date_end=None if date is None else date + dt.timedelta(days=length),
        date_prec=draw(st.sampled_from([None, 1, 2])),
        date_text=draw(st.sampled_from([None, "overnight", "late on Monday", "early on Tuesday"])),
        place=draw(st.sampled_from(["Kyiv", "Kyiv", "Odesa", None])),
        country=draw(st.sampled_from(["Ukraine", "Ukraine", None])),
        admin1=draw(st.sampled_from([None, "North", "South"])),
        attacker=draw(st.sampled_from([None, "Russia", "Ukraine"])),
        weapons=draw(st.sampled_from(["", "drone", "missile", "drone+missile", "bomb", "bomb+missile"])),
        source=draw(st.sampled_from([None, "police", "The Police", "the mayor"])),
        vague=draw(st.sampled_from([None, None, "dozens"])),
        sentence=f"Sentence {draw(st.integers(0, 2))}.",
    )


worlds = st.lists(claims_of_one_week(), max_size=25)
_often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_often
@given(worlds, st.randoms(use_true_random=False), st.sampled_from(Policy), st.sampled_from(VaguePolicy))
def test_any_order_of_arrival_gives_the_same_strikes(
    claims: list[Claim], shuffle: random.Random, policy: Policy, vague: VaguePolicy
) -> None:
    other = list(claims)
    shuffle.shuffle(other)
    assert reconcile(other, policy, vague=vague) == reconcile(claims, policy, vague=vague)


@_often
@given(worlds, st.sampled_from(Policy), st.sampled_from(VaguePolicy))
def test_every_claim_is_in_one_strike_and_bounds_are_in_order(
    claims: list[Claim], policy: Policy, vague: VaguePolicy
) -> None:
    strikes = reconcile(claims, policy, vague=vague)
    ids = [strike.strike_id for strike in strikes]
    assert len(set(ids)) == len(ids)
    assert {i for strike in strikes for i in strike.claim_ids} == {each.claim_id for each in claims}
    measures, groups = list(Measure), list(Group)
    for strike in strikes:
        assert set(strike.linked) <= set(ids) - {strike.strike_id}
        keys = [(measures.index(f.measure), groups.index(f.group)) for f in strike.figures]
        assert keys == sorted(set(keys))
        for figure in strike.figures:
            known = [n for n in (figure.low, figure.best, figure.high) if n is not None]
            assert known, figure
            assert known == sorted(known), figure
            lists = [*figure.current, *figure.superseded, *figure.supporting]
            assert len(lists) == len(set(lists))
            assert set(lists) <= set(strike.claim_ids)


@_often
@given(claims_of_one_week(), st.sampled_from(Policy), st.sampled_from(VaguePolicy))
def test_a_single_claim_is_settled_as_several_would_be(claim: Claim, policy: Policy, vague: VaguePolicy) -> None:
    general = _figures_of(claim.measure, read_measure([claim], vague, {}), policy)
    assert figures([claim], policy, vague) == tuple(general)


@_often
@given(worlds)
def test_a_town_that_gets_no_news_keeps_its_strikes(claims: list[Claim]) -> None:
    odesa = [strike for strike in reconcile(claims) if strike.place == "Odesa"]
    more = report("new", "killed 3", "injured 4", place="Kyiv", weapons="drone", date="2025-04-03")
    after = [strike for strike in reconcile([*claims, *more]) if strike.place == "Odesa"]
    assert [s.figures for s in after] == [s.figures for s in odesa]


def _many(n: int) -> list[Claim]:
    """Claims over 400 towns and 500 days, a tenth of them about the whole country."""
    rnd = random.Random(20250424)
    claims: list[Claim] = []
    number = 0
    while len(claims) < n:
        number += 1
        day = dt.date(2024, 1, 1) + dt.timedelta(days=rnd.randrange(500))
        killed = rnd.randrange(1, 40)
        town = f"Town {int(400 * rnd.random() ** 3)}" if rnd.random() < 0.9 else None
        claims += report(
            f"r{number}", f"killed {killed}", f"injured {3 * killed}..", f"killed {killed // 2} children subset",
            place=town, date=day, weapons=rnd.choice(["drone", "missile", "drone+missile", "", "bomb"]),
            at=dt.datetime.combine(day, dt.time(rnd.randrange(24)), tzinfo=dt.UTC),
            date_text=rnd.choice([None, None, "overnight"]),
        )  # fmt: skip
    return claims[:n]


def test_cost_grows_no_faster_than_n_log_n() -> None:
    """One crowded town: the same place, day and weapon in every claim, or every day of a century."""
    for shape in ("one strike", "one town"):
        took = []
        for n in (1_000, 8_000):
            claims = [
                claim(
                    f"killed {k % 50}",
                    source=f"s{k}",
                    date=dt.date(2000, 1, 1) + dt.timedelta(days=k if shape == "one town" else 0),
                    date_text="overnight" if k % 3 else None,
                )
                for k in range(n)
            ]
            runs = []
            for _ in range(3):  # the least of them: what other tests have left in memory is now and then swept
                start = time.process_time()
                reconcile(claims)
                runs.append(time.process_time() - start)
            took.append(min(runs))
        assert took[1] < 8 * 4 * max(took[0], 0.01), (shape, took)


@pytest.mark.slow
def test_a_hundred_thousand_claims_in_ten_seconds() -> None:
    claims = _many(100_000)
    start = time.process_time()
    strikes = reconcile(claims)
    assert time.process_time() - start < 10
    assert len(strikes) > 10_000
