"""The closed set of files, and the sizes to hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.layers import PACKAGE, ROOT, TEMPLATES, apps

ALLOWED = {
    "offers",
    "urls",
    "views",
    "admin",
    "forms",
    "operations",
    "readers",
    "metrics",
    "queries",
    "rules",
    "models",
    "enums",
    "migrations",
    "__init__",
}
PIECES = {"doors", "limits", "subjects"}  # what all apps stand on, beside the closed set
BANNED = {"utils", "helpers", "services", "signals", "managers", "constants", "misc", "common"}
CODE = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
TEXTS = {".py", ".md", ".toml", ".json", ".html", ".js", ".css", ".lock", ".yml", "", ".po"}
PAGES = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("app", apps())
def test_an_app_holds_only_the_closed_set_of_files(app: str) -> None:
    names = {
        path.stem for path in (PACKAGE / app).iterdir() if path.name != "__pycache__" and not path.name.startswith(".")
    }
    assert names - ALLOWED - (PIECES if app == "core" else set()) == set()


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in CODE if path.stem in BANNED or path.parent.name in BANNED] == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {str(path.relative_to(ROOT)): lines for path in CODE if (lines := len(path.read_text().splitlines())) > 400}
    assert long == {}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with its length, docstring left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False) or ""
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - (text.count("\n") + 1 if text else 0)


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        (str(path.relative_to(ROOT)), name, length) for path in CODE for name, length in functions(path) if length > 60
    ]
    assert long == []


def test_every_public_function_of_operations_and_engine_is_documented() -> None:
    silent = []
    for path in CODE:
        if "operations" in path.as_posix() or "engine" in path.parts:
            silent += [
                f"{path.relative_to(ROOT)}:{node.name}"
                for node in ast.parse(path.read_text()).body
                if isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
                and not any(ast.unparse(item) == "overload" for item in node.decorator_list)  # the last one has it
            ]
    assert silent == []


def test_only_the_clock_reads_the_time() -> None:
    reading = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|timezone\.now|time\.time)\(")
    found = [
        str(path.relative_to(ROOT)) for path in CODE if path.name != "clock.py" and reading.search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("template", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_is_short_and_carries_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text()
    assert len(text.splitlines()) <= 150
    assert re.findall(r"\sstyle\s*=|\son[a-z]+\s*=|<style|<script(?![^>]* src=)[^>]*>", text) == []


def test_a_form_that_does_a_deed_has_a_key() -> None:
    """So that it does it once; signing in and out, the language and a check that writes nothing need none."""
    without = ("account", "mfa", "layouts", "kit")
    bare = [
        str(path.relative_to(TEMPLATES))
        for path in PAGES
        if "{% csrf_token %}" in path.read_text().replace("{% csrf_token %}{% form_key %}", "")
        and path.relative_to(TEMPLATES).parts[0] not in without
    ]
    assert bare == ["core/verify.html"]


def test_nothing_names_a_machine_or_a_registry() -> None:
    suspicious = re.compile(r"/work/|/root/|registry\.npmjs|pypi\.org|files\.pythonhosted|deb\.debian")
    folders = ("yiqi", "tests", "scripts", "benchmarks", "docs", ".ci", "examples")
    kept = [path for folder in folders for path in (ROOT / folder).rglob("*") if "vendor" not in path.parts]
    kept += [path for path in ROOT.iterdir() if path.name != ".git"]
    read = [path for path in kept if path.is_file() and path.suffix in TEXTS and path.name != "test_files.py"]
    named = [str(path.relative_to(ROOT)) for path in read if suspicious.search(path.read_text(errors="ignore"))]
    assert named == []
