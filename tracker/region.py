"""How far news reaches: the claims that a change may bear on, and those that these in turn depend on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from tracker import database as db
from tracker import ledger
from tracker.corrections import Action, Correction, in_force
from tracker.incidents import REACH
from tracker.rows import chunks

#: A claim's place in the database: its report, and its position there.
Key = tuple[str, int]
_Window = tuple[int, int]
_Place = tuple[str, str, _Window]


class Region:
    """The claims within reach of a change, and those that these in turn depend on."""

    def __init__(self, connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> None:
        self.connection = connection
        self.starts: dict[str, set[_Window]] = defaultdict(set)
        self.reports: dict[str, set[str]] = defaultdict(set)
        self.near: dict[str, list[_Window]] = {}
        self.far: dict[str, list[_Window]] = {}
        for row in rows:
            self.starts[row.bucket].add((row.slot_lo, row.slot_hi))
            self.reports[row.bucket].add(row.report_id)
        self._take_in_what_stood({row.strike_id for row in rows if row.strike_id})
        for bucket in list(self.starts):
            self._widen(bucket)
        self._take_in_what_is_tied()

    def _take_in_what_stood(self, strikes: set[str]) -> None:
        """What stood in one strike with a claim that has changed: far from it, where a merge has lost its hold."""
        own = db.claims.c
        same = sa.and_(db.members.c.report_id == own.report_id, db.members.c.position == own.position)
        for some in chunks(strikes):
            query = sa.select(own.report_id, own.bucket, own.slot_lo, own.slot_hi).distinct()
            for row in self.connection.execute(query.join(db.members, same).where(db.members.c.strike_id.in_(some))):
                self.starts[row.bucket].add((row.slot_lo, row.slot_hi))
                self.reports[row.bucket].add(row.report_id)

    def _widen(self, bucket: str) -> None:
        query = sa.select(db.claims.c.slot_lo, db.claims.c.slot_hi).where(db.claims.c.bucket == bucket).distinct()
        # Without a day a claim overlaps nothing but what its own report says.
        spans = [(lo, hi) for lo, hi in self.connection.execute(query) if hi]
        self.near[bucket] = steps(spans, [span for span in self.starts[bucket] if span[1]], REACH)
        self.far[bucket] = steps(spans, self.near[bucket], REACH)

    def _take_in_what_is_tied(self) -> None:
        """A merge or a split that holds a claim in reach brings its other claims, with their surroundings."""
        ties = ties_between(self.connection, ledger.corrections(self.connection))
        while ties:
            tied = [places for places in ties if any(self._reaches(*place) for place in places)]
            if not tied:
                return
            ties = [places for places in ties if places not in tied]
            for report_id, bucket, span in {place for places in tied for place in places}:
                self.reports[bucket].add(report_id)
                self.starts[bucket].add(span)
                self._widen(bucket)

    def _reaches(self, report_id: str, bucket: str, span: _Window) -> bool:
        if report_id in self.reports.get(bucket, ()):
            return True
        return any(lo <= span[1] and span[0] <= hi for lo, hi in self.far.get(bucket, ()) if span[1])

    def keys(self) -> tuple[set[Key], set[Key]]:
        """The claims to look at, and those among them whose strikes may have changed."""
        wanted: set[Key] = set()
        near: set[Key] = set()
        columns = (db.claims.c.report_id, db.claims.c.position, db.claims.c.slot_lo, db.claims.c.slot_hi)
        for bucket, changed in self.reports.items():
            reports = set(changed)
            in_bucket = db.claims.c.bucket == bucket
            for lo, hi in self.far[bucket]:
                overlap = sa.and_(in_bucket, db.claims.c.slot_lo <= hi, db.claims.c.slot_hi >= lo)
                reports.update(self.connection.scalars(sa.select(db.claims.c.report_id).where(overlap).distinct()))
            for some in chunks(reports):
                query = sa.select(*columns).where(in_bucket, db.claims.c.report_id.in_(some))
                for report_id, position, lo, hi in self.connection.execute(query):
                    wanted.add((report_id, position))
                    if report_id in changed or (hi and any(a <= hi and lo <= b for a, b in self.near[bucket])):
                        near.add((report_id, position))
        return wanted, near


def ties_between(connection: sa.Connection, log: Iterable[Correction]) -> list[list[_Place]]:
    """Where the claims may stand that each merge and split in force holds together: report, bucket and slots."""
    ties = []
    for correction in in_force(log):
        if correction.action in (Action.MERGE, Action.SPLIT):
            places: list[_Place] = []
            for anchor in correction.anchors:
                held = sa.and_(db.claims.c.report_id == anchor.report_id, db.claims.c.measure == anchor.measure.value)
                query = sa.select(db.claims.c.bucket, db.claims.c.slot_lo, db.claims.c.slot_hi).where(held).distinct()
                places += [(anchor.report_id, bucket, (lo, hi)) for bucket, lo, hi in connection.execute(query)]
            ties.append(places)
    return ties


def steps(spans: Iterable[_Window], start: Iterable[_Window], number: int) -> list[_Window]:
    """What can be reached from ``start`` in so many steps from span to overlapping span, as windows.

    >>> steps([(1, 3), (3, 5), (5, 7), (9, 9)], [(0, 1)], 2)
    [(0, 5)]
    """
    known = sorted(spans)
    windows = joined_windows(start)
    for _ in range(number):
        wider = list(windows)
        at = 0
        for lo, hi in known:
            while at < len(windows) and windows[at][1] < lo:
                at += 1
            # Spans come by their beginning; a long one may reach windows further on, which then are joined to it.
            if at < len(windows) and windows[at][0] <= hi:
                wider.append((lo, hi))
        wider = joined_windows(wider)
        if wider == windows:
            break
        windows = wider
    return windows


def joined_windows(windows: Iterable[_Window]) -> list[_Window]:
    """Windows that overlap, as one; in order."""
    joined: list[_Window] = []
    for lo, hi in sorted(windows):
        if joined and lo <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(hi, joined[-1][1]))
        else:
            joined.append((lo, hi))
    return joined
