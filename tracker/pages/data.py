"""The one place where the dashboard meets the store: what is open, read once for each revision and shared.

Nothing handed out here may be changed: the same frames serve every session.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import pandas as pd
import sqlalchemy as sa
import streamlit as st

from tracker import database
from tracker.charts_data import FATES
from tracker.models import Claim, Group, Measure, Policy, Strike, VaguePolicy, joined_weapons
from tracker.pages.evidence import Source
from tracker.pages.selection import OWN_COLUMNS, ROW, Include, Mask, added, is_contested, prepare
from tracker.store import Store, StoredReport, StoreError, open_or_sample, open_with_reports
from tracker.table import to_table

__all__ = ["Snapshot", "StoreError", "build", "current", "evidence_of"]

#: How ``tracker dashboard`` says which database is meant.
DATABASE_VARIABLE, SAMPLE_VARIABLE = "TRACKER_DB", "TRACKER_SAMPLE"

_MEASURES: Final = pd.CategoricalDtype([str(one) for one in Measure])
_GROUPS: Final = pd.CategoricalDtype([str(one) for one in Group])
_PARTS: Final = ("low", "best", "high")
#: More strikes than this are asked for together, because one question for each would take longer.
_FEW = 200


class Evidence(Protocol):
    """What the pages ask a store for, beside its strikes."""

    def claims(self) -> list[Claim]:
        """All claims."""

    def claims_of(self, strike_id: str) -> list[Claim]:
        """The claims behind a strike."""

    def report(self, report_id: str) -> StoredReport | None:
        """A report, None where it is gone."""

    def reports(self) -> list[StoredReport]:
        """All reports."""


class Said(Protocol):
    """What a snapshot needs of a claim; ``Claim`` has it, and ``Told`` little more."""

    @property
    def claim_id(self) -> str: ...
    @property
    def report_id(self) -> str: ...
    @property
    def measure(self) -> Measure: ...
    @property
    def group(self) -> Group: ...
    @property
    def weapons(self) -> tuple[str, ...]: ...
    @property
    def low(self) -> int | None: ...
    @property
    def high(self) -> int | None: ...


class Told(NamedTuple):
    """A claim without its sentence and place: of a million, whole ones would take gigabytes."""

    claim_id: str
    report_id: str
    measure: Measure
    group: Group
    weapons: tuple[str, ...]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the pages show, as of one revision of a store and one choice of policies.

    ``table`` has a row for each strike and the columns of ``selection.OWN_COLUMNS``; ``mentions`` has one for
    each strike (its row in the table), measure, group and report (a number for each) that states it; ``groups``
    one for each figure of a group, with its row, measure, group, ``low``, ``best`` and ``high``; ``fates`` one
    for each figure of what was launched and became of it, with its row, measure, weapon and the same three.
    ``stated`` has the measures that some strike states, in the codebook's order, with the groups of each.
    """

    table: pd.DataFrame
    strikes: dict[str, Strike]
    mentions: pd.DataFrame
    groups: pd.DataFrame
    fates: pd.DataFrame
    stated: dict[Measure, list[Group]]
    store: Evidence
    sample: bool
    stale: bool = False
    revision: int = 0
    #: How many figures each report gave, by its id.
    figures_of: Mapping[str, int] = field(default_factory=dict)
    #: What is worked out once, when a page first asks for it.
    memo: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False)

    def reports(self, selection: pd.DataFrame, measure: Measure | None = None, group: Group = Group.ALL) -> int:
        """How many different reports speak of the strikes of a selection (and of one measure and group)."""
        return int(self._mentions_of(selection, measure, group)["report"].nunique())

    def reports_by(
        self, selection: pd.DataFrame, keys: pd.Series[Any], measure: Measure, group: Group
    ) -> pd.Series[Any]:
        """How many different reports state a measure, for each value of ``keys`` (one for each row selected)."""
        by_row = pd.Series(keys.array, index=selection[ROW].to_numpy())
        found = self._mentions_of(selection, measure, group)
        return found["report"].groupby(by_row.reindex(found["row"]).to_numpy()).nunique()

    def _mentions_of(self, selection: pd.DataFrame, measure: Measure | None, group: Group) -> pd.DataFrame:
        chosen = np.zeros(len(self.table), dtype=bool)
        chosen[selection[ROW].to_numpy()] = True
        passing: Mask = chosen[self.mentions["row"].to_numpy()]
        if measure is not None:
            passing &= (self.mentions["measure"] == str(measure)).to_numpy()
            if group is Group.ALL:
                passing &= (self.mentions["group"] != str(Group.PERPETRATORS)).to_numpy()
            else:
                passing &= (self.mentions["group"] == str(group)).to_numpy()
        return self.mentions[passing]

    def group_figures(self, measure: Measure, group: Group) -> pd.DataFrame:
        """``low``, ``best`` and ``high`` of one group for each row of the table."""
        own = self.groups[((self.groups["measure"] == str(measure)) & (self.groups["group"] == str(group))).to_numpy()]
        return own.set_index("row")[list(_PARTS)].reindex(range(len(self.table)))

    def figures(self, measure: Measure, group: Group, include: Iterable[Include] = ()) -> pd.DataFrame:
        """The columns ``<measure>_low``, ``_best`` and ``_high`` of a group for each row of the table.

        A strike's ``all`` never includes its perpetrators, and a party's claims of its enemy's losses stand
        outside; ``include`` may ask for either.
        """
        asked, names = set(include), [f"{measure}_{part}" for part in _PARTS]
        if group is Group.ALL:
            own = self.table[names]
        else:
            own = self.group_figures(measure, group).set_axis(names, axis=1).set_axis(self.table.index, axis=0)
        contested = is_contested(self.table, measure, group)
        if Include.CONTESTED not in asked:
            if contested.any():
                own = _without(own, contested)
        elif group is Group.ALL:
            for part in (Group.SOLDIERS, Group.FIGHTERS):
                # Where the whole is contested as well, it holds these already.
                beside = is_contested(self.table, measure, part) & ~contested
                if beside.any():
                    own = added(own, _without(self.group_figures(measure, part), ~beside))
        if group is Group.ALL and Include.PERPETRATORS in asked:
            own = added(own, self.group_figures(measure, Group.PERPETRATORS))
        return own

    def has_group(self, measure: Measure, group: Group) -> bool:
        """Whether some strike states a measure of a group."""
        return group in self.stated.get(measure, ())

    def export(self, selection: pd.DataFrame) -> pd.DataFrame:
        """The selection without the columns that only the dashboard uses."""
        return selection.drop(columns=list(OWN_COLUMNS))


