"""What each report says of a strike, one statement a figure (codebook 1, 3 and 8).

A *statement* is what one report says of one measure and group, after its additions ("two more died in
hospital") and without its attackers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from tracker.credit import Copies, of_enemy_losses, source_key
from tracker.disjoint import groups_are_disjoint
from tracker.enumerated import add_up_lists, list_of_all
from tracker.models import KIND_OF, Claim, Field, Group, Kind, Relation, VaguePolicy, stable_id
from tracker.retold import says_more
from tracker.statement import Statement

_DAY_SECONDS = 86_400.0


# --- order and identity -----------------------------------------------------------------------------------


@functools.lru_cache(maxsize=65536)
def moment(published: dt.date | None) -> tuple[float, float]:
    """The first and last second in which a report may have appeared, in seconds since year 1, UTC.

    A date without a time is its whole day, so that two reports of one day have no order; an undated report
    counts as older than any other. A naive datetime is read as UTC.
    """
    if published is None:
        return -math.inf, -math.inf
    start = published.toordinal() * _DAY_SECONDS
    if not isinstance(published, dt.datetime):
        return start, start + _DAY_SECONDS - 1
    since_midnight = published.replace(tzinfo=None) - dt.datetime.combine(published.date(), dt.time())
    seconds = start + (since_midnight - (published.utcoffset() or dt.timedelta())).total_seconds()
    return seconds, seconds


_hash = functools.lru_cache(maxsize=65536)(stable_id)


def claim_order(claim: Claim) -> tuple[float, int, int, str, str, str, str]:
    """Sort key, oldest first: publication, position in the report, then a hash of the report (codebook 8)."""
    return (
        moment(claim.published)[0],
        claim.field is not Field.TITLE,
        claim.start,
        _hash(claim.report_id),
        claim.measure,
        claim.group,
        claim.claim_id,
    )


def bounds(claim: Claim, vague: VaguePolicy) -> tuple[int | None, int | None] | None:
    """The bounds of a claim under a policy for vague words; None where the policy leaves it out.

    Literally, a bare plural is two of its unit ("dozens" 24 or more, "hundreds" 200 or more); ACLED codes one
    of it (12, 100). A compound such as "several hundred" has said how many, and keeps its bound.
    """
    if claim.vague is None or claim.low is None or vague is VaguePolicy.LITERAL:
        return claim.low, claim.high
    if vague is VaguePolicy.EXCLUDE:
        return None
    digits = str(claim.low)
    bare_plural = claim.low == 24 or (claim.low >= 20 and digits[0] == "2" and not digits[1:].strip("0"))
    reading = claim.low // 2 if bare_plural else claim.low
    return reading, reading


# --- statements -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Measured:
    """All statements of one measure, by group, and the claims that bear on it without setting a figure."""

    by_group: dict[Group, list[Statement]]
    supporting: dict[Group, list[str]]


def opened_by_more(claims: Sequence[Claim]) -> frozenset[str]:
    """The claims of a strike, oldest first, with which a report goes on where another stopped: "two more bodies".

    Only the first figure for people in a report can be one: in "nine died, another 70 were hurt" the 70 are all.
    """
    first: dict[str, Claim] = {}
    for claim in claims:
        if KIND_OF[claim.measure] is Kind.PEOPLE:
            first.setdefault(claim.report_id, claim)
    if len(first) < 2:
        return frozenset()  # there is no other report
    return frozenset(c.claim_id for c in first.values() if c.relation is Relation.TOTAL and says_more(c))


def read_measure(claims: Sequence[Claim], vague: VaguePolicy, copies: Copies, on_top: Collection[str] = ()) -> Measured:
    """Claims of one measure, oldest first → statements. Within a report, additions and attackers are applied.

    ``on_top`` names the claims that come on top of other reports' (:func:`opened_by_more`): beside these they say
    "at least".
    """
    measured = Measured(defaultdict(list), defaultdict(list))
    by_report: dict[str, list[Statement]] = defaultdict(list)
    for order, claim in enumerate(claims):
        read = bounds(claim, vague)
        if read is not None and read != (None, None):
            start, end = moment(claim.published)
            source, contested = source_key(claim, copies), of_enemy_losses(claim)
            by_report[claim.report_id].append(
                Statement(
                    claim, order, *read, start, end, source, (claim.claim_id,),
                    contested=contested, on_top=claim.claim_id in on_top,
                )
            )  # fmt: skip
    if copies:
        _date_copies(by_report, copies)
    seen: dict[Group, set[int | None]] = defaultdict(set)
    for statements in by_report.values():
        _read_report(statements, measured, seen)
    if on_top:
        for same in measured.by_group.values():
            if any(not statement.on_top and not statement.is_subset for statement in same):
                for statement in same:
                    if statement.on_top and statement.low is not None:
                        statement.high = None
    return measured


def _date_copies(by_report: dict[str, list[Statement]], copies: Copies) -> None:
    """A copy says nothing new: the morning's figure on a page of the evening is still the morning's."""
    first: dict[tuple[object, ...], tuple[float, float]] = {}
    for statements in by_report.values():  # oldest first, the undated before all
        for statement in statements:
            claim = statement.claim
            if claim.report_id in copies and statement.start > -math.inf:
                said = (
                    copies[claim.report_id],
                    claim.group,
                    claim.relation,
                    claim.source,
                    statement.low,
                    statement.high,
                )
                statement.start, statement.end = first.setdefault(said, (statement.start, statement.end))


def _read_report(statements: Sequence[Statement], measured: Measured, seen: dict[Group, set[int | None]]) -> None:
    """One report's statements, in the order of its text."""
    whole: Statement | None = None
    if KIND_OF[statements[0].claim.measure] is not Kind.MUNITIONS:  # these are added up by kind
        whole = list_of_all(statements)
        statements = add_up_lists(statements)
    totals: dict[Group, list[Statement]] = defaultdict(list)
    in_sentence: dict[str, Statement] = {}
    for statement in statements:
        claim = statement.claim
        if claim.relation is Relation.TOTAL:
            totals[claim.group].append(statement)
            seen[claim.group].add(statement.low)
            if claim.group is Group.ALL:
                in_sentence.setdefault(claim.sentence, statement)

    last: dict[Group, Statement] = {}
    for statement in statements:
        claim, group = statement.claim, statement.claim.group
        if claim.relation is Relation.TOTAL:
            last[group] = statement
            continue
        if claim.relation is Relation.ADDITIONAL and group in last:
            _add(statement, last[group], totals[group], seen[group])
            if claim.claim_id not in last[group].claim_ids:
                measured.supporting[group].append(claim.claim_id)
            continue
        if group is Group.PERPETRATORS and claim.relation is Relation.SUBSET:
            _take_off(statement, in_sentence.get(claim.sentence, last.get(Group.ALL)), totals[Group.ALL])
        elif group is not Group.PERPETRATORS and claim.relation is Relation.ADDITIONAL and Group.ALL in last:
            _add(statement, last[Group.ALL], totals[Group.ALL], seen[Group.ALL])
        elif group is Group.ALL and claim.relation is Relation.ADDITIONAL:
            near = [one for one in last.values() if one.claim.sentence == claim.sentence]
            pairs = combinations(last, 2)
            apart = all(groups_are_disjoint(one, other) for one, other in pairs)
            whole = _with_named(statement, near or (list(last.values()) if apart else []))
            if whole is not None:
                last[group] = whole
                totals[group].append(whole)
                continue
        # What is left says of its group: at least these. A group's own total outranks that.
        if totals[group]:
            measured.supporting[group].append(claim.claim_id)
        else:
            statement.is_subset = True
            measured.by_group[group].append(statement)
    if whole is not None and not totals[Group.ALL]:
        totals[Group.ALL].append(whole)
    for group, same in totals.items():
        measured.by_group[group] += same


