"""The city's league sheets: read into a preview, looked at by a person, then applied all or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.appraisal.enums import Approval, ValueStatus
from yiqi.appraisal.models import Framework, Indicator, LeagueImport, Observation
from yiqi.appraisal.operations.access import kept_framework
from yiqi.appraisal.operations.figures import figure, one_of
from yiqi.appraisal.operations.observations import checked_period
from yiqi.appraisal.queries import league_of
from yiqi.appraisal.readers.league_sheet import IndicatorName, parse_league_sheet
from yiqi.appraisal.rules import Period
from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.kit.digest import digest
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.records import locked
from yiqi.kit.sheets import Sheet, read_tables
from yiqi.plan.enums import ImportStatus

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


@transaction.atomic
def preview_league(
    *,
    by: Mandate,
    today: date,
    now: datetime,
    framework: Framework,
    period: str,
    data: bytes,
    filename: str,
    value_status: str = ValueStatus.FLASH,
) -> LeagueImport:
    """Read a league sheet and keep what was read; no figure changes.

    Errors: NotFoundError, NotAllowedError (office only), FileRefusedError (empty, locked, broken, too large, macros),
    InvalidInputError ``period``, ``period_ahead``, ``period_year``; ConflictError ``framework_closed``.
    """
    framework = kept_framework(by, framework)
    wanted = checked_period(framework, period, today)
    status = one_of(ValueStatus, value_status, _("数据性质"))
    result = _read(framework, wanted, read_tables(data, filename=filename))
    made = LeagueImport.objects.create(
        framework=framework,
        period=str(wanted),
        file_name=filename[-200:],
        file_digest=digest(data),
        value_status=status,
        result=result,
        region=framework.keeper,
        uploaded_by=by.person,
        uploaded_at=now,
    )
    after = {"file": made.file_name, "period": made.period, "cells": len(result["cells"]), "errors": result["errors"]}
    record(by=by, verb="league.preview", target=made, region_code=framework.keeper_id, today=today, after=after)
    return made


def _read(framework: Framework, period: Period, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """What the parser says, with the place of each figure in the file."""
    known = [
        IndicatorName(indicator.code, indicator.name, indicator.aliases, indicator.unit_text)
        for indicator in framework.indicators.all()
    ]
    sheet = parse_league_sheet(
        sheets,
        regions={region.code: (region.name,) for region in league_of(framework)},
        indicators=known,
        period=str(period),
        whole=(framework.region.name,),
    )
    return sheet.to_preview()


def _previewed(by: Mandate, league_import: LeagueImport) -> LeagueImport:
    rows = LeagueImport.objects.select_related("framework__keeper", "framework__region")
    found = locked(rows, league_import.pk)
    kept_framework(by, found.framework)
    if found.status != ImportStatus.PREVIEWED:
        message = _("这次导入已经办理过，现在的状态是“%(status)s”。") % {"status": found.get_status_display()}
        raise ConflictError(message, code="import_decided")
    return found


@transaction.atomic
def apply_league(
    *,
    by: Mandate,
    today: date,
    now: datetime,
    league_import: LeagueImport,
    mapping: Mapping[str, str] | None = None,
    demo: bool = False,
) -> list[Observation]:
    """Put the figures of a preview into force, all or none: what the city published needs no second signature.

    ``mapping`` gives the indicator's code for names that were not recognised; names without one are left out, and so
    are cells that could not be read. A figure that is already in force with the same value, rank and status is not
    written again; a changed one becomes the next revision. Returns the figures written. Errors: NotFoundError,
    NotAllowedError, ConflictError ``import_decided`` and ``framework_closed``, InvalidInputError ``nothing_to_import``,
    ``indicator_unknown``, ``indicator_twice``.
    """
    found = _previewed(by, league_import)
    framework = found.framework
    checked_period(framework, found.period, today)
    change = _work_out(found, mapping or {}, _indicators(framework, mapping or {}))
    for observation in change.made:
        observation.entered_by, observation.entered_on, observation.approved_on = by.person, today, today
        observation.demo = demo or framework.demo
    Observation.objects.filter(pk__in=change.replaced).update(current=False)
    written = Observation.objects.bulk_create(change.made, batch_size=500)
    found.status, found.applied_at = ImportStatus.APPLIED, now
    found.result = {**found.result, "applied": {**change.counts(), "changes": change.revised}}
    found.save(update_fields=["status", "applied_at", "result"])
    after = {"file": found.file_name, "period": found.period, **change.counts()}
    record(by=by, verb="league.apply", target=found, region_code=framework.keeper_id, today=today, after=after)
    return written


def _indicators(framework: Framework, mapping: Mapping[str, str]) -> dict[str, Indicator]:
    indicators = {indicator.code: indicator for indicator in framework.indicators.all()}
    for name, code in mapping.items():
        if code != LEAVE_OUT and code not in indicators:
            message = _("“%(name)s”所对应的指标代码“%(code)s”不存在，请重新选择。")
            raise InvalidInputError(
                message % {"name": name, "code": code}, code="indicator_unknown", data={"code": code}
            )
    return indicators


def _work_out(found: LeagueImport, mapping: Mapping[str, str], indicators: Mapping[str, Indicator]) -> _Change:
    change = _Change()
    cells = _usable(found, mapping, indicators, change)
    if not cells:
        message = _("没有可以导入的数据：单元格都读取有误，或者指标都没有对应上。请核对文件后重新上传。")
        raise InvalidInputError(message, code="nothing_to_import")
    last, current = _known(found, {pk for pk, _region in cells})
    by_pk = {indicator.pk: indicator for indicator in indicators.values()}
    for key, cell in cells.items():
        value = None if cell["value"] is None else figure(cell["value"], by_pk[key[0]].name)
        held = current.get(key)
        if held and (held.value, held.published_rank, held.value_status) == (
            value,
            cell.get("rank"),
            found.value_status,
        ):
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


def _usable(
    found: LeagueImport, mapping: Mapping[str, str], indicators: Mapping[str, Indicator], change: _Change
) -> dict[Key, Mapping[str, Any]]:
    """The cells that can be written by indicator and region; two for one key are refused."""
    cells: dict[Key, Mapping[str, Any]] = {}
    for cell in found.result["cells"]:
        code = cell["indicator"] or mapping.get(cell["indicator_name"], LEAVE_OUT)
        empty = cell["value"] is None and cell.get("rank") is None
        if not code or not cell["region"] or cell["state"] == "error" or empty:
            change.left_out += 1
            continue
        key = (indicators[code].pk, cell["region"])
        if key in cells:
            message = _("表中有两处数据对应同一个指标“%(indicator)s”。请只保留一处，另一处选择“不导入”。")
            raise InvalidInputError(
                message % {"indicator": indicators[code].name}, code="indicator_twice", data={"indicator": code}
            )
        cells[key] = cell
    return cells


def _known(found: LeagueImport, indicators: Iterable[int]) -> tuple[dict[Key, int], dict[Key, Observation]]:
    """The last revision and the figure in force of each indicator and region of the period; one statement."""
    last: dict[Key, int] = {}
    current: dict[Key, Observation] = {}
    rows = Observation.objects.filter(indicator__in=list(indicators), period=found.period).order_by("revision")
    for row in rows.select_for_update():
        last[row.indicator_id, row.region_id] = row.revision
        if row.current:
            current[row.indicator_id, row.region_id] = row
    return last, current


def _figure_of(
    found: LeagueImport, key: Key, cell: Mapping[str, Any], value: Decimal | None, revision: int
) -> Observation:
    return Observation(
        indicator_id=key[0],
        region_id=key[1],
        period=found.period,
        value=value,
        published_rank=cell.get("rank"),
        value_status=found.value_status,
        revision=revision,
        current=True,
        approval=Approval.APPROVED,
        imported_from=found,
        cell=str(cell.get("cell", ""))[:40],
        source=_("全市通报表《%(file)s》") % {"file": found.file_name[:200]},
    )


@transaction.atomic
def discard_league(*, by: Mandate, today: date, league_import: LeagueImport) -> LeagueImport:
    """Drop a preview. Errors: NotFoundError, NotAllowedError, ConflictError ``import_decided``."""
    found = _previewed(by, league_import)
    found.status = ImportStatus.DISCARDED
    found.save(update_fields=["status"])
    record(
        by=by,
        verb="league.discard",
        target=found,
        region_code=found.framework.keeper_id,
        today=today,
        before={"status": ImportStatus.PREVIEWED},
        after={"status": found.status, "file": found.file_name},
    )
    return found
