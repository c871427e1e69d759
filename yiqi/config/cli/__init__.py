"""The command line: ``yiqi COMMAND``; exit status 0, 1 for findings, 2 for wrong usage."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry of the ``yiqi`` script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiqi.config.settings")
    import django

    django.setup()
    from yiqi.config.cli.commands import root
    from yiqi.config.cli.frame import run

    sys.exit(run(root))
