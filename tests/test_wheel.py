"""Installed from a built wheel, away from the checkout, it works the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of an environment that holds the wheel; its requirements are borrowed from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    binaries = folder / "env" / "bin"
    own = Path(_answer(binaries / "python", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    # A .pth file inside a borrowed folder is not followed, so that the checkout itself cannot be found through it.
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ["-m", "pip", "--python", str(binaries / "python"), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    return binaries


def _answer(program: Path, *arguments: str, **settings: str) -> str:
    """What a program of the environment prints, run in a folder of its own without this checkout in sight."""
    command = [str(program), *(["-c"] if program.name == "python" else []), *arguments]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | settings
    done = subprocess.run(command, capture_output=True, text=True, cwd=program.parent, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_commands_are_installed(installed: Path) -> None:
    assert Path(_answer(installed / "python", "import tracker; print(tracker.__file__)")).is_relative_to(
        installed.parent
    )
    assert _answer(installed / "tracker", "--version").startswith("tracker ")


def test_it_reads_as_the_checkout_does(installed: Path, tmp_path: Path) -> None:
    report = tmp_path / "a.txt"
    report.write_text("A Russian drone killed at least two people in Odesa on Friday.")
    arguments = ["extract", str(report), "--published", "2025-05-03"]
    printed = _answer(installed / "tracker", *arguments)
    (claim,) = json.loads(printed)["claims"]
    assert (claim["measure"], claim["low"], claim["place"], claim["date"]) == ("killed", 2, "Odesa", "2025-05-02")
    here = [sys.executable, "-c", "from tracker.cli import main; main()", *arguments]
    assert printed == subprocess.run(here, capture_output=True, text=True, check=True).stdout.strip()


def test_data_sample_and_dashboard_are_inside(installed: Path) -> None:
    for name in ("data", "seeds"):
        code = f"from tracker.lexicon import bundled; print(bundled({name!r}))"
        folder = Path(_answer(installed / "python", code))
        assert folder.is_relative_to(installed.parent)
        here = {path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*") if path.is_file()}
        assert {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} == here
        assert len(here) > 3
    inside = Path(_answer(installed / "python", "import tracker; print(tracker.__path__[0])"))
    for name in ("_bundled/dashboard.py", "_bundled/.streamlit/config.toml", "pages/overview.py", "py.typed"):
        assert (inside / name).is_file(), name


def test_the_page_of_the_installed_dashboard_shows_the_sample(installed: Path) -> None:
    code = """
import json
from pathlib import Path
import tracker
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(str(Path(tracker.__file__).parent / "_bundled" / "dashboard.py"), default_timeout=60)
app.query_params["view"] = "Table"
app.run()
assert not app.exception, app.exception
said = [element.value for kind in ("warning", "caption", "markdown") for element in app.get(kind)]
cells = [str(cell) for frame in app.dataframe for cell in frame.value.to_numpy().flat]
print(json.dumps({"said": said, "cells": cells}))
"""
    shown = json.loads(_answer(installed / "python", code, TRACKER_SAMPLE="1").splitlines()[-1])
    assert any("sample data" in text.lower() for text in shown["said"])
    assert any("Kharkiv" in cell for cell in shown["cells"])
    assert any("Kyiv" in cell for cell in shown["cells"])
