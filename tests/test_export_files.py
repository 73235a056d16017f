"""Every export opens again, says how it was made, and holds text that nothing runs."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.factory import claim, report
from tracker import export
from tracker.export import About, Bundle, EvidenceRow, describe, short_quote
from tracker.reconcile import reconcile
from tracker.table import to_table

ODESA = {"admin1": "Odesa", "lat": 46.48, "lon": 30.73}
NASTY = '=HYPERLINK("https://evil.invalid")\x07'
ABOUT = About(
    dt.datetime(2025, 5, 2, 9, 30, tzinfo=dt.UTC), "9.9", "highest", "acled", 2, (("city", "Odesa"),), sample=True
)


def bundle() -> Bundle:
    strikes = reconcile(
        [
            *report("one", "killed 4..", "injured 11", date="2025-03-01", at="2025-03-01", place=NASTY, **ODESA),
            claim("killed 0", date=None, at=None, place=None, country=None),
        ]
    )
    table = to_table(strikes)
    row = EvidenceRow(
        table["strike_id"].iloc[0], "c1", "killed", "all", "total", 4, None, "at least 4", NASTY, None, "the mayor",
        "+Paper", "2025-03-01", "https://paper.example/1", None, "one",
    )  # fmt: skip
    return Bundle(table, (row,), ABOUT)


def test_csv_carries_evidence_and_how_it_was_made() -> None:
    table = pd.read_csv(io.BytesIO(export.to_csv(bundle())), encoding="utf-8-sig")
    assert table["killed_low"].tolist() == [4, 0]
    assert table["injured_best"].isna().tolist() == [False, True]
    assert table["city"][0].startswith("'=HYPERLINK")
    assert "https://paper.example/1" in table["evidence"][0]
    assert pd.isna(table["evidence"][1])
    for part in ("SAMPLE DATA, NOT EVIDENCE", "Strike Tracker 9.9", "city: Odesa", "policy: highest", "2025-05-02"):
        assert part in table["made_with"][0]


def test_a_zip_has_the_parts() -> None:
    made = export.to_csv_zip(bundle())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["strikes.csv", "evidence.csv", "dictionary.csv", "about.txt"]
        evidence = pd.read_csv(archive.open("evidence.csv"), encoding="utf-8-sig")
        assert evidence[["low", "source", "publisher"]].values.tolist() == [[4, "the mayor", "'+Paper"]]
        words = pd.read_csv(archive.open("dictionary.csv"), encoding="utf-8-sig")
        strikes = pd.read_csv(archive.open("strikes.csv"), encoding="utf-8-sig")
        assert words["column"].tolist() == list(strikes.columns)
        assert "filters: city: Odesa" in archive.read("about.txt").decode()


def test_excel_shows_text_and_runs_none_of_it() -> None:
    made = export.to_excel(bundle())
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Strikes", "Evidence", "Dictionary", "About"]
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    city = book["Strikes"]["A2"]
    assert (city.data_type, city.value) == ("s", NASTY.replace("\x07", "\ufffd"))
    table = pd.read_excel(io.BytesIO(made))
    assert table["killed_low"].tolist() == [4, 0]
    assert pd.isna(table["injured_best"][1])
    assert table["date"][0] == pd.Timestamp("2025-03-01")
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["status"] == "SAMPLE DATA, NOT EVIDENCE"
    assert about["vague words"] == "acled"


def test_excel_refuses_in_words_what_a_sheet_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.export.workbook.MOST_ROWS", 1)
    with pytest.raises(ValueError, match=r"holds 1 rows\. Narrow the filters"):
        export.to_excel(bundle())


def test_parquet_keeps_types_evidence_and_how_it_was_made() -> None:
    table = pq.read_table(io.BytesIO(export.to_parquet(bundle())))
    assert table["killed_low"].to_pylist() == [4, 0]
    assert table["injured_best"].to_pylist() == [11, None]
    assert table["date"].to_pylist() == [dt.date(2025, 3, 1), None]
    first, second = table["evidence"].to_pylist()
    assert first[0]["url"] == "https://paper.example/1"
    assert first[0]["high"] is None
    assert second == []
    assert json.loads(table.schema.metadata[b"about"])["filters"] == "city: Odesa"
    assert set(json.loads(table.schema.metadata[b"dictionary"])) == set(table.column_names) - {"evidence"}


def test_geojson_has_a_point_where_a_place_is_known_and_none_where_not() -> None:
    collection = json.loads(export.to_geojson(bundle()))
    there, nowhere = collection["features"]
    assert there["geometry"] == {"type": "Point", "coordinates": [30.73, 46.48]}
    assert nowhere["geometry"] is None
    assert there["properties"]["killed_low"] == 4
    assert "injured_best" not in nowhere["properties"]
    assert nowhere["properties"]["killed_best"] == 0
    assert there["properties"]["date"] == "2025-03-01"
    assert collection["about"]["policy"] == "highest"
    assert collection["dictionary"]["killed_low"].startswith("killed: lowest")


def test_nothing_selected_gives_files_that_open() -> None:
    empty = replace(bundle(), table=bundle().table.iloc[:0], evidence=())
    assert len(pd.read_csv(io.BytesIO(export.to_csv(empty)), encoding="utf-8-sig")) == 0
    assert pq.read_table(io.BytesIO(export.to_parquet(empty))).num_rows == 0
    assert pd.read_excel(io.BytesIO(export.to_excel(empty))).empty
    assert json.loads(export.to_geojson(empty))["features"] == []


def test_every_column_is_described() -> None:
    described = describe([*bundle().flat().columns, "evidence", "made_with"])
    assert [one.column for one in described if not one.kind] == []


LONG = " ".join(f"w{number}" for number in range(60))


@pytest.mark.parametrize(
    ("sentence", "figure", "expected"),
    [
        ("Nine died.", "Nine", "Nine died."),
        (LONG, "w0", " ".join(f"w{n}" for n in range(25)) + " …"),
        (LONG, "w59", "… " + " ".join(f"w{n}" for n in range(35, 60))),
        (LONG, "w30", "… " + " ".join(f"w{n}" for n in range(18, 43)) + " …"),
        (LONG, LONG, " ".join(f"w{n}" for n in range(25)) + " …"),
    ],
)
def test_a_quote_is_short_and_holds_its_figure(sentence: str, figure: str, expected: str) -> None:
    start = sentence.rindex(figure)
    quote = short_quote(sentence, start, start + len(figure))
    assert quote == expected
    assert len([word for word in quote.split() if word != "…"]) <= 25
