"""Django's registration of the appraisal app."""

from __future__ import annotations

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "yiqi.appraisal"
    label = "appraisal"
    default_auto_field = "django.db.models.BigAutoField"
