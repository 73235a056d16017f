"""The place of a figure, in sentences of our own: ``[figure]`` → place, first-level region, country.

``-`` means none. Several paragraphs are joined by ``|``.
"""

from __future__ import annotations

import time

import pytest

from tracker.models import Measure, Report, Span
from tracker.segment import segment
from tracker.where import Places
from tracker.whereabouts import Where


def where(marked: str, measure: Measure = Measure.KILLED, title: str | None = None) -> Where:
    """The place of the one figure in brackets."""
    text = marked.replace(" | ", "\n")
    start = text.index("[")
    end = text.index("]") - 1
    text = text.replace("[", "").replace("]", "")
    document = segment(Report("r", text, title=title))
    sentence = next(s for s in document.sentences if s.field == "text" and s.start <= start < s.end)
    return Places(document).of(sentence, Span(start, end), measure)


def check(marked: str, expected: str, measure: Measure = Measure.KILLED, title: str | None = None) -> Where:
    found = where(marked, measure, title)
    place, admin1, country = (None if part == "-" else part for part in expected.split(" / "))
    assert (found.place, found.admin1, found.country) == (place, admin1, country)
    return found


FORMS = [
    # plain, in every order
    ("A shell killed [four] in Orikhiv.", "Orikhiv / Zaporizhzhia / Ukraine"),
    ("In Orikhiv, a shell killed [four].", "Orikhiv / Zaporizhzhia / Ukraine"),
    ("Orikhiv was shelled at noon, and [four] people died.", "Orikhiv / Zaporizhzhia / Ukraine"),
    ("Gunners pounded Nikopol from across the river, wounding [two].", "Nikopol / Dnipropetrovsk / Ukraine"),
    ("Nikopol comes under fire again: [three] hurt.", "Nikopol / Dnipropetrovsk / Ukraine"),
    ("[Seven] died when rockets struck the port of Izmail.", "Izmail / Odesa / Ukraine"),
    ("A blast in Pavlohrad's old town left [five] dead.", "Pavlohrad / Dnipropetrovsk / Ukraine"),
    ("The bombardment of Chuhuiv cost [nine] lives.", "Chuhuiv / Kharkiv / Ukraine"),
    ("Rescuers pulled [two] from a Lviv warehouse.", "Lviv / Lviv / Ukraine"),
    # spellings, old names, scripts, capitals
    ("Drones over Kharkov wounded [six].", "Kharkiv / Kharkiv / Ukraine"),
    ("A missile on Krivoy Rog killed [one].", "Kryvyi Rih / Dnipropetrovsk / Ukraine"),
    ("Fighting for Artyomovsk: shells on Artyomovsk killed [one].", "Bakhmut / Donetsk / Ukraine"),
    ("SHELLING IN KHERSON KILLS [TWO]", "Kherson / Kherson / Ukraine"),
    ("Обстріл у Kyiv: in Київ [two] died.", "Kyiv / Kyiv City / Ukraine"),
    ("The strike in Zaporozhye killed [eleven].", "Zaporizhzhia / Zaporizhzhia / Ukraine"),
    # a byword for the town
    ("Explosions shook the Ukrainian capital, and [three] people died.", "Kyiv / Kyiv City / Ukraine"),
    ("A gunman shot [four] dead in the Norwegian capital.", "Oslo / Oslo / Norway"),
    # chains
    ("A glide bomb killed [two] in Kostiantynivka, Donetsk Oblast, Ukraine.", "Kostiantynivka / Donetsk / Ukraine"),
    ("In the village of Lyptsi in Ukraine's Kharkiv region [one] man died.", "Lyptsi / Kharkiv / Ukraine"),
    ("A mortar hit Shebekino, a town in Russia's Belgorod region, hurting [five].", "Shebekino / Belgorod / Russia"),
    ("In the town of Huliaipole, in Zaporizhzhia oblast, [two] died.", "Huliaipole / Zaporizhzhia / Ukraine"),
    ("[Two] died in Ukraine's eastern city of Kramatorsk.", "Kramatorsk / Donetsk / Ukraine"),
    # parts of a city
    ("Debris fell on the Desnianskyi district of Kyiv, hurting [three].", "Kyiv / Kyiv City / Ukraine"),
    ("A drone struck Kharkiv's Saltivka district and hurt [eight].", "Kharkiv / Kharkiv / Ukraine"),
    ("A rocket hit Kyivskyi district, Donetsk, killing [one].", "Donetsk / Donetsk / Ukraine"),
    ("Gunmen killed [three] in the Petare quarter of Caracas, Venezuela.", "Caracas / Capital District / Venezuela"),
    ("Shots were fired in Brooklyn, New York City, injuring [four].", "New York City / New York / United States"),
    ("An attacker in the 18th arrondissement of Paris stabbed [two].", "Paris / Ile-de-France / France"),
    # sites
    ("A missile hit the Okhmatdyt clinic and killed [two].", "Kyiv / Kyiv City / Ukraine"),
    ("Water rose after the Kakhovka Dam broke; [five] drowned.", "Nova Kakhovka / Kherson / Ukraine"),
    ("Shells near the Zaporizhzhia Nuclear Power Plant hurt [one].", "Enerhodar / Zaporizhzhia / Ukraine"),
    ("The Poltava railway station was hit and [six] were hurt.", "Poltava / Poltava / Ukraine"),
    ("A truck exploded on the Crimean Bridge, killing [three].", "- / Crimea / Ukraine"),
    # regions, countries
    ("Shelling across Sumy Oblast killed [one] and hurt nine.", "- / Sumy / Ukraine"),
    ("The Kherson region lost [four] people to artillery.", "- / Kherson / Ukraine"),
    ("Sumy-area villages were shelled; [one] in Sumy oblast died.", "- / Sumy / Ukraine"),
    ("A mine in Chuhuiv district killed [two] farmers.", "- / Kharkiv / Ukraine"),
    ("Strikes across Ukraine killed at least [ten].", "- / - / Ukraine"),
    ("In the Dnipro region [three] were killed.", "- / Dnipropetrovsk / Ukraine"),
    ("Storms of drones hit annexed Crimea, where [one] died.", "- / Crimea / Ukraine"),
    # near, between, over
    ("[Two] soldiers died near Pokrovsk, in Ukraine's Donetsk region.", "Pokrovsk / Donetsk / Ukraine"),
    ("A bus was hit outside Sloviansk and [five] died.", "Sloviansk / Donetsk / Ukraine"),
    ("[Six] drowned after a boat was hit in the Black Sea.", "- / - / -"),
    # several places: none of them
    ("Strikes on Poltava and Kremenchuk killed [nine].", "- / Poltava / Ukraine"),
    ("Missiles hit Lviv, Rivne and Lutsk, killing [four].", "- / - / Ukraine"),
    ("[Twelve] died in the Kharkiv, Sumy and Chernihiv regions.", "- / - / Ukraine"),
    ("A bomb in a school in Homs and on a market in Hama killed [six].", "- / - / Syria"),
    ("Blasts in Beirut and Damascus killed [six].", "- / - / -"),
    # each its own
    ("Six died in Donetsk and [four] in Kherson.", "Kherson / Kherson / Ukraine"),
    ("[Six] died in Donetsk and four in Kherson.", "Donetsk / Donetsk / Ukraine"),
    ("Strikes across Ukraine killed seven, including [two] in Odesa.", "Odesa / Odesa / Ukraine"),
    ("Strikes across Ukraine killed [seven], including two in Odesa.", "- / - / Ukraine"),
    ("Shells hit Sumy Oblast, killing one near Krasnopillia and injuring [eight].", "- / Sumy / Ukraine"),
    ("Three were shot in Tulum, Quintana Roo, while [two] died in León, Guanajuato.", "León / Guanajuato / Mexico"),
    ("A raid on Lviv killed three. Separately, [two] died in a raid on Dnipro.", "Dnipro / Dnipropetrovsk / Ukraine"),
    ("Missiles hit Dnipro, Lviv and Odesa, where [two] people died.", "Odesa / Odesa / Ukraine"),
    # the place stands further away
    ("A drone hit Izium. Officials said [two] people were killed.", "Izium / Kharkiv / Ukraine"),
    ("Strike on Odesa | The attack killed [three] people, police said.", "Odesa / Odesa / Ukraine"),
    ("A rocket hit a school in Aleppo, Syria. The blast shook the city. Doctors counted [nine] dead.",
     "Aleppo / Aleppo / Syria"),
    ("A missile hit Odesa. Across the country, [thirty] people died that night.", "- / - / Ukraine"),
    ("[Two] were killed, the Kherson governor wrote.", "- / Kherson / Ukraine"),
    ("[Two] were hurt, said the mayor of Nikopol.", "Nikopol / Dnipropetrovsk / Ukraine"),
    ("[Five] Sudanese civilians were killed by a drone.", "- / - / Sudan"),
    # names that the gazetteer lacks, and parts of cities that it does not know
    ("Guards shot [two] at a checkpoint in Qarvosh district, Kabul, Afghanistan.", "Kabul / Kabul / Afghanistan"),
    ("A mortar killed [three] in Zelvany, Idlib Governorate, Syria.", "Zelvany / Idlib / Syria"),
    ("[Four] died on Sandy Cove Beach in Mogadishu, Somalia.", "Mogadishu / Banaadir / Somalia"),
    ("Shells fell on Homs, Qarvosh, and Hama, killing [four] in Syria's west.", "- / - / Syria"),
    ("Rebels shelled the University of Aleppo and killed [four].", "Aleppo / Aleppo / Syria"),
    ("Raiders killed [six] in the Mossi village of Djibo, Burkina Faso.", "Djibo / Sahel / Burkina Faso"),
    ("A mine killed [six] in Kismayo, Jubaland, Somalia.", "Kismayo / Lower Juba / Somalia"),
    ("A mob killed [two] in Sistan and Baluchestan, Iran.", "- / Sistan and Baluchestan / Iran"),
    ("Bandits killed [ten] in Ikara Local Government Area of Kaduna State.", "- / Kaduna / Nigeria"),
    ("A bus blew up in Majdal Anjar, Beqaa Governorate, near the Lebanon–Syria border, killing [five].",
     "Majdal Anjar / Beqaa / Lebanon"),
    ("A truck bomb in Cox's Bazar, Bangladesh, hurt [two].", "Cox's Bazar / Chittagong / Bangladesh"),
    # live blogs do not leak
    ("One dead in Sumy | A drone killed one man in Sumy. | Two dead in Lviv | A missile killed [two].",
     "Lviv / Lviv / Ukraine"),
]  # fmt: skip

