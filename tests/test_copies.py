"""One text on many sites is one source (codebook 8)."""

from __future__ import annotations

import random
import time

import pytest

from tests.factory import claim, figures
from tracker.copies import alike, copies_among, sketch
from tracker.models import Claim, Report
from tracker.reconcile import reconcile

AGENCY = (
    "A missile struck the covered market of Oster at noon on Tuesday, killing four stallholders and wounding nineteen "
    "shoppers, the regional governor said. Rescue crews pulled two people from under a collapsed roof and were still "
    "looking for a third by nightfall. Windows were broken in eleven houses along the river, and the bridge to the "
    "railway station was closed while engineers examined its piers. Schools will stay shut until the end of the week."
)
OTHER = (
    "Four traders died and nineteen customers were hurt when a rocket fell on the market hall in Oster, according to "
    "the head of the region. Teams searched the ruins for a missing woman into the evening. Houses by the water lost "
    "their glass, traffic over the bridge stopped for an inspection, and pupils were told to remain at home for now."
)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (AGENCY, True),
        (AGENCY.upper().replace(", ", " - "), True),
        (f"OSTER, June 3 (Wire) -- {AGENCY}", True),
        (f"{AGENCY} Follow our channel for more.", True),
        (AGENCY.replace("regional governor", "governor of the region"), True),
        (OTHER, False),
        (AGENCY[: len(AGENCY) // 2], False),
        (f"{AGENCY} {OTHER}", False),
        ("", False),
    ],
)
def test_the_same_text(text: str, same: bool) -> None:
    one, other = sketch(Report("a", AGENCY)), sketch(Report("b", text))
    assert alike(one, other) is alike(other, one) is same
    found = copies_among([Report("a", AGENCY, publisher="Wire"), Report("b", text, publisher="Site")])
    assert (set(found) == {"a", "b"}) is same


def test_short_texts_are_copies_only_where_they_are_equal() -> None:
    reports = [Report(str(n), f"{n} dead in Lviv", publisher=str(n)) for n in range(3)]
    assert copies_among([*reports, Report("x", "2 DEAD IN LVIV!", publisher="X")]).keys() == {"2", "x"}


def test_a_publishers_own_pages_are_no_copies() -> None:
    twice = [Report("a", AGENCY, publisher="Daily"), Report("b", AGENCY, publisher="daily ")]
    assert copies_among(twice) == {}
    assert copies_among([*twice, Report("c", AGENCY, publisher="Herald")]).keys() == {"a", "b", "c"}
    assert copies_among([Report("a", AGENCY), Report("b", AGENCY)]).keys() == {"a", "b"}


def test_copies_do_not_depend_on_the_order_of_arrival() -> None:
    words = AGENCY.split()
    reports = []
    for n in range(30):  # each a few words further from the first
        words[(7 * n) % len(words)] = f"word{n}"
        reports.append(Report(f"r{n}", " ".join(words), publisher=f"p{n}"))
    found = copies_among(reports)
    for seed in range(5):
        shuffled = list(reports)
        random.Random(seed).shuffle(shuffled)
        assert copies_among(shuffled) == found


def test_time_grows_linearly_with_number_and_length() -> None:
    def seconds(reports: list[Report]) -> float:
        took = []
        for _ in range(3):  # the best of three: a sweep of memory is no growth
            start = time.process_time()
            copies_among(reports)
            took.append(time.process_time() - start)
        return min(took)

    rnd = random.Random(5)
    words = [f"word{n}" for n in range(5_000)]
    many = [Report(str(n), " ".join(rnd.choices(words, k=60)), publisher=str(n)) for n in range(2_000)]
    equal = [Report(str(n), AGENCY, publisher=str(n)) for n in range(2_000)]
    for reports in (many, equal):
        seconds(reports[:50])
        assert seconds(reports) < 16 * max(seconds(reports[:250]), 0.01)
    assert seconds([Report("a", " ".join(words) * 20)]) < 16 * max(seconds([Report("a", " ".join(words) * 2)]), 0.02)


# --- in a strike ------------------------------------------------------------------------------------------

TEN = [claim("killed 4", report=f"site{n}", publisher=f"Site {n}", at=f"2025-04-24 {8 + n:02}:00") for n in range(10)]
COPIES = {f"site{n}": "t" for n in range(10)}


def test_ten_sites_with_one_text_are_one_source() -> None:
    (strike,) = reconcile(TEN, copies=COPIES)
    assert (strike.n_reports, strike.n_publishers, strike.n_sources) == (10, 10, 1)
    assert (strike.grade, strike.grade_reason) == ("weak", "one source")
    (apart,) = reconcile(TEN)
    assert (apart.n_sources, apart.grade) == (10, "fair")


def test_copies_have_one_vote() -> None:
    claims = [
        *TEN,
        claim("killed 3", publisher="A", at="2025-04-24 20:00"),
        claim("killed 3", publisher="B", at="2025-04-24 20:10"),
    ]
    assert figures(claims, "majority") == ["killed 4 [3-4]"]
    (strike,) = reconcile(claims, "majority", copies=COPIES)
    assert strike.figures[0].best == 3


@pytest.mark.parametrize("copied", [True, False])
def test_the_mornings_figure_on_an_evening_page_is_the_mornings(copied: bool) -> None:
    claims: list[Claim] = [
        claim("killed 2", report="wire", publisher="Wire", at="2025-04-24 05:00"),
        claim("killed 9", publisher="Daily", at="2025-04-24 12:00"),
        claim("killed 2", report="late", publisher="Late", at="2025-04-24 22:00"),
    ]
    (strike,) = reconcile(claims, copies={"wire": "t", "late": "t"} if copied else None)
    assert strike.figures[0].best == (9 if copied else 2)


def test_an_updated_copy_is_news() -> None:
    claims = [
        claim("killed 2", report="wire", publisher="Wire", at="2025-04-24 05:00"),
        claim("killed 3", report="later", publisher="Site", at="2025-04-24 09:00"),
    ]
    (strike,) = reconcile(claims, copies={"wire": "t", "later": "t"})
    assert (strike.figures[0].low, strike.figures[0].best, strike.figures[0].high) == (3, 3, 3)
