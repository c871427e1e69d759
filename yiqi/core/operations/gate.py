"""The check with which the operations of the core begin."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiqi.core.rules import Mandate, administers
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.records import missing


def admit_administrator(by: Mandate, region_code: str) -> None:
    """Let the administrator of the region pass.

    Raises NotFoundError out of scope, NotAllowedError inside of it for everybody else.
    """
    if administers(by, region_code):
        return
    if by.reaches(region_code):
        raise NotAllowedError(_("只有系统管理员可以维护人员、单位、设置和日历。"), code="not_administrator")
    raise missing()


def admit_installer(by: Mandate | None, region_code: str) -> None:
    """The same, and let the system itself pass (None): installation and demonstration."""
    if by is not None:
        admit_administrator(by, region_code)
