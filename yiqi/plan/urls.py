"""Addresses of the plan app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "plan"
urlpatterns: list[URLPattern | URLResolver] = []
