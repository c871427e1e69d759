"""Addresses of the appraisal app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "appraisal"
urlpatterns: list[URLPattern | URLResolver] = []
