"""The words of a sentence, and the mentions of places that are made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from tracker.gazetteer import Place, PlaceKind, fold
from tracker.place_terms import Role


class Token(NamedTuple):
    """A word of a sentence; ``key`` is folded, without a possessive ending."""

    start: int
    end: int
    text: str
    low: str
    key: str
    possessive: bool
    capital: bool


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
    #: The name with the word beside it, as printed: "Saltivka district".
    label: str = ""

    def __post_init__(self) -> None:
        self.label = self.label or self.name


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


def tokenise(text: str) -> list[Token]:
    """The words of a sentence, with ``Kharkiv's`` as ``kharkiv`` possessive and ``U.S.`` as one word."""
    tokens = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        start, end = match.span()
        if word.isascii() and word.isalpha():  # most words: nothing to fold but their case
            low = word.lower()
            owns = low[-1] == "s" and text[end : end + 1] in ("'", "’")
            tokens.append(Token(start, end, word, low, low, owns, word[0].isupper()))
            continue
        bare = POSSESSIVE.sub("", word)
        possessive = bare != word or (word[-1:] == "s" and text[end : end + 1] in ("'", "’"))
        if "." in bare and bare[0].isalpha():
            bare = bare.replace(".", "")
        tokens.append(Token(start, end, bare, word.lower(), fold(bare), possessive, word[0].isupper()))
    return tokens


class Words:
    """The words of one sentence with the mentions found in them so far; positions outside it are empty words."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        #: token index → the mention it belongs to
        self.owner: dict[int, Mention] = {}

    def gap(self, i: int) -> str:
        """The text between token ``i - 1`` and token ``i``; a newline before the first and after the last."""
        return self.text[self.tokens[i - 1].end : self.tokens[i].start] if 0 < i < len(self.tokens) else "\n"

    def word(self, k: int) -> str:
        """Token ``k`` in lower case."""
        return self.tokens[k].low if 0 <= k < len(self.tokens) else ""

    def capital(self, k: int) -> bool:
        """Whether token ``k`` begins with a capital."""
        return 0 <= k < len(self.tokens) and self.tokens[k].capital
