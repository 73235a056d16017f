"""Which figures a date phrase dates: its own clause's, its sentence's, those of the sentences around it (codebook 7).

What the phrase is about is told by :mod:`tracker.date_roles`. "In March" dates the raid it names, or sums a month's
deaths; "since March" sums what happened since.
"""

from __future__ import annotations

import functools
import re

from tracker.date_roles import ATTACKED, BY_THEN, DIED_LATER, Placed, Role, words
from tracker.dates import DatePhrase, date_phrases
from tracker.lexicon import read_toml
from tracker.models import Span
from tracker.triggers import Stems


@functools.cache
def _toll_stems() -> Stems[int]:
    """A text in which none of these begins a word is not searched for the toll of that number."""
    return Stems({number: row["has"] for number, row in enumerate(read_toml("en/dates.toml")["period"])})


#: Where a clause ends. A comma inside a number does not count, nor one between a day and its year.
_BREAK = re.compile(
    r"""
    ;\s | ,\s(?!\d{4}\b) | \s[–—-]\s | :\s
    | \b(?:while|whereas|but|although|though|when|after|before|where|which|who|whose|as\ well\ as)\b
    | \b(?:and|or)\s(?=(?:another|two|three|four|five|six|seven|eight|nine|ten|\d|at\ least|more|a\ further|dozens)\b)
    | \bthat\b
    """,
    re.VERBOSE,
)
_RELATIVE = re.compile(r"\b(?:who|whom|whose|which|where)\b")
_NOW = re.compile(r"\b(?:is|are|was|were)\s")
_PARTICIPLE_BEFORE = re.compile(r"\b([a-z]+ed|held|built|born|begun|sent|taken|seen|known|run|led|won)\s+(?:out\s+)?\Z")
_PERFECT = re.compile(r"\b(?:has|have|had)\s")
_OF_AN_OLDER_EVENT = re.compile(
    r"\b(?:previous|earlier|prior|separate)\s+\w+\s+(?:\w+\s+)?\Z|\bwho(?:se)?\b[^,;]*\Z|\bwhere\b[^,;]*\Z"
)
#: "It follows Saturday's strike on a depot".
_FOLLOWS = re.compile(r"\A(?:It|This|That|The\s+[\w-]+)\s+(?:follows|followed|c[oa]mes?\s+after)\s+\Z")
_AFTER_WHAT = re.compile(r"(?:After|Following|Since)\b[^,;]*,")
_ANOTHER = re.compile(
    r"\b(?:[Aa]nother|[Ff]urther|[Ss]econd|[Ss]eparate|[Dd]ifferent)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:airstrike|ambush|assault|attack|blast|bombing|explosion|hit|incident|raid|shooting|strike)\b[^.;]{0,60}\Z"
)
_COMES_LONG_AFTER = re.compile(r"\b(?:comes|came)\b[^.;,]{0,30}?\b(?:weeks|months?|years?)\s+after\b")
#: "Near the spot where eight rebels were killed 10 days ago".
_WHERE_MANY = re.compile(
    r"\bwhere\s+(?:(?:about|at|least|more|some|than)\s+){0,2}(?:\d[\d,]*|[a-z]+)\s+(?:[a-z]+\s+){1,3}?(?:was|were|had\s+been)\s+(?:\w+\s+)?"
    r"(?:hit|hurt|injured|killed|murdered|shot|wounded)\s+(?:dead\s+)?(?:(?:by|in)\s+[^,;.]{0,50})?\Z"
)
_LONG_AGO = frozenset({"ago", "earlier", "few_days", "last"})
#: "There were no casualties, and the clinic reopened two days later".
_THEN_CALM = re.compile(r",?\s+and\s+(?:the|its|their|his|her|an?)\s(?P<told>[^,;]*)\Z")
_PERSON = re.compile(
    r"\b(?:perpetrator|mastermind|brother|father|architect|survivor|suspect|gunman|victim)s?\s+(?:of|in)\b"
)
_ROUND_UP = re.compile(r"\b(?:past|last|previous)\b.*\b(?:day|hours)\b")
_WHEN = re.compile(r"\s*,?\s*(?:when|in\s+which|during\s+which|which)\b")
_SINCE = re.compile(r"\A(?:ever\s+)?[Ss]ince\s+")
#: Kinds of phrases that count from another event of the report.
ANCHORED = frozenset({"anchored", "earlier", "later", "after"})
_LEAVES = re.compile(r";|,\s(?!(?:that|which|who|when|with|in\s+which|[a-z]+ing)\b)")
#: What shows how things stood after an attack: "are confirmed dead a day after".
_AFTERMATH = re.compile(
    r"\b(?:confirmed|counted|known|recovered|found|pulled|rescued|retrieved|identified|rose|risen|climbed|stands|stood|remain(?:ed|s)?|still"
    r"|missing|unaccounted|in\s+hospital|hospitali[sz]ed|buried|toll)\b"
)
_OF_A_WAR = re.compile(r"\b(?:war|invasion|invaded|conflict|hostilities|occupation|fighting)\b")
_OPENS_RELATIVE = re.compile(r"\A(?:in\s+)?(?:that|which|who|when|where|with|[a-z]+ing)\b")
_PARTS = re.compile(r";|\b(?:while|whereas)\b|,\s+but\b")
#: "In March", "during 2023", "last year": only these open a span; "the 2019 raids" and "early March" do not.
_OVER = re.compile(r"(?:in|during|throughout|over|last|this|so)\b", re.IGNORECASE)
#: "Sometime in 1997", "one night in March": one event of an uncertain day.
_SOMETIME = re.compile(
    r"\b(?:some\s?time|(?:one|some|an?)\s+(?:[a-z]+\s+)?(?:day|evening|morning|night|afternoon)"
    r"|at\s+(?:some|one|a)\s+point|on\s+an?\s+(?:unknown|unspecified|uncertain)\s+(?:date|day)),?\s+\Z",
    re.IGNORECASE,
)
_ONE_PERSON = re.compile(r"(?:an?|one|the|his|her|another)\b", re.IGNORECASE)
_HAVE_DIED = re.compile(
    r"\A[^.;]{0,50}?\b(?:have|has)\s+(?:also\s+|now\s+|already\s+)?(?:been\s+\w+|died|lost|perished)\b"
)
#: "Nine were shot in May, more than ever, and 30 were wounded".
_GOES_ON_COUNTING = re.compile(
    r"(?:[;,]\s+(?:and\s+)?|\band\s+)(?:(?:about|another|around|at\s+least|more\s+than|some)\s+)?\Z"
)
_CLAUSE_OF_PLACE = re.compile(r"\b(?:where|in\s+which|who)\b(?=[^,;]*\Z)")
_ATTACKERS = re.compile(r"\b[Aa]ttackers?\b")
_HARMED_AT_LAST = re.compile(
    r"\b(?:was|were|had|has|have|is|are|[a-z]+ed|[a-z]+s)\b[^,;]{0,90}?\s(?:was|were|is|are|has\s+been|have\s+been)\s+(?:[a-z]+ly\s+)?"
    r"(?:hit|hurt|injured|killed|shot|stabbed|struck|wounded)\b"
)
_WHO_DIED = re.compile(
    r"\s+(?:(?:had|have|has)\s+)?(?:died|perished|lost\s+their\s+lives|(?:was|were|been|be)\s+(?:killed|shot\s+dead|murdered))\b"
    r"(?:(?!\b(?:after|in\s+a|earlier|previous)\b)[^,;])*\Z"
)
_OWNS = re.compile(r"[’']s\b")
#: A clause between commas, and what goes on behind it.
_IN_RELATIVE = re.compile(r",\s+(?:which|who|whose|where)\b[^,;]*\Z")
_RESUMES = re.compile(r"[^,;]{0,60},\s+(?:had|has|have|was|were|claimed|injured|killed|left|wounded)\b")
_HURT_TOO = re.compile(
    r"(?:,\s+)?(?:and\s+)?(?:damaged|destroyed|displaced|hurt|injured|killed|left|wounded)\b"
    r"|\b(?:and|or)\s+(?:\d|more\b|at\s+least\b)"
)
_CREDITED = re.compile(r"\A,?\s+(?:according\s+to|per)\s[^,;]{2,60},\s")
_WERE_HURT = re.compile(
    r"\s+(?:[a-z]+\s+){0,2}?(?:(?:are|were)\s+(?:also\s+|still\s+)?(?:hurt|injured|killed|missing|wounded)\b|died\b)"
)
_PERFECT_OF_TOLL = re.compile(
    r"[^,.;]{0,40}?\b(?:has|have)\s+(?:also\s+|now\s+|already\s+)?(?:been|died|lost|perished)\b"
)
_LONG = re.compile(r"\b(?:months|years|decades|century)\b")
#: "Launched more than 300 drones at Israel in April 2024": a month's launches would run to thousands.
_ONE_SALVO = re.compile(r"\b(?:launched|fired)\b[^.,;]{0,40}?(?<![\d,])\d{1,3}\Z")
_PART_OF_FIGURE = re.compile(r"\A\s+of\s+(?:them|these|those|whom|the\s+(?:dead|victims|wounded|injured))\b")


