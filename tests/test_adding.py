"""A report that was looked at and mended before it is stored: what the database holds of it, and what it becomes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plain import plain_extract
from tracker import adding, amend, derive
from tracker.adding import Standing
from tracker.amend import Draft
from tracker.corrections import Action, Change
from tracker.ingest import Origin, Received, Unreadable, read_upload
from tracker.intake import Outcome
from tracker.models import Claim, Measure, Report
from tracker.store import Store, StoreError

pytestmark = pytest.mark.usefixtures("plain_reader")

WHEN = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)
LONG = " ".join(f"Street {n} of the old town was closed to all traffic after the attack." for n in range(30))


def received(text: str = "9 killed in Kyiv, 63 injured in Kyiv", name: str = "k", **given: object) -> Received:
    report = Report(name, text, published=dt.date(2025, 4, 24), publisher="P")
    report = dataclasses.replace(report, **given)  # type: ignore[arg-type]
    return Received(Origin("pasted text", uploaded=True), text.encode(), report)


def claims_of(record: Received) -> list[Claim]:
    return plain_extract(record.report)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as made:
        yield made


def add(store: Store, record: Received, *drafts: Draft, who: str = "Olena", why: str = "called") -> adding.Added:
    return adding.add(store, record, claims_of(record), drafts, who=who, when=WHEN, why=why)


def figures(store: Store) -> dict[str, int | None]:
    return {str(one.measure): one.best for strike in store.strikes() for one in strike.figures}


def rejected(record: Received, at: int = 0) -> Draft:
    return Draft(Action.REJECT, (claims_of(record)[at],))


def set_to(record: Received, value: int) -> Draft:
    return Draft(Action.FIGURE, (claims_of(record)[0],), Change(low=value, high=value))


def test_a_report_goes_in_with_what_was_corrected(store: Store) -> None:
    record = received()
    added = add(store, record, set_to(record, 10), rejected(record, 1))
    assert added.outcome is Outcome.ADDED
    assert [one.action for one in added.corrections] == [Action.FIGURE, Action.REJECT]
    assert [one.place for one in added.strikes] == ["Kyiv"]
    assert figures(store) == {"killed": 10}
    assert [entry.correction.who for entry in amend.log(store)] == ["Olena", "Olena"]
    assert [claim.low for claim in store.claims()] == [9, 63], "what was read stays"
    assert not store.stale


def test_saving_twice_changes_nothing(store: Store) -> None:
    record = received()
    drafts = (set_to(record, 10), rejected(record, 1))
    add(store, record, *drafts)
    before = store.revision(), len(amend.log(store))
    again = add(store, record, *drafts)
    assert (again.outcome, again.corrections) == (Outcome.UNCHANGED, ())
    assert (store.revision(), len(amend.log(store))) == before


def test_a_crash_leaves_neither_report_nor_corrections(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    record = received()
    monkeypatch.setattr(derive, "remake", crash)
    with pytest.raises(KeyboardInterrupt):
        add(store, record, set_to(record, 10))
    monkeypatch.undo()
    assert store.counts() == {"reports": 0, "claims": 0, "strikes": 0, "failures": 0}
    assert amend.log(store) == []


@pytest.mark.parametrize(("who", "why"), [("", "called"), ("Olena", " "), ("", "")])
def test_nobody_changes_anything_without_a_name_and_a_reason(store: Store, who: str, why: str) -> None:
    record = received()
    with pytest.raises(ValueError, match="needs your name and a reason"):
        add(store, record, rejected(record), who=who, why=why)
    assert store.empty()
    assert add(store, record, who="", why="").outcome is Outcome.ADDED, "what is not changed needs neither"


def test_samples_and_what_was_forgotten_do_not_enter(store: Store) -> None:
    sample = dataclasses.replace(received(), extra={"sample": True})
    with pytest.raises(StoreError, match="is a sample report"):
        add(store, sample)
    add(store, received())
    amend.forget(store, "k", when=WHEN)
    assert adding.known(store, received()).standing is Standing.FORGOTTEN
    with pytest.raises(StoreError, match="was forgotten on 2025-05-04"):
        add(store, received())


def test_what_the_database_holds_is_said_before_anything_is_saved(store: Store) -> None:
    assert adding.known(store, received()).standing is Standing.NEW
    record = received(LONG + " 9 killed in Kyiv")
    add(store, record, set_to(record, 10))
    same = adding.known(store, record)
    assert (same.standing, same.corrections, same.carriers) == (Standing.STORED, 1, ())
    details = adding.known(store, received(record.report.text, title="A title"))
    assert (details.standing, details.same_text) == (Standing.VERSION, True)
    other = adding.known(store, received("2 killed in Odesa"))
    assert (other.standing, other.same_text) == (Standing.VERSION, False)
    near = adding.known(store, received(LONG + " 9 killed in Kyiv, it said", name="copy", publisher="Q"))
    assert near.standing is Standing.NEW
    assert [(one.report_id, one.publisher) for one in near.carriers] == [("k", "P")]
    assert adding.known(store, received("2 killed in Odesa", name="o")).carriers == ()


def test_a_report_without_a_date_keeps_that_of_its_stored_version(store: Store) -> None:
    add(store, received())
    undated = received(published=None)
    assert adding.known(store, undated).report.published == dt.date(2025, 4, 24)
    assert add(store, undated).outcome is Outcome.UNCHANGED
    assert [claim.date for claim in store.claims()] == [dt.date(2025, 4, 24)] * 2


def test_a_new_version_keeps_the_corrections_that_still_find_their_claim(store: Store) -> None:
    record = received()
    add(store, record, set_to(record, 10))
    assert add(store, received(title="Nine killed")).outcome is Outcome.CHANGED
    assert figures(store) == {"killed": 10, "injured": 63}


def test_a_failure_is_taken_off_the_list(store: Store) -> None:
    bad = [one for one in read_upload("a.jsonl", b'{"id": 1}\n{"id": 2}\n') if isinstance(one, Unreadable)]
    store.ingest(bad)
    adding.dismiss(store, store.failures()[0])
    assert [failure.origin.line for failure in store.failures()] == [2]


def test_measures_of_a_report_are_recoded_when_it_comes_in(store: Store) -> None:
    record = received("9 killed in Kyiv")
    recoded = Draft(Action.RECODE, (claims_of(record)[0],), Change(measure=Measure.INJURED, weapons=("drone",)))
    strike = add(store, record, recoded).strikes[0]
    assert [str(one.measure) for one in strike.figures] == ["injured"]
    assert strike.weapons == ("drone",)
    assert add(store, record, recoded).corrections == ()
