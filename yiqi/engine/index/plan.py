"""How an index is built: one frozen, checked object with every parameter of every step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Final

from yiqi.engine.errors import EngineError
from yiqi.engine.index.cells import choice, finite
from yiqi.engine.index.hierarchy import Hierarchy
from yiqi.engine.index.impute import ImputeSpec
from yiqi.engine.index.parameters import clean, flag, known_fields, mapping
from yiqi.engine.index.treat import TreatSpec
from yiqi.engine.inputs import LARGEST
from yiqi.engine.plan import TIES_POLICIES

ZERO_RANGE: Final = ("mid", "full", "missing", "error")
BASES: Final = ("plain", "standard")
ZERO_WEIGHTS: Final = ("error", "missing", "equal")

#: Parameters of each normalisation with their defaults.
NORMALISATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "minmax": {"lower": 0.0, "upper": 100.0},
    "zscore": {"mean": 0.0, "sd": 1.0},
    "scaled": {"lower": 0.0, "upper": 100.0, "scale": 100.0},
    "rank": {"ties": "min"},
    "borda": {"ties": "min"},
    "prank": {"ties": "min"},
    "fracmax": {},
    "dist2max": {},
    "dist2ref": {"unit": "", "cap": False},
    "dist2targ": {"cap": False, "wrong_side": "error"},
    "goalposts": {"lower": None, "upper": None, "scale": 100.0, "truncate": True},
}
#: Parameters of each aggregation with their defaults.
AGGREGATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "amean": {},
    "gmean": {},
    "hmean": {},
    "genmean": {"p": 1.0},
    "copeland": {},
    "netflow": {},
}
OPTIONS: Final[Mapping[str, Sequence[Any]]] = {
    "ties": ("min", "average", "max"),
    "wrong_side": ("error", "compute"),
    "cap": (True, False),
    "truncate": (True, False),
}


@dataclass(frozen=True)
class NormaliseSpec:
    """A normalisation: ``method`` out of ``NORMALISATIONS`` and its parameters; others for single indicators.

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
        choice("normalise", self.method, tuple(NORMALISATIONS))
        choice("zero_range", self.zero_range, ZERO_RANGE)
        params = clean(self.method, self.params, NORMALISATIONS[self.method], OPTIONS)
        object.__setattr__(self, "params", params)
        object.__setattr__(self, "by_indicator", _specs(NormaliseSpec, "by_indicator", self.by_indicator))
        low, high = params.get("lower"), params.get("upper")
        if low is not None and high is not None and not 0 < high - low <= LARGEST:
            text = f"{self.method}: upper must be above lower, by 1e100 at most, not {high:g} against {low:g}"
            raise EngineError("option_invalid", text, {"method": self.method, "option": "upper"})
        if "sd" in params and not params["sd"] > 0:
            raise EngineError("option_invalid", f"zscore: sd must be above 0, not {params['sd']:g}", {"option": "sd"})

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
    """An aggregation: ``method`` out of ``AGGREGATIONS``, its parameters, and the least share of children present.

    ``coverage`` in [0, 1]: below this share (by number, of the children whose weight is not 0) the aggregate is
    missing. Missing children drop out and the weights of the others are brought to 1.
    Errors: ``unknown_option``, ``unknown_field``, ``option_invalid``.
    """

    method: str = "amean"
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    coverage: float = 0.0

    def __post_init__(self) -> None:
        choice("aggregate", self.method, tuple(AGGREGATIONS))
        object.__setattr__(self, "params", clean(self.method, self.params, AGGREGATIONS[self.method], OPTIONS))
        object.__setattr__(self, "coverage", share("coverage", self.coverage))

    @property
    def power(self) -> float | None:
        """Exponent of a generalised mean (1, 0, −1 or p); None for the methods that compare units in pairs."""
        fixed: dict[str, float] = {"amean": 1.0, "gmean": 0.0, "hmean": -1.0}
        return float(self.params["p"]) if self.method == "genmean" else fixed.get(self.method)

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


def share(name: str, value: object) -> float:
    """A number within 0 and 1; ``option_invalid`` otherwise."""
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise EngineError("option_invalid", f"{name} must be within 0 and 1, not {number:g}", {"option": name})
    return number


