"""Whose phrase a date phrase is: the attack's, a speech's, an older event's, a whole span's (codebook 7).

"Said on Monday" dates a speech, "annexed in 2014" an older event, "since March" a span; "in March" dates the raid
it names, or sums a month's deaths. Context words are data (``data/en/dates.toml``, ``[context]``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from tracker.dates import DatePhrase, date_phrases
from tracker.lexicon import read_toml
from tracker.models import Span
from tracker.triggers import Stems, Triggers
from tracker.wording import any_of


class Role(Enum):
    """What a date phrase dates."""

    EVENT = auto()  # the day of what the sentence reports
    COARSE = auto()  # a month or a year: dates its own claims and never governs
    SPAN = auto()  # a toll is summed over it
    SPEECH = auto()  # the day on which somebody spoke, or a toll was raised
    FOUND = auto()  # the day on which bodies were found, for want of a better one
    OTHER = auto()  # the day of something else, or one still to come


class Placed(NamedTuple):
    """A phrase and its role, and where it stands in its sentence.

    ``aside`` is where the words begin that give it to another event ("despite", ...).
    """

    phrase: DatePhrase
    role: Role
    aside: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Toll:
    """Words that sum a war or a campaign."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    own: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled context words of ``data/en/dates.toml``."""

    speech_before: re.Pattern[str]
    speech_after: re.Pattern[str]
    clausal: re.Pattern[str]
    harm: re.Pattern[str]
    future: re.Pattern[str]
    until: re.Pattern[str]
    aside: re.Pattern[str]
    aside_participle: re.Pattern[str]
    sums: re.Pattern[str]
    ranked: re.Pattern[str]
    superlative: re.Pattern[str]
    event_participles: frozenset[str]
    state: re.Pattern[str]
    ceremony_before: re.Pattern[str]
    ceremony_after: re.Pattern[str]
    possession: re.Pattern[str]
    single: re.Pattern[str]
    attack_of_that_day: re.Pattern[str]
    period: tuple[_Toll, ...]


@functools.cache
def _words() -> _Words:
    data = read_toml("en/dates.toml")
    context = data["context"]
    speech = any_of(context["speech"])
    # "Jailed for life on Monday", but not "arrested over the 2013 raid", "taken after Monday's raid".
    until_then = r"(?:\s+(?!(?:and|over|after|following|who|which)\b|for\s+(?!life\b|\w+\s+years))[\w’'-]+){0,6}\s+"
    return _Words(
        speech_before=re.compile(rf"\b{speech}\b(?P<between>[^,.;:]{{0,48}})\Z"),
        # "On Monday, the minister said ...", but not "On Monday, officials said, a drone hit ...".
        speech_after=re.compile(rf"\A,?\s+(?P<between>(?:[^\s,.;:]+\s+){{1,8}}?){speech}\b(?!\s*,)"),
        clausal=re.compile(rf"\b(?:that|at\s+least)\b|\d|\b\w*{any_of(context['harm'])}", re.IGNORECASE),
        harm=re.compile(rf"\b\w*{any_of(context['harm'])}", re.IGNORECASE),
        future=re.compile(rf"\b{any_of(context['future'])}\b[^,;]{{0,60}}\Z"),
        until=re.compile(rf"\b{any_of(context['until'])}\s+(?:the\s+)?\Z"),
        aside=re.compile(rf"\b{any_of(context['aside'])}\b[^,;]{{0,90}}\Z", re.IGNORECASE),
        aside_participle=re.compile(rf"\b{any_of(context['aside_participles'])}\b{until_then}\Z"),
        sums=re.compile(rf"\b{any_of(context['sums'])}\b"),
        # "The second massacre this week", "the fourth strike on schools in four days".
        ranked=re.compile(
            rf"\b{any_of(context['ordinals'])}\s+(?:[\w-]+\s+){{0,3}}?{any_of(context['ranked_nouns'])}\b[^;]{{0,80}}\Z"
        ),
        superlative=re.compile(rf"\b{any_of(context['superlatives'])}\b[^;]{{0,120}}\Z", re.IGNORECASE),
        event_participles=frozenset(context["event_participles"]),
        state=re.compile(rf"\b{any_of(context['states'])}\b(?:[^,;.]|[,.]\d){{0,50}}\Z"),
        ceremony_before=re.compile(rf"\b{any_of(context['ceremonies'])}\b{until_then}\Z"),
        ceremony_after=re.compile(
            rf"\A,?\s+(?P<between>(?:[^\s,.;:]+\s+){{0,8}}?)(?!arrested){any_of(context['ceremonies'])}\b"
        ),
        possession=re.compile(rf"\A[’']s\s+(?:[\w-]+\s+){{0,2}}?{any_of(context['possessions'])}\b"),
        single=_single(context),
        attack_of_that_day=re.compile(rf"\A\s+(?:[\w-]+\s+){{0,2}}?{any_of(context['single_events'])}s?\b"),
        period=tuple(
            _Toll(re.compile(row["pattern"]), re.compile(row["unless"]), row.get("own", False))
            for row in data["period"]
        ),
    )


