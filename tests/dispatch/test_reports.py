"""The report: drafted from counted records, edited, signed by somebody else, frozen, printed."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from docx import Document

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.dispatch.models import Report
from yiqi.dispatch.operations import (
    close_week,
    draft_report,
    edit_report,
    minutes_document,
    open_week,
    report_document,
    sign_report,
)
from yiqi.dispatch.queries import TO_FILL_IN, report_content
from yiqi.kit.digest import canonical, digest, jsonable
from yiqi.kit.documents import render_docx
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError

STARTS, ENDS = date(2021, 8, 24), date(2021, 9, 6)


def draft(drive: Drive) -> Report:
    return draft_report(
        by=drive.world.who("office"), today=TODAY, campaign=drive.campaign, starts=STARTS, ends=ENDS, mark="翼考办"
    )


def filled(drive: Drive, report: Report) -> Report:
    texts = [(part["key"], part["text"].replace(TO_FILL_IN, "按计划推进。")) for part in report.sections]
    return edit_report(by=drive.world.who("office"), today=TODAY, report=report, sections=texts)


def test_every_figure_is_counted_and_names_its_records(drive: Drive) -> None:
    red = drive.task(next_due=TODAY - timedelta(days=3), title="大棚改造")
    drive.task(action=1)
    progress = drive.progress(red, problem="资金未到位")
    given = drive.directive()
    report = draft(drive)
    text = {part["key"]: part["text"] for part in report.sections}
    assert (
        text["overall"].splitlines()[0]
        == "“十大行动”共安排任务2项，截至9月6日已办结0项；按进度亮灯，绿灯1项、红灯1项。"
    )
    assert text["actions"].splitlines()[:3] == [
        "（一）目标任务大冲刺",
        "任务1项，已办结0项，红灯1项。",
        "发改局：大棚改造，已完成前期工作。",
    ]
    assert text["directives"] == "本期召开周调度会0次，交办督办事项1件，办结0件；目前在办1件，逾期0件。"
    assert text["standings"] == TO_FILL_IN
    assert report.facts["tasks_red"] == {
        "label": "红灯任务", "phrase": "红灯1项", "value": 1, "model": "plan.task", "ids": [red.pk],
    }  # fmt: skip
    assert (report.facts["given"]["ids"], report.facts["problems_told"]["ids"]) == ([given.pk], [progress.pk])
    assert report.document_number == "翼考办〔2021〕1号"


def test_every_phrase_stands_in_its_section(drive: Drive) -> None:
    drive.task(next_due=TODAY - timedelta(days=3))
    one = drive.indicator("I1", "地区生产总值增速")
    earlier = drive.round(1, "2021-07", {one: (2.5, 7)})
    latest = drive.round(2, "2021-08", {one: (1.75, 9)})
    drive.standing(earlier, 9, "84.10")
    drive.standing(latest, 7, "86.42")
    drive.standing(latest, 5, "40.00", drive.block)
    report = draft(drive)
    for part in report.sections:
        printed = part["text"] + str(part.get("table", ""))
        assert [report.facts[key]["phrase"] in printed for key in part["facts"]] == [True] * len(part["facts"])
    overall = report.sections[0]["text"]
    assert (
        overall.splitlines()[-1]
        == "1—8月考核内部测算总分86.42分，在全市居第7位，较上轮上升2位，尚未进入第一方阵（前6位）。"
    )
    assert report.sections[3]["text"] == "地区生产总值增速失1.25分（满分3.00分），居第9位，牵头单位发改局。"


def test_signed_by_somebody_else_and_then_frozen(drive: Drive) -> None:
    office, second = drive.world.who("office"), drive.world.who("second_office")
    report = draft(drive)
    with pytest.raises(InvalidInputError) as incomplete:
        sign_report(by=second, today=TODAY, report=report)
    assert incomplete.value.code == "report_incomplete"
    filled(drive, report)
    with pytest.raises(NotAllowedError) as own:
        sign_report(by=office, today=TODAY, report=report)
    assert own.value.code == "own_draft"
    signed = sign_report(by=second, today=TODAY, report=report)
    signed.refresh_from_db()
    assert digest(canonical(jsonable(report_content(signed))), signed.algorithm) == signed.digest
    with pytest.raises(ConflictError) as caught:
        edit_report(by=office, today=TODAY, report=signed, title="改")
    assert caught.value.code == "report_signed"


@pytest.mark.parametrize("number", ["翼考办[2021]3号", "翼考办〔2021〕第3号", "翼考办〔2021〕03号", ""])
def test_a_wrong_document_number_is_refused_and_nothing_saved(drive: Drive, number: str) -> None:
    report = draft(drive)
    with pytest.raises(InvalidInputError):
        edit_report(by=drive.world.who("office"), today=TODAY, report=report, document_number=number)
    report.refresh_from_db()
    assert (report.document_number, report.version) == ("翼考办〔2021〕1号", 1)


def test_the_word_file_says_what_the_report_says(drive: Drive) -> None:
    drive.campaign.demo = True
    drive.campaign.save()
    report = filled(drive, draft(drive))
    report = sign_report(by=drive.world.who("leader"), today=TODAY, report=report)
    word = Document(io.BytesIO(render_docx(report_document(report))))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert [text for text in texts if text.startswith(("一、", "二、", "三、", "四、", "五、", "六、"))] == [
        "一、总体情况",
        "二、各项行动进展情况",
        "三、督办落实情况",
        "四、指标位次与失分",
        "五、存在问题",
        "六、下步打算",
    ]
    everything = "\n".join(texts)
    assert ("翼考办〔2021〕1号" in everything, "刘文" in everything) == (True, True)
    heads = "\n".join(p.text for section in word.sections for p in section.header.paragraphs)
    assert "演示数据" in heads + everything


def test_minutes_print_the_frozen_record(drive: Drive) -> None:
    office = drive.world.who("office")
    drive.task(next_due=TODAY - timedelta(days=3), title="大棚改造")
    week = open_week(by=office, today=TODAY, campaign=drive.campaign, how="hand")
    with pytest.raises(ConflictError) as caught:
        minutes_document(week)
    assert caught.value.code == "week_open"
    week = close_week(by=office, today=TODAY, week=week, attendance="发改局", place="二楼会议室")
    word = Document(io.BytesIO(render_docx(minutes_document(week))))
    everything = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert [part in everything for part in ("翼城县周调度会议纪要", "第1期", "大棚改造", "顺延下期")] == [True] * 4
