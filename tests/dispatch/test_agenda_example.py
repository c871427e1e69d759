"""The worked example of docs/algorithms/agenda.md, set up and drawn."""

from __future__ import annotations

from datetime import date

from tests.dispatch.conftest import Drive
from tests.dispatch.tables import DOCS, table
from tests.world import TODAY
from yiqi.core.enums import SETTING_DEFAULTS, SettingKey
from yiqi.core.models import Setting
from yiqi.dispatch.enums import AgendaStatus, Opening, WeekStatus
from yiqi.dispatch.models import AgendaItem, Week
from yiqi.dispatch.operations import accept_directive, feed_back, open_week

NODES = {"T1": "2021-09-03", "T2": "2021-08-20", "T4": "2021-09-08", "T5": "2021-09-01", "T6": "2021-09-08"}
NODES |= {"T7": "2021-09-09", "T8": "2021-09-05"}
ACTIONS = {"A01": 0, "A02": 1, "A03": 2}


def set_up(drive: Drive) -> None:
    """What the first table says, row by row."""
    rows = {row[0]: row for row in table("agenda.md", "subjects")}
    assert sorted(rows) == sorted([*(f"T{n}" for n in range(1, 10)), "D1", "D2", "D3", "I1", "I2"])
    for name, day in NODES.items():
        when = date.fromisoformat(day)
        assert f"{when.month}月{when.day}日" in rows[name][3]
    tasks = {
        name: drive.task(
            ACTIONS[row[2]],
            title=name,
            needs_decision="提请协调" in row[3],
            next_due=date.fromisoformat(NODES[name]) if name in NODES else None,
        )
        for name, row in rows.items()
        if row[1] == "任务"
    }
    drive.directive(title="D1", task=tasks["T5"], force=drive.force, today=date(2021, 8, 30))
    drive.directive(title="D2", force=drive.other_force, today=date(2021, 8, 16))
    heard = drive.directive(title="D3", force=drive.other_force, today=date(2021, 9, 2))
    unit = drive.world.who("reporter")
    accept_directive(by=unit, today=date(2021, 9, 2), directive=heard)
    feed_back(by=unit, today=date(2021, 9, 3), directive=heard, text="正在办理", finished=False)
    first, second = drive.indicator("I1", "I1"), drive.indicator("I2", "I2", drive.other_block)
    drive.round(1, "2021-07", {first: (2.5, 7), second: (2.5, 4)})
    drive.round(2, "2021-08", {first: (1.75, 9), second: (2.5, 4)})
    before = Week.objects.create(
        campaign=drive.campaign,
        region=drive.world.county,
        number=1,
        monday=date(2021, 8, 30),
        meets_on=date(2021, 8, 30),
        opened_how=Opening.HAND,
        opened_on=date(2021, 8, 30),
        status=WeekStatus.CLOSED,
    )
    AgendaItem.objects.create(
        week=before, kind="yellow_task", order=1, title="T7", reason="", task=tasks["T7"], status=AgendaStatus.NOTED
    )


def test_the_worked_example(drive: Drive) -> None:
    set_up(drive)
    for key, value in {SettingKey.AGENDA_PER_FORCE: 2, SettingKey.AGENDA_INDICATORS: 1}.items():
        Setting.objects.create(region=drive.world.county, key=key, value=value)
    week = open_week(by=drive.world.who("office"), today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    names = {drive.force.pk: "甲", drive.other_force.pk: "乙", None: "综合"}
    drawn = [[str(item.order), names[item.force_id], item.kind, item.title] for item in week.items.order_by("order")]
    assert drawn == table("agenda.md", "agenda")
    assert {(row["force"], row["kind"], row["count"]) for row in week.left_out} == {
        (drive.force.pk, "decision", 1),
        (drive.force.pk, "indicator", 1),
        (drive.force.pk, "yellow_task", 1),
    }


def test_the_prose_gives_the_numbers_of_the_program() -> None:
    text = (DOCS / "agenda.md").read_text(encoding="utf-8")
    figures = [
        f"最多{SETTING_DEFAULTS[SettingKey.AGENDA_PER_FORCE]}项",
        f"失分最多的{SETTING_DEFAULTS[SettingKey.AGENDA_INDICATORS]}个指标",
        f"最近{SETTING_DEFAULTS[SettingKey.AGENDA_QUIET_WEEKS]}周",
    ]
    assert [figure for figure in figures if figure not in text] == []
