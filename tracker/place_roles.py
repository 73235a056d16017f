"""What each place that a sentence names has to do with the event: the scene, near it, a government, an office."""

from __future__ import annotations

import re

from tracker.gazetteer import PlaceKind
from tracker.mentions import Mention, Words
from tracker.offices import of_region, office_behind
from tracker.place_terms import SAID, SCENE, Role, terms
from tracker.wording import contains_any


class Roles:
    """Reads the words around each mention of one sentence."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.terms = terms()
        lowered = words.text.lower()
        #: Whether a hospital, and a way, is named at all; in most sentences none is.
        self._cares = contains_any(lowered, ("clinic", "hospital"))
        self._ways = contains_any(lowered, _WAYS)

    def of(self, mention: Mention) -> tuple[Role, str]:
        """The role of ``mention`` and the word that gave it, such as "in"."""
        # 1. A people or an adjective acts; only a kind word makes it a place, and that was read with the name.
        if mention.adjective:
            after = self.words.word(mention.last + 1)
            if after in _ABROAD:
                return Role.OTHER, ""  # "two Ecuadorean citizens" are named so where they are strangers
            return (Role.NEAR if after in ("border", "frontier") else Role.ACTOR), ""
        # 2. "KYIV, Ukraine (AP) —" tells where the reporter sat.
        if mention.start == 0 and _DATELINE.match(self.words.text):
            return Role.DATELINE, ""
        if self.words.text.startswith(("-bound", "\u2011bound"), mention.end):
            return Role.OTHER, "to"  # "the Quetta-bound express"
        if self._of_medium(mention):
            return Role.OTHER, "medium"
        # 3. "U.S. airstrikes", "Russia strike": a country before a means of war acts, whatever leads the phrase.
        after = self.words.word(mention.last + 1)
        country = bool(mention.candidates) and mention.candidates[0].kind is PlaceKind.COUNTRY
        acts = after in self.terms.means and self.words.gap(mention.last + 1) == " "
        acts = acts or (after == "air" and self.words.word(mention.last + 2) in _FROM_THE_AIR)  # "Israel air raids"
        if acts and (country or (after in _FORCES and self._is_region(mention))):
            return Role.ACTOR, ""
        if country and after == "war" and self.words.gap(mention.last + 1) == " ":
            return Role.OTHER, ""  # "one of the deadliest attacks in the Ukraine war"
        # 4. "the army said in Kinshasa", "officials in Yerevan said": where the one sat who speaks.
        if not country and self._tells(mention):
            lead = SAID if self.words.word(mention.first - 2) in self.terms.speech else ""
            return (Role.ACTOR if self._is_capital(mention) else Role.CREDIT), lead
        # 5. "the Guga–Bakori road" runs between the two.
        if self._ways and self._on_the_way(mention):
            return Role.OTHER, "way"
        # "taken to the Jos University hospital", "treated at a clinic in Dnipro": hurt elsewhere.
        if self._cares and self._of_care(mention):
            return Role.OTHER, "hospital"
        # 6. What goes before: a preposition, a verb of violence, an office, another place of the same list.
        role, lead, of = self._look_left(mention)
        if lead == "between":
            return (Role.ACTOR if country else Role.LOCATION), lead
        office = office_behind(self.words, mention.last + 1)
        if role is not None and mention.possessive and office:
            return Role.TITLE, lead
        if role in (Role.OTHER, Role.ORIGIN) and office and not country:
            return Role.TITLE, lead  # "according to the Odesa mayor"
        if role is not None:
            if role is Role.OTHER and mention.candidates[:1] and mention.candidates[0].kind is PlaceKind.SITE:
                return Role.LOCATION, lead  # "a substation for the X plant" stands there
            struck = after in self.terms.events or self._before_site(mention.last + 1)
            if role in (Role.ORIGIN, Role.OTHER) and lead != "way" and not country and struck:
                return Role.LOCATION, lead  # "from a Lviv warehouse", "from the Lviv strike"
            if lead in _SINCE and not country and (after in _SUFFERED or self._passive(mention.last + 1)):
                return Role.LOCATION, lead
            return (Role.ACTOR, "") if role in SCENE and self._speaks(mention) else (role, lead)
        # 7. What comes after.
        return self._look_right(mention, of=of), ""

    def _look_right(self, mention: Mention, *, of: bool) -> Role:
        after, follows = self.words.word(mention.last + 1), self.words.gap(mention.last + 1)
        town = any(p.kind is PlaceKind.SETTLEMENT for p in mention.candidates) and not self._is_capital(mention)
        town = town or not mention.candidates
        opens = mention.first == 0 or self.words.gap(mention.first).strip()[-1:] in tuple(".;:—–!?|")
        headed = mention.first == 0 and _HEADING.match(self.words.text, mention.end) is not None
        if mention.site or headed or (follows.strip()[:1] == ":" and mention.first == 0):
            return Role.LOCATION
        alone = mention.first == 0 and mention.last + 1 == self.words.size
        if opens and (town or alone) and self._heads(mention):
            return Role.LOCATION
        if follows.strip("-–’' "):
            return Role.OTHER
        beyond = self.words.word(mention.last + 2)
        if after in ("resident", "residents") and beyond in _PASSIVE:
            return Role.LOCATION  # "two Kyiv residents were killed"
        if office_behind(self.words, mention.last + 1) or (after in self.terms.kinds and beyond in self.terms.titles):
            return Role.TITLE
        if after in self.terms.events or after in ("under", "refugee") or self._before_site(mention.last + 1):
            return Role.LOCATION
        country = mention.candidates[:1] and mention.candidates[0].kind is PlaceKind.COUNTRY
        if country and after in self.terms.verbs and beyond != "by":
            return Role.ACTOR  # "Russia attacked with 40 drones"; but "Ukraine attacked by 40 drones"
        if self._passive(mention.last + 1):
            return Role.LOCATION
        if mention.possessive and self._before_title(mention.last + 1):
            return Role.TITLE
        if mention.possessive and self._before_named_site(mention.last + 1):
            return Role.LOCATION
        if after in self.terms.speech or (mention.possessive and not of):
            return Role.ACTOR
        # "Ternopil buries its dead", "the border town of X counted three": what a town does, it does at home.
        if opens and town and after.isalpha() and not self.words.capital(mention.last + 1):
            return Role.LOCATION
        if after in self.terms.says:
            return Role.ACTOR
        if mention.hint in (PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.SETTLEMENT):
            return Role.LOCATION  # "the Kherson region lost four"
        return Role.OTHER

    def _of_medium(self, mention: Mention) -> bool:
        """Whether the name is that of a paper or an agency: "the Dogan news agency", "the Nation newspaper"."""
        words, media = self.words, self.terms.media
        for n in range(mention.last + 1, min(mention.last + 4, words.size)):
            word = words.word(n)
            if words.gap(n) not in (" ", "-") or not (words.capital(n) or word in media or word in _OF_MEDIA):
                return False
            if word in media:
                return True
        return False

    def regional(self, mention: Mention) -> bool:
        """Whether the name is that of a region's office, whatever town the region shares it with."""
        return mention.role is Role.TITLE and of_region(self.words, mention)

    def _of_care(self, mention: Mention) -> bool:
        """Whether the name is that of a hospital to which the hurt are brought, or of its town."""
        words, first, after = self.words, mention.first, mention.last + 1
        if words.word(first - 1) == "in" and words.word(first - 2) in _WARDS:
            lead = first - 3
        elif any(words.word(index) in _WARDS and self._named(after, index) for index in range(after, after + 5)):
            lead = first - 1
        else:
            return False
        before = [words.word(index) for index in range(max(0, lead - _BROUGHT_BEFORE), lead + 1)]
        return not _INTO.isdisjoint(before) and not _BROUGHT.isdisjoint(before)

    def _named(self, start: int, end: int) -> bool:
        """Whether only capitalised words and those of a hospital's name stand between two words."""
        return all(self.words.capital(index) or self.words.word(index) in _OF_WARDS for index in range(start, end))

    @staticmethod
    def _is_region(mention: Mention) -> bool:
        """Whether the name is a region's alone: "Puntland troops"."""
        kinds = {p.kind for p in mention.candidates}
        return mention.hint is None and bool(kinds) and kinds <= {PlaceKind.ADMIN1, PlaceKind.REGION}

    def _on_the_way(self, mention: Mention) -> bool:
        words, after = self.words, mention.last + 1
        dashes = ("–", "-", "\u2011")
        if words.word(after) in _WAYS and words.gap(mention.first) in dashes:
            return True
        other = words.owner.get(after) if words.gap(after) in dashes else None
        return other is not None and words.word(other.last + 1) in _WAYS

    def _is_capital(self, mention: Mention) -> bool:
        """Whether the name is first of all that of a country's capital, and so a byword for a government."""
        best = mention.candidates[0] if mention.candidates else None
        return best is not None and self.terms.capitals.get(best.country or "") == best.name

    def _heads(self, mention: Mention) -> bool:
        """Whether a town opens the sentence as its heading: "Sumy. Two hurt", "Sumy, 09:20:", "Sumy, Ukraine, lost"."""
        words, after = self.words, mention.last + 1
        gap = words.gap(after).strip()
        if after == words.size:
            return mention.first == 0
        if mention.first == 0:
            gap = gap.lstrip(". ")  # "Guayaquil. — Gunmen fired ..."
        if gap[:1] in ("—", "–", "|", "-") or (gap == "," and words.word(after)[0].isdigit()):
            return True
        if gap != ",":
            return False
        if words.word(after) in ("in", "near"):
            return True
        outer = words.owner.get(after)
        return outer is not None and any(p.within(q) for p in mention.candidates for q in outer.candidates)

    def _speaks(self, mention: Mention) -> bool:
        """Whether ", and Kyiv said" closes a list that never was one."""
        k = mention.first
        joined = "," in self.words.gap(k) or self.words.word(k - 1) in ("and", "but", "while")
        after = self.words.word(mention.last + 1)
        return joined and after in self.terms.says and not self._passive(mention.last + 1)

    def _tells(self, mention: Mention) -> bool:
        """Whether the place is that of the one who speaks: "said from X", "said on Friday in X", "medics in X told"."""
        words, k = self.words, mention.first - 1
        if words.word(k) == "the":
            k -= 1
        if words.word(k) not in ("in", "from", "at"):
            return False
        after = words.word(mention.last + 1)
        speaker = words.word(k - 1)
        told = after in self.terms.speech or after in self.terms.care
        if told and speaker in self.terms.tellers and not words.capital(mention.last + 1):
            return not words.gap(mention.last + 1).strip(" ,")
        if words.word(k - 1).removesuffix("s") in _DAYS and words.word(k - 2) == "on":
            k -= 2
        closes = words.gap(mention.last + 1).strip()[:1] in (".", ",", ";", ":", "")
        alone = mention.last + 1 >= words.size or (closes and words.gap(mention.last + 1).strip() != "")
        if words.word(k - 2) in _PASSIVE or words.gap(k) != " ":
            return False  # "three deaths were reported in X"
        return words.word(k - 1) in self.terms.speech and (alone or after in ("and", "as", "that", "while"))

    def _before_title(self, k: int) -> bool:
        """Whether an office follows a possessive: "Enerhodar's Russia-installed mayor"."""
        for n in range(k, min(k + 4, self.words.size)):
            if self.words.gap(n) not in (" ", "-"):
                return False
            if self.words.word(n) in self.terms.titles:
                return True
        return False

    def _before_named_site(self, k: int) -> bool:
        """Whether a site's own name follows: "Beersheba's Soroka hospital", "Gaza's Al-Shifa Hospital"."""
        words = self.words
        for n in range(k, min(k + 5, words.size)):
            if n > k and words.gap(n) not in (" ", "-"):
                return False
            if words.word(n) in self.terms.sites or self.terms.kinds.get(words.word(n)) is PlaceKind.DISTRICT:
                return n > k
            if words.word(n) in self.terms.leads or words.word(n) in self.terms.verbs:
                return False
        return False

    def _before_site(self, k: int) -> bool:
        """Whether token ``k``, or one of two small words on, names a site: "the Poltava railway station"."""
        words, sites, others = self.words, self.terms.sites, self.terms.leads_and_verbs
        for n in range(k, min(k + 3, words.size)):
            token = words.tokens[n]
            if token.capital or words.gap(n) != " ":
                return False
            if token.low in sites:
                return words.word(n + 1) not in self.terms.speech  # "the Krasnodar headquarters said"
            if token.low in others:
                return False
        return False

    def _passive(self, k: int) -> bool:
        """Whether the words from ``k`` on say that X was hit: "X hit by drones", "X comes under fire"."""
        first = self.words.word(k)
        if first not in self.terms.verbs and first not in _PASSIVES and self.words.word(k + 1) != "under":
            return False
        words = [self.words.word(n) for n in range(k, k + 4)]
        if words[0] in ("comes", "came", "again") or "under" in words[:2]:
            return "under" in words
        if words[0] in ("is", "was", "were", "are", "has", "have"):
            return "under" in words or any(word in self.terms.verbs for word in words[1:3])
        return words[0] in self.terms.verbs and words[1] in ("by", "in", "overnight", "with")

    def _look_left(self, mention: Mention) -> tuple[Role | None, str, bool]:
        words, known = self.words, self.terms
        k, of = mention.first - 1, False
        while k >= 0 and mention.first - k <= 10:
            gap = words.gap(k + 1)
            other = words.owner.get(k)
            word, left, right = words.word(k), words.word(k - 1), words.word(k + 1)
            if other is not None and other is not mention:
                if other.adjective or (other.possessive and "," not in gap):
                    k = other.first - 1
                    continue
                # Another place of the same list or chain: what leads it leads this one.
                if _LISTED.fullmatch(words.text[other.end : words.starts[k + 1]]):
                    return other.role, other.lead, of
                return None, "", of
            if gap != " " and _STOPS.search(gap) and not gap.startswith("."):
                return None, "", of
            if "," in gap and word in known.streets:
                while k > 0 and words.capital(k - 1):
                    k -= 1  # "in Damascus Street, Beirut"
                k -= 1
                continue
            if "," in gap and (word == "border" or word not in known.plain):
                return None, "", of
            phrase = f"{left} {word}"
            if phrase in known.leads:
                return known.leads[phrase], phrase, of
            if word == "at" and right in ("least", "most"):
                return None, "", of
            if word in ("reach", "reached") and left in _ARRIVING:
                return Role.OTHER, "home", of  # "survivors who reached X"
            if word in ("into", "to") and left in _FLED:
                return Role.OTHER, "home", of  # "the others fled into X"
            here = words.starts[k]
            if word in ("in", "at") and _TREATED.search(words.text, max(0, here - 70), here):
                return Role.OTHER, "", of
            if word in ("in", "at", "near") and left in known.homes:
                return Role.OTHER, "home", of  # "people of X living in Y"
            if word == "from" and left in _DISTANCES:
                return Role.NEAR, word, of
            if word == "to" and left in _WAYS_IN:
                return Role.NEAR, word, of  # "at the northern entrance to X"
            if word in ("outskirts", "edge", "suburbs", "suburb", "vicinity"):
                return Role.NEAR, word, of
            town = mention.candidates[:1] and mention.candidates[0].kind is PlaceKind.SETTLEMENT
            far = town or left in _FAR
            if right == "of" and word in _SIDES and far:
                return Role.NEAR, word, of
            if word in known.leads:
                return known.leads[word], word, of
            if words.word(mention.last + 1) == "districts" and k == mention.first - 1 and word in _COUNTED:
                k -= 1  # "across five Kyiv districts"
                continue
            if word.isdigit() and len(word) == 4:
                return Role.OTHER, "past", of  # "the 2019 Karachi bombing" is background
            if word in known.verbs and not of:
                return Role.TARGET, word, of
            if of and word in known.events:
                return Role.TARGET, word, of
            if right == "of" and town and word in known.sites:
                return Role.LOCATION, word, of  # "the University of Aleppo"
            if of and word in known.offices:
                return (Role.TITLE if word in known.titles else Role.OTHER), word, of
            if word == "police" and known.kinds.get(right) is not None:
                k -= 1  # "in the 5th police district of X"
                continue
            if word in known.plain or (of and word in known.sites):
                # "the port of X": the port has been read, so that a verb before it still counts.
                of = word == "of"
                k -= 1
                continue
            if words.tokens[k].capital and right in known.kinds and other is None:
                k -= 1  # "in the Druze village of X"
                continue
            acronym = words.tokens[k].text.isupper() and len(word) <= 4
            if (
                acronym
                or words.tokens[k].text.isdigit()
                or word.endswith(("st", "th", "nd", "most"))
                or words.gap(k + 1) == "-"
            ):
                k -= 1
                continue
            # "on a council building of X", "in the streets of X": three words at most until a preposition.
            if right == "of" and not words.tokens[k].capital:
                for n in range(k - 1, max(k - 4, -1), -1):
                    if words.gap(n + 1) != " " or n in words.owner:
                        break
                    lead = words.word(n)
                    if known.leads.get(lead) in SCENE:
                        return known.leads[lead], lead, of
                    if lead in known.verbs and word not in known.offices:
                        return Role.TARGET, lead, of
            return None, "", of
        return None, "", of


