"""The worker's jobs: their rows are made once, a moved function is found again, the sweep takes what nobody names."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from django_q.models import Schedule

from yiqi.core.doors import DailyJob
from yiqi.core.operations import ensure_jobs
from yiqi.core.operations.jobs import sweep
from yiqi.kit import clock
from yiqi.kit.offering import offered

pytestmark = pytest.mark.django_db


def test_the_schedule_is_made_once_and_names_functions_that_are_there() -> None:
    names = [job.name for job in offered(DailyJob)]
    assert sorted(names) == ["config.sweep", "dispatch.open_due_weeks"]
    assert (ensure_jobs(), ensure_jobs()) == (names, [])
    rows = Schedule.objects.values_list("name", "func", "schedule_type")
    assert set(rows) == {(job.name, job.function, Schedule.DAILY) for job in offered(DailyJob)}
    assert all(callable(import_string(job.function)) for job in offered(DailyJob))
    at_six = Schedule.objects.get(name="dispatch.open_due_weeks").next_run
    assert timedelta() < clock.now().replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(days=2) - at_six


def test_a_job_whose_function_has_moved_is_found_again() -> None:
    ensure_jobs()
    Schedule.objects.filter(name="config.sweep").update(func="yiqi.config.jobs.sweep")
    ensure_jobs()
    assert Schedule.objects.get(name="config.sweep").func == "yiqi.core.operations.jobs.sweep"


def test_a_file_left_behind_goes_after_a_day() -> None:
    folder = Path(settings.YIQI_HOME) / "attachments" / "ab"
    folder.mkdir(parents=True)
    for name, age in (("old", timedelta(days=2)), ("new", timedelta(hours=2))):
        (folder / name).write_bytes(b"x")
        moment = (clock.wall() - age).timestamp()
        os.utime(folder / name, (moment, moment))
    assert sweep() == ["ab/old"]
    assert [path.name for path in folder.iterdir()] == ["new"]
