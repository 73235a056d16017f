"""A reader and a reconciler that are small, fast and predictable, for tests about keeping and printing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tracker.models import (
    Basis,
    Claim,
    Field,
    Figure,
    Group,
    Measure,
    Relation,
    Report,
    Scope,
    Strike,
    stable_id,
)

_PLAIN = re.compile(r"(\d{1,9}) (killed|injured) in (\w+)")


def plain_extract(report: Report) -> list[Claim]:
    """Reads "3 killed in Odesa" and nothing else; stumbles over "BUG", so that tests see what a mistake does."""
    if "BUG" in report.text:
        raise RuntimeError("stumbled")
    day = report.published_date
    return [
        Claim(
            claim_id=stable_id(report.id, "text", match.start(), match.end(), match[2]),
            report_id=report.id,
            measure=Measure(match[2]),
            low=int(match[1]),
            high=int(match[1]),
            approx=False,
            vague=None,
            text=match[1],
            group=Group.ALL,
            relation=Relation.TOTAL,
            basis=Basis.INCIDENT,
            weapons=("drone",),
            models=("Shahed-136",),
            attacker=None,
            place=match[3],
            place_text=match[3],
            admin1=None,
            admin2=None,
            country="Ukraine",
            lat=46.5,
            lon=30.75,
            where_prec=1,
            candidates=(),
            date=day,
            date_end=day,
            date_prec=1 if day else None,
            date_text=None,
            source=None,
            sentence=match[0],
            field=Field.TEXT,
            start=match.start(1),
            end=match.end(1),
            published=report.published,
            publisher=report.publisher,
            entry=0,
        )
        for match in _PLAIN.finditer(report.text)
    ]


def plain_reconcile(claims: Iterable[Claim], policy: str = "latest", *, vague: str = "literal") -> list[Strike]:
    """One strike for each place and day; the policies differ so far that "highest" takes the largest figure."""
    incidents: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        incidents[str(claim.place), str(claim.date)].append(claim)
    return [_strike(found, policy) for _, found in sorted(incidents.items())]


def _strike(claims: list[Claim], policy: str) -> Strike:
    figures = []
    for measure in sorted({claim.measure for claim in claims}):
        stated = [(claim.low or 0, claim.claim_id) for claim in claims if claim.measure == measure]
        values, ids = [value for value, _ in stated], tuple(claim_id for _, claim_id in stated)
        best = max(values) if policy == "highest" else values[-1]
        figures.append(Figure(measure, Group.ALL, min(values), best, max(values), current=ids))
    first = claims[0]
    return Strike(
        strike_id=stable_id(first.place, first.date),
        scope=Scope.CITY,
        basis=Basis.INCIDENT,
        place=first.place,
        admin1=first.admin1,
        country=first.country,
        lat=first.lat,
        lon=first.lon,
        where_prec=first.where_prec,
        date=first.date,
        date_end=first.date_end,
        date_prec=first.date_prec,
        weapons=first.weapons,
        models=first.models,
        attackers=(),
        figures=tuple(figures),
        claim_ids=tuple(claim.claim_id for claim in claims),
        n_reports=len({claim.report_id for claim in claims}),
        n_publishers=len({claim.publisher for claim in claims}),
        n_sources=1,
    )
