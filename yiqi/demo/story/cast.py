"""Regions, units and people of the story: real divisions, a typical set of units, invented people."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from yiqi.core.enums import Role, UnitKind
from yiqi.core.models import Person, Region, Unit
from yiqi.core.operations import appoint, create_person, create_unit, load_regions, seed_calendar
from yiqi.core.queries import mandate_of
from yiqi.core.rules import Mandate
from yiqi.demo import DATA

BEGINNING = date(2021, 7, 5)
SINCE = date(2021, 1, 1)
COUNTY = "141022"
PASSWORD = "yiqi-demo-2021"  # noqa: S105 - printed for everybody who starts the demonstration
REGIONS_SOURCE = "区划代码：GB/T 2260；人口：第七次全国人口普查（2020年）；面积：公开资料"
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = [
    "建国",
    "志强",
    "晓明",
    "秀英",
    "丽华",
    "海涛",
    "俊杰",
    "文斌",
    "永红",
    "春梅",
    "国栋",
    "雪峰",
    "玉兰",
    "卫东",
    "爱民",
    "立新",
    "红霞",
    "振华",
    "艳芳",
    "小军",
    "庆丰",
    "佳宁",
    "思远",
    "慧敏",
    "长青",
    "淑珍",
    "新民",
    "宏伟",
    "瑞芳",
    "子轩",
]

FORCES = (
    ("ZB1", "党建引领专班", "Party-building task force", ("A02", "A07", "A09"), ("B1",)),
    ("ZB2", "高质量发展专班", "High-quality development task force", ("A01", "A03", "A10"), ("B2",)),
    ("ZB3", "营商环境专班", "Business-environment task force", ("A05", "A08"), ("B3",)),
    ("ZB4", "专项工作专班", "Special-work task force", ("A06",), ("B4",)),
    ("ZB5", "生态环境保护专班", "Ecology task force", ("A04",), ("B5",)),
)
NAMED = (
    ("leader", Role.LEADER, "XWB", "县领导"),
    ("office", Role.OFFICE, "KHB", "考核督查人员"),
    ("office2", Role.OFFICE, "KHB", "考核督查人员"),
    ("force", Role.FORCE_HEAD, "ZB2", "高质量发展专班负责人"),
    ("staff", Role.FORCE_STAFF, "ZB2", "高质量发展专班工作人员"),
    ("reporter", Role.REPORTER, "FGJ", "县发改局填报人"),
    ("reviewer", Role.REVIEWER, "FGJ", "县发改局审核人"),
    ("township", Role.REPORTER, "141022100", "唐兴镇填报人"),
    ("auditor", Role.AUDITOR, "JWJ", "审计员"),
    ("admin", Role.ADMIN, "ZFB", "系统管理员"),
)


@cache
def announcement() -> dict[str, Any]:
    """What the county announced: goals, actions, names."""
    found: dict[str, Any] = json.loads((DATA / "yicheng_2021.json").read_text(encoding="utf-8"))
    return found


@dataclass
class Cast:
    """Who plays: looked up by code."""

    county: Region
    city: Region
    units: dict[str, Unit] = field(default_factory=dict)
    mandates: dict[str, Mandate] = field(default_factory=dict)
    leaders: list[Person] = field(default_factory=list)

    def who(self, key: str) -> Mandate:
        """A named account, or ``reporter:UNIT`` / ``reviewer:UNIT`` / ``head:FORCE``."""
        return self.mandates[key]


def invented_names(chance: random.Random) -> list[str]:
    """Names for the people of the story, shuffled."""
    names = [surname + given for surname in SURNAMES for given in GIVEN]
    chance.shuffle(names)
    return names


def _units(cast: Cast) -> None:
    for order, facts in enumerate(json.loads((DATA / "units.json").read_text(encoding="utf-8")), start=1):
        town = facts["kind"] == UnitKind.TOWNSHIP
        cast.units[facts["code"]] = create_unit(
            by=None,
            today=BEGINNING,
            region=Region.objects.get(pk=facts["code"]) if town else cast.county,
            code=facts["code"],
            name=facts["name"],
            kind=facts["kind"],
            short_name=facts.get("short_name", ""),
            name_en=facts.get("name_en", ""),
            aliases=facts.get("aliases", ()),
            order=order,
            demo=True,
            source="按县级常见机构设置编列，非翼城县公布名单",
        )
    for place, (code, name, english, _actions, _blocks) in enumerate(FORCES):
        cast.units[code] = create_unit(
            by=None,
            today=BEGINNING,
            region=cast.county,
            code=code,
            name=name,
            name_en=english,
            kind=UnitKind.FORCE,
            order=200 + place,
            demo=True,
        )


def _person(
    cast: Cast, key: str, name: str, role: str, unit: Unit, *, title: str = "", password: str | None = None
) -> Person:
    username = key.replace(":", ".").lower()
    person = create_person(
        by=None,
        today=BEGINNING,
        username=username,
        name=name,
        password=password,
        region_code=COUNTY,
        title=title,
        demo=True,
    )
    appoint(by=None, today=BEGINNING, person=person, role=role, unit=unit, region=cast.county, starts=SINCE)
    cast.mandates[key] = mandate_of(person, today=BEGINNING)
    return person


def _people(cast: Cast, chance: random.Random) -> None:
    names = iter(invented_names(chance))
    for key, role, held, title in NAMED:
        person = _person(cast, key, next(names), role, cast.units[held], title=title, password=PASSWORD)
        if role == Role.LEADER:
            cast.leaders.append(person)
    for number in range(2, 6):
        cast.leaders.append(
            _person(cast, f"leader{number}", next(names), Role.LEADER, cast.units["ZFB"], title="县领导")
        )
    cast.mandates["head:ZB2"] = cast.mandates["force"]
    for code, *_rest in FORCES:
        if code != "ZB2":
            _person(cast, f"head:{code}", next(names), Role.FORCE_HEAD, cast.units[code], title="专班负责人")
            _person(cast, f"staff:{code}", next(names), Role.FORCE_STAFF, cast.units[code], title="专班工作人员")
    taken = {("reporter", "FGJ"): "reporter", ("reviewer", "FGJ"): "reviewer", ("reporter", "141022100"): "township"}
    for unit in cast.units.values():
        code = unit.code
        if unit.kind == UnitKind.FORCE:
            continue
        for word, role in (("reporter", Role.REPORTER), ("reviewer", Role.REVIEWER)):
            key = f"{word}:{code}"
            if (word, code) in taken:
                cast.mandates[key] = cast.mandates[taken[word, code]]
            else:
                _person(cast, key, next(names), role, unit, title=str(unit.label) + str(role.label))


def assemble(chance: random.Random) -> Cast:
    """Load the divisions with their source, the calendar, the units and the people."""
    load_regions(DATA / "linfen_regions.csv", today=BEGINNING, source=REGIONS_SOURCE)
    seed_calendar(today=BEGINNING)
    cast = Cast(county=Region.objects.get(pk=COUNTY), city=Region.objects.get(pk="141000"))
    _units(cast)
    _people(cast, chance)
    return cast
