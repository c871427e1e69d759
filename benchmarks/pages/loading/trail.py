"""The audit trail of the year: chained record by record with the product's own digest, written by COPY."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb
from tqdm import tqdm

from benchmarks.pages.loading.copying import columns_of, copy
from benchmarks.pages.loading.founding import TODAY, County
from yiqi.core.models import AuditHead, AuditRecord
from yiqi.kit.digest import digest, preferred_algorithm

VERBS = (("task.create", "plan.Task"), ("progress.report", "plan.Progress"))
BEGAN = datetime(2021, 1, 4, 1, tzinfo=UTC)


def _records(county: County, told: list[tuple[int, str, str, int]], head: AuditHead) -> Iterator[list[Any]]:
    columns, algorithm = columns_of(AuditRecord), preferred_algorithm()
    jsons = [columns.index("before"), columns.index("after")]
    office, region = county.cast.who("office").person, county.campaign.region_id
    at = BEGAN
    for verb, target in VERBS:
        for pk, code, title, unit in told:
            at += timedelta(seconds=90)
            created = verb == "task.create"
            person = office.pk if created else county.reporters[unit]
            row = AuditRecord(
                sequence=head.sequence + 1,
                at=at,
                business_date=min(at.date(), TODAY),
                person_id=person,
                person_name=office.name if created else f"第{unit}单位人员",
                role="考核督查人员" if created else "填报人",
                verb=verb,
                target_type=target,
                target_id=str(pk),
                target_label=title,
                region_code=region,
                before=None,
                after={"code": code, "title": title, "percent": 50},
                channel="web",
                address="10.0.0.8",
                request=f"{pk:032x}",
                algorithm=algorithm,
                previous_digest=head.digest,
            )
            row.digest = digest(row.chained(), algorithm)
            head.sequence, head.digest = row.sequence, row.digest
            values = [getattr(row, name) for name in columns]
            for place in jsons:
                values[place] = None if values[place] is None else Jsonb(values[place])
            yield values


def make_trail(county: County, told: list[tuple[int, str, str, int]], bar: tqdm[Any]) -> None:
    """Two records a task after those that the operations wrote; the head follows in one step (triggers are off)."""
    head = AuditHead.objects.get(chain="main")
    copy(AuditRecord, columns_of(AuditRecord), _records(county, told, head), bar)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_audithead SET sequence = %s, digest = %s WHERE chain = %s",
            [head.sequence, head.digest, head.chain],
        )
    county.counts["audit records"] = head.sequence
