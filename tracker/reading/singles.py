"""One unnamed person or munition: "a woman", "the other pilot", "another", "an 11-year-old", "a Shahed drone"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.models import Group
from tracker.reading.glossed import Glossed
from tracker.reading.heads import MAX_MODIFIERS, carries_on
from tracker.reading.nouns import Noun, Sort, age_group
from tracker.reading.people import aged, refined_group
from tracker.reading.phrase import Phrase
from tracker.reading.predicates import Lexeme
from tracker.tokens import Match, is_possessive

#: A single person's or munition's noun begins within so many tokens of the article, "another" and an ordinal counted.
_NOUN_REACH = MAX_MODIFIERS + 3
#: Brackets in a name close within so many tokens.
_BRACKET = 4
_RANK = re.compile(r"\d+(?:st|nd|rd|th)\Z")


def singles(line: Glossed, taken: Sequence[bool]) -> Iterator[Phrase]:
    """Every single person or munition outside the tokens already taken, from left to right."""
    norms, words = line.norms, line.words
    nouns = _singular_nouns(line)
    if not nouns and "another" not in line.distinct and words.nouns_or_ranks.isdisjoint(line.distinct):
        return
    starts = {index for noun in nouns for index in range(max(0, noun - _NOUN_REACH + 1), noun + 1)}
    if "another" in line.distinct or not words.nouns_or_ranks.isdisjoint(line.distinct):
        starts.update(
            index
            for index, norm in enumerate(norms[: line.size])
            if norm == "another" or norms[index + 1] in words.nouns_or_ranks or norms[index + 1] in words.of_bodies
        )
    end = 0
    kin = False  # whether the last phrase is a member of somebody's family list
    for index in sorted(starts):
        if taken[index] or index < end:
            continue
        if end and index == end + 1 and norms[end] in {"and", ","} and norms[index] not in words.single_openers:
            phrase = _bare_kin(line, index, taken, theirs=kin)
            if phrase is not None:
                yield phrase
                end = phrase.last
                continue
        # A headline may leave out the article, but not the noun.
        bare = nouns and (index == 0 or norms[index - 1] in words.before_bare)
        if bare or norms[index] in words.single_openers:
            phrase = _single(line, index, taken)
            if phrase is not None:
                yield phrase
                end = phrase.last
                kin = norms[phrase.first] in words.possessives


def _bare_kin(line: Glossed, index: int, taken: Sequence[bool], *, theirs: bool) -> Phrase | None:
    """As in "his father and brother", "her mother, sister and nephew": those behind the first have no article."""
    walked = _walk(line, index, taken)
    if walked is None or not walked.noun.one_person or walked.head != walked.end - 1:
        return None
    if not theirs:  # "a child and young man were killed"
        verb = line.lexemes[walked.end]
        suffers = verb is not None and verb.term.people is not None and bool(verb.term.forms)
        plural = line.norms[index - 1] == "and" and (suffers or line.norms[walked.end] in line.words.plural_helpers)
        if not plural or line.is_capital(index):
            return None
    goes_on = line.norms[walked.end] in {"and", ","} and "and" in line.norms[walked.end : walked.end + _NOUN_REACH]
    if not (goes_on or (line.norms[index - 1] == "and" and ends_phrase(line, walked.end))):
        return None  # "his wife, teacher at the school"
    group, last = aged(
        line, refined_group(line, walked.noun.group, walked.age, index, walked.head, walked.end), walked.end
    )
    quantity = line.exactly(1, index, walked.end)
    return Phrase(index, last, quantity, Sort.PEOPLE, group, walked.head, single=True)


def _singular_nouns(line: Glossed) -> list[int]:
    """Where nouns begin that can be one person or munition, and ages that can stand for them.

    A noun that another follows only says what kind that is: "Russian drones".
    """
    nouns, lexemes = line.nouns, line.lexemes
    found = [
        noun.start
        for noun in filter(None, nouns)
        if noun.term.one_counted and (nouns[noun.end] is None or lexemes[noun.end] is not None)
    ]
    if "old" in line.text.lower():
        found += (index for index, norm in enumerate(line.norms) if norm.endswith(("old", "olds")))
        found.sort()
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
    ordinal = norms[start] in words.ordinals and article in {"a", "the"}
    if ordinal:
        # "a third person has died", "a fifth succumbed"
        start += 1
        if norms[start] == "one" and ends_phrase(line, start + 1):
            return _alone(line, index, start + 1)._replace(ordinal=True)  # "wounded a third one"
        if article == "a" and norms[start] != "of" and ends_phrase(line, start) and _says_so(line, start):
            return _alone(line, index, start)._replace(ordinal=True)
    single = _Article(index, definite=not indefinite, more=ordinal or article == "another", ordinal=ordinal)
    whose = _whose_body(line, start)
    if whose is not None and (indefinite or article == "the"):
        return _body(line, single, whose)
    if norms[start] in words.of_bodies and norms[start + 1] in words.bodies:
        start += 1  # "a bullet-riddled body"
    if norms[start] in words.bodies and ends_phrase(line, start + 1):
        if not indefinite and article not in {"the", "that", "this"}:
            return None  # "I felt my body lift"
        # "the body of the text", "the body of a man": the body is not what is counted.
        return _body(line, single, start) if indefinite or norms[start + 1] != "of" else None
    if norms[start] in words.more:
        single = single._replace(more=True)
        start += 1
    elif norms[start] == "other":
        single = single._replace(others=True)
        start += 1
    if start < line.size and taken[start]:
        return None  # "another 63"
    told = line.lexemes[index - 1] if index else None
    suffered = told is not None and told.end == index and bool(told.term.object)  # "killing one and wounding the other"
    alone = article == "another" or (single.others and (suffered or _says_so(line, start)))
    if alone and _stands_alone(line, start):
        return _alone(line, index, start)._replace(definite=single.definite)  # "another", "the other was hurt"
    return _named(line, single, start, taken)


def _whose_body(line: Glossed, start: int) -> int | None:
    """Where "body" stands in "a woman's body", "a young farmer's body"."""
    for index in range(start, min(start + 3, line.size)):
        noun = line.nouns[index]
        if noun is not None and noun.term.one_person and is_possessive(line.texts[noun.end - 1]):
            told = line.norms[noun.end] == "body" and line.norms[noun.end + 1] in line.words.be
            return noun.end if told else None
    return None


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


class _Article(NamedTuple):
    """The article of a single person or munition, at ``first``, and what it and the word behind it say."""

    first: int
    definite: bool
    more: bool
    ordinal: bool
    others: bool = False

    def phrase(
        self,
        line: Glossed,
        head: int,
        sort: Sort,
        group: Group | None = None,
        *,
        last: int | None = None,
        attribute: Lexeme | None = None,
        name: Lexeme | None = None,
    ) -> Phrase:
        """The phrase up to its head, or to ``last``."""
        counted = 2 if line.norms[head] == "couple" else 1  # "an elderly couple"
        return Phrase(
            *(self.first, last or head + 1, line.exactly(counted, self.first, head + 1), sort, group, head),
            single=True,
            definite=self.definite,
            more=self.more,
            ordinal=self.ordinal,
            others=self.others,
            attribute=attribute,
            name=name,
        )


def _body(line: Glossed, article: _Article, index: int) -> Phrase | None:
    """As in "a body", "a third fatality": one dead."""
    name = line.lexemes[index]
    return None if name is None else article.phrase(line, index, Sort.PEOPLE, name=name.term)


class _Walked(NamedTuple):
    """What stands behind an article: its noun, the noun's last token, and the token at which the way ended."""

    noun: Noun
    head: int
    end: int
    age: Group | None
    attribute: Lexeme | None


