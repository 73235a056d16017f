"""One report before it is saved: its details, its text with every figure marked, its claims to mend."""

from __future__ import annotations

import dataclasses
import datetime as dt

import streamlit as st

from tracker import adding
from tracker.adding import Standing
from tracker.models import Claim, stable_id
from tracker.pages import add_words, claims_table, evidence, marks, papers, who, words
from tracker.pages.add_desk import Desk, unsaid
from tracker.pages.papers import Paper
from tracker.serialise import now, visible
from tracker.store import Store, StoreError


def panel(desk: Desk, at: int, store: Store | None) -> None:
    """Draw one report; in a list of several, with the way back to it."""
    alone = len(desk.entries) == 1
    paper = desk.entries[at]
    if not isinstance(paper, Paper):
        desk.open = None
        return
    if not alone:
        with st.container(horizontal=True):
            st.button("Back to the list", key="add_back", on_click=_close, args=(desk,))
            label = "Take it in again" if paper.skipped else "Leave this report out"
            st.button(label, key="add_skip", on_click=_skip, args=(desk, paper))
    problems = details(desk, paper, at)
    claims = desk.look_at(at, store)
    if not isinstance(desk.entries[at], Paper):
        st.html(add_words.failures([desk.unread[-1]]))
        return
    if paper.to_read.published is None:
        st.html(add_words.notice([add_words.UNDATED]))
    if said := add_words.standing(paper.known):
        st.html(add_words.notice(said))
    found = reading(desk, paper, at, claims)
    if found.drafts or found.problems:
        paper.why = st.text_input(
            "Reason for your changes",
            value=paper.why,
            key=f"add-why-{desk.turn}-{at}",
            max_chars=500,
            placeholder="Why the figures should be read otherwise; it stands in the log of corrections",
        )
        who.asked()
    if alone:
        _save(desk, paper, store, claims, found, problems)
    elif problems:
        st.html(add_words.notice(problems, "stop"))


def _close(desk: Desk) -> None:
    desk.open = None
    desk.turn += 1


def _skip(desk: Desk, paper: Paper) -> None:
    paper.skipped = not paper.skipped
    _close(desk)


# --- details ----------------------------------------------------------------------------------------------


def details(desk: Desk, paper: Paper, at: int) -> list[str]:
    """Ask for what is known of a report; gives what is wrong with it, in sentences."""
    report, key, problems = paper.report, f"{desk.turn}-{at}", []
    with st.container(border=True, key="add_details"):
        st.markdown("**Details**")
        title = _asked(paper, "title", "Title", report.title, key)
        left, right = st.columns(2)
        with left:
            publisher = _asked(paper, "publisher", "Publisher", report.publisher, key)
        with right:
            url = _asked(paper, "url", "Link", report.url, key, placeholder="https://…")
        day, time, offset = papers.parts(report.published)
        first, second, third, fourth = st.columns([3, 2, 3, 4])
        given = first.date_input(
            _label(paper, "published", "Published on"),
            value=day,
            key=f"add-day-{key}",
            format="YYYY-MM-DD",
            min_value=dt.date(1900, 1, 1),
            max_value=dt.date(2100, 1, 1),
            help="Relative words such as “yesterday” count from it.",
        )
        clock = second.time_input("At", value=time, key=f"add-time-{key}", step=60, help="Where the report says it.")
        zone = third.selectbox(
            "Zone of that time",
            papers.offsets(),
            index=papers.offsets().index(offset) if offset else None,
            key=f"add-zone-{key}",
            placeholder="Not given",
        )
        with fourth:
            name = _asked(paper, "id", "Id", report.id, key)
    try:
        published = papers.moment(given, clock, zone)
        # The boxes hold no seconds: what was not touched stays as it came.
        if papers.parts(report.published) == (given, clock, zone):
            published = report.published
    except ValueError as error:
        problems.append(str(error))
        published = report.published
    if problem := papers.link_problem(url or ""):
        problems.append(problem)
    if not name:
        problems.append("A report needs an id: a short name of its own.")
    paper.report = dataclasses.replace(
        report, id=name or report.id, title=title, publisher=publisher, url=url, published=published
    )
    return problems


