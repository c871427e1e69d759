"""The engine's refusals in the reader's words: what is wrong, at which indicator and county, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.appraisal.enums import ScoringMethod
from yiqi.appraisal.models import Block, Indicator
from yiqi.core.models import Region
from yiqi.engine import EngineError
from yiqi.kit.errors import InvalidInputError

MESSAGES: Mapping[str, str | Promise] = {
    "points_mismatch": gettext_lazy(
        "板块“%(block)s”的指标分值合计为%(sum)s分，而板块分值是%(points)s分。请调整指标分值或板块分值，使两者相等。"
    ),
    "points_not_positive": gettext_lazy("%(place)s的分值是%(points)s，分值应大于0。"),
    "empty_block": gettext_lazy("板块“%(block)s”还没有指标。请添加指标，或者删去这个板块。"),
    "no_indicators": gettext_lazy("指标体系还没有指标，不能计算。"),
    "no_blocks": gettext_lazy("指标体系还没有板块，不能计算。"),
    "unknown_rule": gettext_lazy("指标“%(indicator)s”的计分规则“%(rule)s”不存在，请重新选择。"),
    "unknown_param": gettext_lazy("指标“%(indicator)s”的规则“%(rule)s”没有参数“%(param)s”，请删去它。"),
    "param_missing": gettext_lazy("指标“%(indicator)s”的规则“%(rule)s”缺少参数“%(param)s”，请补上。"),
    "param_invalid": gettext_lazy("指标“%(indicator)s”的参数“%(param)s”取值%(value)s不合要求，请改正。"),
    "bounds_wrong_side": gettext_lazy(
        "指标“%(indicator)s”的满意值%(x_h)s应优于不允许值%(x_s)s，请按指标方向改正这两个参数。"
    ),
    "unknown_indicator": gettext_lazy("并列时比较的指标“%(indicator)s”不在体系中，请改正。"),
    "unknown_option": gettext_lazy("%(place)s的“%(option)s”不能取%(value)s，请从允许的取值中选择。"),
    "option_invalid": gettext_lazy("%(place)s的“%(option)s”取值%(value)s不合要求，请改正。"),
    "duplicate_code": gettext_lazy("代码“%(code)s”在指标体系中出现两次，请改正其中一个。"),
    "no_units": gettext_lazy("考核地区下没有县（市、区），请先导入行政区划。"),
    "no_observations": gettext_lazy("这一期还没有任何已审核的数据，无法计算。请先导入通报表或审核已填报的数据。"),
    "target_not_positive": gettext_lazy(
        "%(unit)s指标“%(indicator)s”的目标值是%(value)s。“目标完成率”规则要求目标值大于0：请更正目标值，"
        "或者把这个指标改为“差距计分”。"
    ),
    "value_negative": gettext_lazy(
        "%(unit)s指标“%(indicator)s”的数值是%(value)s。这个指标的计分规则不接受负数，请核对数据或更换规则。"
    ),
    "not_finite": gettext_lazy("%(unit)s指标“%(indicator)s”的数值%(value)s超出可计算的范围，请更正。"),
}


@dataclass(frozen=True)
class Names:
    """Names by code, for messages and explanations."""

    regions: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, regions: list[Region], indicators: list[Indicator], blocks: list[Block]) -> Names:
        """From the records."""
        return cls(
            {region.code: region.name for region in regions},
            {indicator.code: indicator.name for indicator in indicators},
            {block.code: block.name for block in blocks},
        )


def _number(value: Any) -> Any:
    try:
        return f"{float(value):.12g}"
    except (TypeError, ValueError):
        return value


def in_words(error: EngineError, names: Names) -> InvalidInputError:
    """The same error for a person; an error without a sentence of its own keeps the engine's."""
    data = error.data
    facts = {key: _number(value) for key, value in data.items()}
    facts["indicator"] = names.indicators.get(str(data.get("indicator")), data.get("indicator", ""))
    facts["block"] = names.blocks.get(str(data.get("block")), data.get("block", ""))
    facts["unit"] = names.regions.get(str(data.get("unit")), data.get("unit", ""))
    indicator = facts["indicator"] and _("指标“%(name)s”") % {"name": facts["indicator"]}
    facts["place"] = indicator or facts["block"] or _("指标体系")
    facts["rule"] = (
        ScoringMethod(data["rule"]).label if data.get("rule") in ScoringMethod.values else data.get("rule", "")
    )
    facts.setdefault("value", "")
    sentence = MESSAGES.get(error.code)
    message = str(sentence) % facts if sentence else _("无法计算：%(reason)s") % {"reason": error.message}
    return InvalidInputError(message, code=error.code, data=data)
