"""Colours and type of the charts, from ``data/style/charts.toml``, and the escaping of names in them."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Final, Literal

from tracker.lexicon import read_toml

Theme = Literal["light", "dark"]

FONT: Final = '"Source Sans", "Source Sans 3", system-ui, sans-serif'

#: Figures and ranges print with these, everywhere.
DASH: Final = "–"


@dataclass(frozen=True, slots=True)
class Tiles:
    """A raster base map from elsewhere, under the outlines: only where the reader asks for it."""

    url: str
    attribution: str


def colours(theme: Theme) -> dict[str, Any]:
    """The colours of one theme: ``ink``, ``muted``, ``grid``, ..., and ``map`` for those of the map."""
    return dict(read_toml("style/charts.toml")[theme])


def weapon_colours(theme: Theme) -> dict[str, str]:
    """Colour by weapon class, and ``unknown`` for a weapon that no report names."""
    return dict(read_toml("style/charts.toml")["weapons"][theme])


def weapon_classes() -> list[str]:
    """The weapon classes of the codebook, by name."""
    return sorted(set(weapon_colours("light")) - {"unknown"})


def weapon_marker(weapon: str | None, theme: Theme) -> dict[str, Any]:
    """How bars of a weapon look: one colour, or stripes of the first two classes of a joint figure.

    >>> weapon_marker("drone", "light")["color"]
    '#0072b2'
    >>> weapon_marker("drone+missile", "light")["pattern"]["shape"]
    '/'
    """
    palette = weapon_colours(theme)
    classes = weapon.split("+") if weapon else ["unknown"]
    first = palette.get(classes[0], palette["other"])
    marker: dict[str, Any] = {"color": first, "line": {"width": 0}}
    if len(classes) > 1:
        second = palette.get(classes[1], palette["other"])
        marker["pattern"] = {
            "shape": "/" if len(classes) == 2 else "x",
            "fillmode": "replace",
            "fgcolor": second,
            "bgcolor": first,
            "size": 9,
            "solidity": 0.5,
        }
    return marker


def weapon_name(weapon: str | None) -> str:
    """A weapon as the reader sees it.

    >>> weapon_name("drone+small_arms"), weapon_name(None)
    ('drone + small arms', 'not said')
    """
    return weapon.replace("_", " ").replace("+", " + ") if weapon else "not said"


def safe(text: object) -> str:
    """Text for a chart's labels and hovers, which would otherwise read tags and entities in it.

    >>> safe('<a href="//x">Kyiv</a>')
    '&lt;a href=&quot;//x&quot;&gt;Kyiv&lt;/a&gt;'
    """
    return html.escape("".join(c if c.isprintable() else " " for c in str(text)), quote=True)


def count(number: int | None) -> str:
    """A whole number with its thousands apart, or the dash for an unknown one.

    >>> count(12500), count(0), count(None)
    ('12,500', '0', '–')
    """
    return DASH if number is None else f"{number:,}"


def bounds(low: int | None, high: int | None) -> str:
    """A range as it is printed everywhere; an open end is said in words.

    >>> bounds(63, None), bounds(None, 9), bounds(12, 19), bounds(8, 8), bounds(None, None)
    ('63 or more', 'up to 9', '12–19', '8', '–')
    """
    if low is None:
        return DASH if high is None else f"up to {high:,}"
    if high is None:
        return f"{low:,} or more"
    return f"{low:,}" if low == high else f"{low:,}{DASH}{high:,}"
