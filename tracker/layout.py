"""How a sentence is laid out around its figures, and how the scene moves through an entry.

Made once for each sentence and entry and asked by bisection, so that a report with many figures stays linear.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from tracker.resolve import Scene
from tracker.segment import Sentence
from tracker.wording import contains_any

_T = TypeVar("_T")

#: Where the words that belong to one figure end: the next verb of harm, the next figure, the next clause.
_SCOPE_END = re.compile(
    r"""
    (?=[;:,]|\s+[–—wbaop-]) # told by one look at nearly every letter, before all that may follow is tried
    (?:;|:\s|\s[–—-]\s
    |,?\s+(?:(?:while|before)\s+(?![a-z]+ing\b)|whereas\s|but\s|after\ which\s)
    |(?:,|,?\s+and)\s+(?:also\s+)?(?:kill|injur|wound|leav|hurt|maim|damag|destroy|hospitali[sz])(?:ing|ed|es|s)?\b
    |(?:,|,?\s+(?:and|or|with|plus))\s+
        (?:another\s+|also\s+|at\ least\s+|more\ than\s+|over\s+|some\s+|about\s+|up\ to\s+)*
        (?:\d[\d,.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen
        |sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|dozens|several|many|hundreds|scores)\b
    |,\s+(?:including|among)\b
    |,\s+(?:and|but)\s+(?=in\s+(?:the\s+)?[^\W\d_][^,;.]{1,40},\s))
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Where a clause ends that has its own subject: nothing before it tells where the rest happened.
_CLAUSE_END = re.compile(
    r";|,?\s+(?:while|whereas)\s+(?![a-z]+ing\b)|,\s+(?:and|but)\s+(?:separately|in another)\b"
    r"|,\s+(?:and|but)\s+(?=in\s+(?:the\s+)?[A-Z][^,;.]{1,40},\s)"  # "..., and in the Poltava region, two died"
)
_CLAUSE_WORDS = (";", "while", "whereas", "separately", "in another", ", and in ", ", but in ")
_NUMBER_NEAR = re.compile(
    r"\b(?:(?!(?:19|20)\d\d\b)\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|dozens?|several|another"
    r"|an?(?=\s+(?:child|man|woman|boy|girl|civilian|person)))\b",
    re.IGNORECASE,
)
#: "across the country": as wide as the word says, around the place spoken of.
_WIDER = re.compile(
    r"\bnationwide\b|\b(?:across|throughout|around|all\ over|elsewhere\ in|in\ the\ rest\ of)\s+"
    r"(?:the\s+)?(?:whole\s+|entire\s+)?"
    r"(?P<unit>country|nation|peninsula|region|oblast|province|state|governorate)\b",
    re.VERBOSE | re.IGNORECASE,
)
_WIDE_UNITS = ("nationwide", "country", "nation", "peninsula", "region", "oblast", "province", "state", "governorate")


#: How far from a figure a place can stand and still be its own, in a sentence without end.
_REACH = 3000


class Layout:
    """Where a sentence's clauses, figures and scenes stand; made once, so that many figures stay cheap."""

    def __init__(self, text: str, usable: list[Scene]) -> None:
        self.text = text
        self._scenes = usable
        self._starts = [s.start for s in usable]
        cut = contains_any(text, _CLAUSE_WORDS)
        self._clauses = [m.span() for m in _CLAUSE_END.finditer(text)] if cut else []
        #: The words that widen the place spoken of: "across the region".
        self.wider = _WIDER.search(text) if contains_any(text.lower(), _WIDE_UNITS) else None

    @functools.cached_property
    def _scopes(self) -> list[tuple[int, int]]:
        # Few sentences are asked for these.
        return [m.span() for m in _SCOPE_END.finditer(self.text)]

    def near(self, start: int, end: int) -> list[Scene]:
        """The scenes within reach of a figure."""
        first = bisect.bisect_left(self._starts, start - _REACH)
        return self._scenes[first : bisect.bisect_right(self._starts, end + _REACH)]

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The bounds of the clause that holds a figure."""
        if not self._clauses:
            return 0, len(self.text)
        before = bisect.bisect_right(self._clauses, (start, start))
        while before and self._clauses[before - 1][1] > start:
            before -= 1
        after = bisect.bisect_left(self._clauses, (end, end))
        left = self._clauses[before - 1][1] if before else 0
        return left, self._clauses[after][0] if after < len(self._clauses) else len(self.text)

    def scope_end(self, end: int) -> int:
        """Where the words end that belong to the figure before ``end`` alone."""
        found = _SCOPE_END.search(self.text, end)
        return found.start() if found is not None else len(self.text)

    def clause_of_figure(self, start: int) -> int:
        """Where the verb that governs a figure begins its clause: the last mark before it that opens no figure."""
        before = bisect.bisect_right(self._scopes, (start, start))
        for first, last in reversed(self._scopes[max(0, before - 20) : before]):
            if last <= start and not self._number_between(first, last):
                return last
        return 0

    def of_figure(self, scene: Scene) -> bool:
        """Whether ``scene`` stands in the words of a figure: "killing two near Yampil and injuring nine"."""
        before = bisect.bisect_right(self._scopes, (scene.start, 0)) - 1
        while before >= 0 and self._scopes[before][1] > scene.start:
            before -= 1
        return before >= 0 and self._number_between(self._scopes[before][0], scene.start)

    def _number_between(self, first: int, last: int) -> bool:
        found = _NUMBER_NEAR.search(self.text, first)
        return found is not None and found.start() < last


class Course:
    """How the scene moves through an entry: what each sentence has before it and after it.

    Sentences are read when first needed: mostly the one right before a figure's.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        main: Callable[[Sentence], Scene | None],
        country: Callable[[Sentence], str | None],
    ) -> None:
        self._first = sentences[0].index
        self._sentences = sentences
        self._main = main
        self._country = country
        self._before = _Latest(lambda at: main(sentences[at]))
        self._earlier = _Latest(lambda at: country(sentences[at]))

    @functools.cached_property
    def _after(self) -> list[Scene | None]:
        return _following(map(self._main, reversed(self._sentences[1:])))

    @functools.cached_property
    def _later(self) -> list[str | None]:
        return _following(map(self._country, reversed(self._sentences[1:])))

    def before(self, index: int) -> Scene | None:
        """The latest scene set before sentence ``index`` of the document."""
        return self._before.before(index - self._first)

    def after(self, index: int) -> Scene | None:
        """The first scene set after it."""
        return self._after[index - self._first]

    def country(self, index: int) -> str | None:
        """The one country of the sentence, else of the latest before it, else of the first after it."""
        at = index - self._first
        return self._country(self._sentences[at]) or self._earlier.before(at) or self._later[at]


class _Latest(Generic[_T]):
    """The last value known before a position; each position is asked once, and none that is not needed.

    >>> latest = _Latest([1, None, 2].__getitem__)
    >>> [latest.before(at) for at in (2, 0, 3, 1)]
    [1, None, 2, 1]
    """

    def __init__(self, value: Callable[[int], _T | None]) -> None:
        self._value = value
        self._known: dict[int, _T | None] = {0: None}

    def before(self, at: int) -> _T | None:
        """The last value at a position before ``at``."""
        known, start = self._known, at
        while at not in known:
            value = self._value(at - 1)
            if value is not None:
                known[at] = value
                break
            at -= 1
        found = known[at]
        for passed in range(at + 1, start + 1):
            known[passed] = found
        return found


def _following(values: Iterable[_T | None]) -> list[_T | None]:
    """The first value known after each position; ``values`` are those after the first, the last of them first."""
    known: list[_T | None] = [None]
    for value in values:
        known.append(known[-1] if value is None else value)
    return known[::-1]
