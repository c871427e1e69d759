"""How much is worked out for an answer: values tried, columns and whole indices built. No clock."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from benchmarks.catchup import situation_of
from yiqi.engine.catchup import Lever, index, next_place, scale, single_changes
from yiqi.engine.scheme.index import Steps


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    counted: Counter[str] = Counter()
    on_scale, run = scale.IndexColumn.on_scale, index.run

    def counting(column: scale.IndexColumn, values: Any) -> Any:
        counted["columns"] += 1
        counted["values"] += len(values)
        return on_scale(column, values)

    def building(*words: Any) -> Any:
        counted["builds"] += 1
        return run(*words)

    monkeypatch.setattr(scale.IndexColumn, "on_scale", counting)
    monkeypatch.setattr(index, "run", building)
    return counted


@pytest.mark.parametrize(
    ("steps", "most"),
    [
        (Steps(), {"values": 9_000, "columns": 560, "builds": 260}),  # by halving: 322,955, 5,851, 240
        (Steps.standard(), {"values": 50_000, "columns": 1_000, "builds": 260}),
    ],
    ids=["min-max", "treated"],
)
def test_every_single_change_of_fifty_one_by_forty_nine(work: Counter[str], steps: Steps, most: dict[str, int]) -> None:
    situation, unit = situation_of(steps)
    work.clear()
    answers = single_changes(situation, unit, next_place())
    assert [answer.verified for answer in answers] == [True] * 49
    assert {name: work[name] for name in most if work[name] > most[name]} == {}


def test_a_crossing_is_worked_out_and_not_searched_for(work: Counter[str]) -> None:
    situation, unit = situation_of(Steps())
    work.clear()
    (answer,) = single_changes(situation, unit, next_place(), levers=[Lever("i0")])
    assert (answer.proved, answer.verified) == (True, True)
    assert work["columns"] <= 12
