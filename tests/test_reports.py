"""Whole reports as newsrooms, officials and witnesses write them: the day, basis, means and source of one figure.

The cases are lines of ``tests/reports/*.txt``; each file says how a line is read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cases_file import masked
from tracker.models import Measure, Report, Span
from tracker.segment import segment
from tracker.sources import Sources
from tracker.weapons import Weapons
from tracker.when import Dates

FOLDER = Path(__file__).parent / "reports"
_FIGURE = re.compile(r"\[(.+?)\]")
_MUNITIONS = re.compile(r"(?:\w+\s+){0,2}?(?:drones|UAVs|Shaheds|Gerans|missiles)\b|of\s+(?:\d+|five)\b")
_ARTICLE = re.compile(r"\A(?:the|an?)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line of a file: a report whose figure stands in brackets, and what is known of it."""

    where: str
    published: dt.date
    marked: str
    known: tuple[tuple[str, str], ...]
    known_gap: bool


def lines() -> Iterator[Line]:
    for path in sorted(FOLDER.glob("*.txt")):
        published: dt.date | None = None
        for number, printed in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            line = printed.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("@"):
                day = line.removeprefix("@")
                published = dt.datetime.fromisoformat(day) if "T" in day else dt.date.fromisoformat(day)
                continue
            marked, *known = (part.strip() for part in line.removeprefix("!").split(" | "))
            assert published is not None
            pairs = tuple((key, value) for key, _, value in (part.partition("=") for part in known))
            yield Line(f"{path.stem}:{number}", published, marked, pairs, line.startswith("!"))


def read(line: Line) -> dict[str, str]:
    """What the readers say of the figure, in the words of the files."""
    match = _FIGURE.search(line.marked)
    assert match, "mark one figure"
    plain = line.marked.replace("[", "").replace("]", "")
    document = segment(Report("r", plain, published=line.published))
    span = Span(match.start(), match.end() - 2)
    sentence = next(s for s in document.sentences if s.start <= span.start < s.end)
    counts_munitions = _MUNITIONS.match(plain[span.end :].lstrip()) is not None
    measure = Measure.LAUNCHED if counts_munitions else Measure.KILLED
    when = Dates(document).of(sentence, span)
    means = Weapons(document).of(sentence, span, measure)
    days = [str(day) for day in dict.fromkeys((when.date, when.date_end)) if day is not None]
    return {
        "d": "..".join(days) or "-",
        "b": "p" if when.period else "i",
        "w": "+".join(means.weapons) or "-",
        "a": means.attacker or "-",
        "s": _ARTICLE.sub("", Sources(document).of(sentence, span) or "-"),
    }


ALL = list(lines())


def _parameters() -> list[object]:
    gap = pytest.mark.xfail(strict=True, reason="known gap")
    return [pytest.param(line, id=line.where, marks=[gap] if line.known_gap else []) for line in ALL]


@pytest.mark.parametrize("line", _parameters())
def test_report(line: Line) -> None:
    found = read(line)
    assert {key: found[key] for key, _ in line.known} == {key: _ARTICLE.sub("", value) for key, value in line.known}


def test_enough_lines_of_each_and_few_gaps() -> None:
    asked = Counter(key for line in ALL for key, _ in line.known)
    assert asked["d"] >= 120
    assert asked["w"] + asked["a"] >= 150
    assert asked["s"] >= 90
    assert asked["b"] >= 60
    assert sum(line.known_gap for line in ALL) <= len(ALL) / 10


def test_no_two_lines_are_alike() -> None:
    counts = Counter(masked(line.marked) for line in ALL)
    assert [text for text, count in counts.items() if count > 1] == []
