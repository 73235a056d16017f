"""Who speaks: the source in a noun phrase, and the noun phrases around a reporting verb.

A source is a person or a body that speaks ("the mayor", "city hall") or a name, as printed, without its article and
without what tells when, where and how it spoke. Words are data (``data/en/sources.toml``).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from tracker.lexicon import read_toml
from tracker.wording import any_of


@dataclass(frozen=True, slots=True)
class _Words:
    """``bodies``: those who speak in more than one word; ``adverb_last``: the last words of the adverbs."""

    speakers: frozenset[str]
    bodies: re.Pattern[str]
    pronouns: frozenset[str]
    not_sources: frozenset[str]
    adverb_end: re.Pattern[str]
    adverb_last: frozenset[str]
    adverb: re.Pattern[str]
    papers: frozenset[str]
    openings: frozenset[str]
    descriptor: re.Pattern[str]


_WORD = re.compile(r"\w+")


@functools.cache
def _words() -> _Words:
    data = read_toml("en/sources.toml")
    bodies = [speaker for speaker in data["speakers"] if not _WORD.fullmatch(speaker)]
    return _Words(
        speakers=frozenset(speaker.lower() for speaker in data["speakers"]),
        bodies=re.compile(rf"\b{any_of(bodies)}\b", re.IGNORECASE),
        pronouns=pronouns(),
        not_sources=frozenset(data["not_sources"]),
        adverb_end=re.compile(rf"(?:\s+|\A){any_of(data['adverbs'])}\s*\Z", re.IGNORECASE),
        adverb_last=frozenset(adverb.split()[-1] for adverb in data["adverbs"]),
        adverb=re.compile(rf"\A{any_of(data['adverbs'])}\Z", re.IGNORECASE),
        papers=frozenset(data["papers"]),
        openings=frozenset(data["not_openings"]),
        descriptor=re.compile(rf"\A[^,]*?\b{any_of(data['descriptors'])}\s+(?=(?:al[- ]|Al-|[A-Z]))"),
    )


@functools.cache
def pronouns() -> frozenset[str]:
    """What stands for a source told before: "he", "they"."""
    return frozenset(read_toml("en/sources.toml")["pronouns"])


@functools.cache
def acronyms() -> frozenset[str]:
    """Bodies known by their letters, which may be put before a colon as no town is: "UN: 31 killed"."""
    return frozenset(read_toml("en/sources.toml")["acronyms"])


@functools.cache
def given_names() -> frozenset[str]:
    """What begins the name of a person put before a colon, as it begins no town's: "Oleh Kiper: 12 hurt"."""
    return frozenset(read_toml("en/sources.toml")["given_names"])


@functools.cache
def descriptors() -> frozenset[str]:
    """What a source is said to be beside its name: "group", "agency"."""
    return frozenset(read_toml("en/sources.toml")["descriptors"])


