"""What in a strike a person should look at before its figures are believed, and what that could change (codebook 8).

A doubt is no error: the claim may be read exactly as it stands. It says where a wrong reading, or a disagreement of
sources, would move the totals, and by how much.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.credit import Standing, party_of, standing
from tracker.lexicon import read_toml
from tracker.models import KIND_OF, Basis, Claim, Figure, Group, Kind, Measure, Scope, Strike, stable_id


class Doubt(StrEnum):
    """Why a person should look."""

    DISPUTED = "disputed"
    VERY_HIGH = "very high"
    BELLIGERENT = "lone belligerent source"
    VAGUE = "vague"
    PLACE = "ambiguous place"
    DATE = "no date"


@dataclass(frozen=True, slots=True)
class Flag:
    """One doubt about a strike.

    ``measure`` and ``group`` name the figure that is doubtful, None where it is the strike's place or day; ``low`` and
    ``high`` are its bounds. ``names`` are the words that it turns on (a vague word, the places a name may mean, whose
    word it is). ``claims`` are the ids of the claims that it rests on; ``moves`` says by how much totals may move.
    """

    doubt: Doubt
    measure: Measure | None = None
    group: Group | None = None
    low: int | None = None
    high: int | None = None
    names: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    moves: tuple[tuple[Measure, int], ...] = ()

    def seen(self, strike: Strike) -> str:
        """What somebody accepts who accepts this doubt: another report of the same changes nothing, a figure does.

        A figure is known by where and when it was; where that is what is doubtful, only the strike itself is.
        """
        where = (strike.place, strike.admin1, strike.country, strike.date)
        what = (strike.strike_id, *where) if self.measure is None else (*where, *strike.weapons)
        return stable_id(self.doubt, self.measure, self.group, self.low, self.high, *self.names, *what)


@functools.cache
def very_high() -> Mapping[Measure, int]:
    """The figure of one incident from which on a person looks at it, by measure."""
    return {Measure(row["measure"]): int(row["from"]) for row in read_toml("review.toml")["very_high"]}


def doubts(strike: Strike, claims: Iterable[Claim]) -> tuple[Flag, ...]:
    """The doubts about a strike, given its claims as corrected (those that ``is_unsure`` are enough)."""
    held = list(claims)
    flags = [flag for figure in strike.figures for flag in _of_figure(strike, figure, held)]
    whole = _moves(strike, {figure.measure: _most(figure) for figure in strike.figures if _is_whole(figure)})
    unsure = [claim for claim in held if claim.candidates]
    if unsure:
        names = tuple(dict.fromkeys(name for claim in unsure for name in claim.candidates))
        flags.append(Flag(Doubt.PLACE, names=names, claims=_ids(unsure), moves=whole))
    if strike.date is None:
        flags.append(Flag(Doubt.DATE, claims=strike.claim_ids, moves=whole))
    return tuple(flags)


def is_unsure(claim: Claim) -> bool:
    """Whether a claim may make its strike doubtful: it is vague, may be elsewhere, or is a party's word."""
    return claim.vague is not None or bool(claim.candidates) or is_partys_word(claim.source)


def is_partys_word(source: str | None) -> bool:
    """Whether a source speaks for a party to the fighting.

    >>> is_partys_word("Russia's defence ministry"), is_partys_word("a surgeon"), is_partys_word(None)
    (True, False, False)
    """
    return party_of(source) is not None and standing(source) is not Standing.INDEPENDENT


def _of_figure(strike: Strike, figure: Figure, claims: Sequence[Claim]) -> list[Flag]:
    """The doubts about one figure."""
    of_figure = (figure.measure, figure.group, figure.low, figure.high)
    most = _moves(strike, {figure.measure: _most(figure)} if _is_whole(figure) else {})
    found = []
    words = [claim for claim in claims if claim.claim_id in figure.current and is_partys_word(claim.source)]
    lone = strike.n_sources == 1 and bool(words) and KIND_OF[figure.measure] is Kind.PEOPLE
    if figure.contested or (lone and _is_whole(figure)):
        whose = tuple(dict.fromkeys(str(claim.source) for claim in words))
        found.append(Flag(Doubt.BELLIGERENT, *of_figure, names=whose, claims=figure.current, moves=most))
    if figure.disputed:
        apart = {figure.measure: _most(figure) - (figure.low or 0)} if _is_whole(figure) else {}
        found.append(Flag(Doubt.DISPUTED, *of_figure, claims=figure.current, moves=_moves(strike, apart)))
    least = very_high().get(figure.measure)
    if strike.basis is Basis.INCIDENT and figure.group is Group.ALL and least is not None and _most(figure) >= least:
        found.append(Flag(Doubt.VERY_HIGH, *of_figure, claims=figure.current, moves=most))
    vague = [claim for claim in claims if claim.vague is not None and claim.claim_id in figure.current]
    if vague:
        said = tuple(dict.fromkeys(str(claim.vague) for claim in vague))
        found.append(Flag(Doubt.VAGUE, *of_figure, names=said, claims=_ids(vague), moves=most))
    return found


def _is_whole(figure: Figure) -> bool:
    """Whether a figure joins the sums: a part is in the whole already."""
    return figure.group is Group.ALL


def _most(figure: Figure) -> int:
    return max(value for value in (figure.low, figure.best, figure.high, 0) if value is not None)


def _moves(strike: Strike, by: Mapping[Measure, int]) -> tuple[tuple[Measure, int], ...]:
    """What may move in the totals; nothing where the strike is in none of them (codebook 8)."""
    wider = strike.scope in (Scope.ADMIN1, Scope.COUNTRY) and bool(strike.linked)
    if strike.basis is Basis.PERIOD or wider:
        return ()
    return tuple((measure, number) for measure, number in by.items() if number)


def _ids(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.claim_id for claim in claims))
