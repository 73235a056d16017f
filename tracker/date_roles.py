"""What a date phrase dates: the attack, a speech, an older event, a whole span (codebook 7).

"Said on Monday" dates a speech, "annexed in 2014" an older event, "since March" a span. Context words are data
(``data/en/dates.toml``, ``[context]``). Which figures a phrase dates is told by :mod:`tracker.dating`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import NamedTuple

from tracker.dates import DatePhrase, date_phrases
from tracker.lexicon import read_toml
from tracker.models import Span
from tracker.triggers import Triggers
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
class Toll:
    """Words that sum a war or a campaign."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    own: bool


@dataclass(frozen=True, slots=True)
class Words:
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
    since_attack: re.Pattern[str]
    attack: re.Pattern[str]
    period: tuple[Toll, ...]


@functools.cache
def words() -> Words:
    """The words, compiled once."""
    data = read_toml("en/dates.toml")
    context = data["context"]
    speech = any_of(context["speech"])
    # "Jailed for life on Monday", but not "arrested over the 2013 raid", "taken after Monday's raid".
    until_then = r"(?:\s+(?!(?:and|over|after|following|who|which)\b|for\s+(?!life\b|\w+\s+years))[\w’'-]+){0,6}\s+"
    return Words(
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
        attack=re.compile(rf"\b{any_of(context['single_events'])}s?\b"),
        since_attack=re.compile(
            rf"(?:[Ee]ver\s+)?[Ss]ince\s+(?:(?:the|a|an)\s+)?"
            rf"(?P<attack>(?:(?!began\b|started\b|start\b)[\w’'-]+\s+){{0,5}}?{any_of(context['single_events'])}s?\b"
            r"(?:\s+(?:at|on|in|near)\s+(?:the\s+)?[\w-]+){0,2}(?:\s+on\s+[\w ]{3,20})?)"
        ),
        period=tuple(
            Toll(re.compile(row["pattern"]), re.compile(row["unless"]), row.get("own", False)) for row in data["period"]
        ),
    )


@functools.cache
def _triggers() -> Triggers[str]:
    """What must stand in a sentence for the patterns of :class:`Words` to be tried on it."""
    context = read_toml("en/dates.toml")["context"]
    lists = ("speech", "future", "until", "aside", "aside_participles", "ceremonies", "possessions", "ordinals")
    return Triggers(
        {
            **{name: context[name] for name in lists},
            "raised": _RAISED,
            "given": _GIVEN,
            "found": _FOUND,
            "sent": ("flown", "repatriated", "returned", "sent home", "handed over"),
            "still": _STILL,
        }
    )


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


