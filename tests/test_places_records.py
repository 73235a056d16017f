"""Places as records, officials and agencies put them: addresses, offices, papers and people of a place's name."""

from __future__ import annotations

import pytest

from tests.test_places import check
from tracker.models import Measure

ADDRESSES = [
    # villages that the gazetteer lacks, between towns and regions that it has
    ("Raiders killed [six] in Zelvany, Awe, Nasarawa, Nigeria.", "Zelvany / Nasarawa / Nigeria"),
    ("A mine went off in Zelvany, Qarvosh, Borno, Nigeria. [Two] herders died.", "Zelvany / Borno / Nigeria"),
    ("Rockets fell into Al-Zelvan, Jazan, Saudi Arabia, and hurt [three].", "Al-Zelvan / Jazan / Saudi Arabia"),
    ("Gunmen ambushed guards in Zelvany, Cabinda, Angola. [Four] died.", "Zelvany / Cabinda / Angola"),
    ("A bomb hit a patrol in Deh Zelvan, Herat, Afghanistan, killing [one].", "Deh Zelvan / Herat / Afghanistan"),
    ("[Two] died southeast of Zelvany, Iowa, United States.", "Zelvany / Iowa / United States"),
    ("A fire was set in Princeton, Oregon, United States. [One] was hurt.", "Princeton / Oregon / United States"),
    ("A shell hit a base in Zelvany (Qandala, Bari), Somalia says. [One] soldier died.", "Zelvany / Bari / Somalia"),
    ("Drones hit Somali troops in Zelvany (Qandala, Bari). [One] soldier died.", "Zelvany / Bari / Somalia"),
    ("A grenade hurt [two] in Zelvany, Chihuahua, on Friday.", "Zelvany / Chihuahua / Mexico"),
    ("In an unnamed village, Akobo county, Jonglei state, raiders shot [five].", "- / Jonglei / South Sudan"),
    # parts of a city, streets and sites
    ("A blast in the Zelvan neighborhood, Baghdad, Iraq, killed [nine].", "Baghdad / Baghdad / Iraq"),
    ("A gunman shot [two] in Zelvantown, Toronto, Canada.", "Toronto / Ontario / Canada"),
    ("A fire at 4100 Zelvan St, Mississauga, Ontario, Canada, hurt [two].", "Mississauga / Ontario / Canada"),
    (
        "Shots hit Simpson Stadium Park in Alexandria, Virginia, United States. [Six] were hurt.",
        "Alexandria / Virginia / United States",
    ),
    ("A man stabbed [one] in the Zelvan area of Toronto.", "Toronto / Ontario / Canada"),
    # lists are no addresses
    ("Shells fell in Izium, Balakliia and Chuhuiv, killing [four].", "- / Kharkiv / Ukraine"),
    ("Strikes in Damascus and Tartus, Syria, killed [three].", "- / - / Syria"),
    (
        "Bombs fell in Zelvany and Qarvosh, in North Kivu, DR Congo, killing [four].",
        "- / North Kivu / Democratic Republic of the Congo",
    ),
    # in the country around a city that gave the region its name
    ("A drone aimed at Big Zelvan village in rural Aleppo killed [one]. ", "Big Zelvan / Aleppo / Syria"),
    ("Shells fell on Tel Zelvan area in the countryside of Aleppo and hurt [two].", "Tel Zelvan / Aleppo / Syria"),
    (
        "Mortars hit Tel Zelvan village in rural Aleppo. Nobody was spared. [2] fatalities.",
        "Tel Zelvan / Aleppo / Syria",
    ),
    ("Clashes in rural Aleppo left [seven] dead.", "- / Aleppo / Syria"),
    ("As reported, in Ciudad Victoria, Tamaulipas, gunmen shot [two].", "Ciudad Victoria / Tamaulipas / Mexico"),
]

