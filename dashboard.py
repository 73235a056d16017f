"""The dashboard: the app object, with its content security policy, and the navigation between pages.

Start it with ``tracker dashboard``, or with ``streamlit run dashboard.py`` in a checkout. The server imports
this file for ``app``; for each visitor Streamlit then runs it as a script, which draws the page.
"""

from pathlib import Path

import streamlit as st

import tracker
from tracker.pages import server

PAGES = Path(tracker.__file__).parent / "pages"
app = st.App(__file__, middleware=server.middleware(), routes=server.routes())


def navigate() -> None:
    """Draw the page that the address names."""
    st.set_page_config("Strike Tracker", page_icon=str(PAGES / "icon.png"), layout="wide", initial_sidebar_state=288)
    pages = [st.Page(PAGES / "overview.py", title="Overview", default=True)]
    st.navigation(pages, position="sidebar" if len(pages) > 1 else "hidden").run()


if __name__ == "__main__":
    navigate()
