"""Words and digits → the number they spell, its range or its vague bounds (codebook 3), without a hedge.

The terms are those of ``data/en/numbers.toml``; the value of a longer phrase ("two thousand five hundred",
"1.2 million") is read by quantulum3, which gets short phrases only, behind a cache and a lock (it keeps
global state and is quadratic on long text).
"""

from __future__ import annotations

import functools
import importlib
import re
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, NamedTuple

from tracker.lexicon import LexiconError, read_toml
from tracker.tokens import Line, Match, PhraseBook, norm_of, tokenise

#: No toll needs more digits than this; a longer run is a telephone number or noise.
MAX_DIGITS = 10
#: No number phrase in news has more words ("three million two hundred thousand and six" has seven).
_MAX_WORDS = 9
#: Nor more letters; what is longer is not handed to quantulum3.
MAX_PHRASE = 100


class Bounds(NamedTuple):
    """Lowest and highest value, None = open."""

    low: int | None
    high: int | None
    approx: bool = False
    vague: str | None = None


@functools.lru_cache(maxsize=4096)
def exactly(value: int) -> Bounds:
    """Bounds of one value."""
    return Bounds(value, value)


@dataclass(frozen=True, slots=True)
class Hedge:
    """What a hedge does to an exact N: ``low`` and ``high`` are "N", "N+1", "N-1" or "open"."""

    low: str
    high: str
    approx: bool

    def bounds(self, exact: Bounds) -> Bounds:
        """Apply the hedge to an exact value; a range keeps its ends, a vague word its floor."""
        if exact.low is None or exact.vague is not None:
            return exact
        values = {"N": exact.low, "N+1": exact.low + 1, "N-1": exact.low - 1, "open": None}
        low, high = values[self.low], values[self.high]
        if exact.high is not None and exact.high != exact.low:
            low, high = exact.low, exact.high
        return Bounds(low, high, exact.approx or self.approx)


@dataclass(frozen=True, slots=True)
class NumberTerms:
    """The terms of ``data/en/numbers.toml``, ready for use; each field is explained there."""

    words: Mapping[str, int]
    scales: Mapping[str, int]
    collectives: Mapping[str, int]
    sets: Mapping[str, int]
    fixed: PhraseBook[int]
    vague: Mapping[str, int]
    vague_book: PhraseBook[str]
    hedges: PhraseBook[Hedge]
    after: PhraseBook[Hedge]
    hedge_lasts: frozenset[str]
    ordinals: frozenset[str]
    units: frozenset[str]
    units_or_counts: frozenset[str]
    labels: frozenset[str]
    sure_labels: frozenset[str]
    months: frozenset[str]
    abbreviations: frozenset[str]
    currencies: frozenset[str]
    dashes: frozenset[str]
    range_links: frozenset[str]
    range_verbs: frozenset[str]
    no_amount: frozenset[str]
    hedge_gaps: frozenset[str]
    rising: frozenset[str]
    spatial_hedges: frozenset[str]
    spatial_nouns: frozenset[str]
    before_year: frozenset[str]
    after_count: frozenset[str]
    #: Words that a figure can begin with, beside digits.
    starters: frozenset[str]
    #: Words that "a" begins a number with.
    after_a: frozenset[str]
    #: What may stand right before a number that is hedged, and begin a hedge right behind one.
    before_hedged: frozenset[str]
    after_hedged: frozenset[str]
    #: What may stand between the ends of a range.
    links: frozenset[str]
    #: Words that may carry on a number that a single token began.
    carriers: frozenset[str]
    #: What stands right before, and right behind, nearly every number that counts nothing.
    before_nothing: frozenset[str]
    after_nothing: frozenset[str]


