"""From numbers uniform over [0, 1) to what a draw is: options chosen, weights, errors of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.uncertainty.assumptions import Alternatives, Assumption
from yiqi.engine.uncertainty.noise import ValueNoise, WeightNoise, drawn_weights


@dataclass(frozen=True, eq=False)
class Sample:
    """Draws, given or made: the door for recorded ones.

    ``choices`` (draws, alternatives): number of the option of each ``Alternatives``, in their order. ``weights``
    (draws, codes) as ``Hierarchy.codes``, or None = as stated. ``errors`` (draws, units, indicators): e of the value
    noise, or None. ``first``: number of the first draw.
    """

    choices: IntArray
    weights: FloatArray | None = None
    errors: FloatArray | None = None
    first: int = 0

    def __len__(self) -> int:
        return len(self.choices)


@dataclass(frozen=True, eq=False)
class Design:
    """Which columns of a matrix of uniform numbers drive which assumption; an assumption is one variable of the
    sensitivity analysis, however many numbers it takes.

    Errors: ``nothing_varied``, ``duplicate_code`` (two of one name), ``several_noises`` (more than one on values).
    """

    assumptions: tuple[Assumption, ...]
    hierarchy: Hierarchy
    shape: tuple[int, int]
    _spreads: dict[int, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.assumptions:
            raise EngineError("nothing_varied", "no assumption is uncertain: there is nothing to draw")
        names = [one.name for one in self.assumptions]
        for number, name in enumerate(names):
            if name in names[:number]:
                text = f"two assumptions are named {name!r}; name them apart"
                raise EngineError("duplicate_code", text, {"kind": "assumption", "code": name})
        if sum(isinstance(one, ValueNoise) for one in self.assumptions) > 1:
            raise EngineError("several_noises", "only one assumption can be about values")
        codes = self.hierarchy.codes
        levels = [self.hierarchy.level(code) for code in codes]
        for number, one in enumerate(self.assumptions):
            if isinstance(one, WeightNoise):
                self._spreads[number] = one.spread(codes, levels)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables."""
        return tuple(one.name for one in self.assumptions)

    @property
    def alternatives(self) -> tuple[Alternatives, ...]:
        """The uncertain methods, in order."""
        return tuple(one for one in self.assumptions if isinstance(one, Alternatives))

    @property
    def noise(self) -> ValueNoise | None:
        """What is uncertain about values."""
        return next((one for one in self.assumptions if isinstance(one, ValueNoise)), None)

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Columns of each assumption."""
        ends = np.cumsum([self._width(number) for number in range(len(self.assumptions))]).tolist()
        return tuple(slice(first, last) for first, last in zip([0, *ends[:-1]], ends, strict=True))

    @property
    def width(self) -> int:
        """Uniform numbers that a draw takes."""
        return int(self.slices[-1].stop)

    def _width(self, number: int) -> int:
        one = self.assumptions[number]
        if isinstance(one, Alternatives):
            return 1
        return int((self._spreads[number] > 0).sum()) if isinstance(one, WeightNoise) else self.shape[0] * self.shape[1]

    def sample(self, uniform: FloatArray, first: int = 0) -> Sample:
        """``uniform`` (draws, width) -> draws."""
        choices: list[Sequence[int]] = []
        weights: FloatArray | None = None
        errors: FloatArray | None = None
        for number, (one, part) in enumerate(zip(self.assumptions, self.slices, strict=True)):
            if isinstance(one, Alternatives):
                choices.append([one.option_at(value) for value in uniform[:, part.start].tolist()])
            elif isinstance(one, WeightNoise):
                weights = self._weights(number, uniform[:, part], weights)
            else:
                errors = one.errors(uniform[:, part]).reshape(len(uniform), *self.shape)
        table = np.array(choices, dtype=np.int64).reshape(len(choices), len(uniform)).T
        return Sample(table, weights, errors, first)

    def _weights(self, number: int, uniform: FloatArray, before: FloatArray | None) -> FloatArray:
        """Noises on weights multiply, where there are several."""
        spread = self._spreads[number]
        stated = np.broadcast_to(self.hierarchy.weights, (len(uniform), len(spread))) if before is None else before
        found = np.array(stated)
        noisy = spread > 0
        found[:, noisy] = drawn_weights(found[:, noisy], spread[noisy], uniform)
        return found
