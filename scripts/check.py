"""Everything that CI runs, two steps at a time; each says what it needs, and what cannot run is a failure."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One step: its name, its command, the programs that it needs with the command that installs them."""

    name: str
    command: tuple[str, ...]
    needs: dict[str, str] = field(default_factory=dict)
    group: str = "test"


CHROMIUM = {"chromium": "apt-get install chromium fonts-noto-cjk"}
WORD = {
    "soffice": "apt-get install libreoffice-writer-nogui texlive-lang-chinese fonts-noto-cjk fonts-noto-cjk-extra",
    "pdftotext": "apt-get install poppler-utils",
}
SERVER = {"pg_virtualenv": "apt-get install postgresql postgresql-common"}


def tool(name: str) -> str:
    """A program of the virtual environment."""
    return str(BIN / name)


def on_database(name: str) -> bool:
    """Whether a folder of tests belongs to an app, or to all of them, and so runs on both databases."""
    return name == "permissions" or (ROOT / "yiqi" / name / "offers.py").exists() or name == "demo"


def steps(workers: str) -> list[Step]:
    """The steps in order: the quick ones first, then those that take longest.

    Only the tests of the apps and of the command line run operations, readers and rules: there coverage is measured.
    """
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "yiqi" / "templates").rglob("*.html"))
    unit = (tool("pytest"), "-n", workers, "-m", "not browser")
    browser = (tool("pytest"), "-n", workers, "--dist", "loadfile", "-m", "browser")  # a worker has a server of its own
    folders = sorted(path.name for path in (ROOT / "tests").iterdir() if path.is_dir())
    kept = [f"tests/{name}" for name in folders if on_database(name)]
    measured = [*kept, "tests/config"]
    others = [f"--ignore={name}" for name in [*measured, "tests/browser"]]
    server = ("pg_virtualenv", "-o", "fsync=off", sys.executable, "scripts/on_postgres.py")
    return [
        Step("format", (tool("ruff"), "format", "--check", "."), group="lint"),
        Step("lint", (tool("ruff"), "check", "."), group="lint"),
        Step("templates", (tool("djade"), "--check", "--target-version", "5.2", *templates), group="lint"),
        Step("types", (tool("mypy"),), group="lint"),
        Step("imports", (tool("lint-imports"),), group="lint"),
        Step("migrations", (sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"), group="lint"),
        Step("tests of the apps", (sys.executable, "scripts/covered.py", *unit, *measured), needs=WORD),
        Step("other tests", (*unit, *others), needs=WORD),
        Step("browser", (*browser, "tests/browser"), needs=CHROMIUM),
        Step(
            "tests on PostgreSQL",
            (*server, *unit, "--touching-the-database", *kept),
            needs={**SERVER, **WORD},
        ),
    ]


def missing(step: Step) -> list[str]:
    """What is not installed, with the command that installs it."""
    return [f"{name} is missing: {how}" for name, how in step.needs.items() if shutil.which(name) is None]


def run(step: Step, environment: dict[str, str]) -> bool:
    """Run one step; its words are printed together when it ends, since another step runs beside it."""
    started = time.monotonic()
    said = missing(step)
    passed = not said
    if passed:
        done = subprocess.run(
            step.command, check=False, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said.append(done.stdout.decode(errors="replace").rstrip())
        passed = done.returncode == 0
    print("\n".join([f"== {step.name}", *said, f"   {time.monotonic() - started:.0f} s"]), flush=True)
    return passed


def main() -> int:
    """Run the steps, two at a time: one uses what the other leaves idle. One run tells everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["lint", "test"])
    only = parser.parse_args().only
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    environment.pop("YIQI_AS_OF", None)
    chosen = [step for step in steps(os.environ.get("PYTEST_WORKERS", "2")) if only in {None, step.group}]
    with ThreadPoolExecutor(max_workers=2) as lanes:
        passed = list(lanes.map(lambda step: run(step, environment), chosen))
    failed = [step.name for step, good in zip(chosen, passed, strict=True) if not good]
    print(f"failed: {', '.join(failed)}" if failed else "everything passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
