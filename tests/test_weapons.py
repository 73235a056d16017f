"""Weapons, models and attackers of a figure. The figure asked about stands in [brackets]."""

from __future__ import annotations

import re

import pytest

from tracker.arms import lexicon, weapon_hits
from tracker.attackers import attackers_in
from tracker.lexicon import read_toml
from tracker.models import Field, Measure, Report, Span
from tracker.segment import segment
from tracker.weapons import Means, Weapons

ROWS = read_toml("en/weapons.toml")["weapons"]
PARTIES = read_toml("en/attackers.toml")
CLASSES = {"drone", "missile", "rocket", "bomb", "artillery", "mine", "ied", "small_arms", "other"}


def means(marked: str, measure: Measure = Measure.KILLED, title: str | None = None) -> Means:
    """The means of the figure in [brackets]; the brackets may stand in the title."""
    in_title = title is not None and "[" in title
    source = title if in_title and title is not None else marked
    match = re.search(r"\[(.+?)\]", source)
    assert match, "mark the figure"
    plain = source.replace("[", "").replace("]", "")
    report = Report("r", marked if in_title else plain, title=plain if in_title else title)
    span = Span(match.start(), match.end() - 2)
    document = segment(report)
    field = Field.TITLE if in_title else Field.TEXT
    sentence = next(s for s in document.sentences if s.field == field and s.start <= span.start < s.end)
    return Weapons(document).of(sentence, span, measure)


def classes(marked: str, measure: Measure = Measure.KILLED, title: str | None = None) -> str:
    return "+".join(means(marked, measure, title).weapons)


# --- the lexicon --------------------------------------------------------------------------------------------------


def told(text: str) -> set[str]:
    hits = weapon_hits(text)
    return {hit.weapon for hit in hits if hit.weak == min(other.weak for other in hits)}


@pytest.mark.parametrize("row", ROWS, ids=[row["term"] for row in ROWS])
def test_each_term_reads_its_example(row: dict) -> None:
    hits = weapon_hits(row["example"])
    if row["class"] == "defence":
        assert hits == ()
    elif row["class"] == "bomb_or_ied":
        assert told(row["example"]) <= {"bomb", "ied"}
    else:
        assert told(row["example"]) == {row["class"]}
    if "model" in row and row["class"] != "defence":
        assert row["model"] in {hit.model for hit in hits}


@pytest.mark.parametrize("row", ROWS, ids=[row["term"] for row in ROWS])
def test_each_other_spelling_reads_as_its_term(row: dict) -> None:
    for spelling in row.get("also", ()):
        hits = weapon_hits(f"There, {spelling} was seen.")
        if row["class"] == "defence":
            assert hits == (), spelling
        elif row["class"] != "bomb_or_ied":
            assert row["class"] in {hit.weapon for hit in hits}, spelling
            if "model" in row:
                assert row["model"] in {hit.model for hit in hits}, spelling


PATTERNS = read_toml("en/weapons.toml")["patterns"]


@pytest.mark.parametrize("row", PATTERNS, ids=[row["name"] for row in PATTERNS])
def test_each_pattern_reads_its_example(row: dict) -> None:
    assert told(row["example"]) == {row["class"]}
    assert re.search(row["pattern"], row["example"])


def test_the_lexicon_is_sorted_closed_and_large() -> None:
    keys = [(row["class"], row["term"].lower()) for row in ROWS]
    assert keys == sorted(keys)
    assert len({row["term"] for row in ROWS}) == len(ROWS) >= 150
    assert {row["class"] for row in ROWS} == CLASSES | {"defence", "bomb_or_ied"}
    assert all(set(row) <= {"term", "class", "model", "kind", "also", "weak", "example"} for row in ROWS)
    examples = [row["example"] for row in ROWS]
    assert len(set(examples)) == len(examples)


def test_each_model_has_one_class() -> None:
    of_model: dict[str, set[str]] = {}
    for term in lexicon():
        if term.model and term.weapon != "defence":
            of_model.setdefault(term.model, set()).add(term.weapon)
    assert {model for model, classes in of_model.items() if len(classes) > 1} == set()


