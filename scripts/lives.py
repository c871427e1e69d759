"""Write docs/lives.md from the tables of moves, so that it cannot fall behind them; ``--check`` only compares."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "lives.md"
HEAD = """# Lives

What can be done with a thing in which state, by whom and with what. Written from the tables of moves by
`python scripts/lives.py`; a test compares. A field in brackets may be left out.
"""


def cell(text: object) -> str:
    """A text inside a table."""
    return str(text).replace("|", "/").replace("\n", " ")


def diagram(life: Any) -> list[str]:
    """The states and the moves between them."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{label}" as {state}' for state, label in life.states.choices]
    lines += [f"    [*] --> {state}" for state in life.begins]
    for move in life.moves.values():
        lines += [f"    {before} --> {after}: {move.name}" for before, states in move.ways.items() for after in states]
    return [*lines, "```"]


def table(life: Any) -> list[str]:
    """One row a move: what it is called, who may, what is given."""
    rows = ["| move | label | who else is told | given |", "|---|---|---|---|"]
    for move in life.moves.values():
        who = "；".join(f"{cell(guard.words)}（{guard.code}）" for guard in move.who)
        given = "、".join(
            str(item.label) if item.required and item.when is None else f"[{item.label}]" for item in move.fields
        )
        by = f"with {move.within}" if move.within else cell(move.label)
        rows.append(f"| {move.verb} | {by} | {who} | {cell(given)} |")
    return rows


def page() -> str:
    """The whole page, in the source language of the interface."""
    from django.apps import apps
    from django.utils import translation
    from django.utils.module_loading import module_has_submodule

    from yiqi.kit.moves import LIVES

    for app in apps.get_app_configs():
        if app.name.startswith("yiqi.") and module_has_submodule(app.module, "operations"):
            importlib.import_module(f"{app.name}.operations")
    with translation.override("zh-hans"):
        parts = [HEAD]
        for noun in sorted(LIVES):
            parts += [f"## {noun}", "", *diagram(LIVES[noun]), "", *table(LIVES[noun]), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    from written import main  # beside this script

    sys.exit(main(TARGET, page))
