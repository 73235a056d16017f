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

from tracker.bylines import DATELINE, Attribution, of_brackets, of_label
from tracker.lexicon import read_toml
from tracker.models import Span
from tracker.segment import Document, Sentence
from tracker.speakers import (
    VERBISH,
    acronyms,
    as_source,
    descriptors,
    phrase_after,
    pronouns,
    speaks,
    subject_before,
)
from tracker.triggers import Triggers
from tracker.vicinity import before
from tracker.wording import any_of, contains_any


@dataclass(frozen=True, slots=True)
class _Words:
    triggers: Triggers[tuple[str, str]]
    verbs: dict[str, re.Pattern[str]]
    follow: dict[str, re.Pattern[str] | None]
    opener: re.Pattern[str]
    made_by: re.Pattern[str]
    actor: re.Pattern[str]
    papers: re.Pattern[str]
    figure_of: re.Pattern[str]
    person: re.Pattern[str]


#: What a reporting verb that is also a noun must be followed by.
_FOLLOW = {
    "clause": re.compile(
        r"""\A\s*(?: [.,;:”"’)]? \s*\Z | [,;]
        | \s(?:that|it|its|they|their|he|she|to\s+have|having|at\s+least|about|around|nearly|almost|more|over|up\s+to
            |some|no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens|hundreds
            |others|scores|several|many|shooting|killing|downing|destroying|intercepting|repelling|deaths|injuries|casualties
            |the\s+(?:biggest|deadliest|heaviest|largest|worst)|a|an|another|\d|on\s|late\s|early\s|in\s+a\s|shortly\s|at\s+(?:\d|noon|midnight|dawn)|[A-Z])
          (?!\w*\s*responsibility)(?!\s+of\s)
        | \sthe\s+(?:killings?|deaths?|shootings?|wounding|injur(?:y|ies))\b
        | \s[^.,;:"“”]{1,60}:\s )""",
        re.VERBOSE,
    ),
    "that": re.compile(r"\A\s+(?:(?:on|in|at|late|early)\s+[^,]{1,30}\s)?that\b|\A\s*[.,]?\s*\Z|\A[,;]\s"),
    "dead": re.compile(
        r"\A\s+(?:at\s+least\s+|about\s+|some\s+|more\s+than\s+|over\s+)?(?:\d[\d,]*|[a-z]+(?:-[a-z]+)?)\s+(?:civilian\s+)?"
        r"(?:casualties|dead|deaths?|fatalities|injur(?:y|ies|ed)|killed|missing|victims|wounded)\b"
    ),
    "how": re.compile(r"\A\s+(?:[^.,;]{0,30}\s)?(?:how|that)\b"),
    "of": re.compile(r"\A\s+[^.,;]{1,70}?\sof\s"),
    "toll": re.compile(
        r"\A\s+(?:it\s+at\b|(?:\d[\d,]*|[a-z]+(?:-[a-z]+)?)\s+(?:dead|deaths?)\b|the\s+(?:dead|injured|killed|missing|wounded)\s+at\b|(?:an?|the|its|their)?\s*(?:\w+\s+){0,3}?(?:toll|number|count|figure|tally)\b)"
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
    terms = {"verb": follow, "opener": openers, "made_by": data["made_by"], "paper": data["counts"]}
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
        papers=re.compile(
            rf"(?P<lead>:\s+|\s[–—-]\s+|\b(?:[Bb]y|[Oo]n|[Ii]n)\s+|\A)(?P<who>(?:[\w’'.&-]+\s+){{0,5}}?[\w.&-]+)(?:[’']s|(?<=s)[’'])\s+"
            rf"(?:{any_of(data['count_qualifiers'])}\s+){{0,2}}{any_of(data['counts'])}\b(?P<colon>:\s)?"
        ),
        figure_of=re.compile(
            r"(?P<who>(?:\b[Tt]he\s+(?:(?!the\b)[\w’'.&-]+\s+){0,3}?|(?:\b[A-Z][\w.&-]+\s+){0,3})[\w.&-]+)(?:[’']s|(?<=s)[’'])\s+"
            rf"(?:{any_of(data['count_qualifiers'])}\s+){{0,2}}{any_of(data['counts'])}\s+of\s+(?=(?:[a-z]+\s+){{0,2}}?\d)"
        ),
        actor=re.compile(rf"\A(?P<who>(?:[\w’'.&-]+\s+){{1,9}}?){any_of(data['acts'])}\b"),
    )


#: What tells when and where somebody spoke counts nobody.
_TIME_SPOKEN = re.compile(
    r"\b(?:at|by|around|as\s+of|on|in)\s+(?:(?:[A-Z][a-z]{2,8}\.?\s+)?\d{1,2}(?:[:.]\d\d)?(?:st|nd|rd|th)?"
    r"(?:\s+[A-Z][a-z]{2,8}\b)?|\d{4})(?:,?\s+(?:19|20)\d\d)?(?:\s*[ap]\.?m\b\.?)?"
)
#: "..., the governor announced on Tuesday, while 61 were still missing".
_WHEN_SPOKEN = re.compile(
    r"\A\s+(?:(?:late|early)\s+)?(?:on\s+)?(?:[MTWFS][a-z]+day|today|yesterday)(?:\s+(?:morning|afternoon|evening|night))?(?=[,;])"
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
    (?:\s+(?:late|early|according\s+to|shortly|around|about|on|in|at|via|to|during|from|through|reporters|by|later|also|yesterday|today|[MTWFS]\w+day)\b
    (?:[^,;:"“”]|:(?=\d\d)){0,70})?\s*[.,;!?”"’)…]*\s*\Z""",
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
    terms: dict[str, list[str]] = {"opener": [], "made_by": [], "paper": [], "verb": []}
    for kind, term in words.triggers.found_in(text):
        terms[kind].append(term)
    found: list[Attribution] = []
    for match in words.opener.finditer(text) if terms["opener"] else ():
        if him := _HIM.match(text, match.end()):
            opens = not text[: match.start()].strip(" \"“‘'")
            found.append(Attribution(match.start(), him.end(), None, True, not opens))
            continue
        end, source = phrase_after(text, match.end(), papers=True)
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
    if terms["paper"]:
        found.extend(_of_papers(text, found))
    if headline or (":" in text and _COLON_FIGURE.match(text)):
        found.extend(_of_headline(text, found))
    elif not found:
        found.extend(_of_signature(text))
    if not found and ":" in text:
        found.extend(of_label(text))
    if ")" in text:
        found.extend(of_brackets(text, found))
    return tuple(sorted(found, key=lambda a: a.start))


def _placed(text: str, start: int, end: int, source: str, opens: bool) -> Attribution:
    rest = text[end:]
    return Attribution(start, end, source, opens or bool(re.search(r"\w{3}", rest)), not opens)


#: "According to him": whoever was told before.
_HIM = re.compile(r"\s*(?:him|her|them)\b(?!\s+\w)")

#: Passive, infinitive, or a noun: "was reported", "to say", "with reports".
_NO_VERB = re.compile(
    r"\b(?!IS\b)(?i:is|are|was|were|been|being|be|to|not|n[’']t|the|a|an|of|with|amid|no|any|initial|conflicting|United)\Z"
)
_JOINS = re.compile(r"\b(?:and|but)\Z")
_CLOSED = re.compile(r"\A\s*[,.;]\s*\Z")


_LIVES = re.compile(r"\A\s+(?:[^,.;]{0,40}?\s)?(?:life|lives)\b")
_ITS_LOSSES = re.compile(
    r"\A\s+(?:its|their|his|her)\s+(?:blessings|casualties|costs?|days|dead|fallen|losses|missing|votes|wounded)\b"
)
#: "... were destroyed, the ministry told reporters: 29 over Bryansk".
_TOLD_WHOM_THEN = re.compile(r"\A(?:\s+(?!(?:that|how)\b)[\w’'.-]+){1,6}?\s*[:,;—–]")
#: "..., " closes a quotation, whose speaker follows.
_QUOTED = re.compile(r"[,?!][\"”’]\s*\Z")


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
        inverted = (
            verb[-3:] != "ing" and tail is not _TOLD_WHOM
        )  # "Ahmed Ali, told journalists" has its subject before it
        if source and ended and inverted and not VERBISH.search(text[end:until]):
            # "The toll, said the minister, stood at 84" governs both sides.
            amid = left.endswith(",") and _GOES_ON.match(text, until) is not None
            return Attribution(start, until, source, amid, True)
    if follow is not None and not follow.match(rest):
        return None
    if (verb[:5] == "claim" and _LIVES.match(rest)) or (verb[:5] == "count" and _ITS_LOSSES.match(rest)):
        return None  # "claimed 24 lives", "the town counted its dead"
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
    closes = closed and (
        not content
        or (";" in rest and tail.match(rest.partition(";")[0]) is not None)
        or _WHEN_SPOKEN.sub("", rest).lstrip()[:1] in (",", ";", ".", ":", "—", "–")
        or (tail is _TOLD_WHOM and _TOLD_WHOM_THEN.match(rest) is not None)
        or _QUOTED.search(text, max(0, shown - 4), shown) is not None
    )
    if not leads and not closes:
        closes = not content
    return Attribution(shown if subject else start, end, source, leads, closes)


def _of_papers(text: str, found: list[Attribution]) -> list[Attribution]:
    """Whose count it is: "by the UN's count", "the army's latest toll: 18 dead", "34 dead: the minister's account"."""
    more: list[Attribution] = []
    for match in _words().papers.finditer(text):
        lead = match.group("lead").strip()
        leads = match.group("colon") is not None if not lead else lead.isalpha()
        if any(a.start < match.end() and match.start() < a.end for a in found) or not (leads or lead):
            continue
        source = as_source(match.group("who"))
        if source and (speaks(source) or _ACRONYM.fullmatch(source) or (lead.isalpha() and source[0].isupper())):
            more.append(Attribution(match.start("who"), match.end(), source, leads, not leads or lead == "by"))
    for match in _words().figure_of.finditer(text):
        source = as_source(match.group("who"))
        if source and (speaks(source) or source in acronyms()):  # "the UN's figure of about 500 dead"
            more.append(Attribution(match.start("who"), match.end(), source, True, False))
    return more


_ACRONYM = re.compile(r"[A-Z]{2,6}")
_BEFORE_COLON = re.compile(r"\A" + DATELINE + r"(?P<who>[^:,;]{2,60}):\s")
_GOES_ON = re.compile(r",\s+(?:had|has|have|is|was|were|stands|stood|rose|reached|left|killed|injured|wounded)\b")
_COLON_FIGURE = re.compile(
    r"[^:,;]{2,60}:\s+(?:at\s+least\s+|[Tt]here\s+are\s+)?(?:\d|[a-z]+\s+(?:dead|killed|wounded|injured|hurt|people)\b)",
    re.IGNORECASE,
)
#: "Nine pilgrims died; 41 were hurt - Deputy Commissioner."
_SIGNED = re.compile(r"\s[–—-]\s(?P<who>[A-Z][\w’'-]*(?:\s+[\w’'-]+){0,4})\.?\Z")
_SIGNATURE = 60
_AFTER_DASH = re.compile(r"(?:\s[–—-]|:|,\s+(?:says|say))\s+(?P<who>[^:,;–—]{3,60})\Z")


def _of_signature(text: str) -> list[Attribution]:
    """Who signs a report of figures at its end: "Nine pilgrims died; 41 were hurt - Deputy Commissioner."."""
    signed = _SIGNED.search(text, max(0, len(text) - _SIGNATURE))
    source = as_source(signed.group("who")) if signed else None
    if signed is None or source is None or not speaks(" ".join(source.split()[-2:])):
        return []
    return [Attribution(signed.start("who"), signed.end("who"), source, False, True)]


def _of_headline(text: str, found: list[Attribution]) -> list[Attribution]:
    """What the colon and the dash credit: "Governor: five hurt", "Five hurt in Sumy – governor"."""
    more: list[Attribution] = []
    for pattern, leads in ((_BEFORE_COLON, True), (_AFTER_DASH, False)):
        match = pattern.search(text)
        if match is None or any(a.start < match.end("who") and match.start("who") < a.end for a in found):
            continue
        source = as_source(match.group("who"))
        if source and (source in acronyms() or speaks(source.split()[-1])) and not re.search(r"\d", source):
            more.append(Attribution(match.start("who"), match.end("who"), source, leads, not leads))
    return more


# --- one figure ---------------------------------------------------------------------------------------------------

_PARTS = re.compile(r";|\b(?:while|whereas)\b")
_COUNTS = re.compile(r"\b(?:count|record|document)(?:s|ed)?\Z")
_CONTRASTS = re.compile(r"\b(?:while|whereas)\b")
#: "Two were shot while four fled, police said": the police tell both.
_CONTRASTS_AFTER = re.compile(r",\s+(?:while|whereas)\b")
_CITES = re.compile(r"[Cc]iting|[Qq]uot(?:ing|ed)")
_NEW_CLAUSE = re.compile(r",\s+(?:and|but)\s")
_OPENING_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]*(?:\s+(?:[A-ZÀ-Þ][\w’'-]*|of|for|and|the)){0,5}")
_QUOTES = re.compile(r"[\"“”«»]")
_MARKS = ('"', "“", "”", "«", "»")
_OPENS_QUOTE = re.compile(r"\A[\"“‘«]")


#: So many sentences may follow a speaker put before a colon.
_GOES_ON_SPEAKING = 5


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
            source = credit.source or self._named_before(sentence, credit)
            return self._name_of(sentence, source) if source in descriptors() else source
        if not credits and _OPENS_QUOTE.match(sentence.text):
            return self._of_quote(sentence)
        return None if credits else self._of_open_quote(sentence) or self._of_heading(sentence)

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

    def _name_of(self, sentence: Sentence, source: str) -> str:
        """The name told before of "the group": "Indepaz, a research group"; the noun itself where there is none."""
        here = self._entries[sentence.entry].sentences
        described = re.compile(rf"(?:\s+\([^()]*\))?,\s+(?:an?|the)\s+(?:[\w-]+\s+){{0,4}}?{source}\b")
        for other in before(here, sentence.index - here[0].index):
            if source not in other.text:
                continue
            names = [(told.end, told.source) for told in attributions(other.text, other.is_headline) if told.source]
            if opening := _OPENING_NAME.match(other.text):
                names.append((opening.end(), opening.group()))
            for end, name in names:
                if described.match(other.text, end) and name[0].isupper():
                    return name
        return source

    def _of_quote(self, sentence: Sentence) -> str | None:
        """Who speaks in a sentence that goes on with a quotation: the speaker of the sentence before."""
        sentences = self._entries[sentence.entry].sentences
        for other in before(sentences, sentence.index - sentences[0].index)[:3]:
            if not _QUOTES.search(other.text):
                return None
            if credits := attributions(other.text, other.is_headline):
                return credits[-1].source or self._named_before(other, credits[-1])
        return None

    def _of_heading(self, sentence: Sentence) -> str | None:
        """Who speaks on behind "Governor Ivan Melnyk: ...", where nobody else has spoken since."""
        sentences = self._entries[sentence.entry].sentences
        for other in before(sentences, sentence.index - sentences[0].index)[:_GOES_ON_SPEAKING]:
            if other.paragraph != sentence.paragraph or other.field is not sentence.field:
                return None
            if credits := attributions(other.text, other.is_headline):
                told = credits[-1]
                headed = len(credits) == 1 and told.leads and other.text[told.end : told.end + 1] == ":"
                quoted = _QUOTES.search(other.text, told.end) is not None  # then the speech ends with its mark
                return told.source if headed and not quoted else None
        return None

    def _of_open_quote(self, sentence: Sentence) -> str | None:
        """Who speaks in a sentence inside a quotation that one before it opened behind its speaker."""
        sentences = self._entries[sentence.entry].sentences
        for other in before(sentences, sentence.index - sentences[0].index)[:4]:
            if other.paragraph != sentence.paragraph:
                return None
            marks = _QUOTES.findall(other.text) if contains_any(other.text, _MARKS) else ()
            if not marks:
                continue
            opens = len(marks) % 2 == 1 and marks[-1] in '"“«'
            credits = attributions(other.text, other.is_headline) if opens else ()
            behind = other.text.rfind(marks[-1])
            told = [credit for credit in credits if credit.leads and credit.end <= behind]
            return told[-1].source if told else None
        return None


_ADDED = re.compile(r"\s+(?:[a-z]+\s+)?(?:more|others)\b|\s+of\s+(?:them|these|those)\b")
_ANOTHER = re.compile(r"[Aa]nother|[Aa]\s+further")


def _adds(text: str, at: Span) -> bool:
    """Whether the figure goes on with one told before it: "ten died; dozens more were hurt"."""
    return _ADDED.match(text, at.end) is not None or _ANOTHER.match(text, at.start) is not None


def _ends_its_part(text: str, credit: Attribution, at: Span) -> bool:
    """Whether a credit behind "per" closes another part of a digest than the figure's: "two died; five hurt, per X"."""
    return text.startswith("per ", credit.start) and ";" in text[at.end : credit.start]


def _governing(text: str, credits: tuple[Attribution, ...], at: Span) -> Attribution | None:
    if not credits:
        return None
    before = [a for a in credits if a.leads and a.end <= at.start]
    after = [a for a in credits if a.closes and a.start >= at.end and not _ends_its_part(text, a, at)]
    # "Two were killed; nine were hurt, the mayor said": who alone speaks, speaks for the whole sentence.
    behind, ahead = (_CONTRASTS, _CONTRASTS_AFTER) if len(credits) == 1 else (_PARTS, _PARTS)
    if before and len(credits) == 1 and text[before[0].end : before[0].end + 1] == ":" and before[0].start == 0:
        return before[0]  # "Kyiv police: two are dead; a boy is missing"
    lead = before[-1] if before and not behind.search(text, before[-1].end, at.start) else None
    close = after[0] if after and not ahead.search(text, at.end, after[0].start) else None
    if close is not None and any(a.leads and not a.closes and at.end <= a.start < close.start for a in credits):
        close = None  # another speaker begins in between
    if close is not None and _CITES.match(text, close.start):
        return close  # "the paper reported six deaths, citing the police"
    if lead is not None and close is not None:
        if _COUNTS.search(text, lead.start, lead.end) and not speaks(lead.source or ""):
            return close  # "Benghazi counts 43 dead, the ministry says"
        parted = _NEW_CLAUSE.search(text[lead.end : at.start]) and not _NEW_CLAUSE.search(text[at.end : close.start])
        return close if parted else lead
    return lead or close
