"""Who is credited for a figure. The figure asked about stands in [brackets]."""

from __future__ import annotations

import re

import pytest

from tracker.lexicon import read_toml
from tracker.models import Field, Report, Span
from tracker.segment import segment
from tracker.sources import Sources, attributions

DATA = read_toml("en/sources.toml")


def source(marked: str, title: str | None = None) -> str | None:
    """The source of the figure in [brackets]; the brackets may stand in the title."""
    in_title = title is not None and "[" in title
    given = title if in_title and title is not None else marked
    match = re.search(r"\[(.+?)\]", given)
    assert match, "mark the figure"
    plain = given.replace("[", "").replace("]", "")
    report = Report("r", marked if in_title else plain, title=plain if in_title else title)
    span = Span(match.start(), match.end() - 2)
    document = segment(report)
    field = Field.TITLE if in_title else Field.TEXT
    sentence = next(s for s in document.sentences if s.field == field and s.start <= span.start < s.end)
    return Sources(document).of(sentence, span)


@pytest.mark.parametrize("row", DATA["verbs"], ids=lambda row: row["forms"][0])
def test_each_verb_reads_its_example(row: dict) -> None:
    found = attributions(row["example"])
    assert [a.leads for a in found] == [True]
    assert found[0].source
    printed = row["example"][found[0].start : found[0].end]
    assert any(printed.endswith(form) for form in row["forms"])


@pytest.mark.parametrize("row", DATA["openers"], ids=lambda row: row["words"])
def test_each_opener_reads_its_example(row: dict) -> None:
    assert attributions(row["example"])[-1].source == "rescue service"


