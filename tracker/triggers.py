"""Which of a reader's rules a sentence can set off, told by one look at its words.

A reader knows many lists of terms, and a sentence holds few of them. The words of a sentence are cut once, for all
readers; each reader looks once for the words that its terms need, and tries no rule that lacks them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

from tracker.reading.cues import plain_words, words_of
from tracker.wording import searchable

Name = TypeVar("Name", bound=Hashable)


class Triggers(Generic[Name]):
    """Lists of terms, each under a name, found by the words of their terms.

    >>> triggers = Triggers({"air": ["jet", "air force"], "older": ["in revenge for"]})
    >>> sorted(triggers.found_in("Jets? No: a jet, in REVENGE for it.")), triggers.found_in("The air was still.")
    (['air', 'older'], set())
    """

    __slots__ = ("_names", "_tellers")

    def __init__(self, lists: Mapping[Name, Iterable[str]]) -> None:
        #: The longest word of a term → the names of its lists, each with the other words that the term needs.
        self._names: dict[bytes, list[tuple[Name, frozenset[bytes]]]] = {}
        for name, terms in lists.items():
            for term in terms:
                words = frozenset(plain_words(term))
                teller = max(sorted(words), key=len)
                self._names.setdefault(teller, []).append((name, words - {teller}))
        self._tellers = frozenset(self._names)

    def found_in(self, text: str) -> set[Name]:
        """The names of the lists of which a term may stand in ``text``, in whatever case, as whole words.

        All its words are there, if perhaps not together: that is left to the rule.
        """
        words = words_of(text)
        found = set()
        for teller in self._tellers & words:
            for name, needs in self._names[teller]:
                if needs <= words:
                    found.add(name)
        return found


class Stems(Generic[Name]):
    """Lists of what words begin with, each under a name: "driv" for "driver" and "driving".

    >>> stems = Stems({"ramming": ["driv", "drove"], "blast": ["blew up"]})
    >>> stems.found_in("A van driver"), stems.found_in("A screwdriver blew up.")
    ({'ramming'}, {'blast'})
    """

    __slots__ = ("_finder", "_names")

    def __init__(self, lists: Mapping[Name, Iterable[str]]) -> None:
        names: dict[str, list[Name]] = {}
        for name, stems in lists.items():
            for stem in stems:
                names.setdefault(stem, []).append(name)
        self._finder = AhoCorasick(list(names))  # each stem once, of however many lists it is
        self._names = list(names.values())

    def found_in(self, text: str) -> set[Name]:
        """The names of the lists of which a stem begins a word of ``text``, in whatever case."""
        lowered = searchable(text.lower())
        found: set[Name] = set()
        for index, start, _ in self._finder.find_matches_as_indexes(lowered, overlapping=True):
            if not (start and lowered[start - 1].isalpha()):
                found.update(self._names[index])
        return found