TRAPS = [
    # bywords, speakers, origins, people and bodies named after places
    ("Moscow said its guns killed [two] in Vovchansk.", "Vovchansk / Kharkiv / Ukraine"),
    ("A drone killed [one] in Belgorod, Kyiv said.", "Belgorod / Belgorod / Russia"),
    ("Washington wants talks after a raid on Taiz killed [six].", "Taiz / Taiz / Yemen"),
    ("Moscow hits Kharkiv and kills [five].", "Kharkiv / Kharkiv / Ukraine"),
    ("A rocket fired from Gaza killed [one] in Ashkelon.", "Ashkelon / Southern District / Israel"),
    ("An envoy flew to Amman after [four] were killed in Aleppo.", "Aleppo / Aleppo / Syria"),
    ("Viktoria Bakal saw [three] bodies in Poltava.", "Poltava / Poltava / Ukraine"),
    ("Jack London wrote of it; [two] died in Oslo.", "Oslo / Oslo / Norway"),
    ("Marco Santiago, a Paris Match reporter, counted [six] dead in Goma.",
     "Goma / North Kivu / Democratic Republic of the Congo"),
    ("Phones from Mobile rang while [nine] lay dead in Kabul.", "Kabul / Kabul / Afghanistan"),
    ("On Thursday, [two] died in Kadugli.", "Kadugli / South Kordofan / Sudan"),
    ("Many of the [ten] dead in Basra were young.", "Basra / Basra / Iraq"),
    ("Nice weather in March ended when a bomb in Karachi killed [two].", "Karachi / Sindh / Pakistan"),
    ("Reading the list, he named [four] killed in Mosul.", "Mosul / Nineveh / Iraq"),
    ("The University of Nevada mourned [two] killed in Reno, Nevada.", "Reno / Nevada / United States"),
    ("The New Lahore Bank branch in Multan, Pakistan, was bombed; [three] died.", "Multan / Punjab / Pakistan"),
    ("Bank of Cyprus staff fled as [one] was shot in Tripoli, Libya.", "Tripoli / Tripoli / Libya"),
    ("The 2015 Paris attacks came to mind when [three] were stabbed in Lyon.", "Lyon / Auvergne-Rhône-Alpes / France"),
    ("U.S. airstrikes on Saada killed [eight].", "Saada / Saada / Yemen"),
    ("Jordan Williams, 25, was among the [two] killed in Kigali.", "Kigali / Kigali / Rwanda"),
    ("A Russian missile killed [one] in Ukraine.", "- / - / Ukraine"),
    ("KYIV, Ukraine (AP) — A rocket killed [two] in Kramatorsk.", "Kramatorsk / Donetsk / Ukraine"),
    ("An Iskander strike on Okhtyrka killed [two].", "Okhtyrka / Sumy / Ukraine"),
    ("A Kalibr hit St. Nicholas's Church in Odesa and hurt [one].", "Odesa / Odesa / Ukraine"),
    ("[Eight] were hurt in a strike on St. Mary's Greek Cathedral in Kherson.", "Kherson / Kherson / Ukraine"),
    ("Mines killed [two] in Vovchansk, near the Russia–Ukraine border.", "Vovchansk / Kharkiv / Ukraine"),
    ("Mount Kenya rangers found [two] bodies in Nyeri, Kenya.", "Nyeri / Central / Kenya"),
]  # fmt: skip

