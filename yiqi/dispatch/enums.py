"""Choices of dispatch; the tables of moves stand with the operations."""

from __future__ import annotations

from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WeekStatus(TextChoices):
    OPEN = "open", _("筹备")
    CLOSED = "closed", _("已开完")


class Opening(TextChoices):
    HAND = "hand", _("人工开启")
    SCHEDULE = "schedule", _("定时开启")
    COMMAND = "command", _("命令开启")


class AgendaKind(TextChoices):
    """What dispatch itself puts on an agenda; the other kinds come from the apps below."""

    CARRIED = "carried", _("上周未了督办事项")
    MANUAL = "manual", _("临时议题")


class AgendaStatus(TextChoices):
    PENDING = "pending", _("待议")
    DECIDED = "decided", _("已议定")
    NOTED = "noted", _("已通报")
    DEFERRED = "deferred", _("顺延下周")


class DirectiveStatus(TextChoices):
    """立项 → 交办 → 签收 → 办理 → 反馈 → 审核 → 办结 → 评价 → 销号: the state says what has been done last."""

    DRAFT = "draft", _("立项")
    ASSIGNED = "assigned", _("交办")
    ACCEPTED = "accepted", _("签收办理")
    FEEDBACK = "feedback", _("已反馈待审核")
    RETURNED = "returned", _("退回补充")
    DONE = "done", _("办结")
    CLOSED = "closed", _("销号")


class WhoseTurn(Enum):
    """Whose move is awaited in a state; the clocks of a directive run while it is the unit's."""

    GIVER = "giver"
    UNIT = "unit"
    REVIEWER = "reviewer"
    NOBODY = "nobody"


TURNS: dict[str, WhoseTurn] = {
    DirectiveStatus.DRAFT: WhoseTurn.GIVER,
    DirectiveStatus.ASSIGNED: WhoseTurn.UNIT,
    DirectiveStatus.ACCEPTED: WhoseTurn.UNIT,
    DirectiveStatus.FEEDBACK: WhoseTurn.REVIEWER,
    DirectiveStatus.RETURNED: WhoseTurn.UNIT,
    DirectiveStatus.DONE: WhoseTurn.NOBODY,
    DirectiveStatus.CLOSED: WhoseTurn.NOBODY,
}
WORKING_ON = tuple(state for state, turn in TURNS.items() if turn is WhoseTurn.UNIT)
UNFINISHED = frozenset(state for state, turn in TURNS.items() if turn is not WhoseTurn.NOBODY)
FINISHED = (DirectiveStatus.DONE, DirectiveStatus.CLOSED)  # over because the work was done


class Weight(TextChoices):
    ORDINARY = "ordinary", _("一般事项")
    MAJOR = "major", _("重大事项")


class Rating(TextChoices):
    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    PASS = "pass", _("合格")
    FAIL = "fail", _("不合格")


class ExtensionStatus(TextChoices):
    ASKED = "asked", _("待批")
    GRANTED = "granted", _("同意")
    REFUSED = "refused", _("不同意")


class ReportStatus(TextChoices):
    DRAFT = "draft", _("起草")
    SIGNED = "signed", _("已签发")
