"""Blind checks: a sheet is drawn, marked in whatever program there is, and scored (``tracker sample``)."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from tests.factory import claim
from tests.plain import plain_extract
from tests.test_dashboard import visit
from tracker import amend, blind, marksheet
from tracker.cli import app
from tracker.ingest import Origin, read_record
from tracker.marksheet import COLUMNS, Draw, SheetError, read_sheet, reading_of, sheet_row, to_csv, to_excel
from tracker.models import Claim, Field, Measure, Report
from tracker.sampling import Mark, Tally
from tracker.store import Store

NOW = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)
FORMULA = "=HYPERLINK(1)"

Write = Callable[[str, str | bytes], Path]
Table = list[list[Any]]


def filled(path: Path, reports: int = 40) -> Path:
    """A database with a report of two claims for each number, a third one in every tenth."""
    records = [
        {
            "id": f"{FORMULA} {n}",
            "title": f"+{n} \u2028;=1+1",
            "text": f"@SUM(1)\n;=2 {n} killed in Odesa, {n} injured in Odesa",
            "published": "2025-04-24",
            "publisher": "-P\t=cmd",
        }
        for n in range(1, reports + 1)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.store._reader", lambda: plain_extract)
        with Store.open(path) as store:
            lines = (json.dumps(record).encode() for record in records)
            store.ingest(read_record(line, Origin("r", at)) for at, line in enumerate(lines, 1))
    return path


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return filled(tmp_path / "t.db")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(filled(tmp_path_factory.mktemp("blind") / "t.db")) as store:
        yield store


# -- spreadsheets, as people use them --------------------------------------------------------------------------


def from_csv(content: bytes) -> Table:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_text(
    table: Table, delimiter: str = ",", encoding: str = "utf-8-sig", quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerows(table)
    return out.getvalue().encode(encoding)


def from_excel(content: bytes) -> Table:
    page = openpyxl.load_workbook(io.BytesIO(content))["Claims"]
    return [["" if cell is None else cell for cell in row] for row in page.values]


def as_excel(table: Table) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Notes"  # type: ignore[union-attr]
    page = book.create_sheet("My sheet")
    for row in table:
        page.append([cell if not str(cell).startswith("=") else f"'{cell}" for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS: dict[str, tuple[Callable[[Any], bytes], Callable[[bytes], Table], Callable[[Table], bytes]]] = {
    "csv": (to_csv, from_csv, as_text),
    "semicolons": (to_csv, from_csv, lambda table: as_text(table, ";", "utf-8")),
    "tabs": (to_csv, from_csv, lambda table: as_text(table, "\t", "utf-16")),
    "big-endian": (to_csv, from_csv, lambda table: b"\xfe\xff" + as_text(table, "\t", "utf-16-be")),
    "told": (to_csv, from_csv, lambda table: b"SEP=;\r\n" + as_text(table, ";", "utf-8", csv.QUOTE_ALL)),
    "excel": (to_excel, from_excel, as_excel),
}


def put(table: Table, marks: dict[int, tuple[Any, Any]]) -> Table:
    """A table with marks at rows (counted from 1, below the head)."""
    figure, rest = table[0].index("figure_right"), table[0].index("rest_right")
    marked = [[*row] for row in table]
    for at, (one, other) in marks.items():
        marked[at][figure], marked[at][rest] = one, other
    return marked


def drawn(store: Store, wanted: int = 20, seed: int = 4711, **options: Any) -> Table:
    return from_csv(to_csv(blind.draw_claims(store, wanted, seed, **options)))


def scored(store: Store, table: Table, who: str | None = None) -> blind.Scored:
    return blind.score(store, read_sheet(as_text(table)), who=who, when=NOW, version="1.2.3")


WORDS: dict[Mark | None, list[Any]] = {
    Mark.RIGHT: ["y", "Y", " yes ", "right", "TRUE", "1", "ja", "oui", "sí", "так", "да"],
    Mark.WRONG: ["n", "No", "wrong", "false", "0", "nein", "ні", "нет"],
    Mark.UNSURE: ["?", "unsure"],
    None: ["", "  "],
}
IN_EXCEL: dict[Mark | None, list[Any]] = {Mark.RIGHT: [True, 1, 1.0], Mark.WRONG: [False, 0], None: [None]}
each_mark = st.sampled_from([*Mark, None])


@settings(max_examples=25)
@given(
    kind=st.sampled_from(sorted(FORMATS)),
    wanted=st.integers(1, 90),
    seed=st.integers(0, 999_999_999),
    chosen=st.lists(st.tuples(each_mark, each_mark), min_size=90, max_size=90),
    order=st.randoms(use_true_random=False),
)
def test_what_is_marked_is_what_is_counted(
    shared: Store,
    kind: str,
    wanted: int,
    seed: int,
    chosen: list[tuple[Mark | None, Mark | None]],
    order: random.Random,
) -> None:
    write, load, save = FORMATS[kind]
    rows = blind.draw_claims(shared, wanted, seed)
    assert len(rows) == min(wanted, 80)
    said = {**WORDS}
    if kind == "excel":
        said = {mark: WORDS[mark] + IN_EXCEL.get(mark, []) for mark in WORDS}
    marks = dict(enumerate(chosen[: len(rows)], 1))
    words = {at: (order.choice(said[one]), order.choice(said[other])) for at, (one, other) in marks.items()}
    head, *body = put(load(write(rows)), words)
    # People sort rows, move columns, and write notes of their own.
    order.shuffle(body)
    columns = order.sample(range(len(head)), len(head))
    table = [[name.upper() for name in head], *([*row] for row in body)]
    moved = [[row[at] for at in columns] + ["my own; note,\twith\nlines"] for row in table]
    if not any(one or other for one, other in marks.values()):
        with pytest.raises(SheetError, match="Nothing is marked"):
            read_sheet(save(moved))
        return
    expected: dict[str, tuple[Counter[Mark | None], Counter[Mark | None]]] = {}
    for at, row in enumerate(rows, 1):
        tallies = expected.setdefault(row.measure, (Counter(), Counter()))
        tallies[0][marks[at][0]] += 1
        tallies[1][marks[at][1]] += 1

    def tallied(counts: Counter[Mark | None]) -> Tally:
        return Tally(counts[Mark.RIGHT], counts[Mark.WRONG], counts[Mark.UNSURE], counts[None])

    check = blind.score(shared, read_sheet(save(moved)), who=None, when=NOW, version="1").check
    assert {str(one.measure): (one.figure, one.rest) for one in check.strata} == {
        measure: (tallied(figure), tallied(rest)) for measure, (figure, rest) in expected.items()
    }
    assert check.seed == seed
    assert {one.population for one in check.strata} == {40}
    assert all(one.drawn == sum(dataclasses.astuple(one.figure)) for one in check.strata)


# -- the sheet ---------------------------------------------------------------------------------------------------


def test_the_sheet_shows_the_figure_in_its_sentence_and_what_stands_before_it() -> None:
    text = "Kyiv was calm.\n\nIn Odesa at least nine people died, and nine were hurt."
    start = text.index("at least nine")
    one = claim(
        "killed 9..", report="r", start=start, end=start + 13, text="at least nine", place="Odesa", admin1="Odesa",
        weapons="drone+missile", source="the mayor", sentence=text.splitlines()[2],
    )  # fmt: skip
    report = Report("r", text, "Night attack", dt.date(2025, 4, 25), "P", "https://a.example")
    row = sheet_row(one, report, Draw(7, Measure.KILLED, 1, 2, 3))
    assert row.sentence == "In Odesa [[at least nine]] people died, and nine were hurt."
    assert (row.before, row.title) == ("Kyiv was calm.", "Night attack")
    assert (row.measure, row.lowest, row.highest, row.group) == ("killed", 9, None, "all")
    assert (row.place, row.first_day, row.weapons, row.source) == ("Odesa", "2025-04-24", "drone+missile", "the mayor")
    assert (row.published, row.publisher, row.url) == ("2025-04-25", "P", "https://a.example")
    assert (row.figure_right, row.rest_right, row.what_is_wrong) == (None, None, None)
    assert row.claim == f"{one.claim_id}-{reading_of(one)}"
    assert row.draw == "seed 7: 1 of 2 killed, 3 in all"


def test_a_title_and_an_endless_sentence_are_shown_too() -> None:
    title = claim("killed 9", report="r", start=0, field=Field.TITLE, sentence="9 dead")
    report = Report("r", "Not this. 9 dead", "9 dead")
    row = sheet_row(title, report, Draw(1, Measure.KILLED, 1, 1, 1))
    assert (row.sentence, row.before) == ("[[9]] dead", None)
    long = "word " * 4000 + "9 dead" + " word" * 4000
    ended = claim("killed 9", report="r", start=20_000, sentence=long)
    row = sheet_row(ended, Report("r", long), Draw(1, Measure.KILLED, 1, 1, 1))
    assert "word [[9]] dead word" in row.sentence
    assert len(row.sentence) < 2100
    assert row.sentence.startswith("…")
    assert row.sentence.endswith("…")


@pytest.mark.parametrize("kind", ["csv", "excel"])
def test_no_spreadsheet_runs_what_a_report_says(shared: Store, kind: str) -> None:
    write, load, _ = FORMATS[kind]
    rows = blind.draw_claims(shared, 80, 1)
    content = write(rows)
    table = load(content)
    assert table[0] == list(COLUMNS)
    if kind == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        for cell in (cell for row in table for cell in row):
            assert not cell.startswith(("=", "+", "-", "@"))
    else:
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["Claims"] for cell in row]
        assert not any(cell.data_type == "f" for cell in cells)
        assert any(str(cell.value).startswith("=") for cell in cells)


def test_a_workbook_offers_the_marks_and_says_how_to_mark(shared: Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_excel(blind.draw_claims(shared, 10, 1))))
    (choice,) = book["Claims"].data_validations.dataValidation
    figure, rest = (
        openpyxl.utils.get_column_letter(COLUMNS.index(name) + 1) for name in ("figure_right", "rest_right")
    )
    assert choice.formula1 == '"y,n,?"'
    assert {str(each) for each in choice.sqref.ranges} == {f"{figure}2:{figure}11", f"{rest}2:{rest}11"}
    assert "random" in book["How to mark"]["A2"].value


def test_every_word_for_a_mark_has_one_meaning() -> None:
    words = [word for each in marksheet.MARKS.values() for word in each]
    assert len(words) == len(set(words))
    assert all(word == word.strip().casefold() for word in words)
    assert set(marksheet.MARKS) == set(Mark)


def test_a_reading_changes_with_all_that_the_marker_saw() -> None:
    one = claim("killed 9", weapons="drone")
    others = [
        dataclasses.replace(one, **change)
        for change in (
            {"low": 8}, {"high": None}, {"approx": True}, {"place": "Odesa"}, {"country": None}, {"admin1": "X"},
            {"date": None}, {"date_end": None}, {"weapons": ()}, {"attacker": "Russia"}, {"source": "the mayor"},
            {"sentence": "Another."}, {"text": "nine"},
        )
    ]  # fmt: skip
    assert len({reading_of(each) for each in [one, *others]}) == len(others) + 1
    assert reading_of(dataclasses.replace(one, lat=1.0, claim_id="another")) == reading_of(one)


# -- what is refused -----------------------------------------------------------------------------------------------


def _mark_all(table: Table, mark: str = "y") -> Table:
    return put(table, dict.fromkeys(range(1, len(table)), (mark, mark)))


def _cell(table: Table, row: int, name: str, value: str) -> Table:
    changed = [[*each] for each in table]
    changed[row][table[0].index(name)] = value
    return changed


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda table: put(table, {3: ("maybe", "y")}), "Row 4: 'maybe' in figure_right is no mark. Write y, n or ?."),
        (lambda table: put(table, {3: ("y", "\u202ey")}), "Row 4: '\\u202ey' in rest_right is no mark."),
        (lambda table: [*table, table[5]], "Row 22 is the claim of row 6 again."),
        (lambda table: _cell(table, 2, "claim", "1.35E+15"), "Row 3: the column claim does not hold what was drawn."),
        (lambda table: _cell(table, 2, "draw", "seed 4711"), "Row 3: the column draw does not hold what was drawn."),
        (
            lambda table: _cell(table, 2, "draw", "seed 4711: 9 of 7 killed, 80 in all"),
            "Row 3: the column draw does not hold what was drawn.",
        ),
        (
            lambda table: _cell(table, 2, "draw", table[2][-1].replace("seed 4711", "seed 4712")),
            "Row 3 was not drawn together with row 2.",
        ),
        (lambda table: [[name.replace("claim", "id") for name in table[0]], *table[1:]], "needs the columns claim"),
        (lambda table: table[:1], "The sheet has no rows."),
        (lambda table: _mark_all(table, ""), "Nothing is marked."),
    ],
)
@pytest.mark.parametrize("save", [as_text, as_excel], ids=["csv", "excel"])
def test_a_sheet_that_cannot_be_scored_says_why(
    shared: Store, spoil: Callable[[Table], Table], said: str, save: Callable[[Table], bytes]
) -> None:
    table = _mark_all(drawn(shared))
    assert read_sheet(save(table))
    with pytest.raises(SheetError) as refused:
        read_sheet(save(spoil(table)))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no sheet of 'tracker sample'"),
        (b"\x00\xff\xfe", "no sheet of 'tracker sample'"),
        (b"PK\x03\x04 not a workbook", "cannot be read as an Excel workbook"),
        (b"claim,draw,figure_right,rest_right\n" + b'"' + b"x,,,\n" * 9, "cannot be read as CSV"),
        (b"claim,draw,figure_right,rest_right\n" + b"x,,,\n" * 10_001, "more than 10,000 rows"),
        (b"x" * 50_000_001, "larger than 50 MB"),
    ],
)
def test_other_files_are_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(SheetError) as refused:
        read_sheet(content)
    assert said in str(refused.value)


def _workbook(**parts: Callable[[str], str]) -> bytes:
    """A workbook with the head of a sheet, parts of its page changed."""
    book = openpyxl.Workbook()
    book.active.append(["claim", "draw", "figure_right", "rest_right"])  # type: ignore[union-attr]
    made, changed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode()
            new.writestr(name, parts["page"](content) if name.endswith("sheet1.xml") else content)
    return changed.getvalue()


def _far_off(row: int) -> Callable[[str], str]:
    cell = f'<row r="{row}"><c r="XFD{row}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return lambda page: page.replace("</sheetData>", cell)


def _entities(page: str) -> str:
    each = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    cell = '<row r="2"><c r="A2" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData>'
    return f'<!DOCTYPE x [<!ENTITY a0 "no">{each}]>' + page.replace("</sheetData>", cell)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (_far_off(1_048_576), "The sheet has no rows."),
        (_far_off(2_000_000_000), "The sheet has no rows."),
        (_entities, "cannot be read as an Excel workbook"),
        (lambda page: page + " " * 50_000_000, "unpacks to more than any sheet"),
    ],
    ids=["the last cell", "a cell beyond", "entities", "blanks"],
)
def test_a_workbook_made_to_do_harm_does_none(
    page: Callable[[str], str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marksheet, "_MOST_UNPACKED", 50_000_000)
    with pytest.raises(SheetError, match=said):
        read_sheet(_workbook(page=page))


def test_many_problems_are_told_in_a_few_lines(shared: Store) -> None:
    with pytest.raises(SheetError) as refused:
        read_sheet(as_text(_mark_all(drawn(shared), "so so")))
    assert len(refused.value.problems) == 11
    assert refused.value.problems[-1] == "And 10 more like these."


# -- on a database -------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_sheet_and_only_of_the_measures_asked_for(shared: Store) -> None:
    assert drawn(shared, 20, 5) == drawn(shared, 20, 5)
    assert drawn(shared, 20, 5) != drawn(shared, 20, 6)
    only = blind.draw_claims(shared, 20, 5, [Measure.INJURED])
    assert {row.draw for row in only} == {"seed 5: 20 of 40 injured, 40 in all"}
    with pytest.raises(ValueError, match="holds no claims of fires to draw from"):
        blind.draw_claims(shared, 20, 5, [Measure.FIRES])


def test_only_what_is_drawn_is_loaded(shared: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Claim] = []
    real = blind.derive.claim_from_row  # type: ignore[attr-defined]

    def seen(row: Any) -> Any:
        found = real(row)
        read.append(found[1])
        return found

    monkeypatch.setattr(blind.derive, "claim_from_row", seen)
    assert len(blind.draw_claims(shared, 6, 1)) == len(read) == 6


def test_a_check_is_kept_as_it_was_and_comes_back(base: Path) -> None:
    with Store.open(base) as store:
        assert blind.last_check(store) is None
        revision = store.revision()
        table = drawn(store, 12)
        found = scored(store, put(table, {1: ("y", "y"), 2: ("n", ""), 3: ("?", "n")}), " Olena ")
        assert found.added
        assert found.gone == ()
        check = found.check
        assert (check.number, check.made, check.who, check.version) == (1, NOW, "Olena", "1.2.3")
        assert (check.seed, check.claims) == (4711, 80)
        assert sum(each.drawn for each in check.strata) == 12
        assert blind.last_check(store) == check
        assert store.revision() == revision  # the data are what they were
    with Store.open(base) as store, store.reading() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM checks")
    assert "Odesa" not in str(row)


def test_the_same_marks_are_kept_once(base: Path) -> None:
    with Store.open(base) as store:
        head, *rows = put(drawn(store), {1: ("y", "y"), 2: ("n", "n")})
        first = scored(store, [head, *rows], "Olena")
        again = scored(store, [head, *reversed(rows)], "Olena")
        assert (again.added, again.check) == (False, first.check)
        another = scored(store, [head, *rows], "Ivan")
        assert (another.added, another.check.number) == (True, 2)
        more = scored(store, put([head, *rows], {3: ("y", "y")}), "Olena")
        assert (more.added, more.check.number) == (True, 3)
        assert blind.last_check(store) == more.check


def test_a_claim_that_is_gone_or_read_differently_is_left_out_and_named(base: Path) -> None:
    with Store.open(base) as store:
        table = _mark_all(drawn(store))
        reports, claims = (
            [row[table[0].index(name)].removeprefix("'") for row in table] for name in ("report", "claim")
        )
        amend.forget(store, reports[4], when=NOW)
        changed = claims[9].split("-")[0]
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE claims SET place = 'Lviv' WHERE claim_id = ?", (changed,))
        found = scored(store, table)
        told = {(each.row, each.claim_id): each.why for each in found.gone}
        assert told[5, claims[4].split("-")[0]] == "its report was changed or forgotten"
        assert told[10, changed] == "it is read differently now"
        gone = sum(each.gone for each in found.check.strata)
        assert gone == len(told) >= 2
        assert sum(each.figure.right for each in found.check.strata) == 20 - gone
        assert {each.population for each in found.check.strata} == {40}  # as it was when they were drawn


def test_a_sheet_of_another_database_is_refused(base: Path, tmp_path: Path) -> None:
    with Store.open(base) as store, Store.open(filled(tmp_path / "other.db", 8)) as other:
        with pytest.raises(SheetError, match="drawn from another database, or too much has changed"):
            scored(other, _mark_all(drawn(store)))
        assert blind.last_check(other) is None
        assert scored(store, _mark_all(drawn(other))).added  # all of its reports are in the larger one


def test_marks_of_claims_that_are_gone_alone_are_no_check(base: Path) -> None:
    with Store.open(base) as store:
        table = put(drawn(store), {1: ("y", "y")})
        amend.forget(store, table[1][table[0].index("report")].removeprefix("'"), when=NOW)
        with pytest.raises(SheetError, match="No claim that is marked is still in the database"):
            scored(store, table)


def test_a_row_taken_out_of_the_sheet_is_unmarked(shared: Store) -> None:
    check = scored(shared, _mark_all(drawn(shared, 20, 9))[:11]).check
    assert sum(each.figure.right for each in check.strata) == 10
    assert sum(each.figure.unmarked for each in check.strata) == 10


# -- the command ---------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx", "SHEET.XLSX"])
def test_from_the_draw_to_the_score(base: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    result = run("sample", 20, "-o", path, "--seed", 7, "--db", base)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{path} holds 20 claims, drawn at random with --seed 7.\n")
    assert "figure_right: " in result.stdout
    first = path.read_bytes()
    again = run("sample", 20, "-o", path, "--seed", 7, "--db", base)
    assert again.exit_code == 2
    assert f"{path} exists, and may hold marks." in again.stderr
    assert path.read_bytes() == first
    assert run("sample", 20, "-o", path, "--seed", 8, "--force", "--db", base).exit_code == 0
    assert path.read_bytes() != first
    load, save = (from_csv, as_text) if name.endswith("csv") else (from_excel, as_excel)
    table = _mark_all(load(path.read_bytes()))
    path.write_bytes(save(put(table, {1: ("n", "?"), 2: ("", "")})))
    result = run("sample", "--score", path, "--who", "Olena", "--db", base)
    assert result.exit_code == 0
    told = result.stdout.splitlines()
    assert told[0].startswith("Check 1, ")
    assert "by Olena, Strike Tracker" in told[0]
    assert told[0].endswith("20 claims drawn of 80 (seed 8).")
    assert any(line.startswith("all ") and "18 of 19: 9" in line and "18 of 18: 100 % (" in line for line in told)
    assert "circumstances: 1 unsure and 1 unmarked count neither way." in told
    result = run("sample", "--score", path, "--who", "Olena", "--json", "--db", base)
    assert "kept before, as check 1" in result.stderr
    found = json.loads(result.stdout)
    assert (found["number"], found["added"], found["who"], found["claims"]) == (1, False, "Olena", 80)
    assert found["rest"]["precision"] == 1.0
    assert 0.7 < found["rest"]["low"] < 1.0
    assert sum(each["figure"]["wrong"] for each in found["measures"].values()) == 1
    assert found["left_out"] == []


def test_a_seed_is_found_and_said(base: Path, tmp_path: Path) -> None:
    said = run("sample", 5, "-o", tmp_path / "a.csv", "--db", base).stdout.splitlines()[0]
    seed = said.split("--seed ")[1].rstrip(".")
    assert run("sample", 5, "-o", tmp_path / "b.csv", "--seed", seed, "--db", base).exit_code == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert f"seed {seed}: " in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_all_there_are_is_said_and_the_sheet_has_a_name(base: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("sample", "--measure", "killed", "--db", base)
    assert "holds 40 claims" in result.stdout
    assert "That is all there are." in result.stdout
    (path,) = tmp_path.glob("sample-*.csv")
    assert {row[COLUMNS.index("measure")] for row in from_csv(path.read_bytes())[1:]} == {"killed"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "sheet.ods"), "is neither .csv nor .xlsx"),
        (("-o", "no/such/folder/sheet.csv"), "cannot be written"),
        (("--measure", "fires", "-o", "x.csv"), "holds no claims of fires to draw from"),
        (("--json",), "--json goes with --score."),
        (("20", "--score", "x.csv"), "nothing that draws one"),
        (("--seed", "0", "--score", "x.csv"), "nothing that draws one"),
        (("--score", "x.csv"), "x.csv cannot be read (No such file or directory)"),
        (("--score", "empty.csv"), "empty.csv cannot be scored."),
        (("0",), "Invalid value for"),
    ],
)
def test_wrong_use_is_said(
    base: Path, write: Write, tmp_path: Path, monkeypatch: Any, arguments: tuple[str, ...], said: str
) -> None:
    write("empty.csv", "")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    result = run("sample", *arguments, "--db", base)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert sorted(tmp_path.iterdir()) == before


def test_rows_left_out_are_named(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    run("sample", 20, "-o", path, "--db", base)
    table = _mark_all(from_csv(path.read_bytes()))
    path.write_bytes(as_text(table))
    run("forget", table[1][table[0].index("report")].removeprefix("'"), "--yes", "--db", base)
    result = run("sample", "--score", path, "--db", base)
    assert result.exit_code == 0
    assert "Row 2 is left out: of claim " in result.stderr
    assert "its report was changed or forgotten." in result.stderr
    assert "no longer in the database as they were." in result.stdout


# -- the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def method(base: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    from tracker.pages import data

    monkeypatch.setenv("TRACKER_DB", str(base))
    data._opened.clear()
    return lambda: visit("method")


def everything(page: AppTest) -> str:
    kinds = ("markdown", "caption", "text", "success", "info", "warning", "error")
    return " ".join(str(one.value) for kind in kinds for one in page.get(kind))


def test_the_page_says_how_to_check_and_shows_the_last_check_at_once(method: Callable[[], AppTest], base: Path) -> None:
    page = method()
    assert "Not checked yet. `tracker sample 100`" in everything(page)
    assert len(page.table) == 1
    with Store.open(base) as store:
        scored(store, put(_mark_all(drawn(store)), {1: ("n", "n")}), "<b>Olena</b>\x1b[2J")
    page.run()
    assert "Not checked yet" not in everything(page)
    told = next(one.value for one in page.text if one.value.startswith("Check 1 of "))
    assert "4 May 2025 by <b>Olena</b>\\x1b[2J, with Strike Tracker 1.2.3: 20 drawn at random of 80 claims" in told
    shown = page.table[1].value
    assert list(shown.index) == ["killed", "injured", "all"]
    assert shown.loc["all", "Figure right"].startswith("19 of 20: 95 % (")
    assert list(shown["Claims"]) == ["40", "40", "80"]


def test_the_page_draws_a_sheet(method: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.pages import checks, data
    from tracker.pages.selection import Filters
    from tracker.pages.view import View

    assert method()
    view = View(data.current(), Filters())
    rows = from_csv(checks._drawn(view, 50, to_csv))
    assert len(rows) == 51
    assert from_csv(checks._drawn(view, 50, to_csv)) != rows  # another seed each time


def test_a_marked_sheet_is_taken_back_on_the_page(method: Callable[[], AppTest], base: Path) -> None:
    page = method()
    button = next(one for one in page.button if one.label == "Score and keep")
    button.click().run()
    assert "Choose the marked sheet first." in everything(page)

    def bring(content: bytes) -> None:
        page.file_uploader(key="check_sheet").set_value(("sheet.csv", content, "text/csv"))
        page.text_input(key="check_who").set_value("Olena")
        next(one for one in page.button if one.label == "Score and keep").click()
        page.run()
        assert not page.exception

    with Store.open(base) as store:
        table = drawn(store)
    bring(as_text(put(_mark_all(table), {1: ("\x1bmaybe", "y")})))
    assert "The sheet cannot be scored." in everything(page)
    assert "Row 2: '\\x1bmaybe' in figure_right is no mark." in everything(page)
    bring(as_text(_mark_all(table)))
    assert "Kept as check 1." in everything(page)
    assert page.table[1].value.loc["all", "Figure right"].startswith("20 of 20: 100 % (")
    bring(as_text(_mark_all(table)))
    assert "These marks were kept before, as check 1" in everything(page)
