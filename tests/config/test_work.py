"""The commands that do the county's work: sheets read and applied, rounds run, reports written, the story loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.appraisal.conftest import build_figures, build_framework
from tests.config.conftest import Call
from tests.dispatch.conftest import build_drive
from tests.kit.sheets.books import book
from tests.plan.conftest import build_plan
from tests.world import TODAY, World
from yiqi.appraisal.models import Observation, Round
from yiqi.config import cli
from yiqi.config.cli import sheets
from yiqi.core.models import AuditRecord, Upload
from yiqi.demo import OPERATOR, loading, story
from yiqi.dispatch.operations import add_item, draft_report, open_week
from yiqi.plan.models import Task

pytestmark = pytest.mark.django_db

HEAD = ["序号", "行动", "工作任务", "具体举措", "牵头单位", "配合单位", "完成时限"]
GOOD = [1, "产业发展大转型", "新建标准化厂房", "完成主体", "发改局", "", "2021-11-30"]
BAD = [2, "产业发展大转型", "铸造行业改造提升", "逐户改造", "不存在局", "", "2021-12-15"]


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., str]:
    """``sheet(HEAD, GOOD)`` writes a workbook and gives its path."""

    def write(*rows: list[object]) -> str:
        path = tmp_path / "表.xlsx"
        path.write_bytes(book(rows))
        return str(path)

    return write


def left(model: type[Task | Observation | Upload]) -> int:
    """How many there are."""
    return model.objects.count()


def test_tasks_are_read_and_written_and_what_is_in_doubt_is_told(
    call: Call, world: World, sheet: Callable[..., str]
) -> None:
    build_plan(world)
    told = call("import", "tasks", sheet(HEAD, GOOD, BAD), "--campaign", "YC2021")
    assert (told.status, told.err) == (1, "")
    *notes, counts = told.out.splitlines()
    assert counts == "共2行，错误1行，跳过1行；已导入1项任务。"
    assert [note.split("：")[0] for note in notes] == ["  第3行 错误 铸造行业改造提升"]
    assert [task.title for task in Task.objects.all()] == ["新建标准化厂房"]
    assert AuditRecord.objects.get(verb="task_import.apply").person_name == "命令行操作员"


def test_a_trial_writes_nothing(call: Call, world: World, sheet: Callable[..., str]) -> None:
    build_plan(world)
    told = call("import", "tasks", sheet(HEAD, GOOD), "--campaign", "YC2021", "--dry-run")
    assert (told.status, told.out) == (0, "共1行，错误0行，跳过1行；未写入（试读）。\n")
    assert (left(Task), left(Upload), AuditRecord.objects.filter(verb__startswith="task_import").count()) == (0, 0, 0)


def test_a_sheet_of_which_nothing_can_be_used_is_a_finding(call: Call, world: World, sheet: Callable[..., str]) -> None:
    build_plan(world)
    told = call("import", "tasks", sheet(HEAD, BAD), "--campaign", "YC2021", "--json")
    assert (told.status, told.json["written"], told.json["errors"], left(Task)) == (1, 0, 1, 0)


def test_a_campaign_that_has_ended_takes_no_sheet(call: Call, world: World, sheet: Callable[..., str]) -> None:
    plan = build_plan(world)
    path = sheet(HEAD, GOOD)
    upload = call("import", "tasks", path, "--campaign", "YC2021", "--json")
    assert upload.json["written"] == 1
    plan.campaign.status = "closed"
    plan.campaign.save()
    told = call("import", "tasks", path, "--campaign", "YC2021", "--json")
    assert (told.status, told.json["error"], left(Task)) == (1, "campaign_closed", 1)


def test_a_file_that_is_too_large_is_not_even_read(
    call: Call, world: World, sheet: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_plan(world)
    monkeypatch.setattr(sheets.settings, "UPLOAD_LIMIT", 10)
    told = call("import", "tasks", sheet(HEAD, GOOD), "--campaign", "YC2021", "--json")
    assert (told.status, told.json["error"], "上限" in told.json["message"]) == (1, "file_refused", True)


def test_figures_of_a_league_sheet_are_written_and_doubts_told(
    call: Call, world: World, sheet: Callable[..., str]
) -> None:
    build_framework(world)
    path = sheet(["县（市、区）", "投资增速（%）"], ["翼城县", 9.5], ["曲沃县", "4.O"], ["绛县", 3])
    words = ("import", "observations", path, "--framework", "F1", "--period", "2021-08")
    told = call(*words)
    assert told.status == 1
    *notes, counts = told.out.splitlines()
    assert counts == "共2个单元格，错误2个，跳过1行；写入1个数据。"
    assert notes == ["  141021 错误 投资增速：B3：“4.O”不是数"]
    assert [(row.region_id, float(row.value or 0)) for row in Observation.objects.all()] == [("141022", 9.5)]
    unknown = call("import", "observations", path, "--framework", "NOPE", "--period", "2021-08", "--json")
    assert (unknown.status, unknown.json["error"]) == (2, "not_found")


def test_a_round_is_run_published_and_told_for_people(call: Call, world: World) -> None:
    build_framework(world)
    build_figures(world)
    words = ("round", "run", "--framework", "F1", "--as-of", "2021-09-06")
    trial = call(*words, "--json")
    assert (trial.status, trial.json["status"], trial.json["period"]) == (0, "draft", "2021-08")
    told = call(*words, "--publish")
    lines = [line.split("\t")[:2] for line in told.out.splitlines()]
    assert lines == [["第1位", "翼城县"], ["第2位", "曲沃县"], ["第3位", "襄汾县"]]
    made = Round.objects.get(status="published")
    assert (made.number, made.period, made.published_by) == (2, "2021-08", made.run_by)
    assert made.run_by.username == OPERATOR


def test_a_report_is_written_by_number_or_the_latest(call: Call, world: World, tmp_path: Path) -> None:
    drive = build_drive(world)
    office = world.who("office")
    for days in (14, 7):
        starts = TODAY - timedelta(days=days)
        draft_report(by=office, today=TODAY, campaign=drive.campaign, starts=starts, ends=TODAY, mark="翼考办")
    target = tmp_path / "report.docx"
    for which, number in (("latest", 2), ("1", 1)):
        told = call("report", "export", which, "--output", str(target), "--json")
        assert (told.status, told.json["document_number"]) == (0, f"翼考办〔2021〕{number}号")
        assert (target.read_bytes()[:2], told.json["bytes"]) == (b"PK", target.stat().st_size)
    told = call("report", "export", "2", "--output", str(target))
    assert told.out == f"翼考办〔2021〕2号 → {target}\n"
    nowhere = call("report", "export", "latest", "--output", str(tmp_path / "none" / "report.docx"), "--json")
    assert (nowhere.status, nowhere.json["error"]) == (2, "usage")


def test_what_a_closed_week_puts_off_is_said(call: Call, world: World) -> None:
    drive = build_drive(world)
    week = open_week(by=world.who("office"), today=TODAY, campaign=drive.campaign, how="hand")
    add_item(by=world.who("office"), today=TODAY, week=week, title="防汛准备")
    told = call("week", "close")
    assert (told.status, told.err) == (0, "有1项议题未审议，已顺延下期。\n")
    assert told.out.splitlines() == ["第1期（2021-09-06）已开完", "  1. 防汛准备："]


def test_the_demonstration_is_loaded_once_with_its_seed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def load(seed: int, step: Callable[[str], None]) -> bool:
        told.append(seed)
        for number in range(story.STEPS):
            step(f"第{number}步")
        return True

    monkeypatch.setattr(loading, "load", load)
    assert call("demo", "load", "--seed", "7").out == "演示数据已装入。\n"
    monkeypatch.setattr(loading, "is_loaded", lambda: True)
    assert call("demo", "load").out == "演示数据此前已装入，没有改动。\n"
    assert told == [7]


def test_a_reset_clears_first(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(loading, "clear", lambda: done.append("clear"))
    monkeypatch.setattr(loading, "load", lambda seed, _step: not done.append(f"load {seed}"))
    assert call("demo", "reset", "--yes").out == "演示数据已重新装入。\n"
    assert done == ["clear", "load 2021"]


def test_the_help_lists_groups_and_commands_each_with_a_line(call: Call) -> None:
    whole, group = call("--help"), call("framework", "--help")
    assert (whole.status, group.status) == (0, 0)
    assert "  campaign     Campaigns.\n" in whole.out
    assert [line.split()[0] for line in group.out.split("Commands:\n")[1].splitlines()] == ["activate", "list", "load"]


@pytest.mark.parametrize(
    ("words", "status", "begins"), [(("campaign", "list"), 0, "还没有专项行动。"), (("score", "--help"), 0, "Usage:")]
)
def test_the_script_runs_ours_and_the_engines_commands(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    status: int,
    begins: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["yiqi", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert (end.value.code, capsys.readouterr().out.startswith(begins)) == (status, True)
