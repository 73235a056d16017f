"""The commands, as a person and a pipe meet them."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
import os
import pty
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.plain import plain_extract, plain_reconcile
from tracker.batch import read_all
from tracker.cli import _strike_lines, app
from tracker.ingest import read_reports
from tracker.models import Basis, Report, Scope
from tracker.serialise import CLAIM_FIELDS, FIGURE_FIELDS, STRIKE_FIELDS
from tracker.store import Store

Write = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).resolve().parent.parent
TRACKER = [sys.executable, "-c", "from tracker.cli import main; main()"]

THREE = "".join(
    json.dumps(report) + "\n"
    for report in (
        {"id": "k", "text": "9 killed in Kyiv, 63 injured in Kyiv", "published": "2025-04-24", "publisher": "P"},
        {"id": "o", "text": "2 killed in Odesa", "published": "2025-05-02"},
        {"id": "n", "text": "Talks go on in Geneva.", "published": "2025-05-02"},
    )
)


def run(*arguments: object, stdin: str | None = None) -> Any:
    """The command line in this process: exit_code, stdout, stderr."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


plain = pytest.mark.usefixtures("plain_reader")


# -- extract ---------------------------------------------------------------------------------------------------------


@plain
def test_extract_prints_one_line_a_report_in_order(write: Write) -> None:
    result = run("extract", write("a.jsonl", THREE), write("b.txt", "1 killed in Lviv"), "--published", "2025-01-02")
    assert (result.exit_code, result.stderr) == (0, "")
    printed = lines(result.stdout)
    assert [line["id"] for line in printed] == ["k", "o", "n", "b"]
    assert [len(line["claims"]) for line in printed] == [2, 1, 0, 1]
    assert printed[3]["claims"][0]["date"] == "2025-01-02"
    assert all(line["errors"] == [] for line in printed)


@plain
def test_the_format_is_the_contract(write: Write) -> None:
    first = lines(run("extract", write("a.jsonl", THREE)).stdout)[0]
    assert list(first) == ["id", "claims", "strikes", "errors"]
    assert tuple(first["claims"][0]) == CLAIM_FIELDS
    assert tuple(first["strikes"][0]) == STRIKE_FIELDS
    assert tuple(first["strikes"][0]["figures"][0]) == FIGURE_FIELDS
    claim = first["claims"][0]
    assert (claim["measure"], claim["group"], claim["relation"], claim["basis"], claim["field"]) == (
        "killed", "all", "total", "incident", "text",
    )  # fmt: skip
    assert (claim["weapons"], claim["models"], claim["candidates"]) == (["drone"], ["Shahed-136"], [])
    assert first["strikes"][0]["claim_ids"] == [claim["claim_id"] for claim in first["claims"]]


def test_the_fields_are_those_of_the_codebook_in_its_order() -> None:
    codebook = ROOT.parent / "shared" / "CODEBOOK.md"
    if not codebook.is_file():
        pytest.skip("the shared folder is not here")
    section = codebook.read_text(encoding="utf-8").split("## 1.")[1].split("## 2.")[0]
    named = [name for row in re.findall(r"^\| (`.*?) \|", section, re.M) for name in re.findall(r"`(\w+)`", row)]
    assert tuple(named) == CLAIM_FIELDS


