"""The worked numbers of docs/algorithms, read from the documents and asserted cell by cell."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from tests.engine.build import scored
from tests.engine.worked import DASH, Table, agrees, heading_of, number, run_table, tables
from yiqi.engine import (
    RULES,
    AppraisalResult,
    AppraisalScheme,
    BlockSpec,
    FloatArray,
    IndicatorSpec,
    ranks,
    round_half_up,
)
from yiqi.engine.tell import notices

RULE_TABLES = [table for table in tables("scoring-rules.md") if table.settings]
POLICY_TABLES = [table for table in tables("policies.md") if table.settings]

CELLS: dict[str, Callable[[AppraisalResult], FloatArray]] = {
    "得分": lambda result: result.cell_points,
    "满分": lambda result: result.cell_max,
    "用值": lambda result: result.used_values,
    "名次": lambda result: _placed(result.cell_ranks),
    "组内名次": lambda result: _placed(result.cell_group_ranks),
}
UNITS: dict[str, Callable[[AppraisalResult], FloatArray]] = {
    "覆盖率": lambda result: result.block_coverage[:, 0],
    "板块得分": lambda result: result.block_points[:, 0],
    "板块名次": lambda result: _placed(result.block_ranks[:, 0]),
    "总分": lambda result: result.total_points,
    "公布": lambda result: result.published(result.total_points),
    "名次": lambda result: _placed(result.total_ranks),
    "组内名次": lambda result: _placed(result.total_group_ranks),
}
FLAGS: dict[str, Callable[[AppraisalResult], list[bool]]] = {
    "否优": lambda result: result.vetoed.tolist(),
    "方阵": lambda result: result.in_tier.tolist(),
}
GIVEN = {"地区", "组", "x", "T", "上期", "增幅"}


def _placed(found: np.ndarray) -> FloatArray:
    return np.where(found == 0, math.nan, found.astype(float))


def _check(table: Table, result: AppraisalResult) -> int:
    """Compare every printed outcome; returns how many cells were compared."""
    wrong, compared = [], 0
    expected: dict[str, list[float]] = {}
    for column, spec in enumerate(result.scheme.indicators):
        for kind, read in CELLS.items():
            name = heading_of(table, spec.code, kind)
            if name:
                expected[name] = read(result)[:, column].tolist()
    for name in table.header:
        if name in UNITS and name not in expected:
            expected[name] = UNITS[name](result).tolist()
    for name, values in expected.items():
        for unit, text, value in zip(table.column("地区"), table.column(name), values, strict=True):
            compared += 1
            if not agrees(text, value):
                wrong.append((unit, name, text, value))
    for name in FLAGS.keys() & set(table.header):
        assert [text == "是" for text in table.column(name)] == FLAGS[name](result)
        compared += len(table.rows)
    assert wrong == []
    unread = [name for name in table.header if name not in expected and name not in FLAGS and not _is_given(name)]
    assert unread == []
    return compared


def _is_given(name: str) -> bool:
    return name.rpartition(" ")[2] in GIVEN


@pytest.mark.parametrize("table", RULE_TABLES, ids=lambda table: table.id)
def test_rule_tables(table: Table) -> None:
    assert _check(table, run_table(table)) >= len(table.rows)


@pytest.mark.parametrize("table", POLICY_TABLES, ids=lambda table: table.id)
def test_policy_tables(table: Table) -> None:
    assert _check(table, run_table(table)) >= len(table.rows)


def test_every_rule_has_a_section_with_numbers() -> None:
    documented = {table.heading.split()[0] for table in RULE_TABLES}
    assert documented | {"veto"} == set(RULES)
    settings = [spec for table in POLICY_TABLES for spec in (table.settings or {})["indicators"]]
    assert "veto" in {spec["rule"] for spec in settings}


def test_the_numbers_of_the_design() -> None:
    """The four regions of the design text must stay among the examples."""
    design = {
        "ratio": ["10", "9.2857…", "9.2857…", "7.1428…"],
        "gap": ["10", "8.75", "8.75", "5"],
        "efficacy": ["10", "8", "8", "6"],
        "minmax": ["10", "5", "5", "0"],
        "rank_linear": ["10", "8", "8", "4"],
        "rank_step": ["10", "9.5", "9.5", "8.5"],
        "reached": ["10", "5", "5", "5"],
    }
    printed: dict[str, list[str]] = {}
    for table in RULE_TABLES:
        printed.setdefault(table.heading.split()[0], table.column("得分"))
    assert {rule: printed[rule] for rule in design} == design


def _table(header: tuple[str, ...]) -> Table:
    return next(table for table in tables("policies.md") if table.header == header)


@pytest.mark.parametrize("ties", ["competition", "dense"])
def test_ties(ties: str) -> None:
    table = _table(("得分", "competition", "dense"))
    scores = np.array([number(text) for text in table.column("得分")])
    expected = [0 if text == DASH else int(text) for text in table.column(ties)]
    assert ranks(scores, ties).tolist() == expected


def test_tolerance_counts_from_the_best_of_the_tie_group() -> None:
    table = _table(("得分", "容差0.5"))
    scores = np.array([float(text) for text in table.column("得分")])
    assert ranks(scores, tolerance=0.5).tolist() == [int(text) for text in table.column("容差0.5")]


def test_rounding() -> None:
    for value, places, shown in _table(("原数", "位数", "公布")).rows:
        assert float(round_half_up(float(value), int(places))) == float(shown), value


@pytest.mark.parametrize("policy", ["full", "mid", "missing"])
def test_zero_range(policy: str) -> None:
    table = _table(("规则", "full", "mid", "missing"))
    params = {"rank_linear": {"f": 0.4}, "rank_step": {"k": 0.5, "m": 6}}
    rules = table.column("规则")
    indicators = [IndicatorSpec(rule, rule, 10, "higher", rule, params.get(rule, {})) for rule in rules]
    scheme = AppraisalScheme(tuple(BlockSpec(rule) for rule in rules), tuple(indicators), zero_range=policy)
    result = scored(scheme, "ABCD", np.full((4, len(rules)), 6.0))
    for column, text in enumerate(table.column(policy)):
        assert [agrees(text, value) for value in result.cell_points[:, column]] == [True] * 4
    told = [(warning.code, warning.indicator) for warning in notices(result) if warning.code == "zero_range"]
    assert told == [("zero_range", rule) for rule in rules]