AMBIGUOUS = [
    ("A missile hit Pokrovsk in Ukraine, killing [two].", "Pokrovsk / Donetsk / Ukraine"),
    ("A fire in Odessa, Texas, hurt [two].", "Odessa / Texas / United States"),
    ("Rockets on Odessa, Ukraine, hurt [two].", "Odesa / Odesa / Ukraine"),
    ("A bomb in Tripoli, Lebanon, killed [two].", "Tripoli / North / Lebanon"),
    ("Militias in Tripoli, Libya, killed [two].", "Tripoli / Tripoli / Libya"),
    ("Gunmen in Salamanca, Guanajuato, killed [six].", "Salamanca / Guanajuato / Mexico"),
    ("A knifeman in Salamanca, Spain, hurt [one].", "Salamanca / Castile and León / Spain"),
    ("Police in Córdoba, Argentina, shot [one].", "Córdoba / Córdoba / Argentina"),
    ("A blast in Cordoba, Spain, hurt [one].", "Córdoba / Andalusia / Spain"),
    ("A car bomb in Santiago, Chile, hurt [three].", "Santiago / Santiago / Chile"),
    ("Gunmen in Valencia, Venezuela, killed [two].", "Valencia / Carabobo / Venezuela"),
    ("A stabbing in Valencia, Spain, left [one] dead.", "Valencia / Valencia / Spain"),
    ("A shooting in Birmingham, Alabama, left [four] dead.", "Birmingham / Alabama / United States"),
    ("A stabbing in Birmingham, England, left [one] dead.", "Birmingham / England / United Kingdom"),
    ("A raid in Hyderabad, Pakistan, killed [one].", "Hyderabad / Sindh / Pakistan"),
    ("A bomb in Hyderabad, India, killed [three].", "Hyderabad / Telangana / India"),
    ("Clashes in Benin City, Nigeria, killed [five].", "Benin City / Edo / Nigeria"),
    ("Shelling of Rafah in the Gaza Strip killed [ten].", "Rafah / Gaza Strip / Palestine"),
    ("Smugglers in Rafah, Egypt, shot [one].", "Rafah / North Sinai / Egypt"),
    ("A gunman in Paris, Texas, wounded [two].", "Paris / Texas / United States"),
    ("A van in London, Ontario, killed [four].", "London / Ontario / Canada"),
    ("Rebels in Georgia's capital Tbilisi shot [one].", "Tbilisi / Tbilisi / Georgia"),
    ("A shooting in Atlanta, Georgia, killed [eight].", "Atlanta / Georgia / United States"),
    ("Gunmen in Niger State, Nigeria, killed [nine].", "- / Niger / Nigeria"),
    ("Gunmen in Maradi, Niger, killed [nine].", "Maradi / Maradi / Niger"),
    ("A drone hit Donetsk in Russian-held Ukraine, killing [one].", "Donetsk / Donetsk / Ukraine"),
    ("A drone hit Donetsk in Russia's Rostov region, hurting [one].", "Donetsk / Rostov / Russia"),
    ("Shells on Mykolaivka, Donetsk Oblast, killed [one].", "Mykolaivka / Donetsk / Ukraine"),
    ("A shell fell on Piatykhatky, Zaporizhzhia Oblast, killing [one].", "Piatykhatky / Zaporizhzhia / Ukraine"),
    ("A bomb in San Juan, Puerto Rico, hurt [two].", "San Juan / Puerto Rico / Puerto Rico"),
    ("Police in Nice, France, shot [one].", "Nice / Provence-Alpes-Côte d'Azur / France"),
    ("A man in Reading, England, stabbed [three].", "Reading / England / United Kingdom"),
    ("A gunman in Mobile, Alabama, shot [three].", "Mobile / Alabama / United States"),
    ("A shooting in Santa Fe, Texas, killed [ten].", "Santa Fe / Texas / United States"),
]  # fmt: skip