@plain
def test_extract_writes_a_file_whole(write: Write, tmp_path: Path) -> None:
    source, target = write("a.jsonl", THREE), tmp_path / "out.jsonl"
    printed = run("extract", source).stdout
    result = run("extract", source, "-o", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text(encoding="utf-8") == printed


@plain
def test_extract_reads_standard_input() -> None:
    assert [line["id"] for line in lines(run("extract", "-", stdin=THREE).stdout)] == ["k", "o", "n"]


@plain
def test_extract_does_not_overwrite_its_input(write: Write) -> None:
    source = write("a.jsonl", THREE)
    result = run("extract", source, "-o", source)
    assert result.exit_code == 2
    assert "is an input; name another file" in result.stderr
    assert source.read_text(encoding="utf-8") == THREE


def test_several_processes_print_the_same_bytes(write: Write) -> None:
    reports = [
        {"id": str(n), "text": f"A drone killed {n} people in Odesa on Friday.", "published": "2025-05-03"}
        for n in range(2, 60)
    ]
    source = write(
        "a.jsonl", "".join(json.dumps(report) + "\n" for report in reports).replace('"id": "40"', '"id": ""')
    )
    one, two = run("extract", source), run("extract", source, "--jobs", 2)
    assert (one.exit_code, two.exit_code) == (1, 1)
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    assert [line["id"] for line in lines(one.stdout)] == [str(n) for n in range(2, 60) if n != 40]
    assert all(line["claims"] for line in lines(one.stdout))


@plain
def test_one_mistake_of_ours_costs_one_report(write: Write) -> None:
    result = run("extract", write("a.jsonl", '{"id": "b", "text": "BUG"}\n' + THREE))
    assert result.exit_code == 1
    printed = lines(result.stdout)
    assert [line["id"] for line in printed] == ["b", "k", "o", "n"]
    assert printed[0]["errors"] == [result.stderr.splitlines()[0]]
    assert "stumbled" in result.stderr
    assert result.stderr.splitlines()[-1] == "3 reports read, 1 failed."


@plain
def test_a_missing_date_is_noted_once(write: Write) -> None:
    result = run("extract", write("a.txt", "1 killed in Lviv"), write("b.txt", "x"))
    assert result.exit_code == 0
    assert result.stderr == (
        "Note: 2 reports without a publication date: 'yesterday' and the like stay unresolved. "
        "Give one with --published.\n"
    )
    assert lines(result.stdout)[0]["claims"][0]["date"] is None


@plain
@pytest.mark.parametrize("jobs", [1, 2])
def test_memory_does_not_grow_with_the_number_of_reports(jobs: int, write: Write) -> None:
    one = json.dumps({"id": "a", "text": "9 killed in Kyiv. " + "y" * 2_000}) + "\n"
    few, many = write("few.jsonl", one * 200), write("many.jsonl", one * 1_500)

    def peak(path: Path) -> int:
        tracemalloc.start()
        number = sum(outcome.line is not None for outcome in read_all(read_reports([path]), jobs=jobs))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert number in (200, 1_500)
        return used

    peak(few)
    assert peak(many) < peak(few) + 500_000


@plain
def test_policies_can_be_switched(write: Write) -> None:
    source = write("a.jsonl", json.dumps({"id": "a", "text": "8 killed in Kyiv, then 9 killed in Kyiv"}))
    best = [
        lines(run("extract", source, "--policy", policy).stdout)[0]["strikes"][0]["figures"][0]["best"]
        for policy in ("latest", "highest")
    ]
    assert best == [8, 9]


# -- wrong use -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["extract"], "Missing argument"),
        (["extract", "nowhere.txt"], "There is no file or folder 'nowhere.txt'."),
        (["extract", "{file}", "--published", "2025-02-30"], "'2025-02-30' is not a date that exists."),
        (["extract", "{file}", "--published", "tomorrow"], "'tomorrow' is not a date. Write it as YYYY-MM-DD"),
        (["extract", "{file}", "--policy", "fairest"], "'fairest' is not one of"),
        (["extract", "{file}", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["extract", "{file}", "-o", "/dev/null/out.jsonl"], "cannot be written"),
        (["extract", "{file}", "--colour"], "No such option"),
        (["ingest"], "Missing argument"),
        (["table", "--db", "nowhere.db"], "There is no database at nowhere.db. Run 'tracker ingest'"),
        (["dashboard", "--port", "0"], "Invalid value for '--port'"),
        (["count"], "No such command"),
    ],
)
def test_wrong_use_is_said_and_ends_with_2(arguments: list[str], said: str, write: Write) -> None:
    file = write("a.txt", "1 killed in Lviv")
    result = run(*(argument.format(file=file) for argument in arguments))
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_help_and_version() -> None:
    assert "extract" in run("--help").stdout
    assert re.fullmatch(r"tracker \d+\.\d+\.\d+\n", run("--version").stdout)


