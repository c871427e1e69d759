"""The pipeline: denominate, impute, screen, treat, normalise, aggregate, each step checked and recorded.

Each step takes a ``State`` and gives one. With ``kept`` a ``Pipeline`` serves many schemes over one tree and its
figures: a step that is the same as in an earlier scheme, on the same input, is not done again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray, ends, flat_columns, frozen
from yiqi.engine.ground.checks import some
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.spec import canonical, plain
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.run.impute import impute, impute_notices
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.normalise import normalise
from yiqi.engine.run.screen import Screened, check_finite, denominate, screen
from yiqi.engine.run.treat import Treated, treat
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import IndexScheme, Steps
from yiqi.engine.scheme.methods import SCALES

KEPT: Final = 256  # stages kept; a simulation of more ways than that works some out again
Told = Callable[[str], object]


@dataclass(frozen=True, eq=False)
class State:
    """What a run has so far: ``values`` (rows, indicators) of the units that stay, whose numbers in the data are
    ``rows``; ``steps`` by name, each closed to writing."""

    values: FloatArray
    rows: IntArray
    steps: Mapping[str, FloatArray]
    notices: tuple[Notice, ...] = ()
    screened: Screened | None = None
    treated: Treated | None = None

    def then(self, name: str, values: FloatArray, notices: Sequence[Notice] = ()) -> State:
        """The state after a step."""
        steps = {**self.steps, name: frozen(values)}
        return replace(self, values=values, steps=steps, notices=(*self.notices, *notices))


@dataclass(eq=False)
class Pipeline:
    """The steps over one tree and its figures. ``kept``: outcomes of stages by their part of the steps, an error
    too, which fails again at once; None keeps nothing. ``told`` hears of each step that is done."""

    hierarchy: Hierarchy
    data: Dataset
    kept: dict[Hashable, Any] | None = None
    told: Told | None = None

    def normalised(self, steps: Steps) -> State:
        """The state whose values are to be added up. Errors: those of ``run`` up to there."""
        keys = self._keys(steps)
        state = self._once(keys[:3], lambda: self._prepared(steps))
        if steps.treat is not None:
            state = self._once(keys[:4], lambda: self._treated(steps, state))
        return self._once(keys, lambda: self._normalised(steps, state))

    def _keys(self, steps: Steps) -> tuple[bytes, ...]:
        """What decides each stage, in their order: three steps the first, one more the others."""
        parts = ("denominate", "impute", "screen", "treat", "normalise") if self.kept is not None else ()
        return tuple(canonical(plain(getattr(steps, part))) for part in parts)

    def _once(self, key: tuple[bytes, ...], make: Callable[[], State]) -> State:
        if self.kept is None:
            return make()
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            try:
                found = make()
            except EngineError as error:
                found = error
            self.kept[key] = found
        if isinstance(found, EngineError):
            raise found
        return found

    def _tell(self, name: str) -> None:
        if self.told is not None:
            self.told(name)

    def _prepared(self, steps: Steps) -> State:
        """Denominated, imputed, screened."""
        if len(self.data.units) < 2:
            remedy = "give at least two; add the rows of others"
            text = f"only {self.data.units[0]!r} is there: an index compares units, {remedy}"
            raise EngineError("one_unit", text, {"units": list(self.data.units)})
        raw = self.data.selected(self.hierarchy.indicators)
        state = State(raw, np.arange(len(raw), dtype=np.int64), {"raw": frozen(raw)})
        self._tell("raw")
        if steps.denominate:
            divided = denominate(raw, self.hierarchy, self.data)
            if divided is not raw:
                state = state.then("denominated", divided)
                self._tell("denominated")
        state = self._imputed(steps, state)
        state = self._screened(steps, state)
        self._check_observations(state)
        return state

    def _imputed(self, steps: Steps, state: State) -> State:
        spec = steps.impute
        if spec is None:
            return state
        filled = impute(
            state.values,
            spec,
            groups=self.data.group(spec.group) if spec.group else None,
            directions=self.hierarchy.signs,
            families=families_of(self.hierarchy, spec.within),
            units=self.data.units,
            columns=self.hierarchy.indicators,
        )
        told = impute_notices(state.values, filled, spec, self.data.units, self.hierarchy.indicators)
        self._tell("imputed")
        return state.then("imputed", filled, told)

    def _screened(self, steps: Steps, state: State) -> State:
        if steps.screen is None:
            return state
        units = self.data.units
        screened = screen(state.values, steps.screen, units)
        state = replace(state, screened=screened)
        stay = np.flatnonzero(screened.included)
        if len(stay) == len(units):
            return state
        gone = [units[row] for row in np.flatnonzero(~screened.included)]
        if not len(stay):
            text = "no unit has enough data to stay; lower the shares of the screen"
            raise EngineError("no_units", text, {"units": gone})
        left_out = Notice("units_screened", f"left out for thin data: {some(gone)}", data={"units": gone})
        self._tell("screened")
        return replace(state.then("screened", state.values[stay], [left_out]), rows=stay)

    def _check_observations(self, state: State) -> None:
        if len(state.rows) < 2:
            remedy = "complete the figures of others, or lower the shares of the screen"
            unit = self.data.units[state.rows[0]]
            text = f"only {unit!r} is left: an index compares units; {remedy}"
            raise EngineError("one_unit", text, {"units": [unit]})
        for column in np.flatnonzero(np.isnan(state.values[0])):
            if np.isnan(state.values[:, column]).all():
                code = self.hierarchy.indicators[column]
                text = f"indicator {code!r} has no value of any unit; remove it from the hierarchy"
                raise EngineError("all_missing", text, {"indicator": code})

    def _units(self, state: State) -> tuple[str, ...]:
        every = len(state.rows) == len(self.data.units)
        return self.data.units if every else tuple(self.data.units[row] for row in state.rows)

    def _treated(self, steps: Steps, state: State) -> State:
        treated = treat(state.values, steps.treat, units=self._units(state), columns=self.hierarchy.indicators)
        self._tell("treated")
        return replace(state.then("treated", treated.values, treated.warnings), treated=treated)

    def _normalised(self, steps: Steps, state: State) -> State:
        """One column without variance is a matter of policy; if none varies there is nothing to compare."""
        values, codes, units = state.values, self.hierarchy.indicators, self._units(state)
        if flat_columns(*ends(values[:, :1]))[0] and flat_columns(*ends(values)).all():
            text = "no indicator varies: every unit has the same values, there is nothing to rank"
            raise EngineError("no_variance", text, {"indicators": list(codes)})
        found = normalise(
            values,
            steps.normalise,
            directions=self.hierarchy.signs,
            targets=self.hierarchy.targets,
            units=units,
            columns=codes,
        )
        if steps.normalise.by_indicator or not SCALES[steps.normalise.method].bounded:
            check_finite(found, units, codes, "normalised")
        self._tell("normalised")
        return state.then("normalised", found)

    def result(self, scheme: IndexScheme) -> IndexResult:
        """The whole run of a scheme over this tree. Errors: see ``run``."""
        steps, specs = scheme.steps, scheme.specs
        state = self.normalised(steps)
        units = self._units(state)
        try:
            scores = aggregate(
                self.hierarchy,
                state.values,
                specs,
                zero_weights=steps.zero_weights,
                mirror=steps.normalise.mirror,
                tolerance=steps.tolerance,
            )
        except EngineError as error:
            raise _with_unit(error, units) from None
        self._tell("scores")
        return IndexResult(
            scheme=scheme,
            data=self.data,
            units=units,
            scores=scores,
            steps={**state.steps, "scores": frozen(scores)},
            screened=state.screened,
            treated=state.treated,
            noted=state.notices,
        )


def _with_unit(error: EngineError, units: Sequence[str]) -> EngineError:
    """The kernel knows rows; a reader wants the unit."""
    if "row" not in error.data:
        return error
    unit = units[error.data["row"]]
    data: dict[str, Any] = {**error.data, "unit": unit}
    text = f"unit {unit!r}: {error.message}; choose a scale above 0 (such as min-max 1..100) or an arithmetic mean"
    return EngineError(error.code, text, data)


def families_of(hierarchy: Hierarchy, within: str | int | None) -> list[str] | None:
    """The aggregate of level ``within`` above each indicator (the nearest one not below it); None = one family."""
    if within is None:
        return None
    if isinstance(within, bool) or not str(within).isdigit() or not 2 <= int(within) <= len(hierarchy.levels):
        text = f"impute: within must be a level from 2 to {len(hierarchy.levels)}, not {within!r}"
        raise EngineError("option_invalid", text, {"option": "within", "value": repr(within)})
    level = int(within)
    paths = (hierarchy.path(code) for code in hierarchy.indicators)
    return [next(above for above in path if hierarchy.level(above) >= level) for path in paths]
