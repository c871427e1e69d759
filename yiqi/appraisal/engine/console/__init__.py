"""Commands of the engine for people without the web. Each one joins ``engine_commands`` by one line."""

from __future__ import annotations

import click

engine_commands: list[click.Command] = []

__all__ = ["engine_commands"]
