"""Pictures of standings under uncertainty as SVG and PNG, and the one way in which pictures are drawn and saved."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from yiqi.engine.ground.arrays import IntArray
from yiqi.engine.ground.ranking import NO_RANK
from yiqi.engine.uncertainty import RobustStanding

if TYPE_CHECKING:
    from matplotlib.figure import Figure


FORMATS: Final = ("svg", "png")
MOST_UNITS: Final = 60  # in one picture; the tables hold all
INK, GREY, LIGHT, BLUE = "#1f2328", "#57606a", "#afb8c1", "#0b57d0"
LETTERS: Final = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei",
    "PingFang SC", "SimHei",
)  # fmt: skip
STYLE: Final[dict[str, Any]] = {
    "font.size": 9, "text.color": INK, "axes.edgecolor": LIGHT, "axes.labelcolor": INK, "xtick.color": INK,
    "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": "#eaeef2", "svg.hashsalt": "yiqi", "svg.fonttype": "none",
}  # fmt: skip


def labels(units: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """What to call the units: the code, with its name beside it where there is one that says more."""
    found = ((unit, names.get(unit, "")) for unit in units)
    return tuple(f"{unit} {name}" if name not in {"", unit} else unit for unit, name in found)


def width(text: str) -> int:
    """Columns of a terminal that a text takes: Chinese letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def save_picture(fill: Callable[[Figure], None], folder: Path, name: str, size: tuple[float, float]) -> list[str]:
    """Let ``fill`` draw on a figure of ``size`` inches and save it as ``name.svg`` and ``name.png``; returns notes.

    No global figure is touched, and there is no date in the files: the same numbers give the same file.
    """
    # loads slowly; waits until something is drawn
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    known = set(font_manager.get_font_names())
    style: Any = STYLE | {"font.family": [family for family in LETTERS if family in known]}
    with mpl.rc_context(style), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        fill(figure)
        for ending in FORMATS:
            metadata: dict[str, Any] = {"Date": None} if ending == "svg" else {"Software": None}
            figure.savefig(folder / f"{name}.{ending}", dpi=150, metadata=metadata)
    lacking = sum("missing from font" in str(one.message) for one in told)
    return [f"{name}.png: {lacking} letters have no font here; the SVG has them"] if lacking else []


def draw_rank_intervals(standing: RobustStanding, folder: Path, shown: Sequence[str] = ()) -> list[str]:
    """``rank_intervals``: for each unit its place as stated, the median, and where 90 % of the draws lie.

    ``shown``: what to call the units, their codes without it.
    """
    rows, more = _shown(standing)
    stats = standing.statistics

    def fill(figure: Figure) -> None:
        axes = figure.subplots()
        height = np.arange(len(rows))
        axes.hlines(height, stats.q5[rows], stats.q95[rows], color=BLUE, linewidth=4, alpha=0.35, label="5 %–95 %")
        axes.plot(stats.median[rows], height, "o", color=BLUE, markersize=4, label="median")
        nominal = np.where(stats.nominal[rows] == NO_RANK, np.nan, stats.nominal[rows])
        axes.plot(nominal, height, "|", color=INK, markersize=9, label="as stated")
        _name_units(axes, shown or standing.units, rows)
        ends = np.concatenate([stats.q95[rows], nominal])
        axes.set_xlim(0.5, np.nanmax(ends, initial=1.0) + 0.5)
        axes.set_xlabel("place")
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
        figure.suptitle(f"Places over {standing.good:,} draws{more}", x=0.01, ha="left")

    return save_picture(fill, folder, "rank_intervals", (7.0, 1.4 + 0.2 * len(rows)))


def draw_place_probability(standing: RobustStanding, folder: Path, shown: Sequence[str] = ()) -> list[str]:
    """``place_probability``: units by places, the darker the more probable; ``shown`` as above."""
    rows, more = _shown(standing)
    places = min(len(standing.units), MOST_UNITS)

    def fill(figure: Figure) -> None:
        axes = figure.subplots()
        cells = standing.probability[rows, :places]
        image = axes.imshow(
            cells,
            cmap="Blues",
            vmin=0.0,
            vmax=max(0.3, float(cells.max())),
            aspect="auto",
            extent=(0.5, places + 0.5, len(rows) - 0.5, -0.5),
        )
        for row, column in np.argwhere(cells >= 0.1) if len(rows) <= 40 else ():
            colour = "white" if cells[row, column] > 0.55 else INK
            percent = f"{100 * cells[row, column]:.0f}"
            axes.text(column + 1, row, percent, ha="center", va="center", fontsize=6, color=colour)
        _name_units(axes, shown or standing.units, rows)
        axes.grid(visible=False)
        axes.set_xlabel("place")
        figure.colorbar(image, ax=axes, label="probability", shrink=0.6)
        figure.suptitle(f"Probability of each place, {standing.good:,} draws (percent){more}", x=0.01, ha="left")

    return save_picture(fill, folder, "place_probability", (3.5 + 0.2 * places, 1.4 + 0.2 * len(rows)))


def _shown(standing: RobustStanding) -> tuple[IntArray, str]:
    """Rows in the order of their stated places, those without one last; the best ones where there are many."""
    places = standing.nominal_places
    order = np.argsort(np.where(places == NO_RANK, len(places) + 1, places), kind="stable")
    more = f"; the first {MOST_UNITS} of {len(order)} units" if len(order) > MOST_UNITS else ""
    return order[:MOST_UNITS], more


def _name_units(axes: Any, called: Sequence[str], rows: IntArray) -> None:
    axes.set_yticks(np.arange(len(rows)), [called[row][:28] for row in rows], parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
