"""Reads of the core."""

from yiqi.core.queries.attachments import attachment_path
from yiqi.core.queries.calendar import WorkCalendar, calendar_days, day_versions, work_calendar
from yiqi.core.queries.mandates import mandate_of, within
from yiqi.core.queries.people import visible_people, with_posts
from yiqi.core.queries.promises import kept_rate, promised_subjects, promises_for
from yiqi.core.queries.settings import second_factor_required, setting, settings_for
from yiqi.core.queries.trail import ChainReport, audit_trail, verbs_in, verify_chain
from yiqi.core.queries.units import units_of
from yiqi.core.queries.uploads import upload_for, uploads_for
from yiqi.core.queries.verbs import kind_label, verb_label

__all__ = [
    "ChainReport",
    "WorkCalendar",
    "attachment_path",
    "audit_trail",
    "calendar_days",
    "day_versions",
    "kept_rate",
    "kind_label",
    "mandate_of",
    "promised_subjects",
    "promises_for",
    "second_factor_required",
    "setting",
    "settings_for",
    "units_of",
    "upload_for",
    "uploads_for",
    "verb_label",
    "verbs_in",
    "verify_chain",
    "visible_people",
    "with_posts",
    "within",
    "work_calendar",
]
