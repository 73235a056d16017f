"""The one-line cases: what newsrooms write, and every claim in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from tests.cases_file import Case, found, masked, read_cases
from tracker import Report, extract

ALL = list(read_cases())
PUBLISHED = dt.date(2025, 6, 12)


def _parameters() -> list[object]:
    gap = pytest.mark.xfail(strict=True, reason="known gap")
    return [pytest.param(case, id=case.where, marks=[gap] if case.known_gap else []) for case in ALL]


@pytest.mark.parametrize("case", _parameters())
def test_case(case: Case) -> None:
    claims = extract(Report(case.where, case.text, published=PUBLISHED))
    assert Counter(map(found, claims)) == Counter(case.wanted)


def test_enough_cases_and_few_gaps() -> None:
    assert len(ALL) >= 600
    assert sum(case.known_gap for case in ALL) <= len(ALL) / 10
    assert sum(not case.wanted for case in ALL) >= 100


def test_no_two_cases_are_alike() -> None:
    counts = Counter(masked(case.text) for case in ALL)
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_measure_and_group_has_cases() -> None:
    measures = {wanted[0] for case in ALL for wanted in case.wanted}
    groups = {wanted[4] for case in ALL for wanted in case.wanted}
    assert len(measures) == 15
    assert len(groups) == 15
