"""Reading the reference outputs: codes, columns, numbers; and the one measure of agreement."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine import FloatArray
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node

FOLDER = Path(__file__).parent / "reference"
RELATIVE = 1e-9


@dataclass(frozen=True)
class Reference:
    """One file: its header and the cells as text."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The first column."""
        return self.texts(self.header[0])

    @property
    def columns(self) -> tuple[str, ...]:
        """The header without the first column."""
        return self.header[1:]

    def texts(self, column: str) -> tuple[str, ...]:
        place = self.header.index(column)
        return tuple(row[place] for row in self.rows)

    def numbers(self, *columns: str) -> FloatArray:
        """(rows, columns) float64, empty = nan, TRUE = 1; all columns after the first without names."""
        places = [self.header.index(column) for column in columns or self.columns]
        return np.array([[_number(row[place]) for place in places] for row in self.rows])

    def column(self, name: str) -> FloatArray:
        """(rows,)"""
        return self.numbers(name)[:, 0]


def _number(text: str) -> float:
    known = {"": math.nan, "NA": math.nan, "NaN": math.nan, "Inf": math.inf, "TRUE": 1.0, "FALSE": 0.0}
    return known[text] if text in known else float(text)


@cache
def read(name: str) -> Reference:
    """One reference file by its name with or without ``.csv``."""
    path = FOLDER / (name if name.endswith(".csv") else f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return Reference(path.name, tuple(header), tuple(tuple(row) for row in rows))


@cache
def files() -> tuple[str, ...]:
    """Names of all files of the folder."""
    return tuple(sorted(path.name for path in FOLDER.iterdir()))


@cache
def tree(weights: str | None = None) -> Hierarchy:
    """The hierarchy of ``00_meta``, with the weights of another file where one is named."""
    meta = read("00_meta")
    nodes = []
    for row in meta.rows:
        item = dict(zip(meta.header, row, strict=True))
        if item["Type"] in {"Indicator", "Aggregate"}:
            nodes.append(
                Node(
                    item["iCode"],
                    item["Parent"],
                    float(item["Weight"]),
                    int(item["Direction"]),
                    name=item["iName"],
                    target=float(item["Target"]),
                    denominator=item["Denominator"] or None,
                    level=int(item["Level"]),
                    unit=item["Unit"],
                )
            )
    found = Hierarchy(tuple(nodes))
    if weights:
        table = read(weights)
        found = found.with_weights(dict(zip(table.codes, table.column("Weight").tolist(), strict=True)))
    return found


@cache
def data(name: str = "00_raw") -> Dataset:
    """A file of indicators as a data set, with the groups and denominators of ``00_raw``."""
    raw, table = read("00_raw"), read(name)
    units = raw.texts("uCode")
    assert table.texts("uCode") == units
    columns = tuple(code for code in table.header if code.startswith("i"))
    return Dataset(
        units,
        columns,
        table.numbers(*columns),
        names=dict(zip(units, raw.texts("uName"), strict=True)),
        groups={name: raw.texts(name) for name in ("grp1", "grp2")},
        denominators={"Pop": raw.column("Pop")},
    )


def agree(ours: ArrayLike, theirs: ArrayLike, what: str = "") -> None:
    """Equal to 1e-9 relative, missing where missing; what is 0 but for rounding is measured by its column's size."""
    found, expected = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    assert found.shape == expected.shape, (what, found.shape, expected.shape)
    known = np.where(np.isfinite(expected), np.abs(expected), 0.0)
    size = known.max(axis=0, initial=0.0)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected), err_msg=what)
    with np.errstate(invalid="ignore"):
        off = np.abs(found - expected) > RELATIVE * np.maximum(known, 1e-3 * size)
    assert not off.any(), (what, found[off][:5], expected[off][:5])


def same_codes(ours: Sequence[str], theirs: Sequence[str]) -> None:
    """Codes are compared exactly."""
    assert tuple(ours) == tuple(theirs)
