"""The draft of a report: each app tells its parts; what is missing is left to fill in."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import translation

from yiqi.core.doors import Drive, ReportPart, Telling
from yiqi.kit.offering import offered
from yiqi.plan.models import Campaign

TO_FILL_IN = "（请补充）"
AHEAD = timedelta(days=14)


def drive_of(campaign: Campaign) -> Drive:
    """A campaign as the other apps are told of it."""
    return Drive(campaign.pk, campaign.name, campaign.region_id, campaign.year)


def draft_sections(
    campaign: Campaign, *, starts: date, ends: date, today: date
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The sections in order and the facts behind their figures; always in Chinese, as the document is."""
    telling = Telling(drive=drive_of(campaign), starts=starts, ends=ends, today=today, ahead=max(today, ends) + AHEAD)
    parts = sorted(offered(ReportPart), key=lambda part: part.order)
    with translation.override(settings.LANGUAGE_CODE):
        sections = [_section(telling, key, list(mine)) for key, mine in groupby(parts, lambda part: part.section)]
    return sections, telling.facts


def _section(telling: Telling, key: str, parts: list[ReportPart]) -> dict[str, Any]:
    before = set(telling.facts)
    told = [part.write(telling) for part in parts]
    text = "\n".join(line for passage in told for line in passage.lines).strip()
    section: dict[str, Any] = {"key": key, "heading": parts[0].heading, "text": text or TO_FILL_IN}
    section |= next(({"table": passage.table} for passage in told if passage.table), {})
    return section | {"facts": [name for name in telling.facts if name not in before]}
