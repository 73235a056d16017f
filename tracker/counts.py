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
    others: bool = False
    headless: bool = False
    single: bool = False
    kind: str | None = None


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

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
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
        groups = {phrase.group for phrase in run}
        if not (all(phrase.single for phrase in run) or groups <= _DEMOGRAPHIC or len(groups) == 1):
            return False
        first, last = run[0], run[-1]
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
        if not lexeme.forms:
            return _Verb(start, end, lexeme, "state" if lexeme.states else "noun")
        before = self.back(start)
        left, right = self.norm(before), self.right_phrase(end)
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
            if subject is not None and right is not None:
                agent = subject.kind in {MUNITION, "none"} or subject.group in {Group.FIGHTERS, Group.PERPETRATORS, Group.SOLDIERS}
                fits = subject.kind in {None, PEOPLE, "unknown"} or subject.kind in lexeme.object
                voice = "passive" if fits and not (agent and lexeme.object.get(PEOPLE)) else "active"
                return _Verb(start, end, lexeme, voice)
            if right is not None:
                return _Verb(start, end, lexeme, "active")
            if subject is not None:
                fits = self.measure_of(lexeme.object, subject) is not None or subject.kind in {None, PEOPLE, "unknown"}
                return _Verb(start, end, lexeme, "passive" if fits else "active")
            if "past" in lexeme.forms and self.norm(end) not in _AFTER_PARTICIPLE:
                return _Verb(start, end, lexeme, "active")
            return _Verb(start, end, lexeme, "passive")
        return _Verb(start, end, lexeme, "active")

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
        kind = PEOPLE if phrase.kind in {None, "unknown"} else phrase.kind
        measure = frame.get(kind)
        if measure is None and phrase.kind is None and kind not in frame and len(frame) == 1:
            # "shot down 12": the verb's only object is understood.
            measure = next(iter(frame.values()))
        return measure

    # -- 2. linking ----------------------------------------------------------------------------------

    def link(self) -> None:
        """Try the numbered cases for each phrase, then the lists, then what is left."""
        for k, phrase in enumerate(self.phrases):
            if phrase.zero:
                continue
            link = (
                self.case_inside(k, phrase)
                or self.case_name(phrase)
                or self.case_right(phrase, reach=0)
                or self.case_object(phrase)
                or self.case_nominal(phrase)
                or self.case_toll(phrase)
                or self.case_means(phrase)
                or self.case_among(phrase)
            )
            if link is not None:
                self.links[k] = link
        self.lists()
        for k, phrase in enumerate(self.phrases):
            if k not in self.links:
                link = self.case_right(phrase, reach=_SUBJECT_REACH) or self.case_attribute(phrase)
                if link is not None:
                    self.links[k] = link
        self.lists()
        self.insides()

    def case_inside(self, k: int, phrase: Phrase) -> _Link | None:
        """Case 1. "including six children", "two of them seriously": a part of an earlier figure."""
        if k == 0 and not phrase.of_them:
            return None
        marked = self.subset_marker(phrase.first)
        if not marked and k > 0 and self.links.get(k - 1) and self.links[k - 1].case == "inside":
            # "including two women and a child"
            marked = self.is_coordinate(k - 1, k) and not self.own_verb(phrase)
        severe = phrase.headless and not phrase.single and self.is_severe(phrase.last) or (
            phrase.headless and phrase.single and False
        )
        severe = severe or (phrase.quantity.text.lower() == "one" and self.is_severe(phrase.last))
        if not marked and not phrase.of_them and not severe:
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
        limit = min(len(self.tokens), index + max(reach, 9))
        skipped = 0
        helped = False
        oblique = self.is_oblique(phrase)
        if reach and (oblique or phrase.headless and not phrase.single):
            return None
        while index < limit:
            norm = self.norm(index)
            verb = verbs.get(index)
            if verb is not None:
                measure = self.subject_measure(verb, phrase, adjacent=skipped == 0)
                if measure is not None and (skipped == 0 or helped or verb.lexeme.intransitive):
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
                helped = True
                index += 1
                continue
            if norm in self.words.adverbs or norm in self.words.link or norm in self.words.negation:
                index += 1
                continue
            if reach == 0:
                # A short aside between commas: "12 people, officials said, were killed".
                return None
            if index in self.at_first:
                other = self.phrases[self.at_first[index]]
                k = self.at_first[index]
                inside = k in self.links and self.links[k].case == "inside"
                if not inside and not self.is_oblique(other) and not other.headless:
                    return None
                index = other.last
                skipped += 1
                continue
            if norm in {";", ":"} or (norm in self.words.openers and skipped >= 0 and norm not in {"as"}):
                return None
            if norm == "and" and self.norm(index + 1) in {"the", "a", "an", "he", "she", "it", "they", "officials"}:
                return None
            skipped += 1
            helped = False
            index += 1
        return None

    def subject_measure(self, verb: _Verb, phrase: Phrase, *, adjacent: bool) -> Measure | None:
        """What a predicate says of the phrase to its left."""
        lexeme = verb.lexeme
        if verb.voice == "active":
            if phrase.single and phrase.kind == MUNITION:
                return None
            measure = lexeme.agent.get(phrase.kind or "")
            return measure if adjacent else None
        if verb.voice == "passive":
            measure = self.measure_of(lexeme.intransitive, phrase) or self.measure_of(lexeme.object, phrase)
            if phrase.kind == "unknown" and measure not in _PEOPLE_ONLY:
                return None
            if phrase.single and phrase.kind == MUNITION and measure not in {Measure.INTERCEPTED, Measure.LAUNCHED}:
                return None
            return self.combined(verb, measure)
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
        steps = 0
        while index > 0 and steps < 7:
            verb = next((v for v in self.verbs if v.end == index), None)
            if verb is not None:
                return self.object_link(verb, phrase)
            norm = self.norm(index - 1)
            if norm not in _BEFORE_OBJECT and norm not in self.words.adverbs:
                break
            index -= 1
            steps += 1
        if index > 0 and phrase.kind == MUNITION and not phrase.single:
            # "launched overnight against Kyiv 20 drones": words may stand between a launch and its object.
            for verb in reversed(self.verbs):
                if verb.end <= phrase.first and phrase.first - verb.end <= 6 and verb.voice == "active" and not verb.lexeme.agent:
                    between = {self.norm(k) for k in range(verb.end, phrase.first)}
                    if not between & {",", ";", "and", "with", "by"} and not any(verb.end <= p.first < phrase.first for p in self.phrases):
                        return self.object_link(verb, phrase)
        return None

    def object_link(self, verb: _Verb, phrase: Phrase) -> _Link | None:
        lexeme = verb.lexeme
        measure: Measure | None = None
        if verb.voice == "active":
            measure = self.measure_of(lexeme.object, phrase)
            measure = self.coordinated(verb, measure)
        if measure is None and lexeme.takes:
            lives = self.norm(phrase.last - 1) in {"lives", "life"} or self.norm(phrase.last) in {"lives", "life"}
            if (not lexeme.needs_lives or lives) and (
                not lexeme.needs_head or self.norm(phrase.head or -1) in lexeme.needs_head or phrase.attribute is not None
            ):
                measure = self.measure_of(lexeme.takes, phrase)
        if measure is None and verb.voice in {"passive", "state"} and self.norm(verb.end) == ":" and phrase.headless:
            measure = lexeme.people
        if measure is None or (phrase.kind == "unknown" and measure not in _PEOPLE_ONLY):
            return None
        if phrase.kind == "unknown" and measure is Measure.EVACUATED:
            return None
        if self.unreal(verb, verb.start):
            return None
        return _Link(measure, "object")

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
            if norm in self.words.modals or norm in {"not", "never", "n't", "without"} or norm.endswith("n't"):
                return True
            if norm == "to":
                before = self.norm(probe - 1)
                perfect = self.norm(probe + 1) == "have"
                phrase_before = self.norm(probe - 2)
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
        return False

    def case_nominal(self, phrase: Phrase) -> _Link | None:
        """Case 5. "the deaths of nine people", "the killing of two children", "injuries to four officers"."""
        index = phrase.first
        while self.norm(index - 1) in {"the", "at", "least", "his", "her", "their"}:
            index -= 1
        if self.norm(index - 1) not in {"of", "to"}:
            return None
        for verb in self.verbs:
            if verb.end == index - 1:
                lexeme = verb.lexeme
                measure = lexeme.names.get(PEOPLE) if lexeme.names else None
                if measure is None and verb.voice == "noun":
                    measure = self.measure_of(lexeme.object, phrase)
                if measure is None or (self.norm(index - 1) == "to" and measure is not Measure.INJURED):
                    return None
                if phrase.kind not in {PEOPLE, None, "unknown"}:
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
            if before in {"in", "at"} and not set(between) & {"stands", "stood", "put", "placed", "now", "remains", "stand"}:
                continue
            if before in {"is", "was", "are", "were", "of"} and len(between) > 3 and "toll" not in lexeme.phrase:
                continue
            earlier = any(match.end <= other.first < phrase.first and self.norm(other.first - 1) in self.words.change - {"of", "at", "as", "was"} and not self.is_earlier(other) for other in self.phrases)
            if earlier and before not in {"to"}:
                continue
            return _Link(lexeme.toll, "toll")
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

    def case_among(self, phrase: Phrase) -> _Link | None:
        """Case 8. "three children were among the dead", "among the wounded are six policemen"."""
        index = phrase.last
        while self.norm(index) in self.words.be | self.words.adverbs | self.words.have:
            index += 1
        if self.norm(index) in {"among", "amongst"}:
            measure = self.named_people(index + 1)
            if measure is not None:
                return _Link(measure, "among", Relation.SUBSET)
        index = phrase.first
        while index > 0 and self.norm(index - 1) in self.words.be | {"include", "included", "includes", "also", "at", "least"}:
            index -= 1
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
        while self.norm(index) in {"the", "those", "people", "who", "were", "have", "been", "more", "than", "at", "least", "some"}:
            index += 1
        if index >= len(self.tokens) or index in self.at_first:
            return None
        match = self.reader.lexemes.at(self.tokens, index)
        if match is not None:
            return match.term.people
        return Measure.KILLED if self.norm(index) in {"victims", "fatalities"} else None

    def case_attribute(self, phrase: Phrase) -> _Link | None:
        """Case 9. A participle before the noun and no verb: "with 46 injured people", "three dead children"."""
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
        gap = [self.norm(k) for k in range(a.last, b.first)]
        return bool(gap) and all(word in _LIST_WORDS for word in gap)

    def lists(self) -> None:
        """Figures without a verb of their own take the one of the list they stand in."""
        # Forward: "two soldiers and three civilians were killed".
        for k in range(len(self.phrases) - 2, -1, -1):
            if k in self.links or k + 1 not in self.links:
                continue
            after = self.links[k + 1]
            if after.case in {"right", "far", "among"} and self.is_coordinate(k, k + 1) and self.same_sort(k, k + 1):
                if not self.is_oblique(self.phrases[k]) or after.case == "among":
                    self.links[k] = replace_link(after, "list")
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
            if self.is_coordinate(k - 1, k) and self.same_sort(k - 1, k) and before.case in {"object", "list", "nominal", "means", "right", "name", "toll"}:
                if before.case in {"right", "name", "toll"} and not phrase.headless:
                    continue
                self.links[k] = replace_link(before, "list")
            elif phrase.headless and not phrase.single and self.breaks_down(host, k):
                self.links[k] = replace_link(before, "list")
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
        if self.norm(phrase.last) not in {"in", "by", "at", "near", "on", "from", "outside", "across"}:
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
            own = self.case_right(self.phrases[k], reach=0) if not self.phrases[k].headless else None
            if self.phrases[k].of_them and own is None:
                own = self.case_right(self.phrases[k], reach=0)
            if own is not None and (host is None or own.measure in {Measure.KILLED, Measure.HOSPITALISED, Measure.INJURED}) and (self.phrases[k].of_them or host is None):
                self.links[k] = _Link(own.measure, "inside", Relation.TOTAL if own.measure is Measure.HOSPITALISED else Relation.SUBSET)
            elif host is not None:
                self.links[k] = _Link(self.links[host].measure, "inside", Relation.SUBSET, host)
            else:
                self.links[k] = _Link(Measure.KILLED, "dangling", Relation.SUBSET)


    # -- 4. who is counted, and nobody ---------------------------------------------------------------

    def group(self, k: int, phrase: Phrase, link: _Link, groups: dict[int, Group], before: Group | None) -> Group:
        """The group of a figure; a noun left out keeps the group named before (codebook 2)."""
        if link.measure not in _PEOPLE_ONLY:
            return Group.ALL
        host = groups.get(link.host) if link.host is not None else None
        own = phrase.group
        if phrase.name is not None and own is None:
            own = self.named_group(phrase)
        if link.relation is Relation.SUBSET and own in {None, Group.ALL} and host is not None:
            return host
        if own is not None:
            return own
        if link.case == "toll":
            return self.toll_group(phrase)
        if phrase.headless and phrase.kind is None and not phrase.others and before is not None:
            return before
        return Group.ALL

    def named_group(self, phrase: Phrase) -> Group:
        """"286 civilian deaths", "the deaths of 12 soldiers"."""
        for index in range(phrase.first, phrase.last):
            match = self.reader.nouns.at(self.tokens, index)
            if match is not None and match.term.kind == PEOPLE:
                return match.term.group
        return Group.ALL

    def toll_group(self, phrase: Phrase) -> Group:
        """"the death toll of soldiers … to 89"."""
        for match in self.matches:
            if match.term.toll is not None and match.end <= phrase.first:
                for index in range(max(match.start - 2, 0), min(match.end + 5, phrase.first)):
                    noun = self.reader.nouns.at(self.tokens, index)
                    if noun is not None and noun.term.kind == PEOPLE and noun.term.plural and self.norm(index - 1) in {"of", "among"}:
                        return noun.term.group
        return Group.ALL

    def zeros(self) -> Iterator[Count]:
        """"no one was hurt", "without casualties", "no reports of casualties": nobody, said as such."""
        for index in range(len(self.tokens)):
            norm = self.norm(index)
            if norm not in {"no", "nobody", "none", "without", "zero"} and not (norm == "no-one"):
                continue
            end = index + 1
            if norm == "no" and self.norm(end) in {"one", "people", "person", "residents", "civilians"}:
                end += 1
            elif norm == "none" and self.norm(end) == "of":
                end += 3
            measures = self.zero_measures(index, end, norm)
            span = Span(self.tokens[index].start, self.tokens[end - 1].end if norm in {"no"} and end - index == 2 else self.tokens[index].end)
            for measure in measures:
                yield Count(measure, Quantity(0, 0, False, None, self.text[span.start : span.end], span), Group.ALL)

    def zero_measures(self, index: int, end: int, norm: str) -> tuple[Measure, ...]:
        """What nobody suffered: read from the noun or the verb that follows."""
        if norm in {"no", "without", "zero"} and end == index + 1:
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
        if norm in {"without", "zero"}:
            return ()
        probe = end
        while self.norm(probe) in self.words.be | self.words.have | self.words.adverbs | {"reported", "believed", "to"}:
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


