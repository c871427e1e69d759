"""The cockpit × roles: everybody with a post but the administrator, who is sent to the system pages."""

from __future__ import annotations

from tests.permissions.table import Row, everyone
from tests.world import World


def prepare(world: World) -> None:
    """An empty county has a cockpit too."""


ROWS = [
    Row("cockpit:home", everyone(200, admin=302)),
    Row("cockpit:wall", everyone(200, admin=404)),
]
