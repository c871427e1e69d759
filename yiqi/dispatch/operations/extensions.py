"""More time for a directive: asked before the due date, granted by whoever assigned, twice at most."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import SettingKey
from yiqi.core.operations import move_promise, record
from yiqi.core.queries import setting
from yiqi.core.rules import Mandate
from yiqi.dispatch import rules
from yiqi.dispatch.enums import WORKING_ON, ExtensionStatus
from yiqi.dispatch.models import Directive, Extension
from yiqi.dispatch.operations.directive_life import lock_directive
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.records import ensure, save


@transaction.atomic
def ask_extension(*, by: Mandate, today: date, directive: Directive, new_due: date, reason: str) -> Extension:
    """Ask for a later due date, on the due date at the latest; the first due date stays on record.

    Raises ConflictError when the due date has passed, a wish is open already or all extensions are used up.
    """
    directive = lock_directive(by, directive)
    ensure(rules.can_answer(by, directive), _("延期由承办单位申请。"))
    if directive.status not in WORKING_ON:
        raise _not_in_hand(directive)
    if today > directive.due:
        raise ConflictError(_("办结时限已过，延期应当在时限之前申请。"), code="asked_too_late")
    if new_due <= directive.due:
        raise InvalidInputError(_("申请延至的日期应当晚于现在的时限。"), code="not_later", data={"field": "new_due"})
    if not reason.strip():
        raise InvalidInputError(_("请写明延期理由。"), code="reason_needed", data={"field": "reason"})
    asked = list(directive.extensions.all())
    if any(row.status == ExtensionStatus.ASKED for row in asked):
        raise ConflictError(_("已有一份延期申请等待批复。"), code="already_asked")
    most = int(cast(int, setting(directive.region_id, SettingKey.EXTENSIONS)))
    if sum(row.status == ExtensionStatus.GRANTED for row in asked) >= most:
        raise ConflictError(_("每件事项最多延期%(most)s次，次数已经用完。") % {"most": most}, code="extensions_used_up")
    extension = Extension.objects.create(
        directive=directive,
        asked_by=by.person,
        asked_on=today,
        old_due=directive.due,
        new_due=new_due,
        reason=reason.strip(),
    )
    after = {"old_due": extension.old_due, "new_due": new_due, "reason": extension.reason}
    record(
        by=by,
        verb="directive.ask_extension",
        target=directive,
        region_code=directive.region_id,
        today=today,
        after=after,
    )
    return extension


@transaction.atomic
def decide_extension(*, by: Mandate, today: date, extension: Extension, granted: bool, opinion: str = "") -> Extension:
    """Grant or refuse; granted, the due date moves and the first one stays visible. A refusal needs its reason."""
    directive = lock_directive(by, Directive(pk=extension.directive_id))
    ensure(not rules.belongs_to_doer(by, directive), _("承办单位的人员不能批准本单位的延期。"), "own_work")
    ensure(rules.can_decide_extension(by, directive), _("延期由交办人或考核督查人员批复。"))
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if extension.status != ExtensionStatus.ASKED:
        raise ConflictError(_("这份延期申请已经批复。"), code="already_decided")
    if not granted and not opinion.strip():
        raise InvalidInputError(_("不同意延期时请说明理由。"), code="opinion_needed", data={"field": "opinion"})
    if granted and directive.status not in WORKING_ON:
        raise _not_in_hand(directive)
    extension.status = ExtensionStatus.GRANTED if granted else ExtensionStatus.REFUSED
    extension.decided_by, extension.decided_on, extension.opinion = by.person, today, opinion.strip()
    extension.save()
    before = {"due": directive.due}
    if granted:
        directive.due = extension.new_due
        move_promise(by=by, today=today, about=directive.ref, basis=extension.reason, due=extension.new_due)
    save(directive)
    after = {"due": directive.due, "extension": extension.status, "opinion": extension.opinion}
    record(
        by=by,
        verb="directive.decide_extension",
        target=directive,
        region_code=directive.region_id,
        today=today,
        before=before,
        after=after,
    )
    return extension


def _not_in_hand(directive: Directive) -> ConflictError:
    message = _("该事项目前是“%(status)s”，不需要延期。") % {"status": directive.get_status_display()}
    return ConflictError(message, code="not_in_hand")