def _add(more: Statement, target: Statement, totals: Sequence[Statement], seen: set[int | None]) -> None:
    """Add to the total that ``more`` follows, and to the same figure where the report repeats it."""
    if target.low is None or more.low is None:
        return
    if target.low - more.low in seen:
        return  # "seven dead after two more died", with five reported before: they are in the seven
    low, high = target.low, target.high
    for total in totals:
        if (total.low, total.high) == (low, high):
            total.low = low + more.low
            total.high = None if high is None or more.high is None else high + more.high
            total.claim_ids += more.claim_ids
    seen.add(target.low)


def _with_named(others: Statement, named: Sequence[Statement]) -> Statement | None:
    """As in "two soldiers and four others were killed": six, of whom the report names two."""
    named = [one for one in named if one.claim.group is not Group.PERPETRATORS]
    lows, highs = [one.low for one in (*named, others)], [one.high for one in (*named, others)]
    if not named or None in lows:
        return None
    return dataclasses.replace(
        others,
        low=sum(low or 0 for low in lows),
        high=None if None in highs else sum(high or 0 for high in highs),
        claim_ids=tuple(i for one in (*named, others) for i in one.claim_ids),
        inferred=True,
    )


def _take_off(attackers: Statement, target: Statement | None, totals: Sequence[Statement]) -> None:
    """A strike's ``all`` never includes its perpetrators: "eleven killed, including the gunman" is ten."""
    if target is None or attackers.low is None or not attackers.exact:
        return
    low, high = target.low, target.high
    for total in totals:
        if (total.low, total.high) == (low, high) and not total.inferred:
            total.low = None if low is None else max(0, low - attackers.low)
            total.high = None if high is None else max(0, high - attackers.low)
            total.inferred = True
