"""Reads ``tests/cases/*.txt``: one line is a report and the claims in it (see tests/cases/README.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.models import Basis, Claim, Group, Measure, Relation

CASES = Path(__file__).parent / "cases"
_BOUNDS = re.compile(r"(?P<low>\d*)(?P<open>\.\.)?(?P<high>\d*)(?P<approx>~?)\Z")

Wanted = tuple[Measure, int | None, int | None, bool, Group, Relation, Basis]


@dataclass(frozen=True)
class Case:
    """One line of a case file."""

    where: str
    bucket: str
    text: str
    wanted: tuple[Wanted, ...]
    known_gap: bool


def read_cases() -> Iterator[Case]:
    """Every case of every file, in order; ValueError names the line that does not parse."""
    for path in sorted(CASES.glob("*.txt")):
        bucket = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("# "):
                continue
            if line.startswith("["):
                bucket = line.strip("[] ")
                continue
            where = f"{path.stem}:{number}"
            text, arrow, claims = line.removeprefix("!").rpartition("=>")
            if not arrow:
                raise ValueError(f"{where}: no '=>'")
            wanted = tuple(_wanted(part.split(), where) for part in claims.split(";") if part.strip())
            yield Case(where, bucket, text.strip(), wanted, line.startswith("!"))


def _wanted(words: list[str], where: str) -> Wanted:
    measure, bounds, *rest = words
    match = _BOUNDS.match(bounds)
    if match is None:
        raise ValueError(f"{where}: {bounds!r} is no bounds")
    low = int(match["low"]) if match["low"] else None
    high = (int(match["high"]) if match["high"] else None) if match["open"] else low
    group, relation, basis = Group.ALL, Relation.TOTAL, Basis.INCIDENT
    for word in rest:
        if word in {"subset", "additional"}:
            relation = Relation(word)
        elif word == "period":
            basis = Basis.PERIOD
        else:
            group = Group(word)
    return Measure(measure), low, high, bool(match["approx"]), group, relation, basis


def found(claim: Claim) -> Wanted:
    """A claim in the same shape as a case's."""
    return claim.measure, claim.low, claim.high, claim.approx, claim.group, claim.relation, claim.basis


_NUMBER = re.compile(
    r"\d[\d,.\u00a0 ]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozens?|scores)(?:-\w+)?\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!\A)\b[^\W\d_a-z][\w’'-]+(?:\s+[^\W\d_a-z][\w’'-]+)*")


def masked(text: str) -> str:
    """A sentence without its numbers and names: two cases that mask alike test the same thing twice.

    >>> masked("Two people died in Kyiv.") == masked("Nine people died in Port Sudan.")
    True
    """
    return _NUMBER.sub("#", _NAME.sub("@", text)).lower()
