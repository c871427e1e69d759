"""What the engine's commands share: arguments, one clear sentence for an error, exit status, progress.

Status 0 done, 1 findings (warnings under ``--strict``), 2 wrong usage or bad input.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import click

from yiqi.appraisal.engine.console.files import read_tables
from yiqi.appraisal.engine.console.progress import PATIENCE, progress, stages
from yiqi.appraisal.engine.errors import EngineError
from yiqi.appraisal.engine.index import Dataset, Hierarchy, IndexPlan

__all__ = [
    "FINDINGS",
    "PATIENCE",
    "USAGE",
    "Loaded",
    "clear_errors",
    "folder",
    "input_arguments",
    "json_option",
    "load",
    "progress",
    "read_json",
    "read_plan",
    "show",
    "stages",
    "write_json",
]

FINDINGS: Final = 1
USAGE: Final = 2

Command = TypeVar("Command", bound=Callable[..., Any])


class Loaded(NamedTuple):
    """What the files of a command say."""

    hierarchy: Hierarchy
    data: Dataset
    plan: IndexPlan


def clear_errors(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn ``EngineError`` into one sentence on standard error (with ``--json`` a document on standard output)."""

    @functools.wraps(command)
    def wrapped(*args: Any, **given: Any) -> None:
        try:
            status = command(*args, **given)
        except EngineError as error:
            click.echo(f"Error: {error.message}", err=True)
            if given.get("as_json"):
                told = {"error": error.code, "message": error.message, "data": error.data}
                click.echo(json.dumps(told, ensure_ascii=False, default=str))
            status = USAGE
        if status:
            raise click.exceptions.Exit(status)

    return wrapped


def json_option(command: Command) -> Command:
    """``--json``: one JSON document on standard output, nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="print JSON, errors too")(command)


def input_arguments(command: Command) -> Command:
    """``META [DATA] --plan PLAN.json --out DIR``: what ``load`` and ``folder`` take."""
    paths = click.Path(path_type=Path)
    command = click.option("--out", required=True, type=paths, help="folder for the results")(command)
    command = click.option("--plan", "plan_file", type=paths, help="plan as JSON, or a plan.json written before")(
        command
    )
    command = click.argument("data", type=paths, required=False)(command)
    return click.argument("meta", type=paths)(command)


def load(meta: Path, data: Path | None, plan_file: Path | None) -> Loaded:
    """Read everything. Without a plan file: the standard pipeline, gaps filled within the first group column."""
    hierarchy, found = read_tables(meta, data)
    if plan_file is None:
        return Loaded(hierarchy, found, IndexPlan.standard(next(iter(found.groups), None)))
    return Loaded(hierarchy, found, read_plan(plan_file))


def read_plan(path: Path) -> IndexPlan:
    """A plan from a JSON file: the plan itself, or a document that holds it as ``plan``.

    Errors: ``file_unreadable``, and those of ``IndexPlan.from_dict``.
    """
    document = read_json(path)
    if isinstance(document, Mapping) and isinstance(document.get("plan"), Mapping):
        document = document["plan"]
    return IndexPlan.from_dict(document)


def read_json(path: Path) -> Any:
    """A JSON document; ``file_unreadable`` with the line at fault."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        text = f"cannot read {path.name}: {error.strerror or error}"
        raise EngineError("file_unreadable", text, {"file": path.name}) from None
    except (ValueError, RecursionError) as error:
        raise EngineError("file_unreadable", f"{path.name} is not JSON: {error}", {"file": path.name}) from None


def folder(out: Path) -> Path:
    """The folder for the results, made if need be; ``folder_unwritable`` otherwise."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"cannot make the folder {out}: {error.strerror or error}"
        raise EngineError("folder_unwritable", text, {"folder": str(out)}) from None
    return out


def write_json(path: Path, document: Any) -> None:
    """UTF-8, two spaces, no nan."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def show(document: Any, *, as_json: bool, lines: Callable[[], Iterable[str]]) -> None:
    """Print the JSON document, or the lines for people."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in lines():
        click.echo(line)