def read_counts(tokens: Sequence[Token], text: str) -> list[Count]:
    """Every figure of a sentence and what it counts, in the order printed.

    >>> from tracker.tokens import tokenise
    >>> line = "At least 46 people were injured, including six children, and two drones were shot down."
    >>> for count in read_counts(tokenise(line), line):
    ...     print(count.measure, count.quantity.text, count.group, count.relation)
    injured At least 46 all total
    injured six children subset
    intercepted two all total
    """
    sentence = _Sentence(tokens, text)
    sentence.link()
    counts = list(sentence.zeros())
    group_before: Group | None = None
    groups: dict[int, Group] = {}
    for k in sorted(sentence.links):
        link, phrase = sentence.links[k], sentence.phrases[k]
        if link.case == "dangling":
            continue
        group = sentence.group(k, phrase, link, groups, group_before)
        groups[k] = group
        if link.relation is Relation.TOTAL and not phrase.others:
            group_before = group
        counts.append(
            Count(link.measure, phrase.quantity, group, link.relation, phrase.more, phrase.others, phrase.headless, phrase.single, phrase.kind)
        )
        if phrase.total_of is not None and link.measure in _OF_LAUNCHED:
            counts.append(Count(Measure.LAUNCHED, phrase.total_of, Group.ALL))
        if link.relation is Relation.TOTAL:
            counts += [Count(link.measure, part.quantity, part.group or Group.ALL, Relation.SUBSET) for part in phrase.parts]
    return counts


