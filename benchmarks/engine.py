"""CPU time of the engine beside bare NumPy and kept libraries: python -m benchmarks.engine [PART ...]

All in this process on one thread, on the same seeded figures. Parts: appraisal, index, weights, draws, catchup, cluster
(that one only when named: it starts processes of its own). Status 1 if a task takes longer than allowed.
"""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measure import Row

PARTS = ("appraisal", "index", "weights", "draws", "catchup")
PEERS = ("scikit-criteria", "pymcdm")


def milliseconds(value: float) -> str:
    """Three significant digits; a dash where there is none."""
    return "—" if math.isnan(value) else f"{value * 1e3:.3g}" if value < 1 else f"{value * 1e3:,.0f}"


def line(row: Row | Any) -> str:
    """A row of any part: task, seconds, limit, allowed, and perhaps peers."""
    peers = getattr(row, "peers", {})
    ratio = row.seconds / row.limit
    cells = [milliseconds(row.seconds), milliseconds(row.limit), "—" if math.isnan(ratio) else f"{ratio:.2f}"]
    cells += [milliseconds(row.allowed), "over" if row.seconds > row.allowed else ""]
    cells += [milliseconds(peers.get(name, math.nan)) for name in PEERS]
    return (
        f"{row.task:<58}" + "".join(f"{cell:>11}" for cell in cells[:5]) + "".join(f"{cell:>17}" for cell in cells[5:])
    )


def measured(parts: Iterable[str]) -> list[Row | Any]:
    """Rows of the parts, printed as they come."""
    found = []
    for part in parts:
        for row in importlib.import_module(f"benchmarks.{part}").rows():
            print(line(row), flush=True)
            found.append(row)
    return found


def main(arguments: list[str]) -> None:
    """Print the table."""
    unknown = [part for part in arguments if part not in {*PARTS, "cluster"}]
    if unknown:
        raise SystemExit(f"no part {unknown[0]!r}; there are: {', '.join(PARTS)}, cluster")
    heads = ("engine ms", "NumPy ms", "ratio", "allowed", "")
    print(f"{'CPU time':<58}" + "".join(f"{head:>11}" for head in heads) + "".join(f"{name:>17}" for name in PEERS))
    if any(row.seconds > row.allowed for row in measured(part for part in arguments or PARTS if part != "cluster")):
        raise SystemExit("a task takes longer than allowed")
    if "cluster" in arguments:
        importlib.import_module("benchmarks.cluster").main()


if __name__ == "__main__":
    main(sys.argv[1:])
