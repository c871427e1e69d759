"""Numbers of rows and sections: taken off titles, cleaned, and checked for doubles."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit.sheets import Reading
from yiqi.kit.sheets.names import key, narrow
from yiqi.kit.sheets.numbers import numeral
from yiqi.plan.readers.task_sheet.result import TaskRow

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
_STRUCTURED: Final = re.compile(r"[A-Za-z]|\d[.-]\d")


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


def check_codes(rows: list[TaskRow]) -> None:
    """A number that stands twice is an error on its second row.

    A number with a letter or a point holds for the whole file. A plain one counts inside its run: a new run begins
    wherever the numbers start again from 1, as they do under each action.
    """
    whole: dict[str, TaskRow] = {}
    run: dict[str, TaskRow] = {}
    for row in rows:
        if row.code is None:
            continue
        if row.code == "1":
            run = {}
        scope = whole if _STRUCTURED.search(row.code) else run
        first = scope.setdefault(row.code, row)
        if first is not row:
            message = _("编号“%(code)s”与%(first)s重复，请删去其中一行或改正编号")
            row.note(message % {"code": row.code, "first": _place(first, row)}, Reading.ERROR)


def check_titles(rows: list[TaskRow]) -> None:
    """A second row with the same action and title is an error, unless its measure is another part of the same task."""
    seen: dict[tuple[str | None, str], TaskRow] = {}
    measures: dict[tuple[str | None, str], dict[str, TaskRow]] = defaultdict(dict)
    for row in rows:
        if not row.title:
            continue
        name = (row.action, key(row.title))
        same = measures[name].get(key(row.measure))
        first = seen.setdefault(name, row)
        if first is not row:
            if same or not (row.measure and first.measure):
                message = _("任务与%(first)s重复，请只保留一行")
                row.note(message % {"first": _place(same or first, row)}, Reading.ERROR)
            else:
                message = _("任务名称与%(first)s相同而举措不同，作为另一项任务读取")
                row.note(message % {"first": _place(first, row)}, Reading.GUESSED)
        measures[name].setdefault(key(row.measure), row)


def _place(first: TaskRow, row: TaskRow) -> str:
    if first.sheet == row.sheet:
        return _("第%(row)d行") % {"row": first.row}
    return _("“%(sheet)s”第%(row)d行") % {"sheet": first.sheet, "row": first.row}
