"""What stands twice in a breakdown: numbers and titles."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit.sheets import ReadState
from yiqi.kit.sheets.names import key
from yiqi.plan.readers.task_sheet.result import TaskRow

_STRUCTURED: Final = re.compile(r"[A-Za-z]|\d[.-]\d")


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
            row.note(message % {"code": row.code, "first": first.place_for(row)}, ReadState.ERROR)


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
                row.note(message % {"first": (same or first).place_for(row)}, ReadState.ERROR)
            else:
                message = _("任务名称与%(first)s相同而举措不同，作为另一项任务读取")
                row.note(message % {"first": first.place_for(row)}, ReadState.GUESSED)
        measures[name].setdefault(key(row.measure), row)
