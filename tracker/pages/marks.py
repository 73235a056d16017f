"""A report's text with the figure of every claim marked by what it counts, as escaped HTML. No Streamlit in here.

A mark carries the claim's number in the table and its measure in words, so that its colour is never the only sign.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tracker.charts_style import bounds
from tracker.models import Claim, Field, Group, Measure, Report
from tracker.pages import words

#: Longer texts show only what stands around their figures.
LONGEST: Final = 120_000
#: So much stands around a figure of a longer text, in characters.
_AROUND: Final = 300
#: More figures than this are listed in the table only.
MOST: Final = 1_000
_BREAK = re.compile(r"\r\n|[\n\r]")


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim to be marked: its number in the table, as it was read, and as it stands (None where rejected)."""

    number: int
    claim: Claim
    now: Claim | None


def marked(report: Report, marks: Sequence[Mark]) -> str:
    """The title and text of a report with the figures of its claims marked."""
    marks = marks[:MOST]
    title = (report.title or "").strip() and _field(report.title or "", Field.TITLE, marks)
    body = _field(report.text, Field.TEXT, marks)
    head = f'<div class="headline">{title}</div>' if title else ""
    return f'<div class="st-marked" tabindex="0" role="region" aria-label="The report">{head}<div>{body}</div></div>'


def legend(marks: Sequence[Mark]) -> str:
    """The measures of a report in the order of the codebook, each in its colour, and how many claims state it."""
    given = Counter(mark.now.measure for mark in marks if mark.now is not None)
    parts = [
        f'<span><span class="st-m st-m-{one}">{words.text(words.label(one))}</span> {given[one]}</span>'
        for one in Measure
        if given[one]
    ]
    if gone := sum(mark.now is None for mark in marks):
        parts.append(f'<span><span class="st-m st-m-off">rejected</span> {gone}</span>')
    return f'<div class="st-legend">{"".join(parts)}</div>'


def left_out(report: Report, marks: Sequence[Mark]) -> str:
    """What a long report does not show, in words; empty where it shows all."""
    if len(report.text) <= LONGEST:
        return f"Only the first {MOST:,} figures are marked." if len(marks) > MOST else ""
    more = f", of the first {MOST:,}," if len(marks) > MOST else ""
    return f"The report is long: only what stands around its figures{more} is shown."


def _field(text: str, field: Field, marks: Sequence[Mark]) -> str:
    own = sorted((mark for mark in marks if mark.claim.field is field), key=lambda one: (one.claim.start, one.number))
    clusters: list[tuple[int, int, list[Mark]]] = []
    for mark in own:
        start, end = max(0, mark.claim.start), min(len(text), mark.claim.end)
        if clusters and start < clusters[-1][1]:  # one figure read twice, or two that overlap: one mark for both
            first, last, held = clusters[-1]
            clusters[-1] = (first, max(last, end), [*held, mark])
        else:
            clusters.append((start, end, [mark]))
    out = []
    for lo, hi in _shown(len(text), [(start, end) for start, end, _ in clusters]):
        at = lo
        for start, end, held in clusters:
            if lo <= start and end <= hi:
                out += [_plain(text[at:start]), _mark(text[start:end], held)]
                at = end
        out.append(_plain(text[at:hi]))
        if hi < len(text):
            out.append(' <span class="st-gap">[…]</span> ')
    return "".join(out)


def _shown(length: int, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of a text that are shown."""
    if length <= LONGEST:
        return [(0, length)]
    around = [(start - _AROUND, end + _AROUND) for start, end in spans]
    return words.merged([(0, _AROUND), *around], length)


def _mark(figure: str, held: Sequence[Mark]) -> str:
    labels = "".join(
        f'<span class="st-n{" st-gone" if one.now is None else ""}">#{one.number} {words.text(_name(one))}</span>'
        for one in held
    )
    standing = [one.now for one in held if one.now is not None]
    kind = str(standing[0].measure) if standing else "off"
    said = "\n".join(_said(one) for one in held)
    return f'<mark class="st-m st-m-{kind}" title="{words.text(said, lines=True)}">{_plain(figure)}{labels}</mark>'


def _name(mark: Mark) -> str:
    return words.label(mark.claim.measure if mark.now is None else mark.now.measure)


def _said(mark: Mark) -> str:
    """What a mark says when it is pointed at."""
    now = mark.now
    if now is None:
        return f"#{mark.number}: rejected"
    about = "about " if now.approx else ""
    group = "" if now.group is Group.ALL else f", {words.label(now.group)}"
    edited = "" if now == mark.claim else " (as you changed it)"
    where = words.where(now.place, now.admin1, now.country)
    return (
        f"#{mark.number}: {words.label(now.measure)}{group} {about}{bounds(now.low, now.high)}, {where}, "
        f"{words.days(now.date, now.date_end) if now.date else 'date not said'}{edited}"
    )


def _plain(text: str) -> str:
    """Text with its lines kept, and all else that it may hold made visible."""
    return words.text(_BREAK.sub("\n", text).replace("\t", "    "), lines=True)
