"""Figures as printed → bounds: every hedge, range and form of codebook 3, and every number that counts nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import numerals
from tracker.numbers import find_quantities
from tracker.numerals import MAX_PHRASE, digits_value, number_terms, phrase_value
from tracker.tokens import Line

ROOT = Path(__file__).resolve().parents[1]
Bounds = tuple[str, int | None, int | None, bool]


def figures(text: str) -> list[Bounds]:
    """What a sentence's quantities are: as printed, low, high, approximate."""
    found = (found.quantity for found in find_quantities(Line(text)))
    return [(quantity.text, quantity.low, quantity.high, quantity.approx) for quantity in found]


EXACT = [
    ("46", 46),
    ("1,200", 1200),
    ("1 200", 1200),
    ("1\u00a0200", 1200),
    ("1\u202f200", 1200),
    ("1\u2009200", 1200),
    ("1'200", 1200),
    ("1,234,567", 1234567),
    ("forty-six", 46),
    ("a hundred", 100),
    ("one hundred and five", 105),
    ("two thousand five hundred", 2500),
    ("three hundred thousand", 300_000),
    ("1.2 million", 1_200_000),
    ("1,5 million", 1_500_000),
    ("3 thousand", 3000),
    ("a dozen", 12),
    ("dozen", 12),
    ("half a dozen", 6),
    ("half dozen", 6),
    ("a half dozen", 6),
    ("half-a-dozen", 6),
    ("half-dozen", 6),
    ("a half-dozen", 6),
    ("two dozen", 24),
    ("3 dozen", 36),
    ("a score", 20),
    ("three score", 60),
    ("both", 2),
    ("a pair", 2),
    ("a trio", 3),
    ("a quartet", 4),
]


@pytest.mark.parametrize(("printed", "value"), EXACT)
def test_exact(printed: str, value: int) -> None:
    of = " of" if printed in {"a pair", "a trio", "a quartet"} else ""
    assert figures(f"They buried {printed}{of} villagers.") == [(printed, value, value, False)]


UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
UNITS += " eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def spelled(value: int) -> str:
    """A number below one hundred in words, made without the lexicon."""
    if value < 20:
        return UNITS.split()[value]
    ten, unit = divmod(value, 10)
    return TENS.split()[ten - 2] + (f"-{UNITS.split()[unit]}" if unit else "")


@pytest.mark.parametrize("value", range(100))
def test_every_number_word(value: int) -> None:
    word = spelled(value)
    assert figures(f"Officials named {word} villagers.") == [(word, value, value, False)]
    assert figures(f"{word.capitalize()} villagers were named.") == [(word.capitalize(), value, value, False)]


HEDGES = [
    *(
        (hedge, 46, None, False)
        for hedge in ("at least", "no fewer than", "not less than", "a minimum of", "as few as")
    ),
    *((hedge, 47, None, False) for hedge in ("more than", "over", "upwards of", "in excess of", "well over", "above")),
    *((hedge, None, 46, False) for hedge in ("up to", "at most", "as many as", "no more than", "a maximum of")),
    *((hedge, None, 45, False) for hedge in ("fewer than", "less than", "under", "just under", "below")),
    *((hedge, 46, 46, True) for hedge in ("about", "around", "some", "roughly", "approximately", "an estimated")),
    *((hedge, 46, 46, True) for hedge in ("nearly", "almost", "close to")),
]


@pytest.mark.parametrize(("hedge", "low", "high", "approx"), HEDGES)
def test_hedges(hedge: str, low: int | None, high: int | None, approx: bool) -> None:
    assert figures(f"Police found {hedge} 46 rifles.") == [(f"{hedge} 46", low, high, approx)]
    assert figures(f"Police found {hedge} forty-six rifles.") == [(f"{hedge} forty-six", low, high, approx)]


