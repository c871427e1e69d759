"""What the tools are told to overlook has its reason beside it; where no tool looks, nothing is overlooked."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.architecture.layers import PACKAGE, ROOT

FILES = [
    path for folder in ("yiqi", "tests", "scripts", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))
]
MARK = re.compile(r"#\s*(noqa|type: ignore)\b(:[A-Z0-9, ]+|\[[^\]]*\])?(.*)")
WORD = re.compile(r"[A-Za-z]{2,}")


def overlooked(text: str) -> Iterator[tuple[int, str, int]]:
    """Line, kind and number of words of the reason of each comment that silences a tool."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (mark := MARK.search(token.string)):
            yield token.start[0], mark[1], len(WORD.findall(mark[3]))


def test_each_has_its_reason() -> None:
    bare = {str(path.relative_to(ROOT)): [*overlooked(path.read_text(encoding="utf-8"))] for path in FILES}
    found = {path: [line for line, _kind, words in marks if words < 2] for path, marks in bare.items()}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_types_are_checked_in_the_product_alone() -> None:
    beside = [path for path in FILES if PACKAGE not in path.parents]
    kinds = {path: {kind for _line, kind, _words in overlooked(path.read_text(encoding="utf-8"))} for path in beside}
    assert [str(path.relative_to(ROOT)) for path, found in kinds.items() if "type: ignore" in found] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x = 1", []),
        ("x = 1  # noqa: S105", [0]),
        ("x = 1  # noqa: S105 - printed for everybody", [3]),
        ("x = 1  # type: ignore[misc]  # has no types", [3]),
        ("x = '# noqa'", []),
    ],
)
def test_what_counts_as_a_reason(line: str, words: list[int]) -> None:
    assert [count for _line, _kind, count in overlooked(line)] == words
