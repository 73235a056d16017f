"""Who is at the desk: asked once, kept by the browser, and put on every correction."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import streamlit as st

#: The name for every session of this server, for a desk of one.
ANALYST_VARIABLE: Final = "TRACKER_ANALYST"
#: Under this key the session keeps the name; ``_FIELD`` is the box that it is typed into.
_NAME: Final = "analyst"
_FIELD: Final = "analyst_field"
_MEMORY: Final = "analyst_memory"

_component = st.components.v2.component(
    "strike_tracker_who", js=Path(__file__).with_name("who.js").read_text(encoding="utf-8")
)


def name() -> str:
    """Who is at the desk; empty where nobody has said so yet."""
    return str(st.session_state.get(_NAME) or os.environ.get(ANALYST_VARIABLE) or "").strip()


def asked() -> str:
    """Draw the box that asks who is at the desk, filled in where that is known; the name, empty where it is not."""
    known = name()

    def remembered() -> None:
        said: Any = getattr(st.session_state[_MEMORY], "name", None)
        if isinstance(said, str) and said.strip() and not name():
            st.session_state[_NAME] = st.session_state[_FIELD] = said.strip()[:100]

    def typed() -> None:
        st.session_state[_NAME] = str(st.session_state[_FIELD]).strip()

    if known and _FIELD not in st.session_state:
        st.session_state[_FIELD] = known
    st.text_input(
        "Your name",
        key=_FIELD,
        max_chars=100,
        on_change=typed,
        placeholder="Who corrects; it stands in the log beside each correction",
    )
    data = {"name": str(st.session_state.get(_NAME) or ""), "asked": bool(known)}
    _component(key=_MEMORY, data=data, on_name_change=remembered)
    return name()
