"""The English words that tell where: ``data/en/places.toml``, compiled once for lookup."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tracker.gazetteer import PlaceKind, fold
from tracker.lexicon import read_toml


class Role(StrEnum):
    """What a named place has to do with the event."""

    LOCATION = "location"
    TARGET = "target"
    NEAR = "near"
    ORIGIN = "origin"
    #: A government, an army or a people: "Moscow said", "Russian drones".
    ACTOR = "actor"
    #: An office: "the Kherson governor"; the place of last resort.
    TITLE = "title"
    DATELINE = "dateline"
    #: Where the one sits who speaks: "police in Erbil said"; the scene only where the sentence has no other.
    CREDIT = "credit"
    OTHER = "other"


#: What leads the place of one who "said in X": where he spoke, which is not where the people of whom he speaks were.
SAID = "said in"

#: Roles that can be the scene of the event.
SCENE = frozenset({Role.LOCATION, Role.TARGET, Role.NEAR})


@dataclass(frozen=True)
class Terms:
    """``data/en/places.toml``, ready for lookup. Keys are folded unless they say otherwise."""

    countries: Mapping[str, str]
    adjectives: Mapping[str, str]
    acronyms: Mapping[str, str]
    parties: Mapping[str, str]
    capitals: Mapping[str, str]
    leads: Mapping[str, Role]
    targets: frozenset[str]
    verbs: frozenset[str]
    events: frozenset[str]
    means: frozenset[str]
    fillers: frozenset[str]
    kinds: Mapping[str, PlaceKind]
    sites: frozenset[str]
    titles: frozenset[str]
    says: frozenset[str]
    speech: frozenset[str]
    speakers: frozenset[str]
    care: frozenset[str]
    homes: frozenset[str]
    waters: frozenset[str]
    streets: frozenset[str]
    media: frozenset[str]
    bureaus: frozenset[str]
    #: As printed.
    movements: frozenset[str]
    bodies: frozenset[str]
    #: Titles and bodies, and with the speakers whoever may tell something.
    offices: frozenset[str]
    tellers: frozenset[str]
    #: Sites and events: "at a market X", "a strike on X".
    scenery: frozenset[str]
    #: Kinds and fillers: what may stand between a preposition and its place.
    plain: frozenset[str]
    #: Leads, verbs of speech and verbs of attack: what a place's own words do not go past.
    leads_and_verbs: frozenset[str]
    neighbours: frozenset[str]
    features: frozenset[str]
    words: frozenset[str]
    prefer: Mapping[str, str]
    theatres: tuple[tuple[frozenset[str], str], ...]
    #: Countries whose forces strike on others' ground.
    strikers: frozenset[str]


@functools.cache
def terms() -> Terms:
    """The English terms, compiled once. Raises LexiconError when the file is missing or malformed."""
    data = read_toml("en/places.toml")

    def words(table: str) -> frozenset[str]:
        return frozenset(term for row in data[table] for term in row["terms"])

    names, adjectives, acronyms, capitals = {}, {}, {}, {}
    for row in data["countries"]:
        if row["capital"]:
            capitals[row["name"]] = row["capital"]
        for name in row["names"]:
            # "US" must not match "us": short names in capitals are compared as printed.
            short = name.replace(".", "")
            if short.isupper() and len(short) <= 4:
                acronyms[short] = row["name"]
            else:
                names[fold(name).removeprefix("the ")] = row["name"]
        names[fold(row["name"])] = row["name"]
        adjectives.update({fold(adjective): row["name"] for adjective in row["adjectives"]})
    by_code = {row["code"]: row["name"] for row in data["countries"]}
    roles = {"location": Role.LOCATION, "target": Role.TARGET, "near": Role.NEAR, "origin": Role.ORIGIN}
    leads: dict[str, Role] = {}
    for row in data["leads"]:
        for term in row["terms"]:
            leads.setdefault(term, roles.get(row["role"], Role.OTHER))
    kinds = {
        "settlement": PlaceKind.SETTLEMENT,
        "district": PlaceKind.DISTRICT,
        "admin2": PlaceKind.ADMIN2,
        "admin1": PlaceKind.ADMIN1,
    }
    return Terms(
        countries=MappingProxyType(names),
        adjectives=MappingProxyType(adjectives),
        acronyms=MappingProxyType(acronyms),
        parties=MappingProxyType({fold(n): by_code[code] for code, row in data["parties"].items() for n in row}),
        capitals=MappingProxyType(capitals),
        leads=MappingProxyType(leads),
        targets=frozenset(t for row in data["leads"] if row["role"] == "target" for t in row["terms"]),
        verbs=words("verbs"),
        events=words("events"),
        means=words("means"),
        fillers=words("fillers"),
        kinds=MappingProxyType({term: kinds[row["kind"]] for row in data["kinds"] for term in row["terms"]}),
        sites=words("sites"),
        titles=words("titles"),
        says=words("says"),
        speech=words("speech"),
        speakers=words("speakers"),
        care=words("care"),
        homes=words("homes"),
        waters=frozenset(fold(term) for term in words("waters")),
        streets=words("streets"),
        media=words("media"),
        bureaus=frozenset(fold(term) for term in words("bureaus")),
        movements=words("movements"),
        bodies=words("bodies"),
        offices=words("titles") | words("bodies"),
        tellers=words("titles") | words("bodies") | words("speakers"),
        scenery=words("sites") | words("events"),
        plain=words("fillers") | {term for row in data["kinds"] for term in row["terms"]},
        leads_and_verbs=words("says") | words("verbs") | leads.keys(),
        neighbours=frozenset(fold(term) for term in words("neighbours")),
        features=words("features"),
        words=words("words"),
        prefer=MappingProxyType(data["prefer"]),
        theatres=tuple((frozenset(row["parties"]), row["country"]) for row in data["theatres"]),
        strikers=words("strikers"),
    )
