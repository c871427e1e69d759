"""Which column of a breakdown table means what: headings are recognised by what they say, never by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from yiqi.kit.sheets import Sheet
from yiqi.kit.sheets.names import key, without_brackets


class Role(StrEnum):
    """Meaning of a column. OWNER is 责任单位: the lead where there is no column for it, else support."""

    CODE = "code"
    ACTION = "action"
    TITLE = "title"
    MEASURE = "measure"
    LEAD = "lead"
    SUPPORT = "support"
    OWNER = "owner"
    PERSON = "person"
    START = "start"
    DEADLINE = "deadline"
    FREQUENCY = "frequency"
    CLASS = "class"
    OTHER = "other"


_UNIT: Final = "(?:单位|部门|主体|科室|乡镇)"
_RULES: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.CODE, r"^(?:序号?|编号|编码|代码|任务(?:编号|编码|代码|序号)|项号|no\.?|行次)$"),
        (Role.OTHER, r"进展|完成情况|落实情况|存在问题|完成率|进度|得分|分值|权重|备注|附注|联系电话|电话|^说明$"),
        (Role.SUPPORT, rf"(?:配合|协办|协同|参与|参加|协作|协助).*{_UNIT}|^(?:配合|协办|协同|参与)$"),
        (Role.LEAD, rf"(?:牵头|主办|主责|主管|承办).*{_UNIT}|^(?:牵头|主办|主责)$"),
        (Role.OWNER, rf"(?:责任|落实|实施|承担|完成|执行|负责).*{_UNIT}|责任分工|^分工$|^{_UNIT}$"),
        (Role.PERSON, r"领导|责任人|负责人|联系人|联络员|分管|包联|牵头人"),
        (Role.START, r"(?:开始|启动|起始|开工|下达|交办).*(?:时间|日期|时限)?$"),
        (Role.DEADLINE, r"时限|期限|节点|截止|时间|时序|完成日期|办结日期"),
        (Role.FREQUENCY, r"频次|频率|调度方式|报送方式|报送周期|调度周期|周期"),
        (Role.MEASURE, r"(?:举措|措施|内容|要求|标准|做法|成效|路径)$"),
        (Role.ACTION, r"行动"),
        (Role.TITLE, r"任务|事项|项目|工作名称|工作要点|重点工作|^名称$"),
        (Role.MEASURE, r"举措|措施|内容|要求|目标|标准"),
        (Role.CLASS, r"类别|领域|板块|大项|分类|方面|专题"),
    )
)
_LONGEST: Final = 18
_ROWS_SEARCHED: Final = 100
_MOST_HEADER_ROWS: Final = 3
_WHAT: Final = {Role.TITLE, Role.MEASURE, Role.ACTION}
_WHO_OR_WHEN: Final = {Role.LEAD, Role.OWNER, Role.SUPPORT, Role.DEADLINE}
_SCORED: Final = _WHAT | _WHO_OR_WHEN | {Role.CODE, Role.FREQUENCY}


@dataclass(frozen=True, slots=True)
class Header:
    """Header rows (first and last, from 1) and the columns by role, from left to right."""

    first: int
    last: int
    columns: dict[Role, list[int]]
    labels: dict[int, str] = field(default_factory=dict)

    def first_of(self, role: Role) -> int | None:
        """The leftmost column of the role."""
        return next(iter(self.columns.get(role, ())), None)


def heading_role(text: str) -> Role | None:
    """What a heading means; None for what is no heading."""
    bare = key(without_brackets(text)).strip(":*") or key(text).strip("()[]")
    if not bare or len(bare) > _LONGEST:
        return None
    return next((role for role, pattern in _RULES if pattern.search(bare)), None)


def find_header(sheet: Sheet) -> Header | None:
    """The rows that look most like a header: most different meanings, then fewest rows, then first."""
    best: Header | None = None
    best_score = (0, 0, 0)
    for first in range(1, min(len(sheet.rows), _ROWS_SEARCHED) + 1):
        for last in range(first, min(first + _MOST_HEADER_ROWS, len(sheet.rows) + 1)):
            if is_single(sheet, last):
                break
            header = _header(sheet, first, last)
            roles = set(header.columns) & _SCORED
            score = (len(roles), first - last, -first)
            if roles & _WHAT and roles & _WHO_OR_WHEN and score > best_score:
                best, best_score = header, score
    return _with_top(sheet, best) if best else None


def _with_top(sheet: Sheet, header: Header) -> Header:
    """The header with the rows above it that its merged cells begin in."""
    first = header.first
    while (
        first > 1
        and not is_single(sheet, first - 1)
        and any(
            cell.merged and cell.text == sheet.cell(first - 1, column).text
            for column, cell in enumerate(sheet.rows[first - 1], start=1)
            if heading_role(cell.text)
        )
    ):
        first -= 1
    return Header(first, header.last, header.columns, header.labels)


def is_single(sheet: Sheet, row: int) -> bool:
    """Whether a row holds at most one text: a title, a section, a note."""
    return len({cell.text for cell in sheet.rows[row - 1] if not cell.is_blank}) <= 1


def _header(sheet: Sheet, first: int, last: int) -> Header:
    columns: dict[Role, list[int]] = {}
    labels: dict[int, str] = {}
    width = max(len(row) for row in sheet.rows[first - 1 : last])
    for column in range(1, width + 1):
        texts = list(_texts(sheet, first, last, column))
        role = next((found for text in (*texts[::-1], "".join(texts)) if (found := heading_role(text))), None)
        if texts:
            labels[column] = "".join(texts)
        if role:
            columns.setdefault(role, []).append(column)
    return Header(first, last, columns, labels)


def _texts(sheet: Sheet, first: int, last: int, column: int) -> Iterator[str]:
    """Different texts of a column's header cells, top to bottom."""
    before = ""
    for row in range(first, last + 1):
        text = sheet.cell(row, column).text
        if text and text != before:
            yield text
        before = text or before
