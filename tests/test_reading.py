"""The figure grammar as a whole: the first look misses nothing; reading is linear, and the same in threads."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases_file import read_cases
from tracker.extract import extract
from tracker.models import Report
from tracker.reading.counts import read_counts
from tracker.reading.cues import TermIndex, cues, passages_that_may_count, plain_words
from tracker.reading.sentence import read_sentence
from tracker.segment import segment
from tracker.tokens import Line

CASES = [case.text for case in read_cases()]


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in segment(Report("r", text)).sentences]


# -- the first look ----------------------------------------------------------------------------------


def test_the_look_passes_every_sentence_that_counts() -> None:
    missed = []
    for text in CASES:
        before: list[object] = []
        for sentence in sentences(text):
            counts = read_counts(sentence)
            if counts and not cues().fit(sentence.encode(), part=bool(before)):
                missed.append(sentence)
            before = before or list(counts)
    assert missed == []


def test_the_look_finds_the_passage_of_every_sentence_that_counts() -> None:
    filler = " The orchestra rehearsed in the hall.\nBees are kept on the roof. "
    for text in CASES:
        if any(map(read_counts, sentences(text))):
            found = "\n".join(passages_that_may_count(filler + text + filler))
            assert any(map(read_counts, sentences(found))), text


_WORDS = st.sampled_from(
    [
        *(
            "two",
            "46",
            "a woman",
            "the driver",
            "no one",
            "dozens of",
            "another",
            "six",
            "were",
            "was",
            "people",
            "drones",
        ),
        *(
            "killed",
            "wounded",
            "died",
            "shot down",
            "dead",
            "injuries",
            "including",
            "them",
            "of",
            "and",
            ",",
            "in Kyiv",
        ),
        *(
            "launched",
            "missiles",
            "hit",
            "homes",
            "burned",
            "the death toll",
            "rose to",
            "among",
            "lost",
            "to hospital",
        ),
    ]
)


@given(st.lists(_WORDS, min_size=2, max_size=14).map(" ".join))
def test_the_look_passes_whatever_words_count(sentence: str) -> None:
    if read_counts(sentence):
        assert cues().fit(sentence.encode())


@pytest.mark.parametrize(
    "text",
    [
        "The orchestra rehearsed in the old hall.",
        "Twelve choirs sang.",
        "He was killed by boredom.",
        "The river ran high, and a woman sold honey.",
        "Two books were printed, and many read them.",
    ],
)
def test_the_look_spares_other_text(text: str) -> None:
    assert list(passages_that_may_count(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rain fell. Gen. Roe lost two men. Rain fell.", ["Gen. Roe lost two men"]),
        ("At 3 a.m. two men were killed. Rain fell.", ["At 3 a.m. two men were killed"]),
        ("Two of the\nwere killed", []),
        ("Rain fell\nTwo were killed\nRain fell", ["Two were killed"]),
        ("“Two were killed.” Rain fell.", ["“Two were killed.” Rain fell."]),
    ],
)
def test_passages_are_whole_sentences(text: str, found: list[str]) -> None:
    assert list(passages_that_may_count(text)) == found


def test_a_term_needs_all_its_words() -> None:
    index = TermIndex(["set on fire", "death"])
    assert index.meets(set(plain_words("The fire was set on Monday.")))
    assert not index.meets(set(plain_words("The fire began on Monday.")))
    assert index.meets(set(plain_words("Death!")))


# -- what holds for any text -------------------------------------------------------------------------


@given(st.one_of(st.text(), st.lists(_WORDS, max_size=30).map(" ".join)))
def test_phrases_point_at_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for phrase in read_sentence(text).phrases:
        assert phrase.first >= end
        end = phrase.last
        span = phrase.quantity.span
        assert text[span.start : span.end] == phrase.quantity.text


@given(st.text())
def test_tokens_stand_where_their_offsets_say(text: str) -> None:
    line = Line(text)
    end = 0
    starts = [line.printed(index, index + 1).start for index in range(line.size)]
    for token, start in zip(line.texts, starts, strict=False):
        assert text[start : start + len(token)] == token
        assert all(char.isspace() or char == "_" or not char.isprintable() for char in text[end:start])
        end = start + len(token)


def test_eight_threads_read_like_one() -> None:
    mixed = random.Random(1).sample(CASES, 200)
    reports = [Report(str(number), text) for number, text in enumerate(mixed)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(extract, reports)) == list(map(extract, reports))


@pytest.mark.parametrize(
    "piece",
    [
        "two killed, ",
        "a man, ",
        "of 5 ",
        "killed 5 ",
        "no one was hurt and ",
        "the death toll rose to 5 and ",
        "(“",
        "him ",
    ],
)
def test_a_sentence_without_end_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        took = []
        for _ in range(3):
            start = time.process_time()
            for at in range(0, len(text), 2_000):
                read_counts(text[at : at + 2_000])
            took.append(time.process_time() - start)
        return min(took)

    short, long = seconds(4_000), seconds(16_000)
    assert long < 8 * short + 0.05
