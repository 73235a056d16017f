"""Corrections: what analysts have decided, as sentences; searched, exported, and taken back."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from tracker import amend, audit, export
from tracker.amend import State
from tracker.pages import data, decisions, evidence, who, words
from tracker.pages.view import View
from tracker.store import Store

#: Lines on one page; the export has them all.
_PAGE: Final = 50


def page(view: View) -> None:
    """Draw the page."""
    store = data.shown_store()
    st.caption(
        "What analysts have decided about what was read. No line is ever changed or deleted: taking one back is one "
        "more line. Figures, charts and exports show what is in force."
    )
    decisions.said()
    if "log" not in view.snapshot.memo:
        view.snapshot.memo["log"] = list(reversed(audit.lines(amend.log(store))))
    lines: list[audit.Line] = view.snapshot.memo["log"]
    if not lines:
        st.info("Nobody has corrected anything yet. The page *Review* shows what to look at first.")
        return
    found = _filtered(lines)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{words.plural(len(found), 'line')}** of {len(lines):,}, the newest first", width="stretch")
        who.signature()
        st.download_button(
            "CSV",
            data=functools.partial(_csv, found),
            file_name="strike-tracker-corrections.csv",
            mime="text/csv",
            key="export-log",
            on_click="ignore",
            disabled=not found,
            help="The lines of this selection, with the sentences they hold; safe to open in a spreadsheet.",
        )
    if not found:
        st.info("No correction passes these filters.")
        return
    number = 1
    if len(found) > _PAGE:
        last = -(-len(found) // _PAGE)
        number = int(st.number_input("Page", 1, last, 1, key="log_page", help=f"{_PAGE} lines each, {last} pages"))
    for line in found[(number - 1) * _PAGE : number * _PAGE]:
        _line(store, line)


def _filtered(lines: Sequence[audit.Line]) -> list[audit.Line]:
    """The lines that the reader asks for; the filters are in the address."""
    people = sorted({line.correction.who for line in lines}, key=str.casefold)
    actions = sorted({line.correction.action.value for line in lines})
    columns = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    sought = columns[0].text_input(
        "Search", key="lq", bind="query-params", placeholder="Words, a report, a number", max_chars=100
    )
    by = columns[1].multiselect("Who", people, key="by", bind="query-params", placeholder="Everybody")
    done = columns[2].multiselect("What", actions, key="did", bind="query-params", placeholder="Everything")
    states = [state.value for state in State if any(line.state is state for line in lines)]
    state = columns[3].multiselect("State", states, key="state", bind="query-params", placeholder="All states")
    wanted = (sought or "").casefold().split()
    return [
        line
        for line in lines
        if (not by or line.correction.who in by)
        and (not done or line.correction.action.value in done)
        and (not state or line.state.value in state)
        and all(word in _searched(line) for word in wanted)
    ]


def _searched(line: audit.Line) -> str:
    """What a search looks through."""
    held = " ".join(anchor.sentence for anchor in line.correction.anchors)
    return f"#{line.correction.number} {line.sentence} {' '.join(line.reports)} {held}".casefold()


def _line(store: Store, line: audit.Line) -> None:
    """One correction, the sentences that it holds, and the way to take it back."""
    made = line.correction
    with st.container(border=True, key=f"log-{made.number}"):
        st.html(line_html(line))
        if line.state is State.UNDONE:
            return
        with st.expander("Take back", expanded=False):
            decisions.undo_form(store, made.number, "log")


def line_html(line: audit.Line) -> str:
    """A line of the log as escaped HTML."""
    made = line.correction
    head = f'<div class="st-log">#{made.number} · {words.text(line.sentence)}</div>'
    link = f'<div class="st-place">{evidence.link_html(made.link)}</div>' if made.link else ""
    held = dict.fromkeys(anchor.sentence for anchor in made.anchors if anchor.sentence)
    quotes = "".join(
        f'<div class="st-sentence"><div class="words" dir="auto">{words.text(sentence)}</div></div>'
        for sentence in held
    )
    return head + link + quotes


def _csv(lines: Sequence[audit.Line]) -> bytes:
    """The lines as CSV that a spreadsheet cannot be fooled by."""
    return export.to_csv_bytes(pd.DataFrame(audit.table(lines), columns=list(audit.COLUMNS)))
