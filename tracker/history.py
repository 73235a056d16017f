"""How a strike's figure came to be what it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.models import Claim, Group, Measure, Strike
from tracker.statements import claim_order


class Status(StrEnum):
    """What became of a figure."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    SUPPORTING = "supporting"


@dataclass(frozen=True, slots=True)
class TollStep:
    """One figure in a toll's history: when it was published, by whom, and what became of it."""

    when: dt.date | None
    low: int | None
    high: int | None
    approx: bool
    claim_id: str
    report_id: str
    publisher: str | None
    source: str | None
    status: Status


def toll_history(
    strike: Strike,
    claims: Iterable[Claim],
    measure: Measure = Measure.KILLED,
    group: Group = Group.ALL,
) -> list[TollStep]:
    """Every figure behind one of a strike's figures, oldest first: 2 → 9 → 8 → 13.

    ``claims`` may hold more than the strike's own. Empty where the strike has no such figure.
    """
    figure = strike.figure(measure, group)
    if figure is None:
        return []
    status = {
        **dict.fromkeys(figure.supporting, Status.SUPPORTING),
        **dict.fromkeys(figure.superseded, Status.SUPERSEDED),
        **dict.fromkeys(figure.current, Status.CURRENT),
    }
    own = {claim.claim_id: claim for claim in claims if claim.claim_id in status}
    return [
        TollStep(
            when=claim.published,
            low=claim.low,
            high=claim.high,
            approx=claim.approx,
            claim_id=claim.claim_id,
            report_id=claim.report_id,
            publisher=claim.publisher,
            source=claim.source,
            status=status[claim.claim_id],
        )
        for claim in sorted(own.values(), key=claim_order)
    ]
