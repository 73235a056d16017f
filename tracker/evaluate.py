"""Score claims against gold: what was found, what is right about it, and every miss with its sentence.

Gold is JSON Lines, one report a line with its ``claims`` (codebook fields; ``text`` or ``file`` holds the report).
Claims match one to one within a report on (measure, low, high) — the *core*; *full* also asks relation, basis,
group, weapons, place, country and date to agree. A field the gold leaves null in ``admin1``, ``attacker`` or
``models`` is not scored.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.models import Claim, Report

_FULL = ("relation", "basis", "group", "weapons", "place", "country", "date")
_FIELDS = (
    "approx",
    "relation",
    "basis",
    "group",
    "weapons",
    "models",
    "attacker",
    "place",
    "admin1",
    "country",
    "date",
    "source",
)
_ONLY_WHERE_GOLD = frozenset({"admin1", "attacker", "models"})
_ARTICLE = re.compile(r"^(?:the|a|an)\s+")


class GoldError(ValueError):
    """A gold file that cannot be read; the message names the file and line."""


@dataclass(frozen=True, slots=True)
class GoldItem:
    """A labelled report."""

    report: Report
    claims: tuple[Mapping[str, Any], ...]


@dataclass(slots=True)
class Score:
    """Counts over a gold file; ``fields`` holds (right, asked) per field over matched claims."""

    matched: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    spurious: Counter[str] = field(default_factory=Counter)
    full: int = 0
    fields: dict[str, tuple[int, int]] = field(default_factory=lambda: defaultdict(lambda: (0, 0)))
    notes: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)

    def core(self, measure: str | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1 on (measure, low, high), over one measure or all."""
        pick: Callable[[Counter[str]], int] = (lambda c: c[measure]) if measure else (lambda c: c.total())
        return _prf(pick(self.matched), pick(self.spurious), pick(self.missed))

    def full_f1(self) -> float:
        """F1 where every field of the full match must agree."""
        wrong = self.matched.total() - self.full
        return _prf(self.full, self.spurious.total() + wrong, self.missed.total() + wrong)[2]

    def accuracy(self, name: str) -> float | None:
        """Share of matched claims whose field is right; None where the gold asks none."""
        right, asked = self.fields[name]
        return right / asked if asked else None

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain numbers, for ``--json``."""
        measures = sorted(self.matched | self.missed | self.spurious)
        return {
            "core": dict(zip(("precision", "recall", "f1"), self.core(), strict=True)),
            "full_f1": self.full_f1(),
            "measures": {m: dict(zip(("precision", "recall", "f1"), self.core(m), strict=True)) for m in measures},
            "fields": {
                name: {"accuracy": self.accuracy(name), "asked": self.fields[name][1]} for name in sorted(self.fields)
            },
        }


def _prf(right: int, spurious: int, missed: int) -> tuple[float, float, float]:
    precision = right / (right + spurious) if right + spurious else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def read_gold(path: Path) -> Iterator[GoldItem]:
    """Read a gold file; GoldError names the line that is broken. ``file`` is looked for beside it and in ``seeds``."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                text = record["text"] if "text" in record else _beside(path, record["file"])
                published = dt.date.fromisoformat(record["published"]) if record.get("published") else None
                yield GoldItem(Report(record["id"], text, record.get("title"), published), tuple(record["claims"]))
            except (ValueError, KeyError, TypeError) as error:
                raise GoldError(f"{path.name}, line {number}: not a gold record ({error}). Mend the line.") from error


def _beside(path: Path, name: str) -> str:
    for folder in (path.parent, path.parent.parent / "seeds"):
        if (folder / name).is_file():
            return (folder / name).read_bytes().decode("utf-8")
    raise KeyError(f"no file {name} beside it")


