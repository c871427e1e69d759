"""Things of dispatch that others may point at."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yiqi.core.subjects import Kind, Told
from yiqi.dispatch.queries.scope import visible_directives, visible_weeks
from yiqi.kit.wording import cn_day


def _directive(row: Any) -> Told:
    detail = f"{row.unit.label} {row.get_status_display()}"
    return Told(f"{row.code} {row.title}", detail, row.title, row.unit_id)


def _week(row: Any) -> Told:
    return Told(_("第%(number)s期") % {"number": row.number}, cn_day(row.meets_on))


KINDS = (
    Kind(
        "dispatch.directive",
        visible_directives,
        tell=_directive,
        page="dispatch:show_directive",
        joins=("unit",),
        order=("due", "code"),
    ),
    Kind("dispatch.week", visible_weeks, tell=_week, page="dispatch:show_week", joins=(), order=("monday",)),
)
