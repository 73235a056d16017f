"""Strike Tracker: reports in, figures out, each with the sentence that carries it.

>>> from tracker import Report, extract, reconcile, to_table
"""

from __future__ import annotations

from tracker.models import Claim, Report, Strike

__all__ = ["Claim", "Report", "Strike"]
