"""What ``scripts/covered.py`` says of a file that tests leave out: name, percentage, lines and branches."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from typing import Any

import pytest

from scripts.covered import LEAST, complaints, files, left_out
from tests.architecture.layers import ROOT

WHOLE = {"summary": {"percent_covered": 100.0}, "missing_lines": [], "missing_branches": []}


def measured() -> dict[str, Any]:
    """All files, and all of each."""
    return {str(path.relative_to(ROOT)): WHOLE for room in LEAST for path in files(room)}


def test_nothing_is_said_where_everything_is_covered() -> None:
    assert list(complaints(measured())) == []


@pytest.mark.parametrize(
    ("file", "percent", "said"),
    [
        ("yiqi/core/rules.py", 99.9, "99.9 % of 100 %"),
        ("yiqi/core/operations/units.py", 94.9, "94.9 % of 95 %"),
        ("yiqi/core/operations/units.py", 95.0, None),
        ("yiqi/config/cli/up.py", 89.0, "89.0 % of 90 %"),
    ],
)
def test_a_file_that_falls_short_is_named(file: str, percent: float, said: str | None) -> None:
    found = measured()
    branches = [[12, 14], [20, -18], [84, 85], [85, 86]]
    found[file] = {"summary": {"percent_covered": percent}, "missing_lines": [85], "missing_branches": branches}
    assert list(complaints(found)) == ([f"{file}: {said}, left out: 85, 12→14, 20→end"] if said else [])


def test_a_file_that_no_test_imports_is_named() -> None:
    found = measured()
    del found["yiqi/plan/rules.py"]
    assert list(complaints(found)) == ["yiqi/plan/rules.py: not run at all, and 100 % are asked for"]


def test_a_branch_into_a_line_that_is_named_is_not_named_again() -> None:
    assert left_out({"missing_lines": [5, 6], "missing_branches": [[4, 5], [5, 6], [7, 9]]}) == "5, 6, 7→9"


def test_every_file_that_is_held_is_measured() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]["run"][
        "include"
    ]
    held = [str(path.relative_to(ROOT)) for room in LEAST for path in files(room)]
    assert [name for name in held if not any(fnmatch(name, pattern) for pattern in patterns)] == []
