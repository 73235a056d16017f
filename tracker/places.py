"""Find the names of places in a sentence, and what each has to do with the event.

A *mention* is a name that the gazetteer knows (or a capitalised name that its surroundings call a town), with its
candidates and its role: the scene, near it, the government behind a byword, an office, a starting point. Which of
several bearers of a name is meant is decided over the whole report by ``tracker.resolve``.

Names are looked up by folded words, longest first, only where a capitalised word stands: linear in the length of the
text. (An Aho-Corasick automaton of the same 260,000 names took 1.0 s to build; the table of names loads in 0.2 s.)
"""

from __future__ import annotations

import copy
import re

from tracker.addresses import GREAT_CITY, Address, Part, addresses
from tracker.gazetteer import Gazetteer, Place, PlaceKind, fold
from tracker.mentions import ARTICLES, CAPITAL, JOINT, LONGEST, PARTICLES, POSSESSIVE, Mention
from tracker.offices import office_behind
from tracker.place_roles import Roles
from tracker.place_terms import SCENE
from tracker.unlisted import Unlisted


def find_mentions(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """The places named in one sentence, in order, with their roles.

    >>> from tracker.gazetteer import gazetteer
    >>> [(m.name, m.role.value) for m in find_mentions("Russian shells hit Kherson, Kyiv said.", gazetteer())]
    [('Russian', 'actor'), ('Kherson', 'target'), ('Kyiv', 'actor')]
    """
    return _Finder(text, gazetteer).run()


class _Finder(Unlisted):
    """One pass over one sentence."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        super().__init__(text, gazetteer)
        self.mentions: list[Mention] = []

    def run(self) -> list[Mention]:
        free, lowered = 0, self.text.lower()
        found = tuple(addresses(self, self.gazetteer))
        parts = {part.first: (number, part) for number, each in enumerate(found) for part in each.parts}
        seat = "capital" if "capital" in lowered else None
        foreign = self._movement() if "Islamic State" in self.text else range(0)
        against = "anti-" in lowered
        for i in self.openings(seat):
            if i < free or self.starts[i] in foreign or (against and self.word(i - 1) == "anti" and self.gap(i) == "-"):
                continue
            if seat is not None and self.tokens[i].key == seat:
                mention = self._the_capital(i)
            elif i in parts:
                mention = self._of_address(found[parts[i][0]], *parts[i])
                free = parts[i][1].last + 1
            else:
                mention = self._match(i)
            if mention is not None:
                self.mentions.append(mention)
                for k in range(mention.first, mention.last + 1):
                    self.owner[k] = mention
                free = mention.last + 1
        if not self.mentions:
            return self.mentions
        if len(self.mentions) > 1:
            self._join_neighbours()
            self._drop_parts()
        self.mentions = [m for m in self.mentions if m.candidates or not self.listed_behind(m.last + 1)]
        roles = Roles(self)
        for mention in self.mentions:
            mention.role, mention.lead = roles.of(mention)
            if mention.hint is None and roles.regional(mention):
                mention.hint = PlaceKind.ADMIN1
            mention.weak = mention.weak and not self._great_town(mention)
        for number, address in enumerate(found):
            self._take_role(number, address, roles)
        if found:
            self.mentions = [m for m in self.mentions if m.address >= 0 or not self._in_address(m, found)]
        return self.mentions

    def _movement(self) -> range:
        """Where a movement is named that bears the name of a country: "the Islamic State of Iraq and Syria"."""
        starts = ((self.text.find(name), len(name)) for name in self.terms.movements)
        return next((range(start, start + length) for start, length in starts if start >= 0), range(0))

    def _of_address(self, address: Address, number: int, part: Part) -> Mention | None:
        """A part of an address; only the first is a place that the gazetteer may lack."""
        key = " ".join(token.key for token in self.tokens[part.first : part.last + 1])
        mention = self._known(part.first, part.last, key)
        opening = part is address.parts[0]
        if mention is None and opening:
            mention = self._mention(part.first, part.last, key, ())
        if mention is None:
            return None
        mention.address, mention.weak = number, False
        regions = tuple(p for p in mention.candidates if p.kind is PlaceKind.ADMIN1)
        # "Deh Goon, Herat, Afghanistan" lies in the region, "Greektown, Toronto, Canada" in the city.
        first = address.parts[0]
        quarter = self.terms.kinds.get(self.word(first.last + 1)) is PlaceKind.DISTRICT and first.end > first.last + 1
        great = part is address.parts[1] and any(
            p.kind is PlaceKind.SETTLEMENT and p.population >= GREAT_CITY for p in mention.candidates
        )
        country = mention.candidates[:1] and mention.candidates[0].kind is PlaceKind.COUNTRY
        if opening and mention.hint is None and address.bracket:
            mention.hint = PlaceKind.SETTLEMENT  # "Dogofri (Niono, Segou)" is a village, however great Niono is
        plain = mention.hint in (None, PlaceKind.ADMIN1)  # "Beni territory" is no region of Bolivia
        if regions and plain and not (opening or quarter or great or country):
            mention.candidates = regions
        return mention

    def _in_address(self, mention: Mention, found: tuple[Address, ...]) -> bool:
        """Whether a name is that of a site in the address, not of its namesake elsewhere: "the Tiburon restaurant"."""
        best = mention.candidates[0] if mention.candidates else None
        if mention.adjective or mention.role not in SCENE or (best is not None and not best.is_local):
            return False
        parts = [q for m in self.mentions if m.address >= 0 for q in m.candidates]
        outer = [q for q in parts if q.kind is not PlaceKind.COUNTRY]
        if any(p.within(q) for p in mention.candidates for q in outer):
            return False
        for each in found:
            between = _UNTIL_ADDRESS.fullmatch(self.text, mention.end, max(mention.end, self.starts[each.opens]))
            if between and (between["site"].strip()[0].isupper() or between["site"].strip() in self.terms.sites):
                return mention.hint is None
        site = self.word(mention.last + 1) in self.terms.sites and self.word(mention.last + 1) not in ("area", "camp")
        return site and best is not None and self.gap(mention.last + 1) == " "

    def _take_role(self, number: int, address: Address, roles: Roles) -> None:
        """Give every part of an address the role that its preposition gives the first words of it."""
        members = [mention for mention in self.mentions if mention.address == number]
        if members and address.opens != members[0].first:
            # "at 5035 Lake Street, Springfield": the street stands between.
            opened = copy.copy(members[0])
            opened.first, opened.start = address.opens, self.starts[address.opens]
            members[0].role, members[0].lead = roles.of(opened)
        for mention in members[1:]:
            mention.role, mention.lead = members[0].role, members[0].lead

    def _drop_parts(self) -> None:
        """A part of a town that bears the name of a place in another country: "Rafah's Tal as-Sultan"."""
        kept: list[Mention] = []
        for mention in self.mentions:
            last = kept[-1] if kept else None
            owned = last is not None and last.possessive and self.text[last.end : mention.start] in ("'s ", "’s ")
            if owned and last is not None and last.candidates[:1] and last.candidates[0].is_local:
                codes = {p.code for p in last.candidates}
                if (
                    mention.candidates
                    and not mention.adjective
                    and all(p.code not in codes for p in mention.candidates)
                ):
                    continue
            kept.append(mention)
        self.mentions = kept

    def _great_town(self, mention: Mention) -> bool:
        """Whether a common word is a town all the same: a great one, right after "in" or "near", and no headline."""
        plain = mention.role in SCENE and self.word(mention.first - 1) in ("in", "near") and not self.titled
        best = mention.candidates[0] if mention.candidates else None
        return plain and best is not None and best.population >= _GREAT and not self._glued(mention.last + 1)

    def _join_neighbours(self) -> None:
        """Two names side by side are one that the gazetteer lacks ("Lac Vert"), unless the second holds the first."""
        joined: list[Mention] = []
        for mention in self.mentions:
            last = joined[-1] if joined else None
            plain = last is not None and not (last.adjective or mention.adjective or last.possessive)
            plain = plain and last is not None and self.word(last.last) not in self.terms.kinds
            if last is None or not plain or self.text[last.end : mention.start] != " ":
                joined.append(mention)
                continue
            if any(p.within(q) for p in last.candidates for q in mention.candidates) or self.shouting:
                joined.append(mention)
                continue
            if self._joined_to_person(last, mention):
                joined.pop()
                continue
            if not self._led(last.first) and self.gap(mention.last + 1).startswith(":"):
                joined.pop()  # 'Ivan Petrov: "Two dead."' is somebody who speaks
                continue
            name = self.text[last.start : mention.end]
            whole = Mention(last.start, mention.end, last.first, mention.last, name, fold(name), ())
            whole.hint, whole.possessive = mention.hint or last.hint, mention.possessive
            whole.weak = not self._led(last.first)
            joined[-1] = whole
            for k in range(whole.first, whole.last + 1):
                self.owner[k] = whole
        self.mentions = joined

    def _joined_to_person(self, first: Mention, last: Mention) -> bool:
        """Whether two names side by side are somebody's or a body's: "fired on Ali Nur", "Puntland Maritime Police"."""
        shot = self.word(first.first - 1) == "on" and self.word(first.first - 2) in ("fire", "fired")
        body = self.gap(last.last + 1) == " " and self.capital(last.last + 1)
        return shot or (body and self.word(last.last + 1) in self.terms.offices)

    # -- names ---------------------------------------------------------------------------------------------------

    def _match(self, i: int) -> Mention | None:
        token = self.tokens[i]
        if not token.capital and not (self.capital(i + 1) and self.gap(i + 1) in ("-", " ", "\u2011")):
            return None
        if token.possessive and self.capital(i + 1):  # "Cox's Bazar"
            whole = f"{fold(self.text[self.starts[i] : self.ends[i]])} {self.tokens[i + 1].key}"
            if whole in self.gazetteer:
                return self._known(i, i + 1, whole)
        run = [token.key]
        for k in range(i + 1, min(i + LONGEST, self.size)):
            word = self.tokens[k]
            if not (word.capital or word.low in PARTICLES) or self.tokens[k - 1].possessive:
                break
            gap = self.gap(k)
            if not (gap == " " or JOINT.match(gap) or (gap == ", " and word.text == "DC")):
                break
            run.append(word.key)
        for length in range(len(run), 0, -1):
            last = i + length - 1
            if length > 1 and self.tokens[last].low in PARTICLES and not self.tokens[last].capital:
                continue
            mention = self._known(i, last, " ".join(run[:length]) if length > 1 else token.key)
            if mention is not None:
                return self._part_of_larger(mention)
        return self._unknown(i)

    def _known(self, first: int, last: int, key: str) -> Mention | None:
        terms, head = self.terms, self.tokens[first]
        place: Place | None = None
        candidates: tuple[Place, ...] = ()
        adjective = False
        if first == last and head.text in terms.acronyms:
            place = self.gazetteer.country(terms.acronyms[head.text])
        elif first == last and len(head.text) <= 4 and head.text.isupper() and first > 0 and not self.shouting:
            place = self.gazetteer.country(terms.parties[key]) if key in terms.parties else None
            adjective = place is not None
            if place is None:
                return None
        elif key in terms.adjectives or key in terms.parties:
            place = self.gazetteer.country(terms.adjectives.get(key) or terms.parties[key])
            adjective = True
        elif key in terms.countries:
            place = self.gazetteer.country(terms.countries[key])
            candidates = tuple(p for p in self.gazetteer.by_key(key) if p != place)
        if place is not None:
            seat = self._seat(first, last, place, adjective=adjective)
            if seat is not None:
                return seat
            return self._mention(first, last, key, (place, *candidates), adjective=adjective)
        candidates = self.gazetteer.by_key(key)
        if not candidates or (first == last and self._never(key, last)):
            return None
        # "Cambridge, Mass." after a town is the state.
        state = first - 1 in self.owner and self.gap(first) == ", " and self.gap(last + 1)[:1] in (".", "\n")
        weak = first == last and key in self.terms.words and not state
        return self._mention(first, last, key, candidates, weak=weak)

    def _seat(self, first: int, last: int, country: Place, *, adjective: bool) -> Mention | None:
        """The city in "the Ukrainian capital", "Ukraine's capital" and "the capital of Ukraine", if not named next."""
        before = self.word(first - 1) == "of" and self.word(first - 2) == "capital" and not adjective
        after = self.word(last + 1) == "capital" and (adjective or self.tokens[last].possessive)
        if not (before or after):
            return None
        capital = self.terms.capitals.get(country.name, "")
        # "the capital of Ukraine, Kyiv" is one place.
        twice = before and self.tokens[last + 1].key == fold(capital) if last + 1 < self.size else False
        city = self.gazetteer.lookup(capital, country.name)[:1]
        if not city or (self.capital(last + 2 if after else last + 1) and not twice):
            return None
        return self._mention(first - 2, last, "", city) if before else self._mention(first, last + 1, "", city)

    def _the_capital(self, i: int) -> Mention | None:
        """The city behind "the capital" of the country that the report is about, where no name stands beside it."""
        end = i + 1 if self.word(i + 1) == "city" and self.gap(i + 1) == " " else i
        plain = self.word(i - 1) == "the" and self.word(i - 2) != "from" and self.word(end + 1) not in _OF_CAPITALS
        named = self.capital(end + 1) and self.gap(end + 1).strip(" ,") == "" and not self.tokens[i].possessive
        if not plain or self.tokens[i].capital or named:
            return None
        mention = Mention(self.starts[i], self.ends[end], i, end, "capital", CAPITAL, ())
        return mention if mention.start > 0 and self._led(i) else None

    def _never(self, key: str, last: int) -> bool:
        """Words that open other names ("University of Nevada", "Western Ukraine") and are never a place alone."""
        terms = self.terms
        if key in terms.neighbours:  # but "Southwest Region" is one
            return terms.kinds.get(self.word(last + 1)) is not PlaceKind.ADMIN1
        return key in terms.bodies or key in terms.sites or key in terms.titles or key in terms.kinds

    def _mention(
        self,
        first: int,
        last: int,
        key: str,
        candidates: tuple[Place, ...],
        *,
        adjective: bool = False,
        weak: bool = False,
    ) -> Mention:
        start, end = self.starts[first], self.ends[last]
        possessive = self.tokens[last].possessive
        if possessive:
            end = self.starts[last] + len(POSSESSIVE.sub("", self.text[self.starts[last] : end]))
        mention = Mention(start, end, first, last, self.text[start:end], key, candidates)
        weak = weak or _BACKS.match(self.text, end) is not None
        mention.adjective, mention.weak, mention.possessive = adjective, weak, possessive
        self._take_kind(mention)
        return mention

    def _take_kind(self, mention: Mention) -> None:
        """Let a word beside the name say what it is: "X district", "the village of X"."""
        if mention.adjective:
            return
        after = self.word(mention.last + 1)
        kind = self.terms.kinds.get(after)
        if after == "local" and [self.word(mention.last + n) for n in (2, 3)] == ["government", "area"]:
            mention.hint, mention.last = PlaceKind.ADMIN2, mention.last + 3
            mention.end = self.ends[mention.last]
            mention.label = self.text[mention.start : mention.end]
            return
        beside = kind is not None or after in ("city", "refugee", "people's")
        spaced = beside and self.gap(mention.last + 1).strip() in ("", "-", "City")
        if kind is None and spaced:
            after = self.word(mention.last + 2)
            kind = self.terms.kinds.get(after) if after != "camp" else None
        if after == "districts" and self.word(mention.first - 1) in _COUNTED and self._is_city(mention):
            return  # "in five Kyiv districts"
        if kind is not None and spaced and not mention.possessive:
            # "X state media", "X city council" are bodies, not places.
            beyond = self.word(mention.last + 2)
            if not (after in ("state", "city", "republic") and beyond in ("media", "council", "tv", "television")):
                mention.hint = kind
                mention.last += 1
                mention.end = self.ends[mention.last]
                mention.label = self.text[mention.start : mention.end]
                mention.weak = False
                return
        k, before = mention.first - 1, self.word(mention.first - 1)
        if before == "rural" and any(p.kind is PlaceKind.ADMIN1 for p in mention.candidates):
            mention.hint = PlaceKind.ADMIN1  # "in rural Aleppo" is not in the city
            return
        if before == "county" and self.gap(mention.first) == " ":
            mention.hint = PlaceKind.ADMIN2  # "County Donegal"
            return
        kind = self.terms.kinds.get(self.word(k - 1)) if before == "of" else None
        if kind is None or (mention.possessive and self.word(k - 1).endswith("s")):
            return  # "villages of Assam's Chirang district"
        # "the village of X", but in "the Kola District of X" the district has a name already.
        named = self.capital(k - 2) and k - 2 > 0 and self.gap(k - 1) == " "
        # "the tourist district of X" is a part of it.
        parts = kind in (PlaceKind.DISTRICT, PlaceKind.ADMIN2)
        part = parts and (self._described(k - 2) or self.word(k - 1).endswith("s"))  # "three districts of X"
        if not named and not part:
            mention.hint = kind
            mention.weak = False

    @staticmethod
    def _is_city(mention: Mention) -> bool:
        best = mention.candidates[0] if mention.candidates else None
        return best is not None and best.kind is PlaceKind.SETTLEMENT and best.population >= _GREAT

    def _part_of_larger(self, mention: Mention) -> Mention | None:
        """A name inside a longer proper name is that name's business, unless that is a site in the place."""
        if mention.adjective:
            return mention
        before, after = mention.first - 1, mention.last + 1
        word_before, word_after = self.word(before), self.word(after)
        if word_after in self.terms.streets and self.capital(after):
            return None
        # "across the Volga", but "the Dnipro region" and "the Danube port".
        if mention.key in self.terms.waters and mention.hint is None:
            named = word_before == "the" or word_before in self.terms.adjectives
            noun = self.gap(after) == " " and word_after not in self.terms.leads and not self.capital(after)
            if named and (not noun or word_after in ("and", "or", "near", "river", "is", "was")):
                return None
        # "Ain al-Hilweh" is not Ain, nor "Sèmè-Kpodji" Sèmè.
        article = word_after in ARTICLES and self.gap(after) in (" ", "-") and self.capital(after + 1)
        if article and word_after not in ("as", "at", "an") and self._led(mention.first):
            name = self.text[mention.start : self.ends[after + 1]]
            return Mention(mention.start, self.ends[after + 1], mention.first, after + 1, name, fold(name), ())
        if self.capital(after) and self.gap(after) in ("-", "\u2011") and self._glued(after):
            if self.tokens[after].key in self.gazetteer or not self._led(mention.first):
                return mention
            k = after
            while k + 1 < self.size and self.gap(k + 1) in ("-", "\u2011"):
                k += 1
            name = self.text[mention.start : self.ends[k]]
            return Mention(mention.start, self.ends[k], mention.first, k, name, fold(name), ())
        if self._is_person(mention):
            return None
        free = mention.hint is None and not mention.possessive and self.capital(after)
        if free and self._glued(after) and self.gap(after) == " " and not self._has_office(mention):
            k = after
            while self._glued(k) and self.gap(k) == " " and k - after < 5:
                if self.word(k) in self.terms.features:
                    return None  # "the Durand Line"
                if self.word(k) in self.terms.sites:
                    return self._as_site(mention, k)
                k += 1
            if self.word(k) in self.terms.sites and self.gap(k) == " ":
                return self._as_site(mention, k)
            if self._followed_by_container(k) and self._led(mention.first) and k - mention.first <= 4:
                name = self.text[mention.start : self.ends[k - 1]]
                return Mention(mention.start, self.ends[k - 1], mention.first, k - 1, name, fold(name), ())
            if word_after not in self.terms.titles:
                mention.weak = True
        if word_after == "airport" and all(p.population < _WITH_AIRPORT and p.is_local for p in mention.candidates):
            mention.weak = True  # named after somebody, more likely than after a village
        if word_after in self.terms.sites and self.gap(after) == " " and self._lies_elsewhere(mention, after + 1):
            return None  # "St Francis church in Owo"
        if mention.possessive and mention.key.startswith(("st ", "saint ")) and self.capital(after):
            return None  # "St. Catherine's Cathedral"
        if word_before in ("st", "saint") and self.gap(mention.first).strip(" .") == "":
            return None
        if word_before in self.terms.features and self.capital(before):
            return None  # "Mount Cameroon", "Lake Chad"
        if self._glued(before) and self.gap(mention.first) in (" ", "-") and before not in self.owner:
            local = all(p.kind is not PlaceKind.COUNTRY for p in mention.candidates[:1])
            title = word_before in self.terms.titles or word_before in self.terms.kinds
            if local and not title:
                return None
        return mention

    def _is_person(self, mention: Mention) -> bool:
        """Whether a small town's name is somebody's: "acting governor Smirnov", "Javier Milei's running mate"."""
        best = mention.candidates[0]
        small = best.kind is PlaceKind.SETTLEMENT and best.population < _GREAT
        if not small or mention.hint is not None:
            return False
        k, after = mention.first - 1, mention.last + 1
        held = self.word(k) in _HELD or (self.word(k - 1) in _HELD and self._glued(k) and k not in self.owner)
        surname = self.gap(after) == " " and self.capital(after) and self.tokens[after].possessive
        if surname and not mention.possessive and not self._led(mention.first):
            return self.tokens[after].key not in self.gazetteer
        return held and self.gap(mention.first) == " "

    def _has_office(self, mention: Mention) -> bool:
        """Whether a town or a region is followed by its office: "Kramatorsk City Council"."""
        if mention.candidates[0].kind is PlaceKind.COUNTRY:
            return False
        return bool(office_behind(self, mention.last + 1))

    def _as_site(self, mention: Mention, k: int) -> Mention | None:
        """A site named after a place stands there, unless it says where: "the New Kabul Bank in Kandahar"."""
        beyond = k + 2 if self.word(k + 1) in ("located", "situated") else k + 1
        elsewhere = self.word(beyond) in ("in", "at", "near") and (beyond > k + 1 or self.capital(beyond + 1))
        if elsewhere or (self._glued(mention.first - 1) and self.gap(mention.first) == " "):
            return None
        mention.site = True
        return mention

    def _unknown(self, i: int) -> Mention | None:
        """A capitalised name that its surroundings call a town: "the village of X", "in X, Known Region"."""
        head = self.tokens[i].key
        if head in self.terms.words or head in self.terms.waters or head in self.terms.offices:
            return None  # a common word is no name
        k = i
        while k < self.size and k - i < 4 and (k == i or JOINT.match(self.gap(k))):
            word = self.tokens[k]
            if not (word.capital or (word.low in _SMALL and self.capital(k + 1))):
                break
            if word.low in _PREPOSITIONS and self.gap(k + 1) == " ":
                break  # "in X on Thursday", but "Deir as-Sawda"
            if self.terms.kinds.get(word.low) and k > i:
                break
            if word.key in self.terms.neighbours or word.key in self.terms.adjectives or word.low in self.terms.sites:
                return None
            if word.low in self.terms.features or (word.text.isupper() and not self.shouting):
                return None
            k += 1
            if word.possessive:
                break
        last = k - 1
        # Articles ("El", "Al") aside, a name has a word of three letters.
        if last < i or max([len(token.key) for token in self.tokens[i:k]]) < 3:
            return None
        before = self.word(i - 1)
        named = before == "of" and self.terms.kinds.get(self.word(i - 2)) is PlaceKind.SETTLEMENT
        named = named or self.terms.kinds.get(before) is PlaceKind.SETTLEMENT
        kind = self.terms.kinds.get(self.word(k))
        if kind is PlaceKind.SETTLEMENT and self.word(k + 1) == "of":
            return None  # "the Druze village of X"
        sure = named or self._listed(i, k) or self._introduced(k)
        if not sure and self._led(i):
            around = kind is not None or self.word(k) in _AROUND
            sure = around or self._followed_by_anchor(k) or self._followed_by_container(k)
        if not sure and not self._plainly_in(i, k):
            return None
        name = self.text[self.starts[i] : self.ends[last]]
        mention = Mention(self.starts[i], self.ends[last], i, last, name, fold(name), ())
        if self.tokens[last].possessive:
            mention.end -= 2
            mention.name = self.text[mention.start : mention.end]
        mention.weak = not sure
        self._take_kind(mention)
        return mention


_GREAT = 150_000
#: "Rwanda-backed rebels", "the Saudi-led coalition": whose friends they are, not where they are.
_BACKS = re.compile(r"[-\u2011](?:aligned|allied|armed|backed|funded|led|linked|sponsored|supported|trained)\b")
#: "at Simpson Park in", "outside the Masjid Noor mosque in the": the rest of a site's name before its address.
_UNTIL_ADDRESS = re.compile(
    r"(?:['’]s)?(?:\s+[A-Z][\w'’-]*|\s+of(?=\s+[A-Z]))*(?P<site>\s+[A-Za-z]+)\s+(?:in|at)\s+(?:the\s+)?"
)
#: "The capital of X", "the capital region", "the capital crime".
_OF_CAPITALS = frozenset({"city's", "crime", "gains", "investment", "of", "punishment", "region", "s"})
_COUNTED = frozenset({"several", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"})
#: Offices that a person's name follows.
_HELD = frozenset(
    {"chief", "commander", "deputy", "general", "governor", "head", "leader", "mayor", "minister", "premier"}
    | {"president", "prosecutor", "spokesman", "spokesperson", "spokeswoman"}
)
_WITH_AIRPORT = 10_000
_SMALL = PARTICLES | ARTICLES
#: Small words that more often part two names than join them.
_PREPOSITIONS = frozenset({"a", "an", "and", "as", "at", "on"})
#: Words after a name that make a place of it: "the Hawija area", "the Makhmour camp".
_AROUND = frozenset({"area", "camp", "refugee"})
