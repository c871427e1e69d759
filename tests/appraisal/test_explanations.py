"""Why a score: the sentences, the sums and what they come to."""

from __future__ import annotations

from typing import Any

import pytest

from yiqi.appraisal.models import Indicator, ScoreCell
from yiqi.appraisal.queries.explanations import explain_cell, rule_in_words
from yiqi.engine import AppraisalScheme, BlockSpec, Dataset, IndicatorSpec, run
from yiqi.engine.tell import explain

NAN = float("nan")


def cell(
    rule: str,
    values: list[float],
    *,
    direction: str = "higher",
    target: float = 8.0,
    params: dict[str, Any] | None = None,
    missing: str = "exclude",
    zero_range: str = "full",
) -> ScoreCell:
    """The cell of the first unit, from the engine, with a second indicator beside it."""
    scheme = AppraisalScheme(
        blocks=(BlockSpec("b"),),
        indicators=(
            IndicatorSpec("i", "b", 5, direction, rule, params or {}, missing=missing),
            IndicatorSpec("j", "b", 5, "higher", "minmax"),
        ),
        zero_range=zero_range,
    )
    units = tuple(str(number) for number in range(len(values)))
    table: Any = [[value, float(row)] for row, value in enumerate(values)]
    targets: Any = [[target, NAN]] * len(units)
    result = run(scheme, Dataset(units, scheme.columns, table, targets=targets))
    indicator = Indicator(
        code="i", name="指标", rule=rule, direction=direction, unit_text="%", places=1, params=params or {}
    )
    explanation = explain(result, "0", "i").to_dict()
    return ScoreCell(indicator=indicator, points=explanation["points"], steps=list(explanation["steps"]))


SUMS = [
    (cell("ratio", [6, 8]), "满分5分。按完成率计分（完成值÷目标值）。", "5 × 6 ÷ 8 = 3.75"),
    (cell("ratio", [9, 8]), "满分5分。按完成率计分（完成值÷目标值）。结果超过满分，按满分计。", "5 × 9 ÷ 8 = 5"),
    (cell("ratio", [-1, 8]), "满分5分。按完成率计分（完成值÷目标值）。结果低于0，按0分计。", "5 × （−1） ÷ 8 = 0"),
    (
        cell("ratio", [10, 8], direction="lower"),
        "满分5分。按完成率计分（越低越好：目标值÷完成值）。",
        "5 × 8 ÷ 10 = 4",
    ),
    (cell("ratio", [0, 8], direction="lower"), "满分5分。数值为0，得上限分。", "5 × 1 = 5"),
    (
        cell("gap", [6, 8], params={"g": 4}),
        "满分5分。目标值8，达到目标得满分，每差1个百分点扣1.25分，差4个百分点时扣完。",
        "5 ×［1 − （8 − 6）÷ 4］ = 2.5",
    ),
    (
        cell("gap", [12, 8], params={"g": 4, "cap": 1.2}),
        "满分5分。目标值8，达到目标得满分，每差1个百分点扣1.25分，差4个百分点时扣完。"
        "超过目标的按同样比例加分，最高为满分的1.2倍。结果超过上限，按满分的1.2倍计。",
        "5 ×［1 − （8 − 12）÷ 4］ = 6",
    ),
    (
        cell("efficacy", [6, 8, 4]),
        "满分5分。全市最好8，最差4；最差得60%，最好得满分。",
        "5 ×［0.6 + 0.4 × （6 − 4）÷（8 − 4）］ = 4",
    ),
    (
        cell("efficacy", [6, 8], params={"x_h": 10, "x_s": 5}),
        "满分5分。满意值10，不允许值5；达到不允许值得60%，达到满意值得满分。",
        "5 ×［0.6 + 0.4 × （6 − 5）÷（10 − 5）］ = 3.4",
    ),
    (
        cell("minmax", [5, 8, 2], direction="lower"),
        "满分5分。全市最好2得满分，最差8得0分，其间按比例计。",
        "5 ×（5 − 8）÷（2 − 8） = 2.5",
    ),
    (
        cell("rank_linear", [5, 8, 2], params={"f": 0.4}),
        "满分5分。有数据的3个县（市、区）中居第2位；第1位得满分，末位得40%，其间按位次均匀递减。",
        "5 ×［1 −（2 − 1）÷（3 − 1）×（1 − 0.4）］ = 3.5",
    ),
    (
        cell("rank_step", [5, 8], params={"k": 0.5, "m": 1}),
        "满分5分。居第2位；每低一位减0.5分，最低1分。",
        "5 − 0.5 ×（2 − 1） = 4.5",
    ),
    (cell("bands", [5, 8], params={"bands": [[0, 0.5], [8, 1]]}), "满分5分。按所在档次得满分的50%。", "5 × 0.5 = 2.5"),
    (cell("reached", [8, 1]), "满分5分。已达到目标值8，得满分。", "5 = 5"),
    (cell("reached", [7, 1], params={"share": 0.3}), "满分5分。未达到目标值8，得满分的30%。", "5 × 0.3 = 1.5"),
    (cell("deduct", [2, 1], params={"each": 0.5}), "满分5分。每发生一项扣0.5分，最低0分。", "5 − 2 × 0.5 = 4"),
]


