"""Which claims are drawn for a blind check, and what marks say of all the others."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import sampling
from tracker.models import Measure, stable_id
from tracker.sampling import LEAST, Mark, Tally, allocate, draw, in_words, percent, tally, weighted, wilson

K, J, M, F = Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.FIRES


@pytest.mark.parametrize(
    ("populations", "wanted", "expected"),
    [
        ({K: 500, J: 500}, 100, {K: 50, J: 50}),
        ({K: 900, J: 100}, 100, {K: 90, J: 10}),
        ({K: 990, J: 10}, 100, {K: 95, J: 5}),  # in proportion it would be one
        ({K: 990, J: 3}, 100, {K: 97, J: 3}),  # never more than there are
        ({K: 4, J: 3, M: 2}, 100, {K: 4, J: 3, M: 2}),  # all there are
        ({K: 800, J: 100, M: 100}, 6, {K: 2, J: 2, M: 2}),  # too few for five of each
        ({K: 800, J: 100, M: 100}, 2, {K: 2}),  # fewer than there are measures
        ({K: 800, J: 0}, 10, {K: 10}),  # what does not occur is not drawn
        ({F: 5, K: 5}, 3, {K: 2, F: 1}),  # a tie goes in the codebook's order
        ({K: 10}, 0, {}),
        ({}, 10, {}),
    ],
)
def test_how_many_of_each_measure(populations: dict[Measure, int], wanted: int, expected: dict[Measure, int]) -> None:
    assert allocate(populations, wanted) == expected


@given(st.dictionaries(st.sampled_from(list(Measure)), st.integers(0, 400)), st.integers(0, 600))
def test_an_allocation_adds_up_and_leaves_no_measure_out(populations: dict[Measure, int], wanted: int) -> None:
    drawn = allocate(populations, wanted)
    total, occurring = sum(populations.values()), [measure for measure in populations if populations[measure]]
    assert sum(drawn.values()) == min(wanted, total)
    assert all(0 <= drawn[measure] <= populations[measure] for measure in drawn)
    if wanted >= LEAST * len(occurring):
        assert all(drawn[measure] >= min(LEAST, populations[measure]) for measure in occurring)
    above = [measure for measure in occurring if LEAST < drawn.get(measure, 0) < populations[measure]]
    for one, other in itertools.permutations(above, 2):  # among those that got more, the larger never has fewer
        assert populations[one] < populations[other] or drawn[one] >= drawn[other] - 1


IDS = [(stable_id(n), K if n % 10 else J) for n in range(2000)]


def test_the_same_seed_draws_the_same_in_any_order() -> None:
    allocation = {K: 30, J: 7}
    first = draw(IDS, allocation, 4711)
    assert draw(reversed(IDS), allocation, 4711) == first
    measure_of = dict(IDS)
    assert Counter(measure_of[one] for one in first) == allocation
    assert len(set(first)) == len(first)
    assert draw(IDS, allocation, 4712) != first
    assert draw(IDS, {K: 4}, 1) == sorted(draw(IDS, {K: 4}, 1), key=draw(IDS, {K: 1800}, 1).index)


def test_measures_do_not_come_in_blocks() -> None:
    measure_of = dict(IDS)
    ranks = [at for at, one in enumerate(draw(IDS, {K: 100, J: 100}, 3)) if measure_of[one] is J]
    assert 80 < sum(ranks) / len(ranks) < 119  # the middle of 0 to 199, less and more than four deviations


def test_every_claim_is_as_likely_to_be_drawn() -> None:
    few = IDS[1:10]  # nine of one measure
    counts = Counter(one for seed in range(900) for one in draw(few, {K: 3}, seed))
    assert len(counts) == 9
    assert all(300 - 4 * 14.2 < n < 300 + 4 * 14.2 for n in counts.values())  # binomial, four deviations


#: Published: Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
#: table I, and what the formula gives by hand at the ends: z²/(n + z²).
@pytest.mark.parametrize(
    ("right", "decided", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_wilsons_interval_is_the_published_one(right: int, decided: int, low: float, high: float) -> None:
    found = wilson(right, decided)
    assert found is not None
    assert found.share == right / decided
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_interval_holds_95_percent() -> None:
    assert pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-12) == sampling._Z


def test_nothing_is_known_from_no_marks() -> None:
    assert wilson(0, 0) is None
    assert weighted([(10, Tally(unsure=3, unmarked=7))], 10) is None
    assert weighted([], 0) is None
    assert in_words(None) == "–"


def test_measures_are_weighed_by_their_claims() -> None:
    found = weighted([(900, Tally(right=9, wrong=1)), (100, Tally(right=1, wrong=1))], 1000)
    assert found is not None
    assert found.share == pytest.approx(0.9 * 0.9 + 0.1 * 0.5)
    assert found.covered == 1.0
    assert 0.5 < found.low < found.share < found.high < 1.0


def test_a_measure_without_marks_is_not_spoken_for() -> None:
    found = weighted([(750, Tally(right=10)), (250, Tally(unmarked=5))], 1000)
    alone = wilson(10, 10)
    assert found is not None
    assert alone is not None
    assert found.covered == 0.75
    assert (found.share, found.low, found.high) == pytest.approx((alone.share, alone.low, alone.high))


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=15))
def test_the_interval_over_all_is_one(strata: list[tuple[int, int, int]]) -> None:
    total = sum(size for size, _, _ in strata)
    found = weighted([(size, Tally(right, wrong)) for size, right, wrong in strata], total)
    if not any(right + wrong for _, right, wrong in strata):
        assert found is None
        return
    assert found is not None
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.low < found.high  # never certain, even where all marks agree


@pytest.mark.parametrize(
    ("sizes", "drawn", "truth"),
    [
        ((700, 200, 100), (35, 10, 5), (0.95, 0.9, 0.8)),
        ((700, 200, 100), (35, 10, 5), (0.98, 0.98, 0.98)),
        ((500, 500), (25, 25), (0.9, 0.9)),
        ((900, 50, 50), (30, 5, 5), (0.95, 0.7, 0.5)),
    ],
)
def test_the_interval_over_all_holds_the_truth_as_often_as_it_says(
    sizes: tuple[int, ...], drawn: tuple[int, ...], truth: tuple[float, ...]
) -> None:
    """Exactly, over every outcome that there can be; Wilson's own interval keeps to 95 % as closely."""
    real = sum(size * share for size, share in zip(sizes, truth, strict=True)) / sum(sizes)
    held = 0.0
    for outcome in itertools.product(*(range(n + 1) for n in drawn)):
        chance = math.prod(
            math.comb(n, k) * share**k * (1 - share) ** (n - k)
            for n, k, share in zip(drawn, outcome, truth, strict=True)
        )
        marks = [(size, Tally(k, n - k)) for size, n, k in zip(sizes, drawn, outcome, strict=True)]
        found = weighted(marks, sum(sizes))
        assert found is not None
        held += chance * (found.low <= real <= found.high)
    assert held > 0.92


def test_marks_are_counted() -> None:
    assert tally([Mark.RIGHT, Mark.WRONG, Mark.UNSURE, None, None]) == Tally(1, 1, 1, 2)
    assert Tally(3, 2, 4, 5).decided == 5


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0"), (0.0004, "1"), (0.5, "50"), (0.9951, "99"), (0.9999, "99"), (1.0, "100")]
)
def test_all_and_none_are_said_only_where_they_are(share: float, shown: str) -> None:
    assert percent(share) == shown
