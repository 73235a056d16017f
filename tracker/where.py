"""Where a figure's event happened (codebook 6): the place of its clause, its sentence, its entry, its headline.

National measures belong to the country unless their own clause names the target; a figure over two places has none;
what one entry of a live blog says does not leak into the next.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from tracker.context import Context
from tracker.filing import dateline, is_abroad
from tracker.gazetteer import Gazetteer, Place, PlaceKind, gazetteer
from tracker.layout import Course, Layout
from tracker.mentions import Mention
from tracker.models import NATIONAL_MEASURES, Measure, Span
from tracker.persons import second_names, surnames
from tracker.place_terms import SAID, SCENE, Role, terms
from tracker.places import find_mentions
from tracker.resolve import Scene, scenes
from tracker.scene_kinds import finest, heads, inside, is_border, is_country, is_local, is_placed
from tracker.segment import Document, Sentence
from tracker.theatre import defender, named_country, victims
from tracker.whereabouts import Where, at_place, where_of

#: "including two in Kyiv": the place of those two alone.
_BREAKDOWN = re.compile(r"\b(?:including|among\s+them)\s+(?:\w+\s+){0,4}(?:in|at|near)\s+(?:the\s+)?\Z")
#: "in Dnipro and Odesa, where two died": the last of the list.
_WHERE = re.compile(r",?\s+where\b")


class Places:
    """The places of one document, read when first asked for.

    >>> from tracker.models import Report
    >>> from tracker.segment import segment
    >>> document = segment(Report("r", "Shells killed six in Orikhiv, Zaporizhzhia Oblast."))
    >>> where = Places(document).of(next(document.sentences), Span(14, 17), Measure.KILLED)
    >>> where.place, where.admin1, where.country, where.where_prec
    ('Orikhiv', 'Zaporizhzhia', 'Ukraine', 1)
    """

    def __init__(self, document: Document, gazetteer: Gazetteer | None = None) -> None:
        self._document = document
        self._own = gazetteer
        self._mentions: dict[int, list[Mention]] = {}
        self._scenes: dict[int, list[Scene]] = {}
        self._evidences: dict[int, Context] = {}
        self._contexts: dict[int, Context] = {}
        self._layouts: dict[int, Layout] = {}
        self._courses: dict[int, Course] = {}
        self._theatres: dict[int, str | None] = {}

    # -- reading, lazily -----------------------------------------------------------------------------------------

    @property
    def _gazetteer(self) -> Gazetteer:
        if self._own is None:
            self._own = gazetteer()
        return self._own

    def mentions(self, sentence: Sentence) -> list[Mention]:
        """Every place named in ``sentence``, with its role; offsets count in the sentence."""
        found = self._mentions.get(sentence.index)
        if found is None:
            found = find_mentions(sentence.text, self._gazetteer)
            if any(mention.key in self._second_names and _may_be_person(mention) for mention in found):
                found = [m for m in found if not (_may_be_person(m) and m.key in self._people)]
            self._mentions[sentence.index] = found
            filed = dateline(sentence.text, found)
            if filed and is_abroad(filed, self._told(sentence, found[len(filed) :])):
                found = self._mentions[sentence.index] = found[len(filed) :]
        return found

    def _told(self, first: Sentence, rest: list[Mention]) -> Iterator[Mention]:
        """The places that the story behind a dateline names."""
        yield from rest
        story = self._document.entries[first.entry].sentences
        headline = self._document.headline
        for sentence in story if headline is None else (headline, *story):
            if sentence.index != first.index:
                yield from self.mentions(sentence)

    @functools.cached_property
    def _second_names(self) -> frozenset[str]:
        """The names that stand behind another name somewhere: of most reports, no town's."""
        return second_names(sentence.text for sentence in self._document.sentences)

    @functools.cached_property
    def _people(self) -> frozenset[str]:
        """The surnames of those whom the report introduces by their full name."""
        return surnames((sentence.text for sentence in self._document.sentences), self._gazetteer)

    def scenes(self, sentence: Sentence) -> list[Scene]:
        """The resolved places of ``sentence``, joined into scenes."""
        found = self._scenes.get(sentence.index)
        if found is None:
            context = self._context(sentence.entry)
            found = scenes(sentence.text, self.mentions(sentence), self._evidence(sentence), context, self._gazetteer)
            self._scenes[sentence.index] = found
        return found

    def _evidence(self, sentence: Sentence) -> Context:
        """What one sentence says of where it is."""
        found = self._evidences.get(sentence.index)
        if found is None:
            found = self._evidences[sentence.index] = Context.of(self.mentions(sentence))
        return found

    def _context(self, entry: int) -> Context:
        """What the entry, and more faintly the whole report, say of where they are. -1 is the whole report."""
        context = self._contexts.get(entry)
        if context is None:
            context = Context()
            if entry < 0:
                for sentence in self._document.sentences:
                    context.take(self._evidence(sentence), 0.3)
            else:
                for sentence in self._document.entries[entry].sentences:
                    context.take(self._evidence(sentence))
                context.take(self._context(-1))
            self._contexts[entry] = context
        return context

    def zone(self, where: Where) -> str | None:
        """The IANA name of a place's time zone, None where its country is not known."""
        return self._gazetteer.zone(where.country, where.admin1) if where.country is not None else None

    # -- the place of a figure -----------------------------------------------------------------------------------

    def of(self, sentence: Sentence, figure: Span, measure: Measure) -> Where:
        """Where the event behind ``figure`` happened; ``figure`` has field offsets, like ``sentence.start``.

        1. National measures: the target that the clause names, else the country.
        2. The scene in the figure's own words, else that of its clause, else that of its sentence.
        3. The scene that governs the entry, from the sentences before, then the headline.
        4. A town merely named, an office ("the Kherson governor"), the dateline, then the country that it is about.
        """
        start, end = figure.start - sentence.start, figure.end - sentence.start
        if measure in NATIONAL_MEASURES:
            target = self._target(sentence, start, end)
            return where_of(target, self._gazetteer) if target is not None else self._national(sentence)
        scene = self._spoken_region(sentence, start, end) or self._in_sentence(sentence, start, end)
        if scene is not None and scene.lead == SAID:
            scene = self._before(sentence) or scene
        if scene is None:
            scene = self._before(sentence) or self._speaking_region(sentence) or self._told_on(sentence)
            scene = scene or self._from_region(sentence) or self._later_clause(sentence, start, end)
            scene = scene or self._after(sentence)
        if scene is None:
            scene = self._merely_named(sentence)
            scene = scene or self._dateline(sentence) or self._whose(sentence)
        if scene is not None:
            widened = self._widened(sentence, scene, start, end)
            found = widened if widened is not None else where_of(scene, self._gazetteer)
            if found.place is not None and found.country is None:
                country = self._last_resort(sentence, national=True).country
                found = found._replace(country=country, where_prec=6 if country else None)
            return found
        return self._last_resort(sentence)

    def _later_clause(self, sentence: Sentence, start: int, end: int) -> Scene | None:
        """The one scene of the clauses behind, where nothing else sets one: "two were hurt while they worked in X"."""
        layout = self._layout(sentence)
        _, right = layout.clause(start, end)
        behind = [scene for scene in layout.near(start, end) if scene.start >= right and not scene.included]
        return behind[0] if len(behind) == 1 and is_local(behind[0]) else None

    def _in_sentence(self, sentence: Sentence, start: int, end: int) -> Scene | None:
        layout = self._layout(sentence)
        near = layout.near(start, end)
        if not near:
            return None
        # The clause: a "while" between the figure and a place keeps them apart.
        left, right = layout.clause(start, end)
        found = self._in_clause(layout, [s for s in near if left <= s.start < right], start, end)
        if found is None and left > 0:
            # "In Mexico, twelve died in X, while four died": the frame of the sentence still holds.
            found = next((s for s in near if s.end <= left and not s.included), None)
        return found

    @staticmethod
    def _in_clause(layout: Layout, clause: list[Scene], start: int, end: int) -> Scene | None:
        text = layout.text
        scope = layout.scope_end(end)
        # 1. The words that belong to the figure alone.
        own = [s for s in clause if end <= s.start < scope]
        if own:
            return finest(own)
        before = [s for s in clause if s.end <= start and not s.included]
        after = [s for s in clause if s.start >= scope]
        trailing = [s for s in after if not s.included]
        if before:
            # "16 were hurt in Sumy, three seriously": a part of the figure before.
            if _PART.match(text, end) and layout.of_figure(before[-1]):
                return before[-1]
            # 2. What went before, but not in another figure's words where the clause has a place of its own.
            frame = before if len(before) == 1 else [s for s in before if not layout.of_figure(s)] or before
            # "RAIPUR: Six died in Bastar": where the story was filed, if it says where it happened.
            elsewhere = [s for s in trailing if not is_country(s)]
            if elsewhere and all(heads(text, s) for s in frame):
                return finest(elsewhere)
            # "in X, near the border of Y and Z": the border only tells where X is.
            local = [s for s in frame if not is_border(s)]
            nearest = (local or frame)[-1]
            # "In Bari, on Italy's Adriatic coast, two died": what comes after the town only says where it lies.
            if not is_local(nearest):
                at_sea = nearest.place is not None and nearest.place.kind is PlaceKind.SEA
                nearest = next((s for s in reversed(frame) if is_local(s) and (at_sea or inside(s, nearest))), nearest)
            # "Marib shook when rockets hit the Istiqbal camp": a name that nobody knows lies in the town just named.
            if nearest.spots[0].name is not None and not is_placed(nearest):
                nearest = next((s for s in reversed(frame) if is_local(s) and is_placed(s)), nearest)
            if len(nearest.spots) > 1 and _WHERE.match(text, nearest.end):
                nearest = nearest._replace(spots=nearest.spots[-1:])
            # "In Ukraine, ten died and five were hurt in Sumy": the later place is inside the earlier.
            finer = [s for s in trailing if inside(s, nearest) and not layout.of_figure(s)]
            return finest(finer) if finer else nearest
        # 3. A place that closes a list of figures belongs to all of them.
        trailing = trailing or [s for s in after if not _BREAKDOWN.search(text, max(scope, s.start - 80), s.start)]
        return finest(trailing[:2]) if trailing else None

    def _layout(self, sentence: Sentence) -> Layout:
        found = self._layouts.get(sentence.index)
        if found is None:
            scenes = self.scenes(sentence)
            usable = [s for s in scenes if s.role in SCENE]
            if not any(is_local(s) for s in usable):
                usable = [s for s in scenes if s.role in SCENE or (s.role is Role.CREDIT and is_local(s))]
            found = self._layouts[sentence.index] = Layout(sentence.text, usable)
        return found

    def _course(self, entry: int) -> Course:
        found = self._courses.get(entry)
        if found is None:
            found = Course(self._document.entries[entry].sentences, self._main, self._one_country)
            self._courses[entry] = found
        return found

    def _before(self, sentence: Sentence) -> Scene | None:
        """The scene that the entry has set before ``sentence``, the latest first."""
        return self._course(sentence.entry).before(sentence.index)

    def _speaking_region(self, sentence: Sentence) -> Scene | None:
        """A region that reports its own dead: "Artsakh says 25 were killed"."""
        kinds = (PlaceKind.REGION, PlaceKind.ADMIN1)
        for scene in self.scenes(sentence):
            if scene.role is Role.ACTOR and scene.place is not None and scene.place.kind in kinds:
                return scene
        return None

    def _spoken_region(self, sentence: Sentence, start: int, end: int) -> Scene | None:
        """The region of the office that speaks of "the region": "Rostov's governor said two died in the region"."""
        if "in the " not in sentence.text:
            return None
        offices = [s for s in self.scenes(sentence) if s.role is Role.TITLE and s.place is not None]
        region = next((s for s in offices if s.place is not None and s.place.kind is PlaceKind.ADMIN1), None)
        if region is None:
            return None
        layout = self._layout(sentence)
        left, right = layout.clause_of_figure(start), layout.scope_end(end)
        return region if _THE_REGION.search(sentence.text, left, right) is not None else None

    def _told_on(self, sentence: Sentence, *, anyhow: bool = False) -> Scene | None:
        """The office that spoke just before, where it goes on: "The Kherson governor wrote ... Six died, he added"."""
        if not anyhow and not _CONTINUED.search(sentence.text):
            return None
        entry = self._document.entries[sentence.entry].sentences
        at = sentence.index - entry[0].index
        offices = (s for e in reversed(entry[max(0, at - _SOON) : at]) for s in self.scenes(e) if s.role is Role.TITLE)
        return next((s for s in offices if not is_country(s)), None)

    def _from_region(self, sentence: Sentence) -> Scene | None:
        """The region whose official speaks, unless the next sentences name a place in it."""
        for scene in self.scenes(sentence):
            if scene.role is Role.TITLE and scene.place is not None and scene.place.kind is PlaceKind.ADMIN1:
                soon = self._soon(sentence)
                return soon if soon is not None and inside(soon, scene) else scene
        return None

    def _after(self, sentence: Sentence) -> Scene | None:
        """The scene that the rest of the entry sets, else the report's headline."""
        scene = self._soon(sentence)
        # The report's headline governs an entry that names no place of its own, and takes its place from its story.
        headline = self._document.headline
        if scene is None and headline is not None and headline.entry != sentence.entry:
            scene = self._main(headline)
        if scene is None and self._story(sentence) != sentence.entry:
            scene = next(filter(None, map(self._main, self._document.entries[1].sentences)), None)
        # A story that names no scene near the figure goes on where it was filed, not where it ends.
        return scene or self._dateline(sentence) or self._course(sentence.entry).after(sentence.index)

    def _soon(self, sentence: Sentence) -> Scene | None:
        """The scene that one of the next sentences of the entry sets."""
        entry = self._document.entries[sentence.entry].sentences
        at = sentence.index - entry[0].index + 1
        return next(filter(None, map(self._main, entry[at : at + _SOON])), None)

    def _story(self, sentence: Sentence) -> int:
        """The entry that tells what a sentence is about: its own, but for the title of a report with one story."""
        alone = len(self._document.entries) == 2 and self._document.report.title is not None
        return 1 if alone and sentence.entry == 0 else sentence.entry

    def _merely_named(self, sentence: Sentence) -> Scene | None:
        """The one town that a sentence names without saying that anything happened there."""
        named = [s for s in self.scenes(sentence) if s.role is Role.OTHER and not s.lead and is_local(s)]
        towns = [s for s in named if s.place is not None and not self._is_capital(s.place)]
        # Two districts are of one city.
        cities = {(s.place.settlement or s.place.name, s.place.admin1) for s in towns if s.place is not None}
        return towns[0] if len(cities) == 1 else None

    def _dateline(self, sentence: Sentence) -> Scene | None:
        """Where the story of an entry was filed, unless somebody else's office is a better guess."""
        if any(s.role is Role.TITLE and is_local(s) for s in self.scenes(sentence)):
            return None
        first = self._document.entries[self._story(sentence)].sentences[0]
        return next((s for s in self.scenes(first) if s.role is Role.DATELINE and is_local(s)), None)

    def _whose(self, sentence: Sentence) -> Scene | None:
        """The one town that an entry names, if only by its people: "Quetta's lawyers had gathered outside"."""
        entry = self._document.entries[sentence.entry].sentences[:_OPENING]
        towns = [s for each in entry for s in self.scenes(each) if is_local(s) and s.role is not Role.ORIGIN]
        owned = [s for s in towns if s.role is Role.ACTOR and s.place is not None and not self._is_capital(s.place)]
        return owned[0] if len(towns) == 1 and owned else None

    @staticmethod
    def _is_capital(place: Place) -> bool:
        return terms().capitals.get(place.country or "") == place.name

    def _main(self, sentence: Sentence) -> Scene | None:
        """The scene that governs what follows a sentence: its first settlement, else its first place."""
        usable = [s for s in self.scenes(sentence) if s.role in SCENE and not s.included]
        usable = [s for s in usable if not is_border(s)] or usable
        if usable and usable[0].role is Role.NEAR and _THE_PLACE.search(sentence.text, 0, usable[0].start):
            return None  # "attacked the village, 13 km north of X": it was named before
        local = [s for s in usable if is_local(s)]
        if len(local) > 1 and heads(sentence.text, local[0]):
            return local[1]  # "QUETTA: A device exploded near Sibi"
        return local[0] if local else usable[0] if usable else None

    def _widened(self, sentence: Sentence, scene: Scene, start: int, end: int) -> Where | None:
        """The country or the region around a scene, for "across the country" and the like in the figure's clause."""
        layout = self._layout(sentence)
        wider, (left, right) = layout.wider, layout.clause(start, end)
        place = scene.spots[0].place
        if wider is None or place is None or not left <= wider.start() < right:
            return None
        if scene in self.scenes(sentence) and scene.start > wider.start():
            return None
        country = self._gazetteer.country(place.country or "")
        if (wider["unit"] or "country").lower() in ("country", "nation"):
            return at_place(country, None) if country else None
        region = self._gazetteer.region(place.admin1, place.country) if place.admin1 and place.country else None
        return at_place(region, None) if region else None

    # -- national measures ---------------------------------------------------------------------------------------

    def _target(self, sentence: Sentence, start: int, end: int) -> Scene | None:
        """The place that the clause of a launch names as its target, with "at", "on" or a verb of attack."""
        text = sentence.text
        layout = self._layout(sentence)
        left, right = layout.clause_of_figure(start), layout.scope_end(end)
        for scene in self.scenes(sentence):
            aimed = scene.role is Role.TARGET or (scene.lead in terms().targets and scene.start >= end)
            if not aimed or scene.included:
                continue
            # "launched 35 missiles and 185 drones at Kyiv": the target of the whole list.
            if left <= scene.start < right or (scene.start > end and _LISTED.fullmatch(text, end, scene.start)):
                return scene
        verb = next((m for m in re.finditer(r"[a-z]+", text[end:right]) if m.group() in terms().verbs), None)
        if verb is not None:
            for scene in self.scenes(sentence):
                site = scene.place is not None and scene.place.is_local
                if end <= scene.start < right and site and scene.role is not Role.ORIGIN and not scene.included:
                    return scene
        return None

    def _national(self, sentence: Sentence) -> Where:
        """The country that was attacked: where the sentence, the entry or the headline set the scene."""
        country = self._one_country(sentence) or defender(sentence, self.mentions)
        country = country or self._course(sentence.entry).country(sentence.index)
        headline = self._document.headline
        if country is None and headline is not None and headline.entry != sentence.entry:
            country = self._one_country(headline)
        return self._country(country) if country is not None else self._last_resort(sentence, national=True)

    def _one_country(self, sentence: Sentence) -> str | None:
        """The country of all scenes of a sentence, None for none or several."""
        places = (spot.place for scene in self.scenes(sentence) if scene.role in SCENE for spot in scene.spots)
        named = {place.country for place in places if place is not None and place.country}
        return next(iter(named)) if len(named) == 1 else None

    # -- last resorts --------------------------------------------------------------------------------------------

    def _last_resort(self, sentence: Sentence, *, national: bool = False) -> Where:
        if not national:
            for scene in self.scenes(sentence):
                if scene.role is Role.TITLE and scene.place is not None and scene.place.kind is not PlaceKind.COUNTRY:
                    return where_of(scene, self._gazetteer)
            for scene in self.scenes(sentence):
                home = scene.role is Role.ORIGIN and is_local(scene)
                if home and _PEOPLE_FROM.search(sentence.text, 0, scene.start):
                    return where_of(scene, self._gazetteer)
            ends = [s.place for s in self.scenes(sentence) if s.role is Role.ORIGIN or s.lead == "to"]
            regions = {(p.admin1, p.country) for p in ends if p is not None and p.admin1}
            if len(ends) > 1 and len(regions) == 1:  # "a convoy from X to Y"
                admin1, country = next(iter(regions))
                region = self._gazetteer.region(admin1 or "", country or "")
                if region is not None:
                    return at_place(region, None)
            office = self._told_on(sentence, anyhow=True)
            if office is not None and self._theatre((sentence,)) is None:
                return where_of(office, self._gazetteer)
        country = self._theatre((sentence,)) or self._theatre_of_entry(sentence.entry) or self._theatre_of_entry(-1)
        return self._country(country) if country else Where()

    def _theatre_of_entry(self, entry: int) -> str | None:
        """The country that an entry, or with -1 the report, is about where no scene is set. Asked often, read once."""
        if entry not in self._theatres:
            whole = tuple(self._document.sentences) if entry < 0 else self._document.entries[entry].sentences
            self._theatres[entry] = self._theatre(whole)
        return self._theatres[entry]

    def _theatre(self, sentences: Sequence[Sentence]) -> str | None:
        return victims(sentences, self.mentions) or named_country(sentences, self.mentions)

    # -- answers -------------------------------------------------------------------------------------------------

    def _country(self, name: str) -> Where:
        country = self._gazetteer.country(name)
        return at_place(country, None) if country is not None else Where(country=name, where_prec=6)