@functools.cache
def _triggers() -> Triggers[str]:
    """What must stand in a sentence for the patterns of :class:`_Words` to be tried on it."""
    context = read_toml("en/dates.toml")["context"]
    lists = ("speech", "future", "until", "aside", "aside_participles", "ceremonies", "possessions", "ordinals")
    return Triggers({**{name: context[name] for name in lists}, "raised": _RAISED, "given": _GIVEN, "found": _FOUND})


@functools.cache
def _toll_stems() -> Stems[int]:
    """A text in which none of these begins a word is not searched for the toll of that number."""
    return Stems({number: row["has"] for number, row in enumerate(read_toml("en/dates.toml")["period"])})


def _single(context: dict[str, list[str]]) -> re.Pattern[str]:
    """What tells one attack: "a raid", "the gunman", "stormed", "at the market", "there", "when"."""
    few = r"(?:[Aa]n?|[Oo]ne|[Tt]he|[Tt]wo|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Tt]his|[Tt]hat)"
    return re.compile(
        rf"""(?<!every\s)(?<!each\s)(?<!per\s)\b{any_of(context["single_events"])}\b
              (?!\s+(?:drones?|helicopters?|jets?|aircraft|campaign)\b)
          | \b{few}\s+(?:[\w-]+\s+){{0,3}}?{any_of(context["single_agents"])}\b
          | \b{any_of(context["single_acts"])}\b
          | \b(?:[Aa]t|[Oo]utside|[Ii]nside|[Nn]ear|[Oo]n|[Ii]n|of)\s+{few}\s+(?:[\w-]+\s+){{0,3}}?
            {any_of(context["single_sites"])}\b
          | \b(?:[Tt]here|[Ww]hen)\b""",
        re.VERBOSE,
    )


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
_THAT_RELATIVE = re.compile(r"(?<!said )(?<!says )(?<!say )(?<!reported )(?<!reports )(?<!confirmed )\bthat\b")
_NOW = re.compile(r"\b(?:is|are|was|were)\s")
_PARTICIPLE_BEFORE = re.compile(r"\b([a-z]+ed|held|built|born|begun|sent|taken|seen|known|run|led|won)\s+(?:out\s+)?\Z")
_PERFECT = re.compile(r"\b(?:has|have|had)\s")
_OF_AN_OLDER_EVENT = re.compile(
    r"\b(?:previous|earlier|prior|separate)\s+\w+\s+(?:\w+\s+)?\Z|\bwho(?:se)?\b[^,;]*\Z|\bwhere\b[^,;]*\Z"
)
_PERSON = re.compile(
    r"\b(?:perpetrator|mastermind|brother|father|architect|survivor|suspect|gunman|victim)s?\s+(?:of|in)\b"
)
_ROUND_UP = re.compile(r"\b(?:past|last|previous)\b.*\b(?:day|hours)\b")
_WHEN = re.compile(r"\s*,?\s*(?:when|in\s+which|during\s+which|which)\b")
_SINCE = re.compile(r"\A(?:ever\s+)?[Ss]ince\s+")
#: Kinds of phrases that count from another event of the report.
ANCHORED = frozenset({"anchored", "earlier", "later", "after"})
_LEAVES = re.compile(r",\s(?!(?:that|which|who|when|in\s+which|[a-z]+ing)\b)")
#: "KYIV, Oct 18 (Reuters)": the day of writing.
_DATELINE = re.compile(r"\A\W*[A-Z][A-Z .’'-]+(?:,\s*[A-Z][\w .]{1,30})?,\s*\Z")
_RAISED = (
    *("rose", "rises", "risen", "climbed", "climbs", "increased", "increases", "raised", "revised", "stood"),
    *("reached", "grew", "jumped"),
)
_TOLL_RAISED = re.compile(
    rf"\b{any_of(_RAISED)}\s+"
    r"(?:sharply\s+)?(?:to|at)\s+(?:at\s+least\s+|more\s+than\s+)?[\w,]+(?:\s+(?:people|dead|deaths))?\s+\Z"
)
_FOUND = ("found", "recovered", "discovered", "retrieved", "pulled", "unearthed", "exhumed", "uncovered")
_BODIES_FOUND = re.compile(rf"\b{any_of(_FOUND)}\b[^,;.]{{0,60}}\Z")
_OF_A_WAR = re.compile(r"\b(?:war|invasion|invaded|conflict|hostilities|occupation|fighting)\b")
_OPENS_RELATIVE = re.compile(r"\A(?:in\s+)?(?:that|which|who|when|where|with|[a-z]+ing)\b")
#: "Died on Monday of burns", "succumbed to wounds on Monday": the day of a late death is not the attack's.
_DIED_LATER = re.compile(
    r"\b(?:died|dies|die|dead|succumbed|succumbs)\b(?:\s+(?:(?:to|of|from)\s+(?:[\w-]+\s+){0,3}?(?:wounds|injuries|burns|wound"
    r"|injury)\b)|(?:\s+in\s+(?:a\s+)?hospital\b))"
)
_OF_WOUNDS = re.compile(r"\A\s+(?:of|from|to)\s+(?:[\w-]+\s+){0,3}?(?:wounds|injuries|burns|wound|injury)\b")
_DIED_BEFORE = re.compile(r"\b(?:died|dies|succumbed)\s+(?:early\s+|late\s+)?\Z")
#: "Gave a toll of twelve on Tuesday": the day of the counting.
_GIVEN = ("gave", "given", "put", "revised", "updated", "lowered", "published")
_TOLL_GIVEN = re.compile(rf"\b{any_of(_GIVEN)}\b[^,;.]{{0,30}}\b(?:toll|count|tally|figure|number)\b[^,;.]{{0,30}}\Z")
_PASSIVE = re.compile(r"(?:was|were|is|are|has|have|had)\b")
_WHO = re.compile(r"(?:\bwho\s+|,\s*)\Z")
_PARTS = re.compile(r";|\b(?:while|whereas)\b|,\s+but\b")
#: "In March", "during 2023", "last year": only these open a span; "the 2019 raids" and "early March" do not.
_OVER = re.compile(r"(?:in|during|throughout|over|last|this|so)\b", re.IGNORECASE)
_ONE_PERSON = re.compile(r"(?:an?|one|the|his|her|another)\b", re.IGNORECASE)
_HAVE_DIED = re.compile(
    r"\A[^.;]{0,50}?\b(?:have|has)\s+(?:also\s+|now\s+|already\s+)?(?:been\s+\w+|died|lost|perished)\b"
)
_LONG = re.compile(r"\b(?:months|years|decades|century)\b")
#: "Launched more than 300 drones at Israel in April 2024": a month's launches would run to thousands.
_ONE_SALVO = re.compile(r"\b(?:launched|fired)\b[^.,;]{0,40}?(?<![\d,])\d{1,3}\Z")
_PART_OF_FIGURE = re.compile(r"\A\s+of\s+(?:them|these|those|whom|the\s+(?:dead|victims|wounded|injured))\b")


