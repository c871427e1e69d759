"""The command line in real processes, on a home of its own: JSON on standard output, exit status 0, 1 or 2."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kept import copied, story

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
YIQI = str(Path(sys.executable).parent / "yiqi")


def yiqi(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a home."""
    environment = {**os.environ, "YIQI_HOME": str(home), "YIQI_AS_OF": "2021-09-06"}
    environment.pop("YIQI_DATABASE_URL", None)
    return subprocess.run([YIQI, *words], env=environment, capture_output=True, text=True, check=False, timeout=300)


def answer(home: Path, *words: str, status: int = 0) -> Any:
    """The JSON that a command prints."""
    done = yiqi(home, *words, "--json")
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demonstration; the tests of this module leave it as they found it."""
    return copied(story(), tmp_path_factory.mktemp("cli"))


def test_loading_is_told_and_loading_again_does_nothing_and_says_so(home: Path) -> None:
    assert json.loads((story() / "said").read_text()) == {"loaded": True}
    assert answer(home, "demo", "load") == {"loaded": False}


def test_the_day_of_the_story_stays_in_the_home(home: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if name not in {"YIQI_AS_OF", "YIQI_DATABASE_URL"}}
    ask = "from django.conf import settings; print(settings.YIQI_AS_OF)"
    environment = {**plain, "YIQI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "yiqi.config.settings"}
    said = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "2021-09-06"


def test_campaigns_and_frameworks_are_listed(home: Path) -> None:
    assert answer(home, "campaign", "list") == [{"code": "YC2021", "name": "翼城县“十大行动”（2021年）"}]
    assert [row["code"] for row in answer(home, "framework", "list")] == ["F2021"]


def test_an_unknown_campaign_is_wrong_usage_that_names_what_exists(home: Path) -> None:
    done = yiqi(home, "import", "tasks", str(EXAMPLES / "task-breakdown-2021.xlsx"), "--campaign", "NOPE", "--dry-run")
    assert done.returncode == 2
    assert "YC2021" in done.stderr


@pytest.mark.parametrize("name", ["task-breakdown-2021.xlsx", "task-breakdown-2021.docx"])
def test_a_dry_run_shows_the_rows_and_writes_nothing(home: Path, name: str) -> None:
    done = yiqi(home, "import", "tasks", str(EXAMPLES / name), "--campaign", "YC2021", "--dry-run", "--json")
    result = json.loads(done.stdout)
    assert set(result) == {"rows", "skipped", "errors"}
    assert done.returncode == (1 if result["errors"] else 0)
    assert len(result["rows"]) >= 30
    keys = ["row", "action", "code", "title", "measure", "lead_unit", "support_units", "deadline", "ongoing"]
    assert all(
        list(row)[:9] == keys and set(row) - set(keys) == {"frequency", "state", "notes"} for row in result["rows"]
    )
    with sqlite3.connect(home / "yiqi.sqlite3") as database:
        held = database.execute("select kind, count(*) from core_upload group by kind").fetchall()
        assert held == [("league", 8)]  # those of the story


def test_a_league_sheet_is_read_cell_by_cell(home: Path) -> None:
    words = ("import", "observations", str(EXAMPLES / "league-sheet-2021-08.xlsx"), "--framework", "F2021")
    done = yiqi(home, *words, "--period", "2021-08", "--dry-run", "--json")
    result = json.loads(done.stdout)
    assert set(result) == {"cells", "skipped", "errors"}
    keys = {"region", "indicator", "indicator_name", "unit", "value", "rank", "state", "notes"}
    assert all(set(cell) == keys for cell in result["cells"])
    assert len({cell["region"] for cell in result["cells"]}) == 17


def test_a_refused_file_is_a_finding(home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "空表.xlsx"
    empty.touch()
    done = yiqi(home, "import", "tasks", str(empty), "--campaign", "YC2021")
    assert done.returncode == 1
    assert "空" in done.stderr


def test_a_file_that_is_not_there_is_wrong_usage(home: Path) -> None:
    assert yiqi(home, "import", "tasks", "nowhere.xlsx", "--campaign", "YC2021").returncode == 2


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_the_latest_report_is_written(home: Path, tmp_path: Path, kind: str, begins: bytes) -> None:
    target = tmp_path / f"report.{kind}"
    facts = answer(home, "report", "export", "latest", "--format", kind, "--output", str(target))
    assert facts["document_number"] == "翼考办〔2021〕3号"
    assert target.read_bytes().startswith(begins)


def test_a_record_changed_behind_the_back_is_named(home: Path, tmp_path: Path) -> None:
    copy = copied(home, tmp_path / "home")
    assert answer(copy, "audit", "verify")["ok"] is True
    with sqlite3.connect(copy / "yiqi.sqlite3") as database:
        triggers = [row[0] for row in database.execute("select name from sqlite_master where type = 'trigger'")]
        for trigger in triggers:
            database.execute(f'drop trigger "{trigger}"')
        database.execute("update core_auditrecord set person_name = '别人' where sequence = 7")
    facts = answer(copy, "audit", "verify", status=1)
    assert (facts["ok"], facts["broken"]) == (False, 7)


def test_a_round_is_run_as_of_a_day(home: Path, tmp_path: Path) -> None:
    copy = copied(home, tmp_path / "home")
    facts = answer(copy, "round", "run", "--framework", "F2021", "--as-of", "2021-09-06")
    assert (facts["round"], facts["period"], len(facts["standings"])) == (3, "2021-08", 17)


def test_the_week_is_opened_once_and_closed(home: Path, tmp_path: Path) -> None:
    copy = copied(home, tmp_path / "home")
    opened = answer(copy, "week", "open")
    assert (opened["number"], opened["status"]) == (6, "open")
    assert answer(copy, "week", "close")["status"] == "closed"
    assert yiqi(copy, "week", "open").returncode == 1
