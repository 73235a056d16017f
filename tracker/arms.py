"""Weapons a text names: terms to classes and models, and which of them were used (codebook 5).

A term is not yet a weapon used: a drone factory is a target, a Patriot defends, a pledged missile hits nobody, and
"in revenge for a car bomb" tells of another attack. Terms and context words are data (``data/en/weapons.toml``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.lexicon import read_toml
from tracker.wording import Guarded, any_of, contains_any, guard


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
_PLURAL_OF_FIGURE = re.compile(r"s(?![^\W_])")
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


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled context of ``data/en/weapons.toml``."""

    site: re.Pattern[str]
    not_used: Guarded
    handled: re.Pattern[str]
    older: Guarded
    person_before: Guarded
    person_after: re.Pattern[str]
    air: Guarded
    air_before: re.Pattern[str]
    air_after: re.Pattern[str]
    interception_before: Guarded
    interception_after: re.Pattern[str]
    unless: dict[str, re.Pattern[str]]


@functools.cache
def _words() -> _Words:
    context = read_toml("en/weapons.toml")["context"]
    states = read_toml("en/attackers.toml")["states"]
    adjectives = any_of([word for row in states for word in row["adjectives"]])
    names = any_of([word for row in states for word in (*row["nouns"], *row.get("bywords", ()), *row["adjectives"])])
    force = (
        r"(?:(?:forces|troops|army|military|mass|massive|heavy|new|latest|overnight|government|planes|bombers"
        r"|has|have|had|continuous)\s+){0,2}"
    )
    persons = any_of(context["persons"])
    interception = any_of(context["interception"])
    return _Words(
        site=re.compile(rf"\A[\s-]+(?:\w+[\s-]+and[\s-]+)?{any_of(context['site_nouns'])}\b", re.IGNORECASE),
        not_used=guard(
            r"\b{}\s+(?:(?!(?:were|was|are|is|by|when)\b)[\w-]+\s+){0,4}\Z", context["not_used"], re.IGNORECASE
        ),
        handled=re.compile(rf"\A\s+{any_of(context['handled'])}\b"),
        older=guard(r"\b{}\b[^,;]{0,80}\Z", context["older"], re.IGNORECASE),
        person_before=guard(
            r"\b{}\s+(?:of|in|behind|to|for)\s+(?:the|a|an)\s+(?:[\w-]+\s+){0,6}\Z", context["persons"], re.IGNORECASE
        ),
        person_after=re.compile(rf"\A[’']s?\s+(?:\w+\s+)?{persons}\b", re.IGNORECASE),
        air=guard(r"\b{}\b", context["air"], re.IGNORECASE),
        air_before=re.compile(rf"(?<!in\s)(?<!near\s)\b(?:{adjectives}|{names})(?:[’']s)?\s+{force}\Z"),
        air_after=re.compile(rf"\A\W+(?:\w+\W+){{0,5}}?by\s+(?:the\s+)?{names}\b"),
        interception_before=guard(r"\b{}\b[^.;]{0,60}\Z", context["interception"], re.IGNORECASE),
        interception_after=re.compile(rf"\A[^,.;]{{0,50}}\b{interception}\b", re.IGNORECASE),
        unless={word: re.compile(pattern) for word, pattern in context["unless"].items()},
    )


# --- finding terms ------------------------------------------------------------------------------------------------


def _scan(text: str) -> Iterator[tuple[int, int, Term]]:
    """The longest term at each place, left to right, none overlapping."""
    parts = list(_PART.finditer(text))
    root = _trie()
    index = 0
    first = root.children
    words = [part.group().lower() for part in parts]
    while index < len(parts):
        if words[index] not in first and _singular(words[index]) not in first:
            index += 1
            continue
        found: tuple[int, Term] | None = None
        node: _Node | None = root
        for ahead in range(index, min(index + 9, len(parts))):
            part = parts[ahead]
            if ahead > index and not _JOINT.match(text[parts[ahead - 1].end() : part.start()]):
                break
            assert node is not None
            lowered = words[ahead]
            following = node.children.get(lowered) or node.children.get(_singular(lowered))
            if following is None:
                break
            node = following
            whole = ahead + 1 == len(parts) or not _glued(text, part.end())
            if not whole and part.group().isdecimal():
                whole = _PLURAL_OF_FIGURE.match(text, part.end()) is not None  # "Kh-22s"
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


@functools.cache
def _patterns() -> tuple[tuple[Term, tuple[str, ...], re.Pattern[str]], ...]:
    return tuple(
        (Term(row["name"], row["class"], None, None, 0), tuple(row["has"]), re.compile(row["pattern"]))
        for row in read_toml("en/weapons.toml")["patterns"]
    )


def _found(text: str) -> list[tuple[int, int, Term]]:
    """Named terms, and patterns where no term stands; in order."""
    found = list(_scan(text))
    lowered = text.lower()
    for term, has, pattern in _patterns():
        if not contains_any(lowered, has):
            continue
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), term))
    return sorted(found, key=lambda each: each[:2])


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
    for start, end, term in _found(text):
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


#: "A drone operator dropped a charge": the crew used it.
_CREW_STRIKES = re.compile(
    r"\A[\s-]+(?:operators?|pilots?|crews?|teams?)\s+(?:has\s+|had\s+|have\s+)?"
    r"(?:dropped|hit|struck|attacked|fired|targeted|chased|hunted)\b"
)


#: "Police found a machete": what lies in a house has hit nobody.
_FOUND = re.compile(
    r"\b(?:found|finds|recovered|recovers|discovered|confiscated)\s+(?:an?|two|three|several|\d+)\s+"
    r"(?:(?!man|woman|body|bodies|boy|girl|people|victims?)[a-z-]+\s+)?\Z"
)


#: "Police shot the suspect": that is not what hurt his victims.
_POLICE = re.compile(r"\b(?:[Pp]olice|[Oo]fficers?|[Gg]uards?|[Ss]oldiers|[Tt]roops)\s+(?:\w+\s+)?\Z")
_AGAINST_THEM = re.compile(
    r"\A(?:\s+(?:and|dead|to\s+death|\w+ed)){0,3}\s+(?:(?:the|an?)\s+(?:\w+\s+)?"
    r"(?:suspect|attacker|assailant|gunman|knifeman|perpetrator|driver|bomber)|him|her)\b"
)


def _is_used(text: str, start: int, end: int, before: str, after: str, words: _Words) -> bool:
    if (
        (words.site.match(after) and not _CREW_STRIKES.match(after))
        or words.handled.match(after)
        or words.not_used.search(before)
        or words.person_after.match(after)
    ):
        return False
    if words.person_before.search(before) and not _TELLS_TOLL.match(after):
        return False
    used = text[start:end]
    if not used.endswith("ed") and used != "shot" and _FOUND.search(before):
        return False
    if _AGAINST_THEM.match(after) and _POLICE.search(before):
        return False
    unless = words.unless.get(text[start:end].lower())
    return unless is None or unless.search(text[max(0, start - 60) : end + 60]) is None


def _by_air(text: str, before: str, after: str, words: _Words) -> bool:
    near = before + " " + after
    return bool(words.air.search(near) or words.air_before.search(before) or words.air_after.match(after))


def older_attack(before: str) -> int | None:
    """Where words such as "in retaliation for" begin, if ``before`` ends in what they govern."""
    cue = _words().older.search(before[-160:])
    return None if cue is None else max(0, len(before) - 160) + cue.start()