@pytest.mark.parametrize("row", [*PARTIES["states"], *PARTIES["groups"]], ids=lambda row: row["party"])
def test_each_party_reads_its_example(row: dict) -> None:
    assert [agent.party for agent in attackers_in(row["example"]) if agent.strong] == [row["party"]]


def test_parties_are_sorted_and_every_name_has_one_party() -> None:
    for kind in ("states", "groups"):
        names = [row["party"].lower() for row in PARTIES[kind]]
        assert names == sorted(names)
    rows = [*PARTIES["states"], *PARTIES["groups"]]
    owners = [
        (word, row["party"])
        for row in rows
        for word in {*row["nouns"], *row.get("bywords", ()), *row.get("adjectives", ())}
    ]
    assert len({word for word, _ in owners}) == len(owners)


# --- people and effects -------------------------------------------------------------------------------------------

CASES = [
    # the clause
    ("A quadcopter charge killed [two] ferrymen.", "drone"),
    ("[Nine] die as cruise missiles strike the dam.", "missile"),
    ("Rebels firing Grads at the suburb killed [a nurse].", "rocket"),
    ("A glide bomb flattened the printing house, burying [seventeen].", "bomb"),
    ("[Four] were killed by shelling of the bus depot.", "artillery"),
    ("A tractor hit a landmine and [three] farmhands died.", "mine"),
    ("A suicide bomber at the barracks gate killed [22] recruits.", "ied"),
    ("Masked gunmen shot [five] judges outside the court.", "small_arms"),
    ("A knifeman wounded [six] commuters on the tram.", "other"),
    ("A pickup was rammed into a queue, injuring [31].", "other"),
    ("Arson at the hostel left [ten] lodgers dead.", "other"),
    ("Somebody threw a grenade into the bar: [eight] hurt.", "other"),
    ("[Two] monks were hacked to death at the shrine.", "other"),
    ("Mortars and machine guns swept the ford, and [40] fell.", "artillery+small_arms"),
    ("[Seven] were hit when troops fired on the marchers.", "small_arms"),
    ("An attack with axes on the caravan left [thirteen] dead.", "other"),
    ("The roadside bomb that wrecked the minibus killed [twelve].", "ied"),
    ("Police say [one] was stabbed on the quay.", "other"),
    ("An exploding car bomb killed [29] shoppers in Idlib.", "ied"),
    ("Snipers on the roof hit [eleven] medics.", "small_arms"),
    ("[Fifty] sheltering in the theatre died when jets dropped two bombs on it.", "bomb"),
    ("Burning petrol bombs scarred [four] constables.", "other"),
    ("Barrel bombs rolled from a helicopter buried [a family of six].", "bomb"),
    ("Howitzers pounded the crossroads; [nine] drivers never got out.", "artillery"),
    ("A sea mine tore open the trawler and drowned [five].", "mine"),
    ("An RPG struck the jeep, killing [three] rangers.", "other"),
    ("Tank fire brought down the stairwell on [fourteen] tenants.", "artillery"),
    ("A loitering munition killed [the driver].", "drone"),
    ("Storm Shadows hit the fleet's headquarters, wounding [33].", "missile"),
    ("[Twenty] cadets died under ATACMS at the range house.", "missile"),
    # who bombs: those with aircraft drop, others plant
    ("A bomb at the polling station killed [six].", "ied"),
    ("Bombs went off in two markets and [45] died.", "ied"),
    ("Warplanes bombed the hamlet, killing [fifteen].", "bomb"),
    ("The bombing of a church in Jolo left [20] dead.", "ied"),
    ("Israeli bombing of the tower block killed [70].", "bomb"),
    ("The town was bombed by Russian jets and [eight] died.", "bomb"),
    ("A bomb hidden in a rickshaw killed [three] tailors.", "ied"),
    ("An air force bombing run hit a wedding, killing [37].", "bomb"),
    ("Two bombs, one in a bin, hurt [52] at the station.", "ied"),
    ("A bomb killed [a Russian colonel] in his car.", "ied"),
    # no class is named
    ("An airstrike on the market killed [21].", ""),
    ("[Three] died in a strike on the ministry.", ""),
    ("Clashes at the border left [nine] guards dead.", ""),
    ("An explosion at the barracks hurt [thirty].", ""),
    ("Militants stormed the jail and killed [four] warders.", ""),
    ("[Eighteen] bodies were found in a pit.", ""),
    ("An air attack on the port killed [two].", ""),
    ("[Five] pilgrims were ambushed and killed.", ""),
    # what only defends, is aimed at, promised or made
    ("Patriot missiles guarded the city as [three] died in a strike.", ""),
    ("Air defences were busy; [two] died in the attack.", ""),
    ("A strike on a drone factory killed [five] welders.", ""),
    ("A strike on a missile depot and an artillery unit killed [60].", ""),
    ("The minister asked for more air defence missiles after [nine] died in a strike.", ""),
    ("The allies pledged Taurus missiles while [nine] died in a strike.", ""),
    ("[Two] sappers died at work; the bomb squad mourned.", ""),
    ("Troops seized rifles and a mortar and killed [four] raiders in a clash.", ""),
    ("[Five] cartel men were killed and 16 explosive devices seized in a raid.", ""),
    ("A coal mine collapse killed [17].", ""),
    ("A shell company's owner and [two] aides were killed in an ambush.", ""),
    ("Crews shot down a balloon; [one] died in the panic.", ""),
    ("He was the brother of the mastermind of the metro bombing; [two] died with him in a raid.", ""),
    # debris
    ("Debris of a drone that was shot down killed [a pensioner].", "drone"),
    ("[Two] were cut by falling fragments of a downed missile.", "missile"),
    ("An interceptor missile fell on a house and killed [one].", "missile"),
    # parts and halves
    ("[Six] were killed on Sunday, four by a mine and two by gunfire.", "mine+small_arms"),
    ("Six were killed on Sunday, [four] by a mine and two by gunfire.", "mine"),
    ("Six were killed on Sunday, four by a mine and [two] by gunfire.", "small_arms"),
    ("Shells killed [two] in Sake while a drone wounded three in Goma.", "artillery"),
    ("Shells killed two in Sake while a drone wounded [three] in Goma.", "drone"),
    ("Rockets hit Haifa, hurting [four]; a gunman shot two in Jaffa.", "rocket"),
    ("Rockets hit Haifa, hurting four; a gunman shot [two] in Jaffa.", "small_arms"),
    ("He stabbed [three] before police shot him.", "other"),
    ("The attack on Tartus killed [ten], four of them in the port, which was later shelled.", ""),
    # older attacks beside this one
    ("In revenge for a car bomb, a crowd beat [two] suspects.", ""),
    ("[Five] survivors of a gas attack were hurt in a fall of rocks in a raid.", ""),
    ("Missiles hit Ashkelon in retaliation for raids that killed [78] in Isfahan.", ""),
    ("Missiles hit Ashkelon in retaliation for shelling that killed [78] in Isfahan.", "artillery"),
    ("A trial opens for a truck bomb attack that killed [168].", "ied"),
    ("The gunman of the 2011 shooting, who killed [69], seeks parole.", "small_arms"),
    ("Jets bombed the port after rebels killed [12] dockers.", ""),
    ("Jets bombed the port after a car bomb killed [12] dockers.", "ied"),
    ("Warships shelled the hamlet where rebels hid, killing [six].", "artillery"),
    ("A car bomb hit Bor. After the raid which killed [ten] men, jets blasted the port.", ""),
    ("Guards shot one of the men who had killed [nine] pilgrims.", ""),
    ("A missile hit Bor, and [two] were hurt after it killed nine.", "missile"),
    ("A mine killed two in Sake; at least [eight] died nationwide.", ""),
    ("[A boy] died in a separate raid in Bor, while a girl died when a drone fell on Sake.", ""),
    ("Raids killed [28] in the province amid near-daily shelling.", ""),
    ("A mine killed two at a ford. Police counted [40] dead over the past year.", ""),
    # how it was done is said
    ("[Nine] have died since Israel started bombing the strip.", "bomb"),
    ("Two suicide bombers and gunmen stormed the bank and killed [six].", "ied+small_arms"),
    ("The army shelled the old town with Uragan rockets, killing [six].", "rocket"),
    ("Drones bombed a fuel queue and killed [19].", "drone"),
    ("Gunmen hurled grenades into the chapel, killing [seven].", "other"),
    ("A drone dropped a grenade on [two] cyclists.", "drone"),
    ("Marines fired at the boat with heavy machine guns and [eleven] drowned.", "small_arms"),
    ("Kh-22 missiles meant for ships fell on the flats, killing [46].", "missile"),
    ("Missiles with cluster munitions burst over the square: [34] dead.", "missile"),
    ("Cluster munitions left in a field maimed [a boy].", "other"),
    ("A shooting and a car ramming in the same street left [four] dead.", "other+small_arms"),
]


