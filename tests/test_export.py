"""CSV that every spreadsheet reads and none runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from tracker.export import replacing, safe_cell, to_csv_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+380 44", "'+380 44"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("  =1", "'  =1"),
        ("\ufeff=1", "'\ufeff=1"),
        ('"=1', "'\"=1"),
        ("Odesa;=1+1", "Odesa;'=1+1"),
        ("line\n=1", "line\n'=1"),
        ("Kryvyi Rih", "Kryvyi Rih"),
        ("Ivano-Frankivsk", "Ivano-Frankivsk"),
        ("drone+missile", "drone+missile"),
        ("a = b", "a = b"),
        ("", ""),
    ],
)
def test_text_that_would_run_gets_an_apostrophe(text: str, expected: str) -> None:
    assert safe_cell(text) == expected


def test_numbers_stay_numbers_and_unknown_stays_empty() -> None:
    frame = pd.DataFrame(
        {
            "killed_best": pd.array([-3, None, 0], dtype="Int64"),
            "lat": [-1.5, None, 46.0],
            "attacker": ["=cmd|' /C calc'!A0", pd.NA, None],
            "seen": [pd.Timestamp("2025-04-24"), None, pd.Timestamp("2025-05-02T07:30")],
            "disputed": [True, False, True],
            "linked": [["-a", "b"], (), []],
        },
        index=pd.MultiIndex.from_tuples([("=Kyiv", 1), (None, 2), ("Харків", 3)], names=["city", "n"]),
    )
    data = to_csv_bytes(frame)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["city", "n", "killed_best", "lat", "attacker", "seen", "disputed", "linked"],
        ["'=Kyiv", "1", "-3", "-1.5", "'=cmd|' /C calc'!A0", "2025-04-24", "True", "'-a; b"],
        ["", "2", "", "", "", "", "False", ""],
        ["Харків", "3", "0", "46.0", "", "2025-05-02T07:30:00", "True", ""],
    ]
    assert data.count(b"\r\n") == 4


def test_a_table_without_rows_is_its_header() -> None:
    assert to_csv_bytes(pd.DataFrame({"a": [], "=b": []})) == b"\xef\xbb\xbfa,'=b\r\n"


def test_pandas_reads_back_what_was_written() -> None:
    frame = pd.DataFrame({"text": ['say "no", twice', "two\nlines", "Олександрія"], "n": [1, 2, 3]})
    back = pd.read_csv(io.BytesIO(to_csv_bytes(frame)), encoding="utf-8-sig")
    pd.testing.assert_frame_equal(back, frame)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")

    def interrupted() -> None:
        with replacing(target) as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_bytes() == b"old"
    with replacing(target) as stream:
        stream.write(b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    with replacing(tmp_path / "link.csv") as stream:
        stream.write(b"x")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"x"
    with replacing(Path("/dev/null")) as stream:
        stream.write(b"x")
    assert not Path("/dev/null").is_file()
