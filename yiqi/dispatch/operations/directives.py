"""Directives are put down, or given at once; their life from then on is a table (directive_life)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.models import Indicator
from yiqi.core.models import Unit
from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.core.subjects import Ref, kind_of
from yiqi.dispatch import rules
from yiqi.dispatch.enums import DirectiveStatus, Weight
from yiqi.dispatch.models import AgendaItem, Directive, DirectiveStep, TaskForce, Week
from yiqi.dispatch.operations.directive_life import assign_directive, told
from yiqi.dispatch.operations.meeting import ensure_open, lock_campaign, lock_item
from yiqi.dispatch.queries import limits_for, visible_campaigns
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.records import ensure, found
from yiqi.plan.models import Campaign, Task


def _step(directive: Directive, *, by: Mandate, today: date, before: str, after: str, text: str = "") -> None:
    DirectiveStep.objects.create(directive=directive, before=before, after=after, on=today, by=by.person, text=text)
    directive.status = after


def _next_code(campaign: Campaign) -> str:
    last = Directive.objects.filter(campaign=campaign).aggregate(Max("code", default=""))["code__max"]
    serial = int(last.rpartition("-")[2]) + 1 if last else 1
    return f"DB{campaign.year}-{serial:04d}"


class Matter(TypedDict):
    """What is put down: the facts that :func:`propose_directive` and :func:`give_directive` take.

    Without ``due`` the clock of the weight gives it. ``demo`` follows the campaign where nothing is said.
    """

    campaign: Campaign
    title: str
    unit: Unit
    requirement: NotRequired[str]
    due: NotRequired[date | None]
    weight: NotRequired[str]
    item: NotRequired[AgendaItem | None]
    week: NotRequired[Week | None]
    force: NotRequired[TaskForce | None]
    task: NotRequired[Task | None]
    indicator: NotRequired[Indicator | None]
    subject: NotRequired[Ref | None]
    support_units: NotRequired[Sequence[Unit]]
    demo: NotRequired[bool | None]


def _check_facts(campaign: Campaign, matter: Matter, week: Week | None, today: date) -> None:
    if not matter["title"].strip():
        raise InvalidInputError(_("请填写督办事项的名称。"), code="title_needed", data={"field": "title"})
    if matter.get("weight", Weight.ORDINARY) not in Weight.values:
        raise InvalidInputError(_("请选择一般事项或重大事项。"), code="weight_unknown", data={"field": "weight"})
    due = matter.get("due")
    if due is not None and due < today:
        message = _("办结时限不能早于交办当天（%(today)s）。") % {"today": today.isoformat()}
        raise InvalidInputError(message, code="due_in_past", data={"field": "due"})
    if not matter["unit"].active or not matter["unit"].region_id.startswith(campaign.region.prefix):
        message = _("“%(unit)s”不是本地区在用的单位，不能承办。") % {"unit": matter["unit"].name}
        raise InvalidInputError(message, code="unit_not_here", data={"field": "unit"})
    if week is not None:
        ensure_open(week)
    parents = [row.campaign_id for row in (week, matter.get("force"), matter.get("task")) if row is not None]
    if any(parent != campaign.pk for parent in parents):
        raise InvalidInputError(_("所选的会议、专班或任务不属于本专项行动。"), code="foreign_campaign")


@transaction.atomic
def propose_directive(*, by: Mandate, today: date, **matter: Unpack[Matter]) -> Directive:
    """Put a matter down for supervision (立项); it is a draft until it is given. Due dates are counted again then."""
    directive = _write_down(matter, by=by, today=today)
    ensure(
        rules.can_propose(by, directive.force, directive.region_id), _("督办事项由考核督查人员、县领导或本专班立项。")
    )
    _step(directive, by=by, today=today, after=DirectiveStatus.DRAFT, text=matter.get("requirement", ""), before="")
    record(
        by=by,
        verb="directive.propose",
        target=directive,
        region_code=directive.region_id,
        today=today,
        after=told(directive),
    )
    return directive


@transaction.atomic
def give_directive(*, by: Mandate, today: date, **matter: Unpack[Matter]) -> Directive:
    """Give a matter to one unit (立项 and 交办 at once).

    From an agenda ``item`` the week, task force, task and indicator follow. Office and leaders give any, the head of a
    task force those of that force. Raises NotAllowedError, NotFoundError, InvalidInputError (empty title, due date in
    the past, unit of another region), ConflictError (week already closed).
    """
    directive = _write_down(matter, by=by, today=today)
    assign_directive.admit(by, directive)
    _step(directive, by=by, today=today, after=DirectiveStatus.DRAFT, before="")
    _step(
        directive,
        by=by,
        today=today,
        before=DirectiveStatus.DRAFT,
        after=DirectiveStatus.ASSIGNED,
        text=matter.get("requirement", ""),
    )
    directive.save(update_fields=["status"])
    record(
        by=by,
        verb="directive.give",
        target=directive,
        region_code=directive.region_id,
        today=today,
        after=told(directive),
    )
    return directive


def _columns(matter: Matter, item: AgendaItem | None) -> dict[str, Any]:
    """What the directive is about: as given, else as its item; a directive is not about a directive."""
    refs = [ref for ref in (item.refs if item else ()) if ref.kind != "dispatch.directive"]
    task, indicator, subject = matter.get("task"), matter.get("indicator"), matter.get("subject")
    refs += [Ref("plan.task", task.pk)] if task else []
    refs += [Ref("appraisal.indicator", indicator.pk)] if indicator else []
    refs += [subject] if subject else []
    columns: dict[str, Any] = {}
    for ref in refs:
        columns |= Directive.pointing_at(ref)
    return columns


def _write_down(matter: Matter, *, by: Mandate, today: date) -> Directive:
    if unknown := matter.keys() - Matter.__annotations__.keys():  # a form's facts come unchecked by types
        raise TypeError(f"a directive takes no {sorted(unknown)}")
    found(visible_campaigns(by), matter["campaign"].pk)
    if (subject := matter.get("subject")) is not None:
        about = found(kind_of(subject.kind).visible(by), subject.pk)
        if isinstance(about, Task):
            matter = {**matter, "task": about}  # its campaign is checked below
    week, force, demo = matter.get("week"), matter.get("force"), matter.get("demo")
    if (item := matter.get("item")) is not None:
        item = lock_item(by, item)
        week, force = item.week, force or item.force
    campaign = lock_campaign(matter["campaign"])
    _check_facts(campaign, matter, week, today)
    limits = limits_for(campaign.region_id)
    weight = matter.get("weight", Weight.ORDINARY)
    due = matter.get("due") or limits.due(today, weight)
    directive = Directive.objects.create(
        campaign=campaign,
        region_id=campaign.region_id,
        code=_next_code(campaign),
        week=week,
        item=item,
        force=force,
        **_columns(matter, item),
        title=matter["title"].strip(),
        requirement=matter.get("requirement", "").strip(),
        unit=matter["unit"],
        weight=weight,
        assigned_by=by.person,
        assigned_on=today,
        feedback_due=min(limits.feedback_due(today), due),
        due=due,
        first_due=due,
        demo=campaign.demo if demo is None else demo,
    )
    directive.support_units.set(matter.get("support_units", ()))
    return directive
