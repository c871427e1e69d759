"""The check with which the operations of the core begin."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiqi.core.rules import Mandate, administers
from yiqi.kit.errors import NotAllowedError, NotFoundError


def admit_administrator(by: Mandate | None, region_code: str) -> None:
    """Let the administrator of the region pass, and the system itself (None: installation and demonstration).

    Raises NotFoundError out of scope, NotAllowedError inside of it for everybody else.
    """
    if by is None or administers(by, region_code):
        return
    if by.reaches(region_code):
        raise NotAllowedError(_("只有系统管理员可以维护人员、单位、设置和日历。"), code="not_administrator")
    raise NotFoundError(_("页面或记录不存在，或者不在您的职责范围内。"))


def admit_person(by: Mandate | None) -> Mandate:
    """Somebody must stand behind the deed: it cannot be the system's own."""
    if by is None:
        raise NotAllowedError(_("这项操作必须由具体人员进行。"), code="nobody")
    return by
