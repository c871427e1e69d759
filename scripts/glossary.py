"""Write docs/glossary.md from the models and choices, so that it cannot fall behind them; ``--check`` only compares."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "glossary.md"
HEAD = """# Glossary

One term a concept: the Chinese word that the pages show, the English name that the code uses, what it means.
Written from the models by `python scripts/glossary.py`; a test compares.
"""


def first_sentence(text: str | None) -> str:
    """Up to the first full stop or colon-less line end, on one line."""
    words = " ".join((text or "").split())
    end = words.find(". ")
    return (words if end < 0 else words[: end + 1]).replace("|", "/")


def word_lists() -> list[str]:
    """The words of the field that the apps offer, under their headings."""
    from yiqi.core.doors import GlossaryTerms
    from yiqi.kit.offering import offered

    lists: dict[str, list[str]] = {}
    for terms in offered(GlossaryTerms):
        lists.setdefault(terms.heading, []).extend(terms.lines)
    parts = []
    for heading, lines in lists.items():
        parts += [f"{heading}:", "", *(f"- {line}" for line in lines), ""]
    return parts


def documented_apps() -> list[str]:
    """Our apps that have models, in the order of the settings."""
    from django.apps import apps

    return [app.label for app in apps.get_app_configs() if app.name.startswith("yiqi.") and any(app.get_models())]


def model_table(app: str) -> list[str]:
    """One row a model."""
    from django.apps import apps

    models = sorted(apps.get_app_config(app).get_models(), key=lambda item: item.__name__)
    head = ["| 中文 | English | meaning |", "|---|---|---|"]
    return [*head, *(f"| {m._meta.verbose_name} | {m.__name__} | {first_sentence(m.__doc__)} |" for m in models)]


def choice_table(app: str) -> list[str]:
    """One row a set of choices, with each value and its label."""
    import importlib

    from django.db.models import TextChoices

    module = importlib.import_module(f"yiqi.{app}.enums")
    classes = [item for _name, item in inspect.getmembers(module, inspect.isclass) if issubclass(item, TextChoices)]
    own = [item for item in classes if item.__module__ == module.__name__]
    rows = ["| choices | values |", "|---|---|"]
    for choices in sorted(own, key=lambda item: item.__name__):
        values = "、".join(f"{item.label}（{item.value}）" for item in choices)
        rows.append(f"| {choices.__name__} | {values} |")
    return rows


def page() -> str:
    """The whole page, in the source language of the interface."""
    from django.utils import translation

    with translation.override("zh-hans"):
        parts = [HEAD, *word_lists()]
        for app in documented_apps():
            parts += [f"## {app}", "", *model_table(app), "", *choice_table(app), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    from written import main  # beside this script

    sys.exit(main(TARGET, page))
