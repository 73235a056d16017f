"""From frames of sums to figures: timeline, cities, air defence, tolls in time. The map is ``charts_map``."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from tracker.charts_data import FATES, Bin, records, whole
from tracker.charts_plot import Plot, Trace, bar, scatter
from tracker.charts_style import FONT, Theme, bounds, colours, count, safe, weapon_marker, weapon_name
from tracker.history import Status, TollStep
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


def timeline(
    sums: pd.DataFrame,
    size: Bin,
    measure: Measure | str,
    *,
    theme: Theme = "light",
    whole_bins: pd.DataFrame | None = None,
    reports: pd.Series[Any] | None = None,
    chosen: tuple[dt.date | None, dt.date | None] = (None, None),
) -> Plot:
    """Best figures by bin, stacked by weapon, from ``charts_data.timeline_data``.

    ``whole_bins`` (sums by bin alone) draws the lowest and highest of each bin as a box behind its bar, with a
    point upwards where the top is open; ``reports`` (a number by bin) is drawn beneath: how many reports each
    bin rests on. Days outside ``chosen`` are shaded. Bins in which nobody stated the measure have no bar; a
    reported zero has a mark on the axis. ``customdata[0]`` of a bar is the first day of its bin.
    """
    palette = colours(theme)
    figure = Plot()
    axis = _date_axis(sums.index.get_level_values("bin"), size)
    frame = sums.reset_index()
    frame = frame[frame["best"].notna()]
    frame["weapon"] = _legend_weapons(frame)
    for weapon in sorted(frame["weapon"].unique().tolist(), key=lambda one: (one in ("", _OTHERS), one)):
        figure.add_traces(_weapon_bars(frame[frame["weapon"] == weapon], weapon, size, theme))
    zeros = frame.groupby("bin")["best"].sum()
    zeros = zeros[zeros == 0]
    if len(zeros):
        figure.add_traces(
            scatter(
                x=zeros.index,
                y=[0] * len(zeros),
                mode="markers",
                marker={"symbol": "line-ew-open", "size": 10, "color": palette["muted"], "line": {"width": 2}},
                name="reported zero",
                hovertemplate="reported zero<extra></extra>",
            )
        )
    if whole_bins is not None:
        figure.add_traces(*_band(whole_bins, size, palette))
    counts = reports if reports is not None and len(reports) else None
    _dress(figure, palette, height=270 if counts is None else 330)
    figure.update_layout(barmode="stack", showlegend=True, legend=_legend())
    figure.update_yaxes(rangemode="tozero", tickformat=",d", nticks=6)
    figure.update_xaxes(type="date", showgrid=False, **axis)
    # A legend of one entry a row.
    figure.narrow["height"] = figure.layout["height"] + 140
    if counts is not None:
        figure.add_traces(_report_bars(counts, size, palette))
        figure.update_layout(
            yaxis2=figure.layout["yaxis"]
            | {"domain": [0, 0.17], "anchor": "x", "tickvals": _few_ticks(counts), "showgrid": False},
            xaxis={"anchor": "y2"},
        )
        figure.update_yaxes(domain=[0.3, 1])
    if axis:
        _shade(figure, chosen, axis["range"], palette)
    return figure


def _few_ticks(values: pd.Series[Any]) -> list[int]:
    """Whole numbers for a low axis: none but zero and the greatest."""
    return [0, int(values.max())]


def _band(sums: pd.DataFrame, size: Bin, palette: dict[str, Any]) -> list[Any]:
    """The lowest and highest of each bin as an outlined box; an open top has a point upwards instead of a lid."""
    stated = sums[(sums["strikes"] > 0).to_numpy()]
    low = stated["low"].fillna(0).astype(float)
    best = stated["best"].fillna(stated["low"]).fillna(0).astype(float)
    high = stated["high"].astype("Float64").fillna(best).astype(float)
    box = bar(
        x=stated.index,
        base=low,
        y=high - low,
        width=_BIN_DAYS[size] * _DAY_MS * 0.94,
        marker={"color": _alpha(palette["band"], 0.16), "line": {"color": palette["band"], "width": 1}},
        name="lowest–highest (outer bounds)",
        hoverinfo="skip",
    )
    is_open = stated["high"].isna().to_numpy()
    if not is_open.any():
        return [box]
    more = scatter(
        x=stated.index[is_open],
        y=best[is_open],
        mode="markers",
        marker={"symbol": "triangle-up", "size": 8, "color": palette["whisker"]},
        name="or more",
        hoverinfo="skip",
    )
    return [box, more]


def _report_bars(reports: pd.Series[Any], size: Bin, palette: dict[str, Any]) -> Trace:
    shown = [f"{count(int(n))} report{'' if n == 1 else 's'}" for n in reports]
    return bar(
        x=reports.index,
        y=reports.astype(float),
        yaxis="y2",
        width=_BIN_DAYS[size] * _DAY_MS * 0.82,
        marker={"color": palette["muted"], "line": {"width": 0}},
        name="reports",
        text=[
            f"<b>{_bin_name(pd.Timestamp(day), size)}</b><br>{n}" for day, n in zip(reports.index, shown, strict=True)
        ],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def _shade(
    figure: Plot, chosen: tuple[dt.date | None, dt.date | None], across: list[Any], palette: dict[str, Any]
) -> None:
    """What was not chosen lies in the shade."""
    first, last = chosen
    veil = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 0}, "fillcolor": palette["grid"]}
    half = pd.Timedelta(hours=12)  # a bar of a day stands around its start
    if first is not None and (start := pd.Timestamp(first) - half) > across[0]:
        figure.add_shape(**veil, opacity=0.55, layer="above", x0=across[0], x1=start)
    if last is not None and (end := pd.Timestamp(last) + half) < across[1]:
        figure.add_shape(**veil, opacity=0.55, layer="above", x0=end, x1=across[1])


def _weapon_bars(part: pd.DataFrame, weapon: str, size: Bin, theme: Theme) -> Trace:
    if weapon == _OTHERS:
        name, marker = _OTHERS, weapon_marker(None, theme) | {"pattern": {"shape": ".", "size": 5}}
    else:
        name, marker = weapon_name(weapon or None), weapon_marker(weapon or None, theme)
    by_bin = part.groupby("bin")
    bars = by_bin[["low", "best", "strikes"]].sum()
    # One open high leaves the sum of highs open.
    bars["high"] = by_bin["high"].sum().mask(part["high"].isna().groupby(part["bin"]).any(), pd.NA)
    bars = bars.reset_index()
    return bar(
        x=bars["bin"],
        y=bars["best"].astype(float),
        width=_BIN_DAYS[size] * _DAY_MS * 0.82,
        name=safe(name),
        marker=marker,
        customdata=[[str(day.date())] for day in bars["bin"]],
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
    return {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}


def _timeline_hover(row: Any, size: Bin, name: str) -> str:
    strikes = f"{count(int(row.strikes))} strike{'' if row.strikes == 1 else 's'}"
    return (
        f"<b>{_bin_name(row.bin, size)}</b><br>{safe(name)}: {count(int(row.best))} "
        f"[{bounds(whole(row.low), whole(row.high))}]<br>{strikes}"
    )


def ranking(
    cities: pd.DataFrame,
    measure: Measure | str,
    *,
    theme: Theme = "light",
    top: int = TOP,
    chosen: Collection[int] = (),
) -> Plot:
    """The cities with the greatest best figures, from ``charts_data.city_data``; whiskers span low to high.

    Rows in ``chosen`` keep their strength where the others fade.

    An open high end ("or more") is drawn as an arrow that points on from the best figure.
    ``customdata[0]`` of a bar is the ``label`` of its city.
    """
    palette = colours(theme)
    shown = cities[cities["best"].notna()].head(top)[::-1]
    names = _distinct_names(shown)
    best = [int(value) for value in shown["best"]]
    low = [whole(value) or 0 for value in shown["low"]]
    high = [whole(value) for value in shown["high"]]
    ends = [b if h is None else max(h, b) for b, h in zip(best, high, strict=True)]
    figure = Plot(
        bar(
            x=best,
            y=names,
            orientation="h",
            width=0.62,
            marker={
                "color": [
                    palette["toll"] if not chosen or at in chosen else _alpha(palette["toll"], 0.35)
                    for at in shown.index
                ],
                "line": {"width": 0},
            },
            customdata=[[label] for label in shown["label"]],
            text=[_ranking_hover(row, name) for row, name in zip(records(shown), names, strict=True)],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_traces(_whiskers(names, best, low, high, palette))
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
) -> Trace:
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
    return scatter(
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


_ARMS_TOP = 9
#: Pixels for a weapon: its bars, and under them what they say, which may be longer than they are.
_ARMS_ROW = 58
_FATE_WORDS = {
    Measure.LAUNCHED: "launched",
    Measure.INTERCEPTED: "shot down",
    Measure.SUPPRESSED: "lost without harm",
    Measure.HITS: "hit",
}


def arms(sums: pd.DataFrame, *, theme: Theme = "light", chosen: Collection[str] = ()) -> Plot:
    """What was launched, and of it shot down, lost without harm and hit, by weapon, from ``charts_data.arms_data``.

    The pale bar is what was launched; what became of it is stacked on it, and printed under it, a dash where
    nobody said. The parts need not add up: they are reported apart. ``customdata[0]`` of a bar is its weapon,
    "" where not said. Weapons not in ``chosen`` fade.
    """
    palette = colours(theme)
    shown = sums.head(_ARMS_TOP)[::-1]
    weapons = [None if pd.isna(weapon) else str(weapon) for weapon in shown.index]
    names = [safe(weapon_name(weapon)) for weapon in weapons]
    faint = [bool(chosen) and not set(chosen) & set((weapon or "not said").split("+")) for weapon in weapons]
    at = [[weapon or ""] for weapon in weapons]
    figure = Plot()
    for measure, wide in ((Measure.LAUNCHED, 0.5), *((one, 0.26) for one in FATES[1:])):
        figure.add_traces(
            bar(
                x=[float(value) if not pd.isna(value) else None for value in shown[f"{measure}_best"]],
                y=names,
                base=0 if measure is Measure.LAUNCHED else None,
                orientation="h",
                width=wide,
                marker={
                    "color": [_alpha(palette[measure.value], 0.35 if fades else 1) for fades in faint],
                    "line": {"width": 0},
                },
                customdata=at,
                name=_FATE_WORDS[measure],
                text=[_fate_hover(row, measure) for row in records(shown)],
                textposition="none",
                hovertemplate="<b>%{y}</b><br>%{text}<extra></extra>",
            )
        )
    _dress(figure, palette, height=60 + _ARMS_ROW * max(len(shown), 1))
    reach = 1.0
    for name, row in zip(names, records(shown), strict=True):
        values = [whole(getattr(row, f"{measure}_best")) for measure in FATES]
        end = max(values[0] or 0, sum(value or 0 for value in values[1:]))
        reach = max(reach, end)
        said = " · ".join(f"{count(value)} {_FATE_WORDS[one]}" for one, value in zip(FATES, values, strict=True))
        figure.add_annotation(
            x=0, y=name, text=said, showarrow=False, xanchor="left", yshift=-0.39 * _ARMS_ROW,
            font={"color": palette["muted"], "size": 12},
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, legend=_legend())
    figure.update_xaxes(range=[0, reach * 1.02], showgrid=False, zeroline=False, showticklabels=False)
    figure.update_yaxes(showgrid=False, tickfont={"size": 13}, ticklabelstandoff=6)
    return figure


def _fate_hover(row: Any, measure: Measure) -> str:
    low, best, high = (whole(getattr(row, f"{measure}_{part}")) for part in ("low", "best", "high"))
    return f"{_FATE_WORDS[measure]}: {count(best)} [{bounds(low, high)}]"


def history(steps: Sequence[TollStep], *, theme: Theme = "light") -> Plot:
    """How a toll came to be what it is, from ``tracker.history.toll_history``: every figure, oldest first.

    A filled point is a current figure, a hollow one superseded, a small one in support; a line spans a range,
    and points upwards where it is open.
    """
    palette = colours(theme)
    places = list(range(len(steps)))
    value = [step.low if step.low is not None else step.high for step in steps]
    top = [step.high if step.high is not None else step.low for step in steps]
    looks = {Status.CURRENT: ("circle", 12), Status.SUPERSEDED: ("circle-open", 12), Status.SUPPORTING: ("circle", 6)}
    said = [
        f"<b>{bounds(step.low, step.high)}</b> · {step.status.value}<br>{_as_of(step.when)}"
        f"<br>{safe(step.source or step.publisher or 'publisher not said')}"
        for step in steps
    ]
    figure = Plot()
    told = [place for place in places if steps[place].status is not Status.SUPPORTING]
    figure.add_traces(
        scatter(
            x=told, y=[value[place] for place in told], mode="lines", hoverinfo="skip", showlegend=False,
            line={"shape": "hv", "color": palette["grid"], "width": 2},
        )
    )  # fmt: skip
    for place in places:
        least, most = value[place], top[place]
        if least is not None and most is not None and most > least:
            figure.add_traces(
                scatter(
                    x=[place, place], y=[least, most], mode="lines", hoverinfo="skip", showlegend=False,
                    line={"color": palette["whisker"], "width": 1.4},
                )
            )  # fmt: skip
    figure.add_traces(
        scatter(
            x=places,
            y=value,
            mode="markers+text",
            marker={
                "symbol": [looks[step.status][0] for step in steps],
                "size": [looks[step.status][1] for step in steps],
                "color": palette["toll"],
                "line": {"width": 2, "color": palette["toll"]},
            },
            text=[bounds(step.low, step.high) for step in steps],
            textposition="top center",
            customdata=said,
            hovertemplate="%{customdata}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
        )
    )
    _dress(figure, palette, height=200)
    ticks = places if len(places) <= 8 else places[:: math.ceil(len(places) / 8)]
    figure.update_xaxes(
        zeroline=False,
        tickvals=ticks, ticktext=[_as_of(steps[place].when) for place in ticks], showgrid=False,
        range=[-0.5, max(len(steps) - 0.5, 0.5)],
    )  # fmt: skip
    most = max([one for one in top if one is not None] or [1])
    figure.update_yaxes(rangemode="tozero", range=[0, max(most, 1) * 1.35], tickformat=",d", nticks=4)
    return figure


def coverage(days: pd.DataFrame, size: Bin, *, theme: Theme = "light") -> Plot:
    """Reports by day of publication and publisher: a frame indexed by ``bin`` with a column for each publisher."""
    palette = colours(theme)
    figure = Plot()
    shades = ["toll", "intercepted", "suppressed", "several", "muted", "band"]
    for at, publisher in enumerate(days.columns):
        figure.add_traces(
            bar(
                x=days.index,
                y=days[publisher].astype(float),
                width=_BIN_DAYS[size] * _DAY_MS * 0.82,
                name=safe(str(publisher)[:40]),
                marker={"color": palette[shades[at % len(shades)]], "line": {"width": 0}},
            )
        )
    _dress(figure, palette, height=220)
    figure.update_layout(barmode="stack", showlegend=True, legend=_legend())
    figure.update_yaxes(rangemode="tozero", tickformat=",d", tickvals=_few_ticks(days.sum(axis=1)))
    figure.update_xaxes(type="date", showgrid=False, **_date_axis(days.index, size))
    return figure


def _as_of(when: dt.date | None) -> str:
    """When a figure was published: its day, and the time where it is known.

    >>> _as_of(dt.date(2025, 4, 24)), _as_of(dt.datetime(2025, 4, 24, 8, 5)), _as_of(None)
    ('24 Apr 2025', '24 Apr 2025 08:05', 'undated')
    """
    if when is None:
        return "undated"
    clock = f" {when:%H:%M}" if isinstance(when, dt.datetime) else ""
    return f"{when.day} {when:%b %Y}{clock}"


def _alpha(colour: str, alpha: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def _dress(figure: Plot, palette: dict[str, Any], *, height: int) -> None:
    """What all charts share: quiet axes, no background of their own, hovers that say one thing."""
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        # Its own ground, so that a picture of it can be read anywhere.
        paper_bgcolor=palette["paper"],
        plot_bgcolor=palette["paper"],
        font={"family": FONT, "color": palette["ink"], "size": 13},
        hoverlabel={"align": "left", "font": {"family": FONT}},
        dragmode=False,
        hovermode="closest",
        showlegend=False,
    )
    figure.update_xaxes(gridcolor=palette["grid"], linecolor=palette["grid"], fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor=palette["grid"], zerolinecolor=palette["grid"], fixedrange=True, automargin=True)
