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
_MOST: Final = 100
_HINT: Final = "It stands in the log beside what you decide"

_component = st.components.v2.component(
    "strike_tracker_who", js=Path(__file__).with_name("who.js").read_text(encoding="utf-8")
)


def name() -> str:
    """Who is at the desk; empty where nobody has said so yet."""
    return str(st.session_state.get(_NAME) or os.environ.get(ANALYST_VARIABLE) or "").strip()


def is_me(said: str) -> None:
    """Take a name for the rest of the session; the browser keeps it when the page is drawn next."""
    st.session_state[_NAME] = said.strip()[:_MOST]


def asked() -> str:
    """Draw the box that asks who is at the desk, filled in where that is known; the name, empty where it is not."""
    _recall()
    if _FIELD not in st.session_state:
        st.session_state[_FIELD] = name()
    st.text_input("Your name", key=_FIELD, max_chars=_MOST, on_change=_typed, placeholder=_HINT)
    return name()


def signature() -> None:
    """Say as whom the analyst decides, with a way to change it; nothing where nobody has said so yet."""
    _recall()
    if not name():
        return
    with st.popover(f"Signed: {name().translate(_PLAIN)}", help="Your name, as it stands in the log"):
        if _FIELD not in st.session_state:
            st.session_state[_FIELD] = name()
        st.text_input("Your name", key=_FIELD, max_chars=_MOST, on_change=_typed)


def field(key: str) -> str:
    """In a form: ask for the name where it is not known yet; the name."""
    if known := name():
        return known
    return st.text_input("Your name", key=key, max_chars=_MOST, placeholder=_HINT).strip()


#: What Markdown would read as more than letters.
_PLAIN: Final = {ord(letter): f"\\{letter}" for letter in "\\`*_{}[]()<>#+-.!|~:$"}


def _typed() -> None:
    is_me(str(st.session_state[_FIELD]))


def _recall() -> None:
    """Ask the browser for the name it keeps, and give it a new one to keep."""

    def remembered() -> None:
        said: Any = getattr(st.session_state[_MEMORY], "name", None)
        if isinstance(said, str) and said.strip() and not name():
            is_me(said)
            st.session_state[_FIELD] = name()

    data = {"name": str(st.session_state.get(_NAME) or ""), "asked": bool(name())}
    _component(key=_MEMORY, data=data, on_name_change=remembered)
