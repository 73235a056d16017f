"""Add reports: paste or choose them, look at what is read in them, mend it, save."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import streamlit as st

from tracker.ingest import MAX_BYTES, Record, read_upload
from tracker.pages import add_list, add_paper, add_words, data, words
from tracker.pages.add_desk import MOST_BYTES, Desk, pasted
from tracker.pages.bar import Bar
from tracker.pages.view import View
from tracker.store import Store, StoreError

_DESK: Final = "add_desk"
#: Counts the visits to the empty page, so that its boxes are empty again after each.
_TURN: Final = "add_turn"


def page(_view: View) -> None:
    """Draw the page."""
    st.subheader("Add reports", anchor=False)
    store = _store()
    desk: Desk | None = st.session_state.get(_DESK)
    if desk is None:
        intake()
    elif desk.saved:
        saved(desk)
    else:
        read(desk, store)
        if not desk.entries:
            st.html(add_words.notice(["There is nothing to read in this."], "stop"))
            st.button("Start over", on_click=start_over)
        elif len(desk.entries) == 1 and desk.papers:
            st.button("Start over", on_click=start_over, help="Forget this report; nothing of it has been stored.")
            add_paper.panel(desk, 0, store)
        elif desk.open is not None:
            add_paper.panel(desk, desk.open, store)
        else:
            add_list.panel(desk, store, start_over)
    if store is not None and (desk is None or desk.saved):
        add_list.kept(store)


def _store() -> Store | None:
    """The analyst's own database; None where nothing can be saved, which is said."""
    try:
        store = data.own_store()
    except StoreError as error:
        st.html(add_words.notice(["Nothing can be saved now.", str(error)], "stop"))
        return None
    if store is None:
        st.html(add_words.notice([add_words.SAMPLE_ONLY]))
    return store


def intake() -> None:
    """The two ways in."""
    turn = st.session_state.get(_TURN, 0)
    st.caption("Paste a report or choose files. You see every figure that is read in them before anything is saved.")
    with st.container(border=True, key="add_paste"):
        st.markdown("**Paste a report**")
        title = st.text_input("Title", key=f"add-title-{turn}", max_chars=1_000, placeholder="As it was published")
        text = st.text_area(
            "Text", key=f"add-text-{turn}", height=220, max_chars=MAX_BYTES // 4, placeholder="The report's own words"
        )
        if st.button("Read the text", key="add_read_text", type="primary"):
            if title.strip() or text.strip():
                _begin(Desk(iter([pasted(title, text)]), typed=True))
            st.html(add_words.notice(["Paste the words of a report first."], "stop"))
    with st.container(border=True, key="add_files"):
        st.markdown("**Choose files**")
        files: Any = st.file_uploader(
            "Files",
            accept_multiple_files=True,
            key=f"add-files-{turn}",
            label_visibility="collapsed",
        )
        st.caption(add_words.limits())
        if st.button("Read the files", key="add_read_files", type="primary"):
            if not files:
                st.html(add_words.notice(["Choose files first."], "stop"))
            elif sum(one.size for one in files) > MOST_BYTES:
                st.html(add_words.notice([add_words.too_much()], "stop"))
            else:
                _begin(Desk(_records([(one.name, one.getvalue()) for one in files])))


def _records(files: Iterable[tuple[str, bytes]]) -> Iterator[Record]:
    for name, raw in files:
        yield from read_upload(name, raw)


def _begin(desk: Desk) -> None:
    st.session_state[_DESK] = desk
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()


def start_over() -> None:
    """Forget what is on the desk."""
    st.session_state.pop(_DESK, None)


def read(desk: Desk, store: Store | None) -> None:
    """Take in and read what has not been read yet. A visitor who clicks meanwhile breaks it off, and it goes on."""
    bar = Bar()
    for number in desk.take_in():
        bar.show(0.0, f"{words.plural(number, 'report')} found…")
    for done, total in desk.look(store):
        bar.show(done / total, f"{done:,} of {words.plural(total, 'report')} read…")
    bar.clear()


def saved(desk: Desk) -> None:
    """What has been saved, and the way to the next."""
    st.html(f'<div class="st-notice st-notice-note" role="status">{desk.saved}</div>')
    st.button("Add another", key="add_another", type="primary", on_click=start_over)
