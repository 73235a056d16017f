"""Words of the lexicon as parts of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


def any_of(words: Iterable[str]) -> str:
    r"""A group that matches any of ``words``, the longest first; a space matches any run of white space.

    >>> any_of(["drone", "attack drone"])
    '(?:attack\\s+drone|drone)'
    """
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("\\ ", r"\s+") for word in ordered) + ")"


def contains_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of ``words`` stands in ``text``, inside a longer word too: a cheap look before a pattern is tried.

    >>> contains_any("a driver rams a crowd", ("rams", "plough"))
    True
    """
    for word in words:  # noqa: SIM110 -- a generator costs more than what it looks for
        if word in text:
            return True
    return False


def searchable(text: str) -> str:
    r"""A text that an automaton takes: half a character, which is no character, is a question mark.

    >>> searchable("Two d\ud800ied in Kyïv.")
    'Two d?ied in Kyïv.'
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Guarded:
    r"""A pattern tried only on a text in which one of its ``keys`` stands, in whatever case; most texts have none.

    >>> guarded = guard(r"\b{}\b", ["in response to", "linked to"])
    >>> guarded.keys, guarded.search("Linked to the raid") is None, guarded.search("a raid linked to it") is None
    (('linked', 'response'), True, False)
    """

    pattern: re.Pattern[str]
    keys: tuple[str, ...]

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in ``text``, as the pattern itself would find it."""
        return self.pattern.search(text) if contains_any(text.lower(), self.keys) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match in ``text``, as the pattern itself would find them."""
        return self.pattern.finditer(text) if contains_any(text.lower(), self.keys) else iter(())


def guard(pattern: str, words: Iterable[str], flags: int = 0) -> Guarded:
    """``pattern`` with the group of ``words`` in place of ``{}``, guarded by the longest part of each word."""
    listed = list(words)
    keys = sorted({max(re.findall(r"[^\W_]+", word), key=len).lower() for word in listed})
    return Guarded(re.compile(pattern.replace("{}", any_of(listed)), flags), tuple(keys))
