"""Addresses of the core app."""

from __future__ import annotations

from django.urls import path

from yiqi.core.views.account import switch_language

app_name = "core"
urlpatterns = [
    path("language/", switch_language, name="switch_language"),
]