#: "KYIV, Oct 18 (Reuters)": the day of writing.
_DATELINE = re.compile(r"\A\W*[A-Z][A-Z .’'-]+(?:,\s*[A-Z][\w .]{1,30})?,\s*\Z")
_RAISED = (
    *("rose", "rises", "risen", "climbed", "climbs", "increased", "increases", "raised", "revised", "stood"),
    *("reached", "grew", "jumped"),
)
_TOLL_RAISED = re.compile(
    rf"\b{any_of(_RAISED)}\s+"
    r"(?:sharply\s+)?(?:from\s+(?:at\s+least\s+|about\s+|more\s+than\s+)?[\w,-]+\s+)?(?:to|at)\s+(?:at\s+least\s+|more\s+than\s+)?[\w,]+(?:\s+(?:people|dead|deaths))?\s+\Z"
)
#: "The bodies of the nine were flown to Rome on Tuesday".
_BODIES_SENT = re.compile(
    r"\b(?:bodies|body|coffins?|remains)\b[^,;.]{0,50}?\b(?:flown|repatriated|returned|sent\s+home|handed\s+over)\b[^,;.]{0,40}\Z"
)
_FOUND = ("found", "recovered", "discovered", "retrieved", "pulled", "unearthed", "exhumed", "uncovered")
_BODIES_FOUND = re.compile(rf"\b{any_of(_FOUND)}\b(?:(?!\b(?:that|which|where|who|after)\b)(?:[^,;.]|\.\d)){{0,60}}\Z")
#: "Remained in hospital on Tuesday", "were still being treated on Tuesday": how it stood that day.
_STILL = ("remain", "remained", "remains", "still")
_STOOD_SO = re.compile(
    r"\b(?:remain(?:ed|s)?|still)\b[^,;.]{0,20}?\b(?:in\s+(?:the\s+)?(?:\w+\s+)?hospitals?|hospitali[sz]ed|treated|treatment"
    r"|intensive\s+care|missing|trapped|unaccounted\s+for|under\s+the\s+rubble)\b(?:(?!\b(?:after|since|that|which|where|who)\b)[^,;.]){0,40}\Z"
)
#: "On Monday, when a bomb went off": the day is the attack's, whatever else was done on it.
_WHEN_CLAUSE = re.compile(r"\A,?\s+when\b(?P<told>[^;.]{0,90})")
ATTACKED = re.compile(
    r"\b(?:ambush|assault|attack|blast|blew|bomb|detonat|destroy|explo|fired?\b|hit\b|hurl|kill|level|massacr|open|overran|raid|ramm|shell"
    r"|shot\b|stab|storm|str[iu]ck|strik|threw\b|thrown\b|tore\b|went\s+off|wreck)"
)
#: "Since Monday's attack", of what an attack left behind: the attack's day, not a span.
_LEFT_BEHIND = re.compile(
    r"\b(?:rescued|pulled|recovered|found|retrieved|dug|freed|identified|succumbed|hospitals?|missing|treated|discharged|wounds)\b"
)
#: "Died on Monday of burns", "succumbed to wounds on Monday": the day of a late death is not the attack's.
DIED_LATER = re.compile(
    r"\b(?:died|dies|die|dead|succumbed|succumbs)\b(?:\s+(?:(?:to|of|from)\s+(?:[\w-]+\s+){0,3}?(?:wounds|injuries|burns|wound"
    r"|injury)\b)|(?:\s+in\s+(?:a\s+)?hospital\b))"
)
_OF_WOUNDS = re.compile(r"\A\s+(?:of|from|to)\s+(?:[\w-]+\s+){0,3}?(?:wounds|injuries|burns|wound|injury)\b")
_DIED_BEFORE = re.compile(r"\b(?:died|dies|succumbed)\s+(?:early\s+|late\s+)?\Z")
#: "Three of the wounded died overnight".
_WOUNDED_DIED = re.compile(
    r"\bof\s+(?:the|those)\s+(?:wounded|injured|hurt)\s+(?:(?:had|have|has)\s+)?(?:died|succumbed)\s+\Z"
)
#: "On Tuesday the toll rose to nine", "the tally on Tuesday was nine": the day of the counting.
_COUNT_NOUNS = r"(?:count|death\s+toll|tally|toll|number\s+of\s+(?:dead|deaths|the\s+dead|wounded|injured|victims))"
_TOLL_BEHIND = re.compile(
    rf"\A,?\s+(?:the|its|their)\s+(?:[a-z]+\s+){{0,2}}?{_COUNT_NOUNS}\b[^,;.]{{0,40}}?\b(?:was|stands|stood|rose|risen|reached|climbed|is)\b"
)
_TOLL_OF_DAY_BEFORE = re.compile(rf"\b{_COUNT_NOUNS}\s+\Z")
_TOLL_OF_DAY_AFTER = re.compile(r"\A\s+(?:was|is|stood|stands)\b")
#: "Bodies found at the scene of the ambush of 26 September": the ambush's day.
_ATTACK_OF = re.compile(
    r"\b(?:ambush|assault|attack|blast|bombing|explosion|massacre|raid|shooting|strike)s?\s+of\s+\Z"
)
_LABELLED = re.compile(r"\A[^,.;:]{3,60},\s+(?:on\s+)?\Z")
_QUOTED_THEN = re.compile(r"\A(?:,\s+\d{1,2}[:.]\d\d)?:\s*[\"“«]")
#: "On Thursday revised the number of the dead".
_COUNTS_THEN = re.compile(
    r"\A\s+(?:(?:again|once\s+more)\s+)?(?:cut|gave|increased|lowered|published|put|raised|revised|updated)\b[^,;.]{0,25}?\b(?:count|figure|number|tally|toll)\b"
)
#: "By Monday 40 bodies had been found": how things stood then.
BY_THEN = re.compile(r"\b(?:[Bb]y|[Aa]s\s+of)\s+\Z")
_KNOWN_BY_THEN = re.compile(
    r"\b(?:known|confirmed|counted|documented|recorded|registered|reported|verified|recovered|found|identified|risen|reached|died)\b"
)
#: "By 28 January 362 people were killed": what began is summed up to that day.
_SUMMED_BY_THEN = re.compile(
    r"[^.;]{0,60}?\b(?:\d{3}|\d{1,3}(?:,\d{3})+)\s+(?:[\w-]+\s+){0,3}?(?:were|had\s+been|have\s+been)\s+(?:killed|wounded|injured)\b"
)
#: "The group claimed the attack on 11 January via its newsletter": the day of the claim.
_CLAIMED_ON = re.compile(r"\bclaimed\s+[^,.;]{0,50}\Z")
_CLAIMED_IN = re.compile(
    r"\A\s+(?:via|through|on\s+(?:Telegram|X|Twitter)|in\s+(?:an?|its)\s+(?:[\w-]+\s+){0,2}?(?:bulletin|message|newsletter|statement|video))\b"
)
#: "A televised address late yesterday": the day of the speech.
_SPEECH_OF = re.compile(
    r"\b(?:address|briefing|broadcast|interview|news\s+conference|press\s+conference|speech|statement)\s+\Z"
)
#: "Killed when rebels seized the town on Friday": what was done then is the attack.
_WHEN_TAKEN = re.compile(
    r"\b(?:when|as|after)\s+(?:the\s+|a\s+)?(?:[\w-]+\s+){1,4}?(?:seized|captured|recaptured|took|overran|stormed)\b[^,;]{0,60}\Z"
)
#: "Sarin released in the market on Monday".
_GAS_RELEASED = re.compile(
    r"\b(?i:gas|agent|sarin|chlorine|fumes|vapou?r|toxin)\s+(?:was\s+|that\s+was\s+)?released\b[^,;.]{0,60}\Z"
)
#: "Gave a toll of twelve on Tuesday": the day of the counting.
_GIVEN = ("gave", "given", "put", "revised", "updated", "lowered", "published")
_TOLL_GIVEN = re.compile(rf"\b{any_of(_GIVEN)}\b[^,;.]{{0,30}}\b(?:toll|count|tally|figure|number)\b[^,;.]{{0,30}}\Z")
_THAN = re.compile(r"\bthan\s+(?:the\s+)?\Z")
_PASSIVE = re.compile(r"(?:was|were|is|are|has|have|had)\b")
_WHO = re.compile(r"(?:\bwho\s+|,\s*)\Z")


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
    if phrase.kind == "since" and (inner := _attack_since(text, phrase)):
        return inner
    start, end = phrase.span.start, phrase.span.end
    cues = _triggers().found_in(text)
    before = text[max(0, start - 120) : start]
    role = _role(text, phrase, before, cues)
    aside = None
    if "aside" in cues and role in (Role.EVENT, Role.COARSE, Role.SPAN):
        cue = words().aside.search(before)
        aside = None if cue is None else start - len(before) + cue.start()
    if "aside_participles" in cues and aside is None and role in (Role.EVENT, Role.COARSE):
        # "The war that began on 7 May, when 30 were shot": only what stands behind happened that day.
        older = words().aside_participle.search(before) is not None and not _taken_in_the_attack(text, start)
        aside = start if older else None
    return Placed(phrase, role, aside, start, end)


