"""The city's league sheets: what they say for a framework and a month, and how figures are put into force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from yiqi.appraisal.enums import LEAGUE_UPLOAD, Approval, ValueStatus
from yiqi.appraisal.models import Framework, Indicator, Observation
from yiqi.appraisal.operations.access import kept_framework
from yiqi.appraisal.operations.figures import figure, one_of
from yiqi.appraisal.operations.observations import checked_period
from yiqi.appraisal.queries import league_of
from yiqi.appraisal.readers.league_sheet import CELLS, IndicatorName, LeagueCell, parse_league_sheet
from yiqi.core.models import Upload
from yiqi.core.operations.uploads import Applied, Applying, UploadKind
from yiqi.core.rules import Mandate
from yiqi.kit import records
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.sheets import read_tables

LEAVE_OUT = ""
Key = tuple[int, str]


@dataclass
class _Change:
    """What an import does to the figures."""

    made: list[Observation] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    revised: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    left_out: int = 0

    def counts(self) -> dict[str, Any]:
        """For the result page and the trail."""
        new = len(self.made) - len(self.revised)
        return {"new": new, "revised": len(self.revised), "unchanged": self.unchanged, "left_out": self.left_out}


def _reach(by: Mandate, upload: Upload) -> Framework:
    framework = kept_framework(
        by, records.found(Framework.objects.select_related("keeper", "region"), upload.belongs_to)
    )
    upload.region_id = framework.keeper_id
    return framework


def _admit(framework: Framework, upload: Upload, today: date) -> None:
    """InvalidInputError ``period``, ``period_ahead``, ``period_year``; ConflictError ``framework_closed``."""
    upload.period = str(checked_period(framework, upload.period, today))
    status = upload.options.get("value_status", ValueStatus.FLASH)
    upload.options["value_status"] = one_of(ValueStatus, status, _("数据性质"))


def _read(framework: Framework, upload: Upload, data: bytes) -> dict[str, Any]:
    known = [
        IndicatorName(indicator.code, indicator.name, indicator.aliases, indicator.unit_text)
        for indicator in framework.indicators.all()
    ]
    return parse_league_sheet(
        read_tables(data, filename=upload.file_name),
        regions={region.code: (region.name,) for region in league_of(framework)},
        indicators=known,
        period=upload.period,
        whole=(framework.region.name,),
    ).to_preview()


def _write(deed: Applying[Framework]) -> Applied[Observation]:
    """Put the figures into force: what the city published needs no second signature.

    ``choices`` give the indicator's code for names that were not recognised; names without one are left out. A figure
    that is already in force with the same value, rank and status is not written again; a changed one becomes the next
    revision. InvalidInputError ``nothing_to_import``, ``indicator_unknown``, ``indicator_twice``.
    """
    change = _work_out(deed, _indicators(deed.subject, deed.choices))
    for observation in change.made:
        observation.entered_by, observation.entered_on, observation.approved_on = deed.by.person, deed.today, deed.today
        observation.demo = deed.demo or deed.subject.demo
    Observation.objects.filter(pk__in=change.replaced).update(current=False)
    written = Observation.objects.bulk_create(change.made, batch_size=500)
    return Applied(written, change.counts(), {**change.counts(), "changes": change.revised})


def _indicators(framework: Framework, mapping: Mapping[str, str]) -> dict[str, Indicator]:
    indicators = {indicator.code: indicator for indicator in framework.indicators.all()}
    for name, code in mapping.items():
        if code != LEAVE_OUT and code not in indicators:
            message = _("“%(name)s”所对应的指标代码“%(code)s”不存在，请重新选择。")
            raise InvalidInputError(
                message % {"name": name, "code": code}, code="indicator_unknown", data={"code": code}
            )
    return indicators


def _work_out(deed: Applying[Framework], indicators: Mapping[str, Indicator]) -> _Change:
    found, status = deed.upload, deed.upload.options["value_status"]
    cells = _usable(deed, indicators)
    change = _Change(left_out=len(found.result[CELLS]) - len(cells))
    if not cells:
        message = _("没有可以导入的数据：单元格都读取有误，或者指标都没有对应上。请核对文件后重新上传。")
        raise InvalidInputError(message, code="nothing_to_import")
    last, current = _known(found, {pk for pk, _region in cells})
    by_pk = {indicator.pk: indicator for indicator in indicators.values()}
    for key, cell in cells.items():
        value = None if cell["value"] is None else figure(cell["value"], by_pk[key[0]].name)
        held = current.get(key)
        if held and (held.value, held.published_rank, held.value_status) == (value, cell.get("rank"), status):
            change.unchanged += 1
            continue
        if held:
            change.replaced.append(held.pk)
            change.revised.append(_revision(by_pk[key[0]], key[1], held.value, value))
        change.made.append(_figure_of(found, key, cell, value, last.get(key, 0) + 1))
    return change


def _revision(indicator: Indicator, region: str, before: Decimal | None, after: Decimal | None) -> dict[str, Any]:
    texts = [None if value is None else f"{value.normalize():f}" for value in (before, after)]
    return {"indicator": indicator.code, "region": region, "before": texts[0], "after": texts[1]}


def _usable(deed: Applying[Framework], indicators: Mapping[str, Indicator]) -> dict[Key, Mapping[str, Any]]:
    """The cells that can be written by indicator and region; two for one key are refused."""
    cells: dict[Key, Mapping[str, Any]] = {}
    for cell in deed.rows:
        code = cell["indicator"] or deed.choices.get(cell["indicator_name"], LEAVE_OUT)
        empty = cell["value"] is None and cell.get("rank") is None
        if not code or not cell["region"] or empty:
            continue
        key = (indicators[code].pk, cell["region"])
        if key in cells:
            message = _("表中有两处数据对应同一个指标“%(indicator)s”。请只保留一处，另一处选择“不导入”。")
            raise InvalidInputError(
                message % {"indicator": indicators[code].name}, code="indicator_twice", data={"indicator": code}
            )
        cells[key] = cell
    return cells


def _known(found: Upload, indicators: Iterable[int]) -> tuple[dict[Key, int], dict[Key, Observation]]:
    """The last revision and the figure in force of each indicator and region of the period; one statement."""
    last: dict[Key, int] = {}
    current: dict[Key, Observation] = {}
    rows = Observation.objects.filter(indicator__in=list(indicators), period=found.period).order_by("revision")
    for row in rows.select_for_update():
        last[row.indicator_id, row.region_id] = row.revision
        if row.current:
            current[row.indicator_id, row.region_id] = row
    return last, current


def _figure_of(found: Upload, key: Key, cell: Mapping[str, Any], value: Decimal | None, revision: int) -> Observation:
    return Observation(
        indicator_id=key[0],
        region_id=key[1],
        period=found.period,
        value=value,
        published_rank=cell.get("rank"),
        value_status=found.options["value_status"],
        revision=revision,
        current=True,
        approval=Approval.APPROVED,
        imported_from=found,
        cell=str(cell.get("cell", ""))[:40],
        source=_("全市通报表《%(file)s》") % {"file": found.file_name[:200]},
    )


LEAGUE_SHEET: Final = UploadKind(
    key=LEAGUE_UPLOAD,
    verb="league",
    rows=CELLS,
    keys=LeagueCell.KEYS,
    reach=_reach,
    admit=_admit,
    read=_read,
    write=_write,
)
