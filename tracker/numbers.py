"""Sentence → quantities: how many, with which bounds, exactly as printed (codebook 3).

``numerals`` reads the numbers; here those that count nothing are left out (dates, times, ages, money, units,
labels, years, shares) and the rest are widened to the hedges around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tracker.models import Quantity
from tracker.numerals import Bounds, digits_value, figure_starts, number_terms, read_number, single_number
from tracker.tokens import Line

#: Nobody in the news is older.
_OLDEST = 110
#: "up to" after one of these is a ceiling, even of a toll.
_CEILINGS = frozenset({",", "as", "at", "be", "by", "is", "kill", "killed", "killing", "of", "to", "with"})


class Found(NamedTuple):
    """A quantity and the tokens it covers with its hedge, ``tokens[first:last]``."""

    first: int
    last: int
    quantity: Quantity


def find_quantities(line: Line) -> Iterator[Found]:
    """Every quantity of a sentence from left to right, offsets counting from the sentence's start.

    >>> line = Line("At least 46 were hurt, between 10 and 15 badly; dozens fled 3 km on 4 May 2024.")
    >>> [(found.quantity.text, found.quantity.low, found.quantity.high) for found in find_quantities(line)]
    [('At least 46', 46, None), ('between 10 and 15', 10, 15), ('dozens', 24, None)]
    """
    terms, norms, texts = number_terms(), line.norms, line.texts
    floor = 0
    for index in figure_starts(line):
        read = read_number(line, index) if index >= floor else None
        if read is None:
            continue
        bounds, end = read
        # Of most numbers the words on either side say at once that they may count something.
        doubtful = (
            norms[index - 1] in terms.before_nothing
            or norms[end] in terms.after_nothing
            or (len(texts[index]) == 4 and texts[index].isdecimal())
            or norms[index - 3] == "aged"
        )
        if not doubtful or not _counts_nothing(line, index, end, bounds):
            found = _hedged(line, floor, index, end, bounds)
            yield found
            end = found.last
        floor = end


# -- 1. numbers that count nothing -------------------------------------------------------------------


#: A month behind one of these is the whole month.
_WHOLE_MONTH = frozenset({"by", "during", "early", "in", "last", "late", "mid", "since", "this", "through", "until"})


def _counts_nothing(line: Line, first: int, last: int, bounds: Bounds) -> bool:
    """Dates, times, ages, money, measures and labels (codebook 2, "Not claims")."""
    return (
        _is_measured(line, first, last, bounds)
        or _is_date(line, first, last, bounds)
        or _is_label(line, first, last)
        or _is_denied(line, first, last, bounds)
        or _is_age(line, first, last, bounds)
        or _is_share(line, first, last, bounds)
        or _is_slashed(line, first, last)
    )


def _is_measured(line: Line, first: int, last: int, bounds: Bounds) -> bool:
    """As in "$40", "40 kilometres", "3 a.m."; but "several second", "three local residents"."""
    terms, norms = number_terms(), line.norms
    after = norms[last]
    if norms[first - 1] in terms.currencies or after in terms.currencies:
        return True
    if after not in terms.units or (bounds.vague and after in terms.units_or_counts):
        return False
    return after != "local" or norms[last + 1] in {"time", "hours"}


def _is_date(line: Line, first: int, last: int, bounds: Bounds) -> bool:
    """As in "April 24", "24 April", "in 2022"; but in "in May 24 people died" the month is told without a day."""
    terms, norms = number_terms(), line.norms
    at = _word_before(line, first)
    before, after = norms[at], norms[last]
    a_day = bounds.high is not None and bounds.high <= 31
    if before in terms.months and at >= 0 and line.is_capital(at):
        if a_day and after in {",", "", ".", ";", "and", "when", "in"}:
            return True
        counted = norms[at - 1] in _WHOLE_MONTH and after not in terms.words and not after[:1].isdigit()
        # "since 6 August 9 civilians have died", "on the 12th of April 9 were hurt": the month has its day.
        counted = counted or norms[at - 1].isdigit() or (norms[at - 1] == "of" and norms[at - 2][:1].isdigit())
        if a_day and line.texts[first].isdigit() and not counted:
            return True  # "a strike on July 20 killed three"
        if bounds.low is not None and _may_be_year(bounds.low):
            return True
    if (after in terms.months or after == "may") and line.is_capital(last):
        return a_day
    printed = line.texts[first]
    if last - first != 1 or len(printed) != 4 or not printed.isdecimal() or not _may_be_year(bounds.low or 0):
        return False
    return before in terms.before_year or after not in terms.after_count


def _word_before(line: Line, first: int) -> int:
    """The index of the word before a number, over the full stop of an abbreviation ("Feb. 3", "No. 4")."""
    short = line.norms[first - 1] == "." and line.norms[first - 2] in number_terms().abbreviations
    return first - 2 if short else first - 1


def _may_be_year(value: int) -> bool:
    return 1900 <= value <= 2100


def _is_label(line: Line, first: int, last: int) -> bool:
    """As in "Flight 17", "aged 7", "No. 4", "gate 4,", "0730"."""
    terms = number_terms()
    if line.norms[first - 1] in {"and", ","} and line.norms[first - 2].isdigit() and line.norms[first - 3] == "aged":
        return True  # "two others, aged 44 and 49,"
    if line.texts[first][0] == "0" and len(line.texts[first]) > 1 and line.texts[first].isdigit():
        return True
    at = _word_before(line, first)
    before, after = line.norms[at], line.norms[last]
    if before in terms.labels:
        opens = at == 0 and line.texts[first].isdigit()  # "Flight 17 was shot down"
        named = (first > 1 or opens) and line.is_capital(at)
        ended = after in {"", ",", ".", ";", "and"} and line.texts[first].isdigit()
        if named or ended or before in terms.sure_labels:
            return True
    return before in {"no", "nr"} and line.texts[first][:1].isdigit() and after not in {"people", "civilians"}


def _is_denied(line: Line, first: int, last: int, bounds: Bounds) -> bool:
    """As in "not one of them"."""
    return line.norms[first - 1] == "not" and last - first == 1 and bounds.low == 1


def _is_age(line: Line, first: int, last: int, bounds: Bounds) -> bool:
    """As in "Iryna Koval, 34, died", "the gunman, 28,", "(34)"."""
    terms, norms = number_terms(), line.norms
    before, after = norms[first - 1], norms[last]
    if before == "(" and after == ")":
        return True
    if before != "," or after not in {",", "."} or last - first != 1 or not line.texts[first].isdigit():
        return False
    name = norms[first - 2]
    return (bounds.low or 0) < _OLDEST and name[:1].isalpha() and name not in terms.months


def _is_share(line: Line, first: int, last: int, bounds: Bounds) -> bool:
    """As in "one in five", "two in five": neither number counts."""
    terms, norms = number_terms(), line.norms
    of_five = norms[last] == "in" and (bounds.high or 99) <= 10 and norms[last + 2] in {"", ".", ",", "of"}
    if of_five and single_number(line, last + 1) is not None:
        return True
    return norms[first - 1] == "in" and norms[first - 2] in terms.words and (bounds.high or 999) <= 10


def _is_slashed(line: Line, first: int, last: int) -> bool:
    """As in "24/7" cut in pieces, "16-" before a word."""
    return line.norms[last] in {"-", "/"} or line.norms[first - 1] == "/"


# -- 2. the hedge around it --------------------------------------------------------------------------


def _hedged(line: Line, floor: int, index: int, end: int, bounds: Bounds) -> Found:
    """Widen to the hedge before ("at least") or after ("or more"); ``floor`` is the first token still free."""
    terms, norms = number_terms(), line.norms
    first = index
    if norms[index - 1] in terms.before_hedged:
        first, bounds = _hedge_before(line, floor, index, end, bounds)
    if norms[first - 1] == "between" and bounds.low != bounds.high and first - 1 >= floor:
        first -= 1
    # Police style: "two (2) others".
    if norms[end] == "(" and norms[end + 2] == ")" and digits_value(line.texts[end + 1]) == bounds.low:
        end += 3
    tail = terms.after.at(norms, end) if norms[end] in terms.after_hedged else None
    if tail is not None:
        bounds = tail.term.bounds(bounds)
        end = tail.end
    span = line.printed(first, end)
    quantity = Quantity(*bounds, line.text[span.start : span.end], span)
    return Found(first, end, quantity)


def _hedge_before(line: Line, floor: int, index: int, end: int, bounds: Bounds) -> tuple[int, Bounds]:
    """Where "at least", "at least another", "at least some" begins before a number, and the bounds it makes."""
    terms, norms = number_terms(), line.norms
    probe = index - 1
    while probe >= floor and norms[probe] in terms.hedge_gaps and index - probe <= 2:
        probe -= 1
    if probe < floor or norms[probe] not in terms.hedge_lasts:
        return index, bounds
    first = index
    for start in range(max(floor, probe - 3), probe + 1):
        match = terms.hedges.at(norms, start)
        if (
            match is not None
            and match.end == probe + 1
            and not _is_spatial(line, start, end)
            and not _rises(line, start)
        ):
            bounds = match.term.bounds(bounds)
            first = start
            break
    if first == index:
        return index, bounds
    for start in range(max(floor, first - 3), first):
        outer = terms.hedges.at(norms, start)
        if outer is not None and outer.end == first:
            return start, outer.term.bounds(_exact_again(bounds))._replace(approx=True)
    return first, bounds


def _rises(line: Line, start: int) -> bool:
    """As in "has gone up to 31", a change, not a ceiling."""
    if line.norms[start] != "up":
        return False
    toll = "toll" in line.norms[:start] and line.norms[start - 1] not in _CEILINGS  # "toll of the clashes up to 249"
    return toll or line.norms[start - 1] in number_terms().rising


def _is_spatial(line: Line, start: int, end: int) -> bool:
    """As in "over 13 regions", where "over" is no hedge."""
    terms = number_terms()
    return line.norms[start] in terms.spatial_hedges and line.norms[end] in terms.spatial_nouns


def _exact_again(bounds: Bounds) -> Bounds:
    """Exact again, so that an outer hedge can set the bounds."""
    if bounds.vague is not None:
        return bounds
    value = bounds.low if bounds.low is not None else bounds.high
    return Bounds(value, value)
