"""The worked numbers of docs/algorithms/index-methods.md, read from the document and asserted cell by cell."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np
import pytest

from tests.engine.trees import four, ragged
from tests.engine.worked import CUT, DASH, DOCS, Table, number, tables
from yiqi.engine import IndexScheme, run
from yiqi.engine.console.files import SILENT
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.normalise import normalise
from yiqi.engine.run.screen import screen
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.methods import MEANS, SCALES
from yiqi.engine.scheme.methods.outrank import dominance, outrank_matrix
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec, ScreenSpec
from yiqi.engine.tell import explain

ALL = tables("index-methods.md")
WEIGHTS = (1.0, 1.0, 2.0)
TARGETS = {1.0: 6.0, -1.0: 5.0}


def _of(section: str) -> list[Table]:
    return [table for table in ALL if table.heading.split()[0] == section]


def _printed(text: str, value: float) -> bool:
    """Equal to 1e-12, or cut off (towards 0) after the digits shown."""
    if text == DASH or math.isnan(value):
        return text == DASH and math.isnan(value)
    if not text.endswith(CUT):
        return math.isclose(value, float(text), rel_tol=1e-12, abs_tol=1e-12)
    digits = len(text.rstrip(CUT).partition(".")[2])
    return math.trunc(value * 10**digits) == round(float(text.rstrip(CUT)) * 10**digits)


def _same(texts: Iterable[str], values: Iterable[float]) -> None:
    assert [text for text, value in zip(texts, values, strict=True) if not _printed(text, float(value))] == []


def _cells(table: Table, names: Iterable[str]) -> np.ndarray:
    return np.array([[number(text) for text in table.column(name)] for name in names]).T


@pytest.mark.parametrize("table", [table for table in _of("normalise") if table.settings], ids=lambda table: table.id)
def test_normalise(table: Table) -> None:
    assert table.settings is not None
    spec = NormaliseSpec(**table.settings)
    for name, direction in (("高者优", 1.0), ("低者优", -1.0)):
        units = tuple(table.column("地区"))
        found = normalise(
            _cells(table, ["x"]),
            spec,
            directions=[direction],
            targets=[TARGETS[direction]],
            units=units,
            columns=("x",),
        )
        _same(table.column(name), found[:, 0])


def test_every_method_has_an_example_and_a_formula() -> None:
    scales, means = _of("normalise"), _of("aggregate")
    assert sorted(f"`{name}`" for name in SCALES) == sorted(scales[0].column("办法"))
    assert {table.settings["method"] for table in scales if table.settings} == set(SCALES)
    assert sorted(f"`{name}`" for name in MEANS) == sorted(means[0].column("办法"))
    assert {table.settings["method"] for table in means if table.settings} == set(MEANS)


def test_zero_range() -> None:
    (table,) = _of("zero_range")
    for method, *texts in table.rows:
        for policy, text in zip(table.header[1:], texts, strict=True):
            found = normalise(np.array([[7.0], [7.0], [7.0]]), NormaliseSpec(method, zero_range=policy))
            _same([text] * 3, found[:, 0])


def _index(table: Table, spec: AggregateSpec) -> IndexResult:
    """Values that stand on the common scale already."""
    nodes = [Node(code, "top", weight) for code, weight in zip("abc", WEIGHTS, strict=True)]
    data = Dataset(tuple(table.column("地区")), tuple("abc"), _cells(table, "abc"))
    steps = Steps(normalise=NormaliseSpec("scaled"), aggregate=(spec,))
    return run(IndexScheme(Hierarchy((*nodes, Node("top"))), steps), data)


@pytest.mark.parametrize("table", [table for table in _of("aggregate") if table.settings], ids=lambda table: table.id)
def test_aggregate(table: Table) -> None:
    assert table.settings is not None
    _same(table.column("分数"), _index(table, AggregateSpec(**table.settings)).index)


def test_outrank() -> None:
    matrix, total = _of("outrank")
    cells = _cells(next(table for table in _of("aggregate") if table.settings == {"method": "copeland"}), "abc")
    found = outrank_matrix(cells, WEIGHTS)
    for row, texts in enumerate(matrix.rows):
        _same(texts[1:], found[row])
    _same(total.rows[0], dominance(found))


def test_tree() -> None:
    (table,) = _of("tree")
    assert _cells(table, "abc").tolist() == four().values.tolist()
    result = run(IndexScheme(ragged()), four())
    for code in result.nodes:
        _same(table.column(code), result.scores[:, result.nodes.index(code)])
    _same(table.column("名次"), result.index_ranks)
    for unit, row in zip(table.column("地区"), table.rows, strict=True):
        parts = {item.code: item.points for item in explain(result, unit, "top").contributions}
        for code in "abc":
            assert _printed(row[table.header.index(f"来自 {code}")], parts[code])


def test_explain() -> None:
    (table,) = _of("explain")
    source = next(t for t in _of("aggregate") if t.settings == {"method": "copeland"})
    for method, unit, *texts in table.rows:
        way = explain(_index(source, AggregateSpec(method)), unit, "top")
        parts = {item.code: item.points for item in way.contributions}
        assert way.score is not None
        _same(texts, [*(parts[code] for code in "abc"), parts.get("top", math.nan), way.score])


def test_screen() -> None:
    (table,) = _of("screen")
    assert table.settings is not None
    found = screen(_cells(table, "abc"), ScreenSpec(**table.settings), table.column("地区"))
    _same(table.column("有数比例"), found.available)
    _same(table.column("非零比例"), found.nonzero)
    assert [text == "是" for text in table.column("留下")] == found.included.tolist()


def test_every_warning_is_documented() -> None:
    """Codes raised anywhere in the package on the way of ``build``."""
    folder = DOCS.parents[1] / "yiqi" / "engine"
    names = ("tell/index_notices", "run/pipeline", "run/impute", "run/treat", "study/weights/facts", "console/files")
    files = [folder / f"{name}.py" for name in names]
    raised = {code for path in files for code in re.findall(r'Notice\(\s*"(\w+)"', path.read_text(encoding="utf-8"))}
    raised |= {code for code, _ in SILENT.values()}
    (table,) = _of("notices")
    assert {code for text in table.column("代码") for code in re.findall(r"`(\w+)`", text)} == raised
