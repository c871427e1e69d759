"""From a figure of a report back to the records that it counts."""

from __future__ import annotations

from yiqi.core.rules import Mandate
from yiqi.core.subjects import Subject, subjects
from yiqi.dispatch.models import Report
from yiqi.dispatch.queries.scope import visible_reports
from yiqi.kit.errors import NotFoundError


def report_for(who: Mandate, pk: int) -> Report:
    """One report in reach; NotFoundError."""
    rows = visible_reports(who).select_related("campaign", "region", "drafted_by", "signed_by")
    report = rows.filter(pk=pk).first()
    if report is None:
        raise NotFoundError("report")
    return report


def sources_of(who: Mandate, report: Report, key: str) -> list[Subject]:
    """The records behind the figure ``key`` that the person may see now, in one statement; NotFoundError."""
    fact = report.facts.get(key)
    if fact is None:
        raise NotFoundError("fact")
    return subjects(who, fact["model"], fact["ids"])
