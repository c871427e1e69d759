"""Reads of dispatch."""

from yiqi.dispatch.queries.agenda import DEFAULT_RULES, Agenda, AgendaRules, draw_agenda, framework_of, published_rounds
from yiqi.dispatch.queries.candidates import Candidate, item_rank
from yiqi.dispatch.queries.clocks import (
    NEAR_DAYS,
    WORKING_ON,
    Clock,
    DirectiveLight,
    clock_for,
    directive_light,
    with_directive_lights,
)
from yiqi.dispatch.queries.documents import minutes_document, report_content, report_document
from yiqi.dispatch.queries.drafting import TO_FILL_IN, draft_sections
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

__all__ = [
    "DEFAULT_RULES",
    "NEAR_DAYS",
    "TO_FILL_IN",
    "WORKING_ON",
    "Agenda",
    "AgendaRules",
    "Candidate",
    "Clock",
    "Closing",
    "DirectiveLight",
    "clock_for",
    "closing_of",
    "directive_light",
    "draft_sections",
    "draw_agenda",
    "forces_of",
    "framework_of",
    "item_rank",
    "minutes_document",
    "published_rounds",
    "report_content",
    "report_document",
    "visible_campaigns",
    "visible_directives",
    "visible_forces",
    "visible_items",
    "visible_reports",
    "visible_weeks",
    "week_record",
    "with_directive_lights",
]
