"""Who a linked figure counts (codebook 4)."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.models import Group, Relation
from tracker.reading.links import PEOPLE_MEASURES, Case, Link, Links
from tracker.reading.nouns import DEMOGRAPHIC, Sort, member_terms
from tracker.reading.phrase import Phrase
from tracker.reading.sentence import Sentence

#: The noun of "the number of …" and of "the toll among …" follows within so many tokens.
_NUMBER_NOUN, _TOLL_NOUN = 8, 5
#: "The army lost twelve men": the verb, and before it its subject, stand within so many tokens.
_LOST, _SUBJECT = 3, 4


def groups_of(sentence: Sentence, links: Links) -> dict[int, Group]:
    """The group of each linked phrase; a noun left out keeps the group named before it (codebook 2)."""
    groups: dict[int, Group] = {}
    before: Group | None = None
    alone = False
    for k in sorted(links):
        link, phrase = links[k], sentence.phrases[k]
        # "A woman was killed and five were hurt": of one person's sex and age the others need not be; "another" is.
        known = Group.ALL if alone and phrase.quantity.high != 1 else before
        groups[k] = _group(sentence, k, link, groups, known) if link.measure in PEOPLE_MEASURES else Group.ALL
        if link.relation is Relation.TOTAL and not phrase.others and link.case is not Case.BESIDES:
            before, alone = groups[k], phrase.single and groups[k] in DEMOGRAPHIC
    return groups


def _group(sentence: Sentence, k: int, link: Link, groups: dict[int, Group], before: Group | None) -> Group:
    phrase = sentence.phrases[k]
    if link.group is not None:
        return link.group
    own = phrase.group
    if own is None and phrase.name is not None:
        own = _group_of_name(sentence, k, groups, before)
    if before is not None and sentence.norms[phrase.last - 1] in sentence.words.colleagues:
        return before
    host = groups.get(link.host) if link.host is not None else None
    if host is not None and link.relation is Relation.SUBSET:
        # "nine rebels, four of them women": a smaller group inside a named one keeps the named one
        named = host not in DEMOGRAPHIC and (own in {Group.WOMEN, Group.MEN} or _is_their_leader(sentence, phrase))
        if named or own in {None, Group.ALL}:
            return host
    if own is Group.MEN and (loser := _loser(sentence, phrase)) is not None:
        return loser
    if own is not None:
        return own
    if link.case is Case.TOLL:
        return _group_of_toll(sentence, phrase)
    if phrase.headless and phrase.sort is None and not phrase.others:
        return before or _group_of_whole(sentence, phrase)
    return Group.ALL


def _loser(sentence: Sentence, phrase: Phrase) -> Group | None:
    """As in "the army lost twelve men", "the rebels lost seven of their men": whose men they are."""
    before = sentence.gap(phrase.first - _LOST, phrase.first)
    if sentence.norms[phrase.last - 1] != "men" or "lost" not in before:
        return None
    verb = phrase.first - len(before) + before.index("lost")
    subject = range(max(0, verb - _SUBJECT), verb)
    named = _first_people(sentence, subject)
    if named not in {None, Group.ALL}:
        return named
    return member_terms().group_of(sentence.norms[subject.start : subject.stop])


def _is_their_leader(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "seven policemen, including their commander": who leads them is one of them."""
    return phrase.head is not None and sentence.norms[phrase.head] in {"commander", "commanders", "leader", "leaders"}


def _group_of_name(sentence: Sentence, k: int, groups: dict[int, Group], before: Group | None) -> Group:
    """As in "286 civilian deaths", "the deaths of 12 soldiers"; else that of the list, or of the figure before."""
    phrase = sentence.phrases[k]
    of = sentence.norms[phrase.last] == "of"
    after = range(phrase.last + 1, min(phrase.last + 4, sentence.line.size)) if of else ()
    for index in (*range(phrase.first, phrase.last), *after):
        noun = sentence.line.nouns[index]
        if noun is not None and noun.term.sort is Sort.PEOPLE:
            named: Group = noun.term.group
            if named is not Group.ALL:
                return named
            break
    own = groups[k - 1] if k - 1 in groups and sentence.is_coordinate(k - 1, k) else Group.ALL
    can_be_verb = phrase.name is not None and bool(phrase.name.forms or phrase.name.states)
    if own is Group.ALL and can_be_verb and before is not None and not phrase.others:
        return before
    return own


def _group_of_whole(sentence: Sentence, phrase: Phrase) -> Group:
    """As in "Of 25 men abducted, eleven were found dead": the group of the whole."""
    for other in sentence.phrases:
        if other.first < phrase.first and other.first <= 3 and sentence.norms[other.first - 1] == "of":
            return other.group or Group.ALL
    return Group.ALL


def _group_of_toll(sentence: Sentence, phrase: Phrase) -> Group:
    """As in "the number of soldiers killed rose to 89", "the death toll among police … 12"."""
    norms, words = sentence.norms, sentence.words
    for index in range(phrase.first):
        if norms[index] in words.counts and norms[index + 1] == "of":
            group = _first_people(sentence, range(index + 2, min(index + _NUMBER_NOUN, phrase.first)))
            if group is not None:
                return group
    for toll in sentence.predicates:
        if toll.term.toll is not None and toll.end <= phrase.first:
            near = range(max(toll.start - 2, 0), min(toll.end + _TOLL_NOUN, phrase.first))
            group = _first_people(sentence, (index for index in near if norms[index - 1] in {"of", "among"}))
            if group is not None:
                return group
    return Group.ALL


def _first_people(sentence: Sentence, indices: Iterable[int]) -> Group | None:
    """The group of the first noun for people in the plural among some tokens."""
    nouns = (sentence.line.nouns[index] for index in indices)
    return next((noun.term.group for noun in nouns if noun is not None and noun.term.many_people), None)
