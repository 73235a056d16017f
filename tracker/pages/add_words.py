"""What the page of adding says, as plain sentences and escaped HTML. No Streamlit in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tracker.adding import Added, Known, Standing
from tracker.charts_style import DASH, count
from tracker.ingest import MAX_BYTES, SUFFIXES, Unreadable
from tracker.intake import Outcome
from tracker.models import Claim, Strike
from tracker.pages import words
from tracker.pages.add_desk import MOST_BYTES, MOST_REPORTS, Saved
from tracker.pages.evidence import strike_address
from tracker.pages.papers import KEEP, Edit, Key, Paper, as_read, key_of, link_problem

#: More strikes than these are not linked one by one.
_MOST_LINKS: Final = 20
SAMPLE_ONLY: Final = (
    "This dashboard was started with --sample and takes no reports: you can look at what would be read, but not "
    "save it. Start it without --sample to work on reports of your own."
)
UNDATED: Final = (
    "No date of publication: words such as “yesterday” or “on Monday” stay unresolved, and so does every date "
    "without a year."
)
_STANDING: Final = {
    Standing.NEW: "new",
    Standing.STORED: "stored already",
    Standing.VERSION: "new version",
    Standing.FORGOTTEN: "was forgotten",
}


def limits() -> str:
    """What can be read, and how much of it."""
    return (
        f"Text ({', '.join(SUFFIXES)}): plain text, pages saved from a browser, tables with a column for the text, "
        f"JSON Lines. At most {MAX_BYTES / 1e6:g} MB a report, {MOST_BYTES >> 20} MB and {MOST_REPORTS:,} reports at a "
        "time; `tracker ingest` reads more. Archives are never unpacked."
    )


def too_much() -> str:
    """What is said where files are too large together."""
    return (
        f"These files hold more than {MOST_BYTES >> 20} MB together. Choose fewer at a time, or read them with "
        "'tracker ingest'."
    )


def notice(sentences: Sequence[str], kind: str = "note") -> str:
    """Sentences that may hold a report's words, as HTML; ``kind`` is ``note`` or ``stop``."""
    lines = "".join(f"<div>{words.text(one)}</div>" for one in sentences)
    role = "alert" if kind == "stop" else "status"
    return f'<div class="st-notice st-notice-{kind}" role="{role}">{lines}</div>'


def standing(known: Known | None) -> list[str]:
    """What the database holds of a report, in sentences; none where there is nothing to say."""
    if known is None:
        return []
    said = []
    if known.standing is Standing.STORED:
        said.append("This report is stored already, unchanged. Saving it again changes nothing but what you correct.")
    elif known.standing is Standing.VERSION and known.same_text:
        said.append("This text is stored already with other details. Saving makes these the details of the report.")
    elif known.standing is Standing.VERSION:
        said.append(
            "Another text is stored under this id. Saving puts this one in its place, as a new version of the same "
            "report. If it is another report, give it an id of its own."
        )
    elif known.standing is Standing.FORGOTTEN:
        said.append("This report was forgotten on request: it is not taken in again.")
    if known.corrections:
        were = "is in force and stays" if known.corrections == 1 else "are in force and stay"
        said.append(f"{words.plural(known.corrections, 'correction')} of it {were}.")
    if known.carriers:
        named = [f"{one.report_id} ({one.publisher or 'publisher not said'})" for one in known.carriers[:5]]
        more = f" and {len(known.carriers) - 5:,} more" if len(known.carriers) > 5 else ""
        said.append(
            f"The same text, or nearly, is stored as report {', '.join(named)}{more}. One text on several sites counts "
            "as one source."
        )
    return said


_COLUMNS: Final = {
    "measure": "measure",
    "low": "lowest",
    "high": "highest",
    "group": "who",
    "place": "place",
    "admin1": "region",
    "country": "country",
    "date": "day",
    "date_end": "last day",
    "weapons": "weapons",
    "attacker": "attacker",
}


