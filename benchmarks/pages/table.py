"""The table of what was measured, on the terminal and as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.pages.statements import Asked
from benchmarks.pages.visitors import Taken

AIM_MS = 40.0
AIM_STATEMENTS = 12
HEAD = (
    *(("page", 22), ("alone ms", 9), ("p95", 7), ("req/s", 7), ("8: ms", 7), ("p95", 7), ("req/s", 7)),
    *(("CPU ms", 8), ("stmts", 6), ("warm", 5), ("SQL ms", 7), ("Python", 8), ("KiB", 7), ("RSS MiB", 8)),
)


@dataclass(frozen=True)
class Row:
    """One page: alone, among eight, its statements, and the server's memory after it; or why it failed.

    ``processor_ms`` is what one request costs web server and database together, whoever else uses the machine.
    """

    label: str
    address: str
    alone: Taken | None = None
    among: Taken | None = None
    asked: Asked | None = None
    processor_ms: float = 0.0
    size: int = 0
    resident: int = 0
    fault: str = ""

    @property
    def misses(self) -> list[str]:
        """What of the aim it misses."""
        found = []
        if self.alone and self.alone.median > AIM_MS:
            found.append(f"{self.alone.median:.0f} ms")
        if self.asked and self.asked.statements > AIM_STATEMENTS:
            found.append(f"{self.asked.statements} statements")
        return found

    def data(self) -> dict[str, Any]:
        """As plain types."""
        return asdict(self) | {"misses": self.misses}


def _cells(row: Row) -> list[str]:
    cells = [row.label]
    for taken in (row.alone, row.among):
        cells += [f"{taken.median:.1f}", f"{taken.p95:.1f}", f"{taken.per_second:.0f}"] if taken else ["—"] * 3
    cells.append(f"{row.processor_ms:.1f}")
    asked = row.asked
    cells += [str(asked.statements), str(asked.warm_statements)] if asked else ["—"] * 2
    cells.append(f"{asked.database_ms:.1f}" if asked else "—")
    cells.append(f"{asked.python_ms:.1f}" if asked else "—")
    return [*cells, f"{row.size / 1024:.0f}", f"{row.resident / 2**20:.0f}"]


def head() -> str:
    """The first line."""
    return "".join(f"{name:<{width}}" if place == 0 else f"{name:>{width}}" for place, (name, width) in enumerate(HEAD))


def line(row: Row) -> str:
    """One row of the table."""
    if row.fault:
        return f"{row.label:<{HEAD[0][1]}}  {row.fault[:100]}"
    pairs = zip(_cells(row), HEAD, strict=True)
    return "".join(
        f"{cell:<{width}}" if place == 0 else f"{cell:>{width}}" for place, (cell, (_name, width)) in enumerate(pairs)
    )
