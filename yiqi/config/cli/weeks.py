"""``yiqi week``."""

from __future__ import annotations

from typing import Any

import click

from yiqi.config.cli.acting import campaign_of, operator
from yiqi.config.cli.frame import business_day, json_option, say, show
from yiqi.dispatch.enums import AgendaStatus, Opening, WeekStatus
from yiqi.dispatch.models import Week
from yiqi.dispatch.operations import close_week, open_week
from yiqi.kit.errors import NotFoundError


def _week_facts(week: Week) -> dict[str, Any]:
    items = week.items.select_related("force__unit").order_by("order")
    return {
        "number": week.number,
        "monday": week.monday.isoformat(),
        "status": week.status,
        "items": [
            {
                "order": item.order,
                "kind": item.kind,
                "force": item.force.code if item.force else None,
                "title": item.title,
                "reason": item.reason,
                "status": item.status,
            }
            for item in items
        ],
    }


def _show_week(week: Week, *, as_json: bool) -> None:
    facts = _week_facts(week)
    show(
        facts,
        as_json=as_json,
        lines=lambda: [
            f"第{week.number}期（{week.monday:%Y-%m-%d}）{week.get_status_display()}",
            *(f"  {item['order']}. {item['title']}：{item['reason']}" for item in facts["items"]),
        ],
    )


@click.command("open")
@click.option("--campaign", metavar="CODE", help="default: the active one")
@json_option
def week_open(campaign: str | None, as_json: bool) -> None:
    """Open this week's meeting and draw up its agenda; an open one is shown as it is."""
    target, today = campaign_of(campaign), business_day()
    by = operator(target.region, today=today)
    _show_week(open_week(by=by, today=today, campaign=target, how=Opening.COMMAND), as_json=as_json)


@click.command("close")
@click.option("--campaign", metavar="CODE", help="default: the active one")
@json_option
def week_close(campaign: str | None, as_json: bool) -> None:
    """Close the open week: what is not decided is put off, the record is frozen."""
    target, today = campaign_of(campaign), business_day()
    week = Week.objects.filter(campaign=target, status=WeekStatus.OPEN).order_by("monday").first()
    if week is None:
        raise NotFoundError("没有正在筹备的调度会。")
    pending = week.items.filter(status=AgendaStatus.PENDING).count()
    by = operator(target.region, today=today)
    closed = close_week(by=by, today=today, week=week)
    if pending:
        say(f"有{pending}项议题未审议，已顺延下期。")
    _show_week(closed, as_json=as_json)
