"""The audit trail: one chained record for each operation, never changed."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.core.models.institutions import Person
from yiqi.kit.digest import canonical
from yiqi.kit.errors import NotAllowedError


def _refuse() -> NoReturn:
    raise NotAllowedError(_("审计记录只增不改，不能修改或删除。"), code="audit_append_only")


class AppendOnly(models.QuerySet[Any]):
    """A queryset that reads and inserts one by one, and refuses everything else.

    It is also the base manager, so that ``save_base`` and the collector of deletions meet the same refusal. Whoever
    goes round the ORM meets the triggers of migration 0003.
    """

    def update(self, **_kwargs: Any) -> int:
        """Refused."""
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> int:
        """Refused."""
        _refuse()

    def bulk_create(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        """Refused: a record is chained to the one before, so they are written one by one."""
        _refuse()

    def _update(self, *_args: Any, **_kwargs: Any) -> int:
        _refuse()

    def _raw_delete(self, *_args: Any, **_kwargs: Any) -> int:
        _refuse()


CHAINED_FIELDS = (
    "sequence",
    "at",
    "business_date",
    "person_id",
    "person_name",
    "role",
    "verb",
    "target_type",
    "target_id",
    "target_label",
    "region_code",
    "before",
    "after",
    "channel",
    "address",
    "request",
    "algorithm",
    "previous_digest",
)


class AuditRecord(models.Model):
    """One operation: who, when, what, before and after, from where; chained to the record before by its digest."""

    sequence = models.PositiveBigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    business_date = models.DateField(_("业务日期"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"))
    person_name = models.CharField(_("操作人姓名"), max_length=60)
    role = models.CharField(_("身份"), max_length=120, blank=True)
    verb = models.CharField(_("操作"), max_length=60)
    target_type = models.CharField(_("对象类型"), max_length=60)
    target_id = models.CharField(_("对象编号"), max_length=60)
    target_label = models.CharField(_("对象"), max_length=200)
    region_code = models.CharField(_("区划代码"), max_length=12)
    before = models.JSONField(_("变更前"), null=True)
    after = models.JSONField(_("变更后"), null=True)
    channel = models.CharField(_("渠道"), max_length=10)
    address = models.CharField(_("来源地址"), max_length=60, blank=True)
    request = models.CharField(_("请求编号"), max_length=40, blank=True)
    algorithm = models.CharField(_("摘要算法"), max_length=10)
    previous_digest = models.CharField(_("前一条摘要"), max_length=64, blank=True)
    digest = models.CharField(_("摘要"), max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        base_manager_name = "objects"
        ordering = ("-sequence",)
        indexes: ClassVar = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["person", "at"], name="audit_person"),
            models.Index(fields=["verb", "at"], name="audit_verb"),
            models.Index(fields=["region_code", "sequence"], name="audit_region"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            _refuse()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()

    def chained(self) -> bytes:
        """The bytes that the digest covers: every field but the digest itself."""
        facts = {name: getattr(self, name) for name in CHAINED_FIELDS}
        facts["at"] = self.at.timestamp()
        return canonical(facts)


class AuditHead(models.Model):
    """The last link of the chain: the one row that a writer locks, so that two operations never share a sequence."""

    chain = models.CharField(_("链"), max_length=20, primary_key=True)
    sequence = models.PositiveBigIntegerField(_("末条序号"), default=0)
    digest = models.CharField(_("末条摘要"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("审计链末端")

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"