# --- what a phrase is about ---------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=2048)
def placed_phrases(text: str) -> tuple[Placed, ...]:
    """Every date phrase of a sentence with its role, in order."""
    return tuple(placed_phrase(text, phrase) for phrase in date_phrases(text))


def placed_phrase(text: str, phrase: DatePhrase) -> Placed:
    """The phrase with its role in the sentence ``text``.

    >>> phrase, = date_phrases("Two were hurt, the mayor said on Monday.")
    >>> placed_phrase("Two were hurt, the mayor said on Monday.", phrase).role
    <Role.SPEECH: 4>
    """
    start, end = phrase.span.start, phrase.span.end
    cues = _triggers().found_in(text)
    before = text[max(0, start - 120) : start]
    role = _role(text, phrase, before, cues)
    aside = None
    if "aside" in cues and role in (Role.EVENT, Role.COARSE, Role.SPAN):
        cue = _words().aside.search(before)
        aside = None if cue is None else start - len(before) + cue.start()
    return Placed(phrase, role, aside, start, end)


def _role(text: str, phrase: DatePhrase, before: str, cues: Container[str]) -> Role:
    """What a phrase dates, by the words around it; ``cues``: which of the lists have a word in the sentence."""
    words = _words()
    start = phrase.span.start
    after = text[phrase.span.end : phrase.span.end + 120]
    possessive = after[:2] in ("'s", "’s")
    if phrase.is_calendar_day and before.endswith("the ") and words.attack_of_that_day.match(after):
        possessive = True  # "the April 28 killing" says whose day it is as "April 28's" does
    if "future" in cues and words.future.search(before):
        return Role.OTHER
    if not possessive and "until" in cues and words.until.search(before):
        return Role.OTHER
    if phrase.kind == "later" and re.search(r"\bfor\s+\Z", before):
        return Role.OTHER
    if phrase.is_span or (phrase.is_coarse and phrase.text[:3].lower() == "by "):
        return Role.SPAN
    told = Role.COARSE if phrase.is_coarse else Role.EVENT
    if possessive:
        return Role.OTHER if "possessions" in cues and words.possession.match(after) else told
    if _DATELINE.search(text[:start]):
        return Role.SPEECH
    if ("raised" in cues and _TOLL_RAISED.search(before)) or ("given" in cues and _TOLL_GIVEN.search(before)):
        return Role.SPEECH
    if ("found" in cues and _BODIES_FOUND.search(before)) or _dates_a_late_death(before, after):
        return Role.FOUND
    of_a_day = phrase.is_calendar_day or phrase.kind in ("weekday", "weekday_strict", "offset")
    if of_a_day and "ceremonies" in cues and _dates_a_ceremony(before, after):
        return Role.OTHER
    if "speech" in cues and _dates_a_speech(before, after, opens=not text[:start].strip(" \"'“‘")):
        return Role.SPEECH
    if "aside_participles" in cues and words.aside_participle.search(before):
        return Role.OTHER
    if phrase.kind in ("this", "last", "few_days") and "ordinals" in cues and words.ranked.search(before):
        return Role.OTHER  # "the third massacre this month"
    return told


