"""Claims that are stored, and perhaps corrected already: what an analyst changes in them now. No Streamlit in here."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.corrections import Correction, apply
from tracker.models import Claim
from tracker.pages import papers

#: Values that a correction sets together.
_TOGETHER = (("low", "high"), ("date", "date_end"))


def standing(claims: Sequence[Claim], corrections: Sequence[Correction]) -> list[tuple[Claim, Claim]]:
    """Each claim as it was read and as it stands after corrections; those that were rejected are left out."""
    now = apply(claims, corrections).each
    return [(read, is_) for read, is_ in zip(claims, now, strict=True) if is_ is not None]


def as_read(pairs: Sequence[tuple[Claim, Claim]], changes: Sequence[papers.Edit]) -> list[papers.Edit]:
    """Changes of claims as they stand → changes of the same claims as they were read, which corrections hold on to.

    A correction builds on the earlier ones, but for values that it sets together, of which each must be named.
    """
    found: list[papers.Edit] = []
    for (_, now), change in zip(pairs, changes, strict=True):
        edit, shown = dict(change), papers.as_read(now)
        for names in _TOGETHER:
            if edit.keys() & set(names):
                edit = {name: shown[name] for name in names} | edit
        if edit.keys() & {"admin1", "country"} and "place" not in edit:
            edit["place"] = shown["place"]
        found.append(edit)
    return found
