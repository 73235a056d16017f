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

from tracker.lexicon import read_toml
from tracker.models import Span
from tracker.segment import Document, Sentence
from tracker.vicinity import before
from tracker.wording import Guarded, any_of, guard


@dataclass(frozen=True, slots=True)
class Attribution:
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
    verb: re.Pattern[str]
    follow: dict[str, re.Pattern[str] | None]
    opener: Guarded
    made_by: Guarded
    speaker: re.Pattern[str]
    pronouns: frozenset[str]
    not_sources: frozenset[str]
    adverb_end: re.Pattern[str]
    adverb: re.Pattern[str]
    papers: frozenset[str]
    openings: frozenset[str]
    descriptor: re.Pattern[str]
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


@functools.cache
def _words() -> _Words:
    data = read_toml("en/sources.toml")
    follow: dict[str, re.Pattern[str] | None] = {}
    for row in data["verbs"]:
        for form in row["forms"]:
            follow[form] = _FOLLOW[row["follow"]] if "follow" in row else None
    return _Words(
        verb=re.compile(rf"\b(?P<verb>{any_of(list(follow))})\b"),
        follow=follow,
        opener=guard(r"\b{}\s+", [row["words"] for row in data["openers"]], re.IGNORECASE),
        made_by=guard(r"\b{}\s+", data["made_by"]),
        speaker=re.compile(rf"\b{any_of(data['speakers'])}\b", re.IGNORECASE),
        pronouns=frozenset(data["pronouns"]),
        not_sources=frozenset(data["not_sources"]),
        adverb_end=re.compile(rf"(?:\s+|\A){any_of(data['adverbs'])}\s*\Z", re.IGNORECASE),
        adverb=re.compile(rf"\A{any_of(data['adverbs'])}\Z", re.IGNORECASE),
        papers=frozenset(data["papers"]),
        openings=frozenset(data["not_openings"]),
        descriptor=re.compile(rf"\A[^,]*?\b{any_of(data['descriptors'])}\s+(?=(?:al[- ]|Al-|[A-Z]))"),
        person=re.compile(
            rf"\A(?P<who>(?:The|An?)\s+(?:[\w’'-]+\s+){{0,3}}?{any_of(data['persons'])})\s+"
            r"(?:[a-z]+ed|came|drove|flew|had|is|knelt|met|saw|spoke|stood|was|went)\b"
        ),
        actor=re.compile(rf"\A(?P<who>(?:[\w’'.&-]+\s+){{1,9}}?){any_of(data['acts'])}\b"),
    )


# --- noun phrases -------------------------------------------------------------------------------------------------

