"""Who may open which page of the core: the account pages are everybody's, the system pages one role's each."""

from __future__ import annotations

from tests.permissions.table import ASKERS, Row, everyone
from tests.world import TODAY, World
from yiqi.core.models import AuditRecord
from yiqi.core.operations import record, seed_calendar

DAY = TODAY.isoformat()
ADMIN = everyone(404, admin=200)
ADMIN_DONE = everyone(404, admin=303)
SEES_PROMISES = everyone(200, admin=404, outsider=404, anonymous=302)
AUDITOR = everyone(404, auditor=200)


def prepare(world: World) -> None:
    """A calendar, and a record to look at."""
    seed_calendar(today=TODAY)
    by = world.who("office")
    record(by=by, verb="test.write", target=world.bureau, region_code="141022", today=TODAY)


def pk(world: World) -> dict[str, int]:
    return {"pk": world.people["reporter"].pk}


def unit(world: World) -> dict[str, int]:
    return {"pk": world.bureau.pk}


def appointment(world: World) -> dict[str, int]:
    return {"pk": world.people["reporter"].appointments.get().pk}


def sequence(_world: World) -> dict[str, int]:
    return {"sequence": AuditRecord.objects.get(verb="test.write").sequence}


PERSON = {"username": "new", "name": "新人"}
UNIT = {"code": "NEW", "name": "新单位", "kind": "bureau", "order": 1}
CALENDAR_DAY = {"working": "no", "name": "县庆", "source": "翼政办〔2021〕1号", "version": 0}

ROWS = [
    # what everybody has
    Row("account_login", everyone(302, anonymous=200)),
    Row("mfa_authenticate", everyone(302)),
    Row("account_logout", everyone(200)),
    Row("account_logout", everyone(302), "post"),
    Row("account_change_password", everyone(200)),
    Row("account_reauthenticate", everyone(200)),
    Row("mfa_reauthenticate", everyone(302)),
    Row("mfa_index", everyone(200)),
    Row("mfa_activate_totp", everyone(302)),
    Row("mfa_deactivate_totp", everyone(404)),
    Row("mfa_view_recovery_codes", everyone(404)),
    Row("mfa_generate_recovery_codes", everyone(302)),
    Row("core:switch_language", dict.fromkeys(ASKERS, 303), "post", data={"language": "en"}),
    Row("core:switch_language", dict.fromkeys(ASKERS, 405)),
    # promises
    Row("promises:list_promises", SEES_PROMISES),
    # people
    Row("core:list_people", ADMIN),
    Row("core:list_people", ADMIN, query={"export": "xlsx"}),
    Row("core:create_person", ADMIN),
    Row("core:create_person", ADMIN, "post", data=PERSON),
    Row("core:show_person", ADMIN, kwargs=pk),
    Row("core:edit_person", ADMIN, kwargs=pk),
    Row("core:edit_person", ADMIN_DONE, "post", kwargs=pk, data={"name": "改名", "version": 1}),
    Row("core:appoint_person", ADMIN, kwargs=pk),
    Row("core:end_appointment", ADMIN, kwargs=appointment),
    Row("core:end_appointment", ADMIN_DONE, "post", kwargs=appointment, data={"ends": DAY}),
    Row("core:reset_password", ADMIN, "post", kwargs=pk),
    Row("core:deactivate_person", ADMIN_DONE, "post", kwargs=pk),
    Row("core:activate_person", ADMIN_DONE, "post", kwargs=pk),
    Row("core:unlock_person", ADMIN_DONE, "post", kwargs=pk),
    Row("core:reset_second_factor", ADMIN_DONE, "post", kwargs=pk),
    # units, settings, calendar
    Row("core:list_units", ADMIN),
    Row("core:create_unit", ADMIN),
    Row("core:create_unit", ADMIN_DONE, "post", data=UNIT),
    Row("core:edit_unit", ADMIN, kwargs=unit),
    Row("core:edit_unit", ADMIN_DONE, "post", kwargs=unit, data={**UNIT, "version": 1}),
    Row("core:list_settings", ADMIN),
    Row("core:change_setting", ADMIN, kwargs={"key": "light.yellow_days"}),
    Row(
        "core:change_setting",
        ADMIN_DONE,
        "post",
        kwargs={"key": "light.yellow_days"},
        data={"value": 5, "version": 0},
    ),
    Row("core:show_calendar", ADMIN),
    Row("core:show_calendar", ADMIN, kwargs={"year": 2030}),
    Row("core:edit_calendar_day", ADMIN, kwargs={"day": TODAY}),
    Row("core:edit_calendar_day", ADMIN_DONE, "post", kwargs={"day": TODAY}, data=CALENDAR_DAY),
    Row("core:confirm_calendar_year", ADMIN_DONE, "post", kwargs={"year": 2030}, data={"source": "国办发明电"}),
    # the trail
    Row("core:list_records", AUDITOR),
    Row("core:list_records", AUDITOR, query={"export": "xlsx"}),
    Row("core:show_record", AUDITOR, kwargs=sequence),
    Row("core:verify_records", AUDITOR),
    Row("core:verify_records", AUDITOR, "post"),
]
