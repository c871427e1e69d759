"""Commands of the engine for people without the web. Each one joins ``engine_commands`` by one line.

A command takes its arguments, errors and exit status from ``console.frame``. What loads slowly (SciPy, statsmodels,
Matplotlib) is imported where it is used, so that every command starts quickly.
"""

from __future__ import annotations

import click

from yiqi.engine.console.backtest import backtest_command
from yiqi.engine.console.catchup import catchup_command
from yiqi.engine.console.frame import joined
from yiqi.engine.console.scoring import score
from yiqi.engine.console.sensitivity import sensitivity_command

engine_commands: list[click.Command] = [
    joined(score),
    joined(sensitivity_command),
    joined(catchup_command),
    joined(backtest_command),
]

__all__ = ["engine_commands"]
