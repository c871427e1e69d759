"""Who may do what, as one-line predicates over a mandate; nothing here touches the database.

A :class:`Mandate` is what a person's appointments of today add up to. It is built once a request by
``core.queries.mandate_of``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from yiqi.core.enums import Role
from yiqi.core.models import Person, Region
from yiqi.kit.wording import listed

READS_COUNTY = frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR, Role.FORCE_HEAD, Role.FORCE_STAFF})


@dataclass(frozen=True)
class Post:
    """One appointment in force: role, unit, and the prefix of the region that it reaches."""

    role: str
    unit_id: int
    unit_kind: str
    prefix: str


@dataclass(frozen=True)
class Mandate:
    """A person with the posts that they hold today. ``home`` is the county that their pages are about."""

    person: Person
    posts: tuple[Post, ...] = ()
    home: Region | None = None
    _roles: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_roles", frozenset(post.role for post in self.posts))

    @property
    def roles(self) -> frozenset[str]:
        """All roles held today."""
        return self._roles

    @property
    def role_names(self) -> str:
        """The roles held today as the top bar prints them, in the order of the choices."""
        return listed(role.label for role in Role if role in self._roles)

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held."""
        return not self._roles.isdisjoint(roles)

    def units(self, *roles: str) -> frozenset[int]:
        """Ids of the units for which any of the roles (or any role at all) is held."""
        return frozenset(post.unit_id for post in self.posts if not roles or post.role in roles)

    def prefixes(self, *roles: str) -> frozenset[str]:
        """Region prefixes reached with any of the roles (or with any at all)."""
        return frozenset(post.prefix for post in self.posts if not roles or post.role in roles)

    def reaches(self, region_code: str, *roles: str) -> bool:
        """Whether a region lies inside what one of the roles reaches."""
        return any(region_code.startswith(prefix) for prefix in self.prefixes(*roles))


def holds(*roles: str) -> Callable[[Mandate], bool]:
    """The predicate of whoever holds any of the roles."""
    return lambda who: who.has(*roles)


def reads_county(who: Mandate, region_code: str) -> bool:
    """Sees all of the county's work, not only a unit's."""
    return who.reaches(region_code, *READS_COUNTY)


def reads_promises(who: Mandate) -> bool:
    """Sees promises: the county's readers all of them, the people of a unit their unit's."""
    return who.has(*READS_COUNTY, Role.REPORTER, Role.REVIEWER)


def runs_office(who: Mandate, region_code: str) -> bool:
    """Works in the assessment office of that region."""
    return who.reaches(region_code, Role.OFFICE)


def leads(who: Mandate, region_code: str) -> bool:
    """Is a leader of that region."""
    return who.reaches(region_code, Role.LEADER)


def administers(who: Mandate, region_code: str) -> bool:
    """Manages accounts, units and settings of that region."""
    return who.reaches(region_code, Role.ADMIN)


def reports_for(who: Mandate, unit_ids: Iterable[int]) -> bool:
    """Is the reporter of one of the units."""
    return not who.units(Role.REPORTER).isdisjoint(unit_ids)


def reviews_for(who: Mandate, unit_ids: Iterable[int]) -> bool:
    """Is the reviewer of one of the units."""
    return not who.units(Role.REVIEWER).isdisjoint(unit_ids)