def _may_be_person(mention: Mention) -> bool:
    """Whether a single name could be a surname: that of a town, unless a word beside it says so."""
    plain = mention.first == mention.last and mention.hint is None and not mention.adjective and mention.address < 0
    return plain and all(p.kind is PlaceKind.SETTLEMENT for p in mention.candidates[:1])


_PART = re.compile(r"\s+(?:of\s+(?:them|whom)\b|seriously|severely|critically|fatally|badly)\b")
#: So many sentences on, a scene is still that of the figure.
_SOON = 2
#: The one who spoke before speaks on.
_CONTINUED = re.compile(r"\A[\"“”]|\A(?:He|She)\b|\b(?:he|she)\s+(?:added|said|wrote|noted|told|reported)\b")
_THE_PLACE = re.compile(
    r"\bthe\s+(?:village|town|hamlet|settlement|camp|community|market|school|church|mosque|base|outpost),?\s+"
    r"(?:[\w.-]+\s+){0,4}?(?:km|kms|kilomet(?:re|er)s?|miles?|north\w*|south\w*|east\w*|west\w*)\s+"
    r"(?:[\w-]+\s+){0,3}?(?:of|from)\s+(?:[\w-]+\s+){0,4}\Z"
)
_LISTED = re.compile(
    r"\s[a-z -]{3,40}(?:\s(?:—|–|-)[^—–.;]{3,40}(?:—|–|-))?\s(?:and|plus|as\s+well\s+as)\s(?:[a-z]+\s){0,2}"
    r"\d[\d,]*\s[a-z -]{3,40}\s(?:at|against|on)\s(?:the\s)?"
)
_THE_REGION = re.compile(r"\bin\s+the\s+(?:region|oblast|province|governorate)\b(?!\s+of\b)")
_OPENING = 8  # a town is looked for in as many sentences of an entry
_PEOPLE_FROM = re.compile(
    r"\b(?:people|farmers|villagers|residents|civilians|workers|families|men|women)\s+from\s+(?:the\s+)?\Z"
)
