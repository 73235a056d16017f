"""Wider strikes and the finer ones that they overlap (codebook 8): an oblast's toll and the towns' it contains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.incidents import SpanIndex
from tracker.models import Basis, Scope, Strike

#: From the finest to the widest; a row is linked to those that stand before it.
WIDTH: dict[str | None, int] = {Scope.CITY: 0, Scope.ADMIN1: 1, Scope.COUNTRY: 2}


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a strike decides its links: how wide, where, from day to day (proleptic ordinals), whose attack."""

    width: int
    country: str
    admin1: str | None
    lo: int
    hi: int
    attackers: frozenset[str]

    def holds(self, finer: Reach) -> bool:
        """Whether this is a wider row that overlaps ``finer``."""
        return (
            finer.width < self.width
            and finer.country == self.country
            and (self.width == 2 or (self.admin1 is not None and finer.admin1 == self.admin1))
            and finer.lo <= self.hi
            and self.lo <= finer.hi
            and (not self.attackers or not finer.attackers or not self.attackers.isdisjoint(finer.attackers))
        )

    def touches(self, other: Reach) -> bool:
        """Whether one of the two holds the other."""
        return self.holds(other) or other.holds(self)


def reach(strike: Strike) -> Reach | None:
    """None for what joins no other row: tolls over a span, and strikes of unknown day or country."""
    if strike.basis is not Basis.INCIDENT or strike.date is None or strike.country is None or strike.scope is None:
        return None
    lo, hi = strike.date.toordinal(), (strike.date_end or strike.date).toordinal()
    admin1 = strike.admin1.casefold() if strike.admin1 else None
    return Reach(WIDTH[strike.scope], strike.country.casefold(), admin1, lo, hi, frozenset(strike.attackers))


def links(reaches: Sequence[Reach | None]) -> dict[int, set[int]]:
    """Position → the positions of the rows that hold it or that it holds."""
    finer: dict[tuple[str, str | None], list[tuple[int, int, int]]] = defaultdict(list)
    for at, row in enumerate(reaches):
        if row is not None and row.width < 2:
            finer[row.country, None].append((row.lo, row.hi, at))
            if row.width == 0 and row.admin1 is not None:
                finer[row.country, row.admin1].append((row.lo, row.hi, at))
    indexes = {key: SpanIndex(rows) for key, rows in finer.items()}
    found: dict[int, set[int]] = defaultdict(set)
    for at, row in enumerate(reaches):
        if row is None or row.width == 0 or (row.width == 1 and row.admin1 is None):
            continue
        index = indexes.get((row.country, row.admin1 if row.width == 1 else None))
        for other in index.overlapping(row.lo, row.hi) if index else ():
            narrow = reaches[other]
            if narrow is not None and row.holds(narrow):
                found[at].add(other)
                found[other].add(at)
    return found
