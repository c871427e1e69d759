"""What the engine's commands share: arguments, one clear sentence for an error, exit status, progress.

Status 0 done, 1 findings (warnings under ``--strict``), 2 wrong usage or bad input. With ``--json`` an error of any
kind, of usage too, is one JSON document on standard output.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import click

from yiqi.engine.console.files import read_tables
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.index import IndexScheme, Steps

FINDINGS: Final = 1
USAGE: Final = 2

PLAN_HELP: Final = (
    "plan as JSON, or a plan.json written before. What a plan leaves out is not done; with "
    '{"base": "standard", ...} it is as without --plan.'
)

Command = TypeVar("Command", bound=Callable[..., Any])


class Loaded(NamedTuple):
    """What the files of a command say."""

    scheme: IndexScheme
    data: Dataset


def clear_errors(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn ``EngineError`` into one sentence on standard error (with ``--json`` a document on standard output)."""

    @functools.wraps(command)
    def wrapped(*args: Any, **given: Any) -> None:
        try:
            status = command(*args, **given)
        except EngineError as error:
            click.echo(f"Error: {error.message}", err=True)
            if given.get("as_json"):
                _echo_error(error.code, error.message, error.data)
            status = USAGE
        if status:
            raise click.exceptions.Exit(status)

    return wrapped


def _echo_error(code: str, message: str, data: Mapping[str, Any]) -> None:
    click.echo(json.dumps({"error": code, "message": message, "data": data}, ensure_ascii=False, default=str))


class EngineCommand(click.Command):
    """A command whose errors of usage (unknown options, wrong values, what is left out) are JSON under ``--json``."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments; under ``--json`` what is wrong with them is told as JSON, status 2."""
        asked = "--json" in args
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if not asked:
                raise
            error.show()
            wrong = getattr(error, "param", None)
            name = getattr(error, "option_name", None) or getattr(error, "param_hint", None) or (wrong and wrong.name)
            _echo_error("usage", error.format_message(), {"option": name} if name else {})
            raise click.exceptions.Exit(USAGE) from None


def joined(command: click.Command) -> EngineCommand:
    """The command as one of the engine's: with its own arguments and help, and errors as ``EngineCommand`` tells."""
    taken = ("name", "context_settings", "callback", "params", "help", "epilog", "short_help", "hidden", "deprecated")
    return EngineCommand(**{name: getattr(command, name) for name in taken})


def json_option(command: Command) -> Command:
    """``--json``: one JSON document on standard output, nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="print JSON, errors too")(command)


def input_arguments(command: Command) -> Command:
    """``META [DATA] --plan PLAN.json --out DIR``: what ``load`` and ``folder`` take."""
    paths = click.Path(path_type=Path)
    command = click.option("--out", required=True, type=paths, help="folder for the results")(command)
    command = click.option("--plan", "plan_file", type=paths, help=PLAN_HELP)(command)
    command = click.argument("data", type=paths, required=False)(command)
    return click.argument("meta", type=paths)(command)


def load(meta: Path, data: Path | None, plan_file: Path | None) -> Loaded:
    """Read everything. Without a plan file: the standard pipeline, gaps filled within the first group column."""
    hierarchy, found = read_tables(meta, data)
    group = next(iter(found.groups), None)
    steps = Steps.standard(group) if plan_file is None else read_plan(plan_file, group)
    return Loaded(IndexScheme(hierarchy, steps), found)


def read_plan(path: Path, group: str | None = None) -> Steps:
    """The steps of an index from a JSON file: the plan itself, or a document that holds it as ``plan``.

    ``group``: column of groups for ``"base": "standard"``.
    Errors: ``file_unreadable``, ``duplicate_key``, and those of ``Steps.from_dict``.
    """
    document = read_json(path)
    if isinstance(document, Mapping) and isinstance(document.get("plan"), Mapping):
        document = document["plan"]
    return Steps.from_dict(document, group)


def read_json(path: Path) -> Any:
    """A JSON document; ``file_unreadable`` with the line at fault, ``duplicate_key`` for a name that stands twice."""

    def single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            text = f"{path.name}: {twice!r} stands twice in one object; remove one of them"
            raise EngineError("duplicate_key", text, {"file": path.name, "key": twice})
        return found

    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=single)
    except EngineError:
        raise
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


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """``folder_unwritable`` where a disk is full or closed."""
    try:
        yield
    except OSError as error:
        text = f"cannot write into {out}: {error.strerror or error}"
        raise EngineError("folder_unwritable", text, {"folder": str(out)}) from None


@contextmanager
def pool(workers: int) -> Iterator[Executor | None]:
    """None for one worker; else processes with one thread each, begun afresh so that no lock of this one is copied."""
    if workers == 1:
        yield None
        return
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as made:
        yield made


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
