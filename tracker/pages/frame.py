"""What all pages share: the style, the name, the banners, the sidebar, and what is said where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from tracker.charts_style import Theme
from tracker.pages import data, filters
from tracker.pages.view import View


def show(page: Callable[[View], None], *, empty: bool = False) -> None:
    """Draw a page: the frame, and in it ``page`` where there is something to show.

    ``empty`` pages are drawn also where no strike passes the filters.
    """
    view = opened()
    if view is None:
        return
    if view.snapshot.table.empty:
        st.info(
            "No strike was found in the reports read so far. Read in more on *Add reports*, or with `tracker ingest`."
        )
        return
    if not empty and view.frame().empty:
        st.info("No strike passes these filters. Take one away in the sidebar, or start again:")
        st.button("Show all strikes", key="show_all", on_click=filters.reset)
        return
    page(view)
    view.forget()


def show_desk(page: Callable[[View], None]) -> None:
    """Draw a page on which an analyst works: the frame, and in it ``page``, whether there are strikes or not."""
    view = opened()
    if view is not None:
        page(view)
        view.forget()


def opened() -> View | None:
    """Draw the frame and return what the visitor sees; None where the database cannot be opened, which is said."""
    st.html(Path(__file__).with_name("style.css"))
    with st.sidebar:
        above = st.container()
        policy, vague = filters.policies()
    try:
        snapshot = data.current(policy, vague)
    except data.StoreError as error:
        st.error("The database cannot be opened.")
        st.text(str(error))
        return None
    st.header("Strike Tracker", anchor=False)
    st.caption(
        "Figures as published reports give them, each with the sentence it comes from. They are what was reported, "
        "not a count of all deaths."
    )
    if snapshot.sample:
        st.warning(
            "**Sample data, not evidence.** These reports retell published articles in our own words, to show how the "
            "tracker works. Read in your own on *Add reports* or with `tracker ingest`; they are kept apart from these."
        )
    if snapshot.stale:
        st.info("An ingest was interrupted: these strikes are those of the run before. Run `tracker ingest` again.")
    with above:
        chosen = filters.sidebar(snapshot, policy, vague)
    return View(snapshot, chosen)


def theme() -> Theme:
    """The theme that the visitor's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"
