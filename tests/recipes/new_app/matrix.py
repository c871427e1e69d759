"""Notes × roles; lies in tests/notes/."""

from __future__ import annotations

from tests.permissions.table import Row, everyone
from tests.world import World


def prepare(world: World) -> None:
    """A county without notes."""


ROWS = [Row("notes:list_notes", everyone(200, admin=404, reporter=404, reviewer=404))]
