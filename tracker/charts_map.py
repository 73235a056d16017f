"""The map: strikes by settlement over our own outlines, with no request to anywhere else.

The base map is a MapLibre style made here: country and region outlines from ``data/geo`` as the dashboard
serves them, and the names of cities as a symbol layer, which MapLibre keeps from overlapping and draws in the
reader's own fonts. Plotly's stock styles and marker symbols would fetch tiles, glyphs and icons from outside.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any, Final

import pandas as pd

from tracker.charts_data import SEVERAL, records, whole
from tracker.charts_plot import Plot, Trace, scattermap
from tracker.charts_style import DASH, FONT, Theme, Tiles, bounds, colours, count, safe, weapon_colours
from tracker.lexicon import LexiconError, bundled
from tracker.models import Measure

#: Largest and smallest bubble, as the diameter in pixels.
_LARGEST, _SMALLEST = 46.0, 8.0
#: Columns that the map adds to the cities.
_OWN: Final = ["_colour", "_faded"]
#: Pixels for which the first view is chosen: of a small screen, and of a tablet.
_HEIGHT, _WIDTH, _NARROW_WIDTH = 460, 600, 400
#: The source of the rings and names.
_CITIES: Final = "cities"
_NAME_SIZE: Final = 12.5
#: At least this many degrees of longitude are shown, so that one strike keeps its surroundings.
_LEAST_SPAN = 9.0
#: The outlines in use: file, layer prefix; drawn in this order.
_OUTLINES: Final = (("world", "land"), ("ukraine_adm1", "focus"))
#: West, south, east and north of Ukraine: strikes inside it are shown with the whole country around them.
_UKRAINE: Final = (22.0, 44.2, 40.3, 52.5)


def strike_map(
    cities: pd.DataFrame,
    measure: Measure | str,
    *,
    theme: Theme = "light",
    geo_url: str = "geo",
    weapons: Sequence[str | None] | None = None,
    chosen: Collection[int] = (),
    tiles: Tiles | None = None,
) -> Plot:
    """One bubble for each settlement of ``charts_data.city_data``; area in proportion to the best figure.

    A filled bubble stands for a figure, a small grey dot for a reported zero, a hollow ring for settlements
    whose reports state no figure. ``customdata[0]`` of a point is its ``label``, for clicks.
    ``weapons`` (one for each row of ``cities``) gives bubbles the colour of their weapon. Rows in ``chosen``
    keep their strength where the others fade. ``geo_url`` is where the outlines are served.
    """
    tinted = cities.assign(_colour=_tints(cities, weapons, theme), _faded=_faded(cities, chosen))
    shown = tinted[(tinted["lat"].notna() & tinted["lon"].notna()).to_numpy()]
    figure = Plot()
    if not shown.empty:
        figure.add_traces(_bubbles(shown, str(measure), colours(theme)))
    figure.sources[_CITIES] = _features(shown, colours(theme))
    west, south, east, north = _frame(shown)
    figure.update_layout(
        map={
            "style": map_style(theme=theme, geo_url=geo_url, tiles=tiles),
            "center": {"lon": (west + east) / 2, "lat": _mercator_middle(south, north)},
            "zoom": _zoom(west, south, east, north, _WIDTH, _HEIGHT),
        },
        # Panning and zooming survive a filter as long as the frame stays the same.
        uirevision=f"{west:.1f},{south:.1f},{east:.1f},{north:.1f}",
        height=_HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT},
        hoverlabel={"align": "left", "font": {"family": FONT}},
    )
    figure.narrow["map"] = {"zoom": _zoom(west, south, east, north, _NARROW_WIDTH, _HEIGHT)}
    return figure


def _tints(cities: pd.DataFrame, weapons: Sequence[str | None] | None, theme: Theme) -> list[str]:
    if weapons is None:
        return [str(colours(theme)["toll"])] * len(cities)
    palette = weapon_colours(theme) | {SEVERAL: str(colours(theme)["several"])}
    return [palette.get(weapon or "unknown", palette["other"]) for weapon in weapons]


def _faded(cities: pd.DataFrame, chosen: Collection[int]) -> list[bool]:
    return [bool(chosen) and position not in chosen for position in cities.index]


def _bubbles(shown: pd.DataFrame, measure: str, palette: dict[str, Any]) -> Trace:
    scale = _scale(shown)
    texts, fills = [], []
    for row, tint, faded in zip(records(shown.drop(columns=_OWN)), shown["_colour"], shown["_faded"], strict=True):
        best = whole(row.best)
        texts.append(_hover(row, measure, best))
        colour, alpha = (palette["muted"], 0.9) if best == 0 else (tint, 0.68 if best else 0.08)
        fills.append(_rgba(colour, alpha * (0.3 if faded else 1)))
    return scattermap(
        lat=shown["lat"],
        lon=shown["lon"],
        mode="markers",
        marker={"size": [_diameter(best, scale) for best in shown["best"]], "color": fills, "opacity": 1},
        customdata=[[label] for label in shown["label"]],
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        name="",
        # Under the names, which would otherwise vanish behind the bubbles.
        below="names",
    )


def _scale(cities: pd.DataFrame) -> float:
    """Pixels across a bubble for a figure of one: the greatest has _LARGEST, less where many share the map."""
    stated = cities["best"].dropna()
    largest = max(float(stated.max()), 1.0) if len(stated) else 1.0
    crowding = min(1.0, max(0.5, math.sqrt(12 / max(len(cities), 1))))
    return _LARGEST * crowding / math.sqrt(largest)


def _diameter(best: Any, scale: float) -> float:
    """Pixels across a bubble: its area goes with the figure; zero and unknown have the smallest."""
    return max(_SMALLEST, scale * math.sqrt(whole(best) or 0))


def _hover(row: Any, measure: str, best: int | None) -> str:
    where = ", ".join(safe(part) for part in (row.admin1, row.country) if not pd.isna(part) and part != row.city)
    figure = f"{safe(measure.replace('_', ' '))}: {count(best)}" + (
        f" [{bounds(whole(row.low), whole(row.high))}]" if row.strikes else ""
    )
    events = f"{count(int(row.events))} strike{'' if row.events == 1 else 's'}"
    return f"<b>{safe(row.city)}</b><br>{where or DASH}<br>{figure}<br>{events}"


def map_style(*, theme: Theme, geo_url: str, tiles: Tiles | None = None) -> dict[str, Any]:
    """The MapLibre style: water, land, borders, rings around the bubbles, and the names of cities that fit.

    The same for every selection, so that a filter redraws the bubbles only: the rings and names come from a source
    that is filled apart (``Plot.sources``). ``tiles`` take the place of the land, under the borders.
    """
    palette = colours(theme)["map"]
    sources: dict[str, Any] = {}
    outlines: list[dict[str, Any]] = []
    if tiles is not None:
        sources["tiles"] = {"type": "raster", "tiles": [tiles.url], "tileSize": 256, "attribution": tiles.attribution}
    for name, role in _available_outlines():
        sources[name] = {"type": "geojson", "data": f"{geo_url.rstrip('/')}/{name}.geojson"}
        line = {"line-color": palette["region" if role == "focus" else "border"], "line-width": 0.8}
        if tiles is None:
            fill = {"fill-color": palette[role]}
            outlines.append({"id": f"{name}-fill", "type": "fill", "source": name, "paint": fill})
        outlines.append({"id": f"{name}-line", "type": "line", "source": name, "paint": line})
    sources[_CITIES] = {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}
    return {
        "version": 8,
        "name": "strike-tracker",
        "transition": {"duration": 0, "delay": 0},
        "sources": sources,
        "layers": [
            {"id": "water", "type": "background", "paint": {"background-color": palette["water"]}},
            *([] if tiles is None else [{"id": "tiles", "type": "raster", "source": "tiles"}]),
            *outlines,
            {
                # Plotly's own markers have no outline; without one a settlement with no figure would be invisible.
                "id": "rings",
                "type": "circle",
                "source": _CITIES,
                "paint": {
                    "circle-radius": ["get", "radius"],
                    "circle-opacity": 0,
                    "circle-stroke-color": ["get", "ring"],
                    "circle-stroke-width": 1.5,
                },
            },
            {
                "id": "names",
                "type": "symbol",
                "source": _CITIES,
                "layout": {
                    "text-field": ["get", "name"],
                    "text-font": ["Source Sans", "sans-serif"],
                    "text-size": _NAME_SIZE,
                    "text-padding": 3,
                    # The name goes where there is room around its own bubble; lesser names give way to greater.
                    "text-variable-anchor": ["bottom", "top", "left", "right"],
                    "text-radial-offset": ["get", "offset"],
                    "text-justify": "auto",
                    "symbol-sort-key": ["get", "rank"],
                },
                "paint": {
                    "text-color": palette["label"],
                    "text-halo-color": palette["halo"],
                    "text-halo-width": 1.6,
                },
            },
        ],
    }


def _features(cities: pd.DataFrame, palette: dict[str, Any]) -> dict[str, Any]:
    scale = _scale(cities)
    features = []
    tints = cities["_colour"] if "_colour" in cities else [palette["toll"]] * len(cities)
    faded = cities["_faded"] if "_faded" in cities else [False] * len(cities)
    plain = cities.drop(columns=[name for name in _OWN if name in cities])
    for rank, (row, tint, fades) in enumerate(zip(records(plain), tints, faded, strict=True)):
        radius = _diameter(row.best, scale) / 2
        properties = {
            "name": str(row.city)[:60],
            "rank": rank,  # the table's order: the greatest toll keeps its name first
            "radius": round(radius, 1),
            "offset": round(radius / _NAME_SIZE + 0.25, 2),  # in ems
            "ring": _rgba(tint, 0.3 if fades else 1),
        }
        point = {"type": "Point", "coordinates": [float(row.lon), float(row.lat)]}
        features.append({"type": "Feature", "geometry": point, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _available_outlines() -> list[tuple[str, str]]:
    try:
        folder = bundled("data") / "geo"
    except LexiconError:
        return []
    return [(name, role) for name, role in _OUTLINES if (folder / f"{name}.geojson").is_file()]


def _frame(shown: pd.DataFrame) -> tuple[float, float, float, float]:
    """West, south, east and north of the first view."""
    if shown.empty:
        return _UKRAINE
    west, east = float(shown["lon"].min()), float(shown["lon"].max())
    south, north = float(shown["lat"].min()), float(shown["lat"].max())
    if west >= _UKRAINE[0] and south >= _UKRAINE[1] and east <= _UKRAINE[2] and north <= _UKRAINE[3]:
        return _UKRAINE
    margin_x = max((_LEAST_SPAN - (east - west)) / 2, (east - west) * 0.12)
    margin_y = max((_LEAST_SPAN * 0.6 - (north - south)) / 2, (north - south) * 0.12)
    return (
        max(west - margin_x, -179.0),
        max(south - margin_y, -70.0),
        min(east + margin_x, 179.0),
        min(north + margin_y, 80.0),
    )


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _mercator_middle(south: float, north: float) -> float:
    middle = (_mercator(south) + _mercator(north)) / 2
    return math.degrees(2 * math.atan(math.exp(middle)) - math.pi / 2)


def _zoom(west: float, south: float, east: float, north: float, width: int, height: int) -> float:
    """The zoom at which the frame fits; the world is 512 pixels wide at zoom 0."""
    across = math.log2(width * 360 / (512 * max(east - west, 1e-6)))
    down = math.log2(height * 2 * math.pi / (512 * max(_mercator(north) - _mercator(south), 1e-6)))
    return round(max(0.0, min(across, down, 9.0)), 2)


def _rgba(colour: str, alpha: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
