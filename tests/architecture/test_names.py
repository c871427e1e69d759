"""A class has its name for itself: who reads the name alone knows which thing is meant."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import yiqi

PRODUCT = Path(yiqi.__file__).parent
LIBRARY = "the engine is a library of its own and names its things by its own field; nothing reads both"
TWICE = {
    "Cell": LIBRARY,
    "Goal": LIBRARY,
    "Move": LIBRARY,
    "Panel": LIBRARY,
    "Sheet": LIBRARY,
    "Told": LIBRARY,
    "Standing": "the engine computes a standing; the appraisal keeps it as a record under the same word",
}
INSIDE = {"Meta"}  # Django's own word inside of a model or a form


def classes() -> dict[str, list[str]]:
    """Each class of the product by name, with the modules that define one; migrations have names of Django's choice."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(PRODUCT.rglob("*.py")):
        if "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and node.name not in INSIDE:
                    places[node.name].append(str(path.relative_to(PRODUCT)))
    return places


def test_no_class_name_stands_twice() -> None:
    several = {name: files for name, files in classes().items() if len(files) > 1}
    inside = {name for name, files in several.items() if all(file.startswith("engine/") for file in files)}
    assert (set(several) - inside, inside) == (set(TWICE), set())


def test_outside_of_the_engine_no_class_name_stands_twice() -> None:
    ours = {name: [file for file in files if not file.startswith("engine/")] for name, files in classes().items()}
    assert {name: files for name, files in ours.items() if len(files) > 1} == {}


def test_nothing_reads_both_of_two_namesakes() -> None:
    shared = {name for name, reason in TWICE.items() if reason == LIBRARY}
    reading: list[tuple[str, str]] = []
    for path in sorted(PRODUCT.rglob("*.py")):
        sources: defaultdict[str, set[bool]] = defaultdict(set)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    sources[alias.name].add(node.module.startswith("yiqi.engine"))
        reading += [(str(path.relative_to(PRODUCT)), name) for name in shared if len(sources[name]) > 1]
    assert reading == []