def governs(text: str, placed: Placed) -> bool:
    """True where a phrase may date other sentences: the day of the event told, not of an older one beside it."""
    if placed.role is not Role.EVENT or placed.phrase.kind == "later" or placed.aside is not None:
        return False
    if placed.phrase.kind == "after":
        return _is_aftermath(text, placed)
    if _FOLLOWS.search(text, 0, placed.start) or _sets_the_scene(text, placed):
        return False
    if placed.phrase.kind in _LONG_AGO and _WHERE_MANY.search(text, max(0, placed.start - 120), placed.start):
        return False
    older = _OF_AN_OLDER_EVENT.search(text, max(0, placed.start - 90), placed.start)
    return older is None or _HARMED_AT_LAST.search(text, older.start(), placed.start) is not None


def _sets_the_scene(text: str, placed: Placed) -> bool:
    """True for "After the parties fell out last week, ...": no day of harm, so that it dates no other sentence."""
    opening = _AFTER_WHAT.match(text)
    return opening is not None and placed.end <= opening.end() and words().harm.search(text, 0, placed.end) is None


def tells_of_another(text: str, placed: Placed) -> bool:
    """True for "in another attack on Tuesday", "a further drone hit on 4 May": it dates no attack told before."""
    return _ANOTHER.search(text, 0, placed.start) is not None


