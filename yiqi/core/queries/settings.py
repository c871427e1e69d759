"""Settings in force: a region's own value, else that of the nearest region above it, else the default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from yiqi.core.enums import SETTING_DEFAULTS, SETTING_RULES, SettingKey, SettingRule
from yiqi.core.models import AuditRecord, Setting
from yiqi.core.rules import Mandate


def line_of(region_code: str) -> list[str]:
    """The codes from a region up to its province, nearest first: 141022100, 141022, 141000, 140000, 14."""
    line = [region_code[:length] for length in (12, 9, 6) if len(region_code) >= length]
    line += [region_code[:4] + "00", region_code[:4], region_code[:2] + "0000", region_code[:2]]
    return list(dict.fromkeys(code for code in line if len(code) >= 2))


def settings_for(region_code: str) -> dict[str, Any]:
    """Every setting in force in the region; one statement."""
    values: dict[str, Any] = dict(SETTING_DEFAULTS)
    line = line_of(region_code)
    own = Setting.objects.filter(region_id__in=line)
    for row in sorted(own, key=lambda row: -line.index(row.region_id)):
        values[row.key] = row.value
    return values


def setting(region_code: str, key: str) -> Any:
    """One setting in force in the region; KeyError for a name that is no setting."""
    return settings_for(region_code)[key]


@dataclass(frozen=True)
class SettingRow:
    """A setting as the administrator sees it: ``own`` is the region's own row, ``origin`` the region it comes from."""

    key: str
    label: str
    value: Any
    rule: SettingRule
    own: Setting | None = None
    origin: str = ""
    changed_by: str = ""
    changed_on: date | None = None


def settings_overview(region_code: str) -> list[SettingRow]:
    """Every setting with where its value comes from and who set it last; two statements."""
    line = line_of(region_code)
    held: dict[str, Setting] = {}
    for row in Setting.objects.filter(region_id__in=line).select_related("region"):
        if row.key not in held or line.index(row.region_id) < line.index(held[row.key].region_id):
            held[row.key] = row
    ids = [str(row.pk) for row in held.values()]
    changes = AuditRecord.objects.filter(target_type="core.Setting", target_id__in=ids).order_by("sequence")
    last = {change.target_id: change for change in changes}
    return [_overview_row(key, held.get(key), last, region_code) for key in SettingKey.values]


def _overview_row(key: str, held: Setting | None, last: dict[str, AuditRecord], region_code: str) -> SettingRow:
    rule, label = SETTING_RULES[key], str(SettingKey(key).label)
    if held is None:
        return SettingRow(key, label, SETTING_DEFAULTS[key], rule)
    change = last.get(str(held.pk))
    return SettingRow(
        key,
        label,
        held.value,
        rule,
        own=held if held.region_id == region_code else None,
        origin=held.region.name,
        changed_by=change.person_name if change else "",
        changed_on=change.business_date if change else None,
    )


def second_factor_required(who: Mandate) -> bool:
    """Whether one of the person's roles of today must sign in with a second factor; one statement."""
    if who.home is None:
        return False
    return who.has(*setting(who.home.code, SettingKey.SECOND_FACTOR_ROLES))
