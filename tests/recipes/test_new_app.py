"""The recipe "a new app" of CONTRIBUTING.md, cooked: one layer, one line of the settings, and everything finds it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.layers import ROOT

RECIPE = Path(__file__).parent / "new_app"
LEFT_OUT = shutil.ignore_patterns("vendor", "__pycache__", "*.pyc", "parity", "browser")


def entered(file: Path, before: str, line: str) -> None:
    """Put a line in front of another."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, f"{line}\n{before}"), encoding="utf-8")


def set_up(home: Path) -> None:
    """A copy of the project with the app in its place, entered by hand in two places only."""
    for name in ("yiqi", "tests", "scripts"):
        shutil.copytree(ROOT / name, home / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, home / name)
    shutil.copytree(RECIPE / "notes", home / "yiqi" / "notes")
    (home / "tests/notes").mkdir()
    (home / "tests/notes/__init__.py").touch()
    shutil.copy(RECIPE / "matrix.py", home / "tests/notes/matrix.py")
    entered(home / "pyproject.toml", '  "(problems)",', '  "notes",')
    entered(home / "yiqi/config/settings.py", '    "yiqi.dispatch",', '    "yiqi.notes",')


def run(home: Path, *command: str) -> str:
    """Run something in the copy, with a database of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "YIQI_DATABASE_URL"}
    environment |= {"YIQI_HOME": str(home / "var"), "YIQI_AS_OF": "2021-09-06", "PYTHONPATH": str(home)}
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_a_new_app_is_entered_in_the_layers_and_the_settings_and_works(tmp_path: Path) -> None:
    set_up(tmp_path)
    manage = (sys.executable, "manage.py")
    run(tmp_path, *manage, "makemigrations", "notes")
    run(tmp_path, *manage, "migrate", "-v0")
    seen = json.loads(run(tmp_path, sys.executable, "-m", "tests.recipes.new_app.trial").splitlines()[-1])
    assert seen == {
        "list": [200, True],
        "export": ["A01-01", "等答复", "待办"],
        "rail": True,
        "panel": True,
        "agenda": ["等答复", "便签", "便签待办。", True, "notes.note:1"],
        "item": True,
        "directive": ["notes.note:1"],
        "behind": True,
        "report": "便签2条。",
        "figure": ["等答复", "已答复"],
        "verb": "办完便签",
        "words": True,
        "story": 1,
        "matrix": True,
        "done": "done",
    }
    run(tmp_path, str(Path(sys.executable).with_name("lint-imports")))
