"""Setting up an indicator system: from a template file, a draft block by block; and putting it into force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.appraisal.enums import Direction, FrameworkStatus, Rhythm, ScoringMethod, TargetKind
from yiqi.appraisal.models import Block, Framework, Indicator, Target
from yiqi.appraisal.operations.access import OFFICE_ONLY, kept_framework
from yiqi.appraisal.operations.faults import Names, in_words
from yiqi.appraisal.operations.figures import figure, one_of, points_of, refuse_zero_ratio
from yiqi.appraisal.operations.scoring import scheme_of
from yiqi.appraisal.queries import league_of
from yiqi.appraisal.rules import keeps_framework, sees_league
from yiqi.core.models import Region, Unit
from yiqi.core.operations import record, recorder
from yiqi.core.rules import Mandate, runs_office
from yiqi.engine import EngineError
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError
from yiqi.kit.facts import Facts
from yiqi.kit.moves import Guard, Life, Move
from yiqi.kit.records import locked, missing

POLICIES = ("tier_size", "missing", "ties", "tolerance", "tie_breakers", "places", "rank_rounded", "zero_range")


def _new_framework(by: Mandate, keeper: Region, region: Region, facts: Mapping[str, Any]) -> Framework:
    if not runs_office(by, keeper.code):
        raise NotAllowedError(_("只有考核督查人员可以进行这项操作。"), code="office_only")
    if not keeper.code.startswith(region.prefix):
        message = _("%(keeper)s不在%(region)s的考核范围内。") % {"keeper": keeper.name, "region": region.name}
        raise InvalidInputError(message, code="region_outside")
    if Framework.objects.filter(code=facts["code"]).exists():
        message = _("代码为“%(code)s”的指标体系已经存在，请换一个代码。") % {"code": facts["code"]}
        raise ConflictError(message, code="framework_exists", data={"code": facts["code"]})
    return Framework.objects.create(region=region, keeper=keeper, **facts)


def _draft(by: Mandate, framework: Framework) -> Framework:
    framework = kept_framework(by, framework, lock=True)
    if framework.status != FrameworkStatus.DRAFT:
        message = _("“%(name)s”已经启用，不能再增减板块和指标。") % {"name": framework.name}
        raise ConflictError(message, code="framework_in_force")
    return framework


@transaction.atomic
def add_block(
    *,
    by: Mandate,
    today: date,
    framework: Framework,
    code: str,
    name: str,
    points: Decimal | float,
    name_en: str = "",
    coverage: float = 0.6,
    demo: bool = False,
) -> Block:
    """Append a block to a draft. Errors: NotAllowedError, ConflictError ``framework_in_force`` and ``block_exists``."""
    framework = _draft(by, framework)
    if framework.blocks.filter(code=code).exists():
        raise ConflictError(_("板块代码“%(code)s”重复，请换一个。") % {"code": code}, code="block_exists")
    block = Block.objects.create(
        framework=framework,
        code=code,
        name=name,
        name_en=name_en,
        points=points_of(points, name),
        coverage=coverage,
        order=framework.blocks.count() + 1,
        demo=demo,
    )
    after = {"code": code, "name": name, "points": block.points, "coverage": coverage}
    record(by=by, verb="block.add", target=block, region_code=framework.keeper_id, today=today, after=after)
    return block


@transaction.atomic
def add_indicator(
    *,
    by: Mandate,
    today: date,
    block: Block,
    code: str,
    name: str,
    points: Decimal | float,
    rule: str,
    params: Mapping[str, Any] | None = None,
    direction: str = Direction.HIGHER,
    lead_unit: Unit | None = None,
    aliases: Sequence[str] = (),
    frequency: str = Rhythm.MONTHLY,
    demo: bool = False,
    **more: Any,
) -> Indicator:
    """Append an indicator to a block of a draft.

    ``more``: name_en, unit_text, unit_text_en, places, missing, veto, veto_limit.

    Errors: NotAllowedError, ConflictError ``framework_in_force`` and ``indicator_exists``, InvalidInputError for rule,
    parameters and points, naming the indicator.
    """
    framework = _draft(by, block.framework)
    if framework.indicators.filter(code=code).exists():
        raise ConflictError(_("指标代码“%(code)s”重复，请换一个。") % {"code": code}, code="indicator_exists")
    indicator = Indicator(
        framework=framework,
        block=block,
        code=code,
        name=name,
        points=points_of(points, name),
        rule=one_of(ScoringMethod, rule, _("计分规则")),
        params=dict(params or {}),
        direction=one_of(Direction, direction, _("方向")),
        frequency=one_of(Rhythm, frequency, _("发布频次")),
        lead_unit=lead_unit,
        aliases=list(aliases),
        order=framework.indicators.count() + 1,
        demo=demo,
        **more,
    )
    _check_spec(framework, block, indicator)
    indicator.save()
    after = {"code": code, "name": name, "points": indicator.points, "rule": rule, "params": indicator.params}
    record(by=by, verb="indicator.add", target=indicator, region_code=framework.keeper_id, today=today, after=after)
    return indicator


def _check_spec(framework: Framework, block: Block, indicator: Indicator) -> None:
    """The engine's own check of one indicator, in a block of exactly its points."""
    alone = Block(pk=block.pk, code=block.code, name=block.name, points=indicator.points)
    bare = Framework(missing=framework.missing, ties=framework.ties, zero_range=framework.zero_range)
    try:
        scheme_of(bare, [alone], [indicator])
    except EngineError as error:
        raise in_words(error, Names.of([], [indicator], [block])) from error


