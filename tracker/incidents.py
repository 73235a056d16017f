"""Which claims are about one incident (codebook 8): first within a report, then across reports.

The claims of a place are drawn as a graph: two incidents are neighbours where their dates overlap and their
weapons do not contradict each other. An incident with two neighbours that cannot be one attack could join
either of them, so it joins neither. What is left falls apart into groups in which everybody is everybody's
neighbour: these are the strikes. Nothing here depends on the order in which claims arrive, nothing chains
one night to the next, and the cost is n log n.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.lexicon import read_toml
from tracker.models import KIND_OF, NATIONAL_MEASURES, Basis, Claim, Group, Kind, stable_id
from tracker.retold import tell_one_toll

#: One day on the scale of :func:`_slots`: ten steps, and one more for the midnight behind them.
_DAY = 11
_LAST, _NOON, _MIDNIGHT = 9, 5, 10


@dataclass(frozen=True, slots=True)
class Incident:
    """The claims of one strike, and the strikes that they might belong to as well.

    ``date`` and ``date_end`` are those of the most precise claims. ``candidates`` holds positions in the list
    that :func:`group_incidents` returns; where it is not empty, the claims fitted several strikes equally
    well, joined none, and a person should look.
    """

    claims: tuple[Claim, ...]
    basis: Basis
    date: dt.date | None
    date_end: dt.date | None
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Label:
    """What besides place and date tells two attacks apart. Empty or None is not said, and fits anything."""

    weapons: frozenset[str]
    attacker: str | None = None
    admin1: str | None = None
    country: str | None = None


@dataclass(slots=True)
class _Node:
    """Claims that are already known to be one attack; ``lo`` to ``hi`` is when, in slots."""

    lo: int
    hi: int
    label: _Label
    claims: list[Claim]


#: Place of a strike; the last item keeps apart what must not be joined across reports.
Bucket = tuple[object, ...]
_Dates = tuple[dt.date | None, dt.date | None, str | None]
_UNSAID: _Dates = (None, None, None)


def group_incidents(claims: Iterable[Claim]) -> list[Incident]:
    """Claims → incidents, every claim in exactly one, in an order that depends on the claims alone.

    Claims should be free of duplicates and sorted by a key of their own content; each incident keeps that order.
    """
    claims = list(claims)
    position = {id(claim): at for at, claim in enumerate(claims)}
    buckets: dict[Bucket, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        buckets[bucket_of(claim)][claim.report_id].append(claim)

    def incident(node: _Node, candidates: tuple[int, ...] = ()) -> Incident:
        node.claims.sort(key=lambda claim: position[id(claim)])
        return incident_of(node.claims, candidates)

    incidents: list[Incident] = []
    for by_report in buckets.values():
        dated: dict[_Dates, list[_Node]] = defaultdict(list)
        alone: list[_Node] = []
        for report_claims in by_report.values():
            for dates, node in _within_report(report_claims):
                (dated[dates] if dates[0] else alone).append(node)
        # Attacks on the same day find each other before an overnight attack looks at the day before.
        nodes: list[_Node] = []
        for same_day in dated.values():
            # What happened late may have been the night's, which is coded as the next day: it does not choose yet.
            late, others = _parted(same_day)
            nodes += _merge_equal(late)
            groups, doubtful = _settle(_merge_equal(others))
            nodes += [_merge(group) for group in groups]
            nodes += doubtful
        groups, doubtful = _settle(nodes)
        settled = [_merge(group) for group in groups]
        base = len(incidents)
        incidents += [incident(node) for node in settled + alone]
        if doubtful:
            index = SpanIndex((node.lo, node.hi, at) for at, node in enumerate(settled))
            for node in doubtful:
                fits = (at for at in index.overlapping(node.lo, node.hi) if _fit(node.label, settled[at].label))
                incidents.append(incident(node, tuple(sorted(base + at for at in fits))))
    return incidents


@dataclass(frozen=True, slots=True)
class Locus:
    """Where a claim stands among the others: it may join those of its ``bucket`` whose slots it overlaps."""

    bucket: str
    lo: int
    hi: int


def locus(claim: Claim) -> Locus:
    """The locus of a claim; ``lo`` and ``hi`` are 0 where its day is unknown, and then it overlaps nothing.

    Which claims are one strike with a claim depends on those of its own report in its bucket, and on those at
    most REACH steps away, where a step goes from a claim to one that overlaps it.
    """
    lo, hi = _slots(claim)
    return Locus(stable_id(*bucket_of(claim)), lo, hi)


def stand_together(one: Claim, other: Claim) -> bool:
    """Whether two claims of one bucket may be about one attack: in one report at one time, or as far as each says."""
    first, second = _slots(one), _slots(other)
    if one.report_id == other.report_id and first == second:
        return True
    return (
        bool(first[1] and second[1])
        and first[0] <= second[1]
        and second[0] <= first[1]
        and _fit(_label(one), _label(other))
    )


#: How far news travels. A claim's attack is settled with those of the same coded day (one step); whether it is
#: in doubt depends on its neighbours and on what these have joined (two); the strike it joins, on its neighbours'
#: doubts (three); the strikes that a doubtful one may be, on theirs (four).
REACH = 4


# --- where ------------------------------------------------------------------------------------------------


def bucket_of(claim: Claim) -> Bucket:
    """Claims in different buckets are never one strike."""
    span: tuple[object, object] = (None, None)
    if claim.basis is Basis.PERIOD:
        # A span is one row only where the same span is known; otherwise it stays within its report.
        span = (claim.date, claim.date_end) if claim.date else (claim.report_id, _folded(claim.date_text))
    # A country's launches and interceptions are the night's wave, whatever the weapons.
    wave = claim.place is None and KIND_OF[claim.measure] is Kind.MUNITIONS
    if claim.place is not None:
        return (claim.basis, span, _folded(claim.place))
    where = (_folded(claim.country), _folded(claim.admin1), _folded(claim.admin2), claim.candidates)
    known = any(where)
    return (claim.basis, span, wave, where, None if known else claim.report_id)


def _folded(text: str | None) -> str | None:
    return text.casefold() if text else None


def _label(claim: Claim) -> _Label:
    # What police fired at an attacker is not the attack's weapon.
    weapons = frozenset() if claim.group is Group.PERPETRATORS else frozenset(claim.weapons)
    if claim.place is not None:
        # Who fired on a town is often in dispute, and does not make it another attack.
        return _Label(weapons, None, _folded(claim.admin1), _folded(claim.country))
    if KIND_OF[claim.measure] is Kind.MUNITIONS:
        weapons = frozenset()
    return _Label(weapons, _folded(claim.attacker))


@functools.lru_cache(maxsize=65536)
def _fit(one: _Label, other: _Label) -> bool:
    """Whether nothing that both labels say contradicts."""
    return (
        (not one.weapons or not other.weapons or not one.weapons.isdisjoint(other.weapons))
        and (one.attacker is None or other.attacker is None or one.attacker == other.attacker)
        and (one.admin1 is None or other.admin1 is None or one.admin1 == other.admin1)
        and (one.country is None or other.country is None or one.country == other.country)
    )


# --- when -------------------------------------------------------------------------------------------------


@functools.cache
def _night_terms() -> tuple[str, ...]:
    return tuple(row["term"] for row in read_toml("en/nights.toml")["nights"])


@functools.lru_cache(maxsize=4096)
def is_night(date_text: str | None) -> bool:
    """Whether a date phrase means the night between two days.

    >>> is_night("overnight"), is_night("on Thursday")
    (True, False)
    """
    text = _folded(date_text)
    return text is not None and any(term in text for term in _night_terms())


@functools.lru_cache(maxsize=4096)
def part_of_day(date_text: str | None) -> str | None:
    """``late`` or ``early`` where a phrase for a day names its night's side, else None.

    >>> part_of_day("late on Monday"), part_of_day("in the early hours of Tuesday"), part_of_day("on Monday")
    ('late', 'early', None)
    """
    words = set(re.findall(r"\w+", date_text.casefold())) if date_text else set()
    return next((part for part, terms in _part_terms().items() if not terms.isdisjoint(words)), None)


@functools.cache
def _part_terms() -> dict[str, frozenset[str]]:
    data = read_toml("en/nights.toml")
    return {part: frozenset(row["term"] for row in data[part]) for part in ("late", "early")}


def _part(claim: Claim) -> str | None:
    """The part of its day in which a claim stands, None where that is the whole, or more than a day."""
    one_day = claim.date is not None and claim.date == (claim.date_end or claim.date)
    return part_of_day(claim.date_text) if one_day else None


def _dates(claim: Claim) -> _Dates:
    """The dates as coded: the same for a night and for the day that it is coded as."""
    if claim.date is None:
        return None, None, _folded(claim.date_text)
    end = claim.date_end or claim.date
    if _is_one_night(claim):
        return end, end, None
    return claim.date, end, None


def _is_one_night(claim: Claim) -> bool:
    if claim.date is None:
        return False
    days = ((claim.date_end or claim.date) - claim.date).days
    # Two days at the precision of one day can only be the night between them.
    return (days <= 1 and is_night(claim.date_text)) or (days == 1 and claim.date_prec == 1)


def _slots(claim: Claim) -> tuple[int, int]:
    """When, on a scale on which a night touches the day before and its own day, but no other night.

    A day takes ten slots, and the midnight behind it one; the night before it takes the last slot of the day before,
    the midnight and its own first. "Late on Monday" reaches to midnight and "early on Tuesday" begins there, so that
    they meet each other and the night between, while Monday and Tuesday do not meet.
    """
    if claim.date is None:
        return 0, 0
    end = claim.date_end or claim.date
    first, last = claim.date.toordinal() * _DAY, end.toordinal() * _DAY
    if _is_one_night(claim):
        return last - _DAY + _LAST, last
    match _part(claim):
        case "late":
            return first, last + _MIDNIGHT
        case "early":
            return first - _DAY + _MIDNIGHT, last + _NOON
    return first, last + _LAST


# --- within a report --------------------------------------------------------------------------------------


def _within_report(claims: Sequence[Claim]) -> Iterator[tuple[_Dates, _Node]]:
    """What one report treats as one attack at one place: a joint figure ties its weapons together."""
    by_dates: dict[_Dates, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_dates[_dates(claim)].append(claim)
    found = [(dates, node) for dates, same in by_dates.items() for node in _attacks(same)]
    dated = [node for dates, node in found if dates[0] is not None]
    for dates, node in found:
        # A figure without any word of when belongs to the report's only attack there, where there is one.
        fitting = [other for other in dated if _fit(node.label, other.label)] if dates == _UNSAID else []
        if len(fitting) == 1:
            fitting[0].claims += node.claims
            fitting[0].label = _core([fitting[0].label, node.label])
        else:
            yield dates, node


def _attacks(claims: Sequence[Claim]) -> list[_Node]:
    """Claims of one report, place and date → one node for each attack that the report tells apart."""
    by_label: dict[_Label, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_label[_label(claim)].append(claim)
    if len(by_label) == 1:
        ((label, same),) = by_label.items()
        return [_node(label, same)]

    said = [label for label in by_label if label.weapons]
    groups = [(tied, [claim for label in tied for claim in by_label[label]]) for tied in _tied(said, by_label)]
    rest = sorted((label for label in by_label if not label.weapons), key=_silence)
    for label in rest:
        fitting = [group for group in groups if all(_fit(label, other) for other in group[0])]
        if len(fitting) == 1:
            fitting[0][0].append(label)
            fitting[0][1].extend(by_label[label])
        else:
            groups.append(([label], list(by_label[label])))
    return [_node(_union(labels), members) for labels, members in groups]


def _silence(label: _Label) -> tuple[int, tuple[object, ...]]:
    return [label.attacker, label.admin1, label.country].count(None), _label_key(label)


def _tied(labels: Sequence[_Label], by_label: Mapping[_Label, Sequence[Claim]]) -> list[list[_Label]]:
    """Labels that the report ties together: by a shared weapon or toll, or by listing munitions in one sentence."""
    parent = list(range(len(labels)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for i, one in enumerate(labels):
        for j in range(i):
            unarmed = _Label(frozenset(), *_agreed([one]))
            one_toll = _fit(unarmed, labels[j]) and tell_one_toll(by_label[one], by_label[labels[j]])
            if one_toll or _fit(one, labels[j]):
                parent[root(i)] = root(j)
    first_in: dict[str, int] = {}
    for at, label in enumerate(labels):
        for claim in by_label[label]:
            if claim.measure in NATIONAL_MEASURES:
                parent[root(at)] = root(first_in.setdefault(claim.sentence, at))
    tied: dict[int, list[_Label]] = defaultdict(list)
    for at, label in enumerate(labels):
        tied[root(at)].append(label)
    return list(tied.values())


def _union(labels: Sequence[_Label]) -> _Label:
    """The label of an attack that a report describes as one: all its weapons."""
    return _Label(frozenset().union(*(label.weapons for label in labels)), *_agreed(labels))


def _core(labels: Sequence[_Label]) -> _Label:
    """The label that whatever fits every one of ``labels`` must fit."""
    said = [label.weapons for label in labels if label.weapons]
    shared = frozenset.intersection(*said) if said else frozenset()
    if said and not shared:
        shared = min(said, key=lambda weapons: (len(weapons), sorted(weapons)))
    return _Label(shared, *_agreed(labels))


def _agreed(labels: Sequence[_Label]) -> tuple[str | None, str | None, str | None]:
    def first(values: Iterable[str | None]) -> str | None:
        return min((value for value in values if value is not None), default=None)

    return (
        first(label.attacker for label in labels),
        first(label.admin1 for label in labels),
        first(label.country for label in labels),
    )


def _node(label: _Label, claims: list[Claim]) -> _Node:
    slots = [_slots(claim) for claim in claims]
    return _Node(max(lo for lo, _ in slots), min(hi for _, hi in slots), label, claims)


def _parted(nodes: Iterable[_Node]) -> tuple[list[_Node], list[_Node]]:
    """The nodes of which every dated claim says that it was late in the day, and the others."""
    parted: tuple[list[_Node], list[_Node]] = [], []
    for node in nodes:
        parted[any(claim.date and _part(claim) != "late" for claim in node.claims)].append(node)
    return parted


def _merge_equal(nodes: Iterable[_Node]) -> list[_Node]:
    """One node for all reports that say the same of when and with what."""
    merged: dict[tuple[int, int, _Label], _Node] = {}
    for node in nodes:
        known = merged.setdefault((node.lo, node.hi, node.label), node)
        if known is not node:
            known.claims += node.claims
    return list(merged.values())


def _merge(nodes: Sequence[_Node]) -> _Node:
    if len(nodes) == 1:
        return nodes[0]
    claims = [claim for node in nodes for claim in node.claims]
    core = _core([node.label for node in nodes])
    return _Node(max(node.lo for node in nodes), min(node.hi for node in nodes), core, claims)


# --- across reports ---------------------------------------------------------------------------------------


def _settle(nodes: Sequence[_Node]) -> tuple[list[list[_Node]], list[_Node]]:
    """Nodes of one place → groups that are one strike each, and the nodes that could join several.

    A node is in doubt where two of its neighbours are no neighbours of each other. Once those are set
    aside, being neighbours is an equivalence, so the groups need no further rule.
    """
    if len(nodes) < 2:
        return [list(nodes)] if nodes else [], []
    times: dict[_Label, tuple[list[int], list[int]]] = {}
    for node in nodes:
        starts, ends = times.setdefault(node.label, ([], []))
        starts.append(node.lo)
        ends.append(node.hi)
    for starts, ends in times.values():
        starts.sort()
        ends.sort()
    fitting = {label: [other for other in times if _fit(label, other)] for label in times}
    clashes: dict[frozenset[_Label], bool] = {}

    def in_doubt(node: _Node) -> bool:
        present: list[_Label] = []
        first_end, last_start = math.inf, -math.inf
        for label in fitting[node.label]:
            starts, ends = times[label]
            begun, over = bisect.bisect_right(starts, node.hi), bisect.bisect_left(ends, node.lo)
            if begun > over:
                present.append(label)
                first_end, last_start = min(first_end, ends[over]), max(last_start, starts[begun - 1])
        if first_end < last_start:  # one neighbour is over before another begins
            return True
        key = frozenset(present)
        if key not in clashes:
            clashes[key] = any(not _fit(one, other) for one in present for other in present)
        return clashes[key]

    doubtful: list[_Node] = []
    groups: list[list[_Node]] = []
    current: list[list[_Node]] = []
    for node in sorted(nodes, key=lambda node: (node.lo, node.hi, _label_key(node.label))):
        if in_doubt(node):
            doubtful.append(node)
            continue
        current = [group for group in current if group[0].hi >= node.lo]
        for group in current:
            if _fit(group[0].label, node.label):
                group.append(node)
                break
        else:
            current.append([node])
            groups.append(current[-1])
    return groups, doubtful


def _label_key(label: _Label) -> tuple[object, ...]:
    return (sorted(label.weapons), label.attacker or "", label.admin1 or "", label.country or "")


def incident_of(claims: Sequence[Claim], candidates: tuple[int, ...] = ()) -> Incident:
    """The incident that these claims make."""
    counts: dict[tuple[dt.date, dt.date], int] = defaultdict(int)
    for claim in claims:
        if claim.date is not None:
            counts[claim.date, claim.date_end or claim.date] += 1
    # The most precise dates; among those, the ones that most claims give.
    date, date_end = min(counts, key=lambda span: (span[1] - span[0], -counts[span], span), default=(None, None))
    return Incident(tuple(claims), claims[0].basis, date, date_end, candidates)


class SpanIndex:
    """Which spans overlap another, without looking at all of them.

    >>> sorted(SpanIndex([(1, 2, 0), (4, 9, 1), (20, 21, 2)]).overlapping(2, 5))
    [0, 1]
    """

    def __init__(self, spans: Iterable[tuple[int, int, int]]) -> None:
        # By length class, so that one long span does not make every look-up long.
        classes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for lo, hi, at in spans:
            classes[(hi - lo).bit_length()].append((lo, hi, at))
        self._classes = {size: sorted(rows) for size, rows in classes.items()}

    def overlapping(self, lo: int, hi: int) -> Iterator[int]:
        """The third item of every span that shares a point with ``lo`` to ``hi``."""
        for size, rows in self._classes.items():
            at = bisect.bisect_left(rows, (lo - (1 << size), -1, -1))
            while at < len(rows) and rows[at][0] <= hi:
                if rows[at][1] >= lo:
                    yield rows[at][2]
                at += 1
