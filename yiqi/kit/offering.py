"""What apps offer to each other without knowing each other: an app's module ``offers`` holds the tuple ``OFFERS``.

Whoever needs offers of a kind asks for its class. Nothing is entered anywhere: the installed apps are looked through,
at the first question and not at the start, so that a command that asks nothing loads nothing.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TypeVar

from django.apps import apps
from django.utils.module_loading import module_has_submodule

Offer = TypeVar("Offer")


@cache
def all_offers() -> tuple[object, ...]:
    """Every offer, in the order of the installed apps."""
    found: list[object] = []
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "offers"):
            found += import_module(f"{config.name}.offers").OFFERS
    return tuple(found)


def offered(kind: type[Offer]) -> tuple[Offer, ...]:
    """The offers of one kind."""
    return tuple(offer for offer in all_offers() if isinstance(offer, kind))