@transaction.atomic
def load_framework(
    *,
    by: Mandate,
    today: date,
    region: Region,
    data: Mapping[str, Any],
    year: int,
    unit_region: Region,
    demo: bool = False,
) -> Framework:
    """A draft with blocks, indicators and annual targets from a template (``demo/data/framework.json``), in one record.

    The same annual target is set for every county of ``region``. Errors: as for the single steps, and
    InvalidInputError ``framework_file`` naming what the file lacks, ``duplicate_code``, ``unit_unknown``,
    ``block_unknown`` and ``target_not_positive`` (0 or less under ``ratio``).
    """
    from yiqi.appraisal.operations.framework_file import check_file  # pydantic takes long to load, and is rarely needed

    check_file(data)
    facts = {key: data[key] for key in ("code", "name")}
    wanted = list(data["blocks"]), list(data["indicators"])
    policies = {name: data[name] for name in POLICIES if name in data}
    policies.setdefault("tier_size", data.get("tier_places", 6))
    more = {
        "name_en": data.get("name_en", ""),
        "year": year,
        "template": bool(data.get("template", True)),
        "source": str(data.get("note", ""))[:300],
    }
    framework = _new_framework(by, unit_region, region, {**facts, **more, **policies, "demo": demo})
    blocks = _load_blocks(framework, wanted[0])
    indicators = _load_indicators(framework, blocks, wanted[1], unit_region)
    count = _load_targets(framework, indicators, wanted[1], year)
    after = {**facts, "year": year, "blocks": len(blocks), "indicators": len(indicators), "targets": count}
    record(by=by, verb="framework.load", target=framework, region_code=unit_region.code, today=today, after=after)
    return framework


def _load_blocks(framework: Framework, rows: Sequence[Mapping[str, Any]]) -> dict[str, Block]:
    blocks = [
        Block(
            framework=framework,
            code=row["code"],
            name=row["name"],
            name_en=row.get("name_en", ""),
            points=points_of(row["points"], row["name"]),
            coverage=row.get("coverage", 0.6),
            order=order,
            demo=framework.demo,
        )
        for order, row in enumerate(rows, start=1)
    ]
    return {block.code: block for block in Block.objects.bulk_create(blocks)}


