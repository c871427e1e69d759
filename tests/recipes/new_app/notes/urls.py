"""Addresses of the notes."""

from __future__ import annotations

from django.urls import path
from yiqi.notes import views

app_name = "notes"
urlpatterns = [path("", views.list_notes, name="list_notes")]
