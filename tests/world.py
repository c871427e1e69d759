"""The small county in which tests are set: real objects, made with the ORM so that no operation is tested by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from yiqi.core.enums import RegionKind, Role, UnitKind
from yiqi.core.models import Appointment, Person, Region, Unit
from yiqi.core.queries import mandate_of
from yiqi.core.rules import Mandate

TODAY = date(2021, 9, 6)
PASSWORD = "Yicheng-2021-test"
_HASHED: list[str] = []


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2, of which the tests hash hundreds, at its lowest cost: the cost is the library's matter, not ours."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


def hashed_password() -> str:
    """The password of everybody, hashed once: argon2 is slow on purpose."""
    if not _HASHED:
        _HASHED.append(make_password(PASSWORD))
    return _HASHED[0]


@dataclass
class World:
    """Linfen with three counties; Yicheng with three bureaus, a township, two task forces and one person per role."""

    province: Region
    city: Region
    county: Region
    other_county: Region
    township: Region
    office: Unit
    bureau: Unit
    other_bureau: Unit
    town: Unit
    force: Unit
    other_force: Unit
    people: dict[str, Person] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def who(self, asker: str, today: date = TODAY) -> Mandate:
        """The mandate of one of the people (a role's value, or a name such as ``other_reporter``)."""
        return mandate_of(self.people[asker], today=today)


def person(username: str, name: str) -> Person:
    """A person who can log in with PASSWORD."""
    return Person.objects.create(username=username, name=name, password=hashed_password())


def appoint(
    who: Person, role: str, unit: Unit, region: Region, starts: date = date(2021, 1, 1), ends: date | None = None
) -> Appointment:
    """An appointment as a fact."""
    return Appointment.objects.create(person=who, role=role, unit=unit, region=region, starts=starts, ends=ends)


def build_world() -> World:
    """Make the county."""
    province = Region(code="14", name="山西省", name_en="Shanxi", kind=RegionKind.PROVINCE)
    city = Region(code="141000", name="临汾市", name_en="Linfen", kind=RegionKind.CITY, parent=province)
    county = Region(code="141022", name="翼城县", name_en="Yicheng", kind=RegionKind.COUNTY, parent=city)
    other = Region(code="141021", name="曲沃县", name_en="Quwo", kind=RegionKind.COUNTY, parent=city)
    third = Region(code="141023", name="襄汾县", name_en="Xiangfen", kind=RegionKind.COUNTY, parent=city)
    township = Region(code="141022100", name="唐兴镇", name_en="Tangxing", kind=RegionKind.TOWNSHIP, parent=county)
    Region.objects.bulk_create([province, city, county, other, third, township])
    units: list[Unit] = []

    def unit(code: str, name: str, kind: str, short: str = "", region: Region = county) -> Unit:
        units.append(Unit(region=region, code=code, name=name, short_name=short, kind=kind))
        return units[-1]

    world = World(
        province=province,
        city=city,
        county=county,
        other_county=other,
        township=township,
        office=unit("KHB", "县委县政府考核办公室", UnitKind.OFFICE, "考核办"),
        bureau=unit("FGJ", "翼城县发展和改革局", UnitKind.BUREAU, "发改局"),
        other_bureau=unit("HBJ", "临汾市生态环境局翼城分局", UnitKind.BUREAU, "生态环境分局"),
        town=unit("TXZ", "唐兴镇人民政府", UnitKind.TOWNSHIP, "唐兴镇", township),
        force=unit("ZB1", "高质量发展专班", UnitKind.FORCE),
        other_force=unit("ZB2", "生态环境专班", UnitKind.FORCE),
    )
    held = {
        "leader": (Role.LEADER, world.office, "刘文"),
        "office": (Role.OFFICE, world.office, "陈静"),
        "second_office": (Role.OFFICE, world.office, "韩磊"),
        "force_head": (Role.FORCE_HEAD, world.force, "赵强"),
        "force_staff": (Role.FORCE_STAFF, world.force, "孙悦"),
        "other_force_head": (Role.FORCE_HEAD, world.other_force, "周岩"),
        "reporter": (Role.REPORTER, world.bureau, "李敏"),
        "reviewer": (Role.REVIEWER, world.bureau, "王刚"),
        "other_reporter": (Role.REPORTER, world.other_bureau, "吴霞"),
        "other_reviewer": (Role.REVIEWER, world.other_bureau, "郑涛"),
        "auditor": (Role.AUDITOR, world.office, "冯岚"),
        "admin": (Role.ADMIN, world.office, "曹亮"),
    }
    outsider_unit = unit("QWFGJ", "曲沃县发展和改革局", UnitKind.BUREAU, region=other)
    Unit.objects.bulk_create(units)
    posts = [(username, *post, county) for username, post in held.items()]
    posts.append(("outsider", Role.OFFICE, outsider_unit, "外县人员", other))
    for username, _role, _unit, name, _region in posts:
        world.people[username] = Person(username=username, name=name, password=hashed_password())
    Person.objects.bulk_create(world.people.values())
    Appointment.objects.bulk_create(
        Appointment(person=world.people[username], role=role, unit=held_unit, region=region, starts=date(2021, 1, 1))
        for username, role, held_unit, _name, region in posts
    )
    return world
