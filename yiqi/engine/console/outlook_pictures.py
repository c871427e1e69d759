"""Pictures of the backtest: scores by horizon, coverage against promise, and fans of the months to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from yiqi.engine.console.pictures import BLUE, GREY, INK, LIGHT, save_picture
from yiqi.engine.ground.arrays import FloatArray, IntArray
from yiqi.engine.outlook import FLOW, Backtest, Forecast, MonthlyPanel, Row, month_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_FANS: Final = 12
HISTORY: Final = 36  # months shown before the fan
LOOKS: Final = {
    "seasonal_naive": {"color": GREY, "linestyle": "--", "marker": "s"},
    "drift": {"color": GREY, "linestyle": ":", "marker": "^"},
    "ets": {"color": BLUE, "linestyle": "-", "marker": "o"},
}


def draw_backtest(tested: Backtest, folder: Path) -> list[str]:
    """``backtest.svg`` and ``.png``: scaled CRPS and Brier by horizon, coverage by promise. Returns notes."""
    rows = [row for row in tested.table() if row.indicator == "all"]

    def fill(figure: Figure) -> None:
        left, middle, right = figure.subplots(1, 3)
        _by_horizon(left, tested, rows, "scaled_crps", "CRPS, scaled by the usual monthly change")
        _by_horizon(middle, tested, rows, "brier", f"Brier score of “above {_event(tested)}”")
        _coverage(right, tested, rows)
        handles, labels = left.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
        series = int(np.isfinite(tested.scales).sum())
        months = f"{tested.origins[0]} to {tested.origins[-1]}" if len(tested.origins) > 1 else tested.origins[0]
        figure.suptitle(
            f"Backtest of {series} series from {len(tested.origins)} past months ({months})", x=0.01, ha="left"
        )

    return save_picture(fill, folder, "backtest", (11.0, 4.2))


def draw_fans(panel: MonthlyPanel, made: Sequence[Forecast], levels: Sequence[float], folder: Path) -> list[str]:
    """``fan.svg`` and ``.png``: the first dozen series, what was and the intervals of what may come. Returns notes."""
    shown = list(made[:MOST_FANS])
    columns = min(3, len(shown))
    lines = -(-len(shown) // columns)

    def fill(figure: Figure) -> None:
        grid = figure.subplots(lines, columns, squeeze=False)
        for axes, one in zip(grid.flat, shown, strict=False):
            _fan(axes, panel, one, levels)
        for axes in grid.flat[len(shown) :]:
            axes.set_visible(False)
        bands = ", ".join(f"{level:.0%}" for level in levels)
        more = f"; {len(made) - len(shown)} more series are in forecast.csv" if len(made) > len(shown) else ""
        figure.suptitle(f"What was, the median and the intervals ({bands}) of what may come{more}", x=0.01, ha="left")

    return save_picture(fill, folder, "fan", (3.9 * columns, 2.5 * lines + 0.5))


def _event(tested: Backtest) -> str:
    return "the same months last year" if tested.event == "last_year" else "the pace so far"


def _by_horizon(axes: Axes, tested: Backtest, rows: Iterable[Row], score: str, title: str) -> None:
    # Matplotlib waits until something is drawn
    from matplotlib.ticker import MaxNLocator

    for method in tested.how.methods:
        points = [(row.horizon, getattr(row, score)) for row in rows if row.method == method and row.horizon > 0]
        known = [(ahead, value) for ahead, value in points if value is not None]
        look: dict[str, Any] = dict(LOOKS[method])
        axes.plot([ahead for ahead, _ in known], [value for _, value in known], label=method, markersize=3, **look)
    axes.set_title(title, loc="left", fontsize=9)
    axes.set_xlabel("months ahead")
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _coverage(axes: Axes, tested: Backtest, rows: Iterable[Row]) -> None:
    axes.plot([0, 1], [0, 1], color=LIGHT, linewidth=1)
    for row in rows:
        if row.horizon == 0 and row.cases:
            look: dict[str, Any] = dict(LOOKS[row.method])
            axes.plot(tested.how.levels, [share or 0.0 for share in row.coverage], markersize=4, **look)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="promised share", ylabel="share that fell inside")
    axes.set_title("Coverage of the intervals", loc="left", fontsize=9)


def by_year(kind: str, months: IntArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points of a line (n,): a flow breaks off at the year's end and begins again at 0: nothing has accumulated.

    A level goes on as it is.
    """
    if kind != FLOW:
        return months.astype(np.float64), values
    opening = 1 + np.flatnonzero(months[1:] % 12 == 0)
    at, broken = np.repeat(opening, 2), np.tile([np.nan, 0.0], len(opening))
    return np.insert(months.astype(np.float64), at, months[at] - 1.0), np.insert(values, at, broken)


def _fan(axes: Axes, panel: MonthlyPanel, one: Forecast, levels: Sequence[float]) -> None:
    series = panel.series(one.unit, one.indicator)
    past = series.values[-HISTORY:]
    months = np.arange(series.last - len(past) + 1, series.last + 1)
    axes.plot(*by_year(series.kind, months, past), color=INK, linewidth=1)
    ahead = np.arange(series.last, series.last + len(one.periods) + 1)

    def joined(values: FloatArray) -> FloatArray:
        return np.concatenate([past[-1:], values])

    for level in sorted(levels, reverse=True):
        low, high = one.interval(level)
        at, lower = by_year(series.kind, ahead, joined(low))
        axes.fill_between(at, lower, by_year(series.kind, ahead, joined(high))[1], color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(*by_year(series.kind, ahead, joined(np.median(one.paths, axis=0))), color=BLUE, linewidth=1)
    ticks = np.linspace(months[0], ahead[-1], 3).round().astype(int)
    axes.set_xticks(ticks, [month_name(int(tick)) for tick in ticks])
    axes.set_title(f"{one.unit[:28]} · {one.indicator[:16]} ({one.method})", loc="left", fontsize=8, parse_math=False)