#: A subject starts after one of these.
_LEFT = re.compile(
    r"""[,;:()"“”«»] | (?<=\s)[–—-](?=\s) | (?<!\w)[‘'](?=\w)
    | \b(?:but|while|whereas|as|after|when|because|although|though|that|which|who|where|so|if|before|than|until)\b
      (?=\s)""",
    re.VERBOSE,
)
_RIGHT = re.compile(
    r"""[,;:()"“”«»] | \s[–—-]\s | [.!?](?=\s|\Z|[”"’])
    | \s(?:but|while|whereas|as|after|when|because|that|which|who|where|said|says|shows?
        |on\s+(?:Telegram|Facebook|X|Twitter|\w+day)
        |and\s+(?=\w+\s+(?:by|said|says|others|more|people|were|was))|in\s+a\s+(?:statement|post)|told|reported|were|was|are|is|has|have
        |yesterday|today|late|early|cited|speaking|put|puts)\b""",
    re.VERBOSE,
)
_AND = re.compile(r"\band\b(?=\s)")
_VERBISH = re.compile(
    r"""\b(?:is|are|was|were|be|been|has|have|had|will|would|hit|hits|struck|strikes?|kills?|left|dead|injures?|wounds?
    |shot|fell|burned|died|dies|came|took|takes|began|lost|[a-z]{2,}(?:ed|ing))\b""",
    re.VERBOSE,
)
_ARTICLE = re.compile(r"\A(?:[Tt]he|[Aa]n?|[Bb]oth|[Oo]ne)\s+")
_LEADING_TIME = re.compile(
    r"""\A(?:(?:[Oo]n|[Ll]ate|[Ee]arly|[Ii]n|[Aa]t|[Bb]y)\s+)*
    (?: (?:[MTWFS]\w+day)(?:\s+(?:morning|evening|night|afternoon))? | [Mm]eanwhile | [Hh]owever | [Ss]eparately
      | [Ll]ater | [Ee]arlier | [Aa]lso | [Yy]esterday | [Tt]oday | [Oo]vernight | [Aa]nd | [Bb]ut | [Aa]s | [Tt]hen
      | (?:a|an|the|his|her|its|their)\s+(?:[\w-]+\s+){0,3}?(?:statement|post|briefing|message|interview|bulletin
          |update|address|report|communiqu[eé]|speech|letter|conference|summary|broadcast)
        (?:\s+(?:on|to|with)\s+\S+)? ),?\s+""",
    re.VERBOSE,
)
#: "Preliminary data from the prosecutor's office": who made them is the source.
_PAPERS_OF = re.compile(
    r"""\A(?:an?\s+|the\s+)?(?:[a-z]+\s+){0,3}?(?:data|figures|information|reports?|statements?|estimates?|tally|tallies|counts?|statistics|records|numbers|posts?)
    \s+(?:(?:compiled|collected|gathered|released|provided|published|issued|shared|posted)\s+)?(?:from|by)\s+""",
    re.VERBOSE | re.IGNORECASE,
)
#: "Residents reached by telephone".
_HOW_REACHED = re.compile(
    r"\s+(?:reached|contacted|interviewed|speaking|briefed|quoted|cited|based|working|living|present)\s+.*\Z"
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
_DAY_ALONE = re.compile(r"(?:[MTWFS]\w+day|Today|Yesterday)\Z")
_NAME_END = re.compile(r"(?:[A-ZÀ-ÞĀ-Ž\u0400-\u042F][\w.’'-]*|\bal-[A-Z]\w+)(?:[’']s?)?\Z")
_ONLY_NAME = re.compile(
    r"\A(?:[A-ZÀ-ÞĀ-Ž\u0400-\u042F][\w.’'-]*|al-\w+|bin|von|de|van)(?:\s+(?:[A-ZÀ-ÞĀ-Ž\u0400-\u042F][\w.’'-]*|al-\w+|bin|von|de|van)){1,4}\Z"
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


def _as_source(text: str, anyone: bool = False) -> str | None:
    """The source in a noun phrase, as printed, without article or description; None where it is none.

    ``anyone``: the phrase is known to speak, so that a noun the lexicon lacks will do ("the beekeeper said").

    >>> _as_source("the human rights group Emergency Lawyers"), _as_source("the drones")
    ('Emergency Lawyers', None)
    """
    words = _words()
    found = text.strip(" \t\u00a0,'’‘\"“”")
    if papers := _PAPERS_OF.match(found):
        found = found[papers.end() :]
    for _ in range(3):
        found = _LEADING_TIME.sub("", found)
    while (shorter := words.adverb_end.sub("", found)) != found:
        found = shorter
    found = found.strip()
    if found.endswith(")") and "(" in found:
        found = found[: found.rindex("(")].rstrip()
    found = _HOW_REACHED.sub("", found)
    determined = _ARTICLE.match(found) is not None
    found = _ARTICLE.sub("", found)
    named = words.descriptor.sub("", found)
    found = named.strip()
    if not found or len(found) > 130 or len(found.split()) > 16 or found.lower() in words.not_sources:
        return None
    if _VERBISH.search(found) and not words.speaker.search(found.split()[-1]) and not _NAME_END.search(found):
        return None
    if re.search(r"\b(?:is|are|was|were|kill\w*|injur\w*|wound\w*)\b", found):
        return None
    first = found.split()[0].lower()
    if first in words.openings or _DAY_ALONE.match(found):
        return None
    if first in words.not_sources or found.split()[-1].lower() in words.papers:
        return None
    if words.speaker.search(found) or _NAME_END.search(found):
        return found
    plain = determined and len(found.split()) <= 5 and not re.search(r"\d", found) and not _VERBISH.search(found)
    return found if anyone and plain else None


def _parts_clauses(before: str, after: str) -> bool:
    """Whether "and" joins clauses, not two who speak: "bodies lay in the road and the mayor", "police and medics"."""
    if _VERBISH.search(before) or re.search(r"\d", before) or len(before) > 60:
        return True
    return _DETERMINED.match(after) is not None and _PREPOSITION.search(before) is not None


_DETERMINED = re.compile(r"\s+(?:the|an?|its|their|his|her|some)\s")
_ENDS_IN_PREPOSITION = re.compile(r"\b(?:in|of|at|on|by|for|to|during|after)\Z")
_PREPOSITION = re.compile(r"\s(?:in|on|at|near|under|with|from|into|to|by)\s")


def _subject_before(text: str, end: int, anyone: bool) -> tuple[int, str | None, bool]:
    """Where the subject that ends at ``end`` starts, the source, and whether a boundary closes the words before it.

    The source is None where a pronoun or nothing stands there; ``start == -1`` says that there is no subject.
    """
    words = _words()
    left = text[:end].rstrip()
    while True:
        shorter = words.adverb_end.sub("", left)
        if shorter == left or not shorter.strip():
            break
        left = shorter.rstrip()
    if left.endswith(","):
        return _around_apposition(left[:-1])
    relative = re.search(r",?\s*\b(?:who|which)(?:\s+[\w’'-]+){0,8}\Z", left)
    if relative and not _ENDS_IN_PREPOSITION.search(left, 0, relative.start()):
        return _subject_before(text, relative.start(), anyone)
    if left.endswith(")") and "(" in left:
        left = left[: left.rindex("(")].rstrip()
    start = 0
    for mark in _LEFT.finditer(left):
        start = mark.end()
    for joint in reversed(list(_AND.finditer(left, start))):
        if _parts_clauses(left[start : joint.start()], left[joint.end() :]):
            start = joint.end()
            break
    phrase = left[start:]
    shown = start + len(phrase) - len(phrase.lstrip())
    closed = left[:start].rstrip().endswith((",", '"', "”", "’", "—", "–", "-", "»"))
    if phrase.strip().lower() in words.pronouns or not phrase.strip():
        return shown, None, closed
    source = _as_source(phrase, anyone)
    return (shown, source, closed) if source else (-1, None, closed)


def _around_apposition(left: str) -> tuple[int, str | None, bool]:
    """The subject in "Ihor Terekhov, the mayor,": the name, whichever side of the comma it stands on."""
    words = _words()
    cut = left.rfind(",")
    if cut < 0:
        return -1, None, False
    aside = left[cut + 1 :].strip()
    head_left = left[:cut]
    start = 0
    for mark in _LEFT.finditer(head_left):
        start = mark.end()
    for joint in reversed(list(_AND.finditer(head_left, start))):
        if _parts_clauses(head_left[start : joint.start()], head_left[joint.end() :]):
            start = joint.end()
            break
    phrase = head_left[start:]
    shown = start + len(phrase) - len(phrase.lstrip())
    closed = head_left[:start].rstrip().endswith((",", '"', "”", "—", "–"))
    head = _as_source(phrase)
    if head is None:
        return -1, None, False
    if words.adverb.match(aside) or aside.startswith(("who ", "which ", "whose ")):
        return shown, head, closed
    other = _as_source(aside)
    if other is None:
        # A long apposition may itself hold commas; the head still speaks.
        return shown, head, closed
    name = other if _ONLY_NAME.match(other) and not _ONLY_NAME.match(head) else head
    return shown, name, closed


def _phrase_after(text: str, start: int) -> tuple[int, str | None]:
    """The noun phrase that begins at ``start`` and the offset where it ends."""
    stop = _RIGHT.search(text, start)
    end = stop.start() if stop else len(text)
    source = _as_source(text[start:end])
    # "The head of the region, Oleh Kiper": the name is the source.
    if source and not _NAME_END.search(source) and text[end : end + 1] == ",":
        following = _RIGHT.search(text, end + 1)
        until = following.start() if following else len(text)
        name = text[end + 1 : until].strip()
        if _ONLY_NAME.match(name):
            return until, name
    return end, source


# --- attributions of a sentence -----------------------------------------------------------------------------------


@functools.lru_cache(maxsize=2048)
def attributions(text: str, headline: bool = False) -> tuple[Attribution, ...]:
    """Every credit in a sentence, in order.

    >>> [(a.source, a.leads, a.closes) for a in attributions("Two died, the mayor said.")]
    [('mayor', False, True)]
    """
    words = _words()
    found: list[Attribution] = []
    for match in words.opener.finditer(text):
        end, source = _phrase_after(text, match.end())
        if source:
            found.append(_placed(text, match.start(), end, source, opens=not text[: match.start()].strip(" \"“‘'")))
    for match in words.made_by.finditer(text):
        end, source = _phrase_after(text, match.end())
        if found and found[-1].end + 5 >= match.start() and text[found[-1].end : match.start()].strip() == "and":
            continue  # "released by the army and verified by reporters": the army's
        if source and not any(a.start <= match.start() < a.end for a in found):
            found.append(Attribution(match.start(), end, source, True, True))
    for match in words.verb.finditer(text):
        if any(a.start <= match.start() < a.end for a in found):
            continue
        if (credit := _of_verb(text, match)) is not None:
            found.append(credit)
    if headline or _COLON_FIGURE.match(text):
        found.extend(_of_headline(text, found))
    return tuple(sorted(found, key=lambda a: a.start))


def _placed(text: str, start: int, end: int, source: str, opens: bool) -> Attribution:
    rest = text[end:]
    return Attribution(start, end, source, opens or bool(re.search(r"\w{3}", rest)), not opens)


def _of_verb(text: str, match: re.Match[str]) -> Attribution | None:
    words = _words()
    verb = match.group("verb")
    rest = text[match.end() :]
    follow = words.follow[verb]
    before = text[: match.start()]
    if re.search(  # passive, infinitive, or a noun: "was reported", "to say", "with reports"
        r"\b(?!IS\b)(?i:is|are|was|were|been|being|be|to|not|n[’']t|the|a|an|of|with|amid|no|any|initial|conflicting|United)\s+\Z",
        before,
    ):
        return None
    tail = _TOLD_WHOM if verb in ("told", "tells", "tell") else _TAIL_OF_CREDIT
    if _CLAIMS_NOTHING.match(rest):
        return None
    content = tail.match(rest) is None or _CONTENT.search(_TIME_SPOKEN.sub("", rest)) is not None
    # "..., said the mayor": the subject stands behind its verb.
    if re.search(r"[,\"”’»–—]\s*\Z", before):
        end, source = _phrase_after(text, match.end() + 1) if rest[:1].isspace() else (0, None)
        ended = text[end : end + 1] in ("", ",", ".", ";", "!", "”", '"')
        if source and ended and not _VERBISH.search(text[match.end() : end]) and verb[-3:] != "ing":
            # "The toll, said the minister, stood at 84" governs both sides.
            amid = before.rstrip().endswith(",") and _GOES_ON.match(text, end) is not None
            return Attribution(match.start(), end, source, amid, True)
    if follow is not None and not follow.match(rest):
        return None
    if verb == "said" and rest.startswith(" to "):
        return None  # "drones said to be Iranian"
    if verb.endswith("ing") and before.rstrip().endswith(","):
        return Attribution(match.start(), match.end(), None, content, False)  # "condemned it, saying two died"
    if re.search(r"\b(?:and|but)\s*\Z", before):
        return Attribution(match.start(), match.end(), None, content, False)  # "and claims to have killed four"
    start, source, closed = _subject_before(text, match.start(), follow is None)
    if start < 0:
        return None
    pronoun_or_nothing = source is None
    subject = text[start : match.start()].strip()
    if pronoun_or_nothing and not subject and verb[-3:] != "ing":
        return None
    leads = content and not (closed and re.match(r"\A\s*[,.;]\s*\Z", rest))
    closes = closed and (not content or rest.lstrip()[:1] in (",", ";", ".", "—", "–"))
    if not leads and not closes:
        closes = not content
    return Attribution(start if subject else match.start(), match.end(), source, leads, closes)


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
    words = _words()
    for pattern, leads in ((_BEFORE_COLON, True), (_AFTER_DASH, False)):
        match = pattern.search(text)
        if match is None or any(a.start < match.end("who") and match.start("who") < a.end for a in found):
            continue
        source = _as_source(match.group("who"))
        if source and words.speaker.search(source.split()[-1]) and not re.search(r"\d", source):
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
        if not subject or subject[0].lower() not in _words().pronouns:
            actor = _words().actor.match(sentence.text)
            if actor and (named := _as_source(actor.group("who"))):
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
                named = _as_source(actor.group("who"))
                if named and (actor.re is not _TITLED_ACTOR or _words().speaker.search(named)):
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
