"""What a start of the command line takes: work is counted, not timed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoAssertNumQueries

from tests.kept import copied, tables
from yiqi.config.cli import ENGINE_COMMANDS, frame
from yiqi.config.cli.commands import root
from yiqi.config.cli.lazy import LazyGroup
from yiqi.engine.console import engine_commands

# what only some commands need; each costs a tenth of a second and more
HEAVY = {
    *("numpy", "scipy", "statsmodels", "matplotlib", "pydantic", "docx", "xlsxwriter", "python_calamine", "weasyprint"),
    *("django.contrib.admin", "django.db.migrations.executor", "django.test", "yiqi.demo.story", "yiqi.engine"),
}


def loaded_by(home: Path, *words: str) -> set[str]:
    """The modules that a process has after a command."""
    ask = (
        "import json, sys\n"
        f"sys.argv = {['yiqi', *words]!r}\n"
        "from yiqi.config.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    environment = {**os.environ, "YIQI_HOME": str(home)}
    environment.pop("YIQI_DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stderr.splitlines()[-1])
    return set(found)


@pytest.fixture(scope="module")
def ready_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose database has all its tables."""
    return copied(tables(), tmp_path_factory.mktemp("start"))


@pytest.mark.parametrize("name", ["campaign", "framework"])
def test_a_reading_command_imports_what_it_needs_and_no_more(ready_home: Path, name: str) -> None:
    loaded = loaded_by(ready_home, name, "list", "--json")
    assert loaded & HEAVY == set()
    assert len(loaded) < 800


def test_the_help_needs_no_settings(tmp_path: Path) -> None:
    loaded = loaded_by(tmp_path, "--help")
    assert loaded & {*HEAVY, "yiqi.config.settings", "yiqi.core.models"} == set()
    assert list(tmp_path.iterdir()) == []


def test_the_engines_commands_are_known_by_name() -> None:
    assert sorted(ENGINE_COMMANDS) == sorted(command.name or "" for command in engine_commands)


def _paths(group: click.Group) -> list[str]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        found += [f"{name} {rest}" for rest in _paths(command)] if isinstance(command, click.Group) else [name]
    return found


def test_every_command_that_is_offered_is_there() -> None:
    assert _paths(root) == [
        *("audit verify", "backtest", "campaign list", "catchup", "demo load", "demo reset", "framework activate"),
        *("framework list", "framework load", "import observations", "import tasks", "init", "report export"),
        *("round run", "score", "sensitivity", "up", "week close", "week open"),
    ]


def test_a_line_of_the_help_is_of_a_command_that_is_there() -> None:
    assert isinstance(root, LazyGroup)
    assert set(root.lines) == set(root.offers)


@pytest.mark.django_db
def test_a_ready_database_is_asked_once(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.core.management.call_command", lambda *_words, **_options: pytest.fail("migrated"))
    with django_assert_num_queries(1):
        frame.ready()


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_options: asked.append(name))
    MigrationRecorder(connection).record_unapplied("plan", "0001_initial")
    frame.ready()
    assert asked == ["migrate"]


@pytest.mark.django_db
def test_the_shipped_migrations_are_those_that_django_finds() -> None:
    assert frame.shipped_migrations() == set(MigrationLoader(None).disk_migrations)
    assert frame.applied_migrations() == set(MigrationRecorder(connection).applied_migrations())
