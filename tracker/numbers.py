"""Text → quantities: how many, with which bounds, exactly as printed (codebook 3).

Hedges, ranges, dozens and vague words are our own grammar, from ``data/en/numbers.toml``; the value of a
longer number phrase ("two thousand five hundred", "1.2 million") is read by quantulum3, which gets short
phrases only, behind a cache and a lock (it keeps global state and is quadratic on long text).
"""

from __future__ import annotations

import functools
import re
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tracker.lexicon import LexiconError, read_toml
from tracker.models import Quantity, Span
from tracker.tokens import Match, PhraseBook, Token

#: No toll needs more digits than this; a longer run is a telephone number or noise.
MAX_DIGITS = 10
#: No number phrase in news has more words ("three million two hundred thousand and six" has seven).
MAX_WORDS = 9


class Bounds(NamedTuple):
    """Lowest and highest value, None = open."""

    low: int | None
    high: int | None
    approx: bool = False
    vague: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity and the tokens it covers, ``tokens[first:last]``; ``core`` is where its number begins."""

    first: int
    core: int
    last: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class _Hedge:
    low: str
    high: str
    approx: bool

    def bounds(self, exact: Bounds) -> Bounds:
        """Apply the hedge to an exact value or a vague word."""
        if exact.low is None:
            return exact
        values = {"N": exact.low, "N+1": exact.low + 1, "N-1": exact.low - 1, "open": None}
        if exact.vague is not None:
            # "at least several dozen" keeps its floor; a vague word has no ceiling of its own.
            return exact
        low, high = values[self.low], values[self.high]
        if exact.high is not None and exact.high != exact.low:
            # "an estimated 10 to 15": a range keeps both ends.
            low, high = exact.low, exact.high
        return Bounds(low, high, exact.approx or self.approx)


@dataclass(frozen=True, slots=True)
class NumberTerms:
    """The terms of ``data/en/numbers.toml``, ready for use."""

    words: Mapping[str, int]
    scales: Mapping[str, int]
    collectives: Mapping[str, int]
    vague: Mapping[str, int]
    vague_book: PhraseBook[str]
    hedges: PhraseBook[_Hedge]
    after: PhraseBook[_Hedge]
    hedge_firsts: frozenset[str]
    units: frozenset[str]
    labels: frozenset[str]
    months: frozenset[str]
    ordinals: Mapping[str, int]

    def is_number_word(self, norm: str) -> bool:
        """Whether a token can be part of a number phrase in words."""
        return norm in self.words or norm in self.scales


@functools.cache
def terms(language: str = "en") -> NumberTerms:
    """Load and check the number terms of a language; LexiconError where a hedge names unknown bounds."""
    data = read_toml(f"{language}/numbers.toml")
    words = dict(data["words"])
    tens = [word for word, value in words.items() if value >= 20]
    ones = [word for word, value in words.items() if 1 <= value <= 9]
    words |= {f"{ten}-{one}": words[ten] + words[one] for ten in tens for one in ones}
    hedges, after = (_hedges(data[table], language) for table in ("hedges", "after"))
    vague = {term: row["literal"] for row in data["vague"] for term in row["terms"]}
    return NumberTerms(
        words=words,
        scales=data["scales"],
        collectives=data["collectives"],
        vague=vague,
        vague_book=PhraseBook((term, term) for term in vague),
        hedges=PhraseBook(hedges),
        after=PhraseBook(after),
        hedge_firsts=frozenset(term.split()[-1] for term, _ in hedges),
        units=frozenset(data["units"]["terms"]),
        labels=frozenset(data["labels"]["terms"]),
        months=frozenset(data["months"]["terms"]),
        ordinals={term: 1 for term in data["ordinals"]["terms"]},
    )


def _hedges(rows: Sequence[Mapping[str, Any]], language: str) -> list[tuple[str, _Hedge]]:
    allowed = {"N", "N+1", "N-1", "open"}
    found = []
    for row in rows:
        if row["low"] not in allowed or row["high"] not in allowed:
            raise LexiconError(f"data/{language}/numbers.toml: {row['terms'][0]!r} needs low and high among {allowed}.")
        hedge = _Hedge(row["low"], row["high"], row.get("approx", False))
        found += [(term, hedge) for term in row["terms"]]
    return found


_lock = threading.Lock()


@functools.lru_cache(maxsize=4096)
def phrase_value(phrase: str) -> int | None:
    """The whole number that a phrase of several words spells, by quantulum3; None where it spells none.

    >>> phrase_value("two thousand five hundred"), phrase_value("1.2 million"), phrase_value("and so")
    (2500, 1200000, None)
    """
    if len(phrase) > 100:
        return None
    with _lock:
        values = {quantity.value for quantity in _quantulum().parse(phrase)}
    if len(values) != 1:
        return None
    value = values.pop()
    return int(value) if value == int(value) and 0 <= value < 10**MAX_DIGITS else None


@functools.cache
def _quantulum() -> Any:
    """quantulum3's parser without units: with its own set "a KN-23" is 1 per knot²³ (measured)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends a classifier that would guess at units
        from quantulum3 import load, parser
    bare = {"dimensionless": {"surfaces": [], "entity": "dimensionless", "URI": "", "dimensions": [], "symbols": []}}
    load.load_custom_units([bare], use_general_units=False, use_additional_units=False)
    return parser