def _named(line: Glossed, article: _Article, start: int, taken: Sequence[bool]) -> Phrase | None:
    """The phrase whose modifiers begin at ``start``; None where no single person or munition is meant."""
    walked = _walk(line, start, taken)
    if walked is None or not walked.noun.one_counted:
        return None
    noun, head = walked.noun, walked.head
    if noun.sort is Sort.MUNITION:
        counted = not article.definite
        return article.phrase(line, head, Sort.MUNITION) if counted else None
    if _is_part_of_name(line, walked, definite=article.definite):
        return None
    behind = line.lexemes[head + 1]
    if article.definite and line.norms[head] == "civilian" and behind is not None and behind.term.names:
        return None  # "the civilian dead"
    group, last = aged(line, refined_group(line, noun.group, walked.age, start, head, head + 1), head + 1)
    if group is Group.FIGHTERS and article.definite and line.norms[head] == "gunman":
        group = Group.PERPETRATORS  # the one of the attack told
    return article.phrase(line, head, Sort.PEOPLE, group, last=last, attribute=walked.attribute)


def _walk(line: Glossed, index: int, taken: Sequence[bool]) -> _Walked | None:
    """Go over modifiers to the noun, if there is one."""
    norms, nouns, lexemes, words = line.norms, line.nouns, line.lexemes, line.words
    noun, head, age, attribute, unknown = None, -1, None, None, None
    limit = min(line.size, index + MAX_MODIFIERS)
    while index < limit and not taken[index]:
        norm, match = norms[index], nouns[index]
        years = age_group(norm) if norm.endswith(("old", "olds")) else None
        if years is not None:
            age = years
            index += 1
            if ends_phrase(line, index):
                noun, head = Noun(Sort.PEOPLE, years, plural=False), index - 1
                break
        elif match is not None:
            index, head = match.end, match.end - 1
            noun = None if is_possessive(line.texts[head]) else match.term
        elif norm == "(" and noun is None and (behind := _behind_bracket(line, index)):
            index, unknown = behind, None
        elif noun is None and (lexeme := lexemes[index]) is not None and _is_attribute(line, lexeme):
            if unknown is not None and unknown == index - 1:
                return None  # "men on a pick-up killed Judge Roe": a verb
            index, attribute = lexeme.end, lexeme.term
        elif ends_phrase(line, index) or (noun is not None and not carries_on(line, index)):
            break
        else:
            if norm in words.adverbs and not norm.endswith("ly"):
                break
            if line.is_lower(index) and not norm.endswith("ly"):
                unknown = index
            index += 1
    if noun is None and age is not None and norms[index - 2].endswith("old") and ends_phrase(line, index):
        noun, head = Noun(Sort.PEOPLE, age, plural=False), index - 1  # "a 12-year-old goalkeeper"
    return None if noun is None else _Walked(noun, head, index, age, attribute)


