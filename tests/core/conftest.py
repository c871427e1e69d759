"""Fixtures of the core's tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.world import TODAY, World
from yiqi.core.models import AuditRecord
from yiqi.core.operations import record
from yiqi.core.rules import Mandate


@pytest.fixture
def admin(world: World) -> Mandate:
    """The county's administrator."""
    return world.who("admin")


@pytest.fixture
def write(world: World) -> Callable[..., AuditRecord]:
    """``write(3)`` adds three records to the trail and returns the last."""

    def add(count: int = 1, today: date = TODAY) -> AuditRecord:
        for _i in range(count):
            row = record(
                by=world.who("office"),
                verb="test.write",
                target=world.bureau,
                region_code="141022",
                today=today,
                before={"name": "旧", "share": 0.5},
                after={"name": "新", "share": 1e22},
            )
        return row

    return add
