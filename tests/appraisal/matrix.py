"""Appraisal: each named URL with each asker.

The reporter and the reviewer belong to the unit that leads the indicators here; what other units see is tested in
tests/appraisal/test_rules.py.
"""

from __future__ import annotations

from typing import Any

from tests.appraisal.conftest import AUGUST, SMALL, build_figures, build_framework
from tests.appraisal.test_leagues import preview, sheet
from tests.permissions.table import Row, everyone
from tests.world import TODAY, World
from yiqi.appraisal import operations as verbs
from yiqi.kit import clock


def prepare(world: World) -> None:
    """A published round and a trial, a draft framework, a figure in force, one that waits, and an upload."""
    framework = build_framework(world)
    figures = build_figures(world)
    office = {"by": world.who("office"), "today": TODAY}
    facts = {"now": clock.now(), "framework": framework, "period": AUGUST, "as_of": TODAY}
    published = verbs.publish_round(round=verbs.run_round(**facts, **office), **office)
    trial = verbs.run_round(**facts, **office)
    draft = verbs.load_framework(
        region=world.city, data={**SMALL, "code": "F2"}, year=2021, unit_region=world.county, **office
    )
    indicator = figures[0].indicator
    waiting = verbs.report_observation(
        by=world.who("reporter"), today=TODAY, indicator=indicator, region=world.county, period="2021-07", value=5
    )
    world.extra |= {
        "published": {"pk": published.pk},
        "region": {"pk": published.pk, "code": "141022"},
        "cell": {"pk": published.pk, "code": "141022", "indicator": indicator.pk},
        "trial": {"pk": trial.pk},
        "framework": {"pk": framework.pk},
        "draft": {"pk": draft.pk},
        "indicator": {"pk": indicator.pk},
        "figure": {"pk": figures[0].pk},
        "waiting": {"pk": waiting.pk},
        "import": {"pk": preview(world, framework, sheet()).number},
    }


def at(name: str) -> Any:
    """The URL's arguments, as :func:`prepare` left them."""
    return lambda world: world.extra[name]


READ = everyone(200, admin=404)
OFFICE = everyone(403, office=200, admin=404)
OFFICE_DEED = everyone(403, office=303, admin=404)
TRIAL = everyone(404, office=200, leader=200)
REPORT = {"region": "141022", "period": "2021-06", "value": "5.5", "value_status": "flash"}
TARGET = {"region": "141022", "kind": "annual", "period": "2021", "value": "9"}

ROWS = [
    Row("appraisal:standings", READ),
    Row("appraisal:list_gaps", READ),
    Row("appraisal:list_rounds", READ),
    Row("appraisal:show_round", READ, kwargs=at("published")),
    Row("appraisal:show_round", TRIAL, kwargs=at("trial")),
    Row("appraisal:show_region", READ, kwargs=at("region")),
    Row("appraisal:show_cell", READ, kwargs=at("cell")),
    Row("appraisal:run_round", OFFICE),
    Row("appraisal:run_round", OFFICE_DEED, method="post", data={"period": AUGUST, "as_of": "2021-09-06"}),
    Row("appraisal:publish_round", everyone(404, office=303, leader=403), method="post", kwargs=at("trial")),
    Row("appraisal:list_frameworks", READ),
    Row("appraisal:show_framework", READ, kwargs=at("framework")),
    Row("appraisal:activate_framework", OFFICE_DEED, method="post", kwargs=at("draft")),
    Row("appraisal:show_indicator", READ, kwargs=at("indicator")),
    Row("appraisal:report_value", everyone(403, office=200, reporter=200, admin=404), kwargs=at("indicator")),
    Row(
        "appraisal:report_value",
        everyone(403, office=303, reporter=303, admin=404),
        method="post",
        kwargs=at("indicator"),
        data=REPORT,
    ),
    Row("appraisal:set_target", OFFICE, kwargs=at("indicator")),
    Row("appraisal:set_target", OFFICE_DEED, method="post", kwargs=at("indicator"), data=TARGET),
    Row("appraisal:edit_supports", OFFICE, kwargs=at("indicator")),
    Row("appraisal:list_observations", READ),
    Row("appraisal:list_waiting", READ),
    Row("appraisal:show_observation", READ, kwargs=at("figure")),
    Row(
        "appraisal:show_observation",
        everyone(404, office=200, leader=200, reporter=200, reviewer=200),
        kwargs=at("waiting"),
    ),
    Row(
        "appraisal:show_observation",
        everyone(404, office=303, leader=403, reporter=403, reviewer=303),
        method="post",
        kwargs=at("waiting"),
        data={"decision": "approve"},
    ),
    Row("appraisal:list_imports", OFFICE),
    Row("appraisal:upload_league", OFFICE),
    Row("appraisal:show_import", OFFICE, kwargs=at("import")),
    Row("appraisal:apply_import", OFFICE_DEED, method="post", kwargs=at("import")),
    Row("appraisal:discard_import", OFFICE_DEED, method="post", kwargs=at("import")),
]
