"""Every pair of text and ground that the stylesheets use reads at 4.5:1, and every mark at 3:1, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "yiqi" / "static" / "yiqi" / "tokens.css"
GROUNDS = ("ground", "surface", "raised", "hover", "idle-tint", "blue-tint", "red-tint", "yellow-tint", "green-tint")
TEXTS = [(text, ground) for text in ("ink", "grey", "blue") for ground in GROUNDS]
TEXTS += [(light, ground) for light in ("red", "yellow", "green", "idle") for ground in ("ground", "surface", "hover")]
TEXTS += [(light, f"{light}-tint") for light in ("red", "yellow", "green", "idle")]
TEXTS += [("on-blue", "blue-strong"), ("on-blue", "blue-press")]
TEXTS += [(text, ground) for text in ("rail-ink", "on-rail") for ground in ("rail", "rail-current")]
MARKS = [(f"{light}-mark", ground) for light in ("red", "yellow", "green", "idle") for ground in ("surface", "ground")]
MARKS += [("control", "surface"), ("blue", "line-soft")]


def palette(theme: str) -> dict[str, str]:
    """The colours of one theme by name."""
    block = re.search(rf'\[data-bs-theme="{theme}"\] \{{(.*?)\}}', TOKENS.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (MARKS, 3.0)], ids=["texts", "marks"])
def test_contrast(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = palette(theme)
    ratios = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least} == {}


def test_both_themes_name_the_same_colours() -> None:
    assert set(palette("light")) == set(palette("dark"))
