"""What the walker types: mostly what a person would, now and then what nobody should."""

from __future__ import annotations

import io
from datetime import date, timedelta
from random import Random

from openpyxl import Workbook

from tests.year.pages import Control, Form

WORDS = (
    "已完成前期工作",
    "资金尚未到位",
    "请住建局协调用地",
    "按计划推进",
    "汛情影响工期",
    "材料已补齐",
    "Phase II 完成80%",
    "见附件",
)
ODD = (
    "",
    " ",
    "\u202e倒写\u202c",
    "𠀀𪚥",
    "😀",
    "a\x00b",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "'; DROP TABLE plan_task; --",
    "字" * 5000,
    "9" * 5000,
    "-1",
    "1e400",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "2021-02-30",
    "on",
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _sheet() -> bytes:
    book = Workbook()
    book.active.append(["序号", "任务名称", "牵头单位", "完成时限"])
    book.active.append([1, "新增任务", "县发改局", "12月底"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FILES = {
    "材料.pdf": PDF,
    "任务.xlsx": _sheet(),
    "图.png": b"\x89PNG\r\n\x1a\n",
    "假.pdf": b"MZ\x90\x00",
    "空.xlsx": b"",
}
Typed = list[tuple[str, str]]


def fill(form: Form, chance: Random, today: date, oddness: float) -> tuple[Typed, list[tuple[str, str]]]:
    """Values for a form's fields in order, and names of ``FILES`` for those that take a file."""
    typed: Typed = []
    files: list[tuple[str, str]] = []
    for control in form.controls:
        if control.kind == "file":
            if control.required or chance.random() < 0.4:
                files.append((control.name, chance.choice(list(FILES))))
        elif control.kind != "hidden" and chance.random() < oddness:
            typed.append((control.name, chance.choice(ODD)))
        else:
            typed += [(control.name, value) for value in _values(control, chance, today)]
    if form.buttons:
        typed.append(chance.choice(form.buttons))
    return typed, files


def _values(control: Control, chance: Random, today: date) -> list[str]:
    if control.kind in {"select", "radio", "checkbox"}:
        return _chosen(control, chance)
    if control.kind == "hidden" or (control.value and chance.random() < 0.5):
        return [control.value]
    if not control.required and chance.random() < 0.3:
        return [""]
    return [_written(control, chance, today)]


def _written(control: Control, chance: Random, today: date) -> str:
    if control.kind == "date":
        return (today + timedelta(days=chance.randint(-3, 40))).isoformat()
    if control.kind == "datetime-local":
        return f"{(today + timedelta(days=chance.randint(0, 7))).isoformat()}T09:00"
    if control.kind == "number":
        return str(chance.randint(int(float(control.low or 0)), int(float(control.high or 100))))
    words = f"{chance.choice(WORDS)}{chance.randint(1, 999)}"
    return words[: control.longest] if control.longest else words


def _chosen(control: Control, chance: Random) -> list[str]:
    options = [option for option in control.options if option] or control.options
    if not options or (not control.required and control.kind != "radio" and chance.random() < 0.3):
        return []
    if control.many or (control.kind == "checkbox" and len(options) > 1):
        return chance.sample(options, k=min(len(options), chance.randint(1, 2)))
    return [chance.choice(options)]
