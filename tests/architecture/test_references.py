"""Relations between models and links in templates obey the order of the layers, as imports do."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField
from django.urls import get_resolver

from tests.architecture.layers import TEMPLATES, app_layers, may_use

LINK = re.compile(r"{%\s*url\s+['\"](?:([a-z]+):)?([a-z0-9_]+)['\"]")


def test_relations_only_point_down() -> None:
    ours = set(app_layers())
    upward = []
    for model in apps.get_models():
        if model._meta.app_label not in ours:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField) and field.related_model != "self":
                used = field.related_model._meta.app_label
                if used in ours and not may_use(model._meta.app_label, used):
                    upward.append(f"{model._meta.label}.{field.name} → {used}")
    assert upward == []


def app_of(template: Path) -> str:
    """The app that a template belongs to; the shared ones belong to the lowest layer."""
    first = template.relative_to(TEMPLATES).parts[0]
    if first in app_layers():
        return first
    # allauth's pages are the core's own accounts
    return "core" if first in {"account", "mfa", "allauth", "socialaccount"} else "kit"


# the brand and the language switch of the frame lead to the core, as every page stands on it
FRAME = {("kit", "core", "switch_language"), ("kit", "core", "switch_theme")}


def test_template_links_only_point_down() -> None:
    names = set(get_resolver().namespace_dict)
    upward = []
    for template in TEMPLATES.rglob("*.html"):
        own = app_of(template)
        for space, name in LINK.findall(template.read_text()):
            if space and space in app_layers() and not may_use(own, space) and (own, space, name) not in FRAME:
                upward.append(f"{template.relative_to(TEMPLATES)} → {space}:{name}")
            if space and space not in names:
                upward.append(f"{template.relative_to(TEMPLATES)} → {space}:{name} (unknown)")
    assert upward == []
