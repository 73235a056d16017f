"""With what, and by whom: weapon classes, models and the attacker of a figure (codebook 1, 5).

A figure takes the weapons of its attack: its own noun ("48 of 70 missiles"), its clause, its sentence, then the
attack its entry tells. Terms are data (``data/en/weapons.toml``, ``data/en/attackers.toml``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tracker.attackers import Agent, attackers_in
from tracker.lexicon import read_toml
from tracker.models import KIND_OF, Kind, Measure, Span
from tracker.segment import Document, Sentence


@dataclass(frozen=True, slots=True)
class Means:
    """Weapon classes and models, sorted, and the attacking party; empty and None where the report does not say."""

    weapons: tuple[str, ...]
    models: tuple[str, ...]
    attacker: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the lexicon: ``Term("KN-23", "missile", "KN-23", "ballistic", 0)``."""

    term: str
    weapon: str
    model: str | None
    kind: str | None
    weak: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A term in a text: ``text[start:end]``. ``older``: it belongs to another attack; ``intercepted``: shot at."""

    start: int
    end: int
    weapon: str
    model: str | None
    weak: int
    older: bool = False
    intercepted: bool = False


@dataclass(slots=True)
class _Node:
    """A node of the trie over the parts of terms; ``capital`` keeps "Grad" from matching "grad"."""

    children: dict[str, _Node] = field(default_factory=dict)
    terms: list[tuple[Term, tuple[bool, ...]]] = field(default_factory=list)


#: A term's parts: letters and figures apart, so that Kh-101, Kh101 and X 101 read alike.
_PART = re.compile(r"[^\W\d_]+|\d+")
_JOINT = re.compile(r"[ \u00a0\-‐‑–’'/.]{0,2}\Z")


@functools.cache
def lexicon() -> tuple[Term, ...]:
    """The rows of ``data/en/weapons.toml``, in order."""
    return tuple(
        Term(row["term"], row["class"], row.get("model"), row.get("kind"), row.get("weak", 0))
        for row in read_toml("en/weapons.toml")["weapons"]
    )


@functools.cache
def _trie() -> _Node:
    root = _Node()
    for row, term in zip(read_toml("en/weapons.toml")["weapons"], lexicon(), strict=True):
        for printed in (row["term"], *row.get("also", ())):
            node = root
            parts = _PART.findall(printed)
            for part in parts:
                node = node.children.setdefault(part.lower(), _Node())
            node.terms.append((term, tuple(part[0].isupper() for part in parts)))
    return root


def _any(words: list[str]) -> str:
    ordered = sorted(words, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(word).replace("\\ ", r"\s+") for word in ordered) + ")"


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled context of ``data/en/weapons.toml``."""

    site: re.Pattern[str]
    not_used: re.Pattern[str]
    older: re.Pattern[str]
    person_before: re.Pattern[str]
    person_after: re.Pattern[str]
    air: re.Pattern[str]
    air_before: re.Pattern[str]
    air_after: re.Pattern[str]
    interception_before: re.Pattern[str]
    interception_after: re.Pattern[str]
    own_attack: re.Pattern[str]
    same_attack: re.Pattern[str]
    other_attack: re.Pattern[str]
    unless: dict[str, re.Pattern[str]]


