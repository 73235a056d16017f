"""The terms of the figure grammar are data: each row is read back by its example, sorted, and said once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from tracker.lexicon import read_toml
from tracker.models import Group, Report
from tracker.numbers import find_quantities
from tracker.numerals import number_terms
from tracker.reading.counts import read_counts
from tracker.reading.glossed import Glossed
from tracker.reading.nouns import Sort, noun_book
from tracker.reading.predicates import lexemes
from tracker.reading.words import Classes, Words, words
from tracker.segment import Entry, Sentence, segment, split_sentences
from tracker.setting import is_accident, is_allegation, is_hypothetical
from tracker.tokens import Line

NUMBERS, GRAMMAR, SETTING = (read_toml(f"en/{name}.toml") for name in ("numbers", "grammar", "setting"))
MEASURES, PEOPLE, THINGS = (read_toml(f"en/{name}.toml") for name in ("measures", "people", "things"))


def rows(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table of rows, with the table's name."""
    return ((table, row) for table, found in data.items() if isinstance(found, list) for row in found)


def norms(text: str) -> list[str]:
    line = Line(text)
    return line.norms[: line.size]


def holds(sentence: str, term: str) -> bool:
    """Whether a term's words stand side by side in a sentence; the empty term is the sentence's end."""
    inside, wanted = norms(sentence), norms(term)
    return any(inside[k : k + len(wanted)] == wanted for k in range(len(inside) + 1))


# -- examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for _, row in rows(MEASURES)], ids=lambda row: row["example"])
def test_measures(row: dict[str, Any]) -> None:
    measure, low, high = row["expect"].split()
    counts = read_counts(row["example"])
    assert (measure, int(low), int(high)) in [(c.measure, c.quantity.low, c.quantity.high) for c in counts]
    terms = [form for forms in row["forms"] for form in forms] if "forms" in row else row["terms"]
    assert any(holds(row["example"], term) for term in terms), "the example uses none of its terms"


def _bound(value: int | str) -> int | None:
    return None if value == "open" else int(value)


@pytest.mark.parametrize("row", [*NUMBERS["hedges"], *NUMBERS["after"]], ids=lambda row: row["example"])
def test_hedges(row: dict[str, Any]) -> None:
    (found,) = find_quantities(Line(row["example"]))
    low, high, approx = row["expect"]
    quantity = found.quantity
    assert (quantity.low, quantity.high, quantity.approx) == (_bound(low), _bound(high), approx)
    assert quantity.text == row["example"]


@pytest.mark.parametrize("row", NUMBERS["vague"], ids=lambda row: row["example"])
def test_vague_words(row: dict[str, Any]) -> None:
    for term in row["terms"]:
        (found,) = find_quantities(Line(f"They met {term} villagers."))
        assert (found.quantity.vague, found.quantity.low, found.quantity.high) == (term, row["literal"], None)
    assert row["acled"] <= row["literal"]


@pytest.mark.parametrize("table", ["units", "labels", "sure_labels", "months", "abbreviations", "currencies"])
def test_what_makes_a_number_no_figure(table: str) -> None:
    assert list(find_quantities(Line(f"They saw {NUMBERS[table]['example']}"))) == []
    assert list(find_quantities(Line("They saw 40 of them")))


@pytest.mark.parametrize("unit", NUMBERS["units"]["terms"])
def test_every_unit(unit: str) -> None:
    after = " time" if unit == "local" else ""
    assert list(find_quantities(Line(f"They saw 40 {unit}{after} there"))) == []


@pytest.mark.parametrize("row", PEOPLE["nouns"], ids=lambda row: row["group"])
def test_people(row: dict[str, Any]) -> None:
    found = [match.term for match in Glossed(row["example"]).nouns if match]
    assert (Sort.PEOPLE, Group(row["group"])) in [(noun.sort, noun.group) for noun in found]


@pytest.mark.parametrize("row", THINGS["nouns"], ids=lambda row: row["kind"])
def test_things(row: dict[str, Any]) -> None:
    assert Sort(row["kind"]) in [match.term.sort for match in Glossed(row["example"]).nouns if match]


def test_members() -> None:
    (count,) = read_counts(f"Troops killed {PEOPLE['members']['example']}.")
    assert count.group is Group.FIGHTERS


@pytest.mark.parametrize("row", read_toml("en/segment.toml")["abbreviations"], ids=lambda row: row["example"])
def test_abbreviations_end_no_sentence(row: dict[str, Any]) -> None:
    assert list(split_sentences(row["example"])) == [(0, len(row["example"]))]


