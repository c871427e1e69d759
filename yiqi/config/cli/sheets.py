"""What the two imports share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.conf import settings

from yiqi.kit.errors import FileRefusedError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DRY = click.option("--dry-run", is_flag=True, help="read and show, change nothing")


def only(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """The keys that the command promises; a preview keeps more for the pages."""
    return [{key: row[key] for key in keys} for row in rows]


def size_checked(path: Path) -> bytes:
    """The file's bytes; FileRefusedError where it is too large to be a sheet."""
    size = path.stat().st_size
    if size > settings.UPLOAD_LIMIT:
        raise FileRefusedError(
            f"文件“{path.name}”有{size / 2**20:.0f} MB，超过{settings.UPLOAD_LIMIT / 2**20:.0f} MB的上限。"
            "请删去无关的工作表和图片后再导入。"
        )
    return path.read_bytes()


def told_notes(rows: list[dict[str, Any]], name: str) -> list[str]:
    """A line for each row that has notes: where, what the reader made of it, why."""
    words = {"read": "读取", "guessed": "推断", "error": "错误"}
    told = []
    for row in rows:
        where = row["region"] if "region" in row else f"第{row['row']}行"
        told += [f"  {where} {words[row['state']]} {row[name]}：{'；'.join(row['notes'])}"] if row["notes"] else []
    return told
