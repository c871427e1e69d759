"""What to score and how: blocks, indicators and policies as frozen, checked data.

Everything is validated at construction and every default is written out, so a scheme read back from its dictionary is
equal to the first one and has the same digest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from yiqi.engine.ground.checks import choice, finite
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import TIES_POLICIES
from yiqi.engine.ground.spec import Spec, spec_of
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.methods import RULES, Part, Rule
from yiqi.engine.scheme.methods.rule import Place
from yiqi.engine.scheme.parameters import clean_params, number, rule_named
from yiqi.engine.scheme.scheme import Scheme

DIRECTIONS: Final = ("higher", "lower")
MISSING_POLICIES: Final = ("exclude", "zero", "carry", "group_mean")
ZERO_RANGE_POLICIES: Final = ("full", "mid", "missing")
POINTS_TOLERANCE: Final = 1e-9
MOST_PLACES: Final = 12


def _named(kind: str, code: object) -> None:
    if not isinstance(code, str) or not code:
        raise EngineError("code_missing", f"{kind} without a code: {code!r}", {"kind": kind})


@dataclass(frozen=True)
class IndicatorSpec(Spec):
    """One column: its block, its points W, which way is better, and the rule with its parameters.

    ``missing`` None takes the scheme's policy. ``veto`` marks an indicator that can close the tier: with ``veto_limit``
    a value worse than the limit does so by itself; without it only the ``vetoed`` argument of ``run`` decides. Rules
    ``deduct``, ``bonus`` and ``veto`` fix the direction themselves; ``veto`` has 0 points and limit 0 by default.
    Raises ``points_not_positive``, ``unknown_rule``, ``unknown_option`` and the errors of ``clean_params``.
    """

    code: str
    block: str
    points: float
    direction: str = "higher"
    rule: str = ""
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    missing: str | None = None
    veto: bool = False
    name: str = ""
    veto_limit: float | None = None

    def __post_init__(self) -> None:
        _named("indicator", self.code)
        choice("direction", self.direction, DIRECTIONS, indicator=self.code)
        if self.missing is not None:
            choice("missing", self.missing, MISSING_POLICIES, indicator=self.code)
        rule = rule_named(self.code, self.rule)
        points = finite("points", self.points, indicator=self.code)
        if points < 0 or (points == 0) != rule.closes:
            text = f"indicator {self.code!r}: points must be positive (0 for rule 'veto'), not {points:g}"
            raise EngineError("points_not_positive", text, {"indicator": self.code, "points": points})
        direction = rule.fixed_direction or self.direction
        params = clean_params(self.code, rule.id, self.params, points=points, direction=direction)
        self._set(points=points, direction=direction, params=params, veto=bool(self.veto) or rule.closes)
        self._set_limit(rule)

    def _set_limit(self, rule: Rule) -> None:
        limit = 0.0 if self.veto_limit is None and rule.closes else self.veto_limit
        if limit is not None:
            limit = number(Place(self.code, rule.id), "veto_limit", limit)
        if limit is not None and not self.veto:
            text = f"indicator {self.code!r}: a veto limit needs veto=True"
            raise EngineError("option_invalid", text, {"indicator": self.code, "option": "veto_limit"})
        self._set(veto_limit=limit)

    @property
    def sign(self) -> float:
        """+1 where higher is better, −1 where lower is."""
        return 1.0 if self.direction == "higher" else -1.0

    @property
    def part(self) -> Part:
        """The rule at work on the column."""
        return Part(RULES[self.rule], self.params, self.points, self.sign)

    @property
    def counts(self) -> bool:
        """Whether the points belong to the block's full marks (bonus stands on top, veto has none)."""
        return not RULES[self.rule].extra


@dataclass(frozen=True)
class BlockSpec(Spec):
    """A block: scored and ranked by itself.

    ``points``, where given, must equal the sum of its indicators' points. ``coverage`` in [0, 1] is the least share of
    the block's points that must rest on figures of this period; below it the block has no score.
    """

    code: str
    points: float | None = None
    coverage: float = 0.0
    name: str = ""

    def __post_init__(self) -> None:
        _named("block", self.code)
        if self.points is not None:
            points = finite("points", self.points, block=self.code)
            if points <= 0:
                text = f"block {self.code!r}: points must be positive, not {points:g}"
                raise EngineError("points_not_positive", text, {"block": self.code, "points": points})
            self._set(points=points)
        coverage = finite("coverage", self.coverage, block=self.code)
        if not 0 <= coverage <= 1:
            text = f"block {self.code!r}: coverage must be within 0 and 1, not {coverage:g}"
            raise EngineError("option_invalid", text, {"block": self.code, "option": "coverage"})
        self._set(coverage=coverage)


