"""What the dashboard says, as escaped HTML and plain sentences. No Streamlit in here.

Every piece of a report that reaches the page goes through ``text``: its tags and entities become letters,
and control characters that could hide or reorder words are written out.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Sequence
from typing import Final

from tracker.charts_data import Toll
from tracker.charts_style import DASH, bounds, count, weapon_name
from tracker.models import NATIONAL_MEASURES, Claim, Figure, Group, Measure, Policy, Relation, Strike, VaguePolicy
from tracker.pages.selection import Include
from tracker.serialise import visible

HOW_TO_READ: Final = (
    "Best figure [lowest–highest reported]. “Or more”: some source gives only a lower bound, so the top is open. "
    f"{DASH} means that nobody stated it, 0 that a report says there were none. "
    "Sums of lows and of highs are outer bounds: no single report gives them."
)

LEFT_OUT: Final = (
    "Where a row for a wider area or a period overlaps others, what both may count is taken from one of them only."
)

#: The policies as the reader chooses them (codebook 3 and 8).
POLICIES: Final = {
    Policy.LATEST: "what the newest report says",
    Policy.CONSERVATIVE: "the lowest",
    Policy.MAJORITY: "what most reports say",
    Policy.HIGHEST: "the highest",
}
VAGUE_POLICIES: Final = {
    VaguePolicy.LITERAL: "dozens is 24 or more",
    VaguePolicy.ACLED: "dozens is 12 (ACLED)",
    VaguePolicy.EXCLUDE: "left out (GTD, AOAV)",
}

#: What the reader can switch into the sums (codebook 8).
INCLUDES: Final = {
    Include.PERPETRATORS: "attackers dead or hurt in their own attack",
    Include.CONTESTED: "a party's claims of its enemy's losses",
    Include.PERIODS: "tolls of a period",
    Include.WIDER: "wider rows that overlap others",
}

#: The measures of the headline cards; the one the reader chose joins them.
HEADLINES: Final = (Measure.KILLED, Measure.INJURED, Measure.MISSING)


def text(value: object, *, lines: bool = False) -> str:
    r"""Untrusted text as HTML that shows it and nothing else; ``lines`` lets it keep its lines.

    >>> print(text('<img src=x>\x1b[2J'))
    &lt;img src=x&gt;\x1b[2J
    """
    shown = "\n".join(map(visible, str(value).split("\n"))) if lines else visible(str(value))
    return html.escape(shown, quote=True)


def label(measure: Measure | str) -> str:
    """A measure as the reader sees it.

    >>> label(Measure.WITHOUT_POWER)
    'without power'
    """
    return str(measure).replace("_", " ")


def measured(measure: Measure | str, group: Group = Group.ALL) -> str:
    """What is counted, and of whom.

    >>> measured(Measure.KILLED), measured(Measure.KILLED, Group.AID_WORKERS)
    ('killed', 'killed, aid workers')
    """
    return label(measure) if group == Group.ALL else f"{label(measure)}, {label(group)}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> plural(1, "report"), plural(1200, "strike")
    ('1 report', '1,200 strikes')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def day(value: dt.date | None) -> str:
    """A date as it is printed everywhere.

    >>> day(dt.date(2025, 5, 2)), day(None)
    ('2 May 2025', '–')
    """
    return DASH if value is None else f"{value.day} {value:%b %Y}"


def days(first: dt.date | None, last: dt.date | None) -> str:
    """A day, or a span of them.

    >>> days(dt.date(2025, 5, 2), None), days(dt.date(2025, 5, 1), dt.date(2025, 5, 31))
    ('2 May 2025', '1 May 2025–31 May 2025')
    """
    return day(first) if last is None or last == first else f"{day(first)}{DASH}{day(last)}"


def reported(reports: int) -> str:
    """What a sum rests on: never "all", always "reported in"."""
    return f"reported in {plural(reports, 'report')}" if reports else "reported in no report"


def card(what: str, best: str, rng: str, notes: Iterable[str]) -> str:
    """One headline number as HTML; every argument is plain text."""
    bracket = f'<span class="range">[{text(rng)}]</span>' if rng else ""
    lines = "".join(f'<div class="note">{text(note)}</div>' for note in notes if note)
    number = f'<div class="best">{text(best)}{bracket}</div>'
    return f'<div class="st-card"><div class="what">{text(what)}</div>{number}{lines}</div>'


def toll_card(
    measure: Measure,
    total: Toll | None,
    reports: int,
    silent: int,
    outside: Toll | None,
    *,
    group: Group = Group.ALL,
    perpetrators: Toll | None = None,
    contested: Toll | None = None,
) -> str:
    """The headline number of one measure: what it rests on, how many strikes are silent, what is left out."""
    name = measured(measure, group).capitalize()
    beside = not_added(outside)
    attackers = "" if perpetrators is None else f"not added: {figure_of(perpetrators)} perpetrators"
    claimed = "" if contested is None else f"not added: {figure_of(contested)} that a party claims of its enemy"
    if total is None:
        nothing = "no report states it" if all(one is None for one in (outside, perpetrators, contested)) else ""
        return card(name, DASH, "", [nothing, beside, attackers, claimed])
    # A wave's launches are counted once, in the country's row: its strikes are not expected to repeat them.
    silence = f"{plural(silent, 'strike')} without a figure" if silent and measure not in NATIONAL_MEASURES else ""
    rng = bounds(total.low, total.high)
    return card(name, count(total.best), rng, [reported(reports), silence, beside, attackers, claimed])


def not_added(outside: Toll | None) -> str:
    """What rows outside a sum say of its measure.

    >>> not_added(Toll(215, 215, 215, 1))
    'not added: 215 in 1 row of a wider area or period'
    """
    if outside is None:
        return ""
    rows = plural(outside.strikes, "row")
    return f"not added: {figure_of(outside)} in {rows} of a wider area or period"


def figure_of(total: Toll) -> str:
    """A sum in one word: its best figure, or its bounds where there is none.

    >>> figure_of(Toll(4, None, None, 1)), figure_of(Toll(4, 5, 9, 2))
    ('4 or more', '5')
    """
    return bounds(total.low, total.high) if total.best is None else count(total.best)


def place(strike: Strike) -> str:
    """Where a strike happened, as plain text, as finely as it is known."""
    return where(strike.place, strike.admin1, strike.country)


def where(*parts: object) -> str:
    """A place by its parts, the finest first; those unknown, or said already, are left out.

    >>> where("Kyiv", None, "Ukraine"), where(None, None, None)
    ('Kyiv, Ukraine', 'place not said')
    """
    parts = tuple(str(part) for part in parts if isinstance(part, str) and part)
    named = [part for at, part in enumerate(parts) if part not in parts[:at]]
    return ", ".join(map(str, named)) or "place not said"


def weapons(strike: Strike) -> str:
    """A strike's weapons and models, as plain text."""
    classes = weapon_name("+".join(sorted(strike.weapons)) or None)
    return f"{classes} ({', '.join(strike.models)})" if strike.models else classes


def figure_range(figure: Figure) -> str:
    """A figure's bounds, with "about" where a source hedged."""
    return ("about " if figure.approx else "") + bounds(figure.low, figure.high)


def figure_notes(figure: Figure) -> str:
    """What a reader should know about how a figure came to be."""
    notes = []
    if figure.contested:
        notes.append("contested: only a party to the fighting says so, of its enemy; in no sum")
    if figure.disputed:
        notes.append("sources disagree")
    if figure.derived:
        notes.append("added up from parts")
    if figure.superseded:
        notes.append(f"{plural(len(figure.superseded), 'earlier figure')} superseded")
    return ", ".join(notes)


def figures_table(strike: Strike) -> str:
    """All figures of a strike as an HTML table."""
    rows = "".join(
        f"<tr><th scope='row'>{text(label(figure.measure))}</th>"
        f"<td>{'' if figure.group == Group.ALL else text(label(figure.group))}</td>"
        f"<td class='number'>{count(figure.best)}</td><td class='number'>{text(figure_range(figure))}</td>"
        f"<td>{text(figure_notes(figure))}</td></tr>"
        for figure in strike.figures
    )
    head = (
        "<th>Measure</th><th>Group</th><th class='number'>Best</th><th class='number'>Lowest–highest</th><th>Note</th>"
    )
    return f"<table class='st-figures'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def reading(claim: Claim, status: str) -> str:
    """How one claim was read, as plain text: its measure, bounds, group, source and standing."""
    group = "" if claim.group == Group.ALL else f" ({label(claim.group)})"
    about = "about " if claim.approx else ""
    relation = {
        Relation.SUBSET: "part of a total",
        Relation.ADDITIONAL: "in addition to an earlier figure",
    }.get(claim.relation, "")
    source = f"according to {claim.source}" if claim.source else "the report's own words"
    parts = [f"{label(claim.measure)}{group}: {about}{bounds(claim.low, claim.high)}", relation, source, status]
    return " · ".join(part for part in parts if part)


def marked(sentence: str, spans: Sequence[tuple[int, int]]) -> str:
    """A sentence as HTML with its figures marked; spans are offsets in it, and may overlap.

    >>> marked("At least <9> died.", [(0, 12)])
    '<mark>At least &lt;9&gt;</mark> died.'
    """
    out, at = [], 0
    for start, end in merged(spans, len(sentence)):
        out += [text(sentence[at:start]), "<mark>", text(sentence[start:end]), "</mark>"]
        at = end
    return "".join([*out, text(sentence[at:])])


def merged(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Spans in order, cut to the text and joined where they overlap.

    >>> merged([(5, 9), (0, 2), (7, 30)], 12)
    [(0, 2), (5, 12)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
