"""Counted phrases and predicates → what each figure counts.

``read_counts`` is the grammar of the product. Every phrase is tried against the cases below in order; the
first that fits decides, and a phrase that fits none is no claim. The cases read as English does: a figure
belongs to the verb beside it before the verb further off, and to a list only where it has no verb of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.models import Group, Measure, Quantity, Relation, Span
from tracker.phrases import MUNITION, PEOPLE, Phrase, PhraseReader
from tracker.predicates import Frame, Lexeme
from tracker.tokens import Match, Token

#: A subject may stand this many tokens before its verb ("Two people evacuating in a minibus are killed").
_SUBJECT_REACH = 30
#: A toll's figure may follow its noun by this many tokens ("the toll from Friday's strike on X rose to 12").
_TOLL_REACH = 28


@dataclass(frozen=True, slots=True)
class Count:
    """One figure of a sentence and what it counts; offsets count from the sentence's start.

    ``host`` is the index, in the list returned, of the count it lies inside. ``adds`` says that its words
    add it to an earlier toll ("two more"), which holds only where there is one.
    """

    measure: Measure
    quantity: Quantity
    group: Group
    relation: Relation = Relation.TOTAL
    adds: bool = False
    ordinal: bool = False
    others: bool = False
    headless: bool = False
    single: bool = False
    kind: str | None = None
    #: "seven of the villages": a part, where the report gave the whole before.
    of_known: bool = False


@dataclass(slots=True)
class _Verb:
    """A predicate where it stands, and how it is used there."""

    start: int
    end: int
    lexeme: Lexeme
    voice: str  # active, passive, state, noun


@dataclass(slots=True)
class _Link:
    measure: Measure
    case: str
    relation: Relation = Relation.TOTAL
    host: int | None = None


class _Sentence:
    """The linking of one sentence."""

    def __init__(self, tokens: Sequence[Token], text: str, kind_before: str) -> None:
        self.tokens = tokens
        self.text = text
        self.kind_before = kind_before
        self.reader = PhraseReader(tokens, text)
        self.words = self.reader.words
        self.links: dict[int, _Link] = {}
        self.index(self.reader.read())
        merged = self.merged()
        if len(merged) != len(self.phrases):
            self.index(merged)

    def index(self, phrases: list[Phrase]) -> None:
        """Take these phrases as the sentence's, and read its predicates around them."""
        self.phrases = phrases
        self.at_first = {phrase.first: k for k, phrase in enumerate(phrases)}
        self.at_last = {phrase.last: k for k, phrase in enumerate(phrases)}
        self.matches = self.find_lexemes()
        self.verbs = [verb for verb in map(self.verb, self.matches) if verb is not None]

    def merged(self) -> list[Phrase]:
        """Lists of people with a single person in them are one figure: "a man, his wife and a driver" (codebook 2)."""
        phrases: list[Phrase] = []
        k = 0
        while k < len(self.phrases):
            end = k + 1
            while end < len(self.phrases) and self.listable(end - 1) and self.listable(end) and self.is_coordinate(end - 1, end):
                end += 1
            run = self.phrases[k:end]
            while len(run) > 1 and not self.mergeable(run):
                run = run[:-1]
            if len(run) > 1:
                phrases.append(self.sum_of(run))
            else:
                phrases.append(run[0])
            k += len(run)
        return phrases

    def listable(self, k: int) -> bool:
        phrase = self.phrases[k]
        return phrase.kind == PEOPLE and not phrase.headless and phrase.name is None and phrase.quantity.low == phrase.quantity.high and phrase.total_of is None and not phrase.others

    def mergeable(self, run: Sequence[Phrase]) -> bool:
        """Whether a run of coordinate phrases is one figure."""
        if not any(phrase.single for phrase in run):
            return False
        joins = {self.norm(k) for phrase, after in zip(run, run[1:], strict=False) for k in range(phrase.last, after.first)}
        headline = run[0].first == 0 and run[0].single and run[0].head == 0
        if not joins & {"and", "&", "plus", "along", "as"} and not headline:
            return False  # "the suspect, a 19-year-old man, was hurt": one person, said twice
        groups = {phrase.group for phrase in run}
        if any(phrase.attribute is not None for phrase in run):
            return False  # "a dead man and a wounded woman"
        if not (all(phrase.single for phrase in run) or groups <= _DEMOGRAPHIC or len(groups) == 1):
            return False
        first, last = run[0], run[-1]
        if self.subset_marker(first.first) and not all(phrase.single for phrase in run):
            return False
        object_of = any(verb.voice == "active" and verb.end <= first.first and first.first - verb.end <= 3 for verb in self.verbs)
        subject_of = self.norm(last.last) in self.words.be or any(verb.voice == "passive" and verb.start == last.last for verb in self.verbs)
        return not (object_of and subject_of)

    def sum_of(self, run: Sequence[Phrase]) -> Phrase:
        """One phrase over a list, its members kept as parts."""
        start, end = run[0].quantity.span.start, self.tokens[run[-1].last - 1].end
        total = sum(phrase.quantity.low or 0 for phrase in run)
        groups = {phrase.group for phrase in run}
        quantity = Quantity(total, total, any(phrase.quantity.approx for phrase in run), None, self.text[start:end], Span(start, end))
        group = run[0].group if len(groups) == 1 else Group.ALL
        parts = () if len(groups) == 1 else tuple(phrase for phrase in run if phrase.group not in {Group.ALL, None})
        return replace(run[0], last=run[-1].last, quantity=quantity, group=group, head=run[-1].head, single=False, parts=parts)

    def norm(self, index: int) -> str:
        """The token's norm, or an empty string outside the sentence."""
        return self.tokens[index].norm if 0 <= index < len(self.tokens) else ""

    def find_lexemes(self) -> list[Match[Lexeme]]:
        """Predicates outside the counted phrases."""
        inside = [False] * (len(self.tokens) + 1)
        for phrase in self.phrases:
            for k in range(phrase.first, phrase.last):
                inside[k] = True
        found = []
        index = 0
        while index < len(self.tokens):
            match = None if inside[index] else self.reader.lexemes.at(self.tokens, index)
            if match is None:
                index += 1
            else:
                found.append(match)
                index = match.end
        return found

    # -- 1. how each predicate is used ---------------------------------------------------------------

    def back(self, index: int) -> int:
        """The first token to the left of ``index`` that is no adverb."""
        index -= 1
        while index >= 0 and (self.norm(index) in self.words.adverbs):
            index -= 1
        return index

    def verb(self, match: Match[Lexeme]) -> _Verb | None:
        """Active, passive, state or noun: decided by the words around it."""
        lexeme = match.term
        start, end = match.start, match.end
        if not lexeme.forms and not lexeme.suffers:
            return _Verb(start, end, lexeme, "state" if lexeme.states else "noun")
        before = self.back(start)
        left, right = self.norm(before), self.right_phrase(end)
        if lexeme.suffers and not self.injured_after(lexeme, end):
            return None
        if lexeme.suffers:
            return _Verb(start, end, lexeme, "state")
        if lexeme.intransitive:
            return _Verb(start, end, lexeme, "passive")
        if "ing" in lexeme.forms:
            if left in self.words.be:
                return _Verb(start, end, lexeme, "active")
            noun = left in {"the", "of", "for", "this", "a"} and self.norm(end) == "of"
            return _Verb(start, end, lexeme, "noun" if noun else "active")
        if "part" in lexeme.forms:
            if left in self.words.be or left in {"being", "been", "left", "leaving", "leaves"}:
                return _Verb(start, end, lexeme, "passive")
            if left in self.words.have:
                return _Verb(start, end, lexeme, "active")
            subject = self.left_phrase(start)
            if subject is not None and right is not None and subject.single and lexeme.object.get(PEOPLE):
                return _Verb(start, end, lexeme, "active")  # "a man killed four people"
            if subject is not None and right is not None:
                agent = subject.kind in {MUNITION, "none"} or subject.group in {Group.FIGHTERS, Group.PERPETRATORS, Group.SOLDIERS}
                fits = subject.kind in {None, PEOPLE, "unknown"} or subject.kind in lexeme.object
                voice = "passive" if fits and not (agent and lexeme.object.get(PEOPLE)) else "active"
                return _Verb(start, end, lexeme, voice)
            if right is not None:
                return _Verb(start, end, lexeme, "active")
            if subject is not None:
                fits = self.measure_of(lexeme.object, subject) is not None or subject.kind in {None, PEOPLE, "unknown"}
                if lexeme.agent and (subject.kind or self.understood(subject)) == MUNITION and self.norm(end) not in _AFTER_PARTICIPLE:
                    fits = False  # "eleven hit the base"
                return _Verb(start, end, lexeme, "passive" if fits else "active")
            if "past" in lexeme.forms and self.norm(end) not in _AFTER_PARTICIPLE:
                return _Verb(start, end, lexeme, "active")
            return _Verb(start, end, lexeme, "passive")
        return _Verb(start, end, lexeme, "active")

    def injured_after(self, lexeme: Lexeme, index: int) -> bool:
        """Whether an injury is the object of "suffered", within a few words."""
        for probe in range(index, min(index + 7, len(self.tokens))):
            norm = self.norm(probe)
            if norm in lexeme.injuries:
                return True
            if norm in {",", ";", ".", "and", "in", "when", "after", "that"} and norm != "and":
                return False
        return False

    def right_phrase(self, index: int) -> Phrase | None:
        """The phrase right after a verb, over adverbs and "a total of"."""
        while index < len(self.tokens) and index not in self.at_first and self.norm(index) in _BEFORE_OBJECT | self.words.adverbs:
            index += 1
        k = self.at_first.get(index)
        return None if k is None else self.phrases[k]

    def left_phrase(self, index: int) -> Phrase | None:
        """The phrase right before a verb, over adverbs."""
        while index > 0 and index not in self.at_last and self.norm(index - 1) in self.words.adverbs:
            index -= 1
        k = self.at_last.get(index)
        return None if k is None else self.phrases[k]

    def measure_of(self, frame: Frame, phrase: Phrase) -> Measure | None:
        """The measure that a slot of a predicate gives to a phrase of this kind."""
        if phrase.kind == "unknown":
            return frame.get(PEOPLE)
        if phrase.kind is not None:
            return frame.get(phrase.kind)
        # The noun is left out ("shot down 12"): people, or what the sentence counted last.
        measure = frame.get(PEOPLE)
        if measure is None:
            measure = frame.get(self.understood(phrase))
        return measure

    def understood(self, phrase: Phrase) -> str:
        """The kind of the noun that a phrase leaves out: the nearest counted before it, else munitions."""
        kinds = [other.kind for other in self.phrases if other.first < phrase.first and other.kind not in {None, "unknown"}]
        return kinds[-1] or MUNITION if kinds else self.kind_before

    # -- 2. linking ----------------------------------------------------------------------------------

    def link(self) -> None:
        """Try the numbered cases for each phrase, then the lists, then what is left."""
        for k, phrase in enumerate(self.phrases):
            if phrase.zero or self.is_apposition(phrase):
                continue
            link = (
                self.case_inside(k, phrase)
                or self.case_among(phrase)
                or self.case_name(phrase)
                or self.case_object(phrase)
                or self.case_right(phrase, reach=0)
                or self.case_nominal(phrase)
                or self.case_toll(phrase)
                or self.case_means(phrase)
                or self.case_site(phrase)
            )
            if link is not None:
                self.links[k] = link
        self.lists()
        for k, phrase in enumerate(self.phrases):
            if k not in self.links and not self.is_apposition(phrase):
                link = self.case_right(phrase, reach=_SUBJECT_REACH) or self.case_attribute(phrase)
                if link is not None:
                    self.links[k] = link
        self.lists()
        self.insides()

    def is_apposition(self, phrase: Phrase) -> bool:
        """Whether "a field commander" only says who a person named before the comma is."""
        if phrase.quantity.text.lower() == "both" and self.norm(phrase.first - 1) == ",":
            return True  # "two workers, both Ukrainians, were killed"
        if not phrase.single or phrase.definite or phrase.headless or self.norm(phrase.first - 1) != ",":
            return False
        if phrase.first - 1 in self.at_last:
            before = self.phrases[self.at_last[phrase.first - 1]]
            return before.single and self.norm(phrase.last) not in {"and"} and not self.listed(phrase)
        index = phrase.first - 2
        while index >= 0 and (self.tokens[index].text[:1].isupper() or self.norm(index).startswith(("al-", "el-")) or self.norm(index) in {"al", "el", "bin", "ibn", "van", "de", "der"}):
            index -= 1
        length = phrase.first - 2 - index
        return length >= 2 and self.norm(index) not in self.words.prepositions - {"including"} | {"district", "region"}

    def listed(self, phrase: Phrase) -> bool:
        """Whether a list goes on after a phrase: "a man, a woman and a child"."""
        return self.norm(phrase.last) in {",", "and"} and phrase.last + 1 in {other.first for other in self.phrases}

    def case_inside(self, k: int, phrase: Phrase) -> _Link | None:
        """Case 1. "including six children", "two of them seriously": a part of an earlier figure."""
        if k == 0 and not phrase.of_them:
            return None
        marked = self.subset_marker(phrase.first)
        if not marked and k > 0 and self.links.get(k - 1) and self.links[k - 1].case == "inside":
            # "including two women and a child"
            marked = phrase.name is None and self.is_coordinate(k - 1, k) and not self.own_verb(phrase)
        severe = phrase.headless and not phrase.single and self.is_severe(phrase.last) or (
            phrase.headless and phrase.single and False
        )
        severe = severe or (phrase.quantity.text.lower() == "one" and self.is_severe(phrase.last))
        described = phrase.headless and not phrase.of_them and phrase.group is not None and k > 0 and self.norm(phrase.last) in self.words.be
        if not marked and not phrase.of_them and not severe and not described:
            return None
        if phrase.kind not in {None, PEOPLE, "unknown"} and not marked:
            return None
        return _Link(Measure.KILLED, "inside", Relation.SUBSET)  # its measure comes from its host

    def subset_marker(self, index: int) -> bool:
        """Whether "including" or its like stands right before a phrase."""
        probe = index
        while probe > 0 and self.norm(probe - 1) in _SUBSET_SKIP:
            probe -= 1
        for start in range(max(0, probe - 3), probe):
            match = self.words.subset.at(self.tokens, start)
            if match is not None and match.end == probe:
                if match.term == "with":
                    return False
                return True
        return False

    def is_severe(self, index: int) -> bool:
        """"seriously", "in critical condition" after a figure, and no verb of its own."""
        norm = self.norm(index)
        if norm in self.words.be:
            index += 1
            norm = self.norm(index)
        if norm in self.words.severity:
            after = self.reader.lexemes.at(self.tokens, index + 1) if index + 1 < len(self.tokens) else None
            return after is None or not after.term.forms
        if norm == "in":
            index += 1
        return index < len(self.tokens) and self.words.conditions.at(self.tokens, index) is not None

    def case_name(self, phrase: Phrase) -> _Link | None:
        """Case 2. The noun is the count: "nine deaths", "20 casualties"."""
        if phrase.name is None:
            return None
        if self.own_verb(phrase) and phrase.name.names.get(PEOPLE) not in {Measure.KILLED}:
            found = self.case_right(phrase, reach=0)
            if found is not None:
                return found
        measure = phrase.name.names.get(PEOPLE)
        return None if measure is None else _Link(measure, "name")

    def case_right(self, phrase: Phrase, reach: int) -> _Link | None:
        """Case 3. The predicate after it: "46 people were injured", "nine dead", "three missiles got through".

        With ``reach`` 0 only helping words may stand between; else other words too, up to a verb in the
        passive or one that says the same of its subject.
        """
        index = phrase.last
        verbs = {verb.start: verb for verb in self.verbs}
        fallback: _Link | None = None
        if reach and self.speaks(phrase):
            return None
        limit = min(len(self.tokens), index + max(reach, 9))
        skipped = 0
        helped = plural_subject = False
        oblique = self.is_oblique(phrase)
        if reach and (oblique or phrase.headless and not phrase.single):
            return None
        while index < limit:
            norm = self.norm(index)
            verb = verbs.get(index)
            if verb is not None and verb.voice == "noun" and not verb.lexeme.names and (norm in self.words.link or reach):
                verb = None  # "left", "took" where nothing they take follows
            if verb is not None:
                measure = self.subject_measure(verb, phrase, adjacent=skipped == 0 or fallback is not None)
                if measure is not None and not reach and fallback is None and self.is_relative(verb, phrase, helped=helped):
                    # "a woman who was wounded … has died", "two of five missiles launched … struck": the main verb decides.
                    fallback = _Link(measure, "right")
                    main = self.main_verb(verb, phrase)
                    return _Link(main, "right") if main is not None else None if self.unreal(verb, index) else fallback
                if measure is not None and (skipped == 0 or helped or verb.lexeme.intransitive):
                    if measure in {Measure.INJURED, Measure.HOSPITALISED} and self.later_died(verb, phrase):
                        measure = Measure.KILLED
                    if self.unreal(verb, index) or (skipped and verb.voice == "active" and not verb.lexeme.agent):
                        return None
                    return _Link(measure, "right" if skipped == 0 else "far")
                if skipped == 0 and not reach and not self.words.link & {norm}:
                    return None
                if reach and verb.voice == "active" and measure is None:
                    pass
                skipped += 1
                index = verb.end
                helped = False
                continue
            if norm in self.words.be or norm in self.words.have:
                if plural_subject and norm not in {"were", "are", "have", "be", "been", "being"}:
                    return None  # "12 drones and the port was hit": a clause of its own
                helped = True
                index += 1
                continue
            if norm in {"who", "whom"} and reach and index - (self.norm(index - 1) == ",") != phrase.last:
                return None  # the relative clause of another noun
            if norm in self.words.adverbs or norm in self.words.link or norm in self.words.negation:
                index += 1
                continue
            if reach == 0:
                if norm == "," and index == phrase.last and self.norm(phrase.first - 1) in {",", "region"}:
                    index += 1
                    continue
                return None
            if index in self.at_first:
                other = self.phrases[self.at_first[index]]
                k = self.at_first[index]
                inside = k in self.links and self.links[k].case == "inside"
                linked = k in self.links and not inside
                aside = other.kind == "none" or self.speaks(other) or self.is_apposition(other)
                if not inside and not aside and (linked or not self.is_oblique(other) and not other.headless):
                    return None
                index = other.last
                skipped += 1
                continue
            if norm in {";", ":"} or (norm in self.words.openers and skipped >= 0 and norm not in {"as"}):
                return None
            if norm == "and" and self.norm(index + 1) in {"the", "a", "an", "he", "she", "it", "they", "officials"}:
                plural_subject = True
            skipped += 1
            helped = False
            index += 1
        return None

    def later_died(self, verb: _Verb, phrase: Phrase) -> bool:
        """"was shot and wounded and died a short time later": one person dies once."""
        if not phrase.single:
            return False
        for other in self.verbs:
            if verb.end < other.start <= verb.end + 16 and other.lexeme.intransitive.get(PEOPLE) is Measure.KILLED:
                gap = [self.norm(k) for k in range(verb.end, other.start)]
                if any(verb.end <= p.first < other.start and not self.is_oblique(p) and p.kind != "none" for p in self.phrases):
                    return False
                return bool({"and", "but", "before"} & set(gap)) and not {"who", ";", "when", "as"} & set(gap)
        return False

    def is_relative(self, verb: _Verb, phrase: Phrase, *, helped: bool) -> bool:
        """Whether a verb only tells which ones are meant: "who was wounded", "launched at Haifa"."""
        between = {self.norm(k) for k in range(phrase.last, verb.start)}
        if between & {"who", "which", "that"} or verb.lexeme.phrase == "with":
            return True
        return phrase.kind == MUNITION and not helped and verb.voice == "passive" and verb.lexeme.object.get(MUNITION) is Measure.LAUNCHED

    def main_verb(self, relative: _Verb, phrase: Phrase) -> Measure | None:
        """What the main verb after a relative clause says of its subject."""
        for verb in self.verbs:
            if verb.start < relative.end:
                continue
            if verb.start - relative.end > 14 or any(relative.end <= other.first < verb.start and not self.is_oblique(other) for other in self.phrases):
                return None
            gap = [self.norm(k) for k in range(relative.end, verb.start)]
            if set(gap) & (self.words.openers | {";", "and", "who", ","}):
                return None
            finite = self.norm(verb.start) in self.words.be or self.norm(self.back(verb.start)) in self.words.be | self.words.have or verb.lexeme.agent or verb.lexeme.intransitive
            if finite and not self.unreal(verb, verb.start):
                measure = self.subject_measure(verb, phrase, adjacent=True)
                if measure is not None:
                    return measure
        return None

    def speaks(self, phrase: Phrase) -> bool:
        """Whether a person is who said it: "a local elder said", "said the priest,"."""
        if self.norm(phrase.last) in self.words.say:
            return True
        if not phrase.single:
            return False
        after = self.norm(phrase.last)
        return self.norm(phrase.first - 1) in self.words.say and phrase.definite and after in {",", ".", ""}

    def subject_measure(self, verb: _Verb, phrase: Phrase, *, adjacent: bool) -> Measure | None:
        """What a predicate says of the phrase to its left."""
        lexeme = verb.lexeme
        if verb.voice == "active":
            if phrase.single and phrase.kind == MUNITION:
                return None
            measure = lexeme.agent.get(phrase.kind or self.understood(phrase))
            return measure if adjacent else None
        if verb.voice == "passive":
            measure = self.measure_of(lexeme.intransitive, phrase) or self.measure_of(lexeme.object, phrase)
            if phrase.kind == "unknown" and measure not in _PEOPLE_ONLY:
                return None
            if phrase.single and phrase.kind == MUNITION:
                # "a rocket launched from the hills killed two": only a finite verb counts one munition.
                finite = self.norm(self.back(verb.start)) in self.words.be
                if measure not in {Measure.INTERCEPTED, Measure.LAUNCHED} or not (finite or measure is Measure.INTERCEPTED):
                    return None
            return self.combined(verb, measure)
        if lexeme.suffers:
            return self.measure_of(lexeme.suffers, phrase)
        if lexeme.states:
            if phrase.kind == "unknown" and lexeme.states.get(PEOPLE) not in _PEOPLE_ONLY:
                return None
            return self.combined(verb, self.measure_of(lexeme.states, phrase))
        if lexeme.names and adjacent and phrase.kind in {None, PEOPLE}:
            return self.combined(verb, lexeme.names.get(PEOPLE))
        return None

    def combined(self, verb: _Verb, measure: Measure | None) -> Measure | None:
        """"killed or wounded" is casualties; "killed, wounded or captured" is no measure (codebook 2)."""
        if measure is None:
            return None
        index = verb.end
        joined = {measure}
        spoiled = False
        while True:
            step = index
            while self.norm(step) in {",", "and", "or", "/", "and/or"}:
                step += 1
            if step == index or step >= len(self.tokens) or step in self.at_first:
                break
            while self.norm(step) in self.words.adverbs:
                step += 1
            if step >= len(self.tokens):
                break
            spoiler = self.words.spoilers.at(self.tokens, step)
            match = self.reader.lexemes.at(self.tokens, step)
            if match is not None and (match.term.forms & {"part"} or match.term.states) and match.term.people in {Measure.KILLED, Measure.INJURED}:
                if self.right_phrase(match.end) is not None and self.norm(step - 1) == "and" and self.norm(verb.end) not in {"and"}:
                    break
                other = next(v for v in self.verbs if v.start == match.start) if any(v.start == match.start for v in self.verbs) else None
                if other is not None and other.voice == "active" and self.right_phrase(match.end) is not None and verb.voice != "active":
                    break
                joined.add(match.term.people)
                index = match.end
            elif spoiler is not None and self.norm(spoiler.end) not in {"people"}:
                spoiled = True
                index = spoiler.end
            else:
                break
        if spoiled:
            return None
        return Measure.CASUALTIES if joined == {Measure.KILLED, Measure.INJURED} else measure

    def case_object(self, phrase: Phrase) -> _Link | None:
        """Case 4. The verb before it: "killing nine people", "shot down 28 drones", "claimed the lives of two"."""
        index = phrase.first
        if self.norm(index - 1) in self.words.definite:
            index -= 1
        inverted = self.inverted(phrase)
        if inverted is not None:
            return inverted
        steps = 0
        while index > 0 and steps < 7:
            verb = next((v for v in self.verbs if v.end == index), None)
            if verb is not None:
                link = self.object_link(verb, phrase)
                if link is not None or self.norm(verb.start) != "record":
                    return link
            norm = self.norm(index - 1)
            if norm not in _BEFORE_OBJECT and norm not in self.words.adverbs:
                break
            index -= 1
            steps += 1
        joined = self.joined(phrase)
        if joined is not None:
            return joined
        shared = self.shared_object(phrase)
        if shared is not None:
            return shared
        if index > 0 and phrase.kind == MUNITION and not phrase.single:
            # "launched overnight against Kyiv 20 drones": words may stand between a launch and its object.
            for verb in reversed(self.verbs):
                if verb.end <= phrase.first and phrase.first - verb.end <= 6 and verb.voice == "active" and not verb.lexeme.agent:
                    between = {self.norm(k) for k in range(verb.end, phrase.first)}
                    if not between & {",", ";", "and", "with", "by"} and not any(verb.end <= p.first < phrase.first for p in self.phrases):
                        return self.object_link(verb, phrase)
        return None

    def joined(self, phrase: Phrase) -> _Link | None:
        """"X is killed in an airstrike, along with 16 members of his family"."""
        if [self.norm(phrase.first - 2), self.norm(phrase.first - 1)] not in (["along", "with"], ["together", "with"]) or self.own_verb(phrase):
            return None
        for verb in reversed(self.verbs):
            if verb.end < phrase.first - 1 and phrase.first - verb.end <= 16 and verb.voice in {"passive", "active"}:
                measure = verb.lexeme.object.get(PEOPLE) or verb.lexeme.intransitive.get(PEOPLE)
                if measure is not None and phrase.kind in {PEOPLE, "unknown"}:
                    return None if self.unreal(verb, verb.start) else _Link(measure, "joined")
        return None

    def shared_object(self, phrase: Phrase) -> _Link | None:
        """"killed the mayor and two guards", "destroyed a hospital and over 50 homes": an object without a figure stands first."""
        index = phrase.first - 1
        if self.norm(index) in self.words.definite:
            index -= 1
        if self.norm(index) not in {"and", "plus"} or self.own_verb(phrase):
            return None
        for verb in reversed(self.verbs):
            if verb.end > index:
                continue
            if index - verb.end > 8 or verb.voice != "active" or verb.end == index:
                return None
            between = [self.norm(k) for k in range(verb.end, index)]
            if set(between) & (self.words.prepositions - {"of"} | self.words.openers | {";", ":", "and"}) or any(verb.end <= p.first < phrase.first for p in self.phrases):
                return None
            if between[0] not in {"the", "a", "an", "his", "her", "their", "its"} and not self.tokens[verb.end].text[:1].isupper():
                return None
            measure = self.measure_of(verb.lexeme.object, phrase)
            known = phrase.kind in {PEOPLE, "building", "site"}
            return _Link(measure, "object") if measure is not None and known and not self.unreal(verb, verb.start) else None
        return None

    def inverted(self, phrase: Phrase) -> _Link | None:
        """"Killed in the blast were two boys": the participle opens, the subject closes."""
        first = self.verbs[0] if self.verbs else None
        if first is None or first.start > 1 or self.norm(phrase.first - 1) not in {"were", "was", "are", "is"}:
            return None
        if "part" not in first.lexeme.forms or first.end >= phrase.first - 1 or phrase.first - first.end > 14 or self.is_coordinate_before(phrase):
            return None
        measure = first.lexeme.object.get(PEOPLE)
        return None if measure is None else _Link(measure, "object")

    def is_coordinate_before(self, phrase: Phrase) -> bool:
        """Whether another counted phrase stands between the sentence's start and this one."""
        return any(other.first < phrase.first and not self.is_oblique(other) for other in self.phrases)

    def object_link(self, verb: _Verb, phrase: Phrase) -> _Link | None:
        lexeme = verb.lexeme
        measure: Measure | None = None
        if verb.voice == "active":
            measure = self.measure_of(lexeme.object, phrase)
            measure = self.coordinated(verb, measure)
        if lexeme.carries and (measure is None or self.norm(phrase.last) in lexeme.carries) and phrase.kind in {PEOPLE, None, "unknown"}:
            measure = self.carried(lexeme, phrase)
        if measure is None and lexeme.losses and not self.own_verb(phrase) and (phrase.group not in {None, Group.ALL} or self.norm(phrase.last - 1) in _STAFF):
            measure = lexeme.losses.get(PEOPLE)
        if measure is None and lexeme.takes:
            lives = self.norm(phrase.last - 1) in {"lives", "life"} or self.norm(phrase.last) in {"lives", "life"}
            lives = lives or self.norm(phrase.last) in {"their", "his", "her"} and self.norm(phrase.last + 1) in {"lives", "life"}
            if lexeme.needs_head and self.own_verb(phrase):
                return None  # "treated 24 people hurt by shrapnel"
            if (not lexeme.needs_lives or lives) and (
                not lexeme.needs_head or self.norm(phrase.head or -1) in lexeme.needs_head or phrase.attribute is not None
            ):
                measure = self.measure_of(lexeme.takes, phrase)
        if measure is None and self.norm(verb.end) == ":" and phrase.headless and not self.own_verb(phrase):
            measure = lexeme.people
        if measure is None or (phrase.kind == "unknown" and measure not in _PEOPLE_ONLY):
            return None
        if phrase.kind == "unknown" and measure is Measure.EVACUATED:
            return None
        if self.unreal(verb, verb.start):
            return None
        return _Link(measure, "object")

    def carried(self, lexeme: Lexeme, phrase: Phrase) -> Measure | None:
        """"pulled four people alive", "sent 23 people to hospital": the word after the object decides."""
        last = phrase.last
        while self.is_list_next(last):
            k = next(k for k, other in enumerate(self.phrases) if other.first > last)
            last = self.phrases[k].last
        for probe in range(last, min(last + 8, len(self.tokens))):
            norm = self.norm(probe)
            if norm in lexeme.carries:
                if norm in {"out", "from"} and probe > last:
                    return None
                return lexeme.carries[norm]
            if norm in {",", ".", ";", "and", "who"} or probe in self.at_first:
                return None
            if norm == "dead" or (lexeme.carries.keys() <= {"dead"} and probe > last):
                return None
        return None

    def is_list_next(self, last: int) -> bool:
        """Whether "and" and another phrase follow."""
        return self.norm(last) == "and" and last + 1 in self.at_first

    def coordinated(self, verb: _Verb, measure: Measure | None) -> Measure | None:
        """"killed and wounded 30 people": two verbs share an object."""
        if measure is None or self.norm(verb.start - 1) not in {"and", "or"}:
            return measure
        other = next((v for v in self.verbs if v.end == verb.start - 1), None)
        if other is None or other.lexeme.people is None:
            return measure
        return Measure.CASUALTIES if {measure, other.lexeme.people} == {Measure.KILLED, Measure.INJURED} else measure

    def unreal(self, verb: _Verb, index: int) -> bool:
        """Negated, possible, planned or alleged before a court: it has not happened (codebook 2)."""
        start = verb.start - 1
        for probe in range(start, max(-1, start - 6), -1):
            norm = self.norm(probe)
            if norm in {"may", "might"} and self.norm(probe + 1) == "have":
                continue  # "as many as 30 may have died": reported, if not certain
            if norm in self.words.modals or norm in {"not", "never", "n't", "without"} or norm.endswith("n't"):
                return True
            if norm == "to":
                before = self.norm(probe - 1)
                perfect = self.norm(probe + 1) == "have"
                phrase_before = self.norm(probe - 2)
                if before in self.words.link:
                    return False  # "believed to be buried"
                if verb.voice == "active" or self.norm(probe + 1) == "be":
                    return not perfect and before not in self.words.realised and phrase_before not in self.words.realised
                return False
            if norm in self.words.be or norm in self.words.have or norm in self.words.adverbs or norm in self.words.link:
                continue
            if norm in {"deny", "denied", "denies", "denying"}:
                return True
            if norm in self.words.intentions:
                return True
            break
        # "denied that 15 of its men had been killed"
        return any(self.norm(k) in {"denied", "denies", "deny", "denying"} and self.norm(k + 1) == "that" for k in range(max(0, verb.start - 16), verb.start))

    def case_nominal(self, phrase: Phrase) -> _Link | None:
        """Case 5. "the deaths of nine people", "the killing of two children", "injuries to four officers"."""
        index = phrase.first
        while self.norm(index - 1) in {"the", "at", "least", "his", "her", "their"}:
            index -= 1
        if self.norm(index - 1) not in {"of", "to", "by", "from"}:
            return None
        if phrase.kind in {MUNITION, None} and not phrase.single and self.norm(index - 2) in {"hits", "impacts", "strikes"} and self.norm(index - 1) in {"by", "of", "from"}:
            return _Link(Measure.HITS, "nominal")
        for verb in self.verbs:
            if verb.end == index - 1 and self.norm(index - 1) in {"of", "to"}:
                lexeme = verb.lexeme
                measure = lexeme.names.get(PEOPLE) if lexeme.names else None
                if measure is None and verb.voice == "noun":
                    measure = self.measure_of(lexeme.object, phrase)
                if measure is None or (self.norm(index - 1) == "to" and measure is not Measure.INJURED):
                    return None
                if phrase.kind not in {PEOPLE, None, "unknown"} and measure in _PEOPLE_ONLY:
                    return None
                return _Link(measure, "nominal")
        return None

    def case_toll(self, phrase: Phrase) -> _Link | None:
        """Case 6. "the death toll from Friday's strike rose to 12", "the number of people killed exceeds 50"."""
        hedged = phrase.quantity.text.split()[0].lower() in _OWN_CHANGE
        if phrase.kind not in {None, PEOPLE, "unknown"} or phrase.single or phrase.name is not None:
            return None
        before = self.norm(phrase.first - 1)
        if before == "from":
            return None
        if not hedged and before not in self.words.change:
            return None
        numbered = self.number_of(phrase)
        if numbered is not None:
            return _Link(numbered, "toll")
        for match in reversed(self.matches):
            lexeme = match.term
            if lexeme.toll is None or match.end > phrase.first or phrase.first - match.end > _TOLL_REACH:
                continue
            if len(match.term.phrase.split()) == 1 and lexeme.phrase not in {"toll"} and self.norm(match.start - 1) not in {"of", "the", "confirmed", "total", "both", "", "those", "reported", "official", "their"}:
                continue
            between = [self.norm(k) for k in range(match.end, phrase.first)]
            if ";" in between:
                return None
            of_of = before == "of" and match.end != phrase.first - 1 and not set(between) & {"toll"}
            if of_of and between[:-1] and between[-2] not in {"total", "toll", "count", "figure", "tally", "number"}:
                continue
            if before == "at" and len(between) == 1:
                return _Link(lexeme.toll, "toll")  # "put the number of dead at ten"
            if before in {"in", "at"} and not set(between) & {"stands", "stood", "put", "placed", "now", "remains", "stand"}:
                continue
            if before in {"is", "was", "are", "were", "of"} and len(between) > 3 and "toll" not in lexeme.phrase:
                continue
            earlier = any(match.end <= other.first < phrase.first and self.norm(other.first - 1) in self.words.change - {"of", "at", "as", "was"} and not self.is_earlier(other) for other in self.phrases)
            if earlier and before not in {"to"}:
                continue
            inside = before in {"include", "includes", "included"}
            return _Link(lexeme.toll, "among" if inside else "toll", Relation.SUBSET if inside else Relation.TOTAL)
        return None

    def number_of(self, phrase: Phrase) -> Measure | None:
        """"the number of Syrian civilians killed since March rises to 1,767"."""
        for index in range(phrase.first - 1, max(-1, phrase.first - 36), -1):
            if self.norm(index) in {"number", "count", "tally", "total"} and self.norm(index + 1) == "of":
                for match in self.matches:
                    if index < match.start <= index + 9 and match.end < phrase.first and match.term.people is not None and match.term.forms | match.term.states.keys():
                        between = {self.norm(k) for k in range(match.end, phrase.first)}
                        known = match.term.people
                        return known if between & _CHANGES or self.norm(match.end) in {"to", "at", ":"} else None
        return None

    def is_earlier(self, phrase: Phrase) -> bool:
        return self.norm(phrase.first - 1) == "from"

    def case_means(self, phrase: Phrase) -> _Link | None:
        """Case 7. "attacked Ukraine with 103 drones", "a barrage of 40 rockets", "a strike involving 53 missiles"."""
        if phrase.kind != MUNITION or phrase.single:
            return None
        before = self.norm(phrase.first - 1)
        if before == "with":
            for verb in reversed(self.verbs):
                if verb.end <= phrase.first - 1 and phrase.first - verb.end <= 16 and verb.lexeme.means and verb.voice in {"active", "passive"}:
                    if ";" in {self.norm(k) for k in range(verb.end, phrase.first)}:
                        return None
                    return None if self.unreal(verb, verb.start) else _Link(Measure.LAUNCHED, "means")
        for match in reversed(self.matches):
            if match.end < phrase.first and phrase.first - match.end <= 14 and before in match.term.wave:
                near = phrase.first - match.end <= 3
                if near or before in {"with", "involving", "using", "comprising", "consisting", "featuring", "totalling"}:
                    return _Link(Measure.LAUNCHED, "means")
        return None

    def case_site(self, phrase: Phrase) -> _Link | None:
        """Case 8. "attacks on eight villages", "debris fell at 12 locations", "rescuers work across 13 sites"."""
        if phrase.kind != "site" or phrase.single:
            return None
        before = self.norm(phrase.first - 1)
        strikes = [m for m in self.matches if m.end <= phrase.first and phrase.first - m.end <= 12 and (m.term.wave or m.term.agent)]
        if before in {"on", "against", "targeting"} and strikes:
            return _Link(Measure.SITES, "site")
        if before in {"at", "in", "across"} and self.norm(phrase.last - 1) in self.words.locations:
            words = {token.norm for token in self.tokens}
            if words & self.words.rescue or any(m.term.wave or m.term.agent for m in self.matches):
                return _Link(Measure.SITES, "site")
        return None

    def case_among(self, phrase: Phrase) -> _Link | None:
        """Case 9. "three children were among the dead", "among the wounded are six policemen"."""
        index = phrase.last
        while self.norm(index) in self.words.be | self.words.adverbs | self.words.have:
            index += 1
        if self.norm(index) == "among" and self.norm(index + 1) in {"them", "whom"} and index == phrase.last:
            return _Link(Measure.KILLED, "inside", Relation.SUBSET)
        if self.norm(index) in {"among", "amongst"}:
            measure = self.named_people(index + 1)
            if measure is not None:
                return _Link(measure, "among", Relation.SUBSET)
        index = phrase.first
        while index > 0 and self.norm(index - 1) in self.words.be | {"include", "included", "includes", "also", "at", "least"}:
            index -= 1
        if index in self.at_last and index < phrase.first:
            # "Among the eleven dead was a boy"
            whole = self.phrases[self.at_last[index]]
            opened = self.norm(whole.first - 1) in {"among", "amongst"} or self.norm(whole.first - 2) in {"among", "amongst"}
            known = whole.name or whole.partitive
            if opened and known is not None and known.people is not None:
                return _Link(known.people, "among", Relation.SUBSET)
        if index < phrase.first:
            for match in self.matches:
                if match.end == index and match.term.people is not None and match.term.toll is not None:
                    listed = self.norm(match.start - 1) == "the" or self.norm(match.start - 1) == "those"
                    marked = self.norm(match.start - 2) in {"among", "amongst"} or self.norm(index) in {"include", "included", "includes"}
                    if listed and marked:
                        return _Link(match.term.people, "among", Relation.SUBSET)
        return None

    def named_people(self, index: int) -> Measure | None:
        """"the dead", "those killed", "the victims", "the injured"."""
        while index not in self.at_first and self.norm(index) in {"the", "those", "people", "who", "were", "have", "been", "more", "than", "at", "least", "some"}:
            index += 1
        if index in self.at_first:
            phrase = self.phrases[self.at_first[index]]
            if phrase.name is not None:
                return phrase.name.people
            link = self.case_right(phrase, reach=0)
            return None if link is None else link.measure
        if index >= len(self.tokens):
            return None
        match = self.reader.lexemes.at(self.tokens, index)
        if match is not None:
            return match.term.people
        return Measure.KILLED if self.norm(index) in {"victims", "fatalities"} else None

    def case_attribute(self, phrase: Phrase) -> _Link | None:
        """Case 10. A participle before the noun and no verb: "with 46 injured people", "three dead children"."""
        if phrase.partitive is not None and phrase.partitive.people is not None:
            return _Link(phrase.partitive.people, "partitive", Relation.SUBSET)
        if phrase.attribute is None or phrase.kind not in {PEOPLE, "building"}:
            return None
        frame = phrase.attribute.object or phrase.attribute.states
        measure = frame.get(phrase.kind)
        return None if measure is None else _Link(measure, "attribute")

    # -- 3. lists and parts --------------------------------------------------------------------------

    def is_oblique(self, phrase: Phrase) -> bool:
        """Whether a preposition stands before a phrase ("in two villages")."""
        index = phrase.first
        while self.norm(index - 1) in {"the", "his", "her", "their", "all", "its"}:
            index -= 1
        norm = self.norm(index - 1)
        return norm in self.words.prepositions and norm not in self.words.openers | {"with", "following", "while", "including"}

    def own_verb(self, phrase: Phrase) -> bool:
        """Whether a predicate directly follows a phrase."""
        return self.case_right(phrase, reach=0) is not None

    def is_coordinate(self, left: int, right: int) -> bool:
        """Whether only "," and "and" stand between two phrases."""
        a, b = self.phrases[left], self.phrases[right]
        start = a.last
        if self.norm(start) in {"of", "from"}:
            # "eleven members of the Sinaloa cartel and three civilians"
            start += 1
            while start < b.first and start - a.last < 8 and (self.norm(start) in {"the", "of", "a", "al"} or self.norm(start) not in self.words.stops and self.norm(start) not in _LIST_WORDS):
                start += 1
        gap = [self.norm(k) for k in range(start, b.first)]
        return bool(gap) and all(word in _LIST_WORDS for word in gap)

    def lists(self) -> None:
        """Figures without a verb of their own take the one of the list they stand in."""
        # Forward: "two soldiers and three civilians were killed".
        for k in range(len(self.phrases) - 2, -1, -1):
            if k in self.links or k + 1 not in self.links:
                continue
            after = self.links[k + 1]
            if after.case in {"right", "far", "among", "list-right"} and self.is_coordinate(k, k + 1) and self.same_sort(k, k + 1):
                if not self.is_oblique(self.phrases[k]) or after.case == "among":
                    self.links[k] = replace_link(after, "among" if after.case == "among" else "list-right")
        # Backward: "killing two soldiers and a civilian", "three killed in X, four in Y".
        for k in range(1, len(self.phrases)):
            if k in self.links or k - 1 not in self.links:
                continue
            phrase, before = self.phrases[k], self.links[k - 1]
            host = k - 1
            if before.case == "inside":
                host = next((j for j in range(k - 1, -1, -1) if j in self.links and self.links[j].case != "inside"), -1)
                if host < 0:
                    continue
                before = self.links[host]
            if self.is_apposition(phrase):
                continue
            if self.is_coordinate(k - 1, k) and self.same_sort(k - 1, k) and before.case in {"object", "list", "nominal", "means", "toll", "among", "site"}:
                self.links[k] = replace_link(before, "among" if before.case == "among" else "list")
            elif phrase.headless and (not phrase.single or phrase.more) and self.breaks_down(host, k):
                part = phrase.quantity.vague is not None
                self.links[k] = _Link(before.measure, "list", Relation.SUBSET if part else Relation.TOTAL)
            elif not phrase.headless and before.case in {"object", "list"} and self.same_sort(host, k) and self.after_comma(k) and self.elliptic(k):
                self.links[k] = replace_link(before, "list")

    def after_comma(self, k: int) -> bool:
        """Whether a phrase follows a comma or "and"."""
        return self.norm(self.phrases[k].first - 1) in {",", "and", "as", "plus"} or self.norm(self.phrases[k].first - 2) == "as"

    def elliptic(self, k: int) -> bool:
        """Whether a list goes on after a place: "killing three people in X and two men in Y"."""
        phrase, before = self.phrases[k], self.phrases[k - 1]
        gap = [self.norm(j) for j in range(before.last, phrase.first)]
        if len(gap) > 10 or gap.count(",") > 3:
            return False
        if any(verb.start >= before.last and verb.start < phrase.first for verb in self.verbs):
            return False
        if any(word in self.words.openers for word in gap):
            return False
        follows = self.norm(phrase.last)
        return follows in {"in", "at", "near", "on", "", ".", ",", "and", "outside"} and gap[0] in {"in", "at", "near", "on", "outside"}

    def breaks_down(self, host: int, k: int) -> bool:
        """"…: six in Donetsk, four in Kherson", "two by a drone and one by gunfire"."""
        phrase, before = self.phrases[k], self.phrases[k - 1]
        if self.norm(phrase.first - 1) not in {",", "and", ":", ";", "–", "—", "with"}:
            return False
        if self.norm(phrase.last) not in {"in", "by", "at", "near", "on", "from", "outside", "across", "over", "above"} and not (
            phrase.quantity.vague and self.norm(phrase.last) == "during"
        ):
            return False
        between = range(before.last, phrase.first)
        return not any(self.verb_at(j) for j in between if j > before.last + 12)

    def verb_at(self, index: int) -> bool:
        return any(verb.start == index and verb.voice != "noun" for verb in self.verbs)

    def same_sort(self, left: int, right: int) -> bool:
        """Whether two phrases count the same sort of thing."""
        a, b = self.phrases[left], self.phrases[right]
        kinds = {PEOPLE if phrase.kind in {None, "unknown"} else phrase.kind for phrase in (a, b)}
        if a.kind is None or b.kind is None:
            return True
        return len(kinds) == 1

    def insides(self) -> None:
        """Give each part the measure of the figure it lies inside; drop parts without one."""
        for k in sorted(self.links):
            link = self.links[k]
            if link.case != "inside":
                continue
            host = next((j for j in range(k - 1, -1, -1) if j in self.links and self.links[j].case != "inside" and self.links[j].measure is not None), None)
            phrase = self.phrases[k]
            own = None
            if phrase.of_them or not phrase.headless:
                own = self.case_object(phrase) or self.case_right(phrase, reach=0)
            if own is not None and (phrase.of_them or host is None):
                # "two of them died" of the wounded is a toll of its own; of the dead it would be a part.
                same = host is not None and self.links[host].measure is own.measure
                self.links[k] = _Link(own.measure, "inside", Relation.SUBSET if same else Relation.TOTAL, host if same else None)
            elif host is not None:
                self.links[k] = _Link(self.links[host].measure, "inside", Relation.SUBSET, host)
            else:
                self.links[k] = _Link(Measure.KILLED, "dangling", Relation.SUBSET)


    def added_measures(self) -> set[Measure]:
        """Measures whose new toll the sentence gives: "two more died, bringing the toll to 14"."""
        tolls = [(k, link) for k, link in self.links.items() if link.case == "toll"]
        found = set()
        for k, link in tolls:
            first = self.phrases[k].first
            brought = any(self.norm(j) in _BRINGING for j in range(max(0, first - 14), first))
            more = any(self.phrases[j].more and self.links[j].measure is link.measure for j in self.links if j != k)
            if brought or more:
                found.add(link.measure)
        return found

    def attackers(self) -> Iterator[Count]:
        """"before police shot him dead": the attacker, named by a pronoun only."""
        for index, token in enumerate(self.tokens):
            if token.norm != "him":
                continue
            verb = next((v for v in self.verbs if v.end == index), None)
            killed = verb is not None and verb.lexeme.object.get(PEOPLE) is Measure.KILLED
            killed = killed or self.norm(index - 1) in {"shot", "shoot", "shooting"} and self.norm(index + 1) == "dead"
            before = {self.norm(k) for k in range(max(0, index - 12), index - 1)}
            if killed and before & _OFFICERS and not before & self.words.modals:
                span = Span(token.start, token.end)
                yield Count(Measure.KILLED, Quantity(1, 1, False, None, token.text, span), Group.PERPETRATORS, single=True)

    # -- 4. who is counted, and nobody ---------------------------------------------------------------

    def group(self, k: int, phrase: Phrase, link: _Link, groups: dict[int, Group], before: Group | None) -> Group:
        """The group of a figure; a noun left out keeps the group named before (codebook 2)."""
        if link.measure not in _PEOPLE_ONLY:
            return Group.ALL
        host = groups.get(link.host) if link.host is not None else None
        own = phrase.group
        if phrase.name is not None and own is None:
            own = self.named_group(phrase)
            listed = k > 0 and self.is_coordinate(k - 1, k) and k - 1 in groups
            own = groups[k - 1] if own is Group.ALL and listed else own
            if own is Group.ALL and phrase.name.forms | phrase.name.states.keys() and before is not None and not phrase.others:
                own = before
        if self.norm(phrase.last - 1) in {"colleague", "colleagues", "comrades", "comrade"} and before is not None:
            return before
        if link.relation is Relation.SUBSET and own in {None, Group.ALL} and host is not None:
            return host
        if own is not None:
            return own
        if link.case == "toll":
            return self.toll_group(phrase)
        if phrase.headless and phrase.kind is None and not phrase.others:
            return before or self.group_of_whole(phrase)
        return Group.ALL

    def group_of_whole(self, phrase: Phrase) -> Group:
        """"Of 25 men abducted, eleven were found dead": the group of the whole."""
        for other in self.phrases:
            if other.first < phrase.first and self.norm(other.first - 1) == "of" and other.first <= 3:
                return other.group or Group.ALL
        return Group.ALL

    def named_group(self, phrase: Phrase) -> Group:
        """"286 civilian deaths", "the deaths of 12 soldiers"."""
        after = range(phrase.last + 1, min(phrase.last + 4, len(self.tokens))) if self.norm(phrase.last) == "of" else ()
        for index in (*range(phrase.first, phrase.last), *after):
            match = self.reader.nouns.at(self.tokens, index)
            if match is not None and match.term.kind == PEOPLE:
                return match.term.group
        return Group.ALL

    def toll_group(self, phrase: Phrase) -> Group:
        """"the death toll of soldiers … to 89"."""
        for index in range(phrase.first):
            if self.norm(index) in {"number", "count", "tally", "total"} and self.norm(index + 1) == "of":
                for probe in range(index + 2, min(index + 8, phrase.first)):
                    noun = self.reader.nouns.at(self.tokens, probe)
                    if noun is not None and noun.term.kind == PEOPLE and noun.term.plural:
                        return noun.term.group
        for match in self.matches:
            if match.term.toll is not None and match.end <= phrase.first:
                for index in range(max(match.start - 2, 0), min(match.end + 5, phrase.first)):
                    noun = self.reader.nouns.at(self.tokens, index)
                    if noun is not None and noun.term.kind == PEOPLE and noun.term.plural and self.norm(index - 1) in {"of", "among"}:
                        return noun.term.group
        return Group.ALL

    def zeros(self) -> Iterator[tuple[Count, int, int]]:
        """"no one was hurt", "without casualties", "no reports of casualties": nobody, said as such."""
        for index in range(len(self.tokens)):
            norm = self.norm(index)
            if norm not in {"no", "nobody", "none", "without", "neither", "no-one", "nil"}:
                continue
            end = index + 1
            verb = next((v for v in self.verbs if v.end == index and v.voice == "active"), None)
            if verb is not None and (norm in {"nobody", "none"} or norm == "no" and self.norm(end) == "one") and verb.lexeme.object.get(PEOPLE):
                # "injuring no one"
                last = index + (2 if norm == "no" else 1)
                span = Span(self.tokens[index].start, self.tokens[last - 1].end)
                yield Count(verb.lexeme.object[PEOPLE] or Measure.KILLED, Quantity(0, 0, False, None, self.text[span.start : span.end], span), Group.ALL), index, last
                continue
            if norm == "no" and self.norm(end) in {"one", "people", "person", "residents", "civilians"}:
                end += 1
            elif norm == "none" and self.norm(end) == "of":
                while end < len(self.tokens) and end - index < 7 and self.norm(end) not in self.words.be:
                    end += 1
            measures = self.zero_measures(index, end, norm)
            span = Span(self.tokens[index].start, self.tokens[end - 1].end if norm in {"no"} and end - index == 2 else self.tokens[index].end)
            for measure in measures:
                yield Count(measure, Quantity(0, 0, False, None, self.text[span.start : span.end], span), Group.ALL), index, end

    def zero_measures(self, index: int, end: int, norm: str) -> tuple[Measure, ...]:
        """What nobody suffered: read from the noun or the verb that follows."""
        if norm == "nil":
            named_before = next((v for v in self.verbs if v.end == index - 1 and v.lexeme.names), None)
            return (Measure.KILLED, Measure.INJURED) if named_before is not None and self.norm(index - 1) == ":" else ()
        if norm == "without" and [self.norm(index + k) for k in (1, 2, 3)] == ["loss", "of", "life"]:
            return (Measure.KILLED,)
        if norm in {"no", "without", "neither"} and end == index + 1:
            probe = end
            while self.norm(probe) in _BEFORE_ZERO:
                probe += 1
            if self.norm(probe) in {"further", "more", "new", "additional", "other"} or probe >= len(self.tokens):
                return ()
            named: list[Measure] = []
            while probe < len(self.tokens):
                match = self.reader.lexemes.at(self.tokens, probe)
                word = self.norm(probe)
                if match is not None and match.term.names and match.term.names.get(PEOPLE):
                    measure = match.term.names[PEOPLE]
                    named += [Measure.KILLED, Measure.INJURED] if measure is Measure.CASUALTIES else [measure] if measure else []
                    probe = match.end
                elif word in {"victims", "victim"}:
                    named += [Measure.KILLED, Measure.INJURED]
                    probe += 1
                elif named and word in {"or", "and", ",", "nor"}:
                    probe += 1
                elif word in {"damage", "serious", "civilian", "fatal", "major", "loss", "human", "or"} and probe - end < 4:
                    probe += 1
                else:
                    break
            return tuple(dict.fromkeys(named))
        if norm in {"without", "neither"}:
            return ()
        probe = end
        while self.norm(probe) in self.words.be | self.words.have | self.words.adverbs | {"reported", "believed", "to", "inside", "aboard", "else", "nearby"}:
            probe += 1
        named = []
        while probe < len(self.tokens):
            match = self.reader.lexemes.at(self.tokens, probe)
            measure = match.term.people if match is not None and (match.term.forms & {"part", "past"} or match.term.states) else None
            if measure not in {Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.HOSPITALISED}:
                break
            assert match is not None and measure is not None
            named.append(measure)
            probe = match.end
            while self.norm(probe) in {"or", "and", ","} | self.words.adverbs:
                probe += 1
        return tuple(dict.fromkeys(named))


