"""A region's own value of a rule that the sources leave open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.enums import SETTING_DEFAULTS, SETTING_RULES, ClockKind, Role, ValueKind
from yiqi.core.models import Region, Setting
from yiqi.core.operations.audit import record
from yiqi.core.operations.gate import admit_administrator
from yiqi.core.queries.settings import setting
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError


def checked_value(key: str, value: Any) -> Any:
    """The value as it is kept; InvalidInputError when it does not fit the setting's kind and bounds."""
    if key not in SETTING_DEFAULTS:
        raise InvalidInputError(_("没有“%(key)s”这个设置项。") % {"key": key}, code="setting_key")
    rule = SETTING_RULES[key]
    if rule.kind in (ValueKind.NUMBER, ValueKind.WEEKDAY):
        if isinstance(value, bool) or not isinstance(value, int) or not rule.minimum <= value <= rule.maximum:
            raise InvalidInputError(
                _("应填%(minimum)s至%(maximum)s之间的整数。") % {"minimum": rule.minimum, "maximum": rule.maximum},
                code="setting_value",
            )
        return value
    if rule.kind is ValueKind.CHOICE:
        if value not in ClockKind.values:
            raise InvalidInputError(_("请从给出的选项中选择。"), code="setting_value")
        return str(value)
    if not isinstance(value, list | tuple) or not set(value) <= set(Role.values):
        raise InvalidInputError(_("请从给出的角色中选择。"), code="setting_value")
    return [role for role in Role.values if role in value]


@transaction.atomic
def change_setting(
    *, by: Mandate, today: date, region: Region, key: str, value: Any, version: int | None = None
) -> Setting:
    """Give a region its own value. ``version`` is 0 for a form that showed no own value.

    InvalidInputError when the value does not fit, ConflictError for a stale form.
    """
    admit_administrator(by, region.code)
    kept = checked_value(key, value)
    before = setting(region.code, key)
    own = Setting.objects.select_for_update().filter(region=region, key=key).first()
    held = own or Setting(region=region, key=key, version=0)
    held.expect_version(version)
    held.value = kept
    held.version += 1
    held.save()
    record(
        by=by,
        verb="setting.change",
        target=held,
        region_code=region.code,
        today=today,
        before={key: before},
        after={key: kept},
    )
    return held
