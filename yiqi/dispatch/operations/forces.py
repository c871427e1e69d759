"""Task forces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.models import Block
from yiqi.core.enums import UnitKind
from yiqi.core.models import Unit
from yiqi.core.operations import record
from yiqi.core.rules import Mandate, runs_office
from yiqi.dispatch.models import TaskForce
from yiqi.dispatch.queries import visible_campaigns
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.records import ensure, found
from yiqi.plan.models import Action, Campaign


@transaction.atomic
def create_force(
    *,
    by: Mandate,
    today: date,
    campaign: Campaign,
    unit: Unit,
    code: str,
    order: int,
    actions: Sequence[Action] = (),
    blocks: Sequence[Block] = (),
    demo: bool = False,
    source: str = "",
) -> TaskForce:
    """Set up a task force that answers for ``actions`` and ``blocks``; its people are appointed to ``unit``.

    Raises InvalidInputError for a unit of another kind or an action of another campaign, ConflictError for a code or
    unit that is taken.
    """
    found(visible_campaigns(by), campaign.pk)
    ensure(runs_office(by, campaign.region_id), _("专班由考核督查机构设立。"))
    if unit.kind != UnitKind.FORCE:
        raise InvalidInputError(
            _("“%(unit)s”不是专班单位，请先以“专班”类别建立单位。") % {"unit": unit.name}, code="not_a_force"
        )
    if any(action.campaign_id != campaign.pk for action in actions):
        raise InvalidInputError(_("专班只能负责本专项行动之下的行动。"), code="foreign_action")
    if TaskForce.objects.filter(campaign=campaign, code=code).exists() or TaskForce.objects.filter(unit=unit).exists():
        raise ConflictError(
            _("代码“%(code)s”或单位“%(unit)s”已经设有专班。") % {"code": code, "unit": unit.name}, code="force_exists"
        )
    force = TaskForce.objects.create(campaign=campaign, unit=unit, code=code, order=order, demo=demo, source=source)
    force.actions.set(actions)
    force.blocks.set(blocks)
    after = {
        "code": code,
        "unit": unit.name,
        "actions": [row.code for row in actions],
        "blocks": [row.code for row in blocks],
    }
    record(by=by, verb="force.create", target=force, region_code=campaign.region_id, today=today, after=after)
    return force
