"""What all commands share: output, exit status, who acts, a database that is ready."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from yiqi.core.enums import Role, UnitKind
from yiqi.core.models import Person, Region, Unit
from yiqi.core.operations import appoint, create_person, create_unit
from yiqi.core.queries import mandate_of
from yiqi.core.rules import Mandate
from yiqi.demo.loading import OPERATOR
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


def ready() -> None:
    """Bring the database up to date: an embedded database makes itself, a server's is migrated by whoever runs it."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


@transaction.atomic
def operator(region: Region, *, today: date) -> Mandate:
    """The person in whose name a command acts: a named account that cannot log in, so that the trail tells it apart."""
    person = Person.objects.filter(username=OPERATOR).first()
    if person is None:
        person = create_person(
            by=None, today=today, username=OPERATOR, name="命令行操作员", password=None, region_code=region.code
        )
    mandate = mandate_of(person, today=today)
    if not mandate.reaches(region.code, Role.OFFICE):
        unit = Unit.objects.filter(region=region, kind=UnitKind.OFFICE).order_by("order", "id").first()
        if unit is None:
            unit = create_unit(
                by=None, today=today, region=region, code="OFFICE", name="考核督查办公室", kind=UnitKind.OFFICE
            )
        appoint(
            by=None, today=today, person=person, role=Role.OFFICE, unit=unit, region=region, starts=date(2000, 1, 1)
        )
        mandate = mandate_of(person, today=today)
    return mandate


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
