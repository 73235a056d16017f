"""The words of a sentence, and the mentions of places that are made of them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from itertools import compress
from operator import attrgetter
from typing import NamedTuple

from tracker.gazetteer import Place, PlaceKind, fold
from tracker.place_terms import Role


class Token(NamedTuple):
    """A word as printed, wherever it stands; ``key`` is folded, without a possessive ending."""

    text: str
    low: str
    key: str
    possessive: bool
    capital: bool
    #: Whether a name can begin here: with a capital, or with an article ("al-Bab").
    opens: bool


@dataclass(slots=True)
class Mention:
    """A place's name in a sentence; offsets count in the sentence, ``first``..``last`` in its tokens.

    ``hint`` is the kind that a word beside the name gives it ("X district"); ``adjective`` marks a people or an
    adjective; ``candidates`` is empty for a town that the gazetteer lacks.
    """

    start: int
    end: int
    first: int
    last: int
    name: str
    key: str
    candidates: tuple[Place, ...]
    role: Role = Role.OTHER
    lead: str = ""
    hint: PlaceKind | None = None
    adjective: bool = False
    weak: bool = False
    possessive: bool = False
    site: bool = False
    #: The number of the address in the sentence that the name is a part of, -1 for none.
    address: int = -1
    #: The name with the word beside it, as printed: "Saltivka district".
    label: str = ""

    def __post_init__(self) -> None:
        self.label = self.label or self.name

    @property
    def country(self) -> str | None:
        """The country that it first of all names, or lies in; None for a name that is hardly meant as a place."""
        return self.candidates[0].country if self.candidates and not self.weak else None

    @property
    def is_strangers(self) -> bool:
        """Whether it is the adjective of somebody far from home: "an Afghan asylum seeker"."""
        return self.adjective and self.role in (Role.NEAR, Role.OTHER)


#: The key of "the capital", whichever country's it is.
CAPITAL = "the capital"
_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*|\d[\d,.]*")
POSSESSIVE = re.compile(r"['’]s\Z", re.IGNORECASE)
#: What may stand between two words of one name.
JOINT = re.compile(r"(?: |\u00a0|-|\u2011|\. |\u2019 ?)\Z")
_LINKS = """
    a ad al am and ar as at au aux az d da das de del della der des di do dos du e ech ed el en es esh et ez
    ibn i la las le les lo los na nad of on os sur the ud ul upon uz van y
"""
PARTICLES = frozenset(_LINKS.split())
_STARTS = """
    ad al an ar as at az bin ech ed el en esh ez umm
"""
ARTICLES = frozenset(_STARTS.split())
LONGEST = 6


def token_of(word: str) -> Token:
    """What a printed word is: ``Kharkiv's`` is ``kharkiv``, possessive; ``U.S.`` is ``us``."""
    low, capital = word.lower(), word[0].isupper()
    opens = capital or low in ARTICLES
    if word.isascii() and word.isalpha():  # most words: nothing to fold but their case
        return Token(word, low, low, False, capital, opens)
    bare = POSSESSIVE.sub("", word)
    possessive = bare != word
    if "." in bare and bare[0].isalpha():
        bare = bare.replace(".", "")
    return Token(bare, low, fold(bare), possessive, capital, opens)


def _parts_of(chunk: str) -> tuple[tuple[int, int, Token], ...]:
    """The words of a text between two spaces, with their offsets in it."""
    parts = []
    for match in _TOKEN.finditer(chunk):
        token = token_of(match.group())
        if match.group()[-1] in "sS" and chunk[match.end() : match.end() + 1] in ("'", "’"):
            token = token._replace(possessive=True)  # "the rebels' camp"
        parts.append((match.start(), match.end(), token))
    return tuple(parts)


_known_parts_of = functools.lru_cache(maxsize=1 << 15)(_parts_of)
#: What is longer is no word of any language, and is not worth remembering.
_LONG_CHUNK = 40
_OPENS = attrgetter("opens")


class Words:
    """The words of one sentence with the mentions found in them so far; positions outside it are empty words.

    >>> words = Words("the Nazis' camp near Kyiv's edge")
    >>> [t.key for t in words.tokens if t.capital], words.tokens[1].possessive, words.gap(2), words.word(99)
    (['nazis', 'kyiv'], True, "' ", '')
    """

    def __init__(self, text: str) -> None:
        starts: list[int] = []
        ends: list[int] = []
        tokens: list[Token] = []
        at = 0
        for chunk in text.split(" "):
            for start, end, token in _known_parts_of(chunk) if len(chunk) < _LONG_CHUNK else _parts_of(chunk):
                starts.append(at + start)
                ends.append(at + end)
                tokens.append(token)
            at += len(chunk) + 1
        self.text, self.starts, self.ends, self.tokens, self.size = text, starts, ends, tokens, len(tokens)
        #: token index → the mention it belongs to
        self.owner: dict[int, Mention] = {}

    def openings(self, key: str | None) -> list[int]:
        """The tokens with which a name can begin, and those of that key besides."""
        if key is None:
            return list(compress(range(self.size), map(_OPENS, self.tokens)))
        return [i for i, token in enumerate(self.tokens) if token.opens or token.key == key]

    def gap(self, i: int) -> str:
        """The text between token ``i - 1`` and token ``i``; a newline before the first and after the last."""
        return self.text[self.ends[i - 1] : self.starts[i]] if 0 < i < self.size else "\n"

    def word(self, k: int) -> str:
        """Token ``k`` in lower case."""
        return self.tokens[k].low if 0 <= k < self.size else ""

    def capital(self, k: int) -> bool:
        """Whether token ``k`` begins with a capital."""
        return 0 <= k < self.size and self.tokens[k].capital
