"""Reads of dispatch."""

from yiqi.dispatch.queries.agenda import Agenda, draw_agenda
from yiqi.dispatch.queries.clocks import (
    NEAR_DAYS,
    DirectiveLimits,
    directive_light,
    limits_for,
    with_directive_lights,
)
from yiqi.dispatch.queries.documents import minutes_document, report_content, report_document
from yiqi.dispatch.queries.drafting import TO_FILL_IN, draft_sections
from yiqi.dispatch.queries.forces import ForceView, force_view, force_views
from yiqi.dispatch.queries.load import Load, supervision_load
from yiqi.dispatch.queries.pages import (
    IN_HAND_FIRST,
    ForceAgenda,
    about,
    agenda_of,
    by_force,
    directive_for,
    directives_for,
    my_directives,
    open_week_of,
    units_with_directives,
    waiting_extensions,
    week_for,
    week_of_monday,
    weeks_for,
)
from yiqi.dispatch.queries.preview import altered_facts, report_sheet
from yiqi.dispatch.queries.records import Closing, closing_of, week_record
from yiqi.dispatch.queries.scope import (
    forces_of,
    visible_campaigns,
    visible_directives,
    visible_forces,
    visible_items,
    visible_reports,
    visible_weeks,
)
from yiqi.dispatch.queries.sources import report_for, sources_of

__all__ = [
    "IN_HAND_FIRST",
    "NEAR_DAYS",
    "TO_FILL_IN",
    "Agenda",
    "Closing",
    "DirectiveLimits",
    "ForceAgenda",
    "ForceView",
    "Load",
    "about",
    "agenda_of",
    "altered_facts",
    "by_force",
    "closing_of",
    "directive_for",
    "directive_light",
    "directives_for",
    "draft_sections",
    "draw_agenda",
    "force_view",
    "force_views",
    "forces_of",
    "limits_for",
    "minutes_document",
    "my_directives",
    "open_week_of",
    "report_content",
    "report_document",
    "report_for",
    "report_sheet",
    "sources_of",
    "supervision_load",
    "units_with_directives",
    "visible_campaigns",
    "visible_directives",
    "visible_forces",
    "visible_items",
    "visible_reports",
    "visible_weeks",
    "waiting_extensions",
    "week_for",
    "week_of_monday",
    "week_record",
    "weeks_for",
    "with_directive_lights",
]
