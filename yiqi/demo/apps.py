"""Django's registration of the demo app."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "yiqi.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
