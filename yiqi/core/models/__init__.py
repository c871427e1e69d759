"""Regions, units, people, the calendar, settings, files, promises, the audit trail."""

from yiqi.core.models.audit import AuditHead, AuditRecord
from yiqi.core.models.calendar import CalendarDay, CalendarYear, Setting
from yiqi.core.models.files import Attachment, SentForm, Upload
from yiqi.core.models.institutions import Appointment, Person, Region, Unit
from yiqi.core.models.promises import Promise

__all__ = [
    "Appointment",
    "Attachment",
    "AuditHead",
    "AuditRecord",
    "CalendarDay",
    "CalendarYear",
    "Person",
    "Promise",
    "Region",
    "SentForm",
    "Setting",
    "Unit",
    "Upload",
]
