"""Statistics of the columns of an index: correlations, reliability, components, availability.

>>> found = correlations([[1.0, 2.0], [2.0, 4.0], [3.0, 5.0]], columns=("a", "b"))
>>> round(float(found.r[0, 1]), 4)
0.982
"""

from yiqi.engine.study.statistics.correlation import Correlations, correlations
from yiqi.engine.study.statistics.reliability import Components, cronbach_alpha, principal_components
from yiqi.engine.study.statistics.structure import (
    Flag,
    Related,
    correlation_flags,
    denominator_correlations,
    family_correlations,
)
from yiqi.engine.study.statistics.summary import (
    Availability,
    FlagLimits,
    Statistics,
    availability,
    availability_by_group,
    statistics,
)

__all__ = [
    "Availability",
    "Components",
    "Correlations",
    "Flag",
    "FlagLimits",
    "Related",
    "Statistics",
    "availability",
    "availability_by_group",
    "correlation_flags",
    "correlations",
    "cronbach_alpha",
    "denominator_correlations",
    "family_correlations",
    "principal_components",
    "statistics",
]
