"""What holds many values is made with their names: nobody counts places in a call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.layers import PACKAGE, ROOT

MOST = 4
TABLES = {  # rows of a table that is written once in a file, one under the other, in the order of its heading
    "Column": 5,  # of a list: key, heading, format, width, places
    "Entry": 5,  # of the rail
    "SettingRule": 5,  # of the settings
}
ENGINE = PACKAGE / "engine"  # a library of its own: a carrier is made where the step that fills it ends
FILES = [
    path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts and ENGINE not in path.parents
]


def defined(trees: list[ast.Module]) -> set[str]:
    """Names of all classes of these modules."""
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def crowded(tree: ast.Module, ours: set[str]) -> Iterator[tuple[int, str]]:
    """Line and class of each call of one of our classes with more values than are told apart by their places."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in ours and len(node.args) > TABLES.get(name, MOST):
                yield node.lineno, name


def test_more_than_four_values_have_their_names() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in FILES]
    ours = defined(trees)
    assert set(TABLES) <= ours
    found = {str(path.relative_to(ROOT)): [*crowded(tree, ours)] for path, tree in zip(FILES, trees, strict=True)}
    assert {path: calls for path, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("A(1, 2, 3, 4)", []),
        ("A(1, 2, 3, 4, 5)", [(1, "A")]),
        ("m.A(1, 2, 3, 4, 5)", [(1, "A")]),
        ("A(1, 2, 3, 4, e=5)", []),
        ("B(1, 2, 3, 4, 5)", []),
        ("Entry(1, 2, 3, 4, 5)", []),
        ("Entry(1, 2, 3, 4, 5, 6)", [(1, "Entry")]),
    ],
)
def test_what_counts_as_crowded(call: str, found: list[tuple[int, str]]) -> None:
    assert [*crowded(ast.parse(call), {"A", "Entry"})] == found
