"""Writing a drawn agenda down: what was decided or added by hand stays, the rest is replaced."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from yiqi.core.doors import Candidate, item_rank
from yiqi.dispatch.enums import AgendaKind, AgendaStatus
from yiqi.dispatch.models import AgendaItem, Directive, Week
from yiqi.dispatch.queries import draw_agenda


def fill_agenda(week: Week, *, today: date) -> int:
    """Replace the pending drawn items of an open week; returns its number of items. Writes no audit record."""
    led_on = Directive.objects.filter(item__week=week).values("item_id")
    stays = ~Q(status=AgendaStatus.PENDING) | Q(kind=AgendaKind.MANUAL) | Q(pk__in=led_on)
    kept = list(week.items.filter(stays).order_by("order"))
    week.items.exclude(pk__in=[item.pk for item in kept]).delete()
    agenda = draw_agenda(week.campaign, monday=week.monday, today=today, kept=kept)
    AgendaItem.objects.bulk_create([_item(week, row) for row in agenda.items])
    _number(week)
    week.left_out = agenda.left_out
    week.version += 1
    week.save(update_fields=["left_out", "version"])
    return week.items.count()


def _item(week: Week, row: Candidate) -> AgendaItem:
    return AgendaItem(
        week=week, force_id=row.force_id, kind=row.kind, order=0, title=row.title, reason=row.reason, facts=row.facts,
        **AgendaItem.pointing_at(row.subject),
    )  # fmt: skip


def _number(week: Week) -> None:
    """Number the items 1, 2, 3 … by task force and rank; new ones come after kept ones of the same rank."""
    forces = {
        force: position
        for position, force in enumerate(week.campaign.forces.order_by("order").values_list("pk", flat=True))
    }
    items = sorted(
        week.items.all(),
        key=lambda item: (
            forces.get(item.force_id or 0, len(forces)),
            item_rank(item.kind),
            item.order or 10_000,
            item.pk,
        ),
    )
    for position, item in enumerate(items, start=1):
        item.order = position
    AgendaItem.objects.bulk_update(items, ["order"])
