"""The engine against the same pipeline in plain Python, on trees and figures of many shapes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine import slowly
from tests.engine.parity.reading import agree
from yiqi.engine import IndexScheme, run
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps


def _tree(random: np.random.Generator, leaves: int) -> Hierarchy:
    """Uneven depth, uneven weights, both directions, two denominators."""
    aggregates = ["top", *(f"g{n}" for n in range(1 + leaves // 4))]
    nodes = [Node("top")]
    for number, code in enumerate(aggregates[1:], start=1):
        nodes.append(Node(code, aggregates[int(random.integers(0, number))], float(random.uniform(0.5, 3))))
    parents = [*aggregates[1:], *random.choice(aggregates, leaves - len(aggregates) + 1)]
    for number, parent in enumerate(parents):
        below = (None, "people", "area")[int(random.integers(0, 3))]
        direction = int(random.choice([1, -1]))
        nodes.append(Node(f"i{number}", str(parent), float(random.uniform(0.5, 3)), direction, denominator=below))
    return Hierarchy(tuple(nodes))


def _figures(random: np.random.Generator, units: int, columns: int) -> np.ndarray:
    """Normal, long-tailed, counted and outlying columns; one cell in thirty missing, many of the first unit."""
    values = random.normal(50, 10, (units, columns))
    values[:, ::3] = random.lognormal(0, 1.5, values[:, ::3].shape)
    values[:, 1::5] = random.poisson(3, values[:, 1::5].shape)
    values[random.integers(0, units, 3), random.integers(0, columns, 3)] *= 60
    values[random.random(values.shape) < 1 / 30] = np.nan
    values[0, ::2] = np.nan
    values[1:9, 2] = 10.0 ** np.arange(3, 11)  # more than five points to winsorise
    return values.round(3)


@pytest.mark.parametrize("seed", range(12))
def test_the_standard_pipeline(seed: int) -> None:
    random = np.random.default_rng(seed)
    units, leaves = int(random.integers(90, 140)), int(random.integers(6, 60))
    tree = _tree(random, leaves)
    groups = ("alone", *(str(label) for label in random.choice(["north", "south", "east"], units - 1)))
    below = {name: random.uniform(1, 90, units) for name in ("people", "area")}
    data = Dataset(
        tuple(f"u{n}" for n in range(units)),
        tree.indicators,
        _figures(random, units, len(tree.indicators)),
        groups={"side": groups},
        denominators=below,
    )
    result = run(IndexScheme(tree, Steps.standard("side")), data)
    assert result.treated is not None
    assert result.treated.details.winsorised.any()
    assert any(result.treated.details.transforms)
    assert result.units == data.units[1:]  # the first is alone in its group: its gaps stay, and it is left out
    stay = [data.row(unit) for unit in result.units]

    columns: dict[str, slowly.Column] = {}
    for number, code in enumerate(tree.indicators):
        node = tree.node(code)
        divisor = below[node.denominator].tolist() if node.denominator else [1.0] * units
        raw = [None if np.isnan(x) else x / d for x, d in zip(data.values[:, number].tolist(), divisor, strict=True)]
        full = slowly.filled(raw, groups)
        columns[code] = slowly.scaled(slowly.treated([full[row] for row in stay]), node.direction)
    children = {code: list(tree.children(code)) for code in tree.aggregates}
    for place, code in enumerate(result.nodes):
        found = [slowly.score(n, code, columns, children, lambda c: tree.node(c).weight) for n in range(len(stay))]
        agree(result.scores[:, place], [np.nan if value is None else value for value in found], f"{seed} {code}")
