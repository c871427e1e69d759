"""The fortnightly report: drafted from the data, edited, signed by somebody else, frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import Role
from yiqi.core.models import Unit
from yiqi.core.operations import record, recorder
from yiqi.core.rules import Mandate
from yiqi.dispatch import rules
from yiqi.dispatch.enums import ReportStatus
from yiqi.dispatch.models import Report
from yiqi.dispatch.operations.meeting import lock_campaign
from yiqi.dispatch.queries import (
    TO_FILL_IN,
    draft_sections,
    report_content,
    report_document,
    visible_campaigns,
    visible_reports,
)
from yiqi.kit.digest import canonical, digest, jsonable, preferred_algorithm
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.facts import Facts
from yiqi.kit.moves import Deed, Guard, Life, Move
from yiqi.kit.records import ensure, found, locked, save
from yiqi.kit.wording import date_range, quoted
from yiqi.plan.models import Campaign

HEAD = ("title", "document_number", "issuer", "addressee", "copy_to")


@transaction.atomic
def draft_report(
    *,
    by: Mandate,
    today: date,
    campaign: Campaign,
    starts: date,
    ends: date,
    mark: str = "",
    issuer: str = "",
    addressee: str = "",
    copy_to: str = "",
    demo: bool | None = None,
) -> Report:
    """Draft the report on the days from ``starts`` to ``ends`` (both counted) from the data as of ``today``.

    ``mark`` is the issuer's short name in document numbers (翼考办); what is not given is taken over from the report
    before. Raises InvalidInputError for a range that is empty or lies ahead.
    """
    found(visible_campaigns(by), campaign.pk)
    ensure(rules.can_draft_report(by, campaign.region_id), _("报告由考核督查人员起草。"))
    if starts > ends or ends > today:
        message = _("报告的起止日期应当先后有序，并且不晚于今天（%(today)s）。") % {"today": today.isoformat()}
        raise InvalidInputError(message, code="range_invalid", data={"field": "ends"})
    campaign = lock_campaign(campaign)
    head = _head(by, campaign, mark=mark, issuer=issuer, addressee=addressee, copy_to=copy_to)
    number = Report.objects.filter(campaign=campaign).aggregate(Max("number", default=0))["number__max"] + 1
    sections, facts = draft_sections(campaign, starts=starts, ends=ends, today=today)
    report = Report.objects.create(
        campaign=campaign,
        region_id=campaign.region_id,
        number=number,
        starts=starts,
        ends=ends,
        title=f"关于{quoted(campaign.name)}{date_range(starts, ends)}进展情况的报告"[:120],
        document_number=f"{head['mark']}〔{today.year}〕{number}号",
        issuer=head["issuer"],
        addressee=head["addressee"],
        copy_to=head["copy_to"],
        sections=jsonable(sections),
        facts=jsonable(facts),
        drafted_by=by.person,
        drafted_on=today,
        demo=campaign.demo if demo is None else demo,
    )
    after = {"number": report.document_number, "starts": starts, "ends": ends, "title": report.title}
    record(by=by, verb="report.draft", target=report, region_code=report.region_id, today=today, after=after)
    return report


def _head(by: Mandate, campaign: Campaign, *, mark: str, issuer: str, addressee: str, copy_to: str) -> dict[str, str]:
    last = Report.objects.filter(campaign=campaign).order_by("-number").first()
    office = Unit.objects.filter(pk__in=by.units(Role.OFFICE)).order_by("order", "code").first()
    name = office.name if office else campaign.region.name
    known = last.document_number.partition("〔")[0] if last else ""
    return {
        "mark": mark or known or f"{campaign.region.short_name[0]}{office.label if office else ''}",
        "issuer": issuer or (last.issuer if last else name),
        "addressee": addressee or (last.addressee if last else f"{campaign.region.name}委、{campaign.region.name}政府"),
        "copy_to": copy_to or (last.copy_to if last else ""),
    }


def _held(by: Mandate, report: Report) -> Report:
    return locked(visible_reports(by).select_related("campaign", "region"), report.pk)


def _signed(report: Report) -> ConflictError:
    message = _("报告《%(title)s》已经签发，内容已固定，不能再改动。") % {"title": report.title}
    return ConflictError(message, code="report_signed", data={"report": report.pk})


@transaction.atomic
def edit_report(
    *,
    by: Mandate,
    today: date,
    report: Report,
    sections: Sequence[tuple[str, str]] | None = None,
    title: str | None = None,
    document_number: str | None = None,
    issuer: str | None = None,
    addressee: str | None = None,
    copy_to: str | None = None,
    version: int | None = None,
) -> Report:
    """Change head and texts of a draft. ``sections`` are pairs of a section's key and its new text."""
    report = _held(by, report)
    report.expect_version(version)
    ensure(rules.can_draft_report(by, report.region_id), _("报告由考核督查人员修改。"))
    if report.status != ReportStatus.DRAFT:
        raise _signed(report)
    given = {
        "title": title,
        "document_number": document_number,
        "issuer": issuer,
        "addressee": addressee,
        "copy_to": copy_to,
    }
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in given.items():
        if value is not None and value.strip() != getattr(report, name):
            before[name], after[name] = getattr(report, name), value.strip()
            setattr(report, name, value.strip())
    if not report.title:
        raise InvalidInputError(_("请填写公文标题。"), code="title_needed", data={"field": "title"})
    texts = dict(sections or ())
    for section in report.sections:
        text = texts.pop(section["key"], section["text"]).replace("\r\n", "\n").strip() or TO_FILL_IN
        if text != section["text"]:
            before[section["key"]], after[section["key"]] = section["text"], text
            section["text"] = text
    if texts:
        raise InvalidInputError(_("报告没有“%(key)s”这一部分。") % {"key": next(iter(texts))}, code="section_unknown")
    report_document(report)  # refuses a wrong document number or an empty head before anything is saved
    save(report)
    record(
        by=by, verb="report.edit", target=report, region_code=report.region_id, today=today, before=before, after=after
    )
    return report


def _complete(report: Report, _facts: Facts) -> None:
    blank = [section["heading"] for section in report.sections if TO_FILL_IN in section["text"]]
    if blank:
        message = _("“%(heading)s”部分还写着“请补充”，请补充或删去后再签发。") % {"heading": f"”{_('、')}“".join(blank)}
        raise InvalidInputError(message, code="report_incomplete", data={"headings": blank})


def _freeze(deed: Deed[Report, Mandate]) -> None:
    row = deed.row
    row.signed_by, row.signed_on = deed.by.person, deed.today
    row.algorithm = preferred_algorithm()
    row.digest = digest(canonical(jsonable(report_content(row))), row.algorithm)


REPORT: Life[Report, Mandate] = Life(
    noun="report",
    states=ReportStatus,
    begins=(ReportStatus.DRAFT,),
    lock=_held,
    stuck=lambda row, _after: _signed(row),
    record=recorder(),
)

# 签发: a leader or the office, never the drafter; frozen with the digest of all that it prints
sign_report = Move(
    REPORT,
    "sign",
    {ReportStatus.DRAFT: (ReportStatus.SIGNED,)},
    label=_("签发"),
    said=_("报告已签发，内容已固定。"),
    who=(
        Guard(
            lambda by, row: row.drafted_by_id != by.person.pk,
            _("起草人不能签发自己起草的报告，请由县领导或其他考核督查人员签发。"),
            "own_draft",
        ),
        Guard(rules.can_sign_report, _("报告由县领导或考核督查人员签发。")),
    ),
    check=_complete,
    sets=_freeze,
    told=lambda deed: {"digest": deed.row.digest, "algorithm": deed.row.algorithm},
)
