"""The other strike, where an analyst makes one of two: those close by in place and time, or any by its link."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from tracker.models import Measure
from tracker.pages import data, doubt_words, words
from tracker.pages.selection import CITY_LABEL, NO_CITY, Mask, nearby
from tracker.pages.view import View
from tracker.store import Dossier

#: So many are offered.
_MOST: Final = 12
#: Days between two strikes that are offered for one.
_DAYS: Final = 7
#: What the session keeps: the strikes that are offered, as they were shown.
_OFFERED: Final = "review_others"


def forget() -> None:
    """Let go of what was offered."""
    st.session_state.pop(_OFFERED, None)


def chosen(view: View, shown: Dossier, turn: int) -> Dossier | None:
    """Ask for the other strike; None until there is one."""
    offered = st.session_state.setdefault(_OFFERED, {})
    if not offered:
        offered |= {one.strike.strike_id: one for one in _near(view, shown)}
    names = {key: name(one) for key, one in offered.items()}
    picked = st.selectbox(
        "The other strike",
        list(names),
        index=None,
        format_func=lambda key: names[key],
        placeholder="Strikes near it in place and time" if names else "None is near it in place and time",
        key=f"review-other-{turn}",
    )
    typed = st.text_input("or its link, or its id", key=f"review-other-id-{turn}", max_chars=300).strip()
    wanted = typed.rpartition("strike=")[2] if typed else picked
    if not wanted:
        return None
    if wanted not in offered:
        other = data.dossier(view.snapshot, wanted)
        if other is None or wanted == shown.strike.strike_id:
            st.caption("There is no other strike with this id.")
            return None
        offered[wanted] = other
    if typed:
        st.text(name(offered[wanted]))
    found: Dossier = offered[wanted]
    return found


def name(found: Dossier) -> str:
    """A strike in one line, with its dead and hurt."""
    figures = (found.strike.figure(Measure.KILLED), found.strike.figure(Measure.INJURED))
    said = ", ".join(f"{words.label(one.measure)} {words.figure_range(one)}" for one in figures if one is not None)
    return doubt_words.strike_name(found.strike) + (f" · {said}" if said else "")


def _near(view: View, shown: Dossier) -> list[Dossier]:
    table, strike = view.snapshot.table, shown.strike
    ids = [
        *table["strike_id"][_same_place(table, strike.strike_id)],
        *nearby(table, strike.strike_id, days=_DAYS)["strike_id"],
        *strike.linked,
    ]
    wanted = [one for one in dict.fromkeys(ids) if one != strike.strike_id][:_MOST]
    found = (data.dossier(view.snapshot, one) for one in wanted)
    return [one for one in found if one is not None and one.strike.basis is strike.basis]


def _same_place(table: pd.DataFrame, strike_id: str) -> Mask:
    """The strikes of the same settlement at about the same time, the undated ones among them."""
    own = (table["strike_id"] == strike_id).to_numpy(dtype=bool)
    places = table[CITY_LABEL].astype("string")
    if not own.any() or places[own].iloc[0] == NO_CITY:
        return np.zeros(len(table), dtype=bool)
    same: Mask = (places == places[own].iloc[0]).to_numpy(dtype=bool)
    starts: Any = pd.to_datetime(table.index.get_level_values("date")).to_numpy()
    day = starts[own][0]
    if pd.isna(day):
        return same
    close: Mask = (np.abs(starts - day) <= np.timedelta64(_DAYS, "D")) | pd.isna(starts)
    return same & close
