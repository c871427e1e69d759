"""One table of counties down: heads, lines of figures, sums, remarks, also stacked ones with heads of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from yiqi.appraisal.readers.league_sheet.view import UNIT_LABELS, RegionCell, SheetContent, View, is_figure, units_in
from yiqi.core.readers.regions import LineKind, RegionIndex
from yiqi.kit.sheets import SkippedRow
from yiqi.kit.sheets.names import key, narrow, short

_DROPPED: Final = re.compile(r"序|编号|权重|分值|责任|牵头|类别|板块|大类|备注|目标|任务|上年|同期|代码|方向|性质|频次")
_PLACE_LABELS: Final = re.compile(
    r"(?:县|市|区|[(),、/\s])+|.*(?:县市区|市县区|县\(市、?区\)|区县|名称|地区|区域|单位|排名|位次)$"
)
_PLACE: Final = re.compile(r"[\u4e00-\u9fff]{1,8}(?:县|市|区|旗|州)\Z")
_ROW_LABEL: Final = re.compile(
    r"(?:数值|指标值|值|完成值|实绩|总量|绝对量|绝对额|增速|增幅|增长率?|同比(?:增长)?|位次|排名|名次|排位|全市位次|全市排名|累计|完成)(?:\(.*\))?$"
)


@dataclass(slots=True)
class RegionTable:
    """One table with its regions in one column of the view."""

    view: View
    regions: RegionIndex
    found: SheetContent
    first: int
    region: int
    last: int
    number: int = 0
    headings: dict[int, tuple[str, ...]] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    label_column: int | None = None
    pending: list[int] = field(default_factory=list)
    segment: int = 0
    titles: tuple[str, ...] = ()
    units_line: tuple[str, ...] = ()

    def read(self) -> None:
        """Walk down: heads gather until a region comes, then make the headings of the lines that follow."""
        self.label_column = self._find_label_column()
        before: tuple[str, int] | None = None
        for row in range(1, self.view.height + 1):
            name = self.view.cell(row, self.region).text
            code, line = self.regions.find(name), self.regions.line(name) if name else None
            if code or (line and self._has_figures(row)) or self._is_unknown(row, name):
                self._take_pending()
            if code:
                going_on = before == (code, row - 1) and self.label_column is not None
                self.found.lines += 0 if going_on else 1
                self._read_line(row, code)
                before = (code, row)
            elif name or self._row_text(row) or len(self._texts(row)) == 1:
                self._pass_over(row, name, line)
        for row in self.pending:
            if text := self._row_text(row):
                self._skip(row, _("表后说明：%(text)s") % {"text": short(text)})

    def _columns(self) -> Iterator[int]:
        """Columns of figures: beside the region; of a turned sheet only what stands below the names."""
        first = self.region if self.view.turned else self.first
        return (column for column in range(first, self.last + 1) if column != self.region)

    def _skip(self, row: int, why: str, *, finding: bool = False) -> None:
        self.found.skipped.append(SkippedRow(self.view.screen_row(row, self.region), why, finding))

    def _row_text(self, row: int) -> str:
        cells = [self.view.cell(row, column) for column in range(self.first, self.last + 1)]
        return " ".join(dict.fromkeys(cell.text for cell in cells if not cell.is_blank))

    def _has_figures(self, row: int) -> bool:
        return any(is_figure(self.view.cell(row, column)) for column in self._columns())

    def _is_unknown(self, row: int, name: str) -> bool:
        """A line with figures under a name that is no heading and no county of the league."""
        bare = key(name)
        if not bare or self.regions.find(name) or self.regions.line(name) or not self._has_figures(row):
            return False
        return not _PLACE_LABELS.fullmatch(bare) and (bool(self.headings) or bool(_PLACE.match(bare)))

    def _pass_over(self, row: int, name: str, line: LineKind | None) -> None:
        place = self.view.place(row, self.region)
        facts = {"name": short(name), "place": place}
        if line and self._has_figures(row):
            why = _("%(place)s：“%(name)s”是合计或平均，不是县（市、区）")
            if line is LineKind.ZONE:
                why = _("%(place)s：“%(name)s”不在参加排名的县（市、区）之内")
            self._skip(row, why % facts)
        elif self._is_unknown(row, name):
            message = _("%(place)s：区划中没有“%(name)s”，该行未读取，请核对名称")
            self._skip(row, message % facts, finding=True)
        else:
            self.pending.append(row)

    def _find_label_column(self) -> int | None:
        """The column whose cells beside the regions all say 数值, 增速 or 位次: each region then has several lines."""
        rows = [
            row for row in range(1, self.view.height + 1) if self.regions.find(self.view.cell(row, self.region).text)
        ]
        for column in self._columns():
            texts = [key(self.view.cell(row, column).text) for row in rows]
            if texts and all(_ROW_LABEL.match(text) for text in texts) and len(set(texts)) > 1:
                return column
        return None

    def _take_pending(self) -> None:
        """Make headings of the rows gathered since the last line of figures."""
        rows: list[int] = []
        titles: list[str] = []
        units: list[str] = []
        for row in self.pending:
            texts = self._texts(row)
            units += [unit for text in texts for unit in units_in(text)]
            if len(texts) == 1 and not self._is_lone_heading(row):
                titles.append(texts[0])
            else:
                rows.append(row)
        self.found.titles += titles
        self.titles, self.units_line = tuple(titles) or self.titles, tuple(units) or self.units_line
        self.pending = []
        if not rows:
            return
        headings, unit_row = self._headings(rows)
        if any(headings.values()):
            self.headings, self.units = headings, unit_row
            self.segment += 1

    def _texts(self, row: int) -> list[str]:
        cells = [self.view.cell(row, column) for column in range(1, self.view.width + 1)]
        return list(dict.fromkeys(cell.text for cell in cells if not cell.is_blank))

    def _is_lone_heading(self, row: int) -> bool:
        """A single short text over a column of figures, such as the only heading of a turned table."""
        if not self.view.turned:
            return False
        return any(
            not self.view.cell(row, column).merged and not self.view.cell(row, column).is_blank
            for column in self._columns()
        )

    def _headings(self, rows: Sequence[int]) -> tuple[dict[int, tuple[str, ...]], dict[int, str]]:
        units: dict[int, str] = {}
        grid: list[dict[int, str]] = []
        for row in rows:
            label = key(self.view.cell(row, self.region).text)
            texts = {column: self.view.cell(row, column).text for column in self._columns()}
            if label in UNIT_LABELS:
                units = {column: narrow(text) for column, text in texts.items()}
            elif not (self.view.turned and _DROPPED.search(label)):
                grid.append(texts)
        self._carry_right(grid)
        headings = {}
        for column in self._columns():
            parts = dict.fromkeys(text for texts in grid if (text := texts[column]))
            headings[column] = tuple(parts)
        return headings, units

    def _carry_right(self, grid: list[dict[int, str]]) -> None:
        """A heading written once over several sub-headings without merging holds for all of them."""
        for index, texts in enumerate(grid[:-1]):
            before = ""
            for column in self._columns():
                below = any(lower[column] for lower in grid[index + 1 :])
                if texts[column]:
                    before = texts[column] if below else ""
                elif before and below and column > self.region:
                    texts[column] = before

    def _read_line(self, row: int, code: str) -> None:
        label = self.view.cell(row, self.label_column).text if self.label_column else ""
        for column in self._columns():
            if column == self.label_column:
                continue
            cell, heading = self.view.cell(row, column), self.headings.get(column, ())
            if not heading and (cell.is_blank or not is_figure(cell)):
                continue
            parts = (*heading, label) if label else heading
            self.found.entries.append(
                RegionCell(
                    region=code,
                    parts=parts,
                    unit=self.units.get(column, ""),
                    cell=cell,
                    place=self.view.place(row, column),
                    line=self.found.lines,
                    column=(self.number * 1000 + self.segment, column),
                    titles=(*self.found.lead, *self.titles),
                    units_line=(*self.found.units, *self.units_line),
                )
            )
