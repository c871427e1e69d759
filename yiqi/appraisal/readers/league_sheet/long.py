"""The long shape: one figure a line, with columns for county, indicator, value and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from yiqi.appraisal.readers.league_sheet.names import RegionIndex
from yiqi.appraisal.readers.league_sheet.periods import same_period
from yiqi.appraisal.readers.league_sheet.result import SkippedLine
from yiqi.appraisal.readers.league_sheet.view import UNIT_LABELS, Entry, Found, units_in
from yiqi.kit.sheets import Sheet, address
from yiqi.kit.sheets.names import key, narrow

_INDICATOR_LABELS: Final = {"指标", "指标名称", "考核指标", "指标项", "考核项目", "项目名称"}
_VALUE_LABELS: Final = re.compile(
    r"(?:数值|值|指标值|完成值|实际值|实际完成|实绩|完成情况|完成数|数据|增速|总量)(?:\(.*\))?$"
)
_PERIOD_LABELS: Final = {"期间", "月份", "时期", "时间", "报告期", "数据期", "统计期"}


@dataclass(frozen=True, slots=True)
class LongTable:
    """One figure a line: county, indicator, value, place."""

    sheet: Sheet
    header: int
    region: int
    indicator: int

    @classmethod
    def of(cls, sheet: Sheet, hits: Sequence[tuple[int, int, str]]) -> LongTable | None:
        """The layout when a row heads an indicator column and a value column beside a column of counties."""
        for row, cells in enumerate(sheet.rows[:30], start=1):
            labels = {column: key(cell.text) for column, cell in enumerate(cells, start=1)}
            named = next((column for column, label in labels.items() if label in _INDICATOR_LABELS), None)
            valued = any(_VALUE_LABELS.match(label) for label in labels.values())
            if named and valued:
                columns = [hit[1] for hit in hits if hit[0] > row]
                if columns and (region := max(set(columns), key=columns.count)) != named:
                    return cls(sheet, row, region, named)
        return None

    def read(self, regions: RegionIndex, period: str, found: Found) -> None:
        """Each line's figures; a blank county or indicator goes on from the line above."""
        for row in range(1, self.header):
            texts = list(dict.fromkeys(cell.text for cell in self.sheet.rows[row - 1] if not cell.is_blank))
            found.titles.extend(texts[:1] if len(texts) == 1 else [])
            found.units.extend(unit for text in texts for unit in units_in(text))
        labels = {column: cell.text for column, cell in enumerate(self.sheet.rows[self.header - 1], start=1)}
        name = indicator = ""
        for row in range(self.header + 1, len(self.sheet.rows) + 1):
            if all(cell.is_blank for cell in self.sheet.rows[row - 1]):
                continue
            name = self.sheet.cell(row, self.region).text or name
            indicator = self.sheet.cell(row, self.indicator).text or indicator
            why, finding = self._passed_over(row, name, regions, period, labels)
            if why:
                found.skipped.append(SkippedLine(row, why, finding))
                continue
            found.lines += 1
            self._read_line(row, regions.find(name) or "", indicator, labels, found)

    def _passed_over(
        self, row: int, name: str, regions: RegionIndex, period: str, labels: dict[int, str]
    ) -> tuple[str, bool]:
        facts = {"place": address(row, self.region), "name": name[:40]}
        if not regions.find(name):
            if regions.line(name):
                return _("%(place)s：“%(name)s”是合计或平均，不是县（市、区）") % facts, False
            if len({cell.text for cell in self.sheet.rows[row - 1] if not cell.is_blank}) == 1:
                return _("表后说明：%(text)s") % {"text": name[:40]}, False
            return _("%(place)s：区划中没有“%(name)s”，该行未读取，请核对名称") % facts, True
        for column, label in labels.items():
            text = self.sheet.cell(row, column).text
            if key(label) in _PERIOD_LABELS and text and not same_period(text, period):
                return _("期间“%(text)s”不是导入的 %(period)s") % {"text": text, "period": period}, False
        return "", False

    def _read_line(self, row: int, code: str, indicator: str, labels: dict[int, str], found: Found) -> None:
        unit = next(
            (self.sheet.cell(row, column).text for column, label in labels.items() if key(label) in UNIT_LABELS), ""
        )
        for column, label in labels.items():
            bare = key(label)
            passed = bare in UNIT_LABELS or bare in _PERIOD_LABELS or not bare
            if passed or column in {self.region, self.indicator} or not self.sheet.cell(self.header, column).text:
                continue
            entry = Entry(
                code,
                (indicator, label),
                narrow(unit),
                self.sheet.cell(row, column),
                address(row, column),
                found.lines,
                (0, column),
                units_line=tuple(found.units),
            )
            found.entries.append(entry)
