"""Loading the demonstration, all of it or nothing, and beginning it anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils.translation import gettext as _

from yiqi.core.models import Person
from yiqi.demo import OPERATOR
from yiqi.demo.story import tell
from yiqi.kit import clock
from yiqi.kit.errors import ConflictError
from yiqi.plan.models import Campaign


def is_loaded() -> bool:
    """Whether the demonstration's campaign is there."""
    return Campaign.objects.filter(demo=True).exists()


def load(seed: int, step: Callable[[str], None]) -> bool:
    """Load the story in one transaction; False, and nothing done, where it is loaded already.

    ConflictError where a county's own campaign is there: invented figures never go beside real ones.
    """
    if is_loaded():
        return False
    if Campaign.objects.exists() or Person.objects.filter(demo=False).exists():
        raise ConflictError(_("这里已有本县自己的数据，不能再装入演示数据。请换一个 YIQI_HOME。"), code="own_data")
    with transaction.atomic():
        tell(seed, step)
    _pin()
    return True


def _pin() -> None:
    """Leave the story's day in the home, so that every later command and start reads the same calendar."""
    day = clock.pinned()
    if day is not None:
        settings.AS_OF_FILE.write_text(day.isoformat(), encoding="ascii")


def clear() -> None:
    """Delete the demonstration's database and files; ConflictError where anything is the county's own."""
    people = Person.objects.filter(demo=False).exclude(username=OPERATOR)
    if Campaign.objects.filter(demo=False).exists() or people.exists():
        raise ConflictError(_("这里有本县自己的数据，演示重置不会删除它。请换一个 YIQI_HOME。"), code="own_data")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    else:
        connections.close_all()
        database = Path(str(settings.DATABASES["default"]["NAME"]))
        for path in (database, database.with_name(database.name + "-wal"), database.with_name(database.name + "-shm")):
            path.unlink(missing_ok=True)
    settings.AS_OF_FILE.unlink(missing_ok=True)
    for name in ("attachments", "documents"):
        shutil.rmtree(settings.YIQI_HOME / name, ignore_errors=True)
    call_command("migrate", interactive=False, verbosity=0)
