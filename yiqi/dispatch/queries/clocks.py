"""The clocks of directives and the light that follows from them; see docs/algorithms/clocks.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiqi.core.enums import Light, SettingKey
from yiqi.core.limits import Clock, Reading, next_change
from yiqi.core.queries import settings_for, work_calendar
from yiqi.dispatch.enums import FINISHED, WORKING_ON, DirectiveStatus, Weight
from yiqi.dispatch.models import Directive
from yiqi.kit.wording import cn_day

NEAR_DAYS: dict[str, int] = {Weight.ORDINARY: 2, Weight.MAJOR: 7}
NEAR_FEEDBACK_DAYS = 1
Why = Callable[[Directive, date], tuple[str, int]]


@dataclass(frozen=True)
class DirectiveLimits:
    """A county's time limits: the clock, the days to the first feedback and, by weight, to the end."""

    clock: Clock
    feedback_days: int
    days: dict[str, int]

    def feedback_due(self, start: date) -> date:
        """By when a unit must first report back on what was assigned on ``start``."""
        return self.clock.due(start, self.feedback_days)

    def due(self, start: date, weight: str) -> date:
        """By when what was assigned on ``start`` must be done."""
        return self.clock.due(start, self.days[weight])


def limits_for(region_code: str) -> DirectiveLimits:
    """The time limits in force in a region; three statements."""
    values = settings_for(region_code)
    return DirectiveLimits(
        clock=Clock(str(values[SettingKey.CLOCK_KIND]), work_calendar()),
        feedback_days=int(values[SettingKey.FEEDBACK_DAYS]),
        days={Weight.ORDINARY: int(values[SettingKey.ORDINARY_DAYS]), Weight.MAJOR: int(values[SettingKey.MAJOR_DAYS])},
    )


def _days(count: int) -> str:
    return ngettext("%(count)s天", "%(count)s天", count) % {"count": count}


def directive_light(directive: Directive, today: date) -> Reading:
    """The light of a directive and why: pure, the same rule as :func:`with_directive_lights`."""
    colour, why = _rule_on(directive, today)
    turns = _turns(directive) if directive.status in WORKING_ON else ()
    changes_on = next_change(lambda day: _rule_on(directive, day)[0], turns, today)
    reason, days = why(directive, today)
    return Reading(colour, reason, days, changes_on)


def _rule_on(directive: Directive, day: date) -> tuple[Light, Why]:
    """The first rule that holds on a day: its colour, and who tells the reason."""
    if directive.status in FINISHED:
        return (Light.YELLOW if _done_on(directive) > directive.due else Light.GREEN), _finished
    if directive.status == DirectiveStatus.FEEDBACK:
        return (Light.YELLOW if _fed_back_on(directive) > directive.due else Light.GREEN), _waiting
    return _in_hand(directive, day) if directive.status in WORKING_ON else (Light.GREY, _without_clock)


def _in_hand(directive: Directive, day: date) -> tuple[Light, Why]:
    heard = directive.first_feedback_on
    if directive.due < day:
        return Light.RED, _overdue
    if heard is None and directive.feedback_due < day:
        return Light.RED, _silent
    if directive.due <= day + timedelta(days=NEAR_DAYS[directive.weight]):
        return Light.YELLOW, _near
    if heard is None and directive.feedback_due <= day + timedelta(days=NEAR_FEEDBACK_DAYS):
        return Light.YELLOW, _unheard
    if heard is not None and heard > directive.feedback_due:
        return Light.YELLOW, _heard_late
    return Light.GREEN, _in_time


def _turns(directive: Directive) -> list[date]:
    """The days on which another rule may come to hold for a directive in hand."""
    due, feedback_due = directive.due, directive.feedback_due
    return [
        feedback_due - timedelta(days=NEAR_FEEDBACK_DAYS),
        feedback_due + timedelta(days=1),
        due - timedelta(days=NEAR_DAYS[directive.weight]),
        due + timedelta(days=1),
    ]


