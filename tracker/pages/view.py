"""What one visitor sees: a snapshot through their filters. No Streamlit in here; charts and pages ask it for frames."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from tracker import charts_data
from tracker.charts_data import Toll
from tracker.models import KIND_OF, Group, Kind, Measure
from tracker.pages.data import Snapshot
from tracker.pages.selection import (
    CITY_LABEL,
    ROW,
    Facet,
    Filters,
    Include,
    is_contested,
    is_counted,
    mask,
    select,
)

#: What charts need of a strike beside its figures; a selection of these is a tenth of a selection of all columns.
_NEEDED: Final = (
    "strike_id", "date_end", "scope", "basis", "admin1", "country", "lat", "lon", "linked", "left_out",
    CITY_LABEL, ROW,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot through a visitor's filters."""

    snapshot: Snapshot
    filters: Filters

    def rows(self) -> pd.DataFrame:
        """The strikes that pass the filters, with all columns."""
        return select(self.snapshot.table, self.filters)

    def frame(self, *measures: Measure, ignoring: Facet | None = None, group: Group | None = None) -> pd.DataFrame:
        """The strikes that pass, with what charts need and the figures of some measures in the group chosen.

        ``ignoring`` opens one filter: that of the chart that asks, so that what was not chosen stays in view.
        """
        filters = self.filters if ignoring is None else self.filters.without(ignoring)
        table = self.snapshot.table
        columns = list(_NEEDED)
        asked = self.filters.group if group is None else group
        figures = []
        for measure in measures:
            # Only people have groups: what was launched is everybody's.
            who = asked if KIND_OF[measure] is Kind.PEOPLE else Group.ALL
            figures.append(self.snapshot.figures(measure, who, self.filters.include))
        whole = pd.concat([table[columns], *figures], axis=1) if figures else table[columns]
        return whole[mask(table, filters)] if filters.narrows else whole

    def sums(self, measure: Measure, *, ignoring: Facet | None = None) -> pd.DataFrame:
        """The strikes whose figure of a measure joins its sum."""
        frame = self.frame(measure, ignoring=ignoring)
        return frame[is_counted(frame, measure, self.filters.include)]

    def fates(self) -> pd.DataFrame:
        """What was launched and became of it, by weapon, in the strikes that pass (the filter by weapon open)."""
        found = self.snapshot.fates
        parts = []
        for measure in charts_data.FATES:
            rows = self.sums(measure, ignoring=Facet.WEAPON)[ROW]
            parts.append(found[(found["measure"] == str(measure)).to_numpy() & found["row"].isin(rows).to_numpy()])
        return pd.concat(parts)

    def outside(self, measure: Measure) -> Toll | None:
        """What the rows that pass, but join no sum, say of a measure."""
        frame = self.frame(measure)
        return charts_data.toll(frame[~is_counted(frame, measure, self.filters.include)], measure)

    def perpetrators(self, measure: Measure) -> Toll | None:
        """The perpetrators among the killed, injured, ... that no sum holds."""
        if not self.snapshot.has_group(measure, Group.PERPETRATORS):
            return None
        frame = self.frame(measure, group=Group.PERPETRATORS)
        return charts_data.toll(frame[is_counted(frame, measure, self.filters.include)], measure)

    def contested(self, measure: Measure) -> Toll | None:
        """What only a party to the fighting says of its enemy's losses, and no sum holds."""
        table, who = self.snapshot.table, self.filters.group
        groups = (Group.ALL, Group.SOLDIERS, Group.FIGHTERS) if who is Group.ALL else (who,)
        claimed_at_all = any(is_contested(table, measure, group).any() for group in groups)
        if Include.CONTESTED in self.filters.include or not claimed_at_all:
            return None
        frame = self.frame(measure)
        claimed = dataclasses.replace(self.filters, include=(Include.CONTESTED,))
        whole = View(self.snapshot, claimed).frame(measure)
        differs = charts_data.is_stated(whole, measure) & ~charts_data.is_stated(frame, measure)
        return charts_data.toll(whole[differs.to_numpy() & is_counted(whole, measure)], measure)

    def reports(self, selection: pd.DataFrame, measure: Measure | None = None) -> int:
        """How many different reports speak of some strikes, or state one measure of theirs in the group chosen."""
        if measure is not None:
            selection = selection[charts_data.is_stated(selection, measure).to_numpy()]
        return self.snapshot.reports(selection, measure, self.filters.group)

    def reports_by(self, selection: pd.DataFrame, keys: pd.Series[Any], measure: Measure) -> pd.Series[Any]:
        """How many different reports state a measure, for each value of ``keys``."""
        stated = charts_data.is_stated(selection, measure).to_numpy()
        selection, keys = selection[stated], keys[stated]
        return self.snapshot.reports_by(selection, keys, measure, self.filters.group)
