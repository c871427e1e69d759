"""Importing a league sheet: upload, look at what was read, apply or drop, see what changed."""

from __future__ import annotations

import re
from collections import Counter
from operator import itemgetter
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.appraisal.enums import LEAGUE_UPLOAD, FrameworkStatus, ValueStatus
from yiqi.appraisal.forms import LeagueUploadForm, MappingForm
from yiqi.appraisal.models import Framework
from yiqi.appraisal.operations import LEAGUE_SHEET
from yiqi.appraisal.queries import frameworks_for
from yiqi.appraisal.queries.previews import LeaguePreview, UnknownName, league_preview
from yiqi.appraisal.readers.periods import Period, period_of
from yiqi.appraisal.rules import keeps_framework
from yiqi.appraisal.views.access import months_of, office_framework
from yiqi.core.models import Upload
from yiqi.core.queries import upload_for
from yiqi.core.views.middleware import WhoRequest
from yiqi.core.views.uploads import UploadPages, read_state
from yiqi.kit import clock
from yiqi.kit.web.columns import NUMBER, TITLE, Column
from yiqi.kit.web.tables import List
from yiqi.kit.wording import local_name

REVISIONS = List(
    title=gettext_lazy("修订的数据"),
    columns=(
        Column("region", gettext_lazy("县（市、区）"), value=itemgetter(0), phone=TITLE),
        Column("indicator", gettext_lazy("指标"), value=itemgetter(1)),
        Column("before", gettext_lazy("原值"), NUMBER, value=itemgetter(2)),
        Column("after", gettext_lazy("新值"), NUMBER, value=itemgetter(3)),
    ),
)
DOUBTS = List(
    title=gettext_lazy("需要核对的单元格"),
    columns=(
        Column("region", gettext_lazy("县（市、区）"), phone=TITLE),
        Column("indicator", gettext_lazy("指标")),
        Column("place", gettext_lazy("单元格")),
        Column("cell.value", gettext_lazy("读作"), NUMBER),
        Column("cell.state", gettext_lazy("状态"), show=lambda doubt: read_state(doubt.cell.state)),
        Column("cell.notes", gettext_lazy("说明"), show=lambda doubt: _("；").join(doubt.cell.notes), css="wide"),
    ),
)


@require_http_methods(["GET", "POST"])
def upload(request: WhoRequest) -> HttpResponseBase:
    """Choose framework, period, kind and file."""
    framework = office_framework(request)
    kept = [
        item
        for item in frameworks_for(request.who).exclude(status=FrameworkStatus.CLOSED)
        if keeps_framework(request.who, item)
    ]
    today = clock.today()
    done = Period(today.year, today.month - 1) if today.month > 1 else Period(today.year - 1, 12)
    form = LeagueUploadForm(
        request.POST or None,
        request.FILES or None,
        frameworks=[(str(item.pk), item.name) for item in kept],
        periods=months_of(framework, today),
        # the city reports the month that is over
        initial={"framework": str(framework.pk), "period": str(done)},
    )
    by_key = {str(item.pk): item for item in kept}
    return PAGES.upload(
        request,
        form,
        lambda said: {
            "subject": by_key[said["framework"]],
            "period": said["period"],
            "options": {"value_status": said["value_status"]},
        },
        lambda status: render(request, "appraisal/upload.html", {"form": form, "framework": framework}, status=status),
    )


def _hint(item: UnknownName) -> str:
    if item.nearest is None:
        return _("涉及%(number)s项数据。") % {"number": item.cells}
    facts = {"number": item.cells, "name": local_name(item.nearest)}
    return _("涉及%(number)s项数据；名称最接近的是“%(name)s”。") % facts


def _mapping_form(upload: Upload, framework: Framework, data: Any) -> MappingForm:
    preview = league_preview(framework, upload)
    return MappingForm(
        data,
        names=[item.name for item in preview.unknown],
        hints=[_hint(item) for item in preview.unknown],
        nearest=[item.nearest.code if item.nearest else "" for item in preview.unknown],
        choices=[(item.code, f"{item.code} {local_name(item)}") for item in preview.indicators],
    )


def _find(request: WhoRequest, number: int) -> tuple[Upload, Framework]:
    office_framework(request)
    found = upload_for(request.who, LEAGUE_UPLOAD, number)
    return found, Framework.objects.select_related("keeper", "region").get(pk=found.belongs_to)


def _show(_request: WhoRequest, upload: Upload, framework: Framework) -> dict[str, Any]:
    preview = league_preview(framework, upload)
    return {
        "preview": preview,
        "doubts": DOUBTS,
        "revisions": REVISIONS,
        "period": period_of(upload.period).label,
        "value_status": ValueStatus(upload.options["value_status"]).label,
        "applied": upload.result.get("applied"),
        "changes": _changes(upload, preview),
        "common": _common_note(upload),
    }


def _common_note(upload: Upload) -> str:
    """What is said of more than half of the cells: a fault of the whole sheet, such as another month in its title."""
    cells = upload.result["cells"]
    notes = Counter(re.split("：|: ", note)[-1] for cell in cells for note in set(cell["notes"]))
    text, times = notes.most_common(1)[0] if notes else ("", 0)
    return text if times * 2 > len(cells) else ""


def _changes(upload: Upload, preview: LeaguePreview) -> list[tuple[str, str, str, str]]:
    indicators = {item.code: local_name(item) for item in preview.indicators}
    regions = {item.code: local_name(item) for item in preview.regions}
    return [
        (
            regions.get(item["region"], item["region"]),
            indicators.get(item["indicator"], item["indicator"]),
            item["before"],
            item["after"],
        )
        for item in upload.result.get("applied", {}).get("changes", ())
    ]


PAGES = UploadPages(
    kind=LEAGUE_SHEET,
    name="appraisal",
    template="appraisal/import.html",
    back="appraisal:list_imports",
    find=_find,
    show=_show,
    choose=_mapping_form,
    done=lambda number: _("导入完成，写入%(count)s项数据。") % {"count": number},
    dropped=gettext_lazy("已放弃这次导入，没有改动任何数据。"),
)


@require_GET
def show_import(request: WhoRequest, pk: int) -> HttpResponseBase:
    """What was read, before it is applied; what changed, afterwards."""
    return PAGES.page(request, pk)


@require_POST
def apply(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Put the figures into force, all or none."""
    return PAGES.apply(request, pk)


@require_POST
def discard(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Drop a preview; no figure changes."""
    return PAGES.discard(request, pk)