def _done_on(directive: Directive) -> date:
    return directive.done_on or directive.due


def _fed_back_on(directive: Directive) -> date:
    return directive.fed_back_on or directive.due


def _without_clock(directive: Directive, _today: date) -> tuple[str, int]:
    if directive.status == DirectiveStatus.DRAFT:
        return _("已立项，尚未交办。"), 0
    return _("目前是“%(status)s”，时限不计。") % {"status": directive.get_status_display()}, 0


def _finished(directive: Directive, _today: date) -> tuple[str, int]:
    done = _done_on(directive)
    late = (done - directive.due).days
    facts = {"due": cn_day(directive.due), "done": cn_day(done), "days": _days(late)}
    if late > 0:
        return _("应于%(due)s办结，%(done)s办结，逾期%(days)s补办。") % facts, late
    if directive.due > directive.first_due:
        return _("经批准延期至%(due)s，%(done)s办结。") % facts, late
    return _("%(done)s按期办结。") % facts, late


def _waiting(directive: Directive, _today: date) -> tuple[str, int]:
    on = _fed_back_on(directive)
    late = (on - directive.due).days
    facts = {"on": cn_day(on), "days": _days(late)}
    return (_("%(on)s报结，逾期%(days)s，等待审核。") if late > 0 else _("%(on)s报结，等待审核。")) % facts, late


def _overdue(directive: Directive, today: date) -> tuple[str, int]:
    late = (today - directive.due).days
    return _("应于%(due)s办结，已逾期%(days)s。") % {"due": cn_day(directive.due), "days": _days(late)}, late


def _silent(directive: Directive, today: date) -> tuple[str, int]:
    silent = (today - directive.feedback_due).days
    facts = {"feedback": cn_day(directive.feedback_due), "days": _days(silent)}
    return _("应于%(feedback)s前反馈，已逾期%(days)s未反馈。") % facts, silent


def _near(directive: Directive, today: date) -> tuple[str, int]:
    late = (today - directive.due).days
    left = _("距办结时限%(due)s还有%(days)s。") if late < 0 else _("%(due)s到期，尚未办结。")
    return left % {"due": cn_day(directive.due), "days": _days(-late)}, late


def _unheard(directive: Directive, today: date) -> tuple[str, int]:
    reason = _("应于%(feedback)s前反馈，尚未反馈。") % {"feedback": cn_day(directive.feedback_due)}
    return reason, (today - directive.due).days


def _heard_late(directive: Directive, today: date) -> tuple[str, int]:
    days = ((directive.first_feedback_on or directive.feedback_due) - directive.feedback_due).days
    facts = {"days": _days(days), "due": cn_day(directive.due)}
    return _("首次反馈逾期%(days)s补报；应于%(due)s办结。") % facts, (today - directive.due).days


def _in_time(directive: Directive, today: date) -> tuple[str, int]:
    late = (today - directive.due).days
    return _("应于%(due)s办结，还有%(days)s。") % {"due": cn_day(directive.due), "days": _days(-late)}, late


def with_directive_lights(rows: QuerySet[Directive], *, today: date) -> QuerySet[Directive]:
    """Annotate ``light`` in one CASE; the limits are dates computed here, so that indexes on dates serve."""
    working, unheard = Q(status__in=WORKING_ON), Q(first_feedback_on__isnull=True)
    near = Q(pk__in=())
    for weight, days in NEAR_DAYS.items():
        near |= Q(weight=weight, due__lte=today + timedelta(days=days))
    clocked = (*WORKING_ON, DirectiveStatus.FEEDBACK, *FINISHED)
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
            When(red, then=Value(Light.RED.value)),
            When(yellow, then=Value(Light.YELLOW.value)),
            When(status__in=clocked, then=Value(Light.GREEN.value)),
            default=Value(Light.GREY.value),
            output_field=CharField(),
        )
    )
