"""Every list is declared once, in few lines; the tables that templates still write are known, each with its reason."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator

import pytest

from tests.architecture.layers import PACKAGE, ROOT, TEMPLATES
from yiqi.kit.web.tables import List

VIEWS = sorted(path for path in PACKAGE.glob("*/views/**/*.py") if path.name != "__init__.py")
MOST_LINES = 40
SET_BY_THE_VIEW = {"TASKS": {"light"}}  # its ordering needs the day and the county's rule
SPECIAL = {
    "appraisal/framework.html": "a table for each block of a system",
    "appraisal/import.html": "the preview of a sheet, as a matrix",
    "appraisal/indicator.html": "series and counties of one indicator",
    "appraisal/parts/revisions.html": "revisions of one figure",
    "appraisal/region.html": "a county's score, block by block",
    "appraisal/round.html": "a matrix of blocks",
    "appraisal/standings.html": "a matrix of blocks with the line of the tier",
    "appraisal/supports.html": "a form in a table",
    "cockpit/actions.html": "sums in its foot",
    "cockpit/losses.html": "five rows on the wall",
    "cockpit/standing.html": "five rows on the wall",
    "core/person.html": "appointments of one person with their buttons",
    "core/record.html": "before and after of one record",
    "dispatch/fact.html": "the records behind one figure",
    "dispatch/force.html": "lights by action",
    "dispatch/week_open.html": "the preview of an agenda",
    "plan/campaign.html": "lights by action",
}


def declarations() -> Iterator[tuple[str, ast.Call]]:
    """Each ``List(...)`` of the views: place and node."""
    for path in VIEWS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "List":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def lists() -> Iterator[tuple[str, List]]:
    """Each list that a module of views holds by name."""
    for path in VIEWS:
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        yield from ((name, value) for name, value in vars(module).items() if isinstance(value, List))


def test_a_list_with_its_files_is_declared_in_forty_lines() -> None:
    found = {place: (node.end_lineno or node.lineno) - node.lineno + 1 for place, node in declarations()}
    assert len(found) >= 15
    assert {place: lines for place, lines in found.items() if lines > MOST_LINES} == {}


def test_no_other_template_writes_a_table() -> None:
    written = re.compile(r'<table class="data-table')
    found = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if written.search(path.read_text())}
    assert found == set(SPECIAL)


@pytest.mark.parametrize(("name", "what"), [*lists()], ids=lambda value: value if isinstance(value, str) else "")
def test_headings_sort_by_what_the_list_offers(name: str, what: List) -> None:
    offered = set(what.sorts or {}) | SET_BY_THE_VIEW.get(name, set())
    asked = {column.sort for column in what.columns if column.sort}
    assert asked <= offered
    assert what.sort.removeprefix("-") in (offered or {""})


@pytest.mark.parametrize(("name", "what"), [*lists()], ids=lambda value: value if isinstance(value, str) else "")
def test_a_card_has_one_title_and_no_column_is_nowhere(name: str, what: List) -> None:
    shown = [column for column in what.columns if column.page]
    assert [column.phone.value for column in shown].count("title") == 1
    assert [column.key for column in what.columns if not column.page and not column.width] == []
