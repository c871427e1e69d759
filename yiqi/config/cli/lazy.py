"""A group of commands that imports a command's module when that command is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
import django
from django.apps import apps


def set_up() -> None:
    """Have Django load its apps, unless it has."""
    if not apps.ready:
        django.setup()


class LazyGroup(click.Group):
    """``offers``: name of a command → ``module:attribute``. ``lines``: what the help says of it without an import."""

    def __init__(
        self, *arguments: Any, offers: Mapping[str, str], lines: Mapping[str, str] | None = None, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.offers = offers
        self.lines = lines or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted({*super().list_commands(ctx), *self.offers})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; commands import models, so Django comes first."""
        if cmd_name not in self.offers:
            return super().get_command(ctx, cmd_name)
        set_up()
        module, _, attribute = self.offers[cmd_name].partition(":")
        found: click.Command | list[click.Command] = getattr(import_module(module), attribute)
        return found if isinstance(found, click.Command) else next(one for one in found if one.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The section of the help that lists the commands; those with a line of their own are not imported."""
        rows = []
        for name in self.list_commands(ctx):
            command = None if name in self.lines else self.get_command(ctx, name)
            rows.append((name, command.get_short_help_str() if command else self.lines[name]))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
