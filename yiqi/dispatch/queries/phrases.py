"""Small turns of phrase that agenda and report share."""

from __future__ import annotations

from django.utils.translation import gettext as _

ENDS = ("。", ".", "？", "；")


def sentence(text: str) -> str:
    """The text with a full stop."""
    text = text.strip()
    return text if not text or text.endswith(ENDS) else text + "。"


def quoted(name: str) -> str:
    """The name in quotation marks, unless it brings its own."""
    return name if "“" in name else f"“{name}”"


def period_text(period: str) -> str:
    """2021-08 is cumulative from January: 1—8月."""
    year, dash, month = period.partition("-")
    if not dash or not month.isdecimal():
        return year
    return _("1—%(month)s月") % {"month": int(month)} if int(month) > 1 else _("1月")
