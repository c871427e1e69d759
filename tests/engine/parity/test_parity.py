"""Every reference file is matched to 1e-9, or left out with a reason; none is passed over in silence."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest

from tests.engine.parity.reading import files

PARTS = [importlib.import_module(f"tests.engine.parity.{name}") for name in ("pipeline", "columns", "robustness")]
CHECKS: dict[str, Callable[[], None]] = {name: check for part in PARTS for name, check in part.CHECKS.items()}
LEFT_OUT: dict[str, str] = {name: reason for part in PARTS for name, reason in part.LEFT_OUT.items()}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_file(name: str) -> None:
    CHECKS[name]()


def test_every_file_is_named_once() -> None:
    assert len(files()) == 118
    assert sum(len(part.CHECKS) + len(part.LEFT_OUT) for part in PARTS) == len(files())
    assert sorted(CHECKS.keys() | LEFT_OUT.keys()) == sorted(files())


def test_what_is_left_out_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())