def _load_indicators(
    framework: Framework, blocks: Mapping[str, Block], rows: Sequence[Mapping[str, Any]], unit_region: Region
) -> list[Indicator]:
    units = {unit.code: unit for unit in Unit.objects.filter(region__code__startswith=unit_region.prefix)}
    made = []
    for order, row in enumerate(rows, start=1):
        lead = row.get("lead_unit") or None
        if lead and lead not in units:
            message = _("指标“%(indicator)s”的牵头单位代码“%(unit)s”不存在，请先建立这个单位，或更正代码。")
            raise InvalidInputError(
                message % {"indicator": row["name"], "unit": lead}, code="unit_unknown", data={"unit": lead}
            )
        if row["block"] not in blocks:
            message = _("指标“%(indicator)s”所属的板块“%(block)s”不存在，请更正。")
            raise InvalidInputError(message % {"indicator": row["name"], "block": row["block"]}, code="block_unknown")
        made.append(_loaded(framework, blocks[row["block"]], row, units.get(lead or ""), order))
    return Indicator.objects.bulk_create(made)


def _loaded(framework: Framework, block: Block, row: Mapping[str, Any], lead: Unit | None, order: int) -> Indicator:
    indicator = Indicator(
        framework=framework,
        block=block,
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en", ""),
        aliases=list(row.get("aliases", ())),
        unit_text=row.get("unit", ""),
        unit_text_en=row.get("unit_en", ""),
        direction=one_of(Direction, row.get("direction", Direction.HIGHER), _("方向")),
        points=points_of(row["points"], row["name"]),
        rule=one_of(ScoringMethod, row["rule"], _("计分规则")),
        params=dict(row.get("params", {})),
        missing=row.get("missing", ""),
        places=row.get("places", 1),
        frequency=one_of(Rhythm, row.get("frequency", Rhythm.MONTHLY), _("发布频次")),
        veto=bool(row.get("veto", False)),
        veto_limit=row.get("veto_limit"),
        lead_unit=lead,
        order=order,
        demo=framework.demo,
        source=str(row.get("source", ""))[:300],
    )
    _check_spec(framework, block, indicator)
    return indicator


def _load_targets(
    framework: Framework, indicators: Sequence[Indicator], rows: Sequence[Mapping[str, Any]], year: int
) -> int:
    wanted = {row["code"]: row["annual_target"] for row in rows if row.get("annual_target") is not None}
    regions = list(league_of(framework))
    targets = [
        Target(
            indicator=indicator,
            region=region,
            kind=TargetKind.ANNUAL,
            period=str(year),
            value=figure(wanted[indicator.code], indicator.name),
            demo=framework.demo,
            source=framework.source,
        )
        for indicator in indicators
        if indicator.code in wanted
        for region in regions
    ]
    for target in targets:
        refuse_zero_ratio(target.indicator, Decimal(target.value), target.region)
    Target.objects.bulk_create(targets, batch_size=500)
    return len(targets)


def _held(by: Mandate, framework: Framework) -> Framework:
    held = locked(Framework.objects.select_related("keeper", "region"), framework.pk)
    if not sees_league(by, held):
        raise missing()
    return held


def _stuck(framework: Framework, _after: str) -> ConflictError:
    return ConflictError(_("“%(name)s”已经启用或停用。") % {"name": framework.name}, code="framework_in_force")


def _adds_up(framework: Framework, _facts: Facts) -> None:
    blocks, indicators = list(framework.blocks.all()), list(framework.indicators.all())
    try:
        scheme_of(framework, blocks, indicators)
    except EngineError as error:
        raise in_words(error, Names.of([], indicators, blocks)) from error


FRAMEWORK: Life[Framework, Mandate] = Life(
    noun="framework",
    states=FrameworkStatus,
    begins=(FrameworkStatus.DRAFT,),
    lock=_held,
    stuck=_stuck,
    record=recorder("keeper_id"),
)

# InvalidInputError points_mismatch names the block and both sums; empty_block, and what else the engine refuses
activate_framework = Move(
    FRAMEWORK,
    "activate",
    {FrameworkStatus.DRAFT: (FrameworkStatus.ACTIVE,)},
    label=gettext_lazy("启用"),
    said=gettext_lazy("“%(name)s”已启用。"),
    who=(Guard(keeps_framework, OFFICE_ONLY, "office_only"),),
    check=_adds_up,
)
