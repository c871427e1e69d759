"""A task breakdown: read into a preview, applied whole or not at all, or put aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.models import Unit
from yiqi.core.operations import record
from yiqi.core.queries import units_of
from yiqi.core.readers.units import UnitIndex, UnitName
from yiqi.core.rules import Mandate
from yiqi.kit.digest import digest
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.records import missing
from yiqi.kit.sheets import read_tables
from yiqi.kit.wording import cn_day, listed
from yiqi.plan.enums import Frequency, ImportStatus, TaskStatus
from yiqi.plan.models import Action, Campaign, Milestone, Task, TaskImport, TaskStatusChange
from yiqi.plan.operations.campaigns import lock_campaign
from yiqi.plan.operations.keeping import apply_kept, kept_fields
from yiqi.plan.operations.tasks import NewNode, TaskFacts, next_number
from yiqi.plan.queries import visible_imports
from yiqi.plan.readers.task_sheet import ActionName, parse_task_sheet

ERROR = "error"
BATCH = 2000


@dataclass
class _Ready:
    """A row of the preview, resolved: what will be written."""

    row: int
    action: Action
    code: str | None
    facts: TaskFacts
    nodes: list[NewNode] = field(default_factory=list)


def read_breakdown(campaign: Campaign, data: bytes, filename: str) -> dict[str, Any]:
    """The preview of a file for a campaign, nothing written: rows, skipped rows, number of errors.

    Besides what the table itself says, a row is in error when its code or title is in the campaign already, or its
    deadline lies before the campaign starts. FileRefusedError, InvalidInputError: the file cannot be read at all.
    """
    sheets = read_tables(data, filename=filename)
    units = [
        UnitName(unit.code, unit.name, unit.short_name, tuple(unit.aliases), unit.kind)
        for unit in units_of(campaign.region_id)
    ]
    actions = [ActionName(action.code, action.name) for action in campaign.actions.all()]
    sheet = parse_task_sheet(
        sheets, units=UnitIndex.of(units), actions=actions, year=campaign.year, start=campaign.starts
    )
    result = sheet.to_preview()
    _check_against(campaign, result["rows"])
    result["errors"] = sum(row["state"] == ERROR for row in result["rows"])
    return result


def _check_against(campaign: Campaign, rows: list[dict[str, Any]]) -> None:
    held = Task.objects.filter(campaign=campaign)
    own = [row["own_code"] for row in rows if row["own_code"]]
    codes = set(held.filter(code__in=own).values_list("code", flat=True))
    titles = set(held.values_list("action__code", "title"))
    for row in rows:
        if row["own_code"] in codes:
            _fault(row, _("编号“%(code)s”的任务已在库中") % {"code": row["own_code"]})
        elif (row["action"], row["title"]) in titles:
            _fault(row, _("同一行动下已有同名任务，可能已导入过"))
        if row["deadline"] and row["deadline"] < campaign.starts.isoformat():
            _fault(row, _("完成时限早于专项行动的开始日期%(day)s") % {"day": campaign.starts.isoformat()})


def _fault(row: dict[str, Any], note: str) -> None:
    row["notes"].append(note)
    row["state"] = ERROR


@transaction.atomic
def preview_tasks(
    *, by: Mandate, today: date, now: datetime, campaign: Campaign, data: bytes, filename: str
) -> TaskImport:
    """Read a breakdown (.xlsx, .xls, .csv, .docx) and keep what was read until somebody applies or discards it.

    ``now`` is the aware moment of the upload. FileRefusedError and InvalidInputError leave nothing behind.
    """
    campaign = lock_campaign(by, campaign)
    result = read_breakdown(campaign, data, filename)
    row = TaskImport.objects.create(
        campaign=campaign,
        file_name=filename[-200:],
        file_digest=digest(data, "sha256"),
        result=result,
        uploaded_by=by.person,
        uploaded_at=now,
    )
    after = {"file": row.file_name, "sha256": row.file_digest} | counts_of(row)
    record(by=by, verb="task_import.preview", target=row, region_code=campaign.region_id, today=today, after=after)
    return row


def counts_of(task_import: TaskImport) -> dict[str, int]:
    """How many rows were read, guessed, in error, and passed over."""
    states = Counter(row["state"] for row in task_import.result["rows"])
    counts = {state: states[state] for state in ("read", "guessed", ERROR)}
    return counts | {"skipped": len(task_import.result["skipped"])}


def _locked(by: Mandate, task_import: TaskImport) -> tuple[TaskImport, Campaign]:
    held = visible_imports(by).filter(pk=task_import.pk).values_list("campaign", flat=True).first()
    if held is None:
        raise missing()
    campaign = lock_campaign(by, Campaign(pk=held))
    row = TaskImport.objects.select_for_update().get(pk=task_import.pk)
    if row.status != ImportStatus.PREVIEWED:
        raise ConflictError(
            _("“%(file)s”的状态是“%(status)s”，不会再次导入。")
            % {"file": row.file_name, "status": row.get_status_display()},
            code="import_settled",
        )
    return row, campaign


@transaction.atomic
def apply_tasks(*, by: Mandate, today: date, now: datetime, task_import: TaskImport, demo: bool = False) -> list[Task]:
    """Create the tasks of a preview in one transaction, all of them or none; rows in error are left out.

    ConflictError: applied or discarded already (two clicks import once), or the campaign changed since the preview so
    that a row no longer fits; InvalidInputError: no row can be imported.
    """
    row, campaign = _locked(by, task_import)
    ready = _resolve(campaign, row, today)
    tasks = _write(by, today, campaign, row, ready, demo=demo)
    row.status, row.applied_at = ImportStatus.APPLIED, now
    row.save(update_fields=["status", "applied_at"])
    after = {"file": row.file_name, "tasks": [task.code for task in tasks], "left_out": counts_of(row)[ERROR]}
    record(
        by=by,
        verb="task_import.apply",
        target=row,
        region_code=campaign.region_id,
        today=today,
        before={"status": ImportStatus.PREVIEWED},
        after=after,
    )
    return tasks


@transaction.atomic
def discard_import(*, by: Mandate, today: date, task_import: TaskImport) -> TaskImport:
    """Put a preview aside: nothing was created, nothing will be."""
    row, campaign = _locked(by, task_import)
    row.status = ImportStatus.DISCARDED
    row.save(update_fields=["status"])
    record(
        by=by,
        verb="task_import.discard",
        target=row,
        region_code=campaign.region_id,
        today=today,
        before={"status": ImportStatus.PREVIEWED},
        after={"status": row.status},
    )
    return row


def _resolve(campaign: Campaign, task_import: TaskImport, today: date) -> list[_Ready]:
    rows = [row for row in task_import.result["rows"] if row["state"] != ERROR]
    if not rows:
        raise InvalidInputError(_("没有可以导入的行，请修改文件后重新上传。"), code="nothing_to_import")
    codes = [row["own_code"] for row in rows if row["own_code"]]
    taken = sorted(Task.objects.filter(campaign=campaign, code__in=codes).values_list("code", flat=True))
    if taken:
        raise _changed(_("编号%(codes)s已被使用") % {"codes": listed(taken[:5])})
    actions = {action.code: action for action in campaign.actions.all()}
    units = {unit.code: unit for unit in units_of(campaign.region_id)}
    return [_ready(campaign, row, actions, units, today) for row in rows]


def _start(campaign: Campaign, deadline: date | None, today: date) -> date:
    # a running campaign's new task begins today: nobody owes reports for the weeks before it was given
    later = max(campaign.starts, today)
    return later if deadline is None or later <= deadline else campaign.starts


def _changed(what: str) -> ConflictError:
    return ConflictError(
        _("预览之后情况有变：%(what)s。没有导入任何任务，请重新上传并预览。") % {"what": what}, code="import_outdated"
    )


def _ready(
    campaign: Campaign, row: dict[str, Any], actions: dict[str, Action], units: dict[str, Unit], today: date
) -> _Ready:
    names = [row["lead_code"], *row["support_codes"]]
    if row["action"] not in actions or any(name not in units for name in names):
        raise _changed(_("第%(row)s行的行动或单位已不存在") % {"row": row["row"]})
    deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
    facts = TaskFacts(
        title=row["title"][:200],
        measure=row["measure"],
        lead_unit=units[row["lead_code"]],
        support_units=[units[code] for code in dict.fromkeys(row["support_codes"]) if code != row["lead_code"]],
        starts=_start(campaign, deadline, today),
        deadline=deadline,
        ongoing=row["ongoing"],
        frequency=row["frequency"] or Frequency.MONTHLY,
    )
    try:
        facts.check(campaign)
    except InvalidInputError as error:
        place = {"row": row["row"], "why": str(error)}
        raise InvalidInputError(_("第%(row)s行：%(why)s") % place, code=error.code, data=place) from None
    days = sorted({date.fromisoformat(day) for day in row["nodes"]} - {deadline})
    nodes = [
        NewNode(_("%(day)s的阶段任务") % {"day": cn_day(day)}, day) for day in days if not deadline or day < deadline
    ]
    return _Ready(row["row"], actions[row["action"]], row["own_code"], facts, nodes)


def _write(
    by: Mandate, today: date, campaign: Campaign, source: TaskImport, ready: Sequence[_Ready], *, demo: bool
) -> list[Task]:
    numbers: dict[int, int] = {}
    taken = {item.code for item in ready if item.code}
    tasks, nodes = [], []
    for item in ready:
        task = Task(
            campaign=campaign,
            action=item.action,
            region_id=campaign.region_id,
            code=item.code or _free_code(item.action, numbers, taken),
            first_deadline=item.facts.deadline,
            demo=demo,
            source=_("任务分解表“%(file)s”第%(row)s行") % {"file": source.file_name, "row": item.row},
            imported_from=source,
            **item.facts.fields(),
        )
        own = [Milestone(task=task, title=node.title, due=node.due, order=n) for n, node in enumerate(item.nodes)]
        apply_kept(task, kept_fields(task, own, None))
        tasks.append(task)
        nodes.extend(own)
    Task.objects.bulk_create(tasks, batch_size=BATCH)
    for node in nodes:
        node.task_id = node.task.pk
    Milestone.objects.bulk_create(nodes, batch_size=BATCH)
    steps = [TaskStatusChange(task=task, before="", after=TaskStatus.PLANNED, on=today, by=by.person) for task in tasks]
    TaskStatusChange.objects.bulk_create(steps, batch_size=BATCH)
    link = Task.support_units.through
    pairs = zip(tasks, ready, strict=True)
    link.objects.bulk_create(
        [link(task_id=task.pk, unit_id=unit.pk) for task, item in pairs for unit in item.facts.support_units],
        batch_size=BATCH,
    )
    return tasks


def _free_code(action: Action, numbers: dict[int, int], taken: set[str]) -> str:
    number = numbers.get(action.pk) or next_number(action)
    while (code := f"{action.code}-{number:02d}") in taken:
        number += 1
    numbers[action.pk] = number + 1
    taken.add(code)
    return code
