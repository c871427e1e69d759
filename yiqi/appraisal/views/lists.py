"""Lists of the appraisal: figures, those that wait for approval, rounds, imported sheets, indicator systems."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_GET

from yiqi.appraisal.enums import LEAGUE_UPLOAD, Approval, RoundStatus, ValueStatus
from yiqi.appraisal.models import Framework, Observation, Round
from yiqi.appraisal.queries import (
    frameworks_for,
    league_of,
    observations_for,
    periods_of,
    rounds_for,
    waiting_for,
)
from yiqi.appraisal.readers.periods import period_of
from yiqi.appraisal.rules import keeps_framework
from yiqi.appraisal.views.access import chosen_framework, office_framework, reader
from yiqi.core.enums import Role
from yiqi.core.models import Upload
from yiqi.core.queries import uploads_for
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.marks import badge
from yiqi.kit.web.columns import NUMBER, TITLE, Column, Phone, filed, page
from yiqi.kit.web.filters import Choices, Filter
from yiqi.kit.web.tables import Button, List, answer_list
from yiqi.kit.wording import NOTHING, cn_date, cn_day, figure, local_name, place

_observation, _round = page("appraisal:show_observation"), page("appraisal:show_round")


def _path(*words: Any) -> dict[str, Any]:
    return {"path": [("", _("考核")), *(word if isinstance(word, tuple) else ("", word) for word in words)]}


def _period(row: Any) -> str:
    return period_of(row.period).label


def _region(row: Any) -> str:
    return local_name(row.region)


def _indicator(row: Observation) -> str:
    return local_name(row.indicator)


def _value(row: Observation) -> str:
    shown = figure(row.value, row.indicator.places)
    return format_html('{} <span class="muted">{}</span>', shown, row.indicator.unit_label)


def _linked_value(row: Observation) -> str:
    shown = figure(row.value, row.indicator.places)
    return format_html(
        '<a href="{}">{}</a> <span class="muted">{}</span>', _observation(row), shown, row.indicator.unit_label
    )


def _approval(row: Observation) -> str:
    if row.current:
        return badge(_("现行"), "blue")
    if row.approval == Approval.APPROVED:
        return badge(_("已被替代"), "grey")
    return badge(row.get_approval_display(), "yellow" if row.approval == Approval.PENDING else "grey")


def _entered(row: Observation) -> str:
    return f"{row.entered_by.name} {cn_day(row.entered_on)}"


INDICATOR = Column(
    "indicator", _("指标"), show=_indicator, link=page("appraisal:show_indicator", "indicator_id"), phone=TITLE
)
OBSERVATIONS = List(
    title=_("指标数据"),
    status=_("每次修订都保留；计算只采用已审核的现行数据。"),
    file=_("考核指标数据"),
    most=20_000,
    columns=(
        replace(INDICATOR, sort="indicator"),
        filed("period", _("期别"), 12),
        Column("region", _("县（市、区）"), width=12, value=_region, sort="region"),
        filed("indicator.code", _("指标代码"), 10),
        filed("indicator", _("指标"), 30, value=_indicator),
        Column("period", _("期别"), show=_period, sort="period"),
        filed("indicator.unit_label", _("单位"), 12),
        Column("value", _("数值"), NUMBER, 14, show=_linked_value),
        Column("published_rank", _("通报位次"), NUMBER, 10, 0, show=lambda row: place(row.published_rank)),
        Column("get_value_status_display", _("数据性质"), width=12),
        filed("revision", _("修订号"), 8, NUMBER, places=0),
        filed("current", _("现行"), 8),
        Column("get_approval_display", _("审核状态"), width=10, show=_approval),
        Column("entered_on", _("录入"), show=_entered, sort="entered"),
        filed("entered_by.name", _("录入人"), 10),
        filed("approved_by.name", _("审核人"), 10),
        filed("source", _("来源"), 36),
    ),
    sorts={
        "period": (_("期别"), ("period", "-indicator__order", "-region_id", "-revision")),
        "indicator": (_("指标"), ("indicator__order", "-period", "region_id")),
        "region": (_("县（市、区）"), ("region_id", "-period", "indicator__order")),
        "entered": (_("录入日期"), ("entered_on", "pk")),
    },
    sort="-period",
    empty=(_("没有数据"), _("没有符合条件的数据。可以去掉筛选条件，或导入全市通报表。")),
)


def _frameworks(request: WhoRequest) -> Choices:
    return [(str(item.pk), item.name) for item in frameworks_for(request.who)]


def _filters(framework: Framework | None) -> list[Filter]:
    shown = [Filter("framework", _("指标体系"), _frameworks, "indicator__framework")]
    if framework is not None:
        indicators = framework.indicators.order_by("block__order", "order")
        shown += [
            Filter("indicator", _("指标"), [(str(item.pk), local_name(item)) for item in indicators]),
            Filter("region", _("县（市、区）"), [(item.code, local_name(item)) for item in league_of(framework)]),
            Filter("period", _("期别"), [(period, period_of(period).label) for period in periods_of(framework)]),
        ]
    shown.append(Filter("value_status", _("数据性质"), ValueStatus.choices))
    return [*shown, Filter("approval", _("审核状态"), Approval.choices)]


@require_GET
def list_observations(request: WhoRequest) -> HttpResponseBase:
    """Figures with filters."""
    who, framework = reader(request), chosen_framework(request)
    action = None
    if framework is not None and keeps_framework(who, framework):
        action = Button(reverse("appraisal:upload_league"), _("导入通报表"))
    elif who.has(Role.OFFICE, Role.REVIEWER):
        action = Button(reverse("appraisal:list_waiting"), _("数据审核"), primary=False)
    what = replace(OBSERVATIONS, filters=_filters(framework))
    return answer_list(request, what, observations_for(who), {"action": action, **_path(what.title)})


def _judge(row: Observation) -> str:
    return format_html('<a class="btn btn-small" href="{}">{}</a>', _observation(row), _("审核"))


WAITING = List(
    title=_("数据审核"),
    columns=(
        INDICATOR,
        Column("region", _("县（市、区）"), value=_region),
        Column("period", _("期别"), show=_period),
        Column("value", _("数值"), NUMBER, show=_value),
        Column("get_value_status_display", _("数据性质")),
        Column("source", _("来源")),
        Column("entered_on", _("录入"), show=_entered),
        Column("pk", _("操作"), show=_judge, phone=Phone.BARE, quiet=True),
    ),
    empty=(_("没有待审核的数据"), _("填报人提交之后，会列在这里。")),
)


@require_GET
def list_waiting(request: WhoRequest) -> HttpResponseBase:
    """Figures that wait for the reader's approval."""
    rows = list(waiting_for(reader(request)))
    said = ngettext(
        "有%(number)s项数据等待您审核。本人填报的数据由他人审核，不列在这里。",
        "有%(number)s项数据等待您审核。本人填报的数据由他人审核，不列在这里。",
        len(rows),
    )
    return answer_list(request, replace(WAITING, status=said % {"number": len(rows)}), rows, _path(WAITING.title))