_DEMOGRAPHIC = frozenset({Group.ALL, Group.CIVILIANS, Group.CHILDREN, Group.WOMEN, Group.MEN, Group.ELDERLY})
_OF_LAUNCHED = frozenset({Measure.INTERCEPTED, Measure.SUPPRESSED, Measure.HITS})
_PEOPLE_ONLY = frozenset({Measure.KILLED, Measure.INJURED, Measure.CASUALTIES, Measure.HOSPITALISED, Measure.MISSING, Measure.RESCUED, Measure.EVACUATED})
_AFTER_PARTICIPLE = frozenset({"", "in", "by", "when", "after", "as", "during", "at", "on", "and", "or", ",", ".", ";", ":", "near", "while", "since", "overnight", "today", "yesterday", "following", "across", "outside", "with", "so", "last", "this", "amid", "inside", "between", "over", "–", "—", "-", ")", "(", "earlier", "later"})
_BEFORE_OBJECT = frozenset({"a", "total", "of", "at", "the", "down", "their", "his", "her", "its", "off", "up", ":", "further", "other", "additional", "also", "between", "nearly", "all", "us", "them"})
_SUBSET_SKIP = frozenset({"at", "least", "the", "also", "some", "another", "other", "even", "about", "around", "are", "were", "was", "is", "his", "her", "their"})
_LIST_WORDS = frozenset({",", "and", "or", "&", "as", "well", "along", "with", "plus", "another", "a", "further", "the", "his", "her", "their", "also", "other"})
_OWN_CHANGE = frozenset({"exceeds", "exceed", "exceeded", "exceeding", "surpassed", "surpasses", "topped", "tops"})
