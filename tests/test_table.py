"""The tables: schema, unknowns, sums that count nothing twice."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pandas as pd
import pytest

from tests.factory import claim, report
from tracker.models import Claim, Figure, Group, Measure, Strike
from tracker.reconcile import reconcile
from tracker.table import INDEX, Total, check_table, claims_table, reports_of, to_table, totals


def table_of(claims: list[Claim]) -> pd.DataFrame:
    return to_table(reconcile(claims))


def total(table: pd.DataFrame, measure: Measure, **options: bool) -> tuple[int | None, int | None, int | None]:
    found = totals(table, **options)[measure]
    return found.low, found.best, found.high


# --- schema -----------------------------------------------------------------------------------------------


def test_one_row_a_strike_with_the_columns_of_the_codebook() -> None:
    claims = [
        *report(
            "r",
            "killed 9..",
            "killed 2 children subset",
            "injured 70",
            weapons="missile+drone",
            attacker="Russia",
            models=("KN-23", "Geran-2"),
            lat=50.45,
            lon=30.52,
            admin1="Kyiv City",
            publisher="Daily",
        )
    ]
    table = table_of(claims)
    assert table.index.names == list(INDEX)
    assert table.index.to_list() == [("Kyiv", pd.Timestamp("2025-04-24"), "drone+missile")]
    row = table.iloc[0]
    expected = {
        "date_end": pd.Timestamp("2025-04-24"),
        "scope": "city",
        "basis": "incident",
        "admin1": "Kyiv City",
        "country": "Ukraine",
        "lat": 50.45,
        "lon": 30.52,
        "where_prec": 1,
        "date_prec": 1,
        "attacker": "Russia",
        "models": "Geran-2+KN-23",
        "killed_low": 9,
        "killed_best": 9,
        "killed_children_best": 2,
        "injured_low": 70,
        "injured_best": 70,
        "injured_high": 70,
        "derived": False,
        "disputed": False,
        "n_reports": 1,
        "n_publishers": 1,
        "n_sources": 1,
        "n_claims": 3,
    }
    assert {name: row[name] for name in expected} == expected
    assert row[["killed_high", "missing_low", "missing_best", "linked", "left_out"]].isna().all()


def test_unknowns_are_kept_in_the_index() -> None:
    table = table_of([claim("killed 2", place=None, date=None, country=None), claim("killed 3", weapons="bomb")])
    flat = table.reset_index()
    assert flat["city"].isna().tolist() == [False, True]
    assert flat["date"].isna().tolist() == [False, True]
    assert flat["weapon"].isna().tolist() == [False, True]
    assert flat[flat["city"] == "Kyiv"]["killed_best"].tolist() == [3]


def test_missing_is_not_zero() -> None:
    table = table_of([claim("injured 0")])
    assert table["injured_best"].tolist() == [0]
    assert table["killed_best"].isna().all()
    assert str(table["killed_best"].dtype) == str(table["injured_best"].dtype) == "Int64"


def test_group_columns_come_in_a_stable_order() -> None:
    claims = report("r", "injured 9", "injured 2 police subset", "killed 5 women", "injured 3 children subset")
    names = [name for name in table_of(claims).columns if name.count("_") == 2 and name.endswith("_best")]
    assert [name for name in names if not name.startswith("without")] == [
        "killed_women_best",
        "injured_children_best",
        "injured_police_best",
    ]
    assert list(table_of(claims[::-1]).columns) == list(table_of(claims).columns)


def test_an_empty_list_gives_all_columns() -> None:
    empty, full = to_table([]), table_of([claim("killed 3")])
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()
    assert empty.index.names == list(INDEX)
    check_table(empty)


def test_dates_outside_the_range_of_nanoseconds() -> None:
    table = table_of([claim("killed 3", date="0079-10-24"), claim("killed 4", date="2400-01-01")])
    assert [stamp.year for stamp in table.index.get_level_values("date")] == [79, 2400]


def test_marks_read_from_the_figures_of_all() -> None:
    claims = [
        *report("a", "killed 2 soldiers", "killed 3 civilians", place="Lviv"),
        claim("killed 20", place="Sumy", source="A"),
        claim("killed 5", place="Sumy", source="B", at="2025-04-25"),
    ]
    table = table_of(claims).droplevel(["date", "weapon"])
    assert table["derived"].to_dict() == {"Lviv": True, "Sumy": False}
    assert table["disputed"].to_dict() == {"Lviv": False, "Sumy": True}


def _strike(**changes: object) -> Strike:
    (strike,) = reconcile([claim("killed 3")])
    return replace(strike, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("strikes", "message"),
    [
        ([_strike(strike_id="s"), _strike(strike_id="s")], "strike_id 's' stands in more than one row"),
        ([_strike(figures=(Figure(Measure.KILLED, Group.ALL, 9, 3, None),))], "killed: low > best"),
        ([_strike(figures=(Figure(Measure.FIRES, Group.ALL, 1, 3, 2),))], "fires: best > high"),
        ([_strike(figures=(Figure(Measure.HITS, Group.ALL, -1, 3, 5),))], "'hits_low' is below zero"),
        ([_strike(lat=95.0, lon=30.0)], "'lat' is off the globe"),
        ([_strike(lat=50.0)], "A coordinate stands alone"),
        ([_strike(scope="galaxy")], "'scope' holds 'galaxy'"),
    ],
)
def test_a_breach_is_named(strikes: list[Strike], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        to_table(strikes)


def test_a_table_of_another_making_is_refused() -> None:
    table = table_of([claim("killed 3")])
    with pytest.raises(ValueError, match="The index must be city, date, weapon"):
        check_table(table.reset_index())
    with pytest.raises(ValueError, match="lacks the columns scope, killed_low"):
        check_table(table.drop(columns=["scope", "killed_low"]))
    with pytest.raises(ValueError, match="Column 'n_reports' must be Int64"):
        check_table(table.astype({"n_reports": "float64"}))


# --- sums -------------------------------------------------------------------------------------------------


def test_sums_leave_out_what_would_count_twice() -> None:
    claims = [
        *report("a", "killed 9", "killed 2 children subset", "killed 1 perpetrators", place="Kyiv"),
        *report("b", "killed 4..", place="Odesa"),
        claim("killed 25", place=None),
        claim("killed 13 period", place=None),
    ]
    table = table_of(claims)
    assert total(table, Measure.KILLED) == (13, 13, None)
    assert totals(table)[Measure.KILLED].n_strikes == 2
    assert total(table, Measure.KILLED, wider=True) == (38, 38, None)
    assert total(table, Measure.KILLED, periods=True) == (26, 26, None)
    assert total(table, Measure.INJURED) == (None, None, None)


def test_a_wider_row_counts_where_nothing_finer_is_known() -> None:
    assert total(table_of([claim("killed 25", place=None)]), Measure.KILLED) == (25, 25, 25)


def test_a_filter_on_rows_does_not_bring_a_wider_row_back() -> None:
    table = table_of([claim("killed 9"), claim("killed 25", place=None)])
    assert total(table[table["scope"] == "country"], Measure.KILLED) == (None, None, None)


def test_launches_count_where_the_wave_is() -> None:
    claims = [
        *report("af", "launched 145", "hits 6", place=None, weapons="drone"),
        *report("gov", "launched 20", "intercepted 5", "hits 2", place="Odesa", weapons="drone"),
    ]
    table = table_of(claims)
    assert total(table, Measure.LAUNCHED) == (145, 145, 145)
    assert total(table, Measure.INTERCEPTED) == (5, 5, 5)
    assert total(table, Measure.HITS) == (2, 2, 2)


def test_a_row_that_joined_none_does_not_count_twice() -> None:
    claims = [
        claim("killed 1", weapons="drone"),
        claim("killed 2", weapons="missile"),
        *report("r", "killed 3", "injured 8"),
    ]
    table = table_of(claims)
    assert len(table) == 3
    assert total(table, Measure.KILLED) == (3, 3, 3)
    assert total(table, Measure.INJURED) == (8, 8, 8)


def test_bounds_in_a_sum() -> None:
    table = table_of([claim("killed 3", place="A"), claim("killed ..5", place="B")])
    assert total(table, Measure.KILLED) == (3, 3, 8)
    table = table_of([claim("killed ..5", place="B")])
    assert total(table, Measure.KILLED) == (0, None, 5)
    table = table_of([claim("killed 2 children subset", place="A"), claim("killed 4", place="B")])
    assert total(table, Measure.KILLED) == (6, 6, None)


def test_a_report_about_two_strikes_is_one_report() -> None:
    claims = [*report("r", "killed 3", place="A"), *report("r", "killed 4", place="B"), claim("killed 3", place="A")]
    strikes = reconcile(claims)
    table = to_table(strikes)
    assert totals(table)[Measure.KILLED] == Total(Measure.KILLED, 7, 7, 7, 2, 3)
    assert totals(table, reports=reports_of(strikes, claims))[Measure.KILLED].n_reports == 2
    assert totals(to_table([]))[Measure.KILLED] == Total(Measure.KILLED, None, None, None, 0, 0)


# --- claims, cost -----------------------------------------------------------------------------------------


def test_claims_in_a_table() -> None:
    claims = [
        claim("killed 9..", weapons="missile+drone", at="2025-04-24 08:30", source="police", lat=1.5, lon=2.5),
        claim("injured ..4", at="2025-04-24", date=None, place=None),
    ]
    table = claims_table(claims)
    assert len(table) == 2
    assert table["low"].isna().tolist() == [False, True]
    assert table["high"].isna().tolist() == [True, False]
    assert table["weapons"].fillna("-").tolist() == ["drone+missile", "-"]
    assert table["published"].tolist() == ["2025-04-24T08:30:00+00:00", "2025-04-24"]
    assert table["measure"].tolist() == ["killed", "injured"]
    assert table["date"].isna().tolist() == [False, True]
    assert list(claims_table([]).columns) == list(table.columns)
    assert claims_table([]).dtypes.astype(str).to_dict() == table.dtypes.astype(str).to_dict()


def test_importing_the_package_does_not_load_pandas() -> None:
    code = "import sys, tracker, tracker.table, tracker.reconcile; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_a_hundred_thousand_strikes_in_a_second() -> None:
    (strike,) = reconcile(report("r", "killed 9", "injured 70", "injured 6 children subset"))
    strikes = [replace(strike, strike_id=f"{n:016x}") for n in range(100_000)]
    to_table(strikes[:100])
    start = time.process_time()
    to_table(strikes)
    assert time.process_time() - start < 1.5  # 0.4 s on an idle core; other tests share this one


def test_a_wider_row_leaves_to_the_finer_ones_only_what_they_state() -> None:
    wide = claim("killed 1 police", report="r", start=0, place=None)
    fine = claim("injured 1 police", report="r", start=100)
    found = totals(to_table(reconcile([wide, fine])))
    assert (found[Measure.KILLED].best, found[Measure.INJURED].best) == (1, 1)
    both = claim("killed 2 police", report="r", start=200)
    assert totals(to_table(reconcile([wide, fine, both])))[Measure.KILLED].best == 2
