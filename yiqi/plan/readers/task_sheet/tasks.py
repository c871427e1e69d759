"""One task: what the cells of its row say, and every doubt about it with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from yiqi.core.readers.units import UnitIndex, UnitsRead, read_roles
from yiqi.kit.sheets import EMPTY, Cell, CellKind, Header, ReadState, Sheet, from_formula, read_dates, read_frequency
from yiqi.kit.sheets.names import key, one_line, short
from yiqi.kit.sheets.numbering import clean_code, split_prefix
from yiqi.kit.wording import listed
from yiqi.plan.readers.task_sheet.actions import ActionIndex, NamedAction
from yiqi.plan.readers.task_sheet.headings import TaskColumn
from yiqi.plan.readers.task_sheet.result import TaskRow

_DITTO: Final = re.compile(r"(?:同上|同前|〃|″|\"|＂)\Z")
_LONGEST_TITLE: Final = 200
_SHORT_TITLE: Final = 60
_MONTHS: Final = range(1, 13)
_CLAUSE: Final = re.compile(r"[。；;\n]")


@dataclass(frozen=True, slots=True)
class Reader:
    """What all rows of a file are read with."""

    units: UnitIndex
    actions: ActionIndex
    year: int
    start: date | None


@dataclass(slots=True)
class TaskReader:
    """Reads the tasks of one table in their order: an action holds until another one is named."""

    reader: Reader
    sheet: Sheet
    header: Header[TaskColumn]
    action_column: int | None
    title_columns: list[int]
    section: NamedAction | None = None
    section_note: str = ""
    carried: NamedAction | None = None

    def _cells(self, task: TaskRow, role: TaskColumn) -> Iterator[tuple[int, Cell]]:
        """Cells of the role's columns; ditto marks are followed upwards, errors and formulas noted."""
        for column in self.header.columns.get(role, ()):
            yield column, self._cell(task, column)

    def _cell(self, task: TaskRow, column: int) -> Cell:
        row = task.row
        cell = self.sheet.cell(row, column)
        if _DITTO.match(key(cell.text) or cell.text.strip()) and cell.kind is CellKind.TEXT:
            above = row - 1
            while above > self.header.last and _DITTO.match(self.sheet.cell(above, column).text):
                above -= 1
            cell = self.sheet.cell(above, column)
            self._say(task, column, _("“同上”按第%(row)d行读取") % {"row": above}, ReadState.GUESSED)
        if cell.kind is CellKind.ERROR:
            self._say(task, column, cell.note, ReadState.ERROR)
            return EMPTY
        if cell.formula:
            task.take(from_formula(cell), at=self.sheet.place(row, column))
        return cell

    def _say(self, task: TaskRow, column: int, text: str, state: ReadState = ReadState.READ) -> None:
        task.note(text, state, at=self.sheet.place(task.row, column))

    def read(self, row: int) -> TaskRow:
        """The task of a row."""
        task = TaskRow(row=row, sheet=self.sheet.name)
        if row in self.sheet.hidden_rows:
            task.note(_("该行在表中被隐藏，请确认是否仍然有效"), ReadState.GUESSED)
        for _column, cell in self._cells(task, TaskColumn.CODE):
            task.code = task.code or clean_code(cell.text)
        self._read_what(task)
        self._read_action(task)
        self._read_units(task)
        self._read_when(task)
        return task

    def _read_what(self, task: TaskRow) -> None:
        titles = [cell.text for column in self.title_columns if (cell := self._cell(task, column)).text]
        measures = [
            cell.text
            for column, cell in self._cells(task, TaskColumn.MEASURE)
            if cell.text and column not in self.title_columns
        ]
        title = titles[-1] if titles else ""
        measures = titles[:-1] + measures
        if not title and measures:
            title = _CLAUSE.split(measures[0])[0]
            task.note(_("没有任务名称，取举措的第一句为名称"), ReadState.GUESSED)
        number, title = split_prefix(title)
        task.code = task.code or number
        task.title, task.measure = one_line(title), "\n".join(measures)
        whole = self.title_columns and self.title_columns[0] in self.header.columns.get(TaskColumn.MEASURE, ())
        if len(task.title) > (_SHORT_TITLE if whole else _LONGEST_TITLE):
            task.measure = task.measure or title
            task.title = one_line(_CLAUSE.split(title)[0])[:_LONGEST_TITLE]
            task.note(_("任务名称过长，取第一句为名称，全文放入具体举措"), ReadState.GUESSED)
        if not task.title:
            task.note(_("没有任务名称，请补填"), ReadState.ERROR)

    def _read_action(self, task: TaskRow) -> None:
        cell = self._cell(task, self.action_column) if self.action_column else EMPTY
        if cell.text:
            self._take_action(task, cell.text)
        elif self.carried and self.action_column:
            task.action = self.carried.code
            self._say(
                task,
                self.action_column,
                _("未写行动，沿用上一行的“%(name)s”") % {"name": self.carried.name},
                ReadState.GUESSED,
            )
        elif self.section:
            task.action = self.section.code
        elif self.section_note:
            task.note(
                _("“%(text)s”不是本次行动中的行动，请改正名称") % {"text": short(self.section_note)}, ReadState.ERROR
            )
        elif only := self.reader.actions.only:
            task.action = only.code
            task.note(_("没有写行动，归入仅有的“%(name)s”") % {"name": only.name}, ReadState.GUESSED)
        else:
            task.note(_("没有写明属于哪个行动，请补填"), ReadState.ERROR)

    def _take_action(self, task: TaskRow, text: str) -> None:
        column = self.action_column or 0
        if action := self.reader.actions.find(text):
            task.action, self.carried = action.code, action
        elif action := self.reader.actions.guess(text):
            task.action, self.carried = action.code, action
            self._say(
                task,
                column,
                _("“%(text)s”按“%(name)s”读取") % {"text": short(text), "name": action.name},
                ReadState.GUESSED,
            )
        else:
            self.carried = None
            self._say(
                task, column, _("“%(text)s”不是本次行动中的行动，请改正名称") % {"text": short(text)}, ReadState.ERROR
            )

    def _read_units(self, task: TaskRow) -> None:
        lead_role = TaskColumn.LEAD if TaskColumn.LEAD in self.header.columns else TaskColumn.OWNER
        lead, support = UnitsRead(), UnitsRead()
        lead_text = ""
        for column, cell in self._cells(task, lead_role):
            first, second = read_roles(cell.text)
            lead_text = lead_text or first.strip()
            self._collect(task, column, first, lead, as_lead=True)
            self._collect(task, column, second, support)
        if not lead.units and support.units and not lead_text:
            task.note(_("只写了配合单位，没有写牵头单位，请补填"), ReadState.ERROR)
        others = (TaskColumn.SUPPORT, TaskColumn.OWNER) if lead_role is TaskColumn.LEAD else (TaskColumn.SUPPORT,)
        for role in others:
            for column, cell in self._cells(task, role):
                self._collect(task, column, "、".join(part for part in read_roles(cell.text) if part), support)
        self._set_lead(task, lead, lead_text, self.header.first_of(lead_role))
        rest = UnitsRead()
        rest.add(*(() if lead.first == "towns" else lead.units), *support.units)
        chosen = [unit for unit in rest.units if unit.code != task.lead_code]
        task.support_units = [unit.name for unit in chosen]
        task.support_codes = [unit.code for unit in chosen]

    def _collect(self, task: TaskRow, column: int, text: str, into: UnitsRead, *, as_lead: bool = False) -> None:
        found = self.reader.units.read(text)
        leads = as_lead and not into.first  # an unknown or manifold lead gets an error of its own
        for guess in found.guesses if not (leads and found.first == "towns") else ():
            self._say(task, column, guess, ReadState.GUESSED)
        for group in found.groups:
            self._say(task, column, _("“%(text)s”没有指明单位，未列入") % {"text": group}, ReadState.GUESSED)
        for name in found.unknown[1:] if leads and found.first == "unknown" else found.unknown:
            self._say(
                task,
                column,
                _("单位表中没有“%(text)s”，未列入，请核对名称或补建单位") % {"text": name},
                ReadState.GUESSED,
            )
        into.extend(found)

    def _set_lead(self, task: TaskRow, lead: UnitsRead, written: str, column: int | None) -> None:
        """One lead: the first named; a group or an unknown first name is an error, kept as written."""
        if column is None or not written:
            task.note(_("没有写牵头单位，请补填"), ReadState.ERROR)
            return
        if lead.first == "unknown" or not lead.units:
            task.lead_unit = (lead.unknown or [one_line(written)])[0]
            message = _("牵头单位“%(text)s”不在单位表中，请核对名称或补建单位")
            self._say(task, column, message % {"text": task.lead_unit}, ReadState.ERROR)
        elif lead.first == "towns":
            task.lead_unit = one_line(written)
            message = _("“%(text)s”是多个单位，请指定一个牵头单位，或者按乡镇拆成多项任务")
            self._say(task, column, message % {"text": task.lead_unit}, ReadState.ERROR)
        else:
            task.lead_unit, task.lead_code = lead.units[0].name, lead.units[0].code
            if others := lead.units[1:]:
                message = _("写有多个牵头单位，以第一个为牵头，%(names)s列为配合")
                self._say(task, column, message % {"names": listed(unit.name for unit in others)}, ReadState.GUESSED)

    def _as_month(self, cell: Cell, column: int) -> Cell:
        """A 9 under 完成时限（月） is September."""
        if isinstance(cell.value, int) and cell.value in _MONTHS and "月" in self.header.labels.get(column, ""):
            return Cell(f"{cell.value}月", CellKind.TEXT)
        return cell

    def _read_when(self, task: TaskRow) -> None:
        frequency, unreadable = None, False
        for column, cell in self._cells(task, TaskColumn.DUE):
            unreadable = unreadable or self.sheet.cell(task.row, column).kind is CellKind.ERROR
            if cell.is_blank:
                continue
            found = read_dates(self._as_month(cell, column), year=self.reader.year, start=self.reader.start)
            task.take(found, at=self.sheet.place(task.row, column))
            unreadable = unreadable or found.state is ReadState.ERROR
            task.due = max(filter(None, (task.due, found.day)), default=None)
            task.nodes = tuple(sorted({*task.nodes, *found.days}))
            task.ongoing = task.ongoing or found.ongoing
            frequency = frequency or found.frequency
        for column, cell in self._cells(task, TaskColumn.FREQUENCY):
            if cell.text and (told := read_frequency(cell.text)) is None:
                self._say(
                    task,
                    column,
                    _("报送频次“%(text)s”不是每日、每周、每月或按节点，未填") % {"text": short(cell.text)},
                    ReadState.GUESSED,
                )
            elif cell.text:
                frequency = told
        task.frequency = frequency
        if not task.due and not task.ongoing and not unreadable:
            task.note(_("没有写完成时限，请补填；没有时限的请写“长期坚持”"), ReadState.ERROR)
