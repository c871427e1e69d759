"""Targets: for the year, or as suggested for a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.appraisal.enums import TargetKind
from yiqi.appraisal.models import Framework, Indicator, Target
from yiqi.appraisal.operations.access import in_league, kept_framework, of_framework
from yiqi.appraisal.operations.figures import figure, one_of, refuse_zero_ratio
from yiqi.appraisal.readers.periods import period_of
from yiqi.core.models import Region
from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError


@dataclass(frozen=True)
class NewTarget:
    """One target: ``period`` is "2021" for an annual one, "2021-08" for one suggested for January to August."""

    indicator: Indicator
    region: Region
    period: str
    value: Decimal | float | str
    kind: str = TargetKind.ANNUAL


def _checked(framework: Framework, wanted: NewTarget) -> Decimal:
    indicator = wanted.indicator
    if indicator.framework_id != framework.pk:
        message = _("指标“%(indicator)s”不属于“%(name)s”。") % {"indicator": indicator.name, "name": framework.name}
        raise InvalidInputError(message, code="indicator_outside")
    in_league(framework, wanted.region)
    period = period_of(wanted.period, monthly=one_of(TargetKind, wanted.kind, _("目标类别")) == TargetKind.SUGGESTED)
    if period.year != framework.year or bool(period.month) != (wanted.kind == TargetKind.SUGGESTED):
        message = _("目标期别“%(period)s”应在%(year)s年度内：年度目标写年份，月度建议目标写到月份。")
        raise InvalidInputError(message % {"period": wanted.period, "year": framework.year}, code="period_year")
    value = figure(wanted.value, indicator.name)
    refuse_zero_ratio(indicator, value, wanted.region)
    return value


@transaction.atomic
def set_target(
    *,
    by: Mandate,
    today: date,
    indicator: Indicator,
    region: Region,
    period: str,
    value: Decimal | float | str,
    kind: str = TargetKind.ANNUAL,
    source: str = "",
    demo: bool = False,
) -> Target:
    """Set one target, or change it; the earlier value stays in the trail.

    Errors: NotAllowedError (office only); InvalidInputError ``period``, ``period_year``, ``figure``,
    ``target_not_positive`` (0 or less under ``ratio``), ``region_outside``.
    """
    indicator = of_framework(indicator)
    framework = kept_framework(by, indicator.framework)
    number = _checked(framework, NewTarget(indicator=indicator, region=region, period=period, value=value, kind=kind))
    held = Target.objects.select_for_update().filter(indicator=indicator, region=region, period=period).first()
    before = {"value": held.value, "source": held.source} if held else None
    target = held or Target(indicator=indicator, region=region, period=period)
    target.kind, target.value, target.source, target.demo = kind, number, source[:300], demo
    target.save()
    after = {
        "indicator": indicator.code,
        "region": region.code,
        "period": period,
        "value": number,
        "kind": kind,
        "source": target.source,
    }
    record(
        by=by,
        verb="target.set",
        target=target,
        region_code=framework.keeper_id,
        today=today,
        before=before,
        after=after,
    )
    return target


@transaction.atomic
def set_targets(
    *, by: Mandate, today: date, framework: Framework, rows: Sequence[NewTarget], source: str = "", demo: bool = False
) -> list[Target]:
    """Set many targets of one framework, all or none, in one record. Errors: as for :func:`set_target`."""
    framework = kept_framework(by, framework, lock=True)
    held = {
        (row.indicator_id, row.region_id, row.period): row
        for row in Target.objects.filter(indicator__framework=framework)
    }
    targets: dict[tuple[int, str, str], Target] = {}
    changed = []
    for row in rows:
        number, key = _checked(framework, row), (row.indicator.pk, row.region.code, row.period)
        target = held.get(key) or Target(indicator=row.indicator, region=row.region, period=row.period)
        if target.pk and target.value != number:
            changed.append(
                {
                    "indicator": row.indicator.code,
                    "region": row.region.code,
                    "period": row.period,
                    "before": target.value,
                }
            )
        target.kind, target.value, target.source, target.demo = row.kind, number, source[:300], demo
        targets[key] = target
    Target.objects.bulk_create([row for row in targets.values() if not row.pk], batch_size=500)
    known = [row for row in targets.values() if row.pk]
    Target.objects.bulk_update(known, ["kind", "value", "source", "demo"], batch_size=500)
    after = {"count": len(targets), "periods": sorted({row.period for row in rows}), "source": source[:300]}
    record(
        by=by,
        verb="target.set_many",
        target=framework,
        region_code=framework.keeper_id,
        today=today,
        before={"changed": changed} if changed else None,
        after=after,
    )
    return list(targets.values())
