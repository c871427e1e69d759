"""Reading the worked tables of docs/algorithms, so that prose and program cannot part."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs" / "algorithms"


def table(document: str, name: str) -> list[list[str]]:
    """The cells of the rows of the table that follows ``<!-- table: name -->``."""
    text = (DOCS / document).read_text(encoding="utf-8")
    after = text.split(f"<!-- table: {name} -->", 1)[1].lstrip().splitlines()
    rows = []
    for line in after:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows[2:]