_BEFORE_ZERO = frozenset({"immediate", "reports", "report", "reported", "confirmed", "of", "any", "civilian", "human", "word", "information", "known", "serious", "initial", "there", "were", "early", "injuries,", "causing", "fatal", "victims,", "casualties,"})


def replace_link(link: _Link, case: str) -> _Link:
    """The same measure for another member of a list."""
    return _Link(link.measure, case, link.relation if case != "list" or link.case == "among" else Relation.TOTAL, link.host)


def read_counts(tokens: Sequence[Token], text: str, before: Sequence[Count] = ()) -> list[Count]:
    """Every figure of a sentence and what it counts, in the order printed.

    >>> from tracker.tokens import tokenise
    >>> line = "At least 46 people were injured, including six children, and two drones were shot down."
    >>> for count in read_counts(tokenise(line), line):
    ...     print(count.measure, count.quantity.text, count.group, count.relation)
    injured At least 46 all total
    injured six children subset
    intercepted two all total
    """
    kinds = [count.kind for count in before if count.kind]
    sentence = _Sentence(tokens, text, kinds[-1] if kinds else MUNITION)
    sentence.link()
    counts = list(sentence.attackers())
    for count, first, last in sentence.zeros():
        counts.append(count)
        for k, phrase in enumerate(sentence.phrases):
            if first <= phrase.first < last:
                sentence.links.pop(k, None)
    group_before: Group | None = None
    groups: dict[int, Group] = {}
    added = sentence.added_measures()
    for k in sorted(sentence.links):
        link, phrase = sentence.links[k], sentence.phrases[k]
        if link.case == "dangling":
            # "Two of them were children": a part of the figure before, in the sentence before.
            hosts = [count for count in before if count.relation is Relation.TOTAL and count.measure in _PEOPLE_ONLY]
            if not hosts:
                continue
            link = _Link(hosts[-1].measure, "inside", Relation.SUBSET)
        if link.measure in added and link.case != "toll" and link.relation is Relation.TOTAL:
            link.relation = Relation.ADDITIONAL
        group = sentence.group(k, phrase, link, groups, group_before)
        groups[k] = group
        if link.relation is Relation.TOTAL and not phrase.others:
            group_before = group
        counts.append(
            Count(link.measure, phrase.quantity, group, link.relation, phrase.more, phrase.ordinal, phrase.others, phrase.headless, phrase.single, phrase.kind, phrase.of_known)
        )
        if phrase.total_of is not None and link.measure in _OF_LAUNCHED:
            counts.append(Count(Measure.LAUNCHED, phrase.total_of, Group.ALL, kind=MUNITION))
        if link.relation is Relation.TOTAL:
            counts += [Count(link.measure, part.quantity, part.group or Group.ALL, Relation.SUBSET) for part in phrase.parts]
    return counts


