"""The words of the product: reports, claims, figures, strikes.

Everything here is frozen, hashable and free of behaviour that needs a clock, a file or a library outside
the standard one. The meaning of each field is the codebook's (``docs/codebook.md``); section numbers below
refer to it. ``None`` always means *not known*, never zero.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Measure(StrEnum):
    """What a figure counts (codebook 2)."""

    KILLED = "killed"
    INJURED = "injured"
    CASUALTIES = "casualties"
    HOSPITALISED = "hospitalised"
    MISSING = "missing"
    RESCUED = "rescued"
    EVACUATED = "evacuated"
    LAUNCHED = "launched"
    INTERCEPTED = "intercepted"
    SUPPRESSED = "suppressed"
    HITS = "hits"
    SITES = "sites"
    FIRES = "fires"
    BUILDINGS = "buildings"
    WITHOUT_POWER = "without_power"


class Kind(StrEnum):
    """What sort of thing a measure counts (codebook 2)."""

    PEOPLE = "people"
    MUNITIONS = "munitions"
    EFFECTS = "effects"


_MUNITIONS = (Measure.LAUNCHED, Measure.INTERCEPTED, Measure.SUPPRESSED, Measure.HITS)
_EFFECTS = (Measure.SITES, Measure.FIRES, Measure.BUILDINGS)
KIND_OF: dict[Measure, Kind] = {
    m: Kind.MUNITIONS if m in _MUNITIONS else Kind.EFFECTS if m in _EFFECTS else Kind.PEOPLE for m in Measure
}

#: Measures that belong to the country unless their own clause names a target (codebook 6).
NATIONAL_MEASURES = frozenset({Measure.LAUNCHED, Measure.INTERCEPTED, Measure.SUPPRESSED})


class Group(StrEnum):
    """Who is counted (codebook 4); ``ALL`` where the report names no group."""

    ALL = "all"
    CIVILIANS = "civilians"
    CHILDREN = "children"
    WOMEN = "women"
    MEN = "men"
    ELDERLY = "elderly"
    SOLDIERS = "soldiers"
    FIGHTERS = "fighters"
    RESCUERS = "rescuers"
    MEDICS = "medics"
    POLICE = "police"
    JOURNALISTS = "journalists"
    AID_WORKERS = "aid_workers"
    WORKERS = "workers"
    PERPETRATORS = "perpetrators"


class Relation(StrEnum):
    """How a figure stands to the others of its report (codebook 1)."""

    TOTAL = "total"
    SUBSET = "subset"
    ADDITIONAL = "additional"


class Basis(StrEnum):
    """Whether a figure belongs to one incident or to a span of time (codebook 1)."""

    INCIDENT = "incident"
    PERIOD = "period"


class Field(StrEnum):
    """The field of a report in which a figure stands."""

    TITLE = "title"
    TEXT = "text"


class Scope(StrEnum):
    """How precisely a strike's place is known (codebook 8)."""

    CITY = "city"
    ADMIN1 = "admin1"
    COUNTRY = "country"


class Policy(StrEnum):
    """Which current figure is a strike's best one (codebook 8)."""

    LATEST = "latest"
    CONSERVATIVE = "conservative"
    MAJORITY = "majority"
    HIGHEST = "highest"


class VaguePolicy(StrEnum):
    """How words such as "dozens" are read when strikes are made (codebook 3)."""

    LITERAL = "literal"
    ACLED = "acled"
    EXCLUDE = "exclude"


class Grade(StrEnum):
    """How well a strike is attested, best first; what earns each is data (codebook 8, ``data/en/grades.toml``)."""

    CONFIRMED = "confirmed"
    FAIR = "fair"
    WEAK = "weak"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class Report:
    """A text as received, and what is known about it.

    ``published`` is a date, or a timezone-aware datetime where the time is known; relative words in the
    text count from it (codebook 7). Nothing in ``title`` or ``text`` is ever rewritten.
    """

    id: str
    text: str
    title: str | None = None
    published: dt.date | None = None
    publisher: str | None = None
    url: str | None = None

    @property
    def published_date(self) -> dt.date | None:
        """The day of publication, without its time.

        >>> Report("a", "", published=dt.datetime(2025, 4, 24, 7, 30, tzinfo=dt.UTC)).published_date
        datetime.date(2025, 4, 24)
        """
        return self.published.date() if isinstance(self.published, dt.datetime) else self.published