def evaluate(items: Iterable[GoldItem], extract: Callable[[Report], list[Claim]]) -> Score:
    """Score a reader against gold items."""
    score = Score()
    for item in items:
        left = list(extract(item.report))
        pairs = []
        for gold in sorted(item.claims, key=lambda g: g.get("start", 0)):
            claim = _match(gold, left, item.report)
            if claim is None:
                score.missed[gold["measure"]] += 1
                score.outcomes.append(f"missed {item.report.id} {_key(gold['measure'], gold['low'], gold['high'])}")
                score.notes.append(f"missed    {item.report.id}: {_gold_words(gold)} | {_context(item.report, gold)}")
            else:
                left.remove(claim)
                score.matched[gold["measure"]] += 1
                pairs.append((gold, claim))
        for claim in left:
            score.spurious[claim.measure.value] += 1
            score.outcomes.append(f"spurious {item.report.id} {_key(claim.measure.value, claim.low, claim.high)}")
            score.notes.append(f"spurious  {item.report.id}: {_claim_words(claim)} | {claim.sentence}")
        for gold, claim in pairs:
            _compare(score, item.report, gold, claim)
    return score


def _match(gold: Mapping[str, Any], claims: list[Claim], report: Report) -> Claim | None:
    same = [c for c in claims if (c.measure.value, c.low, c.high) == (gold["measure"], gold["low"], gold["high"])]
    # Of several equal figures the one at the same place, else the one that agrees in most fields.
    return max(
        same,
        key=lambda c: (c.start == gold.get("start", -1), sum(_agree(n, gold, c) for n in _FULL), -c.start),
        default=None,
    )


def _compare(score: Score, report: Report, gold: Mapping[str, Any], claim: Claim) -> None:
    wrong = []
    for name in _FIELDS:
        if name not in gold or (gold[name] in (None, []) and name in _ONLY_WHERE_GOLD):
            continue
        right = _agree(name, gold, claim)
        asked = [name]
        if name == "date" and gold["date"] != (report.published_date.isoformat() if report.published_date else None):
            asked.append("date_other")
        for key in asked:
            before = score.fields[key]
            score.fields[key] = (before[0] + right, before[1] + 1)
        if not right:
            wrong.append(f"{name} {_value(claim, name)!r}, gold {gold[name]!r}")
    full = all(_agree(name, gold, claim) for name in _FULL if name in gold)
    score.full += full
    outcome = "right" if full else "differs"
    score.outcomes.append(f"{outcome} {report.id} {_key(claim.measure.value, claim.low, claim.high)}")
    if wrong:
        score.notes.append(f"differs   {report.id}: {_claim_words(claim)}: {'; '.join(wrong)} | {claim.sentence}")


def _value(claim: Claim, name: str) -> Any:
    value = getattr(claim, name)
    if isinstance(value, dt.date):
        return value.isoformat()
    return sorted(value) if isinstance(value, tuple) else value


def _agree(name: str, gold: Mapping[str, Any], claim: Claim) -> bool:
    if name not in gold:
        return True
    ours, theirs = _value(claim, name), gold[name]
    if name == "source":
        return _plain(ours) == _plain(theirs)
    if isinstance(theirs, list):
        return bool(ours == sorted(theirs))
    return bool(ours == theirs)


def _key(measure: str, low: int | None, high: int | None) -> str:
    return f"{measure} {'' if low is None else low}..{'' if high is None else high}"


def changes(record: Iterable[str], outcomes: Iterable[str]) -> list[str]:
    """What a record of outcomes and today's disagree in: ``-`` was so before, ``+`` is so now.

    >>> changes(["missed r1 killed 2..2", "right r2 injured 5..5"], ["right r1 killed 2..2", "right r2 injured 5..5"])
    ['+ right r1 killed 2..2', '- missed r1 killed 2..2']
    """
    before, now = Counter(record), Counter(outcomes)
    return sorted(
        [f"- {line}" for line in (before - now).elements()] + [f"+ {line}" for line in (now - before).elements()]
    )


def _plain(source: str | None) -> str | None:
    return None if source is None else _ARTICLE.sub("", source.replace("’", "'").lower())


def _gold_words(gold: Mapping[str, Any]) -> str:
    return f"{gold['measure']} {gold['low']}..{gold['high']} {gold.get('group', '')} {gold.get('text', '')!r}"


def _claim_words(claim: Claim) -> str:
    return f"{claim.measure.value} {claim.low}..{claim.high} {claim.group.value} {claim.text!r}"


def _context(report: Report, gold: Mapping[str, Any]) -> str:
    at = gold.get("start") or max(report.text.find(str(gold.get("text", ""))), 0)
    start = report.text.rfind("\n", 0, at) + 1
    end = report.text.find("\n", at)
    return report.text[start : end if end >= 0 else None][:600]