WORLD = [
    ("Suicide bombers struck Maiduguri, Borno State, Nigeria, killing [eleven].", "Maiduguri / Borno / Nigeria"),
    ("In Burkina Faso, jihadists killed [thirty] at Djibo.", "Djibo / Sahel / Burkina Faso"),
    ("The RSF shelled El Fasher, killing [sixteen].", "El Fasher / North Darfur / Sudan"),
    ("Al-Shabaab fighters shelled Beledweyne, Somalia, killing [four].", "Beledweyne / Hiran / Somalia"),
    ("In Qoryooley, Lower Shabelle, Somalia, a mine killed [three].", "Qoryooley / Lower Shabelle / Somalia"),
    ("A raid near Mocímboa da Praia in Mozambique killed [five].", "Mocimboa da Praia / Cabo Delgado / Mozambique"),
    ("M23 rebels killed [nine] in Rutshuru, North Kivu.",
     "Rutshuru / North Kivu / Democratic Republic of the Congo"),
    ("A strike on Deir al-Balah, central Gaza, killed [six].", "Deir al-Balah / Gaza Strip / Palestine"),
    ("Settlers shot [one] in Beita in the West Bank.", "Beita / West Bank / Palestine"),
    ("Rockets hit Kiryat Shmona, Israel, hurting [two].", "Kiryat Shmona / Northern District / Israel"),
    ("A drone on Nabatieh in southern Lebanon killed [five].", "Nabatieh / Nabatieh / Lebanon"),
    ("A car bomb in Azaz, northern Syria, killed [eight].", "Azaz / Aleppo / Syria"),
    ("Gunmen killed [seven] in Kirkuk, Iraq.", "Kirkuk / Kirkuk / Iraq"),
    ("Houthi shells on Marib, Yemen, killed [two].", "Marib / Marib / Yemen"),
    ("A blast at a mosque in Kunduz, Afghanistan, killed [forty].", "Kunduz / Kunduz / Afghanistan"),
    ("A bomb in Quetta, Balochistan, Pakistan, killed [nine].", "Quetta / Balochistan / Pakistan"),
    ("A mine in North Waziristan killed [three] troops.", "- / Khyber Pakhtunkhwa / Pakistan"),
    ("Jets bombed Loikaw, Myanmar, killing [four].", "Loikaw / Kayah / Myanmar"),
    ("Gunmen killed [three] in Jolo, Sulu, Philippines.", "Jolo / Sulu / Philippines"),
    ("A bomb in Yala, Thailand, hurt [seven].", "Yala / Yala / Thailand"),
    ("Gangs killed [seventy] in Pont-Sondé, Artibonite, Haiti.", "Pont-Sondé / Artibonite / Haiti"),
    ("Gunmen killed [nine] in Culiacán, Sinaloa.", "Culiacán / Sinaloa / Mexico"),
    ("A grenade in Jamundí, Colombia, hurt [six].", "Jamundí / Valle del Cauca / Colombia"),
    ("A gunman killed [ten] at a school in Graz, Austria.", "Graz / Styria / Austria"),
    ("A man drove into a crowd in Magdeburg, Germany, killing [six].", "Magdeburg / Saxony-Anhalt / Germany"),
    ("A bomb at a party in Ankara, Turkey, killed [two].", "Ankara / Ankara / Turkey"),
    ("Shells fell on Stepanakert in Azerbaijan, killing [three].", "Stepanakert / Khojali / Azerbaijan"),
    ("A drone attack on Engels in Russia's Saratov region hurt [one].", "Engels / Saratov / Russia"),
    ("Bandits in Katsina State, Nigeria, killed [ten].", "- / Katsina / Nigeria"),
    ("An IED in Mandera County, Kenya, killed [five].", "- / Mandera / Kenya"),
    ("A clash in Bangassou, Central African Republic, killed [eight].",
     "Bangassou / Mbomou / Central African Republic"),
    ("Fano fighters in Gondar, Ethiopia, killed [two].", "Gondar / Amhara / Ethiopia"),
    ("Police shot [one] dead in Nairobi, Kenya.", "Nairobi / Nairobi / Kenya"),
    ("Maoists killed [ten] in Dantewada, Chhattisgarh, India.", "Dantewada / Chhattisgarh / India"),
    ("A church bombing in Colombo, Sri Lanka, killed [fifty].", "Colombo / Western / Sri Lanka"),
    ("A stabbing in Seoul, South Korea, hurt [four].", "Seoul / Seoul / South Korea"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), FORMS)