OFFICES = [
    ("Kyiv regional head Petro Lys said [four] were killed.", "- / Kyiv / Ukraine"),
    ("Sumy regional head Petro Lys said [four] were killed.", "- / Sumy / Ukraine"),
    ("In a post on Telegram, the Poltava acting governor counted [two] dead.", "- / Poltava / Ukraine"),
    ("Night strikes killed [two] (Poltava OVA head Lys).", "- / Poltava / Ukraine"),
    ("A drone hit a minibus, hurting [two] (Kramatorsk City Council).", "Kramatorsk / Donetsk / Ukraine"),
    ("In Russia, Rostov's acting governor said [two] died in the region.", "- / Rostov / Russia"),
    ('Sumy regional head Petro Lys spoke at noon. "[Six] houses burned," he added.', "- / Sumy / Ukraine"),
    ("Kyiv regional head Petro Lys said [four] died. In the capital Kyiv, fires broke out.", "- / Kyiv / Ukraine"),
    ("The Odesa regional governor said [two] died. They were in Izmail.", "Izmail / Odesa / Ukraine"),
    # the region's name alone
    ("[Six] were hurt in the strikes on Dnipropetrovsk, the region's head wrote.", "- / Dnipropetrovsk / Ukraine"),
    ("Guns fired at Dnipropetrovsk, where [three] died.", "- / Dnipropetrovsk / Ukraine"),
    ("A bomb in the city of Dnipropetrovsk hurt [nine].", "Dnipro / Dnipropetrovsk / Ukraine"),
    # the mayor's town, the capital
    ("Two Kyiv residents were killed and [six] were hurt.", "Kyiv / Kyiv City / Ukraine"),
    ("[Two] bodies lay under the rubble of a Kyiv apartment building.", "Kyiv / Kyiv City / Ukraine"),
    ("Fires broke out across five Kyiv districts, killing [one].", "Kyiv / Kyiv City / Ukraine"),
    ("Ukraine was hit again: the raid on the capital killed [three].", "Kyiv / Kyiv City / Ukraine"),
    ("It comes a day after Odesa suffered its worst raid, killing [ten].", "Odesa / Odesa / Ukraine"),
    # a person, not the town of that name
    ("Acting governor Smirnykh wrote that [two] had died.", "- / - / -"),
]

CLAUSES = [
    ("[Three] deaths were reported in the Kyiv region, and one in the town of Ochakiv.", "- / Kyiv / Ukraine"),
    (
        "Three deaths were reported in the Kyiv region, and [one] in the town of Ochakiv.",
        "Ochakiv / Mykolaiv / Ukraine",
    ),
    ("In the Odesa region, [40] were hurt, and in the Poltava region, two plants burned.", "- / Odesa / Ukraine"),
    ("In the Odesa region, 40 were hurt, and in the Poltava region, [two] died.", "- / Poltava / Ukraine"),
    ("Drones killed two in Dnipro, and 16 were hurt in Sumy, [three] seriously.", "Sumy / Sumy / Ukraine"),
    ("A missile killed [six] in Kryvyi Rih; ten died nationwide.", "Kryvyi Rih / Dnipropetrovsk / Ukraine"),
    ("A missile killed six in Kryvyi Rih; [ten] died nationwide.", "- / - / Ukraine"),
    ("[Two] were shot in Baga (Kukawa, Borno), the rest fled into Chad.", "Baga / Borno / Nigeria"),
    ("In the Tula region, just south of Moscow, debris fell. [Nobody] was hurt.", "- / Tula / Russia"),
]

NAMESAKES = [
    # papers and agencies
    ("A bomb in Van killed [ten], the Dogan news agency said.", "Van / Van / Turkey"),
    ("Gunmen killed [ten], the Lamu weekly reported. They struck at Garissa.", "Garissa / Garissa / Kenya"),
    # people introduced by their full name
    (
        "They opened fire on Rosa Franco, a lawyer, in Lima, Peru. Franco and [a] guard were killed.",
        "Lima / Lima / Peru",
    ),
    (
        "Chancellor Anna Merkel spoke in Berlin. Merkel said [nine] were hurt in Cologne.",
        "Köln / North Rhine-Westphalia / Germany",
    ),
    (
        "A man fired on David Jackson at a stop in Fresno, California. [Three] died.",
        "Fresno / California / United States",
    ),
    ("Sumy governor Ivan Fedorov spoke. [Two] houses burned in Konotop, Fedorov said.", "Konotop / Sumy / Ukraine"),
    ("Sumy regional governor Ivan Fedorov spoke at noon. [Two] houses burned, Fedorov said.", "- / Sumy / Ukraine"),
    # towns and provinces of the same name after all
    ("Maria Izium, a nurse, fled. In Izium, [two] died.", "Izium / Kharkiv / Ukraine"),
    # strangers and past attacks tell no country
    ("[Five] were hurt when an Afghan asylum seeker drew a knife on a train.", "- / - / -"),
    ("He shot [nine] on the anniversary of the 2011 Norway attacks.", "- / - / -"),
]


@pytest.mark.parametrize(("marked", "expected"), [*ADDRESSES, *OFFICES, *CLAUSES, *NAMESAKES])
def test_place(marked, expected):
    check(marked, expected)


def test_drones_that_head_for_the_capital_are_aimed_at_it():
    check(
        "Moscow Mayor Ivan Lys said [12] drones heading towards the capital fell.",
        "Moscow / Moscow City / Russia",
        Measure.INTERCEPTED,
    )


def test_the_capital_that_is_named_is_one_place():
    check(
        "A missile was launched at the capital of Ukraine, Kyiv, and [one] was shot down.",
        "- / - / Ukraine",
        Measure.INTERCEPTED,
    )
    check(
        "Guns shot down [a] missile launched at the capital of Ukraine, Kyiv, at dawn.",
        "Kyiv / Kyiv City / Ukraine",
        Measure.INTERCEPTED,
    )
