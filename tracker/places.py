"""Find the names of places in a sentence, and what each has to do with the event.

A *mention* is a name that the gazetteer knows (or a capitalised name that its surroundings call a town), with its
candidates and its role: the scene, near it, the government behind a byword, an office, a starting point. Which of
several bearers of a name is meant is decided over the whole report by ``tracker.resolve``.

Names are looked up by folded words, longest first, only where a capitalised word stands: linear in the length of the
text. (An Aho-Corasick automaton of the same 260,000 names took 1.0 s to build; the table of names loads in 0.2 s.)
"""

from __future__ import annotations

import re

from tracker.gazetteer import Gazetteer, Place, PlaceKind, fold
from tracker.mentions import ARTICLES, JOINT, LONGEST, PARTICLES, POSSESSIVE, Mention, tokenise
from tracker.place_terms import SCENE, Role, terms


def find_mentions(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """The places named in one sentence, in order, with their roles.

    >>> from tracker.gazetteer import gazetteer
    >>> [(m.name, m.role.value) for m in find_mentions("Russian shells hit Kherson, Kyiv said.", gazetteer())]
    [('Russian', 'actor'), ('Kherson', 'target'), ('Kyiv', 'actor')]
    """
    return _Finder(text, gazetteer).run()


class _Finder:
    """One pass over one sentence."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self.terms = terms()
        self.tokens = tokenise(text)
        letters = [c for c in text if c.isalpha()]
        self.shouting = bool(letters) and sum(c.isupper() for c in letters) > 0.7 * len(letters)
        words = [t for t in self.tokens if t.text.isalpha() and len(t.text) > 3]
        self.titled = sum(t.capital for t in words) > 0.7 * len(words)
        self.mentions: list[Mention] = []
        #: token index → the mention it belongs to
        self.owner: dict[int, Mention] = {}

    def run(self) -> list[Mention]:
        i = 0
        while i < len(self.tokens):
            mention = self._match(i)
            if mention is None:
                i += 1
                continue
            self.mentions.append(mention)
            for k in range(mention.first, mention.last + 1):
                self.owner[k] = mention
            i = mention.last + 1
        self._join_neighbours()
        for mention in self.mentions:
            self._assign_role(mention)
        return self.mentions

    def _join_neighbours(self) -> None:
        """Two names side by side are one that the gazetteer lacks ("Lac Vert"), unless the second holds the first."""
        joined: list[Mention] = []
        for mention in self.mentions:
            last = joined[-1] if joined else None
            plain = last is not None and not (last.adjective or mention.adjective or last.possessive)
            plain = plain and last is not None and self._word(last.last) not in self.terms.kinds
            if last is None or not plain or self.text[last.end : mention.start] != " ":
                joined.append(mention)
                continue
            if any(p.within(q) for p in last.candidates for q in mention.candidates) or self.shouting:
                joined.append(mention)
                continue
            name = self.text[last.start : mention.end]
            whole = Mention(last.start, mention.end, last.first, mention.last, name, fold(name), ())
            whole.hint, whole.possessive = mention.hint or last.hint, mention.possessive
            whole.weak = not self._led(last.first)
            joined[-1] = whole
            for k in range(whole.first, whole.last + 1):
                self.owner[k] = whole
        self.mentions = joined

    # -- names ---------------------------------------------------------------------------------------------------

    def _gap(self, i: int) -> str:
        """The text between token ``i - 1`` and token ``i``."""
        return self.text[self.tokens[i - 1].end : self.tokens[i].start] if 0 < i < len(self.tokens) else "\n"

    def _match(self, i: int) -> Mention | None:
        token = self.tokens[i]
        article = token.low in ARTICLES and self._starts_capital(i + 1) and self._gap(i + 1) in ("-", " ", "\u2011")
        if not token.capital and not article:
            return None
        if token.possessive and self._starts_capital(i + 1):  # "Cox's Bazar"
            whole = f"{fold(self.text[token.start : token.end])} {self.tokens[i + 1].key}"
            if whole in self.gazetteer:
                return self._known(i, i + 1, whole)
        run = [token.key]
        for k in range(i + 1, min(i + LONGEST, len(self.tokens))):
            word = self.tokens[k]
            gap = self._gap(k)
            joined = JOINT.match(gap) is not None or (gap == ", " and word.text == "DC")
            if not joined or self.tokens[k - 1].possessive or not (word.capital or word.low in PARTICLES):
                break
            run.append(word.key)
        for length in range(len(run), 0, -1):
            last = i + length - 1
            if length > 1 and self.tokens[last].low in PARTICLES and not self.tokens[last].capital:
                continue
            mention = self._known(i, last, " ".join(run[:length]))
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
        elif first == last and head.text.isupper() and len(head.text) <= 4 and not self.shouting and first > 0:
            place = self.gazetteer.country(terms.parties[key]) if key in terms.parties else None
            adjective = place is not None
            if place is None:
                return None
        elif key in terms.adjectives or key in terms.parties:
            place = self.gazetteer.country(terms.adjectives.get(key) or terms.parties[key])
            adjective = True
            # "the Ukrainian capital" names a city.
            after = self._word(last + 1)
            if after == "capital" and place is not None:
                named = self.gazetteer.lookup(terms.capitals.get(place.name or "", ""), place.name)[:1]
                if named and not self._starts_capital(last + 2):
                    return self._mention(first, last + 1, key, named)
        elif key in terms.countries:
            place = self.gazetteer.country(terms.countries[key])
            candidates = tuple(p for p in self.gazetteer.by_key(key) if p != place)
        if place is not None:
            return self._mention(first, last, key, (place, *candidates), adjective=adjective)
        candidates = self.gazetteer.by_key(key)
        if not candidates or (first == last and self._never(key, last)):
            return None
        return self._mention(first, last, key, candidates, weak=first == last and key in self.terms.words)

    def _never(self, key: str, last: int) -> bool:
        """Words that open other names ("University of Nevada", "Western Ukraine") and are never a place alone."""
        terms = self.terms
        if key in terms.neighbours:  # but "Southwest Region" is one
            return terms.kinds.get(self._word(last + 1)) is not PlaceKind.ADMIN1
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
        start, end = self.tokens[first].start, self.tokens[last].end
        possessive = self.tokens[last].possessive
        if possessive:
            end = self.tokens[last].start + len(POSSESSIVE.sub("", self.text[self.tokens[last].start : end]))
        mention = Mention(start, end, first, last, self.text[start:end], key, candidates)
        mention.adjective, mention.weak, mention.possessive = adjective, weak, possessive
        self._take_kind(mention)
        return mention

    def _take_kind(self, mention: Mention) -> None:
        """Let a word beside the name say what it is: "X district", "the village of X"."""
        if mention.adjective:
            return
        after = self._word(mention.last + 1)
        kind = self.terms.kinds.get(after)
        spaced = self._gap(mention.last + 1).strip() in ("", "-", "City")
        if after == "local" and [self._word(mention.last + n) for n in (2, 3)] == ["government", "area"]:
            mention.hint, mention.last = PlaceKind.ADMIN2, mention.last + 3
            mention.end = self.tokens[mention.last].end
            mention.label = self.text[mention.start : mention.end]
            return
        if kind is None and after in ("city", "refugee", "people's") and spaced:
            after = self._word(mention.last + 2)
            kind = self.terms.kinds.get(after) if after != "camp" else None
        if kind is not None and spaced and not mention.possessive:
            # "X state media", "X city council" are bodies, not places.
            beyond = self._word(mention.last + 2)
            if not (after in ("state", "city", "republic") and beyond in ("media", "council", "tv", "television")):
                mention.hint = kind
                mention.last += 1
                mention.end = self.tokens[mention.last].end
                mention.label = self.text[mention.start : mention.end]
                mention.weak = False
                return
        k = mention.first - 1
        if self._word(k) == "county" and self._gap(mention.first) == " ":
            mention.hint = PlaceKind.ADMIN2  # "County Donegal"
            return
        # "the village of X", but in "the Kola District of X" the district has a name already.
        named = self._starts_capital(k - 2) and k - 2 > 0 and self._gap(k - 1) == " "
        if self._word(k) == "of" and self._word(k - 1) in self.terms.kinds and not named:
            mention.hint = self.terms.kinds[self._word(k - 1)]
            mention.weak = False

    def _part_of_larger(self, mention: Mention) -> Mention | None:
        """A name inside a longer proper name is that name's business, unless that is a site in the place."""
        before, after = mention.first - 1, mention.last + 1
        if mention.adjective:
            return mention
        # "Ain al-Hilweh" is not Ain, nor "Sèmè-Kpodji" Sèmè.
        article = self._word(after) in ARTICLES and self._gap(after) in (" ", "-") and self._starts_capital(after + 1)
        if article and self._word(after) not in ("as", "at", "an") and self._led(mention.first):
            name = self.text[mention.start : self.tokens[after + 1].end]
            return Mention(mention.start, self.tokens[after + 1].end, mention.first, after + 1, name, fold(name), ())
        if self._gap(after) in ("-", "\u2011") and self._starts_capital(after) and self._glued(after):
            if self.tokens[after].key in self.gazetteer or not self._led(mention.first):
                return mention
            k = after
            while k + 1 < len(self.tokens) and self._gap(k + 1) in ("-", "\u2011"):
                k += 1
            name = self.text[mention.start : self.tokens[k].end]
            return Mention(mention.start, self.tokens[k].end, mention.first, k, name, fold(name), ())
        if self._glued(after) and self._gap(after) == " " and mention.hint is None and not mention.possessive:
            k = after
            while self._glued(k) and self._gap(k) == " " and k - after < 5:
                if self._word(k) in self.terms.features:
                    return None  # "the Durand Line"
                if self._word(k) in self.terms.sites:
                    return self._as_site(mention, k)
                k += 1
            if self._word(k) in self.terms.sites and self._gap(k) == " ":
                return self._as_site(mention, k)
            if self._followed_by_container(k) and self._led(mention.first) and k - mention.first <= 4:
                name = self.text[mention.start : self.tokens[k - 1].end]
                return Mention(mention.start, self.tokens[k - 1].end, mention.first, k - 1, name, fold(name), ())
            if self._word(after) not in self.terms.titles:
                mention.weak = True
        if mention.possessive and mention.key.startswith(("st ", "saint ")) and self._starts_capital(after):
            return None  # "St. Catherine's Cathedral"
        if self._word(before) in ("st", "saint") and self._gap(mention.first).strip(" .") == "":
            return None
        if self._word(before) in self.terms.features and self._starts_capital(before):
            return None  # "Mount Cameroon", "Lake Chad"
        if self._glued(before) and self._gap(mention.first) in (" ", "-") and before not in self.owner:
            local = all(p.kind is not PlaceKind.COUNTRY for p in mention.candidates[:1])
            title = self._word(before) in self.terms.titles or self._word(before) in self.terms.kinds
            if local and not title:
                return None
        return mention

    def _as_site(self, mention: Mention, k: int) -> Mention | None:
        """A site named after a place stands there, unless it says where: "the New Kabul Bank in Kandahar"."""
        elsewhere = self._word(k + 1) in ("in", "at", "near") and self._starts_capital(k + 2)
        if elsewhere or (self._glued(mention.first - 1) and self._gap(mention.first) == " "):
            return None
        mention.site = True
        return mention

    def _glued(self, k: int) -> bool:
        """Whether token ``k`` is a capitalised word that could belong to the same proper name."""
        if not 0 <= k < len(self.tokens) or not self.tokens[k].capital or self.shouting:
            return False
        word = self.tokens[k]
        if word.key in self.terms.neighbours or word.key in self.terms.adjectives or word.text in self.terms.acronyms:
            return False
        if word.possessive or word.low in self.terms.leads or word.key in self.terms.countries:
            return False
        if word.text.isupper() and 1 < len(word.text) <= 4:
            return False  # "the UN Nuseirat camp"
        # A headline in title case capitalises everything: a verb or an event there is no surname.
        if self.titled and (word.low in self.terms.events or word.low in self.terms.verbs):
            return False
        return k > 0 or word.low not in self.terms.fillers

    def _unknown(self, i: int) -> Mention | None:
        """A capitalised name that its surroundings call a town: "the village of X", "in X, Known Region"."""
        k = i
        while k < len(self.tokens) and k - i < 4 and (k == i or JOINT.match(self._gap(k))):
            word = self.tokens[k]
            if not (word.capital or (word.low in PARTICLES | ARTICLES and self._starts_capital(k + 1))):
                break
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
        # Articles ("El", "Al") aside, a name has a word of three letters; a common word is none.
        if last < i or max(len(self.tokens[n].key) for n in range(i, k)) < 3 or self.tokens[i].key in self.terms.words:
            return None
        before = self._word(i - 1)
        named = before == "of" and self.terms.kinds.get(self._word(i - 2)) is PlaceKind.SETTLEMENT
        named = named or self.terms.kinds.get(before) is PlaceKind.SETTLEMENT
        kind = self.terms.kinds.get(self._word(k))
        if kind is PlaceKind.SETTLEMENT and self._word(k + 1) == "of":
            return None  # "the Druze village of X"
        led = self._led(i)
        listed = self._listed(i, k)
        sure = named or listed or (led and (self._followed_by_container(k) or kind is not None))
        if not sure and not self._plainly_in(i, k):
            return None
        name = self.text[self.tokens[i].start : self.tokens[last].end]
        mention = Mention(self.tokens[i].start, self.tokens[last].end, i, last, name, fold(name), ())
        if self.tokens[last].possessive:
            mention.end -= 2
            mention.name = self.text[mention.start : mention.end]
        mention.weak = not sure
        self._take_kind(mention)
        return mention

    def _plainly_in(self, i: int, k: int) -> bool:
        """Whether "in X" is all there is: one or two unknown words, and no name of a body after them."""
        struck = self._word(i - 1) == "on" and self._word(i - 2) in self.terms.events
        return (
            (struck or self._word(i - 1) in ("in", "near"))
            and k - i <= 2
            and not self.tokens[k - 1].possessive
            and not self._glued(k)
            and self._word(k) not in self.terms.bodies
            and self._word(k) not in self.terms.titles
        )

    def _led(self, first: int) -> bool:
        k = first - 1
        while k >= 0 and first - k < 6:
            word = self._word(k)
            role = self.terms.leads.get(word)
            if role is not None:
                return role in SCENE or role is Role.ORIGIN
            if k in self.owner or word in self.terms.verbs:
                return True
            of = self._word(k + 1) == "of" and word in self.terms.sites
            if word not in self.terms.fillers and word not in self.terms.kinds and word not in ("and", "or") and not of:
                return False
            k -= 1
        return False

    def _listed(self, i: int, k: int) -> bool:
        """Whether tokens ``i`` to ``k - 1`` stand in a list of places: "in Known, X, and Known"."""
        if i - 1 not in self.owner or self._gap(i).strip() != "," or self.owner[i - 1].adjective:
            return False
        after = k + 1 if self._word(k) in ("and", "or") else k
        gap = self._gap(k).strip()
        separated = gap == "," or after > k
        return (
            separated
            and after < len(self.tokens)
            and self.tokens[after].capital
            and (self.tokens[after].key in self.gazetteer)
        )

    def _followed_by_container(self, k: int) -> bool:
        """Whether ", Somalia" or " in the Sahel" or "district, Mogadishu" follows token ``k - 1``."""
        if k >= len(self.tokens):
            return False
        if self._word(k) in self.terms.kinds:
            k += 1
        gap = self._gap(k).strip() if k < len(self.tokens) else ""
        steps = 0
        while k < len(self.tokens) and steps < 4 and self._word(k) in self.terms.fillers | self.terms.kinds.keys():
            gap = gap or self._word(k)
            k += 1
            steps += 1
        if k >= len(self.tokens) or gap not in (",", "in", "(") or not self.tokens[k].capital:
            return False
        for length in (3, 2, 1):
            key = " ".join(t.key for t in self.tokens[k : k + length])
            if key in self.terms.countries or (length == 1 and self.tokens[k].text in self.terms.acronyms):
                return True
            found = self.gazetteer.by_key(key)
            if any(p.kind in (PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.COUNTRY) for p in found):
                return True
            if found and found[0].population > 50_000 and key not in self.terms.words:
                return True
        return False

    def _word(self, k: int) -> str:
        return self.tokens[k].low if 0 <= k < len(self.tokens) else ""

    def _starts_capital(self, k: int) -> bool:
        return 0 <= k < len(self.tokens) and self.tokens[k].capital

    # -- roles ---------------------------------------------------------------------------------------------------

    def _assign_role(self, mention: Mention) -> None:
        mention.role, mention.lead = self._role(mention)

    def _role(self, mention: Mention) -> tuple[Role, str]:
        # 1. A people or an adjective acts; only a kind word makes it a place, and that was read with the name.
        if mention.adjective:
            return Role.ACTOR, ""
        # 2. "KYIV, Ukraine (AP) —" tells where the reporter sat.
        if mention.start == 0 and _DATELINE.match(self.text):
            return Role.DATELINE, ""
        # 3. "U.S. airstrikes", "Russia strike": a country before a means of war acts, whatever leads the phrase.
        after = self._word(mention.last + 1)
        country = mention.candidates[:1] and mention.candidates[0].kind is PlaceKind.COUNTRY
        if country and after in self.terms.means and self._gap(mention.last + 1) == " ":
            return Role.ACTOR, ""
        # 4. What goes before: a preposition, a verb of violence, an office, another place of the same list.
        role, lead, of = self._look_left(mention)
        if lead == "between":
            return (Role.ACTOR if country else Role.LOCATION), lead
        if role in SCENE and mention.possessive and after in self.terms.titles:
            return Role.TITLE, lead
        if role is not None:
            # ", Kyiv said" closes a list that never was one.
            if role is Role.OTHER and mention.candidates[:1] and mention.candidates[0].kind is PlaceKind.SITE:
                return Role.LOCATION, lead  # "a substation for the X plant" stands there
            if role in (Role.ORIGIN, Role.OTHER) and not country and self._before_site(mention.last + 1):
                return Role.LOCATION, lead  # "from a Lviv warehouse"
            speaks = after in self.terms.says and "," in self._gap(mention.first) and role in SCENE
            return (Role.ACTOR, "") if speaks else (role, lead)
        # 5. What comes after.
        follows = self._gap(mention.last + 1)
        if mention.site or (follows.strip() == ":" and mention.first == 0):
            return Role.LOCATION, ""
        if follows.strip("-–’' "):
            return Role.OTHER, ""
        if after in self.terms.titles:
            return Role.TITLE, ""
        if after in self.terms.events or after in ("under", "refugee") or self._before_site(mention.last + 1):
            return Role.LOCATION, ""
        if self._passive(mention.last + 1):
            return Role.LOCATION, ""
        if after in self.terms.says or (mention.possessive and not of):
            return Role.ACTOR, ""
        if mention.hint in (PlaceKind.ADMIN1, PlaceKind.ADMIN2):
            return Role.LOCATION, ""  # "the Kherson region lost four"
        return Role.OTHER, ""

    def _before_site(self, k: int) -> bool:
        """Whether token ``k``, or one of two small words on, names a site: "the Poltava railway station"."""
        for n in range(k, min(k + 3, len(self.tokens))):
            if self._gap(n) != " " or self.tokens[n].capital:
                return False
            if self._word(n) in self.terms.sites:
                return True
            if self._word(n) in self.terms.leads or self._word(n) in self.terms.says:
                return False
        return False

    def _passive(self, k: int) -> bool:
        """Whether the words from ``k`` on say that X was hit: "X hit by drones", "X comes under fire"."""
        words = [self._word(n) for n in range(k, k + 4)]
        if words[0] in ("comes", "came", "again") or "under" in words[:2]:
            return "under" in words
        if words[0] in ("is", "was", "were", "are", "has", "have"):
            return any(word in self.terms.verbs for word in words[1:3])
        return words[0] in self.terms.verbs and words[1] in ("by", "in", "overnight", "with")

    def _look_left(self, mention: Mention) -> tuple[Role | None, str, bool]:
        k, of = mention.first - 1, False
        while k >= 0 and mention.first - k <= 10:
            gap = self._gap(k + 1)
            other = self.owner.get(k)
            word = self._word(k)
            if other is not None and other is not mention:
                if other.adjective or (other.possessive and "," not in gap):
                    k = other.first - 1
                    continue
                # Another place of the same list or chain: what leads it leads this one.
                if re.fullmatch(r"[\s,(–/-]*", self.text[other.end : self.tokens[k + 1].start]):
                    return other.role, other.lead, of
                return None, "", of
            if re.search(r"[.;:()\"“”!?]", gap) and not gap.startswith("."):
                return None, "", of
            if "," in gap and word not in self.terms.kinds and word not in self.terms.fillers:
                return None, "", of
            phrase = f"{self._word(k - 1)} {word}"
            if phrase in self.terms.leads:
                return self.terms.leads[phrase], phrase, of
            if word == "from" and self._word(k - 1) in _DISTANCES:
                return Role.NEAR, word, of
            if word in ("outskirts", "edge", "suburbs", "suburb", "vicinity"):
                return Role.NEAR, word, of
            town = mention.candidates[:1] and mention.candidates[0].kind is PlaceKind.SETTLEMENT
            if self._word(k + 1) == "of" and word in _SIDES and (town or self._word(k - 1) in _DISTANCES | {"just"}):
                return Role.NEAR, word, of
            if word in self.terms.leads:
                return self.terms.leads[word], word, of
            if word.isdigit() and len(word) == 4:
                return Role.OTHER, "", of  # "the 2019 Karachi bombing" is background
            if word in self.terms.verbs and not of:
                return Role.TARGET, word, of
            if of and word in self.terms.events:
                return Role.TARGET, word, of
            if self._word(k + 1) == "of" and town and word in self.terms.sites & self.terms.bodies:
                return Role.LOCATION, word, of  # "the University of Aleppo"
            if of and word in self.terms.titles | self.terms.bodies:
                return (Role.TITLE if word in self.terms.titles else Role.OTHER), word, of
            if word in self.terms.kinds or word in self.terms.fillers or (of and word in self.terms.sites):
                # "the port of X": the port has been read, so that a verb before it still counts.
                of = word == "of"
                k -= 1
                continue
            if self.tokens[k].capital and self._word(k + 1) in self.terms.kinds and other is None:
                k -= 1  # "in the Druze village of X"
                continue
            acronym = self.tokens[k].text.isupper() and len(word) <= 4
            if (
                acronym
                or self.tokens[k].text.isdigit()
                or word.endswith(("st", "th", "nd", "most"))
                or self._gap(k + 1) == "-"
            ):
                k -= 1
                continue
            # "on a council building of X", "in the streets of X": three words at most until a preposition.
            if self._word(k + 1) == "of" and not self.tokens[k].capital:
                for n in range(k - 1, max(k - 4, -1), -1):
                    if self._gap(n + 1) != " " or n in self.owner:
                        break
                    lead = self._word(n)
                    if self.terms.leads.get(lead) in SCENE:
                        return self.terms.leads[lead], lead, of
            return None, "", of
        return None, "", of


_DISTANCES = frozenset({"km", "kms", "kilometres", "kilometers", "miles", "mile", "far", "metres", "meters", "minutes"})
_SIDES = frozenset(["north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"])
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z'’ ./-]{2,30}(?:, [A-Z][\w. ]{2,25})?|[A-Z][\w'’. -]{2,30}(?:, [A-Z][\w. ]{2,25})?(?=\s*\())"
    r"\s*(?:\([^()]{2,40}\))?\s*(?:—|–|--| - )"
)
