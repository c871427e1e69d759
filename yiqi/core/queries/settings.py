"""Settings in force: a region's own value, else that of the nearest region above it, else the default."""

from __future__ import annotations

from typing import Any

from yiqi.core.enums import SETTING_DEFAULTS, SettingKey
from yiqi.core.models import Setting
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


def second_factor_required(who: Mandate) -> bool:
    """Whether one of the person's roles of today must sign in with a second factor; one statement."""
    if who.home is None:
        return False
    return who.has(*setting(who.home.code, SettingKey.SECOND_FACTOR_ROLES))
