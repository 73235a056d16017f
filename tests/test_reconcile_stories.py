"""Days as they are reported, and what a casualty recorder would write down by the codebook: nobody counted twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factory import claim, report, shown, where
from tracker.ingest import Origin, read_record
from tracker.models import Claim, Measure
from tracker.reconcile import reconcile
from tracker.retold import says_more
from tracker.store import Store
from tracker.table import to_table, totals


def told(claims: list[Claim], measure: str = "killed", **options: Any) -> tuple[list[str], int | None]:
    """The strikes in a line each, those that leave the measure to others marked, and the sum over all of them."""
    strikes = reconcile(claims, **options)
    table = to_table(strikes)
    aside = table["left_out"].fillna("").str.split("+").map(lambda names: measure in names).tolist()
    lines = [
        f"{where(strike)}{' aside' if out else ''}: {'; '.join(map(shown, strike.figures))}"
        for strike, out in zip(strikes, aside, strict=True)
    ]
    return lines, totals(table)[Measure(measure)].best


DRONE: dict[str, Any] = {"weapons": "drone", "place": "Chernihiv"}
LATE = claim(
    "killed 4", date="2025-03-10", date_text="late on Monday", at="2025-03-11 12:00", source="the mayor", **DRONE
)
NIGHT = claim("killed 4", date="2025-03-11", date_text="overnight", at="2025-03-11 08:00", **DRONE)
EARLY = claim(
    "killed 4", date="2025-03-11", date_text="early on Tuesday", at="2025-03-11 13:00", source="police", **DRONE
)
NIGHT_BEFORE = claim("killed 1", date="2025-03-10", date_text="overnight", at="2025-03-10 08:00", **DRONE)
MONDAY = claim("killed 2", date="2025-03-10", date_text="on Monday", at="2025-03-10 21:00", **DRONE)
TUESDAY = claim("killed 2", date="2025-03-11", date_text="on Tuesday", at="2025-03-11 21:00", **DRONE)

REGION: dict[str, Any] = {"place": None, "admin1": "Donetsk", "weapons": "artillery"}
TOWN: dict[str, Any] = {"admin1": "Donetsk", "weapons": "artillery"}
TWO_MORE = {"text": "two", "sentence": "Rescuers found two more bodies under the stairs."}

STORIES: dict[str, tuple[list[Claim], list[str], int]] = {
    "a drone at noon, a missile at dusk, and the police's sum of both": (
        [
            claim("killed 2", weapons="drone", at="2025-04-24 13:00"),
            claim("killed 5", weapons="missile", at="2025-04-24 21:00"),
            claim("killed 7", at="2025-04-24 22:00", source="police"),
        ],
        [
            "Kyiv 04-24 ? aside: killed 7 [7-7]",
            "Kyiv 04-24 drone: killed 2 [2-2]",
            "Kyiv 04-24 missile: killed 5 [5-5]",
        ],
        7,
    ),
    "three dead, then nobody after all": (
        [
            claim("killed 3", at="2025-04-24 06:00", source="police"),
            claim("killed 0", at="2025-04-24 10:00", source="Police"),
        ],
        ["Kyiv 04-24 ?: killed 0 [0-0]"],
        0,
    ),
    "six in two towns, and each town's own": (
        [
            claim("killed 6", **REGION),
            claim("killed 4", place="Kramatorsk", **TOWN),
            claim("killed 2", place="Sloviansk", **TOWN),
        ],
        [
            "Kramatorsk 04-24 artillery: killed 4 [4-4]",
            "Sloviansk 04-24 artillery: killed 2 [2-2]",
            "Donetsk 04-24 artillery aside: killed 6 [6-6]",
        ],
        6,
    ),
    "six in two towns of which one is known": (
        [claim("killed 6", **REGION), claim("killed 4", place="Kramatorsk", **TOWN)],
        ["Kramatorsk 04-24 artillery: killed 4 [4-4]", "Donetsk 04-24 artillery aside: killed 6 [6-6]"],
        4,
    ),
    "none of the guards in the town, six of the raiders in the country": (
        [claim("killed 6", place=None), claim("killed 0", place="Kramatorsk", **TOWN)],
        ["Kramatorsk 04-24 artillery: killed 0 [0-0]", "Ukraine 04-24 ?: killed 6 [6-6]"],
        6,
    ),
    "nobody in one town, two in the other": (
        [
            claim("killed 2", **REGION),
            claim("killed 0", place="Kramatorsk", **TOWN),
            claim("killed 2", place="Sloviansk", **TOWN),
        ],
        [
            "Kramatorsk 04-24 artillery: killed 0 [0-0]",
            "Sloviansk 04-24 artillery: killed 2 [2-2]",
            "Donetsk 04-24 artillery aside: killed 2 [2-2]",
        ],
        2,
    ),
    "one night told three ways": ([LATE, NIGHT, EARLY], ["Chernihiv 03-11 drone: killed 4 [4-4]"], 4),
    "late on Monday and early on Tuesday are one night": ([LATE, EARLY], ["Chernihiv 03-10 drone: killed 4 [4-4]"], 4),
    "late on Monday after a night that had its own dead": (
        [LATE, NIGHT, EARLY, NIGHT_BEFORE],
        [
            "Chernihiv 03-10 drone: killed 1 [1-1]",
            "Chernihiv 03-10 drone aside: killed 4 [4-4]",
            "Chernihiv 03-11 drone: killed 4 [4-4]",
        ],
        5,
    ),
    "late on Monday is Monday's where nothing else is known": (
        [LATE, MONDAY],
        ["Chernihiv 03-10 drone: killed 4 [4-4]"],
        4,
    ),
    "Monday and Tuesday do not meet at midnight": (
        [MONDAY, TUESDAY],
        ["Chernihiv 03-10 drone: killed 2 [2-2]", "Chernihiv 03-11 drone: killed 2 [2-2]"],
        4,
    ),
    "early on Tuesday is not the night to Wednesday": (
        [EARLY, claim("killed 6", date="2025-03-12", date_text="overnight", **DRONE)],
        ["Chernihiv 03-11 drone: killed 4 [4-4]", "Chernihiv 03-12 drone: killed 6 [6-6]"],
        10,
    ),
    "two more bodies, said where nobody says how many before": (
        [claim("killed 5", at="2025-04-24 06:00"), claim("killed 2", at="2025-04-24 10:00", **TWO_MORE)],
        ["Kyiv 04-24 ?: killed 5 [5-5]"],
        5,
    ),
    "two more bodies are all that is known": (
        [claim("killed 2", at="2025-04-24 10:00", **TWO_MORE)],
        ["Kyiv 04-24 ?: killed 2 [2-2]"],
        2,
    ),
    "twelve more bodies after one": (
        [
            claim("killed 1", at="2025-04-24 06:00"),
            claim("killed 12", at="2025-04-24 10:00", text="Twelve", sentence="Twelve further people have died."),
        ],
        ["Kyiv 04-24 ?: killed 12 [12-]"],
        12,
    ),
    "the dead of a remembered strike beside today's": (
        [
            *report("r", "killed 2", weapons="missile"),
            *report("r", "killed 61", weapons="missile", date="2022-04-08"),
            claim("killed 2", weapons="missile", at="2025-04-24 20:00"),
        ],
        ["Kyiv 04-08 missile: killed 61 [61-61]", "Kyiv 04-24 missile: killed 2 [2-2]"],
        63,
    ),
    "last week's strike, told by its week": (
        [
            claim("killed 10", weapons="missile", at="2025-04-24 12:00"),
            claim(
                "killed 12", weapons="missile", date="2025-04-21", date_end="2025-04-27", date_prec=3, at="2025-05-01"
            ),
        ],
        ["Kyiv 04-24 missile: killed 12 [12-12]"],
        12,
    ),
    "last week's strike where the week had two": (
        [
            claim("killed 10", weapons="missile", at="2025-04-24 12:00"),
            claim("killed 3", weapons="missile", date="2025-04-26", at="2025-04-26 12:00"),
            claim(
                "killed 12", weapons="missile", date="2025-04-21", date_end="2025-04-27", date_prec=3, at="2025-05-01"
            ),
        ],
        [
            "Kyiv 04-21 missile aside: killed 12 [12-12]",
            "Kyiv 04-24 missile: killed 10 [10-10]",
            "Kyiv 04-26 missile: killed 3 [3-3]",
        ],
        13,
    ),
    "a country's day, a region's and its towns'": (
        [
            claim("killed 25", place=None),
            claim("killed 10", place=None, admin1="Donetsk"),
            claim("killed 6", place="Kramatorsk", admin1="Donetsk", weapons="artillery"),
            claim("killed 3", place="Sloviansk", admin1="Donetsk", weapons="missile"),
        ],
        [
            "Kramatorsk 04-24 artillery: killed 6 [6-6]",
            "Sloviansk 04-24 missile: killed 3 [3-3]",
            "Donetsk 04-24 ? aside: killed 10 [10-10]",
            "Ukraine 04-24 ? aside: killed 25 [25-25]",
        ],
        9,
    ),
    "a bomber among the dead of one report": (
        [
            *report("a", "killed 12", "killed 1 perpetrators", weapons="ied", at="2025-04-24 12:00"),
            *report("b", "killed 13", "killed 1 perpetrators subset", weapons="ied", at="2025-04-24 14:00"),
        ],
        ["Kyiv 04-24 ied: killed 12 [12-12] derived; killed perpetrators 1 [1-1]"],
        12,
    ),
    "children named in another report": (
        [claim("killed 9", at="2025-04-24 12:00"), claim("killed 2 children subset", at="2025-04-24 14:00")],
        ["Kyiv 04-24 ?: killed 9 [9-9]; killed children 2 [2-2]"],
        9,
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_a_recorder_would_write_down(name: str) -> None:
    claims, expected, total = STORIES[name]
    lines, best = told(claims)
    assert sorted(lines) == sorted(expected)  # two strikes of one day stand by their ids
    assert best == total
    assert told(claims[::-1]) == (lines, best)


def test_a_wave_that_grows_in_the_telling_is_one_wave() -> None:
    wave: dict[str, Any] = {"place": None, "weapons": "drone", "date_text": "overnight"}
    claims = [
        *report("a", "launched 120", "intercepted 80", source="the air force", at="2025-04-24 08:00", **wave),
        claim("launched 130", source="the president", at="2025-04-24 11:00", **wave),
        claim("launched 125", source="the army", at="2025-04-24 12:00", **wave),
    ]
    assert told(claims, "launched") == (
        ["Ukraine 04-24 drone: launched 125 [125-130]; intercepted 80 [80-80]"],
        125,
    )


def test_a_copy_with_one_figure_changed_is_its_source_speaking_again() -> None:
    claims = [
        claim("killed 5", report="a", publisher="Agency", at="2025-04-24 08:00"),
        claim("killed 7", report="b", publisher="Site", at="2025-04-24 12:00"),
        claim("killed 6", report="c", publisher="Portal", at="2025-04-24 13:00"),
    ]
    (strike,) = reconcile(claims, copies=dict.fromkeys("abc", "text"))
    assert (strike.n_reports, strike.n_publishers, strike.n_sources) == (3, 3, 1)
    assert list(map(shown, strike.figures)) == ["killed 6 [6-6]"]


@pytest.mark.parametrize(
    ("text", "sentence", "expected"),
    [
        ("two", "Rescuers found two more bodies.", True),
        ("Another person", "Another person died of burns.", True),
        ("three", "A further three died in hospital.", True),
        ("Six", "Six others were hurt by glass.", True),
        ("more than 12", "A shell killed more than 12 people.", False),
        ("12", "A shell killed 12 people, more than ever before.", False),
        ("four", "Some other shell killed four people.", False),
    ],
)
def test_figures_on_top_of_another(text: str, sentence: str, expected: bool) -> None:
    assert says_more(claim("killed 2", text=text, sentence=sentence)) is expected


def test_the_first_figure_after_another_measure_is_whole() -> None:
    hurt = {"text": "70", "sentence": "Nine died and another 70 were hurt."}
    claims = [
        *report("a", "killed 9", at="2025-04-24 08:00"),
        claim("injured 70", report="a", at="2025-04-24 08:00", start=900, **hurt),
        claim("injured 60", at="2025-04-24 07:00", source="police"),
    ]
    assert told(claims, "injured") == (["Kyiv 04-24 ?: killed 9 [9-9]; injured 70 [70-70]"], 70)


@pytest.mark.usefixtures("plain_reader")
def test_a_page_that_names_another_town_moves_its_strike(tmp_path: Path) -> None:
    def page(text: str, hour: int) -> Any:
        line = {"id": "page", "text": text, "published": f"2025-04-24T{hour:02}:00Z", "publisher": "P"}
        return read_record(json.dumps(line).encode(), Origin("x", 1))

    with Store.open(tmp_path / "t.db") as store:
        store.ingest([page("4 killed in Lviv", 8)])
        store.ingest([page("4 killed in Odesa", 10)])
        (strike,) = store.strikes()
        assert (strike.place, strike.n_reports) == ("Odesa", 1)
