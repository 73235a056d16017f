"""What one visitor sees: a snapshot through their filters. No Streamlit in here; charts and pages ask it for frames."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tracker import charts_data
from tracker.charts_data import Toll
from tracker.models import KIND_OF, Group, Kind, Measure
from tracker.pages.data import Snapshot
from tracker.pages.selection import (
    FOR_CHARTS,
    ROW,
    Facet,
    Filters,
    Include,
    Mask,
    Rows,
    is_contested,
    is_counted,
    mask,
    select,
)


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot through a visitor's filters."""

    snapshot: Snapshot
    filters: Filters
    #: What one run of a page asks for again and again; ``forget`` empties it, so that no visitor holds a table.
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def forget(self) -> None:
        """Let go of all frames."""
        self.memo.clear()

    def chosen(self, ignoring: Facet | None = None) -> Mask | None:
        """Which rows of the table pass the filters, but for one that is ignored; None where they all do."""
        key = f"chosen without {ignoring}"
        if key not in self.memo:
            filters = self.filters if ignoring is None else self.filters.without(ignoring)
            self.memo[key] = mask(self.snapshot.table, filters) if filters.narrows else None
        found: Mask | None = self.memo[key]
        return found

    def positions(self) -> Rows:
        """The rows of the table that pass the filters, by number."""
        chosen = self.chosen()
        return np.arange(len(self.snapshot.table)) if chosen is None else np.flatnonzero(chosen)

    def rows(self) -> pd.DataFrame:
        """The strikes that pass the filters, with all columns."""
        return select(self.snapshot.table, self.filters)

    def frame(self, *measures: Measure, ignoring: Facet | None = None, group: Group | None = None) -> pd.DataFrame:
        """The strikes that pass, with what charts need and the figures of some measures in the group chosen.

        ``ignoring`` opens one filter: that of the chart that asks, so that what was not chosen stays in view.
        """
        key = f"frame of {measures} without {ignoring} in {group}"
        if key in self.memo:
            known: pd.DataFrame = self.memo[key]
            return known
        if measures:
            asked = self.filters.group if group is None else group
            chosen, found = self.chosen(ignoring), self.frame(ignoring=ignoring)
            columns: dict[str, Any] = {}
            for measure in measures:
                # Only people have groups: what was launched is everybody's.
                who = asked if KIND_OF[measure] is Kind.PEOPLE else Group.ALL
                for name, values in self.snapshot.figures(measure, who, self.filters.include).items():
                    columns[str(name)] = values.array if chosen is None else values.array[chosen]
            found = found.assign(**columns)
        else:
            chosen = self.chosen(ignoring)
            table = self.snapshot.table[list(FOR_CHARTS)]
            found = table if chosen is None else table[chosen]
        self.memo[key] = found
        return found

    def sums(self, measure: Measure, *, ignoring: Facet | None = None) -> pd.DataFrame:
        """The strikes whose figure of a measure joins its sum."""
        key = f"sums of {measure} without {ignoring}"
        if key not in self.memo:
            frame = self.frame(measure, ignoring=ignoring)
            counts = is_counted(frame, measure, self.filters.include)
            self.memo[key] = frame if counts.all() else frame[counts]
        found: pd.DataFrame = self.memo[key]
        return found

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
