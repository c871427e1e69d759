"""Addresses of the cockpit app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "cockpit"
urlpatterns: list[URLPattern | URLResolver] = []
