"""A figure of Plotly as plain data: what its JavaScript draws, without the Python objects that would check it.

Plotly's own classes check and copy every value, which takes longer than all the sums of a page; the tests let them
check each figure instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

Trace = dict[str, Any]

#: A figure on a tablet, beside the filters, is narrower than this.
NARROW = 520


def bar(**values: Any) -> Trace:
    """A trace of bars."""
    return {"type": "bar", **values}


def scatter(**values: Any) -> Trace:
    """A trace of points or lines."""
    return {"type": "scatter", **values}


def scattermap(**values: Any) -> Trace:
    """A trace of points on a map."""
    return {"type": "scattermap", **values}


class Plot:
    """Traces and the layout around them.

    >>> plot = Plot(bar(x=[1], y=[2]))
    >>> plot.update_layout(font={"size": 12})
    >>> plot.update_layout(font={"color": "#000000"})
    >>> plot.spec()["layout"]["font"]
    {'size': 12, 'color': '#000000'}
    """

    def __init__(self, *traces: Trace) -> None:
        self.data: list[Trace] = list(traces)
        self.layout: dict[str, Any] = {"xaxis": {}, "yaxis": {}}
        #: What the map's own layers show: GeoJSON by the name of its source in the style.
        self.sources: dict[str, Any] = {}
        #: Parts of the layout that are otherwise where the figure is narrower than ``NARROW`` pixels.
        self.narrow: dict[str, Any] = {}

    def add_traces(self, *traces: Trace) -> None:
        """Draw these on top."""
        self.data += traces

    def add_annotation(self, **values: Any) -> None:
        """Print something beside the traces."""
        self.layout.setdefault("annotations", []).append(values)

    def add_shape(self, **values: Any) -> None:
        """Draw a shape behind or before the traces."""
        self.layout.setdefault("shapes", []).append(values)

    def update_layout(self, **values: Any) -> None:
        """Set parts of the layout; what is said of a part already stays."""
        _merge(self.layout, values)

    def update_xaxes(self, **values: Any) -> None:
        """Set what holds for the x axis."""
        _merge(self.layout["xaxis"], values)

    def update_yaxes(self, **values: Any) -> None:
        """Set what holds for the y axis."""
        _merge(self.layout["yaxis"], values)

    def spec(self) -> dict[str, Any]:
        """``data`` and ``layout`` as JSON can hold them, and ``sources`` and ``narrow`` where there are any."""
        layout = {name: value for name, value in self.layout.items() if value != {}}
        spec: dict[str, Any] = plain({"data": self.data, "layout": layout})
        more = {"sources": self.sources, "narrow": plain(self.narrow)}
        return spec | {name: value for name, value in more.items() if value}


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        known = into.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value)
        else:
            into[name] = value


def plain(value: Any) -> Any:
    """A value of pandas, numpy or Python as JSON can hold it; what is unknown is None.

    >>> plain({"x": pd.Series(pd.to_datetime(["2025-05-02", None])), "y": pd.array([1, None], dtype="Int64")})
    {'x': ['2025-05-02', None], 'y': [1, None]}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(value)
    if isinstance(value, np.integer | np.bool_):
        return value.item()
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, dt.date):  # a time of the day is left out where there is none
        shown = value.isoformat()
        return shown.removesuffix("T00:00:00") if isinstance(value, dt.datetime) else shown
    if isinstance(value, np.ndarray) and value.dtype.kind in "iufb" and not np.isnan(value).any():
        return value.tolist()
    if isinstance(value, Iterable):
        return [plain(one) for one in value]
    raise TypeError(f"A figure cannot hold {value!r}.")