@functools.cache
def _words() -> _Words:
    context = read_toml("en/weapons.toml")["context"]
    states = read_toml("en/attackers.toml")["states"]
    adjectives = _any([word for row in states for word in row["adjectives"]])
    names = _any([word for row in states for word in (*row["nouns"], *row.get("bywords", ()), *row["adjectives"])])
    force = (
        r"(?:(?:forces|troops|army|military|mass|massive|heavy|new|latest|overnight|government|planes|bombers"
        r"|has|have|had|continuous)\s+){0,2}"
    )
    persons = _any(context["persons"])
    interception = _any(context["interception"])
    return _Words(
        site=re.compile(rf"\A[\s-]+(?:\w+[\s-]+and[\s-]+)?{_any(context['site_nouns'])}\b", re.IGNORECASE),
        not_used=re.compile(rf"\b{_any(context['not_used'])}\s+(?:[\w-]+\s+){{0,4}}\Z", re.IGNORECASE),
        older=re.compile(rf"\b{_any(context['older'])}\b[^,;]{{0,80}}\Z", re.IGNORECASE),
        person_before=re.compile(
            rf"\b{persons}\s+(?:of|in|behind|to|for)\s+(?:the|a|an)\s+(?:[\w-]+\s+){{0,6}}\Z", re.IGNORECASE
        ),
        person_after=re.compile(rf"\A[’']s?\s+(?:\w+\s+)?{persons}\b", re.IGNORECASE),
        air=re.compile(rf"\b{_any(context['air'])}\b", re.IGNORECASE),
        air_before=re.compile(rf"(?<!in\s)(?<!near\s)\b(?:{adjectives}|{names})(?:[’']s)?\s+{force}\Z"),
        air_after=re.compile(rf"\A\W+(?:\w+\W+){{0,5}}?by\s+(?:the\s+)?{names}\b"),
        interception_before=re.compile(rf"\b{interception}\b[^.;]{{0,60}}\Z", re.IGNORECASE),
        interception_after=re.compile(rf"\A[^,.;]{{0,50}}\b{interception}\b", re.IGNORECASE),
        own_attack=re.compile(rf"\b(?P<lead>(?:[\w’'.-]+\s+){{0,4}}?){_any(context['attack_nouns'])}\b", re.IGNORECASE),
        same_attack=re.compile(rf"\b{_any(context['same_attack'])}\b", re.IGNORECASE),
        other_attack=re.compile(rf"\b{_any(context['other_attack'])}\b", re.IGNORECASE),
        unless={word: re.compile(pattern) for word, pattern in context["unless"].items()},
    )


# --- finding terms ------------------------------------------------------------------------------------------------


def _scan(text: str) -> Iterator[tuple[int, int, Term]]:
    """The longest term at each place, left to right, none overlapping."""
    parts = list(_PART.finditer(text))
    root = _trie()
    index = 0
    while index < len(parts):
        found: tuple[int, Term] | None = None
        node: _Node | None = root
        for ahead in range(index, min(index + 9, len(parts))):
            part = parts[ahead]
            if ahead > index and not _JOINT.match(text[parts[ahead - 1].end() : part.start()]):
                break
            assert node is not None
            lowered = part.group().lower()
            following = node.children.get(lowered) or node.children.get(_singular(lowered))
            if following is None:
                break
            node = following
            whole = ahead + 1 == len(parts) or not _glued(text, part.end())
            if whole:
                for term, capitals in node.terms:
                    printed = (parts[index + i].group() for i in range(len(capitals)))
                    if all(not capital or word[0].isupper() for word, capital in zip(printed, capitals, strict=True)):
                        found = (ahead, term)
                        break
        if found is None or (index and _glued_before(text, parts[index].start())):
            index += 1
            continue
        yield parts[index].start(), parts[found[0]].end(), found[1]
        index = found[0] + 1


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def _glued(text: str, at: int) -> bool:
    return at < len(text) and text[at].isalnum()


