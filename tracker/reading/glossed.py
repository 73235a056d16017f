"""A sentence with its glosses: the nouns and the predicates that begin at each of its words."""

from __future__ import annotations

from tracker.reading.nouns import Noun, noun_book
from tracker.reading.predicates import Lexeme, lexemes
from tracker.reading.words import words
from tracker.tokens import Line, Match


class Glossed(Line):
    """A line whose ``nouns[i]`` and ``lexemes[i]`` are the longest terms that begin at token ``i``, or None.

    >>> line = Glossed("Two police officers died.")
    >>> line.nouns[1].term.group.value, line.lexemes[3].term.people.value, line.nouns[3]
    ('police', 'killed', None)
    """

    __slots__ = ("lexemes", "nouns", "words")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.words = words()
        self.nouns: list[Match[Noun] | None] = noun_book().each(self.norms, self.size)
        self.lexemes: list[Match[Lexeme] | None] = lexemes().each(self.norms, self.size)

    def starts_figure(self, index: int) -> bool:
        """Whether a figure of its own begins at a token."""
        norm = self.norms[index]
        return norm[:1].isdigit() or norm in self.words.numbers
