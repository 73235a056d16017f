"""Figures without a verb of their own take the one of the list they stand in."""

from __future__ import annotations

from tracker.models import Group, Measure, Relation
from tracker.reading.asides import ASIDES, DASHES, is_list, make_up, parts_in_aside
from tracker.reading.links import Case, Link, Links
from tracker.reading.nouns import Sort
from tracker.reading.parts import does_else, host_before
from tracker.reading.sentence import Sentence, is_marked_subset
from tracker.reading.voice import Voice

_SUBJECTS = frozenset({Case.SUBJECT, Case.FAR_SUBJECT, Case.SUBJECT_LIST, Case.AMONG})
_OBJECTS = frozenset({Case.OBJECT, Case.LIST})
_FORWARD = _OBJECTS | {Case.NOMINAL, Case.MEANS, Case.TOLL, Case.AMONG, Case.SITE}
#: A verb so far behind the figure before opens a clause of its own.
_CLAUSE = 12
#: "In addition to the" takes so many tokens.
_OPENING = 4
#: So much may stand between the members of a list over places.
_ELLIPSIS, _COMMAS = 10, 3
#: So much may a list say of the place of one of its members.
_SPLIT = 8

#: Before a figure that is added.
_MORE = frozenset({"a", "an", "additional", "another", "further"})
#: "25 died at once and a further 15 yesterday": when the rest died.
_LATER = frozenset({"afterwards", "later", "overnight", "today", "yesterday"})
#: What closes an aside, and what opened it.
_CLOSERS = {")": "(", **{dash: dash for dash in DASHES}}
#: Part what stands behind a figure from an aside that tells of it.
_MARKS = frozenset({",", ";", ":", "(", ")", *DASHES})


def link_lists(sentence: Sentence, links: Links) -> None:
    """Pass links along lists: from the verb behind them to the left, then from the verb before them to the right."""
    size = len(sentence.phrases)
    if not links:
        return
    for k in range(size - 2, -1, -1):
        if k not in links and k + 1 in links and not sentence.is_apposition(sentence.phrases[k]):
            _link_subject(sentence, k, links)
    for k in range(1, size):
        if k not in links and k - 1 in links and not sentence.is_apposition(sentence.phrases[k]):
            _link_member(sentence, k, links)
        elif k not in links and k - 2 in links and _is_munition_too(sentence, k - 2, k):
            links[k] = links[k - 2].shared(Case.LIST)
        if k not in links and sentence.norms[sentence.phrases[k].first - 2] in _CLOSERS:
            _link_behind_bracket(sentence, k, links)


def _link_subject(sentence: Sentence, k: int, links: Links) -> None:
    """As in "two soldiers and three civilians were killed"."""
    after = links[k + 1]
    if after.case not in _SUBJECTS or not _is_same_sort(sentence, k, k + 1):
        return
    if not sentence.is_coordinate(k, k + 1) and not _is_split(sentence, k):
        return
    if after.case is Case.AMONG or not sentence.is_oblique(sentence.phrases[k]):
        links[k] = after.shared(Case.SUBJECT_LIST)


def _is_split(sentence: Sentence, k: int) -> bool:
    """As in "two guards, 17 worshippers in a mosque, and 13 militants were killed": a place stands in the list."""
    phrase, words = sentence.phrases[k], sentence.words
    gap = sentence.gap(phrase.last, sentence.phrases[k + 1].first)
    if phrase.headless or phrase.sort is not Sort.PEOPLE or not 4 <= len(gap) <= _SPLIT or gap[-2:] != [",", "and"]:
        return False
    verbs = any(phrase.last <= verb.start < sentence.phrases[k + 1].first for verb in sentence.verbs)
    return gap[0] in words.place_links and "," not in gap[:-2] and not verbs and words.openers.isdisjoint(gap)


def _link_member(sentence: Sentence, k: int, links: Links) -> None:
    """As in "killing two soldiers and a civilian", "three killed in X, four in Y", "killing three in X and two …"."""
    phrase, host = sentence.phrases[k], k - 1
    if sentence.norms[phrase.first - 1] in {"which", "whom"} or does_else(sentence, phrase):
        return
    if links[host].case is Case.INSIDE:
        whole = host_before(k, links)
        if whole is None:
            return
        host = whole
    before = links[host]
    if before.case in _FORWARD and _continues(sentence, k) and _is_same_sort(sentence, k - 1, k):
        links[k] = before.shared(Case.LIST)
    elif phrase.headless and (not phrase.single or phrase.more) and _breaks_down(sentence, k):
        part = phrase.quantity.vague is not None
        links[k] = Link(before.measure, Case.LIST, Relation.SUBSET if part else Relation.TOTAL)
    elif (
        not phrase.headless
        and before.case in _OBJECTS
        and _is_same_sort(sentence, host, k)
        and _is_elliptic(sentence, k)
    ):
        links[k] = before.shared(Case.LIST)


def _link_behind_bracket(sentence: Sentence, k: int, links: Links) -> None:
    """As in "41 missiles (25 of them ballistic) and 125 drones": the list goes on behind brackets or dashes."""
    norms, phrase = sentence.norms, sentence.phrases[k]
    if norms[phrase.first - 1] != "and":
        return
    mark = _CLOSERS[norms[phrase.first - 2]]
    opens = next((at for at in range(phrase.first - 3, -1, -1) if norms[at] == mark), None)
    host = sentence.at_last.get(opens) if opens is not None else None
    same = host is not None and sentence.phrases[host].sort is phrase.sort is not None
    if host in links and same and links[host].case in _FORWARD:
        links[k] = links[host].shared(Case.LIST)


