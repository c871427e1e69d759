"""The outlook: short histories, honest choices, probabilities, turns, and the same numbers on any workers."""

from __future__ import annotations

import pickle
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tests.engine.build import scored
from tests.engine.outlook.build import contest_scheme, counties
from yiqi.engine import AppraisalScheme, BlockSpec, EngineError, IndicatorSpec
from yiqi.engine.outlook import Contest, Forecasting, MonthlyPanel, Outlook, outlook, outlook_history, turning

HOW = Forecasting(draws=200, seed=7)


def _codes(made: Outlook) -> set[str]:
    return {warning.code for warning in made.warnings}


def test_eight_months_of_one_year() -> None:
    """The history of the demonstration: no comparison with last year, and it says so; intervals, places, tier."""
    panel = counties(8)
    made = outlook(Contest(contest_scheme()), panel, HOW)
    assert (made.origin, made.end) == ("2021-08", "2021-12")
    told = {warning.data["method"] for warning in made.warnings if warning.code == "method_not_fitted"}
    assert told == {"seasonal_naive"}
    assert all(warning.data["units"] == list(panel.units) for warning in made.warnings)
    np.testing.assert_allclose(made.place_probability.sum(axis=1), 1)
    assert made.tier_probability.sum() >= 2 - 1e-9
    for unit in panel.units:
        narrow, wide = made.interval(unit, "gdp", 0.5), made.interval(unit, "gdp", 0.95)
        assert wide[0] < narrow[0] < narrow[1] < wide[1]
        assert wide[1] - wide[0] > 4 * np.std(panel.series(unit, "gdp").steps())
    assert {choice.cases > 0 for choice in made.choices} == {True}


def test_a_model_that_does_not_win_gives_way_and_says_so() -> None:
    """Independent steps are the drift's own world: nothing can beat it there."""
    made = outlook(Contest(contest_scheme()), counties(8, units=8, seed=2), HOW)
    choice = made.choices[0]
    assert (choice.indicator, choice.method, choice.reason, choice.is_baseline) == (
        "gdp",
        "drift",
        "baseline_better",
        True,
    )
    assert choice.model_score is not None
    assert choice.baseline_score is not None
    assert choice.model_score >= choice.baseline_score
    assert "no model beat the baseline; the outlook is the baseline drift" in made.sentences[0]
    assert {row[0] for row in made.used} == {"drift"}


def test_without_anything_to_compare_it_is_the_baseline() -> None:
    made = outlook(Contest(contest_scheme()), counties(5), HOW)
    assert {(choice.method, choice.reason, choice.cases) for choice in made.choices} == {("drift", "no_backtest", 0)}
    assert "too little history to compare" in made.sentences[0]


def test_a_finished_year_is_known() -> None:
    panel = counties(12)
    made = outlook(Contest(contest_scheme()), panel, HOW)
    result = scored(contest_scheme(), panel.units, panel.values[-1])
    assert {name for row in made.used for name in row} == {"known"}
    assert np.array_equal(made.place_probability.argmax(axis=1) + 1, result.total_ranks)
    assert np.array_equal(made.tier_probability, result.in_tier.astype(float))
    assert [made.likeliest_place(unit) for unit in panel.units] == result.total_ranks.tolist()
    assert made.interval("R0", "rate", 0.8) == (panel.values[-1, 0, 1],) * 2


def test_it_knows_only_what_was_known() -> None:
    """The outlook from a past month is the same whether or not the later months are in the panel."""
    panel = counties(10)
    early = outlook(Contest(contest_scheme()), panel.until("2021-07"), HOW)
    late = outlook(Contest(contest_scheme()), panel, HOW, origin="2021-07")
    assert np.array_equal(early.year_end, late.year_end)
    assert early.choices == late.choices
    assert early.digest == late.digest


def test_last_years_figures_let_the_baseline_of_the_same_month_in() -> None:
    made = outlook(Contest(contest_scheme()), counties(20, start="2020-01"), HOW)
    assert "method_not_fitted" not in _codes(made)
    assert all(choice.cases > 0 for choice in made.choices)


