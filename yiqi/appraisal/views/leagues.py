"""Importing a league sheet: upload, look at what was read, apply or drop, see what changed."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.appraisal.enums import FrameworkStatus
from yiqi.appraisal.forms import LeagueUploadForm, MappingForm
from yiqi.appraisal.models import LeagueImport
from yiqi.appraisal.operations import apply_league, discard_league, preview_league
from yiqi.appraisal.queries import frameworks_for, import_for
from yiqi.appraisal.queries.previews import LeaguePreview, UnknownName, league_preview
from yiqi.appraisal.rules import Period, keeps_framework, period_of
from yiqi.appraisal.views.access import months_of, office_framework, reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import YiqiError
from yiqi.kit.web.answers import see_other
from yiqi.kit.web.refusals import refuse
from yiqi.kit.wording import local_name
from yiqi.plan.enums import ImportStatus


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
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _preview(request, form.cleaned_data, {str(item.pk): item for item in kept})
            except YiqiError as error:
                refuse(form, error, "file" if error.code.startswith("file") else None)
                status = error.status
            else:
                return see_other(reverse("appraisal:show_import", args=[made.pk]))
    return render(request, "appraisal/upload.html", {"form": form, "framework": framework}, status=status)


def _preview(request: WhoRequest, chosen: dict[str, Any], kept: dict[str, Any]) -> LeagueImport:
    file: UploadedFile[bytes] = chosen["file"]
    return preview_league(
        by=request.who,
        today=clock.today(),
        now=clock.now(),
        framework=kept[chosen["framework"]],
        period=chosen["period"],
        data=file.read(),
        filename=file.name or "",
        value_status=chosen["value_status"],
    )


def _hint(item: UnknownName) -> str:
    if item.nearest is None:
        return _("涉及%(number)s项数据。") % {"number": item.cells}
    facts = {"number": item.cells, "name": local_name(item.nearest)}
    return _("涉及%(number)s项数据；名称最接近的是“%(name)s”。") % facts


def _mapping_form(preview: LeaguePreview, data: Any = None) -> MappingForm:
    return MappingForm(
        data,
        names=[item.name for item in preview.unknown],
        hints=[_hint(item) for item in preview.unknown],
        nearest=[item.nearest.code if item.nearest else "" for item in preview.unknown],
        choices=[(item.code, f"{item.code} {local_name(item)}") for item in preview.indicators],
    )


def _page(
    request: WhoRequest, found: LeagueImport, preview: LeaguePreview, form: MappingForm, status: int = 200
) -> HttpResponseBase:
    context = {
        "league": found,
        "framework": found.framework,
        "preview": preview,
        "unknown": [form[f"name_{index}"] for index in range(len(preview.unknown))],
        "form": form,
        "period": period_of(found.period).label,
        "open": found.status == ImportStatus.PREVIEWED,
        "applied": found.result.get("applied"),
        "changes": _changes(found, preview),
        "common": _common_note(found),
    }
    return render(request, "appraisal/import.html", context, status=status)


def _common_note(found: LeagueImport) -> str:
    """What is said of more than half of the cells: a fault of the whole sheet, such as another month in its title."""
    cells = found.result["cells"]
    notes = Counter(re.split("：|: ", note)[-1] for cell in cells for note in set(cell["notes"]))
    text, times = notes.most_common(1)[0] if notes else ("", 0)
    return text if times * 2 > len(cells) else ""


def _changes(found: LeagueImport, preview: LeaguePreview) -> list[tuple[str, str, str, str]]:
    indicators = {item.code: local_name(item) for item in preview.indicators}
    regions = {item.code: local_name(item) for item in preview.regions}
    return [
        (
            regions.get(item["region"], item["region"]),
            indicators.get(item["indicator"], item["indicator"]),
            item["before"],
            item["after"],
        )
        for item in found.result.get("applied", {}).get("changes", ())
    ]


@require_GET
def show_import(request: WhoRequest, pk: int) -> HttpResponseBase:
    """What was read, before it is applied; what changed, afterwards."""
    office_framework(request)
    found = import_for(request.who, pk)
    preview = league_preview(found)
    return _page(request, found, preview, _mapping_form(preview))


@require_POST
def apply(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Put the figures into force, all or none."""
    office_framework(request)
    found = import_for(reader(request), pk)
    preview = league_preview(found)
    form = _mapping_form(preview, request.POST)
    if not form.is_valid():
        return _page(request, found, preview, form, 422)
    try:
        written = apply_league(
            by=request.who, today=clock.today(), now=clock.now(), league_import=found, mapping=form.mapping
        )
    except YiqiError as error:
        refuse(form, error)
        return _page(request, import_for(request.who, pk), preview, form, error.status)
    messages.success(request, _("导入完成，写入%(count)s项数据。") % {"count": len(written)})
    return see_other(reverse("appraisal:show_import", args=[pk]))


@require_POST
def discard(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Drop a preview; no figure changes."""
    office_framework(request)
    discard_league(by=request.who, today=clock.today(), league_import=import_for(request.who, pk))
    messages.success(request, _("已放弃这次导入，没有改动任何数据。"))
    return see_other(reverse("appraisal:list_imports"))