def _dates_a_speech(before: str, after: str, opens: bool) -> bool:
    """Whether a day is that on which somebody spoke; a phrase that ``opens`` its sentence has the speaker behind."""
    words = _words()
    spoken = words.speech_before.search(before)
    if spoken and not words.clausal.search(spoken.group("between")):
        return True
    told = words.speech_after.search(after) if opens else None
    return told is not None and not words.clausal.search(told.group("between"))


def _dates_a_late_death(before: str, after: str) -> bool:
    if _DIED_BEFORE.search(before):
        return _OF_WOUNDS.match(after) is not None
    return any(re.fullmatch(r"[^,;.]{0,20}", before[died.end() :]) for died in _DIED_LATER.finditer(before))


def _dates_a_ceremony(before: str, after: str) -> bool:
    """Whether a day is that of a trial, a burial, an anniversary: "on Monday was jailed", "buried on Monday"."""
    words = _words()
    if words.ceremony_before.search(before):
        return True
    held = words.ceremony_after.match(after)
    if held is not None and _PASSIVE.match(held.group("between")) and not _WHO.search(before):
        return False  # "two shot on Tuesday were buried": the day of the shooting
    return held is not None and words.clausal.search(held.group("between")) is None


def governs(text: str, placed: Placed) -> bool:
    """True where a phrase may date other sentences: the day of the event told, not of an older one beside it."""
    if placed.role is not Role.EVENT or placed.phrase.kind in ("after", "later") or placed.aside is not None:
        return False
    return _OF_AN_OLDER_EVENT.search(text[max(0, placed.start - 90) : placed.start]) is None


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
        and _words().harm.search(text) is not None
    )


def gap(placed: Placed, at: Span) -> int:
    """How many characters lie between the phrase and the figure."""
    return placed.start - at.end if placed.start >= at.end else at.start - placed.end


def _between(text: str, placed: Placed, at: Span) -> str:
    return text[at.end : placed.start] if placed.start >= at.end else text[placed.end : at.start]


def breaks_between(text: str, placed: Placed, at: Span) -> int:
    """How many clause breaks part the phrase from the figure; a phrase that opens the sentence is parted by none."""
    between = _between(text, placed, at)
    if placed.end <= at.start and not text[: placed.start].strip(" \"'“‘"):
        between = re.sub(r"\A\s*,\s", " ", between)
    return sum(1 for _ in _BREAK.finditer(between))