def _asked(
    paper: Paper, name: str, label: str, value: str | None, key: str, placeholder: str | None = None
) -> str | None:
    """A box for a detail. What would hide or turn words around is written out in it; untouched, it stays as it came."""
    shown = visible(value or "")
    said = st.text_input(
        _label(paper, name, label), value=shown, key=f"add-{name}-{key}", max_chars=2_000, placeholder=placeholder
    )
    return value if said == shown else (said.strip() or None)


def _label(paper: Paper, name: str, label: str) -> str:
    return f"{label} · from the page: check it" if name in paper.guessed else label


# --- what was read ----------------------------------------------------------------------------------------


def reading(desk: Desk, paper: Paper, at: int, claims: list[Claim]) -> papers.Outcome:
    """The text with its figures marked, and the claims in a table to mend; gives what the changes come to."""
    above = st.container()
    paper.edits = table(desk, paper, at, claims)
    found = papers.outcome(claims, paper.edits)
    numbered = [
        marks.Mark(number, claim, now) for number, (claim, now) in enumerate(zip(claims, found.now, strict=True), 1)
    ]
    with above:
        stated = words.plural(len(claims), "figure")
        st.markdown(f"**What is read** · {stated if claims else 'no figure'}")
        st.html(marks.legend(numbered) + marks.marked(paper.to_read, numbered))
        if left_out := marks.left_out(paper.to_read, numbered):
            st.caption(left_out)
    if changed := add_words.changes(claims, paper.edits):
        st.markdown("**What you change**")
        st.html(add_words.notice([*changed, *found.notes]))
    if found.problems:
        st.html(add_words.notice(found.problems, "stop"))
    return found


def table(desk: Desk, paper: Paper, at: int, claims: list[Claim]) -> dict[papers.Key, papers.Edit]:
    """The claims, one a row, to be edited; gives what was changed."""
    if not claims:
        st.caption("No figure is read in this report. It can be saved all the same: better rules may read one.")
        return {}
    st.caption(
        "The numbers are those in the text. Change a cell where it was read wrongly; take the tick away to reject a "
        "figure. What was read is kept beside what you change."
    )
    key = f"add-claims-{desk.turn}-{at}-{stable_id(*claims)}"
    # What is edited is kept by the widget, beside the rows that were drawn first.
    return papers.edits_in(claims_table.edited(papers.rows(claims, paper.edits), key), claims)


# --- saving -----------------------------------------------------------------------------------------------


def _save(
    desk: Desk, paper: Paper, store: Store | None, claims: list[Claim], found: papers.Outcome, problems: list[str]
) -> None:
    checked = True
    if paper.guessed:
        checked = st.checkbox(
            "I have checked the details that were taken from the page.", key=f"add-checked-{desk.turn}"
        )
    if store is None:
        return
    if not st.button("Save this report", key="add_save", type="primary"):
        return
    missing = [*problems, *unsaid([paper], who.name(), desk.readings)]
    if not checked:
        missing.append("Check the details that were taken from the page, and say so above.")
    if paper.known is not None and paper.known.standing is Standing.FORGOTTEN:
        missing.append("This report was forgotten on request: it is not taken in again.")
    if missing:
        st.html(add_words.notice(missing, "stop"))
        return
    was_empty = store.empty()
    try:
        added = adding.add(store, paper.received, claims, found.drafts, who=who.name(), when=now(), why=paper.why)
    except (StoreError, ValueError) as error:
        st.html(add_words.notice([str(error)], "stop"))
        return
    title = evidence.headline(paper.report)
    desk.saved = add_words.saved_one(added, title, len(claims), first=was_empty)
    st.rerun()
