"""Claims → strikes (codebook 8).

>>> reconcile([], policy="latest")
[]
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

from tracker.corrections import Corrected, Correction, apply, regroup
from tracker.credit import Copies, source_key
from tracker.grades import facts, grade
from tracker.history import Status, TollStep, toll_history
from tracker.incidents import Incident, group_incidents
from tracker.links import WIDTH, links, reach
from tracker.models import Claim, Group, Policy, Scope, Strike, VaguePolicy, stable_id
from tracker.statements import claim_order
from tracker.tolls import figures

__all__ = ["Status", "TollStep", "reconcile", "strike_order", "strikes_from", "toll_history", "twins_among"]

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T", bound=Hashable)


def reconcile(
    claims: Iterable[Claim],
    policy: Policy | str = Policy.LATEST,
    *,
    vague: VaguePolicy | str = VaguePolicy.LITERAL,
    copies: Copies | None = None,
    corrections: Iterable[Correction] = (),
) -> list[Strike]:
    """Bring the claims of any number of reports together into strikes.

    1. ``corrections`` are applied: figures set, claims rejected or moved.
    2. Claims about one incident are grouped, within each report and then across reports; analysts' merges and
       splits are carried out.
    3. Each group's claims become figures: by ``policy`` a best one, with what is current and what came before.
       ``vague`` says how words such as "dozens" are read, ``copies`` which reports carry one text (report id →
       text, see ``tracker.copies``) and so count as one source.
    4. Each strike is graded by how well it is attested.
    5. Wider rows (an oblast's, a country's) are linked to the finer ones that they overlap.

    The result depends on the set of claims alone, not on their order, and comes by date and place, undated
    strikes last. A claim given twice counts once. Tolls over a span are rows with ``basis`` ``PERIOD``.
    Raises ValueError for a policy that does not exist.
    """
    policy = _chosen(Policy, policy, "policy")
    vague = _chosen(VaguePolicy, vague, "policy for vague words")
    claims = list(claims)
    corrected = apply(claims, corrections)
    strikes = [strike for strike, _ in strikes_from(corrected, twins_among(claims), policy, vague, copies)]
    linked = links([reach(strike) for strike in strikes])
    for at, others in linked.items():
        ids = {strikes[other].strike_id for other in others}
        strikes[at] = dataclasses.replace(strikes[at], linked=tuple(sorted(ids.union(strikes[at].linked))))
    return sorted(strikes, key=strike_order)


def twins_among(claims: Iterable[Claim]) -> frozenset[str]:
    """The ids that several different claims bear."""
    known = list(claims)
    if len({claim.claim_id for claim in known}) == len(known):
        return frozenset()
    times = Counter(claim.claim_id for claim in set(known))
    return frozenset(claim_id for claim_id, number in times.items() if number > 1)


def strikes_from(
    corrected: Corrected,
    twins: Collection[str],
    policy: Policy = Policy.LATEST,
    vague: VaguePolicy = VaguePolicy.LITERAL,
    copies: Copies | None = None,
    among: Collection[Claim] | None = None,
) -> list[tuple[Strike, tuple[Claim, ...]]]:
    """Corrected claims → strikes with their claims, in no order, linked only to the strikes that they may be.

    ``twins`` are the ids that several claims bear. ``among`` leaves out the strikes that have none of these claims.
    """
    incidents, notes = regroup(group_incidents(_in_order(corrected.claims)), corrected)
    ids = _strike_ids(incidents, twins)
    made = []
    for incident, strike_id, note in zip(incidents, ids, notes, strict=True):
        if among is None or any(claim in among for claim in incident.claims):
            may_be = tuple(sorted(ids[at] for at in incident.candidates))
            strike = _strike(incident, strike_id, may_be, policy, vague, copies)
            made.append((dataclasses.replace(strike, corrections=note) if note else strike, incident.claims))
    return made


def _chosen(kind: type[_E], name: _E | str, what: str) -> _E:
    try:
        return kind(name)
    except ValueError:
        known = ", ".join(kind)
        raise ValueError(f"There is no {what} '{name}'. Choose one of: {known}.") from None


def _in_order(unique: Sequence[Claim]) -> list[Claim]:
    if len({claim.claim_id for claim in unique}) < len(unique):
        unique = sorted(unique, key=repr)  # one id, two readings: their content decides, not their arrival
    return sorted(unique, key=claim_order)


def _strike_ids(incidents: Sequence[Incident], twins: Collection[str]) -> list[str]:
    """From the earliest claim, so that later reports do not change it; an undated one is the last resort."""
    ids: list[str] = []
    for incident in incidents:
        first = min(incident.claims, key=lambda claim: claim.published is None)
        parts: tuple[str, ...] = ("strike", first.claim_id)
        if first.claim_id in twins:
            # Two readings of one figure may open two strikes: what else they say tells these apart.
            parts += (repr(first),)
        ids.append(stable_id(*parts))
    return ids


# --- one strike -------------------------------------------------------------------------------------------


def _strike(
    incident: Incident,
    strike_id: str,
    linked: Sequence[str],
    policy: Policy,
    vague: VaguePolicy,
    copies: Copies | None,
) -> Strike:
    claims = incident.claims
    tolls = figures(claims, policy, vague, copies)
    earned, reason = grade(facts(claims, tolls, copies))
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
        figures=tolls,
        claim_ids=tuple(dict.fromkeys(claim.claim_id for claim in claims)),
        linked=tuple(linked),
        n_reports=len({claim.report_id for claim in claims}),
        n_publishers=len({claim.publisher for claim in claims if claim.publisher}),
        n_sources=len({source_key(claim, copies) for claim in claims}),
        grade=earned,
        grade_reason=reason,
    )


def _commonest(values: Iterable[_T | None]) -> _T | None:
    known = [value for value in values if value is not None]
    if len(set(known)) < 2:
        return known[0] if known else None
    counts = Counter(known)
    return min(counts, key=lambda value: (-counts[value], str(value)), default=None)


def _scope(claim: Claim) -> Scope | None:
    if claim.place is not None:
        return Scope.CITY
    if claim.admin1 is not None or claim.admin2 is not None:
        return Scope.ADMIN1
    return Scope.COUNTRY if claim.country is not None else None


def strike_order(strike: Strike) -> tuple[object, ...]:
    """Sort key: by date and place, undated strikes last."""
    return (
        strike.date is None,
        strike.date or dt.date.min,
        strike.date_end or dt.date.min,
        strike.basis,
        WIDTH.get(strike.scope, 3),
        strike.country or "",
        strike.admin1 or "",
        strike.place or "",
        strike.weapons,
        strike.strike_id,
    )
