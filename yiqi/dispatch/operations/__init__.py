"""Verbs of dispatch."""

from yiqi.dispatch.operations.agenda import add_item, decide_item
from yiqi.dispatch.operations.directive_life import (
    DIRECTIVE,
    accept_directive,
    assign_directive,
    feed_back,
    rate_directive,
    review_directive,
)
from yiqi.dispatch.operations.directives import give_directive, propose_directive
from yiqi.dispatch.operations.extensions import ask_extension, decide_extension
from yiqi.dispatch.operations.forces import create_force
from yiqi.dispatch.operations.reports import draft_report, edit_report, sign_report
from yiqi.dispatch.operations.schedule import open_due_weeks, open_weeks_on
from yiqi.dispatch.operations.weeks import close_week, monday_of, open_week, redraw_agenda
from yiqi.dispatch.queries import minutes_document, report_document

__all__ = [
    "DIRECTIVE",
    "accept_directive",
    "add_item",
    "ask_extension",
    "assign_directive",
    "close_week",
    "create_force",
    "decide_extension",
    "decide_item",
    "draft_report",
    "edit_report",
    "feed_back",
    "give_directive",
    "minutes_document",
    "monday_of",
    "open_due_weeks",
    "open_week",
    "open_weeks_on",
    "propose_directive",
    "rate_directive",
    "redraw_agenda",
    "report_document",
    "review_directive",
    "sign_report",
]
