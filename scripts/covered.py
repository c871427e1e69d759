"""Run tests and hold what they cover, by statement and branch: ``python scripts/covered.py pytest …``.

A verb that refuses has a branch for each refusal, a reader one for each shape of a table, a rule one for each post.
Nothing is excluded: a branch that no test can take is one that nobody needs. Only the tests' own processes count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
# what of each file, in percent: as coverage counts, statements and branches together
LEAST = {
    "yiqi/*/operations": 95,
    "yiqi/*/readers": 100,
    "yiqi/*/rules": 100,
    "yiqi/config/cli": 90,
}


def files(room: str) -> list[Path]:
    """The files of a room, whether a module or a package; files without a line to run have nothing to cover."""
    found = [*ROOT.glob(f"{room}.py"), *ROOT.glob(f"{room}/**/*.py")]
    return sorted(path for path in found if path.read_text(encoding="utf-8").strip())


def left_out(told: dict[str, Any]) -> str:
    """The lines that no test ran and the branches that none took, as ``12, 40→45``."""
    missed = told["missing_lines"]
    ways = [
        f"{line}→{'end' if target < 0 else target}"
        for line, target in told["missing_branches"]
        if line not in missed and target not in missed
    ]
    return ", ".join([*map(str, missed), *ways])


def complaints(measured: dict[str, Any]) -> Iterator[str]:
    """A line for each file that has less than its room asks for."""
    for room, least in LEAST.items():
        for path in files(room):
            name = str(path.relative_to(ROOT))
            told = measured.get(name)
            if told is None:
                yield f"{name}: not run at all, and {least} % are asked for"
            elif (reached := told["summary"]["percent_covered"]) < least:
                yield f"{name}: {reached:.1f} % of {least} %, left out: {left_out(told)}"


def main() -> int:
    """Run the command with coverage on; its own failure comes first."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "coverage")
        words = [*sys.argv[1:], "--cov", "--cov-report="]
        status = subprocess.run(words, check=False, cwd=ROOT, env={**os.environ, "COVERAGE_FILE": data}).returncode
        if status:
            return status
        coverage, report = Coverage(data_file=data), Path(folder) / "coverage.json"
        coverage.load()
        coverage.json_report(outfile=str(report))
        found = list(complaints(json.loads(report.read_text(encoding="utf-8"))["files"]))
    print("\n".join(found) if found else "covered: operations, readers, rules and the command line")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
