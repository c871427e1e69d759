"""What each step does, as frozen, checked data: fill, screen, treat, normalise, aggregate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.checks import choice, clean, finite, mapping, share, whole
from yiqi.engine.ground.spec import Spec, spec_of, specs_of
from yiqi.engine.scheme.methods import MEANS, SCALES

ZERO_RANGE: Final = ("mid", "full", "missing", "error")
IMPUTATIONS: Final = ("group_mean", "group_median", "mean", "median", "row_mean")
FALLBACKS: Final = ("missing", "mean", "median")

TRANSFORMS: Final = ("log_ct", "log_ct_plus", "log_ct_orig", "boxcox")
SAME: Final = 1e-10  # what a moment may be off by rounding, which depends on the order of units; the verdict must not


@dataclass(frozen=True)
class NormaliseSpec(Spec):
    """A normalisation: ``method`` out of ``SCALES`` and its parameters; others for single indicators.

    ``by_indicator``: code -> NormaliseSpec. ``zero_range`` says what becomes of a column without variance: ``mid`` and
    ``full`` give every unit the middle or the top of the scale (the mean for z-scores), ``missing`` drops the column,
    ``error`` refuses it; the first three always warn.
    Errors: ``unknown_option``, ``unknown_field``, ``field_missing``, ``option_invalid``.
    """

    method: str = "minmax"
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    by_indicator: Mapping[str, NormaliseSpec] = field(default_factory=dict, hash=False)
    zero_range: str = "mid"

    def __post_init__(self) -> None:
        choice("normalise", self.method, tuple(SCALES))
        choice("zero_range", self.zero_range, ZERO_RANGE)
        scale = SCALES[self.method]
        params = clean(self.method, self.params, scale.defaults, scale.options)
        self._set(params=params)
        self._set(by_indicator=specs_of(NormaliseSpec, "by_indicator", self.by_indicator))
        scale.check(params)

    @property
    def mirror(self) -> float | None:
        """Lowest + highest of the scale that it states; None where it states none, or several."""
        return None if self.by_indicator else SCALES[self.method].mirror(self.params)

    def of(self, indicator: str) -> NormaliseSpec:
        """The specification that holds for an indicator."""
        return self.by_indicator.get(indicator, self)


@dataclass(frozen=True)
class AggregateSpec(Spec):
    """An aggregation: ``method`` out of ``MEANS``, its parameters, and the least share of children present.

    ``coverage`` in [0, 1]: below this share (by number, of the children whose weight is not 0) the aggregate is
    missing. Missing children drop out and the weights of the others are brought to 1.
    Errors: ``unknown_option``, ``unknown_field``, ``option_invalid``.
    """

    method: str = "amean"
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    coverage: float = 0.0

    def __post_init__(self) -> None:
        choice("aggregate", self.method, tuple(MEANS))
        self._set(params=clean(self.method, self.params, MEANS[self.method].defaults, {}))
        self._set(coverage=share("coverage", self.coverage))

    @property
    def power(self) -> float | None:
        """Exponent of a generalised mean (1, 0, −1 or p); None for the methods that compare units in pairs."""
        return MEANS[self.method].power(self.params)


@dataclass(frozen=True)
class ScreenSpec(Spec):
    """Which units stay: a share of values present of at least ``available``, and of values not 0 of ``nonzero``.

    None = that share is not asked for. COINr calls the three combinations ``byNA``, ``byzeros``, ``byNAandzeros``.
    """

    available: float | None = 0.9
    nonzero: float | None = None

    def __post_init__(self) -> None:
        for name in ("available", "nonzero"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, share(name, getattr(self, name)))


class Limits(NamedTuple):
    """A column passes if |skew| < ``skew`` or kurtosis < ``kurt``; at most ``winmax`` points (None: no limit)."""

    skew: float = 2.0
    kurt: float = 3.5
    winmax: int | None = 5
    force: bool = False
    strict: bool = False

    def checked(self) -> Limits:
        """The same with plain numbers. Error ``option_invalid``."""
        winmax = None if self.winmax is None else whole("winmax", self.winmax)
        return self._replace(skew=finite("skew", self.skew, 0.0), kurt=finite("kurt", self.kurt), winmax=winmax)

    def passes(self, skew: FloatArray, kurt: FloatArray) -> BoolArray:
        """Which columns pass. A column that cannot be judged (nan: no variance, too few cells) passes."""
        with np.errstate(invalid="ignore"):
            return ~((np.abs(skew) >= self.skew - SAME) & (kurt >= self.kurt - SAME))

    def may_go_on(self, counts: IntArray) -> BoolArray:
        """Columns with fewer changed points than allowed."""
        return np.ones(len(counts), dtype=np.bool_) if self.winmax is None else counts < self.winmax


@dataclass(frozen=True)
class TreatSpec(Spec):
    """How columns are treated.

    A column passes if |skewness| < ``skew`` or kurtosis < ``kurt``. Else up to ``winmax`` points are winsorised (None:
    no limit; 0: none; ``strict``: ties never carry it past ``winmax``); a column that still fails gets ``transform``
    of the original column, or of the winsorised one with ``combine``. ``force`` winsorises every column to ``winmax``.
    ``power`` is that of ``boxcox``. ``by_indicator`` gives a column a spec of its own, or None: no treatment.
    Errors: ``unknown_option``, ``option_invalid``.
    """

    winmax: int | None = 5
    skew: float = 2.0
    kurt: float = 3.5
    transform: str | None = "log_ct"
    combine: bool = False
    force: bool = False
    strict: bool = False
    power: float = 0.0
    by_indicator: Mapping[str, TreatSpec | None] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        choice("transform", self.transform, (*TRANSFORMS, None))
        finite("power", self.power)
        own = mapping("by_indicator", self.by_indicator)
        given = {code: None if spec is None else spec_of(TreatSpec, spec) for code, spec in own.items()}
        self._set(by_indicator=given)
        self.limits.checked()

    @property
    def limits(self) -> Limits:
        """What the test and the winsorising need."""
        return Limits(self.skew, self.kurt, self.winmax, self.force, self.strict)


@dataclass(frozen=True)
class ImputeSpec(Spec):
    """How missing cells are filled.

    ``method``: mean or median of the column, over all units or inside the unit's group; ``row_mean`` is the unit's own
    mean over its other indicators on a common 0–1 scale. ``group`` names the column of groups that the caller passes
    as ``groups``. ``within`` names the level whose families the caller passes as ``families`` (None: one family of all
    indicators). ``fallback``: what is done where the group or the family holds no value at all.
    Errors: ``unknown_option``.
    """

    method: str = "group_mean"
    group: str | None = None
    within: str | int | None = None
    fallback: str = "missing"

    def __post_init__(self) -> None:
        choice("method", self.method, IMPUTATIONS)
        choice("fallback", self.fallback, FALLBACKS)
