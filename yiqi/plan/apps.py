"""Django's registration of the plan app."""

from __future__ import annotations

from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "yiqi.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"
