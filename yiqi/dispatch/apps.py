"""Django's registration of the dispatch app."""

from __future__ import annotations

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "yiqi.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"
