"""What the appraisal offers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.queries.agenda import SOURCE
from yiqi.appraisal.queries.subjects import KINDS
from yiqi.appraisal.queries.telling import PARTS
from yiqi.appraisal.rules import BUSINESS_ROLES
from yiqi.core.doors import Addresses, GlossaryTerms, Verbs
from yiqi.core.enums import Role
from yiqi.core.rules import holds
from yiqi.kit.web.navigation import Entry

_READS = holds(*BUSINESS_ROLES)

OFFERS = (
    Addresses("appraisal/", "yiqi.appraisal.urls"),
    Entry(40, _("考核位次"), "trophy", "appraisal:standings", _READS),
    Entry(41, _("失分清单"), "trending-down", "appraisal:list_gaps", _READS),
    Entry(42, _("指标数据"), "database", "appraisal:list_observations", _READS),
    Entry(43, _("数据审核"), "checklist", "appraisal:list_waiting", holds(Role.OFFICE, Role.REVIEWER)),
    Entry(44, _("指标体系"), "sitemap", "appraisal:list_frameworks", _READS),
    Entry(45, _("考核轮次"), "calculator", "appraisal:list_rounds", holds(Role.OFFICE, Role.LEADER)),
    Verbs(
        {
            "framework.load": _("从模板载入指标体系"),
            "indicator.support": _("指定支撑任务"),
            "indicator.unsupport": _("取消支撑任务"),
            "league.apply": _("导入全市通报表"),
            "league.discard": _("放弃导入全市通报表"),
            "league.preview": _("上传全市通报表"),
            "observation.approve": _("审核通过指标数据"),
            "observation.report": _("填报指标数据"),
            "observation.return": _("退回指标数据"),
            "round.publish": _("发布考核轮次"),
            "round.run": _("计算考核轮次"),
            "target.set": _("设定目标值"),
            "target.set_many": _("批量设定目标值"),
        },
        gone={"appraisal.LeagueImport": _("通报表导入")},
    ),
    GlossaryTerms(
        "Words of the field that are not models",
        (
            "4+1: the city's appraisal in five blocks",
            "第一方阵: first tier, the first places of the league; how many is a setting",
            "一票否优: a major fault takes away the year's commendation",
            "快报 / 初步核算 / 最终核实: flash / preliminary / final figures",
        ),
    ),
    GlossaryTerms(
        "Words of the scoring engine",
        (
            "综合指数: composite index, scores of a tree of indicators; 节点 node, 汇总 aggregation level by level",
            "填补: imputation of missing cells; 处理: treatment of outlying values; 标准化: normalisation to one scale",
            "两两比较: outranking, comparing units pair by pair",
            "有效权重: effective weight, the product of shares down the tree; "
            "重要性: importance, what a column decides",
            "不确定性 / 敏感性: uncertainty of a standing under drawn assumptions / "
            "sensitivity, each assumption's part in it",
            "追赶测算: catching up, the least change that gains a place; 边际: marginal points or places now",
            "情景: scenario (what-if), changed values and the standing that they would give",
            "展望: outlook, the year's end forecast and pushed through the rules; "
            "回测: backtest, the same on years that are known",
        ),
    ),
    SOURCE,
    *KINDS,
    *PARTS,
)
