"""Setting up a campaign: its goals, its actions, its start and end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.core.models import Person, Region, Unit
from yiqi.core.operations import record, recorder
from yiqi.core.rules import Mandate, reads_county
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError
from yiqi.kit.moves import Guard, Life, Move
from yiqi.kit.records import locked, missing
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.models import Action, Campaign, Goal
from yiqi.plan.queries import campaigns_for
from yiqi.plan.rules import can_manage


@transaction.atomic
def create_campaign(
    *,
    by: Mandate,
    today: date,
    region: Region,
    code: str,
    name: str,
    year: int,
    starts: date,
    ends: date,
    name_en: str = "",
    aim: str = "",
    demo: bool = False,
    source: str = "",
) -> Campaign:
    """Begin a campaign of a region as a draft. InvalidInputError: ends before it starts; ConflictError: code in use."""
    if not can_manage(by, region.pk):
        raise NotAllowedError(_("专项行动由考核督查人员设立。")) if reads_county(by, region.pk) else missing()
    if ends < starts:
        raise InvalidInputError(_("结束日期不能早于开始日期。"), code="ends_before_start")
    if Campaign.objects.filter(code=code).exists():
        raise ConflictError(_("代码“%(code)s”已被使用，请换一个。") % {"code": code}, code="code_in_use")
    campaign = Campaign.objects.create(
        region=region,
        code=code,
        name=name,
        name_en=name_en,
        aim=aim,
        year=year,
        starts=starts,
        ends=ends,
        demo=demo,
        source=source,
    )
    after = {"code": code, "name": name, "year": year, "starts": starts, "ends": ends}
    record(by=by, verb="campaign.create", target=campaign, region_code=region.pk, today=today, after=after)
    return campaign


def lock_campaign(by: Mandate, campaign: Campaign) -> Campaign:
    """The campaign, for the office that runs it; ConflictError when it has ended."""
    held = locked(campaigns_for(by), campaign.pk)
    activate_campaign.admit(by, held)
    if held.status == CampaignStatus.CLOSED:
        raise ConflictError(_("“%(name)s”已经结束，不能再修改。") % {"name": held.name}, code="campaign_closed")
    return held


def _stuck(campaign: Campaign, after: str) -> ConflictError:
    facts = {"name": campaign.name, "before": CAMPAIGN.label(campaign.status), "after": CAMPAIGN.label(after)}
    return ConflictError(_("“%(name)s”现在是“%(before)s”，不能改为“%(after)s”。") % facts, code="no_such_move")


OFFICE = (
    Guard[Campaign, Mandate](
        lambda by, row: can_manage(by, row.region_id),
        gettext_lazy("专项行动、目标、行动和任务由考核督查人员维护，您当前的身份不能修改。"),
    ),
)
CAMPAIGN: Life[Campaign, Mandate] = Life(
    noun="campaign",
    states=CampaignStatus,
    begins=(CampaignStatus.DRAFT,),
    lock=lock_campaign,
    stuck=_stuck,
    record=recorder(),
)
activate_campaign = Move(
    CAMPAIGN,
    "activate",
    {CampaignStatus.DRAFT: (CampaignStatus.ACTIVE,)},
    label=gettext_lazy("启动"),
    said=gettext_lazy("“%(name)s”现在是“%(status)s”。"),
    who=OFFICE,
)
# its tasks can be read from then on, not changed
close_campaign = Move(
    CAMPAIGN,
    "close",
    {CampaignStatus.ACTIVE: (CampaignStatus.CLOSED,)},
    label=gettext_lazy("结束"),
    said=gettext_lazy("“%(name)s”现在是“%(status)s”。"),
    who=OFFICE,
)


@transaction.atomic
def add_goal(
    *,
    by: Mandate,
    today: date,
    campaign: Campaign,
    code: str,
    name: str,
    order: int = 0,
    name_en: str = "",
    demo: bool = False,
    source: str = "",
) -> Goal:
    """Add a goal to a campaign. ConflictError: the code is in use."""
    campaign = lock_campaign(by, campaign)
    if campaign.goals.filter(code=code).exists():
        raise ConflictError(_("代码“%(code)s”已被使用，请换一个。") % {"code": code}, code="code_in_use")
    goal = Goal.objects.create(
        campaign=campaign, code=code, name=name, name_en=name_en, order=order, demo=demo, source=source
    )
    after = {"code": code, "name": name, "campaign": campaign.code}
    record(by=by, verb="goal.add", target=goal, region_code=campaign.region_id, today=today, after=after)
    return goal


@transaction.atomic
def add_action(
    *,
    by: Mandate,
    today: date,
    campaign: Campaign,
    code: str,
    name: str,
    order: int = 0,
    name_en: str = "",
    lead_unit: Unit | None = None,
    leader: Person | None = None,
    goals: Sequence[Goal] = (),
    demo: bool = False,
    source: str = "",
) -> Action:
    """Add an action to a campaign. ConflictError: code in use; InvalidInputError: a unit or goal of elsewhere."""
    campaign = lock_campaign(by, campaign)
    if campaign.actions.filter(code=code).exists():
        raise ConflictError(_("代码“%(code)s”已被使用，请换一个。") % {"code": code}, code="code_in_use")
    _belongs(campaign, lead_unit, goals)
    action = Action.objects.create(
        campaign=campaign,
        code=code,
        name=name,
        name_en=name_en,
        order=order,
        lead_unit=lead_unit,
        leader=leader,
        demo=demo,
        source=source,
    )
    action.goals.set(goals)
    after = {
        "code": code,
        "name": name,
        "campaign": campaign.code,
        "lead_unit": lead_unit.code if lead_unit else None,
        "goals": [goal.code for goal in goals],
    }
    record(by=by, verb="action.add", target=action, region_code=campaign.region_id, today=today, after=after)
    return action


def _belongs(campaign: Campaign, unit: Unit | None, goals: Sequence[Goal]) -> None:
    if unit is not None and not unit.region_id.startswith(campaign.region.prefix):
        raise InvalidInputError(_("“%(unit)s”不是本地区的单位。") % {"unit": unit.name}, code="unit_elsewhere")
    if any(goal.campaign_id != campaign.pk for goal in goals):
        raise InvalidInputError(_("所选目标不属于这项专项行动。"), code="goal_elsewhere")
