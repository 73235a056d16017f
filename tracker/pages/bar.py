"""A bar of progress that appears only where something takes long."""

from __future__ import annotations

import time
from typing import Final

import streamlit as st

#: It is drawn as often as this, in seconds.
_EVERY: Final = 0.2


class Bar:
    """How far something is. Drawing it is also where a visitor's click breaks the work off."""

    def __init__(self) -> None:
        self._place = st.empty()
        self._last = time.monotonic()

    def show(self, part: float, said: str) -> None:
        """Draw how far it is, unless that was drawn just now."""
        if time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self._place.progress(min(part, 1.0), said)

    def clear(self) -> None:
        """Take it away."""
        self._place.empty()
