"""The figures of one strike: what is current, what came before, how sure it is (codebook 8).

Statements of a group are settled among themselves; ``all`` is then checked against the sum of groups that
cannot overlap, and munitions against the sum of their kinds.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.credit import Copies, of_enemy_losses
from tracker.disjoint import groups_are_disjoint
from tracker.models import KIND_OF, Claim, Figure, Group, Kind, Measure, Policy, Relation, VaguePolicy
from tracker.statement import Statement
from tracker.statements import Measured, bounds, opened_by_more, read_measure

_K = TypeVar("_K")


# --- settling one group -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Toll:
    """The statements of one group, settled. ``at`` is when the newest current statement appeared."""

    low: int | None
    best: int | None
    high: int | None
    approx: bool
    derived: bool
    disputed: bool
    subset: bool
    at: float
    current: tuple[Statement, ...]
    superseded: tuple[Statement, ...] = ()
    supporting: tuple[Statement, ...] = ()


def _settle(statements: Sequence[Statement], policy: Policy) -> _Toll:
    """Statements of one group → what stands, what is history, what only supports (codebook 8)."""
    plain = [statement for statement in statements if statement.claim.vague is None]
    vague = [statement for statement in statements if statement.claim.vague is not None]
    if not plain:
        plain, vague = vague, []
    ordered = sorted(plain, key=lambda statement: statement.order)
    standing, superseded = _standing(ordered)
    exact = max((s.reach for s in standing if s.exact), default=-1)
    supporting = [s for s in standing if s.high is None and s.low is not None and s.low <= exact]
    idle = {id(statement) for statement in supporting}
    current = [statement for statement in standing if id(statement) not in idle]

    closed = max((s.high for s in current if s.high is not None), default=None)
    open_ = max((s.low for s in standing if s.high is None and s.low is not None), default=-1)
    chosen = _choose(current, policy)
    best = None if chosen is None else chosen.high if policy is Policy.HIGHEST and chosen.high else chosen.low
    return _Toll(
        low=min((s.low for s in current if s.low is not None), default=None),
        best=best,
        high=None if closed is None or open_ >= closed else closed,
        approx=chosen.claim.approx if chosen else all(s.claim.approx for s in current),
        derived=chosen.inferred if chosen else False,
        disputed=_disputed(current),
        subset=all(statement.is_subset for statement in current),
        at=max((s.start for s in current), default=-math.inf),
        current=tuple(current),
        superseded=tuple(superseded),
        supporting=tuple(supporting + vague),
    )


def _standing(statements: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """What still stands, and what a later report corrected or outgrew."""
    if max(s.start for s in statements) <= min(s.end for s in statements):
        return statements, []  # nothing is later than anything else
    standing, corrected = _latest_of_each_source(statements)
    standing, outgrown = _risen(standing)
    return standing, corrected + outgrown


def _latest_of_each_source(statements: Sequence[Statement]) -> tuple[list[Statement], list[Statement]]:
    """A source's later report replaces its earlier ones, unless it only says "at least" what they said exactly."""
    by_source: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        by_source[statement.source].append(statement)
    replaced: set[int] = set()
    for same in by_source.values():
        later = _Later(same)
        for statement in sorted(same, key=lambda s: -s.end):
            later.advance(statement.end)
            if (
                later.any_closed
                or (later.top_open >= 0 and not statement.exact)
                or later.least_cap < (statement.low or 0)
            ):
                replaced.add(id(statement))
    return _split(statements, replaced)


def _risen(statements: Sequence[Statement]) -> tuple[list[Statement], list[Statement]]:
    """Tolls rise: a later higher one supersedes, whoever gave it."""
    later = _Later(statements)
    outgrown: set[int] = set()
    for statement in sorted(statements, key=lambda s: -s.end):
        later.advance(statement.end)
        if later.top_low > statement.reach:
            outgrown.add(id(statement))
    return _split(statements, outgrown)


