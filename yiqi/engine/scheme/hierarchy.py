"""The tree of an index: indicators, aggregates of any depth, weights and directions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.spec import Spec


@dataclass(frozen=True)
class Node(Spec):
    """One element: an indicator where it has no children, an aggregate where it has some.

    ``parent``: code of the aggregate above, empty at the root. ``weight``: share among its siblings before they are
    brought to 1. ``direction``: +1 higher is better, −1 lower is better, also for an aggregate (it then enters its
    parent reversed). ``target``: in the unit of the data (of the ratio where there is a denominator).
    ``denominator``: name of a column of ``Dataset.denominators``. ``level``: 1 for indicators, rising to the root;
    None everywhere = heights of the tree.
    Errors: ``code_missing``, ``weight_negative``, ``not_finite``, ``direction_invalid``, ``level_invalid``.
    """

    code: str
    parent: str = ""
    weight: float = 1.0
    direction: int = 1
    name: str = ""
    target: float | None = None
    denominator: str | None = None
    level: int | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.code, str) or not self.code:
            raise EngineError("code_missing", f"an element without a code: {self.code!r}", {"kind": "node"})
        self._set(parent=self.parent or "")
        self._set(weight=_finite(self.code, "weight", self.weight))
        if self.weight < 0:
            text = f"{self.code!r}: the weight must be 0 or more, not {self.weight!r}; use the direction to reverse it"
            raise EngineError("weight_negative", text, {"node": self.code, "weight": self.weight})
        if isinstance(self.direction, bool) or self.direction not in (1, -1):
            text = f"{self.code!r}: the direction must be 1 or -1, not {self.direction!r}"
            raise EngineError("direction_invalid", text, {"node": self.code, "direction": repr(self.direction)})
        self._set(direction=int(self.direction))
        if self.target is not None:
            self._set(target=_finite(self.code, "target", self.target))
        if self.level is not None and (not _is_whole(self.level) or self.level < 1):
            text = f"{self.code!r}: the level must be a whole number from 1, not {self.level!r}"
            raise EngineError("level_invalid", text, {"node": self.code, "level": repr(self.level)})


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _finite(code: str, name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        text = f"{code!r}: the {name} must be a finite number, not {value!r}"
        raise EngineError("not_finite", text, {"node": code, "field": name, "value": repr(value)})
    return float(value)


class Group(NamedTuple):
    """An aggregate with its children as numbers in ``Hierarchy.codes``. ``span``: the children as a slice where they
    stand side by side among indicators; ``turned``: the children that are aggregates of direction −1."""

    code: str
    children: IntArray
    span: slice | None
    turned: IntArray


@dataclass(frozen=True)
class Hierarchy:
    """A checked tree with one root. Branches may differ in depth.

    Errors: ``no_indicators``, ``duplicate_code``, ``orphan`` (parent unknown), ``cycle``, ``several_roots``,
    ``no_root``, ``root_only`` (no indicator below), ``level_missing`` and ``level_order`` (levels of the file that do
    not rise towards the root). Groups whose weights sum to 0 are judged by the plan's policy, not here.
    """

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        if not self.nodes:
            raise EngineError("no_indicators", "the hierarchy has no elements")
        _check_unique(self.nodes)
        _check_parents(self.nodes, self._by_code)
        _check_root(self.nodes)
        _check_cycles(self.nodes, self._by_code)
        if len(self.nodes) == 1:
            raise EngineError("root_only", f"{self.nodes[0].code!r} has no indicators below it")
        _check_levels(self.nodes, self._by_code)

    @cached_property
    def _by_code(self) -> dict[str, Node]:
        return {node.code: node for node in self.nodes}

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {node.code: [] for node in self.nodes}
        for node in self.nodes:
            if node.parent:
                found[node.parent].append(node.code)
        return {code: tuple(below) for code, below in found.items()}

    @cached_property
    def root(self) -> str:
        """Code of the one element without a parent."""
        return next(node.code for node in self.nodes if not node.parent)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code: indicators, then aggregates bottom up."""
        return self.indicators + self.aggregates

    @cached_property
    def places(self) -> dict[str, int]:
        """Number of each element in ``codes``."""
        return {code: number for number, code in enumerate(self.codes)}

    @cached_property
    def weights(self) -> FloatArray:
        """Weights as stated, in the order of ``codes``, closed to writing."""
        return frozen(np.array([self._by_code[code].weight for code in self.codes]))

    @cached_property
    def signs(self) -> FloatArray:
        """Direction of each indicator, closed to writing."""
        return frozen(np.array([float(self._by_code[code].direction) for code in self.indicators]))

    @cached_property
    def targets(self) -> FloatArray:
        """Target of each indicator, nan without one, closed to writing."""
        stated = (self._by_code[code].target for code in self.indicators)
        return frozen(np.array([np.nan if target is None else target for target in stated]))

    @cached_property
    def divided(self) -> tuple[tuple[int, str, str], ...]:
        """Number, code and denominator of the indicators that have one."""
        named = ((number, code, self._by_code[code].denominator) for number, code in enumerate(self.indicators))
        return tuple((number, code, name) for number, code, name in named if name)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every aggregate with its children, bottom up."""
        found, indicators = [], len(self.indicators)
        for code in self.aggregates:
            numbers = np.array([self.places[child] for child in self._children[code]], dtype=np.int64)
            first, last = int(numbers[0]), int(numbers[-1])
            beside = last < indicators and np.array_equal(numbers, np.arange(first, last + 1))
            back = np.array([self._by_code[child].direction < 0 for child in self._children[code]])
            turned = numbers[back & (numbers >= indicators)]
            found.append(Group(code, numbers, slice(first, last + 1) if beside else None, turned))
        return tuple(found)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Codes without children, in the order of the nodes."""
        return tuple(node.code for node in self.nodes if not self._children[node.code])

    @cached_property
    def aggregates(self) -> tuple[str, ...]:
        """Codes with children, by level from the bottom up, in the order of the nodes inside a level."""
        above = [node.code for node in self.nodes if self._children[node.code]]
        return tuple(sorted(above, key=self.level))

    @cached_property
    def _levels(self) -> dict[str, int]:
        if self.nodes[0].level is not None:
            return {node.code: int(node.level or 0) for node in self.nodes}
        heights: dict[str, int] = {}
        for code in self._post_order:
            heights[code] = 1 + max((heights[child] for child in self._children[code]), default=0)
        return heights

    @cached_property
    def _post_order(self) -> tuple[str, ...]:
        """Children before parents, without recursion."""
        order, stack = [], [self.root]
        while stack:
            code = stack.pop()
            order.append(code)
            stack.extend(self._children[code])
        return tuple(reversed(order))

    @cached_property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """Codes of each level, bottom up; level 1 first. A level of the file that nobody has is left empty."""
        highest = self._levels[self.root]
        return tuple(
            tuple(node.code for node in self.nodes if self._levels[node.code] == level)
            for level in range(1, highest + 1)
        )

    def node(self, code: str) -> Node:
        """The element of that code; ``unknown_node`` otherwise."""
        if code not in self._by_code:
            raise EngineError("unknown_node", f"the hierarchy has no element {code!r}", {"node": code})
        return self._by_code[code]

    def children(self, code: str) -> tuple[str, ...]:
        """Codes directly below, in the order of the nodes; empty for an indicator."""
        return self._children[self.node(code).code]

    def level(self, code: str) -> int:
        """Level of an element: 1 for indicators unless the file says otherwise."""
        return self._levels[self.node(code).code]

    def leaves(self, code: str) -> tuple[str, ...]:
        """Indicators below (the element itself if it is one), in the order of the nodes."""
        inside: set[str] = set()
        stack = [self.node(code).code]
        while stack:
            above = stack.pop()
            inside.add(above)
            stack.extend(self._children[above])
        return tuple(leaf for leaf in self.indicators if leaf in inside)

    def path(self, code: str) -> tuple[str, ...]:
        """The element, its parent, and so on to the root."""
        found = [self.node(code).code]
        while parent := self._by_code[found[-1]].parent:
            found.append(parent)
        return tuple(found)

    def with_weights(self, weights: Mapping[str, float]) -> Hierarchy:
        """The same tree with some weights changed; ``unknown_node`` for a code that is not there."""
        for code in weights:
            self.node(code)
        return Hierarchy(
            tuple(replace(node, weight=weights[node.code]) if node.code in weights else node for node in self.nodes)
        )

    def with_nodes_removed(self, codes: Iterable[str]) -> Hierarchy:
        """The tree without these elements, all that is below them, and every aggregate left empty above them.

        Errors: ``unknown_node``; ``no_indicators`` if nothing is left.
        """
        gone: set[str] = set()
        stack = [self.node(code).code for code in codes]
        while stack:
            code = stack.pop()
            gone.add(code)
            stack.extend(self._children[code])
        for code in self.aggregates:
            if all(child in gone for child in self._children[code]):
                gone.add(code)
        if self.root in gone:
            raise EngineError("no_indicators", "nothing is left of the hierarchy", {"removed": sorted(gone)})
        return Hierarchy(tuple(node for node in self.nodes if node.code not in gone))


