"""The command line: ``yiqi COMMAND``; exit status 0, 1 for findings, 2 for wrong usage."""

from __future__ import annotations

import os
import sys

ENGINE_COMMANDS = {  # the engine's commands with their lines of the help, held by a test; known without its import
    "backtest": "Backtest forecasts on a monthly panel.",
    "catchup": "Say what would gain places for one region.",
    "score": "Build an index from two tables or one workbook.",
    "sensitivity": "Draw methods, weights or values at random and see what ranks do.",
}


def main() -> None:
    """Entry of the ``yiqi`` script. The engine's commands need neither settings nor a database, and start without."""
    if sys.argv[1:2] and sys.argv[1] in ENGINE_COMMANDS:
        import click  # each of the two ways imports its own half alone

        from yiqi.engine.console import engine_commands  # NumPy, which most commands do without

        click.Group("yiqi", {command.name or "": command for command in engine_commands})()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiqi.config.settings")
    from yiqi.config.cli.commands import root  # Django, which the engine's commands do without
    from yiqi.config.cli.frame import run

    sys.exit(run(root))
