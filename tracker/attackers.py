"""Who attacked: the parties a text names as the ones who strike (codebook 1, ``attacker``).

A party's name alone is no attacker: it must own the attack ("Russian drones"), do it ("Hezbollah fired") or
stand behind it ("by the Rapid Support Forces"). Parties and verbs are data (``data/en/attackers.toml``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from tracker.lexicon import read_toml
from tracker.reading.cues import words_of
from tracker.wording import any_of, searchable


class Agent(NamedTuple):
    """A party named as attacker: ``text[start:end]``. ``strong`` is False where only a weapon's maker is named."""

    start: int
    end: int
    party: str
    strong: bool


@dataclass(frozen=True, slots=True)
class _Grammar:
    starts: AhoCorasick
    names: re.Pattern[str]
    party_of: dict[str, str]
    owners: frozenset[str]
    bywords: frozenset[str]
    suppliers: frozenset[str]
    groups: frozenset[str]
    attack: re.Pattern[str]
    weapon: re.Pattern[str]
    acts: re.Pattern[str]
    force: re.Pattern[str]
    done_by: re.Pattern[str]
    assailants: re.Pattern[str]


def _printed(row: dict[str, Any]) -> Iterator[str]:
    """A model's names, each also in the plural."""
    return (name + plural for name in (row["term"], *row.get("also", ())) for plural in ("", "s"))


@functools.cache
def _grammar() -> _Grammar:
    data = read_toml("en/attackers.toml")
    context = data["context"]
    party_of: dict[str, str] = {}
    owners: set[str] = set()
    bywords: set[str] = set()
    suppliers: set[str] = set()
    for row in (*data["states"], *data["groups"]):
        for word in (*row["nouns"], *row.get("bywords", ()), *row.get("adjectives", ())):
            party_of[word] = row["party"]
        # A group's name is its own adjective: "Hamas rockets".
        owners.update(row.get("adjectives", row["nouns"]))
        bywords.update(row.get("bywords", ()))
        if row.get("supplies"):
            suppliers.update(row["adjectives"])
    # What may stand between "Russian" and "drones": adjectives, other weapons, "and"; no preposition, no verb.
    filler = (
        r"(?:\s*\([^()]{1,24}\))?(?:\s+(?!(?:on|in|of|at|by|for|from|to|with|that|which|who|over|near|against|during"
        r"|after|amid|inside|says?|said|is|are|was|were|has|have|had|shot|shoots|shooting|down|downed|downs|intercepted|destroyed|officials?|cities|city|towns?|territory|soil)\b)"
        r"[\w-]+,?){0,5}?"
    )
    models = (word for row in read_toml("en/weapons.toml")["weapons"] if "model" in row for word in _printed(row))
    weapons = any_of([*context["weapons"], *models])
    adverbs = r"suspected|reportedly|also|again|later|had|has|have|then|on\s+\w+|armed\s+with\s+\w+|overnight|riding"
    force = rf"(?:\s*\([^()]{{1,24}}\))?(?:\s+(?:{any_of(context['people'])}|{adverbs})){{0,5}}"
    was_lost = (
        r"(?!\s+(?:is|was|are|were|has\s+been|have\s+been)\s+(?:\w+\s+)?"
        r"(?:missing|lost|shot|downed|destroyed|hit|damaged)\b)"
    )
    own_victim = r"(?!\s+(?:down|by|with|in\s+(?:an?|the|\w+)\s+(?:\w+\s+)?(?:attack|strike|ambush|clash)))"
    # "Hamas said its fighters hit a tank": its own deed.
    its_own = (
        r"(?:\s+(?:said|says|say|claims?|claimed)\s+(?:that\s+)?(?:it|they|its\s+[\w-]+(?:\s+[\w-]+)?)"
        r"(?:\s+(?:had|has|have))?)?"
    )
    armed = rf"{any_of(context['acts_with_weapon'])}\b(?=[^.;]{{0,60}}\b{weapons}\b)"
    return _Grammar(
        starts=AhoCorasick(sorted({name.split()[0] for name in party_of})),
        names=re.compile(rf"(?<![\w-])(?P<name>{any_of(list(party_of))})(?P<own>[’']s?)?(?![\w]|-(?!led\b))"),
        party_of=party_of,
        owners=frozenset(owners),
        bywords=frozenset(bywords),
        suppliers=frozenset(suppliers),
        groups=frozenset(name for row in data["groups"] for name in row["nouns"]),
        attack=re.compile(rf"{filler}\s+{any_of(context['attacks'])}\b"),
        weapon=re.compile(rf"{filler}\s+{weapons}\b{was_lost}"),
        force=re.compile(rf"\s+{any_of(context['people'])}\b"),
        acts=re.compile(rf"{force}{its_own}\s+(?:{any_of(context['acts'])}\b{own_victim}|{armed})"),
        done_by=re.compile(rf"\b{any_of(context['done_by'])}\b[^.;]{{0,80}}\Z"),
        assailants=re.compile(rf"\b{any_of(context['assailants'])}\b[^.;,]{{0,40}}\bby\b", re.IGNORECASE),
    )


