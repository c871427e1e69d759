"""What a read league sheet looks like before it is applied: by county, what is doubtful, what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from yiqi.appraisal.models import Framework, Indicator, Observation
from yiqi.appraisal.queries.frameworks import league_of
from yiqi.core.enums import UploadStatus
from yiqi.core.models import Region, Upload
from yiqi.kit.sheets.names import key, without_brackets

NEAR = 0.5
FIGURE_STEP = 5e-7  # half of the last decimal that a figure keeps


@dataclass(frozen=True)
class PreviewCell:
    """A cell as read: ``state`` is read, guessed or error, empty where the sheet has none.

    ``before`` is the figure in force where the import would revise it.
    """

    state: str
    value: float | None
    rank: int | None
    notes: Sequence[str]
    before: Decimal | None = None


@dataclass(frozen=True)
class PreviewRow:
    """One indicator with a cell for every county."""

    indicator: Indicator
    cells: Sequence[PreviewCell]


@dataclass(frozen=True)
class Doubt:
    """A cell that was guessed or could not be read, with its notes."""

    region: str
    indicator: str
    place: str
    cell: PreviewCell


@dataclass(frozen=True)
class UnknownName:
    """A name that the framework lacks, how many figures stand under it, and the indicator written most alike."""

    name: str
    cells: int
    nearest: Indicator | None


@dataclass(frozen=True)
class LeaguePreview:
    """All that the preview page shows."""

    regions: Sequence[Region]
    indicators: Sequence[Indicator]
    rows: Sequence[PreviewRow]
    doubts: Sequence[Doubt]
    unknown: Sequence[UnknownName]

    @property
    def revised(self) -> int:
        """Figures in force that the import would replace by others."""
        return sum(cell.before is not None for row in self.rows for cell in row.cells)


NOTHING = PreviewCell("", None, None, ())


def nearest_indicator(name: str, indicators: Sequence[Indicator]) -> Indicator | None:
    """The indicator whose name or alias is written most like ``name``; None when none is half alike."""
    wanted = key(without_brackets(name))

    def likeness(indicator: Indicator) -> float:
        names = [indicator.name, *indicator.aliases]
        return max(SequenceMatcher(None, wanted, key(without_brackets(known))).ratio() for known in names)

    best = max(indicators, key=likeness, default=None)
    return best if best is not None and likeness(best) >= NEAR else None


def league_preview(framework: Framework, upload: Upload) -> LeaguePreview:
    """Arrange what was read beside the figures in force; three statements, two once it is settled."""
    regions = list(league_of(framework))
    indicators = list(framework.indicators.order_by("block__order", "order"))
    cells = upload.result["cells"]
    names = {region.code: region.name for region in regions}
    by_code = {indicator.code: indicator for indicator in indicators}
    in_force = _in_force(framework, upload.period) if upload.status == UploadStatus.PREVIEWED else {}
    placed: dict[tuple[str, str], PreviewCell] = {}
    doubts, unknown = [], Counter[str]()
    for cell in cells:
        shown = PreviewCell(cell["state"], cell["value"], cell.get("rank"), tuple(cell.get("notes", ())))
        known = by_code.get(cell["indicator"] or "")
        if known is None:
            unknown[cell["indicator_name"]] += 1
        else:
            place = cell["region"] or "", known.code
            placed[place] = replace(shown, before=_replaced(in_force.get(place), shown))
        if shown.state != "read":
            region = names.get(cell["region"] or "", cell.get("region_name") or cell["region"] or "—")
            doubts.append(Doubt(region, known.name if known else cell["indicator_name"], cell.get("cell") or "", shown))
    seen = {code for _region, code in placed}
    return LeaguePreview(
        regions=regions,
        indicators=indicators,
        rows=[
            PreviewRow(item, [placed.get((region.code, item.code), NOTHING) for region in regions])
            for item in indicators
            if item.code in seen
        ],
        doubts=doubts,
        unknown=[UnknownName(name, count, nearest_indicator(name, indicators)) for name, count in unknown.items()],
    )


def _in_force(framework: Framework, period: str) -> dict[tuple[str, str], Decimal]:
    rows = Observation.objects.filter(indicator__framework=framework, period=period, current=True, value__isnull=False)
    held = rows.values_list("region", "indicator__code", "value")
    return {(region, code): value for region, code, value in held if value is not None}


def _replaced(held: Decimal | None, shown: PreviewCell) -> Decimal | None:
    if held is None or shown.value is None or shown.state == "error":
        return None
    return held if abs(float(held) - shown.value) > FIGURE_STEP else None
