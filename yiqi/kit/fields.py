"""Abstract model bases and fields that carry no domain noun."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.kit.errors import ConflictError


class Versioned(models.Model):
    """A record that people edit in forms: its version makes a stale form a clear message instead of a lost change."""

    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        abstract = True

    def expect_version(self, version: int | None) -> None:
        """Raise ConflictError unless ``version`` is the one on record (None: the caller saw no form)."""
        if version is not None and version != self.version:
            raise ConflictError(
                _("您打开表单之后，这条记录已被他人修改。您填写的内容仍保留在下方，请核对最新内容后重新提交。"),
                code="stale_form",
                data={"expected": version, "actual": self.version},
            )


class Sourced(models.Model):
    """A record that says whether it was invented for the demonstration, and where it comes from."""

    demo = models.BooleanField(_("演示数据"), default=False)
    source = models.CharField(_("来源"), max_length=300, blank=True)

    class Meta:
        abstract = True
