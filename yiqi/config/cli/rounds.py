"""``yiqi round``."""

from __future__ import annotations

from datetime import date, datetime

import click
from django.db import transaction

from yiqi.appraisal.operations import publish_round, run_round
from yiqi.config.cli.acting import framework_of_code, operator
from yiqi.config.cli.frame import business_day, json_option, show
from yiqi.kit import clock


def _period(day: date) -> str:
    """The month whose figures are out on a day: the one before."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return f"{year}-{month:02}"


@click.command("run")
@click.option("--framework", required=True, metavar="CODE")
@click.option("--as-of", "as_of", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--period", metavar="YYYY-MM", help="default: the month before")
@click.option("--publish", is_flag=True, help="freeze and publish the round")
@json_option
def round_run(framework: str, as_of: datetime, period: str | None, publish: bool, as_json: bool) -> None:
    """Score and rank all counties with the figures approved by a day."""
    target = framework_of_code(framework)
    today = business_day()
    with transaction.atomic():
        by = operator(target.keeper, today=today)
        made = run_round(
            by=by,
            today=today,
            now=clock.now(),
            framework=target,
            period=period or _period(as_of.date()),
            as_of=as_of.date(),
        )
        if publish:
            made = publish_round(by=by, today=today, round=made)
    standings = [
        {
            "region": row.region_id,
            "name": row.region.name,
            "points": None if row.published_points is None else float(row.published_points),
            "rank": row.rank,
            "in_tier": row.in_tier,
        }
        for row in made.standings.filter(block=None).select_related("region").order_by("rank", "region_id")
    ]
    facts = {
        "round": made.number,
        "period": made.period,
        "as_of": made.as_of.isoformat(),
        "status": made.status,
        "input_digest": made.input_digest,
        "result_digest": made.result_digest,
        "standings": standings,
        "warnings": made.warnings,
    }
    show(
        facts,
        as_json=as_json,
        lines=lambda: [f"第{row['rank']}位\t{row['name']}\t{row['points']}" for row in standings],
    )
