"""Running the engine's commands in this process."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import click
from click.testing import CliRunner

from yiqi.engine.console import engine_commands

ROOT = click.Group("yiqi", commands={str(command.name): command for command in engine_commands})


class Ran(NamedTuple):
    """Exit status, standard output, standard error."""

    status: int
    out: str
    err: str


def run(*arguments: object) -> Ran:
    """Run a command; an error that is no clean exit is raised here."""
    result = CliRunner().invoke(ROOT, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, rows