@functools.cache
def number_terms(language: str = "en") -> NumberTerms:
    """Load and check the number terms of a language; LexiconError where a hedge names unknown bounds."""
    data = read_toml(f"{language}/numbers.toml")
    words = dict(data["words"])
    tens = [word for word, value in words.items() if value >= 20]
    ones = [word for word, value in words.items() if 1 <= value <= 9]
    words |= {f"{ten}-{one}": words[ten] + words[one] for ten in tens for one in ones}
    hedges, after = (_hedges(data[table], language) for table in ("hedges", "after"))
    vague = {term: row["literal"] for row in data["vague"] for term in row["terms"]}
    vague_book = PhraseBook((term, term) for term in vague)
    fixed = PhraseBook(data["fixed"].items())
    lists = (
        *(
            "units",
            "units_or_counts",
            "labels",
            "sure_labels",
            "months",
            "abbreviations",
            "currencies",
            "dashes",
            "range_links",
            "range_verbs",
        ),
        *("no_amount", "hedge_gaps", "rising", "spatial_hedges", "spatial_nouns", "before_year", "after_count"),
    )
    listed = {name: frozenset(data[name]["terms"]) for name in lists}
    hedge_lasts = frozenset(term.split()[-1] for term, _ in hedges)
    not_counting = listed["currencies"] | listed["months"] | {"in"}
    return NumberTerms(
        words=words,
        scales=data["scales"],
        collectives=data["collectives"],
        sets=data["sets"],
        fixed=fixed,
        vague=vague,
        vague_book=vague_book,
        hedges=PhraseBook(hedges),
        after=PhraseBook(after),
        hedge_lasts=hedge_lasts,
        ordinals=frozenset(data["ordinals"]["terms"]),
        starters=frozenset(words) | data["scales"].keys() | vague_book.firsts | fixed.firsts,
        after_a=frozenset(
            {tokenise(term)[1] for term in (*vague, *data["fixed"]) if term.startswith("a ")}
            | {"couple"}
            | data["sets"].keys()
            | data["scales"].keys()
        ),
        before_hedged=hedge_lasts | listed["hedge_gaps"],
        after_hedged=PhraseBook(after).firsts,
        links=listed["range_links"] | listed["dashes"] | {"and"},
        carriers=frozenset(words) | data["scales"].keys() | data["collectives"].keys() | {"dozens", "+"},
        before_nothing=not_counting | listed["labels"] | set("(,./") | {"no", "nr", "not"},
        after_nothing=not_counting | listed["units"] | set("-/") | {"may"},
        **listed,
    )


def _hedges(rows: Sequence[Mapping[str, Any]], language: str) -> list[tuple[str, Hedge]]:
    allowed = {"N", "N+1", "N-1", "open"}
    found = []
    for row in rows:
        if row["low"] not in allowed or row["high"] not in allowed:
            raise LexiconError(f"data/{language}/numbers.toml: {row['terms'][0]!r} needs low and high among {allowed}.")
        hedge = Hedge(row["low"], row["high"], row.get("approx", False))
        found += [(term, hedge) for term in row["terms"]]
    return found


# -- values ------------------------------------------------------------------------------------------

_lock = threading.Lock()


@functools.lru_cache(maxsize=4096)
def phrase_value(phrase: str) -> int | None:
    """The whole number that a phrase of several words spells, by quantulum3; None where it spells none.

    >>> phrase_value("two thousand five hundred"), phrase_value("1.2 million"), phrase_value("and so")
    (2500, 1200000, None)
    >>> phrase_value("two million six six") is None
    True
    """
    if len(phrase) > MAX_PHRASE:
        return None
    with _lock:
        try:
            values = {quantity.value for quantity in _quantulum().parse(phrase)}
        except (KeyError, ValueError, IndexError, TypeError, AttributeError):
            return None  # it takes two numbers in a row for a number of something unknown, and stumbles
    if len(values) != 1:
        return None
    value = values.pop()
    return int(value) if value == int(value) and 0 <= value < 10**MAX_DIGITS else None


@functools.cache
def _quantulum() -> Any:
    """quantulum3's parser without units: with its own set "a KN-23" is 1 per knot²³ (measured)."""
    _import_inflect()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends a classifier that would guess at units
        from quantulum3 import load, parser
    bare = {"dimensionless": {"surfaces": [], "entity": "dimensionless", "URI": "", "dimensions": [], "symbols": []}}
    load.load_custom_units([bare], use_general_units=False, use_additional_units=False)
    return parser


def _import_inflect() -> None:
    """Load inflect, which quantulum3 loads with its first phrase, without the type checks that it asks for.

    It has typeguard recompile its methods while it is imported, which takes longer than everything else of a first
    report together (1.1 s). ``python -O`` leaves that out in the same way.
    """
    try:
        typeguard: Any = importlib.import_module("typeguard")
    except ImportError:
        return  # a release of inflect that does without
    checked = typeguard.typechecked
    typeguard.typechecked = lambda target: target
    try:
        importlib.import_module("inflect")
    finally:
        typeguard.typechecked = checked


_DIGITS = re.compile(r"\d[\d,'’\u00a0\u202f\u2009\u2007 ]*\Z")
_DECIMAL = re.compile(r"\d{1,4}[.]\d{1,3}\Z|\d{1,4},\d{1,2}\Z")
_RANGE = re.compile(r"(\d{1,7})[-‑](\d{1,7})\Z")
_ODD = re.compile(r"(?P<number>\d+|[a-z]+)-(?:odd|plus)\Z")
_SEPARATORS = re.compile("[,'’\u00a0\u202f\u2009\u2007 ]")


