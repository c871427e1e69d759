"""Random rounds on a coarse grid, so that ties, flat groups and missing figures are common."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from tests.engine.build import now_of
from tests.engine.test_laws import GRID, HALVES, PARAMS, TARGET, matrix
from yiqi.engine import RULES, AppraisalScheme, BlockSpec, IndicatorSpec
from yiqi.engine.catchup import AppraisalSituation

BY_RULE: dict[str, list[dict[str, Any]]] = {
    **{rule: [params] for rule, params in PARAMS.items()},
    "bands": [PARAMS["bands"], {"bands": [[2, 0.4], [4, 1], [8, 0.2]], "below": 0.6}],
    "ratio": [{}, {"cap": 1.5}],
    "efficacy": [{}, {"x_h": 8, "x_s": 2}, {"c": 0.2, "d": 1.0, "lo": 0.5}],
    "level_and_growth": [
        HALVES,
        {"a": 0.5, "level": {"rule": "minmax"}, "growth": {"rule": "minmax"}},
        {"level": {"rule": "ratio"}, "growth": {"rule": "rank_step", "params": {"k": 1}}},
    ],
}


@st.composite
def indicators(draw: st.DrawFn, number: int, policies: list[str | None]) -> IndicatorSpec:
    rule = draw(st.sampled_from(sorted(RULES)))
    params = draw(st.sampled_from(BY_RULE[rule]))
    direction = draw(st.sampled_from(["higher", "lower"]))
    if params.get("x_h") is not None:
        direction = "higher"
    veto = draw(st.booleans()) if rule != "veto" else False
    return IndicatorSpec(
        f"i{number}",
        draw(st.sampled_from(["b", "c"])) if number > 1 else "bc"[number],
        0 if rule == "veto" else draw(st.sampled_from([1, 2.5, 4])),
        direction,
        rule,
        params,
        draw(st.sampled_from(policies)),
        veto,
        veto_limit=draw(st.sampled_from([None, 5.0])) if veto else None,
    )


@st.composite
def situations(
    draw: st.DrawFn,
    *,
    policies: tuple[str | None, ...] = (None, "exclude", "zero", "carry", "group_mean"),
    tolerances: tuple[float, ...] = (1e-9, 1e-9, 0.0, 0.25, 0.6),
    ties: tuple[str, ...] = ("competition", "dense"),
    zero_ranges: tuple[str, ...] = ("full", "mid", "missing"),
    rounded: tuple[bool, ...] = (False, False, True),
    gaps: bool = True,
    most_units: int = 6,
    most_indicators: int = 4,
) -> AppraisalSituation:
    specs = [draw(indicators(number, list(policies))) for number in range(draw(st.integers(2, most_indicators)))]
    units = tuple(f"u{row}" for row in range(draw(st.integers(2, most_units))))
    shape, gap = (len(units), len(specs)), st.just(math.nan)
    holes = st.one_of(GRID, GRID, GRID, gap) if gaps else GRID
    values = matrix(draw, shape, holes)
    values[0, 0] = draw(GRID)
    scheme = AppraisalScheme(
        (BlockSpec("b", coverage=draw(st.sampled_from([0, 0.5]))), BlockSpec("c")),
        tuple(specs),
        ties=draw(st.sampled_from(ties)),
        tolerance=draw(st.sampled_from(tolerances)),
        tie_breakers=draw(st.sampled_from([(), (), ("i1", "i0")])),
        zero_range=draw(st.sampled_from(zero_ranges)),
        rank_rounded=draw(st.sampled_from(rounded)),
        places=draw(st.sampled_from([0, 2])),
        tier_size=2,
    )
    return now_of(
        scheme,
        units,
        values,
        targets=matrix(draw, shape, st.one_of(TARGET, TARGET, gap) if gaps else TARGET),
        previous=matrix(draw, shape, st.one_of(GRID, gap)),
        growth=matrix(draw, shape, holes),
        peers=draw(st.one_of(st.none(), st.lists(st.sampled_from("xy"), min_size=shape[0], max_size=shape[0]))),
        vetoed=draw(st.lists(st.sampled_from([False, False, True]), min_size=shape[0], max_size=shape[0])),
    )
