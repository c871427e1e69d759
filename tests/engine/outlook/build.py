"""Panels for tests: invented counties, and the real one."""

from __future__ import annotations

import numpy as np

from yiqi.engine import AppraisalScheme, BlockSpec, IndicatorSpec
from yiqi.engine.outlook import MonthlyPanel

# A dozen series that do not add up to one another, of the 24 that vega_datasets ships as ``us_employment``: employees
# on nonfarm payrolls by industry, thousands, seasonally adjusted, monthly 2006-2015. Source: U.S. Bureau of Labor
# Statistics, Current Employment Statistics (public domain).
INDUSTRIES = (
    "mining_and_logging", "construction", "durable_goods", "nondurable_goods", "wholesale_trade", "retail_trade",
    "utilities", "information", "financial_activities", "leisure_and_hospitality", "other_services", "government",
)  # fmt: skip


def employment() -> MonthlyPanel:
    """The real panel: 12 units, 1 indicator, 120 months."""
    from vega_datasets import local_data

    table = local_data.us_employment()
    months = [str(month)[:7] for month in table["month"]]
    assert (months[0], months[-1], len(months)) == ("2006-01", "2015-12", 120)
    values = table[list(INDUSTRIES)].to_numpy(dtype=np.float64)[:, :, None]
    return MonthlyPanel(INDUSTRIES, ("employees",), months[0], values, "level")


def counties(months: int = 8, units: int = 5, seed: int = 11, start: str = "2021-01") -> MonthlyPanel:
    """An invented panel like that of the demonstration: one flow, one rate, a few months of one year."""
    chance = np.random.default_rng(seed)
    steps = chance.gamma(20, 1, (months, units)) * (1 + np.linspace(0, 0.3, units))
    years = np.split(steps, range(12, months, 12))
    flow = np.concatenate([np.cumsum(year, axis=0) for year in years])
    rate = 8 + chance.normal(0, 1, units) + np.cumsum(chance.normal(0, 0.3, (months, units)), axis=0)
    names = tuple(f"R{row}" for row in range(units))
    return MonthlyPanel(names, ("gdp", "rate"), start, np.stack([flow, rate], axis=2), {"gdp": "flow"})


def contest_scheme(**changes: object) -> AppraisalScheme:
    """A scheme of the two indicators."""
    specs = (
        IndicatorSpec("gdp", "b", 10, "higher", "minmax"),
        IndicatorSpec("rate", "b", 8, "higher", "rank_linear", {"f": 0.4}),
    )
    return AppraisalScheme(**{"blocks": (BlockSpec("b"),), "indicators": specs, "tier_size": 2, **changes})