def test_forms(marked, expected):
    check(marked, expected)


@pytest.mark.parametrize(("marked", "expected"), TRAPS)
def test_traps(marked, expected):
    check(marked, expected)


@pytest.mark.parametrize(("marked", "expected"), AMBIGUOUS)
def test_ambiguous_names(marked, expected):
    check(marked, expected)


@pytest.mark.parametrize(("marked", "expected"), WORLD)
def test_around_the_world(marked, expected):
    check(marked, expected)


def test_the_cases_cover_enough():
    cases = FORMS + TRAPS + AMBIGUOUS + WORLD
    countries = {expected.rsplit(" / ", 1)[1] for _, expected in cases}
    assert len({marked for marked, _ in cases}) == len(cases) >= 100
    assert len(countries - {"-"}) >= 15
    assert len(AMBIGUOUS) >= 25


@pytest.mark.parametrize(
    ("marked", "measure", "expected"),
    [
        ("Russia launched [90] drones overnight; [in] Odesa two died.", Measure.LAUNCHED, "- / - / Ukraine"),
        ("Russia launched [20] drones at Odesa.", Measure.LAUNCHED, "Odesa / Odesa / Ukraine"),
        ("Russia attacked Odesa with [20] drones.", Measure.LAUNCHED, "Odesa / Odesa / Ukraine"),
        ("Ukraine's air force downed [70] of them over Sumy and Poltava.", Measure.INTERCEPTED, "- / - / Ukraine"),
        ("Russia's defence ministry said it shot down [40] Ukrainian drones over Bryansk.", Measure.INTERCEPTED,
         "- / - / Russia"),
        ("Two died in Lviv in a raid that involved [30] missiles.", Measure.LAUNCHED, "- / - / Ukraine"),
        ("A raid on Kyiv killed two. In all, [300] drones were launched.", Measure.LAUNCHED, "- / - / Ukraine"),
        ("Iran fired [80] missiles at Israel.", Measure.LAUNCHED, "- / - / Israel"),
        ("Crews shot down [27] Ukrainian unmanned aircraft, Moscow said.", Measure.INTERCEPTED, "- / - / Russia"),
        ("Ukraine downed [30] Russian drones overnight, the air force said.", Measure.INTERCEPTED, "- / - / Ukraine"),
        ("Russia destroyed [36] Ukrainian drones over Crimea.", Measure.INTERCEPTED, "- / - / Ukraine"),
        ("Houthi rebels fired [two] missiles at Eilat.", Measure.LAUNCHED, "Eilat / Southern District / Israel"),
        ("A raid on Kyiv killed two. [Eleven] drones vanished from radar.", Measure.SUPPRESSED, "- / - / Ukraine"),
    ],
)  # fmt: skip
def test_national_measures(marked, measure, expected):
    check(marked.replace("[in]", "in"), expected, measure)


