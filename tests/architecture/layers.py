"""The order of the apps, read from the import contract so that it is written down once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "yiqi"
TEMPLATES = PACKAGE / "templates"
OTHERS = {"kit", "engine", "demo", "config"}


def app_layers() -> dict[str, int]:
    """App name → height; a higher one may use a lower one, never one of the same height."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = contracts[0]["layers"]
    return {name: len(layers) - place for place, layer in enumerate(layers) for name in re.findall(r"[a-z]+", layer)}


def apps() -> list[str]:
    """The apps, lowest last: the layers that are there, but for the ground, the demonstration and the settings."""
    return [name for name in app_layers() if name not in OTHERS and (PACKAGE / name).is_dir()]


def may_use(user: str, used: str) -> bool:
    """Whether one app may refer to another."""
    heights = app_layers()
    return user == used or heights[user] > heights[used]
