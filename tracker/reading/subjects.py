"""Predicates behind their figure: "46 people were injured", "nine dead", "three missiles got through"."""

from __future__ import annotations

from tracker.models import Measure
from tracker.reading.asides import after_names, after_parts
from tracker.reading.compounds import dies_later, with_shared_subject
from tracker.reading.harm import taken_to_hospital
from tracker.reading.links import PEOPLE_MEASURES, Case, Link, Links, part
from tracker.reading.nouns import Sort
from tracker.reading.phrase import Phrase
from tracker.reading.reality import is_unreal
from tracker.reading.sentence import Sentence
from tracker.reading.voice import Verb, Voice

#: So many helping words may stand between a figure and the verb beside it.
_NEAR = 9
#: A subject may stand this many tokens before its verb ("Two people evacuating in a minibus are killed").
_FAR = 30
#: "none of them older than 24", "known as": no clause begins there.
_NO_OPENERS = frozenset({"as", "than"})
_RESULTS = frozenset(
    {("result", "in"), ("resulted", "in"), ("resulting", "in"), ("results", "in"), ("led", "to"), ("leading", "to")}
)
#: The main verb follows a relative clause within so many tokens.
_CLAUSE = 14


def subject_case(sentence: Sentence, phrase: Phrase) -> Link | None:
    """The predicate that follows with only helping words between: "were reportedly injured", "dead", "got through"."""
    known = sentence.adjacent
    if phrase.first not in known:
        known[phrase.first] = _adjacent(sentence, phrase)
    return known[phrase.first]


