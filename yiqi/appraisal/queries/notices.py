"""A round's policies and warnings in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yiqi.appraisal.enums import Missing, Ties, ZeroRange
from yiqi.appraisal.models import Round
from yiqi.core.models import Region
from yiqi.kit.wording import figure, in_english, listed, local_name

MOST_NAMES = 6


def policies_in_words(made: Round) -> list[tuple[str, str]]:
    """Name and setting of every policy that the round was worked out with."""
    plan: Mapping[str, Any] = made.parameters["plan"]
    ranked = _("按四舍五入后的得分") if plan["rank_rounded"] else _("按未四舍五入的得分")
    return [
        (_("缺失值"), str(Missing(plan["missing"]).label)),
        (_("并列"), str(Ties(plan["ties"]).label)),
        (_("全组同值"), str(ZeroRange(plan["zero_range"]).label)),
        (_("公布小数位"), str(plan["places"])),
        (_("排名依据"), ranked),
        (_("并列时比较"), listed(_indicator_names(plan, plan["tie_breakers"])) or _("不比较")),
        (_("第一方阵"), _("前%(size)s位") % {"size": plan["tier_size"]}),
    ]


def _indicator_names(plan: Mapping[str, Any], codes: Sequence[str]) -> list[str]:
    names = {spec["code"]: spec["name"] or spec["code"] for spec in plan["indicators"]}
    return [names.get(code, code) for code in codes]


def warnings_in_words(made: Round) -> list[str]:
    """What a reader of the round must know, one sentence each; one statement for the counties' names.

    Two more for an English reader.
    """
    if not made.warnings:
        return []
    plan: Mapping[str, Any] = made.parameters["plan"]
    regions = {row.code: local_name(row) for row in Region.objects.filter(code__in=made.parameters["regions"])}
    indicators = {spec["code"]: spec["name"] or spec["code"] for spec in plan["indicators"]}
    blocks = {block["code"]: block["name"] or block["code"] for block in plan["blocks"]}
    if in_english():  # the plan holds the Chinese names alone
        indicators |= {row.code: local_name(row) for row in made.framework.indicators.all()}
        blocks |= {row.code: local_name(row) for row in made.framework.blocks.all()}
    return [_sentence(item, regions, indicators, blocks) for item in made.warnings]


def _named(codes: Sequence[str], names: Mapping[str, str], total: int) -> str:
    if len(codes) == total and total > 1:
        return _("全部县（市、区）")
    shown = listed(names.get(code, code) for code in codes[:MOST_NAMES])
    return shown if len(codes) <= MOST_NAMES else _("%(names)s等%(count)s个") % {"names": shown, "count": len(codes)}


def _sentence(
    item: Mapping[str, Any], regions: Mapping[str, str], indicators: Mapping[str, str], blocks: Mapping[str, str]
) -> str:
    data: Mapping[str, Any] = item["data"]
    facts = {
        "indicator": indicators.get(item["indicator"] or "", item["indicator"] or ""),
        "unit": regions.get(item["unit"] or "", item["unit"] or ""),
        "units": _named(data.get("units", ()), regions, len(regions)),
        "block": blocks.get(data.get("block") or "", _("总分")),
        "blocks": listed(blocks.get(code, code) for code in data.get("blocks", ())),
        "ages": listed(sorted(set(data.get("ages", ())))),
        "threshold": figure(100 * data["threshold"], 0) if "threshold" in data else "",
    }
    sentence = _sentences().get(item["code"])
    return sentence % facts if sentence else str(item["message"])


def _sentences() -> dict[str, str]:
    return {
        "indicator_without_data": _("指标“%(indicator)s”没有任何数据，未计分，其分值分给板块内其余指标。"),
        "missing_excluded": _(
            "指标“%(indicator)s”缺少%(units)s的数据，这些县（市、区）的该项未计分，分值分给板块内其余指标。"
        ),
        "missing_zero": _("指标“%(indicator)s”缺少%(units)s的数据，按零分计。"),
        "carried": _("指标“%(indicator)s”%(units)s沿用%(ages)s个月前的数据。"),
        "imputed": _("指标“%(indicator)s”%(units)s按全市平均值计。"),
        "no_target": _("指标“%(indicator)s”缺少%(units)s的目标值，该项未计分。"),
        "zero_range": _("指标“%(indicator)s”%(units)s数值相同，按规定的同值办法计分。"),
        "vetoed": _("指标“%(indicator)s”触及一票否优界限：%(units)s不进入第一方阵。"),
        "block_without_score": _("板块“%(block)s”没有任何得分，不计入总分。"),
        "low_coverage": _("板块“%(block)s”中%(units)s的数据覆盖率低于%(threshold)s%%，没有得分。"),
        "no_total": _("%(unit)s在板块“%(blocks)s”没有得分，因此没有总分。"),
        "rounding_hides_rank": _(
            "“%(block)s”中%(units)s公布得分相同而位次不同：位次按未四舍五入的得分或并列规则确定。"
        ),
    }