@pytest.mark.parametrize(("made", "text", "arithmetic"), SUMS)
def test_a_rule_is_told_with_its_numbers(made: ScoreCell, text: str, arithmetic: str) -> None:
    step = explain_cell(None, made)[1]  # the person does not matter here
    assert (step.text, step.arithmetic) == (text, arithmetic)


@pytest.mark.parametrize(
    ("made", "texts"),
    [
        (
            cell("minmax", [NAN, 1, 2]),
            ("本期没有数据。", "没有数据，不计分。", "不计入本板块，其分值按比例分给板块内其余指标。", "没有得分。"),
        ),
        (
            cell("minmax", [NAN, 1, 2], missing="zero"),
            ("本期没有数据。", "没有数据，按“记零分”计。", "板块内指标齐全，不需要折算。"),
        ),
        (cell("minmax", [NAN, 1, 2], missing="group_mean"), ("本期没有数据，按“取同组平均”采用全市平均值1.5%。",)),
        (cell("gap", [6, 8], target=NAN, params={"g": 4}), ("采用现行数据6.0%。", "没有目标值，不计分。")),
        (cell("minmax", [3, 3]), ("采用现行数据3.0%。", "全市数值相同，按“均得满分”计。")),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(made: ScoreCell, texts: tuple[str, ...]) -> None:
    steps = explain_cell(None, made)
    assert tuple(step.text for step in steps)[: len(texts)] == texts


@pytest.mark.parametrize(
    ("rule", "params", "words"),
    [
        ("ratio", {}, "得分＝满分×完成率，完成目标得满分。"),
        ("ratio", {"cap": 1.2}, "得分＝满分×完成率，完成目标得满分。超额完成的按比例加分，最高得满分的120%。"),
        ("gap", {"g": 4.0}, "达到目标得满分，未达到的按差距扣分，差4时扣完。"),
        ("efficacy", {}, "达到满意值得满分，处于不允许值得60%，其间按比例计分。满意值和不允许值取全市最好和最差。"),
        (
            "efficacy",
            {"x_h": 95, "x_s": 60},
            "达到满意值得满分，处于不允许值得60%，其间按比例计分。满意值95，不允许值60。",
        ),
        ("minmax", {}, "全市最好得满分，最差得0分，其间按比例计分。"),
        ("rank_linear", {"f": 0.4}, "第1位得满分，末位得满分的40%，其间按位次均匀递减。"),
        ("rank_step", {"k": 0.5, "m": 1}, "第1位得满分，每低一位减0.5分，最低1分。"),
        ("bands", {"bands": [[0, 1]]}, "按数值所在的档次计分。"),
        ("reached", {"share": 0.5}, "达到目标得满分，未达到得满分的50%。"),
        ("deduct", {"each": 0.5}, "每发生一项扣0.5分，最低0分。"),
        ("bonus", {}, "按认定的加分计，不超过上限。"),
    ],
)
def test_a_rule_is_put_into_words(rule: str, params: dict[str, Any], words: str) -> None:
    assert rule_in_words(Indicator(rule=rule, params=params)) == words
