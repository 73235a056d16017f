"""Claims → strikes (codebook 8).

>>> reconcile([], policy="latest")
[]
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

from tracker.history import Status, TollStep, toll_history
from tracker.incidents import Incident, SpanIndex, group_incidents
from tracker.models import Basis, Claim, Group, Policy, Scope, Strike, VaguePolicy, stable_id
from tracker.statements import claim_order, source_key
from tracker.tolls import figures

__all__ = ["Status", "TollStep", "reconcile", "toll_history"]

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T", bound=Hashable)

#: From the finest to the widest; a row is linked to those that stand before it.
_WIDTH: dict[Scope | None, int] = {Scope.CITY: 0, Scope.ADMIN1: 1, Scope.COUNTRY: 2}


def reconcile(
    claims: Iterable[Claim],
    policy: Policy | str = Policy.LATEST,
    *,
    vague: VaguePolicy | str = VaguePolicy.LITERAL,
) -> list[Strike]:
    """Bring the claims of any number of reports together into strikes.

    1. Claims about one incident are grouped, within each report and then across reports.
    2. Each group's claims become figures: by ``policy`` a best one, with what is current and what came before.
       ``vague`` says how words such as "dozens" are read.
    3. Wider rows (an oblast's, a country's) are linked to the finer ones that they overlap.

    The result depends on the set of claims alone, not on their order, and comes by date and place, undated
    strikes last. A claim given twice counts once. Tolls over a span are rows with ``basis`` ``PERIOD``.
    Raises ValueError for a policy that does not exist.
    """
    policy = _chosen(Policy, policy, "policy")
    vague = _chosen(VaguePolicy, vague, "policy for vague words")
    incidents = group_incidents(_in_order(claims))
    ids = _strike_ids(incidents)
    links = _links(incidents, ids)
    strikes = [
        _strike(incident, strike_id, links.get(strike_id, ()), policy, vague)
        for incident, strike_id in zip(incidents, ids, strict=True)
    ]
    return sorted(strikes, key=_strike_order)


def _chosen(kind: type[_E], name: _E | str, what: str) -> _E:
    try:
        return kind(name)
    except ValueError:
        known = ", ".join(kind)
        raise ValueError(f"There is no {what} '{name}'. Choose one of: {known}.") from None


def _in_order(claims: Iterable[Claim]) -> list[Claim]:
    unique = list(dict.fromkeys(claims))
    if len({claim.claim_id for claim in unique}) < len(unique):
        unique.sort(key=repr)  # one id, two readings: their content decides, not their arrival
    return sorted(unique, key=claim_order)


def _strike_ids(incidents: Sequence[Incident]) -> list[str]:
    """From the earliest claim, so that later reports do not change it; an undated one is the last resort."""
    earliest = [min(incident.claims, key=lambda claim: claim.published is None) for incident in incidents]
    times = Counter(claim.claim_id for claim in earliest)
    ids: list[str] = []
    taken: Counter[str] = Counter()
    for claim in earliest:
        if times[claim.claim_id] == 1:
            ids.append(stable_id("strike", claim.claim_id))
        else:
            taken[claim.claim_id] += 1
            ids.append(stable_id("strike", claim.claim_id, taken[claim.claim_id]))
    return ids


# --- one strike -------------------------------------------------------------------------------------------


def _strike(incident: Incident, strike_id: str, linked: Sequence[str], policy: Policy, vague: VaguePolicy) -> Strike:
    claims = incident.claims
    # Police fire at an attacker is a weapon of the strike only where nothing else is known.
    victims = [claim for claim in claims if claim.group is not Group.PERPETRATORS and claim.weapons] or claims
    located = min(
        (claim for claim in claims if claim.lat is not None and claim.lon is not None),
        key=lambda claim: 9 if claim.where_prec is None else claim.where_prec,
        default=None,
    )
    return Strike(
        strike_id=strike_id,
        scope=_scope(claims[0]),
        basis=incident.basis,
        place=_commonest(claim.place for claim in claims),
        admin1=_commonest(claim.admin1 for claim in claims),
        country=_commonest(claim.country for claim in claims),
        lat=located.lat if located else None,
        lon=located.lon if located else None,
        where_prec=min((claim.where_prec for claim in claims if claim.where_prec is not None), default=None),
        date=incident.date,
        date_end=incident.date_end,
        date_prec=min(
            (c.date_prec for c in claims if c.date_prec is not None and c.date == incident.date), default=None
        ),
        weapons=tuple(sorted({weapon for claim in victims for weapon in claim.weapons})),
        models=tuple(sorted({model for claim in victims for model in claim.models})),
        attackers=tuple(sorted({claim.attacker for claim in claims if claim.attacker})),
        figures=figures(claims, policy, vague),
        claim_ids=tuple(dict.fromkeys(claim.claim_id for claim in claims)),
        linked=tuple(linked),
        n_reports=len({claim.report_id for claim in claims}),
        n_publishers=len({claim.publisher for claim in claims if claim.publisher}),
        n_sources=len({source_key(claim) for claim in claims}),
    )


def _commonest(values: Iterable[_T | None]) -> _T | None:
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], str(value)), default=None)


def _scope(claim: Claim) -> Scope | None:
    if claim.place is not None:
        return Scope.CITY
    if claim.admin1 is not None or claim.admin2 is not None:
        return Scope.ADMIN1
    return Scope.COUNTRY if claim.country is not None else None


def _strike_order(strike: Strike) -> tuple[object, ...]:
    return (
        strike.date is None,
        strike.date or dt.date.min,
        strike.date_end or dt.date.min,
        strike.basis,
        _WIDTH.get(strike.scope, 3),
        strike.country or "",
        strike.admin1 or "",
        strike.place or "",
        strike.weapons,
        strike.strike_id,
    )


# --- links ------------------------------------------------------------------------------------------------


def _links(incidents: Sequence[Incident], ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Wider rows ↔ the finer ones that they overlap in date and attacker; a doubtful row → what it may be."""
    linked: dict[int, set[int]] = defaultdict(set)
    where: list[tuple[int, str | None, str | None]] = []
    finer: dict[tuple[str, str | None], list[tuple[int, int, int]]] = defaultdict(list)
    spans: list[tuple[int, int] | None] = []
    for at, incident in enumerate(incidents):
        linked[at].update(incident.candidates)
        width = _WIDTH.get(_scope(incident.claims[0]), 3)
        country = _folded(_commonest(claim.country for claim in incident.claims))
        admin1 = _folded(_commonest(claim.admin1 for claim in incident.claims))
        where.append((width, country, admin1))
        known = incident.basis is Basis.INCIDENT and incident.date is not None and country is not None
        spans.append(_span(incident) if known else None)
        if country is not None and spans[at] is not None and width < 2:
            lo, hi = spans[at] or (0, 0)
            finer[country, None].append((lo, hi, at))
            if width == 0 and admin1 is not None:
                finer[country, admin1].append((lo, hi, at))

    indexes = {key: SpanIndex(rows) for key, rows in finer.items()}
    attackers = [frozenset(claim.attacker for claim in incident.claims if claim.attacker) for incident in incidents]
    for at, (width, country, admin1) in enumerate(where):
        span = spans[at]
        if width not in (1, 2) or country is None or span is None or (width == 1 and admin1 is None):
            continue
        index = indexes.get((country, admin1 if width == 1 else None))
        for other in index.overlapping(*span) if index else ():
            if not attackers[at] or not attackers[other] or attackers[at] & attackers[other]:
                linked[at].add(other)
                linked[other].add(at)
    return {ids[at]: tuple(sorted(ids[other] for other in others)) for at, others in linked.items() if others}


def _span(incident: Incident) -> tuple[int, int]:
    assert incident.date is not None
    return incident.date.toordinal(), (incident.date_end or incident.date).toordinal()


def _folded(text: str | None) -> str | None:
    return text.casefold() if text else None
