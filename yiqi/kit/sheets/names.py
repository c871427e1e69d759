"""Names as people write them, brought to one form so that they can be compared."""

from __future__ import annotations

import re
from typing import Final

_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2236: 0x3A}
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\\s]")
_QUOTES: Final = str.maketrans("", "", "“”\"'‘’《》「」")
_BRACKETED: Final = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")


def narrow(text: str) -> str:
    """Full-width ASCII forms to half-width. Not NFKC: that would turn ``①`` into 1 and ``4.0①`` into 4.01."""
    return text.translate(_WIDE)


def key(text: str) -> str:
    """What is left of a name when writing habits are gone: no blanks, no quotes, half-width, lower case."""
    return _INVISIBLE.sub("", narrow(text)).translate(_QUOTES).casefold()


def without_brackets(text: str) -> str:
    """The text without bracketed parts, square and round, also nested ones."""
    text = narrow(text)
    while (shorter := _BRACKETED.sub("", text)) != text:
        text = shorter
    return text


def is_abbreviation(short: str, full: str) -> bool:
    """Whether ``short`` is ``full`` with characters left out, its first and last kept: 发改局 of 发展和改革局."""
    if len(short) < 3 or len(short) >= len(full) or short[0] != full[0] or short[-1] != full[-1]:
        return False
    rest = iter(full)
    return all(letter in rest for letter in short)


def one_line(text: str) -> str:
    """Lines of a Chinese text joined without a blank; between Latin letters a blank stays."""
    return re.sub(r"(?<=[A-Za-z0-9])\n(?=[A-Za-z0-9])", " ", text).replace("\n", "").strip()


def short(text: str, limit: int = 40) -> str:
    """The beginning of a text, on one line, for a note."""
    text = one_line(text)
    return text if len(text) <= limit else text[:limit] + "…"
