"""Numbers of the page, in millimetres and points (GB/T 9704-2012); see ``docs/algorithms/official-document.md``."""

from __future__ import annotations

from typing import Final

PAGE_WIDTH_MM: Final = 210
PAGE_HEIGHT_MM: Final = 297
MARGIN_TOP_MM: Final = 37
MARGIN_BOTTOM_MM: Final = 35
MARGIN_LEFT_MM: Final = 28
MARGIN_RIGHT_MM: Final = 26

LINES_PER_PAGE: Final = 22
CHARS_PER_LINE: Final = 28
LINE_PITCH_PT: Final = 28.9
CHAR_SPACING_PT: Final = -0.2
# 156 mm are 442.2 pt, but 28 characters need 27 × 15.8 + 16 = 442.6 pt: lines of text may stand out by this.
OVERHANG_PT: Final = 0.4

BODY_PT: Final = 16  # 三号
TITLE_PT: Final = 22  # 二号
IMPRINT_PT: Final = 14  # 四号
PAGE_NUMBER_PT: Final = 14  # 四号
TABLE_PT: Final = {"小四": 12.0, "五号": 10.5}
TABLE_LINE_PT: Final = {"小四": 20.0, "五号": 18.0}
NOTE_PT: Final = 10.5  # 五号, under tables and in the running head

MARK_MAX_PT: Final = 44  # the standard leaves the size of the red mark open; it must stay on one line
MARK_MIN_PT: Final = 22
MARK_TOP_MM: Final = {"report": 35, "minutes": 35, "brief": 20}  # upper edge of the mark below the text area's

RED: Final = "FF0000"
RULE_GAP_MM: Final = 4
RULE_RED_MM: Final = 0.35
RULE_OUTER_MM: Final = 0.35
RULE_INNER_MM: Final = 0.25
PAGE_NUMBER_GAP_MM: Final = 7

SEALED_INDENT_CHARS: Final = 4
UNSEALED_INDENT_CHARS: Final = 2

FANGSONG: Final = "仿宋_GB2312"
KAITI: Final = "楷体_GB2312"
HEITI: Final = "黑体"
SONGTI: Final = "宋体"
XIAOBIAOSONG: Final = "方正小标宋简体"
LATIN: Final = "Times New Roman"
HEADING_FONTS: Final = {1: HEITI, 2: KAITI, 3: FANGSONG, 4: FANGSONG}

_PT_PER_MM: Final = 72 / 25.4


def pt(millimetres: float) -> float:
    """Millimetres as points."""
    return millimetres * _PT_PER_MM


def twips(points: float) -> int:
    """Points as twentieths of a point, the unit of WordprocessingML."""
    return round(points * 20)


def eighths(millimetres: float) -> int:
    """Width of a rule in eighths of a point, the unit of borders in WordprocessingML."""
    return round(pt(millimetres) * 8)


TEXT_WIDTH_TWIPS: Final = (
    twips(pt(PAGE_WIDTH_MM)) - twips(pt(MARGIN_LEFT_MM)) - twips(pt(MARGIN_RIGHT_MM))  # 8845
)
TEXT_WIDTH_PT: Final = TEXT_WIDTH_TWIPS / 20


def mark_size(chars: float) -> float:
    """Size in points of the red mark: as large as one line allows, in half points."""
    fitting = TEXT_WIDTH_PT * 0.96 / max(chars, 1)
    return max(MARK_MIN_PT, min(MARK_MAX_PT, int(fitting * 2) / 2))
