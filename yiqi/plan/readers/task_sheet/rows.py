"""Rows of one table: which are tasks, which are headings, sums, remarks; under which action each task stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit.sheets import Cell, Header, Sheet, SkippedRow
from yiqi.kit.sheets.names import key, narrow, short
from yiqi.kit.sheets.numbering import clean_code, section_level
from yiqi.plan.readers.task_sheet.actions import NamedAction
from yiqi.plan.readers.task_sheet.headings import TaskColumn
from yiqi.plan.readers.task_sheet.result import TaskRow
from yiqi.plan.readers.task_sheet.tasks import Reader, TaskReader

_TOTAL: Final = re.compile(r"(?:合计|小计|总计|共计|累计|总数)")
_REMARK: Final = re.compile(
    r"(?:注|备注|说明|填表说明|填报单位|填报人|填表人|联系人|联系电话|制表|审核|审签|抄送|印发|附件?)\d*[:：、]"
)
_LABELLED: Final = re.compile(r"[\u4e00-\u9fff]{1,6}:")


@dataclass(slots=True)
class TableReader:
    """One table, read from below its header to its end; ``section`` is the action that holds from the start."""

    reader: Reader
    sheet: Sheet
    header: Header[TaskColumn]
    prefix: str = ""
    section: NamedAction | None = None
    rows: list[TaskRow] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)

    def read(self) -> None:
        """Fill ``rows`` and ``skipped``."""
        action, titles = self._what_columns()
        tasks = TaskReader(
            reader=self.reader,
            sheet=self.sheet,
            header=self.header,
            action_column=action,
            title_columns=titles,
            section=self.section,
        )
        for row in range(self.header.last + 1, len(self.sheet.rows) + 1):
            cells = [cell for cell in self.sheet.rows[row - 1] if not cell.is_blank]
            if all(cell.merged for cell in cells):  # also a row without any
                continue
            if why := self._no_task(row, cells):
                self.skip(row, why)
            elif self._is_section(row, cells, titles):
                self._begin_section(row, cells, tasks)
            else:
                self.rows.append(tasks.read(row))

    def skip(self, row: int | None, why: str) -> None:
        """List a row as passed over."""
        self.skipped.append(SkippedRow(row, self.prefix + why))

    def _what_columns(self) -> tuple[int | None, list[int]]:
        """Which column names the action: the one whose texts are actions, whatever its heading says; and the titles."""
        columns = self.header.columns
        named, titles = columns.get(TaskColumn.ACTION, []), columns.get(TaskColumn.TITLE, [])
        candidates = [*named, *columns.get(TaskColumn.CLASS, []), *titles]
        shares = {column: self._action_share(column) for column in candidates}
        action = max(candidates, key=lambda column: shares[column], default=None)
        if action is None or shares[action] < 0.5:
            action = next(iter(named), None)
        titles = [column for column in titles if column != action]
        spare = [column for column in named if column != action]
        return action, titles or spare or columns.get(TaskColumn.MEASURE, [])[:1]

    def _action_share(self, column: int) -> float:
        below = range(self.header.last + 1, len(self.sheet.rows) + 1)
        texts = {text for row in below if (text := self.sheet.cell(row, column).text)}
        return sum(self.reader.actions.find(text) is not None for text in texts) / len(texts) if texts else 0.0

    def _no_task(self, row: int, cells: list[Cell]) -> str:
        """Why a row is certainly no task; empty when it may be one."""
        texts = {cell.text for cell in cells}
        labels = {key(label) for label in self.header.labels.values()}
        if len(texts) > 1 and sum(key(text) in labels for text in texts) * 2 > len(texts):
            return _("重复的表头")
        if any(_TOTAL.match(key(cell.text)) for cell in cells[:3]) and not self._who_or_when(row):
            return _("合计行，不是任务")
        labelled = sum(bool(_LABELLED.match(key(narrow(text)))) for text in texts)
        if _REMARK.match(key(narrow(cells[0].text))) and (len(texts) <= 2 or labelled * 2 >= len(texts)):
            return _("表后说明：%(text)s") % {"text": short(cells[0].text)}
        if len(cells) > 2 and [cell.text for cell in cells] == [str(number) for number in range(1, len(cells) + 1)]:
            return _("栏号行")
        own = [cell for cell in cells if not cell.merged]
        code = self.header.first_of(TaskColumn.CODE)
        if (
            len(own) == 1
            and code
            and own[0] is self.sheet.cell(row, code)
            and (clean_code(own[0].text) or "").isdecimal()
        ):
            return _("只有序号，没有任务")
        return ""

    def _who_or_when(self, row: int) -> bool:
        """Whether units, a due date or a frequency stand in the row itself, beside something else."""
        roles = (TaskColumn.LEAD, TaskColumn.OWNER, TaskColumn.SUPPORT, TaskColumn.DUE, TaskColumn.FREQUENCY)
        columns = [column for role in roles for column in self.header.columns.get(role, [])]
        several = len({cell.text for cell in self.sheet.rows[row - 1]} - {""}) > 1
        cells = [self.sheet.cell(row, column) for column in columns]
        return several and any(not cell.is_blank and not cell.merged for cell in cells)

    def _is_section(self, row: int, cells: list[Cell], titles: list[int]) -> bool:
        """A heading inside the table: nothing but a name, numbered like one or spread over the columns."""
        texts = list(dict.fromkeys(cell.text for cell in cells))
        own = [cell for cell in cells if not cell.merged]
        if self._who_or_when(row) or len(texts) > 2:
            return False
        joined = "".join(texts)
        if section_level(joined) is not None or self.reader.actions.find(joined):
            return True
        if len(texts) > 1:
            return False
        what = [*titles, *self.header.columns.get(TaskColumn.MEASURE, [])]
        aside = len(own) == 1 and all(self.sheet.cell(row, column).is_blank for column in what)
        return len(cells) > 2 or aside

    def _begin_section(self, row: int, cells: list[Cell], tasks: TaskReader) -> None:
        name = " ".join(list(dict.fromkeys(cell.text for cell in cells))[:2])
        action = self.reader.actions.find(name) or self.reader.actions.guess(name)
        if action or section_level(name) == 1:
            tasks.section, tasks.section_note, tasks.carried = action, "" if action else name, None
        self.skip(row, _("分节标题：%(text)s") % {"text": short(name)})