def _is_munition_too(sentence: Sentence, whole: int, k: int) -> bool:
    """As in "87 missiles, one of them a KN-23, and 200 drones": a part stands between."""
    munitions = all(sentence.phrases[j].sort is Sort.MUNITION for j in (whole, k))
    part = is_marked_subset(sentence, sentence.phrases[whole + 1].first)
    return munitions and part and sentence.gap(sentence.phrases[k].first - 2, sentence.phrases[k].first) == [",", "and"]


def _continues(sentence: Sentence, k: int) -> bool:
    """Whether a phrase stands in one list with that before; one person after a mere comma only if it goes on."""
    if not sentence.is_coordinate(k - 1, k):
        return False
    phrase = sentence.phrases[k]
    gap = sentence.gap(sentence.phrases[k - 1].last, phrase.first)
    return not phrase.single or not sentence.words.list_joins.isdisjoint(gap) or sentence.is_listed(phrase)


def _is_same_sort(sentence: Sentence, left: int, right: int) -> bool:
    """Whether two phrases can count the same sort of thing."""
    a, b = (sentence.phrases[k].sort for k in (left, right))
    if a is None or b is None:
        return True
    people = {Sort.PEOPLE, Sort.UNKNOWN}
    return a is b or (a in people and b in people)


def _breaks_down(sentence: Sentence, k: int) -> bool:
    """As in "…: six in Donetsk, four in Kherson", "two by a drone and one by gunfire"."""
    phrase, words = sentence.phrases[k], sentence.words
    before, after = sentence.around(phrase)
    if phrase.more:
        before = sentence.norms[sentence.line.before(phrase.first, _MORE) - 1]
    if before not in words.before_share:
        return False
    later = phrase.more and after in _LATER
    if after not in words.after_share and not later and not (phrase.quantity.vague and after == "during"):
        return False
    far = range(sentence.phrases[k - 1].last + _CLAUSE + 1, phrase.first)
    return not any(verb.start in far and verb.voice is not Voice.NOUN for verb in sentence.verbs)


def _is_elliptic(sentence: Sentence, k: int) -> bool:
    """Whether a list goes on after a place: "killing three people in X and two men in Y"."""
    phrase, before, words = sentence.phrases[k], sentence.phrases[k - 1], sentence.words
    listed = sentence.norms[phrase.first - 1] in words.before_member or sentence.norms[phrase.first - 2] == "as"
    gap = sentence.gap(before.last, phrase.first)
    if not listed or not gap or len(gap) > _ELLIPSIS or gap.count(",") > _COMMAS or not words.openers.isdisjoint(gap):
        return False
    if any(before.last <= verb.start < phrase.first for verb in sentence.verbs):
        return False
    return gap[0] in words.place_links and sentence.norms[phrase.last] in words.after_member


def link_besides(sentence: Sentence, links: Links) -> None:
    """As in "15 people died, besides the bomber": who died or was hurt with the others and is not counted with them."""
    told = {link.measure for link in links.values()}
    measure = next((each for each in (Measure.KILLED, Measure.INJURED) if each in told), None)
    if measure is None:
        return
    for k, phrase in enumerate(sentence.phrases):
        opens = measure is Measure.KILLED or phrase.first <= _OPENING  # "two wounded, as well as one suspect" found
        if k not in links and phrase.group is Group.PERPETRATORS and opens and _is_excepted(sentence, phrase.first):
            links[k] = Link(measure, Case.BESIDES)


def _is_excepted(sentence: Sentence, index: int) -> bool:
    """Whether "besides", "not counting" or the like ends at a token, an article left out."""
    index = sentence.line.before(index, sentence.words.definite)
    found = (sentence.words.besides.at(sentence.norms, start) for start in range(max(0, index - 3), index))
    return any(match is not None and match.end == index for match in found)


def link_breakdowns(sentence: Sentence, links: Links) -> None:
    """As in "531 weapons – 522 drones and nine missiles – were fired": what stands between dashes is its parts."""
    if len(sentence.phrases) < 2 or sentence.line.distinct.isdisjoint(ASIDES):
        return
    for k, whole in enumerate(sentence.phrases[:-1]):
        verb = sentence.verb_at.get(whole.last)
        end = sentence.line.after(whole.last if verb is None else verb.end, sentence.words.adverbs)
        opens = sentence.phrases[k + 1].first - 1
        if sentence.norms[opens] in DASHES or (k in links and _MARKS.isdisjoint(sentence.gap(whole.last, opens))):
            end = opens  # "28 people died in Omagh — thirteen women, ... —"
        parts = parts_in_aside(sentence, k, end) if sentence.norms[end] in ASIDES else []
        if len(parts) == 1 and _adds_who(sentence, links, k, parts[0]):
            links[parts[0]] = Link(links[k].measure, Case.AMONG, Relation.SUBSET, k)
            continue
        if not parts or not make_up(sentence, parts, whole):
            continue
        measures = {links[j].measure for j in (k, *parts) if j in links}
        if len(measures) == 1:
            measure = measures.pop()
            links.setdefault(k, Link(measure, Case.SUBJECT))
            members = is_list(sentence, parts)
            case = Case.MEMBERS if members else Case.AMONG
            links.update({j: Link(measure, case, Relation.SUBSET, k) for j in parts})


def _adds_who(sentence: Sentence, links: Links, k: int, j: int) -> bool:
    """As in "77 wounded, 12 children.": the children are of the wounded."""
    whole, child = sentence.phrases[k], sentence.phrases[j]
    if k not in links or j in links or child.single or child.group is not Group.CHILDREN:
        return False
    if sentence.norms[child.last] not in {"", ".", ";"} or not (whole.headless or whole.name is not None):
        return False
    return (child.quantity.low or 0) < (whole.quantity.low or 0) and whole.group in {None, Group.ALL}
