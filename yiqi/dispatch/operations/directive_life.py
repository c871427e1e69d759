"""The life of a directive after it was put down, as one table: given, accepted, fed back on, judged, rated, struck off.

To add a step, add a row (CONTRIBUTING.md, "A new step").
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiqi.core.operations import give_promise, recorder, settle_promise, store_attachment
from yiqi.core.rules import Mandate
from yiqi.dispatch import rules
from yiqi.dispatch.enums import DirectiveStatus, Rating
from yiqi.dispatch.models import Directive, DirectiveStep
from yiqi.dispatch.queries import limits_for, visible_directives
from yiqi.kit import records
from yiqi.kit.errors import ConflictError
from yiqi.kit.facts import FactField, FactKind, Facts, Text
from yiqi.kit.moves import Deed, Guard, Life, Move

DRAFT, ASSIGNED, ACCEPTED = DirectiveStatus.DRAFT, DirectiveStatus.ASSIGNED, DirectiveStatus.ACCEPTED
FEEDBACK, RETURNED = DirectiveStatus.FEEDBACK, DirectiveStatus.RETURNED
DONE, CLOSED = DirectiveStatus.DONE, DirectiveStatus.CLOSED
SECRET = _("涉密事项不得录入本系统。")
Made = Deed[Directive, Mandate]


def lock_directive(by: Mandate, directive: Directive) -> Directive:
    """A directive in scope."""
    return records.locked(visible_directives(by).select_related("campaign", "force", "unit"), directive.pk)


def _stuck(row: Directive, after: str) -> ConflictError:
    facts = {"status": row.get_status_display(), "step": DIRECTIVE.label(after)}
    message = _("该事项目前是“%(status)s”，不能进行“%(step)s”这一步。请刷新页面查看最新状态。") % facts
    return ConflictError(message, code="step_not_possible", data={"status": row.status, "wanted": after})


def keep_step(deed: Made) -> None:
    """Append the step."""
    step = DirectiveStep.objects.create(
        directive=deed.row, before=deed.before, after=deed.after, on=deed.today, by=deed.by.person, text=deed.text
    )
    step.attachments.set(deed.files)


DIRECTIVE: Life[Directive, Mandate] = Life(
    noun="directive",
    states=DirectiveStatus,
    begins=(DRAFT, ASSIGNED),
    lock=lock_directive,
    stuck=_stuck,
    record=recorder(),
    keep=keep_step,
)


def told(directive: Directive) -> Facts:
    """What the trail keeps of a directive that is put down or given."""
    return {
        "code": directive.code,
        "title": directive.title,
        "unit": directive.unit.name,
        "weight": directive.weight,
        "due": directive.due,
        "feedback_due": directive.feedback_due,
        "status": directive.status,
    }


def _start_clocks(deed: Made) -> None:
    row, today = deed.row, deed.today
    limits = limits_for(row.region_id)
    by_hand = row.due != limits.due(row.assigned_on, row.weight)
    if not (by_hand and row.due >= today):
        row.due = limits.due(today, row.weight)
    row.first_due = row.due
    row.feedback_due = min(limits.feedback_due(today), row.due)
    row.assigned_by, row.assigned_on = deed.by.person, today
    deed.text = row.requirement


def _promise(deed: Made) -> None:
    row = deed.row
    give_promise(
        by=deed.by,
        today=deed.today,
        about=row.ref,
        title=row.title,
        region_code=row.region_id,
        unit=row.unit,
        to=row.assigned_by.name,
        basis=row.code,
        due=row.due,
        demo=row.demo,
    )


def _hear(deed: Made) -> None:
    row, file = deed.row, deed.facts["file"]
    row.first_feedback_on = row.first_feedback_on or deed.today
    if deed.after == FEEDBACK:
        row.fed_back_on = deed.today
    if file is not None:
        name = file.name or ""
        deed.files = [
            store_attachment(by=deed.by, today=deed.today, region=row.region, unit=row.unit, file=file, name=name)
        ]


def _conclude(deed: Made) -> None:
    row = deed.row
    row.done_on = (row.fed_back_on or deed.today) if deed.after == DONE else None
    settle_promise(about=row.ref, done_on=row.done_on)


def _rate(deed: Made) -> None:
    deed.row.rating = deed.facts["rating"]


def not_the_doer(words: Text) -> Guard[Directive, Mandate]:
    """Nobody of the unit that did it."""
    return Guard(lambda by, row: not rules.belongs_to_doer(by, row), words, "own_work")


# 交办: the clocks start now; a due date set by hand stays if it lies ahead
assign_directive = Move(
    DIRECTIVE,
    "assign",
    {DRAFT: (ASSIGNED,)},
    label=pgettext_lazy("button", "交办"),
    note=_("交办后时限开始计算，承办单位可以看到本事项。"),
    said=_("已交办。"),
    who=(
        Guard(
            lambda by, row: rules.can_assign(by, row.force, row.region_id),
            _("督办事项由考核督查人员、县领导或本专班负责人交办。"),
        ),
    ),
    sets=_start_clocks,
    told=lambda deed: told(deed.row),
)

# 签收: the unit signs for it, which is its promise, and begins
accept_directive = Move(
    DIRECTIVE,
    "accept",
    {ASSIGNED: (ACCEPTED,)},
    label=_("签收"),
    button=pgettext_lazy("button", "签收办理"),
    said=_("已签收，请按时限办理并反馈。"),
    who=(Guard(rules.can_answer, _("督办事项由承办单位签收。")),),
    fields=(FactField(name="text", label=_("说明"), length=300),),
    sets=_promise,
)

# 反馈: finished hands it in for review, else it stays in hand
feed_back = Move(
    DIRECTIVE,
    "feed_back",
    {ACCEPTED: (FEEDBACK, ACCEPTED), RETURNED: (FEEDBACK, RETURNED)},
    leads=lambda row, facts: FEEDBACK if facts["finished"] or row.status not in {ACCEPTED, RETURNED} else row.status,
    label=_("反馈办理情况"),
    button=_("提交反馈"),
    said=_("已反馈。"),
    who=(Guard(rules.can_answer, _("反馈由承办单位填写。")),),
    fields=(
        FactField(
            name="text",
            label=_("办理情况"),
            kind=FactKind.WORDS,
            help=SECRET,
            required=True,
            needed=_("请填写办理情况。"),
            code="text_needed",
        ),
        FactField(
            name="finished",
            label=_("反馈类型"),
            kind=FactKind.YES_NO,
            choices=(("no", _("办理中，反馈进展")), ("yes", _("已办结，提交审核"))),
            default=True,
            initial="no",
        ),
        FactField(name="file", label=_("佐证材料"), kind=FactKind.FILE, help=_("办结时按要求附上；反馈进展可不附。")),
    ),
    sets=_hear,
    told=lambda deed: {"text": deed.text, "files": [str(file.pk) for file in deed.files]},
)

# 审核: passed, the work is done as of the day it was handed in; a matter done but not yet rated can still be returned
review_directive = Move(
    DIRECTIVE,
    "review",
    {FEEDBACK: (DONE, RETURNED), DONE: (RETURNED,)},
    leads=lambda _row, facts: DONE if facts["passed"] else RETURNED,
    offered=(FEEDBACK,),
    label=_("审核"),
    button=_("提交审核意见"),
    said=_("已审核。"),
    who=(
        not_the_doer(_("承办单位的人员不能审核本单位的办理情况。")),
        Guard(rules.can_review, _("办理情况由交办人、考核督查人员或专班负责人审核。")),
    ),
    fields=(
        FactField(
            name="passed",
            label=_("审核意见"),
            kind=FactKind.YES_NO,
            choices=(("yes", _("通过，予以办结")), ("no", pgettext_lazy("button", "退回补充"))),
            required=True,
        ),
        FactField(
            name="text",
            label=_("说明"),
            kind=FactKind.WORDS,
            help=_("退回时写明需要补充什么。"),
            required=True,
            when=lambda facts: not facts["passed"],
            needed=_("退回时请说明需要补充什么。"),
            code="text_needed",
        ),
    ),
    sets=_conclude,
    told=lambda deed: {"text": deed.text, "done_on": deed.row.done_on},
)

# 评价、销号
rate_directive = Move(
    DIRECTIVE,
    "rate",
    {DONE: (CLOSED,)},
    label=_("评价销号"),
    button=_("评价并销号"),
    said=_("已评价并销号。"),
    who=(
        not_the_doer(_("承办单位的人员不能评价本单位的办理情况。")),
        Guard(rules.can_rate, _("办理质量由交办人、考核督查人员或专班负责人评价。")),
    ),
    fields=(
        FactField(
            name="rating",
            label=_("评价"),
            kind=FactKind.CHOICE,
            choices=Rating.choices,
            required=True,
            needed=_("请选择评价：优秀、良好、合格或不合格。"),
            code="rating_unknown",
        ),
        FactField(name="text", label=_("评语"), kind=FactKind.WORDS),
    ),
    sets=_rate,
    told=lambda deed: {"rating": deed.row.rating, "text": deed.text},
)