@functools.lru_cache(maxsize=4096)
def digits_value(text: str) -> int | None:
    """The value of a figure in digits with any thousands separator.

    >>> digits_value("1 200"), digits_value("1,200"), digits_value("12.5"), digits_value("9" * 30)
    (1200, 1200, None, None)
    """
    if not _DIGITS.match(text):
        return None
    digits = _SEPARATORS.sub("", text)
    return int(digits) if len(digits) <= MAX_DIGITS else None


# -- numbers in a line -------------------------------------------------------------------------------

#: Bounds and the index of the token after the number.
Read = tuple[Bounds, int]


def figure_starts(line: Line) -> list[int]:
    """The tokens that a figure may begin with.

    >>> figure_starts(Line("Some 46 men and a hundred-odd women fled."))
    [1, 4, 5]
    """
    return list(compress(range(line.size), map(_may_start, line.norms)))


@functools.lru_cache(maxsize=1 << 15)
def _may_start(norm: str) -> bool:
    """Whether a figure may begin with a word."""
    return norm in number_terms().starters or norm[:1].isdigit() or norm.endswith(("-odd", "-plus"))


def read_number(line: Line, index: int) -> Read | None:
    """A number, a range or a vague word that begins at token ``index``, and the token after it.

    >>> read_number(Line("10 to 15 were hurt"), 0)
    (Bounds(low=10, high=15, approx=False, vague=None), 3)
    >>> read_number(Line("hurt"), 0)
    """
    terms, after = number_terms(), line.norms[index + 1]
    value = _value_of_word(line.texts[index]) if after not in terms.carriers else None
    first = single_number(line, index) if value is None else (exactly(value), index + 1)
    if first is None or line.norms[first[1]] not in terms.links:
        return first
    return _range(line, index, *first) or first


@functools.lru_cache(maxsize=1 << 15)
def _value_of_word(token: str) -> int | None:
    """The value of a number in one word or in digits, where nothing carries it on: most numbers."""
    norm = norm_of(token)
    return digits_value(token) if norm[:1].isdigit() else number_terms().words.get(norm)


def _range(line: Line, index: int, bounds: Bounds, end: int) -> Read | None:
    """As in "10 to 15", "10–15", "between 10 and 15", "two to three thousand"; a change "from 12 to 19" is none."""
    terms, norms = number_terms(), line.norms
    link, before = norms[end], norms[index - 1]
    if bounds.vague is not None or bounds.low is None:
        return None
    if link not in terms.range_links and link not in terms.dashes and not (before == "between" and link == "and"):
        return None
    second = single_number(line, end + 1)
    if second is None or second[0].vague is not None or second[0].low is None:
        return None
    high, after = second
    low, top = bounds.low, high.low or 0
    # The scale belongs to both; where it stands alone after the link it is the second number.
    scale = terms.scales.get(norms[after - 1], 1) if after - end > 2 else 1
    if scale > 1 and low < 100 and low * scale < top:
        low *= scale
    changed = link == "to" and before == "from" and norms[index - 2] not in terms.range_verbs
    if low >= top or changed or norms[after] in terms.units:
        return None
    return Bounds(low, top), after


def single_number(line: Line, index: int) -> Read | None:
    """One number without a range."""
    terms = number_terms()
    norm = line.norms[index]
    if norm[:1].isdigit():
        return _digits(line, index)
    if norm not in terms.starters:
        return _odd(norm, index)
    if norm == "a" and line.norms[index + 1] not in terms.after_a:
        return None
    vague = terms.vague_book.at(line.norms, index)
    if vague is not None and not (norm == "many" and line.norms[index - 1] in terms.no_amount):
        return _vague(line, vague)
    collective = _collective(line, index)
    if collective is not None:
        return collective
    if norm in terms.words or norm in terms.scales or (norm == "a" and line.norms[index + 1] in terms.scales):
        return _words(line, index)
    return None


def _odd(norm: str, index: int) -> Read | None:
    """As in "forty-odd"."""
    odd = _ODD.match(norm)
    value = number_terms().words.get(odd["number"]) if odd else None
    return None if value is None else (Bounds(value, value, approx=True), index + 1)


