"""Importing a breakdown: upload, look at what was read, apply or put aside."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.core.enums import UploadStatus
from yiqi.core.models import Upload
from yiqi.core.queries import uploads_for
from yiqi.core.views.middleware import WhoRequest
from yiqi.core.views.uploads import UploadPages, read_state
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.records import missing
from yiqi.kit.sheets import ReadState
from yiqi.kit.web.columns import NUMBER, TITLE, Column, page
from yiqi.kit.web.tables import List, Listing
from yiqi.kit.wording import NOTHING, cn_date, listed
from yiqi.plan.enums import TASK_UPLOAD
from yiqi.plan.forms import UploadForm
from yiqi.plan.models import Campaign
from yiqi.plan.operations import TASK_SHEET
from yiqi.plan.rules import reads_all
from yiqi.plan.views.gate import admit, managed_campaign

SHOWN = 200
RECENT = 20
Read = dict[str, Any]  # a row as it was read, kept with the upload


def _title(item: Read) -> str:
    code = item["own_code"]
    return format_html('{} <span class="muted">{}</span>', item["title"], code) if code else item["title"]


def _units(item: Read) -> str:
    others, more = item["support_units"], ""
    if len(others) > 3:
        more = format_html(
            '<details class="fold"><summary>{}</summary>{}</details>',
            _("配合单位%(number)s个") % {"number": len(others)},
            listed(others),
        )
    elif others:
        more = format_html('<div class="muted">{}</div>', _("配合：%(names)s") % {"names": listed(others)})
    return format_html("<div>{}{}</div>", NOTHING if item["lead_unit"] is None else item["lead_unit"], more)


def _due(item: Read) -> str:
    return item["deadline"] or (_("长期坚持") if item["ongoing"] else NOTHING)


def _notes(item: Read) -> str:
    return format_html("<div>{}</div>", format_html_join("", "<div>{}</div>", ((note,) for note in item["notes"])))


READ = List(
    title=gettext_lazy("读取结果"),
    caption=gettext_lazy("读取结果"),
    columns=(
        Column("row", gettext_lazy("行号"), NUMBER, show=lambda item: item["row"]),
        Column("state", gettext_lazy("读取"), show=lambda item: read_state(item["state"]), css="text-nowrap"),
        Column("title", pgettext_lazy("column", "任务"), show=_title, css="wide", phone=TITLE),
        Column("action", gettext_lazy("行动"), value=lambda item: item["action"]),
        Column("units", gettext_lazy("牵头和配合单位"), show=_units, css="wide"),
        Column("due", gettext_lazy("完成时限"), show=_due, css="text-nowrap"),
        Column("notes", gettext_lazy("说明"), show=_notes, css="wide"),
    ),
)
UPLOADS = List(
    title=gettext_lazy("最近上传"),
    caption=gettext_lazy("最近上传的任务分解表"),
    columns=(
        Column("file_name", gettext_lazy("文件"), link=page("plan:show_import", "number"), phone=TITLE),
        Column("uploaded_by.name", gettext_lazy("上传人")),
        Column("uploaded_at", gettext_lazy("上传时间"), show=lambda row: cn_date(row.uploaded_at)),
        Column("get_status_display", gettext_lazy("状态")),
    ),
)


def _find(request: WhoRequest, number: int) -> tuple[Upload, Campaign]:
    """An upload of the office's own campaigns, or 404; NotAllowedError for other readers of the county."""
    admit(request)
    found = uploads_for(request.who, TASK_UPLOAD).filter(number=number).first()
    if found is not None:
        return found, Campaign.objects.get(pk=found.belongs_to)
    region = Upload.objects.filter(kind=TASK_UPLOAD, number=number).values_list("region", flat=True).first()
    if region is not None and reads_all(request.who, region):
        raise NotAllowedError(_("导入由考核督查人员办理。"))
    raise missing()


def _show(request: WhoRequest, upload: Upload, campaign: Campaign) -> dict[str, Any]:
    rows = upload.result[TASK_SHEET.rows]
    state = request.GET.get("state", "")
    state = state if state in set(ReadState) else ""
    shown = [item for item in rows if item["state"] == state] if state else rows
    turned = Paginator(shown, SHOWN).get_page(request.GET.get("page"))
    return {
        "state": state,
        "listing": Listing(
            READ,
            list(turned.object_list),
            count=len(shown),
            chosen=(),
            sort="",
            size=SHOWN,
            query=request.GET,
            page=turned,
        ),
        "created": campaign.tasks.filter(imported_from=upload).count() if upload.status == UploadStatus.APPLIED else 0,
    }


PAGES = UploadPages(
    kind=TASK_SHEET,
    name="plan",
    template="plan/import_preview.html",
    back="plan:upload_tasks",
    find=_find,
    show=_show,
    done=lambda number: _("已导入%(number)s项任务。") % {"number": number},
    dropped=gettext_lazy("已放弃，没有导入任何任务。"),
)


@require_http_methods(["GET", "POST"])
def upload_tasks(request: WhoRequest) -> HttpResponse:
    """Choose a file; what was uploaded lately stands beneath."""
    campaign = managed_campaign(request, clock.today())
    form = UploadForm(request.POST or None, request.FILES or None)

    def form_page(status: int) -> HttpResponse:
        recent = uploads_for(request.who, TASK_UPLOAD).filter(belongs_to=campaign.pk).defer("result")
        context = {"form": form, "campaign": campaign, "uploads": UPLOADS, "recent": list(recent[:RECENT])}
        return render(request, "plan/import_upload.html", context, status=status)

    return PAGES.upload(request, form, lambda _said: {"subject": campaign}, form_page)


@require_GET
def show_import(request: WhoRequest, pk: int) -> HttpResponse:
    """Every row as it was read; what applying will do; the result afterwards."""
    return PAGES.page(request, pk)


@require_POST
def apply_import(request: WhoRequest, pk: int) -> HttpResponse:
    """Create the tasks."""
    return PAGES.apply(request, pk)


@require_POST
def discard_import(request: WhoRequest, pk: int) -> HttpResponse:
    """Put the upload aside."""
    return PAGES.discard(request, pk)