def test_the_word_lists_are_sorted_and_the_forms_unique() -> None:
    forms = [form for row in DATA["verbs"] for form in row["forms"]]
    assert len(forms) == len(set(forms))
    assert DATA["speakers"] == sorted(DATA["speakers"], key=str.lower)
    assert DATA["descriptors"] == sorted(DATA["descriptors"], key=str.lower)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # before the figure
        ("The mayor of Kupiansk said [two] tenants were hurt.", "mayor of Kupiansk"),
        ("Police say [five] were shot.", "Police"),
        ("Lebanon's health ministry announced [19] deaths.", "Lebanon's health ministry"),
        ("According to Colonel Ada Obi, [nine] cadets fell.", "Colonel Ada Obi"),
        ("According to two hospital officials, [six] were admitted.", "two hospital officials"),
        ("A police spokesman told reporters that [three] had died.", "police spokesman"),
        ("Ivan Petrenko, who heads the district, said [four] were missing.", "Ivan Petrenko"),
        ("Mirna Haddad, a nurse at the clinic, said [eight] were children.", "Mirna Haddad"),
        ("The region's governor, Taras Melnyk, wrote on Telegram that [one] was killed.", "Taras Melnyk"),
        ("The Yemeni Archive for Human Rights (YAHR) reports [31] dead.", "Yemeni Archive for Human Rights"),
        ("Rights group Yesh Monitor counted [70] bodies.", "Yesh Monitor"),
        ("On Monday, the coast guard said [twelve] were rescued.", "coast guard"),
        ("On Monday the coast guard said [twelve] were rescued.", "coast guard"),
        ("In a statement, the junta claimed to have killed [40] rebels.", "junta"),
        ("The rebels have since claimed [200] soldiers died.", "rebels"),
        ("Doctors Without Borders also confirmed that [17] were treated.", "Doctors Without Borders"),
        ("The civil defence agency puts the toll at [88].", "civil defence agency"),
        ("Tunisia's interior ministry has raised the death toll to [23].", "Tunisia's interior ministry"),
        ("Footage released by the army shows [six] being shot.", "army"),
        ("The harbour master spoke  of [ninety] drowned.", "harbour master"),
        ("Residents and medics said [fourteen] were buried.", "Residents and medics"),
        ("Governor Olena Marchuk reported [seven] wounded.", "Governor Olena Marchuk"),
        ("Bodies lay in the road and the imam's office said [ten] were dead.", "imam's office"),
        ("Warning of more, the UN mission said [90] had fled and died.", "UN mission"),
        ("The premier told the BBC that [eleven] were hostages.", "premier"),
        ("Citing prosecutors, the paper counts [two] dead.", "prosecutors"),
        # after it
        ("[Two] died, the regional prosecutor's office said.", "regional prosecutor's office"),
        ("[Two] died, said Pavlo Koval, head of the district.", "Pavlo Koval"),
        ("[Two] died, said the head of the district, Pavlo Koval.", "Pavlo Koval"),
        ("A shell hit the tram, wounding [nine], according to rescue workers.", "rescue workers"),
        ("A shell hit the tram, wounding [nine], according to the Interior Ministry on Friday.", "Interior Ministry"),
        ("[Three] drivers were shot, witnesses told AFP.", "witnesses"),
        ("[Three] drivers were shot, a hospital source said on condition of anonymity.", "hospital source"),
        ("[Sixty] have died, the Red Crescent reported late on Sunday.", "Red Crescent"),
        ("\u201c[Four] of ours are gone,\u201d Commander Musa Bello said.", "Commander Musa Bello"),
        ('"[Four] of ours are gone," said Musa Bello.', "Musa Bello"),
        ("Shells wounded [six], as reported by the Donetsk police.", "Donetsk police"),
        ("Shells wounded [six], per the mayor's office.", "mayor's office"),
        ("[Two] people \u2014 a man and his son \u2014 died, local officials said.", "local officials"),
        ("[Two] died, a witness who asked for secrecy told the broadcaster.", "witness"),
        ("[Two] died, Mali's envoy Issa Konfourou told the Security Council.", "Mali's envoy Issa Konfourou"),
        ("[Six] were hurt, the regional governor, Olha Bondar, said on Saturday.", "Olha Bondar"),
        ("[Six] were hurt, Olha Bondar, the regional governor, said late on Saturday.", "Olha Bondar"),
        ("[Six] were hurt, the commander said in Arabic.", "commander"),
        ("Forty were hurt and [three] died, city hall said.", "city hall"),
        ("The dead were many: the parish priest put it at [60].", "parish priest"),
        # around it
        ("At least [nine] people, officials said, were killed.", "officials"),
        ("The raid, the army said, killed [eleven] and wounded four.", "army"),
        ("[Five] were killed, police said, adding that three were missing.", "police"),
        ("Five were killed, police said, adding that [three] were missing.", "police"),
        ("The council condemned the raid, saying [two] were maimed.", "council"),
        ("The army raided a camp at dawn, and claims to have killed [six].", "army"),
        # two who speak
        ("Kyiv's military said [three] were killed, while the mayor said two were.", "Kyiv's military"),
        ("Kyiv's military said three were killed, while the mayor said [two] were.", "mayor"),
        ("Police said three died, but [five] did, the hospital said.", "hospital"),
        ("Police said [three] died, but five did, the hospital said.", "Police"),
        ("The army said three died; [five] were seen dead on the road.", "army"),
        ("Ten drones were shot down, Drozdenko said; [nobody] was hurt.", "Drozdenko"),
        ("The army said three died, while [five] bodies lay on the road.", None),
        # put before a colon
        ("Oleh Kiper: [12] people were hurt in Izmail.", "Oleh Kiper"),
        ("Ali Sabieh: [12] people were hurt in a market.", None),
        ("Sumy governor Ivan Melnyk: a drone hit a car, [two] were killed.", "Sumy governor Ivan Melnyk"),
        ("Governor Ivan Melnyk on Telegram: a drone hit a car. [Two] were killed.", "Governor Ivan Melnyk"),
        ("Governor Ivan Melnyk: a drone hit a car. Medics said two died. [Three] are hurt.", None),
        ("Police raid in Cape Town: [two] gangsters shot dead.", None),
        ("Attack on the army in Kidal: [two] soldiers dead.", None),
        ("KYIV — Air Force: [34] drones were shot down.", "Air Force"),
        ("A convoy was hit; [42] were taken to clinics (Ministry of Justice).", "Ministry of Justice"),
        ("[Six] people were killed (three police officers).", None),
        ("Shells hit a yard (Saltiv district) and a shop; [one] man hurt (Rescue Service).", "Rescue Service"),
        ("A van was shelled at 6:10, wounding [two] (Nikopol City Council).", "Nikopol City Council"),
        ("Two dead ([3] hurt); a clinic hit (Governor Bondar).", "Governor Bondar"),
        ("A clinic was hit (Ihor Bondar); [four] hurt (Governor Marchuk).", "Governor Marchuk"),
        ("[Three] dead (Regional Prosecutor's Office); a mill hit (Mayor Koval).", "Regional Prosecutor's Office"),
        ("Missiles damaged [six] houses in Sumy (Zelensky).", "Zelensky"),
        ("Bombs damaged [six] houses in a town (Ali Sabieh).", None),
        ("Gunmen killed [two] guards and Ivan Melnyk (police chief).", None),
        ("[Two] were hurt in the raid (police).", None),
        ("A raid killed [six] of a family; a school burned; nine hurt, per local officials", None),
        ("A raid killed six of a family; a school burned; [nine] hurt, per local officials", "local officials"),
        ("Nine pilgrims died, [41] were hurt in the raid - Deputy Commissioner.", "Deputy Commissioner"),
        ("In the raid [41] hid with the man they trust - Ivan Melnyk.", None),
        ("Security Media Cell: [five] rockets hit the base.", "Security Media Cell"),
        ("By 10 o'clock the health ministry had registered [13] dead.", "health ministry"),
        ("[Two] men died, the army spokesman wrote on Facebook; 13 rebels fled.", "army spokesman"),
        ("[Two] thieves were shot while four fled, police said.", "police"),
        ("[Two] killed (Ministry of Emergencies), three hurt (mayor's office).", "Ministry of Emergencies"),
        ("Two killed (Ministry of Emergencies), [three] hurt (mayor's office).", "mayor's office"),
        ("[Five] killed in Gaza (health ministry).", "health ministry"),
        ("[Five] killed in a clash with the Karen Union (military wing of the front).", None),
        ("A mill burned (Ihor Bondar), [six] hurt, two of them workers (Governor Marchuk).", "Governor Marchuk"),
        ("[Two] were hurt as shells hit the border service (Border Guard Service).", None),
        (
            "[One] hurt (head of the Sumy military administration Melnyk).",
            "head of the Sumy military administration Melnyk",
        ),
        # whose figure it is
        ("The number passes the UN's figure of about [700] killed in the siege.", "UN"),
        ("The toll is not that given earlier by the coast guard, who had said that [four] drowned.", "coast guard"),
        ("A Reuters report indicates that [nine] were killed.", "Reuters"),
        ("[Two] men were shot by guards, the district head said according to local radio.", "district head"),
        ("[Six] were hurt, according to the region's Health Ministry.", "Health Ministry"),
        ('"Roofs were mended," said Mr. Amadi, adding that [70] people were evacuated.', "Mr. Amadi"),
        ("He added that, according to the UN and partners, [70] people were evacuated.", "UN and partners"),
        ("Ukraine reported the heaviest raid of the year, after [90] drones struck its ports.", "Ukraine"),
        # nobody, or somebody who credits nothing
        ("[Two] were killed in Sake.", None),
        ("[Two] were reported killed in Sake.", None),
        ("[Two] were killed; the president condemned the attack.", None),
        ("The ministry blamed rebels for the raid that killed [two].", None),
        ("The state of emergency follows a raid that killed [two].", None),
        ("The group claimed responsibility for a blast that killed [two].", None),
        ("[Two] were killed, Hodeida (Reuters).", None),
        ("There were reports of gunfire and [two] were killed.", None),
        ("It was said that [two] were killed.", None),
        ("No one was to say how [two] were killed.", None),
        ("Amid reports that the army fled, [two] were killed.", None),
        ("He is expected to announce aid after [two] were killed.", None),
        ("Drones said to be Iranian killed [two].", None),
        ("The report said [two] were killed.", None),
        # names and scripts
        ("Володимир Кличко said [two] were hurt.", "Володимир Кличко"),
        ("Şırnak's governor Ömer Öz said [two] were hurt.", "Şırnak's governor Ömer Öz"),
        ("Abu al-Walid of the al-Noor hospital said [two] were hurt.", "Abu al-Walid of the al-Noor hospital"),
        ("U.S. officials said [two] were hurt.", "U.S. officials"),
    ],
)
def test_source(marked: str, expected: str | None) -> None:
    assert source(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Taras Melnyk, the mayor, said the raid was long. He added that [four] were treated.", "Taras Melnyk"),
        ("The ministry reported a raid. It said [four] were treated.", "ministry"),
        ("The navy says it sank a boat. The rebels, it added, lost [four].", "navy"),
        ('"It was hell," nurse Ada Eze said. "We lost [four]."', "nurse Ada Eze"),
        ('"It was hell," nurse Ada Eze said. "We ran," she said. "We lost [four]."', "nurse Ada Eze"),
        ("The ministry reported a raid. [Four] were treated.", None),
        ("[Four] were treated. The ministry reported a raid.", None),
        ("A raid hit Sake. [Four] died, police said. The road is closed.", "police"),
        ("A raid hit Sake. Four died, police said. [Two] trucks burned.", None),
        ("Taras Melnyk said the raid was long. According to him, [four] died.", "Taras Melnyk"),
        ("Mayor Ada Eze said the raid was long. [Four] died, according to her.", "Mayor Ada Eze"),
        ("As reported, [four] died in a raid on Sake.", None),
        ("As earlier reported, rescuers recovered [four] bodies.", None),
    ],
)
def test_a_speaker_is_carried_over(marked: str, expected: str | None) -> None:
    assert source(marked) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("[Five] hurt in raid, says mayor", "mayor"),
        ("Governor: [five] hurt in raid", "Governor"),
        ("[Five] hurt in raid \u2013 regional governor", "regional governor"),
        ("[Five] hurt in raid, Sumy official says", "Sumy official"),
        ("War live: [five] hurt in raid", None),
        ("Photo report: raid hurts [five]", None),
        ("Police chief fired after raid hurts [five]", None),
    ],
)
def test_headlines(title: str, expected: str | None) -> None:
    assert source("A raid took place.", title=title) == expected


def test_a_source_is_never_taken_from_another_entry() -> None:
    blog = "Raid in Ade\nPolice said a shop burned.\nVan hit in Bor\nHe said [three] were hurt."
    assert source(blog) is None


def test_a_source_is_a_part_of_its_sentence() -> None:
    text = "The\u00a0mayor , Ada Obi , said  two died."
    for found in attributions(text):
        assert found.source is None or found.source in text


@pytest.mark.parametrize(
    "unit", ["said ", "said, ", "the mayor and ", "police, ", '"said ', "according to ", "( said ) "]
)
def test_time_grows_linearly(unit: str) -> None:
    import time

    def cost(times: int) -> float:
        text = "Two died " + unit * times
        started = time.process_time()
        attributions(text)
        return time.process_time() - started

    cost(30)
    small, large = min(cost(200) for _ in range(2)), min(cost(800) for _ in range(2))
    assert large < 16 * small + 0.05