@pytest.mark.parametrize(("marked", "expected"), CASES)
def test_weapons_of_people(marked: str, expected: str) -> None:
    assert classes(marked) == expected


@pytest.mark.parametrize(
    ("marked", "measure", "expected"),
    [
        ("Gunners downed [64] of 145 drones and 48 of 70 missiles.", "intercepted", "drone"),
        ("Gunners downed 64 of [145] drones and 48 of 70 missiles.", "launched", "drone"),
        ("Gunners downed 64 of 145 drones and [48] of 70 missiles.", "intercepted", "missile"),
        ("Gunners downed 64 of 145 drones and 48 of [70] missiles.", "launched", "missile"),
        ("[215] drones and missiles crossed the border at night.", "launched", "drone+missile"),
        ("The fleet fired [18] Kalibr cruise missiles.", "launched", "missile"),
        ("Of 90 rockets, [71] were intercepted over Ashkelon.", "intercepted", "rocket"),
        ("Iran sent 170 drones, [120] ballistic missiles and 30 cruise missiles.", "launched", "missile"),
        ("Iran sent [170] drones, 120 ballistic missiles and 30 cruise missiles.", "launched", "drone"),
        ("They lobbed [40] rockets, mortar shells and drones at the town.", "launched", "artillery+drone+rocket"),
        ("[All eight] Shaheds were shot down.", "intercepted", "drone"),
        ("Some [30] decoy drones were lost from radar.", "suppressed", "drone"),
        ("Radars lost sight of [12] more.\n", "suppressed", ""),
        ("The enemy launched 60 drones. Air defence shot down [51].", "intercepted", "drone"),
        ("[Two] glide bombs hit a bakery.", "hits", "bomb"),
        ("Six of [seven] S-300 missiles hit fields.", "launched", "missile"),
        ("[Five] air-launched missiles and 20 FPV drones were sent.", "launched", "missile"),
        ("A frigate shot down [a] Houthi missile and two drones.", "intercepted", "missile"),
    ],
)
def test_a_munition_figure_counts_its_own_noun(marked: str, measure: str, expected: str) -> None:
    assert classes(marked, Measure(measure)) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Drones hit the grain port at dawn. [Three] dockers were killed.", "drone"),
        ("Rockets and drones hit Eilat. A day of mourning followed. [Two] were buried.", "drone+rocket"),
        ("A truck bomb tore into the base. The blast killed [nineteen].", "ied"),
        ("Shells fell on Donetsk. A separate strike on Makiivka killed [two].", ""),
        ("Shells fell on Donetsk. Elsewhere, [two] were killed.", ""),
        ("Gunmen killed two in Leon. [Three] others were killed at a bar in Celaya.", ""),
        ("Jets hit the town, killing [nine]. The missiles landed on a school.", "missile"),
        ("The town was bombarded and [26] were hurt. Gunners shot down 21 of 49 drones.", ""),
        ("The navy asked for drones. In the raid [nine] sailors died.", ""),
        ("[Nine] miners were killed. Their lorry hit a landmine.", "mine"),
        ("Two officers fell to a roadside bomb. All [four] attackers were killed.", "ied"),
        ("A glide bomb hit Orikhiv. Crews shot down 40 drones over Kirov. Debris hurt [two].", "drone"),
        ("Air defences shot down a dozen drones over Odesa. Debris hurt [two].", "drone"),
        ("[Four] are dead after a strike beside a clinic. Fragments are of a Tochka missile.", "missile"),
        ("An overnight barrage on the city killed [30]. Russia fired 74 missiles and 90 drones.", "drone+missile"),
        ("Israeli strikes killed [five] in a village. Hezbollah fired 40 rockets at the border.", ""),
        ("[Two] were hurt on a bridge. A further drone hit came a day later.", ""),
    ],
)
def test_the_entry_gives_its_attack(marked: str, expected: str) -> None:
    assert classes(marked) == expected