def _round_status(row: Round) -> str:
    return badge(row.get_status_display(), "blue" if row.published else "yellow")


def _published(row: Round) -> str:
    return f"{row.published_by.name} {cn_day(row.published_on)}" if row.published_by else NOTHING


ROUNDS = List(
    title=_("考核轮次"),
    status=_("试算只有考核督查人员和县领导能看；发布之后全县可见，不再变动。"),
    columns=(
        Column(
            "number",
            _("轮次"),
            NUMBER,
            show=lambda row: _("第%(number)s轮") % {"number": row.number},
            link=_round,
            sort="number",
            phone=TITLE,
        ),
        Column("period", _("期别"), show=_period, sort="period"),
        Column("status", _("状态"), show=_round_status),
        Column("as_of", _("数据截至"), show=lambda row: cn_date(row.as_of)),
        Column("run_at", _("计算"), show=lambda row: f"{row.run_by.name} {cn_day(row.run_at)}"),
        Column("published_on", pgettext_lazy("column", "发布"), show=_published),
        Column("result_digest", _("结果摘要"), show=lambda row: format_html("<code>{}</code>", row.result_digest[:12])),
    ),
    filters=(Filter("framework", _("指标体系"), _frameworks), Filter("status", _("状态"), RoundStatus.choices)),
    sorts={"number": (_("轮次"), ("number",)), "period": (_("期别"), ("period", "number"))},
    sort="-number",
    empty=(_("没有轮次"), _("还没有可以查看的轮次，或者筛选条件下没有结果。")),
)


@require_GET
def list_rounds(request: WhoRequest) -> HttpResponseBase:
    """All rounds that the person sees."""
    who, framework = reader(request), chosen_framework(request)
    runs = framework is not None and keeps_framework(who, framework)
    action = Button(reverse("appraisal:run_round"), _("计算一轮")) if runs else None
    return answer_list(request, ROUNDS, rounds_for(who), {"action": action, **_path(ROUNDS.title)})


def _value_status(row: Upload) -> str:
    return str(ValueStatus(row.options["value_status"]).label)


IMPORTS = List(
    title=_("通报表导入"),
    columns=(
        Column("file_name", _("文件"), link=page("appraisal:show_import", "number"), phone=TITLE),
        Column("period", _("期别"), show=_period, sort="period"),
        Column("options", _("数据性质"), show=_value_status),
        Column("get_status_display", _("状态")),
        Column("uploaded_at", _("上传"), show=lambda row: f"{row.uploaded_by.name} {cn_day(row.uploaded_at)}"),
    ),
    sorts={"uploaded": (_("上传时间"), ("uploaded_at", "pk")), "period": (_("期别"), ("period", "pk"))},
    sort="-uploaded",
    empty=(_("还没有导入过通报表"), _("上传市里每月的通报表（Excel），预览核对之后导入。")),
)


@require_GET
def list_imports(request: WhoRequest) -> HttpResponseBase:
    """League sheets that were uploaded."""
    office_framework(request)
    action = Button(reverse("appraisal:upload_league"), _("导入通报表"))
    figures = (reverse("appraisal:list_observations"), OBSERVATIONS.title)
    rows = uploads_for(request.who, LEAGUE_UPLOAD)
    return answer_list(request, IMPORTS, rows, {"action": action, **_path(figures, IMPORTS.title)})


def _framework(row: Framework) -> str:
    link = format_html('<a href="{}">{}</a>', reverse("appraisal:show_framework", args=[row.pk]), local_name(row))
    return format_html("{} {}", link, badge(_("模板"), "yellow")) if row.template else link


FRAMEWORKS = List(
    title=_("指标体系"),
    columns=(
        Column("name", _("名称"), show=_framework, phone=TITLE),
        Column("year", _("年度"), NUMBER, show=lambda row: row.year),
        Column("region", _("考核地区"), value=_region),
        Column("get_status_display", _("状态")),
    ),
    empty=(_("还没有指标体系"), _("考核督查人员可以从模板载入，再按当年正式文件核对修改。")),
)


@require_GET
def list_frameworks(request: WhoRequest) -> HttpResponseBase:
    """Indicator systems by year."""
    return answer_list(request, FRAMEWORKS, frameworks_for(reader(request)), _path(FRAMEWORKS.title))
