"""Verbs of the plan."""

from yiqi.plan.operations.campaigns import (
    CAMPAIGN,
    activate_campaign,
    add_action,
    add_goal,
    close_campaign,
    create_campaign,
)
from yiqi.plan.operations.imports import TASK_SHEET
from yiqi.plan.operations.progress import report_progress, save_progress
from yiqi.plan.operations.progress_life import approve_progress, return_progress, submit_progress
from yiqi.plan.operations.task_life import (
    STEPS,
    TASK,
    accept_task,
    cancel_task,
    refuse_task,
    reopen_task,
    start_task,
    suspend_task,
)
from yiqi.plan.operations.tasks import (
    NewNode,
    TaskFacts,
    add_milestone,
    create_task,
    edit_milestone,
    edit_task,
    remove_milestone,
)

__all__ = [
    "CAMPAIGN",
    "STEPS",
    "TASK",
    "TASK_SHEET",
    "NewNode",
    "TaskFacts",
    "accept_task",
    "activate_campaign",
    "add_action",
    "add_goal",
    "add_milestone",
    "approve_progress",
    "cancel_task",
    "close_campaign",
    "create_campaign",
    "create_task",
    "edit_milestone",
    "edit_task",
    "refuse_task",
    "remove_milestone",
    "reopen_task",
    "report_progress",
    "return_progress",
    "save_progress",
    "start_task",
    "submit_progress",
    "suspend_task",
]