def test_items_of_a_round_up_keep_their_weapons() -> None:
    text = (
        "The army sent 60 drones and an Iskander-M at four regions.\n\n"
        "In Sumy Oblast, a glide bomb killed two. One more was hurt.\n\n"
        "In Kherson Oblast, ten villages were hit. [Three] people died, the governor said."
    )
    answer = means(text)
    assert (answer.weapons, answer.models) == (("drone", "missile"), ())
    assert classes(text.replace("[Three]", "Three").replace("One more", "[One] more")) == "bomb"


def test_the_toll_of_a_war_takes_no_single_weapon() -> None:
    text = "A missile hit a clinic, killing six. Raids have killed [9,000] since the war began."
    assert classes(text) == ""
    since = "Raids have killed [900] since May, when Hamas gunmen shot 30."
    assert means(since).weapons == ()
    assert means(since.replace("[900]", "900").replace("30", "[30]")) == Means(("small_arms",), (), "Hamas")


def test_a_claim_of_responsibility_names_the_attacker() -> None:
    assert means("Rockets hurt [two] in Metula. Hezbollah claimed responsibility.").attacker == "Hezbollah"


def test_an_owner_of_the_attacker_is_not_the_attacker() -> None:
    marked = "[Forty] were killed by Sudan's paramilitary Rapid Support Forces (RSF)."
    assert means(marked).attacker == "Rapid Support Forces"


