"""Where the terms in ``data/`` are found, loaded and checked.

Rules and terms are data, one folder per language, so that another language needs no new code path. This
module only knows how to find and parse those files; what a table means is known by the reader that asks.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


class LexiconError(ValueError):
    """A data file is missing or malformed; the message names the file and what to do."""


@functools.cache
def bundled(folder: str) -> Path:
    """The folder ``data`` or ``seeds``, in a checkout or inside an installed wheel.

    Raises LexiconError when the installation lacks it.
    """
    for candidate in (_PACKAGE / "_bundled" / folder, _PACKAGE.parent / folder):
        if candidate.is_dir():
            return candidate
    raise LexiconError(f"The folder '{folder}' of Strike Tracker is missing. Install the package again.")


@functools.cache
def read_toml(name: str) -> dict[str, Any]:
    """Parse ``data/<name>``, e.g. ``en/dates.toml``. The result is shared: do not change it.

    Raises LexiconError naming the file and the line when it does not parse.
    """
    path = bundled("data") / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LexiconError(f"data/{name} is missing. Install the package again.") from None
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"data/{name}: {error}. Mend that line and start again.") from error
