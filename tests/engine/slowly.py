"""The standard pipeline a second time, in plain Python straight from the text of the design, one number at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import fmean

Column = list[float | None]


def known(column: Column) -> list[float]:
    return [value for value in column if value is not None]


def filled(column: Column, groups: Sequence[str]) -> Column:
    """Gaps get the mean of the unit's group; a group without any value keeps its gaps."""
    means = {}
    for group in set(groups):
        own = [value for value, label in zip(column, groups, strict=True) if label == group and value is not None]
        means[group] = fmean(own) if own else None
    return [means[group] if value is None else value for value, group in zip(column, groups, strict=True)]


def moments(values: Sequence[float]) -> tuple[float, float]:
    n, mean = len(values), fmean(values)
    second, third, fourth = (math.fsum((x - mean) ** power for x in values) for power in (2, 3, 4))
    skew = math.sqrt(n) * third / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2)
    r = n * fourth / second**2
    return skew, ((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def passes(values: Sequence[float]) -> bool:
    skew, kurt = moments(values)
    return abs(skew) < 2 or kurt < 3.5


def treated(column: Column, winmax: int = 5) -> Column:
    if passes(known(column)):
        return column
    now, points = list(column), 0
    while points < winmax and not passes(known(now)):
        values = sorted(set(known(now)))
        top = moments(known(now))[0] >= 0
        edge, inner = (values[-1], values[-2]) if top else (values[0], values[1])
        points = len(original_beyond(column, inner, top))
        now = [inner if value == edge else value for value in now]
    if passes(known(now)):
        return now
    low, high = min(known(column)), max(known(column))
    return [None if value is None else math.log(value - low + 0.01 * (high - low)) for value in column]


def original_beyond(column: Column, inner: float, top: bool) -> list[float]:
    return [value for value in known(column) if (value > inner if top else value < inner)]


def scaled(column: Column, direction: int) -> Column:
    turned = [None if value is None else value * direction for value in column]
    low, high = min(known(turned)), max(known(turned))
    return [None if value is None else 100 * (value - low) / (high - low) for value in turned]


def mean(values: Column, weights: Sequence[float]) -> float | None:
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    total = math.fsum(weight for _, weight in pairs)
    return math.fsum(value * weight for value, weight in pairs) / total if total else None


def score(
    unit: int, code: str, columns: dict[str, Column], children: dict[str, list[str]], weight: Callable[[str], float]
) -> float | None:
    if code not in children:
        return columns[code][unit]
    below = children[code]
    return mean([score(unit, child, columns, children, weight) for child in below], [weight(child) for child in below])
