"""What no product code calls goes: a public function or class of the product is used by the product.

An import, a re-export and a test are no use; a name that a module reads, one taken from an imported module, and a
dotted name (``yiqi.app.module.name``) are. What Django or another library finds by itself stands below with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import yiqi

PRODUCT = Path(yiqi.__file__).parent
ENGINE = "yiqi.engine"  # a library: its public functions are its product
REASONS = {
    "yiqi.config.cli.main": "the entry of the script, named in pyproject.toml",
    "yiqi.core.metrics.metric": "the reading side of a door; the merits of units read it",
    "yiqi.appraisal.operations.frameworks.add_block": "drafts are edited in pages that come next",
    "yiqi.appraisal.operations.frameworks.add_indicator": "the same",
}

Place = tuple[str, str]  # module, name


def modules() -> dict[str, ast.Module]:
    """Every module of the product but migrations, by dotted name."""
    found = {}
    for path in sorted(PRODUCT.rglob("*.py")):
        parts = path.relative_to(PRODUCT.parent).with_suffix("").parts
        if "migrations" not in parts:
            dotted = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[dotted] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def defined(tree: ast.Module) -> Iterator[str]:
    """Public functions and classes of a module; a function that a call of a decorator registers is found there."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            marks = " ".join(ast.dump(mark) for mark in node.decorator_list)
            if "register" not in marks and "command" not in marks:
                yield node.name


def bound(tree: ast.Module) -> dict[str, Place]:
    """What each imported name stands for."""
    found: dict[str, Place] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.asname: (alias.name, "") for alias in node.names if alias.asname}
    return found


def read(module: str, tree: ast.Module) -> Iterator[Place]:
    """Places that a module reads."""
    names = bound(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield names.get(node.id, (module, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield (".".join(part for part in names[node.value.id] if part), node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("yiqi."):
            where, _, name = node.value.replace(":", ".").rpartition(".")
            yield (where, name)


def unused(trees: dict[str, ast.Module]) -> set[str]:
    """Public names outside the engine that no module reads, re-exports followed to where they are defined."""
    origin = {module: bound(tree) for module, tree in trees.items()}
    used: set[Place] = set()
    for module, tree in trees.items():
        for place in read(module, tree):
            where, name = place
            while (where, name) not in used:
                used.add((where, name))
                where, name = origin.get(where, {}).get(name, (where, name))
    return {
        f"{module}.{name}"
        for module, tree in trees.items()
        for name in defined(tree)
        if (module, name) not in used and not module.startswith(ENGINE) and not module.endswith(".apps")
    }


def test_the_product_calls_what_it_defines() -> None:
    assert unused(modules()) == set(REASONS)


@pytest.mark.parametrize(
    ("other", "left"),
    [
        ("", {"yiqi.a.f"}),
        ("from yiqi.a import f\n", {"yiqi.a.f"}),
        ("from yiqi.a import f\nf()\n", set()),
        ("from yiqi.b import f\nf()\n", set()),
        ("from yiqi import a\na.f()\n", set()),
        ("X = 'yiqi.a.f'\n", set()),
        ("X = 'yiqi.a:f'\n", set()),
        ("def f(): ...\nf()\n", {"yiqi.a.f"}),
    ],
)
def test_what_counts_as_a_use(other: str, left: set[str]) -> None:
    sources = {"yiqi.a": "def f(): ...\n", "yiqi.b": "from yiqi.a import f\n__all__ = ['f']\n", "yiqi.c": other}
    assert unused({name: ast.parse(source) for name, source in sources.items()}) == left
