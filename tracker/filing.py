"""Where a story was filed, which is not where it happened if it tells of another country."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tracker.mentions import Mention
from tracker.place_terms import Role, terms

#: What closes the line that says where a story was filed.
_CLOSES = re.compile(r":|\s(?:—|–|--?)\s")


def dateline(text: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The names at the head of a story of a bureau abroad: Dakar and Senegal in "DAKAR, Senegal — ..."."""
    first = mentions[0] if mentions else None
    if first is None or first.start or first.key not in terms().bureaus:
        return ()
    end = first.end
    if text[end : end + 1] != ":":
        closed = _CLOSES.search(text, end) if first.role is Role.DATELINE else None
        if closed is None:
            return ()
        end = closed.start()
    return [mention for mention in mentions if mention.start <= end]


def is_abroad(filed: Sequence[Mention], named: Iterable[Mention]) -> bool:
    """Whether a story tells of other countries than the one in which it was filed, and of that one nowhere.

    ``named``: the places of the story. One that strikes others from afar ("Israeli jets") says nothing of where.
    """
    home = next((place.country for mention in filed for place in mention.candidates[:1]), None)
    others: set[str] = set()
    for mention in named:
        country = mention.country
        if country is None:
            continue
        if country == home:
            return False
        if not mention.is_strangers and mention.role is not Role.ORIGIN and mention.lead != "past":
            others.add(country)
    return bool(others - terms().strikers) and home is not None
