"""The README's Python runs and prints what it says."""

from __future__ import annotations

import datetime as dt
import doctest
import re
from pathlib import Path

from tracker.doubts import Doubt, doubts
from tracker.extract import extract
from tracker.models import Field, Report
from tracker.reconcile import reconcile

README = Path(__file__).parent.parent / "README.md"


def test_the_python_of_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    found = doctest.DocTestParser().get_doctest(text, {}, "README.md", str(README), 0)
    assert len(found.examples) >= 5
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(found)
    assert results.failed == 0


def test_the_module_map_names_every_module() -> None:
    text = README.read_text(encoding="utf-8")
    package = README.parent / "tracker"
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    modules |= {f"{path.name}/" for path in package.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    named = set(
        text.replace("`charts*`", " ".join(f"`{name}`" for name in modules if name.startswith("charts"))).split("`")
    )
    assert modules - named == set()


def test_the_tour_shows_what_its_report_gives() -> None:
    text = README.read_text(encoding="utf-8")
    quoted = "\n".join(line[2:] for line in text.splitlines() if line.startswith(">") and not line.startswith(">>>"))
    title, *paragraphs = quoted.split("\n\n")
    report = Report("tour", "\n\n".join(paragraphs), title.strip("*"), published=dt.date(2025, 4, 24))
    claims = extract(report)
    assert [(claim.text, claim.place) for claim in claims if claim.field is Field.TEXT] == [
        ("at least nine", "Poltava"),
        ("dozens", "Poltava"),
        ("six", "Poltava"),
        ("three", "Poltava"),
        ("two", "Poltava"),
        ("a driver", "Myrhorod"),
    ]
    (doubt,) = (flag for strike in reconcile(claims) for flag in doubts(strike, claims))
    assert (doubt.doubt, doubt.names) == (Doubt.VAGUE, ("dozens",))


def test_every_picture_is_there() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert len(shown) >= 5
    assert [name for name in shown if not (README.parent / name).is_file()] == []
