"""Tables of moves are whole, and nothing goes on beside them."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from tests.architecture.layers import PACKAGE, ROOT, apps
from yiqi.kit.facts import FactKind
from yiqi.kit.moves import LIVES, Move
from yiqi.kit.web.deeds import move_form

for app in apps():
    if (PACKAGE / app / "operations").is_dir() or (PACKAGE / app / "operations.py").is_file():
        importlib.import_module(f"yiqi.{app}.operations")
MOVES = [move for _noun, life in sorted(LIVES.items()) for move in life.moves.values()]
VIEWS = [path for path in sorted(PACKAGE.rglob("*.py")) if "views" in path.parts or path.name == "views.py"]
# uploads are asked for their own form
RUNNERS = {"yiqi/appraisal/views/leagues.py", "yiqi/kit/web/deeds.py"}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.verb)
def test_a_move_is_said_whole(move: Move[object, object]) -> None:
    states = set(move.life.states.values)
    assert {*move.ways, *move.targets, *move.offered, *move.life.begins} <= states
    assert len(move.targets) == 1 or move.leads is not None
    assert bool(move.within) != bool(move.who and move.said)
    wordless = [item.name for item in move.fields if item.required and item.when is not None and not item.needed]
    assert wordless == []
    choices = {FactKind.CHOICE, FactKind.YES_NO}
    assert [item.name for item in move.fields if (item.kind in choices) != bool(item.choices)] == []


@pytest.mark.parametrize("move", [move for move in MOVES if not move.within], ids=lambda move: move.verb)
def test_its_form_asks_for_its_fields_and_belongs_to_its_app(move: Move[object, object]) -> None:
    form = move_form(move)
    assert list(form.base_fields) == ["version", *(item.name for item in move.fields)]
    assert form.__module__.rpartition(".")[0] == move.life.states.__module__.rpartition(".")[0]


def test_no_state_is_out_of_reach() -> None:
    lost = []
    for life in LIVES.values():
        reached = {*life.begins, *(after for move in life.moves.values() for after in move.targets)}
        lost += [f"{life.noun}.{state}" for state in life.states.values if state not in reached]
    assert lost == UNREACHED


UNREACHED = ["framework.closed"]  # a year's framework is closed with its year; that verb comes with the next one


def test_one_runner_lays_refusals_on_forms() -> None:
    """Views do not catch what an operation refuses: kit.web.deeds does."""
    catching = {
        str(path.relative_to(ROOT))
        for path in VIEWS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and node.type is not None and "YiqiError" in ast.unparse(node.type)
    }
    assert catching - RUNNERS == set()


def test_no_second_table_of_moves() -> None:
    tables = [
        str(path.relative_to(ROOT)) for path in PACKAGE.rglob("enums.py") if re.search(r"_MOVES\b", path.read_text())
    ]
    assert tables == []