def opens_background(text: str) -> bool:
    """True for "The raid comes two years after a similar one": what its paragraph tells is of that older event."""
    return ("came" in text or "comes" in text) and _COMES_LONG_AFTER.search(text) is not None


def tells_attack(text: str) -> bool:
    """Whether a sentence tells of harm or of an attack, so that its day is likely the story's."""
    return words().harm.search(text) is not None or ATTACKED.search(text) is not None


def dates_in_passing(text: str, placed: Placed) -> bool:
    """True for "wept in Lahore, where bombers struck on Sunday": the attack's day, if no other is told."""
    if placed.role is not Role.EVENT or placed.phrase.kind in ANCHORED | _LONG_AGO or placed.aside is not None:
        return False
    clause = _CLAUSE_OF_PLACE.search(text, 0, placed.start)
    if clause is None or ATTACKED.search(text, clause.end(), placed.start) is None:
        return False
    return words().harm.search(_ATTACKERS.sub("", text[: clause.start()])) is None


def _is_aftermath(text: str, placed: Placed) -> bool:
    """Whether "a day after" follows what an attack left: "the toll stands at nine, a day after a raid"."""
    told = text[: placed.start]
    return (
        _AFTERMATH.search(told) is not None
        and ATTACKED.search(text, placed.end, placed.end + 90) is not None
        and words().attack.search(told) is None
    )


def looks_back(text: str, placed: Placed) -> bool:
    """True for "Three days earlier, two others died": an older event, told after the one that governs."""
    return placed.phrase.kind == "earlier" or (
        placed.phrase.kind == "anchored" and not text[: placed.start].strip(" \"'“‘")
    )


def opens_round_up(text: str, placed: Placed) -> bool:
    """True for "Shelling killed four over the past day", the lead of a round-up whose figures all cover it."""
    return (
        placed.role is Role.SPAN
        and placed.phrase.kind == "span"
        and _ROUND_UP.search(placed.phrase.text) is not None
        and words().harm.search(text) is not None
    )


def gap(placed: Placed, at: Span) -> int:
    """How many characters lie between the phrase and the figure."""
    return placed.start - at.end if placed.start >= at.end else at.start - placed.end


def _between(text: str, placed: Placed, at: Span) -> str:
    if placed.start >= at.end:
        return text[at.end : placed.start]
    return _CREDITED.sub(" ", text[placed.end : at.start])  # "in May, according to the UN, 70 died"


def breaks_between(text: str, placed: Placed, at: Span) -> int:
    """How many clause breaks part the phrase from the figure; a phrase that opens the sentence is parted by none."""
    between = _between(text, placed, at)
    if placed.end <= at.start and not text[: placed.start].strip(" \"'“‘"):
        between = re.sub(r"\A\s*,\s", " ", between)
    # "Monday's raid killed two and Tuesday's killed four".
    another = placed.start >= at.end and between.endswith(" and ") and _OWNS.match(text, placed.end) is not None
    return sum(1 for _ in _BREAK.finditer(between)) + another