def _behind_bracket(line: Glossed, index: int) -> int | None:
    """The noun behind brackets in a name: "an ULFA (I) militant"; None where none follows at once."""
    closed = next((at for at in range(index, min(index + _BRACKET, line.size)) if line.norms[at] == ")"), line.size)
    noun = line.nouns[closed + 1] if closed + 1 < line.size else None
    return closed + 1 if noun is not None and noun.term.one_person and line.is_capital(index - 1) else None


def _is_attribute(line: Glossed, lexeme: Match[Lexeme]) -> bool:
    """As in "a wounded guard", "a dead man"."""
    noun = line.nouns[lexeme.end] if lexeme.term.predicative else None
    return noun is not None and noun.term.one_person


def _is_part_of_name(line: Glossed, walked: _Walked, *, definite: bool) -> bool:
    """Whether what follows the noun makes it a title ("the mayor Ivan Petrenko") or a modifier ("a police car")."""
    index = walked.end
    if index >= line.size or walked.head != index - 1 or not line.is_word(index):
        return False
    norm, words = line.norms[index], line.words
    if line.is_capital(index):
        return definite
    if not line.is_lower(index) or ends_phrase(line, index) or not norm.isalpha():
        return False
    return not norm.endswith(("ing", "ed", "s", "ly")) and norm not in words.adverbs and norm not in words.after_person


def _headline_single(line: Glossed, index: int) -> Phrase | None:
    """Headline style, without an article: "Woman, two children killed", "Kharkiv: child among five killed"."""
    norms, words = line.norms, line.words
    opened = index == 0 or norms[index - 1] in words.headline_marks
    if not opened and not _continues_headline(line, index):
        return None
    age = age_group(norms[index])
    noun = line.nouns[index]
    if noun is None and age is not None and opened and _goes_on(line, index, index + 1):
        # "Nikopol: 7-year-old killed in his bed"
        return Phrase(index, index + 1, line.exactly(1, index, index + 1), Sort.PEOPLE, age, index, single=True)
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
