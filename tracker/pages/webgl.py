"""Whether the visitor's browser can draw the map: without WebGL it would stay blank and silent."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

_KEY: Final = "webgl"

#: Asks for the context that MapLibre asks for, and speaks up once, only where there is none.
_PROBE: Final = """
export default function ({ data, setStateValue }) {
  if (!data.missing && !document.createElement("canvas").getContext("webgl2")) {
    setStateValue("missing", true);
  }
}
"""

_component = st.components.v2.component("strike_tracker_webgl", js=_PROBE)


def missing() -> bool:
    """True once the browser has said that it has no WebGL."""
    state: Any = st.session_state.get(_KEY)
    return bool(state is not None and state.get("missing"))


def probe() -> None:
    """Ask the browser; the answer, where it is no, comes with a rerun. Draws nothing."""
    _component(key=_KEY, data={"missing": missing()}, default={"missing": False}, on_missing_change=lambda: None)