@pytest.mark.parametrize(
    ("printed", "low", "high", "approx"),
    [
        ("46 or more", 46, None, False),
        ("a dozen or so", 12, 12, True),
        ("9 or fewer", None, 9, False),
        ("30-odd", 30, 30, True),
        ("thirty-odd", 30, 30, True),
        ("40-plus", 40, None, False),
        ("20+", 20, None, False),
        ("10-15", 10, 15, False),
        ("10–15", 10, 15, False),
        ("10 to 15", 10, 15, False),
        ("10 or 15", 10, 15, False),
        ("between 10 and 15", 10, 15, False),
        ("two to three thousand", 2000, 3000, False),
        ("an estimated 10 to 15", 10, 15, True),
        ("a couple", 2, 2, True),
        ("a couple of dozen", 24, 24, True),
        ("at least another 12", 12, None, False),
        ("at least some 40", 40, None, True),
        ("two (2)", 2, 2, False),
    ],
)
def test_ranges_and_forms(printed: str, low: int | None, high: int | None, approx: bool) -> None:
    assert figures(f"They counted {printed} rifles there.") == [(printed, low, high, approx)]


@pytest.mark.parametrize(
    ("printed", "vague", "low"),
    [
        ("a few", "a few", 3),
        ("several", "several", 3),
        ("multiple", "multiple", 3),
        ("many", "many", 3),
        ("a number of", "a number of", 3),
        ("tens", "tens", 20),
        ("dozens", "dozens", 24),
        ("scores", "scores", 40),
        ("hundreds", "hundreds", 200),
        ("thousands", "thousands", 2000),
        ("millions", "millions", 2_000_000),
        ("several hundred", "several hundred", 300),
        ("a few dozen", "a few dozen", 36),
        ("tens of thousands", "tens of thousands", 20_000),
        ("hundreds of thousands", "hundreds of thousands", 200_000),
        ("dozens and dozens", "dozens", 24),
    ],
)
def test_vague_words(printed: str, vague: str, low: int) -> None:
    (found,) = find_quantities(Line(f"The flood drove out {printed} villagers."))
    quantity = found.quantity
    assert (quantity.text, quantity.low, quantity.high, quantity.vague, quantity.approx) == (
        printed,
        low,
        None,
        vague,
        True,
    )


@pytest.mark.parametrize("hedge", ["at least", "more than"])
def test_a_vague_word_keeps_its_floor(hedge: str) -> None:
    assert figures(f"Police found {hedge} several hundred rifles.") == [(f"{hedge} several hundred", 300, None, True)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Of 69 missiles, 54 were shot down.", [69, 54]),
        ("They shot down 54 of 69 missiles.", [54, 69]),
        ("They shot down 54 out of 69 missiles.", [54, 69]),
        ("The toll rose from 12 to 19.", [12, 19]),
        ("Three five-year-old children hid.", [3]),
        ("In all 14, eight of them women, came home.", [14, 8]),
        ("Four thousand and 20 fled.", [4020]),
    ],
)
def test_two_figures(text: str, numbers: list[int]) -> None:
    if text.startswith("Four thousand"):
        numbers = [4000, 20]  # words and digits are never one number
    assert [low for _, low, _, _ in figures(text)] == numbers


NOTHING = [
    # dates and years
    *("It began on April 24.", "It began on 24 April.", "It began on 4 May 2024.", "The war began in 2022."),
    *("Since 2014 the town has been cut off.", "It fell in March 2023.", "In the early 1990 accord nothing was said."),
    # times and spans
    *(
        "It began at 3 a.m.",
        "It lasted 40 minutes.",
        "It lasted 3 days.",
        "They hid for two weeks.",
        "At 15:30 it ended.",
    ),
    # ages
    *("Iryna Koval, 34, wrote a book.", "A boy aged 7 hid.", "A woman aged 34 hid.", "Her son (12) hid."),
    # money, units, shares
    *("It cost $40.", "It cost 40 dollars.", "It cost €3 million.", "It lies 40 kilometres off.", "It weighs 50 kg."),
    *("Support fell to 40%.", "Support fell to 40 percent.", "One in five of us stayed.", "A wall of 3 metres fell."),
    # labels and designations
    *(
        "They missed Flight 17.",
        "It stood at Gate 4.",
        "They read Resolution 1701.",
        "A KN-23 stood there.",
        "A Kh-101 stood there.",
    ),
    *(
        "The S-300 stood there.",
        "A 155mm gun stood there.",
        "They work 24/7.",
        "It was No. 4.",
        "The 46th Brigade marched.",
    ),
    # other
    *("He asked how many.", "Not one spoke.", "It was version 2.0.1 of the text."),
]


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_that_count_nothing(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("In May 24 villagers left.", 24),
        ("Some 2014 people left.", 2014),
        ("Three local residents left.", 3),
        ("Several second homes stood empty.", 3),
        ("They drove over 13 regions.", 13),
        ("The toll has gone up to 31.", 31),
    ],
)
def test_numbers_that_only_look_so(text: str, low: int) -> None:
    assert [found_low for _, found_low, _, _ in figures(text)] == [low]