def _role(text: str, phrase: DatePhrase, before: str, cues: Container[str]) -> Role:
    """What a phrase dates, by the words around it; ``cues``: which of the lists have a word in the sentence."""
    known = words()
    start = phrase.span.start
    after = text[phrase.span.end : phrase.span.end + 120]
    possessive = after[:2] in ("'s", "’s")
    if phrase.is_calendar_day and before.endswith("the ") and known.attack_of_that_day.match(after):
        possessive = True  # "the April 28 killing" says whose day it is as "April 28's" does
    if "future" in cues and known.future.search(before):
        return Role.OTHER
    if _THAN.search(before):
        return Role.OTHER  # "six more than on Thursday"
    if phrase.is_calendar_day and BY_THEN.search(before) and _SUMMED_BY_THEN.match(after):
        return Role.SPAN
    if not possessive and "until" in cues and known.until.search(before):
        return Role.OTHER
    if phrase.kind == "later" and re.search(r"\bfor\s+\Z", before):
        return Role.OTHER
    if phrase.is_span or (phrase.is_coarse and phrase.text[:3].lower() == "by "):
        return Role.SPAN
    marked = phrase.kind == "ago" and phrase.text.endswith(" since")  # "marked 47 years since": of this it tells
    told = Role.COARSE if phrase.is_coarse and not marked else Role.EVENT
    if possessive:
        return Role.OTHER if "possessions" in cues and known.possession.match(after) else told
    if _DATELINE.search(text[:start]):
        return Role.SPEECH
    if _QUOTED_THEN.match(after) and _LABELLED.match(text[:start]):
        return Role.SPEECH  # 'The mayor, 23 March: "..."'
    if told is Role.EVENT and (
        _dates_a_count(before, after)
        or _SPEECH_OF.search(before)
        or (_CLAIMED_IN.match(after) and _CLAIMED_ON.search(before))
    ):
        return Role.SPEECH
    if told is Role.EVENT and BY_THEN.search(before) and _KNOWN_BY_THEN.search(text):
        return Role.FOUND
    if ("raised" in cues and phrase.kind != "after" and _TOLL_RAISED.search(before)) or (
        "given" in cues and _gives_a_toll(phrase, before)
    ):
        return Role.SPEECH
    if "sent" in cues and _BODIES_SENT.search(before):
        return Role.OTHER
    found = "found" in cues and _BODIES_FOUND.search(before) and not _ATTACK_OF.search(before)
    if found or _dates_a_late_death(before, after):
        return Role.FOUND
    if "still" in cues and _STOOD_SO.search(before):
        return Role.FOUND
    if _tells_when(after):
        return told
    of_a_day = phrase.is_calendar_day or phrase.kind in ("weekday", "weekday_strict", "offset")
    if of_a_day and "ceremonies" in cues and _dates_a_ceremony(before, after):
        return Role.OTHER
    opens = not text[:start].strip(" \"'“‘")
    if "speech" in cues and _dates_a_speech(before, after, opens=opens):
        # "Last month it was reported that thirty had died": then at the latest, and hardly long before.
        return told if told is Role.COARSE and opens else Role.SPEECH
    if "aside_participles" in cues and known.aside_participle.search(before):
        return told if _taken_in_the_attack(text, start) else Role.OTHER
    if phrase.kind in ("this", "last", "few_days") and "ordinals" in cues and known.ranked.search(before):
        return Role.OTHER  # "the third massacre this month"
    return told


