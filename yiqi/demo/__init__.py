"""The demonstration: Yicheng in 2021."""

from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
OPERATOR = "command-line"  # the account in whose name commands act: nobody's own data
