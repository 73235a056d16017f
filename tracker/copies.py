"""Which reports carry the same text: one agency's words on ten sites are one source (codebook 8).

Two texts are the same where they are equal after normalising (case, punctuation and space make no difference),
or where nearly all of their *shingles*, runs of five words, are shared. Texts are compared by sketches of fixed
size, found by the keys that they share, so the cost is linear in the length and number of the texts.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.models import Report

#: Words in a shingle.
_WIDTH = 5
#: How much of their shingles two texts share to be copies: a dateline and a footer may differ, a paragraph not.
_SHARED = 0.8
#: Shorter texts are too easily alike: only equal ones are copies.
_FEWEST = 16
#: The smallest hashes that stand for a text: all of them in a short one, a fair sample of a long one.
_SAMPLE = 128
#: Keys of a text, and how many minima make one: of texts alike by 0.85 or more, 98 in 100 share a key; of texts
#: that only share a template (0.5), one in ten.
_KEYS, _ROWS = 8, 6

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What stands for a text: texts with one ``fingerprint`` are equal, texts that share a key may be alike."""

    fingerprint: str
    keys: tuple[str, ...]
    sample: tuple[int, ...]


def sketch(report: Report) -> Sketch:
    """The sketch of a report's text; of its title where it has no text.

    >>> one, other = (Report(name, text) for name, text in (("a", "Two dead in Lviv."), ("b", "two  dead in LVIV")))
    >>> sketch(one) == sketch(other)
    True
    """
    words = _WORD.findall((report.text if report.text.strip() else report.title or "").casefold())
    whole = hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    hashes = {_hash(" ".join(words[at : at + _WIDTH])) for at in range(len(words) - _WIDTH + 1)}
    if len(hashes) < _FEWEST:
        return Sketch(whole, (), ())
    return Sketch(whole, _keys(hashes), tuple(sorted(hashes)[:_SAMPLE]))


def alike(one: Sketch, other: Sketch) -> bool:
    """Whether two texts are equal, or share nearly all of their shingles as far as their samples tell."""
    if one.fingerprint == other.fingerprint:
        return True
    if not one.sample or not other.sample:
        return False
    in_one, in_other = set(one.sample), set(other.sample)
    # The smallest hashes of both texts together are a fair sample of both (Broder's resemblance).
    both = sorted(in_one | in_other)[:_SAMPLE]
    return sum(value in in_one and value in in_other for value in both) >= _SHARED * len(both)


def copies_among(reports: Iterable[Report]) -> dict[str, str]:
    """Report id → the text it carries, for the reports whose text several publishers carry.

    The name of a text is the smallest fingerprint among its copies, so that no order of arrival matters.
    Copies of copies are copies. Several pages of one publisher are that publisher's, and are left out.
    """
    sketches: dict[str, Sketch] = {}
    carriers: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        made = sketch(report)
        sketches[made.fingerprint] = made
        carriers[made.fingerprint].append(report)
    found: dict[str, str] = {}
    for members in _families(sketches):
        together = [report for fingerprint in members for report in carriers[fingerprint]]
        if several_publishers(report.publisher for report in together):
            found.update((report.id, min(members)) for report in together)
    return found


def several_publishers(publishers: Iterable[str | None]) -> bool:
    """Whether a text with these publishers, one for each report, is carried by more than one of them."""
    named = list(publishers)
    return len(named) > 1 and (None in named or len({" ".join((name or "").casefold().split()) for name in named}) > 1)


def _families(sketches: Mapping[str, Sketch]) -> Iterable[list[str]]:
    """Fingerprints of texts that are copies of each other, directly or through others."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for fingerprint, made in sketches.items():
        for key in made.keys:
            sharing[key].append(fingerprint)
    seen: set[str] = set()
    for first in sketches:
        if first in seen:
            continue
        seen.add(first)
        members = [first]
        for member in members:  # grows while it is read
            near = {other for key in sketches[member].keys for other in sharing[key]} - seen
            more = [other for other in near if alike(sketches[member], sketches[other])]
            seen.update(more)
            members += more
        yield members


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def _keys(hashes: set[int]) -> tuple[str, ...]:
    """One-permutation minima, several to a key; an empty bin borrows from the next one that is not."""
    bins = _KEYS * _ROWS
    least: list[int | None] = [None] * bins
    for value in hashes:
        rest, at = divmod(value, bins)
        known = least[at]
        if known is None or rest < known:
            least[at] = rest
    filled: list[tuple[int, int]] = [(0, 0)] * bins
    following: tuple[int, int] | None = None
    for at in range(2 * bins - 1, -1, -1):
        value_here = least[at % bins]
        if value_here is not None:
            following = (at % bins, value_here)
        if following is not None and at < bins:
            filled[at] = following
    rows = (filled[start : start + _ROWS] for start in range(0, bins, _ROWS))
    return tuple(f"{at}:{_hash(repr(row)):015x}" for at, row in enumerate(rows))
