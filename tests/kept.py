"""What is made once and copied: a database with all its tables, a home with the demonstration.

Both are kept in pytest's cache under a digest of the files that decide them, so that workers, steps and later runs
share them; a change makes them anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "d"
YIQI = str(Path(sys.executable).parent / "yiqi")
DATABASE = "yiqi.sqlite3"
DAY = "2021-09-06"
LOCK = ROOT / "requirements.lock"


def _digest(files: Iterable[Path]) -> str:
    made = hashlib.sha256()
    for file in sorted(files):
        made.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return made.hexdigest()[:16]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _home(name: str, files: Iterable[Path], *words: str) -> Path:
    """The home that a command leaves behind; whoever comes first makes it, the others wait."""
    kept = FOLDER / f"{name}-{_digest(files)}"
    with _alone(name):
        if not kept.exists():
            for old in FOLDER.glob(f"{name}-*"):
                shutil.rmtree(old)
            part = FOLDER / f"{name}-part"
            environment = {**os.environ, "YIQI_HOME": str(part), "YIQI_AS_OF": DAY}
            environment.pop("YIQI_DATABASE_URL", None)
            done = subprocess.run([YIQI, *words], env=environment, capture_output=True, check=True, timeout=600)
            (part / "said").write_bytes(done.stdout)
            part.rename(kept)
    return kept


@cache
def tables() -> Path:
    """A home whose database has its tables and no rows."""
    files = [*ROOT.glob("yiqi/*/migrations/*.py"), LOCK]
    return _home("tables", files, "campaign", "list", "--json")


@cache
def story() -> Path:
    """A home with the demonstration, as ``yiqi demo load --json`` leaves it; what it printed is in ``said``."""
    files = [file for file in ROOT.glob("yiqi/**/*") if file.suffix in {".py", ".csv", ".json", ".po"}]
    return _home("story", [*files, LOCK], "demo", "load", "--json")


def copied(source: Path, target: Path) -> Path:
    """A copy of a home whose server may be running, made where ``target`` is; its day, secret and files go along."""
    target.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(source / DATABASE)) as old,
        closing(sqlite3.connect(target / DATABASE)) as new,
    ):
        old.backup(new)
    for name in ("secret_key", "as_of"):
        if (source / name).exists():
            shutil.copy(source / name, target)
    if (source / "attachments").exists():
        shutil.copytree(source / "attachments", target / "attachments")
    return target
