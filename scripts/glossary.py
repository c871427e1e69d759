"""Write docs/glossary.md from the models and choices, so that it cannot fall behind them; ``--check`` only compares."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "glossary.md"
APPS = ("core", "plan", "appraisal", "dispatch")
HEAD = """# Glossary

One term a concept: the Chinese word that the pages show, the English name that the code uses, what it means.
Written from the models by `python scripts/glossary.py`; a test compares.

Words of the field that are not models:

- 4+1: the city's appraisal in five blocks
- 第一方阵: first tier, the first places of the league; how many is a setting
- 督办: supervision, following a decision to zero
- 销号: striking a matter off the list once it is verified
- 一票否优: a major fault takes away the year's commendation
- 填报 / 审核: reporting a figure / checking it; never the same person
- 快报 / 初步核算 / 最终核实: flash / preliminary / final figures
- 截至: as of

Words of the scoring engine:

- 综合指数: composite index, scores of a tree of indicators; 节点 node, 汇总 aggregation level by level
- 填补: imputation of missing cells; 处理: treatment of outlying values; 标准化: normalisation to one scale
- 两两比较: outranking, comparing units pair by pair
- 有效权重: effective weight, the product of shares down the tree; 重要性: importance, what a column decides
- 不确定性 / 敏感性: uncertainty of a standing under drawn assumptions / sensitivity, each assumption's part in it
- 追赶测算: catching up, the least change that gains a place; 边际: marginal points or places now
- 情景: scenario (what-if), changed values and the standing that they would give
- 展望: outlook, the year's end forecast and pushed through the rules; 回测: backtest, the same on years that are known
"""


def first_sentence(text: str | None) -> str:
    """Up to the first full stop or colon-less line end, on one line."""
    words = " ".join((text or "").split())
    end = words.find(". ")
    return (words if end < 0 else words[: end + 1]).replace("|", "/")


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
        parts = [HEAD]
        for app in APPS:
            parts += [f"## {app}", "", *model_table(app), "", *choice_table(app), ""]
    return "\n".join(parts)


def main() -> int:
    """Write or compare."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiqi.config.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    text = page()
    if "--check" in sys.argv:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
