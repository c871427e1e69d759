"""The pages that are measured: address by name, who asks, with which filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

from benchmarks.pages.loading import County
from yiqi.appraisal.models import Indicator
from yiqi.core.enums import Role
from yiqi.dispatch.enums import WeekStatus
from yiqi.dispatch.models import Directive, Report, Week
from yiqi.plan.models import Task

Found = Callable[[County], dict[str, object]]
STYLE_SHEET = "yiqi/tokens.css"


def _nothing(_county: County) -> dict[str, object]:
    return {}


@dataclass(frozen=True)
class Page:
    """One row of the table. ``asker`` is an account of the demonstration, None for nobody."""

    label: str
    name: str
    asker: str | None
    kwargs: Found = _nothing
    query: Found = _nothing

    def address(self, county: County) -> str:
        """The path with its query; Django's NoReverseMatch where the page does not exist."""
        query = urlencode(self.query(county))
        return reverse(self.name, kwargs=self.kwargs(county)) + (f"?{query}" if query else "")


def _asked(**query: object) -> Found:
    return lambda _county: query


def _unit(county: County) -> dict[str, object]:
    return {"view": "list", "unit": county.units[20].pk}


def _task(county: County) -> dict[str, object]:
    """A task with a full year behind it, led by the unit of the account ``reporter``."""
    unit = county.cast.who("reporter").units(Role.REPORTER)
    task = Task.objects.filter(lead_unit_id__in=unit, status="active", frequency="monthly").order_by("pk").first()
    return {"pk": task.pk if task else 0}


def _indicator(_county: County) -> dict[str, object]:
    return {"pk": Indicator.objects.order_by("order")[4].pk}


def _week(status: str) -> Found:
    def find(_county: County) -> dict[str, object]:
        week = Week.objects.filter(status=status).order_by("-monday").first()
        return {"pk": week.pk if week else 0}

    return find


def _directive(_county: County) -> dict[str, object]:
    return {"pk": Directive.objects.order_by("-code")[0].pk}


def _report(_county: County) -> dict[str, object]:
    return {"pk": Report.objects.order_by("number")[0].pk}


PAGES = (
    Page("login page", "account_login", None),
    Page("cockpit, leader", "cockpit:home", "leader"),
    Page("cockpit, reporter", "cockpit:home", "reporter"),
    Page("wall", "cockpit:wall", "leader"),
    Page("task board", "plan:board", "office"),
    Page("task list", "plan:board", "office", query=_asked(view="list")),
    Page("task list, by unit", "plan:board", "office", query=_unit),
    Page("task list, red light", "plan:board", "office", query=_asked(view="list", light="red")),
    Page("task list, by text", "plan:board", "office", query=_asked(q="河道综合整治")),
    Page("task list, page 50", "plan:board", "office", query=_asked(view="list", page=50)),
    Page("task list, own unit", "plan:board", "reporter", query=_asked(view="list")),
    Page("task", "plan:show_task", "office", kwargs=_task),
    Page("task, reporter", "plan:show_task", "reporter", kwargs=_task),
    Page("my week, reporter", "plan:my_week", "reporter"),
    Page("my week, reviewer", "plan:my_week", "reviewer"),
    Page("standings", "appraisal:standings", "leader"),
    Page("gap list", "appraisal:list_gaps", "office"),
    Page("indicator", "appraisal:show_indicator", "office", kwargs=_indicator),
    Page("week, open", "dispatch:show_week", "office", kwargs=_week(WeekStatus.OPEN)),
    Page("week, closed", "dispatch:show_week", "leader", kwargs=_week(WeekStatus.CLOSED)),
    Page("directives", "dispatch:list_directives", "office"),
    Page("directives, own unit", "dispatch:list_directives", "reporter"),
    Page("directive", "dispatch:show_directive", "office", kwargs=_directive),
    Page("reports", "dispatch:list_reports", "leader"),
    Page("report", "dispatch:show_report", "leader", kwargs=_report),
    Page("audit trail", "core:list_records", "auditor"),
)


def static_file() -> str:
    """The address of a small file: what the server can do at most, without Django's views."""
    return str(staticfiles_storage.url(STYLE_SHEET))


__all__ = ["PAGES", "Page", "static_file"]