def test_one_entry_does_not_arm_the_next() -> None:
    blog = "Drones over Ruza\nDrones burned a depot.\nVan found in Bor\nPolice found [three] dead in a van."
    assert classes(blog) == ""


def test_a_headline_takes_the_weapon_of_its_story() -> None:
    assert (
        classes("Massive strike kills [9] in Dnipro\nMissiles and drones hit Dnipro, killing nine.") == "drone+missile"
    )
    assert classes("Missiles hit Dnipro, killing nine.", title="Strike kills [9] in Dnipro") == "missile"
    body = "The plane strafed the road where gunmen had fled, people said. It had dropped bombs, killing nine."
    assert classes(body, title="Jet strike kills [9]") == "bomb"
    assert classes("In all, [9] died.", title="Missiles hit Dnipro") == "missile"


@pytest.mark.parametrize(
    ("marked", "weapons", "models"),
    [
        ("A KN-23A ballistic missile killed [12].", "missile", "KN-23"),
        ("X-101 missiles and Geran-2 drones killed [four].", "drone+missile", "Kh-101+Shahed-136"),
        ("HIMARS killed [nine] at the barracks.", "rocket", "HIMARS"),
        ("S-300 rockets fell on the market: [six] dead.", "rocket", "S-300"),
        ("An Iskander-M and two Kinzhals killed [three].", "missile", "Iskander-M+Kinzhal"),
        ("A FAB500 with an UMPK kit killed [two].", "bomb", "FAB-500+UMPK"),
        ("Bayraktars killed [58] in the camp.", "drone", "Bayraktar TB2"),
        ("BM-21 Grad fire killed [ten] in the queue.", "rocket", "Grad"),
        ("A man with an AK-47 killed [eight].", "small_arms", "AK-47"),
        ("A grad student's drone show ended when a pistol was fired, killing [one].", "drone+small_arms", ""),
    ],
)
def test_models(marked: str, weapons: str, models: str) -> None:
    answer = means(marked)
    assert ("+".join(answer.weapons), "+".join(answer.models)) == (weapons, models)