@pytest.mark.parametrize(
    ("marked", "precision"),
    [
        ("A shell killed [four] in Orikhiv.", 1),
        ("A shell killed [four] near Orikhiv.", 2),
        ("A mine in Chuhuiv district killed [two].", 3),
        ("Shelling across Sumy Oblast killed [one].", 4),
        ("Fighting in the Donbas killed [forty].", 5),
        ("Strikes across Ukraine killed [ten].", 6),
        ("[Six] sailors died in the Black Sea.", 7),
    ],
)
def test_precision(marked, precision):
    assert where(marked).where_prec == precision


def test_a_district_keeps_its_printed_name():
    found = where("A drone struck Kharkiv's Saltivka district and hurt [eight].")
    assert found.place == "Kharkiv"
    assert "Saltivka" in (found.place_text or "")


def test_a_town_that_the_gazetteer_lacks_keeps_its_name_with_the_centre_of_its_region():
    found = where("Troops killed [six] in the village of Zzyx Tepe, Kunduz Province, Afghanistan.")
    assert (found.place, found.admin1, found.country, found.where_prec) == ("Zzyx Tepe", "Kunduz", "Afghanistan", 4)
    assert found.lat == pytest.approx(36.8, abs=0.5)
    assert found.lon == pytest.approx(68.9, abs=0.5)


