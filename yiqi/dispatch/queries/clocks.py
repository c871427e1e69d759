"""The clocks of directives and the light that follows from them; see docs/algorithms/clocks.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiqi.core.enums import SettingKey
from yiqi.core.queries import WorkCalendar, settings_for, work_calendar
from yiqi.dispatch.enums import FINISHED, WORKING_ON, DirectiveStatus, Weight
from yiqi.dispatch.models import Directive
from yiqi.kit.wording import cn_day
from yiqi.plan.enums import Light

NEAR_DAYS: dict[str, int] = {Weight.ORDINARY: 2, Weight.MAJOR: 7}
NEAR_FEEDBACK_DAYS = 1


@dataclass(frozen=True)
class Clock:
    """A county's time limits: ``kind`` is calendar or working; the day after assignment is day 1."""

    kind: str
    feedback_days: int
    days: dict[str, int]
    calendar: WorkCalendar

    def feedback_due(self, start: date) -> date:
        """By when a unit must first report back on what was assigned on ``start``."""
        return self.calendar.add(start, self.feedback_days, self.kind)

    def due(self, start: date, weight: str) -> date:
        """By when what was assigned on ``start`` must be done."""
        return self.calendar.add(start, self.days[weight], self.kind)


def clock_for(region_code: str) -> Clock:
    """The time limits in force in a region; three statements."""
    values = settings_for(region_code)
    return Clock(
        kind=str(values[SettingKey.CLOCK_KIND]),
        feedback_days=int(values[SettingKey.FEEDBACK_DAYS]),
        days={Weight.ORDINARY: int(values[SettingKey.ORDINARY_DAYS]), Weight.MAJOR: int(values[SettingKey.MAJOR_DAYS])},
        calendar=work_calendar(),
    )


@dataclass(frozen=True)
class DirectiveLight:
    """A colour with its reason; ``days`` late is positive, days left negative."""

    colour: str
    reason: str
    days: int = 0


def _days(count: int) -> str:
    return ngettext("%(count)s天", "%(count)s天", count) % {"count": count}


def directive_light(directive: Directive, today: date) -> DirectiveLight:
    """The light of a directive and why: pure, the same rule as :func:`with_directive_lights`."""
    if directive.status == DirectiveStatus.DRAFT:
        return DirectiveLight(Light.GREY, _("已立项，尚未交办。"))
    if directive.status in FINISHED:
        return _finished(directive)
    if directive.status == DirectiveStatus.FEEDBACK:
        return _waiting(directive)
    return _working(directive, today)


def _finished(directive: Directive) -> DirectiveLight:
    done = directive.done_on or directive.due
    late = (done - directive.due).days
    facts = {"due": cn_day(directive.due), "done": cn_day(done), "days": _days(late)}
    if late > 0:
        return DirectiveLight(Light.YELLOW, _("应于%(due)s办结，%(done)s办结，逾期%(days)s补办。") % facts, late)
    if directive.due > directive.first_due:
        return DirectiveLight(Light.GREEN, _("经批准延期至%(due)s，%(done)s办结。") % facts, late)
    return DirectiveLight(Light.GREEN, _("%(done)s按期办结。") % facts, late)


def _waiting(directive: Directive) -> DirectiveLight:
    on = directive.fed_back_on or directive.due
    late = (on - directive.due).days
    facts = {"on": cn_day(on), "days": _days(late)}
    if late > 0:
        return DirectiveLight(Light.YELLOW, _("%(on)s报结，逾期%(days)s，等待审核。") % facts, late)
    return DirectiveLight(Light.GREEN, _("%(on)s报结，等待审核。") % facts, late)


def _working(directive: Directive, today: date) -> DirectiveLight:
    late, silent = (today - directive.due).days, (today - directive.feedback_due).days
    facts = {"due": cn_day(directive.due), "feedback": cn_day(directive.feedback_due)}
    heard = directive.first_feedback_on
    if late > 0:
        return DirectiveLight(Light.RED, _("应于%(due)s办结，已逾期%(days)s。") % {**facts, "days": _days(late)}, late)
    if heard is None and silent > 0:
        reason = _("应于%(feedback)s前反馈，已逾期%(days)s未反馈。") % {**facts, "days": _days(silent)}
        return DirectiveLight(Light.RED, reason, silent)
    if -late <= NEAR_DAYS[directive.weight]:
        left = _("距办结时限%(due)s还有%(days)s。") if late < 0 else _("%(due)s到期，尚未办结。")
        return DirectiveLight(Light.YELLOW, left % {**facts, "days": _days(-late)}, late)
    if heard is None and -silent <= NEAR_FEEDBACK_DAYS:
        return DirectiveLight(Light.YELLOW, _("应于%(feedback)s前反馈，尚未反馈。") % facts, late)
    if heard is not None and heard > directive.feedback_due:
        days = _days((heard - directive.feedback_due).days)
        return DirectiveLight(
            Light.YELLOW, _("首次反馈逾期%(days)s补报；应于%(due)s办结。") % {**facts, "days": days}, late
        )
    return DirectiveLight(Light.GREEN, _("应于%(due)s办结，还有%(days)s。") % {**facts, "days": _days(-late)}, late)


def with_directive_lights(rows: QuerySet[Directive], *, today: date) -> QuerySet[Directive]:
    """Annotate ``light`` in one CASE; the limits are dates computed here, so that indexes on dates serve."""
    working, unheard = Q(status__in=WORKING_ON), Q(first_feedback_on__isnull=True)
    near = Q(pk__in=())
    for weight, days in NEAR_DAYS.items():
        near |= Q(weight=weight, due__lte=today + timedelta(days=days))
    red = working & (Q(due__lt=today) | (unheard & Q(feedback_due__lt=today)))
    yellow = (
        Q(status__in=FINISHED, done_on__gt=F("due"))
        | Q(status=DirectiveStatus.FEEDBACK, fed_back_on__gt=F("due"))
        | (working & near)
        | (working & unheard & Q(feedback_due__lte=today + timedelta(days=NEAR_FEEDBACK_DAYS)))
        | (working & Q(first_feedback_on__gt=F("feedback_due")))
    )
    return rows.annotate(
        light=Case(
            When(status=DirectiveStatus.DRAFT, then=Value(Light.GREY.value)),
            When(red, then=Value(Light.RED.value)),
            When(yellow, then=Value(Light.YELLOW.value)),
            default=Value(Light.GREEN.value),
            output_field=CharField(),
        )
    )
