"""The facts of the machine."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from django.db import connection

from benchmarks.pages.postgres import SETTINGS
from benchmarks.pages.server import processor_seconds


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def loop_ms() -> float:
    """Processor time of a fixed loop: the same machine gives the same, unless others press on its caches."""
    began = time.process_time()
    sum(number * number % 7 for number in range(1_000_000))
    return (time.process_time() - began) * 1e3


class Neighbours:
    """The share of the machine's processor time that neither we nor our servers used."""

    def __init__(self, *ours: psutil.Process):
        self.ours = ours
        self._began, self._mine = self._busy(), self._own()

    def _own(self) -> float:
        return processor_seconds(psutil.Process(), *self.ours)

    @staticmethod
    def _busy() -> tuple[float, float]:
        times = psutil.cpu_times()
        whole = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
        return whole - times.idle - getattr(times, "iowait", 0.0), whole

    def share(self) -> float:
        """From the start until now, between 0 and 1."""
        busy, whole = (now - then for now, then in zip(self._busy(), self._began, strict=True))
        return max(0.0, busy - (self._own() - self._mine)) / max(whole, 1e-9)


def facts() -> dict[str, Any]:
    """Cores, memory, versions; the load when the measurement began says whether others used the machine."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "loop_ms": round(loop_ms(), 1),
        "load_at_start": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "django": version("django"),
        "granian": version("granian"),
        "postgresql": server,
        "postgresql_settings": SETTINGS,
        "database_mb": round(size / 2**20),
    }
