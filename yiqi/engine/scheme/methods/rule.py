"""What a scoring rule of an appraisal is: all that anybody needs to know of it stands in one place, its own file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.standing import Standing

Kind = Literal["number", "bands", "part"]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a rule. ``default`` None and not ``required``: worked out from the data or the points."""

    name: str
    text: str
    default: float | None = None
    required: bool = False
    low: float = -math.inf
    high: float = math.inf
    above_low: bool = False
    kind: Kind = "number"


CAP = Parameter("cap", "largest share of W, above 1 where over-fulfilment counts", 1.0, low=0.0, above_low=True)


@dataclass(frozen=True)
class Place:
    """Where a parameter stands, for the error's data."""

    indicator: str
    rule: str

    def error(self, code: str, message: str, param: str = "", **data: Any) -> EngineError:
        """An error that names the indicator, the rule and, where there is one, the parameter."""
        named = {"param": param} if param else {}
        text = f"indicator {self.indicator!r}, rule {self.rule!r}: {message}"
        return EngineError(code, text, {"indicator": self.indicator, "rule": self.rule, **named, **data})


RULES: Final[dict[str, Rule]] = {}  # every rule enters itself


@dataclass(frozen=True)
class Rule:
    """A scoring rule: its formula, its parameters, where it has a meaning, and where its points jump and bend.

    ``by_group`` rules look at the other regions of the ranking group. ``fixed_direction`` is set where the meaning of
    the value leaves no choice (deductions are better when fewer). ``extra`` rules stand outside of the full marks.
    ``granted``: no value means none was granted, which is no gap. ``closes``: no points, but a limit that closes the
    tier. ``parts``: the rules that it mixes, by parameter.

    Source: the rules used in target-responsibility appraisals, in prose in ``docs/algorithms/scoring-rules.md``.
    x actual values, T target, W points, s = +1 where higher is better and −1 where lower is.
    """

    id: str
    formula: str
    parameters: tuple[Parameter, ...] = ()
    needs_target: bool = False
    positive_target: bool = False
    by_group: bool = False
    not_negative: bool = False
    fixed_direction: str | None = None
    extra: bool = False
    granted: bool = False
    closes: bool = False
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        RULES[self.id] = self

    def score(self, cells: Cells) -> Scored:
        """Points of columns (units, k); nan passes through, nothing is checked."""
        raise NotImplementedError

    def check(self, place: Place, clean: dict[str, Any], points: float, direction: str) -> None:
        """What must hold between checked parameters; may write out what follows from the points."""

    def refuses_negative(self, sign: float) -> bool:
        """Whether values below 0 have no meaning."""
        return self.not_negative

    def lowest(self, sign: float) -> float:
        """Least value that means something."""
        return 0.0 if self.refuses_negative(sign) else -LARGEST

    def full(self, part: Part) -> float:
        """Full marks of a cell."""
        return part.weight

    def compares(self, part: Part) -> bool:
        """Whether the figure is compared with those of the ranking group."""
        return self.by_group

    def ways(self, part: Part) -> tuple[int, ...]:
        """Directions of the value to look into, the better one first."""
        return (1 if part.sign > 0 else -1,)

    def landmarks(self, part: Part) -> Sequence[float | None]:
        """Numbers of the parameters that say something of the size of a figure."""
        return ()

    def jumps(self, part: Part, target: float, tolerance: float) -> Iterable[float]:
        """Values of a figure at which its points jump."""
        return ()

    def bends(self, part: Part, target: float) -> Iterable[float]:
        """Values of a figure at which its points bend, as a share reaches its cap or its floor."""
        return ()

    def bends_among(self, part: Part, others: Sequence[float]) -> Iterable[float]:
        """Values of a figure at which points bend that compare it with the ``others`` of the group."""
        return ()

    def cut_off(self, part: Part) -> bool:
        """Whether a share between best and worst of the group may be cut off at either end."""
        return False

    def quotient(self, part: Part) -> bool:
        """Whether points are a quotient between best and worst of the group: a hyperbola beyond either end."""
        return False

    def pole(self, part: Part) -> float | None:
        """The pole of the hyperbola that points follow by the figure alone; None where they are straight."""
        return None


@dataclass(frozen=True)
class Part:
    """A rule at work on one column: an indicator's own, or one part of a rule that mixes others."""

    rule: Rule
    params: Mapping[str, Any]
    weight: float
    sign: float

    def part(self, name: str) -> Part:
        """One of the rule's ``parts``, scored out of the same weight."""
        inner = self.params[name]
        return Part(RULES[inner["rule"]], inner["params"], self.weight, 1.0 if inner["direction"] == "higher" else -1.0)

    def seen(self, array: str = "values") -> Part:
        """The rule that looks at the figures of an array (``values`` or ``growth``)."""
        if not self.rule.parts:
            return self
        return self.part(array if array in self.rule.parts else self.rule.parts[0])


@dataclass(frozen=True, eq=False)
class Scored:
    """``points`` (units, k) before renormalisation, nan where a cell cannot be judged; ``flat`` marks the cells that
    the zero-range policy decided."""

    points: FloatArray
    flat: BoolArray


class PartScorer(Protocol):
    """Scores parts of rules that mix others."""

    def score_part(self, parts: Sequence[Part], x: FloatArray, target: FloatArray) -> Scored: ...


@dataclass(frozen=True, eq=False)
class Cells:
    """The columns of one rule: ``x``, ``target``, ``growth`` (units, k), and how each stands in its group."""

    x: FloatArray
    target: FloatArray
    growth: FloatArray
    parts: Sequence[Part]
    place: Standing
    zero_range: str
    tolerance: float
    scorer: PartScorer

    @property
    def weight(self) -> FloatArray:
        """W of each column (k,)."""
        return np.array([part.weight for part in self.parts])

    @property
    def sign(self) -> FloatArray:
        """s of each column (k,)."""
        return np.array([part.sign for part in self.parts])

    @property
    def rank(self) -> FloatArray:
        """Places as float (units, k), nan without one."""
        return np.where(self.place.rank == 0, np.nan, self.place.rank)

    @property
    def n(self) -> FloatArray:
        """Units of the group with a value (units, k)."""
        return self.place.n.astype(np.float64)

    def param(self, name: str) -> FloatArray:
        """One parameter of every column (k,), nan where it is left to the data."""
        return np.array([part.params[name] for part in self.parts], dtype=np.float64)

    def judged(self, points: FloatArray) -> Scored:
        """Points of a rule that knows no range."""
        return Scored(points, np.zeros(points.shape, dtype=np.bool_))

    def ranged(self, points: FloatArray, flat: BoolArray, full: FloatArray, last: FloatArray) -> Scored:
        """Points of a rule that needs a range in the group: where there is none (``flat``), ``full`` as the best,
        ``mid`` half-way between the best and the ``last``, else nan."""
        values = {"full": full, "mid": (full + last) / 2.0}
        return Scored(np.where(flat, values.get(self.zero_range, np.full_like(points, np.nan)), points), flat)