_DEMOGRAPHIC = frozenset({Group.ALL, Group.CIVILIANS, Group.CHILDREN, Group.WOMEN, Group.MEN, Group.ELDERLY})
_OF_LAUNCHED = frozenset({Measure.INTERCEPTED, Measure.SUPPRESSED, Measure.HITS})
_PEOPLE_ONLY = frozenset({Measure.KILLED, Measure.INJURED, Measure.CASUALTIES, Measure.HOSPITALISED, Measure.MISSING, Measure.RESCUED, Measure.EVACUATED})
_AFTER_PARTICIPLE = frozenset({"", "in", "by", "when", "after", "as", "during", "at", "on", "and", "or", ",", ".", ";", ":", "near", "while", "since", "overnight", "today", "yesterday", "following", "across", "outside", "with", "so", "last", "this", "amid", "inside", "between", "over", "–", "—", "-", ")", "(", "earlier", "later"})
_BEFORE_OBJECT = frozenset({"a", "total", "of", "at", "the", "down", "their", "his", "her", "its", "off", "up", ":", "further", "other", "additional", "also", "between", "nearly", "all", "us", "them", "another", "record", "altogether", "dead"})
_SUBSET_SKIP = frozenset({"all", "both", "at", "least", "the", "also", "some", "another", "other", "even", "about", "around", "are", "were", "was", "is", "his", "her", "their"})
_LIST_WORDS = frozenset({",", "and", "or", "&", "as", "well", "along", "with", "plus", "another", "a", "further", "the", "his", "her", "their", "also", "other"})
_OFFICERS = frozenset({"police", "officers", "officer", "troops", "soldiers", "guards", "guard", "they", "forces", "deputies", "policemen", "commandos"})
_BRINGING = frozenset({"bringing", "raising", "taking", "pushing", "lifting", "brings", "raises", "takes", "brought", "raised", "took"})
_STAFF = frozenset({"staff", "members", "personnel", "employees", "member", "volunteers", "colleagues", "crew"})
_CHANGES = frozenset({"rises", "rose", "risen", "climbs", "climbed", "reaches", "reached", "stands", "stood", "increases", "increased", "grew", "grows", "jumped", "passes", "passed", "exceeds", "exceeded", "is", "was", "hit", "hits", "surpasses", "topped", "fell", "falls", "drops", "dropped"})
_OWN_CHANGE = frozenset({"exceeds", "exceed", "exceeded", "exceeding", "surpassed", "surpasses", "topped", "tops"})
