"""Figures on the page: drawn by Plotly in the visitor's browser, and redrawn in place when a filter changes.

Streamlit's own chart element makes a new chart of each change, and the map would start again from nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from tracker.charts_plot import NARROW, Plot
from tracker.pages.server import LIBRARY_PATH

#: Remembers, for a visit, that the browser has no WebGL.
_NO_WEBGL: Final = "no_webgl"

_component = st.components.v2.component(
    "strike_tracker_plot",
    js=Path(__file__).with_name("plot.js").read_text(encoding="utf-8"),
    # Plotly writes its styles into the page.
    isolate_styles=False,
)


def draw(
    plot: Plot,
    *,
    key: str,
    alt: str,
    picture: str,
    scroll: bool = False,
    on_click: Callable[[list[str]], None] | None = None,
) -> None:
    """Draw a figure.

    ``alt`` says in words what it shows, ``picture`` names its download; ``on_click`` is given what the clicked point
    says in ``customdata[0]``. Elements with the same key are the same figure, and keep the visitor's zoom.
    """
    data = {
        "library": LIBRARY_PATH.removeprefix("/"),
        "figure": plot.spec(),
        "config": _config(picture, scroll=scroll),
        "alt": alt,
        "clickable": on_click is not None,
        "narrow": NARROW,
    }

    def clicked() -> None:
        said = getattr(st.session_state[key], "clicked", None)
        if on_click is not None and isinstance(said, list):
            on_click([str(one) for one in said])

    def refused() -> None:
        st.session_state[_NO_WEBGL] = True

    _component(key=key, data=data, on_clicked_change=clicked, on_refused_change=refused)


def no_maps() -> bool:
    """Whether the visitor's browser has said that it cannot draw a map, for want of WebGL."""
    return bool(st.session_state.get(_NO_WEBGL))


def _config(picture: str, *, scroll: bool) -> dict[str, Any]:
    """How a chart behaves: the one button of its toolbar saves it as a picture."""
    return {
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": f"strike-tracker-{picture}", "scale": 2},
        "scrollZoom": scroll,
    }
