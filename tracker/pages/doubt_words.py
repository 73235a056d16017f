"""Doubts, and what they may move, as plain sentences. No Streamlit in here."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.charts_style import bounds, count
from tracker.doubts import Doubt, Flag
from tracker.models import Claim, Measure, Strike
from tracker.pages import words
from tracker.serialise import visible

#: What each doubt is called in lists and filters.
NAMES = {
    Doubt.DISPUTED: "sources disagree",
    Doubt.VERY_HIGH: "very high",
    Doubt.BELLIGERENT: "only a party says so",
    Doubt.VAGUE: "vague",
    Doubt.PLACE: "place unclear",
    Doubt.DATE: "no day",
}
LOST = "lost correction"


def sentence(flag: Flag) -> str:
    """Why a person should look, as plain text."""
    figure = "" if flag.measure is None or flag.group is None else words.measured(flag.measure, flag.group).capitalize()
    range_ = bounds(flag.low, flag.high)
    named = ", ".join(f"“{visible(name)}”" for name in flag.names)
    match flag.doubt:
        case Doubt.DISPUTED:
            return f"{figure}: sources disagree, {range_}."
        case Doubt.VERY_HIGH:
            return f"{figure}: {range_} is very high for one strike. It may be the toll of more than this."
        case Doubt.BELLIGERENT:
            said = f" ({named})" if named else ""
            return f"{figure}: {range_}, and only a party to the fighting says so{said}."
        case Doubt.VAGUE:
            return f"{figure}: {range_} rests on a vague word, {named}."
        case Doubt.PLACE:
            return f"The place may be another of the name: {', '.join(map(visible, flag.names))}."
        case Doubt.DATE:
            return "No day is known."


def moves(by: Mapping[Measure, int]) -> str:
    """What may move in the totals.

    >>> moves({Measure.KILLED: 4, Measure.INJURED: 1200}), moves({})
    ('4 killed, 1,200 injured', 'no total')
    """
    ordered = [(measure, by[measure]) for measure in Measure if measure in by]
    return ", ".join(f"{count(number)} {words.label(measure)}" for measure, number in ordered) or "no total"


def strike_name(strike: Strike) -> str:
    """A strike in one line of plain text: where, when, with what."""
    day = words.days(strike.date, strike.date_end) if strike.date else "day not known"
    return " · ".join((visible(words.place(strike)), day, words.weapons(strike)))


def claim_name(number: int, claim: Claim) -> str:
    """A claim in one line of plain text, known by its number in a list."""
    quote = visible(claim.sentence)
    return f"{number}. {words.reading(claim, '')} — {quote if len(quote) <= 90 else quote[:89] + '…'}"
