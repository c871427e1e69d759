"""The worked numbers of docs/algorithms/index-columns.md, read from the document and asserted cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from tests.engine.worked import CUT, DASH, Table, tables
from yiqi.engine import FloatArray
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.run.impute import impute
from yiqi.engine.run.moments import skew_kurt
from yiqi.engine.run.transforms import boxcox, log_ct, log_ct_orig, log_ct_plus
from yiqi.engine.run.treat import treat
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.steps import ImputeSpec, TreatSpec
from yiqi.engine.study.panel import impute_panel, panel_of
from yiqi.engine.study.statistics import correlations, cronbach_alpha, principal_components, statistics
from yiqi.engine.study.trends import METHODS as TREND_METHODS
from yiqi.engine.study.trends import trends
from yiqi.engine.study.weights import effective_weights, optimise_weights, stated_shares, weight_facts, weight_notices

ALL = tables("index-columns.md")


def _of(section: str) -> list[Table]:
    found = [table for table in ALL if table.heading.split()[0] == section]
    assert found
    return found


def _example(section: str) -> list[tuple[str, ...]]:
    """Rows of the one table of a section that stands without settings (the last, after any that explain)."""
    return list(_of(section)[-1].rows)


def _number(text: str) -> float:
    return math.nan if text == DASH else float(text.rstrip(CUT))


def _numbers(text: str) -> FloatArray:
    return np.array([_number(each) for each in text.split()])


def _agree(texts: str | Sequence[str], found: Iterable[float], what: object = "") -> None:
    """Exact to 1e-12, or cut off (towards 0) after the digits shown."""
    printed = texts.split() if isinstance(texts, str) else list(texts)
    for text, value in zip(printed, np.asarray(list(found), dtype=np.float64).tolist(), strict=True):
        if text == DASH:
            assert math.isnan(value), (what, text, value)
        elif text.endswith(CUT):
            scale = 10 ** len(text.rstrip(CUT).partition(".")[2])
            assert math.trunc(value * scale) == round(_number(text) * scale), (what, text, value)
        else:
            assert math.isclose(value, _number(text), rel_tol=1e-12, abs_tol=1e-12), (what, text, value)


def _columns(*texts: str) -> FloatArray:
    return np.column_stack([_numbers(text) for text in texts])


@pytest.mark.parametrize("table", [table for table in _of("impute") if table.settings], ids=lambda table: table.id)
def test_impute(table: Table) -> None:
    settings: dict[str, Any] = dict(table.settings or {})
    directions = settings.pop("directions", None)
    codes = [name for name in table.header if f"{name} 填补" in table.header]
    values = _columns(*(" ".join(table.column(code)) for code in codes))
    groups = [None if group == DASH else group for group in table.column("组")] if "组" in table.header else None
    found = impute(values, ImputeSpec(**settings), groups=groups, directions=directions)
    for number, code in enumerate(codes):
        _agree(table.column(f"{code} 填补"), found[:, number], code)


def test_every_way_to_impute_has_numbers() -> None:
    from yiqi.engine.scheme.steps import IMPUTATIONS

    assert {(table.settings or {})["method"] for table in _of("impute") if table.settings} == set(IMPUTATIONS)


@pytest.mark.parametrize(
    ("heading", "method", "max_age"),
    [
        ("latest", "latest", None),
        ("latest 限1年", "latest", 1),
        ("constant", "constant", None),
        ("linear", "linear", None),
        ("linear-constant", "linear-constant", None),
    ],
)
def test_panel(heading: str, method: str, max_age: float | None) -> None:
    table = _of("panel")[0]
    years = [float(year) for year in table.column("时间")]
    panel = panel_of(["R"] * len(years), years, _columns(" ".join(table.column("a"))), ("a",))
    _agree(table.column(heading), impute_panel(panel, method, max_age).values[:, 0, 0], heading)
    assert set(table.header) == {"时间", "a", "latest", "latest 限1年", "constant", "linear", "linear-constant"}


@pytest.mark.parametrize("row", _example("trends"), ids=lambda row: f"{row[1]} {row[3]}")
def test_trends(row: tuple[str, ...]) -> None:
    years, series, direction, latest, *expected = row
    panel = panel_of(["R"] * len(years.split()), _numbers(years).tolist(), _columns(series), ("a",))
    last = None if latest == DASH else int(latest)
    for method, text in zip(TREND_METHODS, expected, strict=True):
        found = trends(panel, method, directions=[float(direction)], latest=last)
        _agree(text, found.values.ravel(), method)
        assert [each.code for each in found.warnings] == (["no_trend"] if text == DASH else [])


@pytest.mark.parametrize("row", _example("moments"), ids=lambda row: row[0])
def test_moments(row: tuple[str, str, str]) -> None:
    skew, kurt = skew_kurt(_columns(row[0]))
    _agree([row[1]], skew)
    _agree([row[2]], kurt)


@pytest.mark.parametrize("table", _of("treat"), ids=lambda table: table.id)
def test_treat(table: Table) -> None:
    assert table.settings is not None
    ((given, expected),) = table.rows
    _agree(expected, treat(_columns(given), TreatSpec.from_dict(table.settings)).values[:, 0])


@pytest.mark.parametrize("row", _example("transform"), ids=lambda row: row[0])
def test_transforms(row: tuple[str, ...]) -> None:
    x = _columns(row[0])
    found = (log_ct(x), log_ct_orig(x), log_ct_plus(x), boxcox(x, 0.5), boxcox(x, 0.0))
    for text, column in zip(row[1:], found, strict=True):
        _agree(text, column[:, 0])


@pytest.mark.parametrize("row", _example("correlations"), ids=lambda row: f"{row[0]} / {row[1]}")
def test_correlations(row: tuple[str, ...]) -> None:
    pair = _columns(*row[:2])
    found = {method: correlations(pair, method=method) for method in ("pearson", "spearman", "kendall")}
    _agree(row[2:5], [each.r[0, 1] for each in found.values()])
    _agree(row[5:], [found[method].p[0, 1] for method in ("pearson", "kendall")])


@pytest.mark.parametrize("row", _example("reliability"), ids=lambda row: f"{row[0]} / {row[1]}")
def test_reliability(row: tuple[str, ...]) -> None:
    pair = _columns(*row[:2])
    found = principal_components(pair)
    _agree([row[2]], [cronbach_alpha(pair)])
    _agree(row[3], found.sdev)
    _agree(row[4], found.share)
    first = found.loadings[:, 0]
    _agree(row[5], first if abs(first.sum()) > 1e-9 else first * np.sign(first[0]))


@pytest.mark.parametrize("row", _example("statistics"), ids=lambda row: row[0])
def test_statistics(row: tuple[str, ...]) -> None:
    found = statistics(_columns(row[0]))
    measures = (found.low, found.high, found.mean, found.median, found.sd)
    counts = (found.available, found.non_zero, found.unique, found.same)
    _agree(row[1:10], [float(each[0]) for each in (*measures, *counts)])
    assert " ".join(name for name, flag in found.flags.items() if flag[0]) == (row[10] if row[10] != DASH else "")


def test_effective_weights() -> None:
    rows = _example("effective")
    nodes = [Node(code, "" if above == DASH else above, float(weight)) for code, above, weight, *_ in rows]
    tree = Hierarchy(tuple(nodes))
    assert stated_shares(tree) == {row[0]: float(row[3]) for row in rows}
    assert effective_weights(tree) == {row[0]: float(row[4]) for row in rows}


def _two(weights: Sequence[float]) -> Hierarchy:
    return Hierarchy((Node("x", "总", weights[0]), Node("y", "总", weights[1]), Node("总")))


@pytest.mark.parametrize("row", _example("importance"), ids=lambda row: f"{row[1]} / {row[2]}")
def test_importance(row: tuple[str, ...]) -> None:
    tree, values = _two(_numbers(row[2]).tolist()), _columns(*row[:2])
    facts = weight_facts(tree, values, aggregate(tree, values))
    _agree(row[3], [fact.r_parent for fact in facts])
    _agree(row[4], [fact.importance for fact in facts])
    _agree(row[5], [fact.contribution for fact in facts])
    told: Mapping[str | None, str] = {each.indicator: each.code for each in weight_notices(facts, 100)}
    assert " ".join(told.get(code, DASH) for code in ("x", "y")) == row[6]


@pytest.mark.parametrize("row", _example("optimise"), ids=lambda row: f"{row[2]} {row[3]}")
def test_optimise(row: tuple[str, ...]) -> None:
    x, y, objective, wished, weights, shares, reached = row
    targets = None if wished == DASH else dict(zip("xy", _numbers(wished).tolist(), strict=True))
    found = optimise_weights(_two([1.0, 1.0]), _columns(x, y), level=1, objective=objective, targets=targets)
    printed = [_number(text) for text in weights.split()]
    np.testing.assert_allclose(list(found.weights.values()), printed, atol=1e-4)
    np.testing.assert_allclose(list(found.obtained.values()), [_number(text) for text in shares.split()], atol=1e-4)
    if reached == DASH:  # the mean square is 0
        assert math.exp(found.certificate.objective) <= 1e-30
    else:
        _agree([reached], [found.certificate.objective])
