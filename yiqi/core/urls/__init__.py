"""Addresses of the core app: the system pages."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from yiqi.core.views import calendar, lists, people, settings, trail, units
from yiqi.core.views.account import switch_language


class DayConverter:
    """2021-09-06 in an address as a date."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """ValueError makes it a 404."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """ISO."""
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "core"
urlpatterns = [
    path("language/", switch_language, name="switch_language"),
    path("people/", lists.list_people, name="list_people"),
    path("people/new/", people.create_person, name="create_person"),
    path("people/<int:pk>/", people.show_person, name="show_person"),
    path("people/<int:pk>/edit/", people.edit_person, name="edit_person"),
    path("people/<int:pk>/appoint/", people.appoint_person, name="appoint_person"),
    path("people/<int:pk>/password/", people.reset_password, name="reset_password"),
    path("people/<int:pk>/deactivate/", people.deactivate_person, name="deactivate_person"),
    path("people/<int:pk>/activate/", people.activate_person, name="activate_person"),
    path("people/<int:pk>/unlock/", people.unlock_person, name="unlock_person"),
    path("people/<int:pk>/second-factor/", people.reset_second_factor, name="reset_second_factor"),
    path("appointments/<int:pk>/end/", people.end_appointment, name="end_appointment"),
    path("units/", lists.list_units, name="list_units"),
    path("units/new/", units.create_unit, name="create_unit"),
    path("units/<int:pk>/", units.edit_unit, name="edit_unit"),
    path("settings/", lists.list_settings, name="list_settings"),
    path("settings/<str:key>/", settings.change_setting, name="change_setting"),
    path("calendar/", calendar.show_calendar, name="show_calendar"),
    path("calendar/<int:year>/", calendar.show_calendar, name="show_calendar"),
    path("calendar/<int:year>/confirm/", calendar.confirm_calendar_year, name="confirm_calendar_year"),
    path("calendar/<day:day>/", calendar.edit_calendar_day, name="edit_calendar_day"),
    path("audit/", lists.list_records, name="list_records"),
    path("audit/<int:sequence>/", trail.show_record, name="show_record"),
    path("audit/verify/", trail.verify_records, name="verify_records"),
]
