"""``sensitivity``: how sure the places are, and what moves them, from files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from yiqi.engine.console.files import cell, write_csv, write_matrix
from yiqi.engine.console.frame import (
    FINDINGS,
    Loaded,
    clear_errors,
    folder,
    input_arguments,
    json_option,
    load,
    pool,
    read_json,
    show,
    write_json,
    writing,
)
from yiqi.engine.console.pictures import draw_place_probability, draw_rank_intervals, labels, width
from yiqi.engine.console.progress import bar
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec
from yiqi.engine.tell import notices
from yiqi.engine.uncertainty import (
    Alternatives,
    Assumption,
    IndexModel,
    RobustStanding,
    Sensitivity,
    WeightNoise,
    assumptions_from_list,
    sensitivity,
)

MOST_PAIRS: Final = 1_000  # units; above it pairs are not counted
SHARE: Final = 0.25


@click.command("sensitivity")
@input_arguments
@click.option("--assumptions", "assumptions_file", type=click.Path(path_type=Path), help="what is uncertain, as JSON")
@click.option(
    "--draws", default=500, show_default=True, help="rows of the design; each takes one run an assumption, and two"
)
@click.option("--seed", default=0, show_default=True, help="the same seed gives the same numbers")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="processes")
@click.option("--tier", type=click.IntRange(1), help="size of the first tier, for its probability")
@click.option("--node", default="", help="whose places (the root without it)")
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="draw the two pictures")
@click.option("--strict", is_flag=True, help="status 1 if there are warnings or failed runs")
@json_option
@clear_errors
def sensitivity_command(
    meta: Path,
    data: Path | None,
    plan_file: Path | None,
    out: Path,
    assumptions_file: Path | None,
    draws: int,
    seed: int,
    workers: int,
    tier: int | None,
    node: str,
    pictures: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Draw methods, weights or values at random and see what becomes of the places.

    Writes rankstats.csv, places.csv, above.csv, sobol.csv, failed.csv, sensitivity.json and the pictures
    rank_intervals and place_probability (SVG and PNG) into the folder. Without --assumptions: points winsorised 1 to 5
    (if the plan treats outliers), min-max 1..100 or z-scores around 10, weights above the indicators within a quarter,
    arithmetic or geometric means.
    """
    loaded = load(meta, data, plan_file)
    given = assumptions_from_list(read_json(assumptions_file)) if assumptions_file else usual_assumptions(loaded)
    model = IndexModel(loaded.scheme, loaded.data, given, node, tier)
    found = _run(model, draws, seed, workers)
    document = _document(model, found)
    shown = labels(model.units, loaded.data.names)
    document["notes"] = _write(found, folder(out), document, shown if pictures else None)
    show(document, as_json=as_json, lines=lambda: _lines(found, document, shown, out))
    return FINDINGS if strict and (document["warnings"] or found.failed) else 0


def usual_assumptions(loaded: Loaded) -> tuple[Assumption, ...]:
    """The four of the command's help, as far as the plan and the tree have what they vary."""
    found: list[Assumption] = []
    if loaded.scheme.steps.treat is not None:
        found.append(Alternatives("winsorising", "treat.winmax", (1, 2, 3, 4, 5)))
    scales = NormaliseSpec("minmax", {"lower": 1, "upper": 100}), NormaliseSpec("zscore", {"mean": 10, "sd": 2})
    found.append(Alternatives("normalisation", "normalise", scales))
    tree = loaded.scheme.hierarchy
    above = sorted({tree.level(code) for code in tree.aggregates if code != tree.root})
    found.append(WeightNoise({str(level): SHARE for level in above or [1]}))
    found.append(Alternatives("aggregation", "aggregate", ([AggregateSpec()], [AggregateSpec("gmean")])))
    return tuple(found)


def _run(model: IndexModel, draws: int, seed: int, workers: int) -> Sensitivity:
    """With a bar that counts runs."""
    total = max(draws, 0) * (len(model.design.names) + 2)
    pairs = len(model.units) <= MOST_PAIRS
    with pool(workers) as executor, bar("runs", total) as shown:
        return sensitivity(model, draws, seed, executor=executor, pairs=pairs, progress=shown.update)


def _document(model: IndexModel, found: Sensitivity) -> dict[str, Any]:
    effects = zip(found.names, *_effects(found), strict=True)
    return {
        **model.to_dict(),
        "digest": model.result.digest,
        "seed": found.seed,
        "draws": found.draws,
        "runs": int(found.y.size),
        "rows_used": found.used,
        "failed": [
            {"code": code, "message": message, "runs": count} for (code, message), count in _failures(found).items()
        ],
        "sobol": [
            {"variable": name, "first": first, "first_interval": low, "total": total, "total_interval": high}
            for name, first, low, total, high in effects
        ],
        "warnings": [
            one.told("code", "message", "indicator", "data") for one in (*notices(model.result), *found.warnings)
        ],
    }


