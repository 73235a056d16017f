"""Strikes as columns, a batch at a time: what tables are made of (codebook 8, "The table").

A batch holds plain values, whether they come from Strike objects or from rows of a database; it is packed at once,
so that a million strikes never stand in memory as objects. pandas and pyarrow are imported when something is packed.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.models import KIND_OF, NATIONAL_MEASURES, Group, Kind, Measure, Scope, Strike, joined_weapons

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

BOUNDS = ("low", "best", "high")
MEASURES, GROUPS = tuple(Measure), tuple(Group)
MUNITIONS = frozenset(measure for measure in Measure if KIND_OF[measure] is Kind.MUNITIONS)
_MEASURE_AT = {measure.value: at for at, measure in enumerate(MEASURES)}
_GROUP_AT = {group.value: at for at, group in enumerate(GROUPS)}
_WIDTH: dict[str | None, int] = {Scope.CITY: 0, Scope.ADMIN1: 1, Scope.COUNTRY: 2}
_UNKNOWN_WIDTH = 3

_weapon = functools.lru_cache(maxsize=4096)(joined_weapons)

_Words = Sequence[str | None]
_Numbers = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some strikes, one list a column; lists within a strike are joined as the table prints them, None where empty.

    ``n_figures`` says how many of ``figures`` belong to each strike.
    """

    strike_id: Sequence[str]
    place: _Words
    date: Sequence[dt.date | None]
    date_end: Sequence[dt.date | None]
    weapon: _Words
    scope: _Words
    basis: _Words
    admin1: _Words
    country: _Words
    lat: Sequence[float | None]
    lon: Sequence[float | None]
    where_prec: _Numbers
    date_prec: _Numbers
    attacker: _Words
    models: _Words
    n_reports: _Numbers
    n_publishers: _Numbers
    n_sources: _Numbers
    n_claims: _Numbers
    linked: _Words
    grade: _Words
    grade_reason: _Words
    corrections: _Words
    n_figures: Sequence[int]
    figures: FigureBatch


@dataclass(frozen=True, slots=True)
class FigureBatch:
    """The figures of a batch, strike by strike. ``current`` is given for munitions only: ids joined by a space."""

    measure: Sequence[str]
    group: Sequence[str]
    low: _Numbers
    best: _Numbers
    high: _Numbers
    derived: Sequence[bool]
    disputed: Sequence[bool]
    contested: Sequence[bool]
    current: _Words


class Tables(NamedTuple):
    """``strikes`` is the table of :func:`tracker.table.to_table`; ``figures`` has a row for each figure behind it.

    Columns of ``figures``: ``row`` (the position of its strike in the table), ``measure`` and ``group``
    (categories in the codebook's order), ``low``, ``best``, ``high``, ``derived``, ``disputed``, ``contested``, and
    ``current`` (for munitions, the ids of the claims that stand behind it, joined by a space; else missing).
    """

    strikes: pd.DataFrame
    figures: pd.DataFrame


def batch_of(strikes: Sequence[Strike]) -> Batch:
    """Strike objects as a batch."""
    flat = [figure for strike in strikes for figure in strike.figures]
    return Batch(
        strike_id=[s.strike_id for s in strikes],
        place=[s.place for s in strikes],
        date=[s.date for s in strikes],
        date_end=[s.date_end for s in strikes],
        weapon=[_weapon(s.weapons) for s in strikes],
        scope=[s.scope for s in strikes],
        basis=[s.basis for s in strikes],
        admin1=[s.admin1 for s in strikes],
        country=[s.country for s in strikes],
        lat=[s.lat for s in strikes],
        lon=[s.lon for s in strikes],
        where_prec=[s.where_prec for s in strikes],
        date_prec=[s.date_prec for s in strikes],
        attacker=["+".join(s.attackers) if s.attackers else None for s in strikes],
        models=["+".join(s.models) if s.models else None for s in strikes],
        n_reports=[s.n_reports for s in strikes],
        n_publishers=[s.n_publishers for s in strikes],
        n_sources=[s.n_sources for s in strikes],
        n_claims=[len(s.claim_ids) for s in strikes],
        linked=[" ".join(s.linked) if s.linked else None for s in strikes],
        grade=[s.grade for s in strikes],
        grade_reason=[s.grade_reason for s in strikes],
        corrections=["; ".join(s.corrections) if s.corrections else None for s in strikes],
        n_figures=[len(s.figures) for s in strikes],
        figures=FigureBatch(
            measure=[f.measure for f in flat],
            group=[f.group for f in flat],
            low=[f.low for f in flat],
            best=[f.best for f in flat],
            high=[f.high for f in flat],
            derived=[f.derived for f in flat],
            disputed=[f.disputed for f in flat],
            contested=[f.contested for f in flat],
            current=[" ".join(f.current) or None if f.measure in MUNITIONS else None for f in flat],
        ),
    )


