"""A share with its size and its interval."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from yiqi.kit.rates import Rate


@pytest.mark.parametrize(
    ("good", "cases", "percent", "said"),
    [
        (0, 0, None, "—"),
        (1, 16, Decimal("6.3"), "6.3%（1/16，95%置信区间1.1%–28.3%）"),  # 6.25, half up
        (3, 3, Decimal("100.0"), "100.0%（3/3，95%置信区间43.9%–100.0%）"),
        (0, 5, Decimal("0.0"), "0.0%（0/5，95%置信区间0.0%–43.4%）"),
    ],
)
def test_a_rate_is_said_with_its_cases_and_interval(good: int, cases: int, percent: Decimal | None, said: str) -> None:
    rate = Rate(good, cases)
    assert (rate.percent, str(rate)) == (percent, said)


@given(st.integers(1, 5000).flatmap(lambda cases: st.tuples(st.integers(0, cases), st.just(cases))))
def test_the_interval_is_wilsons(counts: tuple[int, int]) -> None:
    good, cases = counts
    low, high = proportion_confint(good, cases, alpha=0.05, method="wilson")
    assert Rate(good, cases).interval == pytest.approx((100 * low, 100 * high), abs=1e-9)
