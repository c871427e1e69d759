"""Numbers of rows and sections: taken off titles and cleaned."""

from __future__ import annotations

import re
from typing import Final

from yiqi.kit.sheets.names import key, narrow
from yiqi.kit.sheets.numbers import numeral

_CIRCLED: Final = {chr(0x2460 + number): str(number + 1) for number in range(20)} | {
    chr(0x2474 + number): str(number + 1) for number in range(20)
}
_HANZI: Final = "[一二三四五六七八九十]{1,3}"
_PREFIX: Final = re.compile(
    rf"(?P<code>[A-Za-z]\d{{1,3}}(?:[-.]\d{{1,3}})+|\d{{1,3}}(?:\.\d{{1,3}})+(?=[^\d.万亿%个])|\d{{1,3}}(?=[.、．)](?!\d))"
    rf"|[(（]\d{{1,3}}[)）]|[(（]{_HANZI}[)）]|{_HANZI}(?=、)|[{''.join(_CIRCLED)}])[.、．)]?\s*"
)
_TOP: Final = re.compile(rf"第?{_HANZI}(?:[、.．:：]|部分|章|篇)|第{_HANZI}[项个]?")
_SECOND: Final = re.compile(rf"[(（]{_HANZI}[)）]")


def clean_code(text: str) -> str | None:
    """``（1）``, ``1.``, ``①``, ``一、`` are 1; ``A01-03`` and ``1.1`` stay; None for nothing."""
    bare = key(text).upper()
    bare = "".join(_CIRCLED.get(letter, letter) for letter in bare).strip("()[].、,:第项号")
    return str(numeral(bare)) if numeral(bare) else bare or None


def split_prefix(text: str) -> tuple[str | None, str]:
    """A number written before a title, cleaned, and the title without it."""
    match = _PREFIX.match(narrow(text))
    if not match or match.end() >= len(text):
        return None, text
    return clean_code(match["code"]), text[match.end() :].strip()


def section_level(text: str) -> int | None:
    """1 for ``一、`` and ``第一部分``, 2 for ``（一）``, None for a text without such a number."""
    bare = narrow(text).strip()
    if _SECOND.match(bare):
        return 2
    return 1 if _TOP.match(bare) else None
