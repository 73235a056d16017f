"""One unnamed person or munition: "a woman", "the other pilot", "another", "an 11-year-old", "a Shahed drone"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress, count

from tracker.models import Group
from tracker.reading.glossed import Glossed
from tracker.reading.heads import MAX_MODIFIERS, carries_on
from tracker.reading.nouns import Noun, Sort, age_group
from tracker.reading.people import aged, refined_group
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.tokens import is_possessive

#: A single person's or munition's noun begins within so many tokens of the article, "another" and an ordinal counted.
_NOUN_REACH = MAX_MODIFIERS + 3
_RANK = re.compile(r"\d+(?:st|nd|rd|th)\Z")


def singles(line: Glossed, taken: Sequence[bool]) -> Iterator[Phrase]:
    """Every single person or munition outside the tokens already taken, from left to right."""
    norms, words = line.norms, line.words
    nouns = _singular_nouns(line)
    starts = set(compress(count(), map(words.single_openers.__contains__, norms)))
    if nouns:  # a headline may leave out the article, but not the noun
        starts.update(compress(count(1), map(words.before_bare.__contains__, norms[: line.size - 1])), (0,))
    end = 0
    for index in sorted(starts):
        if taken[index] or index < end:
            continue
        near = any(index <= noun < index + _NOUN_REACH for noun in nouns)
        if near or norms[index] == "another" or norms[index + 1] in words.nouns_or_ranks:
            phrase = _single(line, index, taken)
            if phrase is not None:
                yield phrase
                end = phrase.last


def _singular_nouns(line: Glossed) -> list[int]:
    """Where nouns begin that can be one person or munition, and ages that can stand for them."""
    found = [noun.start for noun in filter(None, line.nouns) if noun.term.one_counted]
    if "old" in line.text.lower():
        found += (index for index, norm in enumerate(line.norms) if norm.endswith(("old", "olds")))
    return found


def _single(line: Glossed, index: int, taken: Sequence[bool]) -> Phrase | None:
    """The one whose article stands at ``index``."""
    norms, words = line.norms, line.words
    article = norms[index]
    indefinite = article in words.indefinite or article == "another"
    if not indefinite and article not in words.definite:
        return _headline_single(line, index)
    start = index + 1
    if not indefinite and (norms[start] in words.ranks or _RANK.match(norms[start])):
        return None  # "the 12th journalist killed this year": a rank, not a figure
    ordinal = article in {"a", "the"} and norms[start] in words.ordinals
    if ordinal:
        # "a third person has died", "a fifth succumbed"
        start += 1
        if article == "a" and norms[start] != "of" and ends_phrase(line, start) and _says_so(line, start):
            return _alone(line, index, start)._replace(ordinal=True)
    single = _Single(line, index, definite=not indefinite, more=ordinal or article == "another", ordinal=ordinal)
    if norms[start] in words.bodies and ends_phrase(line, start + 1):
        # "the body of the text", "the body of a man": the body is not what is counted.
        return single.body(start) if indefinite or norms[start + 1] != "of" else None
    if norms[start] in words.more or norms[start] == "other":
        single.others = norms[start] == "other"
        single.more = single.more or not single.others
        start += 1
    if start < line.size and taken[start]:
        return None  # "another 63"
    if article == "another" and _stands_alone(line, start):
        return _alone(line, index, start)
    return single.named(start, taken)


def _alone(line: Glossed, first: int, last: int) -> Phrase:
    """As in "another", "a fifth": one more, the noun left out."""
    return Phrase(first, last, line.exactly(1, first, last), None, None, None, single=True, more=True)


def _stands_alone(line: Glossed, index: int) -> bool:
    """Whether no noun follows "another": "another in Sumy", "another injured"."""
    if line.norms[index] in line.words.stops or not line.is_word(index):
        return True
    lexeme = line.lexemes[index]
    return lexeme is not None and lexeme.term.predicative


def _says_so(line: Glossed, index: int) -> bool:
    """Whether a verb follows an ordinal ("a fifth succumbed"), not the noun that it ranks ("a second strike")."""
    norm, words = line.norms[index], line.words
    if norm in words.be or norm in words.have or norm in words.adverbs:
        return True
    lexeme = line.lexemes[index]
    return lexeme is not None and not lexeme.term.wave and bool(lexeme.term.forms & {"past", "third"})


def ends_phrase(line: Glossed, index: int) -> bool:
    """Whether a noun phrase cannot go on at ``index``."""
    if index >= line.size or line.norms[index] in line.words.stops or line.is_mark(index):
        return True
    lexeme = line.lexemes[index]
    return lexeme is not None and bool(lexeme.term.forms or lexeme.term.states)


class _Single:
    """One person or munition on the way from its article to its noun."""

    __slots__ = ("age", "attribute", "definite", "first", "head", "line", "more", "noun", "ordinal", "others", "walked")

    def __init__(self, line: Glossed, first: int, *, definite: bool, more: bool, ordinal: bool) -> None:
        self.line = line
        self.first = first
        self.definite = definite
        self.more = more
        self.ordinal = ordinal
        self.others = False
        self.age: Group | None = None
        self.noun: Noun | None = None
        self.head = -1
        self.attribute: Lexeme | None = None
        self.walked = first

    def phrase(self, sort: Sort, group: Group | None) -> Phrase:
        """The phrase up to its head."""
        last = self.head + 1
        return Phrase(
            *(self.first, last, self.line.exactly(1, self.first, last), sort, group, self.head),
            single=True,
            definite=self.definite,
            more=self.more,
            ordinal=self.ordinal,
            others=self.others,
            attribute=self.attribute,
        )

    def body(self, index: int) -> Phrase | None:
        """As in "a body", "a third fatality": one dead."""
        self.head = index
        name = self.line.lexemes[index]
        return None if name is None else self.phrase(Sort.PEOPLE, None)._replace(name=name.term)

    def named(self, start: int, taken: Sequence[bool]) -> Phrase | None:
        """The phrase whose modifiers begin at ``start``; None where no single person or munition is meant."""
        self.walk(start, taken)
        noun, line = self.noun, self.line
        if noun is None or noun.plural:
            return None
        if noun.sort is Sort.MUNITION:
            counted = not self.definite and line.norms[self.first] != "another"
            return self.phrase(Sort.MUNITION, None)._replace(attribute=None) if counted else None
        if noun.sort is not Sort.PEOPLE or self.is_part_of_name():
            return None
        group, last = aged(
            line, refined_group(line, noun.group, self.age, start, self.head, self.head + 1), self.head + 1
        )
        if group is Group.FIGHTERS and self.definite and line.norms[self.head] == "gunman":
            group = Group.PERPETRATORS  # the one of the attack told
        return self.phrase(Sort.PEOPLE, group)._replace(last=last)

    def walk(self, index: int, taken: Sequence[bool]) -> None:
        """Go over modifiers to the noun."""
        line = self.line
        limit = min(line.size, index + MAX_MODIFIERS)
        while index < limit and not taken[index]:
            norm = line.norms[index]
            age = age_group(norm) if norm.endswith(("old", "olds")) else None
            if age is not None:
                self.age = age
                index += 1
                if ends_phrase(line, index):
                    self.noun, self.head = Noun(Sort.PEOPLE, age, plural=False), index - 1
                    break
                continue
            noun = line.nouns[index]
            if noun is not None:
                index, self.head = noun.end, noun.end - 1
                self.noun = None if is_possessive(line.texts[self.head]) else noun.term
                continue
            attribute = self.attribute_at(index)
            if attribute is not None:
                index, self.attribute = attribute
                continue
            if ends_phrase(line, index) or (self.noun is not None and not carries_on(line, index)):
                break
            if norm in line.words.adverbs and not norm.endswith("ly"):
                break
            index += 1
        self.walked = index

    def attribute_at(self, index: int) -> tuple[int, Lexeme] | None:
        """As in "a wounded guard", "a dead man"."""
        lexeme = self.line.lexemes[index]
        if lexeme is None or self.noun is not None or not lexeme.term.predicative:
            return None
        noun = self.line.nouns[lexeme.end]
        return (lexeme.end, lexeme.term) if noun is not None and noun.term.one_person else None

    def is_part_of_name(self) -> bool:
        """Whether what follows the noun makes it a title ("the mayor Ivan Petrenko") or a modifier ("a police car")."""
        line, index = self.line, self.walked
        if index >= line.size or self.head != index - 1 or not line.is_word(index):
            return False
        norm, words = line.norms[index], line.words
        if line.is_capital(index):
            return self.definite
        if not line.is_lower(index) or ends_phrase(line, index) or not norm.isalpha():
            return False
        return (
            not norm.endswith(("ing", "ed", "s", "ly")) and norm not in words.adverbs and norm not in words.after_person
        )


def _headline_single(line: Glossed, index: int) -> Phrase | None:
    """Headline style, without an article: "Woman, two children killed", "Kharkiv: child among five killed"."""
    norms, words = line.norms, line.words
    opened = index == 0 or norms[index - 1] in words.headline_marks
    if not opened and not _continues_headline(line, index):
        return None
    age = age_group(norms[index])
    noun = line.nouns[index]
    for ahead in (1, 2):
        # "CRPF jawan killed", "Teenage student shot dead"
        if noun is None and opened and line.is_capital(index) and _may_modify(line, index + ahead - 1):
            noun = line.nouns[index + ahead]
    if noun is None or not noun.term.one_person or norms[index] in {"police", "one"}:
        return None
    head = noun.end - 1
    group, last = aged(line, refined_group(line, noun.term.group, age, index, head, noun.end), noun.end)
    if not _goes_on(line, index, last):
        return None
    return Phrase(index, last, line.exactly(1, index, noun.end), Sort.PEOPLE, group, head, single=True)


def _may_modify(line: Glossed, index: int) -> bool:
    """Whether a word can stand before the noun of a headline: no small word, no verb, no figure."""
    return line.is_word(index) and line.norms[index] not in line.words.stops and line.lexemes[index] is None


def _continues_headline(line: Glossed, index: int) -> bool:
    """As in "Man shot dead, brother wounded": a headline that began without an article goes on so."""
    if line.norms[index - 1] != "," or not line.is_lower(index):
        return False
    first = line.nouns[0]
    return first is not None and first.term.one_person


def _goes_on(line: Glossed, index: int, last: int) -> bool:
    """Whether the words behind a noun without an article make it a figure."""
    lexeme = line.lexemes[last]
    term = None if lexeme is None else lexeme.term
    if term is not None and term.people is not None and (term.predicative or "third" in term.forms):
        return True
    after = line.norms[last]
    return after == "among" or (after in {"and", ","} and line.is_capital(index))
