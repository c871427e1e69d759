"""The tour in docs/guide/engine.md runs as it stands: Python, commands, and what both print."""

from __future__ import annotations

import doctest
import filecmp
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.engine.console.running import run

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide" / "engine.md"
ANY = "…"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
BLOCK = re.compile(r"^```(pycon|console)\n([\s\S]*?)^```$", re.MULTILINE)


def sections() -> dict[str, str]:
    """Heading -> text, of the sections that hold something to run."""
    parts = re.split(r"^## (.+)$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    return {heading: text for heading, text in found.items() if BLOCK.search(text)}


@pytest.mark.parametrize("heading", sections())
def test_section(heading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for kind, text in BLOCK.findall(sections()[heading]):
        if kind == "pycon":
            _python(heading, text, names)
        else:
            _console(text)


def _python(heading: str, text: str, names: dict[str, object]) -> None:
    told: list[str] = []
    example = doctest.DocTestParser().get_doctest(text.replace(ANY, "..."), names, heading, str(GUIDE), 0)
    assert example.examples
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(example, out=told.append, clear_globs=False)
    names.update(example.globs)
    assert "".join(told) == ""


def _console(text: str) -> None:
    commands = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
    assert commands
    for command, expected in commands:
        _matches(expected, _ran(shlex.split(command)), command)


def _ran(words: list[str]) -> str:
    """The commands of the tour; files are shown as a shell would."""
    name, *rest = words
    if name == "yiqi":
        found = run(*rest)
        assert found.status == 0, found
        return found.out
    if name == "ls":
        return "".join(f"{path.name}\n" for path in sorted(Path(rest[0]).iterdir()))
    if name == "head":
        lines = Path(rest[1]).read_text(encoding="utf-8").splitlines()
        return "".join(f"{line}\n" for line in lines[: int(rest[0].lstrip("-"))])
    assert name == "cmp", name
    return "" if filecmp.cmp(*rest, shallow=False) else f"{rest[0]} {rest[1]} differ\n"


def _matches(expected: str, printed: str, command: str) -> None:
    pattern = re.escape(expected).replace(re.escape(f"{ANY}\n"), r"(?:.*\n)*?").replace(re.escape(ANY), ".*")
    assert re.fullmatch(pattern, printed), f"$ {command}\n{printed}"


def test_every_section_has_something_to_run() -> None:
    headings = re.findall(r"^## (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == list(sections())