class Backwards(ThreadPoolExecutor):
    """An executor that does its tasks in the wrong order: only when the last one asked for has been handed in."""

    def __init__(self) -> None:
        super().__init__(1)
        self.waiting: list[tuple[Future[Any], Any, tuple[Any, ...]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = _Lazy(self)
        self.waiting.append((future, fn, args))
        return future


class _Lazy(Future[Any]):
    def __init__(self, owner: Backwards) -> None:
        super().__init__()
        self.owner = owner

    def result(self, timeout: float | None = None) -> Any:
        while self.owner.waiting:
            future, fn, args = self.owner.waiting.pop()
            future.set_result(fn(*args))
        return super().result(timeout)


@pytest.mark.parametrize("executor", [lambda: ThreadPoolExecutor(1), lambda: ThreadPoolExecutor(3), Backwards])
def test_the_same_on_any_workers_in_any_order(executor: Any) -> None:
    panel, how = counties(8, units=3), Forecasting(draws=300, seed=1)
    alone = outlook(Contest(contest_scheme()), panel, how)
    with executor() as workers:
        shared = outlook(Contest(contest_scheme()), panel, how, executor=workers)
    assert np.array_equal(alone.year_end, shared.year_end)
    assert np.array_equal(alone.places, shared.places)
    assert (alone.choices, alone.digest) == (shared.choices, shared.digest)


def test_the_seed_decides() -> None:
    panel = counties(8, units=3)
    first, again = (outlook(Contest(contest_scheme()), panel, HOW) for _ in range(2))
    other = outlook(Contest(contest_scheme()), panel, Forecasting(draws=200, seed=8))
    assert np.array_equal(first.year_end, again.year_end)
    assert first.digest == again.digest != other.digest
    assert not np.array_equal(first.year_end, other.year_end)


def test_history_and_turns() -> None:
    """R4 trails until May and then leaps ahead: the outlook turns in the month in which it is seen."""
    panel = counties(8)
    values = panel.values.copy()
    values[:5, 4] *= 0.5
    values[5:, 4] *= 1.6
    told = outlook_history(
        Contest(contest_scheme()), MonthlyPanel(panel.units, panel.indicators, panel.start, values, panel.kinds), HOW
    )
    assert told.months == ("2021-04", "2021-05", "2021-06", "2021-07", "2021-08")
    assert told.tier_probability.shape == (5, 5)
    np.testing.assert_allclose(told.probability(5), 1)
    turn = told.turn("R4")
    assert turn is not None
    assert (turn.month, turn.likely) == ("2021-06", True)
    assert turn.before < 0.5 <= turn.after
    assert turn in told.turns()
    assert turn.sentence().startswith("R4: turned in 2021-06: it became likely")
    assert told.turn("R4", 5) is None
    assert told.likeliest_places.shape == (5, 5)
    assert told.to_dict()["months"] == list(told.months)
    assert turning("A", ["2021-01"], np.array([0.9])) is None


def test_fixed_growth_bounds_and_targets() -> None:
    """Everything beside the series: a deduction that is given, growth of its own series, bounds, targets, a veto."""
    halves = {"a": 0.5, "level": {"rule": "ratio"}, "growth": {"rule": "rank_linear", "params": {"f": 0.4}}}
    scheme = AppraisalScheme(
        (BlockSpec("b"),),
        (
            IndicatorSpec("gdp", "b", 10, "higher", "level_and_growth", halves),
            IndicatorSpec("faults", "b", 5, rule="deduct", params={"each": 1}),
            IndicatorSpec("ghost", "b", 2, "higher", "minmax"),
        ),
        tier_size=2,
    )
    panel = counties(8)
    targets = np.full((5, 3), np.nan)
    targets[:, 0] = 200
    contest = Contest(
        scheme, targets=targets, vetoed=[True, *[False] * 4], fixed={"faults": [0, 1, 2, 3, 4]}, growth={"gdp": "rate"},
        bounds={"gdp": (0, 260)},
    )  # fmt: skip
    made = outlook(contest, panel, HOW)
    assert made.used[0] == ("drift", "fixed", "")
    assert made.year_end[:, :, 0].max() <= 260
    assert made.year_end[0, :, 1].tolist() == [0, 1, 2, 3, 4]
    assert made.tier_probability[0] == 0
    assert made.reaches("R4", "gdp", 0) == 1
    assert np.isnan(made.reaches("R4", "ghost", 0))
    assert "no_series" in _codes(made)
    assert [choice.indicator for choice in made.choices] == ["gdp", "rate"]
    told = made.to_dict()
    assert told["values"]["ghost"]["R0"] == {
        "method": "", "median": None, "intervals": {"0.5": [None] * 2, "0.8": [None] * 2, "0.95": [None] * 2}
    }  # fmt: skip
    without = outlook(Contest(scheme, fixed=contest.fixed, growth=contest.growth), panel, HOW)
    assert {"no_total"} not in _codes(without)


def test_places_of_a_block_and_in_the_group() -> None:
    """Two blocks, two groups: the block's places rest on the block alone, the group's on the group alone."""
    specs = (IndicatorSpec("gdp", "b", 10, rule="minmax"), IndicatorSpec("rate", "c", 8, rule="minmax"))
    scheme = AppraisalScheme((BlockSpec("b"), BlockSpec("c")), specs, tier_size=2)
    panel, groups = counties(8), ("hill", "hill", "plain", "plain", "plain")
    made = outlook(Contest(scheme, groups=groups, block="c"), panel, HOW)
    alone = outlook(Contest(AppraisalScheme((BlockSpec("c"),), (specs[1],), tier_size=2), groups=groups), panel, HOW)
    assert made.scores.max() <= 8
    assert made.scheme.blocks[1].code == "c"
    assert alone.choices[0].method == made.choices[1].method
    assert made.group_places.max() == 3
    assert made.group_place_probability[:2, 2:].max() == 0
    np.testing.assert_allclose(made.group_place_probability.sum(axis=1), 1)
    np.testing.assert_allclose(made.place_probability.sum(axis=1), 1)


def test_results_travel() -> None:
    """Panel, contest and outlook can be sent to another process and come back the same."""
    panel = counties(8, units=2)
    contest = Contest(contest_scheme())
    sent = pickle.loads(pickle.dumps((contest, panel, outlook(contest, panel, HOW))))  # noqa: S301 - our own
    assert np.array_equal(outlook(sent[0], sent[1], HOW).year_end, sent[2].year_end)


def test_counts_do_not_fall_below_nothing() -> None:
    """A rule that refuses negative figures never sees one."""
    scheme = AppraisalScheme((BlockSpec("b"),), (IndicatorSpec("rate", "b", 5, rule="deduct", params={"each": 0.1}),))
    panel = counties(8)
    low = MonthlyPanel(panel.units, ("rate",), panel.start, np.abs(panel.values[:, :, [1]] - 8), "level")
    assert outlook(Contest(scheme), low, HOW).year_end.min() == 0


def test_series_that_stand_still_or_are_too_short_are_named() -> None:
    panel = counties(8)
    values = panel.values.copy()
    values[:, 1, 1] = 3.0
    values[:6, 2, 1] = np.nan
    values[:, 3, 1] = np.nan
    made = outlook(
        Contest(contest_scheme()), MonthlyPanel(panel.units, panel.indicators, "2021-01", values, panel.kinds), HOW
    )
    named = {warning.code: warning.data["units"] for warning in made.warnings if warning.code != "method_not_fitted"}
    assert named == {"no_variance": ["R1"], "not_forecast": ["R2", "R3"]}
    assert made.used[2][1] == made.used[3][1] == ""
    assert np.isnan(made.year_end[:, 2:4, 1]).all()
    assert made.year_end[:, 1, 1].tolist() == [3.0] * 200
    reasons = {tuple(one.data["units"]): one.data["reason"] for one in made.warnings if one.data.get("method") == "ets"}
    assert reasons == {
        ("R1",): "the history does not vary",
        ("R2",): "2 months are too few for exponential smoothing; it needs 5",
    }


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: Forecasting(seed="now"), "seed_invalid"),
        (lambda: Forecasting(seed=True), "seed_invalid"),
        (lambda: Forecasting(draws=0), "draws_invalid"),
        (lambda: Forecasting(origins=0), "origins_invalid"),
        (lambda: Forecasting(levels=(0.9, 0.5)), "levels_invalid"),
        (lambda: Contest(contest_scheme(), fixed={"x": [1]}), "unknown_indicator"),
        (lambda: Contest(contest_scheme(), bounds={"gdp": (5, 5)}), "bounds_invalid"),
        (lambda: Contest(contest_scheme(), block="z"), "unknown_block"),
        (lambda: outlook(Contest(contest_scheme(), fixed={"rate": [1]}), counties(8), HOW), "shape_mismatch"),
        (lambda: outlook(Contest(contest_scheme(), growth={"gdp": "x"}), counties(8), HOW), "unknown_indicator"),
        (lambda: outlook(Contest(contest_scheme()), counties(2), HOW), "too_short"),
        (lambda: outlook_history(Contest(contest_scheme()), counties(3), HOW), "too_short"),
        (lambda: outlook(Contest(contest_scheme()), counties(8), HOW, origin="2020-12"), "period_outside"),
        (lambda: outlook(Contest(contest_scheme()), counties(8), HOW, origin="soon"), "period_unknown"),
        (lambda: outlook(Contest(contest_scheme()), counties(8), Forecasting(draws=10**8)), "too_many_draws"),
        (
            lambda: outlook_history(Contest(contest_scheme()), counties(8), HOW, months=["2021-08", "2021-07"]),
            "months_invalid",
        ),
        (lambda: outlook_history(Contest(contest_scheme()), counties(8), HOW, months=[]), "months_invalid"),
        (lambda: outlook(Contest(contest_scheme()), counties(8), HOW).interval("X", "gdp", 0.5), "unknown_unit"),
        (
            lambda: outlook(
                Contest(contest_scheme()), MonthlyPanel(("A",), ("z",), "2021-01", np.ones((8, 1, 1))), HOW
            ),
            "no_series",
        ),
    ],
)
def test_errors(call: Any, code: str) -> None:
    with pytest.raises(EngineError) as raised:
        call()
    assert raised.value.code == code
