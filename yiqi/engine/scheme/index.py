"""The scheme of an index: its tree, and every parameter of every step, frozen and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from yiqi.engine.ground.checks import choice, finite, flag
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import TIES_POLICIES
from yiqi.engine.ground.spec import Spec, canonical, spec_of, specs_of
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.scheme import Scheme
from yiqi.engine.scheme.steps import AggregateSpec, ImputeSpec, NormaliseSpec, ScreenSpec, TreatSpec

BASES: Final = ("plain", "standard")
ZERO_WEIGHTS: Final = ("error", "missing", "equal")


@dataclass(frozen=True)
class Steps(Spec):
    """All that decides an index besides the figures and the tree; in files and documents it is the ``plan``.

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
        specs = tuple(spec_of(AggregateSpec, spec) for spec in given)
        if not specs:
            raise EngineError("option_invalid", "aggregate needs a method", {"option": "aggregate"})
        by_node = specs_of(AggregateSpec, "aggregate_by_node", self.aggregate_by_node)
        self._set(denominate=flag("denominate", self.denominate))
        self._set(aggregate=specs)
        self._set(aggregate_by_node=by_node)
        self._set(normalise=spec_of(NormaliseSpec, self.normalise))
        for name, kind in _OPTIONAL.items():
            if getattr(self, name) is not None:
                self._set(**{name: spec_of(kind, getattr(self, name))})
        choice("zero_weights", self.zero_weights, ZERO_WEIGHTS)
        choice("ties", self.ties, TIES_POLICIES)
        self._set(tolerance=finite("tolerance", self.tolerance))
        if self.tolerance < 0:
            raise EngineError("option_invalid", "tolerance must be 0 or more", {"option": "tolerance"})

    @classmethod
    def standard(cls, group: str | None = None) -> Steps:
        """Denominators, group means for gaps, screening at 0.9, treatment, min-max 0..100, arithmetic means.

        ``group``: group column of the means; without it gaps are filled by the column's mean.
        """
        fill = ImputeSpec(method="group_mean", group=group) if group else ImputeSpec(method="mean")
        return cls(impute=fill, screen=ScreenSpec(), treat=TreatSpec())

    def specs(self, hierarchy: Hierarchy) -> dict[str, AggregateSpec]:
        """Aggregate code -> the specification that holds for it. Errors: ``unknown_node``, ``option_invalid``."""
        return resolve(hierarchy, self.aggregate, self.aggregate_by_node)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], group: str | None = None) -> Steps:
        """The inverse of ``to_dict``; left-out fields take their defaults. Errors: ``unknown_field``.

        ``base`` in ``data`` says whose: ``plain`` (without it too) those of ``Steps()``, which neither fills gaps
        nor screens nor treats; ``standard`` those of ``Steps.standard(group)``. A field is taken whole.
        """
        if not isinstance(data, Mapping):
            raise EngineError("option_invalid", f"the plan must be an object, not {data!r}", {"option": "plan"})
        if "base" in data:
            choice("base", data["base"], BASES)
            start = cls.standard(group).to_dict() if data["base"] == "standard" else {}
            data = start | {name: value for name, value in data.items() if name != "base"}
        return super().from_dict(data)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the steps with their defaults."""
        return hashlib.sha256(canonical(self.to_dict())).hexdigest()


@dataclass(frozen=True)
class IndexScheme(Scheme):
    """The tree of an index, and the steps by which its indicators become scores."""

    hierarchy: Hierarchy
    steps: Steps = field(default_factory=Steps)

    @property
    def columns(self) -> tuple[str, ...]:
        """Codes of the indicators."""
        return self.hierarchy.indicators

    @property
    def parts(self) -> tuple[str, ...]:
        """Aggregates other than the root."""
        return tuple(code for code in self.hierarchy.aggregates if code != self.hierarchy.root)

    @property
    def ties(self) -> str:
        """See ``Steps``."""
        return self.steps.ties

    @property
    def tolerance(self) -> float:
        """See ``Steps``."""
        return self.steps.tolerance

    def check_part(self, part: str | None) -> None:
        """Error ``unknown_node``."""
        self.node_of(part)

    def node_of(self, part: str | None) -> str:
        """The aggregate that a score is of, the root for None; ``unknown_node`` otherwise."""
        node = self.hierarchy.root if part is None else self.hierarchy.node(part).code
        if node not in self.hierarchy.aggregates:
            raise EngineError("unknown_node", f"{node!r} is an indicator, not an aggregate", {"node": node})
        return node

    @cached_property
    def specs(self) -> dict[str, AggregateSpec]:
        """Aggregate code -> the specification that holds for it. Errors: ``unknown_node``, ``option_invalid``."""
        return self.steps.specs(self.hierarchy)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: the steps as ``plan``, the elements as ``nodes``."""
        return {"plan": self.steps.to_dict(), "nodes": [node.to_dict() for node in self.hierarchy.nodes]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> IndexScheme:
        """The inverse of ``to_dict``. Errors: those of the steps and of ``Hierarchy``."""
        return cls(Hierarchy(tuple(Node.from_dict(node) for node in data["nodes"])), Steps.from_dict(data["plan"]))


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
