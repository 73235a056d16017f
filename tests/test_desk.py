"""The commands of an analyst's desk, from the shell's side."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from geopy.exc import GeocoderServiceError
from typer.testing import CliRunner

from tracker import online
from tracker.cli import app
from tracker.store import Store

Write = Callable[[str, str | bytes], Path]
pytestmark = pytest.mark.usefixtures("plain_reader")

BY = ("--who", "Olena", "--why", "checked by phone")
TWO = [
    {"id": "k", "text": "9 killed in Kyiv, 63 injured in Kyiv", "published": "2025-04-24T06:00Z", "publisher": "P"},
    {"id": "l", "text": "8 killed in Kyiv", "published": "2025-04-24T09:00Z", "publisher": "Q"},
]


def run(*arguments: object, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def base(write: Write, tmp_path: Path) -> Path:
    source = write("a.jsonl", "".join(json.dumps(report) + "\n" for report in TWO))
    assert run("ingest", source, "--db", tmp_path / "t.db").exit_code == 0
    return tmp_path / "t.db"


def killed(base: Path) -> list[int | None]:
    with Store.open(base) as store:
        return [figure.best for strike in store.strikes() for figure in strike.figures if figure.measure == "killed"]


def ids(base: Path) -> tuple[str, list[str]]:
    with Store.open(base) as store:
        (strike,) = store.strikes()
        return strike.strike_id, [claim.claim_id for claim in store.claims() if claim.measure == "killed"]


def audit(base: Path, *more: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("audit", "--json", *more, "--db", base).stdout.splitlines()]


def test_a_figure_is_corrected_shown_and_undone(base: Path) -> None:
    _, (_, eight) = ids(base)
    assert killed(base) == [8]
    result = run("correct", "figure", eight, "--set", "10", *BY, "--link", "https://example.org", "--db", base)
    assert (result.exit_code, result.stdout) == (
        0,
        "Correction 1 is in force. 'tracker correct undo 1' takes it back.\n",
    )
    assert killed(base) == [10]
    csv = run("table", "-o", "-", "--db", base).stdout
    assert "#1 figure (Olena, " in csv
    assert "): checked by phone <https://example.org>" in csv
    (entry,) = audit(base)
    assert (entry["action"], entry["state"], entry["who"], entry["change"]) == (
        "figure", "in force", "Olena", {"low": 10, "high": 10},
    )  # fmt: skip
    assert entry["claims"][0]["sentence"] == "8 killed in Kyiv"
    assert run("correct", "undo", 1, "--who", "Ivan", "--why", "it was right", "--db", base).exit_code == 0
    assert killed(base) == [8]
    assert [each["state"] for each in audit(base)] == ["undone", "in force"]
    assert "#1 figure" not in run("table", "-o", "-", "--db", base).stdout


@pytest.mark.parametrize(
    ("written", "change"),
    [("7", {"low": 7, "high": 7}), ("7..", {"low": 7}), ("..7", {"high": 7}), ("7..9", {"low": 7, "high": 9})],
)
def test_figures_as_they_are_written(base: Path, written: str, change: dict[str, int]) -> None:
    run("correct", "figure", ids(base)[1][0], "--set", written, *BY, "--db", base)
    assert audit(base)[0]["change"] == change


def test_rejecting_moving_splitting_and_merging(base: Path) -> None:
    _, (_, eight) = ids(base)
    assert run("correct", "reject", eight, *BY, "--db", base).exit_code == 0
    assert killed(base) == [9]
    run("correct", "undo", 1, *BY, "--db", base)
    assert run("correct", "split", eight, *BY, "--db", base).exit_code == 0
    assert sorted(killed(base), key=str) == [8, 9]
    with Store.open(base) as store:
        both = [each.strike_id for each in store.strikes()]
    assert run("correct", "merge", *both, *BY, "--db", base).exit_code == 0
    assert killed(base) == [8]
    assert run("correct", "move", eight, "--place", "Lvov", "--date", "2025-04-25", *BY, "--db", base).exit_code == 0
    with Store.open(base) as store:
        assert {(each.place, str(each.date)) for each in store.strikes()} == {("Kyiv", "2025-04-24")}
    run("correct", "undo", 4, *BY, "--db", base)
    with Store.open(base) as store:
        assert [(each.place, str(each.date)) for each in store.strikes()] == [
            ("Kyiv", "2025-04-24"),
            ("Lviv", "2025-04-25"),
        ]


def test_the_claims_of_a_strike_are_listed(base: Path) -> None:
    strike, (nine, _) = ids(base)
    rows = audit(base, strike)
    assert [(row["figure"], row["status"]) for row in rows] == [
        ("killed 9", "current"),
        ("injured 63", "current"),
        ("killed 8", "current"),
    ]
    assert rows[0]["claim"] == nine
    assert "sentence: 8 killed in Kyiv" in run("audit", strike, "--db", base).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("correct", "reject", "nothing", *BY), "There is no claim and no strike 'nothing'"),
        (("correct", "undo", 7, *BY), "There is no correction 7"),
        (("correct", "figure", "CLAIM", "--set", "many", *BY), "'many' is no figure"),
        (("correct", "figure", "CLAIM", "--set", "9..7", *BY), "low cannot be above its high"),
        (("correct", "move", "CLAIM", *BY), "A move needs a place or a date."),
        (("correct", "move", "CLAIM", "--date", "2025-13-01", *BY), "is not a date that exists"),
        (("correct", "merge", "CLAIM", *BY), "Name two strikes or more."),
        (("correct", "reject", "CLAIM", "--who", " ", "--why", "x"), "needs who makes it and why"),
        (("audit", "nothing"), "There is no strike 'nothing'"),
        (("forget", "nothing", "--yes"), "There is no report 'nothing'"),
    ],
)
def test_wrong_use_is_said_and_changes_nothing(base: Path, arguments: tuple[object, ...], said: str) -> None:
    claim = ids(base)[1][0]
    result = run(*(claim if each == "CLAIM" else each for each in arguments), "--db", base)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert killed(base) == [8]
    assert audit(base) == []


def test_a_correction_that_lost_its_claim_is_listed(base: Path, write: Write) -> None:
    run("correct", "reject", ids(base)[1][1], *BY, "--db", base)
    run("ingest", write("b.jsonl", json.dumps({**TWO[1], "text": "Now 11 killed in Kyiv"})), "--db", base)
    assert killed(base) == [11]
    assert [(each["state"], each["lost"]) for each in audit(base)] == [("lost", ["8 killed in Kyiv"])]
    assert "1 correction no longer finds its claim" in run("audit", "--db", base).stderr
    assert "no longer find their claim: 1" in run("rebuild", "--db", base).stderr
    run("ingest", write("c.jsonl", json.dumps(TWO[1])), "--db", base)
    assert killed(base) == [9]
    assert [each["state"] for each in audit(base)] == ["in force"]


def test_a_merge_that_lost_one_of_its_claims_still_holds_the_others(base: Path, write: Write) -> None:
    more = {"id": "m", "text": "5 killed in Lviv", "published": "2025-04-24", "publisher": "R"}
    run("ingest", write("b.jsonl", json.dumps(more)), "--db", base)
    with Store.open(base) as store:
        one, other = (strike.strike_id for strike in store.strikes())
    run("correct", "merge", one, other, *BY, "--db", base)
    run("forget", "l", "--yes", "--db", base)
    assert [entry["state"] for entry in audit(base) if "state" in entry] == ["partly lost"]
    with Store.open(base) as store:
        assert len(store.strikes()) == 1


def test_a_rejection_that_leaves_nothing_behind_is_told_with_the_table(base: Path, write: Write) -> None:
    more = {"id": "m", "text": "5 killed in Lviv", "published": "2025-04-24", "publisher": "R"}
    run("ingest", write("b.jsonl", json.dumps(more)), "--db", base)
    assert run("table", "--db", base).stderr == ""
    with Store.open(base) as store:
        (lviv,) = (claim.claim_id for claim in store.claims() if claim.place == "Lviv")
    run("correct", "reject", lviv, *BY, "--db", base)
    assert "in no row: correction 1." in run("table", "-o", "-", "--db", base).stderr
    run("correct", "undo", 1, *BY, "--db", base)
    assert run("table", "--db", base).stderr == ""


# --- forgetting -------------------------------------------------------------------------------------------


def test_a_report_is_forgotten_with_all_that_derives_from_it(base: Path, write: Write) -> None:
    secret = {"id": "s", "text": "77 killed in Poltava, told by somebody", "published": "2025-04-24", "publisher": "S"}
    source = write("s.jsonl", json.dumps(secret))
    run("ingest", source, "--db", base)
    with Store.open(base) as store:
        claim = next(claim for claim in store.claims() if claim.report_id == "s")
    run("correct", "reject", claim.claim_id, *BY, "--db", base)
    run("ingest", write("s2.jsonl", json.dumps({**secret, "text": secret["text"] + "."})), "--db", base)
    assert run("forget", "s", "--db", base, stdin="n\n").exit_code == 1
    result = run("forget", "s", "--why", "asked to", "--yes", "--db", base)
    assert result.exit_code == 0
    assert killed(base) == [8]
    # Nothing of it is left in the file, nor in SQLite's log beside it.
    for file in base.parent.glob("t.db*"):
        content = file.read_bytes()
        assert b"Poltava" not in content, file
        assert b"told by somebody" not in content, file
    gone = next(each for each in audit(base) if "forgotten" in each)
    assert (gone["forgotten"], gone["why"], len(gone["hash"])) == ("s", "asked to", 64)
    again = run("ingest", source, "--db", base)
    assert again.exit_code == 1
    assert "was forgotten on" in again.stderr
    with Store.open(base) as store:
        assert [report.id for report in store.reports()] == ["k", "l"]
        assert store.failures() == []


def test_a_rebuild_says_what_it_made(base: Path) -> None:
    result = run("rebuild", "--db", base)
    assert (result.exit_code, result.stdout) == (0, "2 reports read again: 3 claims, 1 strike.\n")


# --- places that the gazetteer lacks ----------------------------------------------------------------------


@pytest.fixture
def lost_villages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader whose gazetteer knows no coordinates."""
    from dataclasses import replace

    from tests.plain import plain_extract

    def blind(report: Any) -> Any:
        return [replace(claim, lat=None, lon=None, where_prec=None) for claim in plain_extract(report)]

    monkeypatch.setattr("tracker.store._reader", lambda: blind)


