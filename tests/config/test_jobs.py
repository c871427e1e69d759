"""The worker's own jobs: their rows are made once, and the sweep takes only what nobody names."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django_q.models import Schedule

from yiqi.config.jobs import SWEEP, ensure_sweep, sweep
from yiqi.kit import clock

pytestmark = pytest.mark.django_db


def test_the_schedule_is_made_once() -> None:
    ensure_sweep()
    ensure_sweep()
    assert list(Schedule.objects.values_list("name", "func")) == [("config.sweep", SWEEP)]


def test_a_file_left_behind_goes_after_a_day() -> None:
    folder = Path(settings.YIQI_HOME) / "attachments" / "ab"
    folder.mkdir(parents=True)
    for name, age in (("old", timedelta(days=2)), ("new", timedelta(hours=2))):
        (folder / name).write_bytes(b"x")
        moment = (clock.wall() - age).timestamp()
        os.utime(folder / name, (moment, moment))
    assert sweep() == ["ab/old"]
    assert [path.name for path in folder.iterdir()] == ["new"]
