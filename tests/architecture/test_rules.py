"""``rules`` holds predicates: each public function says yes or no, or makes one that does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.layers import PACKAGE, ROOT

RULES = sorted(path for path in PACKAGE.glob("*/rules*") if path.name != "__pycache__")
ANSWERS = {"bool", "Callable[[Mandate], bool]"}
ASKED = {"yiqi/core/rules.py": ["Post", "Mandate"]}  # what every predicate is asked about


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.name)
def test_rules_are_one_file_of_predicates(path: Path) -> None:
    assert path.suffix == ".py"
    name, body = str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8")).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    answers = {node.name: ast.unparse(node.returns) if node.returns else "" for node in functions}
    assert functions
    assert {function: answer for function, answer in answers.items() if answer not in ANSWERS} == {}
    assert [node.name for node in body if isinstance(node, ast.ClassDef)] == ASKED.get(name, [])
