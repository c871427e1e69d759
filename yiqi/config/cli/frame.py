"""What all commands share: output, exit status, a database that is ready."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection

from yiqi.config.cli.lazy import set_up
from yiqi.kit import clock
from yiqi.kit.errors import NotFoundError, YiqiError
from yiqi.kit.origin import Origin, coming_from

FINDINGS = 1
USAGE = 2
INTERRUPTED = 130

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """``--json``: one JSON document on standard output, nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="print JSON")(command)


def show(value: Any, *, as_json: bool, lines: Callable[[], list[str]]) -> None:
    """Print the JSON document, or the lines for people."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in lines():
        click.echo(line)


def say(text: str) -> None:
    """A word for the person at the terminal: on standard error, so that JSON stays clean."""
    click.echo(text, err=True)


def host_user() -> str:
    """Who started the command, as the machine knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def shipped_migrations() -> set[tuple[str, str]]:
    """App and name of every migration that lies beside the models: by its file, since importing all is slow."""
    folders = [(app.label, Path(app.path) / "migrations") for app in apps.get_app_configs()]
    return {(label, file.stem) for label, folder in folders for file in folder.glob("[!_]*.py")}


def applied_migrations() -> set[tuple[str, str]]:
    """App and name of every migration that the database has had; empty where it is new."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return set(cursor.fetchall())
    except DatabaseError:
        return set()


def ready() -> None:
    """Bring the database up to date: an embedded database makes itself, a server's is migrated by whoever runs it."""
    set_up()
    if not shipped_migrations() <= applied_migrations():
        from django.core.management import call_command  # slow, and needed once in a release

        call_command("migrate", interactive=False, verbosity=0)


def run(root: click.Group) -> int:
    """Run the command line; every expected error becomes one clear sentence and an exit status."""
    with coming_from(Origin("cli", host_user())):
        try:
            status = root.main(standalone_mode=False)
        except click.exceptions.Abort:
            say("已中止。")
            return INTERRUPTED
        except click.ClickException as error:
            error.show()
            if "--json" in sys.argv:
                click.echo(json.dumps({"error": "usage", "message": error.format_message()}, ensure_ascii=False))
            return error.exit_code
        except YiqiError as error:
            say(str(error))
            if "--json" in sys.argv:
                click.echo(json.dumps({"error": error.code, "message": str(error)}, ensure_ascii=False))
            return USAGE if isinstance(error, NotFoundError) or error.code == "period" else FINDINGS
        except (ImproperlyConfigured, OperationalError, OSError) as error:
            say(f"无法继续：{error}")
            return USAGE
    sys.stdout.flush()
    return status if isinstance(status, int) else 0


def business_day() -> date:
    """Today, or the pinned day."""
    return clock.today()