def _glued_before(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isalnum()


@functools.lru_cache(maxsize=4096)
def weapon_hits(text: str) -> tuple[Hit, ...]:
    """The weapons used in what ``text`` tells: targets, defences and promises of weapons are left out.

    >>> [(h.weapon, h.model) for h in weapon_hits("Shahed-136 drones and Kh-101 missiles hit a drone factory.")]
    [('drone', 'Shahed-136'), ('missile', 'Kh-101')]
    """
    words = _words()
    hits: list[Hit] = []
    defending_until = -9
    for start, end, term in _scan(text):
        before, after = text[max(0, start - 120) : start], text[end : end + 120]
        if 0 <= start - defending_until <= 1 and not _STRUCK.match(after):
            defending_until = end
            continue  # "Patriot missiles" defended
        if term.weapon == "defence":
            fell = _STRUCK.match(after) if "missile" in text[start:end].lower() else None
            if fell is None:
                defending_until = end
                continue
            hits.append(Hit(start, end, "missile", None, 0))
            continue
        if not _is_used(text, start, end, before, after, words):
            continue
        weapon, model = term.weapon, term.model
        if weapon == "bomb_or_ied":
            weapon = "bomb" if _by_air(text, before, after, words) else "ied"
        if (
            hits
            and model is None
            and hits[-1].model
            and 0 <= start - hits[-1].end <= 1
            and _GENERIC.search(text[start:end])
        ):
            # "HIMARS missile": the printed word decides (codebook 5).
            last = hits.pop()
            hits.append(Hit(last.start, end, weapon, last.model, 0, last.older, last.intercepted))
            continue
        older = words.older.search(before) is not None
        intercepted = bool(words.interception_before.search(before) or words.interception_after.match(after))
        hits.append(Hit(start, end, weapon, model, term.weak, older, intercepted))
    return tuple(_without_manner(text, hits))


def _without_manner(text: str, hits: list[Hit]) -> Iterator[Hit]:
    """Leave out "shelled" in "shelled it with Grads" and "bombed" after drones: the weapon itself is named."""
    previous: Hit | None = None
    for hit, following in zip(hits, [*hits[1:], None], strict=False):
        between = text[hit.end : following.start] if following is not None else ""
        if _SHELLED.match(text[hit.start : hit.end]) and len(between) < 120 and _WITH.search(between):
            continue
        by_drone = previous is not None and previous.weapon == "drone" and not text[previous.end : hit.start].strip()
        if by_drone and _BOMBED.match(text[hit.start : hit.end]):
            continue
        previous = hit
        yield hit


_SHELLED = re.compile(r"[Ss]hell(?:s|ed|ing)?\Z")
_BOMBED = re.compile(r"[Bb]omb(?:s|ed|ing)\Z")
_WITH = re.compile(r"\A[^.;]*\b(?:with|using|from)\s+(?:[\w-]+\s+){0,4}\Z")
_GENERIC = re.compile(r"(?i:missile|rocket|drone|bomb|shell|UAV|munition)s?\Z")
_STRUCK = re.compile(
    r"\A\W+(?:\w+\W+){0,3}?(?:hit|hits|struck|strikes|fell|falls|landed|crashed|exploded|killed|kills)\b"
)
_TELLS_TOLL = re.compile(r"\A\W*(?:[\w’'-]+\W+){0,10}?(?:that|which|killing|in\s+which|wounding|injuring)\b")


def _is_used(text: str, start: int, end: int, before: str, after: str, words: _Words) -> bool:
    if words.site.match(after) or words.not_used.search(before) or words.person_after.match(after):
        return False
    if words.person_before.search(before) and not _TELLS_TOLL.match(after):
        return False
    unless = words.unless.get(text[start:end].lower())
    return unless is None or unless.search(text[max(0, start - 60) : end + 60]) is None


def _by_air(text: str, before: str, after: str, words: _Words) -> bool:
    near = before + " " + after
    return bool(words.air.search(near) or words.air_before.search(before) or words.air_after.match(after))


# --- one figure ---------------------------------------------------------------------------------------------------

#: Where a clause ends, for the weapon that goes with a figure.
_BREAK = re.compile(
    r"""
    ;\s | ,\s+(?:and\s+|but\s+)? | \s[–—]\s | :\s
    | \b(?:while|whereas|before|until)\b
    | \band\s(?=(?:another|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen
        |(?:twen|thir|for|fif|six|seven|eigh|nine)ty|\d+|at\ least|more\ than|over|up\ to|several|dozens|hundreds
        |scores|many|an?\s(?:[\w-]+\s){1,4}?(?:is|are|was|were|has|had|killed|injured|wounded|died|hurt))\b)
    """,
    re.VERBOSE,
)
_COUNTED = re.compile(
    r"(?:(?!(?:by|in|with|of|when|were|was|are|is|from|at|on|others?|people|civilians)\b)[\w,.-]+\s+){1,4}"
)
_BEFORE = re.compile(r"\A\s*(?:before|until)\b")
_RELATIVE = re.compile(r"\A[\s,]*(?:which|where|who|whose)\b")
_HALF = re.compile(r";\s|\b(?:while|whereas|meanwhile)\b|,\s+but\b")
_PART_OF_FIGURE = re.compile(
    r"""\A\s*(?:including\s+)?
    (?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty|\w+teen|\d+|one|two|three|four|five|six|seven|eight|nine|ten|many
      |most|some|several|half|mostly|mainly)\b
    (?!\s+\w+\s+(?:is|are|was|were)\b)""",
    re.VERBOSE,
)
_FIGURE = re.compile(
    r"\A\s*(?:including\s+)?(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty|\w+teen|\d+|one|two|three|four|five|six|seven|eight|nine|ten|many|most|some|several|half|mostly|mainly)\b(?!\s+\w+\s+(?:is|are|was|were)\b)"
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
_INDEFINITE_LEAD = re.compile(
    r"\b(?:the|this|that|these|those|his|her|their|its|same|first|during|following)\b", re.IGNORECASE
)


class Weapons:
    """With what and by whom each figure of a document was caused. Cheap until asked."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._entries = document.entries
        title = document.report.title
        self._titled = bool(title and title.strip())

    def of(self, sentence: Sentence, figure: Span, measure: Measure) -> Means:
        """The means of the thing counted by ``figure`` (offsets in the sentence's field)."""
        at = Span(figure.start - sentence.start, figure.end - sentence.start)
        hits: tuple[Hit, ...] = ()
        if KIND_OF[measure] is Kind.MUNITIONS:
            hits = self._of_noun(sentence.text, at)
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
        hits = [hit for hit in weapon_hits(text) if at.start <= hit.start < end]
        own: list[Hit] = []
        for hit in hits:
            gap = text[(own[-1].end if own else at.end) : hit.start]
            if own and (_FIGURE.search(gap) or not re.fullmatch(r"[\s,]*(?:and|or|,|&)?[\s]*(?:[\w-]+\s+){0,3}", gap)):
                break
            own.append(hit)
        if own:
            return tuple(own)
        # "Of 145 drones, 64 were shot down": the noun stands before.
        earlier = [hit for hit in weapon_hits(text) if hit.end <= at.start]
        return (earlier[-1],) if earlier else ()

    def _of_sentence(self, sentence: Sentence, at: Span) -> tuple[Hit, ...]:
        text = sentence.text
        own = _of_this_attack(text, at)
        late: tuple[Hit, ...] = ()
        if own:
            chosen, late = _by_clause(text, own, at)
            if chosen:
                return chosen
        inherited = self._of_entry(sentence)
        return inherited or late

    def _of_entry(self, sentence: Sentence) -> tuple[Hit, ...]:
        words = _words()
        text = sentence.text
        same = words.same_attack.search(text) is not None
        if not same and (words.other_attack.search(text) or (not sentence.is_headline and _opens_attack(text))):
            return ()
        if not sentence.is_headline and self._others_elsewhere(sentence):
            return ()
        here = self._entries[sentence.entry].sentences
        index = sentence.index - here[0].index
        for other in reversed(here[:index]):
            if hits := _strong(weapon_hits(other.text)):
                return hits
        if sentence.is_headline:
            if twin := self._twin(sentence):
                return self._of_entry(twin)
            following = here[index + 1 :]
            if self._titled and sentence.entry == 0 and len(self._entries) > 1:
                following = (*following, *self._entries[1].sentences)
            for other in following:
                if hits := _strong(hit for hit in weapon_hits(other.text) if not hit.intercepted):
                    return hits
            return ()
        for other in here[index + 1 : index + 3]:
            # "The drone hit a minibus": the article says that it is the weapon of the attack just told.
            told = [
                hit
                for hit in weapon_hits(other.text)
                if not hit.intercepted and _DEFINITE.search(other.text[max(0, hit.start - 40) : hit.start])
            ]
            if hits := _strong(told):
                return hits
        if self._titled and sentence.entry > 0:
            return _strong(hit for other in self._entries[0].sentences for hit in weapon_hits(other.text))
        return ()

    def _twin(self, sentence: Sentence) -> Sentence | None:
        """The headline of another entry that this one repeats, as photo galleries and live blogs do."""
        wanted = sentence.text.lower()
        for entry in self._entries:
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
        earlier = here[: sentence.index - here[0].index]
        return bool(earlier) and not any(elsewhere.group("place") in other.text for other in earlier)

    # --- attacker -------------------------------------------------------------------------------------------------

    def _attacker(self, sentence: Sentence, at: Span) -> str | None:
        own = attackers_in(sentence.text)
        strong = [agent for agent in own if agent.strong]
        if strong:
            return _nearest_agent(sentence.text, strong, at)
        inherited = self._entry_attacker(sentence)
        if inherited is not None:
            return inherited
        return _nearest_agent(sentence.text, list(own), at) if own else None

    def _entry_attacker(self, sentence: Sentence) -> str | None:
        words = _words()
        text = sentence.text
        if words.other_attack.search(text) and not words.same_attack.search(text):
            return None
        here = self._entries[sentence.entry].sentences
        index = sentence.index - here[0].index
        following: tuple[Sentence, ...] = here[index + 1 :] if sentence.is_headline else here[index + 1 : index + 3]
        if self._titled and sentence.entry == 0 and len(self._entries) > 1:
            following = (*following, *self._entries[1].sentences)
        candidates: list[Sentence] = [*reversed(here[:index]), *following]
        if self._titled and sentence.entry > 0:
            candidates.extend(self._entries[0].sentences)
        for other in candidates:
            if agents := [agent for agent in attackers_in(other.text) if agent.strong]:
                return agents[0].party
        return None


def _strong(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Hits of the attack told, weaker ones only where nothing firmer is said."""
    told = [hit for hit in hits if not hit.older]
    firmest = min((hit.weak for hit in told), default=0)
    return tuple(hit for hit in told if hit.weak == firmest)


def _clauses(text: str, hits: Iterable[Hit] = ()) -> list[Span]:
    """The clauses of a sentence; "two Iskanders and three drones" stays one."""
    starts = sorted(hit.start for hit in hits)
    spans, start = [], 0
    for match in _BREAK.finditer(text):
        cut = match.start()  # the word that opens a clause belongs to it
        counted = next((at for at in starts if at >= match.end()), None)
        if counted is not None and match.group()[0] == "a" and _COUNTED.fullmatch(text, match.end(), counted):
            continue
        if cut > start:
            spans.append(Span(start, cut))
            start = cut
    spans.append(Span(start, len(text)))
    return spans


def _by_clause(text: str, hits: list[Hit], at: Span) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """The figure's weapons in its sentence; apart, those of a later clause ("before they shot him"), a last resort."""
    clauses = _clauses(text, hits)
    mine = next((i for i, span in enumerate(clauses) if span.start <= at.start < span.end), len(clauses) - 1)

    def within(index: int) -> list[Hit]:
        return [hit for hit in hits if clauses[index].start <= hit.start < clauses[index].end]

    if here := within(mine):
        return _strong(here), ()
    # "98 were injured, many during arson attacks": the parts of a figure tell how.
    parts: list[Hit] = []
    for index in range(mine + 1, len(clauses)):
        if not _PART_OF_FIGURE.match(text[clauses[index].start : clauses[index].end].lstrip(" ,").removeprefix("and ")):
            break
        parts.extend(within(index))
    if parts:
        return _strong(parts), ()
    # "The raid killed six, two of them in Sake, which was shelled": another attack. "He stabbed three before they
    # shot him": not the figure's, unless nothing better is said.
    own_attack = _words().own_attack.search(text[clauses[mine].start : clauses[mine].end]) is not None
    late: list[Hit] = []
    rest: list[Hit] = []
    for index in range(len(clauses)):
        clause = text[clauses[index].start : clauses[index].end]
        if index > mine and _BEFORE.match(clause):
            late.extend(within(index))
        elif not (index > mine and own_attack and _RELATIVE.match(clause)):
            rest.extend(within(index))
    half = next(span for span in _halves(text) if span.start <= at.start < span.end or span.end == len(text))
    near = [hit for hit in rest if half.start <= hit.start < half.end]
    return _strong(near or rest), tuple(late)


def _halves(text: str) -> list[Span]:
    cuts = [match.start() for match in _HALF.finditer(text)]
    return [Span(start, end) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _of_this_attack(text: str, at: Span) -> list[Hit]:
    """The hits of the attack the figure belongs to: an older attack's only where the figure is told of it."""
    hits = weapon_hits(text)
    current = [hit for hit in hits if not hit.older]
    older = [hit for hit in hits if hit.older and hit.end <= at.start]
    told = older and ("," not in text[older[-1].end : at.start] or not any(hit.end <= at.start for hit in current))
    return older if told else current


def _opens_attack(text: str) -> bool:
    """Whether the sentence tells an attack of its own: "in Israeli strikes", "a strike", not "in the strike"."""
    told = _words().own_attack.finditer(text)
    return any(not _INDEFINITE_LEAD.search(match.group("lead")) for match in told)


def _nearest_agent(text: str, agents: list[Agent], at: Span) -> str:
    """The agent of the figure's clause, else the nearest before it, else the nearest after."""
    clause = next(
        span
        for span in _clauses(text)
        if span.start <= at.start < max(span.end, span.start + 1) or span.end == len(text)
    )

    def rank(agent: Agent) -> tuple[bool, bool, int]:
        elsewhere = not clause.start <= agent.start < clause.end
        return elsewhere, agent.start > at.start, abs(agent.start - at.start)

    return min(agents, key=rank).party
