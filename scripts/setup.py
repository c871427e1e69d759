"""Install what is missing: a virtual environment from the lock file, the web assets, the compiled catalogue.

Runs on a bare Python >= 3.11 with the standard library alone. Does nothing where everything is up to date.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = (str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check")
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3")


def fail(message: str) -> None:
    """Stop with one clear sentence."""
    sys.exit(f"setup: {message}")


def suitable_python() -> str:
    """A Python of 3.11 or later: the one that runs this script, or one on the path."""
    if sys.version_info >= (3, 11):
        return sys.executable
    for name in CANDIDATES:
        found = shutil.which(name)
        probe = [found or "", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if found and subprocess.run(probe, check=False).returncode == 0:
            return found
    fail("Python 3.11 or later is needed (Debian: apt-get install python3 python3-venv)")
    raise AssertionError


def run(*command: str) -> None:
    """Run a step; its failure is ours."""
    done = subprocess.run(command, check=False, cwd=ROOT)
    if done.returncode != 0:
        fail(f"this step failed: {' '.join(command[:6])}")


def find_uv() -> str | None:
    """uv on the path or in .venv: it installs in seconds what takes pip a minute."""
    inside = VENV / "bin" / "uv"
    return shutil.which("uv") or (str(inside) if inside.exists() else None)


def make_environment() -> None:
    """Create .venv with uv where it is, else with venv; then try to bring uv in, because pip is slow."""
    if PYTHON.exists():
        return
    print("setup: creating .venv")
    python = suitable_python()
    uv = find_uv()
    if uv:
        run(uv, "venv", "--quiet", "--python", python, str(VENV))
        return
    made = subprocess.run([python, "-m", "venv", str(VENV)], check=False, cwd=ROOT, capture_output=True)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        fail("this Python cannot make virtual environments (Debian: apt-get install python3-venv)")
    fetch = [*PIP, "install", "--require-hashes", "-r", str(ROOT / "requirements-uv.lock")]
    if subprocess.run(fetch, check=False, cwd=ROOT, capture_output=True).returncode != 0:
        print("setup: uv is not to be had, installing with pip (a minute longer)")


def stamp_of(*paths: Path) -> str:
    """Digest of the files that decide what must be installed."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def install(lock: Path, *, dev: bool) -> None:
    """Install the lock file with its hashes, then the project itself."""
    stamp = VENV / f".installed-{'dev' if dev else 'run'}"
    wanted = stamp_of(lock, ROOT / "pyproject.toml")
    either = [stamp, VENV / ".installed-dev"]
    if any(path.exists() and path.read_text() == wanted for path in either):
        return
    print(f"setup: installing {lock.name}")
    uv = find_uv()
    if uv:
        os.environ["VIRTUAL_ENV"] = str(VENV)
        run(uv, "pip", "install", "--quiet", "--require-hashes", "-r", str(lock))
        run(uv, "pip", "install", "--quiet", "--no-deps", "-e", ".")
    else:
        run(*PIP, "install", "--require-hashes", "-r", str(lock))
        run(*PIP, "install", "--no-deps", "-e", ".")
    compile_all(VENV / "lib")
    stamp.write_text(wanted)


def compile_all(folder: Path) -> None:
    """Bytecode beside the sources: uv leaves it out, and where nothing may be written each start would compile anew.

    Its status is left alone: packages ship templates that end in .py and are no Python.
    """
    skipped = r"[\\/]tests?[\\/]"
    command = (str(PYTHON), "-m", "compileall", "-qq", "-j", "0", "-x", skipped, str(folder))
    subprocess.run(command, check=False, cwd=ROOT)


def main() -> None:
    """Parse the one flag and do what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = parser.parse_args().dev
    make_environment()
    install(ROOT / ("requirements-dev.lock" if dev else "requirements.lock"), dev=dev)
    compile_all(ROOT / "yiqi")
    run(str(PYTHON), "scripts/assets.py")
    run(str(PYTHON), "scripts/messages.py", "compile")


if __name__ == "__main__":
    main()