@dataclass(frozen=True)
class IndexPlan:
    """All that decides an index besides the figures and the hierarchy.

    Steps in this order: denominate, impute, screen, treat, normalise, aggregate; None leaves a step out.
    ``aggregate``: one spec, or one for each level from level 2 up; ``aggregate_by_node`` overrides it for a node.
    ``zero_weights``: a group whose weights are all 0 is an ``error``, ``missing``, or weighted ``equal``.
    ``ties``, ``tolerance``: of the ranks, see ``docs/algorithms/policies.md``; pairs are compared within it too.
    Errors: ``unknown_option``, ``unknown_field``, ``option_invalid``.
    """

    denominate: bool = True
    impute: ImputeSpec | None = None
    screen: ScreenSpec | None = None
    treat: TreatSpec | None = None
    normalise: NormaliseSpec = field(default_factory=NormaliseSpec)
    aggregate: tuple[AggregateSpec, ...] = (AggregateSpec(),)
    aggregate_by_node: Mapping[str, AggregateSpec] = field(default_factory=dict, hash=False)
    zero_weights: str = "error"
    ties: str = "competition"
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        given: Any = (self.aggregate,) if isinstance(self.aggregate, (AggregateSpec, Mapping)) else self.aggregate
        if isinstance(given, str) or not isinstance(given, Sequence):
            text = f"aggregate must be a method, or a list of one for each level, not {given!r}"
            raise EngineError("option_invalid", text, {"option": "aggregate"})
        specs = tuple(_spec(AggregateSpec, spec) for spec in given)
        if not specs:
            raise EngineError("option_invalid", "aggregate needs a method", {"option": "aggregate"})
        by_node = _specs(AggregateSpec, "aggregate_by_node", self.aggregate_by_node)
        object.__setattr__(self, "denominate", flag("denominate", self.denominate))
        object.__setattr__(self, "aggregate", specs)
        object.__setattr__(self, "aggregate_by_node", by_node)
        object.__setattr__(self, "normalise", _spec(NormaliseSpec, self.normalise))
        for name, kind in _OPTIONAL.items():
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _spec(kind, getattr(self, name)))
        choice("zero_weights", self.zero_weights, ZERO_WEIGHTS)
        choice("ties", self.ties, TIES_POLICIES)
        object.__setattr__(self, "tolerance", finite("tolerance", self.tolerance))
        if self.tolerance < 0:
            raise EngineError("option_invalid", "tolerance must be 0 or more", {"option": "tolerance"})

    @classmethod
    def standard(cls, group: str | None = None) -> IndexPlan:
        """Denominators, group means for gaps, screening at 0.9, treatment, min-max 0..100, arithmetic means.

        ``group``: group column of the means; without it gaps are filled by the column's mean.
        """
        fill = ImputeSpec(method="group_mean", group=group) if group else ImputeSpec(method="mean")
        return cls(impute=fill, screen=ScreenSpec(), treat=TreatSpec())

    def specs(self, hierarchy: Hierarchy) -> dict[str, AggregateSpec]:
        """Aggregate code -> the specification that holds for it. Errors: ``unknown_node``, ``option_invalid``."""
        return resolve(hierarchy, self.aggregate, self.aggregate_by_node)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values with every default written out; ``IndexPlan.from_dict`` reads them back."""
        return {item.name: plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], group: str | None = None) -> IndexPlan:
        """The inverse of ``to_dict``; left-out fields take their defaults. Errors: ``unknown_field``.

        ``base`` in ``data`` says whose: ``plain`` (without it too) those of ``IndexPlan()``, which neither fills gaps
        nor screens nor treats; ``standard`` those of ``IndexPlan.standard(group)``. A field is taken whole.
        """
        if not isinstance(data, Mapping):
            raise EngineError("option_invalid", f"the plan must be an object, not {data!r}", {"option": "plan"})
        if "base" in data:
            choice("base", data["base"], BASES)
            start = cls.standard(group).to_dict() if data["base"] == "standard" else {}
            data = start | {name: value for name, value in data.items() if name != "base"}
        known_fields(cls, data)
        return cls(**data)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the plan with its defaults."""
        return hashlib.sha256(canonical(self.to_dict())).hexdigest()


_OPTIONAL: Final[Mapping[str, type[Any]]] = {"impute": ImputeSpec, "screen": ScreenSpec, "treat": TreatSpec}


def resolve(
    hierarchy: Hierarchy,
    by_level: AggregateSpec | Sequence[AggregateSpec],
    by_node: Mapping[str, AggregateSpec] | None = None,
) -> dict[str, AggregateSpec]:
    """Aggregate code -> specification, from one for all or one for each level above the first."""
    specs = (by_level,) if isinstance(by_level, AggregateSpec) else tuple(by_level)
    above = len(hierarchy.levels) - 1
    if len(specs) not in {1, above}:
        text = f"aggregate needs one method, or one for each of the {above} levels above the indicators"
        raise EngineError("option_invalid", f"{text}, not {len(specs)}", {"option": "aggregate", "levels": above})
    found = {code: specs[hierarchy.level(code) - 2 if len(specs) > 1 else 0] for code in hierarchy.aggregates}
    for code, spec in (by_node or {}).items():
        if code not in found:
            text = f"aggregate_by_node names {code!r}, which is not an aggregate of the hierarchy"
            raise EngineError("unknown_node", text, {"node": code})
        found[code] = spec
    return found


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


def _specs(kind: type[Any], name: str, given: Any) -> dict[str, Any]:
    return {code: _spec(kind, spec) for code, spec in mapping(name, given).items()}


def _spec(kind: type[Any], given: Any) -> Any:
    """The specification itself, or the one that a mapping describes."""
    if isinstance(given, kind):
        return given
    if not isinstance(given, Mapping):
        text = f"{kind.__name__} must be an object with fields, not {given!r}"
        raise EngineError("option_invalid", text, {"option": kind.__name__})
    known_fields(kind, given)
    made = getattr(kind, "from_dict", None)
    return made(given) if made else kind(**given)
