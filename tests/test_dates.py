"""Dates: phrases to days, and which phrase dates a figure. The figure asked about stands in [brackets]."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import date_phrases, rules
from tracker.days import resolve
from tracker.lexicon import read_toml
from tracker.models import Field, Report, Span
from tracker.segment import segment
from tracker.when import Dates, When

THURSDAY = dt.date(2024, 8, 22)
RULES = read_toml("en/dates.toml")["rules"]


def when(
    marked: str, published: dt.date | None = THURSDAY, title: str | None = None, timezone: str | None = None
) -> When:
    """When the figure in [brackets] happened; the brackets may stand in the title."""
    in_title = title is not None and "[" in title
    source = title if in_title and title is not None else marked
    match = re.search(r"\[(.+?)\]", source)
    assert match, "mark the figure"
    plain = source.replace("[", "").replace("]", "")
    report = Report("r", marked if in_title else plain, title=plain if in_title else title, published=published)
    span = Span(match.start(), match.end() - 2)
    document = segment(report)
    field = Field.TITLE if in_title else Field.TEXT
    sentence = next(s for s in document.sentences if s.field == field and s.start <= span.start < s.end)
    return Dates(document).of(sentence, span, timezone)


def days(answer: When) -> str | None:
    """A short form: ``8-21``, ``8-19..8-21``, ``period``, None."""
    if answer.period:
        return "period"
    if answer.date is None or answer.date_end is None:
        return None
    year = "" if answer.date.year == THURSDAY.year else f"{answer.date.year}-"
    first = f"{year}{answer.date.month}-{answer.date.day}"
    return first if answer.date == answer.date_end else f"{first}..{answer.date_end.month}-{answer.date_end.day}"


# --- the grammar --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", RULES, ids=[row["name"] for row in RULES])
def test_each_rule_reads_its_example(row: dict) -> None:
    example = row["example"]
    phrases = date_phrases(example["text"])
    found = {phrase.text: phrase for phrase in phrases}
    assert example["phrase"] in found
    phrase = found[example["phrase"]]
    assert phrase.kind == row["kind"]
    anchor = resolve(phrases[0], example["published"])
    interval = resolve(phrase, example["published"], anchor.first if anchor and phrase is not phrases[0] else None)
    if "date" not in example:
        assert interval is None
    else:
        assert interval is not None
        assert (interval.first, interval.last) == (example["date"], example.get("last", example["date"]))


def test_rule_names_are_unique() -> None:
    names = [rule.name for rule in rules()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("weekday", list(read_toml("en/dates.toml")["weekdays"]))
@pytest.mark.parametrize("shift", range(7))
def test_a_weekday_is_the_publication_day_or_the_last_one_before(weekday: str, shift: int) -> None:
    published = THURSDAY + dt.timedelta(days=shift)
    (phrase,) = date_phrases(f"Two were hurt on {weekday}.")
    interval = resolve(phrase, published)
    assert interval is not None
    assert interval.first.strftime("%A") == weekday
    assert 0 <= (published - interval.first).days <= 6


@pytest.mark.parametrize("month", list(read_toml("en/dates.toml")["months"]))
@pytest.mark.parametrize("form", ["{m} 9", "9 {m}", "the 9th of {m}", "{m} 9, 2023", "9 {m} 2023"])
def test_every_month_in_every_order(month: str, form: str) -> None:
    text = "It burned on " + form.format(m=month) + " after all."
    (phrase,) = date_phrases(text)
    interval = resolve(phrase, dt.date(2024, 12, 31))
    number = read_toml("en/dates.toml")["months"][month]
    assert interval is not None
    assert interval.first == dt.date(2023 if "2023" in form else 2024, number, 9)


@pytest.mark.parametrize(
    "text",
    [
        "May the dead rest.",
        "They march on the capital.",
        "The 46th brigade held.",
        "A 24/7 watch was kept.",
        "He may die.",
        "Sunset came.",
        "A second shell fell.",
        "The KN-23 fell at 2:15pm.",
        "In 1,234 homes the light went out.",
        "Route 2024-99-99 was closed.",
    ],
)
def test_these_are_no_days(text: str) -> None:
    assert [p.text for p in date_phrases(text) if resolve(p, THURSDAY)] == []


@pytest.mark.parametrize("text", ["on 31 June", "on February 30, 2023", "on 30.02.2023"])
def test_an_impossible_day_is_unknown(text: str) -> None:
    assert all(resolve(phrase, THURSDAY) is None for phrase in date_phrases(text))


def test_a_leap_day_without_a_year_is_the_last_one() -> None:
    (phrase,) = date_phrases("Shells fell on 29 February.")
    interval = resolve(phrase, dt.date(2023, 6, 1))
    assert interval is not None
    assert interval.first == dt.date(2020, 2, 29)


def test_the_first_year_of_the_calendar_does_not_overflow() -> None:
    for text in ("last year", "two years ago", "yesterday", "last month", "last May", "on May 9"):
        for phrase in date_phrases(f"It fell {text}."):
            resolve(phrase, dt.date(1, 1, 1))


# --- which phrase dates a figure ----------------------------------------------------------------------------------

CASES = [
    # published on Thursday 22 August 2024
    ("Mortar fire wounded [six] villagers near Goma yesterday.", "8-21"),
    ("Late yesterday a drone crashed into a dormitory, wounding [eleven].", "8-21"),
    ("[Four] bakers died in last night's barrage.", "8-21"),
    ("Overnight, raiders shot [nine] herdsmen in the valley.", "8-22"),
    ("[Thirty] cattle traders were massacred early on Monday.", "8-19"),
    ("On Thursday a mine killed [two] deminers.", "8-22"),
    ("An ambush last Thursday cost the convoy [five] drivers.", "8-15"),
    ("[Seven] nurses were hit on the morning of 3 August.", "8-3"),
    ("The 17.08.2024 raid left [twelve] fishermen missing.", "8-17"),
    ("Jets struck the ferry on 2024-08-11, drowning [40].", "8-11"),
    ("Some [15] miners were abducted and shot over the weekend.", "8-17..8-18"),
    ("Earlier this week, gunmen at a roadblock wounded [three] teachers.", "8-19..8-22"),
    ("[Eight] passengers perished when a shell hit the tram three days ago.", "8-19"),
    ("The siege on 5-8 August killed [61].", "8-5..8-8"),
    ("From August 12 to August 14 the clinic admitted [90] wounded.", "8-12..8-14"),
    ("During the night of August 20-21 fragments hurt [a woman].", "8-21"),
    ("Rockets fired overnight into Wednesday injured [ten] in the camp.", "8-21"),
    ("[Two] sisters were hit late Tuesday into early Wednesday.", "8-21"),
    ("A grenade blast on Sunday evening in Cali hurt [14] dancers.", "8-18"),
    ("The day before yesterday, snipers killed [a] courier.", "8-20"),
    ("[Five] were shot this morning at the mill.", "8-22"),
    ("Bandits seized the mill and shot [twenty] last week.", "8-12..8-18"),
    ("Last month's bombing of the depot killed [33].", "7-1..7-31"),
    ("In June a barrel bomb killed [18] in the souk.", "6-1..6-30"),
    ("[Nineteen] pupils were killed in October 2016 when rockets hit their school.", "2016-10-1..10-31"),
    ("Paramilitaries shot [200] at the stadium in 1998.", "1998-1-1..12-31"),
    ("The 2013 gas attack on the suburb killed [hundreds].", "2013-1-1..12-31"),
    ("A truck bomb two weeks ago destroyed [30] stalls.", "8-5..8-11"),
    ("Christmas Eve shelling wounded [four] choristers.", "2023-12-24"),
    ("[Six] died on New Year's Day at the market.", "1-1"),
    ("A rocket hit the bus a few hours ago, killing [one].", "8-22"),
    ("On the 9th, sappers lost [two] men.", "8-9"),
    ("It was on the 30th that [three] orchard workers were hit.", "7-30"),
    ("Several days ago a drone hunted down [a cyclist].", "8-16..8-20"),
    ("Police shot [five] marchers on 12 September.", "2023-9-12"),
    ("An attack on December 31 killed [44].", "2023-12-31"),
    ("[Eleven] people were wounded on Aug. 19 in Nikopol.", "8-19"),
    ("Mid-July raids by the junta killed [26] monks.", "7-1..7-31"),
    ("In early March a glide bomb buried [eight] in a cellar.", "3-1..3-31"),
    ("The jet came back at dawn on Tuesday and killed [two] medics.", "8-20"),
    ("Between Saturday and Monday the port lost [17] dockers.", "8-17..8-19"),
    ("Wednesday's ambush near Timbuktu killed [22] recruits.", "8-21"),
    ("The toll from Tuesday's strike rose to [51].", "8-20"),
    ("[Three] more bodies were found under Sunday's ruins.", "8-18"),
    ("A year ago a blast killed [twelve] here.", "2023-1-1..12-31"),
    ("Two months ago a car bomb killed [nine] at this gate.", "6-1..6-30"),
    ("From 20:00 Kyiv time (17:00 GMT) on 19 August to 00:00 on 20 August crews downed [31] drones.", "8-19..8-20"),
    ("Between 9 p.m. on August 19 and 6 a.m. on August 20, crews downed [31] drones.", "8-19..8-20"),
    ("Rebels took the fort on the last day of 2023, shooting [two] clerks.", "2023-12-31"),
    ("On the first day of July a mine killed [two].", "7-1"),
    ("Sometime in 1997 bandits killed [three] teachers.", "1997-1-1..12-31"),
    ("[Five] porters were killed one night in June.", "6-1..6-30"),
    ("On 29 April 1865 the garrison shot [28] weavers.", "1865-4-29"),
    ("In March 1848 a volley at the gate killed [30] marchers.", "1848-3-1..3-31"),
    ("Jets killed [24] farmers in weekend bombing raids.", "8-17..8-18"),
    ("A man was found guilty of the arson that killed [ten] tenants in February 2019.", "2019-2-1..2-28"),
    ("[Three] guards were wounded during the course of the siege.", "8-22"),
]


@pytest.mark.parametrize(("marked", "expected"), CASES)
def test_own_phrase(marked: str, expected: str) -> None:
    assert days(when(marked)) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Missiles killed [three] on Monday and [2] on Tuesday.".replace("[2]", "two"), "8-19"),
        ("Missiles killed three on Monday and [two] on Tuesday.", "8-20"),
        ("On Sunday shells hit a farm, and on Monday [four] were shot in town.", "8-19"),
        ("On Sunday shells killed [one], and on Monday four were shot in town.", "8-18"),
        ("Two died on Friday, a day after a raid had killed [eleven].", "8-15"),
        ("The fire came two years after a blast killed [twelve].", "2022-1-1..12-31"),
        ("A raid on Friday, a day after eleven died elsewhere, killed [two].", "8-16"),
        ("Snipers killed [two] fighters who had survived an ambush four days ago.", "8-22"),
        ("Snipers killed two men who survived an ambush four days ago, in which [13] died.", "8-18"),
        ("[Six] herders are shot dead despite a truce signed on Tuesday.", "8-22"),
        ("[Six] officers are wounded storming the house of a man linked to Monday's bombing.", "8-22"),
        ("Berlin sends envoys in response to Sunday's blast that killed [four].", "8-18"),
        ("[Two] are killed in a town that rebels captured last week.", "8-22"),
        ("Militants in a village that was seized on Sunday shot [three] elders.", "8-22"),
        ("[Nine] guards, appointed on Monday, are ambushed at the dam.", "8-22"),
        ("Troops kill [four] suspects accused of a bombing last year.", "8-22"),
        ("[Eleven] die in a bus in Khost, a town bombed many times, as voting starts; 80 died there in 2014.", "8-22"),
        ("Eleven die in a bus in Khost; [80] died there in 2014.", "2014-1-1..12-31"),
        ("[Five] survivors of the 2019 siege were wounded by a drone.", "8-22"),
        ("The port, annexed in 2014, was shelled again, hurting [seven].", "8-22"),
        ("[Seven] were hurt in the port annexed in 2014.", "8-22"),
        ("It was the third massacre this month: [40] were shot.", "8-22"),
        ("The general said on Monday that [six] of his men were killed.", "8-22"),
        ("Officials said Tuesday [six] were killed in the raid on Sunday.", "8-18"),
        ("On Wednesday, the governor told reporters that [three] had been hurt.", "8-22"),
        ("On Wednesday, officials said, a mortar hurt [three] in Sake.", "8-21"),
        ("[Three] were hurt and talks will resume on Friday.", "8-22"),
        ("GOMA, Aug. 21 (AP) - Shells hit a ferry and [nine] drowned.", "8-21"),
        ("The toll of the ferry attack rose to [nine] on Wednesday.", "8-22"),
        ("The toll rose to [nine] on Wednesday. Shells had hit the ferry on Sunday.", "8-18"),
        ("[Nine] bodies were pulled from the lake on Wednesday. Shells had hit a ferry on Sunday.", "8-18"),
        ("[Nine] bodies were pulled from the lake on Wednesday.", "8-21"),
        ("It was the worst raid since October 2022, when bombs killed [121].", "2022-10-1..10-31"),
        ("It was the worst raid since October 2022, when bombs killed 121; [six] died.", "8-22"),
        ("Shells have killed 800 since 7 May, when rebels broke out, killing [30].", "5-7"),
        ("A curfew holds until Sunday after [five] were killed.", "8-22"),
        ("He recalled the raid in July, which lit a depot, killed two, hurt [30] and wrecked 80 homes.", "7-1..7-31"),
        ("The group fired [90] rockets to avenge a commander shot last month.", "8-22"),
        ("The bodies of the [nine] pilgrims were flown home on Tuesday.", "8-22"),
        ("[Nobody] was hurt, and the clinic reopened two days later.", "8-22"),
        ("As of Tuesday, [nine] were confirmed dead.", "8-20"),
    ],
)
def test_whose_phrase_it_is(marked: str, expected: str) -> None:
    assert days(when(marked)) == expected


@pytest.mark.parametrize(
    "marked",
    [
        "Shelling wounded [nine] people across the province over the past day.",
        "Over the past 24 hours guns killed [four] in the district.",
        "[Three] are dead and five hurt in the last two weeks.",
        "Since the siege began, hunger and shells have killed [900].",
        "Fighting since 3 March has cost [260] lives.",
        "Bandits have abducted and killed [70] travellers so far this year.",
        "The junta's jets killed [310] civilians in three months of raids.",
        "After five days of clashes [140] are dead.",
        "Gangs killed [1,600] people between January and May.",
        "Some [9,000] soldiers have died in the war, the minister said.",
        "The number of people killed in the protests passed [200].",
        "Monitors count [650] farmers who have been killed in raids.",
        "In recent weeks drones killed [25] tanker drivers.",
        "The ministry puts the dead at [17,000] since the invasion, and the wounded at 40,000.",
        "The ministry puts the dead at 17,000 since the invasion, and the wounded at [40,000].",
        "An ambush on Monday killed two, bringing the toll since June to [88].",
        "Within 48 hours [31] wounded reached the hospital.",
        "Already in the war [5,000] conscripts were killed.",
        "The uprising, which began in April, has killed [4,000] and emptied the north.",
        "Shells have killed [800] since 7 May, when rebels broke out, killing 30.",
        "Three died at the ford as attacks across five regions over the past day left [12] dead.",
        "[Eleven] are dead after a fortnight of fighting around the ford.",
        "Jets have killed [40] herders in three nights of air strikes.",
        "The mission counted [396] dead across the country in H1 2024.",
        "In June, according to the agency, [70] people were moved to safety from the valley.",
        "As of 8 May the mission had recorded [4,061] civilian casualties.",
        "With the war in its third month and more than [20,000] people killed, food is short.",
        "The ceasefire of July is dead: since then snipers have shot [19].",
    ],
)
def test_a_toll_over_a_span_has_no_day(marked: str) -> None:
    answer = when(marked)
    assert answer == When(None, None, None, answer.date_text, True)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Twelve] died in the deadliest raid since the war began.", "8-22"),
        ("An ambush on Monday killed [two], bringing the toll since June to 88.", "8-19"),
        ("A market in Hodeida, in rebel hands since 2015, was bombed, killing [six].", "8-22"),
        ("Missiles hit the port for the third time in 36 hours and hurt [one].", "8-22"),
        ("Monitors report the killing of [130] villagers, totalling 1,200 in forty massacres since May.", "8-22"),
        ("[One] died as the port was hit for the second time in 24 hours.", "8-22"),
        ("For the first time in 90 days rockets hit the capital and hurt [two].", "8-22"),
        ("[Five] conscripts were killed in the fourth such ambush in two weeks.", "8-22"),
        ("A village at war since March lost [four] men on Tuesday.", "8-20"),
    ],
)
def test_a_span_beside_an_incident_is_not_its_basis(marked: str, expected: str) -> None:
    assert days(when(marked)) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("A drone hit the silo on Monday. [Two] guards were burned.", "8-19"),
        ("[Two] guards were burned.\nA drone had hit the silo late on Monday.", "8-19"),
        ("A rocket fell on Sunday. It killed one. A second fell on Tuesday. It hurt [six].", "8-20"),
        ("A rocket fell on Sunday. The previous day, [four] had died at the ford.", "8-17"),
        ("Two died on 4 August. Three days earlier a mine had killed [five].", "8-1"),
        ("A mine killed [two]. Three days earlier, five had died at the ford.", "8-22"),
        ("Two died on 4 August. The next day a mine killed [five].", "8-5"),
        ("The town fell to rebels in 2012. [Nine] people were shot at its well.", "8-22"),
        ("A blast in 2017 killed 80 there. [Nine] people were shot at its well.", "8-22"),
        ("The pact was signed on Monday. [Nine] people were shot at a well.", "8-22"),
        ("Two women were found dead at a mill. The killing took place the night before, and [one] died later.", "8-21"),
        ("The police chief said on Monday he would resign. A bomb killed [six].", "8-22"),
        ("Raids across the north killed seven over the past day. In Kharg, [two] died.", "period"),
        ("Raids killed seven over the past day.\n[Two] were hurt after a rocket hit a shop in Kharg.", "8-22"),
        ("Raids killed 20,000 people since the war began.\nMore than [4,000] of those killed were boys.", "period"),
        ("[Two] were hurt on the bridge. A witness tells of another drone strike on Tuesday.", "8-22"),
        ("[Nobody] was hurt in the fire. It follows Saturday's raid on a depot.", "8-22"),
        (
            "A raid has killed [17].\nIt comes two years after another. Ten died in the raid of 5 May 2022.",
            "8-22",
        ),
        ("A mine hurt [two]. The group claimed the attack on Tuesday in a statement.", "8-22"),
        ("A drone killed [five] near the spot where eight rebels were killed ten days ago.", "8-22"),
        (
            "A drone fired [three] rockets at a yard. It is where eight rebels were killed in a raid ten days ago.",
            "8-22",
        ),
        ("A drone fired at a yard, where eight rebels were killed in a raid ten days ago. [Two] men died.", "8-22"),
        ("Raids began. It comes a day after Kyiv was shelled, with drones killing [13].", "8-21"),
        ("After the parties broke up last week over raids, the army moved in. Troops shot dead [a guard].", "8-22"),
        ("The premier mourned [three] men. An address late yesterday by the general was hailed.", "8-22"),
    ],
)
def test_the_entry_governs_a_sentence_without_a_phrase(marked: str, expected: str) -> None:
    assert days(when(marked)) == expected


def test_one_entry_does_not_leak_into_the_next() -> None:
    blog = "Shop burns in Ade\nA shop burned on Sunday, hurting two.\nVan hit in Bor\nA van was hit, hurting [three]."
    assert days(when(blog)) == "8-22"


def test_a_headline_takes_the_day_of_its_entry() -> None:
    blog = "Van hit in Bor, [three] hurt\nA van was hit late on Tuesday, hurting three."
    assert days(when(blog)) == "8-20"


def test_a_title_takes_the_day_of_the_text_and_gives_its_own() -> None:
    assert days(when("A van was hit on Tuesday.", title="Van hit, [three] hurt")) == "8-20"
    assert days(when("A van was hit, [three] were hurt.", title="Van hit on Tuesday")) == "8-20"


def test_precision_grows_coarser_with_the_phrase() -> None:
    phrases = ["on Monday", "on 3-5 August", "last week", "in July", "in 2019"]
    assert [when(f"A raid killed [two] {phrase}.").date_prec for phrase in phrases] == [1, 2, 3, 4, 5]


def test_without_publication_only_full_dates_are_known() -> None:
    assert when("Guns killed [two] yesterday.", None) == When(None, None, None, "yesterday", False)
    assert when("Guns killed [two].", None) == When(None, None, None, None, False)
    assert when("Guns killed [two] on 3 May 2022.", None).date == dt.date(2022, 5, 3)
    assert when("Guns killed [two] on 3 May.", None) == When(None, None, None, "on 3 May", False)


def test_publication_counts_in_the_time_zone_of_the_place() -> None:
    published = dt.datetime(2024, 8, 21, 22, 30, tzinfo=dt.UTC)
    assert when("Guns killed [two] today.", published, timezone="Europe/Kyiv").date == dt.date(2024, 8, 22)
    assert when("Guns killed [two] yesterday.", published, timezone="America/Bogota").date == dt.date(2024, 8, 20)
    assert when("Guns killed [two].", published).date == dt.date(2024, 8, 21)
    assert when("Guns killed [two].", published, timezone="Nowhere/Atlantis").date == dt.date(2024, 8, 21)


def test_the_phrase_is_kept_as_printed() -> None:
    assert when("Guns killed [two] Late  yesterday.").date_text == "Late  yesterday"
    assert when("Guns killed [two].").date_text is None


@pytest.mark.parametrize("unit", ["on Monday ", "since ", "May 1 ", "killed in the war ", "12-", "2024 ", "the past "])
def test_time_grows_linearly(unit: str) -> None:
    import time

    def cost(times: int) -> float:
        text = "Guns killed two " + unit * times
        started = time.process_time()
        date_phrases(text)
        return time.process_time() - started

    cost(50)
    small, large = min(cost(400) for _ in range(3)), min(cost(1600) for _ in range(3))
    assert large < 16 * small + 0.05


WORDS = [
    "killed",
    "two",
    "by",
    "Russian",
    "drones",
    "since",
    "last",
    "May",
    "31",
    "30",
    "February",
    "2022",
    "overnight",
    "on",
    "Monday",
    "night",
    "before",
    "days",
    "after",
    "ago",
    "weeks",
    "24",
    "hours",
    "over",
    "the",
    "past",
    "5-8",
    "August",
    "of",
    "in",
    "war",
    "began",
    ",",
    ";",
    ".",
    "'",
    "’s",
    "–",
    "İ",
    "ß",
    "9/11",
    "when",
]


@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=25),
    published=st.one_of(st.none(), st.dates(), st.datetimes(timezones=st.just(dt.UTC))),
    timezone=st.sampled_from([None, "Europe/Kyiv", "", "../x"]),
    data=st.data(),
)
def test_any_text_is_read_and_its_phrases_stand_in_it(
    words: list[str], published: dt.date | None, timezone: str | None, data: st.DataObject
) -> None:
    text = " ".join(words)
    for phrase in date_phrases(text):
        assert phrase.text == text[phrase.span.start : phrase.span.end]
    for sentence in segment(Report("r", text, published=published)).sentences:
        start = data.draw(st.integers(sentence.start, sentence.end - 1))
        answer = Dates(segment(Report("r", text, published=published))).of(sentence, Span(start, start + 1), timezone)
        assert (answer.date is None) == (answer.date_end is None) == (answer.date_prec is None)
        assert answer.date is None or answer.date_end is None or answer.date <= answer.date_end
        assert answer.date_text is None or answer.date_text in text
