"""Blind checks: which claims are drawn for a person to mark, and what the marks say of all the others.

Claims are drawn at random within each measure, so that a measure that is rare gets an estimate too; what is said of
all measures together weighs each by the claims that it has. Only what was read is drawn: a check tells how often a
claim is right (precision), never how many figures were missed.
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.models import Measure

#: A measure that occurs gets at least so many of the claims drawn, where it has them and the draw is large enough.
LEAST = 5
#: Seeds stay below this, so that no spreadsheet rounds one.
SEEDS = 1_000_000_000
#: Nobody marks more by hand.
MOST_DRAWN = 10_000
#: The normal distribution's quantile at 97.5 %, for intervals of 95 %.
_Z = 1.959963984540054


class Mark(StrEnum):
    """What a person says of a claim; nothing said is None."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims were marked in which way. Those unsure or unmarked speak neither for nor against the reader."""

    right: int = 0
    wrong: int = 0
    unsure: int = 0
    unmarked: int = 0

    @property
    def decided(self) -> int:
        """Marked right or wrong: what an estimate rests on."""
        return self.right + self.wrong

    @property
    def estimate(self) -> Estimate | None:
        """How often claims like these are right; None where nothing was decided."""
        return wilson(self.right, self.decided)


@dataclass(frozen=True, slots=True)
class Stratum:
    """The claims of one measure: how many there were, how many were drawn, how they were marked.

    ``gone`` are drawn ones that the database no longer holds as they were; they are in neither tally.
    """

    measure: Measure
    population: int
    drawn: int
    gone: int
    figure: Tally
    rest: Tally


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its 95 % interval: ``Estimate(0.92, 0.81, 0.97)``.

    ``covered`` is the share of all claims whose measure has marks at all; of the others the estimate says nothing.
    """

    share: float
    low: float
    high: float
    covered: float = 1.0


def allocate(populations: Mapping[Measure, int], wanted: int, least: int = LEAST) -> dict[Measure, int]:
    """How many claims to draw of each measure: ``wanted`` in all, or every claim where there are not as many.

    Each measure that occurs first gets ``least`` (fewer where it has no more, or where ``wanted`` does not reach for
    that). The rest goes one by one to the measure that falls shortest of its proportional part (the method of
    Sainte-Laguë), so that large measures are drawn in proportion to their size.

    >>> allocate({Measure.KILLED: 900, Measure.INJURED: 95, Measure.FIRES: 3}, 50)
    {<Measure.KILLED: 'killed'>: 42, <Measure.INJURED: 'injured'>: 5, <Measure.FIRES: 'fires'>: 3}
    """
    occurring = {measure: populations[measure] for measure in Measure if populations.get(measure, 0) > 0}
    left = min(max(wanted, 0), sum(occurring.values()))
    if not left:
        return {}
    floor = min(least, left // len(occurring))
    drawn = {measure: min(floor, size) for measure, size in occurring.items()}
    left -= sum(drawn.values())
    order = {measure: at for at, measure in enumerate(occurring)}
    queue = [
        (-size / (2 * drawn[measure] + 1), order[measure], measure)
        for measure, size in occurring.items()
        if drawn[measure] < size
    ]
    heapq.heapify(queue)
    for _ in range(left):
        _, at, measure = heapq.heappop(queue)
        drawn[measure] += 1
        if drawn[measure] < occurring[measure]:
            heapq.heappush(queue, (-occurring[measure] / (2 * drawn[measure] + 1), at, measure))
    return {measure: size for measure, size in drawn.items() if size}


def draw(ids: Iterable[tuple[str, Measure]], allocation: Mapping[Measure, int], seed: int) -> list[str]:
    """Ids of claims drawn at random, so many of each measure, in an order that is random too.

    Each id gets a number that only the seed decides, and the lowest of each measure are drawn: one pass in any order,
    with no more ids in memory than are drawn, and the same seed draws the same from the same claims.
    """
    lowest: dict[Measure, list[tuple[int, str]]] = {measure: [] for measure in allocation}
    for claim_id, measure in ids:
        heap = lowest.get(measure)
        if heap is None:
            continue
        entry = (-_number(seed, "draw", claim_id), claim_id)
        if len(heap) < allocation[measure]:
            heapq.heappush(heap, entry)
        elif entry > heap[0]:
            heapq.heapreplace(heap, entry)
    drawn = (claim_id for heap in lowest.values() for _, claim_id in heap)
    # Another number than that of the draw, which would bring the measures in blocks.
    return sorted(drawn, key=lambda claim_id: (_number(seed, "order", claim_id), claim_id))


def _number(seed: int, purpose: str, claim_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed} {purpose} {claim_id}".encode(), digest_size=8).digest(), "big")


def wilson(right: int, decided: int) -> Estimate | None:
    """The share that is right with Wilson's score interval; None where nothing was decided.

    Unlike the textbook interval it says something sensible of few marks and of shares near one: E. B. Wilson,
    "Probable inference, the law of succession, and statistical inference", JASA 22 (1927); recommended by A. Agresti
    and B. A. Coull, "Approximate is better than 'exact'", The American Statistician 52 (1998).

    >>> found = wilson(46, 50)
    >>> found and (found.share, round(found.low, 3), round(found.high, 3))
    (0.92, 0.812, 0.968)
    """
    if decided <= 0:
        return None
    share, square = right / decided, _Z * _Z
    middle = share + square / (2 * decided)
    half = _Z * math.sqrt(share * (1 - share) / decided + square / (4 * decided * decided))
    whole = 1 + square / decided
    # At the ends the bound is exact, whatever floating point makes of it.
    low = 0.0 if right == 0 else (middle - half) / whole
    high = 1.0 if right == decided else (middle + half) / whole
    return Estimate(share, low, high)


def weighted(strata: Iterable[tuple[int, Tally]], total: int) -> Estimate | None:
    """The share that is right over all measures, each weighed by its population; None where nothing was decided.

    ``strata`` are pairs of a population and its marks, ``total`` is how many claims there are in all. The interval
    puts the Wilson intervals of the measures together by the distances of their bounds: G. Y. Zou, W. Huang and
    X. Zhang, "A note on confidence interval estimation for a linear function of binomial proportions",
    Computational Statistics & Data Analysis 53 (2009). It stays wide where all marks are right, stays within 0 and
    1, and is Wilson's where there is one measure. That the population is finite is left aside: the claims stand for
    others like them.
    """
    known = [
        (population, found) for population, tally in strata if (found := tally.estimate) is not None and population > 0
    ]
    weight = sum(population for population, _ in known)
    if not weight:
        return None
    share = sum(population * found.share for population, found in known) / weight
    below = math.sqrt(sum((population * (found.share - found.low)) ** 2 for population, found in known)) / weight
    above = math.sqrt(sum((population * (found.high - found.share)) ** 2 for population, found in known)) / weight
    return Estimate(share, max(0.0, share - below), min(1.0, share + above), weight / max(total, weight))


def tally(marks: Collection[Mark | None]) -> Tally:
    """Count marks.

    >>> tally([Mark.RIGHT, None, Mark.RIGHT, Mark.WRONG])
    Tally(right=2, wrong=1, unsure=0, unmarked=1)
    """
    each = list(marks)
    return Tally(each.count(Mark.RIGHT), each.count(Mark.WRONG), each.count(Mark.UNSURE), each.count(None))


def percent(share: float) -> str:
    """A share in whole per cent; 100 and 0 only where it is exactly all or none.

    >>> percent(0.923), percent(0.999), percent(1.0), percent(0.001)
    ('92', '99', '100', '1')
    """
    if share in (0.0, 1.0):
        return str(round(100 * share))
    return str(min(99, max(1, round(100 * share))))


def in_words(estimate: Estimate | None) -> str:
    """``92 % (81-97 %)``, a dash where nothing is known.

    >>> in_words(wilson(46, 50)), in_words(None)
    ('92 % (81-97 %)', '–')
    """
    if estimate is None:
        return "–"
    return f"{percent(estimate.share)} % ({percent(estimate.low)}-{percent(estimate.high)} %)"
