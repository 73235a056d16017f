"""The dashboard: the app object, with its content security policy, and the navigation between pages.

Start it with ``tracker dashboard``, or with ``streamlit run dashboard.py`` in a checkout. The server imports
this file for ``app``; for each visitor Streamlit then runs it as a script, which draws the page.
"""

from pathlib import Path

import streamlit as st

import tracker
from tracker.pages import server

PAGES = Path(tracker.__file__).parent / "pages"
#: The pages by their place in the address.
PATHS = {
    "": "Overview",
    "strikes": "Strikes",
    "add": "Add reports",
    "review": "Review",
    "corrections": "Corrections",
    "method": "Data and method",
}
app = st.App(__file__, middleware=server.middleware(), routes=server.routes())


def navigate() -> None:
    """Draw the page that the address names."""
    # Imported for a visitor, not for the server: the pages load pandas and plotly.
    from tracker.pages import add, frame, log, method, overview, review, strikes

    st.set_page_config("Strike Tracker", page_icon=str(PAGES / "icon.png"), layout="wide", initial_sidebar_state=288)
    pages = {"Overview": overview.page, "Strikes": strikes.page, "Data and method": method.page}
    desk = {"Add reports": add.page, "Review": review.page, "Corrections": log.page}
    links = [st.Page(lambda: None, title=title, url_path=name, default=name == "") for name, title in PATHS.items()]
    chosen = st.navigation(links, position="top")
    # Drawn here, and not by ``run``, so that the filters are the same widgets on each page.
    if chosen.title in desk:
        frame.show_desk(desk[chosen.title])
    else:
        frame.show(pages[chosen.title], empty=chosen.title == "Data and method")


if __name__ == "__main__":
    navigate()
else:
    # The server is starting: it makes ready while the first browser is on its way.
    server.make_ready()
