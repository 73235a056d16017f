"""The one place where the dashboard meets the store: what is open, read once for each revision and shared.

Nothing handed out here may be changed: the same frames serve every session.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import pandas as pd
import sqlalchemy as sa
import streamlit as st

from tracker import blind, carriers, database, derive, ledger
from tracker.blind import Check, Scored
from tracker.charts_data import FATES
from tracker.columns import Tables
from tracker.marksheet import MarkedRow, SheetRow
from tracker.models import Claim, Group, Measure, Policy, VaguePolicy, joined_weapons
from tracker.pages.evidence import Source
from tracker.pages.selection import ROW, Facet, Include, Mask, added, is_contested, options, plain, prepare
from tracker.rows import read_list
from tracker.store import Dossier, Store, StoredReport, StoreError, open_or_sample, open_with_reports

__all__ = ["Snapshot", "StoreError", "build", "current", "dossier"]

#: How ``tracker dashboard`` says which database is meant.
DATABASE_VARIABLE, SAMPLE_VARIABLE = "TRACKER_DB", "TRACKER_SAMPLE"

_PARTS: Final = ("low", "best", "high")
_MEASURES: Final = pd.CategoricalDtype([str(one) for one in Measure])
_GROUPS: Final = pd.CategoricalDtype([str(one) for one in Group])
#: More strikes than this are asked for together, because one question for each would take longer.
_FEW = 200


class Shelf(Protocol):
    """What the pages ask a store for, beside its strikes as a table."""

    def strike(self, strike_id: str) -> Dossier | None:
        """A strike with all that it rests on."""

    def coverage(self) -> pd.DataFrame:
        """A row for each report: ``publisher``, ``published`` (a day), and how many ``figures`` it gave."""

    def last_check(self) -> Check | None:
        """The blind check that was kept last, as of now; None where there is none."""

    def draw(self, wanted: int, seed: int) -> list[SheetRow]:
        """Claims drawn at random, for a person to mark."""

    def score(self, rows: Sequence[MarkedRow], who: str, when: dt.datetime) -> Scored:
        """Keep what a marked sheet says. Raises SheetError and StoreError, in words."""


class Munitions(NamedTuple):
    """What a claim says of launched, intercepted, ... munitions."""

    weapons: tuple[str, ...]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the pages show, as of one revision of a store and one choice of policies.

    ``table`` has a row for each strike, the figures that some strike states and the columns of
    ``selection.OWN_COLUMNS``; ``mentions`` has one for each strike (its row in the table), measure, group and report
    (a number for each) that states it; ``groups`` one for each figure of a group, with its row, measure, group,
    ``low``, ``best`` and ``high``; ``fates`` one for each figure of what was launched and became of it, with its row,
    measure, weapon and the same three. ``stated`` has the measures that some strike states, in the codebook's order,
    with the groups of each.
    """

    table: pd.DataFrame
    mentions: pd.DataFrame
    groups: pd.DataFrame
    fates: pd.DataFrame
    stated: dict[Measure, list[Group]]
    shelf: Shelf
    sample: bool
    stale: bool = False
    revision: int = 0
    policy: Policy = Policy.LATEST
    vague: VaguePolicy = VaguePolicy.LITERAL
    #: What is worked out once, when a page first asks for it.
    memo: dict[str, Any] = field(default_factory=dict, compare=False)

    def reports(self, selection: pd.DataFrame, measure: Measure | None = None, group: Group = Group.ALL) -> int:
        """How many different reports speak of the strikes of a selection (and of one measure and group)."""
        found = self._mentions_of(selection, measure, group)["report"].to_numpy()
        return int(np.count_nonzero(np.bincount(found)))

    def reports_by(
        self, selection: pd.DataFrame, keys: pd.Series[Any], measure: Measure, group: Group
    ) -> pd.Series[Any]:
        """How many different reports state a measure, for each value of ``keys`` (one for each row selected)."""
        coded = keys.astype("category").cat
        codes, values = coded.codes.to_numpy(dtype="int64"), coded.categories
        by_row = np.full(len(self.table), -1, dtype="int64")
        by_row[selection[ROW].to_numpy()] = codes
        found = self._mentions_of(selection, measure, group)
        code, report = by_row[found["row"].to_numpy()], found["report"].to_numpy(dtype="int64")
        each = np.unique(report[code >= 0] * len(values) + code[code >= 0])
        counts = np.bincount(each % max(len(values), 1), minlength=len(values))
        return pd.Series(counts, index=pd.Index(values, name=keys.name))[counts > 0]

    def _mentions_of(self, selection: pd.DataFrame, measure: Measure | None, group: Group) -> pd.DataFrame:
        found: pd.DataFrame = self.mentions if measure is None else self._mentions_by(measure, group)
        if len(selection) < len(self.table):
            chosen = np.zeros(len(self.table), dtype=bool)
            chosen[selection[ROW].to_numpy()] = True
            found = found[chosen[found["row"].to_numpy()]]
        return found

    def _mentions_by(self, measure: Measure, group: Group) -> pd.DataFrame:
        key = f"mentions of {measure} {group}"
        if key not in self.memo:
            passing: Mask = (self.mentions["measure"] == str(measure)).to_numpy()
            if group is Group.ALL:
                passing = passing & (self.mentions["group"] != str(Group.PERPETRATORS)).to_numpy()
            else:
                passing = passing & (self.mentions["group"] == str(group)).to_numpy()
            self.memo[key] = self.mentions.loc[passing, ["row", "report"]]
        own: pd.DataFrame = self.memo[key]
        return own

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
            own = self.table[names] if names[0] in self.table else self._silence(names)
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

    def rows_of(self, strike_ids: Collection[str]) -> pd.DataFrame:
        """The rows of some strikes."""
        return self.table[self.table["strike_id"].isin(list(strike_ids)).to_numpy(dtype=bool)]

    def _silence(self, names: list[str]) -> pd.DataFrame:
        """Figures that no strike states."""
        return pd.DataFrame(
            {name: pd.array([pd.NA], dtype="Int64").repeat(len(self.table)) for name in names}
        ).set_axis(self.table.index, axis=0)

    def options(self, facet: Facet, most: int | None = None) -> list[str]:
        """What a facet can be set to, at most so many values (``selection.options``)."""
        key = f"options of {facet}, {most}"
        if key not in self.memo:
            self.memo[key] = options(self.table, facet, most)
        found: list[str] = self.memo[key]
        return found

    def has_group(self, measure: Measure, group: Group) -> bool:
        """Whether some strike states a measure of a group."""
        return group in self.stated.get(measure, ())

    def whole(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the table with columns for all measures, in the order of ``to_table``."""
        names = [f"{one}_{part}" for one in Measure for part in _PARTS]
        unknown = pd.array([pd.NA], dtype="Int64").repeat(len(rows))
        filled = rows.assign(**{name: unknown for name in names if name not in rows})
        rest = [name for name in rows.columns if name not in names]
        at = rest.index("models") + 1
        ordered: pd.DataFrame = filled[[*rest[:at], *names, *rest[at:]]]
        return ordered

    def export(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the table as ``to_table`` has them, without what only the dashboard uses."""
        return self.whole(plain(rows))


def current(policy: Policy = Policy.LATEST, vague: VaguePolicy = VaguePolicy.LITERAL) -> Snapshot:
    """What the dashboard shows now. Raises StoreError, in words, where the database cannot be used."""
    store = shown_store()
    return _snapshot(store.url, store.revision(), policy, vague, store)


def shown_store() -> Store:
    """The database that the pages show: the analyst's own, or the sample. Raises StoreError."""
    name, sample = _asked_for()
    store = _opened(name, sample)
    if store.sample and not sample and (own := open_with_reports(name)) is not None:
        # The analyst's first reports came in while the sample was shown in their place.
        own.close()
        _opened.clear()
        store = _opened(name, sample)
    return store


def own_store() -> Store | None:
    """The analyst's own database, made where there is none; None where the sample was asked for. Raises StoreError."""
    name, sample = _asked_for()
    if sample:
        return None
    store = shown_store()
    return _made(name) if store.sample else store


def _asked_for() -> tuple[str | None, bool]:
    """The database that the server was started with, and whether it is to show the sample."""
    return os.environ.get(DATABASE_VARIABLE) or None, os.environ.get(SAMPLE_VARIABLE, "") not in ("", "0")


@st.cache_resource(show_spinner=False)
def _made(name: str | None) -> Store:
    return Store.open(name)


@st.cache_resource(show_spinner="Opening the reports…")
def _opened(name: str | None, sample: bool) -> Store:
    return open_or_sample(name, sample=sample)


@st.cache_resource(max_entries=3, show_spinner="Reading the strikes…")
def _snapshot(url: str, revision: int, policy: Policy, vague: VaguePolicy, _store: Store) -> Snapshot:
    return build(
        _store.tables(policy, vague),
        _store.mentions(),
        munitions(_store),
        _Stored(_store, policy, vague),
        sample=_store.sample,
        stale=_store.stale,
        revision=revision,
        policy=policy,
        vague=vague,
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    """A store under a choice of policies, as a shelf."""

    store: Store
    policy: Policy
    vague: VaguePolicy

    def strike(self, strike_id: str) -> Dossier | None:
        found = self.store.strike(strike_id)
        if found is None or (self.policy, self.vague) == (Policy.LATEST, VaguePolicy.LITERAL):
            return found
        from tracker.reconcile import reconcile

        with self.store.reading() as connection:
            claims = derive.with_answers(connection, found.claims)
            copies, log = carriers.copies(connection, found.reports), ledger.corrections(connection)
        for strike in reconcile(claims, self.policy, vague=self.vague, copies=copies, corrections=log):
            if strike.strike_id == strike_id:
                return dataclasses.replace(found, strike=dataclasses.replace(strike, linked=found.strike.linked))
        return found

    def coverage(self) -> pd.DataFrame:
        given = sa.select(sa.func.count()).where(database.claims.c.report_id == database.reports.c.id).scalar_subquery()
        with self.store.reading() as connection:
            rows = connection.execute(sa.select(database.reports.c.publisher, database.reports.c.published, given))
            found = pd.DataFrame(rows.all(), columns=["publisher", "published", "figures"])
        days = pd.to_datetime(found["published"].astype("string").str[:10])
        return found.assign(publisher=found["publisher"].fillna("publisher not said").astype("string"), published=days)

    def last_check(self) -> Check | None:
        return blind.last_check(self.store)

    def draw(self, wanted: int, seed: int) -> list[SheetRow]:
        return blind.draw_claims(self.store, wanted, seed)

    def score(self, rows: Sequence[MarkedRow], who: str, when: dt.datetime) -> Scored:
        return blind.score(self.store, rows, who=who, when=when, version=version())


def munitions(store: Store) -> dict[str, Munitions]:
    """The claims of a store about munitions, by id."""
    own = database.claims.c
    query = sa.select(own.claim_id, own.weapons, own.low, own.high).where(own.measure.in_([str(one) for one in FATES]))
    with store.reading() as connection:
        return {
            claim_id: Munitions(tuple(read_list(weapons)), low, high)
            for claim_id, weapons, low, high in connection.execute(query)
        }


def _without(figures: pd.DataFrame, rows: Mask) -> pd.DataFrame:
    """Figures with those of some rows unknown."""
    blanked: pd.DataFrame = figures.apply(lambda column: column.mask(rows))
    return blanked


def build(
    tables: Tables,
    mentions: pd.DataFrame,
    arms: Mapping[str, Munitions],
    shelf: Shelf,
    *,
    sample: bool,
    **known: Any,
) -> Snapshot:
    """A snapshot of the strikes of ``tables``; ``mentions`` are those of ``Store.mentions``."""
    found = tables.figures
    pairs = found[["measure", "group"]].drop_duplicates()
    said = {(Measure(measure), Group(group)) for measure, group in pairs.itertuples(index=False)}
    silent = [f"{one}_{part}" for one in Measure if (one, Group.ALL) not in said for part in _PARTS]
    table = prepare(tables.strikes.drop(columns=silent))
    stated = {measure: groups for measure in Measure if (groups := [one for one in Group if (measure, one) in said])}
    columns = ["row", "measure", "group", *_PARTS]
    of_groups = found.loc[(found["group"] != str(Group.ALL)).to_numpy(), columns].reset_index(drop=True)
    fates = _fates(tables, arms)
    return Snapshot(table, _mentions(table, mentions), of_groups, fates, stated, shelf, sample, **known)


def _mentions(table: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Mentions by the row of their strike, and with a number for each report."""
    named = mentions["strike_id"].cat
    row_of = pd.Index(table["strike_id"]).get_indexer(pd.Index(named.categories)).astype("int32")
    found = pd.DataFrame(
        {
            "row": row_of[named.codes.to_numpy()],
            "measure": mentions["measure"].astype(_MEASURES).array,
            "group": mentions["group"].astype(_GROUPS).array,
            "report": mentions["report_id"].cat.codes.to_numpy(dtype="int32"),
        }
    )
    known = (found["row"] >= 0).to_numpy()
    return found if known.all() else found[known].reset_index(drop=True)


def _fates(tables: Tables, arms: Mapping[str, Munitions]) -> pd.DataFrame:
    """What was launched and became of it, by weapon.

    A strike of drones and missiles has one figure for both. Where its current claims give one figure for each
    weapon, and these add up to it, they stand in its place; else it stays joint.
    """
    found = tables.figures
    own = found[found["measure"].isin([str(one) for one in FATES]).to_numpy() & (found["group"] == "all").to_numpy()]
    weapon_of = tables.strikes.index.get_level_values("weapon")[own["row"].to_numpy()]
    rows: list[tuple[Any, ...]] = []
    columns = [own[name].astype("object") for name in ("row", "measure", *_PARTS, "current")]
    for (row, measure, *bounds, current), joint in zip(zip(*columns, strict=True), weapon_of, strict=True):
        whole = [None if pd.isna(bound) else int(bound) for bound in bounds]
        claims = [] if pd.isna(current) else [arms[one] for one in str(current).split() if one in arms]
        parts = {(joined_weapons(claim.weapons), claim.low, claim.high) for claim in claims}
        exact = {weapon: low for weapon, low, high in parts if low is not None and low == high}
        if len(exact) == len(parts) > 1 and whole == [sum(exact.values())] * 3:
            rows += [(row, measure, weapon, n, n, n) for weapon, n in exact.items()]
        else:
            rows.append((row, measure, None if pd.isna(joint) else joint, *whole))
    frame = pd.DataFrame(rows, columns=["row", "measure", "weapon", *_PARTS])
    kinds: dict[str, Any] = {"row": "int64", "measure": _MEASURES, "weapon": "string"}
    return frame.astype(kinds | dict.fromkeys(_PARTS, "Int64"))


def version() -> str:
    """The version of Strike Tracker that is installed."""
    try:
        return metadata.version("strike-tracker")
    except metadata.PackageNotFoundError:
        return "not installed"


def dossier(snapshot: Snapshot, strike_id: str) -> Dossier | None:
    """A strike with the claims behind it and the reports in which they stand; None where it is gone."""
    return snapshot.shelf.strike(strike_id)


def sources_of(found: Dossier) -> dict[str, Source]:
    """The reports of a strike, by id."""
    return {report_id: _source(report) for report_id, report in found.reports.items()}


def evidence_for(snapshot: Snapshot, strike_ids: list[str]) -> list[tuple[str, Claim, Source | None]]:
    """Each claim behind some strikes, with its strike and its report, in the order of the strikes."""
    shelf = snapshot.shelf
    if len(strike_ids) > _FEW and isinstance(shelf, _Stored):
        return _evidence_of_many(shelf.store, strike_ids)
    rows = []
    for strike_id in strike_ids:
        found = shelf.strike(strike_id)
        if found is not None:
            sources = sources_of(found)
            rows += [(strike_id, claim, sources.get(claim.report_id)) for claim in found.claims]
    return rows


def _evidence_of_many(store: Store, strike_ids: list[str]) -> list[tuple[str, Claim, Source | None]]:
    own = database.strikes.c
    with store.reading() as connection:
        behind: dict[str, str] = dict(connection.execute(sa.select(own.strike_id, own.claim_ids)).tuples().all())
    known = {claim.claim_id: claim for claim in reversed(store.claims())}
    sources = {report.id: _source(report) for report in store.reports()}
    return [
        (strike_id, known[claim_id], sources.get(known[claim_id].report_id))
        for strike_id in strike_ids
        for claim_id in read_list(behind.get(strike_id, "[]"))
        if claim_id in known
    ]


def _source(report: StoredReport) -> Source:
    return Source(report, report.citation, bool(report.extra.get("sample")))


def file_name(filters_on: bool, today: dt.date, extension: str = "csv") -> str:
    """The name of a download, dated, that tells a part from the whole."""
    return f"strikes-{'selection' if filters_on else 'all'}-{today.isoformat()}.{extension}"