class Span(NamedTuple):
    """Character offsets in one field of a report: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as printed with its hedge, and its bounds (codebook 3).

    ``Quantity(46, None, False, None, "at least 46", Span(27, 38))``. ``low`` and ``high`` are whole numbers,
    None = open; at least one is set.
    """

    low: int | None
    high: int | None
    approx: bool
    vague: str | None
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure, in one sentence, as printed (codebook 1)."""

    claim_id: str
    report_id: str
    measure: Measure
    low: int | None
    high: int | None
    approx: bool
    vague: str | None
    text: str
    group: Group
    relation: Relation
    basis: Basis
    weapons: tuple[str, ...]
    models: tuple[str, ...]
    attacker: str | None
    place: str | None
    place_text: str | None
    admin1: str | None
    admin2: str | None
    country: str | None
    lat: float | None
    lon: float | None
    where_prec: int | None
    candidates: tuple[str, ...]
    date: dt.date | None
    date_end: dt.date | None
    date_prec: int | None
    date_text: str | None
    source: str | None
    sentence: str
    field: Field
    start: int
    end: int
    #: Provenance, copied from the report so that claims can be reconciled without it.
    published: dt.date | None = None
    publisher: str | None = None
    #: Which entry of a live blog the claim stands in, counted from 0 in each field.
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """What a strike's reports say of one measure and group (codebook 8).

    ``high`` None with a ``low`` means open ("at least"); ``best`` None means no policy could choose one.
    ``current``, ``superseded`` and ``supporting`` hold claim ids, oldest first. ``contested``: only a party to
    the fighting gives it, for its enemy's losses.
    """

    measure: Measure
    group: Group
    low: int | None
    best: int | None
    high: int | None
    approx: bool = False
    derived: bool = False
    disputed: bool = False
    current: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Strike:
    """The claims about one incident, reconciled (codebook 8).

    ``strike_id`` is derived from the earliest of its claims, so that it stays the same when later reports
    join. ``scope`` is None where not even a country is known. ``basis`` is ``PERIOD`` for the row of a toll
    over a span, which joins no sum. ``linked`` names the strikes of wider or finer scope that overlap it.
    ``corrections`` says, in words, what analysts have changed in it.
    """

    strike_id: str
    scope: Scope | None
    basis: Basis
    place: str | None
    admin1: str | None
    country: str | None
    lat: float | None
    lon: float | None
    where_prec: int | None
    date: dt.date | None
    date_end: dt.date | None
    date_prec: int | None
    weapons: tuple[str, ...]
    models: tuple[str, ...]
    attackers: tuple[str, ...]
    figures: tuple[Figure, ...]
    claim_ids: tuple[str, ...]
    linked: tuple[str, ...] = ()
    n_reports: int = 0
    n_publishers: int = 0
    n_sources: int = 0
    grade: Grade | None = None
    grade_reason: str | None = None
    corrections: tuple[str, ...] = ()

    def figure(self, measure: Measure, group: Group = Group.ALL) -> Figure | None:
        """The figure for one measure and group, or None where nobody stated one."""
        return next((f for f in self.figures if f.measure == measure and f.group == group), None)


@dataclass(frozen=True, slots=True)
class ReadingError:
    """Something that could not be read, and what a person can do about it."""

    where: str
    problem: str
    advice: str = ""
    report_id: str | None = field(default=None)

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}" + (f" {self.advice}" if self.advice else "")


def stable_id(*parts: object, length: int = 16) -> str:
    r"""A short hash of ``parts``, the same in every process and version of Python.

    >>> stable_id("kyiv", 12, None)
    '13e451153b15322c'
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def joined_weapons(weapons: Iterable[str]) -> str | None:
    """How a set of weapon classes prints in the table: sorted and joined, None when not said.

    >>> joined_weapons(["missile", "drone"])
    'drone+missile'
    """
    return "+".join(sorted(set(weapons))) or None