_DAYS = ("date", "date_end")
#: Nanoseconds would not reach the years before 1677.
_STAMPS = "datetime64[s]"
_NUMBERS = ("where_prec", "date_prec", "n_reports", "n_publishers", "n_sources", "n_claims")
_DEGREES = ("lat", "lon")
_OWN = ("n_figures", "figures")
_WORDS = tuple(field.name for field in fields(Batch) if field.name not in {*_DAYS, *_NUMBERS, *_DEGREES, *_OWN})


class Columns:
    """Batches of strikes, packed as they come."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        import pyarrow as pa

        packed: list[dict[str, Any]] = []
        figures: list[dict[str, Any]] = []
        before = 0
        for batch in batches:
            packed.append(_packed(batch))
            figures.append(_packed_figures(batch, before))
            before += len(batch.strike_id)
        if not packed:
            packed, figures = [_packed(batch_of([]))], [_packed_figures(batch_of([]), 0)]
        self._strikes = _joined(packed, pa)
        self._figures = _joined(figures, pa)

    def __len__(self) -> int:
        return len(self._strikes["strike_id"])

    def words(self, name: str) -> Any:
        """A column of text as a pandas array."""
        return words(self._strikes[name])

    def days(self, name: str) -> pd.DatetimeIndex:
        """A column of days."""
        import pandas as pd

        return pd.DatetimeIndex(self._strikes[name])

    def numbers(self, name: str) -> Any:
        """A column of whole numbers."""
        return _integers(self._strikes[name])

    def degrees(self, name: str) -> Any:
        """A column of coordinates."""
        import pandas as pd

        return pd.arrays.FloatingArray(*_values(self._strikes[name], 0.0))

    def link(self, linked: Mapping[str, Sequence[str]]) -> None:
        """Say which strikes are linked to which, by id."""
        import pyarrow as pa

        cells = (" ".join(linked.get(strike_id, ())) or None for strike_id in self._strikes["strike_id"].to_pylist())
        self._strikes["linked"] = pa.array(cells, pa.large_string())

    def sort(self) -> None:
        """Put the strikes into the order of :func:`tracker.reconcile.strike_order`."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        own = self._strikes
        keys: dict[str, Any] = {
            "undated": np.isnat(own["date"]),
            "date": own["date"].astype("int64"),
            "date_end": own["date_end"].astype("int64"),
            "basis": own["basis"],
            "width": self._width(),
        }
        # Lists joined by + sort like the lists: no class of weapons is spelt with anything below that sign.
        keys |= {name: pc.fill_null(own[name], "") for name in ("country", "admin1", "place", "weapon", "strike_id")}
        order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys]).to_numpy()
        position = np.empty(len(order), dtype="int64")
        position[order] = np.arange(len(order))
        self._figures["row"] = position[self._figures["row"]]
        self._strikes = _taken(own, order)
        self._figures = _taken(self._figures, np.argsort(self._figures["row"], kind="stable"))

    def figures(self) -> pd.DataFrame:
        """The frame ``figures`` of Tables."""
        import pandas as pd

        own = self._figures
        return pd.DataFrame(
            {
                "row": own["row"],
                "measure": pd.Categorical.from_codes(own["measure"], _names(MEASURES)),
                "group": pd.Categorical.from_codes(own["group"], _names(GROUPS)),
                **{bound: _integers(own[bound]) for bound in BOUNDS},
                **{mark: own[mark] for mark in ("derived", "disputed", "contested")},
                "current": words(own["current"]),
            },
            copy=False,
        )

    def figure_columns(self) -> dict[str, Any]:
        """Int64 columns of the figures: every measure for ``all``, then the groups that occur."""
        import numpy as np
        import pandas as pd

        own = self._figures
        key = own["measure"].astype("int64") * len(GROUPS) + own["group"]
        order = np.argsort(key, kind="stable")
        present, begins = np.unique(key[order], return_index=True)
        slices = dict(zip(present.tolist(), np.split(order, begins[1:]), strict=False))
        bounds = {bound: _values(own[bound], 0) for bound in BOUNDS}

        def column(at: Any, bound: str) -> Any:
            values = np.zeros(len(self), dtype="int64")
            missing = np.ones(len(self), dtype="bool")
            if at is not None:
                given, unknown = bounds[bound]
                rows = own["row"][at]
                values[rows], missing[rows] = given[at], unknown[at]
            return pd.arrays.IntegerArray(values, missing)

        whole = _GROUP_AT[Group.ALL]
        columns = {
            f"{measure}_{bound}": column(slices.get(at * len(GROUPS) + whole), bound)
            for at, measure in enumerate(MEASURES)
            for bound in BOUNDS
        }
        for at in present.tolist():
            measure, group = divmod(at, len(GROUPS))
            if group != whole:
                columns[f"{MEASURES[measure]}_{GROUPS[group]}_best"] = column(slices[at], "best")
        return columns

    def marked(self, mark: str) -> NDArray[np.bool_]:
        """Whether any figure of ``all`` carries a mark, for each strike."""
        import numpy as np

        own = self._figures
        found = np.zeros(len(self), dtype="bool")
        found[own["row"][own[mark] & (own["group"] == _GROUP_AT[Group.ALL])]] = True
        return found

    def contested(self) -> Any:
        """What only a party to the fighting says of its enemy's losses, joined by ``+``."""
        own = self._figures
        names: dict[int, list[str]] = {}
        (found,) = own["contested"].nonzero()
        for at in found:
            measure, group = MEASURES[own["measure"][at]], GROUPS[own["group"][at]]
            names.setdefault(int(own["row"][at]), []).append(measure if group is Group.ALL else f"{measure}_{group}")
        return self._sparse({row: "+".join(listed) for row, listed in names.items()})

    def left_out(self) -> Any:
        """For each row, the measures that default sums leave to another row, so that nothing counts twice.

        A wider row leaves to the finer rows that it overlaps what they state as well, except launches,
        interceptions and suppressions: those are national figures, and the finer rows leave them to it. To finer
        rows that are not in the table it leaves everything. A row that could not be placed among several strikes
        leaves to them whatever they state. A row that states none takes nothing from another: nobody of the troops
        was hurt in the town, but six rebels died in the country.
        """
        import numpy as np
        import pyarrow.compute as pc

        own = self._figures
        of_all = own["group"] == _GROUP_AT[Group.ALL]
        stated = np.zeros(len(self), dtype="int64")
        np.bitwise_or.at(stated, own["row"][of_all], 1 << own["measure"][of_all].astype("int64"))
        tops, open_ = _values(own["high"], 0)
        some_of_all = of_all & (open_ | (tops > 0))
        counted = np.zeros(len(self), dtype="int64")
        np.bitwise_or.at(counted, own["row"][some_of_all], 1 << own["measure"][some_of_all].astype("int64"))
        (rows,) = pc.is_valid(self._strikes["linked"]).to_numpy(zero_copy_only=False).nonzero()
        listed = pc.split_pattern(self._strikes["linked"].take(rows), " ")
        row = rows[pc.list_parent_indices(listed).to_numpy()]
        other = pc.index_in(pc.list_flatten(listed), value_set=self._strikes["strike_id"])
        at, absent = _values(other, 0)
        width = self._width()
        # What a country is linked to is finer than it, whether or not it is among the rows.
        there = np.where(absent, np.minimum(width[row], 1), width[at])
        theirs = np.where(absent, 0, counted[at])
        national = sum(1 << _MEASURE_AT[measure] for measure in NATIONAL_MEASURES)
        both = stated[row] & theirs
        left = np.where(
            there < width[row],
            np.where(absent, stated[row], both) & ~national,
            np.where(there > width[row], both & national, both),
        )
        out = np.zeros(len(self), dtype="int64")
        np.bitwise_or.at(out, row, left)
        names = {
            mask: "+".join(measure for at, measure in enumerate(MEASURES) if mask >> at & 1)
            for mask in np.unique(out).tolist()
        }
        (some,) = out.nonzero()
        return self._sparse({int(at): names[int(out[at])] for at in some})

    def _width(self) -> NDArray[np.int64]:
        import numpy as np

        coded = self._strikes["scope"].dictionary_encode()
        widths = [_WIDTH.get(scope, _UNKNOWN_WIDTH) for scope in coded.dictionary.to_pylist()]
        codes, unknown = _values(coded.indices, len(widths))
        return np.array([*widths, _UNKNOWN_WIDTH], dtype="int64")[np.where(unknown, len(widths), codes)]

    def _sparse(self, named: dict[int, str]) -> Any:
        """A column of text of which most is missing."""
        import pyarrow as pa

        values: list[str | None] = [None] * len(self)
        for row, text in named.items():
            values[row] = text
        return words(pa.array(values, pa.large_string()))