_BY = re.compile(
    r"\bby\s+(?:the\s+|suspected\s+|alleged\s+|an?\s+)*(?:[A-Z][\w-]+[’']s?\s+)?"
    r"(?:(?!(?:in|on|at|of|for|and|to|with|after|near|from|against)\b)[a-z][\w-]*\s+){0,3}\Z"
)
_FIRE_FROM = re.compile(
    r"\b(?:fire|gunfire|artillery|shelling|shells|missiles?|rockets?|drones?|bombs)\s+from\s+(?:the\s+)?\Z"
)
_VICTIMS = re.compile(r"\A(?:\s+[\w-]+){0,2}\s+(?:were|was|are|is|have\s+been|has\s+been|had\s+been)\b")
_MAKER = re.compile(r"\A(?:\s+[A-Z0-9][\w-]*|-(?:made|built|supplied))")
_IS_A = re.compile(r"\b(?:is|was|were|are)\s+(?:an?|the)\s+\Z")
_WHERE = re.compile(
    r"\b(?:on|in|at|near|of|to|from|across|over|against|towards?|outside|around|into|inside)\s+(?:the\s+)?"
    r"(?:(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est)(?:ern|-?east(?:ern)?|-?west(?:ern)?)?\s+|[Cc]entral\s+|[a-z]+-occupied\s+)?\Z"
)
#: "Fighters from the ADF hacked ...": the group's people, not a place.
_MEMBERS = re.compile(
    r"\b(?:assailants|attackers|bombers|elements|fighters|militants|operatives|raiders|terrorists|rebels|gunmen|members|men|soldiers|troops|jihadists|insurgents|guerrillas|commandos|mercenaries)"
    r"\s+(?:from|of|belonging\s+to|loyal\s+to|linked\s+to|affiliated\s+with|with)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_NAMES_ONLY = re.compile(r"\s+(?:(?!and\b|on\b|in\b|against\b)[\w-]+\s+){0,3}\Z")
_SUFFERS = re.compile(r"\A\s+\w+\s+(?:kills?|leaves?|injures?|wounds?|claims?|on|death|deaths|toll)\b")


@functools.lru_cache(maxsize=4096)
def attackers_in(text: str) -> tuple[Agent, ...]:
    """Every mention of a party as the one who attacks, in order.

    >>> [(a.party, a.strong) for a in attackers_in("Moscow hit Odesa with Iranian Shahed drones.")]
    [('Russia', True), ('Iran', False)]
    """
    grammar = _grammar()
    found: list[Agent] = []
    # The automaton says where a name can begin; the pattern is tried only there.
    named = grammar.starts.find_matches_as_indexes(searchable(text), overlapping=True)
    starts = sorted({start for _, start, _ in named})
    words = words_of(text) if starts else frozenset()
    reached = 0
    for start in starts:
        match = grammar.names.match(text, start) if start >= reached else None
        if match is None:
            continue
        reached = match.end()
        name = match.group("name")
        before, after = text[max(0, start - 120) : start], text[reached : reached + 140]
        if (strong := _attacks(name, match.group("own") is not None, before, after, words)) is None:
            continue
        party = grammar.party_of[" ".join(name.split())]
        if found and text[found[-1].end : start].strip() == "and":
            continue  # "US and British strikes": one attack, coded by the party named first
        found.append(Agent(start, reached, party, strong))
    return tuple(found)


def _attacks(name: str, possessive: bool, before: str, after: str, words: Container[bytes]) -> bool | None:
    """True where the party attacks, False where it only made the weapon, None where it is merely named.

    ``words`` are those of the whole sentence.
    """
    grammar = _grammar()
    if possessive and (owned := grammar.names.search(after[:60])) and _NAMES_ONLY.match(after[: owned.start()]):
        return None  # "Sudan's paramilitary Rapid Support Forces" are who attacks
    owning = possessive or name in grammar.owners
    if owning and grammar.attack.match(after):
        return True
    acting = (
        grammar.acts.match(after)
        and not _VICTIMS.match(after)
        and ((name in grammar.groups and _MEMBERS.search(before)) or not _WHERE.search(before))
    )
    if acting and not (name in grammar.bywords and _SUFFERS.match(after)):
        return True
    if b"by" in words and _BY.search(before) and grammar.done_by.search(before):
        return None if grammar.assailants.search(before) else True
    if owning and b"from" in words and _FIRE_FROM.search(before):
        return True
    if owning and grammar.weapon.match(after):
        if name in grammar.suppliers:
            return None
        # "A Chinese-made Wing Loong", "was an Iranian drone": the maker's, unless nothing better is said.
        return grammar.force.match(after) is not None or not (_MAKER.match(after) or _IS_A.search(before))
    return None
