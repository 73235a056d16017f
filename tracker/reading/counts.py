"""Sentence → what each of its figures counts: the grammar of the product.

Every phrase is tried against the numbered cases below in order; the first that fits decides, and a phrase that
fits none is no claim. The cases read as English does: a figure belongs to the verb beside it before the verb
further off, and to a list only where it has no verb of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.models import Group, Measure, Relation
from tracker.reading.groups import groups_of
from tracker.reading.harm import as_did_case, condition_case, shot_case, ward_case
from tracker.reading.links import PEOPLE_MEASURES, Case, Count, Link, Links
from tracker.reading.lists import link_besides, link_breakdowns, link_lists
from tracker.reading.munitions import link_of_launched, means_case, site_case
from tracker.reading.nobody import nobody
from tracker.reading.nouns import Sort
from tracker.reading.objects import object_case, pronoun_case
from tracker.reading.parts import among_case, inside_case, settle_others, settle_parts
from tracker.reading.phrase import Phrase
from tracker.reading.pronouns import attackers, himself
from tracker.reading.sentence import Sentence, read_sentence
from tracker.reading.subjects import attribute_case, far_subject_case, subject_case
from tracker.reading.told import link_told_again, made_up_of
from tracker.reading.tolls import nominal_case, toll_case

#: "54 out of 69 missiles" gives the 69 as launched for these measures.
_OF_LAUNCHED = frozenset({Measure.INTERCEPTED, Measure.SUPPRESSED, Measure.HITS})
#: "bringing the toll to 14" adds what stands this far before it.
_BRINGING = 14
#: "Died later in hospital", "succumbed to her wounds": so many tokens say it.
_LATE, _LATER = 6, frozenset({"hospital", "later", "injuries", "wounds"})
#: "Also" stands within so many tokens of a figure.
_ALSO = 4


def read_counts(text: str, before: Sequence[Count] = (), *, near: bool = True) -> list[Count]:
    """Every figure of a sentence and what it counts, in the order printed; ``before`` are the counts last read.

    ``near`` says that they stand in the sentence right before.

    >>> line = "At least 46 people were injured, including six children, and two drones were shot down."
    >>> for count in read_counts(line):
    ...     print(count.measure, count.quantity.text, count.group, count.relation)
    injured At least 46 all total
    injured six children subset
    intercepted two all total
    """
    sort_before = next((count.sort for count in reversed(before) if count.sort), None)
    sentence = read_sentence(text, sort_before)
    links = link(sentence)
    link_told_again(sentence, links, before if near else ())  # 16. "the rebels put the number at 40"
    counts = list(attackers(sentence))
    for zero, tokens in nobody(sentence):
        counts.append(zero)
        for phrase in sentence.begun_between(tokens.start, tokens.stop):
            links.pop(sentence.at_first[phrase.first], None)
    counts += _counts(sentence, links, before)
    counts += himself(sentence, counts)
    return counts or (list(made_up_of(sentence, before)) if near and before else counts)


def link(sentence: Sentence) -> Links:
    """Try the cases for each phrase, then the lists, then the verbs further off, then the lists again."""
    links: Links = {}
    for k, phrase in enumerate(sentence.phrases):
        found = None if sentence.is_apposition(phrase) else first_case(sentence, k, links)
        if found is not None:
            links[k] = found
    if len(links) < len(sentence.phrases):
        link_besides(sentence, links)  # 10. "15 people died, besides the bomber"
        link_lists(sentence, links)  # 11. "two soldiers and three civilians were killed"
        _link_far(sentence, links)
        link_lists(sentence, links)
        link_of_launched(sentence, links)  # 14. "Of 149 drones, 57 were shot down"
    settle_parts(sentence, links)
    settle_others(sentence, links)
    link_breakdowns(sentence, links)  # 15. "34 dead – 27 policemen and seven civilians – and 135 wounded"
    return links


def _link_far(sentence: Sentence, links: Links) -> None:
    """Try the cases for what has no verb beside it and stands in no list."""
    for k, phrase in enumerate(sentence.phrases):
        if k not in links and not sentence.is_apposition(phrase):
            found = (
                far_subject_case(sentence, phrase, links)  # 12. "Two people evacuating in a minibus are killed"
                or pronoun_case(sentence, k)  # 12b. "seized five men and later killed them"
                or attribute_case(phrase)  # 13. "with 46 injured people"
                or condition_case(sentence, phrase)  # 13b. "a woman remains in critical condition"
                or as_did_case(sentence, k, links)  # 13d. "49 civilians died, as did fifteen soldiers"
                or shot_case(sentence, phrase)  # 13c. "seven people were shot, two fatally"
            )
            if found is not None:
                links[k] = found


def first_case(sentence: Sentence, k: int, links: Links) -> Link | None:
    """What the words beside a phrase say of it; the first case that fits decides."""
    phrase = sentence.phrases[k]
    return (
        inside_case(sentence, k, links)  # 1. "including six children", "two of them seriously"
        or among_case(sentence, phrase)  # 2. "three children were among the dead"
        or name_case(sentence, phrase)  # 3. "nine deaths", "20 casualties"
        or object_case(sentence, phrase)  # 4. "killing nine people", "shot down 28 drones"
        or nominal_case(sentence, phrase)  # 5. "the deaths of nine people"
        or subject_case(sentence, phrase)  # 6. "46 people were injured", "nine dead"
        or ward_case(sentence, k, links)  # 6b. "another 19 in Maiduguri hospitals"
        or toll_case(sentence, phrase)  # 7. "the death toll rose to 12"
        or means_case(sentence, phrase)  # 8. "attacked Ukraine with 103 drones"
        or site_case(sentence, phrase)  # 9. "attacks on eight villages"
    )


def name_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """The noun is the count; but in "12 wounded have died" the verb counts them."""
    if phrase.name is None:
        return None
    measure = phrase.name.names.get(Sort.PEOPLE)
    own = None if measure is Measure.KILLED else subject_case(sentence, phrase)
    return own or (None if measure is None else Link(measure, Case.NAME))


def _counts(sentence: Sentence, links: Links, before: Sequence[Count]) -> Iterator[Count]:
    """The linked phrases as counts."""
    _settle_dangling(sentence, links, before)
    _settle_added(sentence, links)
    groups = groups_of(sentence, links)
    for k in sorted(links):
        link, phrase = links[k], sentence.phrases[k]
        if link.case is Case.MEMBERS:
            yield from _members(link, phrase, groups[k] if link.host is None else groups[link.host])
            continue
        yield Count(
            *(link.measure, phrase.quantity, groups[k], link.relation),
            adds=phrase.more or (phrase.others and _goes_on(links, k)),
            of_them=phrase.of_them or phrase.partitive is not None,
            ordinal=phrase.ordinal,
            also=_is_also(sentence, phrase, link),
            sort=phrase.sort,
            of_known=phrase.of_known,
        )
        if phrase.total_of is not None and link.measure in _OF_LAUNCHED:
            yield Count(Measure.LAUNCHED, phrase.total_of, Group.ALL, sort=Sort.MUNITION)
        named = phrase.partitive.people if phrase.partitive is not None else None
        if phrase.total_of is not None and named is not None:
            yield Count(named, phrase.total_of, Group.ALL, sort=Sort.PEOPLE)  # the 14 of "nine of the 14 wounded"
        if link.relation is Relation.TOTAL and phrase.parts:
            yield from _members(link, phrase, groups[k])


def _goes_on(links: Links, k: int) -> bool:
    """Whether "others" are other than people of whom the sentence has said the same: "a guard and two others died"."""
    before = (link for j, link in links.items() if j < k and link.measure is links[k].measure)
    return any(link.host is None and link.relation is Relation.TOTAL for link in before)


def _in_another_attack(sentence: Sentence) -> bool:
    """As in "six were also killed in another strike": none of those told of before."""
    norms, lexemes = sentence.norms, sentence.line.lexemes
    others = (index for index in range(sentence.line.size - 1) if norms[index] in {"another", "separate", "different"})
    return any((lexeme := lexemes[index + 1]) is not None and bool(lexeme.term.wave) for index in others)


def _is_also(sentence: Sentence, phrase: Phrase, link: Link) -> bool:
    """As in "a translator was also hurt", "it also hurt a translator", "three other people were killed"."""
    if link.relation is not Relation.TOTAL:
        return False
    if phrase.others and link.measure is Measure.KILLED:
        return True  # "he killed three other people"
    if phrase.single and not phrase.definite and link.measure is Measure.KILLED and _dies_late(sentence, phrase, link):
        return True  # "killing two; a woman died later in hospital"
    if "also" not in sentence.line.distinct or _in_another_attack(sentence):
        return False
    if link.case is Case.OBJECT:
        return "also" in sentence.gap(phrase.first - _ALSO, phrase.first)
    return link.case is Case.SUBJECT and "also" in sentence.gap(phrase.last, phrase.last + _ALSO)


def _dies_late(sentence: Sentence, phrase: Phrase, link: Link) -> bool:
    """As in "a woman died later in hospital", "a boy succumbed to his wounds"."""
    if link.case is not Case.SUBJECT:
        return False
    behind = sentence.gap(phrase.last, phrase.last + _LATE)
    return not {"died", "succumbed", "dies"}.isdisjoint(behind[:3]) and not _LATER.isdisjoint(behind)


def _members(link: Link, phrase: Phrase, whole: Group | None) -> Iterator[Count]:
    """Those of a list of people whose group the whole does not have already (docs/codebook.md 2)."""
    for member in phrase.parts or (phrase,):
        if member.group not in {None, Group.ALL, whole}:
            yield Count(link.measure, member.quantity, member.group or Group.ALL, Relation.SUBSET)


def _settle_dangling(sentence: Sentence, links: Links, before: Sequence[Count]) -> None:
    """As in "Two of them were children": a part of the figure before, in the sentence before, and no larger."""
    dangling = [k for k, link in links.items() if link.case is Case.DANGLING]
    if not dangling:
        return
    hosts = [count for count in before if count.relation is Relation.TOTAL and count.measure in PEOPLE_MEASURES]
    for k in dangling:
        low, most = sentence.phrases[k].quantity.low, hosts[-1].quantity.high if hosts else None
        if hosts and (low is None or most is None or low <= most):
            links[k] = links[k]._replace(measure=hosts[-1].measure, case=Case.INSIDE)
        else:
            del links[k]


def _settle_added(sentence: Sentence, links: Links) -> None:
    """Where the sentence gives the new toll, other figures are what was added: "two more died, bringing it to 14"."""
    added = _added_measures(sentence, links)
    if not added:
        return
    for k, link in links.items():
        if link.measure in added and link.case is not Case.TOLL and link.relation is Relation.TOTAL:
            links[k] = link._replace(relation=Relation.ADDITIONAL)


def _added_measures(sentence: Sentence, links: Links) -> set[Measure]:
    """Measures whose new toll the sentence gives beside what was added to it."""
    found: set[Measure] = set()
    for k, toll in links.items():
        if toll.case is not Case.TOLL:
            continue
        first = sentence.phrases[k].first
        brought = not sentence.words.bringing.isdisjoint(sentence.gap(first - _BRINGING, first))
        rest = (j for j, link in links.items() if j != k and link.measure is toll.measure)
        if brought or any(sentence.phrases[j].more for j in rest):
            found.add(toll.measure)
    return found
