"""Many reports before they are saved: a list of them, what could not be read and why, and one button for all.

Also the list of what could not be read at any time, kept for another try.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from tracker import adding
from tracker.ingest import Unreadable
from tracker.pages import add_words, evidence, who, words
from tracker.pages.add_desk import Desk, save, unsaid
from tracker.pages.bar import Bar
from tracker.pages.papers import Paper
from tracker.serialise import now, visible
from tracker.store import Store, StoreError

#: Of what could not be read, so much is shown at a time.
MOST_SHOWN: Final = 100
_SAID: Final = "add_said"


def panel(desk: Desk, store: Store | None, start_over: Callable[[], None]) -> None:
    """Draw the list of what came in."""
    st.button("Start over", on_click=start_over, help="Forget these reports; nothing of them has been stored.")
    unread, number = desk.unread, len(desk.papers)
    if number:
        figures = words.plural(sum(paper.figures for paper in desk.wanted), "figure")
        st.markdown(
            f"**{words.plural(number, 'report')} read** · {figures}. Choose a row to look at its report and mend it; "
            "there is no need to look at each."
        )
        listing(desk)
        common(desk)
    if unread:
        failed(f"{words.plural(len(unread), 'record')} could not be read", unread)
    _save(desk, store)


def listing(desk: Desk) -> None:
    """The reports, one a row; a chosen one opens."""
    places = [at for at, one in enumerate(desk.entries) if isinstance(one, Paper)]
    papers = desk.papers
    table = pd.DataFrame(
        {
            "title": [visible(evidence.headline(one.report)) for one in papers],
            "publisher": [visible(one.report.publisher or "") for one in papers],
            "published": pd.to_datetime(pd.Series([one.report.published_date for one in papers], dtype="object")),
            "figures": [one.figures for one in papers],
            "status": [add_words.status(one) for one in papers],
            "id": [visible(one.report.id) for one in papers],
            "file": [visible(str(one.record.origin)) for one in papers],
        }
    )
    column = st.column_config
    event: Any = st.dataframe(
        table,
        key=f"add-list-{desk.turn}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=min(38 + 35 * len(papers), 460),
        column_config={
            "title": column.TextColumn("Title", width=220),
            "publisher": column.TextColumn("Publisher", width=110),
            "published": column.DateColumn("Published", format="YYYY-MM-DD", width=96),
            "figures": column.NumberColumn("Figures", width=64),
            "status": column.TextColumn("Status", width=140),
            "id": column.TextColumn("Id", width=140),
            "file": column.TextColumn("File", width=180),
        },
        placeholder="–",
        alt="Reports, one a row",
    )
    if event.selection.rows and event.selection.rows[0] < len(places):
        desk.open = places[event.selection.rows[0]]
        desk.turn += 1
        st.rerun()


def common(desk: Desk) -> None:
    """A publisher and a date for the reports that have none."""
    lacking = [
        words.plural(number, f"report without a {what}", f"reports without a {what}")
        for what, number in (
            ("publisher", sum(not one.report.publisher for one in desk.wanted)),
            ("date of publication", sum(one.report.published is None for one in desk.wanted)),
        )
        if number
    ]
    if not lacking:
        return
    with st.container(border=True, key="add_common"):
        st.markdown(f"**{' and '.join(lacking)}.** Give them what they have in common, or save them without.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            publisher = st.text_input("Publisher of those without one", key="add_common_publisher", max_chars=200)
            day: Any = st.date_input(
                "Day of those without one",
                value=None,
                key="add_common_day",
                format="YYYY-MM-DD",
                min_value=dt.date(1900, 1, 1),
                max_value=dt.date(2100, 1, 1),
            )
            if st.button("Apply", key="add_common_apply"):
                desk.common(publisher=" ".join(publisher.split()), published=day)
                desk.turn += 1
                st.rerun()


def failed(title: str, unread: list[Unreadable]) -> None:
    """What could not be read, and why."""
    with st.container(border=True):
        st.markdown(f"**{title}**")
        st.html(add_words.failures(unread[:MOST_SHOWN]))
        if len(unread) > MOST_SHOWN:
            st.caption(f"The first {MOST_SHOWN} of {len(unread):,} are shown.")


def _save(desk: Desk, store: Store | None) -> None:
    checked = True
    wanted = desk.wanted
    if guessed := sum(bool(one.guessed) for one in wanted):
        checked = st.checkbox(
            f"I have checked the publishers, links and dates that {words.plural(guessed, 'page')} gave of themselves.",
            key="add_checked_all",
        )
    if any(one.edits for one in wanted):
        who.asked()
    if store is None:
        return
    label = f"Save {words.plural(len(wanted), 'report')}" if wanted else "Keep these for another try"
    if not st.button(label, key="add_save_all", type="primary"):
        return
    missing = unsaid(wanted, who.name(), desk.readings)
    if not checked:
        missing.append("Check the details that were taken from pages, and say so above.")
    if missing:
        st.html(add_words.notice(missing, "stop"))
        return
    was_empty = store.empty()
    bar = Bar()
    try:
        done = save(
            desk,
            store,
            who=who.name(),
            when=now(),
            progress=lambda part, whole: bar.show(part / whole, f"{part:,} of {whole:,} saved…"),
        )
    except (StoreError, ValueError) as error:
        st.html(add_words.notice([str(error)], "stop"))
        return
    desk.saved = add_words.saved_many(done, first=was_empty)
    st.rerun()


# --- what could not be read at any time -------------------------------------------------------------------


def kept(store: Store) -> None:
    """What could not be read so far, with another try for all, or for one."""
    unread = store.failures()
    said = st.session_state.pop(_SAID, "")
    if not unread and not said:
        return
    with st.container(border=True, key="add_kept"):
        st.markdown(f"**Could not be read so far** · {words.plural(len(unread), 'record')}, kept for another try")
        if said:
            st.html(add_words.notice([said]))
        if not unread:
            return
        st.html(add_words.failures(unread[:MOST_SHOWN]))
        if len(unread) > MOST_SHOWN:
            st.caption(f"The first {MOST_SHOWN} of {len(unread):,} are shown.")
        names = {at: f"{at + 1}: {visible(str(one.origin))}" for at, one in enumerate(unread)}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if st.button(
                "Retry all", key="add_retry", help="Read them again; those that can be read now are taken in."
            ):
                again(store)
            chosen = st.selectbox(
                "One of them", list(names), format_func=names.__getitem__, index=None, key="add_kept_one",
                placeholder="Choose one to take off the list",
            )  # fmt: skip
            if st.button("Take it off the list", key="add_dismiss", disabled=chosen is None) and chosen is not None:
                adding.dismiss(store, unread[chosen])
                st.session_state[_SAID] = "One record was taken off the list."
                st.session_state.pop("add_kept_one", None)
                st.rerun()


def again(store: Store) -> None:
    """Read everything again that could not be read."""
    try:
        with st.spinner("Reading them again…"):
            summary = store.retry(accessed=now())
    except StoreError as error:
        st.session_state[_SAID] = str(error)
    else:
        taken = summary.added + summary.changed + summary.unchanged
        st.session_state[_SAID] = (
            f"{words.plural(taken, 'report')} could be read now and {'was' if taken == 1 else 'were'} taken in; "
            f"{len(summary.failed):,} failed again."
        )
    st.rerun()