def _taken_in_the_attack(text: str, start: int) -> bool:
    """Whether what was "seized" or "released" on the day at ``start`` is the attack told, not an older event."""
    before = text[max(0, start - 120) : start]
    if _GAS_RELEASED.search(before):
        return True
    taken = _WHEN_TAKEN.search(before)
    return taken is not None and words().harm.search(text, 0, start - len(before) + taken.start()) is not None


def _dates_a_count(before: str, after: str) -> bool:
    """Whether a day is that on which the toll stood so."""
    if _TOLL_BEHIND.match(after) or _COUNTS_THEN.match(after):
        return True
    return _TOLL_OF_DAY_AFTER.match(after) is not None and _TOLL_OF_DAY_BEFORE.search(before) is not None


def _gives_a_toll(phrase: DatePhrase, before: str) -> bool:
    """Whether a day is that of a counting; "put the number killed in June at 200" dates the killing."""
    given = _TOLL_GIVEN.search(before)
    return given is not None and not (phrase.is_coarse and words().harm.search(given.group()))


def _tells_when(after: str) -> bool:
    """Whether a day is followed by what happened then: ", when a bomb went off"."""
    told = _WHEN_CLAUSE.match(after)
    return told is not None and ATTACKED.search(told.group("told")) is not None


def _attack_since(text: str, phrase: DatePhrase) -> Placed | None:
    """The attack's day in "nine were pulled out since Monday's attack"; nothing of it where a toll is summed since."""
    since = words().since_attack.match(text, phrase.span.start)
    if since is None or _LEFT_BEHIND.search(text) is None:
        return None
    first = since.start("attack")
    days = [day for day in date_phrases(text[first : since.end()]) if not day.is_span]
    if not days:
        return Placed(phrase, Role.OTHER, None, phrase.span.start, phrase.span.end)
    start, end = days[0].span.start + first, days[0].span.end + first
    return Placed(replace(days[0], span=Span(start, end)), Role.EVENT, None, start, end)


def _dates_a_speech(before: str, after: str, opens: bool) -> bool:
    """Whether a day is that on which somebody spoke; a phrase that ``opens`` its sentence has the speaker behind."""
    known = words()
    spoken = known.speech_before.search(before)
    if spoken and not known.clausal.search(spoken.group("between")):
        return True
    told = known.speech_after.search(after) if opens else None
    return told is not None and not known.clausal.search(told.group("between"))


def _dates_a_late_death(before: str, after: str) -> bool:
    if _OF_WOUNDS.match(after):
        return True
    if _DIED_BEFORE.search(before):
        return _WOUNDED_DIED.search(before) is not None
    return any(re.fullmatch(r"[^,;.]{0,20}", before[died.end() :]) for died in DIED_LATER.finditer(before))


def _dates_a_ceremony(before: str, after: str) -> bool:
    """Whether a day is that of a trial, a burial, an anniversary: "on Monday was jailed", "buried on Monday"."""
    known = words()
    if known.ceremony_before.search(before):
        return True
    held = known.ceremony_after.match(after)
    if held is not None and _PASSIVE.match(held.group("between")) and not _WHO.search(before):
        return False  # "two shot on Tuesday were buried": the day of the shooting
    return held is not None and known.clausal.search(held.group("between")) is None
