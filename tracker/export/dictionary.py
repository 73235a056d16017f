"""What the columns of an export mean, from the codebook: a data dictionary that goes with every file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.models import Group, Measure


@dataclass(frozen=True, slots=True)
class Entry:
    """A column: its name, its kind and its meaning."""

    column: str
    kind: str
    meaning: str


_COLUMNS = {
    "city": ("text", "Settlement, in the gazetteer's English name; empty where no single one is named."),
    "date": ("date", "First day of the strike; an overnight attack is coded as the later day."),
    "weapon": ("text", "Weapon classes, joined by '+'; empty where no report says."),
    "strike_id": ("text", "The strike's own name; it stays the same when later reports join."),
    "date_end": ("date", "Last day on which it can have happened."),
    "scope": ("text", "How precisely the place is known: city, admin1 (region) or country."),
    "basis": ("text", "incident, or period for a toll over a span of time, which joins no sum."),
    "admin1": ("text", "Oblast or region."),
    "country": ("text", "Country; occupied areas belong to theirs."),
    "lat": ("number", "Latitude of the settlement or region, never finer."),
    "lon": ("number", "Longitude of the settlement or region, never finer."),
    "where_prec": ("number", "1 settlement, 2 near one, 3 district, 4 region, 5 vague, 6 country, 7 sea or air."),
    "date_prec": ("number", "1 the day, 2 within 2-6 days, 3 the week, 4 the month, 5 the year."),
    "attacker": ("text", "Who attacked, as reports say; joined by '+'."),
    "models": ("text", "Weapon models, joined by '+'."),
    "derived": ("truth value", "A figure of the whole was added up from its parts."),
    "disputed": ("truth value", "Sources differ by more than one and by more than 5%."),
    "n_reports": ("number", "Reports that speak of the strike."),
    "n_publishers": ("number", "Publishers of these reports."),
    "n_sources": ("number", "Sources that the reports credit."),
    "n_claims": ("number", "Figures behind the strike."),
    "linked": ("text", "Wider or finer strikes that overlap it: their strike_id, divided by a space."),
    "left_out": ("text", "Measures that default sums leave to another row, so that nothing counts twice."),
    "grade": ("text", "How well the strike is attested: confirmed, fair, weak or contested."),
    "grade_reason": ("text", "Why it has that grade."),
    "contested": ("text", "Measures that only a party to the fighting states, of its enemy; outside default sums."),
    "corrections": ("text", "What analysts have changed in the strike."),
    "n_corrections": ("number", "How many corrections by analysts the strike has."),
    "evidence": ("text", "Each figure behind the strike: a quote of at most 25 words, its publisher, day and link."),
    "made_with": ("text", "How this table was made; in its first row only."),
}
_PARTS = {
    "low": "Lowest current figure; empty where nobody states one.",
    "best": "Best figure by the policy in force; empty where none could be chosen.",
    "high": "Highest current figure; empty beside a low where the top is open ('at least').",
}


def describe(columns: Iterable[str]) -> list[Entry]:
    """The entries of some columns, in their order; a column that nobody described says so.

    >>> [entry.meaning for entry in describe(["killed_children_best"])]
    ['killed, children: best figure of this group alone, a part of the whole.']
    """
    figures = {
        f"{one}_{part}": f"{one.replace('_', ' ')}: {_lower(text)}" for one in Measure for part, text in _PARTS.items()
    }
    groups = {
        f"{measure}_{group}_best": f"{measure.replace('_', ' ')}, {group.replace('_', ' ')}: "
        "best figure of this group alone, a part of the whole."
        for measure in Measure
        for group in Group
        if group is not Group.ALL
    }
    found = []
    for name in columns:
        if name in _COLUMNS:
            found.append(Entry(name, *_COLUMNS[name]))
        elif name in figures or name in groups:
            found.append(Entry(name, "number", (figures | groups)[name]))
        else:
            found.append(Entry(name, "", "No description."))
    return found


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
