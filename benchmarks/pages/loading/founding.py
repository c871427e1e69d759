"""The county: divisions, units, people, the campaign with its actions, the task forces. All by the operations."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tqdm import tqdm

from yiqi.appraisal.models import Block, Framework
from yiqi.core.enums import Role, UnitKind
from yiqi.core.models import Unit
from yiqi.core.operations import appoint, create_person, create_unit
from yiqi.core.queries import mandate_of
from yiqi.demo.story.cast import COUNTY, FORCES, Cast, announcement, assemble
from yiqi.demo.story.deeds import LEADS
from yiqi.dispatch.models import TaskForce
from yiqi.dispatch.operations import create_force
from yiqi.plan.models import Action, Campaign
from yiqi.plan.operations import activate_campaign, add_action, create_campaign

TODAY = date(2021, 12, 27)  # a Monday: eleven months have been reported, December half
SINCE = date(2021, 1, 1)
UNITS = 200
SOURCE = "测速用的虚构数据"


@dataclass
class County:
    """What the loaders hand on to each other."""

    cast: Cast
    chance: random.Random
    campaign: Campaign
    actions: list[Action]
    units: list[Unit]  # who lead tasks: all but the task forces
    reporters: dict[int, int] = field(default_factory=dict)  # unit → person
    reviewers: dict[int, int] = field(default_factory=dict)
    forces: list[TaskForce] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def _more_units(cast: Cast, bar: tqdm[Any]) -> None:
    for number in range(len(cast.units) + 1, UNITS + 1):
        code = f"DW{number:03d}"
        facts: dict[str, Any] = {
            "name": f"翼城县第{number}单位",
            "short_name": f"第{number}单位",
            "order": 300 + number,
        }
        unit = create_unit(
            by=None, today=SINCE, region=cast.county, code=code, kind=UnitKind.BUREAU, demo=True, source=SOURCE, **facts
        )
        cast.units[code] = unit
        for word, role in (("reporter", Role.REPORTER), ("reviewer", Role.REVIEWER)):
            person = create_person(
                by=None,
                today=SINCE,
                username=f"{word}.{code.lower()}",
                name=f"{unit.short_name}{role.label}",
                password=None,
                region_code=COUNTY,
                demo=True,
            )
            appoint(by=None, today=SINCE, person=person, role=role, unit=unit, region=cast.county, starts=SINCE)
            cast.mandates[f"{word}:{code}"] = mandate_of(person, today=TODAY)
        bar.update()


def _campaign(cast: Cast) -> tuple[Campaign, list[Action]]:
    said, office = announcement(), cast.who("office")
    campaign = create_campaign(
        by=office,
        today=SINCE,
        region=cast.county,
        code="SPEED2021",
        name=said["campaign"]["zh"],
        name_en=said["campaign"]["en"],
        year=2021,
        starts=SINCE,
        ends=date(2021, 12, 31),
        demo=True,
        source=SOURCE,
    )
    actions = [
        add_action(
            by=office,
            today=SINCE,
            campaign=campaign,
            code=action["code"],
            name=action["zh"],
            name_en=action["en"],
            order=order,
            lead_unit=cast.units[LEADS[action["code"]]],
            leader=cast.leaders[order % len(cast.leaders)],
        )
        for order, action in enumerate(said["actions"], start=1)
    ]
    return activate_campaign(by=office, today=SINCE, campaign=campaign), actions


def found_county(seed: int, bar: tqdm[Any]) -> County:
    """200 units with a reporter and a reviewer each, the demonstration's named accounts, a campaign of ten actions."""
    chance = random.Random(seed)
    cast = assemble(chance)
    _more_units(cast, bar)
    campaign, actions = _campaign(cast)
    county = County(
        cast=cast,
        chance=chance,
        campaign=campaign,
        actions=actions,
        units=[unit for unit in cast.units.values() if unit.kind != UnitKind.FORCE],
    )
    for unit in county.units:
        county.reporters[unit.pk] = cast.who(f"reporter:{unit.code}").person.pk
        county.reviewers[unit.pk] = cast.who(f"reviewer:{unit.code}").person.pk
    county.counts["units"] = len(cast.units)
    return county


def found_forces(county: County, framework: Framework) -> None:
    """The five task forces; each action and block belongs to one."""
    actions = {action.code: action for action in county.actions}
    blocks = {block.code: block for block in Block.objects.filter(framework=framework)}
    for order, (code, _name, _english, answers, scored) in enumerate(FORCES, start=1):
        force = create_force(
            by=county.cast.who("office"),
            today=SINCE,
            campaign=county.campaign,
            unit=county.cast.units[code],
            code=code,
            order=order,
            actions=[actions[name] for name in answers],
            blocks=[blocks[name] for name in scored],
            demo=True,
        )
        county.forces.append(force)
