"""The library that the modules of this package add to."""

from __future__ import annotations

from django import template

register = template.Library()
