"""The long shape: one figure a line, with columns for county, indicator, value and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from yiqi.appraisal.readers.league_sheet.periods import same_period
from yiqi.appraisal.readers.league_sheet.view import RegionCell, SheetContent, units_in
from yiqi.core.readers.regions import RegionIndex
from yiqi.kit.sheets import Header, Headings, Sheet, SkippedRow
from yiqi.kit.sheets.names import narrow, short


class LongColumn(StrEnum):
    """Meaning of a column of the long shape beside the counties'."""

    INDICATOR = "indicator"
    VALUE = "value"
    UNIT = "unit"
    PERIOD = "period"


_HEADINGS: Final = Headings.of(
    (LongColumn.INDICATOR, r"^(?:指标|指标名称|考核指标|指标项|考核项目|项目名称)$"),
    (LongColumn.VALUE, r"^(?:数值|值|指标值|完成值|实际值|实际完成|实绩|完成情况|完成数|数据|增速|总量)$"),
    (LongColumn.UNIT, r"^(?:计量)?单位$"),
    (LongColumn.PERIOD, r"^(?:期间|月份|时期|时间|报告期|数据期|统计期)$"),
    scored={LongColumn.INDICATOR, LongColumn.VALUE},
    enough={LongColumn.INDICATOR, LongColumn.VALUE}.issubset,
)
_ROWS_SEARCHED: Final = 30


@dataclass(frozen=True, slots=True)
class LongTable:
    """One figure a line: county, indicator, value, place."""

    sheet: Sheet
    header: Header[LongColumn]
    region: int
    indicator: int

    @classmethod
    def of(cls, sheet: Sheet, hits: Sequence[tuple[int, int, str]]) -> LongTable | None:
        """The layout when a row heads an indicator column and a value column beside a column of counties."""
        for row in range(1, min(len(sheet.rows), _ROWS_SEARCHED) + 1):
            header = _HEADINGS.at(sheet, row, row)
            named = header.first_of(LongColumn.INDICATOR)
            if named and _HEADINGS.enough(header.columns.keys()):
                columns = [hit[1] for hit in hits if hit[0] > row]
                if columns and (region := max(set(columns), key=columns.count)) != named:
                    return cls(sheet, header, region, named)
        return None

    def read(self, regions: RegionIndex, period: str, found: SheetContent) -> None:
        """Each line's figures; a blank county or indicator goes on from the line above."""
        for row in range(1, self.header.first):
            texts = self.sheet.texts(row)
            found.titles.extend(texts if len(texts) == 1 else [])
            found.units.extend(unit for text in texts for unit in units_in(text))
        name = indicator = ""
        for row in range(self.header.last + 1, len(self.sheet.rows) + 1):
            if not self.sheet.texts(row):
                continue
            name = self.sheet.cell(row, self.region).text or name
            indicator = self.sheet.cell(row, self.indicator).text or indicator
            code = regions.find(name)
            why = self._of_another_period(row, period) if code else self._no_county(row, name, regions)
            if code and not why:
                found.lines += 1
                self._read_line(row, code, indicator, found)
            else:
                finding = not code and not regions.line(name) and len(self.sheet.texts(row)) > 1
                found.skipped.append(SkippedRow(row, why, finding))

    def _no_county(self, row: int, name: str, regions: RegionIndex) -> str:
        facts = {"place": self.sheet.place(row, self.region), "name": short(name)}
        if regions.line(name):
            return _("%(place)s：“%(name)s”是合计或平均，不是县（市、区）") % facts
        if len(self.sheet.texts(row)) == 1:
            return _("表后说明：%(text)s") % {"text": short(name)}
        return _("%(place)s：区划中没有“%(name)s”，该行未读取，请核对名称") % facts

    def _of_another_period(self, row: int, period: str) -> str:
        for column in self.header.columns.get(LongColumn.PERIOD, ()):
            text = self.sheet.cell(row, column).text
            if text and not same_period(text, period):
                return _("期间“%(text)s”不是导入的 %(period)s") % {"text": text, "period": period}
        return ""

    def _read_line(self, row: int, code: str, indicator: str, found: SheetContent) -> None:
        unit = self.header.first_of(LongColumn.UNIT)
        aside = {self.region, self.indicator, *self.header.columns.get(LongColumn.UNIT, ())}
        aside.update(self.header.columns.get(LongColumn.PERIOD, ()))
        for column, label in self.header.labels.items():
            if column not in aside:
                entry = RegionCell(
                    region=code,
                    parts=(indicator, label),
                    unit=narrow(self.sheet.cell(row, unit).text) if unit else "",
                    cell=self.sheet.cell(row, column),
                    place=self.sheet.place(row, column),
                    line=found.lines,
                    column=(0, column),
                    units_line=tuple(found.units),
                )
                found.entries.append(entry)