def current(policy: Policy = Policy.LATEST, vague: VaguePolicy = VaguePolicy.LITERAL) -> Snapshot:
    """What the dashboard shows now. Raises StoreError, in words, where the database cannot be used."""
    name = os.environ.get(DATABASE_VARIABLE) or None
    sample = os.environ.get(SAMPLE_VARIABLE, "") not in ("", "0")
    store = _opened(name, sample)
    if store.sample and not sample and (own := open_with_reports(name)) is not None:
        # The analyst's first reports came in while the sample was shown in their place.
        own.close()
        _opened.clear()
        store = _opened(name, sample)
    return _snapshot(store.url, store.revision(), policy, vague, store)


@st.cache_resource(show_spinner="Opening the reports…")
def _opened(name: str | None, sample: bool) -> Store:
    return open_or_sample(name, sample=sample)


@st.cache_resource(max_entries=3, show_spinner="Reading the strikes…")
def _snapshot(url: str, revision: int, policy: Policy, vague: VaguePolicy, _store: Store) -> Snapshot:
    strikes = _store.strikes(policy, vague)
    return build(strikes, told(_store), _store, sample=_store.sample, stale=_store.stale, revision=revision)


def _without(figures: pd.DataFrame, rows: Mask) -> pd.DataFrame:
    """Figures with those of some rows unknown."""
    blanked: pd.DataFrame = figures.apply(lambda column: column.mask(rows))
    return blanked


def told(store: Store) -> Iterator[Told]:
    """What the store's claims say, one at a time."""
    columns = [getattr(database.claims.c, name) for name in Told._fields]
    with store.reading() as connection:
        for claim_id, report_id, measure, group, weapons, low, high in connection.execute(sa.select(*columns)):
            of_arms = tuple(json.loads(weapons)) if measure in FATES else ()
            yield Told(claim_id, report_id, Measure(measure), Group(group), of_arms, low, high)


def build(
    strikes: Iterable[Strike],
    claims: Iterable[Said],
    store: Evidence,
    *,
    sample: bool,
    stale: bool = False,
    revision: int = 0,
) -> Snapshot:
    """A snapshot of these strikes and claims."""
    by_id = {strike.strike_id: strike for strike in strikes}
    table = prepare(to_table(by_id.values()))
    said, of_arms = {}, {}
    figures_of: Counter[str] = Counter()
    for one in claims:
        figures_of[one.report_id] += 1
        said[one.claim_id] = (one.measure.value, one.group.value, one.report_id)
        if one.measure in FATES:
            of_arms[one.claim_id] = one
    rows = [
        (row, *said[claim_id])
        for row, strike in enumerate(by_id.values())
        for claim_id in strike.claim_ids
        if claim_id in said
    ]
    mentions = pd.DataFrame(rows, columns=["row", "measure", "group", "report"]).drop_duplicates()
    mentions["report"] = pd.factorize(mentions["report"])[0]
    mentions = mentions.astype({"row": "int64", "measure": _MEASURES, "group": _GROUPS, "report": "int32"})
    found = {(figure.measure, figure.group) for strike in by_id.values() for figure in strike.figures}
    stated = {measure: groups for measure in Measure if (groups := [one for one in Group if (measure, one) in found])}
    of_groups = _group_figures(by_id.values())
    fates = _fates(by_id.values(), of_arms)
    return Snapshot(table, by_id, mentions, of_groups, fates, stated, store, sample, stale, revision, figures_of)


