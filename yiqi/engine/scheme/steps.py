"""What each step does, as frozen, checked data: fill, screen, treat, normalise, aggregate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.checks import choice, clean, finite, known_fields, mapping, share, whole
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods import MEANS, SCALES

ZERO_RANGE: Final = ("mid", "full", "missing", "error")
IMPUTATIONS: Final = ("group_mean", "group_median", "mean", "median", "row_mean")
FALLBACKS: Final = ("missing", "mean", "median")

TRANSFORMS: Final = ("log_ct", "log_ct_plus", "log_ct_orig", "boxcox")
SAME: Final = 1e-10  # what a moment may be off by rounding, which depends on the order of units; the verdict must not


@dataclass(frozen=True)
class NormaliseSpec:
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
        object.__setattr__(self, "params", params)
        object.__setattr__(self, "by_indicator", specs_of(NormaliseSpec, "by_indicator", self.by_indicator))
        scale.check(params)

    @property
    def mirror(self) -> float | None:
        """Lowest + highest of the scale that it states; None where it states none, or several."""
        return None if self.by_indicator else SCALES[self.method].mirror(self.params)

    def of(self, indicator: str) -> NormaliseSpec:
        """The specification that holds for an indicator."""
        return self.by_indicator.get(indicator, self)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        inner = {code: spec.to_dict() for code, spec in self.by_indicator.items()}
        return {
            "method": self.method,
            "params": dict(self.params),
            "by_indicator": inner,
            "zero_range": self.zero_range,
        }


@dataclass(frozen=True)
class AggregateSpec:
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
        object.__setattr__(self, "params", clean(self.method, self.params, MEANS[self.method].defaults, {}))
        object.__setattr__(self, "coverage", share("coverage", self.coverage))

    @property
    def power(self) -> float | None:
        """Exponent of a generalised mean (1, 0, −1 or p); None for the methods that compare units in pairs."""
        return MEANS[self.method].power(self.params)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"method": self.method, "params": dict(self.params), "coverage": self.coverage}


@dataclass(frozen=True)
class ScreenSpec:
    """Which units stay: a share of values present of at least ``available``, and of values not 0 of ``nonzero``.

    None = that share is not asked for. COINr calls the three combinations ``byNA``, ``byzeros``, ``byNAandzeros``.
    """

    available: float | None = 0.9
    nonzero: float | None = None

    def __post_init__(self) -> None:
        for name in ("available", "nonzero"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, share(name, getattr(self, name)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"available": self.available, "nonzero": self.nonzero}


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
class TreatSpec:
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
        self.limits.checked()

    @property
    def limits(self) -> Limits:
        """What the test and the winsorising need."""
        return Limits(self.skew, self.kurt, self.winmax, self.force, self.strict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; ``from_dict`` reads them back."""
        own = {code: spec.to_dict() if spec else None for code, spec in self.by_indicator.items()}
        return {item.name: getattr(self, item.name) for item in fields(self)} | {"by_indicator": own}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TreatSpec:
        """Error ``unknown_field`` for a key that is not a field."""
        for name in data:
            if name not in {item.name for item in fields(cls)}:
                raise EngineError("unknown_field", f"TreatSpec has no field {name!r}", {"field": str(name)})
        given = mapping("by_indicator", data.get("by_indicator", {}))
        own = {code: None if spec is None else cls.from_dict(mapping(code, spec)) for code, spec in given.items()}
        return cls(**{**data, "by_indicator": own})


@dataclass(frozen=True)
class ImputeSpec:
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

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; ``from_dict`` reads them back."""
        return {"method": self.method, "group": self.group, "within": self.within, "fallback": self.fallback}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ImputeSpec:
        """Error ``unknown_field`` for a key that is not a field."""
        for name in data:
            if name not in ("method", "group", "within", "fallback"):
                raise EngineError("unknown_field", f"ImputeSpec has no field {name!r}", {"field": str(name)})
        return cls(**data)


def canonical(value: Any) -> bytes:
    """One form of bytes for equal JSON values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def plain(value: Any) -> Any:
    """JSON values of a specification, however nested."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "__dataclass_fields__"):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def specs_of(kind: type[Any], name: str, given: Any) -> dict[str, Any]:
    return {code: spec_of(kind, spec) for code, spec in mapping(name, given).items()}


def spec_of(kind: type[Any], given: Any) -> Any:
    """The specification itself, or the one that a mapping describes."""
    if isinstance(given, kind):
        return given
    if not isinstance(given, Mapping):
        text = f"{kind.__name__} must be an object with fields, not {given!r}"
        raise EngineError("option_invalid", text, {"option": kind.__name__})
    known_fields(kind, given)
    made = getattr(kind, "from_dict", None)
    return made(given) if made else kind(**given)
