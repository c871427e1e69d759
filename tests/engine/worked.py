"""Reads the worked examples of docs/algorithms: a block of settings (JSON) and the table below it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.engine.build import scored
from yiqi.engine import AppraisalResult, AppraisalScheme, BlockSpec, FloatArray, IndicatorSpec

DOCS = Path(__file__).parents[2] / "docs" / "algorithms"
DASH, CUT = "—", "…"


@dataclass(frozen=True)
class Table:
    """One markdown table: the heading above it, the settings just before it (None without), header and rows."""

    heading: str
    settings: dict[str, Any] | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def id(self) -> str:
        return f"{self.heading.split()[0]}:{json.dumps(self.settings, ensure_ascii=False)[:60]}"

    def column(self, name: str) -> list[str]:
        return [row[self.header.index(name)] for row in self.rows]


def tables(name: str) -> list[Table]:
    """Every table of a document, in order."""
    found: list[Table] = []
    heading, settings = "", None
    pattern = r"^## (?P<head>.+)$|^```json\n(?P<json>[\s\S]*?)^```$|(?P<table>(?:^\|.*\n)+)"
    for match in re.finditer(pattern, (DOCS / name).read_text(encoding="utf-8"), re.MULTILINE):
        if match["head"]:
            heading, settings = match["head"], None
        elif match["json"]:
            settings = json.loads(match["json"])
        else:
            lines = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in match["table"].splitlines()]
            found.append(Table(heading, settings, lines[0], tuple(lines[2:])))
            settings = None
    return found


def number(text: str) -> float:
    return math.nan if text == DASH else float(text.rstrip(CUT))


def agrees(text: str, value: float) -> bool:
    """Whether the computed value is the one printed: exact to 1e-12, or cut off after the digits shown."""
    if text == DASH or math.isnan(value):
        return text == DASH and math.isnan(value)
    if not text.endswith(CUT):
        return math.isclose(value, float(text), rel_tol=1e-12, abs_tol=1e-12)
    digits = len(text.rstrip(CUT).partition(".")[2])
    return math.floor(value * 10**digits) == round(float(text.rstrip(CUT)) * 10**digits)


def scheme_of(settings: dict[str, Any]) -> AppraisalScheme:
    """The scheme of an example: one block 板块; a lone rule stands for the indicator 甲."""
    given = dict(settings) if "indicators" in settings else {"indicators": [{"code": "甲", **settings}]}
    indicators = tuple(IndicatorSpec.from_dict({"block": "板块", **spec}) for spec in given.pop("indicators"))
    block = BlockSpec("板块", coverage=given.pop("coverage", 0.0))
    return AppraisalScheme.from_dict(
        {**given, "blocks": [block.to_dict()], "indicators": [spec.to_dict() for spec in indicators]}
    )


def run_table(table: Table) -> AppraisalResult:
    """Run an example on the figures of its table."""
    assert table.settings is not None
    scheme = scheme_of(table.settings)
    matrices = {kind: _matrix(table, scheme, kind) for kind in ("x", "T", "上期", "增幅")}
    return scored(
        scheme,
        table.column("地区"),
        matrices["x"],
        targets=matrices["T"],
        previous=matrices["上期"],
        growth=matrices["增幅"],
        peers=table.column("组") if "组" in table.header else None,
    )


def _matrix(table: Table, scheme: AppraisalScheme, kind: str) -> FloatArray:
    columns = []
    for spec in scheme.indicators:
        name = heading_of(table, spec.code, kind)
        columns.append([number(text) for text in table.column(name)] if name else [math.nan] * len(table.rows))
    return np.array(columns).T


def heading_of(table: Table, code: str, kind: str) -> str | None:
    """The column of a kind for an indicator: '甲 x', or 'x' where there is one indicator only."""
    lone = table.settings is not None and "indicators" not in table.settings
    return next((name for name in ((kind,) if lone else (f"{code} {kind}",)) if name in table.header), None)