def reaches(text: str, placed: Placed, at: Span) -> bool:
    """Whether a day may date the figure at all.

    "Killing 15 fighters who survived a raid two days ago": a relative clause that opens after the figure keeps
    its date to itself.
    """
    if placed.phrase.kind == "after":
        if placed.start >= at.end:
            # "Two died of their wounds on Friday, a day after the raid"; "nine are confirmed dead a day after".
            between = text[at.end : placed.start]
            return DIED_LATER.search(between) is not None or _is_aftermath(text, placed)
        # "A raid on Friday, a day after eleven died, killed two": the second comma ends what went before.
        return placed.end <= at.start and _LEAVES.search(text[placed.end : at.start]) is None
    if _RESUMES.match(text, placed.end, at.start) and _IN_RELATIVE.search(
        text, max(0, placed.start - 120), placed.start
    ):
        return False  # "the blast, which followed a raid on Sunday, had killed five"
    if placed.start >= at.end:
        between = _between(text, placed, at)
        if _WHERE_MANY.search(between) or (placed.phrase.kind in ANCHORED and _goes_on_calmly(between)):
            return False
        relative = _RELATIVE.search(between)
        if relative is not None:
            if _WHO_DIED.match(between, relative.end()):
                return True  # "among the nine who died when a bomb went off on Friday"
            if _HARMED_AT_LAST.search(between, relative.end()):
                return True  # "a boy who was herding goats was killed by shelling on Tuesday"
            # A new main clause after the relative one lets the phrase date the whole again.
            return bool(re.search(r",\s", between[relative.end() :]))
        return True
    return True


def _goes_on_calmly(between: str) -> bool:
    """Whether a clause without harm begins before a later day: "..., and the clinic reopened two days later"."""
    calm = _THEN_CALM.search(between)
    return calm is not None and words().harm.search(calm.group("told")) is None


def told_apart(text: str, placed: Placed, at: Span) -> bool:
    """True for "marched on Sunday for the four killed the day before": it dates the four, though Sunday is nearer."""
    if placed.phrase.kind not in ("anchored", "earlier") or placed.start < at.end:
        return False
    between = text[at.end : placed.start]
    joined = _BREAK.search(between) is not None or re.search(r"\b(?:and|or)\b", between) is not None
    return not joined and words().harm.search(between) is not None


def coarse_reaches(text: str, placed: Placed, at: Span) -> bool:
    """Whether a month or a year dates the figure: only within its own clause, or one that hangs on it."""
    if at.start <= placed.start < at.end:  # "the brother of the 2022 gunman" counts a brother, not a year
        return False
    before = text[max(0, placed.start - 40) : placed.start]
    participle = _PARTICIPLE_BEFORE.search(before)
    if participle and placed.phrase.kind != "ago" and participle.group(1) not in words().event_participles:
        return False
    if placed.phrase.kind in ("this", "last") and words().superlative.search(
        text[max(0, placed.start - 50) : placed.start]
    ):
        return False  # "the deadliest night this year"
    between = _between(text, placed, at)
    if placed.start >= at.end:
        if words().ranked.search(between) or _PERSON.search(between):
            return False
        return not _RELATIVE.search(between) and not re.search(r";|\bafter\b|\bsince\b|\bsaid\b", between)
    if not text[: placed.start].strip() or (
        _PART_OF_FIGURE.match(text[at.end :]) and re.fullmatch(r"\W*(?:and|including)?\W*", between)
    ):
        return True
    breaks = list(_BREAK.finditer(between))
    if not breaks:
        return _NOW.search(between + " ") is None
    while len(breaks) > 1 and _HURT_TOO.match(between, breaks[-1].start()):
        breaks.pop()  # "in July, which caused a blast that killed nine, injured dozens and damaged 80 homes"
    if _WERE_HURT.match(text, at.end) and _GOES_ON_COUNTING.search(between):
        return words().harm.search(text, 0, placed.start) is not None and sums_up(text, placed, at)
    # "The 2020 shootings in the province, that killed 22": the figure's clause hangs on the dated one.
    head = between[: breaks[-1].start()]
    tail = between[breaks[-1].start() :].lstrip(" ,")
    return bool(_OPENS_RELATIVE.match(tail)) and _NOW.search(head) is None


def event_then(text: str, placed: Placed, at: Span) -> DatePhrase | None:
    """The day or month in "since October 2022, when a bomb killed 121": what happened then is no toll since."""
    if placed.phrase.kind != "since" or placed.end > at.start or not _WHEN.match(text[placed.end : at.start]):
        return None
    if ";" in text[placed.end : at.start]:
        return None
    told = _PERFECT_OF_TOLL.match(text, at.end)
    if told is not None and "," in text[placed.end : at.start]:
        return None  # "since May, when rebels took the pass, 900 people have been killed"
    return event_of_since(placed.phrase)


