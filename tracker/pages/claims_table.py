"""Claims as a table that an analyst edits; what is changed in it becomes corrections (``papers``)."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from tracker.charts_style import weapon_classes
from tracker.models import Group, Measure
from tracker.pages import papers, words

#: The table as it was drawn first: what is edited in it is kept by the widget, beside it.
_DRAWN: Final = "claims_table"
_FIXED: Final = ("number", "figure", "source", "relation", "sentence")


def edited(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Draw the rows of claims (``papers.rows``) to be edited, and give them as they are now. A new key: a new table."""
    drawn = st.session_state.get(_DRAWN)
    if drawn is None or drawn[0] != key:
        drawn = st.session_state[_DRAWN] = (key, rows)
    changed: pd.DataFrame = st.data_editor(
        drawn[1],
        key=key,
        hide_index=True,
        num_rows="fixed",
        column_config=_columns(),
        disabled=list(_FIXED),
        height=min(38 + 35 * len(rows), 460),
        placeholder="–",
    )
    return changed


def _label_of(code: object) -> str:
    return words.label(str(code))


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "number": column.NumberColumn("#", width=44, pinned=True),
        papers.KEEP: column.CheckboxColumn(
            "Keep", width=80, pinned=True, help="Take the tick away to reject a figure."
        ),
        "figure": column.TextColumn("As printed", width=110),
        "measure": column.SelectboxColumn(
            "Measure", options=[str(one) for one in Measure], required=True, format_func=_label_of, width=110
        ),
        "low": column.NumberColumn("Lowest", min_value=0, step=1, format="localized", width=92),
        "high": column.NumberColumn(
            "Highest", min_value=0, step=1, format="localized", width=96, help="Empty: or more."
        ),
        "group": column.SelectboxColumn(
            "Who", options=[str(one) for one in Group], required=True, format_func=_label_of, width=100
        ),
        "place": column.TextColumn("Place", max_chars=200, width=120),
        "admin1": column.TextColumn("Region", max_chars=200, width=110),
        "country": column.TextColumn("Country", max_chars=200, width=104),
        "date": column.DateColumn("Day", format="YYYY-MM-DD", width=110),
        "date_end": column.DateColumn("Last day", format="YYYY-MM-DD", width=110, help="Empty: one day."),
        "weapons": column.MultiselectColumn("Weapons", options=weapon_classes(), format_func=_label_of, width=130),
        "attacker": column.TextColumn("Attacker", max_chars=200, width=100),
        "source": column.TextColumn("On whose word", width=140),
        "relation": column.TextColumn("Relation", width=110),
        "sentence": column.TextColumn("Sentence", width=420),
    }
