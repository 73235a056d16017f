"""Figures that lie inside others: "including six children", "two of them badly", "among the dead were three boys"."""

from __future__ import annotations

from tracker.models import Group, Measure, Relation
from tracker.reading.asides import after_bracket
from tracker.reading.links import Case, Link, Links, part
from tracker.reading.nouns import Sort
from tracker.reading.objects import object_case
from tracker.reading.phrase import Phrase
from tracker.reading.sentence import Sentence, is_marked_subset
from tracker.reading.subjects import has_own_verb, subject_case

#: What stands before a part that is told in passing: "seven tourists (three of them from Chile)".
_ASIDES = frozenset({",", "(", "-", "–", "—", "and"})
_OF_ONE = (["from", "one", "family"], ["of", "one", "family"], ["from", "a", "family"], ["from", "the", "same"])
#: What "among them were" opens begins at this token.
_BEHIND_THEM = 3
_NO_LINK = part(Case.INSIDE)
_JOINS = frozenset({",", "and"})
_BREAKS = frozenset({",", "(", "-", "–", "—"})
#: "including" and what belongs to it take so many tokens.
_MARKER = 4
_WHO = frozenset({"who", "whose"})
#: Prepositions that a part may follow.
_PART_OPENERS = frozenset({"among", "including", "with"})
#: A part of a figure is no whole, and one that waits for its whole less so.
_PARTS = frozenset({Case.INSIDE, Case.DANGLING})
#: What tells more of a part: "three of them from Chile", not "twelve of them at five dollars".
_AGES = frozenset({"aged", "ages", "under"})
_TELLING = frozenset({"aged", "from", "in", "near", "of", "on", "over", "under", "with"})


def inside_case(sentence: Sentence, k: int, links: Links) -> Link | None:
    """As in "including six children", "two of them badly", "five of those were women": part of an earlier figure."""
    phrase = sentence.phrases[k]
    if phrase.of_them:
        tells = _tells_of_them(sentence, phrase)
        return part(Case.INSIDE) if tells or _own_verb(sentence, phrase) is not None else None
    if phrase.partitive is not None and phrase.partitive.people is not None:
        # "nine of the wounded are police officers"; but in "two of the wounded died" the verb counts them.
        own = _own_verb(sentence, phrase)
        return None if own is not None else part(Case.ATTRIBUTE, phrase.partitive.people)
    if sentence.norms[:2] == ["among", "them"] and sentence.norms[2] in sentence.words.be and phrase.maybe_people:
        first = k == 0 and phrase.first == _BEHIND_THEM
        if first or (k > 0 and links.get(k - 1, _NO_LINK).case is Case.DANGLING and sentence.is_coordinate(k - 1, k)):
            return part(Case.DANGLING)  # "Among them is a girl", behind "Twelve people died"
    if k > 0 and sentence.norms[phrase.last] == "included" and phrase.maybe_people:
        return part(Case.INSIDE)  # "16 wounded, two girls included"
    if k > 0 and _is_marked(sentence, k, links):
        return None if _suffers_else(sentence, phrase) else part(Case.INSIDE)
    if not phrase.maybe_people:
        return None
    if k > 0 and phrase.headless and sentence.norms[phrase.last] in _WHO and sentence.norms[phrase.first - 1] == ",":
        return part(Case.INSIDE)  # "killed ten people, many who had queued for bread"
    if sentence.norms[0] == "of" and _opened_by_toll(sentence, phrase.first) is not None:
        return None  # "Of the wounded, nine were schoolgirls" says of whom
    if _is_described(sentence, phrase) or (k > 0 and (_is_severe(sentence, phrase) or _is_aged(sentence, phrase))):
        return part(Case.INSIDE)
    return None


def _own_verb(sentence: Sentence, phrase: Phrase) -> Link | None:
    """What a verb right beside a part says of it."""
    return object_case(sentence, phrase) or subject_case(sentence, phrase)


