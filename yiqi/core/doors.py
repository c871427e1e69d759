"""What an app may offer to others: one small class a door, put into the tuple ``OFFERS`` of the app's ``offers``.

``kit.offering.offered`` finds them. The rail's entries, searches and panels are in ``kit.web.navigation``, kinds of
subjects in ``core.subjects``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise


@dataclass(frozen=True)
class Addresses:
    """An app's addresses: the module with its ``urlpatterns`` and where they hang, such as ``plan/``."""

    prefix: str
    module: str


@dataclass(frozen=True)
class Verbs:
    """Exact names for verbs of the audit trail whose phrase, made of action and object, would read badly."""

    labels: Mapping[str, str | Promise]


@dataclass(frozen=True)
class Metric:
    """A named number such as ``plan.on_time``: ``read(region_code, today)`` gives it, None with nothing to measure."""

    name: str
    read: Callable[[str, date], Decimal | None]


@dataclass(frozen=True)
class Job:
    """What the worker does once a day: a function by name, first at ``hour`` tomorrow or, without one, in a day."""

    name: str
    function: str
    hour: int | None = None


@dataclass(frozen=True)
class Terms:
    """Words of the field that are no models, for the glossary: a heading and lines ``word: meaning``."""

    heading: str
    lines: tuple[str, ...]
