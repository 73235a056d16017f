"""How well a strike is attested: a grade by rules in data, and the reason in words (codebook 8).

Airwars' grades are the model: one source, several, official and independent ones together, or contested. The
grade says how a strike is known, not how sure any one figure is.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.credit import Copies, Standing, of_enemy_losses, source_key, standing
from tracker.lexicon import read_toml
from tracker.models import KIND_OF, Claim, Figure, Grade, Group, Kind, Measure

_TOLL = (Measure.KILLED, Measure.INJURED, Measure.CASUALTIES)
#: How many sources a reason names before it says "and others".
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at. ``sources`` counts each source once; the others name what they hold, sorted."""

    sources: int
    official: tuple[str, ...] = ()
    independent: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    enemy_losses: bool = False


def facts(claims: Sequence[Claim], figures: Sequence[Figure], copies: Copies | None = None) -> Facts:
    """The facts of a strike: what its claims credit, where its figures are disputed, and whom they blame."""
    known = {source_key(claim, copies): claim.source for claim in claims}
    people = [
        claim for claim in claims if KIND_OF[claim.measure] is Kind.PEOPLE and claim.group is not Group.PERPETRATORS
    ]

    def named(kind: Standing) -> tuple[str, ...]:
        return tuple(sorted(source for source in known.values() if source and standing(source) is kind))

    return Facts(
        sources=len(known),
        official=named(Standing.OFFICIAL),
        independent=named(Standing.INDEPENDENT),
        disputed=tuple(f.measure.value for f in figures if f.disputed and f.group is Group.ALL and f.measure in _TOLL),
        blamed=tuple(sorted({claim.attacker for claim in claims if claim.attacker})),
        enemy_losses=bool(people) and all(map(of_enemy_losses, people)),
    )


@functools.lru_cache(maxsize=65536)
def grade(found: Facts) -> tuple[Grade, str]:
    """The grade that the facts earn, and why, in words.

    >>> grade(Facts(2, official=("the mayor",), independent=("residents",)))
    (<Grade.CONFIRMED: 'confirmed'>, 'official and independent sources: the mayor; residents')
    """
    rule = next(rule for rule in _rules() if rule.holds(found))
    reason = rule.reason.format(
        sources=found.sources,
        official=_listed(found.official),
        independent=_listed(found.independent),
        parties=_listed(found.blamed),
        measures=_listed(found.disputed),
    )
    return rule.grade, reason


@dataclass(frozen=True, slots=True)
class _Rule:
    grade: Grade
    when: tuple[tuple[str, int], ...]
    reason: str

    def holds(self, found: Facts) -> bool:
        return all(_size(getattr(found, name)) >= least for name, least in self.when)


def _size(fact: int | bool | tuple[str, ...]) -> int:
    return len(fact) if isinstance(fact, tuple) else int(fact)


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    rows = read_toml("en/grades.toml")["rules"]
    return tuple(
        _Rule(Grade(row["grade"]), tuple((name, int(least)) for name, least in row["when"].items()), row["reason"])
        for row in rows
    )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
