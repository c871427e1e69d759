"""An import stands at the head of its file; one inside a function says why beside it.

In ``apps.py`` all wait for the same: the models come after that module.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import yiqi

ROOT = Path(yiqi.__file__).parents[1]
PRODUCT = ROOT / "yiqi"
IMPORTS = (ast.Import, ast.ImportFrom)
MARKS = re.compile(r"(noqa|type: ignore)(: ?[A-Z0-9, ]+|\[[\w-]+\])?")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def deferred(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Runs of imports inside functions: those that stand together share one reason."""
    for function in ast.walk(tree):
        if not isinstance(function, FUNCTIONS):
            continue
        for holder in ast.walk(function):
            for _name, block in ast.iter_fields(holder):
                if not (isinstance(block, list) and block and isinstance(block[0], ast.stmt)):
                    continue
                run: list[ast.stmt] = []
                for statement in [*block, ast.Pass()]:
                    if isinstance(statement, IMPORTS):
                        run.append(statement)
                    elif run:
                        yield run
                        run = []


def without_reason(source: str) -> list[int]:
    """Lines on which a run of deferred imports begins that has no comment above, or on a line of its own."""
    lines = source.splitlines()
    found = set()
    for run in deferred(ast.parse(source)):
        first, last = run[0].lineno, run[-1].end_lineno or run[-1].lineno
        beside = [line.partition("#")[2].strip() for line in lines[max(first - 2, 0) : last]]
        above = lines[first - 2].strip()
        told = [text for text in beside[1:] if MARKS.sub("", text).strip()]
        if not told and not above.startswith("# "):
            found.add(first)
    return sorted(found)


def test_a_deferred_import_says_why() -> None:
    told = {
        str(path.relative_to(ROOT)): lines
        for path in sorted(PRODUCT.rglob("*.py"))
        if path.name != "apps.py" and (lines := without_reason(path.read_text(encoding="utf-8")))
    }
    assert told == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import a\n", []),
        ("def f():\n    import a\n", [2]),
        ("def f():\n    import a  # slow\n", []),
        ("def f():\n    # slow\n    import a\n    import b\n", []),
        ("def f():\n    import a\n    import b  # slow\n", []),
        ("def f():\n    import a  # noqa: F401\n", [2]),
        ("class C:\n    def f(self):\n        if self:\n            from a import b\n", [4]),
    ],
)
def test_what_the_check_sees(source: str, lines: list[int]) -> None:
    assert without_reason(source) == lines
