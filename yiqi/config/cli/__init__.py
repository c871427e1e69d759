"""The command line: ``yiqi COMMAND``; exit status 0, 1 for findings, 2 for wrong usage."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry of the ``yiqi`` script. The engine's commands need neither settings nor a database, and start without."""
    from yiqi.engine.console import engine_commands

    if any(sys.argv[1:2] == [command.name] for command in engine_commands):
        import click

        click.Group("yiqi", {command.name or "": command for command in engine_commands})()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiqi.config.settings")
    import django

    django.setup()
    from yiqi.config.cli.commands import root
    from yiqi.config.cli.frame import run

    for command in engine_commands:
        root.add_command(command)
    sys.exit(run(root))
