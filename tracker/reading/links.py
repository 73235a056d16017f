"""What a phrase was found to count, and by which case of the grammar."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tracker.models import Group, Measure, Quantity, Relation
from tracker.reading.nouns import Sort

#: Measures that count people; only their figures have a group (codebook 4).
PEOPLE_MEASURES = frozenset(
    {
        *(Measure.KILLED, Measure.INJURED, Measure.CASUALTIES, Measure.HOSPITALISED),
        *(Measure.MISSING, Measure.RESCUED, Measure.EVACUATED),
    }
)


class Case(StrEnum):
    """The cases of ``counts``, in the order in which they are tried."""

    INSIDE = "inside"
    AMONG = "among"
    NAME = "name"
    OBJECT = "object"
    JOINED = "joined"
    SUBJECT = "subject"
    NOMINAL = "nominal"
    TOLL = "toll"
    MEANS = "means"
    SITE = "site"
    LIST = "list"
    SUBJECT_LIST = "subject list"
    FAR_SUBJECT = "far subject"
    ATTRIBUTE = "attribute"
    BESIDES = "besides"
    #: "the rebels put the number at 40": a toll of what was counted before.
    TOLD = "told"
    #: "two people, a man and a boy": of the list only its members are parts.
    MEMBERS = "members"
    #: "Two of them were children": a part of a figure of the sentence before.
    DANGLING = "dangling"


class Link(NamedTuple):
    """A measure for a phrase; ``host`` is the index of the phrase that it is a part of.

    ``group`` is given only where the words beside the phrase do not say who.
    """

    measure: Measure
    case: Case
    relation: Relation = Relation.TOTAL
    host: int | None = None
    group: Group | None = None

    def shared(self, case: Case) -> Link:
        """The same measure for another member of a list; what the first is a part of, the second need not be."""
        if self.case is Case.AMONG:
            return self
        return self._replace(case=case, relation=Relation.TOTAL if case is Case.LIST else self.relation)


#: The links of a sentence's phrases, by the index of the phrase.
Links = dict[int, Link]


def part(case: Case, measure: Measure = Measure.KILLED) -> Link:
    """A subset; where its measure comes from its host (``Case.INSIDE``) the one given here only stands in."""
    return Link(measure, case, Relation.SUBSET)


class Count(NamedTuple):
    """One figure of a sentence and what it counts; offsets count from the sentence's start."""

    measure: Measure
    quantity: Quantity
    group: Group
    relation: Relation = Relation.TOTAL
    #: Its words add it to an earlier toll ("two more", "a third person"), which holds only where there is one.
    adds: bool = False
    ordinal: bool = False
    #: "was also hurt": so are they, where the text has told of others of theirs.
    also: bool = False
    #: "one of them died": of the last people told of.
    of_them: bool = False
    sort: Sort | None = None
    #: "seven of the villages": a part, where the report gave the whole before.
    of_known: bool = False
