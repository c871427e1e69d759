"""From a figure of a report back to the records that it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiqi.appraisal.models import ScoreCell, Standing
from yiqi.core.queries import within
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.dispatch.models import Report
from yiqi.dispatch.queries.scope import visible_directives, visible_reports, visible_weeks
from yiqi.kit.errors import NotFoundError
from yiqi.kit.wording import cn_day, place, points
from yiqi.plan.models import Milestone
from yiqi.plan.queries import visible_progress, visible_tasks


@dataclass(frozen=True)
class Source:
    """One record behind a figure: what it is, what it says, and where its page is (``model`` and key of that page)."""

    label: str
    detail: str
    model: str
    key: Any


def report_for(who: Mandate, pk: int) -> Report:
    """One report in reach; NotFoundError."""
    rows = visible_reports(who).select_related("campaign", "region", "drafted_by", "signed_by")
    report = rows.filter(pk=pk).first()
    if report is None:
        raise NotFoundError("report")
    return report


def sources_of(who: Mandate, report: Report, key: str) -> list[Source]:
    """The records behind the figure ``key`` that the person may see now, in two statements; NotFoundError."""
    fact = report.facts.get(key)
    if fact is None:
        raise NotFoundError("fact")
    return READERS[fact["model"]](who, fact["ids"])


def _tasks(who: Mandate, ids: list[int]) -> list[Source]:
    rows = visible_tasks(who).filter(pk__in=ids).select_related("lead_unit").order_by("code")
    return [Source(f"{row.code} {row.title}", row.lead_unit.label, "plan.task", row.pk) for row in rows]


def _progress(who: Mandate, ids: list[int]) -> list[Source]:
    rows = visible_progress(who).filter(pk__in=ids).select_related("task", "unit").order_by("-on", "-id")
    return [
        Source(row.task.title, f"{cn_day(row.on)} {row.unit.label} {row.text[:80]}", "plan.task", row.task_id)
        for row in rows
    ]


def _nodes(who: Mandate, ids: list[int]) -> list[Source]:
    rows = Milestone.objects.filter(pk__in=ids, task__in=visible_tasks(who)).select_related("task").order_by("due")
    return [Source(row.title, f"{cn_day(row.due)} {row.task.title}", "plan.task", row.task_id) for row in rows]


def _directives(who: Mandate, ids: list[int]) -> list[Source]:
    rows = visible_directives(who).filter(pk__in=ids).select_related("unit").order_by("due", "code")
    return [
        Source(f"{row.code} {row.title}", f"{row.unit.label} {row.get_status_display()}", "dispatch.directive", row.pk)
        for row in rows
    ]


def _weeks(who: Mandate, ids: list[int]) -> list[Source]:
    rows = visible_weeks(who).filter(pk__in=ids).order_by("monday")
    return [
        Source(_("第%(number)s期") % {"number": row.number}, cn_day(row.meets_on), "dispatch.week", row.pk)
        for row in rows
    ]


def _standings(who: Mandate, ids: list[int]) -> list[Source]:
    seen = within("region_id", who.prefixes(*READS_COUNTY))
    rows = (
        Standing.objects.filter(seen, pk__in=ids).select_related("round", "block", "region").order_by("-round__number")
    )
    return [
        Source(
            _("第%(number)s轮 %(part)s")
            % {"number": row.round.number, "part": row.block.name if row.block else _("总分")},
            f"{row.region.name} {points(row.published_points)} {place(row.rank, row.tied)}",
            "appraisal.round",
            row.round_id,
        )
        for row in rows
    ]


def _cells(who: Mandate, ids: list[int]) -> list[Source]:
    seen = within("region_id", who.prefixes(*READS_COUNTY))
    rows = ScoreCell.objects.filter(seen, pk__in=ids).select_related("round", "indicator", "region")
    return [
        Source(
            row.indicator.name,
            f"{row.region.name} {points(row.points)}",
            "appraisal.scorecell",
            (row.round_id, row.region_id, row.indicator_id),
        )
        for row in rows.order_by("indicator__order")
    ]


READERS: dict[str, Callable[[Mandate, list[int]], list[Source]]] = {
    "plan.task": _tasks,
    "plan.progress": _progress,
    "plan.milestone": _nodes,
    "dispatch.directive": _directives,
    "dispatch.week": _weeks,
    "appraisal.standing": _standings,
    "appraisal.scorecell": _cells,
}