#: What stands between two places of one list, and what parts a place from the words before it.
_LISTED = re.compile(r"[\s,(–/-]*")
_STOPS = re.compile(r"[.;:()\"“”!?]")
#: Hospitals, the words of their names, and how the hurt come there.
_WARDS = frozenset({"clinic", "clinics", "hospital", "hospitals"})
_OF_WARDS = frozenset({"and", "central", "city", "district", "general", "regional", "teaching", "university"})
_INTO = frozenset({"at", "in", "into", "to"})
_BROUGHT = frozenset(
    {
        "admitted",
        "airlifted",
        "brought",
        "carried",
        "evacuated",
        "ferried",
        "flown",
        "hospitalised",
        "hospitalized",
        "moved",
        "receiving",
        "referred",
        "rushed",
        "sent",
        "taken",
        "transferred",
        "transported",
        "treated",
    }
)
_BROUGHT_BEFORE = 6
_WAYS = frozenset({"highway", "motorway", "pipeline", "railway", "road", "route"})
_WAYS_IN = frozenset({"approach", "approaches", "entrance", "entrances", "entry", "gate", "gates"})
_ABROAD = frozenset({"asylum", "immigrant", "immigrants"}) | frozenset(
    {"citizen", "citizens", "migrant", "migrants", "national", "nationals", "tourist", "tourists"}
)
_ARRIVING = frozenset({"who", "had", "have", "survivors", "refugees"})
_FROM_THE_AIR = frozenset({"attack", "attacks", "force", "raid", "raids", "strike", "strikes"})
_FORCES = frozenset({"army", "forces", "soldiers", "troops"})
#: "Kherson, Korabelnyi district: two hurt", "Mogadishu's Lido Beach: ..."
_HEADING = re.compile(r"(?:['’]s)?,?(?:\s+(?:[^\W\d_a-z][\w’'-]*|district|quarter|area|region|oblast|city|of)){1,4}:")
#: "were taken to a burns unit in X"
_TREATED = re.compile(
    r"\b(?:taken|flown|rushed|airlifted|evacuated|transferred|moved|brought|sent|driven)\s(?!death\b)[^,;.]{0,25}?\bto\s[^,;.]{0,30}\Z"
)
#: What opens such words, besides a verb of attack and whatever stands before "under".
_PASSIVES = frozenset({"comes", "came", "again", "under", "is", "was", "were", "are", "has", "have"})
_COUNTED = frozenset({"several", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"})
_OF_MEDIA = frozenset({"daily", "local", "news", "online", "public", "state", "weekly"})
_FLED = frozenset({"escape", "escaped", "flee", "fled", "fleeing", "retreated", "withdrew"})
#: "a day after Kyiv suffered ...": what befalls a town befalls it there.
_SINCE = frozenset({"after", "as", "before", "when"})
_SUFFERED = frozenset({"endured", "saw", "suffered", "witnessed"})
_PASSIVE = frozenset({"are", "been", "being", "is", "was", "were"})
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
_DISTANCES = frozenset({"km", "kms", "kilometres", "kilometers", "miles", "mile", "far", "metres", "meters", "minutes"})
_FAR = _DISTANCES | {"just"}
_SIDES = frozenset(["north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"])
_NAME = r"[A-Z][\w'’. -]{2,30}"
_PART_OF = r", [A-Z][\w. ]{2,25}"
_DATELINE = re.compile(
    rf"(?:[A-Z][A-Z'’ ./-]{{2,30}}(?:, [A-Z\d][\w. ]{{2,25}})?"  # "KYIV, Ukraine", "PARIS, 26 juillet"
    rf"|{_NAME}{_PART_OF}(?=\s*[—–])|{_NAME}(?:{_PART_OF})?(?=\s*\())"  # "Gao, Mali —", "Gao (AFP)"
    r"\s*(?:\([^()]{2,40}\))?\s*(?:—|–|--| - )"
)