@pytest.mark.usefixtures("lost_villages")
def test_places_are_asked_for_once_and_only_when_wanted(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []

    def answer(query: dict[str, str]) -> Any:
        asked.append(query)
        if query["city"] == "Nowhere":
            return None
        return SimpleNamespace(latitude=49.123456, longitude=33.5, address="Vyshneve, Ukraine")

    monkeypatch.setattr(online, "nominatim", lambda: answer)
    base = tmp_path / "t.db"
    reports = [
        {"id": "a", "text": "3 killed in Vyshneve", "published": "2025-04-24"},
        {"id": "b", "text": "2 injured in Nowhere", "published": "2025-04-24"},
    ]
    run("ingest", write("a.jsonl", "".join(json.dumps(report) + "\n" for report in reports)), "--db", base)
    listed = run("geocode", "--db", base)
    assert listed.stdout == "Nowhere, Ukraine\nVyshneve, Ukraine\n"
    assert asked == []
    result = run("geocode", "--online", "--db", base)
    assert (result.exit_code, result.stdout) == (0, "1 of 2 places found.\n")
    assert asked == [{"city": "Nowhere", "country": "Ukraine"}, {"city": "Vyshneve", "country": "Ukraine"}]
    run("geocode", "--online", "--db", base)
    assert len(asked) == 2

    def coordinates() -> dict[str | None, tuple[float | None, float | None, int | None]]:
        with Store.open(base) as store:
            assert [claim.lat for claim in store.claims()] == [None, None]  # what was read stays as it was
            assert store.strikes("highest") == store.strikes()
            return {strike.place: (strike.lat, strike.lon, strike.where_prec) for strike in store.strikes()}

    expected = {"Vyshneve": (49.12346, 33.5, 1), "Nowhere": (None, None, None)}
    assert coordinates() == expected
    run("rebuild", "--db", base)
    assert coordinates() == expected
    run("ingest", write("c.jsonl", json.dumps({**reports[0], "id": "c", "published": "2025-04-26"})), "--db", base)
    with Store.open(base) as store:
        assert {strike.lat for strike in store.strikes() if strike.place == "Vyshneve"} == {49.12346}
    assert len(asked) == 2


@pytest.mark.usefixtures("lost_villages")
def test_a_geocoder_that_fails_costs_nothing_that_it_said(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(query: dict[str, str]) -> Any:
        if query["city"] == "Zolote":
            raise GeocoderServiceError("503")
        return SimpleNamespace(latitude=49.0, longitude=33.0, address="A")

    monkeypatch.setattr(online, "nominatim", lambda: answer)
    text = "3 killed in Vyshneve, 2 killed in Zolote"
    run(
        "ingest",
        write("a.jsonl", json.dumps({"id": "a", "text": text, "published": "2025-04-24"})),
        "--db",
        tmp_path / "t.db",
    )
    result = run("geocode", "--online", "--db", tmp_path / "t.db")
    assert result.exit_code == 1
    assert "The geocoder does not answer (503). What it said before is kept" in result.stderr
    with Store.open(tmp_path / "t.db") as store:
        assert {strike.place: strike.lat for strike in store.strikes()} == {"Vyshneve": 49.0, "Zolote": None}


def test_nominatim_is_asked_slowly_and_not_before_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    from geopy.geocoders import Nominatim

    times: list[dt.datetime] = []

    def geocode(self: Any, query: Any, **options: Any) -> Any:
        times.append(dt.datetime.now(dt.UTC))
        assert (query, options) == ({"city": "Oster"}, {"language": "en"})
        assert "strike-tracker" in self.headers["User-Agent"]

    monkeypatch.setattr(Nominatim, "geocode", geocode)
    ask = online.nominatim(delay=0.2)
    assert times == []
    assert [ask({"city": "Oster"}) for _ in range(3)] == [None] * 3
    assert times[2] - times[0] >= dt.timedelta(seconds=0.35)


def test_a_claim_is_recoded_from_the_shell(base: Path) -> None:
    _, (nine, _) = ids(base)
    done = run(
        "correct", "recode", nine, "--measure", "injured", "--group", "children", "--weapons", "missile+drone",
        "--attacker", "", *BY, "--db", base,
    )  # fmt: skip
    assert done.exit_code == 0
    (entry,) = audit(base)
    assert entry["change"] == {
        "measure": "injured", "group": "children", "weapons": ["drone", "missile"], "attacker": "",
    }  # fmt: skip
    assert (
        "Olena coded killed, “9” (report k) as injured, children, drone + missile" in run("audit", "--db", base).stdout
    )
    wrong = run("correct", "recode", nine, "--weapons", "laser", *BY, "--db", base)
    assert wrong.exit_code == 2
    assert "'laser' is no weapon class." in wrong.stderr
    assert run("correct", "recode", nine, *BY, "--db", base).exit_code == 2


def test_what_is_doubtful_is_listed_weightiest_first(base: Path, write: Write) -> None:
    high = {"id": "h", "text": "300 killed in Odesa", "published": "2025-04-25", "publisher": "P"}
    more = {"id": "m", "text": "4 killed in Kyiv", "published": "2025-04-24T10:00Z", "publisher": "R"}
    source = write("h.jsonl", f"{json.dumps(high)}\n{json.dumps(more)}\n")
    assert run("ingest", source, "--db", base).exit_code == 0
    first, second = (json.loads(line) for line in run("review", "--json", "--db", base).stdout.splitlines())
    assert (first["place"], first["doubts"], first["moves"]) == ("Odesa", ["very high, killed"], {"killed": 300})
    assert (second["place"], second["doubts"], second["moves"]) == ("Kyiv", ["disputed, killed"], {"killed": 5})
    said = run("review", "-n", 1, "--db", base).stdout
    assert "Odesa" in said
    assert "Kyiv" not in said
    assert said.endswith("2 strikes to review.\n")
