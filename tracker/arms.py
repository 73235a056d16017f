"""Weapons a text names: terms to classes and models, and which of them were used (codebook 5).

A term is not yet a weapon used: a drone factory is a target, a Patriot defends, a pledged missile hits nobody, and
"in revenge for a car bomb" tells of another attack. Terms and context words are data (``data/en/weapons.toml``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.lexicon import read_toml
from tracker.reading.cues import words_of
from tracker.triggers import Stems, Triggers
from tracker.wording import any_of


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the lexicon: ``Term("KN-23", "missile", "KN-23", "ballistic", 0)``."""

    term: str
    weapon: str
    model: str | None
    kind: str | None
    weak: int


class Hit(NamedTuple):
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
    """A node of the trie over the parts of terms; which parts need a capital keeps "Grad" from matching "grad"."""

    children: dict[str, _Node] = field(default_factory=dict)
    terms: list[tuple[Term, tuple[int, ...]]] = field(default_factory=list)

    def following(self, part: str) -> _Node | None:
        """The node of the next part, which may be printed in the plural."""
        return self.children.get(part) or self.children.get(_singular(part))


#: A term's parts: letters and figures apart, so that Kh-101, Kh101 and X 101 read alike.
_PART = re.compile(r"[^\W\d_]+|\d+")
_NEXT_PART = re.compile(r"[ \u00a0\-‐‑–’'/.]{0,2}([^\W\d_]+|\d+)")
#: "Kh101", "155mm": letters and figures in one word.
_GLUED = re.compile(r"\d(?:(?<=[A-Za-z]\d)|(?=[A-Za-z]))")
_PLURAL_OF_FIGURE = re.compile(r"s(?![^\W_])")


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
            node.terms.append((term, tuple(number for number, part in enumerate(parts) if part[0].isupper())))
    return root


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled context of ``data/en/weapons.toml``."""

    site: re.Pattern[str]
    not_used: re.Pattern[str]
    handled: re.Pattern[str]
    older: re.Pattern[str]
    person_before: re.Pattern[str]
    person_after: re.Pattern[str]
    air: re.Pattern[str]
    air_before: re.Pattern[str]
    air_after: re.Pattern[str]
    interception_before: re.Pattern[str]
    interception_after: re.Pattern[str]
    unless: dict[str, re.Pattern[str]]


@functools.cache
def _words() -> _Words:
    context = read_toml("en/weapons.toml")["context"]
    states = read_toml("en/attackers.toml")["states"]
    adjectives = any_of([word for row in states for word in row["adjectives"]])
    names = any_of([word for row in states for word in (*row["nouns"], *row.get("bywords", ()), *row["adjectives"])])
    force = (
        r"(?:(?:forces|troops|army|military|began|begun|begins|kept|resumed|started|starts|stopped|mass|massive|heavy|new|latest|overnight|government|planes|bombers"
        r"|has|have|had|continuous)\s+){0,2}"
    )
    persons = any_of(context["persons"])
    interception = any_of(context["interception"])
    not_used = rf"\b{any_of(context['not_used'])}\s+(?:(?!(?:were|was|are|is|by|when)\b)[\w-]+\s+){{0,4}}\Z"
    person_before = rf"\b{persons}\s+(?:of|in|behind|to|for)\s+(?:the|a|an)\s+(?:[\w-]+\s+){{0,6}}\Z"
    return _Words(
        site=re.compile(rf"\A[\s-]+(?:\w+[\s-]+and[\s-]+)?{any_of(context['site_nouns'])}\b", re.IGNORECASE),
        not_used=re.compile(not_used, re.IGNORECASE),
        handled=re.compile(rf"\A\s+{any_of(context['handled'])}\b"),
        older=re.compile(rf"\b{any_of(context['older'])}\b[^,;]{{0,80}}\Z", re.IGNORECASE),
        person_before=re.compile(person_before, re.IGNORECASE),
        person_after=re.compile(rf"\A[’']s?\s+(?:\w+\s+)?{persons}\b", re.IGNORECASE),
        air=re.compile(rf"\b{any_of(context['air'])}\b", re.IGNORECASE),
        air_before=re.compile(rf"(?<!in\s)(?<!near\s)\b(?:{adjectives}|{names})(?:[’']s)?\s+{force}\Z"),
        air_after=re.compile(rf"\A\W+(?:\w+\W+){{0,5}}?by\s+(?:the\s+)?{names}\b"),
        interception_before=re.compile(rf"\b{interception}\b[^.;]{{0,60}}\Z", re.IGNORECASE),
        interception_after=re.compile(rf"\A[^,.;]{{0,50}}\b{interception}\b", re.IGNORECASE),
        unless={word: re.compile(pattern) for word, pattern in context["unless"].items()},
    )


@functools.cache
def _triggers() -> Triggers[str]:
    """What must stand in a sentence for the patterns of :class:`_Words` to be tried on it."""
    context = read_toml("en/weapons.toml")["context"]
    lists = ("site_nouns", "not_used", "handled", "older", "persons", "air", "interception")
    return Triggers({**{name: context[name] for name in lists}, "finding": _FINDING})


@functools.lru_cache(maxsize=2048)
def _cues(text: str) -> frozenset[str]:
    """The lists of which a sentence may hold a term; asked again for each figure in it."""
    return frozenset(_triggers().found_in(text))


# --- finding terms ------------------------------------------------------------------------------------------------


def _scan(text: str) -> Iterator[tuple[int, int, Term]]:
    """The longest term at each place, left to right, none overlapping."""
    firsts = _first_parts()
    words = words_of(text)
    glued = _GLUED.search(text) is not None
    opening = []
    for word in firsts.keys() & words:
        part, needs = firsts[word]
        if glued or needs is None or not needs.isdisjoint(words):
            opening.append(part)
    if glued:
        mixed = (word.decode() for word in words if not (word.isalpha() or word.isdigit()))
        opening.extend(part for word in mixed for part in _PART.findall(word) if part.encode() in firsts)
    if not opening:
        return
    lowered = text.replace("İ", "i").lower()  # "İ" alone would grow
    starts: dict[int, int] = {}
    for part in opening:
        _find_part(lowered, part, starts)
    reached = 0
    for start in sorted(starts):
        if start >= reached and (found := _term_at(text, lowered, start, starts[start])):
            reached = found[0]
            yield start, *found


@functools.cache
def _first_parts() -> dict[bytes, tuple[str, frozenset[bytes] | None]]:
    """The parts that terms begin with, and which parts may follow one that is no term by itself; plurals too."""
    firsts = {}
    for part in _with_plurals(_trie().children):
        node = _trie().following(part)
        assert node is not None
        needs = None if node.terms else frozenset(map(str.encode, _with_plurals(node.children)))
        firsts[part.encode()] = (part, needs)
    return firsts


def _with_plurals(parts: Iterable[str]) -> Iterator[str]:
    """The parts, and the plurals of those that may have one."""
    for part in parts:
        yield part
        if _singular(f"{part}s") == part:
            yield f"{part}s"


def _find_part(lowered: str, part: str, starts: dict[int, int]) -> None:
    """Notes where ``part`` starts and ends, where it is no piece of a longer word or figure."""
    letters = part.isalpha()
    at = lowered.find(part)
    while at >= 0:
        end = at + len(part)
        following = lowered[end : end + 1]
        goes_on = following.isalnum() and following.isdecimal() is not letters
        if not goes_on and not (at and lowered[at - 1].isalnum()):
            starts[at] = end
        at = lowered.find(part, end)


def _term_at(text: str, lowered: str, start: int, end: int) -> tuple[int, Term] | None:
    """Where the longest term ends whose first part is ``text[start:end]``, and the term."""
    found: tuple[int, Term] | None = None
    node = _trie()
    parts: list[int] = []  # where each starts
    at = start
    while following := node.following(lowered[at:end]):
        node = following
        parts.append(at)
        whole = not text[end : end + 1].isalnum()
        if not whole and text[end - 1].isdecimal():
            whole = _PLURAL_OF_FIGURE.match(text, end) is not None  # "Kh-22s"
        if whole:
            for term, capitals in node.terms:
                if not capitals or all(text[parts[number]].isupper() for number in capitals):
                    found = (end, term)
                    break
        part = _NEXT_PART.match(text, end) if node.children else None
        if part is None:
            break
        at, end = part.span(1)
    return found


@functools.cache
def _patterns() -> tuple[tuple[Term, re.Pattern[str]], ...]:
    return tuple(
        (Term(row["name"], row["class"], None, None, row.get("weak", 0)), re.compile(row["pattern"]))
        for row in read_toml("en/weapons.toml")["patterns"]
    )


@functools.cache
def _pattern_stems() -> Stems[int]:
    """A text without any of these is not searched for the pattern of that number."""
    return Stems({number: row["has"] for number, row in enumerate(read_toml("en/weapons.toml")["patterns"])})


def _found(text: str) -> list[tuple[int, int, Term]]:
    """Named terms, and patterns where no term stands; in order."""
    found = list(_scan(text))
    for number in sorted(_pattern_stems().found_in(text)):
        term, pattern = _patterns()[number]
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), term))
    return sorted(found, key=lambda each: each[:2])


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


@functools.lru_cache(maxsize=4096)
def weapon_hits(text: str) -> tuple[Hit, ...]:
    """The weapons used in what ``text`` tells: targets, defences and promises of weapons are left out.

    >>> [(h.weapon, h.model) for h in weapon_hits("Shahed-136 drones and Kh-101 missiles hit a drone factory.")]
    [('drone', 'Shahed-136'), ('missile', 'Kh-101')]
    """
    found = _found(text)
    if not found:
        return ()
    words, cues = _words(), _cues(text)
    hits: list[Hit] = []
    defending_until = -9
    for start, end, term in found:
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
        if not _is_used(text, start, end, before, after, cues):
            continue
        weapon, model = term.weapon, term.model
        if weapon == "bomb_or_ied":
            weapon = "bomb" if _by_air(before, after, cues) else "ied"
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
        older = "older" in cues and words.older.search(before) is not None
        intercepted = "interception" in cues and bool(
            words.interception_before.search(before) or words.interception_after.match(after)
        )
        weak = 0 if term.weak == 2 and _goes_with_a_blast(before, text[start:end], after) else term.weak
        weak = 0 if weak and text[start : start + 6].lower() == "gunmen" and _AND_BOMBERS.search(before) else weak
        hits.append(Hit(start, end, weapon, model, weak, older, intercepted))
    return tuple(_without_manner(text, hits)) if len(hits) > 1 else tuple(hits)


#: "A bomb went off and gunmen opened fire": an act of its own, unlike "opened fire with mortars".
_AND_THEN = re.compile(
    r"\b(?:and|then|before)\s+(?:then\s+|later\s+|also\s+)?(?:(?:the|an?|two|three|four|five|several|\d+|other|masked)\s+){0,2}"
    r"(?:gunm[ae]n|attackers?|assailants?|militants?|fighters?|men|others|he|she|they|accomplices?|police|soldiers)?\s*"
    r"(?:who\s+)?(?:then\s+|also\s+)?\Z"
)
_AND_THREW = re.compile(
    r"\A[^.;]{0,60}?\band\s+(?:then\s+|also\s+)?(?:threw|hurled|lobbed|tossed|detonated|set\s+off)\b"
)


#: "Two suicide bombers and gunmen attacked the gate": both did.
_AND_BOMBERS = re.compile(r"\bbombers?\s+and\s+(?:(?:several|two|three|four|five|\d+|other)\s+)?\Z")


def _goes_with_a_blast(before: str, used: str, after: str) -> bool:
    """Whether shots are told beside another weapon as an act of their own, not as the way that it was used."""
    if "fire" not in used or after[:6] in (" with ", " from "):
        return False
    return _AND_THEN.search(before) is not None or _AND_THREW.match(after) is not None


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
        if following is not None and following.weapon == "ied" and _REMADE.match(between):
            continue
        previous = hit
        yield hit


_SHELLED = re.compile(r"[Ss]hell(?:s|ed|ing)?\Z")
_BOMBED = re.compile(r"[Bb]omb(?:s|ed|ing)\Z")
_WITH = re.compile(r"\A[^.;]*\b(?:with|using|from)\s+(?:[\w-]+\s+){0,4}\Z")
#: "A mortar round rigged as a bomb" is the bomb.
_REMADE = re.compile(
    r"\A\s+(?:(?:rounds?|shells?|projectiles?)\s+)?(?:rigged|fashioned|turned|converted|made|wired|adapted|used)\s+(?:up\s+)?(?:as|into|to\s+be)\s+"
    r"(?:an?\s+)?(?:[\w-]+\s+){0,2}\Z"
)
_GENERIC = re.compile(r"(?i:missile|rocket|drone|bomb|shell|UAV|munition)s?\Z")
_STRUCK = re.compile(
    r"\A\W+(?:\w+\W+){0,3}?(?:hit|hits|struck|strikes|fell|falls|landed|crashed|exploded|killed|kills)\b"
)
_TELLS_TOLL = re.compile(r"\A\W*(?:[\w’'-]+\W+){0,10}?(?:that|which|killing|in\s+which|wounding|injuring)\b")


#: "A drone operator dropped a charge": the crew used it.
_CREW_STRIKES = re.compile(
    r"\A[\s-]+(?:operators?|pilots?|crews?|teams?)\s+(?:has\s+|had\s+|have\s+)?"
    r"(?:dropped|hit|struck|attacked|fired|targeted|chased|hunted)\b"
)


#: "Police found a machete": what lies in a house has hit nobody.
_FINDING = ("found", "finds", "recovered", "recovers", "discovered", "confiscated")
_FOUND = re.compile(
    rf"\b{any_of(_FINDING)}\s+(?:an?|two|three|several|\d+)\s+"
    r"(?:(?!man|woman|body|bodies|boy|girl|people|victims?)[a-z-]+\s+)?\Z"
)


#: "Police shot the suspect": that is not what hurt his victims.
_POLICE = re.compile(r"\b(?:[Pp]olice|[Oo]fficers?|[Gg]uards?|[Ss]oldiers|[Tt]roops)\s+(?:\w+\s+)?\Z")
_AGAINST_THEM = re.compile(
    r"\A(?:\s+(?:and|dead|to\s+death|\w+ed)){0,3}\s+(?:(?:the|an?)\s+(?:\w+\s+)?"
    r"(?:suspect|attacker|assailant|gunman|knifeman|perpetrator|driver|bomber)|him|her)\b"
)


_AT_A_TIME = re.compile(
    r"\A\s+(?:[MTWFS][a-z]+day\b|(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
    r"|\d{1,2}[:.]\d\d|\d{1,2}\s*[ap]\.?m\b|dawn|dusk|noon|midnight|night|sunrise|sunset|Christmas|Easter|New\s+Year"
    r"|the\s+(?:night|morning|evening|afternoon|eve|day|weekend|(?:first|second|third|same|last|previous)\s+(?:day|night))\b)"
)


def _is_used(text: str, start: int, end: int, before: str, after: str, cues: Container[str]) -> bool:
    """Whether the term at ``text[start:end]`` names a weapon that was used; ``cues``: what stands in the sentence."""
    words = _words()
    if (
        ("site_nouns" in cues and words.site.match(after) and not _CREW_STRIKES.match(after))
        or ("handled" in cues and words.handled.match(after))
        or ("not_used" in cues and words.not_used.search(before))
    ):
        return False
    if "persons" in cues:
        if words.person_after.match(after):
            return False
        if words.person_before.search(before) and not _TELLS_TOLL.match(after):
            return False
    used = text[start:end]
    if "finding" in cues and not used.endswith("ed") and used != "shot" and _FOUND.search(before):
        return False
    if _AGAINST_THEM.match(after) and _POLICE.search(before):
        return False
    if used[-3:] in (" on", " at") and _AT_A_TIME.match(after):
        return False  # "drones fired on Monday"
    unless = words.unless.get(used.lower())
    return unless is None or unless.search(text[max(0, start - 60) : end + 60]) is None


_WITH_SHELLS_BEFORE = re.compile(
    r"\b(?:[Ss]hell(?:ing|ed)|[Aa]rtillery(?:\s+fire)?)(?:\s+and|\s+or|,)\s+(?:(?:the|heavy|aerial|then)\s+)?\Z"
)
_WITH_SHELLS_AFTER = re.compile(r"\A(?:\s+and|\s+or|,)\s+(?:[a-z]+\s+)?shell(?:ing|ed)\b")


_FALLS = re.compile(r"\A\s+(?:fall|falling|fell|rained|raining)\b")


def _by_air(before: str, after: str, cues: Container[str]) -> bool:
    words = _words()
    named = "air" in cues and words.air.search(before + " " + after)
    if _WITH_SHELLS_BEFORE.search(before) or _WITH_SHELLS_AFTER.match(after) or _FALLS.match(after):
        return True  # "shelling and bombing" are a war's
    return bool(named or words.air_before.search(before) or words.air_after.match(after))


def older_attack(text: str, end: int) -> int | None:
    """Where words such as "in retaliation for" begin, if ``text[:end]`` ends in what they govern."""
    if "older" not in _cues(text):
        return None
    first = max(0, end - 160)
    cue = _words().older.search(text[first:end])
    return None if cue is None else first + cue.start()
