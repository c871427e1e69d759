"""Fetching the record that a verb is about: in scope, locked, and not stale."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from yiqi.core.rules import Mandate
from yiqi.dispatch.enums import WeekStatus
from yiqi.dispatch.models import AgendaItem, Directive, Report, Week
from yiqi.dispatch.queries import visible_directives, visible_items, visible_reports, visible_weeks
from yiqi.kit.errors import ConflictError, NotAllowedError, NotFoundError
from yiqi.plan.models import Campaign

ROW = TypeVar("ROW", bound=Model)


def _one(rows: QuerySet[ROW]) -> ROW:
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotFoundError(_("记录不存在，或者不在您的职责范围内。"))
    return row


def lock_campaign(campaign: Campaign) -> Campaign:
    """The campaign's row: whoever numbers weeks, directives or reports holds it."""
    return _one(Campaign.objects.filter(pk=campaign.pk).order_by())


def lock_week(by: Mandate, week: Week) -> Week:
    """An open week in scope."""
    locked = _one(visible_weeks(by).filter(pk=week.pk).select_related("campaign", "region").order_by())
    ensure_open(locked)
    return locked


def ensure_open(week: Week) -> None:
    """Raise ConflictError when the week was closed: its record is frozen."""
    if week.status != WeekStatus.OPEN:
        message = _("第%(number)s期调度会已经结束，纪要已固定，不能再改动。") % {"number": week.number}
        raise ConflictError(message, code="week_closed", data={"week": week.pk})


def lock_item(by: Mandate, item: AgendaItem) -> AgendaItem:
    """An item of an open week in scope."""
    rows = visible_items(by).filter(pk=item.pk).select_related("week", "week__campaign", "force", "force__unit")
    locked = _one(rows.order_by())
    ensure_open(locked.week)
    return locked


def lock_directive(by: Mandate, directive: Directive) -> Directive:
    """A directive in scope."""
    rows = visible_directives(by).filter(pk=directive.pk).select_related("campaign", "force", "unit")
    return _one(rows.order_by())


def lock_report(by: Mandate, report: Report) -> Report:
    """A report in scope."""
    return _one(visible_reports(by).filter(pk=report.pk).select_related("campaign", "region").order_by())


def ensure(allowed: bool, message: object, code: str = "not_allowed") -> None:
    """Raise NotAllowedError unless ``allowed``."""
    if not allowed:
        raise NotAllowedError(str(message), code=code)
