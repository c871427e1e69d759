"""A composite index under uncertain methods, weights and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import place_rows
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.pipeline import KEPT, Pipeline
from yiqi.engine.run.runner import run
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import IndexScheme
from yiqi.engine.uncertainty.aggregation import Aggregation, DrawnScores
from yiqi.engine.uncertainty.assumptions import Assumption, assumptions_to_list, changed
from yiqi.engine.uncertainty.blocks import block_of
from yiqi.engine.uncertainty.design import Design, Sample
from yiqi.engine.uncertainty.simulation import Batch
from yiqi.engine.uncertainty.standing import Failure, check_tier, in_tier

Choice = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Chosen:
    """Draws of one choice of methods: ``weights`` (draws or 1, elements), ``varied`` (elements,), ``errors`` (units,
    indicators) of the values, or None."""

    choice: Choice
    weights: FloatArray
    varied: BoolArray
    errors: FloatArray | None


@dataclass(frozen=True, eq=False)
class IndexModel:
    """Places by ``node`` (the root without it) when some ``assumptions`` about the index are uncertain.

    ``units`` are all units of the data; one that is left out by screening in a draw has no place in it. ``tier_size``:
    the first places that form the tier. Errors: those of ``run`` for the scheme as it is, of ``Design`` and of
    the assumptions, ``tier_invalid``; an option that the steps refuse is an error here, one that the figures refuse
    fails its draws.
    """

    scheme: IndexScheme
    data: Dataset
    assumptions: tuple[Assumption, ...]
    node: str = ""
    tier_size: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "assumptions", tuple(self.assumptions))
        object.__setattr__(self, "node", self.node or self.hierarchy.root)
        if self.node not in self.hierarchy.aggregates:
            text = f"{self.node!r} is not an aggregate of the hierarchy"
            raise EngineError("unknown_node", text, {"node": self.node})
        check_tier(self.tier_size, len(self.units))
        self.design.slices  # noqa: B018 - checks the assumptions
        if self.design.noise is not None:
            self._amplitude  # noqa: B018 - checks the names in the noise
        for number, one in enumerate(self.design.alternatives):
            for option in range(len(one.options)):
                self._scheme_of((0,) * number + (option,) + (0,) * (len(self.design.alternatives) - number - 1))

    @property
    def hierarchy(self) -> Hierarchy:
        """The tree of the scheme."""
        return self.scheme.hierarchy

    @property
    def units(self) -> tuple[str, ...]:
        """All units of the data."""
        return self.data.units

    @property
    def batch_size(self) -> int:
        """Draws in a block."""
        return block_of(max(self.design.width, len(self.units)))

    @cached_property
    def design(self) -> Design:
        """How uniform numbers become draws."""
        return Design(self.assumptions, self.hierarchy, (len(self.data.units), len(self.hierarchy.indicators)))

    @cached_property
    def result(self) -> IndexResult:
        """The index with nothing varied."""
        return run(self.scheme, self.data)

    @cached_property
    def stages(self) -> Pipeline:
        """The steps that draws share."""
        return Pipeline(self.hierarchy, self.data, {})

    @cached_property
    def _amplitude(self) -> FloatArray:
        noise = self.design.noise
        values = self.data.selected(self.hierarchy.indicators)
        return noise.amplitude(self.hierarchy.indicators, values) if noise else np.zeros_like(values)

    def __getstate__(self) -> dict[str, Any]:
        """What travels to workers: not what can be worked out there."""
        return {name: value for name, value in self.__dict__.items() if name in self.__dataclass_fields__}

    def to_dict(self) -> dict[str, Any]:
        """What was varied, as plain JSON values."""
        return {
            "plan": self.scheme.steps.to_dict(),
            "assumptions": assumptions_to_list(self.assumptions),
            "node": self.node,
            "tier_size": self.tier_size,
        }

    def nominal(self) -> Batch:
        """What ``run`` says."""
        scores = np.full((1, len(self.units)), np.nan)
        rows = [self.data.row(unit) for unit in self.result.units]
        scores[0, rows] = self.result.scores[:, self.result.nodes.index(self.node)]
        return self._batch(scores, ())

    def draw(self, random: np.random.Generator, first: int, count: int) -> Batch:
        """``count`` draws over [0, 1) of every assumption."""
        return self.evaluate(self.design.sample(random.random((count, self.design.width)), first))

    def evaluate(self, sample: Sample) -> Batch:
        """Scores, places and failures of given draws. Errors: ``shape_mismatch``, ``unknown_option``."""
        self._check(sample)
        scores = np.full((len(sample), len(self.units)), np.nan)
        wrong: dict[int, EngineError] = {}
        weights = self.hierarchy.weights[None, :] if sample.weights is None else sample.weights
        varied = (weights != weights[0]).any(axis=0)
        for choice, members in self._groups(sample):
            for part in np.array_split(members, -(-len(members) // block_of(len(self.units)))):
                own = weights if sample.weights is None else weights[part]
                errors = None if sample.errors is None else sample.errors[part[0]]
                self._fill(scores, wrong, part, _Chosen(choice, own, varied, errors))
        scores[list(wrong)] = np.nan
        failed = tuple(self._failure(sample, number, wrong[number]) for number in sorted(wrong))
        return self._batch(scores, failed)

    def _check(self, sample: Sample) -> None:
        alternatives = self.design.alternatives
        expected: dict[str, tuple[Any, tuple[int, ...]]] = {
            "choices": (sample.choices, (len(sample), len(alternatives))),
            "weights": (sample.weights, (len(sample), len(self.hierarchy.codes))),
            "errors": (sample.errors, (len(sample), *self.design.shape)),
        }
        for name, (array, shape) in expected.items():
            if array is not None and array.shape != shape:
                text = f"{name} must be shaped {shape}, not {array.shape}"
                raise EngineError("shape_mismatch", text, {"array": name, "expected": list(shape)})
        for number, one in enumerate(alternatives):
            outside = (sample.choices[:, number] < 0) | (sample.choices[:, number] >= len(one.options))
            if outside.any():
                draw = int(np.flatnonzero(outside)[0]) + sample.first
                text = f"draw {draw}: {one.name!r} has options 0 to {len(one.options) - 1}"
                raise EngineError("unknown_option", text, {"option": one.name, "run": draw})

    def _groups(self, sample: Sample) -> list[tuple[Choice, IntArray]]:
        """Draws with the same methods; with noise on values each draw stands alone."""
        if self.design.noise is not None and sample.errors is not None:
            return [(tuple(row), np.array([number])) for number, row in enumerate(sample.choices.tolist())]
        found: dict[Choice, list[int]] = {}
        for number, row in enumerate(sample.choices.tolist()):
            found.setdefault(tuple(row), []).append(number)
        return [(choice, np.array(members)) for choice, members in found.items()]

    def _fill(self, scores: FloatArray, wrong: dict[int, EngineError], members: IntArray, draws: _Chosen) -> None:
        """Scores of some draws of one choice, written into their rows; what fails is noted by its row."""
        try:
            begun, rows = self._begun(draws)
            found = self._aggregation(draws).finish(begun, draws.weights)
        except EngineError as error:
            wrong.update(dict.fromkeys(members.tolist(), error))
            return
        named = {number: self._with_unit(error, rows) for number, error in found.wrong.items()}
        if -1 in named:
            wrong.update(dict.fromkeys(members.tolist(), named[-1]))
            return
        wrong.update({int(members[number]): error for number, error in named.items()})
        scores[np.ix_(members, rows)] = found.column(self.hierarchy.places[self.node])

    def _with_unit(self, error: EngineError, rows: IntArray) -> EngineError:
        """A method knows rows; a reader wants the unit."""
        if "row" not in error.data:
            return error
        unit = self.units[rows[error.data["row"]]]
        return EngineError(error.code, f"unit {unit!r}: {error.message}", {**error.data, "unit": unit})

    def _begun(self, draws: _Chosen) -> tuple[DrawnScores, IntArray]:
        """The part that no draw of this choice changes, and the rows of the units in it."""
        scheme, still = self._scheme_of(draws.choice), np.where(draws.varied, 0.0, draws.weights[0])
        key = (draws.choice, draws.varied.tobytes(), still.tobytes())
        known = self._kept.get(key) if draws.errors is None else None  # a thread beside may clear it at any time
        if known is not None:
            return known
        stages = self.stages if draws.errors is None else self._noisy(draws.errors)
        state = stages.normalised(scheme.steps)
        begun, rows = self._aggregation(draws).begin(state.values, draws.weights[0]), state.rows
        if draws.errors is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = begun, rows
        return begun, rows

    @cached_property
    def _kept(self) -> dict[tuple[Choice, bytes, bytes], tuple[DrawnScores, IntArray]]:
        return {}

    def _noisy(self, errors: FloatArray) -> Pipeline:
        """Values with errors (units, indicators); the columns are those of the hierarchy."""
        values = self.data.selected(self.hierarchy.indicators) + self._amplitude * errors
        data = self.data
        return Pipeline(
            self.hierarchy,
            Dataset(data.units, self.hierarchy.indicators, values, data.names, data.groups, data.denominators),
        )

    @cached_property
    def _schemes(self) -> dict[Choice, IndexScheme]:
        return {}

    def _scheme_of(self, choice: Choice) -> IndexScheme:
        if choice not in self._schemes:
            chosen = zip(self.design.alternatives, choice, strict=True)
            changes = {one.path: one.options[option] for one, option in chosen}
            self._schemes[choice] = replace(self.scheme, steps=changed(self.scheme.steps, changes))
        return self._schemes[choice]

    @cached_property
    def _aggregations(self) -> dict[tuple[Choice, bytes], Aggregation]:
        return {}

    def _aggregation(self, draws: _Chosen) -> Aggregation:
        key = (draws.choice, draws.varied.tobytes())
        if key not in self._aggregations:
            self._aggregations[key] = Aggregation(self._scheme_of(draws.choice), draws.varied)
        return self._aggregations[key]

    def _failure(self, sample: Sample, number: int, error: EngineError) -> Failure:
        chosen = zip(self.design.alternatives, sample.choices[number].tolist(), strict=True)
        choices: Mapping[str, Any] = {one.name: one.options[option] for one, option in chosen}
        return Failure(sample.first + number, error.code, error.message, choices)

    def _batch(self, scores: FloatArray, failed: tuple[Failure, ...]) -> Batch:
        sign = float(self.hierarchy.node(self.node).direction)
        places = place_rows(scores * sign, self.scheme.ties, self.scheme.tolerance)
        return Batch(scores, places, in_tier(places, self.tier_size), failed)
