"""A module imports only from the layers above its own, so that data flows one way (README, the map of modules)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "tracker"

#: From the top: each layer may import from those before it and, without a circle, from itself.
#: A module that no other layer names is a reader, which is the strictest thing to be.
READERS = "readers"
LAYERS: dict[str, set[str]] = {
    "models": {"models"},
    "lexicon": {"lexicon"},
    READERS: {"segment", "numbers", "reading", "dates", "when", "places", "where", "weapons", "sources"},
    "extract": {"extract"},
    "reconcile": {
        *("copies", "credit", "disjoint", "statement", "enumerated", "statements", "incidents", "tolls", "grades"),
        *("history", "links", "corrections", "doubts", "reconcile"),
    },
    "table": {"columns", "table"},
    "edge": {
        *(
            "serialise",
            "records",
            "file_kinds",
            "page_metadata",
            "webpages",
            "sheets",
            "ingest",
            "batch",
            "database",
            "rows",
            "frames",
            "intake",
            "store",
            "export",
            "evaluate",
            "cluster",
        ),
        *("online", "ledger", "carriers", "region", "derive", "upgrades", "amend", "review", "audit"),
        *("adding", "placing"),
        *("sampling", "marksheet", "blind"),
        *("charts", "charts_data", "charts_map", "charts_plot", "charts_style"),
    },
    "front": {"cli", "console", "desk", "check", "pages", "__main__"},
}
ORDER = list(LAYERS)
#: What the core may not touch: it is pure, and free of the libraries of the edge.
CORE = ORDER[: ORDER.index("reconcile") + 1]
EDGE_LIBRARIES = {"pandas", "numpy", "plotly", "streamlit", "sqlalchemy", "typer", "rich", "requests", "socket", "time"}

CLOCK = {"now", "utcnow", "today", "fromtimestamp", "localtime"}


def modules() -> dict[str, Path]:
    """Dotted name below ``tracker`` → file, the package's own front left out."""
    files = (path for path in PACKAGE.rglob("*.py") if "_bundled" not in path.parts)
    named = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in files}
    named.pop("__init__")
    return {name.removesuffix(".__init__"): path for name, path in sorted(named.items())}


def layer_of(name: str) -> str:
    """The layer of a module; what stands in a folder belongs where the folder does."""
    top = name.split(".")[0]
    return next((layer for layer, members in LAYERS.items() if top in members), READERS)


def rank(name: str) -> int:
    return ORDER.index(layer_of(name))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every absolute module name that a file imports, wherever in the file, and the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write the full name of what is imported"
            assert node.module is not None
            if node.module in ("tracker", "tracker.pages"):
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def own_imports(name: str) -> set[tuple[str, int]]:
    """Modules of the package that a module imports; names taken from the package's front are not modules."""
    known = modules()
    found = set()
    for target, line in imported(known[name]):
        inner = target.removeprefix("tracker.")
        if target.startswith("tracker.") and inner in known:
            found.add((inner, line))
        elif target.split(".")[0] == "tracker":
            found.add(("", line))
    return found


@pytest.mark.parametrize("name", modules())
def test_imports_point_upwards(name: str) -> None:
    for target, line in own_imports(name):
        place = f"{name}:{line}"
        assert target, f"{place} imports the package's front; import the module that holds the name"
        assert rank(target) <= rank(name), f"{place} imports {target}, which stands below it (see LAYERS)"


@pytest.mark.parametrize("name", [name for name in modules() if layer_of(name) in CORE])
def test_the_core_is_pure(name: str) -> None:
    path = modules()[name]
    for target, line in imported(path):
        assert target.split(".")[0] not in EDGE_LIBRARIES, f"{name}:{line} imports {target}"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        clock = isinstance(node, ast.Attribute) and node.attr in CLOCK
        assert not clock, f"{name}:{getattr(node, 'lineno', 0)} reads the clock; take the time as an argument"


def test_nothing_imports_in_a_circle() -> None:
    graph = {name: {target for target, _ in own_imports(name) if target} for name in modules()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path[path.index(name) :], name))
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_the_map_names_only_what_exists() -> None:
    present = {name.split(".")[0] for name in modules()}
    for layer, members in LAYERS.items():
        assert members & present, f"nothing of the layer '{layer}' is left; mend LAYERS"


def test_a_wrong_import_would_be_seen(tmp_path: Path) -> None:
    assert rank("tolls") < rank("table") < rank("pages.words")
    assert rank("a_new_reader") == rank("segment") < rank("extract")
    late = tmp_path / "late.py"
    late.write_text("def f():\n    from tracker.store import Store\n    from tracker import table as t, cli\n")
    assert list(imported(late)) == [("tracker.store", 2), ("tracker.table", 3), ("tracker.cli", 3)]
