"""One figure of one report, on its way from claims to the figures of a strike (codebook 8)."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.models import Claim


@dataclass(slots=True)
class Statement:
    """One figure of one report, with whatever the report adds to it."""

    claim: Claim
    #: Its place among the claims of the strike, oldest first.
    order: int
    low: int | None
    high: int | None
    #: When its report appeared (see moment).
    start: float
    end: float
    source: str
    claim_ids: tuple[str, ...]
    is_subset: bool = False
    #: No report prints this figure: attackers were taken off, or a list was added up.
    inferred: bool = False
    #: A party to the fighting counts its enemy's losses.
    contested: bool = False
    #: It comes on top of a toll that its report does not give.
    on_top: bool = False

    @property
    def exact(self) -> bool:
        """Whether it names one number, no bounds."""
        return self.low is not None and self.low == self.high

    @property
    def reach(self) -> int:
        """The highest figure it is known to reach."""
        if self.high is not None:
            return self.high
        assert self.low is not None
        return self.low
