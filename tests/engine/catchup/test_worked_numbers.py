"""The worked numbers of docs/algorithms/catching-up.md, read from the document and asserted cell by cell."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.engine.build import now_of
from tests.engine.worked import CUT, DASH, Table, agrees, number, scheme_of, tables
from yiqi.engine import RULES, IndexScheme
from yiqi.engine.catchup import (
    Bounds,
    IndexSituation,
    Lever,
    Marginal,
    Scenario,
    Scope,
    SingleChange,
    Situation,
    Wish,
    at_place,
    cheapest_combination,
    first_tier,
    marginals,
    neighbourhood,
    next_place,
    single_changes,
    what_if,
)
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps

RESULTS = {"足够": "enough", "不够": "cannot", "已达到": "already"}


class Question(NamedTuple):
    """A table that asks something of the figures of an earlier table."""

    figures: Table
    asked: Table

    @property
    def id(self) -> str:
        return f"{self.figures.heading.split()[0]}:{self.asked.settings}"


def questions() -> list[Question]:
    found, figures = [], None
    for table in tables("catching-up.md"):
        if table.settings is None:
            continue
        if "unit" in table.settings:
            assert figures is not None
            found.append(Question(figures, table))
        else:
            figures = table
    return found


def situation_of(table: Table) -> Situation:
    assert table.settings is not None
    if "index" in table.settings:
        return _index_of(table)
    scheme = scheme_of(table.settings)
    figures: dict[str, Any] = {}
    for name, kind in (("values", "x"), ("targets", "T"), ("growth", "增幅")):
        columns = [_column(table, f"{spec.code} {kind}") for spec in scheme.indicators]
        figures[name] = np.array(columns).T
    groups = table.column("组") if "组" in table.header else None
    return now_of(scheme, table.column("地区"), figures.pop("values"), **figures, peers=groups)


def _column(table: Table, name: str) -> list[float]:
    if name not in table.header:
        return [math.nan] * len(table.rows)
    return [number(text) for text in table.column(name)]


def _index_of(table: Table) -> IndexSituation:
    assert table.settings is not None
    directions = table.settings["index"]
    nodes = [Node(code, "指数", direction=direction) for code, direction in directions.items()]
    values = np.array([_column(table, f"{code} x") for code in directions]).T
    data = Dataset(tuple(table.column("地区")), tuple(directions), values)
    steps = Steps.from_dict(table.settings.get("plan", {"normalise": {"method": "minmax"}}))
    return IndexSituation(IndexScheme(Hierarchy((*nodes, Node("指数"))), steps), data)


def wish_of(settings: dict[str, Any]) -> Wish:
    inside = settings.get("within_group", False)
    if settings["wish"] == "tier":
        return first_tier()
    if settings["wish"] == "next":
        return next_place(within_group=inside)
    return at_place(settings["wish"], within_group=inside)


def bounds_of(settings: dict[str, Any]) -> dict[str, Bounds]:
    return {code: Bounds(low, high) for code, (low, high) in settings.get("bounds", {}).items()}


def shown(lever: Lever) -> str:
    return lever.indicator if lever.array == "values" else f"{lever.indicator}增幅"


ALL = questions()


def of_kind(key: str) -> list[Question]:
    return [q for q in ALL if q.asked.settings and key in q.asked.settings]


SINGLE = [q for q in of_kind("wish") if "costs" not in (q.asked.settings or {})]


@pytest.mark.parametrize("question", SINGLE, ids=lambda q: q.id)
def test_single_changes(question: Question) -> None:
    settings = question.asked.settings or {}
    situation = situation_of(question.figures)
    answers = single_changes(situation, settings["unit"], wish_of(settings), bounds=bounds_of(settings))
    found = {shown(answer.lever): answer for answer in answers}
    assert list(found) == question.asked.column("指标")
    wrong = [row for row in question.asked.rows if not _fits(dict(zip(question.asked.header, row, strict=True)), found)]
    assert wrong == []
    assert all(answer.proved for answer in answers)


def _fits(row: dict[str, str], found: dict[str, SingleChange]) -> bool:
    answer = found[row["指标"]]
    reach = answer.needed or answer.best
    assert reach is not None
    pairs = [
        (row["现值"], math.nan if answer.current is None else answer.current),
        (row["需达到"], reach.value),
        (row["名次"], float(reach.place or math.nan)),
        (row["得分"], math.nan if reach.points is None else reach.points),
    ]
    return answer.status == RESULTS[row["结果"]] and all(agrees(text, value) for text, value in pairs)


@pytest.mark.parametrize("question", of_kind("costs"), ids=lambda q: q.id)
def test_cheapest(question: Question) -> None:
    settings = question.asked.settings or {}
    situation = situation_of(question.figures)
    answer = cheapest_combination(
        situation, settings["unit"], wish_of(settings), costs=settings["costs"], bounds=bounds_of(settings)
    )
    printed = [row for row in question.asked.rows if row[0] != "合计"]
    assert [shown(part.lever) for part in answer.parts] == [row[0] for row in printed]
    for part, row in zip(answer.parts, printed, strict=True):
        assert [agrees(text, v) for text, v in zip(row[1:], (part.current, part.value, part.cost), strict=True)] == [
            True, True, True,
        ]  # fmt: skip
    assert answer.cost == pytest.approx(float(question.asked.rows[-1][-1]), rel=1e-12)
    assert (answer.status, answer.certificate.closed, answer.certificate.complete) == ("enough", True, True)
    assert answer.certificate.bound == pytest.approx(answer.cost, rel=1e-6)


@pytest.mark.parametrize("question", of_kind("marginal"), ids=lambda q: q.id)
def test_marginals(question: Question) -> None:
    situation, settings = situation_of(question.figures), question.asked.settings or {}
    found = {shown(line.lever): line for line in marginals(situation, settings["unit"])}
    assert question.asked.column("指标") == settings.get("only", list(found))
    for row in question.asked.rows:
        line, printed = found[row[0]], dict(zip(question.asked.header, row, strict=True))
        for name, value in _marginal_cells(line).items():
            assert _near(printed.get(name, CUT), value), (name, value)
        assert int(printed["左一步名次"]) == line.left.places
        assert {printed.get("依据", "exact")} == {line.left.how, line.right.how}


def _marginal_cells(line: Marginal) -> dict[str, float | None]:
    left, right = line.left, line.right
    return {
        "左斜率": left.slope, "右斜率": right.slope, "左跳": left.jump, "右跳": right.jump,
        "右领先": right.lead_slope, "左一步得分": left.points, "右一步得分": right.points,
    }  # fmt: skip


def _near(text: str, value: float | None) -> bool:
    """A column that is not printed agrees; slopes carry the rounding of a difference."""
    if text == CUT:
        return True
    if value is None or text == DASH:
        return value is None and text == DASH
    return agrees(text, value) if text.endswith(CUT) else float(text) == pytest.approx(value, abs=1e-8)


@pytest.mark.parametrize("question", of_kind("neighbours"), ids=lambda q: q.id)
def test_neighbours(question: Question) -> None:
    situation = situation_of(question.figures)
    found = neighbourhood(situation, (question.asked.settings or {})["unit"], Scope())
    rows = []
    for relation, group in (("在前", found.above), ("在后", found.below)):
        rows += [(relation, other.unit, other.gap, shown(m.lever), m.value) for other in group for m in other.moves]
    rows += [("余地", found.unit, math.nan, shown(move.lever), move.value) for move in found.slack]
    assert [(*row[0:2], row[3]) for row in rows] == [(r[0], r[1], r[3]) for r in question.asked.rows]
    for row, printed in zip(rows, question.asked.rows, strict=True):
        assert (agrees(printed[2], row[2]), agrees(printed[4], row[4])) == (True, True)


@pytest.mark.parametrize("question", of_kind("changes"), ids=lambda q: q.id)
def test_what_if(question: Question) -> None:
    situation, settings = situation_of(question.figures), question.asked.settings or {}
    assert isinstance(situation, IndexSituation)
    scenario = Scenario.of("x", {(settings["unit"], code): value for code, value in settings["changes"].items()})
    rows = what_if(situation, scenario).differences
    assert [item.unit for item in rows] == question.asked.column("地区")
    for item, printed in zip(rows, question.asked.rows, strict=True):
        values = (item.points_before, item.points_after, item.place_before, item.place_after)
        assert [number(text) for text in printed[1:]] == pytest.approx(values, abs=1e-12)


def test_every_rule_has_an_example() -> None:
    used = set()
    for question in ALL:
        for spec in (question.figures.settings or {}).get("indicators", ()):
            used.add(spec["rule"])
    assert used == set(RULES)
    assert DASH in {text for question in ALL for row in question.asked.rows for text in row}
