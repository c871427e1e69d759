"""Which task answers for which indicator."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.appraisal.models import Indicator, IndicatorSupport
from yiqi.appraisal.operations.access import kept_framework, of_framework
from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError
from yiqi.plan.models import Task


@transaction.atomic
def support_indicator(*, by: Mandate, today: date, indicator: Indicator, task: Task) -> IndicatorSupport:
    """Say that a task answers for an indicator; saying it again changes nothing.

    Errors: NotFoundError, NotAllowedError (office only), InvalidInputError ``task_outside``.
    """
    indicator = of_framework(indicator)
    framework = kept_framework(by, indicator.framework)
    if not task.region_id.startswith(framework.keeper.prefix):
        raise InvalidInputError(
            _("任务“%(task)s”不属于%(region)s。") % {"task": task.title, "region": framework.keeper.name},
            code="task_outside",
        )
    support, made = IndicatorSupport.objects.get_or_create(indicator=indicator, task=task)
    if made:
        after = {"indicator": indicator.code, "task": task.code}
        record(
            by=by, verb="indicator.support", target=support, region_code=framework.keeper_id, today=today, after=after
        )
    return support


@transaction.atomic
def unsupport_indicator(*, by: Mandate, today: date, support: IndicatorSupport) -> None:
    """Take that back. Errors: NotFoundError, NotAllowedError (office only)."""
    indicator = of_framework(support.indicator)
    framework = kept_framework(by, indicator.framework)
    before = {"indicator": indicator.code, "task": support.task.code}
    record(
        by=by, verb="indicator.unsupport", target=support, region_code=framework.keeper_id, today=today, before=before
    )
    support.delete()