@dataclass(frozen=True)
class AppraisalScheme(Scheme):
    """All that decides a result besides the figures. See ``docs/algorithms/policies.md`` for each policy.

    ``tolerance``: values or scores closer than this are tied. ``tie_breakers``: indicator codes, first to last.
    ``places``: decimals published. ``tier_size``: the first places that form the tier.
    Raises ``no_indicators``, ``no_blocks``, ``duplicate_code``, ``unknown_block``, ``empty_block``,
    ``points_mismatch``, ``unknown_indicator`` (a tie-breaker), ``unknown_option``, ``option_invalid``.
    """

    blocks: tuple[BlockSpec, ...]
    indicators: tuple[IndicatorSpec, ...]
    missing: str = "exclude"
    ties: str = "competition"
    tolerance: float = 1e-9
    tie_breakers: tuple[str, ...] = ()
    places: int = 2
    rank_rounded: bool = False
    zero_range: str = "full"
    tier_size: int = 6

    def __post_init__(self) -> None:
        self._set(
            blocks=tuple(spec_of(BlockSpec, block) for block in self.blocks),
            indicators=tuple(spec_of(IndicatorSpec, spec) for spec in self.indicators),
            tie_breakers=tuple(self.tie_breakers),
        )
        choice("missing", self.missing, MISSING_POLICIES)
        choice("ties", self.ties, TIES_POLICIES)
        choice("zero_range", self.zero_range, ZERO_RANGE_POLICIES)
        self._set(tolerance=finite("tolerance", self.tolerance))
        self._set(rank_rounded=bool(self.rank_rounded))
        self._check_numbers()
        _check_codes("block", [block.code for block in self.blocks])
        _check_codes("indicator", [spec.code for spec in self.indicators])
        self._check_blocks()
        for code in self.tie_breakers:
            self.column(code)

    def _check_numbers(self) -> None:
        bounds = {"tolerance": (0.0, math.inf), "places": (0, MOST_PLACES), "tier_size": (0, math.inf)}
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            whole = name == "tolerance" or (isinstance(value, int) and not isinstance(value, bool))
            if not whole or not low <= value <= high:
                raise EngineError(
                    "option_invalid", f"{name} cannot be {value!r}", {"option": name, "value": repr(value)}
                )

    def _check_blocks(self) -> None:
        known = {block.code for block in self.blocks}
        for spec in self.indicators:
            if spec.block not in known:
                text = f"indicator {spec.code!r}: unknown block {spec.block!r}"
                raise EngineError("unknown_block", text, {"indicator": spec.code, "block": spec.block})
        for block in self.blocks:
            members = [spec for spec in self.indicators if spec.block == block.code]
            if not members:
                raise EngineError("empty_block", f"block {block.code!r} has no indicators", {"block": block.code})
            _check_points(block, members)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Codes of the indicators."""
        return tuple(spec.code for spec in self.indicators)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Codes of the blocks."""
        return tuple(block.code for block in self.blocks)

    def check_part(self, part: str | None) -> None:
        """Error ``unknown_block``."""
        if part is not None and part not in self.parts:
            raise EngineError("unknown_block", f"unknown block {part!r}", {"block": part})

    def figures(self, data: Dataset) -> Dataset:
        """The data as a run takes them, see ``Dataset.canonical``. Error ``no_observations``."""
        found = data.canonical(self.columns)
        if np.isnan(found.values).all():
            raise EngineError("no_observations", "there is not a single value to score")
        return found

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {code: index for index, code in enumerate(self.columns)}

    def column(self, indicator: str) -> int:
        """Column number of an indicator; ``unknown_indicator`` otherwise."""
        found = self._columns.get(indicator)
        if found is None:
            raise EngineError("unknown_indicator", f"unknown indicator {indicator!r}", {"indicator": indicator})
        return found

    def block_columns(self, block: str) -> list[int]:
        """Column numbers of a block's indicators, in the scheme's order."""
        return [index for index, spec in enumerate(self.indicators) if spec.block == block]

    def breakers(self, block: str | None = None) -> list[int]:
        """Columns that tell ties apart, first to last: all for the total, those of its own for a block."""
        columns = [self.column(code) for code in self.tie_breakers]
        return [column for column in columns if block in (None, self.indicators[column].block)]

    def policy(self, spec: IndicatorSpec) -> str:
        """The missing policy that holds for an indicator."""
        return spec.missing or self.missing


def _check_codes(kind: str, codes: Sequence[str]) -> None:
    if not codes:
        raise EngineError(f"no_{kind}s", f"the plan has no {kind}s")
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise EngineError(
                "duplicate_code", f"{kind} {code!r} stands twice in the plan", {"kind": kind, "code": code}
            )
        seen.add(code)


def _check_points(block: BlockSpec, members: Sequence[IndicatorSpec]) -> None:
    """A block of bonuses only is held to their sum; elsewhere bonuses stand on top and are not counted."""
    counted = [spec for spec in members if spec.counts] or members
    total = math.fsum(spec.points for spec in counted)
    if block.points is not None and abs(total - block.points) > POINTS_TOLERANCE:
        text = f"block {block.code!r} is worth {block.points:g} points, its indicators add up to {total:.12g}"
        raise EngineError("points_mismatch", text, {"block": block.code, "points": block.points, "sum": total})
