"""Children that never outlive the measurement, however it ends."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Callable
from types import FrameType


def tied(number: signal.Signals) -> Callable[[], None]:
    """For ``preexec_fn``: on Linux the child gets this signal when its parent dies, even by kill -9."""

    def tie() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, number)

    return tie


def end_politely() -> None:
    """TERM and HUP unwind like Ctrl-C, so that everything that was started is stopped."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)  # INT too: a shell's background job starts with it ignored
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, interrupt)