def _names(values: Sequence[str]) -> pd.Index[str]:
    import pandas as pd

    return pd.Index([str(value) for value in values])


def words(column: Any) -> Any:
    """An Arrow column of text as a pandas array."""
    import pandas as pd

    kind: Any = pd.StringDtype()
    return kind.__from_arrow__(column)


def _packed(batch: Batch) -> dict[str, Any]:
    import pyarrow as pa

    return {
        **{name: pa.array(getattr(batch, name), pa.large_string()) for name in _WORDS},
        **{name: pa.array(getattr(batch, name), pa.date32()).to_numpy(False).astype(_STAMPS) for name in _DAYS},
        **{name: pa.array(getattr(batch, name), pa.int64()) for name in _NUMBERS},
        **{name: pa.array(getattr(batch, name), pa.float64()) for name in _DEGREES},
    }


def _packed_figures(batch: Batch, before: int) -> dict[str, Any]:
    import numpy as np
    import pyarrow as pa

    own = batch.figures
    return {
        "row": np.repeat(np.arange(before, before + len(batch.n_figures)), np.array(batch.n_figures, dtype="int64")),
        "measure": np.array([_MEASURE_AT[measure] for measure in own.measure], dtype="int8"),
        "group": np.array([_GROUP_AT[group] for group in own.group], dtype="int8"),
        **{bound: pa.array(getattr(own, bound), pa.int64()) for bound in BOUNDS},
        **{mark: np.array(getattr(own, mark), dtype="bool") for mark in ("derived", "disputed", "contested")},
        "current": pa.array(own.current, pa.large_string()),
    }


