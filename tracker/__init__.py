"""Strike Tracker: reports in, figures out, each with the sentence that carries it.

>>> from tracker import Report, extract, reconcile, to_table
>>> claims = extract(Report("r1", "A missile killed nine people in Kyiv."))
>>> [(claim.measure.value, claim.low, claim.place) for claim in claims]
[('killed', 9, 'Kyiv')]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracker.extract import extract
from tracker.models import Claim, Report, Strike
from tracker.reconcile import reconcile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Claim", "Report", "Strike", "extract", "reconcile", "to_table"]


def to_table(strikes: Iterable[Strike]) -> pd.DataFrame:
    """One row a strike, index (city, date, weapon): see ``tracker.table.to_table``.

    pandas is loaded on the first call, so that ``import tracker`` stays fast.
    """
    from tracker.table import to_table as build

    return build(strikes)
