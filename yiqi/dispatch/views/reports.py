"""Reports: the list, drafting, the sheet with its figures linked, editing, signing, files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.enums import ReportStatus
from yiqi.dispatch.forms import DraftForm, ReportForm
from yiqi.dispatch.models import Report
from yiqi.dispatch.operations import draft_report, edit_report, sign_report
from yiqi.dispatch.operations.printing import report_file
from yiqi.dispatch.queries import (
    TO_FILL_IN,
    altered_facts,
    report_document,
    report_for,
    report_sheet,
    sources_of,
)
from yiqi.dispatch.rules import can_draft_report, can_sign_report
from yiqi.dispatch.views.access import campaign_here, report_reader
from yiqi.kit import clock
from yiqi.kit.documents import preview_blocks
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.web.answers import download
from yiqi.kit.web.deeds import answer, form_for
from yiqi.kit.wording import figure

FORTNIGHT = timedelta(days=13)


@require_http_methods(["GET", "POST"])
def start_report(request: WhoRequest) -> HttpResponseBase:
    """Choose the dates and draft."""
    who, today = report_reader(request), clock.today()
    campaign = campaign_here(request)
    if not can_draft_report(who, campaign.region_id):
        raise NotAllowedError(_("报告由考核督查人员起草。"))
    last = Report.objects.filter(campaign=campaign).order_by("-ends").first()
    starts = min(last.ends + timedelta(days=1), today) if last else today - FORTNIGHT
    form = DraftForm(request.POST or None, initial={"starts": starts, "ends": today})
    full = last.ends + timedelta(days=1) + FORTNIGHT if last else today
    context = {"form": form, "campaign": campaign, "last": last, "full": full if full > today else None}
    return answer(
        request,
        form,
        lambda facts: draft_report(by=who, today=today, campaign=campaign, **facts),
        done=lambda made: (_("报告已按数据起草，请核对并补充。"), reverse("dispatch:show_report", args=[made.pk])),
        page=lambda status: render(request, "dispatch/report_new.html", context, status=status),
    )


@require_GET
def show_report(request: WhoRequest, pk: int) -> HttpResponseBase:
    """The sheet as it will be printed, each figure a link to the records that it counts."""
    who = report_reader(request)
    report = report_for(who, pk)
    pages = {key: reverse("dispatch:show_fact", args=[pk, key]) for key in report.facts}
    draft = report.status == ReportStatus.DRAFT
    context = {
        "report": report,
        "blocks": report_sheet(report, pages),
        "groups": [
            (part["heading"], [(report.facts[key], _value(report.facts[key]), pages[key]) for key in part["facts"]])
            for part in report.sections
        ],
        "altered": [report.facts[key] for key in altered_facts(report)],
        "blank": [section["heading"] for section in report.sections if TO_FILL_IN in section["text"]],
        "may_edit": draft and can_draft_report(who, report.region_id),
        "may_sign": draft and can_sign_report(who, report),
        "demo": report.demo,
    }
    return render(request, "dispatch/report.html", context)


def _value(fact: dict[str, Any]) -> str:
    return figure(fact["value"], 2 if isinstance(fact["value"], float) else None)


@require_GET
def show_fact(request: WhoRequest, pk: int, key: str) -> HttpResponseBase:
    """The records behind one figure."""
    who = report_reader(request)
    report = report_for(who, pk)
    rows = sources_of(who, report, key)
    context = {"report": report, "fact": report.facts[key], "rows": rows, "demo": report.demo}
    return render(request, "dispatch/fact.html", context)


@require_http_methods(["GET", "POST"])
def change_report(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Edit a draft: head and a box for each section."""
    who = report_reader(request)
    report = report_for(who, pk)
    if not can_draft_report(who, report.region_id):
        raise NotAllowedError(_("报告由考核督查人员修改。"))
    form = ReportForm(request.POST or None, report=report)
    context = {"form": form, "report": report}
    return answer(
        request,
        form,
        lambda _facts: edit_report(by=who, today=clock.today(), report=report, **form.facts()),
        done=lambda _made: (_("报告已保存。"), reverse("dispatch:show_report", args=[pk])),
        page=lambda status: render(request, "dispatch/report_edit.html", context, status=status),
    )


@require_http_methods(["GET", "POST"])
def confirm_signature(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Say what signing does, then sign."""
    who = report_reader(request)
    report = report_for(who, pk)
    if not can_sign_report(who, report):
        raise NotAllowedError(_("起草人不能签发自己起草的报告，请由县领导或其他考核督查人员签发。"), code="own_draft")
    form = form_for(report, sign_report, sent=request)

    def page(status: int) -> HttpResponse:
        blank = [section["heading"] for section in report.sections if TO_FILL_IN in section["text"]]
        context = {"report": report, "blank": blank, "form": form, "blocks": preview_blocks(report_document(report))}
        return render(request, "dispatch/report_sign.html", context, status=status)

    return answer(
        request,
        form,
        lambda _facts: form.do(by=who, today=clock.today(), row=report),
        done=lambda made: (sign_report.done(made), reverse("dispatch:show_report", args=[pk])),
        page=page,
    )


@require_GET
def export_report(request: WhoRequest, pk: int, form: str) -> HttpResponseBase:
    """The report as Word or PDF."""
    report = report_for(report_reader(request), pk)
    data, media_type = report_file(report, form)
    return download(data, f"{report.document_number}_{report.title}.{form}", media_type)
