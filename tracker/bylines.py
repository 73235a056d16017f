"""Whom a report credits without a verb: in brackets behind its figures, or before a colon (codebook 1, ``source``)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

from tracker.gazetteer import gazetteer
from tracker.lexicon import read_toml
from tracker.speakers import acronyms, as_source, given_names, speaks
from tracker.wording import any_of


class Attribution(NamedTuple):
    """A credit in a sentence: the whole phrase, the source in it, and what it governs.

    ``source`` is None for a pronoun or a left-out subject, which the sentences before resolve. ``leads``: it
    governs what follows; ``closes``: what stands before.
    """

    start: int
    end: int
    source: str | None
    leads: bool
    closes: bool


#: "KYIV — ": where the report was written.
DATELINE = r"(?:[A-ZÀ-Þ][A-ZÀ-Þ’' -]{2,30}\s[—–-]\s+)?"
#: 'Kyiv police: a bomb went off', 'The mayor, 07:12: 14 dead', 'Ivan Melnyk: "Three dead."': who speaks is put first.
_LABEL = re.compile(
    r"\A"
    + DATELINE
    + r"""(?P<who>[^:,;"“”.!?]{2,60}?)
    (?P<when>,\s+(?:\d{1,2}[:.]\d\d(?:\s*[ap]\.?m\b\.?)?|\d{1,2}\s+[A-Z][a-z]+|[A-Z][a-z]+\s+\d{1,2}|[MTWFS][a-z]+day))?
    :\s+(?P<quote>["“«])?""",
    re.VERBOSE,
)
_AT_A_PLACE = re.compile(r"\b(?:after|against|at|by|from|in|near|on|outside|over|with)\b")
#: "Governor Bachir Khodr on X: ...", "the rescue service on Kremenchuk: ...": where, or of what, somebody spoke.
_SPOKEN_ON = re.compile(r"\s+on\s+(?:[A-Z]\w*|his\s+channel|her\s+channel)\Z")
_TITLED = re.compile(r"(?:\A|\s)(?P<title>[\w-]+)\s+(?:[A-ZÀ-ÞĀ-Ž][\w.’'-]+\s*){1,3}\Z")
_ONLY_NAMES = re.compile(r"[A-ZÀ-ÞĀ-Ž][\w’'-]+(?:\s+[A-ZÀ-ÞĀ-Ž][\w’'-]+){1,3}")
#: "42 taken to clinics (Ministry of Justice)", "two hurt (Governor Bondar); a school hit (Ivan Melnyk)."
_IN_BRACKETS = re.compile(r"(?P<before>\S*)\s\((?P<who>[^(),:;\d]{3,60})\)(?=[.,;]|\s*\Z)")

#: "Six were killed (three police officers)", "two hurt (police)".
_COUNTED = re.compile(
    r"(?:an?|all|both|dozens|including|most(?:ly)?|one|several|some|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|(?:police|rescuers)\Z"
)


@functools.cache
def _body() -> re.Pattern[str]:
    """What makes a phrase in brackets one who speaks: an office, a service, a title."""
    bodies = any_of(read_toml("en/sources.toml")["bracketed"])
    return re.compile(rf"\b(?i:{bodies})\b(?:\s+(?:for|in|of)\b.*|(?:\s+[A-ZÀ-ÞĀ-Ž][\w’'-]+){{0,3}})\Z")


@functools.cache
def _persons() -> frozenset[str]:
    return frozenset(read_toml("en/sources.toml")["persons"])


@functools.cache
def _leaders() -> frozenset[str]:
    return frozenset(read_toml("en/sources.toml")["leaders"])


def of_brackets(text: str, found: Iterable[Attribution]) -> list[Attribution]:
    """Whom a report names in brackets behind its figures.

    "Two hurt (Governor Bondar)." credits the governor; "a yard (Podil district)" and "Ivan Melnyk (police chief)"
    credit nobody.
    """
    named = []
    for match in _IN_BRACKETS.finditer(text):
        who = match.group("who")
        ahead = match.group("before")
        if _COUNTED.match(who) or (_body().search(ahead) and _body().search(who.split()[-1])):
            continue  # says who was hit, or how a body is called
        if ahead[:1].isupper() and who[0].islower() and who.split()[-1] in _persons():
            continue  # says who somebody is
        source = as_source(who)
        if source is None or not (_body().search(who) or _is_person(source)):
            continue
        start = match.start("who")
        if not any(a.closes and ";" not in text[min(a.end, start) : max(a.start, start)] for a in found):
            named.append(Attribution(start, match.end("who"), source, False, True))
    return named


def _is_person(source: str) -> bool:
    """Whether a phrase is the name of a person: "Oleh Kiper", "Zelensky"; "Ali Sabieh" is a town."""
    if source in _leaders():
        return True
    named = _ONLY_NAMES.fullmatch(source) is not None and source.split()[0] in given_names()
    return named and not gazetteer().lookup(source)


def of_label(text: str) -> list[Attribution]:
    """Whom a report puts before its colon, with the hour or a quotation, or as a body that speaks."""
    label = _LABEL.match(text)
    source = as_source(_SPOKEN_ON.sub("", label.group("who"))) if label is not None else None
    if label is None or source is None or _AT_A_PLACE.search(source) or re.search(r"\d", source):
        return []
    body = source in acronyms() or speaks(source.split()[-1]) or speaks(source.split(" of ")[0].split()[-1])
    body = body or (len(source.split()) > 1 and speaks(" ".join(source.split()[-2:])) and source[-1:].islower())
    named = not source.isupper() and (speaks(source) or all(word[0].isupper() for word in source.split()))
    titled = _TITLED.search(source)
    # "Ali Sabieh:" heads a dispatch from there
    person = (titled is not None and speaks(titled.group("title"))) or _is_person(source)
    if not (body or person or (named and label.group("quote"))):  # "Kharkiv, 07:12:" heads a dispatch
        return []
    end = label.end("when") if label.group("when") else label.end("who")
    return [Attribution(label.start("who"), end, source, True, False)]
