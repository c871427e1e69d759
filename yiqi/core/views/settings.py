"""Settings: the rules that the sources leave open."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiqi.core import operations
from yiqi.core.enums import ClockKind, Role, SettingRule, ValueKind, Weekday
from yiqi.core.forms.system import SettingForm
from yiqi.core.queries.settings import SettingRow, settings_overview
from yiqi.core.views.access import for_role, home_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.records import missing
from yiqi.kit.web.deeds import answer, form_page
from yiqi.kit.wording import listed


def in_words(rule: SettingRule, value: Any) -> str:
    """A setting's value as people read it."""
    if rule.kind is ValueKind.ROLES:
        return listed(Role(role).label for role in value) or _("无")
    if rule.kind is ValueKind.CHOICE:
        return str(ClockKind(value).label)
    if rule.kind is ValueKind.WEEKDAY:
        return str(Weekday(value).label)
    return _("%(number)s%(unit)s") % {"number": value, "unit": rule.unit}


def _shown(row: SettingRow) -> dict[str, Any]:
    return {"row": row, "value": in_words(row.rule, row.value), "default": in_words(row.rule, row.rule.default)}


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def change_setting(request: WhoRequest, key: str) -> HttpResponse:
    """The county's own value of one setting."""
    region = home_of(request)
    row = next((row for row in settings_overview(region.code) if row.key == key), None)
    if row is None:
        raise missing()
    initial = {"value": row.value, "version": row.own.version if row.own else 0}
    form = SettingForm(request.POST or None, key=key, initial=initial)
    return answer(
        request,
        form,
        lambda facts: operations.change_setting(by=request.who, today=clock.today(), region=region, key=key, **facts),
        done=lambda _setting: (_("已保存，立即生效。"), reverse("core:list_settings")),
        page=form_page(request, "core/setting_form.html", form, **_shown(row)),
    )
