"""What people sent: attachments, files to be imported, and the forms that were answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import UploadStatus
from yiqi.core.models.institutions import Person, Region, Unit


class Attachment(models.Model):
    """A stored file under a random name; who may fetch it is decided by the record that it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("单位"))
    name = models.CharField(_("文件名"), max_length=200)
    stored_as = models.CharField(_("存储名"), max_length=80, unique=True)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    algorithm = models.CharField(_("摘要算法"), max_length=10)
    digest = models.CharField(_("摘要"), max_length=64)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("附件")
        ordering = ("uploaded_at",)

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that was uploaded to be imported: what was read from it, and whether that was applied.

    ``belongs_to`` is the key of what the kind of import writes to, in a higher app; ``number`` counts within the kind
    and stands in the address of the page.
    """

    kind = models.CharField(_("种类"), max_length=20)
    number = models.PositiveIntegerField(_("编号"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    belongs_to = models.PositiveBigIntegerField(_("所属记录"))
    period = models.CharField(_("期别"), max_length=7, blank=True)
    options = models.JSONField(_("上传时的选择"), default=dict, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    algorithm = models.CharField(_("摘要算法"), max_length=10)
    file_digest = models.CharField(_("文件摘要"), max_length=64)
    result = models.JSONField(_("读取结果"))
    status = models.CharField(_("状态"), max_length=10, choices=UploadStatus.choices, default=UploadStatus.PREVIEWED)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    applied_at = models.DateTimeField(_("导入时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入的文件")
        ordering = ("-uploaded_at",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "number"], name="upload_number_in_kind")]
        indexes: ClassVar = [
            models.Index(fields=["kind", "region", "uploaded_at"], name="upload_in_region"),
            models.Index(fields=["kind", "belongs_to"], name="upload_belonging"),
        ]

    def __str__(self) -> str:
        return self.file_name


class SentForm(models.Model):
    """A form that did its deed, and where its sender was sent on to: the same form sent again is answered so again."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("提交人"))
    key = models.CharField(_("表单编号"), max_length=32)
    address = models.CharField(_("转到的页面"), max_length=500)
    sent_at = models.DateTimeField(_("提交时间"), db_index=True)

    class Meta:
        verbose_name = _("已提交的表单")
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="form_sent_once")]

    def __str__(self) -> str:
        return self.key