# --- attackers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "party"),
    [
        ("Russian drones killed [two] in Kherson.", "Russia"),
        ("Moscow pounded Sumy again, killing [four].", "Russia"),
        ("[Four] died as Kyiv struck the bridge with sea drones.", "Ukraine"),
        ("A Ukrainian mortar hit a bus in Horlivka: [one] dead.", "Ukraine"),
        ("[Six] were killed by the Rapid Support Forces in El Obeid.", "Rapid Support Forces"),
        ("RSF shelling of the camp killed [31].", "Rapid Support Forces"),
        ("Boko Haram fighters burned the ferry landing and killed [40].", "Boko Haram"),
        ("[Nine] died in an attack by al-Shabaab on a hotel.", "Al-Shabaab"),
        ("Hezbollah fired rockets at Safed, wounding [three].", "Hezbollah"),
        ("An Israeli air raid on Tyre killed [five].", "Israel"),
        ("The IDF bombed a school, killing [17].", "Israel"),
        ("Houthi missiles hit a tanker; [two] sailors died.", "Houthis"),
        ("[Seven] were killed when Pakistani jets struck Khost.", "Pakistan"),
        ("US and British strikes on Sanaa killed [five].", "United States"),
        ("Turkey's drones killed [three] in Qamishli.", "Turkey"),
        ("The junta's planes bombed Pazigyi, killing [168].", "Myanmar"),
        ("A bomb killed [six]; the Islamic State claimed responsibility.", "Islamic State"),
        ("M23 rebels shot [twelve] men in Kishishe.", "M23"),
        ("[Two] died when Indian shelling hit Kotli.", "India"),
        ("A Saudi-led coalition strike killed [26] at the market.", "Saudi Arabia"),
        ("An Iranian Shahed fired by Russia killed [one].", "Russia"),
        ("Russian forces hit Izium with a North Korean KN-23, killing [two].", "Russia"),
        ("[One] sailor was hurt by artillery from the Russian navy.", "Russia"),
        # nobody is said to have attacked
        ("[Two] Russian soldiers were killed near Kupiansk.", None),
        ("A drone killed [one] in Ukraine.", None),
        ("A strike on Moscow killed [three].", None),
        ("[Five] Israelis were wounded in Hebron.", None),
        ("Kyiv attack kills [nine].", None),
        ("Turkey mourns [forty] killed in a blast.", None),
        ("Ukraine's air force said [two] died.", None),
        ("[Two] gunmen were killed by Israeli soldiers.", None),
        ("Hamas fighters and [three] soldiers were killed in a clash.", None),
        ("Pakistan blames India for a blast that killed [eleven].", None),
        ("Washington sent envoys after [nine] died.", None),
    ],
)
def test_attacker(marked: str, party: str | None) -> None:
    assert means(marked).attacker == party


def test_the_attacker_comes_from_the_entry_too() -> None:
    assert means("Russian missiles hit Odesa. [Two] were killed.").attacker == "Russia"
    assert means("Moscow hits Odesa, [2] dead\nTwo died in Odesa.").attacker == "Russia"
    assert means("Russian missiles hit Odesa. In all [9,000] have died since the war began.").attacker is None
    assert means("Russian missiles hit Odesa. Separately, [two] died in Belgorod.").attacker is None
    assert means("Russia launched 51 missiles. Ukraine shot down [18].", Measure.INTERCEPTED).attacker == "Russia"
    assert means("Moscow's gunners shot down [36] Ukrainian drones.", Measure.INTERCEPTED).attacker == "Ukraine"


@pytest.mark.parametrize("unit", ["drone and ", "Russian ", "shell ", "KN-23 ", "by the ", ", two by a mine", "Kh-"])
def test_time_grows_linearly(unit: str) -> None:
    import time

    def cost(times: int) -> float:
        text = "A mine killed two " + unit * times
        started = time.process_time()
        weapon_hits(text)
        attackers_in(text)
        return time.process_time() - started

    cost(50)
    small, large = min(cost(400) for _ in range(3)), min(cost(1600) for _ in range(3))
    assert large < 16 * small + 0.05


def test_whose_drones_were_shot_down_elsewhere_does_not_say_who_struck_here() -> None:
    story = (
        "A drone hit a depot in Kharkiv, killing [two] fitters.\n\n{} said it had shot down 30 {} drones over Kursk."
    )
    assert means(story.format("Russia's army", "Ukrainian")).attacker is None
    assert means("Russian " + story[2:].format("Russia's army", "Ukrainian")).attacker == "Russia"


def test_a_name_may_be_parted_by_any_space() -> None:
    found = attackers_in("An Islamic \u00a0State attack killed two.")
    assert [agent.party for agent in found] == ["Islamic State"]
