"""Reading what is typed or imported into exact figures, with an error that names the place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, DecimalException

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yiqi.appraisal.enums import ScoringMethod
from yiqi.appraisal.models import Indicator
from yiqi.core.models import Region
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.wording import listed

MOST = Decimal(10) ** 12  # what a column of 18 digits with 6 decimals holds
STEP = Decimal("0.000001")


def figure(value: Decimal | float | str, where: str) -> Decimal:
    """An exact figure with 6 decimals; InvalidInputError ``figure`` for what is no finite number below 10^12."""
    try:
        number = Decimal(str(value).strip())
        if number.is_finite() and abs(number) < MOST:
            return number.quantize(STEP, rounding=ROUND_HALF_UP) + 0
    except DecimalException:
        pass
    message = _("“%(where)s”的数值“%(value)s”不是可用的数字。请填写普通数字，绝对值小于一万亿，最多六位小数。")
    raise InvalidInputError(
        message % {"where": where, "value": str(value)[:30]}, code="figure", data={"value": str(value)[:30]}
    )


def points_of(value: Decimal | float | str, where: str) -> Decimal:
    """Points with 2 decimals, above 0; InvalidInputError ``points`` otherwise."""
    points = figure(value, where)
    if points <= 0 or points >= 100_000 or points != points.quantize(Decimal("0.01")):
        message = _("“%(where)s”的分值“%(value)s”应大于0，最多两位小数。")
        raise InvalidInputError(message % {"where": where, "value": str(value)[:30]}, code="points")
    return points.quantize(Decimal("0.01"))


def one_of(choices: type[TextChoices], value: str, what: str | Promise) -> str:
    """The value, if it is one of the choices; InvalidInputError ``choice`` otherwise."""
    if value not in choices.values:
        message = _("%(what)s“%(value)s”不存在，可用的有：%(known)s。")
        facts = {"what": what, "value": str(value)[:30], "known": listed(choices.labels)}
        raise InvalidInputError(message % facts, code="choice", data={"value": str(value)[:30]})
    return value


def refuse_zero_ratio(indicator: Indicator, target: Decimal, region: Region) -> None:
    """InvalidInputError ``target_not_positive`` for a target of 0 or less under ``ratio``, which divides by it."""
    if indicator.rule == ScoringMethod.RATIO and target <= 0:
        message = _(
            "%(region)s指标“%(indicator)s”按“目标完成率”计分，目标值必须大于0。请更正目标值，或者把这个指标改为“差距计分”。"
        )
        facts = {"region": region.name, "indicator": indicator.name}
        raise InvalidInputError(message % facts, code="target_not_positive", data={"indicator": indicator.code})
