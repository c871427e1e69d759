"""The working-day calendar."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiqi.core import operations
from yiqi.core.enums import Role
from yiqi.core.forms.system import CalendarDayForm, CalendarYearForm
from yiqi.core.models import CalendarDay, CalendarYear
from yiqi.core.queries import WorkCalendar, calendar_days, day_versions, work_calendar
from yiqi.core.views.access import for_role, home_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.records import missing
from yiqi.kit.web.answers import see_other
from yiqi.kit.web.deeds import answer, form_page

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class DayShown:
    """A day of the year's grid: worked or not, and whether that differs from its weekday's rule."""

    day: date
    working: bool
    special: bool
    name: str


def _months(year: int, rules: WorkCalendar, special: dict[date, CalendarDay]) -> list[tuple[date, list[Any]]]:
    def shown(day: date) -> DayShown | None:
        if day.year != year:
            return None
        row, working = special.get(day), rules.is_working(day)
        return DayShown(day, working, working != (day.weekday() < 5), row.name if row else "")

    grid = calendar.Calendar()
    return [
        (
            date(year, month, 1),
            [
                [shown(day) if day.month == month else None for day in week]
                for week in grid.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise missing()
    return year


@require_safe
@for_role(Role.ADMIN)
def show_calendar(request: WhoRequest, year: int | None = None) -> HttpResponse:
    """A year at a glance: holidays, days worked instead, and whether the schedule is known."""
    shown = _year(year or clock.today().year)
    rules, special = work_calendar(), calendar_days(shown)
    months = _months(shown, rules, special)
    days = [day for _first, weeks in months for week in weeks for day in week if day]
    known = CalendarYear.objects.filter(pk=shown).first()
    context = {
        "year": shown,
        "months": months,
        "known": known,
        "working_days": sum(day.working for day in days),
        "previous": shown - 1 if shown > FIRST_YEAR else None,
        "next": shown + 1 if shown < LAST_YEAR else None,
        "form": None if known else CalendarYearForm(),
    }
    return render(request, "core/calendar.html", context)


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def edit_calendar_day(request: WhoRequest, day: date) -> HttpResponse:
    """A new version of one day; the older ones stay and are shown."""
    _year(day.year)
    versions, rules = day_versions(day), work_calendar()
    newest = versions[0] if versions else None
    initial = {
        "working": "yes" if rules.is_working(day) else "no",
        "name": newest.name if newest else "",
        "version": newest.version if newest else 0,
    }
    form, place = CalendarDayForm(request.POST or None, initial=initial), home_of(request).code
    context = {
        "day": day,
        "versions": versions,
        "working": rules.is_working(day),
        "provisional": rules.provisional(day),
    }
    return answer(
        request,
        form,
        lambda facts: operations.set_calendar_day(
            by=request.who, today=clock.today(), region_code=place, date=day, **facts
        ),
        done=lambda _day: (_("已保存新版本，原版本保留。"), reverse("core:show_calendar", args=[day.year])),
        page=form_page(request, "core/calendar_day.html", form, **context),
    )


@require_http_methods(["POST"])
@for_role(Role.ADMIN)
def confirm_calendar_year(request: WhoRequest, year: int) -> HttpResponse:
    """A year's schedule has been entered: its days are provisional no longer."""
    form, place = CalendarYearForm(request.POST), home_of(request).code
    back = reverse("core:show_calendar", args=[year])

    def refused(_status: int) -> HttpResponse:
        messages.error(request, "".join(str(error) for errors in form.errors.values() for error in errors))
        return see_other(back)

    return answer(
        request,
        form,
        lambda facts: operations.confirm_calendar_year(
            by=request.who, today=clock.today(), region_code=place, year=_year(year), **facts
        ),
        done=lambda _year: (_("%(year)s年的工作日安排已确认。") % {"year": year}, back),
        page=refused,
    )
