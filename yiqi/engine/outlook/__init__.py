"""Outlook: monthly series forecast to the year's end, pushed through the rules of an appraisal, and tested on the past.

A flow accumulates from January, as official statistics print it; a level stands by itself. Baselines stand beside every
model, and a model that does not beat them on past months gives way to them. See ``docs/algorithms/outlook.md``.

>>> panel = MonthlyPanel(("A",), ("jobs",), "2021-01", [[[2.0]], [[4.5]], [[6.0]], [[9.0]]], "flow")
>>> panel.series("A", "jobs").steps().tolist()
[2.0, 2.5, 1.5, 3.0]
>>> forecast(panel.series("A", "jobs"), "drift", 8, draws=100, seed=1).mean.round(2).tolist()[-1]
27.0
"""

from yiqi.engine.outlook.backtest import Backtest, Row, backtest
from yiqi.engine.outlook.choosing import Choice
from yiqi.engine.outlook.contest import Contest, Forecasting
from yiqi.engine.outlook.fans import forecasts
from yiqi.engine.outlook.methods import BASELINES, METHODS, MODELS, Forecast, forecast
from yiqi.engine.outlook.months import month_name, month_number
from yiqi.engine.outlook.outlook import Outlook, outlook, outlooks
from yiqi.engine.outlook.panel import FLOW, KINDS, LEVEL, MonthlyPanel, Series
from yiqi.engine.outlook.reading import read_panel
from yiqi.engine.outlook.scores import brier, covered, crps, interval
from yiqi.engine.outlook.turning import History, Turn, outlook_history, turning

__all__ = [
    "BASELINES",
    "FLOW",
    "KINDS",
    "LEVEL",
    "METHODS",
    "MODELS",
    "Backtest",
    "Choice",
    "Contest",
    "Forecast",
    "Forecasting",
    "History",
    "MonthlyPanel",
    "Outlook",
    "Row",
    "Series",
    "Turn",
    "backtest",
    "brier",
    "covered",
    "crps",
    "forecast",
    "forecasts",
    "interval",
    "month_name",
    "month_number",
    "outlook",
    "outlook_history",
    "outlooks",
    "read_panel",
    "turning",
]
