"""The commands by name; each is one query or one operation, in a module that is imported when it is asked for."""

from __future__ import annotations

import click

from yiqi.config.cli import ENGINE_COMMANDS
from yiqi.config.cli.frame import ready
from yiqi.config.cli.lazy import LazyGroup

HERE = "yiqi.config.cli"


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    offers={
        "init": f"{HERE}.founding:init",
        "up": f"{HERE}.up:up",
        **dict.fromkeys(ENGINE_COMMANDS, "yiqi.engine.console:engine_commands"),
    },
    lines={
        "init": "Set up an own county: divisions, calendar, office and administrator.",
        "up": "Start web and worker in the foreground; Ctrl-C stops both.",
        **ENGINE_COMMANDS,
    },
)
def root() -> None:
    """Yiqi (翼起): runs a county's drive end to end."""
    ready()


def _group(name: str, text: str, **offers: str) -> None:
    """One group of the root: its commands' names, and where each lies beside this module."""
    offers = {verb: f"{HERE}.{where}" for verb, where in offers.items()}
    root.add_command(LazyGroup(name, help=text, offers=offers))


_group("audit", "The audit trail.", verify="trail:audit_verify")
_group("campaign", "Campaigns.", list="lists:campaign_list")
_group("demo", "The demonstration: Yicheng in 2021.", load="demonstration:demo_load", reset="demonstration:demo_reset")
_group(
    "framework",
    "Indicator frameworks.",
    activate="frameworks:framework_activate",
    list="lists:framework_list",
    load="frameworks:framework_load",
)
_group(
    "import",
    "Read a county's or the city's sheet.",
    observations="league_sheets:import_observations",
    tasks="task_sheets:import_tasks",
)
_group("report", "The fortnightly report.", export="reports:report_export")
_group("round", "Appraisal rounds.", run="rounds:round_run")
_group("week", "The weekly dispatch meeting.", close="weeks:week_close", open="weeks:week_open")
