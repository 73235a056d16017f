"""Claims in one line, and strikes as text, for tests that start where reading ends.

``claim("killed 9", at="2025-04-24 08:00", place="Odesa")``: a measure, a figure as the cases write it
(``9``, ``9..`` at least, ``..9`` at most, ``10..15``, ``12~`` approximately), then a group and a relation.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from tracker.models import (
    Basis,
    Claim,
    Field,
    Figure,
    Group,
    Measure,
    Relation,
    Strike,
    joined_weapons,
    stable_id,
)
from tracker.reconcile import reconcile

_GROUPS = frozenset(Group)
_RELATIONS = frozenset(Relation)
_counter = itertools.count(1)


def when(text: str | dt.date | None) -> dt.date | None:
    """``2025-04-24`` is a day, ``2025-04-24 08:00`` a moment in UTC."""
    if text is None or isinstance(text, dt.date):
        return text
    if len(text) == 10:
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def claim(
    figure: str,
    *,
    report: str | None = None,
    at: str | dt.date | None = "2025-04-24",
    date: str | dt.date | None = "2025-04-24",
    date_end: str | dt.date | None = None,
    place: str | None = "Kyiv",
    country: str | None = "Ukraine",
    weapons: str = "",
    start: int | None = None,
    **other: Any,
) -> Claim:
    """A claim from ``"<measure> <figure> [group] [relation] [period]"``; ``weapons`` are joined by ``+``.

    Each call stands in a report of its own and further down than the last, unless ``report`` and ``start``
    say otherwise. ``other`` sets any field of Claim.
    """
    measure, bounds, *words = figure.split()
    number = next(_counter)
    report = report or f"report-{number}"
    start = number * 100 if start is None else start
    approx = bounds.endswith("~")
    low, _, high = bounds.rstrip("~").partition("..")
    exact = ".." not in bounds
    day, last = when(date), when(date_end)
    values: dict[str, Any] = {
        "claim_id": stable_id(report, "text", start, start + len(bounds), measure, figure),
        "report_id": report,
        "measure": Measure(measure),
        "low": int(low) if low else None,
        "high": int(low) if exact else int(high) if high else None,
        "approx": approx,
        "vague": None,
        "text": bounds,
        "group": next((Group(word) for word in words if word in _GROUPS), Group.ALL),
        "relation": next((Relation(word) for word in words if word in _RELATIONS), Relation.TOTAL),
        "basis": Basis.PERIOD if "period" in words else Basis.INCIDENT,
        "weapons": tuple(sorted(weapons.split("+"))) if weapons else (),
        "models": (),
        "attacker": None,
        "place": place,
        "place_text": None,
        "admin1": None,
        "admin2": None,
        "country": country,
        "lat": None,
        "lon": None,
        "where_prec": 1 if place else 6,
        "candidates": (),
        "date": day,
        "date_end": last or day,
        "date_prec": 1 if day else None,
        "date_text": None,
        "source": None,
        "sentence": f"Sentence {start} of {report}.",
        "field": Field.TEXT,
        "start": start,
        "end": start + len(bounds),
        "published": when(at),
        "publisher": None,
        "entry": 0,
    }
    unknown = set(other) - set(values)
    assert not unknown, f"no such field: {unknown}"
    return Claim(**{**values, **other})


def report(name: str, *figures: str, **fields: Any) -> list[Claim]:
    """Several claims of one report, in the order of its text."""
    return [claim(figure, report=name, start=100 * at, **fields) for at, figure in enumerate(figures)]


def shown(figure: Figure) -> str:
    """``killed 9 [8-13] disputed``: a dash is unknown, an open end is left out."""
    name = f"{figure.measure} {figure.group}" if figure.group != "all" else str(figure.measure)
    low, best, high = ("" if value is None else str(value) for value in (figure.low, figure.best, figure.high))
    marks = [mark for mark in ("approx", "derived", "disputed") if getattr(figure, mark)]
    return " ".join([name, best or "-", f"[{low}-{high}]", *marks])


def where(strike: Strike) -> str:
    day = strike.date.isoformat()[5:] if strike.date else "?"
    return f"{strike.place or strike.admin1 or strike.country or '?'} {day} {joined_weapons(strike.weapons) or '?'}"


def rows(claims: list[Claim], policy: str = "latest", **options: str) -> dict[str, list[str]]:
    """Strikes as ``{"Kyiv 04-24 drone": ["killed 9 [9-9]"]}``; rows alike but for their claims are numbered."""
    found: dict[str, list[str]] = {}
    for strike in reconcile(claims, policy, **options):
        key = where(strike)
        while key in found:
            key += "'"
        found[key] = [shown(figure) for figure in strike.figures]
    return found


def figures(claims: list[Claim], policy: str = "latest", **options: str) -> list[str]:
    """The figures of the only strike that the claims make."""
    found = rows(claims, policy, **options)
    assert len(found) == 1, found
    return next(iter(found.values()))
