"""The worked numbers of docs/algorithms/uncertainty.md, read from the document and asserted cell by cell."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest

from tests.engine.build import figures
from tests.engine.worked import DOCS, agrees
from yiqi.engine import AppraisalScheme, BlockSpec, IndexScheme, IndicatorSpec, run
from yiqi.engine.ground.ranking import mean_shift
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import NormaliseSpec
from yiqi.engine.study.removal import remove_elements
from yiqi.engine.uncertainty import (
    Alternatives,
    AppraisalModel,
    Batch,
    IndexModel,
    RobustStanding,
    Sample,
    ValueNoise,
    WeightNoise,
    sobol_indices,
    standing_from,
)
from yiqi.engine.uncertainty.noise import drawn_weights

Rows = list[dict[str, str]]
TEXT = (DOCS / "uncertainty.md").read_text(encoding="utf-8")


def read(name: str) -> Rows:
    """The table after ``<!-- table: name -->``, a mapping a row."""
    lines = TEXT.split(f"<!-- table: {name} -->", 1)[1].lstrip().split("\n\n", 1)[0].splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def same(text: str, value: float) -> None:
    assert agrees(text, float(value)), (text, value)


def check_weights() -> None:
    for row in read("weights"):
        w, s, u = (np.array([float(row[name])]) for name in ("w", "s", "u"))
        same(row["抽得"], drawn_weights(w, s, u[None, :])[0, 0])


def check_values() -> None:
    for row in read("values"):
        noise = ValueNoise(float(row["s"]), row["幅度"])
        column = np.array([[float(row[name])] for name in ("x₁", "x₂", "x₃")])
        error = noise.errors(np.array([float(row["u"])]))
        same(row["x₁ 抽得"], column[0, 0] + noise.amplitude(["x"], column)[0, 0] * error[0])


def check_options() -> None:
    for row in read("options"):
        found = Alternatives("n", "ties", tuple(range(int(row["备选个数"])))).option_at(float(row["u"]))
        assert found + 1 == int(row["取第几个"])


def check_points() -> None:
    specs = (IndicatorSpec("甲", "b", 6, rule="minmax"), IndicatorSpec("乙", "b", 4, rule="minmax"))
    steps = AppraisalScheme(blocks=(BlockSpec("b", 10),), indicators=specs)
    model = AppraisalModel(steps, figures(steps, ("A", "B"), [[1, 2], [3, 4]]), points=WeightNoise(0.4))
    for row in read("points"):
        found = model.drawn_points(np.array([[float(row["u 甲"]), float(row["u 乙"])]]))[0]
        same(row["甲 分值"], found[0])
        same(row["乙 分值"], found[1])


def standing() -> tuple[IndexModel, Batch, RobustStanding]:
    """The three units under the five recorded draws."""
    matrix, draws = read("matrix"), read("draws")
    values = np.array([[float(row["甲"]), float(row["乙"])] for row in matrix])
    units = tuple(row["地区"] for row in matrix)
    tree = Hierarchy((Node("甲", "总"), Node("乙", "总"), Node("总")))
    steps = Steps(normalise=NormaliseSpec("scaled", {"lower": 0, "upper": 1, "scale": 1}))
    model = IndexModel(
        IndexScheme(tree, steps), Dataset(units, ("甲", "乙"), values), [WeightNoise({"1": 0.5})], tier_size=1
    )
    weights = np.array([[float(row["w 甲"]), float(row["w 乙"]), 1.0] for row in draws])
    batch = model.evaluate(Sample(np.zeros((len(draws), 0), dtype=np.int64), weights))
    return model, batch, standing_from(units, model.nominal(), batch, pairs=True)


def check_draws() -> None:
    model, batch, _ = standing()
    shifts = mean_shift(model.nominal().places[0], batch.places)
    for number, row in enumerate(read("draws")):
        for column, unit in enumerate(model.units):
            same(row[f"{unit} 得分"], batch.scores[number, column])
            same(row[f"{unit} 名次"], batch.places[number, column])
        same(row["平均移动"], shifts[number])


def check_statistics() -> None:
    _, _, found = standing()
    stats = found.statistics
    for number, row in enumerate(read("statistics")):
        assert row["地区"] == found.units[number]
        expected: dict[str, float] = {
            "名义": stats.nominal[number],
            "平均": stats.mean[number],
            "中位": stats.median[number],
            "Q5": stats.q5[number],
            "Q95": stats.q95[number],
            "方阵（取 1）": found.tier_probability[number],
        }
        expected |= {f"第{place}": found.chance(row["地区"], place) for place in (1, 2, 3)}
        expected |= {f"在 {other} 前": found.chance_above(row["地区"], other) for other in found.units}
        assert set(expected) == set(row) - {"地区"}
        for name, value in expected.items():
            same(row[name], value)


def check_sobol() -> None:
    rows = read("runs")
    y = np.array([[float(row[name]) for row in rows] for name in ("y_A", "y_B", "y_AB1", "y_AB2")])
    first, total = sobol_indices(y)
    for number, row in enumerate(read("indices")):
        same(row["一阶"], first[number])
        same(row["总效应"], total[number])
    assert math.isclose(float(np.var(y[:2], ddof=1)), 2 / 3)


def check_removal() -> None:
    rows, codes = read("removal"), ("a", "b", "c")
    tree = Hierarchy((*(Node(code, "I") for code in codes), Node("I")))
    values = np.array([[float(row[code]) for code in codes] for row in rows])
    found = remove_elements(run(IndexScheme(tree), Dataset(tuple("ABC"), codes, values)), 1)
    for unit, row in enumerate(rows):
        same(row["得分"], found.scores[unit, 0])
        same(row["名次"], found.ranks[unit, 0])
        for number, code in enumerate(codes, start=1):
            same(row[f"去 {code}"], found.scores[unit, number])
            same(row[f"去 {code} 名次"], found.ranks[unit, number])
    for number, row in enumerate(read("shifts"), start=1):
        assert row["去掉"] == codes[number - 1]
        same(row["平均移动"], found.mean_shift[number])


CHECKS: dict[str, Callable[[], None]] = {
    "weights": check_weights,
    "values": check_values,
    "options": check_options,
    "points": check_points,
    "draws": check_draws,
    "statistics": check_statistics,
    "runs": check_sobol,
    "removal": check_removal,
}
READ_WITH = {"matrix": "draws", "indices": "runs", "shifts": "removal"}


@pytest.mark.parametrize("name", CHECKS)
def test_worked_numbers(name: str) -> None:
    CHECKS[name]()


def test_every_table_is_checked() -> None:
    assert set(re.findall(r"<!-- table: (\w+) -->", TEXT)) == CHECKS.keys() | READ_WITH.keys()


def test_every_error_named_is_raised_somewhere() -> None:
    """The list of errors at the end names codes that stand in the source."""
    source = "".join(path.read_text(encoding="utf-8") for path in (DOCS.parents[1] / "yiqi" / "engine").rglob("*.py"))
    named = re.findall(r"`(\w+)`", TEXT.split("错误一览：", 1)[1])
    assert [code for code in named if f'"{code}"' not in source] == []