def test_a_town_that_the_gazetteer_lacks_has_no_coordinates_without_a_region():
    found = where("Troops killed [six] in the village of Zzyx Tepe in Afghanistan.")
    assert (found.place, found.country, found.lat, found.lon) == ("Zzyx Tepe", "Afghanistan", None, None)


def test_two_candidates_left_are_listed_and_none_is_taken():
    found = where("A gunman killed [three] in Springfield.")
    assert found.place is None
    assert found.country == "United States"
    assert len(found.candidates) >= 2
    assert all(name.startswith("Springfield, ") for name in found.candidates)


def test_nothing_known_is_nothing():
    assert where("He counted [three] dead.") == Where()


def test_the_title_governs_a_text_without_a_place():
    assert where("The blast killed [two].", title="Rocket hits Sloviansk").place == "Sloviansk"


def test_offsets_of_mentions_point_at_the_text():
    text = "Near Kupiansk, in Ukraine's Kharkiv region, Kyiv said, two died in Hroza."
    document = segment(Report("r", text))
    sentence = next(iter(document.sentences))
    mentions = Places(document).mentions(sentence)
    assert [m.name for m in mentions] == ["Kupiansk", "Ukraine", "Kharkiv", "Kyiv", "Hroza"]
    assert [sentence.text[m.start : m.end] for m in mentions] == [m.label for m in mentions]


def test_nothing_is_read_until_it_is_asked():
    document = segment(Report("r", "Two died in Kyiv. " * 2000))
    places = Places(document)
    assert not places._mentions


@pytest.mark.parametrize(
    "unit",
    ["In Kyiv, Ukraine, six died. ", "Kyiv, Odesa and Lviv ", "He fell ill that day. ", "including Kyiv ", "Aaa Bbb "],
)
def test_time_grows_with_length_and_not_with_its_square(unit):
    def cost(repeats: int) -> float:
        document = segment(Report("r", unit * repeats))
        begin = time.process_time()
        places = Places(document)
        for sentence in document.sentences:
            places.of(sentence, Span(sentence.start, sentence.start + 2), Measure.KILLED)
        return time.process_time() - begin

    cost(10)
    small = min(cost(500) for _ in range(2))
    assert cost(4000) < 8 * 4 * small + 0.2


@pytest.mark.parametrize(
    "text", ["", "...", "of of of in in", "IN", "’s", "Kyiv-", "-Kyiv", "in Al-", "Q" * 5000, "\u0301"]
)
def test_odd_texts_raise_nothing(text):
    document = segment(Report("r", text))
    for sentence in document.sentences:
        for measure in (Measure.KILLED, Measure.LAUNCHED):
            assert isinstance(Places(document).of(sentence, Span(sentence.start, sentence.end), measure), Where)
