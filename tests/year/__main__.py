"""Live a county's year at random on a copy of the demonstration.

    python -m tests.year --seed 7 --days 365 --log year.jsonl
    python -m tests.year --seed 7 --days 365 --replay year.jsonl

Everything follows from the seed. Exit status 1 when something was found; the log holds each request.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.kept import DAY, copied, story


def main() -> int:
    """Copy the home, start Django on it, walk, say what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--visits", type=int, default=12)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--replay", type=Path, help="make the requests of a log again instead of choosing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = copied(story(), Path(folder) / "home")
        os.environ |= {"YIQI_HOME": str(home), "YIQI_AS_OF": DAY, "DJANGO_SETTINGS_MODULE": "yiqi.config.settings"}
        import django  # settings are read when Django starts: the home must be there

        django.setup()
        return walk(options)


def walk(options: argparse.Namespace) -> int:
    """Walk with Django at hand."""
    from django.conf import settings  # as above
    from django.test.utils import setup_test_environment

    from tests.year.walker import Step, Walker

    setup_test_environment()
    settings.ALLOWED_HOSTS = ["testserver"]
    log = options.log.open("w") if options.log else None
    walker = Walker(options.seed, date.fromisoformat(DAY), options.visits, log=log)
    started = time.process_time()
    if options.replay:
        for line in options.replay.read_text().splitlines():
            step = Step(**json.loads(line))
            settings.YIQI_AS_OF = date.fromisoformat(step.day)
            walker.take(step)
    else:
        walker.live(options.days)
    told = {
        "seed": options.seed,
        "ended": str(walker.day),
        "steps": walker.steps,
        "seconds": round(time.process_time() - started, 1),
        "answers": dict(sorted(walker.statuses.items())),
        "findings": walker.findings,
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 1 if walker.findings else 0


if __name__ == "__main__":
    sys.exit(main())
