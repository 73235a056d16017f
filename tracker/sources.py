"""On whose word a figure stands: the source a report credits for it (codebook 1, ``source``).

An attribution is a reporting verb with its subject ("the mayor said", "said the mayor"), an opener
("according to police"), or a document's maker ("a list released by the ministry"). It governs what follows it
("police said that two died") or what it closes ("two died, police said"); a figure outside stands on the
report's own word, and its source is None. Words are data (``data/en/sources.toml``).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

from tracker.lexicon import read_toml
from tracker.models import Span
from tracker.segment import Document, Sentence
from tracker.speakers import VERBISH, as_source, phrase_after, pronouns, speaks, subject_before
from tracker.triggers import Triggers
from tracker.vicinity import before
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


@dataclass(frozen=True, slots=True)
class _Words:
    triggers: Triggers[tuple[str, str]]
    verbs: dict[str, re.Pattern[str]]
    follow: dict[str, re.Pattern[str] | None]
    opener: re.Pattern[str]
    made_by: re.Pattern[str]
    actor: re.Pattern[str]
    person: re.Pattern[str]


#: What a reporting verb that is also a noun must be followed by.
_FOLLOW = {
    "clause": re.compile(
        r"""\A\s*(?: [.,;:”"’)]? \s*\Z | ,
        | \s(?:that|it|its|they|their|he|she|to\s+have|having|at\s+least|about|around|nearly|almost|more|over|up\s+to
            |some|no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens|hundreds
            |scores|several|many|shooting|killing|downing|destroying|intercepting|repelling|deaths|injuries|casualties
            |a|an|another|\d|on\s|late\s|early\s|in\s+a\s|[A-Z])
          (?!\w*\s*responsibility)(?!\s+of\s)
        | \sthe\s+(?:killings?|deaths?|shootings?|wounding|injur(?:y|ies))\b
        | \s[^.,;:"“”]{1,60}:\s )""",
        re.VERBOSE,
    ),
    "that": re.compile(r"\A\s+(?:(?:on|in|at|late|early)\s+[^,]{1,30}\s)?that\b|\A\s*[.,]?\s*\Z"),
    "how": re.compile(r"\A\s+(?:[^.,;]{0,30}\s)?(?:how|that)\b"),
    "of": re.compile(r"\A\s+[^.,;]{1,70}?\sof\s"),
    "toll": re.compile(
        r"\A\s+(?:it\s+at\b|(?:an?|the|its|their)?\s*(?:\w+\s+){0,3}?(?:toll|number|count|figure|tally)\b)"
    ),
}


def _whole(form: str) -> re.Pattern[str]:
    """A form as whole words. A single word stands first in its pattern, by which it is found fastest."""
    return re.compile(rf"\b{any_of([form])}\b" if " " in form else rf"{form}(?<!\w{form})\b")


@functools.cache
def _words() -> _Words:
    data = read_toml("en/sources.toml")
    follow: dict[str, re.Pattern[str] | None] = {}
    for row in data["verbs"]:
        for form in row["forms"]:
            follow[form] = _FOLLOW[row["follow"]] if "follow" in row else None
    openers = [row["words"] for row in data["openers"]]
    terms = {"verb": follow, "opener": openers, "made_by": data["made_by"]}
    return _Words(
        triggers=Triggers({(kind, term): [term] for kind in terms for term in terms[kind]}),
        verbs={form: _whole(form) for form in follow},
        follow=follow,
        opener=re.compile(rf"\b{any_of(openers)}\s+", re.IGNORECASE),
        made_by=re.compile(rf"\b{any_of(data['made_by'])}\s+"),
        person=re.compile(
            rf"\A(?P<who>(?:The|An?)\s+(?:[\w’'-]+\s+){{0,3}}?{any_of(data['persons'])})\s+"
            r"(?:[a-z]+ed|came|drove|flew|had|is|knelt|met|saw|spoke|stood|was|went)\b"
        ),
        actor=re.compile(rf"\A(?P<who>(?:[\w’'.&-]+\s+){{1,9}}?){any_of(data['acts'])}\b"),
    )


#: What tells when and where somebody spoke counts nobody.
_TIME_SPOKEN = re.compile(
    r"\b(?:at|by|around|as\s+of|on|in)\s+(?:(?:[A-Z][a-z]{2,8}\.?\s+)?\d{1,2}(?:[:.]\d\d)?(?:st|nd|rd|th)?"
    r"(?:\s+[A-Z][a-z]{2,8}\b)?|\d{4})(?:,?\s+(?:19|20)\d\d)?(?:\s*[ap]\.?m\b\.?)?"
)
#: "It was looking into the report": nothing is claimed.
_CLAIMS_NOTHING = re.compile(
    r"\A\s+(?:that\s+)?(?:it|they|he|she)\s+(?:was|were|is|are|had\s+been)\s+(?:\w+\s+)?(?:looking|investigating|reviewing|checking|examining"
    r"|aware|unaware|saddened|shocked|studying|probing|verifying)\b"
)
#: "Governor Oleh Kiper arrived at noon": he is who "he said" means.
_TITLED_ACTOR = re.compile(
    r"\A(?P<who>(?:[A-ZÀ-ÞĀ-Ž][\w’'.-]+\s+|al-\w+\s+|of\s+){2,6}?)"
    r"(?:[a-z]+ed|came|drove|flew|has|had|is|knelt|met|saw|spoke|stood|was|went)\b"
)
_TAIL_OF_CREDIT = re.compile(
    r"""\A(?:\s+(?:[A-Z][\w.]*|reporters|journalists|the\s+(?:[A-Z][\w.]*|agency|channel|newspaper|broadcaster)))?
    (?:\s+(?:late|early|on|in|at|via|to|during|from|through|reporters|by|later|also|yesterday|today|[MTWFS]\w+day)\b
    [^,;:"“”]{0,70})?\s*[.,;!?”"’)…]*\s*\Z""",
    re.VERBOSE,
)

_TOLD_WHOM = re.compile(r"\A(?:\s+[\w’'.-]+){1,9}?\s*[.,;!?”\"’)…]*\s*\Z")
_CONTENT = re.compile(r"\b(?:that|how)\b|\d|\b(?:kill|injur|wound|died|dead|death|hurt|destroy|damag|evacuat)")


# --- attributions of a sentence -----------------------------------------------------------------------------------


@functools.lru_cache(maxsize=2048)
def attributions(text: str, headline: bool = False) -> tuple[Attribution, ...]:
    """Every credit in a sentence, in order.

    >>> [(a.source, a.leads, a.closes) for a in attributions("Two died, the mayor said.")]
    [('mayor', False, True)]
    """
    words = _words()
    terms: dict[str, list[str]] = {"opener": [], "made_by": [], "verb": []}
    for kind, term in words.triggers.found_in(text):
        terms[kind].append(term)
    found: list[Attribution] = []
    for match in words.opener.finditer(text) if terms["opener"] else ():
        end, source = phrase_after(text, match.end())
        if source:
            found.append(_placed(text, match.start(), end, source, opens=not text[: match.start()].strip(" \"“‘'")))
    for match in words.made_by.finditer(text) if terms["made_by"] else ():
        end, source = phrase_after(text, match.end())
        if found and found[-1].end + 5 >= match.start() and text[found[-1].end : match.start()].strip() == "and":
            continue  # "released by the army and verified by reporters": the army's
        if source and not any(a.start <= match.start() < a.end for a in found):
            found.append(Attribution(match.start(), end, source, True, True))
    printed = (
        (match.start(), match.end(), verb) for verb in terms["verb"] for match in words.verbs[verb].finditer(text)
    )
    for start, end, verb in sorted(printed):
        if any(a.start <= start < a.end for a in found):
            continue
        if (credit := _of_verb(text, start, end, verb)) is not None:
            found.append(credit)
    if headline or _COLON_FIGURE.match(text):
        found.extend(_of_headline(text, found))
    return tuple(sorted(found, key=lambda a: a.start))


def _placed(text: str, start: int, end: int, source: str, opens: bool) -> Attribution:
    rest = text[end:]
    return Attribution(start, end, source, opens or bool(re.search(r"\w{3}", rest)), not opens)


#: Passive, infinitive, or a noun: "was reported", "to say", "with reports".
_NO_VERB = re.compile(
    r"\b(?!IS\b)(?i:is|are|was|were|been|being|be|to|not|n[’']t|the|a|an|of|with|amid|no|any|initial|conflicting|United)\Z"
)
_JOINS = re.compile(r"\b(?:and|but)\Z")
_CLOSED = re.compile(r"\A\s*[,.;]\s*\Z")


def _of_verb(text: str, start: int, end: int, verb: str) -> Attribution | None:
    """The credit of a reporting verb, ``text[start:end]``, if it is one here."""
    rest = text[end:]
    follow = _words().follow[verb]
    before = text[:start]
    left = before.rstrip()
    if len(left) < start and _NO_VERB.search(left, max(0, len(left) - 12)):
        return None
    tail = _TOLD_WHOM if verb in ("told", "tells", "tell") else _TAIL_OF_CREDIT
    if _CLAIMS_NOTHING.match(rest):
        return None
    content = tail.match(rest) is None or _CONTENT.search(_TIME_SPOKEN.sub("", rest)) is not None
    # "..., said the mayor": the subject stands behind its verb.
    if left.endswith((",", '"', "”", "’", "»", "–", "—")):
        until, source = phrase_after(text, end + 1) if rest[:1].isspace() else (0, None)
        ended = text[until : until + 1] in ("", ",", ".", ";", "!", "”", '"')
        if source and ended and not VERBISH.search(text[end:until]) and verb[-3:] != "ing":
            # "The toll, said the minister, stood at 84" governs both sides.
            amid = left.endswith(",") and _GOES_ON.match(text, until) is not None
            return Attribution(start, until, source, amid, True)
    if follow is not None and not follow.match(rest):
        return None
    if verb == "said" and rest.startswith(" to "):
        return None  # "drones said to be Iranian"
    if verb.endswith("ing") and left.endswith(","):
        return Attribution(start, end, None, content, False)  # "condemned it, saying two died"
    if _JOINS.search(left, max(0, len(left) - 4)):
        return Attribution(start, end, None, content, False)  # "and claims to have killed four"
    shown, source, closed = subject_before(text, start, follow is None)
    if shown < 0:
        return None
    subject = text[shown:start].strip()
    if source is None and not subject and verb[-3:] != "ing":
        return None
    leads = content and not (closed and _CLOSED.match(rest))
    closes = closed and (not content or rest.lstrip()[:1] in (",", ";", ".", "—", "–"))
    if not leads and not closes:
        closes = not content
    return Attribution(shown if subject else start, end, source, leads, closes)


_BEFORE_COLON = re.compile(r"\A(?P<who>[^:,;]{3,60}):\s")
_GOES_ON = re.compile(r",\s+(?:had|has|have|is|was|were|stands|stood|rose|reached|left|killed|injured|wounded)\b")
_COLON_FIGURE = re.compile(
    r"[^:,;]{3,60}:\s+(?:at\s+least\s+|[Tt]here\s+are\s+)?(?:\d|[a-z]+\s+(?:dead|killed|wounded|injured|hurt|people)\b)",
    re.IGNORECASE,
)
_AFTER_DASH = re.compile(r"(?:\s[–—-]|:|,\s+(?:says|say))\s+(?P<who>[^:,;–—]{3,60})\Z")


def _of_headline(text: str, found: list[Attribution]) -> list[Attribution]:
    """What the colon and the dash credit: "Governor: five hurt", "Five hurt in Sumy – governor"."""
    more: list[Attribution] = []
    for pattern, leads in ((_BEFORE_COLON, True), (_AFTER_DASH, False)):
        match = pattern.search(text)
        if match is None or any(a.start < match.end("who") and match.start("who") < a.end for a in found):
            continue
        source = as_source(match.group("who"))
        if source and speaks(source.split()[-1]) and not re.search(r"\d", source):
            more.append(Attribution(match.start("who"), match.end("who"), source, leads, not leads))
    return more


# --- one figure ---------------------------------------------------------------------------------------------------

_PARTS = re.compile(r";|\b(?:while|whereas)\b")
_CITES = re.compile(r"[Cc]iting|[Qq]uot(?:ing|ed)")
_NEW_CLAUSE = re.compile(r",\s+(?:and|but)\s")
_QUOTES = re.compile(r"[\"“”«»]")
_OPENS_QUOTE = re.compile(r"\A[\"“‘«]")


class Sources:
    """Who is credited for each figure of a document. Cheap until asked."""

    def __init__(self, document: Document) -> None:
        self._entries = document.entries

    def of(self, sentence: Sentence, figure: Span) -> str | None:
        """The source of the figure (offsets in the sentence's field), as printed; None: the report itself."""
        at = Span(figure.start - sentence.start, figure.end - sentence.start)
        credits = attributions(sentence.text, sentence.is_headline)
        credit = _governing(sentence.text, credits, at)
        if credit is not None:
            return credit.source or self._named_before(sentence, credit)
        if _OPENS_QUOTE.match(sentence.text) and not credits:
            return self._of_quote(sentence)
        return None

    def _named_before(self, sentence: Sentence, credit: Attribution) -> str | None:
        """Who "he" or a left-out subject is: the last source told before it in the entry."""
        here = [a for a in attributions(sentence.text, sentence.is_headline) if a.start < credit.start and a.source]
        if here:
            return here[-1].source
        subject = sentence.text[credit.start : credit.end].split()[:1]
        if not subject or subject[0].lower() not in pronouns():
            actor = _words().actor.match(sentence.text)
            if actor and (named := as_source(actor.group("who"))):
                return named
        sentences = self._entries[sentence.entry].sentences
        for other in before(sentences, sentence.index - sentences[0].index):
            for told in reversed(attributions(other.text, other.is_headline)):
                if told.source:
                    return told.source
            if (
                actor := _words().actor.match(other.text)
                or _TITLED_ACTOR.match(other.text)
                or _words().person.match(other.text)
            ):
                named = as_source(actor.group("who"))
                if named and (actor.re is not _TITLED_ACTOR or speaks(named)):
                    return named
        return None

    def _of_quote(self, sentence: Sentence) -> str | None:
        """Who speaks in a sentence that goes on with a quotation: the speaker of the sentence before."""
        sentences = self._entries[sentence.entry].sentences
        for other in before(sentences, sentence.index - sentences[0].index)[:3]:
            if not _QUOTES.search(other.text):
                return None
            if credits := attributions(other.text, other.is_headline):
                return credits[-1].source or self._named_before(other, credits[-1])
        return None


def _governing(text: str, credits: tuple[Attribution, ...], at: Span) -> Attribution | None:
    if not credits:
        return None
    before = [a for a in credits if a.leads and a.end <= at.start]
    after = [a for a in credits if a.closes and a.start >= at.end]
    lead = before[-1] if before and not _PARTS.search(text[before[-1].end : at.start]) else None
    close = after[0] if after and not _PARTS.search(text[at.end : after[0].start]) else None
    if close is not None and any(a.leads and not a.closes and at.end <= a.start < close.start for a in credits):
        close = None  # another speaker begins in between
    if close is not None and _CITES.match(text, close.start):
        return close  # "the paper reported six deaths, citing the police"
    if lead is not None and close is not None:
        parted = _NEW_CLAUSE.search(text[lead.end : at.start]) and not _NEW_CLAUSE.search(text[at.end : close.start])
        return close if parted else lead
    return lead or close
