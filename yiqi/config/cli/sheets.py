"""What the imports share: read, show, apply unless it is a trial."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from yiqi.config.cli.acting import operator
from yiqi.config.cli.frame import FINDINGS, business_day, show
from yiqi.core.models import Region, Upload
from yiqi.core.operations.uploads import UploadKind, apply_upload, preview_upload
from yiqi.core.rules import Mandate
from yiqi.kit import clock
from yiqi.kit.errors import FileRefusedError, InvalidInputError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DRY = click.option("--dry-run", is_flag=True, help="read and show, change nothing")


@dataclass(frozen=True, slots=True)
class ImportWords:
    """How a command tells what it did: the key that names a row, what rows are, their counter, what was written."""

    name: str
    rows: str
    counter: str
    written: str


def import_file(
    kind: UploadKind[Any, Any],
    path: Path,
    *,
    subject: Model,
    region: Region,
    words: ImportWords,
    dry_run: bool,
    as_json: bool,
    period: str = "",
) -> int:
    """Preview a file and apply it; status 1 when some rows could not be read. A trial leaves nothing behind."""
    data, now, today = size_checked(path), clock.now(), business_day()
    with transaction.atomic():
        by = operator(region, today=today)
        found = preview_upload(
            kind, by=by, today=today, now=now, subject=subject, data=data, filename=path.name, period=period
        )
        written = 0 if dry_run else _apply(kind, found, by=by)
        transaction.set_rollback(dry_run)
    told = kind.told(found.result)
    rows = told[kind.rows]

    def lines() -> list[str]:
        done = "未写入（试读）" if dry_run else words.written.format(written)
        counts = f"共{len(rows)}{words.rows}，错误{told['errors']}{words.counter}，跳过{len(told['skipped'])}行"
        return [*_notes(rows, words.name), f"{counts}；{done}。"]

    show(told | ({} if dry_run else {"written": written}), as_json=as_json, lines=lines)
    return FINDINGS if told["errors"] else 0


def _apply(kind: UploadKind[Any, Any], found: Upload, *, by: Mandate) -> int:
    """How many were written; none is no fault of a command whose findings say why."""
    try:
        return len(apply_upload(kind, by=by, today=business_day(), now=clock.now(), upload=found))
    except InvalidInputError as error:
        if error.code != "nothing_to_import":
            raise
        return 0


def size_checked(path: Path) -> bytes:
    """The file's bytes; FileRefusedError where it is too large to be a sheet."""
    size = path.stat().st_size
    if size > settings.UPLOAD_LIMIT:
        raise FileRefusedError(
            f"文件“{path.name}”有{size / 2**20:.0f} MB，超过{settings.UPLOAD_LIMIT / 2**20:.0f} MB的上限。"
            "请删去无关的工作表和图片后再导入。"
        )
    return path.read_bytes()


def _notes(rows: list[dict[str, Any]], name: str) -> list[str]:
    """A line for each row that has notes: where, what the reader made of it, why."""
    words = {"read": "读取", "guessed": "推断", "error": "错误"}
    told = []
    for row in rows:
        where = row["region"] if "region" in row else f"第{row['row']}行"
        told += [f"  {where} {words[row['state']]} {row[name]}：{'；'.join(row['notes'])}"] if row["notes"] else []
    return told
