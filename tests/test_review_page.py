"""The pages on which an analyst decides: Review and Corrections, on a real database, without a browser."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tracker import amend, audit
from tracker.corrections import Action, Change
from tracker.ingest import Origin, read_record
from tracker.models import Measure
from tracker.pages import doubt_words, log
from tracker.store import Dossier, Store

WHEN = dt.datetime(2025, 5, 4, 9, 30, tzinfo=dt.UTC)
REPORTS = [
    {"id": "a", "text": "Residents said 4 people were killed in Kharkiv on 1 May 2025.", "published": "2025-05-01"},
    {"id": "b", "text": "The mayor said 9 people were killed in Kharkiv on 1 May 2025.", "published": "2025-05-01"},
    {"id": "c", "text": "Dozens of people were injured in a drone attack on Odesa on 2 May 2025.",
     "published": "2025-05-02"},
    {"id": "d", "text": "An explosion killed 240 people in Lviv on 3 May 2025.", "published": "2025-05-03"},
    {"id": "e", "text": "A missile killed three people in Dnipro on 4 May 2025. A drone hurt two in Dnipro on 4 May.",
     "published": "2025-05-04"},
]  # fmt: skip


def one_page(name: str) -> None:
    """The script of a visit; it runs on its own, so it imports what it needs."""
    from tracker.pages import frame, log, review

    frame.show_desk({"review": review.page, "corrections": log.page}[name])


Visit = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as made:
        take_in(made, *REPORTS)
        yield made


@pytest.fixture
def visit(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    monkeypatch.setenv("TRACKER_DB", store.name)

    def go(name: str = "review", url: dict[str, str] | None = None, who: str = "Olena") -> AppTest:
        page = AppTest.from_function(one_page, kwargs={"name": name}, default_timeout=60)
        for parameter, value in (url or {}).items():
            page.query_params[parameter] = value
        if who:
            page.session_state["analyst"] = who
        page.run()
        assert not page.exception
        return page

    yield go
    st.cache_resource.clear()


def take_in(store: Store, *reports: dict[str, str]) -> None:
    store.ingest(read_record(json.dumps(report).encode(), Origin("r", at)) for at, report in enumerate(reports, 1))


def shown(page: AppTest) -> str:
    """The whole page as a reader reads it."""
    texts = [html.unescape(re.sub("<[^>]+>", " ", one.value)) for one in page.get("html")]
    for kind in ("caption", "markdown", "info", "warning", "success", "error", "text"):
        texts += [str(one.value) for one in getattr(page, kind)]
    return re.sub(r"\s+", " ", " ".join(texts))


def queued(page: AppTest) -> list[str]:
    return [str(place).split(",")[0] for place in page.dataframe[0].value["Strike"]] if page.dataframe else []


def press(page: AppTest, name: str) -> AppTest:
    page.button(key=f"review-{name}").click().run()
    assert not page.exception
    return page


def field(page: AppTest, label: str) -> Any:
    return next(one for one in page.text_input if one.label == label)


def save(page: AppTest, why: str, link: str = "") -> AppTest:
    field(page, "Why").set_value(why)
    field(page, "Link").set_value(link)
    next(one for one in page.button if one.label.startswith("Save")).click().run()
    assert not page.exception
    return page


def killed(store: Store, place: str) -> int | None:
    found = [one for one in store.strikes() if one.place == place]
    figure = found[0].figure(Measure.KILLED) if found else None
    return figure.best if figure else None


def dossier(store: Store, place: str) -> Dossier:
    found = store.strike(next(one.strike_id for one in store.strikes() if one.place == place))
    assert found is not None
    return found


# -- the queue -------------------------------------------------------------------------------------------------


def test_the_weightiest_is_open_with_its_reason_and_its_sentence(visit: Visit) -> None:
    page = visit()
    assert queued(page) == ["Lviv", "Kharkiv", "Odesa"]
    assert list(page.dataframe[0].value["May move"]) == ["240 killed", "5 killed", "24 injured"]
    said = shown(page)
    assert "Killed: 240 is very high for one strike." in said
    assert "An explosion killed 240 people in Lviv on 3 May 2025." in said
    assert "May move in the totals: 240 killed." in said


def test_next_turns_to_the_next_and_round_again(visit: Visit) -> None:
    page = visit()
    assert "Killed: sources disagree, 4–9." in shown(press(page, "next"))
    assert "rests on a vague word, “dozens”" in shown(press(page, "next"))
    assert "240 is very high" in shown(press(page, "next"))


def test_kinds_of_doubt_and_the_filters_of_the_sidebar_narrow_the_queue(visit: Visit) -> None:
    assert queued(visit(url={"doubt": "vague"})) == ["Odesa"]
    assert queued(visit(url={"city": "Kharkiv"})) == ["Kharkiv"]
    assert "Nothing is left to review in this selection." in shown(visit(url={"city": "Dnipro"}))


def test_a_link_opens_a_strike_whether_it_is_doubtful_or_not(visit: Visit, store: Store) -> None:
    page = visit(url={"strike": dossier(store, "Dnipro").strike.strike_id})
    said = shown(page)
    assert "A missile killed three people in Dnipro" in said
    assert "Nothing about this strike is in doubt" in said
    assert page.button(key="review-accept").disabled
    assert "not there, or not any more" in shown(visit(url={"strike": "0123"}))


# -- decisions -------------------------------------------------------------------------------------------------


def test_what_is_accepted_leaves_the_queue_and_the_next_comes_up(visit: Visit, store: Store) -> None:
    page = save(press(visit(), "accept"), "The army and the hospital both say so", "https://example.org/1")
    assert "Correction 1 is in force" in shown(page)
    assert queued(page) == ["Kharkiv", "Odesa"]
    assert "sources disagree" in shown(page)
    (entry,) = amend.log(store)
    assert (entry.correction.who, entry.correction.link) == ("Olena", "https://example.org/1")
    assert killed(store, "Lviv") == 240
    assert queued(visit()) == ["Kharkiv", "Odesa"]


@pytest.mark.parametrize(
    ("who", "why", "link", "problem"),
    [
        ("", "checked", "", "Say who you are"),
        ("Olena", "  ", "", "Say why"),
        ("Olena", "checked", "javascript:alert(1)", "no address of the web"),
    ],
)
def test_a_decision_needs_a_name_a_reason_and_a_plain_link(
    visit: Visit, store: Store, who: str, why: str, link: str, problem: str
) -> None:
    page = save(press(visit(who=who), "accept"), why, link)
    assert problem in page.error[0].value
    assert amend.log(store) == []
    assert field(page, "Why").value == why  # what was typed is not lost


def test_who_is_asked_once(visit: Visit) -> None:
    page = press(visit(who=""), "accept")
    field(page, "Your name").set_value("Ivan")
    save(page, "checked")
    press(page, "accept")
    assert [one.label for one in page.text_input if one.key and one.key.startswith("review")] == ["Why", "Link"]


def test_claims_are_rejected(visit: Visit, store: Store) -> None:
    page = save(press(visit(), "reject"), "An earthquake, not an attack")
    assert "Correction 1 is in force" in shown(page)
    assert killed(store, "Lviv") is None
    assert "Lviv" not in queued(page)


def test_only_the_claims_that_were_chosen_are_rejected(visit: Visit, store: Store) -> None:
    page = press(press(visit(), "next"), "reject")
    chosen = next(one for one in page.multiselect if one.label == "Claims to reject")
    nine = next(at for at, name in enumerate(chosen.options) if "mayor said 9" in name)
    chosen.set_value([nine]).run()
    save(page, "The mayor took it back")
    assert killed(store, "Kharkiv") == 4


def test_nothing_can_be_saved_before_the_claims_are_chosen(visit: Visit) -> None:
    page = press(press(visit(), "next"), "split")
    assert next(one for one in page.button if one.label == "Save: split").disabled
    chosen = next(one for one in page.multiselect if one.label == "Claims that are another strike")
    chosen.set_value([0, 1]).run()
    assert "Leave a claim behind" in shown(page)
    assert next(one for one in page.button if one.label == "Save: split").disabled


def test_claims_become_a_strike_of_their_own(visit: Visit, store: Store) -> None:
    page = press(press(visit(), "next"), "split")
    next(one for one in page.multiselect if one.label == "Claims that are another strike").set_value([0]).run()
    save(page, "Another street, in the morning")
    assert sorted(str(one.place) for one in store.strikes()).count("Kharkiv") == 2


def test_two_strikes_become_one(visit: Visit, store: Store) -> None:
    first, second = (one.strike_id for one in store.strikes() if one.place == "Dnipro")
    page = press(visit(url={"strike": first}), "merge")
    other = next(one for one in page.selectbox if one.label == "The other strike")
    assert len(other.options) == 1
    assert other.options[0].startswith("Dnipro, Dnipropetrovsk, Ukraine · 4 May 2025")
    other.select_index(0).run()
    save(page, "One attack with both")
    (merged,) = (one for one in store.strikes() if one.place == "Dnipro")
    assert set(merged.weapons) == {"drone", "missile"}
    assert second in {first, second}


def test_a_strike_to_merge_with_is_named_by_its_link(visit: Visit, store: Store) -> None:
    page = press(visit(), "merge")
    box = next(one for one in page.text_input if one.label.startswith("or its link"))
    box.set_value("http://localhost:8501/strikes?strike=nothing").run()
    assert "There is no other strike with this id." in shown(page)
    kharkiv = dossier(store, "Kharkiv").strike.strike_id
    next(one for one in page.text_input if one.label.startswith("or its link")).set_value(
        f"http://localhost:8501/strikes?strike={kharkiv}"
    ).run()
    assert "Kharkiv, Ukraine · 1 May 2025 · not said · killed 4–9" in shown(page)


def test_cancel_puts_the_form_away(visit: Visit) -> None:
    page = press(press(visit(), "accept"), "cancel")
    assert not [one for one in page.text_input if one.label == "Why"]


# -- two at one desk -------------------------------------------------------------------------------------------


def test_the_second_to_save_sees_what_the_first_changed(visit: Visit, store: Store) -> None:
    olena, ivan = press(visit(), "reject"), press(visit(who="Ivan"), "accept")
    save(olena, "An earthquake, not an attack")
    save(ivan, "Checked with the army")
    said = shown(ivan)
    assert "This strike has changed since you opened it. Nothing of yours was saved." in said
    assert "Olena rejected killed, “240” (report d)" in said
    assert [entry.correction.who for entry in amend.log(store)] == ["Olena"]
    ivan.button(key="review_again").click().run()
    assert "changed since you opened it" not in shown(ivan)


def test_reports_that_come_in_meanwhile_are_said_too(visit: Visit, store: Store) -> None:
    page = press(visit(), "accept")
    take_in(
        store,
        {"id": "z", "text": "Rescuers said 243 people were killed in Lviv on 3 May 2025.", "published": "2025-05-03"},
    )
    save(page, "checked")
    assert "Reports that bear on it have come in or changed." in shown(page)
    assert amend.log(store) == []


# -- what is lost ----------------------------------------------------------------------------------------------


def test_a_lost_correction_comes_first_and_is_taken_back_here(visit: Visit, store: Store) -> None:
    held = dossier(store, "Lviv").claims
    amend.correct(store, Action.FIGURE, held, who="O", when=WHEN, why="a slip", change=Change(low=24, high=24))
    take_in(
        store, {"id": "d", "text": "An explosion killed 241 people in Lviv on 3 May 2025.", "published": "2025-05-03"}
    )
    page = visit()
    assert queued(page) == ["Correction 1", "Lviv", "Kharkiv", "Odesa"]
    assert "Correction 1 is lost" in shown(page)
    field(page, "Why it is taken back").set_value("The report was corrected itself")
    next(one for one in page.button if one.label == "Take back correction 1").click().run()
    assert queued(page) == ["Lviv", "Kharkiv", "Odesa"]


# -- the log ---------------------------------------------------------------------------------------------------


@pytest.fixture
def decided(store: Store) -> Store:
    amend.correct(store, Action.REJECT, dossier(store, "Lviv").claims, who="Olena", when=WHEN, why="an earthquake")
    amend.correct(
        store, Action.FIGURE, dossier(store, "Odesa").claims, who="Ivan", when=WHEN, why="=HYPERLINK(1)",
        change=Change(low=31, high=31), link="https://example.org/2",
    )  # fmt: skip
    return store


def lines(page: AppTest) -> list[str]:
    return re.findall(r"#(\d+) ·", shown(page))


def test_the_log_reads_as_sentences_the_newest_first(visit: Visit, decided: Store) -> None:
    page = visit("corrections")
    assert lines(page) == ["2", "1"]
    assert "#1 · Olena rejected killed, “240” (report d) on 4 May 2025, 09:30 UTC: “an earthquake”." in shown(page)
    assert 'href="https://example.org/2"' in "".join(one.value for one in page.get("html"))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ({"by": "Ivan"}, ["2"]),
        ({"did": "reject"}, ["1"]),
        ({"lq": "earthquake OLENA"}, ["1"]),
        ({"lq": "odesa"}, ["2"]),
        ({"lq": "nothing"}, []),
    ],
)
def test_the_log_is_filtered(visit: Visit, decided: Store, url: dict[str, str], found: list[str]) -> None:
    assert lines(visit("corrections", url)) == found


def test_what_was_decided_is_taken_back(visit: Visit, decided: Store) -> None:
    page = visit("corrections", {"by": "Olena"})
    assert killed(decided, "Lviv") is None
    field(page, "Why it is taken back").set_value("It was an attack after all")
    next(one for one in page.button if one.label == "Take back correction 1").click().run()
    assert not page.exception
    assert killed(decided, "Lviv") == 240
    page = visit("corrections")
    assert lines(page) == ["3", "2", "1"]
    assert "Undone by correction 3." in shown(page)
    assert [one.label for one in page.button if one.label.startswith("Take back")] == [
        "Take back correction 3",
        "Take back correction 2",
    ]


def test_the_log_exports_what_is_shown_and_no_formula(decided: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(log._csv(audit.lines(amend.log(decided))).decode("utf-8-sig"))))
    assert [row["who"] for row in rows] == ["Olena", "Ivan"]
    assert rows[1]["why"] == "'=HYPERLINK(1)"
    assert rows[1]["sentences"] == "Dozens of people were injured in a drone attack on Odesa on 2 May 2025."


def test_an_empty_log_says_where_to_begin(visit: Visit) -> None:
    assert "Nobody has corrected anything yet." in shown(visit("corrections"))


POISON = "![i](https://evil.invalid/i.png)<img src=x onerror=alert(1)>[l](javascript:x()) **bold** \x1b[31m\u202e"


def test_planted_markup_stays_text_at_the_desk(visit: Visit, store: Store) -> None:
    text = f"{POISON} Residents said 400 people were killed in Kharkiv on 6 May 2025."
    take_in(store, {"id": POISON, "text": text, "publisher": POISON, "published": "2025-05-06"})
    held = [claim for claim in store.claims() if claim.report_id == POISON]
    amend.correct(store, Action.ACCEPT, held, who=POISON, when=WHEN, why=POISON, link=POISON, change=Change(seen="x"))
    review = press(visit(), "split")
    for page in (review, visit("corrections")):
        for kind in ("markdown", "caption", "info", "warning", "success", "error"):
            for one in getattr(page, kind):
                assert "evil.invalid" not in str(one.value), kind
        for one in page.get("html"):
            assert not re.findall(r"<\s*(?:img|script|iframe)", one.value)
            assert not re.findall(r'href="(?!(?:strikes|review)\?strike=)', one.value)
            assert "\x1b" not in one.value
            assert "\u202e" not in one.value
        assert "evil.invalid" in shown(page)


def test_every_doubt_has_a_name() -> None:
    from tracker.doubts import Doubt

    assert set(doubt_words.NAMES) == set(Doubt)


def test_a_strike_that_the_filters_leave_out_keeps_its_doubts_where_a_link_opens_it(visit: Visit, store: Store) -> None:
    page = visit(url={"strike": dossier(store, "Lviv").strike.strike_id, "doubt": "vague"})
    assert queued(page) == ["Odesa"]
    assert "240 is very high" in shown(page)
    assert not page.button(key="review-accept").disabled