def _digits(line: Line, index: int) -> Read | None:
    """As in "46", "1,200", "10-15", "30-odd", "40-plus", "3 dozen", "1.2 million", "20+"."""
    terms = number_terms()
    printed, norm, following = line.texts[index], line.norms[index], line.norms[index + 1]
    if "-" in norm:
        hyphened = _hyphened(norm)
        return None if hyphened is None else (hyphened, index + 1)
    if following in terms.scales:
        decimal = _DECIMAL.match(printed) is not None
        known = decimal or _DIGITS.match(printed)
        plain = printed.replace(",", ".") if decimal else _SEPARATORS.sub("", printed)
        scaled = phrase_value(f"{plain} {following}") if known else None
        return None if scaled is None else (exactly(scaled), index + 2)
    whole = digits_value(printed)
    if whole is None:
        return None
    if following in terms.collectives or following == "dozens":
        return exactly(whole * terms.collectives.get(following, 12)), index + 2
    if following == "+":
        return Bounds(whole, None), index + 2
    return exactly(whole), index + 1


def _hyphened(norm: str) -> Bounds | None:
    """As in "10-15", "30-odd", "40-plus"."""
    span = _RANGE.match(norm)
    if span:
        low, high = int(span[1]), int(span[2])
        return Bounds(low, high) if low < high else None
    odd = _ODD.match(norm)
    if odd is None or not odd["number"].isdigit():
        return None
    value = int(odd["number"])
    plus = norm.endswith("plus")
    return Bounds(value, None if plus else value, approx=not plus)


def _words(line: Line, index: int) -> Read | None:
    """Number words, to millions: "forty-six", "one hundred and five", "a thousand", "three dozen"."""
    terms, norms = number_terms(), line.norms
    end = _end_of_words(line, index)
    # "a" and "hundred" alone are none.
    value = terms.words.get(norms[index]) if end - index == 1 else phrase_value(" ".join(norms[index:end]))
    if value is None:
        return None
    factor = terms.collectives.get(norms[end])
    return (exactly(value), end) if factor is None else (exactly(value * factor), end + 1)


def _end_of_words(line: Line, index: int) -> int:
    """The token after a number in words."""
    terms, norms = number_terms(), line.norms
    end = index
    scaled = False
    while end < line.size and end - index < _MAX_WORDS:
        norm = norms[end]
        if norm in terms.words or norm in terms.scales or (norm == "a" and end == index):
            if end > index and not scaled and not _one_number(norms[end - 1], norm):
                break
            scaled = norm in terms.scales or (scaled and end - index < 2)
        elif not _and_inside(norms, end):
            break
        end += 1
    return end


def _one_number(left: str, right: str) -> bool:
    """Whether two number words are one number: around a scale, or as ten and unit ("three five" is not)."""
    words = number_terms().words
    if left not in words or right not in words:
        return True
    ten, unit = words[left], words[right]
    return ten >= 20 and ten % 10 == 0 and 1 <= unit <= 9


def _and_inside(norms: Sequence[str], index: int) -> bool:
    """Whether "and" joins two parts of one number: "one hundred and five"."""
    words = number_terms().words
    return (
        norms[index] == "and"
        and norms[index - 1] in {"hundred", "thousand"}
        and words.get(norms[index + 1], 100) < 100
        and words.get(norms[index - 2], 1) != 0
    )


def _collective(line: Line, index: int) -> Read | None:
    """As in "a dozen", "half a dozen", "both", "a couple", "a couple of dozen", "a pair of"."""
    terms, norms = number_terms(), line.norms
    fixed = terms.fixed.at(norms, index)
    if fixed is not None:
        return exactly(fixed.term), fixed.end
    if norms[index] != "a":
        return None
    noun = norms[index + 1]
    if noun == "couple":
        end = index + 3 if norms[index + 2] == "of" else index + 2
        factor = terms.collectives.get(norms[end])
        if factor is None:
            return Bounds(2, 2, approx=True), index + 2
        return Bounds(2 * factor, 2 * factor, approx=True), end + 1
    if noun in terms.sets and norms[index + 2] == "of":
        return exactly(terms.sets[noun]), index + 2
    return None


def _vague(line: Line, match: Match[str]) -> Read:
    """As in "dozens", and compounds that multiply: "several hundred", "tens of thousands", "a few dozen"."""
    terms, word, end = number_terms(), match.term, match.end
    low = terms.vague[word]
    norm, after = line.norms[end], line.norms[end + 1]
    factor = terms.scales.get(norm) or terms.collectives.get(norm)
    if factor is not None:
        return Bounds(low * factor, None, True, f"{word} {norm}"), end + 1
    if norm == "of" and after in terms.vague and after.endswith("s") and after != "multiple":
        factor = {"dozens": 12, "scores": 20}.get(after, terms.vague[after] // 2)
        base = {"tens": 20, "dozens": 24, "hundreds": 200}.get(word, low)
        return Bounds(base * factor, None, True, f"{word} of {after}"), end + 2
    if norm == "and" and after == word:
        return Bounds(low, None, True, word), end + 2  # "dozens and dozens"
    return Bounds(low, None, True, word), end
