"""The closed classes of ``data/en/grammar.toml``; what each is for is said there."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import Any

from tracker.lexicon import LexiconError, read_toml
from tracker.numerals import number_terms
from tracker.tokens import PhraseBook


@dataclass(frozen=True, slots=True)
class Classes:
    """One field for each table of the file. Classes of phrases are books, the others sets of words."""

    adverbs: frozenset[str]
    be: frozenset[str]
    have: frozenset[str]
    link: frozenset[str]
    passive_helpers: frozenset[str]
    plural_helpers: frozenset[str]
    say: frozenset[str]
    modals: frozenset[str]
    maybe: frozenset[str]
    negation: frozenset[str]
    denials: frozenset[str]
    deny: frozenset[str]
    intentions: frozenset[str]
    realised: frozenset[str]
    openers: frozenset[str]
    prepositions: frozenset[str]
    phrase_ends: frozenset[str]
    direct_prepositions: frozenset[str]
    clause_marks: frozenset[str]
    object_ends: frozenset[str]
    launch_ends: frozenset[str]
    injury_ends: frozenset[str]
    after_participle: frozenset[str]
    indefinite: frozenset[str]
    definite: frozenset[str]
    more: frozenset[str]
    more_after: frozenset[str]
    more_inside: frozenset[str]
    more_or_other: frozenset[str]
    ranks: frozenset[str]
    object_openers: frozenset[str]
    reflexives: frozenset[str]
    attacks_counted: frozenset[str]
    aside_openers: frozenset[str]
    mere_plans: frozenset[str]
    times: frozenset[str]
    munition_kinds: frozenset[str]
    pronouns: frozenset[str]
    before_pronoun: frozenset[str]
    beside_zero: frozenset[str]
    idle_bodies: frozenset[str]
    possessives: frozenset[str]
    oblique_gaps: frozenset[str]
    nominal_gaps: frozenset[str]
    object_gaps: frozenset[str]
    before_gerund: frozenset[str]
    after_idle_one: frozenset[str]
    before_idle_one: frozenset[str]
    households: frozenset[str]
    after_of: frozenset[str]
    of_them: frozenset[str]
    said_to_be: frozenset[str]
    subset: PhraseBook[str]
    besides: PhraseBook[str]
    subset_gaps: frozenset[str]
    among: frozenset[str]
    before_named: frozenset[str]
    among_gaps: frozenset[str]
    include: frozenset[str]
    severity: frozenset[str]
    blows: frozenset[str]
    finite_states: frozenset[str]
    compared_ages: frozenset[str]
    before_years: frozenset[str]
    age_bounds: frozenset[str]
    parents: frozenset[str]
    conditions: PhraseBook[str]
    quotes: frozenset[str]
    name_links: frozenset[str]
    name_particles: frozenset[str]
    place_nouns: frozenset[str]
    of_names: frozenset[str]
    member_gaps: frozenset[str]
    nouns_not_verbs: frozenset[str]
    nouns_before_people: frozenset[str]
    after_person: frozenset[str]
    bodies: frozenset[str]
    of_bodies: frozenset[str]
    headline_marks: frozenset[str]
    colleagues: frozenset[str]
    staff: frozenset[str]
    lives: frozenset[str]
    theirs: frozenset[str]
    victims: frozenset[str]
    joiners: frozenset[str]
    list_words: frozenset[str]
    list_joins: frozenset[str]
    alternatives: frozenset[str]
    spoilers: PhraseBook[str]
    second_subjects: frozenset[str]
    before_share: frozenset[str]
    after_share: frozenset[str]
    before_member: frozenset[str]
    after_member: frozenset[str]
    place_links: frozenset[str]
    change: frozenset[str]
    toll_context: frozenset[str]
    exceeding: frozenset[str]
    counts: frozenset[str]
    totals: frozenset[str]
    before_toll: frozenset[str]
    toll_states: frozenset[str]
    toll_changes: frozenset[str]
    bringing: frozenset[str]
    putting: frozenset[str]
    rate_links: frozenset[str]
    rate_units: frozenset[str]
    impacts: frozenset[str]
    wave_links: frozenset[str]
    sites: frozenset[str]
    recorded: frozenset[str]
    rescue: frozenset[str]
    officers: frozenset[str]
    zeros: frozenset[str]
    zero_heads: frozenset[str]
    before_zero: frozenset[str]
    no_zero: frozenset[str]
    zero_victims: frozenset[str]
    zero_gaps: frozenset[str]
    zero_links: frozenset[str]
    zero_helpers: frozenset[str]
    tallies: frozenset[str]
    speaking: frozenset[str]
    earlier: frozenset[str]
    water: frozenset[str]
    wards: frozenset[str]
    stays: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words(Classes):
    """The classes, and those that are made of others."""

    stops: frozenset[str]
    numbers: frozenset[str]
    ordinals: frozenset[str]
    articles: frozenset[str]
    single_openers: frozenset[str]
    before_bare: frozenset[str]
    nouns_or_ranks: frozenset[str]
    subset_lasts: frozenset[str]
    helpers: frozenset[str]
    subject_gaps: frozenset[str]
    before_passive: frozenset[str]
    before_object: frozenset[str]
    before_among: frozenset[str]
    after_among: frozenset[str]
    said_to_be_gaps: frozenset[str]
    of_gaps: frozenset[str]
    oblique: frozenset[str]
    unreal: frozenset[str]
    before_unreal: frozenset[str]
    clause_ends: frozenset[str]
    first_object_ends: frozenset[str]
    before_place_names: frozenset[str]
    toll_given: frozenset[str]
    told_again: frozenset[str]
    of_ages: frozenset[str]
    zero_verb_gaps: frozenset[str]
    zero_verb_links: frozenset[str]


@functools.cache
def words(language: str = "en") -> Words:
    """Load the closed classes of a language; LexiconError where a table is missing."""
    data = read_toml(f"{language}/grammar.toml")
    missing = [field.name for field in fields(Classes) if field.name not in data]
    if missing:
        raise LexiconError(f"data/{language}/grammar.toml: the table [{missing[0]}] is missing.")
    # Annotations are strings here; "PhraseBook[str]" marks the classes whose terms may have several words.
    loaded: dict[str, Any] = {
        field.name: (
            PhraseBook((term, term) for term in data[field.name]["terms"])
            if field.type == "PhraseBook[str]"
            else frozenset(data[field.name]["terms"])
        )
        for field in fields(Classes)
    }
    base = Classes(**loaded)
    spelled = number_terms(language)
    return Words(
        **loaded,
        stops=base.phrase_ends | base.prepositions,
        numbers=frozenset(spelled.words) | spelled.vague.keys(),
        ordinals=spelled.ordinals,
        articles=base.indefinite | base.definite,
        single_openers=base.indefinite | base.definite | {"another"},
        before_bare=base.headline_marks | {"", ","},
        nouns_or_ranks=base.bodies | spelled.ordinals | {"other"},
        subset_lasts=frozenset(term.split()[-1] for term, _ in base.subset.entries()),
        helpers=base.be | base.have | base.adverbs | base.link,
        subject_gaps=base.adverbs | base.link | base.negation,
        before_passive=base.be | base.passive_helpers,
        before_object=base.object_gaps | base.adverbs,
        before_among=base.be | base.have | base.adverbs,
        after_among=base.be | base.among_gaps,
        said_to_be_gaps=base.said_to_be | base.adverbs,
        of_gaps=base.after_of | base.definite,
        oblique=base.prepositions - base.openers - base.direct_prepositions,
        unreal=base.modals | base.denials,
        before_unreal=frozenset().union(
            *(base.modals, base.denials, base.maybe, base.intentions, base.deny, {"to"}),
            *(base.be, base.have, base.adverbs, base.link),
        ),
        clause_ends=base.openers | base.clause_marks,
        first_object_ends=base.prepositions - {"of"} | base.openers | {";", ":", "and"},
        before_place_names=base.prepositions - {"including"} | base.place_nouns,
        of_ages=base.compared_ages | base.age_bounds | {"who"},
        told_again=base.tallies | base.speaking | base.earlier,
        toll_given=base.change - base.toll_context,
        zero_verb_gaps=base.be | base.have | base.adverbs | base.zero_helpers,
        zero_verb_links=base.zero_links | base.adverbs,
    )
