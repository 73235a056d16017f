"""A first look: whether a text can hold a figure that counts anything, at many times the speed of reading it.

A figure that counts needs, in its sentence, a word of a figure and the words of a predicate that fits it. Texts
are cut into plain lower-case words for this, without a thought for grammar, so the answer errs only towards
"perhaps".
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from tracker.models import Group
from tracker.numerals import number_terms
from tracker.reading.nouns import Noun, Sort, member_terms, noun_book
from tracker.reading.predicates import Lexeme, lexemes
from tracker.reading.words import words
from tracker.segment import abbreviations

#: Bytes → small letters, digits and spaces: whatever is neither letter nor digit parts words.
_PLAIN = bytes(ord(chr(byte).lower()) if byte < 128 and chr(byte).isalnum() else 32 for byte in range(256))
#: A sentence that only lists who was meant is shorter: "Six officers, a medic and two residents."
_LIST = 100
_DIGIT = re.compile(rb"\d")


def plain_words(text: str) -> list[bytes]:
    """The words of a text in small letters, without marks.

    >>> plain_words("Two hurt; “nobody” died.")
    [b'two', b'hurt', b'nobody', b'died']
    """
    return _plain(text.encode("utf-8", "replace"))


def _plain(text: bytes) -> list[bytes]:
    return text.translate(_PLAIN).split()


@functools.lru_cache(maxsize=1024)
def words_of(text: str) -> frozenset[bytes]:
    """The plain words of a sentence, which all readers ask for, and its neighbours too."""
    return frozenset(plain_words(text))


class TermIndex:
    """Terms of one or more words, found by the one of their words that tells most.

    >>> index = TermIndex(["put out", "death", "loss of life"])
    >>> index.meets(set(plain_words("They put it out."))), index.meets(set(plain_words("Life is a loss.")))
    (True, False)
    """

    def __init__(self, terms: Iterable[str]) -> None:
        found: dict[bytes, list[frozenset[bytes]]] = defaultdict(list)
        for term in terms:
            parts = plain_words(term)
            found[_telling(parts)].append(frozenset(parts))
        self._settle(found)

    @classmethod
    def of(cls, *indexes: TermIndex) -> TermIndex:
        """The terms of several indexes in one."""
        found: dict[bytes, list[frozenset[bytes]]] = defaultdict(list)
        for index in indexes:
            for word, needs in index._needs.items():
                found[word] += needs or [frozenset([word])]
        made = cls(())
        made._settle(found)
        return made

    def _settle(self, found: Mapping[bytes, list[frozenset[bytes]]]) -> None:
        # A word that is a term by itself needs no other, and a longer term that holds it tells nothing more.
        alone = {word for word, needs in found.items() if any(len(need) == 1 for need in needs)}
        self._needs: dict[bytes, tuple[frozenset[bytes], ...]] = dict.fromkeys(alone, ())
        for word, needs in found.items():
            if word not in alone and (rest := {need for need in needs if alone.isdisjoint(need)}):
                self._needs[word] = tuple(rest)
        self.tellers = frozenset(self._needs)
        #: All words that are asked for.
        self.words = self.tellers.union(*(need for needs in self._needs.values() for need in needs))

    def meets(self, found: Set[bytes]) -> bool:
        """Whether all words of any term are among those found, in whatever order."""
        for word in self.tellers & found:
            needs = self._needs[word]
            if not needs:
                return True
            for need in needs:
                if need <= found:
                    return True
        return False


def _telling(parts: list[bytes]) -> bytes:
    """The longest word that is not a small word of the grammar, else the longest."""
    known = words()
    small = known.stops | known.helpers | known.subject_gaps
    return max(parts, key=lambda word: (word.decode() not in small, len(word)))


@dataclass(frozen=True, slots=True)
class Cues:
    """What may be part of a figure that counts, by what it goes with."""

    #: Predicates that people get their measures from, those of munitions, buildings and the like, and attacks.
    people: TermIndex
    things: TermIndex
    waves: TermIndex
    #: "lost", which takes one's own people.
    losses: TermIndex
    #: All four: the first to look for.
    telling: TermIndex
    #: Figures in words; single people and munitions; what an attack brings or strikes; nobody.
    numbers: TermIndex
    person: TermIndex
    munition: TermIndex
    brought: TermIndex
    own: TermIndex
    nobody: TermIndex
    #: What makes a figure part of another: "of them", "badly"; and, before those of a group, "were".
    parts: TermIndex
    copulas: TermIndex
    #: The words of all of these.
    known: frozenset[bytes]

    def fit(self, text: bytes, *, part: bool = False) -> bool:
        """Whether a sentence may hold a figure that counts; ``part``: perhaps a part of one in the sentence before."""
        return self._fit(text, self.known.intersection(_plain(text)), part=part)

    def fit_sentence(self, sentence: str, *, part: bool = False) -> bool:
        """Like ``fit``, with the words that the readers of the sentence ask for too."""
        return self._fit(sentence.encode("utf-8", "replace"), self.known & words_of(sentence), part=part)

    def _fit(self, text: bytes, found: Set[bytes], *, part: bool) -> bool:
        number = _DIGIT.search(text) is not None or self.numbers.meets(found)
        counted = number or self.person.meets(found)
        hurt = self.people.meets(found) or (self.losses.meets(found) and self.own.meets(found))
        if hurt and (counted or self.nobody.meets(found)):
            return True
        short = len(text) < _LIST or self.copulas.meets(found)
        if part and counted and (self.parts.meets(found) or (short and self.own.meets(found))):
            return True
        if not number and not self.munition.meets(found):
            return False
        return self.things.meets(found) or (self.waves.meets(found) and self.brought.meets(found))


def _fits_people(lexeme: Lexeme) -> bool:
    """Whether a predicate by itself can give people a measure."""
    frames = (lexeme.object, lexeme.intransitive, lexeme.states, lexeme.takes, lexeme.names)
    return lexeme.toll is not None or any(frame.get(Sort.PEOPLE) for frame in frames)


def _people_terms(found: Iterable[Lexeme]) -> Iterator[str]:
    """The predicates of people, with the word after the object that some need."""
    for lexeme in found:
        if _fits_people(lexeme):
            yield lexeme.phrase
        yield from (f"{lexeme.phrase} {word}" for word in (*lexeme.carries, *lexeme.injuries))
    known = words()
    yield from (*known.victims, *known.zero_victims, "loss of life", "fighting for life", "fighting for lives")
    yield from (term for term, _ in known.conditions.entries())


def _munitions(nouns: Iterable[tuple[str, Noun]]) -> Iterator[str]:
    """Munitions in the singular, which count one behind an article."""
    return (phrase for phrase, noun in nouns if noun.sort is Sort.MUNITION and not noun.plural)


def _member_cues() -> Iterator[str]:
    """The words that make members of something more than people: "army", "gang"."""
    return (cue for _, cues in member_terms().cues for cue in cues)


def _part_terms() -> Iterator[str]:
    """What stands beside a figure that is part of one before it: "of them", "including", "badly"."""
    known = words()
    yield from known.severity
    yield from (f"of {word}" for word in (*known.of_them, "these", "those", *known.speaking))
    yield from (f"{verb} {noun}" for verb in (*known.putting, "stood", "stands") for noun in known.tallies)
    yield from (f"{word} reported" for word in known.earlier)
    for book in (known.subset, known.conditions):
        yield from (term for term, _ in book.entries() if term != "with")


@functools.cache
def cues(language: str = "en") -> Cues:
    """The cues of a language, made of its lexicon."""
    known, spelled = words(language), number_terms(language)
    predicates = list(lexemes(language).entries())
    nouns = list(noun_book(language).entries())
    people = TermIndex(_people_terms(lexeme for _, lexeme in predicates))
    things = TermIndex(
        phrase
        for phrase, lexeme in predicates
        if lexeme.object or lexeme.agent or lexeme.intransitive or lexeme.states or lexeme.takes or lexeme.names
    )
    losses = TermIndex(phrase for phrase, lexeme in predicates if lexeme.losses)
    waves = TermIndex((*(phrase for phrase, lexeme in predicates if lexeme.wave), *known.rescue, *known.impacts))
    indexes = {
        "people": people,
        "things": things,
        "waves": waves,
        "losses": losses,
        "numbers": TermIndex(
            (*spelled.words, *spelled.scales, *spelled.collectives, *spelled.vague, *spelled.sets, "both", "couple")
        ),
        "person": TermIndex(
            (
                *(phrase for phrase, noun in nouns if noun.one_person),
                *known.ordinals,
                *known.bodies,
                "another",
                "old",
                "him",
            )
        ),
        "munition": TermIndex((*_munitions(nouns), *known.ordinals, "another")),
        "brought": TermIndex(phrase for phrase, noun in nouns if noun.sort in {Sort.MUNITION, Sort.SITE}),
        "own": TermIndex(
            (*known.staff, *(phrase for phrase, noun in nouns if noun.group is not Group.ALL), *_member_cues())
        ),
        "nobody": TermIndex(known.zeros),
        "parts": TermIndex(_part_terms()),
        "copulas": TermIndex(word for word in known.be if word.isalpha()),
    }
    return Cues(
        **indexes,
        telling=TermIndex.of(people, things, waves, losses),
        known=frozenset().union(*(index.words for index in indexes.values())),
    )


def passages_that_may_count(text: str) -> Iterator[str]:
    """The passages of a text, whole sentences each, that may hold a figure that counts.

    >>> list(passages_that_may_count("The council met. A mine killed two. Gen. Roe and two others left."))
    ['A mine killed two']
    """
    known = cues()
    tellers = known.telling.tellers
    for line in text.encode("utf-8", "replace").split(b"\n"):  # no sentence crosses a line
        pieces = line.split(b". ")
        free = 0  # the first piece that no passage holds yet
        for index, piece in enumerate(pieces):
            if index < free or tellers.isdisjoint(found := piece.translate(_PLAIN).split()):
                continue
            tells = known.telling.meets(set(found))
            start, end = index, index + 1
            while start > free and _goes_on(pieces, start - 1):
                start -= 1
            while end < len(pieces) and _goes_on(pieces, end - 1):
                end += 1
            free = end
            if end - start == 1 and not tells:
                continue
            passage = b". ".join(pieces[start:end])
            if known.fit(passage):
                yield passage.decode("utf-8", "replace")


#: Quotes and brackets around a word, as bytes.
_AROUND = "\"'“”‘’«»()[]".encode()


def _goes_on(pieces: list[bytes], index: int) -> bool:
    """Whether the full stop behind a piece may be one of an abbreviation, so that its sentence goes on."""
    piece = pieces[index].rstrip()
    if not piece or pieces[index + 1].lstrip()[:1].islower():
        return True
    word = piece[piece.rfind(b" ") + 1 :].lower()
    if word.isalpha() and len(word) > 1:  # as nearly always
        return word in _short_forms()
    word = word.split()[-1].lstrip(_AROUND)
    return len(word) < 2 or b"." in word or word in _short_forms()


@functools.cache
def _short_forms() -> frozenset[bytes]:
    """The abbreviations as bytes."""
    return frozenset(term.encode() for term in abbreviations())
