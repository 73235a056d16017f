"""What several test files share: a reader that is fast and predictable, and files in one line."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.plain import plain_extract

# No deadline: a machine that is busy is no failure. CI tries the same examples each time.
settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("project")


@pytest.fixture
def plain_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the plain reader in the place of the real one; tests that read for real do not ask for it."""
    module = types.ModuleType("tracker.extract")
    module.extract = plain_extract  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tracker.extract", module)


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """``write("a.txt", "3 killed in Odesa")`` makes the file in a folder of the test's own and gives its path."""

    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the databases of the person who runs it."""
    for name in ("TRACKER_DB", "TRACKER_SAMPLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data-home"))
    # A page that is tested takes the place of the main module, which processes started later would run again.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
