"""The figures of the charts as Plotly's own classes take them, which check every name and value in them."""

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import plotly.graph_objects as go

from tracker import charts as made
from tracker import charts_map as made_map
from tracker.charts_plot import Plot


def drawn(plot: Plot) -> go.Figure:
    spec = plot.spec()
    return go.Figure(data=spec["data"], layout=spec["layout"])


def _checked(make: Callable[..., Plot]) -> Callable[..., go.Figure]:
    @functools.wraps(make)
    def figure(*args: Any, **options: Any) -> go.Figure:
        return drawn(make(*args, **options))

    return figure


charts = SimpleNamespace(
    **{name: _checked(getattr(made, name)) for name in ("timeline", "ranking", "arms", "history", "coverage")}
)
charts_map = SimpleNamespace(
    strike_map=_checked(made_map.strike_map), map_style=made_map.map_style, Theme=made_map.Theme
)
