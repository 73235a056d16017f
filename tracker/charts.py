"""From frames of sums to plotly figures: the timeline and the most affected cities. The map is ``charts_map``."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from tracker.charts_data import Bin, records, whole
from tracker.charts_style import FONT, Theme, bounds, colours, count, safe, weapon_marker, weapon_name
from tracker.models import Measure

#: Cities in the ranking.
TOP = 12
#: Weapons in the legend of the timeline; the rest are drawn together.
_MOST_WEAPONS = 11
_OTHERS = "all others"
_BIN_DAYS: dict[Bin, float] = {"day": 1, "week": 7, "month": 30.4, "year": 365}
#: At least this many bins are shown, so that a single one is no wall of colour.
_LEAST_BINS = 15
_DAY_MS = 86_400_000


def timeline(sums: pd.DataFrame, size: Bin, measure: Measure | str, *, theme: Theme = "light") -> go.Figure:
    """Best figures by bin, stacked by weapon, from ``charts_data.timeline_data``.

    Bins in which nobody stated the measure have no bar; a reported zero has a mark on the axis.
    """
    palette = colours(theme)
    figure = go.Figure()
    axis = _date_axis(sums.index.get_level_values("bin"), size)
    frame = sums.reset_index()
    frame = frame[frame["best"].notna()]
    frame["weapon"] = _legend_weapons(frame)
    for weapon in sorted(frame["weapon"].unique().tolist(), key=lambda one: (one in ("", _OTHERS), one)):
        figure.add_trace(_weapon_bars(frame[frame["weapon"] == weapon], weapon, size, theme))
    zeros = frame.groupby("bin")["best"].sum()
    zeros = zeros[zeros == 0]
    if len(zeros):
        figure.add_trace(
            go.Scatter(
                x=zeros.index,
                y=[0] * len(zeros),
                mode="markers",
                marker={"symbol": "line-ew-open", "size": 10, "color": palette["muted"], "line": {"width": 2}},
                name="reported zero",
                hovertemplate="reported zero<extra></extra>",
            )
        )
    _dress(figure, palette, height=270)
    figure.update_layout(barmode="stack", showlegend=True, legend=_legend())
    figure.update_yaxes(rangemode="tozero", tickformat=",d", nticks=6)
    figure.update_xaxes(type="date", showgrid=False, **axis)
    return figure


def _weapon_bars(part: pd.DataFrame, weapon: str, size: Bin, theme: Theme) -> go.Bar:
    if weapon == _OTHERS:
        name, marker = _OTHERS, weapon_marker(None, theme) | {"pattern": {"shape": ".", "size": 5}}
    else:
        name, marker = weapon_name(weapon or None), weapon_marker(weapon or None, theme)
    by_bin = part.groupby("bin")
    bars = by_bin[["low", "best", "strikes"]].sum()
    # One open high leaves the sum of highs open.
    bars["high"] = by_bin["high"].sum().mask(part["high"].isna().groupby(part["bin"]).any(), pd.NA)
    bars = bars.reset_index()
    return go.Bar(
        x=bars["bin"],
        y=bars["best"].astype(float),
        width=_BIN_DAYS[size] * _DAY_MS * 0.82,
        name=safe(name),
        marker=marker,
        text=[_timeline_hover(row, size, name) for row in records(bars)],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
    )


def _legend_weapons(frame: pd.DataFrame) -> pd.Series[Any]:
    """Weapons by name, "" where not said; those past the largest few under one name."""
    weapons = frame["weapon"].astype("object").where(frame["weapon"].notna(), "")
    largest = frame.groupby(weapons)["best"].sum().nlargest(_MOST_WEAPONS).index
    return weapons.where(weapons.isin(largest), _OTHERS)


def _date_axis(bins: pd.Index[Any], size: Bin) -> dict[str, Any]:
    """All bins of the selection with room around them, and no tick finer than a day."""
    if bins.empty:
        return {}
    first, last = bins.min(), bins.max()
    step = pd.Timedelta(days=_BIN_DAYS[size])
    spare = max(_LEAST_BINS - ((last - first) / step + 1), 2) / 2
    axis: dict[str, Any] = {"range": [first - step * (spare + 0.5), last + step * (spare + 0.5)]}
    if size == "day":
        shown = (last - first).days + 1 + 2 * spare
        axis |= {"dtick": _DAY_MS * math.ceil(shown / 10), "tick0": first, "tickformat": "%e %b\n%Y"}
    return axis


def _bin_name(start: pd.Timestamp, size: Bin) -> str:
    if size == "month":
        return f"{start:%B %Y}"
    day = f"{start.day} {start:%b %Y}"
    return {"year": f"{start:%Y}", "week": f"week of {day}"}.get(size, day)


def _legend() -> dict[str, Any]:
    return {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}


def _timeline_hover(row: Any, size: Bin, name: str) -> str:
    strikes = f"{count(int(row.strikes))} strike{'' if row.strikes == 1 else 's'}"
    return (
        f"<b>{_bin_name(row.bin, size)}</b><br>{safe(name)}: {count(int(row.best))} "
        f"[{bounds(whole(row.low), whole(row.high))}]<br>{strikes}"
    )


def ranking(cities: pd.DataFrame, measure: Measure | str, *, theme: Theme = "light", top: int = TOP) -> go.Figure:
    """The cities with the greatest best figures, from ``charts_data.city_data``; whiskers span low to high.

    An open high end ("or more") is drawn as an arrow that points on from the best figure.
    ``customdata[0]`` of a bar is its row number in ``cities``.
    """
    palette = colours(theme)
    shown = cities[cities["best"].notna()].head(top)[::-1]
    names = _distinct_names(shown)
    best = [int(value) for value in shown["best"]]
    low = [whole(value) or 0 for value in shown["low"]]
    high = [whole(value) for value in shown["high"]]
    ends = [b if h is None else max(h, b) for b, h in zip(best, high, strict=True)]
    figure = go.Figure(
        go.Bar(
            x=best,
            y=names,
            orientation="h",
            width=0.62,
            marker={"color": palette["toll"], "line": {"width": 0}},
            customdata=[[position] for position in shown.index],
            text=[_ranking_hover(row, name) for row, name in zip(records(shown), names, strict=True)],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_trace(_whiskers(names, best, low, high, palette))
    _dress(figure, palette, height=460)
    reach = max([*ends, 1])
    for name, value, end, least, most in zip(names, best, ends, low, high, strict=True):
        figure.add_annotation(
            x=end,
            y=name,
            text=f"{count(value)} [{bounds(least, most)}]",
            showarrow=False,
            xanchor="left",
            xshift=9,
            font={"color": palette["muted"], "size": 12},
        )
    # Room for the printed figures beyond the longest whisker, also in a narrow panel.
    figure.update_xaxes(range=[0, reach * 2.25], showticklabels=False, showgrid=False, zeroline=False)
    figure.update_yaxes(
        showgrid=False, tickfont={"size": 13}, ticklabelstandoff=6, range=[len(names) - top - 0.5, len(names) - 0.5]
    )
    figure.update_layout(bargap=0.3)
    return figure


def _whiskers(
    names: list[str], best: list[int], low: list[int], high: list[int | None], palette: dict[str, Any]
) -> go.Scatter:
    """Lines from low to high with a cap at each end; an open end points on from the best figure."""
    x: list[int | None] = []
    y: list[str | None] = []
    symbols: list[str] = []
    for name, value, least, most in zip(names, best, low, high, strict=True):
        if most is not None and least == most:
            continue
        x += [least, value if most is None else most, None]
        y += [name, name, None]
        symbols += ["line-ns-open", "triangle-right" if most is None else "line-ns-open", "circle"]
    return go.Scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": palette["whisker"], "width": 1.4},
        marker={"symbol": symbols, "size": 9, "color": palette["whisker"], "line": {"width": 1.4}},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )


def _distinct_names(shown: pd.DataFrame) -> list[str]:
    """City names for an axis; towns of one name carry their region or country."""
    twice = shown["city"].duplicated(keep=False)
    names = []
    for row, double in zip(records(shown), twice, strict=True):
        region = next((part for part in (row.admin1, row.country) if not pd.isna(part)), None)
        name = f"{row.city} ({region})" if double and region else str(row.city)
        names.append(safe(name if len(name) <= 28 else name[:27] + "…"))
    return [name if names.count(name) == 1 else f"{name} {number}" for number, name in enumerate(names, 1)]


def _ranking_hover(row: Any, name: str) -> str:
    silent = f"<br>{count(int(row.unstated))} more without a figure" if row.unstated else ""
    return (
        f"<b>{name}</b><br>{count(int(row.best))} [{bounds(whole(row.low), whole(row.high))}]"
        f"<br>in {count(int(row.strikes))} strike{'' if row.strikes == 1 else 's'}{silent}"
    )


def _dress(figure: go.Figure, palette: dict[str, Any], *, height: int) -> None:
    """What all charts share: quiet axes, no background of their own, hovers that say one thing."""
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "color": palette["ink"], "size": 13},
        hoverlabel={"align": "left", "font": {"family": FONT}},
        dragmode=False,
    )
    figure.update_xaxes(gridcolor=palette["grid"], linecolor=palette["grid"], fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor=palette["grid"], zerolinecolor=palette["grid"], fixedrange=True, automargin=True)
