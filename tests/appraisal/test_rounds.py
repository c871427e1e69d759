"""Rounds: what they work out, what they keep, and that nobody changes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models

from tests.appraisal.conftest import AUGUST, COUNTIES, approved
from tests.world import TODAY, World
from yiqi.appraisal.enums import Missing
from yiqi.appraisal.models import Framework, Indicator, Observation, Round, ScoreCell, Standing, Target
from yiqi.appraisal.operations import publish_round, run_round, set_target
from yiqi.appraisal.queries import seal_holds
from yiqi.core.models import AuditRecord
from yiqi.kit import clock
from yiqi.kit.errors import ConflictError, NotAllowedError, NotFoundError, YiqiError

MakeRound = Callable[..., Round]


def totals(made: Round) -> dict[str, tuple[int | None, str, bool]]:
    """Rank, published points and tier by county."""
    rows = made.standings.filter(block=None)
    return {row.region_id: (row.rank, f"{row.published_points:.2f}", row.in_tier) for row in rows}


def run(
    world: World, framework: Framework, *, asker: str = "office", period: str = AUGUST, as_of: date = TODAY
) -> Round:
    """A round by one of the people."""
    by = world.who(asker)
    return run_round(by=by, today=TODAY, now=clock.now(), framework=framework, period=period, as_of=as_of)


def test_points_places_and_tier_are_those_worked_out_by_hand(make_round: MakeRound) -> None:
    # 曲沃 6 + 3.2 + 2.5; 翼城 3 + 4 + 5; 襄汾 1.5 + 2.4 + 0
    assert totals(make_round()) == {
        "141022": (1, "12.00", True),
        "141021": (2, "11.70", False),
        "141023": (3, "3.90", False),
    }


def test_the_cells_add_up_to_block_and_total_exactly(make_round: MakeRound) -> None:
    made = make_round()
    cells = list(made.cells.select_related("indicator"))
    for item in made.standings.all():
        mine = [
            cell
            for cell in cells
            if cell.region_id == item.region_id and item.block_id in (None, cell.indicator.block_id)
        ]
        assert item.points == math.fsum(cell.points for cell in mine if cell.points is not None)


def test_a_cell_names_its_records_and_steps(make_round: MakeRound, indicators: dict[str, Indicator]) -> None:
    cell = make_round().cells.get(region="141022", indicator=indicators["A-1"])
    assert (cell.observation, cell.target) == (
        Observation.objects.get(indicator=indicators["A-1"], region="141022"),
        Target.objects.get(indicator=indicators["A-1"], region="141022"),
    )
    assert (cell.value, cell.points, cell.full_points, cell.rank) == (6.0, 3.0, 6.0, 2)
    assert [(step["name"], step["output"]) for step in cell.steps] == [
        ("value", 6.0),
        ("rule", 3.0),
        ("renormalise", 3.0),
        ("publish", 3.0),
    ]


def test_a_quarterly_figure_stands_until_the_next_quarter(
    make_round: MakeRound, indicators: dict[str, Indicator]
) -> None:
    cell = make_round().cells.get(region="141022", indicator=indicators["B-1"])
    assert cell.observation is not None
    assert (cell.observation.period, cell.steps[0]["inputs"]["source"]) == ("2021-06", "observed")


def test_the_same_figures_give_the_same_digests_under_a_new_number(make_round: MakeRound) -> None:
    first, second = make_round(published=True), make_round()
    assert (first.number, second.number) == (1, 2)
    assert (first.input_digest, first.result_digest) == (second.input_digest, second.result_digest)


def test_another_figure_gives_other_digests(world: World, make_round: MakeRound, figures: list[Observation]) -> None:
    first = make_round()
    Observation.objects.filter(pk=figures[1].pk).update(value=Decimal("6.1"))
    second = make_round()
    assert first.input_digest != second.input_digest
    assert first.result_digest != second.result_digest


def test_only_figures_approved_by_the_day_count(
    world: World, framework: Framework, figures: list[Observation], indicators: dict[str, Indicator]
) -> None:
    old = figures[1]
    Observation.objects.update(approved_on=TODAY - timedelta(days=3))
    Observation.objects.filter(pk=old.pk).update(current=False)
    approved(indicators["A-1"], old.region, 9.0, by=world.people["office"], revision=2)
    then = run(world, framework, as_of=TODAY - timedelta(days=1))
    now = run(world, framework)
    values = [made.cells.get(region="141022", indicator=indicators["A-1"]).value for made in (then, now)]
    assert values == [6.0, 9.0]


@pytest.mark.parametrize(
    ("period", "value"),
    [(AUGUST, None), ("2021-06", 6.0)],  # the figure itself is taken back; a figure of an earlier month is
)
def test_a_revision_without_a_value_takes_its_own_figure_back(
    world: World,
    framework: Framework,
    figures: list[Observation],
    indicators: dict[str, Indicator],
    period: str,
    value: float | None,
) -> None:
    Observation.objects.filter(pk=figures[1].pk).update(current=False)
    approved(indicators["A-1"], figures[1].region, None, by=world.people["office"], revision=2, period=period)
    cell = run(world, framework).cells.get(region="141022", indicator=indicators["A-1"])
    assert cell.value == value


def test_a_missing_figure_is_carried_with_its_age(
    world: World, framework: Framework, figures: list[Observation], indicators: dict[str, Indicator]
) -> None:
    Indicator.objects.filter(code="A-1").update(missing=Missing.CARRY)
    Observation.objects.filter(pk=figures[1].pk).update(period="2021-05")
    cell = run(world, framework).cells.get(region="141022", indicator=indicators["A-1"])
    facts = cell.steps[0]["inputs"]
    assert (cell.value, facts["source"], facts["age"], cell.observation_id) == (6.0, "carried", 3, figures[1].pk)


def test_a_missing_figure_is_left_out_otherwise(
    world: World, framework: Framework, figures: list[Observation], indicators: dict[str, Indicator]
) -> None:
    Observation.objects.filter(pk=figures[1].pk).update(period="2021-05")
    made = run(world, framework)
    cell = made.cells.get(region="141022", indicator=indicators["A-1"])
    assert (cell.value, cell.points, cell.observation_id) == (None, None, None)
    assert [warning["code"] for warning in made.warnings if warning["indicator"] == "A-1"] == ["missing_excluded"]


def test_a_suggested_target_of_the_month_goes_before_the_annual_one(
    world: World, framework: Framework, figures: list[Observation], indicators: dict[str, Indicator]
) -> None:
    target = set_target(
        by=world.who("office"),
        today=TODAY,
        indicator=indicators["A-2"],
        region=world.county,
        period=AUGUST,
        value=125,
        kind="suggested",
    )
    cell = run(world, framework).cells.get(region="141022", indicator=indicators["A-2"])
    assert (cell.target, cell.points) == (target, 3.2)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"period": "2021年8月"}, "period"),
        ({"period": "2021"}, "period"),
        ({"period": "2021-13"}, "period"),
        ({"period": "2020-08"}, "period_year"),
        ({"period": "2021-10"}, "period_ahead"),
        ({"as_of": TODAY + timedelta(days=1)}, "as_of_ahead"),
        ({"period": "2021-05"}, "no_observations"),
    ],
)
def test_what_cannot_be_worked_out_is_refused(
    world: World, framework: Framework, figures: list[Observation], facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(YiqiError) as raised:
        run(world, framework, **facts)
    assert raised.value.code == code
    assert Round.objects.count() == 0


def test_a_target_of_zero_under_ratio_names_county_indicator_and_remedy(
    world: World, framework: Framework, figures: list[Observation], indicators: dict[str, Indicator]
) -> None:
    Target.objects.filter(indicator=indicators["A-2"], region=world.county).update(value=0)
    with pytest.raises(YiqiError) as raised:
        run(world, framework)
    assert (raised.value.code, str(raised.value)) == (
        "target_not_positive",
        "翼城县指标“项目完成率”的目标值是0。“目标完成率”规则要求目标值大于0：请更正目标值，或者把这个指标改为“差距计分”。",
    )


def test_a_round_with_no_figures_says_what_to_do(world: World, framework: Framework) -> None:
    with pytest.raises(YiqiError, match="这一期还没有任何已审核的数据，无法计算。请先导入通报表或审核已填报的数据。"):
        run(world, framework)


def test_a_draft_framework_is_not_scored(world: World, framework: Framework, figures: list[Observation]) -> None:
    Framework.objects.update(status="draft")
    with pytest.raises(ConflictError) as raised:
        run(world, framework)
    assert raised.value.code == "framework_not_active"


ALLOWED = ("office", "second_office")
UNSEEN = ("admin", "outsider")
PEOPLE = ["leader", "force_head", "force_staff", "reporter", "reviewer", "auditor", *ALLOWED, *UNSEEN]


@pytest.mark.parametrize("asker", PEOPLE)
def test_only_the_office_runs_and_publishes(
    world: World, framework: Framework, make_round: MakeRound, asker: str
) -> None:
    trial = make_round()
    deeds: list[Callable[[], Round]] = [
        lambda: run(world, framework, asker=asker),
        lambda: publish_round(by=world.who(asker), today=TODAY, round=trial),
    ]
    if asker in ALLOWED:
        assert [deed().number for deed in deeds] == [2, 1]
        return
    for deed in deeds:
        with pytest.raises(NotFoundError if asker in UNSEEN else NotAllowedError):
            deed()
    assert Round.objects.get().status == "draft"


def test_a_published_round_cannot_be_changed(world: World, make_round: MakeRound) -> None:
    made = Round.objects.get(pk=make_round(published=True).pk)
    standing, cell = made.standings.all()[0], made.cells.all()[0]
    made.as_of = date(2021, 1, 1)
    standing.rank = cell.rank = 1
    attempts: list[Callable[[], object]] = [
        made.save,
        made.delete,
        lambda: Round.objects.update(as_of=TODAY),
        lambda: Round.objects.all().delete(),
        lambda: Round.objects.bulk_update([made], ["as_of"]),
        standing.save,
        standing.delete,
        lambda: Standing.objects.update(rank=1),
        lambda: Standing.objects.all().delete(),
        cell.save,
        cell.delete,
        lambda: ScoreCell.objects.update(points=1),
        lambda: ScoreCell.objects.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(ConflictError) as raised:
            attempt()
        assert raised.value.code == "round_frozen"
    assert seal_holds(Round.objects.get(pk=made.pk))


def test_a_round_is_published_once(world: World, make_round: MakeRound) -> None:
    made = make_round(published=True)
    with pytest.raises(ConflictError) as raised:
        publish_round(by=world.who("second_office"), today=TODAY, round=made)
    assert raised.value.code == "round_published"


def test_a_stale_page_does_not_publish(world: World, make_round: MakeRound) -> None:
    made = make_round()
    with pytest.raises(ConflictError) as raised:
        publish_round(by=world.who("office"), today=TODAY, round=made, version=made.version + 1)
    assert raised.value.code == "stale_form"


@pytest.mark.parametrize("model", [Standing, ScoreCell])
def test_a_trial_changed_behind_its_back_is_not_published(
    world: World, make_round: MakeRound, model: type[models.Model]
) -> None:
    made = make_round()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET points = points + 1 WHERE region_id = '141022'")  # noqa: S608 - the name of our own table
    assert not seal_holds(made)
    with pytest.raises(ConflictError) as raised:
        publish_round(by=world.who("office"), today=TODAY, round=made)
    assert raised.value.code == "round_broken"


def test_each_deed_leaves_one_record(world: World, make_round: MakeRound) -> None:
    before = AuditRecord.objects.count()
    made = make_round(published=True)
    records = list(AuditRecord.objects.filter(sequence__gt=before).order_by("sequence"))
    assert [(item.verb, item.target_id, item.person_id) for item in records] == [
        ("round.run", str(made.pk), world.people["office"].pk),
        ("round.publish", str(made.pk), world.people["office"].pk),
    ]


def test_a_round_keeps_the_whole_plan(make_round: MakeRound) -> None:
    made = make_round()
    plan = made.parameters["plan"]
    assert (made.parameters["regions"], plan["tier_size"], plan["missing"], len(plan["indicators"])) == (
        list(COUNTIES),
        1,
        "exclude",
        3,
    )
