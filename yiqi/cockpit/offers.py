"""What the cockpit offers: itself, first in the rail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiqi.cockpit.rules import sees_cockpit
from yiqi.core.doors import Addresses
from yiqi.kit.web.navigation import Entry

OFFERS = (
    Addresses("", "yiqi.cockpit.urls"),
    Entry(10, _("总览"), "layout-dashboard", "cockpit:home", sees_cockpit),
)
