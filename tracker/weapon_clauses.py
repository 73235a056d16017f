"""Which weapons of a sentence go with a figure: those of its clause, of its half, of its parts."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from tracker.arms import Hit
from tracker.lexicon import read_toml
from tracker.models import Span
from tracker.wording import any_of


@functools.cache
def context_pattern(name: str) -> re.Pattern[str]:
    """Any of the words of a list of ``context`` in ``data/en/weapons.toml``, in whatever case."""
    return re.compile(rf"\b{any_of(read_toml('en/weapons.toml')['context'][name])}\b", re.IGNORECASE)


#: Where a clause ends, for the weapon that goes with a figure.
_BREAK = re.compile(
    r"""
    ;\s | ,\s+(?:and\s+|but\s+)? | \s[–—]\s | :\s
    | \b(?:while|whereas|before|until)\b
    | \band\s(?=(?:another|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen
        |(?:twen|thir|for|fif|six|seven|eigh|nine)ty|\d+|at\ least|more\ than|over|up\ to|several|dozens|hundreds
        |scores|many|an?\s(?:[\w-]+\s){1,4}?(?:is|are|was|were|has|had|killed|injured|wounded|died|hurt))\b)
    """,
    re.VERBOSE,
)
_COUNTED = re.compile(
    r"(?:(?!(?:by|in|with|of|when|were|was|are|is|from|at|on|others?|people|civilians)\b)[\w,.-]+\s+){1,4}"
)
_BEFORE = re.compile(r"\A\s*(?:before|until)\b")
_RELATIVE = re.compile(r"\A[\s,]*(?:which|where|who|whose)\b")
_HALF = re.compile(r";\s|\b(?:while|whereas|meanwhile)\b|,\s+but\b")
_PART_OF_FIGURE = re.compile(
    r"""\A\s*(?:including\s+)?
    (?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty|\w+teen|\d+|one|two|three|four|five|six|seven|eight|nine|ten|many
      |most|some|several|half|mostly|mainly)\b
    (?!\s+\w+\s+(?:is|are|was|were)\b)""",
    re.VERBOSE,
)


#: What drops or throws a load: "a drone dropped grenades", but "with rifles and grenades".
_CARRIERS = frozenset({"artillery", "bomb", "drone", "missile", "mine", "rocket"})


def strong(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Hits of the attack told, weaker ones only where nothing firmer is said, or nothing that could carry them."""
    told = [hit for hit in hits if not hit.older]
    if len(told) < 2:
        return tuple(told)
    firmest = min([hit.weak for hit in told])
    if firmest == 0 and any(hit.weak == 1 for hit in told):
        carried = any(hit.weak == 0 and hit.weapon in _CARRIERS for hit in told)
        return tuple(hit for hit in told if hit.weak <= (0 if carried else 1))
    return tuple(hit for hit in told if hit.weak == firmest)


@functools.lru_cache(maxsize=2048)
def clauses_of(text: str, starts: tuple[int, ...] = ()) -> tuple[Span, ...]:
    """The clauses of a sentence; "two Iskanders and three drones" stays one. ``starts``: where its weapons begin."""
    spans, start = [], 0
    for match in _BREAK.finditer(text):
        cut = match.start()  # the word that opens a clause belongs to it
        counted = next((at for at in starts if at >= match.end()), None)
        if counted is not None and match.group()[0] == "a" and _COUNTED.fullmatch(text, match.end(), counted):
            continue
        if cut > start:
            spans.append(Span(start, cut))
            start = cut
    spans.append(Span(start, len(text)))
    return tuple(spans)


def by_clause(text: str, hits: list[Hit], at: Span) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """The figure's weapons in its sentence; apart, those of a later clause ("before they shot him"), a last resort."""
    if hits[-1].start <= at.start and _stand_together(text, hits):
        return strong(hits), ()  # told before the figure, and in no other half
    clauses = clauses_of(text, tuple(sorted(hit.start for hit in hits)))
    mine = next((i for i, span in enumerate(clauses) if span.start <= at.start < span.end), len(clauses) - 1)

    def within(index: int) -> list[Hit]:
        return [hit for hit in hits if clauses[index].start <= hit.start < clauses[index].end]

    if here := within(mine):
        return strong(here), ()
    # "98 were injured, many during arson attacks": the parts of a figure tell how.
    parts: list[Hit] = []
    for index in range(mine + 1, len(clauses)):
        if not _PART_OF_FIGURE.match(text[clauses[index].start : clauses[index].end].lstrip(" ,").removeprefix("and ")):
            break
        parts.extend(within(index))
    if parts:
        return strong(parts), ()
    # "The raid killed six, two of them in Sake, which was shelled": another attack. "He stabbed three before they
    # shot him": not the figure's, unless nothing better is said.
    own_attack = context_pattern("attack_nouns").search(text[clauses[mine].start : clauses[mine].end]) is not None
    late: list[Hit] = []
    rest: list[Hit] = []
    for index in range(len(clauses)):
        clause = text[clauses[index].start : clauses[index].end]
        if index > mine and _BEFORE.match(clause):
            late.extend(within(index))
        elif not (index > mine and own_attack and _RELATIVE.match(clause)):
            rest.extend(within(index))
    half = next(span for span in _halves(text) if span.start <= at.start < span.end or span.end == len(text))
    near = [hit for hit in rest if half.start <= hit.start < half.end]
    return strong(near or rest), tuple(late)


def _stand_together(text: str, hits: list[Hit]) -> bool:
    """Whether no clause ends between the first and the last of the weapons."""
    if len(hits) == 1:
        return True
    cut = _BREAK.search(text, hits[0].start)
    return (cut is None or cut.start() > hits[-1].start) and "meanwhile" not in text


def _halves(text: str) -> list[Span]:
    cuts = [match.start() for match in _HALF.finditer(text)]
    return [Span(start, end) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
