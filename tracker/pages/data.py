"""The one place where the dashboard meets the store: what is open, read once for each revision and shared.

Nothing handed out here may be changed: the same frames serve every session.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
import streamlit as st

from tracker.models import Claim, Measure, Strike
from tracker.pages.evidence import Source
from tracker.pages.selection import OWN_COLUMNS, ROW, prepare
from tracker.store import Store, StoredReport, StoreError, open_or_sample, open_with_reports
from tracker.table import to_table

__all__ = ["Snapshot", "StoreError", "build", "current", "evidence_of"]

#: How ``tracker dashboard`` says which database is meant.
DATABASE_VARIABLE, SAMPLE_VARIABLE = "TRACKER_DB", "TRACKER_SAMPLE"


class Evidence(Protocol):
    """What the panel of evidence asks a store for."""

    def claims_of(self, strike_id: str) -> list[Claim]:
        """The claims behind a strike."""

    def report(self, report_id: str) -> StoredReport | None:
        """A report, None where it is gone."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the pages show, as of one revision of a store.

    ``table`` has a row for each strike and the columns of ``selection.OWN_COLUMNS``; ``mentions`` has one for
    each strike (its row in the table), measure and report (a number for each) that states it.
    """

    table: pd.DataFrame
    strikes: dict[str, Strike]
    mentions: pd.DataFrame
    store: Evidence
    sample: bool
    stale: bool = False

    def reports(self, selection: pd.DataFrame, measure: Measure | None = None) -> int:
        """How many different reports speak of the strikes of a selection (and of one measure)."""
        chosen = np.zeros(len(self.table), dtype=bool)
        chosen[selection[ROW].to_numpy()] = True
        passing = chosen[self.mentions["row"].to_numpy()]
        if measure is not None:
            passing &= (self.mentions["measure"] == str(measure)).to_numpy()
        return int(self.mentions["report"][passing].nunique())

    def export(self, selection: pd.DataFrame) -> pd.DataFrame:
        """The selection without the columns that only the dashboard uses."""
        return selection.drop(columns=list(OWN_COLUMNS))


def current() -> Snapshot:
    """What the dashboard shows now. Raises StoreError, in words, where the database cannot be used."""
    name = os.environ.get(DATABASE_VARIABLE) or None
    sample = os.environ.get(SAMPLE_VARIABLE, "") not in ("", "0")
    store = _opened(name, sample)
    if store.sample and not sample and (own := open_with_reports(name)) is not None:
        # The analyst's first reports came in while the sample was shown in their place.
        own.close()
        _opened.clear()
        store = _opened(name, sample)
    return _snapshot(store.url, store.revision(), store)


@st.cache_resource(show_spinner="Opening the reports…")
def _opened(name: str | None, sample: bool) -> Store:
    return open_or_sample(name, sample=sample)


@st.cache_resource(max_entries=2, show_spinner="Reading the strikes…")
def _snapshot(url: str, revision: int, _store: Store) -> Snapshot:
    return build(_store.strikes(), _store.claims(), _store, sample=_store.sample, stale=_store.stale)


def build(
    strikes: Iterable[Strike], claims: Iterable[Claim], store: Evidence, *, sample: bool, stale: bool = False
) -> Snapshot:
    """A snapshot of these strikes and claims."""
    by_id = {strike.strike_id: strike for strike in strikes}
    table = prepare(to_table(by_id.values()))
    said = {claim.claim_id: (claim.measure.value, claim.report_id) for claim in claims}
    rows = [
        (row, *said[claim_id])
        for row, strike_id in enumerate(table["strike_id"])
        for claim_id in by_id[strike_id].claim_ids
        if claim_id in said
    ]
    mentions = pd.DataFrame(rows, columns=["row", "measure", "report"]).drop_duplicates()
    mentions = mentions.astype({"row": "int64", "measure": pd.CategoricalDtype([str(one) for one in Measure])})
    mentions["report"] = pd.factorize(mentions["report"])[0]
    return Snapshot(table, by_id, mentions, store, sample, stale)


def evidence_of(snapshot: Snapshot, strike_id: str) -> tuple[list[Claim], dict[str, Source]]:
    """The claims behind a strike and the reports in which they stand."""
    claims = snapshot.store.claims_of(strike_id)
    sources = {}
    for report_id in dict.fromkeys(claim.report_id for claim in claims):
        report = snapshot.store.report(report_id)
        if report is not None:
            sources[report_id] = Source(report, report.citation, bool(report.extra.get("sample")))
    return claims, sources


def file_name(filters_on: bool, today: dt.date) -> str:
    """The name of a CSV, dated, that tells a part from the whole."""
    return f"strikes-{'selection' if filters_on else 'all'}-{today.isoformat()}.csv"