@pytest.mark.parametrize(("text", "value"), [("9" * 10, 9_999_999_999), ("9" * 11, None), ("12.5", None), ("x", None)])
def test_digits(text: str, value: int | None) -> None:
    assert digits_value(text) == value


# -- quantulum3 --------------------------------------------------------------------------------------


class _Spy:
    """Stands between us and quantulum3, and notes what it is asked."""

    def __init__(self, parser: Any) -> None:
        self.parser = parser
        self.asked: list[str] = []

    def parse(self, text: str) -> Any:
        self.asked.append(text)
        return self.parser.parse(text)


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> _Spy:
    spying = _Spy(numerals._quantulum())
    monkeypatch.setattr(numerals, "_quantulum", lambda: spying)
    phrase_value.cache_clear()
    return spying


def test_quantulum3_reads_longer_phrases(spy: _Spy) -> None:
    assert figures("Two thousand five hundred villagers and 1.7 million others left.") == [
        ("Two thousand five hundred", 2500, 2500, False),
        ("1.7 million", 1_700_000, 1_700_000, False),
    ]
    assert spy.asked == ["two thousand five hundred", "1.7 million"]


def test_quantulum3_is_asked_once_for_a_phrase(spy: _Spy) -> None:
    for _ in range(3):
        figures("Two hundred and six villagers left.")
    assert spy.asked == ["two hundred and six"]


@pytest.mark.parametrize(
    "text",
    [
        "46 people and forty others met dozens of guests for a dozen hours.",
        "a" * 5000,
        "hundred " * 3000,
        "9" * 4000,
        "Kyiv " * 900,
    ],
)
def test_quantulum3_never_gets_a_long_span(spy: _Spy, text: str) -> None:
    figures(text)
    assert all(len(asked) <= MAX_PHRASE and " " in asked for asked in spy.asked)
    assert sum(map(len, spy.asked)) < 1000


def test_quantulum3_is_loaded_without_type_checks_and_typeguard_is_left_as_it_was() -> None:
    script = """
import typeguard
before = typeguard.typechecked
from tracker.numerals import phrase_value
assert phrase_value("two thousand five hundred") == 2500
import inflect
assert typeguard.typechecked is before
print("typeguard" in inflect.engine.plural.__code__.co_names)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


# -- what holds for any text -------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *(
            "46",
            "1 200",
            "1\u00a0200",
            "at least",
            "up to",
            "dozens",
            "of",
            "a",
            "half",
            "dozen",
            "two",
            "hundred",
            "to",
        ),
        *("thousand", "and", "or", "between", "from", "–", "(", ")", ",", ".", "million", "several", "-", "/", "per"),
        *("7-year-old", "²", "３", "Ⅳ", "'", "’", "“", "\n"),
    ]
)
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=30).map(" ".join), st.lists(_PIECES, max_size=20).map("".join))


@given(_TEXTS)
def test_offsets_and_bounds_hold_for_any_text(text: str) -> None:
    end = 0
    for found in find_quantities(Line(text)):
        quantity = found.quantity
        assert text[quantity.span.start : quantity.span.end] == quantity.text
        assert end <= quantity.span.start < quantity.span.end
        end = quantity.span.end
        assert quantity.low is not None or quantity.high is not None
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high


def seconds(work: Callable[[], object]) -> float:
    """The best of three runs, in processor time, so that a busy machine is no failure."""
    took = []
    for _ in range(3):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "a",
        "hundred ",
        "two ",
        "1,",
        "1 ",
        "at least ",
        "“",
        "(",
        "1\u00a0200 ",
        "dozens of ",
        "a couple of ",
        "10-",
        "and ",
    ],
)
def test_time_is_linear(piece: str) -> None:
    count = 40_000 // len(piece)
    short, long = (seconds(lambda size=size: figures(piece * size)) for size in (count, 4 * count))
    assert long < 8 * short + 0.05, f"{short:.3f} s, and {long:.3f} s for four times the text"


def test_terms_are_what_the_grammar_expects() -> None:
    terms = number_terms()
    assert terms.words["ninety-nine"] == 99
    assert len([word for word, value in terms.words.items() if value < 100]) == 100