def test_help_loads_neither_pandas_nor_the_readers() -> None:
    code = (
        "import sys; from tracker import cli; "
        "print([name for name in ('pandas', 'streamlit', 'sqlalchemy', 'quantulum3', 'rich') if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pandas" not in loaded
    assert "streamlit" not in loaded
    assert "sqlalchemy" not in loaded
    assert "quantulum3" not in loaded


# -- ingest and table ------------------------------------------------------------------------------------------------


@plain
def test_ingest_stores_and_a_second_run_changes_nothing(write: Write, tmp_path: Path) -> None:
    source, database = write("in/a.jsonl", THREE), tmp_path / "t.db"
    first = run("ingest", source.parent, "--db", database)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "3 new reports, 0 changed, 0 unchanged, 0 failed.",
        f"{database} holds 3 reports, 3 claims, 2 strikes.",
    ]
    with Store.open(database) as store:
        before = store.revision()
    second = run("ingest", source.parent, "--db", database)
    assert second.stdout.splitlines()[0] == "0 new reports, 0 changed, 3 unchanged, 0 failed."
    with Store.open(database) as store:
        assert store.revision() == before


@plain
def test_the_environment_names_the_database(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DB", f"sqlite:///{tmp_path}/env.db")
    assert run("ingest", write("a.jsonl", THREE)).exit_code == 0
    assert (tmp_path / "env.db").is_file()
    assert "Odesa" in run("table").stdout


@plain
def test_table_prints_strikes_for_the_eye(write: Write, tmp_path: Path) -> None:
    run("ingest", write("a.jsonl", THREE), "--db", tmp_path / "t.db")
    assert run("table", "--db", tmp_path / "t.db").stdout.splitlines() == [
        "Place  Date        Weapons  Killed  Injured  Reports  Notes",
        "Kyiv   2025-04-24  drone    9       63       1",
        "Odesa  2025-05-02  drone    2       –        1",
    ]


def test_the_printed_table_tells_apart_what_must_not_be_added(tmp_path: Path) -> None:
    day, places = dt.date(2025, 5, 2), {"scope": Scope.COUNTRY, "place": None, "admin1": None, "country": "Ukraine"}
    (strike,) = plain_reconcile(plain_extract(Report("a", "9 killed in Kyiv", published=day)))
    (figure,) = strike.figures
    told = replace(figure, low=8, high=None, disputed=True)
    shown = [
        replace(strike, figures=(told,)),
        replace(strike, **places, linked=(strike.strike_id,), date_end=dt.date(2025, 5, 3)),
        replace(strike, basis=Basis.PERIOD, date=None, date_end=None, weapons=("missile", "drone")),
        replace(strike, figures=(replace(figure, low=None, best=None),)),
        replace(strike, figures=(replace(figure, low=0, best=0, high=0),)),
    ]
    assert [line.split("  ") for line in map(_collapsed, _strike_lines(shown))][1:] == [
        ["Kyiv", "2025-05-02", "drone", "9 [8 or more]", "–", "1", "disputed: killed"],
        ["Ukraine", "2025-05-02 – 2025-05-03", "drone", "9", "–", "1", "contains finer rows"],
        ["Kyiv", "–", "drone+missile", "9", "–", "1", "toll of a period"],
        ["Kyiv", "2025-05-02", "drone", "– [up to 9]", "–", "1"],
        ["Kyiv", "2025-05-02", "drone", "0", "–", "1"],
    ]


def _collapsed(line: str) -> str:
    return re.sub(" {2,}", "  ", line)


def test_table_writes_csv_for_a_spreadsheet(write: Write, tmp_path: Path) -> None:
    database, target = tmp_path / "t.db", tmp_path / "strikes.csv"
    report = {"id": "a", "text": "A Russian drone killed two people in Odesa on Friday.", "published": "2025-05-03"}
    assert run("ingest", write("a.jsonl", json.dumps(report)), "--db", database).exit_code == 0
    assert run("table", "--db", database, "-o", target).exit_code == 0
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (row["city"], row["date"], row["weapon"], row["killed_best"]) == ("Odesa", "2025-05-02", "drone", "2")
    assert row["injured_best"] == ""
    assert run("table", "--db", database, "-o", "-").stdout_bytes == data


@plain
def test_an_empty_database_says_how_to_begin(tmp_path: Path) -> None:
    Store.open(tmp_path / "t.db").close()
    assert run("table", "--db", tmp_path / "t.db").stdout == "No strikes yet. 'tracker ingest' takes reports in.\n"


@plain
def test_an_interrupted_ingest_is_finished_by_the_table(write: Write, tmp_path: Path) -> None:
    run("ingest", write("a.jsonl", THREE), "--db", tmp_path / "t.db")
    with Store.open(tmp_path / "t.db") as store, store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM strikes")
        connection.exec_driver_sql("UPDATE meta SET value = 2 WHERE key = 'stale'")
    result = run("table", "--db", tmp_path / "t.db")
    assert "interrupted" in result.stderr
    assert "Kyiv" in result.stdout


@plain
def test_the_sample_does_not_enter_an_analysts_database(tmp_path: Path) -> None:
    result = run("ingest", ROOT / "seeds", "--db", tmp_path / "t.db")
    assert result.exit_code == 1
    assert "is a sample report and does not enter" in result.stderr
    with Store.open(tmp_path / "t.db") as store:
        assert store.empty()


# -- evaluate --------------------------------------------------------------------------------------------------------

GOLD = [
    {"id": "k", "text": "9 killed in Kyiv. 63 injured in Kyiv.", "published": "2025-04-24"}
    | {"claims": [{"measure": "killed", "low": 9, "high": 9, "group": "all", "place": "Lviv", "text": "9"}]},
    {
        "id": "o",
        "text": "Two dead.",
        "claims": [{"measure": "killed", "low": 2, "high": 2, "group": "all", "text": "Two"}],
    },
]


@plain
def test_evaluate_scores_and_lists_what_is_wrong(write: Write) -> None:
    gold = write("gold.jsonl", "".join(json.dumps(item) + "\n" for item in GOLD))
    result = run("evaluate", gold, "--misses")
    assert result.exit_code == 0
    shown = result.stdout.splitlines()
    assert shown[0] == "gold.jsonl: precision  recall  F1"
    assert shown[1].split() == ["core", "0.500", "0.500", "0.500"]
    assert ["group", "1.000", "of", "1"] in [line.split() for line in shown]
    assert ["place", "0.000", "of", "1"] in [line.split() for line in shown]
    assert [line.split()[0] for line in shown[-3:]] == ["spurious", "differs", "missed"]
    (scores,) = lines(run("evaluate", gold, "--json").stdout)
    assert scores["file"] == "gold.jsonl"
    assert scores["core"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


@plain
def test_evaluate_tells_what_was_gained_and_lost(write: Write, tmp_path: Path) -> None:
    gold = write("gold.jsonl", "".join(json.dumps(item) + "\n" for item in GOLD))
    record = tmp_path / "record"
    assert run("evaluate", gold, "--record", record, "--update").exit_code == 0
    assert (record / "gold.txt").read_text().splitlines() == [
        "differs k killed 9..9",
        "missed o killed 2..2",
        "spurious k injured 63..63",
    ]
    assert not [line for line in run("evaluate", gold, "--record", record).stdout.splitlines() if line[0] in "+-"]
    (record / "gold.txt").write_text("right k killed 9..9\nmissed o killed 2..2\nspurious k injured 63..63\n")
    changed = run("evaluate", gold, "--record", record).stdout.splitlines()
    assert changed[-2:] == ["+ differs k killed 9..9", "- right k killed 9..9"]


@plain
def test_broken_gold_is_said(write: Write) -> None:
    result = run("evaluate", write("gold.jsonl", "{}\n"))
    assert result.exit_code == 2
    assert "gold.jsonl, line 1" in result.stderr


# -- terminals -------------------------------------------------------------------------------------------------------

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"


@plain
def test_no_text_commands_the_terminal(write: Write, tmp_path: Path) -> None:
    good = {"id": f"id{HOSTILE}", "text": f"1 killed in Lviv {HOSTILE}", "publisher": HOSTILE}
    bad = {"id": f"bad{HOSTILE}", "text": "x", "published": HOSTILE}
    source = write(f"x{HOSTILE.replace('/', '')}.jsonl", f"{json.dumps(good)}\n{json.dumps(bad)}\n")
    database = tmp_path / f"t{HOSTILE}.db"
    for arguments in (
        ("extract", source),
        ("ingest", source, "--db", database),
        ("table", "--db", database),
        ("table", "--db", tmp_path / f"none{HOSTILE}"),
        ("extract", f"none{HOSTILE}"),
        ("extract", source, "--published", HOSTILE),
    ):
        result = run(*arguments)
        written = result.stdout + result.stderr
        assert written
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written), arguments
    assert lines(run("extract", source).stdout)[0]["id"] == good["id"]


def on_a_terminal(*arguments: object) -> str:
    """What a command writes to standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*TRACKER, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    written = b""
    with contextlib.suppress(OSError):  # the terminal closes with its last writer
        while part := os.read(ours, 4096):
            written += part
    os.close(ours)
    assert process.wait() in (0, 1)
    return written.decode()


def test_a_bar_on_a_terminal_and_none_in_a_pipe(write: Write) -> None:
    source = write("a.jsonl", THREE + "broken\n")
    shown = on_a_terminal("extract", source)
    assert "Reading" in shown
    assert "line 4: is not JSON" in shown
    assert "Reading" not in run("extract", source).stderr


def test_a_closed_pipe_is_no_crash(write: Write) -> None:
    source = write("a.jsonl", "".join(json.dumps({"id": str(n), "text": "y" * 999}) + "\n" for n in range(3000)))
    command = f"{shlex.join([*TRACKER, 'extract', str(source)])} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["id"] == "0"
    assert "Traceback" not in done.stderr


# -- dashboard -------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@plain
def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("dashboard", "--port", port, "--db", tmp_path / "t.db")
    assert result.exit_code == 2
    assert result.stderr == f"Port {port} is in use. Name another one with --port.\n"


def test_dashboard_starts_on_the_sample_and_on_this_machine_only(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*TRACKER, "dashboard", "--port", str(port), "--db", str(tmp_path / "none.db")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "STREAMLIT_SERVER_HEADLESS": "true"},
    )
    assert process.stdout is not None
    written: list[bytes] = []
    reader = threading.Thread(target=lambda: written.extend(process.stdout or []))
    reader.start()
    try:
        until = time.monotonic() + 60
        answer = None
        while answer is None and process.poll() is None and time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as response:
                    answer = response.status
            except OSError:
                time.sleep(0.1)
        assert answer == 200, b"".join(written).decode()
    finally:
        process.terminate()
        process.wait(30)
        reader.join()
    said = b"".join(written).decode()
    assert "No reports of your own yet: showing the sample reports." in said
    assert f"127.0.0.1:{port}" in said
    assert "Network URL" not in said
    assert not (tmp_path / "none.db").exists()
