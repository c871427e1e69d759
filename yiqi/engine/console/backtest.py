"""``yiqi backtest``: how well year-end forecasts of a monthly panel would have done, and the months to come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np

from yiqi.engine.console.files import write_csv
from yiqi.engine.console.frame import (
    FINDINGS,
    clear_errors,
    folder,
    json_option,
    pool,
    show,
    write_json,
)
from yiqi.engine.console.outlook_pictures import draw_backtest, draw_fans
from yiqi.engine.console.progress import bar
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.outlook import (
    KINDS,
    Backtest,
    Forecast,
    Forecasting,
    MonthlyPanel,
    Row,
    backtest,
    forecasts,
    read_panel,
)
from yiqi.engine.outlook.chance import Progress

MOST_WARNINGS = 10
SCORES = (
    "scaled CRPS: CRPS ÷ the usual monthly change of the series (0 is best); "
    "skill: 1 − scaled CRPS ÷ that of the better baseline"
)


@click.command("backtest")
@click.argument("panel", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="folder for the results")
@click.option("--kind", "kinds", multiple=True, metavar="KIND|INDICATOR=KIND", help="flow or level (default level)")
@click.option("--late-january", is_flag=True, help="January is published with February: take it from there")
@click.option("--horizon", default=12, show_default=True, help="months ahead")
@click.option("--origins", default=6, show_default=True, help="past months to look ahead from")
@click.option("--step", default=1, show_default=True, help="months between them")
@click.option("--draws", default=500, show_default=True, help="simulated paths of each series")
@click.option("--seed", default=0, show_default=True, help="whole number from 0; the same gives the same numbers")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="processes")
@click.option("--strict", is_flag=True, help="status 1 if there are warnings")
@json_option
@clear_errors
def backtest_command(
    panel: Path,
    out: Path,
    kinds: Sequence[str],
    late_january: bool,
    horizon: int,
    origins: int,
    step: int,
    draws: int,
    seed: int,
    workers: int,
    strict: bool,
    as_json: bool,
) -> int:
    """Backtest forecasts on the monthly PANEL, a CSV file: unit,indicator,period,value or month and a column a series.

    A flow accumulates from January, a level stands by itself. Writes backtest.csv, backtest.json, forecast.csv and
    pictures (backtest, fan) as SVG and PNG.
    """
    how = Forecasting(draws=draws, seed=seed, origins=origins)
    data = read_panel(panel, kinds_of(kinds), late_january=late_january)
    folder(out)
    with pool(workers) as executor:
        with counting("backtest") as progress:
            tested = backtest(data, how, horizon=horizon, step=step, executor=executor, progress=progress)
        with counting("forecast") as progress:
            made, replaced = forecasts(data, tested.choices, how, horizon=horizon, executor=executor, progress=progress)
    facts = {"panel": panel.name, "panel_sha256": hashlib.sha256(panel.read_bytes()).hexdigest(), **tested.to_dict()}
    facts["warnings"] += [one.told("code", "message", "data") for one in replaced]
    with writing():
        write_json(out / "backtest.json", facts)
        for name, rows in (("backtest", tested.csv_rows()), ("forecast", _forecast_rows(how.levels, made))):
            write_csv(out / f"{name}.csv", rows[0], rows[1:])
        notes = _draw(out, data, tested, made)
    told = [one["message"] for one in facts["warnings"]]
    show(facts, as_json=as_json, lines=lambda: _lines(tested, out))
    for line in (*_few(told), *notes):
        click.echo(line, err=True)
    return FINDINGS if strict and told else 0


def kinds_of(given: Sequence[str]) -> dict[str, str] | str:
    """``flow`` for all, or ``CODE=flow`` for some and level for the rest; ``kind_unknown`` otherwise."""
    if len(given) == 1 and "=" not in given[0]:
        if given[0] not in KINDS:
            raise EngineError("kind_unknown", f"--kind must be flow or level, not {given[0]!r}", {"kind": given[0]})
        return given[0]
    pairs = [one.rpartition("=") for one in given]
    for indicator, _, kind in pairs:
        if not indicator:
            text = f"give --kind once for all, or as INDICATOR=flow for each; {kind!r} names no indicator"
            raise EngineError("kind_unknown", text, {"kind": kind})
    return {indicator: kind for indicator, _, kind in pairs}


@contextmanager
def counting(name: str) -> Iterator[Progress]:
    """A progress bar that counts series."""
    with bar(name, unit="series") as shown:

        def progress(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield progress


@contextmanager
def writing() -> Iterator[None]:
    """A disk that is full or closed is told in one sentence."""
    try:
        yield
    except OSError as error:
        name = Path(str(error.filename or "")).name
        text = f"cannot write {name or 'the results'}: {error.strerror or error}"
        raise EngineError("file_unwritable", text, {"file": name}) from None


def _forecast_rows(levels: Sequence[float], made: Sequence[Forecast]) -> list[list[str]]:
    ends = [f"{side}_{level:.10g}" for level in levels for side in ("low", "high")]
    rows = [["unit", "indicator", "period", "method", "median", *ends]]
    for one in made:
        bounds = [bound for level in levels for bound in one.interval(level)]
        middle = np.median(one.paths, axis=0)
        for ahead, period in enumerate(one.periods):
            figures = (middle[ahead], *(bound[ahead] for bound in bounds))
            rows.append([one.unit, one.indicator, period, one.method, *(repr(float(figure)) for figure in figures)])
    return rows


def _draw(out: Path, panel: MonthlyPanel, tested: Backtest, made: Sequence[Forecast]) -> list[str]:
    notes = draw_backtest(tested, out)
    return notes + (draw_fans(panel, made, tested.how.levels, out) if made else [])


def _lines(tested: Backtest, out: Path) -> list[str]:
    """The table over all horizons, the choice for each indicator, and where the files are."""
    levels = "".join(f"{f'in {level:.0%}':>8}" for level in tested.how.levels)
    head = f"{'indicator':<16}{'method':<16}{'cases':>7}{'scaled CRPS':>13}{'skill':>8}{'Brier':>8}{levels}"
    table = [_line(row) for row in tested.table() if row.horizon == 0]
    files = f"written to {out}: backtest.csv backtest.json forecast.csv, and backtest and fan as svg and png"
    return [head, *table, SCORES, *(choice.sentence() for choice in tested.choices), files]


def _few(warnings: Sequence[str]) -> list[str]:
    """The first warnings, and where the others are."""
    more = len(warnings) - MOST_WARNINGS
    rest = [f"warning: {more} more are in backtest.json"] if more > 0 else []
    return [*(f"warning: {text}" for text in warnings[:MOST_WARNINGS]), *rest]


def _line(row: Row) -> str:
    def told(value: float | None, form: str) -> str:
        return "—" if value is None else format(value, form)

    shares = "".join(f"{told(share, '.0%'):>8}" for share in row.coverage)
    scores = f"{told(row.scaled_crps, '.4g'):>13}{told(row.skill, '.3f'):>8}{told(row.brier, '.3f'):>8}"
    return f"{row.indicator:<16}{row.method:<16}{row.cases:>7}{scores}{shares}"
