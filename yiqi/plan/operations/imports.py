"""A task breakdown: what it says for a campaign, what of it does not fit the tasks on record, how tasks are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from yiqi.core.models import Unit, Upload
from yiqi.core.operations.uploads import Applied, Applying, UploadKind
from yiqi.core.queries import units_of
from yiqi.core.readers.units import UnitIndex, UnitName
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.sheets import ReadState, read_tables
from yiqi.kit.wording import cn_day, listed
from yiqi.plan.enums import TASK_UPLOAD, Frequency, TaskStatus
from yiqi.plan.models import Action, Campaign, Milestone, Task, TaskStatusChange
from yiqi.plan.operations.campaigns import lock_campaign
from yiqi.plan.operations.keeping import apply_kept, kept_fields
from yiqi.plan.operations.tasks import NewNode, TaskFacts, next_number
from yiqi.plan.readers.task_sheet import ROWS, ActionName, TaskRow, parse_task_sheet

BATCH = 2000


@dataclass
class _Ready:
    """A row of the preview, resolved: what will be written."""

    row: int
    action: Action
    code: str | None
    facts: TaskFacts
    nodes: list[NewNode] = field(default_factory=list)


def _reach(by: Mandate, upload: Upload) -> Campaign:
    campaign = lock_campaign(by, Campaign(pk=upload.belongs_to))
    upload.region_id = campaign.region_id
    return campaign


def _read(campaign: Campaign, upload: Upload, data: bytes) -> dict[str, Any]:
    units = [
        UnitName(
            code=unit.code, name=unit.name, short_name=unit.short_name, aliases=tuple(unit.aliases), kind=unit.kind
        )
        for unit in units_of(campaign.region_id)
    ]
    actions = [ActionName(action.code, action.name) for action in campaign.actions.all()]
    sheets = read_tables(data, filename=upload.file_name)
    names = UnitIndex.of(units)
    return parse_task_sheet(
        sheets, units=names, actions=actions, year=campaign.year, start=campaign.starts
    ).to_preview()


def _check(campaign: Campaign, rows: list[dict[str, Any]]) -> None:
    """A code or title that the campaign has already, and a due date before it starts, are errors."""
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
    row["state"] = ReadState.ERROR.value


def _write(deed: Applying[Campaign]) -> Applied[Task]:
    """The tasks of the rows, all of them or none; ConflictError when the campaign changed since the preview."""
    ready = _resolve(deed)
    tasks = _tasks(deed, ready)
    left_out = len(deed.upload.result[ROWS]) - len(deed.rows)
    return Applied(tasks, {"tasks": [task.code for task in tasks], "left_out": left_out})


def _resolve(deed: Applying[Campaign]) -> list[_Ready]:
    campaign = deed.subject
    codes = [row["own_code"] for row in deed.rows if row["own_code"]]
    taken = sorted(Task.objects.filter(campaign=campaign, code__in=codes).values_list("code", flat=True))
    if taken:
        raise _changed(_("编号%(codes)s已被使用") % {"codes": listed(taken[:5])})
    actions = {action.code: action for action in campaign.actions.all()}
    units = {unit.code: unit for unit in units_of(campaign.region_id)}
    return [_ready(campaign, row, actions, units, deed.today) for row in deed.rows]


def _start(campaign: Campaign, due: date | None, today: date) -> date:
    # a running campaign's new task begins today: nobody owes reports for the weeks before it was given
    later = max(campaign.starts, today)
    return later if due is None or later <= due else campaign.starts


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
    due = date.fromisoformat(row["deadline"]) if row["deadline"] else None
    facts = TaskFacts(
        title=row["title"][:200],
        measure=row["measure"],
        lead_unit=units[row["lead_code"]],
        support_units=[units[code] for code in dict.fromkeys(row["support_codes"]) if code != row["lead_code"]],
        starts=_start(campaign, due, today),
        due=due,
        ongoing=row["ongoing"],
        frequency=row["frequency"] or Frequency.MONTHLY,
    )
    try:
        facts.check(campaign)
    except InvalidInputError as error:
        place = {"row": row["row"], "why": str(error)}
        raise InvalidInputError(_("第%(row)s行：%(why)s") % place, code=error.code, data=place) from None
    days = sorted({date.fromisoformat(day) for day in row["nodes"]} - {due})
    nodes = [NewNode(_("%(day)s的阶段任务") % {"day": cn_day(day)}, day) for day in days if not due or day < due]
    return _Ready(row=row["row"], action=actions[row["action"]], code=row["own_code"], facts=facts, nodes=nodes)


def _tasks(deed: Applying[Campaign], ready: Sequence[_Ready]) -> list[Task]:
    campaign, source = deed.subject, deed.upload
    numbers: dict[int, int] = {}
    taken = {item.code for item in ready if item.code}
    tasks, nodes = [], []
    for item in ready:
        task = Task(
            campaign=campaign,
            action=item.action,
            region_id=campaign.region_id,
            code=item.code or _free_code(item.action, numbers, taken),
            first_due=item.facts.due,
            demo=deed.demo,
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
    steps = [
        TaskStatusChange(task=task, before="", after=TaskStatus.PLANNED, on=deed.today, by=deed.by.person)
        for task in tasks
    ]
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


TASK_SHEET: Final = UploadKind(
    key=TASK_UPLOAD,
    verb="task_import",
    rows=ROWS,
    keys=TaskRow.KEYS,
    reach=_reach,
    read=_read,
    check=_check,
    write=_write,
)
