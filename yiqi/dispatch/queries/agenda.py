"""The agenda by exception, drawn from the data; in words and with a worked example in docs/algorithms/agenda.md.

What a meeting must look at is offered by the apps (``core.doors.AgendaSource``); dispatch itself brings the unfinished
directives and what the last meeting put off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from yiqi.core.doors import AgendaSource, Ask, Candidate, ItemKind, item_rank
from yiqi.core.enums import Light, SettingKey
from yiqi.core.queries import settings_for
from yiqi.core.subjects import Ref
from yiqi.dispatch.enums import UNFINISHED, AgendaKind, AgendaStatus, WeekStatus
from yiqi.dispatch.models import AgendaItem, Directive, Week
from yiqi.dispatch.queries.clocks import directive_light
from yiqi.dispatch.queries.drafting import drive_of
from yiqi.dispatch.queries.scope import forces_of
from yiqi.kit.offering import offered
from yiqi.plan.models import Campaign

REASON_LENGTH = 400
QUOTE_LENGTH = 300
DEFERRED_ORDER = 1
OWN = AgendaSource(
    {
        AgendaKind.CARRIED: ItemKind(AgendaKind.CARRIED.label, 0),
        AgendaKind.MANUAL: ItemKind(AgendaKind.MANUAL.label, 6),
    },
    lambda _ask: [],  # what dispatch brings decides what others may bring: see draw_agenda
    lambda _ask, _chosen: None,
)


@dataclass
class Agenda:
    """The items in order, and how many of which kind were left out for which task force."""

    items: list[Candidate]
    left_out: list[dict[str, Any]]


@dataclass(frozen=True)
class _Forces:
    """Which task force answers for what, and their order."""

    answers: Mapping[Ref, int]
    order: Mapping[int | None, int]

    def of(self, belongs: Iterable[Ref]) -> int | None:
        """The task force that answers for the first of them that has one."""
        return next((self.answers[ref] for ref in belongs if ref in self.answers), None)


def draw_agenda(
    campaign: Campaign,
    *,
    monday: date,
    today: date,
    kept: Iterable[AgendaItem] = (),
) -> Agenda:
    """Draw the agenda of the week of ``monday`` as of ``today``; what ``kept`` already holds is not drawn again.

    Writes nothing. Reasons are in the county's language. One statement for each chosen indicator, else constant.
    """
    with translation.override(settings.LANGUAGE_CODE):
        values = settings_for(campaign.region_id)
        forces, kept = _forces(campaign), list(kept)
        directives = _unfinished(campaign, monday)
        standing = {ref for item in kept for ref in item.refs}
        # the matter itself comes with its directive, not a second time
        held = standing | {ref for row in directives for ref in row.refs}
        found = [_from_directive(row, forces, today) for row in directives if row.ref not in standing]
        put_off = _put_off(campaign, monday)
        titles = {item.title for item in kept if item.kind == AgendaKind.MANUAL}
        found += [_again(item) for item in put_off if not item.refs and item.title not in titles]
        deferred = {ref: item.kind for item in put_off for ref in item.refs if ref not in held}
        recent = _looked_at(campaign, monday, int(values[SettingKey.AGENDA_QUIET_WEEKS]))
        ask = Ask(
            drive=drive_of(campaign),
            monday=monday,
            today=today,
            settings=values,
            held=frozenset(held),
            deferred=deferred,
            recent=recent,
        )
        drawn = [(source, _drawn(source, ask, forces)) for source in offered(AgendaSource)]
        found += [row for _source, rows in drawn for row in rows]
        chosen, left_out = _cut(forces, found, int(values[SettingKey.AGENDA_PER_FORCE]))
        taken = {id(row) for row in chosen}
        for source, rows in drawn:
            mine = [row for row in rows if id(row) in taken]
            if mine:
                source.describe(ask, mine)
    return Agenda(chosen, left_out)


def _forces(campaign: Campaign) -> _Forces:
    answers: dict[Ref, int] = {}
    order: dict[int | None, int] = {}
    for position, force in enumerate(forces_of(campaign).prefetch_related("actions", "blocks")):
        order[force.pk] = position
        for action in force.actions.all():
            answers.setdefault(Ref("plan.action", action.pk), force.pk)
        for block in force.blocks.all():
            answers.setdefault(Ref("appraisal.block", block.pk), force.pk)
    order[None] = len(order)
    return _Forces(answers, order)


def _rank(kind: str, own: tuple[Any, ...], *, again: bool) -> tuple[Any, ...]:
    order = item_rank(kind)
    return (DEFERRED_ORDER if again else order, order, str(kind), *own)


def _drawn(source: AgendaSource, ask: Ask, forces: _Forces) -> list[Candidate]:
    rows = source.draw(ask)
    for row in rows:
        row.firm = row.subject in ask.deferred
        row.force_id = forces.of(row.belongs)
        row.rank = _rank(row.kind, row.rank, again=row.firm)
        row.reason = (_("上期会议顺延。") if row.firm else "") + row.reason
    return rows


def _unfinished(campaign: Campaign, monday: date) -> list[Directive]:
    rows = Directive.objects.filter(campaign=campaign, status__in=UNFINISHED).exclude(week__monday=monday)
    return list(rows.select_related("unit", "task", "indicator").order_by("due", "code"))


def _from_directive(directive: Directive, forces: _Forces, today: date) -> Candidate:
    """An unfinished directive; red ones first, then by due date."""
    light = directive_light(directive, today)
    status = directive.get_status_display()
    facts = {
        "code": directive.code,
        "unit": directive.unit.label,
        "status": directive.status,
        "assigned_on": directive.assigned_on.isoformat(),
        "due": directive.due.isoformat(),
        "first_due": directive.first_due.isoformat(),
        "feedback_due": directive.feedback_due.isoformat(),
        "light": light.colour,
        "light_reason": light.reason,
        "requirement": directive.requirement[:QUOTE_LENGTH],
    }
    task, indicator = directive.task, directive.indicator
    belongs = [Ref("plan.action", task.action_id)] if task else []
    belongs += [Ref("appraisal.block", indicator.block_id)] if indicator else []
    late_first = 0 if light.colour == Light.RED else 1
    rank = _rank(AgendaKind.CARRIED, (late_first, directive.due.isoformat(), directive.code), again=False)
    reason = _("%(light)s目前状态：%(status)s。") % {"light": light.reason, "status": status}
    return Candidate(
        AgendaKind.CARRIED,
        directive.title,
        rank,
        directive.ref,
        reason=reason[:REASON_LENGTH],
        facts=facts,
        firm=True,
        force_id=directive.force_id or forces.of(belongs),
    )


def _put_off(campaign: Campaign, monday: date) -> list[AgendaItem]:
    """What the last closed meeting put off, and what was not reached by it; a directive comes by itself."""
    last = (
        Week.objects.filter(campaign=campaign, status=WeekStatus.CLOSED, monday__lt=monday).order_by("-monday").first()
    )
    if last is None:
        return []
    return list(last.items.filter(status=AgendaStatus.DEFERRED, directive__isnull=True).order_by("order"))


def _again(item: AgendaItem) -> Candidate:
    """An item put on by hand and deferred by the last meeting comes back with its words."""
    reason = _("上期会议顺延。%(reason)s") % {"reason": item.reason}
    return Candidate(
        AgendaKind.MANUAL,
        item.title,
        _rank(AgendaKind.MANUAL, (item.order,), again=True),
        reason=reason[:REASON_LENGTH],
        facts=dict(item.facts),
        firm=True,
        force_id=item.force_id,
    )


def _looked_at(campaign: Campaign, monday: date, weeks: int) -> frozenset[Ref]:
    """What a meeting of the last weeks had before it, by itself or through a directive."""
    since = monday - timedelta(weeks=weeks)
    items = AgendaItem.objects.filter(week__campaign=campaign, week__monday__gte=since, week__monday__lt=monday)
    points = ("subject_kind", "subject_id")
    names = (
        *AgendaItem.COLUMNS.values(),
        *points,
        *(f"directive__{name}" for name in (*Directive.COLUMNS.values(), *points)),
    )
    rows = items.select_related("directive").only(*names)
    return frozenset(
        ref for item in rows.order_by() for one in (item, item.directive) if one is not None for ref in one.refs
    )


def _cut(forces: _Forces, found: list[Candidate], most: int) -> tuple[list[Candidate], list[dict[str, Any]]]:
    """In the order of the task forces; beyond the limit an item that is not firm is counted instead of listed."""
    ordered = sorted(found, key=lambda row: (forces.order[row.force_id], row.rank))
    taken: Counter[int | None] = Counter()
    out: Counter[tuple[int | None, str]] = Counter()
    chosen: list[Candidate] = []
    for row in ordered:
        if row.firm:
            chosen.append(row)
        elif taken[row.force_id] < most:
            taken[row.force_id] += 1
            chosen.append(row)
        else:
            out[row.force_id, str(row.kind)] += 1
    return chosen, [{"force": force, "kind": kind, "count": count} for (force, kind), count in out.items()]
