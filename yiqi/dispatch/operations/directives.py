"""Directives: put down, given, accepted, fed back on, judged, rated and struck off; each step is appended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.models import Indicator
from yiqi.core.models import Attachment, Unit
from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.dispatch import rules
from yiqi.dispatch.enums import DIRECTIVE_MOVES, DirectiveStatus, Rating, Weight
from yiqi.dispatch.models import AgendaItem, Directive, DirectiveStep, TaskForce, Week
from yiqi.dispatch.operations.locks import ensure, ensure_open, lock_campaign, lock_directive, lock_item
from yiqi.dispatch.queries import clock_for, visible_campaigns
from yiqi.kit.errors import ConflictError, InvalidInputError, NotFoundError
from yiqi.plan.models import Campaign, Task


def _step(
    directive: Directive,
    *,
    by: Mandate,
    today: date,
    after: str,
    text: str = "",
    files: Sequence[Attachment] = (),
    before: str | None = None,
) -> None:
    step = DirectiveStep.objects.create(
        directive=directive,
        before=directive.status if before is None else before,
        after=after,
        on=today,
        by=by.person,
        text=text,
    )
    step.attachments.set(files)
    directive.status = after


def _ensure_move(directive: Directive, after: str) -> None:
    if after not in DIRECTIVE_MOVES[directive.status]:
        facts = {"status": directive.get_status_display(), "step": DirectiveStatus(after).label}
        message = _("该事项目前是“%(status)s”，不能进行“%(step)s”这一步。请刷新页面查看最新状态。") % facts
        raise ConflictError(message, code="step_not_possible", data={"status": directive.status, "wanted": after})


def _save(
    directive: Directive, *, by: Mandate, today: date, verb: str, before: dict[str, Any], after: dict[str, Any]
) -> Directive:
    directive.version += 1
    directive.save()
    record(by=by, verb=verb, target=directive, region_code=directive.region_id, today=today, before=before, after=after)
    return directive


def _need_text(text: str, message: object) -> str:
    if not text.strip():
        raise InvalidInputError(str(message), code="text_needed", data={"field": "text"})
    return text.strip()


def _next_code(campaign: Campaign) -> str:
    last = Directive.objects.filter(campaign=campaign).aggregate(Max("code", default=""))["code__max"]
    serial = int(last.rpartition("-")[2]) + 1 if last else 1
    return f"DB{campaign.year}-{serial:04d}"


@dataclass(frozen=True)
class Matter:
    """What is put down: the facts that :func:`propose_directive` and :func:`give_directive` take."""

    campaign: Campaign
    title: str
    unit: Unit
    requirement: str
    due: date | None
    weight: str
    item: AgendaItem | None
    week: Week | None
    force: TaskForce | None
    task: Task | None
    indicator: Indicator | None
    support_units: Sequence[Unit]
    demo: bool | None


def _check_facts(campaign: Campaign, matter: Matter, week: Week | None, today: date) -> None:
    if not matter.title.strip():
        raise InvalidInputError(_("请填写督办事项的名称。"), code="title_needed", data={"field": "title"})
    if matter.weight not in Weight.values:
        raise InvalidInputError(_("请选择一般事项或重大事项。"), code="weight_unknown", data={"field": "weight"})
    if matter.due is not None and matter.due < today:
        message = _("办结时限不能早于交办当天（%(today)s）。") % {"today": today.isoformat()}
        raise InvalidInputError(message, code="due_in_past", data={"field": "due"})
    if not matter.unit.active or not matter.unit.region_id.startswith(campaign.region.prefix):
        message = _("“%(unit)s”不是本地区在用的单位，不能承办。") % {"unit": matter.unit.name}
        raise InvalidInputError(message, code="unit_not_here", data={"field": "unit"})
    if week is not None:
        ensure_open(week)
    parents = [row.campaign_id for row in (week, matter.force, matter.task) if row is not None]
    if any(parent != campaign.pk for parent in parents):
        raise InvalidInputError(_("所选的会议、专班或任务不属于本专项行动。"), code="foreign_campaign")


@transaction.atomic
def propose_directive(
    *,
    by: Mandate,
    today: date,
    campaign: Campaign,
    title: str,
    unit: Unit,
    requirement: str = "",
    due: date | None = None,
    weight: str = Weight.ORDINARY,
    item: AgendaItem | None = None,
    week: Week | None = None,
    force: TaskForce | None = None,
    task: Task | None = None,
    indicator: Indicator | None = None,
    support_units: Sequence[Unit] = (),
    demo: bool | None = None,
) -> Directive:
    """Put a matter down for supervision (立项); it is a draft until it is given. Due dates are counted again then."""
    matter = Matter(
        campaign, title, unit, requirement, due, weight, item, week, force, task, indicator, support_units, demo
    )
    directive = _write_down(matter, by=by, today=today)
    ensure(
        rules.can_propose(by, directive.force, directive.region_id), _("督办事项由考核督查人员、县领导或本专班立项。")
    )
    _step(directive, by=by, today=today, after=DirectiveStatus.DRAFT, text=requirement, before="")
    record(
        by=by,
        verb="directive.propose",
        target=directive,
        region_code=directive.region_id,
        today=today,
        after=_told(directive),
    )
    return directive


@transaction.atomic
def give_directive(
    *,
    by: Mandate,
    today: date,
    campaign: Campaign,
    title: str,
    unit: Unit,
    requirement: str = "",
    due: date | None = None,
    weight: str = Weight.ORDINARY,
    item: AgendaItem | None = None,
    week: Week | None = None,
    force: TaskForce | None = None,
    task: Task | None = None,
    indicator: Indicator | None = None,
    support_units: Sequence[Unit] = (),
    demo: bool | None = None,
) -> Directive:
    """Give a matter to one unit (立项 and 交办 at once). Without ``due`` the clock of its weight gives it.

    From an agenda ``item`` the week, task force, task and indicator follow. Office and leaders give any, the head of a
    task force those of that force. Raises NotAllowedError, NotFoundError, InvalidInputError (empty title, due date in
    the past, unit of another region), ConflictError (week already closed).
    """
    matter = Matter(
        campaign, title, unit, requirement, due, weight, item, week, force, task, indicator, support_units, demo
    )
    directive = _write_down(matter, by=by, today=today)
    ensure(
        rules.can_assign(by, directive.force, directive.region_id),
        _("督办事项由考核督查人员、县领导或本专班负责人交办。"),
    )
    _step(directive, by=by, today=today, after=DirectiveStatus.DRAFT, before="")
    _step(directive, by=by, today=today, after=DirectiveStatus.ASSIGNED, text=requirement)
    directive.save(update_fields=["status"])
    record(
        by=by,
        verb="directive.give",
        target=directive,
        region_code=directive.region_id,
        today=today,
        after=_told(directive),
    )
    return directive


def _write_down(matter: Matter, *, by: Mandate, today: date) -> Directive:
    if not visible_campaigns(by).filter(pk=matter.campaign.pk).exists():
        raise NotFoundError(_("专项行动不存在，或者不在您的职责范围内。"))
    week, force, task, indicator = matter.week, matter.force, matter.task, matter.indicator
    item = None
    if matter.item is not None:
        item = lock_item(by, matter.item)
        week, force = item.week, force or item.force
        task, indicator = task or item.task, indicator or item.indicator
    campaign = lock_campaign(matter.campaign)
    _check_facts(campaign, matter, week, today)
    clock = clock_for(campaign.region_id)
    due = matter.due or clock.due(today, matter.weight)
    directive = Directive.objects.create(
        campaign=campaign,
        region_id=campaign.region_id,
        code=_next_code(campaign),
        week=week,
        item=item,
        force=force,
        task=task,
        indicator=indicator,
        title=matter.title.strip(),
        requirement=matter.requirement.strip(),
        unit=matter.unit,
        weight=matter.weight,
        assigned_by=by.person,
        assigned_on=today,
        feedback_due=min(clock.feedback_due(today), due),
        due=due,
        first_due=due,
        demo=campaign.demo if matter.demo is None else matter.demo,
    )
    directive.support_units.set(matter.support_units)
    return directive


def _told(directive: Directive) -> dict[str, Any]:
    return {
        "code": directive.code,
        "title": directive.title,
        "unit": directive.unit.name,
        "weight": directive.weight,
        "due": directive.due,
        "feedback_due": directive.feedback_due,
        "status": directive.status,
    }


@transaction.atomic
def assign_directive(*, by: Mandate, today: date, directive: Directive, version: int | None = None) -> Directive:
    """Give a drafted matter to its unit (交办). The clocks start now; a due date set by hand stays if it lies ahead."""
    directive = lock_directive(by, directive)
    directive.expect_version(version)
    ensure(
        rules.can_assign(by, directive.force, directive.region_id),
        _("督办事项由考核督查人员、县领导或本专班负责人交办。"),
    )
    _ensure_move(directive, DirectiveStatus.ASSIGNED)
    clock = clock_for(directive.region_id)
    by_hand = directive.due != clock.due(directive.assigned_on, directive.weight)
    if not (by_hand and directive.due >= today):
        directive.due = clock.due(today, directive.weight)
    directive.first_due = directive.due
    directive.feedback_due = min(clock.feedback_due(today), directive.due)
    directive.assigned_by, directive.assigned_on = by.person, today
    before = {"status": directive.status}
    _step(directive, by=by, today=today, after=DirectiveStatus.ASSIGNED, text=directive.requirement)
    return _save(directive, by=by, today=today, verb="directive.assign", before=before, after=_told(directive))


@transaction.atomic
def accept_directive(
    *, by: Mandate, today: date, directive: Directive, text: str = "", version: int | None = None
) -> Directive:
    """The unit signs for it (签收) and begins."""
    directive = lock_directive(by, directive)
    directive.expect_version(version)
    ensure(rules.can_answer(by, directive), _("督办事项由承办单位签收。"))
    _ensure_move(directive, DirectiveStatus.ACCEPTED)
    before = {"status": directive.status}
    _step(directive, by=by, today=today, after=DirectiveStatus.ACCEPTED, text=text.strip())
    return _save(
        directive, by=by, today=today, verb="directive.accept", before=before, after={"status": directive.status}
    )


@transaction.atomic
def feed_back(
    *,
    by: Mandate,
    today: date,
    directive: Directive,
    text: str,
    files: Sequence[Attachment] = (),
    finished: bool = True,
    version: int | None = None,
) -> Directive:
    """The unit reports back: ``finished`` hands it in for review; else it stays in hand."""
    directive = lock_directive(by, directive)
    directive.expect_version(version)
    ensure(rules.can_answer(by, directive), _("反馈由承办单位填写。"))
    _ensure_move(directive, DirectiveStatus.FEEDBACK)
    words = _need_text(text, _("请填写办理情况。"))
    before = {"status": directive.status}
    _step(
        directive,
        by=by,
        today=today,
        after=DirectiveStatus.FEEDBACK if finished else directive.status,
        text=words,
        files=files,
    )
    directive.first_feedback_on = directive.first_feedback_on or today
    if finished:
        directive.fed_back_on = today
    after = {"status": directive.status, "text": words, "files": [str(file.pk) for file in files]}
    return _save(directive, by=by, today=today, verb="directive.feed_back", before=before, after=after)


@transaction.atomic
def review_directive(
    *, by: Mandate, today: date, directive: Directive, passed: bool, text: str = "", version: int | None = None
) -> Directive:
    """Judge the feedback: passed, the work is done as of the day it was handed in; else it goes back with a reason.

    A matter that is done but not yet rated can still be returned. Somebody of the unit may not (own_work).
    """
    directive = lock_directive(by, directive)
    directive.expect_version(version)
    ensure(not rules.belongs_to_doer(by, directive), _("承办单位的人员不能审核本单位的办理情况。"), "own_work")
    ensure(rules.can_review(by, directive), _("办理情况由交办人、考核督查人员或专班负责人审核。"))
    after = DirectiveStatus.DONE if passed else DirectiveStatus.RETURNED
    _ensure_move(directive, after)
    words = text.strip() if passed else _need_text(text, _("退回时请说明需要补充什么。"))
    before = {"status": directive.status}
    _step(directive, by=by, today=today, after=after, text=words)
    directive.done_on = (directive.fed_back_on or today) if passed else None
    told = {"status": directive.status, "text": words, "done_on": directive.done_on}
    return _save(directive, by=by, today=today, verb="directive.review", before=before, after=told)


@transaction.atomic
def rate_directive(
    *, by: Mandate, today: date, directive: Directive, rating: str, text: str = "", version: int | None = None
) -> Directive:
    """Rate what was done and strike it off (评价、销号). The unit's own people cannot rate."""
    directive = lock_directive(by, directive)
    directive.expect_version(version)
    ensure(not rules.belongs_to_doer(by, directive), _("承办单位的人员不能评价本单位的办理情况。"), "own_work")
    ensure(rules.can_rate(by, directive), _("办理质量由交办人、考核督查人员或专班负责人评价。"))
    _ensure_move(directive, DirectiveStatus.CLOSED)
    if rating not in Rating.values:
        raise InvalidInputError(
            _("请选择评价：优秀、良好、合格或不合格。"), code="rating_unknown", data={"field": "rating"}
        )
    before = {"status": directive.status}
    directive.rating = rating
    _step(directive, by=by, today=today, after=DirectiveStatus.CLOSED, text=text.strip())
    after = {"status": directive.status, "rating": rating, "text": text.strip()}
    return _save(directive, by=by, today=today, verb="directive.rate", before=before, after=after)
