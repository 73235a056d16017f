"""With what, and by whom: weapon classes, models and the attacker of a figure (codebook 1, 5).

A figure takes the weapons of its attack: its own noun ("48 of 70 missiles"), its clause, its sentence, then the
attack its entry tells. What a text names is found by :mod:`tracker.arms` and :mod:`tracker.attackers`.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from tracker.arms import Hit, older_attack, weapon_hits
from tracker.attackers import Agent, attackers_in
from tracker.date_roles import placed_phrases
from tracker.lexicon import read_toml
from tracker.models import KIND_OF, Kind, Measure, Span
from tracker.other_attacks import in_another_half, is_answered, of_older
from tracker.segment import Document, Sentence
from tracker.triggers import Triggers
from tracker.vicinity import REACH, after, before
from tracker.weapon_clauses import by_clause, clauses_of, context_pattern, strong
from tracker.when import Dates


class Means(NamedTuple):
    """Weapon classes and models, sorted, and the attacking party; empty and None where the report does not say."""

    weapons: tuple[str, ...]
    models: tuple[str, ...]
    attacker: str | None


@functools.cache
def _triggers() -> Triggers[str]:
    """Words that tell one attack from another (``data/en/weapons.toml``)."""
    context = read_toml("en/weapons.toml")["context"]
    return Triggers({name: context[name] for name in ("attack_nouns", "same_attack", "other_attack")})


@functools.lru_cache(maxsize=2048)
def _cues(text: str) -> frozenset[str]:
    """The lists of which a term stands in a sentence."""
    return frozenset(name for name in _triggers().found_in(text) if context_pattern(name).search(text))


# --- one figure ---------------------------------------------------------------------------------------------------

_SINCE_WHEN = re.compile(r"\bsince\b[^,;]*,?\s+(?:when|in\s+which|during\s+which)\b")
_REFERS_BACK = re.compile(r"\b(?:[Tt]he|[Tt]his|[Tt]hat)\s+(?:\w+\s+)?bombings?\Z")
_AFTER_CLAUSE = re.compile(r"(?:\w+\s+){0,3}?(?:[Aa]fter|[Ff]ollowing)\b[^,]*,\s")
_STRIKES_BACK = re.compile(
    r"\b(?:struck|bombed|raided|pounded|retaliated|responded|shelled|blasted|hit\s+back|carried\s+out|launched)\b"
)
_DEBRIS = re.compile(r"\b(?:debris|fragments|wreckage|shrapnel)\b", re.IGNORECASE)
_CLAIMED = re.compile(r"\b(?:claims?|claimed)\s+(?:responsibility|the\s+attack)\b")
_OPENING_PLACE = re.compile(
    r"(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside)\s+(?:the\s+)?(?:[a-z]+\s+){0,5}?(?P<place>[A-Z][\w’'-]+)(?=[\w\s’'-]{0,40},)"
)
_FIGURE = re.compile(
    r"\b(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens|hundreds|scores)\b"
)
_NOUN_PHRASE = re.compile(
    r"""\A
    (?:\s+(?:out\s+)?of\s+(?:the\s+|its\s+|all\s+|some\s+|their\s+|about\s+|around\s+|at\s+least\s+)*
      (?:[\d,.]*\d|\w+(?:-\w+)?)?)?                      # "64 of 145"
    (?:[\s,-]+
      (?!(?:on|in|at|by|from|over|with|towards?|against|for|into|across|who|which|that|were|was|are|is|have|has|had
        |targeting|killing|and\s+\d)\b)
      [\w’'-]+){0,9}""",
    re.VERBOSE,
)
_OTHERS_ELSEWHERE = re.compile(
    r"\b(?:others|more)\b[^.;]{0,60}?\b(?:in|at|near)\s+(?:the\s+\w+\s+of\s+|a\s+\w+\s+in\s+)?(?P<place>[A-Z][\w-]+)"
)
_DEFINITE = re.compile(r"\b[Tt]he\s+(?:\w+\s+){0,2}\Z|\A(?:They|Their)\b.*\Z", re.DOTALL)
_LEAD = re.compile(r"(?:\b[\w’'.-]+\s+){0,4}\Z")
_INDEFINITE_LEAD = re.compile(
    r"\b(?:the|this|that|these|those|his|her|their|its|same|first|during|following)\b"
    r"|(?:day|night|morning|evening|afternoon)[’']s\b",
    re.IGNORECASE,
)


#: A weapon told of a day so long before that of the story is not the story's.
#: For so many sentences an older attack may go on, unless it is said how things stand now.
_GOES_ON_FOR = 3
_STANDS_NOW = re.compile(r"\b(?:is|are|remains?|has|have)\b")
_OLDER_BY = dt.timedelta(days=10)
#: The first sentences of a report, of which the next may tell the weapon.
_LEAD_UNTIL = 1
#: "Fragment appears to be of a missile", "the army fired 74 missiles and 496 drones".
_PROVES = re.compile(
    r"(?:The\s+|Initial\s+|Preliminary\s+|Found\s+)?(?:[Aa]nalysis|[Dd]ebris|[Ff]ragments?|[Rr]emnants?|[Ss]hrapnel|[Ww]reckage)\b"
)
_BARRAGE = re.compile(r"\b(?:barrage|bombardment|salvo|(?:combined|massed|massive)\s+(?:attack|strike))\b")
_FIRED = re.compile(
    r"\b(?:fired|launched|sent|used)\s+(?:about\s+|around\s+|more\s+than\s+|over\s+|some\s+|up\s+to\s+)?\d"
)
_HARM_OF_ITS_OWN = re.compile(
    r"\b(?:also|another|further|earlier|died|dead|injur|kill|wound|last\s+(?:week|month|year))"
)
_OPENS_ELSEWHERE = re.compile(r"(?:In|At|Near|Outside|Across)\s+(?:the\s+)?(?:[a-z]+\s+){0,5}?[A-Z]")
_HARM_ADDED = re.compile(
    r"\b(?:more|others?)\b(?:\s+[a-z]+)?\s+(?:(?:are|were|have\s+been)\s+)?(?:hurt|injured|killed|wounded|dead|died)\b"
)
_OF_THEM = re.compile(r"\s+of\s+(?:them|these|those|which|whom)\b")
_JOINT = re.compile(r"[\s,]*(?:and|or|,|&)?[\s]*(?:[\w-]+\s+){0,3}")


def _joined(gap: str) -> bool:
    """Whether two weapons with these words between them share one figure: "missiles and attack drones"."""
    return _JOINT.fullmatch(gap) is not None and _FIGURE.search(gap) is None


class Weapons:
    """With what and by whom each figure of a document was caused. Cheap until asked."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._entries = document.entries
        title = document.report.title
        self._titled = bool(title and title.strip())
        self._dates = Dates(document)
        #: What a sentence takes from those around it, which is the same for all its figures.
        self._inherited: dict[int, tuple[Hit, ...]] = {}
        self._attackers: dict[int, str | None] = {}

    def of(self, sentence: Sentence, figure: Span, measure: Measure) -> Means:
        """The means of the thing counted by ``figure`` (offsets in the sentence's field)."""
        at = Span(figure.start - sentence.start, figure.end - sentence.start)
        hits: tuple[Hit, ...] = ()
        if KIND_OF[measure] is Kind.MUNITIONS:
            hits = self._of_noun(sentence.text, at)
            if not hits and _OF_THEM.match(sentence.text, at.end):
                hits = self._told_before(sentence)
        hits = hits or self._of_sentence(sentence, at)
        classes = {hit.weapon for hit in hits}
        models = {hit.model for hit in hits if hit.model}
        return Means(tuple(sorted(classes)), tuple(sorted(models)), self._attacker(sentence, at))

    # --- weapons --------------------------------------------------------------------------------------------------

    @staticmethod
    def _of_noun(text: str, at: Span) -> tuple[Hit, ...]:
        """The weapons a munition figure itself counts: "48 of 70 missiles", "215 drones and missiles"."""
        phrase = _NOUN_PHRASE.match(text[at.end : at.end + 160])
        end = at.end + (phrase.end() if phrase else 0)
        hits = [hit for hit in weapon_hits(text) if at.start <= hit.start < end and hit.weak < 2]
        own: list[Hit] = []
        for hit in hits if not _OF_THEM.match(text, at.end) else ():
            if own and not _joined(text[own[-1].end : hit.start]):
                break
            own.append(hit)
        if own:
            return tuple(own)
        # "Of 145 drones, 64 were shot down", "sent 72 missiles and drones; 45 were shot down": the noun stands before.
        for hit in reversed([hit for hit in weapon_hits(text) if hit.end <= at.start and hit.weak < 2]):
            if own and not _joined(text[hit.end : own[0].start]):
                break
            own.insert(0, hit)
        return tuple(own)

    def _of_sentence(self, sentence: Sentence, at: Span) -> tuple[Hit, ...]:
        text = sentence.text
        older = older_attack(text, at.start)
        if older is not None:
            # "In retaliation for strikes that killed 78": only what is said of those strikes.
            return strong(
                hit._replace(older=False)
                for hit in weapon_hits(text)
                if older <= hit.start < at.end + 80 and ";" not in text[at.end : hit.start]
            )
        own = _of_this_attack(text, at)
        answered = _answered(text, at)
        if answered or _other_time(text) is not None:
            own = [hit for hit in own if _same_time(text, hit.start, at) and hit.start >= answered]
        told = of_older(text, own, at)
        if in_another_half(text, own, at) or (not told and (own or is_answered(text, at))):
            return ()
        own = told
        late: tuple[Hit, ...] = ()
        if own:
            chosen, late = by_clause(text, own, at)
            if chosen and all(_refers_back(text, hit) for hit in chosen):
                # "A missile hit the fair. The bombing killed six": the missile's, if one was told.
                return self._of_entry(sentence, at) or chosen
            if chosen:
                return chosen
        inherited = self._of_entry(sentence, at)
        return inherited or late

    def _of_entry(self, sentence: Sentence, at: Span) -> tuple[Hit, ...]:
        """The weapons that other sentences tell for the figure."""
        aside = _other_time(sentence.text)
        if (aside is not None and aside < at.start) or self._dates.is_toll_of_span(sentence, at):
            return ()
        if sentence.is_headline:
            return () if self._stands_alone(sentence) else self._told_before(sentence) or self._of_story(sentence, at)
        if sentence.index not in self._inherited:
            alone = self._stands_alone(sentence)
            told = () if alone else self._told_before(sentence) or self._told_after(sentence)
            self._inherited[sentence.index] = self._shown_next(sentence) if alone else told
        return self._inherited[sentence.index]

    def _stands_alone(self, sentence: Sentence) -> bool:
        """Whether a sentence tells of another attack than those around it."""
        text = sentence.text
        if not _goes_on(text) and (_turns_away(text) or (not sentence.is_headline and _opens_attack(text))):
            return True
        return not sentence.is_headline and (self._follows_another(sentence) or self._others_elsewhere(sentence))

    def _follows_another(self, sentence: Sentence) -> bool:
        """Whether it goes on with an attack of unsaid weapons: "In a second incident a man died. Two were hurt"."""
        here = self._entries[sentence.entry].sentences
        for other in before(here, sentence.index - here[0].index):
            if other.paragraph != sentence.paragraph or weapon_hits(other.text):
                return False
            if _turns_away(other.text) and not _goes_on(other.text):
                return True
        return False

    def _told_before(self, sentence: Sentence) -> tuple[Hit, ...]:
        """The weapons of the nearest sentence before that has any; what was shot down on the way comes last."""
        here = self._entries[sentence.entry].sentences
        place = self._opening_place(sentence)
        debris = _DEBRIS.search(sentence.text) is not None  # what was shot down may hurt
        shot_down: tuple[Hit, ...] = ()
        older: tuple[Hit, ...] = ()
        for other in before(here, sentence.index - here[0].index):
            hits = weapon_hits(other.text)
            near = place is None or place in other.text
            # Each item of a round-up opens with its own place and keeps its weapons to itself.
            if not hits or not (near or self._opening_place(other) is None):
                continue
            if self._on_another_day(sentence, other, hits[0]):
                older = older or strong(hit for hit in hits if not hit.intercepted)
                continue
            told = hits if near else tuple(hit._replace(model=None) for hit in hits)
            if landed := strong(hit for hit in told if debris or not hit.intercepted):
                return landed
            shot_down = shot_down or strong(told)
        return older or shot_down

    def _on_another_day(self, sentence: Sentence, other: Sentence, hit: Hit) -> bool:
        """Whether the weapon of another sentence is that of an older attack, told in passing on the way here."""
        if sentence.index - other.index <= _GOES_ON_FOR and not _STANDS_NOW.search(sentence.text):
            return False
        if not placed_phrases(other.text) or placed_phrases(sentence.text):
            return False
        then = self._dates.of(other, Span(other.start + hit.start, other.start + hit.end))
        now = self._dates.of(sentence, Span(sentence.start, sentence.start))
        if then.date_end is None or now.date is None:
            return False
        return now.date - then.date_end > _OLDER_BY

    def _told_after(self, sentence: Sentence) -> tuple[Hit, ...]:
        """The weapon that the next sentences speak of as known, else that of the title."""
        here = self._entries[sentence.entry].sentences
        for other in after(here, sentence.index - here[0].index, 2):
            # "The drone hit a minibus": the article says that it is the weapon of the attack just told.
            same_weapon = (
                hit
                for hit in weapon_hits(other.text)
                if not hit.intercepted and _DEFINITE.search(other.text[max(0, hit.start - 40) : hit.start])
            )
            if hits := strong(same_weapon):
                return hits
        if told := self._told_next(sentence):
            return told
        if self._titled and sentence.entry > 0:
            return strong(hit for other in self._entries[0].sentences[:1] for hit in weapon_hits(other.text))
        return ()

    def _told_next(self, sentence: Sentence) -> tuple[Hit, ...]:
        """The weapon that the next sentence gives for a report's lead: "Six died at a market. A shell hit it"."""
        here = self._entries[sentence.entry].sentences
        number = sentence.index - here[0].index
        if sentence.is_headline or number > _LEAD_UNTIL or not 0 <= number < len(here) - 1:
            return ()
        following = here[number + 1]
        text = following.text
        if following.paragraph != sentence.paragraph or _turns_away(text) or _OPENS_ELSEWHERE.match(text):
            return ()
        if _HARM_OF_ITS_OWN.search(text) and not _HARM_ADDED.search(text):
            return ()
        return strong(hit for hit in weapon_hits(text) if not (hit.intercepted or hit.weak or hit.older))

    def _shown_next(self, sentence: Sentence) -> tuple[Hit, ...]:
        """The weapon that the sentence after the first proves or counts: "Fragments are of a Tochka missile"."""
        here = self._entries[sentence.entry].sentences
        if len(here) < 2 or sentence is not here[0]:
            return ()
        text = here[1].text
        if _HARM_OF_ITS_OWN.search(text) or _turns_away(text) or _OPENS_ELSEWHERE.match(text):
            return ()
        if not (_PROVES.match(text) or (_FIRED.search(text) and _same_salvo(sentence.text, text))):
            return ()
        return strong(hit for hit in weapon_hits(text) if not (hit.intercepted or hit.weak or hit.older))

    def _opening_place(self, sentence: Sentence) -> str | None:
        """The place that opens the sentence or its paragraph: "In Kherson Oblast, ..."."""
        here = self._entries[sentence.entry].sentences
        for other in (sentence, *before(here, sentence.index - here[0].index)[:5]):
            if other.paragraph != sentence.paragraph:
                return None
            if opening := _OPENING_PLACE.match(other.text):
                return opening.group("place")
        return None

    def _of_story(self, headline: Sentence, at: Span) -> tuple[Hit, ...]:
        """The weapons of the story under a headline."""
        if twin := self._twin(headline):
            return self._of_entry(twin, at)
        here = self._entries[headline.entry].sentences
        following = after(here, headline.index - here[0].index)
        if self._titled and headline.entry == 0 and len(self._entries) > 1:
            following = [*following, *after(self._entries[1].sentences, -1)]
        # Named weapons before "gunmen" and "opened fire", which any story may have in passing.
        for weak in (False, True):
            for other in following:
                told = [hit for hit in weapon_hits(other.text) if not hit.intercepted and (weak or not hit.weak)]
                if hits := strong(told):
                    return hits
        return ()

    def _twin(self, sentence: Sentence) -> Sentence | None:
        """The headline of another entry that this one repeats, as photo galleries and live blogs do."""
        wanted = sentence.text.lower()
        for entry in self._entries[max(0, sentence.entry - REACH) : sentence.entry + REACH]:
            first = entry.sentences[0]
            if entry.index != sentence.entry and first.is_headline and wanted in first.text.lower() != wanted:
                return first
        return None

    def _others_elsewhere(self, sentence: Sentence) -> bool:
        """Whether "three others are killed in Tulum" names a place that its entry has not yet told."""
        elsewhere = _OTHERS_ELSEWHERE.search(sentence.text)
        if elsewhere is None:
            return False
        here = self._entries[sentence.entry].sentences
        earlier = before(here, sentence.index - here[0].index)
        return bool(earlier) and not any(elsewhere.group("place") in other.text for other in earlier)

    # --- attacker -------------------------------------------------------------------------------------------------

    def _attacker(self, sentence: Sentence, at: Span) -> str | None:
        text = sentence.text
        own = attackers_in(text)
        aside = _other_time(text)
        if aside is not None:
            own = tuple(agent for agent in own if _same_time(text, agent.start, at))
        strong = [agent for agent in own if agent.strong]
        if strong:
            return _nearest_agent(text, strong, at)
        if aside is not None and at.start > aside:
            return None
        if sentence.index not in self._attackers:
            self._attackers[sentence.index] = self._entry_attacker(sentence)
        inherited = self._attackers[sentence.index]
        if inherited is not None and not self._dates.is_long_toll(sentence, at):
            return inherited
        return _nearest_agent(text, own, at) if own else None

    def _entry_attacker(self, sentence: Sentence) -> str | None:
        text = sentence.text
        if _turns_away(text) and not _goes_on(text):
            return None
        here = self._entries[sentence.entry].sentences
        index = sentence.index - here[0].index
        following = after(here, index) if sentence.is_headline else after(here, index, 2)
        if self._titled and sentence.entry == 0 and len(self._entries) > 1:
            following = [*following, *after(self._entries[1].sentences, -1)]
        candidates = [*before(here, index), *following]
        if following and _CLAIMED.search(following[0].text):
            candidates.insert(0, following[0])  # "Rockets wounded two. Hezbollah claimed responsibility."
        if self._titled and sentence.entry > 0:
            candidates.append(self._entries[0].sentences[0])
        for other in candidates:
            if other.paragraph != sentence.paragraph and _tells_interception(other.text):
                continue  # whose drones were shot down elsewhere says nothing of who struck here
            if agents := [agent for agent in attackers_in(other.text) if agent.strong]:
                return agents[0].party
        return None


def _goes_on(text: str) -> bool:
    """Whether the sentence speaks of the attack already told: "the blast", "also"."""
    return "same_attack" in _cues(text)


def _tells_interception(text: str) -> bool:
    """Whether all weapons of the sentence were shot at on their way."""
    hits = weapon_hits(text)
    return bool(hits) and all(hit.intercepted for hit in hits)


def _same_salvo(text: str, following: str) -> bool:
    """Whether what the next sentence counts was fired in the barrage of ``text``, and not by the other side."""
    here = {agent.party for agent in attackers_in(text) if agent.strong}
    there = {agent.party for agent in attackers_in(following) if agent.strong}
    return _BARRAGE.search(text) is not None and (not here or here == there)


def _turns_away(text: str) -> bool:
    """Whether it turns to another: "elsewhere", "in a second attack"."""
    return "other_attack" in _cues(text)


@functools.lru_cache(maxsize=1024)
def _other_time(text: str) -> int | None:
    """Where "since October, when ..." begins: what stands behind it happened then, what stands before it now."""
    aside = _SINCE_WHEN.search(text) if "since" in text else None
    return None if aside is None else aside.start()


def _same_time(text: str, start: int, at: Span) -> bool:
    aside = _other_time(text)
    return aside is None or (start > aside) == (at.start > aside)


def _answered(text: str, at: Span) -> int:
    """Where the answer begins in "After a missile hit a van, jets struck the town and killed four", else 0."""
    opening = _AFTER_CLAUSE.match(text) if "fter" in text or "ollowing" in text else None
    if opening is None or opening.end() > at.start:
        return 0
    return opening.end() if _STRIKES_BACK.search(text, opening.end(), at.start) else 0


def _refers_back(text: str, hit: Hit) -> bool:
    """Whether a weapon is only "the bombing", "that roadside bombing"."""
    if not text.endswith(("bombing", "bombings"), hit.start, hit.end):
        return False
    return _REFERS_BACK.search(text[max(0, hit.start - 40) : hit.end]) is not None


def _of_this_attack(text: str, at: Span) -> list[Hit]:
    """The hits of the attack the figure belongs to: an older attack's only where the figure is told of it."""
    hits = weapon_hits(text)
    current = [hit for hit in hits if not hit.older]
    if len(current) == len(hits):
        return current
    older = [hit for hit in hits if hit.older and hit.end <= at.start]
    told = older and ("," not in text[older[-1].end : at.start] or not any(hit.end <= at.start for hit in current))
    return older if told else current


@functools.lru_cache(maxsize=2048)
def _opens_attack(text: str) -> bool:
    """Whether the sentence tells an attack of its own: "in Israeli strikes", "a strike", not "in the strike"."""
    if "attack_nouns" not in _cues(text):
        return False
    told = 0
    for noun in context_pattern("attack_nouns").finditer(text):
        lead = _LEAD.search(text, max(told, noun.start() - 60), noun.start())
        if lead is None or not _INDEFINITE_LEAD.search(lead.group()):
            return True
        told = noun.end()
    return False


def _nearest_agent(text: str, agents: Sequence[Agent], at: Span) -> str:
    """The agent of the figure's clause, else the nearest before it, else the nearest after."""
    if len(agents) == 1:
        return agents[0].party
    clause = next(
        span
        for span in clauses_of(text)
        if span.start <= at.start < max(span.end, span.start + 1) or span.end == len(text)
    )

    def rank(agent: Agent) -> tuple[bool, bool, int]:
        elsewhere = not clause.start <= agent.start < clause.end
        return elsewhere, agent.start > at.start, abs(agent.start - at.start)

    return min(agents, key=rank).party
