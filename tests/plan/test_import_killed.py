"""A process that dies in the middle of an import leaves nothing partial: real processes, a real SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.kept import copied, tables

ROOT = Path(__file__).parents[2]
SET_UP = """
import django; django.setup()
from tests.plan.conftest import build_plan
from tests.plan.test_imports import GOOD, preview, workbook
from tests.world import build_world
from yiqi.kit.origin import Origin, coming_from
with coming_from(Origin("test")):
    print(preview(build_plan(build_world()), workbook(*GOOD)).pk)
"""
APPLY = """
import os, signal, sys
import django; django.setup()
from tests.world import TODAY
from tests.plan.test_imports import NOW
from yiqi.core.models import Person
from yiqi.core.queries import mandate_of
from yiqi.kit.errors import YiqiError
from yiqi.core.models import Upload
from yiqi.core.operations import uploads
from yiqi.core.operations.uploads import apply_upload
from yiqi.plan.operations import TASK_SHEET
if "kill" in sys.argv:
    uploads.record = lambda **facts: os.kill(os.getpid(), signal.SIGKILL)
by = mandate_of(Person.objects.get(username="office"), today=TODAY)
try:
    print(len(apply_upload(TASK_SHEET, by=by, today=TODAY, now=NOW, upload=Upload.objects.get())))
except YiqiError as error:
    print(error.code)
"""
COUNT = """
import django; django.setup()
from yiqi.core.models import Upload
from yiqi.plan.models import Milestone, Task, TaskStatusChange
counts = [model.objects.count() for model in (Task, Milestone, TaskStatusChange)]
print(*counts, Upload.objects.get().status)
"""


def start(code: str, home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "YIQI_DATABASE_URL"}
    environment |= {
        "YIQI_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "yiqi.config.settings",
        "PYTHONPATH": str(ROOT),
        "YIQI_AS_OF": "2021-09-06",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=120)[0].strip()


def test_a_killed_import_leaves_nothing_and_can_be_done_again(tmp_path: Path) -> None:
    copied(tables(), tmp_path)
    set_up = start(SET_UP, tmp_path)
    assert (said(set_up), set_up.returncode) == ("1", 0)
    killed = start(APPLY, tmp_path, "kill")
    assert (said(killed), killed.returncode) == ("", -signal.SIGKILL)
    assert said(start(COUNT, tmp_path)) == "0 0 0 previewed"
    both = [start(APPLY, tmp_path), start(APPLY, tmp_path)]
    assert sorted(said(process) for process in both) == ["3", "import_settled"]
    assert said(start(COUNT, tmp_path)) == "3 0 3 applied"
