"""Write a document that is made from the code; ``--check`` only compares, with status 1 where it has fallen behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path


def main(target: Path, page: Callable[[], str]) -> int:
    """Write or compare ``page()``; the product is found beside the folder of the scripts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiqi.config.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import django

    django.setup()
    text = page()
    if "--check" in sys.argv:
        return 0 if target.exists() and target.read_text(encoding="utf-8") == text else 1
    target.write_text(text, encoding="utf-8")
    return 0
