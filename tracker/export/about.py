"""How an export was made: it travels in the file, so that a table found later still says what it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

WHAT_IT_IS = (
    "Figures as published reports give them, not a count of all deaths. Unknown is empty, zero is a reported zero. "
    "Sums of lows and of highs are outer bounds."
)
LICENCES = "Places: GeoNames, CC BY 4.0. Reports and quotes belong to their publishers."
SAMPLE = "SAMPLE DATA, NOT EVIDENCE"


@dataclass(frozen=True, slots=True)
class About:
    """What a table was made with. ``filters`` are pairs of a filter's name and what was chosen; empty is no filter."""

    made: dt.datetime
    version: str
    policy: str
    vague: str
    rows: int
    filters: tuple[tuple[str, str], ...] = ()
    sample: bool = False
    revision: int | None = None

    def items(self) -> list[tuple[str, str]]:
        """Pairs of a name and its value, in the order in which they are printed.

        >>> about = About(dt.datetime(2025, 5, 2, 9, 30), "0.1.0", "latest", "literal", 2, (("city", "Odesa"),))
        >>> about.items()[2:5]
        [('rows', '2'), ('filters', 'city: Odesa'), ('policy', 'latest')]
        """
        chosen = "; ".join(f"{name}: {value}" for name, value in self.filters)
        pairs = [
            ("made with", f"Strike Tracker {self.version}"),
            ("made at", self.made.isoformat(timespec="seconds")),
            ("rows", str(self.rows)),
            ("filters", chosen or "none"),
            ("policy", self.policy),
            ("vague words", self.vague),
            ("what it is", WHAT_IT_IS),
            ("licences", LICENCES),
        ]
        if self.revision is not None:
            pairs.insert(2, ("revision of the data", str(self.revision)))
        return [("status", SAMPLE), *pairs] if self.sample else pairs

    def line(self) -> str:
        """All of it in one line."""
        return " | ".join(f"{name}: {value}" for name, value in self.items())