def _joined(packed: list[dict[str, Any]], pa: Any) -> dict[str, Any]:
    """The batches' columns end to end; each batch is let go of as its column is taken."""
    import numpy as np

    joined = {}
    for name in list(packed[0]):
        parts = [batch.pop(name) for batch in packed]
        joined[name] = np.concatenate(parts) if isinstance(parts[0], np.ndarray) else pa.concat_arrays(parts)
    return joined


def _taken(columns: dict[str, Any], order: Any) -> dict[str, Any]:
    """The columns in another order; each old one is let go of as the new one is made."""
    import numpy as np
    import pyarrow as pa

    taken = {}
    for name in list(columns):
        column = columns.pop(name)
        taken[name] = column[order] if isinstance(column, np.ndarray) else column.take(pa.array(order))
    return taken


def _values(column: Any, blank: float) -> tuple[Any, NDArray[np.bool_]]:
    """An Arrow column as its values and where they are missing."""
    missing = column.is_null().to_numpy(zero_copy_only=False)
    return column.fill_null(blank).to_numpy(zero_copy_only=False), missing


def _integers(column: Any) -> Any:
    import pandas as pd

    values, missing = _values(column, 0)
    # Arrow's memory is not to be written to; a table's is.
    return pd.arrays.IntegerArray(values.copy(), missing.copy())
