"""``yiqi campaign list`` and ``yiqi framework list``: what other commands take as CODE."""

from __future__ import annotations

import click

from yiqi.appraisal.models import Framework
from yiqi.config.cli.frame import json_option, show
from yiqi.plan.models import Campaign


def _show_codes(things: list[Campaign] | list[Framework], none: str, *, as_json: bool) -> None:
    rows = [{"code": thing.code, "name": thing.name} for thing in things]
    show(rows, as_json=as_json, lines=lambda: [f"{row['code']}\t{row['name']}" for row in rows] or [none])


@click.command("list")
@json_option
def campaign_list(as_json: bool) -> None:
    """List the campaigns."""
    _show_codes(list(Campaign.objects.order_by("code")), "还没有专项行动。", as_json=as_json)


@click.command("list")
@json_option
def framework_list(as_json: bool) -> None:
    """List the frameworks."""
    _show_codes(list(Framework.objects.order_by("code")), "还没有指标体系。", as_json=as_json)