def _fates(strikes: Iterable[Strike], claims: Mapping[str, Said]) -> pd.DataFrame:
    """What was launched and became of it, by weapon.

    A strike of drones and missiles has one figure for both. Where its current claims give one figure for each
    weapon, and these add up to it, they stand in its place; else it stays joint.
    """
    rows: list[tuple[Any, ...]] = []
    for row, strike in enumerate(strikes):
        for figure in strike.figures:
            if figure.measure not in FATES or figure.group is not Group.ALL:
                continue
            whole = (figure.low, figure.best, figure.high)
            parts = {
                (joined_weapons(claim.weapons), claim.low, claim.high)
                for claim in (claims.get(one) for one in figure.current)
                if claim is not None
            }
            exact = {weapon: low for weapon, low, high in parts if low is not None and low == high}
            if len(exact) == len(parts) > 1 and whole == (sum(exact.values()),) * 3:
                rows += [(row, figure.measure.value, weapon, n, n, n) for weapon, n in exact.items()]
            else:
                rows.append((row, figure.measure.value, joined_weapons(strike.weapons), *whole))
    frame = pd.DataFrame(rows, columns=["row", "measure", "weapon", *_PARTS])
    kinds: dict[str, Any] = {"row": "int64", "measure": _MEASURES, "weapon": "string"}
    return frame.astype(kinds | dict.fromkeys(_PARTS, "Int64"))


def _group_figures(strikes: Iterable[Strike]) -> pd.DataFrame:
    rows = [
        (row, figure.measure.value, figure.group.value, figure.low, figure.best, figure.high)
        for row, strike in enumerate(strikes)
        for figure in strike.figures
        if figure.group is not Group.ALL
    ]
    frame = pd.DataFrame(rows, columns=["row", "measure", "group", *_PARTS])
    kinds: dict[str, Any] = {"row": "int64", "measure": _MEASURES, "group": _GROUPS}
    return frame.astype(kinds | dict.fromkeys(_PARTS, "Int64"))


def version() -> str:
    """The version of Strike Tracker that is installed."""
    try:
        return metadata.version("strike-tracker")
    except metadata.PackageNotFoundError:
        return "not installed"


def evidence_of(snapshot: Snapshot, strike_id: str) -> tuple[list[Claim], dict[str, Source]]:
    """The claims behind a strike and the reports in which they stand."""
    claims = snapshot.store.claims_of(strike_id)
    return claims, _sources(snapshot, claims)


def evidence_for(snapshot: Snapshot, strike_ids: list[str]) -> list[tuple[str, Claim, Source | None]]:
    """Each claim behind some strikes, with its strike and its report, in the order of the strikes."""
    if len(strike_ids) <= _FEW:
        behind = {strike_id: snapshot.store.claims_of(strike_id) for strike_id in strike_ids}
        sources = _sources(snapshot, (claim for claims in behind.values() for claim in claims))
    else:
        known = {claim.claim_id: claim for claim in snapshot.store.claims()}
        behind = {
            one: [known[claim_id] for claim_id in snapshot.strikes[one].claim_ids if claim_id in known]
            for one in strike_ids
        }
        sources = {report.id: _source(report) for report in snapshot.store.reports()}
    return [(one, claim, sources.get(claim.report_id)) for one, claims in behind.items() for claim in claims]


def _sources(snapshot: Snapshot, claims: Iterable[Claim]) -> dict[str, Source]:
    sources = {}
    for report_id in dict.fromkeys(claim.report_id for claim in claims):
        report = snapshot.store.report(report_id)
        if report is not None:
            sources[report_id] = _source(report)
    return sources


def _source(report: StoredReport) -> Source:
    return Source(report, report.citation, bool(report.extra.get("sample")))


def file_name(filters_on: bool, today: dt.date, extension: str = "csv") -> str:
    """The name of a download, dated, that tells a part from the whole."""
    return f"strikes-{'selection' if filters_on else 'all'}-{today.isoformat()}.{extension}"