_DIGITS = re.compile(r"\d[\d,'’\u00a0\u202f\u2009\u2007 ]*\Z")
_ORDINARY_DIGITS = re.compile(r"\d+\Z")
_DECIMAL = re.compile(r"\d{1,4}[.,]\d{1,3}\Z")
_RANGE = re.compile(r"(\d{1,7})[-‑](\d{1,7})\Z")
_ODD = re.compile(r"(?P<number>\d+|[a-z]+)-(?:odd|plus)\Z")
_CURRENCY = frozenset("$€£¥₴₹₽₦")
_SEPARATORS = re.compile("[,'’\u00a0\u202f\u2009\u2007 ]")
_DASHES = frozenset({"-", "–", "—", "‑"})
#: A number straight after one of these is an earlier state, not the toll now ("up from 12").
_EARLIER = frozenset({"from", "than"})


def digits_value(text: str) -> int | None:
    """The value of a figure in digits with any thousands separator.

    >>> digits_value("1 200"), digits_value("1,200"), digits_value("12.5"), digits_value("9" * 30)
    (1200, 1200, None, None)
    """
    if not _DIGITS.match(text):
        return None
    digits = _SEPARATORS.sub("", text)
    return int(digits) if len(digits) <= MAX_DIGITS else None


class _Reader:
    """One pass over the tokens of a sentence."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.terms = terms()

    def norm(self, index: int) -> str:
        """The token's norm, or an empty string outside the sentence."""
        return self.tokens[index].norm if 0 <= index < len(self.tokens) else ""

    def find(self) -> Iterator[Found]:
        """Quantities from left to right, none overlapping."""
        index = floor = 0
        while index < len(self.tokens):
            read = self.core(index)
            if read is None:
                index += 1
                continue
            bounds, end = read
            if not self.vetoed(index, end, bounds):
                found = self.hedged(floor, index, end, bounds)
                yield found
                floor = found.last
                end = found.last
            index = floor = max(end, index + 1)

    # -- 1. the number itself ------------------------------------------------------------------------

    def core(self, index: int) -> tuple[Bounds, int] | None:
        """A number, a range or a vague word that begins at ``index``, and the token after it."""
        first = self.single(index)
        if first is None:
            return None
        bounds, end = first
        # Ranges: "10 to 15", "10 or 15", "10–15", "between 10 and 15".
        link = self.norm(end)
        between = self.norm(index - 1) == "between" and link == "and"
        if bounds.vague is None and (link in {"to", "or"} or link in _DASHES or between):
            second = self.single(end + 1)
            changed = link == "to" and self.norm(index - 1) == "from"
            if second is not None and second[0].vague is None and second[0].low is not None and bounds.low is not None:
                high, after = second
                top = high.low or 0
                low = bounds.low
                # "two to three thousand": the scale belongs to both.
                scale = self.terms.scales.get(self.norm(after - 1), 1) if after - end > 2 else 1
                if scale > 1 and low < 100 and low * scale < top:
                    low *= scale
                if low < top and not changed and not self.is_time(end + 1, after):
                    return Bounds(low, top), after
        return bounds, end

    def is_time(self, first: int, last: int) -> bool:
        """Whether what follows makes a number a measurement ("10 to 15 days")."""
        return self.norm(last) in self.terms.units

    def single(self, index: int) -> tuple[Bounds, int] | None:
        """One number without a range."""
        if index >= len(self.tokens):
            return None
        token = self.tokens[index]
        norm = token.norm
        if norm[:1].isdigit():
            return self.digits(index)
        vague = self.terms.vague_book.at(self.tokens, index)
        if vague is not None and not (norm == "many" and self.norm(index - 1) in {"how", "so", "too", "as"}):
            return self.vague(vague)
        if norm in {"half", "half-a-dozen", "half-dozen", "a", "one-dozen"} or norm in self.terms.collectives:
            collective = self.collective(index)
            if collective is not None:
                return collective
        if self.terms.is_number_word(norm) or (norm == "a" and self.norm(index + 1) in self.terms.scales):
            return self.words(index)
        if norm == "both":
            return Bounds(2, 2), index + 1
        odd = _ODD.match(norm)
        if odd and (value := self.terms.words.get(odd["number"])) is not None:
            return Bounds(value, value, approx=True), index + 1
        return None

    def digits(self, index: int) -> tuple[Bounds, int] | None:
        token = self.tokens[index]
        span = _RANGE.match(token.norm)
        if span:
            low, high = int(span[1]), int(span[2])
            return (Bounds(low, high), index + 1) if low < high else None
        odd = _ODD.match(token.norm)
        if odd and odd["number"].isdigit():
            value = int(odd["number"])
            plus = token.norm.endswith("plus")
            return Bounds(value, None if plus else value, approx=not plus), index + 1
        following = self.norm(index + 1)
        if following in self.terms.collectives or following in {"dozens"}:
            value = digits_value(token.text)
            return None if value is None else (Bounds(value * 12, value * 12), index + 2)
        if following in self.terms.scales:
            phrase = f"{_SEPARATORS.sub('', token.text)} {following}"
            value = phrase_value(phrase) if _DECIMAL.match(token.text) or _DIGITS.match(token.text) else None
            return None if value is None else (Bounds(value, value), index + 2)
        value = digits_value(token.text)
        if value is None:
            return None
        if self.norm(index + 1) == "+":
            return Bounds(value, None), index + 2
        return Bounds(value, value), index + 1

    def words(self, index: int) -> tuple[Bounds, int] | None:
        """Number words, to millions: "forty-six", "one hundred and five", "a thousand"."""
        end = index
        scaled = False
        while end < len(self.tokens) and end - index < MAX_WORDS:
            norm = self.norm(end)
            if self.terms.is_number_word(norm) or (norm == "a" and end == index):
                # "three five": two numbers stand side by side only around a scale, or as ten and unit.
                if end > index and norm in self.terms.words and not scaled and self.norm(end - 1) in self.terms.words:
                    ten, unit = self.terms.words[self.norm(end - 1)], self.terms.words[norm]
                    if not (ten >= 20 and ten % 10 == 0 and 1 <= unit <= 9):
                        break
                scaled = norm in self.terms.scales or (scaled and norm not in self.terms.scales and end - index < 2)
                scaled = scaled or norm in self.terms.scales
                end += 1
            elif (
                norm == "and"
                and self.norm(end - 1) in {"hundred", "thousand"}
                and self.terms.words.get(self.norm(end + 1), 100) < 100
                and self.terms.words.get(self.norm(end - 2), 1) != 0
            ):
                end += 1
            else:
                break
        if end - index == 1:
            norm = self.norm(index)
            if norm == "a" or norm in self.terms.scales:
                return None
            value: int | None = self.terms.words[norm]
        else:
            value = phrase_value(" ".join(self.norm(k) for k in range(index, end)))
        if value is None:
            return None
        if self.norm(end) in self.terms.collectives:
            return Bounds(value * self.terms.collectives[self.norm(end)], value * self.terms.collectives[self.norm(end)]), end + 1
        return Bounds(value, value), end

    def collective(self, index: int) -> tuple[Bounds, int] | None:
        """"a dozen", "half a dozen", "two dozen", "a couple", "a pair of", "a score"."""
        norms = [self.norm(index + k) for k in range(4)]
        if norms[0] in {"half-a-dozen", "half-dozen"}:
            return Bounds(6, 6), index + 1
        if norms[:3] == ["half", "a", "dozen"] or norms[:3] == ["a", "half", "dozen"]:
            return Bounds(6, 6), index + 3
        if norms[0] == "half" and norms[1] == "dozen":
            return Bounds(6, 6), index + 2
        if norms[:2] == ["a", "half-dozen"]:
            return Bounds(6, 6), index + 2
        if norms[0] == "a" and norms[1] == "couple":
            factor = self.terms.collectives.get(norms[2], 0)
            factor = factor or (self.terms.collectives.get(norms[3], 0) if norms[2] == "of" else 0)
            if factor:
                return Bounds(2 * factor, 2 * factor, approx=True), index + (3 if norms[2] != "of" else 4)
            return Bounds(2, 2, approx=True), index + 2
        if norms[0] == "a" and norms[1] in {"pair", "trio", "quartet"} and norms[2] == "of":
            value = {"pair": 2, "trio": 3, "quartet": 4}[norms[1]]
            return Bounds(value, value), index + 2
        if norms[0] == "a" and norms[1] in self.terms.collectives:
            value = self.terms.collectives[norms[1]]
            return Bounds(value, value), index + 2
        if norms[0] == "dozen":
            return Bounds(12, 12), index + 1
        return None

    def vague(self, match: Match[str]) -> tuple[Bounds, int]:
        """"dozens", and compounds that multiply: "several hundred", "tens of thousands", "a few dozen"."""
        word = match.term
        low = self.terms.vague[word]
        end = match.end
        norm, after = self.norm(end), self.norm(end + 1)
        if norm in self.terms.scales or norm in self.terms.collectives:
            factor = self.terms.scales.get(norm) or self.terms.collectives[norm]
            return Bounds(low * factor, None, True, f"{word} {norm}"), end + 1
        if norm == "of" and after in self.terms.vague and after.endswith("s") and after != "multiple":
            factor = {"dozens": 12, "scores": 20}.get(after, self.terms.vague[after] // 2)
            base = {"tens": 20, "dozens": 24, "hundreds": 200}.get(word, low)
            return Bounds(base * factor, None, True, f"{word} of {after}"), end + 2
        if norm == "and" and after == word:
            return Bounds(low, None, True, word), end + 2
        return Bounds(low, None, True, word), end

    # -- 2. numbers that count nothing ---------------------------------------------------------------

    def vetoed(self, first: int, last: int, bounds: Bounds) -> bool:
        """Dates, times, ages, money, measures and labels (codebook 2, "Not claims")."""
        before, after = self.norm(first - 1), self.norm(last)
        if before in _CURRENCY or after in _CURRENCY:
            return True
        if after in self.terms.units and not (after in {"second", "m", "point", "local", "square"} and bounds.vague):
            return not (after == "local" and self.norm(last + 1) not in {"time", "hours"})
        if before in self.terms.months and first > 0 and self.tokens[first - 1].text[:1].isupper():
            # "April 24": but "in May 24 people died" still counts what its noun names.
            if bounds.high is not None and bounds.high <= 31 and self.norm(last) in {",", "", ".", ";", "and", "when", "in"}:
                return True
            if bounds.low is not None and 1900 <= bounds.low <= 2100:
                return True
        if (after in self.terms.months or after == "may") and self.tokens[last].text[:1].isupper():
            return bounds.high is not None and bounds.high <= 31
        if self.is_year(first, last, bounds):
            return True
        if before in self.terms.labels and (self.tokens[first - 1].text[:1].isupper() and first > 1 or before in {"aged", "age", "ages", "no.", "nr"} or before == "between" and self.norm(first - 2) == "aged"):
            return True
        if before == "not" and last - first == 1 and bounds.low == 1:
            return True  # "not one of them"
        if before == "no" and self.tokens[first].text[:1].isdigit() and after not in {"people", "civilians"}:
            return True
        # "Iryna Koval, 34, died", "the gunman, 28,": an age between commas.
        if before == "," and after in {",", "."} and last - first == 1 and self.tokens[first].text.isdigit() and (bounds.low or 0) < 110:
            name = self.norm(first - 2)
            if name[:1].isalpha() and name not in self.terms.months:
                return True
        if before == "(" and after == ")":
            return True
        # "one in five", "two in five": a share.
        if after == "in" and self.single(last + 1) is not None and self.norm(last + 2) in {"", ".", ",", "of"} and (bounds.high or 99) <= 10:
            return True
        if before == "in" and self.norm(first - 2) in self.terms.words and (bounds.high or 999) <= 10:
            return True
        if before in self.terms.labels and after in {"", ",", ".", ";", "and"} and self.tokens[first].text.isdigit():
            return True
        return after == "-" or (before == "/" or after == "/")

    def is_year(self, first: int, last: int, bounds: Bounds) -> bool:
        token = self.tokens[first]
        if last - first != 1 or not _ORDINARY_DIGITS.match(token.text) or len(token.text) != 4:
            return False
        if not 1900 <= (bounds.low or 0) <= 2100:
            return False
        return self.norm(first - 1) in _BEFORE_YEAR or self.norm(last) not in _AFTER_COUNT

    # -- 3. the hedge around it ----------------------------------------------------------------------

    def hedged(self, floor: int, index: int, end: int, bounds: Bounds) -> Found:
        """Widen to the hedge before ("at least") or after ("or more"); ``floor`` is the last token taken."""
        first = index
        core_first = index
        # "at least another 12", "at least the two": small words may stand between hedge and number.
        probe = index - 1
        while probe >= floor and self.norm(probe) in _BETWEEN_HEDGE and index - probe <= 2:
            probe -= 1
        if probe >= floor and self.norm(probe) in self.terms.hedge_firsts | {"of", "estimated"}:
            for start in range(max(floor, probe - 3), probe + 1):
                match = self.terms.hedges.at(self.tokens, start)
                if match is not None and match.end == probe + 1 and not self.spatial(start, end) and not self.rising(start):
                    bounds = match.term.bounds(bounds)
                    first = start
                    break
        # A second hedge: "at least some 40", "as many as about 20".
        if first != index and first - 1 >= floor:
            for start in range(max(floor, first - 3), first):
                match = self.terms.hedges.at(self.tokens, start)
                if match is not None and match.end == first:
                    bounds = match.term.bounds(replace_approx(bounds))
                    bounds = bounds._replace(approx=True)
                    first = start
                    break
        if self.norm(first - 1) == "between" and bounds.low != bounds.high and first - 1 >= floor:
            first -= 1
        # Police style: "two (2) others".
        if self.norm(end) == "(" and self.norm(end + 2) == ")" and digits_value(self.tokens[end + 1].text) == bounds.low:
            end += 3
        tail = self.terms.after.at(self.tokens, end) if end < len(self.tokens) else None
        if tail is not None:
            bounds = tail.term.bounds(bounds)
            end = tail.end
        start_char, end_char = self.tokens[first].start, self.tokens[end - 1].end
        quantity = Quantity(
            bounds.low, bounds.high, bounds.approx, bounds.vague, self.text[start_char:end_char], Span(start_char, end_char)
        )
        return Found(first, core_first, end, quantity)

    def rising(self, start: int) -> bool:
        """"has gone up to 31" is a change, not a ceiling."""
        return self.norm(start) == "up" and self.norm(start - 1) in _RISING

    def spatial(self, start: int, end: int) -> bool:
        """"over 13 regions", "over two days": "over" here is no hedge."""
        return self.norm(start) in {"over", "under", "around", "above"} and self.norm(end) in _SPATIAL


def replace_approx(bounds: Bounds) -> Bounds:
    """Exact again, so that an outer hedge can set the bounds."""
    value = bounds.low if bounds.low is not None else bounds.high
    return Bounds(value, value, False, bounds.vague) if bounds.vague is None else bounds


_RISING = frozenset({"gone", "went", "rose", "risen", "rises", "climbed", "climbs", "jumped", "goes", "moved", "revised", "crept", "shot", "brought", "bringing", "pushed", "grew"})
_BETWEEN_HEDGE = frozenset({"another", "further", "additional", "the", "a", "an", "all", "other"})
_SPATIAL = frozenset({"regions", "oblasts", "provinces", "districts", "areas", "countries", "states"})
_BEFORE_YEAR = frozenset({"in", "since", "of", "from", "until", "by", "during", "year", "late", "early", "mid", "before", "after", "between", "the"})
_AFTER_COUNT = frozenset(
    {"people", "civilians", "soldiers", "troops", "children", "women", "men", "persons", "killed", "dead", "injured", "wounded", "were", "have",
     "others", "residents", "palestinians", "ukrainians", "homes", "houses", "buildings", "drones", "missiles", "fighters", "militants", "deaths"}
)


def find_quantities(tokens: Sequence[Token], text: str) -> list[Found]:
    """Every quantity of a sentence with its bounds, offsets counting from the sentence's start.

    >>> from tracker.tokens import tokenise
    >>> line = "At least 46 were hurt, between 10 and 15 badly; dozens fled 3 km on 4 May 2024."
    >>> [(f.quantity.text, f.quantity.low, f.quantity.high) for f in find_quantities(tokenise(line), line)]
    [('At least 46', 46, None), ('between 10 and 15', 10, 15), ('dozens', 24, None)]
    """
    return list(_Reader(tokens, text).find())


def shifted(quantity: Quantity, offset: int) -> Quantity:
    """The same quantity with offsets counted from an earlier start."""
    return replace(quantity, span=Span(quantity.span.start + offset, quantity.span.end + offset))
