"""Text that was wrapped at a width (mail, PDF, plain text) reads as it does unwrapped (see ``tracker.segment``)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import textwrap
import time

import pytest

from tracker.extract import extract
from tracker.ingest import Received, read_reports
from tracker.lexicon import bundled
from tracker.models import Claim, Field, Report
from tracker.segment import segment, unwrapped

WIDTHS = (60, 66, 72, 80, 100)
LONG = (
    "A missile struck the market in Poltava on Thursday morning, killing at least nine people and injuring dozens, six "
    "of them children, the regional governor said. Rescuers from Kyiv pulled three people out of the rubble; two are "
    "still missing.\n\nThe day before, a drone had killed a driver in Myrhorod. In Kharkiv, 14 people were hurt when a "
    "glide bomb fell on a block of flats, Mayor Ihor Terekhov said, and a woman of 62 died of her wounds.\n\n"
    "Air defence shot down 64 of 145 Shahed-type drones, Ukraine's air force said."
)


def wrapped(text: str, width: int, newline: str = "\n") -> str:
    paragraphs = (
        textwrap.fill(line, width, break_on_hyphens=False, break_long_words=False) for line in text.split("\n")
    )
    return "\n".join(paragraphs).replace("\n", newline)


def read(report: Report) -> list[tuple[object, ...]]:
    return [
        (c.measure, c.low, c.high, c.group, c.relation, c.place, c.date, c.weapons, c.source, " ".join(c.text.split()))
        for c in extract(report)
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("width", WIDTHS)
def test_wrapped_text_reads_as_it_does_unwrapped(width: int, newline: str) -> None:
    report = Report("r", LONG, published=dt.date(2025, 4, 24))
    assert len(read(report)) == 10
    assert read(dataclasses.replace(report, text=wrapped(LONG, width, newline))) == read(report)


def test_offsets_point_at_the_text_as_it_is_printed() -> None:
    text = wrapped(LONG, 40, "\r\n")
    claims: list[Claim] = extract(Report("r", text, published=dt.date(2025, 4, 24)))
    assert any("\r\n" in claim.sentence for claim in claims)
    for claim in claims:
        assert claim.field is Field.TEXT
        assert text[claim.start : claim.end] == claim.text
        assert claim.sentence in text


def test_nearly_all_short_reports_read_the_same_wrapped() -> None:
    """Of two lines nobody can always tell whether the first is a headline; of a paragraph one can."""
    reports = [one.report for one in read_reports([bundled("seeds")]) if isinstance(one, Received)]
    tried = [(one, width) for one in reports for width in WIDTHS]
    same = sum(read(dataclasses.replace(one, text=wrapped(one.text, width))) == read(one) for one, width in tried)
    assert same / len(tried) >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "Two hurt in Odesa\nA drone hit a house, hurting two.\nSeven dead in Lviv\nA missile killed seven.",
        "Killed: 3\nInjured: 5\nMissing: 1",
        "• three killed in the town of Sumy on Monday\n• five injured in the city of Kharkiv on Tuesday",
        "- one killed in a village in the Kherson region\n- two hurt in another village of the same region",
        "Russian attack on Kharkiv kills three\nUkraine shoots down 64 drones overnight\nSumy without power",
        "Missile was made abroad, a source in Kyiv says\nThe missile which killed at least nine was found on Monday.",
        "One died.\nTwo were hurt.\nthree are missing.",
    ],
)
def test_lines_of_their_own_stay_apart(text: str) -> None:
    assert unwrapped(text) == text


def test_a_wrapped_paragraph_is_no_headline() -> None:
    (entry,) = segment(Report("r", wrapped(LONG, 60))).entries
    assert not any(sentence.is_headline for sentence in entry.sentences)


def test_a_long_text_whose_only_figure_is_cut_by_the_end_of_a_line_is_read() -> None:
    prose = "The museum opens a new wing for students of botany, and the choir sang in the old town hall again.\n" * 300
    news = "On Monday a mine near Izium in the Kharkiv region, of which there are many, killed\nfour deminers.\n"
    text = prose + news + prose
    (claim,) = extract(Report("r", text, published=dt.date(2025, 4, 24)))
    assert (claim.low, claim.place, claim.text) == (4, "Izium", "four")


def test_unwrapping_takes_time_that_grows_with_the_text() -> None:
    def took(size: int) -> float:
        text = "killed five people in\nOdesa and\n" * size
        before = time.process_time()
        unwrapped(text)
        return time.process_time() - before

    took(1_000)
    assert min(took(40_000) for _ in range(3)) < 8 * min(took(10_000) for _ in range(3)) + 0.05
