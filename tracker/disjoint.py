"""Which groups of people nobody can be in both of, so that their figures may be added (codebook 8)."""

from __future__ import annotations

from tracker.models import Group

_ROLES = frozenset(
    {
        Group.SOLDIERS,
        Group.FIGHTERS,
        Group.POLICE,
        Group.RESCUERS,
        Group.MEDICS,
        Group.JOURNALISTS,
        Group.AID_WORKERS,
        Group.WORKERS,
    }
)
#: Groups of which one person may well be in both; ``perpetrators`` are outside every sum.
_BLURRED = frozenset(
    frozenset(pair)
    for pair in (
        (Group.RESCUERS, Group.MEDICS),
        (Group.RESCUERS, Group.WORKERS),
        (Group.RESCUERS, Group.AID_WORKERS),
        (Group.MEDICS, Group.AID_WORKERS),
        (Group.MEDICS, Group.SOLDIERS),
        (Group.WORKERS, Group.AID_WORKERS),
    )
)
_AGES = frozenset({Group.CHILDREN, Group.WOMEN, Group.MEN})


def groups_are_disjoint(one: Group, other: Group) -> bool:
    """Whether nobody can be counted in both groups, so that they may be added.

    >>> groups_are_disjoint(Group.SOLDIERS, Group.CIVILIANS), groups_are_disjoint(Group.WOMEN, Group.CIVILIANS)
    (True, False)
    """
    pair = frozenset({one, other})
    if len(pair) == 1 or pair & {Group.ALL, Group.PERPETRATORS}:
        return False
    if pair <= _AGES:
        return True
    if Group.CHILDREN in pair:
        return bool(pair & (_ROLES | {Group.ELDERLY}))
    if Group.CIVILIANS in pair:
        return bool(pair & {Group.SOLDIERS, Group.FIGHTERS, Group.POLICE})
    return pair <= _ROLES and pair not in _BLURRED
