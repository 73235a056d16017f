"""Claims and strikes as JSON, and text that a terminal may see."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plain import plain_extract, plain_reconcile
from tracker.ingest import Origin, Received, Unreadable, read_record
from tracker.models import Claim, Field, Group, Relation, Report
from tracker.serialise import (
    CLAIM_FIELDS,
    claim_from_dict,
    claim_to_dict,
    figure_from_dict,
    figure_to_dict,
    strike_to_dict,
    to_json,
    visible,
)

(CLAIM,) = plain_extract(Report("a", "9 killed in Kyiv", published=dt.date(2025, 4, 24), publisher="P"))
MOVES_THE_TERMINAL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def test_every_field_of_a_claim_is_printed_or_provenance() -> None:
    assert {field.name for field in dataclasses.fields(Claim)} - set(CLAIM_FIELDS) == {
        "published",
        "publisher",
        "entry",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"high": None, "approx": True, "vague": "dozens", "group": Group.AID_WORKERS, "relation": Relation.SUBSET},
        {"place": None, "candidates": ("Pokrovsk", "Pokrov"), "lat": None, "lon": None, "weapons": (), "models": ()},
        {"date": dt.date(2025, 4, 1), "date_end": dt.date(2025, 4, 30), "date_prec": 4, "field": Field.TITLE},
        {"published": dt.datetime(2025, 4, 24, 7, 30, tzinfo=dt.UTC), "publisher": None, "entry": 3},
    ],
)
def test_a_claim_comes_back_equal(changes: dict[str, object]) -> None:
    claim = dataclasses.replace(CLAIM, **changes)  # type: ignore[arg-type]
    data = json.loads(to_json(claim_to_dict(claim)))
    back = claim_from_dict(data, published=claim.published, publisher=claim.publisher, entry=claim.entry)
    assert back == claim
    assert hash(back) == hash(claim)


def test_what_is_missing_or_unknown_in_a_claim_is_refused() -> None:
    data = claim_to_dict(CLAIM)
    with pytest.raises(ValueError, match="slain"):
        claim_from_dict({**data, "measure": "slain"})
    del data["sentence"]
    with pytest.raises(KeyError, match="sentence"):
        claim_from_dict(data)


def test_a_strike_prints_its_figures_without_their_claims() -> None:
    (strike,) = plain_reconcile([CLAIM])
    printed = strike_to_dict(strike)
    assert printed["figures"] == [
        {"measure": "killed", "group": "all", "low": 9, "best": 9, "high": 9}
        | {"approx": False, "derived": False, "disputed": False}
    ]
    assert printed["date"] == "2025-04-24"
    assert printed["scope"] == "city"
    (figure,) = strike.figures
    assert figure_from_dict(json.loads(to_json(figure_to_dict(figure)))) == figure


@given(st.text())
def test_json_reads_back_and_moves_no_terminal(text: str) -> None:
    line = to_json({"text": text, text: 1})
    assert json.loads(line) == {"text": text, text: 1}
    assert not MOVES_THE_TERMINAL.search(line)
    assert len(line.splitlines()) == 1


@given(st.text())
def test_text_is_shown_whole_and_moves_no_terminal(text: str) -> None:
    shown = visible(text)
    assert not MOVES_THE_TERMINAL.search(shown)
    assert visible(shown) == shown
    if text.isprintable():
        assert shown == text


@given(st.binary() | st.text().map(str.encode), st.sampled_from([None, 1]))
def test_no_bytes_stop_the_reading(raw: bytes, line: int | None) -> None:
    record = read_record(raw, Origin("a.txt", line))
    assert record.raw == raw
    if isinstance(record, Unreadable):
        assert record.error.problem.endswith(".")


@given(
    st.fixed_dictionaries(
        {"id": st.text(min_size=1), "text": st.text(min_size=1)},
        optional={"title": st.text(), "publisher": st.none() | st.text(), "published": st.dates().map(str)},
    )
)
def test_a_report_is_received_to_the_character(keys: dict[str, str]) -> None:
    record = read_record(to_json(keys).encode("utf-8", "surrogatepass"), Origin("r.jsonl", 1))
    if isinstance(record, Received):
        assert (record.report.id, record.report.text) == (keys["id"], keys["text"])
        assert (record.report.title or "") == keys.get("title", "")
        assert str(record.report.published or "") == keys.get("published", "")
    else:
        assert not keys["id"].strip() or not (keys["text"].strip() or keys.get("title", "").strip())
