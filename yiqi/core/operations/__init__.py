"""Verbs of the core."""

from yiqi.core.operations.accounts import (
    activate_person,
    change_own_password,
    deactivate_person,
    note_account_event,
    random_password,
    reset_second_factor,
    set_password,
    unlock_person,
)
from yiqi.core.operations.attachments import store_attachment, sweep_attachments
from yiqi.core.operations.audit import record, recorder
from yiqi.core.operations.calendar import confirm_calendar_year, seed_calendar, set_calendar_day
from yiqi.core.operations.jobs import ensure_jobs
from yiqi.core.operations.people import appoint, create_person, edit_person, end_appointment
from yiqi.core.operations.promises import give_promise, move_promise, settle_promise
from yiqi.core.operations.regions import load_regions
from yiqi.core.operations.settings import change_setting
from yiqi.core.operations.units import create_unit, edit_unit

__all__ = [
    "activate_person",
    "appoint",
    "change_own_password",
    "change_setting",
    "confirm_calendar_year",
    "create_person",
    "create_unit",
    "deactivate_person",
    "edit_person",
    "edit_unit",
    "end_appointment",
    "ensure_jobs",
    "give_promise",
    "load_regions",
    "move_promise",
    "note_account_event",
    "random_password",
    "record",
    "recorder",
    "reset_second_factor",
    "seed_calendar",
    "set_calendar_day",
    "set_password",
    "settle_promise",
    "store_attachment",
    "sweep_attachments",
    "unlock_person",
]