@pytest.mark.parametrize("row", read_toml("en/segment.toml")["unfinished"], ids=lambda row: row["example"])
def test_a_line_that_is_left_unfinished_goes_on(row: dict[str, Any]) -> None:
    first, _, second = row["example"].partition("\n")
    assert first.split()[-1] in row["terms"]
    assert second[0].isupper()
    _, sentence = _only(row["example"])
    assert sentence.text == f"{first} {second}"


@pytest.mark.parametrize("table", [name for name, row in GRAMMAR.items() if row["terms"] != [""]])
def test_closed_classes(table: str) -> None:
    row = GRAMMAR[table]
    assert any(holds(row["example"], term) for term in row["terms"] if term), "the example uses none of its terms"


def _only(text: str) -> tuple[Entry, Sentence]:
    (entry,) = segment(Report("r", text)).entries
    (sentence,) = entry.sentences
    return entry, sentence


@pytest.mark.parametrize("table", SETTING)
def test_setting(table: str) -> None:
    entry, sentence = _only(SETTING[table]["example"])
    set_aside = is_accident(entry, sentence) or is_allegation(sentence) or is_hypothetical(sentence)
    assert set_aside == (table not in {"violence", "convictions"})
    assert any(term in sentence.text.lower() for term in SETTING[table]["terms"])


# -- form --------------------------------------------------------------------------------------------


def _lists() -> Iterator[tuple[str, list[str]]]:
    """Every list of terms of the figure grammar's files, with its place."""
    for name in ("numbers", "grammar", "setting", "measures", "people", "things"):
        for table, found in read_toml(f"en/{name}.toml").items():
            for number, row in enumerate(found if isinstance(found, list) else [found]):
                for key, value in row.items():
                    if isinstance(value, list) and value and all(isinstance(term, str) for term in value):
                        yield f"{name}.{table}[{number}].{key}", value


@pytest.mark.parametrize(("place", "terms"), list(_lists()), ids=lambda value: value if isinstance(value, str) else "")
def test_lists_are_sorted_and_say_each_term_once(place: str, terms: list[str]) -> None:
    assert terms == sorted(set(terms))


@pytest.mark.parametrize("table", ["states", "takes", "losses", "names", "tolls", "waves"])
def test_no_term_stands_in_two_rows(table: str) -> None:
    counted = Counter(term for row in MEASURES[table] for term in row["terms"])
    assert [term for term, count in counted.items() if count > 1] == []


def test_the_five_forms_are_complete() -> None:
    for table in ("verbs", "carries", "suffers"):
        assert all(len(forms) == 5 for row in MEASURES[table] for forms in row["forms"])


# -- no dead terms -----------------------------------------------------------------------------------


def test_every_table_is_read() -> None:
    assert set(GRAMMAR) == {field.name for field in fields(Classes)}
    made = {
        "vague_book",
        "hedge_lasts",
        "starters",
        "before_hedged",
        "after_hedged",
        "links",
        "after_a",
        "carriers",
        "before_nothing",
        "after_nothing",
    }
    assert set(NUMBERS) == {field.name for field in fields(number_terms())} - made
    assert {field.name for field in fields(Words)} > set(GRAMMAR)


def test_every_word_of_a_class_can_be_met() -> None:
    """A class of words is asked for single tokens: a term that is cut in two would never be found."""
    known = words()
    dead = [
        f"{name}: {term}"
        for name, row in GRAMMAR.items()
        if isinstance(getattr(known, name), frozenset)
        for term in row["terms"]
        if term and norms(term) != [term]
    ]
    # A clitic is a token of its own only where a dash or a quote cuts it off.
    assert [term for term in dead if not term.endswith(("'s", "'re", "'ll"))] == []


@pytest.mark.parametrize(
    "table", ["units", "labels", "sure_labels", "months", "abbreviations", "after_count", "before_year"]
)
def test_every_word_beside_a_number_can_be_met(table: str) -> None:
    assert [term for term in NUMBERS[table]["terms"] if norms(term) != [term]] == []


def test_every_noun_and_predicate_is_found_by_its_own_words() -> None:
    singular = [term for _, row in (*rows(PEOPLE), *rows(THINGS)) for term in (*row["one"], *row.get("extra", ()))]
    phrases = [term for _, row in rows(MEASURES) for term in row.get("terms", ())]
    phrases += [form for _, row in rows(MEASURES) for forms in row.get("forms", ()) for form in forms]
    for book, terms in ((noun_book(), singular), (lexemes(), phrases)):
        for term in terms:
            match = book.at([*norms(term), ""], 0)
            assert match is not None, term
            assert match.end == len(norms(term)), term