def changes(claims: Sequence[Claim], edits: Mapping[Key, Edit]) -> list[str]:
    """What an analyst changes, cell by cell, so that a slip of the hand is seen before it is saved."""
    said = []
    for number, claim in enumerate(claims, 1):
        edit, read = edits.get(key_of(claim), {}), as_read(claim)
        if not edit.get(KEEP, True):
            said.append(f"#{number}: {words.label(claim.measure)} {claim.text} is rejected.")
        elif edit:
            cells = (f"{_COLUMNS[name]} {_cell(read[name])} → {_cell(value)}" for name, value in edit.items())
            said.append(f"#{number}: {', '.join(cells)}.")
    return said


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " + ".join(map(words.label, value)) or DASH
    return count(value) if isinstance(value, int) else words.label(str(value)) if value else DASH


def status(paper: Paper) -> str:
    """Where a report of a list stands, in a word or two."""
    if paper.skipped:
        return "left out"
    known = paper.known
    said = _STANDING[Standing.NEW if known is None else known.standing]
    if known is not None and known.standing is Standing.VERSION and not known.same_text:
        said = "replaces another text"
    elif known is not None and known.standing is Standing.NEW and known.carriers:
        said = "text known"
    if link_problem(paper.report.url or ""):
        said += ", link is no web address"
    return said + (", edited" if paper.edits else "")


def failures(unread: Sequence[Unreadable]) -> str:
    """What could not be read, and what can be done about it, as a table."""
    rows = "".join(
        f"<tr><th scope='row'>{words.text(one.origin.path)}</th>"
        f"<td class='number'>{DASH if one.origin.line is None else one.origin.line}</td>"
        f"<td>{words.text(one.error.problem)}</td><td>{words.text(one.error.advice)}</td></tr>"
        for one in unread
    )
    head = "<th>File</th><th class='number'>Line</th><th>What is wrong</th><th>What to do</th>"
    return (
        f"<table class='st-figures st-failures'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        if unread
        else ""
    )


def saved_one(added: Added, title: str, figures: int, *, first: bool) -> str:
    """What became of one report, as HTML; ``first`` where the database held none before."""
    began = {
        Outcome.ADDED: f"Saved “{title}” with {words.plural(figures, 'figure')}",
        Outcome.CHANGED: f"Saved a new version of “{title}” with {words.plural(figures, 'figure')}",
        Outcome.UNCHANGED: f"“{title}” is stored already, unchanged",
    }[added.outcome]
    made = f", and {words.plural(len(added.corrections), 'correction')}" if added.corrections else ""
    return f"<div>{words.text(began + made)}.</div>{_went_into(added.strikes)}{_own(first)}"


def saved_many(done: Saved, *, first: bool) -> str:
    """What became of many reports, as HTML; ``first`` where the database held none before."""
    summary = done.summary
    said = [
        f"{words.plural(number, 'report')} {what}"
        for number, what in (
            (summary.added, "saved"),
            (summary.changed, "saved as a new version"),
            (summary.unchanged, "stored already, unchanged"),
        )
        if number
    ]
    if done.corrections:
        said.append(f"{words.plural(done.corrections, 'correction')} made")
    if summary.failed:
        said.append(f"{words.plural(len(summary.failed), 'record')} not taken in")
    told = words.text(", ".join(said) or "Nothing was saved")
    return f"<div>{told}.</div>{_went_into(done.strikes)}{_own(first and bool(summary.added))}"


def _own(first: bool) -> str:
    said = "From now on the dashboard shows your reports, and no longer the sample." if first else ""
    return f"<div>{said}</div>" if said else ""


def _named(strike: Strike) -> str:
    when = words.days(strike.date, strike.date_end) if strike.date else "date not said"
    return f"{words.place(strike)}, {when}"


def _went_into(strikes: Sequence[Strike]) -> str:
    if not strikes:
        return "<div>No figure of it stands in a strike.</div>"
    links = "".join(
        f'<li><a href="{strike_address(one.strike_id)}">{words.text(_named(one))}</a></li>'
        for one in strikes[:_MOST_LINKS]
    )
    more = "<li><a href='strikes'>all on the page Strikes</a></li>" if len(strikes) > _MOST_LINKS else ""
    told = f"The figures stand in {words.plural(len(strikes), 'strike')}:"
    return f"<div>{told}</div><ul class='st-links'>{links}{more}</ul>"
