"""What an earlier run of a command left in the folder: listed in its document, and only that is ever removed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path

from yiqi.engine.ground.errors import EngineError


def leftovers(out: Path, document: str, written: Collection[str]) -> list[Path]:
    """Files that the ``document`` of an earlier run lists (name -> SHA-256) and that this run will not write.

    Error ``folder_changed``: one of them is not as it was written, so it is not for this command to remove.
    """
    found = []
    for name, digest in _listed(out / document).items():
        path = out / name
        if name in written or Path(name).name != name or path.suffix != ".csv" or not path.is_file():
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            text = f"{path} is of an earlier run and was changed since; move it away or choose another folder"
            raise EngineError("folder_changed", text, {"folder": str(out), "file": name})
        found.append(path)
    return found


def _listed(path: Path) -> Mapping[str, object]:
    """The files of an earlier document; nothing where there is none, or it is no document of a command."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    files = document.get("files") if isinstance(document, Mapping) else None
    return files if isinstance(files, Mapping) else {}