def _tells_of_them(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "two of them children", "one of them badly", ", three of them from Chile"; not "I knew two of them"."""
    line, norms, words = sentence.line, sentence.norms, sentence.words
    if norms[phrase.first - 1] in words.prepositions - _PART_OPENERS:
        return False  # "in six of them pupils go to classes in the metro"
    if phrase.group is not None or _is_severe(sentence, phrase):
        return True
    copula = norms[phrase.last] in words.be
    index = line.after(phrase.last, words.be) if copula else phrase.last
    noun = line.nouns[index] if index < line.size else None
    if noun is not None and noun.term.many_people:
        return True  # "four of them foreigners"
    relative = norms[phrase.last - 1] == "whom"
    if norms[index] in words.munition_kinds:
        return True  # "25 of them ballistic"
    if norms[index] == "thanks":
        return True  # "11 of them thanks to fighter pilots"
    return norms[phrase.first - 1] in _ASIDES and (relative or not copula) and norms[index] in _TELLING


def _suffers_else(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "of whom 49 were detained": what befell them is another thing, which nothing here counts."""
    line, norms, words = sentence.line, sentence.norms, sentence.words
    if not phrase.headless or norms[phrase.last] not in words.be | words.have:
        return False
    index = line.after(phrase.last, words.helpers)
    norm = norms[index]
    known = line.lexemes[index] is not None or line.nouns[index] is not None or norm == "aged"
    return not known and norm.endswith("ed") and not norm.startswith("un")


def _is_marked(sentence: Sentence, k: int, links: Links) -> bool:
    """As in "including six children"; and what joins it: "including two women and a child"."""
    phrase, before = sentence.phrases[k], links.get(k - 1)
    if is_marked_subset(sentence, phrase.first):
        # "of which 442 drones were shot down" is a figure of its own; "including four Kalibrs" a part.
        counted = phrase.sort or sentence.understood(phrase)
        return counted is not Sort.MUNITION or sentence.norms[phrase.first - 1] not in sentence.words.of_them
    if _follows_names(sentence, phrase):
        return True
    if before is None or before.case is not Case.INSIDE or phrase.name is not None:
        return False
    if sentence.is_speaker(phrase):
        return False  # "among them five children, the mayor said"
    if not sentence.is_coordinate(k - 1, k):
        return False
    closed = sentence.gap(sentence.phrases[k - 1].last, phrase.first) == [",", "and"]
    if closed and is_marked_subset(sentence, sentence.phrases[k - 1].first):
        return False  # "three of a family, including a child, and a neighbour"
    # "23 people, including five children and a nurse are killed": the verb of all, where the whole has no other.
    plural = phrase.single and sentence.norms[phrase.last] in sentence.words.plural_helpers
    if does_else(sentence, phrase):
        return False  # "one of them a child, and 120 tenants have been moved"
    closes = _opens_marked(sentence, k, links) and (plural or host_before(k, links) is None)
    return closes or not has_own_verb(sentence, phrase)


def _follows_names(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "including Judge Awan and a clerk": a part behind others who are named."""
    index = phrase.first - 1
    if sentence.norms[index] not in _JOINS or not sentence.line.is_capital(index - 1):
        return False
    while index > 0 and (sentence.norms[index] in _JOINS or sentence.line.is_capital(index)):
        index -= 1
    return sentence.norms[index] == "including"


def does_else(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "and 120 tenants have been moved": the phrase has a verb, which nothing here counts."""
    helped = sentence.norms[phrase.last] in sentence.words.be | sentence.words.have
    return helped and phrase.sort is Sort.PEOPLE and not has_own_verb(sentence, phrase)


def _opens_marked(sentence: Sentence, k: int, links: Links) -> bool:
    """Whether the list of parts that goes on at ``k`` opened with "including" or its like."""
    j = k - 1
    while j > 0 and links.get(j - 1, links[j]).case is Case.INSIDE and j - 1 in links:
        j -= 1
    first = sentence.phrases[j].first
    return is_marked_subset(sentence, first) and sentence.norms[first - 1] not in sentence.words.of_them


def _is_described(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "nine were children"."""
    if not phrase.headless or sentence.norms[phrase.last] not in sentence.words.be:
        return False
    if phrase.group is not None:
        return True
    index = sentence.line.after(phrase.last, sentence.words.be)
    noun = sentence.line.nouns[index] if phrase.first == 0 else None
    return noun is not None and noun.term.many_people and noun.term.group is Group.ALL  # "Seven were students"


def _is_aged(sentence: Sentence, phrase: Phrase) -> bool:
    """As in ", one aged 2", "(three under ten)"."""
    if not phrase.headless or sentence.norms[phrase.first - 1] not in _ASIDES:
        return False
    return not _AGES.isdisjoint(sentence.gap(phrase.first, phrase.last))


def _is_severe(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "two seriously", "one in critical condition", without a verb of its own."""
    norms, words = sentence.norms, sentence.words
    if not (phrase.headless and not phrase.single) and phrase.quantity.text.lower() != "one":
        return False
    index = sentence.line.after(phrase.last, words.stays)
    if norms[index] in {"most", "very"}:
        index += 1
    if norms[index] in words.severity:
        after = sentence.line.lexemes[index + 1]
        return after is None or not after.term.forms
    if norms[index] == "in":
        index += 1
    return words.conditions.at(norms, index) is not None


def among_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """As in "three children were among the dead", "among the wounded are six policemen", "the dead include a boy"."""
    norms, words, line = sentence.norms, sentence.words, sentence.line
    if phrase.sort is Sort.HOUSEHOLD and norms[phrase.first - 1] in {"from", "of"}:
        return None  # "nine children from one family were among the dead"
    copula = phrase.headless and norms[phrase.last] in words.be
    if (copula or phrase.group is not None) and norms[0] == "of":
        opened = _opened_by_toll(sentence, phrase.first)
        if opened is not None and not has_own_verb(sentence, phrase):
            return part(Case.AMONG, opened)
    if "among" in line.distinct and _is_among_them(sentence, sentence.at_first[phrase.first]):
        return part(Case.INSIDE)
    index = after_bracket(sentence, phrase.last)
    if norms[index : index + 3] in _OF_ONE:
        index += 3  # "nine children from one family were among those killed"
    if norms[index] in words.before_among:
        index = line.after(index + 1, words.before_among)
    if norms[index] in words.among:
        measure = _people_named(sentence, index + 1)
        if measure is not None:
            return part(Case.AMONG, measure)
    if norms[phrase.first - 1] not in words.after_among:
        return None
    index = line.before(phrase.first, words.after_among)
    measure = _whole_before(sentence, index) or _toll_before(sentence, index)
    return None if measure is None else part(Case.AMONG, measure)


def _is_among_them(sentence: Sentence, k: int) -> bool:
    """Whether "among them" closes the list of parts that a phrase stands in: "six women and a child among them"."""
    follows = k > 0 and sentence.is_coordinate(k - 1, k)  # else it is the whole
    while follows and k + 1 < len(sentence.phrases) and sentence.is_coordinate(k, k + 1):
        k += 1
    last = sentence.phrases[k].last
    return sentence.norms[last] == "among" and sentence.norms[last + 1] in {"them", "whom"}


def _opened_by_toll(sentence: Sentence, index: int) -> Measure | None:
    """What opens the clause: "Of the dead, 13 were civilians and five were soldiers"."""
    norms, line = sentence.norms, sentence.line
    if norms[1] not in {"the", "those"} or ";" in norms[:index]:
        return None
    toll = line.lexemes[2]
    return toll.term.people if toll is not None and norms[toll.end] == "," else None


def _whole_before(sentence: Sentence, index: int) -> Measure | None:
    """What "among the eleven dead", which ends at ``index``, says of its people."""
    k = sentence.at_last.get(index)
    if k is None:
        return None
    whole = sentence.phrases[k]
    known = whole.name or whole.partitive
    opened = any(sentence.norms[whole.first - back] in sentence.words.among for back in (1, 2))
    return known.people if known is not None and opened else None


def _toll_before(sentence: Sentence, index: int) -> Measure | None:
    """What "among the wounded", or "the dead include", which ends at ``index``, says of its people."""
    norms, words = sentence.norms, sentence.words
    for match in sentence.predicates:
        if match.end == index and match.term.people is not None and match.term.toll is not None:
            listed = norms[match.start - 1] in {"the", "those"}
            if listed and (norms[match.start - 2] in words.among or norms[index] in words.include):
                return match.term.people
    return None


def _people_named(sentence: Sentence, index: int) -> Measure | None:
    """What "the dead", "those killed", "the victims", "the 12 injured" say of their people."""
    norms, words = sentence.norms, sentence.words
    while index not in sentence.at_first and norms[index] in words.before_named:
        index += 1
    if index in sentence.at_first:
        phrase = sentence.phrases[sentence.at_first[index]]
        if phrase.name is not None:
            return phrase.name.people
        link = subject_case(sentence, phrase)
        return None if link is None else link.measure
    match = sentence.line.lexemes[index]
    if match is not None:
        return match.term.people
    return Measure.KILLED if norms[index] in words.victims else None


def settle_parts(sentence: Sentence, links: Links) -> None:
    """Give each part the measure of the figure it lies inside, or of its own verb."""
    for k in sorted(links):
        if links[k].case is Case.INSIDE:
            settled = _settled(sentence, k, links)
            if settled is None:
                del links[k]
            else:
                links[k] = settled


def settle_others(sentence: Sentence, links: Links) -> None:
    """Behind "one of the wounded", "the other injured" is one of them as well."""
    for k in sorted(links):
        phrase = sentence.phrases[k]
        if phrase.single and phrase.definite and phrase.headless and links[k].relation is Relation.TOTAL:
            measures = {links[j].measure for j in links if j < k and links[j].case is Case.ATTRIBUTE}
            if links[k].measure in measures and sentence.norms[phrase.last - 1] == "other":
                links[k] = links[k]._replace(relation=Relation.SUBSET)


def _settled(sentence: Sentence, k: int, links: Links) -> Link | None:
    phrase, host = sentence.phrases[k], host_before(k, links)
    if _is_of_another(sentence, k, links):
        return None
    own = None
    if phrase.of_them or (host is None and not phrase.headless):
        own = _own_verb(sentence, phrase)
    if own is not None:
        # "two of them died" of the wounded is a toll of its own; of the dead it would be a part.
        if host is not None and links[host].measure is own.measure:
            return Link(own.measure, Case.INSIDE, Relation.SUBSET, host)
        return Link(own.measure, Case.INSIDE)
    if host is not None:
        other = _toll_of_severity(sentence, phrase, links[host].measure)
        if phrase.name is not None and links[host].measure is Measure.CASUALTIES:
            other = phrase.name.people  # "80 casualties, including 20 dead"
        if other is not None:
            return Link(other, Case.INSIDE)
        return Link(links[host].measure, Case.INSIDE, Relation.SUBSET, host)
    inner = next((j for j in range(k - 1, -1, -1) if j in links and sentence.phrases[j].of_them), None)
    if inner is not None and not phrase.of_them:
        return Link(links[inner].measure, Case.INSIDE, Relation.SUBSET, inner)  # "23 of them, a boy among them, …"
    if k == 0 and phrase.of_them and sentence.norms[phrase.first - 1] in _BREAKS:
        return None  # "Counselors – 25 of them from two counties – came": part of a bare plural
    # "180,000 people, half of them minors, have fled": a part of those, and of nobody in the sentence before.
    before = (j for j in range(k) if j not in links or links[j].case not in _PARTS)
    others = any(sentence.phrases[j].maybe_people and not sentence.phrases[j].single for j in before)
    return None if others else part(Case.DANGLING)


def _is_of_another(sentence: Sentence, k: int, links: Links) -> bool:
    """As in "nine were hurt; seven people, including the mayor, were abducted": of people of whom nothing counts."""
    if k == 0 or k - 1 in links or not is_marked_subset(sentence, sentence.phrases[k].first):
        return False
    whole = sentence.phrases[k - 1]
    near = sentence.phrases[k].first - whole.last <= _MARKER
    return near and whole.sort is Sort.PEOPLE and not whole.single and not has_own_verb(sentence, whole)


def _toll_of_severity(sentence: Sentence, phrase: Phrase, whole: Measure) -> Measure | None:
    """As in "six died, two are in critical condition", "seven were shot, two fatally": no part of the figure before."""
    if not _is_severe(sentence, phrase):
        return None
    fatal = "fatally" in sentence.gap(phrase.last, phrase.last + 3)
    if fatal:
        return None if whole is Measure.KILLED else Measure.KILLED
    return Measure.INJURED if whole is Measure.KILLED else None


def host_before(k: int, links: Links) -> int | None:
    """The nearest phrase before ``k`` whose link is no part."""
    return next((j for j in range(k - 1, -1, -1) if j in links and links[j].case not in _PARTS), None)
