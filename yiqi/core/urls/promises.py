"""The ledger of promises: a page of all who work in the drive, not of the system."""

from __future__ import annotations

from django.urls import path

from yiqi.core.views.promises import list_promises

app_name = "promises"
urlpatterns = [path("", list_promises, name="list_promises")]
