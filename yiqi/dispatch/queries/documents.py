"""Report and minutes as official documents: one description for the page, for Word and for PDF."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from yiqi.dispatch.enums import AgendaStatus, ReportStatus, WeekStatus
from yiqi.dispatch.models import Report, Week
from yiqi.kit.documents import Block, Heading, OfficialDocument, Paragraph, TableBlock
from yiqi.kit.errors import ConflictError
from yiqi.kit.wording import cn_day, quoted

SUBHEADING = re.compile(r"（[一二三四五六七八九十]+）[^。：；]{1,40}")
DEMO_MARK = "演示数据"
NOT_SIGNED = "（待签发）"
RESULT = {
    AgendaStatus.DECIDED: "议定：",
    AgendaStatus.NOTED: "会议听取了情况。",
    AgendaStatus.DEFERRED: "顺延下期。",
    AgendaStatus.PENDING: "待议。",
}


def report_content(report: Report) -> dict[str, Any]:
    """What the digest of a signed report covers: everything that it prints and the facts behind it."""
    return {
        "campaign": report.campaign.code,
        "region": report.region_id,
        "number": report.number,
        "starts": report.starts,
        "ends": report.ends,
        "title": report.title,
        "document_number": report.document_number,
        "issuer": report.issuer,
        "addressee": report.addressee,
        "copy_to": report.copy_to,
        "sections": report.sections,
        "facts": report.facts,
        "drafted_by": report.drafted_by_id,
        "signed_by": report.signed_by_id,
        "signed_on": report.signed_on,
    }


def report_document(report: Report) -> OfficialDocument:
    """The upward 报告; a draft says that it is one and that it waits for a signature.

    Raises InvalidInputError where a part of the head is wrong (document number, empty title).
    """
    draft = report.status != ReportStatus.SIGNED
    return OfficialDocument(
        kind="report",
        issuer=report.issuer,
        number=report.document_number,
        signer=report.signed_by.name if report.signed_by else NOT_SIGNED,
        title=report.title,
        addressee=report.addressee,
        body=[block for section in report.sections for block in _section(section)],
        signature=report.issuer,
        signed_on=report.signed_on or report.drafted_on,
        copy_to=[name for name in re.split(r"[，,、；]", report.copy_to) if name],
        printed_by=report.issuer,
        marks=[*([DEMO_MARK] if report.demo else []), *(["草稿"] if draft else [])],
        as_of=report.drafted_on,
    )


def _section(section: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading(1, section["heading"])]
    for line in section["text"].splitlines():
        text = line.strip()
        if SUBHEADING.fullmatch(text):
            blocks.append(Heading(2, text))
        elif text:
            blocks.append(Paragraph(text))
    table = section.get("table")
    if table:
        blocks.append(
            TableBlock(title=table["title"], header=table["header"], rows=table["rows"], source=table["source"])
        )
    return blocks


def minutes_document(week: Week) -> OfficialDocument:
    """The 纪要 of a closed week, from its frozen record alone; ConflictError while the week is open."""
    if week.status != WeekStatus.CLOSED or not week.record:
        raise ConflictError(_("会议结束之后才有纪要，请先结束本期调度会。"), code="week_open", data={"week": week.pk})
    record = week.record
    with translation.override(settings.LANGUAGE_CODE):
        body = [*_opening(record, week), *_items(record), *_given(record), *_left_out(record)]
        return OfficialDocument(
            kind="minutes",
            issuer=f"{week.region.name}周调度会议纪要",
            number=f"第{week.number}期",
            title=f"{quoted(record['campaign']['name'])}第{week.number}期调度会议纪要",
            body=body,
            attendance=[("出席", record["attendance"])] if record["attendance"] else [],
            signature=record["office"],
            signed_on=week.closed_on or week.meets_on,
            printed_by=record["office"],
            marks=[DEMO_MARK] if week.demo else [],
        )


def _opening(record: dict[str, Any], week: Week) -> list[Block]:
    """Who met when and where, and what came of it in numbers."""
    place = f"在{record['place']}" if record["place"] else ""
    how = f"{place}主持召开" if record["chair"] else f"{place}召开" if place else "召开"
    name = quoted(record["campaign"]["name"])
    met = f"{cn_day(week.meets_on)}，{record['chair']}{how}{name}第{record['number']}期调度会。"
    decided = sum(item["status"] == AgendaStatus.DECIDED for item in record["items"])
    items, given = len(record["items"]), len(record["directives"])
    return [Paragraph(f"{met}会议安排议题{items}项，议定{decided}项，交办督办事项{given}件。")]


def _items(record: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    if not record["items"]:
        return [Paragraph("本期没有需要提请会议研究的议题。")]
    force = None
    for item in record["items"]:
        if item["force"] != force or not blocks:
            force = item["force"]
            blocks.append(Heading(1, force or "综合"))
        blocks.append(Heading(2, item["title"]))
        blocks.append(Paragraph(f"{item['reason']}"))
        result = RESULT[AgendaStatus(item["status"])]
        if item["status"] == AgendaStatus.DECIDED:
            result += item["decision"] or "交办督办事项，见下。"
        elif item["decision"] and item["decision"] not in result:
            result += item["decision"]
        blocks.append(Paragraph(result))
    return blocks


def _given(record: dict[str, Any]) -> list[Block]:
    if not record["directives"]:
        return []
    rows = [
        [row["code"], row["title"], row.get("unit_label", row["unit"]), cn_day(date.fromisoformat(row["due"]))]
        for row in record["directives"]
    ]
    return [
        Heading(1, "督办事项"),
        TableBlock(title="本期交办的督办事项", header=["编号", "事项", "承办单位", "办结时限"], rows=rows),
    ]


def _left_out(record: dict[str, Any]) -> list[Block]:
    count = sum(row["count"] for row in record["left_out"])
    return [Paragraph(f"其余{count}项未列入本期议程，由各专班按日常工作跟进。")] if count else []