class _Later:
    """What appeared strictly later than a moment that only moves backwards."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._waiting = sorted(statements, key=lambda s: s.start)
        self.any_closed = False
        self.top_low = self.top_open = -1
        self.least_cap: float = math.inf

    def advance(self, end: float) -> None:
        while self._waiting and self._waiting[-1].start > end:
            statement = self._waiting.pop()
            if statement.low is None:
                self.least_cap = min(self.least_cap, statement.reach)
                continue
            self.top_low = max(self.top_low, statement.low)
            if statement.high is None:
                self.top_open = max(self.top_open, statement.low)
            else:
                self.any_closed = True


def _split(statements: Sequence[Statement], out: set[int]) -> tuple[list[Statement], list[Statement]]:
    return [s for s in statements if id(s) not in out], [s for s in statements if id(s) in out]


def _choose(current: Sequence[Statement], policy: Policy) -> Statement | None:
    """The statement behind ``best``. An upper bound alone gives none, and undated reports never win."""
    able = [statement for statement in current if statement.low is not None]
    able = [statement for statement in able if statement.start > -math.inf] or able
    if not able:
        return None
    if policy is Policy.CONSERVATIVE:
        least = min(map(_low, able))
        able = [s for s in able if s.low == least]
    elif policy is Policy.HIGHEST:
        most = max(s.reach for s in able)
        able = [s for s in able if s.reach == most]
    elif policy is Policy.MAJORITY:
        votes = Counter(value for value, _ in {(_low(s), s.source) for s in able})
        winning = max(votes.values())
        able = [s for s in able if votes[_low(s)] == winning]
    newest = max(statement.start for statement in able)
    able = [statement for statement in able if statement.start == newest]
    said = _said_at_least(able)
    ranked = ((_is_less(statement, said), _vagueness(statement), at) for at, statement in enumerate(able))
    return able[min(ranked)[-1]]


def _said_at_least(statements: Sequence[Statement]) -> dict[str, tuple[int, int]]:
    """Report → its largest open lower bound, and its largest figure of all."""
    said: dict[str, tuple[int, int]] = {}
    for statement in statements:
        open_, largest = said.get(statement.claim.report_id, (0, 0))
        low = _low(statement)
        said[statement.claim.report_id] = (max(open_, low if statement.high is None else 0), max(largest, low))
    return said


def _is_less(statement: Statement, said: Mapping[str, tuple[int, int]]) -> bool:
    """Whether its own report says that there were more: "at least 65 died"; "none of the troops were hurt"."""
    open_, largest = said[statement.claim.report_id]
    low = _low(statement)
    return _are_apart(low, open_) if low else largest > 0


def _low(statement: Statement) -> int:
    assert statement.low is not None
    return statement.low


def _vagueness(statement: Statement) -> int:
    return 2 if not statement.exact else 1 if statement.claim.approx else 0


def _disputed(current: Sequence[Statement]) -> bool:
    """Whether two sources differ by more than one and by more than 5% of the larger figure."""
    if len(current) < 2:
        return False
    # The two highest lows and the two lowest highs of different sources decide.
    lows = _by_source([(-s.low, s.source) for s in current if s.low is not None])
    highs = _by_source([(s.high, s.source) for s in current if s.high is not None])
    return any(source != other and _are_apart(high, -low) for low, source in lows for high, other in highs)


def _are_apart(less: int, more: int) -> bool:
    """Whether two figures differ by more than one and by more than 5% of the larger (codebook 8)."""
    return more - less > 1 and (more - less) * 20 > more


def _by_source(values: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    best: dict[str, int] = {}
    for value, source in values:
        best[source] = min(value, best.get(source, value))
    return sorted((value, source) for source, value in best.items())[:2]


# --- adding up parts --------------------------------------------------------------------------------------

_Arms = tuple[frozenset[str], frozenset[str]]


def _arms_are_disjoint(one: _Arms, other: _Arms) -> bool:
    if one[0] and other[0] and one[0].isdisjoint(other[0]):
        return True
    return one[0] == other[0] and bool(one[1]) and bool(other[1]) and one[1].isdisjoint(other[1])


def _arms_cover(one: _Arms, other: _Arms) -> bool:
    """Whether a figure for ``one`` includes a figure for ``other``: "215 drones and missiles" the drones."""
    if not one[0]:
        return True
    return one[0] >= other[0] and bool(other[0]) and (not one[1] or (bool(other[1]) and one[1] >= other[1]))


def _heaviest(tolls: dict[_K, _Toll], disjoint: Callable[[_K, _K], bool]) -> list[_K]:
    """The set of mutually disjoint parts with the largest sum; ties go to the first in the order given."""

    def weight(key: _K) -> int:
        return tolls[key].best or tolls[key].low or 0

    keys = sorted(tolls, key=lambda key: -weight(key))
    # Past a dozen parts the rest is taken greedily, so that no strike costs more than 2¹² steps.
    branching = 12

    def search(at: int, taken: list[_K]) -> tuple[int, list[_K]]:
        while at < len(keys) and any(not disjoint(keys[at], key) for key in taken):
            at += 1
        if at == len(keys):
            return sum(map(weight, taken)), taken
        with_it = search(at + 1, [*taken, keys[at]])
        if at >= branching:
            return with_it
        without = search(at + 1, taken)
        return without if without[0] > with_it[0] else with_it

    return search(0, [])[1]


def _sum(parts: Sequence[_Toll]) -> _Toll:
    """Parts that do not overlap, added up. A part that is only a subset gives the sum a low and no best."""
    subset = any(part.subset for part in parts)
    bests = [part.best for part in parts]
    highs = [part.high for part in parts]
    return _Toll(
        low=sum(part.low or 0 for part in parts),
        best=None if subset or None in bests else sum(best or 0 for best in bests),
        high=None if subset or None in highs else sum(high or 0 for high in highs),
        approx=any(part.approx for part in parts),
        derived=True,
        disputed=any(part.disputed for part in parts),
        subset=subset,
        at=max(part.at for part in parts),
        current=tuple(statement for part in parts for statement in part.current),
        supporting=(),
    )


def _whole(stated: _Toll | None, parts: dict[_K, _Toll], disjoint: Callable[[_K, _K], bool]) -> _Toll | None:
    """The toll of everybody: as stated, or the sum of its parts where nobody states it or they exceed it.

    A subset may lie in any total, so beside a stated one subsets are summed among themselves alone.
    """
    totals = {key: toll for key, toll in parts.items() if not toll.subset}
    rest = parts if stated is None else {key: toll for key, toll in parts.items() if toll.subset}
    sums = []
    for wanted in (totals, rest):
        counted = {key: toll for key, toll in wanted.items() if toll.low is not None}
        if counted:
            sums.append(_sum([counted[key] for key in _heaviest(counted, disjoint)]))
    if stated is None:
        # The first sum has a best figure where any part is a total; subsets may still raise its low.
        return _raised(sums[0], sums[-1].low or 0) if sums else None
    for found in sums:
        least = found.best if found.best is not None else found.low or 0
        reach = stated.best if stated.best is not None else stated.low or 0
        # Parts older than the stated toll are no argument against it: it may be a correction.
        if found.at >= stated.at and least > reach:
            return _exceeding(stated, found, least)
    return stated


def _exceeding(stated: _Toll, parts: _Toll, best: int) -> _Toll:
    high = parts.high
    if high is not None:
        high = max(high, stated.high or 0)
        if any(s.high is None and _low(s) >= high for s in (*stated.current, *stated.supporting)):
            high = None
    return dataclasses.replace(
        parts,
        low=max(stated.low or 0, parts.low or 0),
        best=best,
        high=high,
        disputed=stated.disputed or parts.disputed,
        subset=False,
        superseded=stated.superseded,
        supporting=(*stated.supporting, *stated.current),
    )


def _raised(toll: _Toll, low: int) -> _Toll:
    if toll.low is not None and toll.low >= low:
        return toll
    best = toll.best if toll.best is None else max(toll.best, low)
    high = toll.high if toll.high is None else max(toll.high, low)
    return dataclasses.replace(toll, low=low, best=best, high=high)


def _arms(statement: Statement) -> _Arms:
    return frozenset(statement.claim.weapons), frozenset(statement.claim.models)


def _add_lists(statements: Sequence[Statement]) -> list[Statement]:
    """Add up the kinds that one sentence lists within a class: "nine ballistic and 30 cruise missiles"."""
    lists: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for statement in statements:
        claim = statement.claim
        lists[claim.report_id, claim.field, claim.entry, claim.sentence, _arms(statement)].append(statement)
    added: list[Statement] = []
    for same in lists.values():
        largest = max(same, key=lambda statement: statement.low or 0)
        rest = sum(statement.low or 0 for statement in same) - (largest.low or 0)
        if len(same) == 1 or None in [statement.low for statement in same]:
            added += same
        elif len(same) > 2 and largest.low == rest:
            added.append(largest)  # the sentence gives their total as well
        else:
            highs = [statement.high for statement in same]
            added.append(
                dataclasses.replace(
                    same[0],
                    low=sum(map(_low, same)),
                    high=None if None in highs else sum(high or 0 for high in highs),
                    claim_ids=tuple(i for statement in same for i in statement.claim_ids),
                    inferred=True,
                )
            )
    return added


def _munitions(statements: Sequence[Statement], policy: Policy) -> _Toll:
    """Launches and the like, kind by kind: drones and missiles add up, a joint figure is their total."""
    by_arms: dict[_Arms, list[Statement]] = defaultdict(list)
    for statement in _add_lists(statements):
        by_arms[_arms(statement)].append(statement)
    if len(by_arms) == 1:
        return _settle(next(iter(by_arms.values())), policy)
    wide = {key for key in by_arms if all(_arms_cover(key, other) for other in by_arms)}
    stated = [statement for key in by_arms if key in wide for statement in by_arms[key]]
    parts = {
        key: _settle(by_arms[key], policy)
        for key in sorted(by_arms, key=lambda key: (sorted(key[0]), sorted(key[1])))
        if key not in wide
    }
    toll = _whole(_settle(stated, policy) if stated else None, parts, _arms_are_disjoint)
    return toll if toll is not None else _settle(statements, policy)  # upper bounds only


# --- figures ----------------------------------------------------------------------------------------------


_MEASURES = tuple(Measure)
_RANK = {group: at for at, group in enumerate(Group)}


def figures(
    claims: Sequence[Claim], policy: Policy, vague: VaguePolicy, copies: Copies | None = None
) -> tuple[Figure, ...]:
    """The claims of one strike, oldest first → its figures, in the order of Measure, then Group."""
    by_measure: dict[Measure, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_measure[claim.measure].append(claim)
    on_top = opened_by_more(claims)
    made: list[Figure] = []
    for measure in _MEASURES:
        if same := by_measure.get(measure):
            if len(same) == 1 and same[0].group is Group.ALL and same[0].relation is Relation.TOTAL:
                made += _only(same[0], policy, vague)
            else:
                made += _figures_of(measure, read_measure(same, vague, copies or {}, on_top), policy)
    return tuple(made)


def _only(claim: Claim, policy: Policy, vague: VaguePolicy) -> Iterator[Figure]:
    """What the general rules make of a single total of everybody, which is most of what there is."""
    read = bounds(claim, vague)
    if read is None or read == (None, None):
        return
    low, high = read
    best = low if high is None or policy is not Policy.HIGHEST or low is None else high or low
    yield Figure(
        claim.measure, Group.ALL, low, best, high, claim.approx,
        current=(claim.claim_id,), contested=of_enemy_losses(claim),
    )  # fmt: skip


def _figures_of(measure: Measure, measured: Measured, policy: Policy) -> Iterable[Figure]:
    settle = _munitions if KIND_OF[measure] is Kind.MUNITIONS else _settle
    tolls: dict[Group, _Toll] = {}
    supporting = {group: list(ids) for group, ids in measured.supporting.items()}
    contested: set[Group] = set()
    severity: list[Statement] = []
    for group, statements in measured.by_group.items():
        if group is Group.ALL:
            # "Two of them seriously" is no toll of everybody, only a reason to say "at least two".
            severity = [statement for statement in statements if statement.is_subset]
            statements = [statement for statement in statements if not statement.is_subset]
        own = [statement for statement in statements if not statement.contested]
        if own:
            # What a party says of its enemy's losses sets no figure beside what others say.
            supporting.setdefault(group, []).extend(i for s in statements if s.contested for i in s.claim_ids)
        elif statements:
            contested.add(group)
        if statements:
            tolls[group] = settle(own or statements, policy)

    parts = {g: toll for g, toll in tolls.items() if g not in (Group.ALL, Group.PERPETRATORS)}
    stated = tolls.pop(Group.ALL, None)
    whole = _whole(
        None if Group.ALL in contested else stated,
        {group: toll for group, toll in parts.items() if group not in contested},
        groups_are_disjoint,
    )
    if whole is None and contested:
        whole = _whole(stated, parts, groups_are_disjoint)
        if whole is not None:
            contested.add(Group.ALL)
    elif Group.ALL in contested and stated is not None:
        contested.discard(Group.ALL)
        supporting.setdefault(Group.ALL, []).extend(i for s in stated.current for i in s.claim_ids)
    if whole is None and severity:
        least = _settle(severity, policy)
        whole = dataclasses.replace(least, best=None, high=None) if least.low is not None else None
    elif whole is not None:
        supporting.setdefault(Group.ALL, []).extend(i for s in severity for i in s.claim_ids)
    if whole is not None:
        tolls[Group.ALL] = whole
    for group in sorted(tolls, key=_RANK.__getitem__):
        yield _figure(measure, group, tolls[group], supporting.get(group, []), group in contested)


def _figure(measure: Measure, group: Group, toll: _Toll, supporting: Sequence[str], contested: bool = False) -> Figure:
    def ids(statements: Iterable[Statement]) -> list[str]:
        ordered = sorted(statements, key=lambda statement: statement.order)
        return list(dict.fromkeys(i for statement in ordered for i in statement.claim_ids))

    current = ids(toll.current)
    taken = set(current)
    superseded = [i for i in ids(toll.superseded) if i not in taken]
    taken.update(superseded)
    idle = [i for i in dict.fromkeys([*ids(toll.supporting), *supporting]) if i not in taken]
    return Figure(
        measure, group, toll.low, toll.best, toll.high, toll.approx, toll.derived, toll.disputed,
        tuple(current), tuple(superseded), tuple(idle), contested,
    )  # fmt: skip
