"""The README's Python runs and prints what it says."""

from __future__ import annotations

import doctest
from pathlib import Path

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
