"""Bars on a terminal, and not a letter in a log."""

from __future__ import annotations

import io

import pytest

from yiqi.engine.console import progress


class Screen(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_bars_are_for_terminals(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    screen = Screen(terminal)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    assert list(progress.progress(range(3), "reading", 3)) == [0, 1, 2]
    with progress.stages("building", 2) as told:
        told("raw")
        told("scores")
    with progress.bar("runs", 5) as shown:
        shown.update(5)
    assert [word in screen.getvalue() for word in ("reading", "building", "runs", "\r")] == [terminal] * 4
    assert terminal or screen.getvalue() == ""
