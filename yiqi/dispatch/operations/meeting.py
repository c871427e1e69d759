"""What the verbs of dispatch begin with: the campaign that numbers them, the meeting that is still open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiqi.core.rules import Mandate
from yiqi.dispatch.enums import WeekStatus
from yiqi.dispatch.models import AgendaItem, Week
from yiqi.dispatch.queries import visible_items, visible_weeks
from yiqi.kit.errors import ConflictError
from yiqi.kit.records import locked
from yiqi.plan.models import Campaign


def lock_campaign(campaign: Campaign) -> Campaign:
    """The campaign's row: whoever numbers weeks, directives or reports holds it."""
    return locked(Campaign.objects.all(), campaign.pk)


def lock_week(by: Mandate, week: Week) -> Week:
    """An open week in scope."""
    held = locked(visible_weeks(by).select_related("campaign", "region"), week.pk)
    ensure_open(held)
    return held


def ensure_open(week: Week) -> None:
    """Raise ConflictError when the week was closed: its record is frozen."""
    if week.status != WeekStatus.OPEN:
        raise closed(week)


def closed(week: Week) -> ConflictError:
    """What is said of a week that was closed."""
    message = _("第%(number)s期调度会已经结束，纪要已固定，不能再改动。") % {"number": week.number}
    return ConflictError(message, code="week_closed", data={"week": week.pk})


def lock_item(by: Mandate, item: AgendaItem) -> AgendaItem:
    """An item of an open week in scope."""
    held = locked(visible_items(by).select_related("week", "week__campaign", "force", "force__unit"), item.pk)
    ensure_open(held.week)
    return held