def has_own_verb(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether a predicate directly follows a phrase."""
    return subject_case(sentence, phrase) is not None


def _adjacent(sentence: Sentence, phrase: Phrase) -> Link | None:
    norms, words = sentence.norms, sentence.words
    index = phrase.last
    if norms[index] == ",":
        index = after_parts(sentence, phrase)
    elif phrase.sort is Sort.MUNITION:
        index = _over_models(sentence, index)
    limit = min(sentence.line.size, index + _NEAR)
    skipped = helped = False
    while index < limit:
        norm = norms[index]
        if helped and norm in words.blows and norms[index + 1] == "and":
            index += 2  # "was shot and critically wounded"
            continue
        verb = sentence.verb_at.get(index)
        if verb is not None and not (_takes_nothing(verb) and norm in words.link):
            measure = said_of_subject(sentence, verb, phrase, adjacent=not skipped)
            if measure is Measure.INJURED and not helped and phrase.headless and verb.voice is Voice.PASSIVE:
                # "57 wounded are being treated", "12 wounded have died"
                main = _main_measure(sentence, verb, phrase) if norms[verb.end] in words.be | words.have else None
                measure = main if main in {Measure.HOSPITALISED, Measure.KILLED} else measure
            if measure is not None and _is_relative(sentence, verb, phrase, helped=helped):
                return _link_of_clause(sentence, verb, phrase, measure)
            if measure is not None and (not skipped or helped or verb.lexeme.intransitive):
                return _link(sentence, verb, phrase, measure, skipped=skipped)
            if not skipped and norm not in words.link:
                return None
            skipped, helped, index = True, False, verb.end
            continue
        if norm in words.be or norm in words.have:
            helped = True
        elif norm in words.quotes and (helped or (index == phrase.last and norms[phrase.first + 1] in words.quotes)):
            pass  # 'three "bandits" killed', 'three were "neutralised"'
        elif norm not in words.subject_gaps and not _closes_apposition(sentence, phrase, index):
            return None
        index += 1
    return None


def _over_models(sentence: Sentence, index: int) -> int:
    """Over the models behind their munition: "48 cruise missiles Kh-101/Kalibr launched"."""
    nouns, norms = sentence.line.nouns, sentence.norms
    while index < sentence.line.size:
        noun = nouns[index]
        if (
            noun is not None
            and noun.term.sort is Sort.MUNITION
            and not noun.term.plural
            and index not in sentence.at_first
        ):
            index = noun.end
        elif norms[index] == "/":
            index += 1
        else:
            break
    return index


def far_subject_case(sentence: Sentence, phrase: Phrase, links: Links) -> Link | None:
    """The predicate further off: a passive, or one that says the same of its subject."""
    norms, words = sentence.norms, sentence.words
    if sentence.is_speaker(phrase) or (sentence.is_oblique(phrase) and not _is_result(sentence, phrase)):
        return None
    if phrase.headless and not phrase.single and not _stands_off(sentence, phrase):
        return None
    if _is_object(sentence, phrase):
        return None
    index = after_names(sentence, phrase)
    limit = min(sentence.line.size, index + _FAR)
    skipped = helped = plural = passive = carried = False
    inside = 0  # where a part of the figure ends: "including three people who …"
    while index < limit:
        norm = norms[index]
        verb = sentence.verb_at.get(index)
        if verb is not None and not _takes_nothing(verb):
            measure = said_of_subject(sentence, verb, phrase, adjacent=not skipped)
            suffers = bool(verb.lexeme.suffers) and "with" not in verb.lexeme.phrase
            suffers = suffers or (carried and norm == "with")  # "was flown to the capital with burns"
            carried = carried or (helped and "hospital" in verb.lexeme.carries)
            finite = helped or verb.lexeme.intransitive or suffers or norm in words.finite_states
            follows = index == inside and verb.voice is Voice.PASSIVE and norms[phrase.last] == "including"
            if measure is not None and (not skipped or finite or follows):
                return _link(sentence, verb, phrase, measure, skipped=skipped)
            skipped, helped, index = True, False, verb.end
            continue
        if norm == "(":
            index = next((at for at in range(index, limit) if norms[at] == ")"), limit) + 1
            continue  # "two officers (one a sergeant) were wounded"
        if norm in words.be or norm in words.have:
            if plural and norm not in words.plural_helpers:
                return None  # "12 drones and the port was hit": a clause of its own
            helped = True
            passive = passive or norm in words.be
        elif norm in {"which", "who", "whom"} and not _follows(sentence, phrase, index):
            comma = next((at for at in range(index, limit) if norms[at] == ","), None)
            if index != inside or comma is None:
                return None  # the relative clause of another noun
            index = comma
        elif norm == "and" and passive and index - 1 not in sentence.at_last:
            helped = skipped = True  # "were abducted and killed"
        elif norm in words.subject_gaps:
            pass
        elif norm in words.of_them and norms[index - 1] == "of":
            inside = index + 1
            skipped, helped = True, False
        elif index in sentence.at_first:
            k = sentence.at_first[index]
            joined = links.get(k) if inside and norms[index - 1] == "and" else None
            if joined is not None and joined.case is Case.SUBJECT and joined.measure in PEOPLE_MEASURES:
                # "Six officers, one of them a brigadier, and eleven inmates were killed"
                return joined._replace(case=Case.SUBJECT_LIST) if phrase.maybe_people else None
            if _takes_over(sentence, k, links):
                return None
            skipped, index = True, sentence.phrases[k].last
            inside = index if k in links and links[k].case is Case.INSIDE else inside
            if inside == index:
                index = _over_own_verb(sentence, sentence.phrases[k])
            continue
        elif norm in {";", ":"} or (norm in words.openers and norm not in _NO_OPENERS):
            return None
        elif norm == "others" and norms[index - 1] == "and":
            return None  # "were overrun and others wounded"
        else:
            plural = plural or (norm == "and" and norms[index + 1] in words.second_subjects)
            skipped, helped = True, False
        index += 1
    return None


def _is_result(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "resulted in two officers from the base being wounded"."""
    pair = sentence.norms[phrase.first - 2], sentence.norms[phrase.first - 1]
    return pair in _RESULTS and "being" in sentence.norms[phrase.last :]


def _over_own_verb(sentence: Sentence, part: Phrase) -> int:
    """The token behind a part, and behind its verb: "one of whom was also shot in the thigh"."""
    joined = sentence.gap(part.first - 2, part.first) == [",", "and"]
    relative = joined or sentence.norms[part.last - 1] in {"whom", "which"}
    if not (part.of_them and relative and has_own_verb(sentence, part)):
        return part.last
    # "Was found dead": the helping word may be the verb's own.
    helped = range(part.last, sentence.line.after(part.last, sentence.words.helpers) + 1)
    verb = next((sentence.verb_at[index] for index in helped if index in sentence.verb_at), None)
    return part.last if verb is None else verb.end


def _stands_off(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "25, two girls among them, were wounded", "35 of those in the line died"."""
    norms, words = sentence.norms, sentence.words
    if phrase.of_them:
        return norms[phrase.last] in words.prepositions
    if norms[phrase.last] == "including":
        return True  # "over 100 more including 35 children injured"
    if norms[phrase.last] != ",":
        return False
    aside = norms[phrase.last + 1 : phrase.last + 6]
    return any(norm in words.of_them or norm in {"included", "including", "most"} for norm in aside)


def _is_object(sentence: Sentence, phrase: Phrase) -> bool:
    """As in "won two medals and was injured": what an unknown verb takes is no subject."""
    line, words = sentence.line, sentence.words
    before = phrase.first - 1
    if before < 0 or not line.is_lower(before) or line.nouns[before] is not None:
        return False
    if line.norms[line.after(phrase.last, frozenset({","}))] in {"who", "whom"}:
        return False  # "hit a worshipper, who died"
    norm = line.norms[before]
    if norm in words.more:
        return False  # "a further ten civilians"
    return norm not in words.stops and norm not in words.adverbs and norm not in words.say and norm not in words.link


def attribute_case(phrase: Phrase) -> Link | None:
    """A participle before the noun and no verb: "with 46 injured people", "three dead boys", "two of the wounded"."""
    if phrase.partitive is not None and phrase.partitive.people is not None:
        return part(Case.ATTRIBUTE, phrase.partitive.people)
    if phrase.attribute is None or phrase.sort not in {Sort.PEOPLE, Sort.BUILDING}:
        return None
    if phrase.single and phrase.definite:
        return None  # "the husband of the slain dancer": told of before
    frame = phrase.attribute.object or phrase.attribute.states
    measure = frame.get(phrase.sort)
    return None if measure is None else Link(measure, Case.ATTRIBUTE)


def said_of_subject(sentence: Sentence, verb: Verb, phrase: Phrase, *, adjacent: bool) -> Measure | None:
    """What a predicate says of the phrase to its left; an active verb or a noun says it only ``adjacent``."""
    lexeme = verb.lexeme
    if lexeme.carries and phrase.maybe_people:
        taken = taken_to_hospital(sentence, verb)
        if taken is not None:
            return taken
    if verb.voice is Voice.ACTIVE:
        if not adjacent or not lexeme.agent or (phrase.single and phrase.sort is Sort.MUNITION):
            return None
        sort = phrase.sort or sentence.understood(phrase)
        if sort is Sort.MUNITION and not sentence.words.water.isdisjoint(sentence.gap(verb.end, verb.end + 2)):
            return None  # "two missiles landed in the sea": nothing was hit
        return None if sort is None else lexeme.agent.get(sort)
    if verb.voice is Voice.PASSIVE:
        return with_shared_subject(sentence, verb, _suffered(sentence, verb, phrase))
    if lexeme.suffers:
        return sentence.measure(lexeme.suffers, phrase)
    if lexeme.states:
        if phrase.sort is Sort.UNKNOWN and lexeme.states.get(Sort.PEOPLE) not in PEOPLE_MEASURES:
            return None
        return with_shared_subject(sentence, verb, sentence.measure(lexeme.states, phrase))
    if lexeme.names and phrase.quantity.high == 1 and lexeme.phrase == "remains":
        return None  # "one remains in hospital"
    if lexeme.names and lexeme.phrase == "remains":
        return None  # "the fate of 35 tenants remains unknown"
    if lexeme.names and (
        sentence.norms[verb.start - 1] == "to" or sentence.norms[verb.end] in sentence.words.mere_plans
    ):
        return None  # "sentenced 17 rebels to death", "three assassination attempts"
    if lexeme.names and adjacent and phrase.sort in {None, Sort.PEOPLE}:
        return with_shared_subject(sentence, verb, lexeme.names.get(Sort.PEOPLE))
    return None


def _suffered(sentence: Sentence, verb: Verb, phrase: Phrase) -> Measure | None:
    """What a passive says of its subject."""
    lexeme = verb.lexeme
    measure = sentence.measure(lexeme.intransitive, phrase) or sentence.measure(lexeme.object, phrase)
    if phrase.sort is Sort.UNKNOWN and measure not in PEOPLE_MEASURES:
        return None
    if phrase.single and phrase.sort is Sort.MUNITION and measure is not Measure.INTERCEPTED:
        # "a rocket launched from the hills killed two": only a finite verb counts one munition.
        finite = sentence.left_over_adverbs(verb.start) in sentence.words.be
        return measure if finite and measure is Measure.LAUNCHED else None
    return measure


def _link(sentence: Sentence, verb: Verb, phrase: Phrase, measure: Measure, *, skipped: bool) -> Link | None:
    """The link to a verb, None where it has not happened or is another subject's."""
    if is_unreal(sentence, verb) or (skipped and verb.voice is Voice.ACTIVE and not verb.lexeme.agent):
        return None
    if measure in {Measure.INJURED, Measure.HOSPITALISED} and dies_later(sentence, verb, phrase):
        measure = Measure.KILLED
    return Link(measure, Case.FAR_SUBJECT if skipped else Case.SUBJECT)


def _takes_nothing(verb: Verb) -> bool:
    """Whether it is a word such as "left" or "took" that nothing it could take follows."""
    return verb.voice is Voice.NOUN and not verb.lexeme.names and "hospital" not in verb.lexeme.carries


def _closes_apposition(sentence: Sentence, phrase: Phrase, index: int) -> bool:
    """Whether a comma at ``index`` only closes what a comma before the phrase opened."""
    if sentence.norms[index] != "," or index != phrase.last:
        return False
    return sentence.norms[phrase.first - 1] in {",", "region"}


def _follows(sentence: Sentence, phrase: Phrase, index: int) -> bool:
    """Whether nothing but a comma stands between a phrase and a token."""
    return phrase.last == (index - 1 if sentence.norms[index - 1] == "," else index)


def _takes_over(sentence: Sentence, k: int, links: Links) -> bool:
    """Whether a phrase between a subject and its verb is rather the subject itself."""
    other, link = sentence.phrases[k], links.get(k)
    if link is not None and link.case is Case.INSIDE:
        return False
    if other.sort is Sort.OTHER or sentence.is_speaker(other) or sentence.is_apposition(other):
        return False
    return link is not None or not (sentence.is_oblique(other) or other.headless)


# -- relative clauses --------------------------------------------------------------------------------


def _is_relative(sentence: Sentence, verb: Verb, phrase: Phrase, *, helped: bool) -> bool:
    """Whether a verb only tells which ones are meant: "who was wounded", "launched at Haifa"."""
    between = sentence.gap(phrase.last, verb.start)
    if verb.lexeme.phrase == "with" or any(norm in {"who", "which", "that"} for norm in between):
        return True
    launched = verb.lexeme.object.get(Sort.MUNITION) is Measure.LAUNCHED
    return phrase.sort is Sort.MUNITION and not helped and verb.voice is Voice.PASSIVE and launched


def _link_of_clause(sentence: Sentence, verb: Verb, phrase: Phrase, measure: Measure) -> Link | None:
    """As in "a woman who was wounded … has died", "two of five missiles launched … struck": the main verb decides."""
    main = _main_measure(sentence, verb, phrase)
    if main is None and is_unreal(sentence, verb):
        return None
    if main is None and measure is Measure.INJURED and dies_later(sentence, verb, phrase):
        main = Measure.KILLED  # "a man with gunshot wounds; he was pronounced dead"
    return Link(main or measure, Case.SUBJECT)


def _main_measure(sentence: Sentence, relative: Verb, phrase: Phrase) -> Measure | None:
    """What the main verb after a relative clause says of its subject."""
    for verb in sentence.verbs:
        if verb.start < relative.end:
            continue
        others = sentence.begun_between(relative.end, verb.start)
        if verb.start - relative.end > _CLAUSE or not all(map(sentence.is_oblique, others)):
            return None
        if not sentence.words.clause_ends.isdisjoint(sentence.gap(relative.end, verb.start)):
            return None
        if _is_finite(sentence, verb) and not is_unreal(sentence, verb):
            measure = said_of_subject(sentence, verb, phrase, adjacent=True)
            if measure is not None:
                return measure
    return None


def _is_finite(sentence: Sentence, verb: Verb) -> bool:
    """Whether a verb can be the main one."""
    words = sentence.words
    left = sentence.left_over_adverbs(verb.start)
    helped = sentence.norms[verb.start] in words.be or left in words.be or left in words.have
    return helped or bool(verb.lexeme.agent) or bool(verb.lexeme.intransitive)
