"""Setting up an indicator system."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.appraisal.conftest import SMALL
from tests.world import TODAY, World
from yiqi.appraisal.models import Block, Framework, Indicator, Target
from yiqi.appraisal.operations import (
    NewTarget,
    activate_framework,
    add_block,
    add_indicator,
    load_framework,
    set_target,
    set_targets,
)
from yiqi.core.models import AuditRecord
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, YiqiError


def load(world: World, data: dict[str, Any], asker: str = "office") -> Framework:
    """Load a framework file."""
    by = world.who(asker)
    return load_framework(by=by, today=TODAY, region=world.city, data=data, year=2021, unit_region=world.county)


def changed(**changes: Any) -> dict[str, Any]:
    """SMALL with one indicator changed: ``A_2={"points": 5}``."""
    data = copy.deepcopy(SMALL)
    data["indicators"] = [row | changes.get(row["code"].replace("-", "_"), {}) for row in data["indicators"]]
    return data


NO_FIGURE = "“投资增速”的数值“%s”不是可用的数字。请填写普通数字，绝对值小于一万亿，最多六位小数。"
NO_UNIT = "指标“投资增速”的牵头单位代码“XXX”不存在，请先建立这个单位，或更正代码。"
NO_KIND = "指标体系文件中“indicators[1].%s”的内容“%s”不合要求，请按模板改正。"
NO_ZERO = "曲沃县指标“投资增速”按“目标完成率”计分，目标值必须大于0。请更正目标值，或者把这个指标改为“差距计分”。"
UNKNOWN = "指标“投资增速”的规则“差距计分”没有参数“h”，请删去它。"


def test_a_file_becomes_blocks_indicators_and_targets_in_one_record(world: World) -> None:
    framework = load(world, SMALL)
    assert (framework.keeper, framework.region, framework.tier_size, framework.template) == (
        world.county,
        world.city,
        1,
        True,
    )
    assert list(framework.blocks.values_list("code", "points")) == [("A", 10), ("B", 5)]
    assert list(framework.indicators.values_list("code", "rule", "frequency", "lead_unit__code")) == [
        ("A-1", "gap", "monthly", "FGJ"),
        ("A-2", "ratio", "monthly", "FGJ"),
        ("B-1", "minmax", "quarterly", "HBJ"),
    ]
    assert Target.objects.count() == 6
    assert AuditRecord.objects.get().verb == "framework.load"


def test_points_that_do_not_add_up_name_block_and_sums(world: World) -> None:
    framework = load(world, changed(A_2={"points": 4.5}))
    with pytest.raises(InvalidInputError) as raised:
        activate_framework(by=world.who("office"), today=TODAY, framework=framework)
    assert (raised.value.code, str(raised.value)) == (
        "points_mismatch",
        "板块“高质量发展”的指标分值合计为10.5分，而板块分值是10分。请调整指标分值或板块分值，使两者相等。",
    )
    assert Framework.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"A_1": {"lead_unit": "XXX"}}, "unit_unknown", NO_UNIT),
        ({"A_1": {"block": "Z"}}, "block_unknown", "指标“投资增速”所属的板块“Z”不存在，请更正。"),
        ({"A_1": {"params": {}}}, "param_missing", "指标“投资增速”的规则“差距计分”缺少参数“g”，请补上。"),
        ({"A_1": {"params": {"g": 4, "h": 1}}}, "unknown_param", UNKNOWN),
        ({"A_1": {"params": {"g": -1}}}, "param_invalid", "指标“投资增速”的参数“g”取值-1不合要求，请改正。"),
        ({"A_1": {"rule": "ratio", "params": {}, "annual_target": 0}}, "target_not_positive", NO_ZERO),
        ({"A_1": {"code": "A-2"}}, "duplicate_code", "代码“A-2”在指标体系中出现两次，请改正其中一个。"),
        ({"A_1": {"places": "x"}}, "framework_file", NO_KIND % ("places", "x")),
        ({"A_1": {"name": [1]}}, "framework_file", NO_KIND % ("name", "[1]")),
        ({"A_1": {"veto_limit": float("inf")}}, "framework_file", NO_KIND % ("veto_limit", "inf")),
        ({"A_1": {"points": 0}}, "points", "“投资增速”的分值“0”应大于0，最多两位小数。"),
        ({"A_1": {"points": "1e400"}}, "figure", NO_FIGURE % "1e400"),
        ({"A_1": {"annual_target": float("nan")}}, "figure", NO_FIGURE % "nan"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_together_is_refused_whole(
    world: World, changes: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(YiqiError) as raised:
        load(world, changed(**changes))
    assert (raised.value.code, str(raised.value)) == (code, message)
    assert (
        Framework.objects.count(),
        Block.objects.count(),
        Indicator.objects.count(),
        AuditRecord.objects.count(),
    ) == (0, 0, 0, 0)


def test_an_unknown_rule_lists_the_known_ones(world: World) -> None:
    with pytest.raises(InvalidInputError) as raised:
        load(world, changed(A_1={"rule": "guess"}))
    assert raised.value.code == "choice"


def test_a_file_without_blocks_says_what_is_missing(world: World) -> None:
    with pytest.raises(InvalidInputError, match="指标体系文件缺少“blocks”。"):
        load(world, {"code": "X", "name": "X"})


def test_a_code_is_used_once(world: World, framework: Framework) -> None:
    with pytest.raises(ConflictError) as raised:
        load(world, SMALL)
    assert raised.value.code == "framework_exists"


@pytest.mark.parametrize("asker", ["leader", "force_head", "reporter", "reviewer", "auditor", "admin", "outsider"])
def test_only_the_office_of_the_county_sets_up(world: World, asker: str) -> None:
    with pytest.raises(NotAllowedError):
        load(world, SMALL, asker)


def test_a_draft_grows_by_blocks_and_indicators(world: World) -> None:
    framework, by = load(world, SMALL), {"by": world.who("office"), "today": TODAY}
    block = add_block(framework=framework, code="C", name="丙", points=5, **by)
    made = add_indicator(block=block, code="C-1", name="丙一", points=5, rule="minmax", lead_unit=world.bureau, **by)
    assert (block.order, block.points, made.order, made.rule) == (3, 5, 4, "minmax")
    framework = activate_framework(framework=framework, **by)
    assert (framework.status, framework.version) == ("active", 2)
    assert [row.verb for row in AuditRecord.objects.order_by("sequence")] == [
        "framework.load", "block.add", "indicator.add", "framework.activate",
    ]  # fmt: skip


def test_blocks_and_indicators_have_their_own_codes(world: World) -> None:
    framework, by = load(world, SMALL), {"by": world.who("office"), "today": TODAY}
    with pytest.raises(ConflictError, match="板块代码“A”重复，请换一个。"):
        add_block(framework=framework, code="A", name="乙", points=1, **by)
    with pytest.raises(ConflictError, match="指标代码“A-1”重复，请换一个。"):
        add_indicator(block=framework.blocks.all()[0], code="A-1", name="乙", points=1, rule="minmax", **by)


def test_a_block_without_indicators_is_not_put_into_force(world: World) -> None:
    framework, by = load(world, SMALL), {"by": world.who("office"), "today": TODAY}
    add_block(framework=framework, code="C", name="丙", points=1, **by)
    with pytest.raises(InvalidInputError, match="板块“丙”还没有指标。请添加指标，或者删去这个板块。"):
        activate_framework(framework=framework, **by)


def test_a_framework_in_force_is_not_altered(world: World, framework: Framework) -> None:
    by = {"by": world.who("office"), "today": TODAY}
    for deed in (
        lambda: add_block(framework=framework, code="C", name="丙", points=1, **by),
        lambda: add_indicator(block=framework.blocks.all()[0], code="C1", name="丙", points=1, rule="minmax", **by),
        lambda: activate_framework(framework=framework, **by),
    ):
        with pytest.raises(ConflictError) as raised:
            deed()
        assert raised.value.code == "framework_in_force"


def test_a_target_is_set_and_changed_with_the_old_value_in_the_trail(
    world: World, indicators: dict[str, Indicator]
) -> None:
    facts = {
        "by": world.who("office"),
        "today": TODAY,
        "indicator": indicators["A-1"],
        "region": world.county,
        "period": "2021",
    }
    target = set_target(value="9.5", **facts)
    record = AuditRecord.objects.first()
    assert record is not None
    assert (str(target.value), record.before["value"], record.after["value"]) == ("9.500000", "8.000000", "9.500000")
    assert Target.objects.filter(indicator=indicators["A-1"], region=world.county).count() == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"value": 0}, "target_not_positive"),
        ({"value": -3}, "target_not_positive"),
        ({"value": "NaN"}, "figure"),
        ({"value": float("inf")}, "figure"),
        ({"value": "1e400"}, "figure"),
        ({"value": "8%"}, "figure"),
        ({"value": 10**12}, "figure"),
        ({"period": "2021-08"}, "period_year"),
        ({"period": "2020"}, "period_year"),
        ({"period": "今年"}, "period"),
        ({"kind": "suggested"}, "period"),
        ({"kind": "other"}, "choice"),
        ({"region": "province"}, "region_outside"),
    ],
)
def test_a_target_that_cannot_be_used_is_refused(
    world: World, indicators: dict[str, Indicator], facts: dict[str, Any], code: str
) -> None:
    region = world.province if "region" in facts else world.county
    wanted = {"period": "2021", "value": 5, **facts, "region": region}
    with pytest.raises(YiqiError) as raised:
        set_target(by=world.who("office"), today=TODAY, indicator=indicators["A-2"], **wanted)
    assert raised.value.code == code


def test_many_targets_are_set_together_or_not_at_all(
    world: World, framework: Framework, indicators: dict[str, Indicator]
) -> None:
    by = {"by": world.who("office"), "today": TODAY, "framework": framework}
    good = [
        NewTarget(indicators["A-1"], world.county, "2021", 7),
        NewTarget(indicators["A-1"], world.county, "2021-08", 6, "suggested"),
    ]
    with pytest.raises(InvalidInputError):
        set_targets(rows=[*good, NewTarget(indicators["A-2"], world.county, "2021", 0)], **by)
    assert Target.objects.count() == 6
    set_targets(rows=good, **by)
    mine = Target.objects.filter(indicator=indicators["A-1"], region=world.county)
    assert list(mine.values_list("period", "value", "kind")) == [("2021", 7, "annual"), ("2021-08", 6, "suggested")]


def test_another_county_does_not_see_the_framework(
    world: World, framework: Framework, indicators: dict[str, Indicator]
) -> None:
    with pytest.raises(NotFoundError):
        set_target(
            by=world.who("outsider"),
            today=TODAY,
            indicator=indicators["A-1"],
            region=world.county,
            period="2021",
            value=1,
        )
