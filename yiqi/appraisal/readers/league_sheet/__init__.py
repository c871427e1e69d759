"""A city's league sheet read into figures: pure, from sheets of cells to a preview.

Counties down or across, side by side or one figure a line; headings in one to three rows; values and places beside
each other. Nothing is guessed silently: see the notes and the state of each cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from yiqi.appraisal.readers.league_sheet.layout import find_entries
from yiqi.appraisal.readers.league_sheet.names import IndicatorIndex, IndicatorName
from yiqi.appraisal.readers.league_sheet.periods import period_months, same_period
from yiqi.appraisal.readers.league_sheet.reading import check_doubles, read_figures
from yiqi.appraisal.readers.league_sheet.result import CELLS, LeagueCell, LeagueSheet
from yiqi.appraisal.readers.league_sheet.view import SheetContent
from yiqi.core.readers.regions import RegionIndex
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.sheets import ReadState, Sheet, SkippedRow
from yiqi.kit.sheets.names import short

__all__ = ["CELLS", "IndicatorName", "LeagueCell", "LeagueSheet", "parse_league_sheet"]


def parse_league_sheet(
    sheets: Sequence[Sheet],
    *,
    regions: Mapping[str, Sequence[str]],
    indicators: Iterable[IndicatorName],
    period: str,
    whole: Sequence[str] = (),
) -> LeagueSheet:
    """The figures of a file for ``period`` (``2021-08``).

    ``regions`` are the counties ranked, names by code; ``indicators`` the framework's; ``whole`` the names of the city
    itself, whose total is passed over. Values are in the unit of their column; a percentage of 4 % is 4.0.

    Raises InvalidInputError ``no_league_table`` when no visible sheet names a county beside figures.
    """
    region_index, index = RegionIndex.of(regions, whole), IndicatorIndex.of(indicators)
    month = int(period[5:7]) if period[5:7].isdigit() else None
    result = LeagueSheet(CELLS)
    for sheet in result.visible(sheets):
        found = find_entries(sheet, region_index, period)
        if found is None:
            why = _("“%(name)s”里没有县（市、区）的数据，未读取") % {"name": sheet.name}
            result.skipped.append(SkippedRow(None, why))
            continue
        cells = read_figures(found, sheet.name, index, month, len(regions))
        _doubt_period(cells, found, period)
        result.records += cells
        result.skipped += found.skipped
    if not result.records and not result.errors:
        message = _("没有找到县（市、区）指标数据表。表中应当有县（市、区）名称，以及指标名称和数值。")
        raise InvalidInputError(message, code="no_league_table")
    check_doubles(result.records)
    return result


def _doubt_period(cells: Iterable[LeagueCell], found: SheetContent, period: str) -> None:
    """Doubt all cells of a sheet whose title names another month than the one asked for."""
    titles = [title for title in found.titles if period_months(title)]
    if titles and not any(same_period(title, period) for title in titles):
        message = _("标题“%(title)s”与导入的期别 %(period)s 不一致，请核对")
        for cell in cells:
            cell.note(message % {"title": short(titles[-1]), "period": period}, ReadState.GUESSED)
