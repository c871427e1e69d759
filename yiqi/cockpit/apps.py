"""Django's registration of the cockpit app."""

from __future__ import annotations

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "yiqi.cockpit"
    label = "cockpit"
    default_auto_field = "django.db.models.BigAutoField"
