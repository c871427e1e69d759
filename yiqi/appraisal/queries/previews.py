"""What a read league sheet looks like before it is applied: by county, what is doubtful, what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from yiqi.appraisal.models import Indicator, LeagueImport
from yiqi.appraisal.queries.frameworks import league_of
from yiqi.core.models import Region
from yiqi.kit.sheets.names import key, without_brackets

NEAR = 0.5


@dataclass(frozen=True)
class PreviewCell:
    """A cell as read: ``state`` is read, guessed or error, empty where the sheet has none."""

    state: str
    value: float | None
    rank: int | None
    notes: Sequence[str]


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
    skipped: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Cells that were found."""
        return sum(self.counts.values())


NOTHING = PreviewCell("", None, None, ())


def nearest_indicator(name: str, indicators: Sequence[Indicator]) -> Indicator | None:
    """The indicator whose name or alias is written most like ``name``; None when none is half alike."""
    wanted = key(without_brackets(name))

    def likeness(indicator: Indicator) -> float:
        names = [indicator.name, *indicator.aliases]
        return max(SequenceMatcher(None, wanted, key(without_brackets(known))).ratio() for known in names)

    best = max(indicators, key=likeness, default=None)
    return best if best is not None and likeness(best) >= NEAR else None


def league_preview(league_import: LeagueImport) -> LeaguePreview:
    """Arrange what was read; two statements."""
    regions = list(league_of(league_import.framework))
    indicators = list(league_import.framework.indicators.order_by("block__order", "order"))
    cells = league_import.result["cells"]
    names = {region.code: region.name for region in regions}
    by_code = {indicator.code: indicator for indicator in indicators}
    placed: dict[tuple[str, str], PreviewCell] = {}
    doubts, unknown = [], Counter[str]()
    for cell in cells:
        shown = PreviewCell(cell["state"], cell["value"], cell.get("rank"), tuple(cell.get("notes", ())))
        known = by_code.get(cell["indicator"] or "")
        if known is None:
            unknown[cell["indicator_name"]] += 1
        else:
            placed[cell["region"] or "", known.code] = shown
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
        skipped=league_import.result.get("skipped", ()),
        counts=Counter(cell["state"] for cell in cells),
    )
