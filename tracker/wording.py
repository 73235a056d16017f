"""Words of the lexicon as parts of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    r"""A group that matches any of ``words``, the longest first; a space matches any run of white space.

    >>> any_of(["drone", "attack drone"])
    '(?:attack\\s+drone|drone)'
    """
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("\\ ", r"\s+") for word in ordered) + ")"