def reaches(text: str, placed: Placed, at: Span) -> bool:
    """Whether a day may date the figure at all.

    "Killing 15 fighters who survived a raid two days ago": a relative clause that opens after the figure keeps
    its date to itself.
    """
    if placed.phrase.kind == "after":
        if placed.start >= at.end:
            # "Two died of their wounds on Friday, a day after the raid".
            return _DIED_LATER.search(text[at.end : placed.start]) is not None
        # "A raid on Friday, a day after eleven died, killed two": the second comma ends what went before.
        return placed.end <= at.start and _LEAVES.search(text[placed.end : at.start]) is None
    if placed.start >= at.end:
        between = _between(text, placed, at)
        relative = _RELATIVE.search(between)
        if relative is not None:
            # A new main clause after the relative one lets the phrase date the whole again.
            return bool(re.search(r",\s", between[relative.end() :]))
        return True
    return True


def told_apart(text: str, placed: Placed, at: Span) -> bool:
    """True for "marched on Sunday for the four killed the day before": it dates the four, though Sunday is nearer."""
    if placed.phrase.kind not in ("anchored", "earlier") or placed.start < at.end:
        return False
    between = text[at.end : placed.start]
    joined = _BREAK.search(between) is not None or re.search(r"\b(?:and|or)\b", between) is not None
    return not joined and _words().harm.search(between) is not None


def coarse_reaches(text: str, placed: Placed, at: Span) -> bool:
    """Whether a month or a year dates the figure: only within its own clause, or one that hangs on it."""
    if at.start <= placed.start < at.end:  # "the brother of the 2022 gunman" counts a brother, not a year
        return False
    before = text[max(0, placed.start - 40) : placed.start]
    participle = _PARTICIPLE_BEFORE.search(before)
    if participle and placed.phrase.kind != "ago" and participle.group(1) not in _words().event_participles:
        return False
    if placed.phrase.kind in ("this", "last") and _words().superlative.search(
        text[max(0, placed.start - 50) : placed.start]
    ):
        return False  # "the deadliest night this year"
    between = _between(text, placed, at)
    if placed.start >= at.end:
        if _words().ranked.search(between) or _PERSON.search(between):
            return False
        return not _RELATIVE.search(between) and not re.search(r";|\bafter\b|\bsince\b|\bsaid\b", between)
    if not text[: placed.start].strip() or (
        _PART_OF_FIGURE.match(text[at.end :]) and re.fullmatch(r"\W*(?:and|including)?\W*", between)
    ):
        return True
    breaks = list(_BREAK.finditer(between))
    if not breaks:
        return _NOW.search(between + " ") is None
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
    inner = _SINCE.sub("", placed.phrase.text)
    dated = date_phrases(f"in {inner}") or date_phrases(inner)
    return dated[-1] if dated else None


def span_reaches(text: str, placed: Placed, at: Span) -> bool:
    """Whether the figure is a toll over the span: not "the deadliest raid since March", "occupied since 2014"."""
    words = _words()
    before = text[: placed.start]
    between = _between(text, placed, at)
    if placed.start >= at.end and (words.ranked.search(between) or words.sums.search(between)):
        return False
    if placed.start < at.end and words.ranked.search(before[-90:]):
        return False  # "for the second time in 24 hours"
    if placed.phrase.kind == "since" or (_LONG.search(placed.phrase.text) and "the past" not in placed.phrase.text):
        if words.superlative.search(between if placed.start >= at.end else before[-140:]):
            return False
        if placed.phrase.kind == "since" and words.state.search(before[-80:]):
            return False
        participle = _PARTICIPLE_BEFORE.search(before[-40:])
        if participle and participle.group(1) not in words.event_participles:
            return False
    if placed.start >= at.end:
        return not _RELATIVE.search(between) and ";" not in between
    if not before.strip(" \"'“‘") or _OF_A_WAR.search(placed.phrase.text):
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
    if not (phrase.kind in ("month", "year") or (phrase.kind in ("last", "this") and phrase.part("unit") != "week")):
        return False
    if not _OVER.match(phrase.text) or _ONE_PERSON.match(text, at.start, at.end):
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
    return _words().single.search(text, first, last) is None


def is_toll_of_a_period(text: str, placed: tuple[Placed, ...], at: Span) -> bool:
    """Whether the sentence sums a war or a campaign although it prints no span, and names no day."""
    tolls = _tolls(text)
    if not tolls or any(p.role is Role.EVENT for p in placed):
        return False
    return any(start <= at.start < end for start, end in tolls)


@functools.lru_cache(maxsize=2048)
def _tolls(text: str) -> tuple[tuple[int, int], ...]:
    """Where the figures stand that are tolls of a war or a campaign."""
    found = []
    for number in sorted(_toll_stems().found_in(text)):
        row = _words().period[number]
        match = row.pattern.search(text)
        if match and not row.unless.search(text):
            found.append(match.span() if row.own else (0, len(text)))
    return tuple(found)