def _failures(found: Sensitivity) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for one in found.failed:
        counted[one.code, one.message] = counted.get((one.code, one.message), 0) + 1
    return counted


def _effects(found: Sensitivity) -> tuple[Sequence[Any], ...]:
    arrays = (found.indices.first, found.first_interval, found.indices.total, found.total_interval)
    return tuple(array.tolist() for array in arrays)


def _write(found: Sensitivity, out: Path, document: dict[str, Any], shown: Sequence[str] | None) -> list[str]:
    """All files, pictures if there is something to call the units; returns what is to be said about them."""
    notes: list[str] = []
    with writing(out):
        _write_tables(found, out)
        if shown is not None:
            notes = draw_rank_intervals(found.standing, out, shown) + draw_place_probability(found.standing, out, shown)
        if found.standing.above_counts is None:
            notes.append(f"above.csv is not written for more than {MOST_PAIRS:,} units")
        write_json(out / "sensitivity.json", {**document, "notes": notes})
    return notes


def _write_tables(found: Sensitivity, out: Path) -> None:
    standing = found.standing
    stats, columns = standing.statistics.table(), ["Nominal", "Mean", "Median", "Q5", "Q95"]
    stats[stats[:, 0] == 0, 0] = np.nan
    if standing.tier_counts is not None:
        stats, columns = np.column_stack([stats, standing.tier_probability]), [*columns, "Tier"]
    write_matrix(out / "rankstats.csv", standing.units, columns, stats)
    places = [str(place) for place in range(1, len(standing.units) + 1)]
    chances = np.column_stack([standing.probability, standing.unplaced])
    write_matrix(out / "places.csv", standing.units, [*places, "none"], chances)
    if standing.above_counts is not None:
        write_matrix(out / "above.csv", standing.units, standing.units, standing.above)
    write_csv(out / "sobol.csv", ("Variable", "Si", "Si_Q5", "Si_Q95", "STi", "STi_Q5", "STi_Q95"), _sobol_rows(found))
    failed = (
        (str(one.run + 1), one.code, one.message, json.dumps(one.choices, ensure_ascii=False)) for one in found.failed
    )
    write_csv(out / "failed.csv", ("run", "code", "message", "choices"), failed)


def _sobol_rows(found: Sensitivity) -> Iterator[tuple[str, ...]]:
    for name, first, first_interval, total, total_interval in zip(found.names, *_effects(found), strict=True):
        yield name, *map(cell, (first, *first_interval, total, *total_interval))


def _lines(found: Sensitivity, document: dict[str, Any], shown: Sequence[str], out: Path) -> Iterator[str]:
    """The likeliest place with its probability; what each assumption does; failures, warnings, files."""
    yield from _unit_lines(found.standing, shown)
    yield f"{'':<16}{'first order':>12}{'5 %':>8}{'95 %':>8}{'total':>8}{'5 %':>8}{'95 %':>8}"
    for name, first, first_interval, total, total_interval in zip(found.names, *_effects(found), strict=True):
        numbers = (first, *first_interval, total, *total_interval)
        yield f"{name:<16}{numbers[0]:>12.3f}" + "".join(f"{number:>8.3f}" for number in numbers[1:])
    for one in document["failed"]:
        yield f"Failed in {one['runs']} of {document['runs']:,} runs: {one['message']}"
    for text in (*(one["message"] for one in document["warnings"]), *document["notes"]):
        yield f"Warning: {text}"
    yield f"Written to {out}; seed {found.seed}, digest {document['digest']}"


def _unit_lines(standing: RobustStanding, shown: Sequence[str]) -> Iterator[str]:
    """By stated place, under a heading; columns stand below each other in any script."""
    broad = max(16, 2 + max(map(width, shown)))
    yield f"{'':<{broad}}{'stated':>7}{'median':>8}{'5 %':>7}{'95 %':>7}{'likeliest':>11}"
    stats, likeliest = standing.statistics, standing.probability.argmax(axis=1)
    order = np.argsort(
        np.where(standing.nominal_places == 0, len(standing.units) + 1, standing.nominal_places), kind="stable"
    )
    for row in order.tolist():
        stated = standing.nominal_places[row] or "—"
        numbers = "".join(f"{value[row]:>7g}" for value in (stats.q5, stats.q95))
        place = int(likeliest[row])
        chance = f"{place + 1} ({standing.probability[row, place]:.0%})"
        space = " " * (broad - width(shown[row]))
        yield f"{shown[row]}{space}{stated:>7}{stats.median[row]:>8g}{numbers}{chance:>11}"