def event_of_since(phrase: DatePhrase) -> DatePhrase | None:
    """The day, month or year from which a phrase such as "since last October" counts."""
    inner = _SINCE.sub("", phrase.text)
    dated = date_phrases(f"in {inner}") or date_phrases(inner)
    return dated[-1] if dated else None


#: "Since dawn ..., while a bomb strike on Sumy has killed five": of one attack, told beside the span.
_MEANWHILE_ONE = re.compile(
    r",\s+(?:while|when|where|as)\s+(?:an?|one)\s+(?:[\w-]+\s+){0,3}?(?:ambush|attack|blast|bomb|drone|explosion|missile"
    r"|raid|rocket|shell|shooting|strike)\b"
)


def span_reaches(text: str, placed: Placed, at: Span) -> bool:
    """Whether the figure is a toll over the span: not "the deadliest raid since March", "occupied since 2014"."""
    known = words()
    before = text[: placed.start]
    between = _between(text, placed, at)
    if placed.start >= at.end and (known.ranked.search(between) or known.sums.search(between)):
        return False
    if placed.start < at.end and known.ranked.search(before[-90:]):
        return False  # "for the second time in 24 hours"
    if placed.phrase.kind == "since" or (_LONG.search(placed.phrase.text) and "the past" not in placed.phrase.text):
        if known.superlative.search(between if placed.start >= at.end else before[-140:]):
            return False
        if placed.phrase.kind == "since" and known.state.search(before[-80:]):
            return False
        participle = _PARTICIPLE_BEFORE.search(before[-40:])
        if participle and participle.group(1) not in known.event_participles:
            return False
    if placed.start >= at.end:
        return not _RELATIVE.search(between) and ";" not in between
    if _MEANWHILE_ONE.search(between):
        return False
    if BY_THEN.search(before) or not before.strip(" \"'“‘") or _OF_A_WAR.search(placed.phrase.text):
        return True
    parted = _BREAK.search(between)
    if parted is None or _PERFECT.search(text[max(0, at.start - 60) :]):
        return True
    return bool(_OPENS_RELATIVE.match(between[parted.start() :].lstrip(" ,"))) or parted.group().startswith(":")


def sums_up(text: str, placed: Placed, at: Span) -> bool:
    """Whether a figure beside a month or a year is a toll over it: none of its words tells a single attack.

    "In 2024 mines killed 51 farmers" sums up; "in 2024 a raid on the camp killed 51" does not.
    """
    phrase = placed.phrase
    if not (
        phrase.kind in ("month", "year", "that") or (phrase.kind in ("last", "this") and phrase.part("unit") != "week")
    ):
        return False
    if (
        _SOMETIME.search(text, 0, placed.start)
        or not _OVER.match(phrase.text)
        or _ONE_PERSON.match(text, at.start, at.end)
    ):
        return False
    if re.match(r"(?i)\w+\s+(?:early|late|mid|the\s+(?:start|beginning|end))\b", phrase.text):
        return False
    if "ear" in phrase.text and _HAVE_DIED.match(text[at.end :]):
        return True
    if phrase.kind == "month" and phrase.part("year") and _ONE_SALVO.search(text[max(0, at.start - 60) : at.end]):
        return False
    cuts = [0, *(cut.start() for cut in _PARTS.finditer(text)), len(text)]
    first = max(cut for cut in cuts if cut <= at.start)
    last = min(cut for cut in cuts if cut >= at.end)
    return words().single.search(text, first, last) is None


def is_toll_of_a_period(text: str, placed: tuple[Placed, ...], at: Span) -> bool:
    """Whether the sentence sums a war or a campaign although it prints no span, and names no day."""
    tolls = _tolls(text)
    if not tolls or any(p.role is Role.EVENT and (p.aside is None or p.aside < at.start) for p in placed):
        return False
    return any(start < at.end and at.start < end for start, end in tolls)


@functools.lru_cache(maxsize=2048)
def _tolls(text: str) -> tuple[tuple[int, int], ...]:
    """Where the figures stand that are tolls of a war or a campaign."""
    found = []
    for number in sorted(_toll_stems().found_in(text)):
        row = words().period[number]
        match = row.pattern.search(text)
        if match and not row.unless.search(text):
            found.append(match.span() if row.own else (0, len(text)))
    return tuple(found)