def _check_unique(nodes: Sequence[Node]) -> None:
    seen: set[str] = set()
    for node in nodes:
        if node.code in seen:
            raise EngineError("duplicate_code", f"{node.code!r} stands twice in the hierarchy", {"node": node.code})
        seen.add(node.code)


def _check_parents(nodes: Sequence[Node], known: Mapping[str, Node]) -> None:
    for node in nodes:
        if node.parent and node.parent not in known:
            text = f"{node.code!r} is an orphan: its parent {node.parent!r} is not in the hierarchy"
            raise EngineError("orphan", text, {"node": node.code, "parent": node.parent})


def _check_root(nodes: Sequence[Node]) -> None:
    roots = [node.code for node in nodes if not node.parent]
    if len(roots) > 1:
        text = f"{len(roots)} elements have no parent ({', '.join(roots[:5])}); an index has one root"
        raise EngineError("several_roots", text, {"nodes": roots})


def _check_cycles(nodes: Sequence[Node], known: Mapping[str, Node]) -> None:
    ends: set[str] = {""}
    for node in nodes:
        walked: dict[str, None] = {}
        code = node.code
        while code not in ends:
            if code in walked:
                ring = [*list(walked)[list(walked).index(code) :], code]
                raise EngineError("cycle", f"the parents run in a circle: {' > '.join(ring)}", {"nodes": ring})
            walked[code] = None
            code = known[code].parent
        ends.update(walked)


def _check_levels(nodes: Sequence[Node], known: Mapping[str, Node]) -> None:
    stated = [node.level is not None for node in nodes]
    if not any(stated):
        return
    for node in nodes:
        if node.level is None:
            text = f"{node.code!r} has no level; state it for every element or for none"
            raise EngineError("level_missing", text, {"node": node.code})
        above = known[node.parent].level if node.parent else None
        if above is not None and above <= node.level:
            text = f"{node.code!r} is on level {node.level}, its parent {node.parent!r} must be higher, not {above}"
            raise EngineError("level_order", text, {"node": node.code, "parent": node.parent})