#: A subject starts after one of these.
_LEFT = re.compile(
    r"""[,;:()"“”«»] | (?<=\s)[–—-](?=\s) | (?<!\w)[‘'](?=\w)
    | \b(?:but|while|whereas|as|after|when|because|although|though|that|which|who|where|so|if|before|than|until)\b
      (?=\s)""",
    re.VERBOSE,
)
_LAST_MARK = re.compile(r"""[\s\S]*[,;:()"“”«»]""")
_RIGHT = re.compile(
    r"""[,;:()"“”«»] | \s[–—-]\s
    | (?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bSt)(?<!\bCol)(?<!\bGen)(?<!\bLt)(?<!\bMaj)(?<!\bMrs)(?<!\s[A-Z])
      [.!?](?=\s|\Z|[”"’])
    | \s(?:but|while|whereas|as|after|when|because|that|which|who|where|said|says|shows?|it|they|there
        |on\s+(?:Telegram|Facebook|X|Twitter|\w+day)
        |and\s+(?=\w+\s+(?:by|said|says|others|more|people|were|was))|in\s+a\s+(?:statement|post)|told|reported|were|was|are|is|has|have
        |yesterday|today|late|early|cited|speaking|put|puts)\b""",
    re.VERBOSE,
)
_AND = re.compile(r"\band\b(?=\s)")
VERBISH = re.compile(
    r"""\b(?:is|are|was|were|be|been|has|have|had|will|would|hit|hits|struck|strikes?|kills?|left|dead|injures?|wounds?
    |shot|fell|burned|died|dies|came|took|takes|began|lost|[a-z]{2,}(?:ed|ing))\b""",
    re.VERBOSE,
)
_ARTICLE = re.compile(r"\A(?:[Tt]he|[Aa]n?|[Bb]oth|[Oo]ne)\s+")
_LEADING_TIME = re.compile(
    r"""\A(?:(?:[Oo]n|[Ll]ate|[Ee]arly|[Ii]n|[Aa]t|[Bb]y)\s+)*
    (?: (?:[MTWFS]\w+day)(?:\s+(?:morning|evening|night|afternoon))? | [Mm]eanwhile | [Hh]owever | [Ss]eparately
      | [Ll]ater | [Ee]arlier | [Aa]lso | [Yy]esterday | [Tt]oday | [Oo]vernight | [Aa]nd | [Bb]ut | [Aa]s | [Tt]hen
      | (?:[Bb]y|[Aa]t|[Aa]s\s+of)\s+(?:\d{1,2}(?:[:.]\d\d)?(?:\s*[ap]\.?m\b\.?|\s+o[’']clock)?|dawn
        |daybreak|dusk|midnight|nightfall|noon)
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
#: "The country's State Emergency Service": the name says whose it is.
_OF_THE_COUNTRY = re.compile(
    r"(?:the\s+)?(?:city|country|nation|province|region|republic|state|town)[’']s\s+(?=[A-ZÀ-Þ][\w’'-]+\s+[A-ZÀ-Þ])"
)
#: "Figures issued earlier by the national police, who": who made them is the subject.
_MADE_BY = re.compile(r"\A.*\b(?:[a-z]+ed|given|made)\s+(?:[a-z]+\s+)?by\s+(?=(?:the|an?)\s|[A-Z])", re.DOTALL)
_PAPER_OF_BODY = re.compile(
    r"\s*(?:an?\s+|the\s+)?(?P<who>(?:[\w’'-]+\s+){1,4}?(?:account|document|list|report|statement|study|tally|toll))\s*\Z"
)
#: "Residents reached by telephone".
_HOW_REACHED = re.compile(
    r"\s+(?:reached|contacted|seen|obtained|interviewed|speaking|briefed|quoted|cited|based|working|living|present)\s+.*\Z"
)
#: "..., said the ministry, which counted 81 injured"; "the ministry on Thursday revised the toll".
_SAID_BEFORE = re.compile(r"\A(?:said|says)\s+(?=(?:the|an?)\s|[A-Z])")
_DAY_SPOKEN = re.compile(
    r"\s+(?:late\s+|early\s+)?on\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s+(?:morning|afternoon|evening|night))?\Z"
)
_DAY_ALONE = re.compile(r"(?:[MTWFS]\w+day|Today|Yesterday)\Z")
_NAME_END = re.compile(r"(?:[A-ZÀ-ÞĀ-Ž\u0400-\u042F][\w.’'-]*|\bal-[A-Z]\w+)(?:[’']s?)?\Z")
_ONLY_NAME = re.compile(
    r"\A(?:[A-ZÀ-ÞĀ-Ž\u0400-\u042F][\w.’'-]*|al-\w+|bin|von|de|van)(?:\s+(?:[A-ZÀ-ÞĀ-Ž\u0400-\u042F][\w.’'-]*|al-\w+|bin|von|de|van)){1,4}\Z"
)


def speaks(phrase: str) -> bool:
    """Whether one of those who speak stands in a phrase: "mayor", "city hall"."""
    words = _words()
    spoken = _WORD.findall(phrase.lower())
    return not words.speakers.isdisjoint(spoken) or (len(spoken) > 1 and words.bodies.search(phrase) is not None)


def _without_adverb(phrase: str) -> str:
    """The phrase without an adverb at its end."""
    last = phrase.rsplit(None, 1)[-1:]
    return _words().adverb_end.sub("", phrase) if last and last[0].lower() in _words().adverb_last else phrase


def as_source(text: str, anyone: bool = False) -> str | None:
    """The source in a noun phrase, as printed, without article or description; None where it is none.

    ``anyone``: the phrase is known to speak, so that a noun the lexicon lacks will do ("the beekeeper said").

    >>> as_source("the human rights group Emergency Lawyers"), as_source("the drones")
    ('Emergency Lawyers', None)
    """
    words = _words()
    found = text.strip(" \t\u00a0,'’‘\"“”")
    if papers := _PAPERS_OF.match(found):
        found = found[papers.end() :]
    for _ in range(3):
        if (time := _LEADING_TIME.match(found)) is None:
            break
        found = found[time.end() :]
    while (shorter := _without_adverb(found)) != found:
        found = shorter
    found = found.strip()
    if found.endswith(")") and "(" in found:
        found = found[: found.rindex("(")].rstrip()
    if said := _SAID_BEFORE.match(found):
        found = found[said.end() :]
    found = _HOW_REACHED.sub("", found)
    if "day" in found:
        found = _DAY_SPOKEN.sub("", found)
    article = _ARTICLE.match(found)
    if article is not None:
        found = found[article.end() :]
    if "’s" in found or "'s" in found:
        found = _OF_THE_COUNTRY.sub("", found)
    if described := words.descriptor.match(found):
        found = found[described.end() :]
    found = found.strip()
    if not found or len(found) > 130 or len(found.split()) > 16 or found.lower() in words.not_sources:
        return None
    verbish = VERBISH.search(found) is not None
    if verbish and not speaks(found.split()[-1]) and not _NAME_END.search(found):
        return None
    if _IS_CLAUSE.search(found) or (verbish and re.search(r"\s\d", found)):
        return None  # "abducted 50 others in Zamfara (state)"
    first = found.split()[0].lower()
    if first in words.openings or _DAY_ALONE.match(found):
        return None
    if first in words.not_sources:
        return None
    if found.split()[-1].lower() in words.papers:
        head = found.rpartition(" ")[0]
        return head if head in acronyms() else None  # "a BBC report indicates"
    if speaks(found) or _NAME_END.search(found) or found.split()[0] in acronyms():
        return found
    plain = article is not None and len(found.split()) <= 5 and not re.search(r"\d", found) and not verbish
    return found if anyone and plain else None


def _clause_start(text: str) -> int:
    """Where the last clause of a text begins."""
    marked = _LAST_MARK.match(text)
    start = marked.end() if marked else 0
    for mark in _LEFT.finditer(text, start):
        start = mark.end()
    for joint in reversed(list(_AND.finditer(text, start))) if "and" in text else ():
        if _parts_clauses(text[start : joint.start()], text[joint.end() :]):
            return joint.end()
    return start


def _parts_clauses(before: str, after: str) -> bool:
    """Whether "and" joins clauses, not two who speak: "bodies lay in the road and the mayor", "police and medics"."""
    if VERBISH.search(before) or re.search(r"\d", before) or len(before) > 60:
        return True
    return _DETERMINED.match(after) is not None and _PREPOSITION.search(before) is not None


_IS_CLAUSE = re.compile(r"\b(?:is|are|was|were|kill\w*|injur\w*|wound\w*)\b")
_WHO = re.compile(r"\A,?\s*(?:who|which)\s*")
_WHO_CLAUSE = re.compile(r",?\s*\b(?:who|which)(?:\s+[\w’'-]+){0,8}\Z")
_DETERMINED = re.compile(r"\s+(?:the|an?|its|their|his|her|some)\s")
_ENDS_IN_PREPOSITION = re.compile(r"\b(?:in|of|at|on|by|for|to|during|after)\Z")
_PREPOSITION = re.compile(r"\s(?:in|on|at|near|under|with|from|into|to|by)\s")


def subject_before(text: str, end: int, anyone: bool) -> tuple[int, str | None, bool]:
    """Where the subject that ends at ``end`` starts, the source, and whether a boundary closes the words before it.

    The source is None where a pronoun or nothing stands there; ``start == -1`` says that there is no subject.
    """
    words = _words()
    left = text[:end].rstrip()
    while True:
        shorter = _without_adverb(left)
        if shorter == left or not shorter.strip():
            break
        left = shorter.rstrip()
    if left.endswith(","):
        return _around_apposition(left[:-1])
    relative = _WHO_CLAUSE.search(left) if "wh" in left else None
    if relative and not _ENDS_IN_PREPOSITION.search(left, 0, relative.start()):
        inner = _WHO.sub("", relative.group())
        if not VERBISH.search(inner) and speaks(inner):
            return -1, None, False  # "raiders who police say belong to a gang": said of them, not by them
        if made := _MADE_BY.match(text, 0, relative.start()):
            maker = as_source(text[made.end() : relative.start()])
            if maker and speaks(maker) and not _LEFT.search(maker):
                return made.end(), maker, False
        return subject_before(text, relative.start(), anyone)
    if left.endswith(")") and "(" in left:
        left = left[: left.rindex("(")].rstrip()
    start = _clause_start(left)
    phrase = left[start:]
    shown = start + len(phrase) - len(phrase.lstrip())
    if phrase.strip().lower() == "as":
        return -1, None, False  # "As reported, two were hurt"
    closed = left[:start].rstrip().endswith((",", '"', "”", "’", "—", "–", "-", "»"))
    if phrase.strip().lower() in words.pronouns or not phrase.strip():
        return shown, None, closed
    source = as_source(phrase, anyone)
    return (shown, source, closed) if source else (-1, None, closed)


def _around_apposition(left: str) -> tuple[int, str | None, bool]:
    """The subject in "Ihor Terekhov, the mayor,": the name, whichever side of the comma it stands on."""
    words = _words()
    cut = left.rfind(",")
    if cut < 0:
        return -1, None, False
    aside = left[cut + 1 :].strip()
    head_left = left[:cut]
    start = _clause_start(head_left)
    phrase = head_left[start:]
    shown = start + len(phrase) - len(phrase.lstrip())
    closed = head_left[:start].rstrip().endswith((",", '"', "”", "—", "–"))
    head = as_source(phrase)
    if head is None:
        return -1, None, False
    if words.adverb.match(aside) or aside.startswith(("who ", "which ", "whose ")):
        return shown, head, closed
    other = as_source(aside)
    if other is None:
        # A long apposition may itself hold commas; the head still speaks.
        return shown, head, closed
    name = other if _ONLY_NAME.match(other) and not _ONLY_NAME.match(head) else head
    return shown, name, closed


def phrase_after(text: str, start: int, papers: bool = False) -> tuple[int, str | None]:
    """The source in the noun phrase that begins at ``start``, and the offset where the phrase ends.

    ``papers``: "a police report" will do, as what "according to" credits.
    """
    stop = _RIGHT.search(text, start)
    end = stop.start() if stop else len(text)
    source = as_source(text[start:end])
    if source is None and papers and (paper := _PAPER_OF_BODY.match(text[start:end])) and speaks(paper.group("who")):
        source = paper.group("who")
    # "The head of the region, Oleh Kiper": the name is the source.
    if source and not _NAME_END.search(source) and text[end : end + 1] == ",":
        following = _RIGHT.search(text, end + 1)
        until = following.start() if following else len(text)
        name = text[end + 1 : until].strip()
        if _ONLY_NAME.match(name):
            return until, name
    return end, source
