"""No test asserts a time: a slower machine is no fault. Tests count work, benchmarks measure time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, TypeGuard

import pytest

from tests.architecture.layers import ROOT

CLOCKS = {
    "clock_gettime",
    "getrusage",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "process_time_ns",
    "thread_time",
    "thread_time_ns",
    "timeit",
}
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def names_of(node: ast.AST) -> set[str]:
    """Every name and attribute inside."""
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)} | {
        item.attr for item in ast.walk(node) if isinstance(item, ast.Attribute)
    }


def grows_a_list(node: ast.AST) -> TypeGuard[Any]:
    """Whether this is ``names.append(…)`` or the like."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"append", "add", "extend"}
    )


def told_by_clocks(function: ast.AST) -> set[str]:
    """The names of a function that hold what a clock said, also at second hand and in lists."""
    told = set(CLOCKS)
    while True:
        before = len(told)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if names_of(node.value) & told:
                    told |= {name for target in targets for name in names_of(target)}
            elif grows_a_list(node) and names_of(node) & told:
                told |= names_of(node.func.value)
        if len(told) == before:
            return told


def asserted_times(source: str) -> Iterator[int]:
    """Lines of the assertions in which something that a clock told is compared."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            told = told_by_clocks(function)
            yield from (
                node.lineno
                for node in ast.walk(function)
                if isinstance(node, ast.Assert) and names_of(node.test) & told
            )


def test_no_test_asserts_a_time() -> None:
    found = [f"{path.relative_to(ROOT)}:{line}" for path in TESTS for line in asserted_times(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    "body",
    [
        "assert time.process_time() < 1",
        "start = perf_counter()\n    spent = perf_counter() - start\n    assert spent < 1",
        "spent = []\n    spent.append(time.monotonic() - start)\n    assert min(spent) <= 1.0",
        "if (spent := time.thread_time()):\n        assert spent",
    ],
)
def test_the_check_finds_a_time(body: str) -> None:
    assert list(asserted_times(f"def test():\n    {body}\n")) != []


def test_a_deadline_is_no_assertion() -> None:
    """Waiting for another process with a limit is not a statement about speed."""
    waiting = "until = time.monotonic() + 5\n    while time.monotonic() < until:\n        pass\n    assert done()"
    assert list(asserted_times(f"def test():\n    {waiting}\n")) == []
