"""``score``: build an index from files and write scores, ranks, every step and the plan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

import click
import numpy as np

from yiqi.engine.console.earlier import leftovers
from yiqi.engine.console.files import cell, flag, write_csv, write_matrix
from yiqi.engine.console.frame import (
    FINDINGS,
    clear_errors,
    folder,
    input_arguments,
    json_option,
    load,
    show,
    write_json,
    writing,
)
from yiqi.engine.console.progress import progress, stages
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.plain import optional
from yiqi.engine.ground.ranking import NO_RANK
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.runner import run
from yiqi.engine.tell import explain, notices
from yiqi.engine.tell.views import group_ranks, standings, strengths, unit_summary, weaknesses

STAGES = ("raw", "denominated", "imputed", "screened", "treated", "normalised", "scores")
Writing = tuple[str, Callable[[Path], None]]


@click.command("score")
@input_arguments
@click.option("--steps", is_flag=True, help="write every intermediate step too")
@click.option("--unit", "summed", multiple=True, metavar="UNIT", help="write unit_summary and str_weak of a unit")
@click.option("--explain", "explained", multiple=True, metavar="UNIT[:NODE]", help="print the way to a score")
@click.option("--strict", is_flag=True, help="status 1 if there are warnings")
@json_option
@clear_errors
def score(
    meta: Path,
    data: Path | None,
    plan_file: Path | None,
    out: Path,
    steps: bool,
    summed: tuple[str, ...],
    explained: tuple[str, ...],
    strict: bool,
    as_json: bool,
) -> int:
    """Build an index from META.csv and DATA.csv, or from one workbook with these two sheets.

    Writes scores.csv, ranks.csv and plan.json (the plan with its digest and the warnings) into the folder, and takes
    away what an earlier run wrote there and this one does not. Without a plan: ratios to denominators, gaps filled by
    the mean of the first group column, screening at 0.9, treatment of outliers, min-max 0..100, weighted arithmetic
    means. A plan that leaves out impute, screen or treat does none of it, unless it says {"base": "standard"}.
    """
    scheme, figures = load(meta, data, plan_file)
    with stages("building", len(STAGES)) as told:
        result = run(scheme, figures, told=told)
    ways = [_explained(result, wish) for wish in explained]
    todo = [*_results(result), *(_steps(result) if steps else ()), *_units(result, summed)]
    written = _write(todo, folder(out))
    document = _document(result) | {"files": written}
    write_json(out / "plan.json", document)
    show(
        document
        | {
            "standings": [
                {**line._asdict(), "name": result.data.names.get(line.unit, ""), "score": optional(line.score)}
                for line in standings(result)
            ],
            "explanations": ways,
        },
        as_json=as_json,
        lines=lambda: _lines(result, out, ways),
    )
    return FINDINGS if strict and notices(result) else 0


def _explained(result: IndexResult, wish: str) -> dict[str, Any]:
    unit, _, node = wish.partition(":")
    return explain(result, unit, node or result.hierarchy.root).to_dict()


def _document(result: IndexResult) -> dict[str, Any]:
    return {
        "plan": result.scheme.steps.to_dict(),
        "plan_digest": result.scheme.steps.digest,
        "digest": result.digest,
        "units": len(result.units),
        "indicators": len(result.hierarchy.indicators),
        "warnings": [found.told("code", "message", "indicator", "data") for found in notices(result)],
    }


def _lines(result: IndexResult, out: Path, ways: list[dict[str, Any]]) -> Iterator[str]:
    for line in standings(result):
        name = result.data.names.get(line.unit, "")
        called = f"{line.unit}  {name}" if name not in {"", line.unit} else line.unit
        yield f"{line.rank or '—':>5}  {called}  {'—' if line.rank == NO_RANK else format(line.score, '.4f')}"
    for found in notices(result):
        yield f"Warning: {found.message}"
    for way in ways:
        yield way["sentence"]
    yield f"Written to {out}; digest {result.digest}"


def _write(todo: list[Writing], out: Path) -> dict[str, str]:
    """Write the files and take away what an earlier run left; their names with SHA-256."""
    with writing(out):
        for path in leftovers(out, "plan.json", [name for name, _ in todo]):
            path.unlink()
        for name, write in progress(todo, "writing", len(todo)):
            write(out / name)
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name, _ in todo}


def _results(result: IndexResult) -> Iterator[Writing]:
    yield "scores.csv", lambda path: write_matrix(path, result.units, result.nodes, result.scores)
    columns = (*result.nodes, *result.hierarchy.indicators)
    places = np.hstack([result.ranks, result.indicator_ranks]).astype(np.float64)
    places[places == NO_RANK] = np.nan
    yield "ranks.csv", lambda path: write_matrix(path, result.units, columns, places)


def _steps(result: IndexResult) -> Iterator[Writing]:
    for name in STAGES[1:-1]:
        if name in result.steps:
            yield f"{name}.csv", lambda path, step=name: _matrix(path, result, step)  # type: ignore[misc]  # a lambda with a default has no type
    if result.screened is not None:
        yield "screen_summary.csv", lambda path: _screening(path, result)
    if result.treated is not None:
        yield "treated_details.csv", lambda path: _treatment(path, result)
    yield "results.csv", lambda path: _standings(path, result)
    for name, safe in _file_names(result.data.groups):
        yield f"groupranks_{safe}.csv", lambda path, group=name: _groups(path, result, group)  # type: ignore[misc]  # a lambda with a default has no type


def _file_names(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each name with what it is called in a file name; no two alike."""
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        plain = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name)
        choices = chain((plain,), (f"{plain}_{number}" for number in count(2)))
        safe = next(found for found in choices if found.casefold() not in taken)
        taken.add(safe.casefold())
        yield name, safe


def _units(result: IndexResult, wanted: Iterable[str]) -> Iterator[Writing]:
    """Tables of single units; ``unknown_unit`` before anything is written."""
    for unit, safe in _file_names(wanted):
        summary = [
            (part.code, part.name, cell(part.score), str(part.rank or "")) for part in unit_summary(result, unit)
        ]
        marks = [("S", mark) for mark in strengths(result, unit)] + [("W", mark) for mark in weaknesses(result, unit)]
        lines = [(kind, mark.code, mark.parent, str(mark.rank), cell(mark.value)) for kind, mark in marks]
        for name, header, rows in (
            (f"unit_summary_{safe}.csv", ("Code", "Name", "Score", "Rank"), summary),
            (f"str_weak_{safe}.csv", ("kind", "Code", "Pillar", "Rank", "Value"), lines),
        ):
            yield name, lambda path, header=header, rows=rows: write_csv(path, header, rows)  # type: ignore[misc]  # a lambda with a default has no type


def _matrix(path: Path, result: IndexResult, step: str) -> None:
    values: FloatArray = result.steps[step]
    units = result.units if len(values) == len(result.units) else result.data.units
    write_matrix(path, units, result.hierarchy.indicators, values)


def _screening(path: Path, result: IndexResult) -> None:
    found = result.screened
    assert found is not None  # asked before
    numbers = zip(
        found.missing.tolist(), found.zeros.tolist(), found.available.tolist(), found.nonzero.tolist(), strict=True
    )
    flags = zip(found.low_data.tolist(), found.low_nonzero.tolist(), strict=True)
    header = ("uCode", "N_missing", "N_zero", "N_miss_or_zero", "Dat_Avail", "Non_Zero", "LowData", "LowNonZero",
              "LowDatOrZeroFlag", "Included")  # fmt: skip
    rows = [
        (unit, missing, zeros, missing + zeros, cell(there), cell(nonzero), *map(flag, (*low, any(low), not any(low))))
        for unit, (missing, zeros, there, nonzero), low in zip(found.units, numbers, flags, strict=True)
    ]
    write_csv(path, header, sorted(rows, key=lambda row: row[0].encode()))


def _treatment(path: Path, result: IndexResult) -> None:
    assert result.treated is not None  # asked before
    details = result.treated.details
    checks = int(details.checks.max())
    transformed = any(details.transforms)
    header, columns = [], []
    for number in range(checks):
        made = details.checks > number
        header += [f"check_SkewKurt{number}.{what}" for what in ("Pass", "Skew", "Kurt")]
        columns.append(
            [flag(bool(passed)) if there else "" for passed, there in zip(details.passed[number], made, strict=True)]
        )
        columns += [[cell(value) for value in moments[number].tolist()] for moments in (details.skew, details.kurt)]
        if number == 0 and checks > 1:
            header.append("winsorise.nwin")
            points = zip(details.winsorised.tolist(), details.checks.tolist(), strict=True)
            columns.append([str(done) if done or tests > 1 else "" for done, tests in points])
        if number == min(1, checks - 1) and transformed:
            header.append("transform")
            columns.append([name or "" for name in details.transforms])
    write_csv(path, ["iCode", *header], zip(result.hierarchy.indicators, *columns, strict=True))


def _standings(path: Path, result: IndexResult) -> None:
    """The order of units; with their names where the data have them."""
    names = result.data.names
    lines = (
        (line.unit, *((names.get(line.unit, ""),) if names else ()), cell(line.score), str(line.rank or ""))
        for line in standings(result)
    )
    write_csv(path, ("uCode", *(("uName",) if names else ()), result.hierarchy.root, "Rank"), lines)


def _groups(path: Path, result: IndexResult, group: str) -> None:
    """By group, best first, those without a group last; aggregates from the root down."""
    places, labels = group_ranks(result, group), result.data.groups[group]
    down = sorted(range(len(result.nodes)), key=lambda column: -result.hierarchy.level(result.nodes[column]))
    rows = []
    for row, unit in enumerate(result.units):
        own = places[row, down].tolist()
        label = labels[result.data.row(unit)]
        rows.append((not label, label, own[0] or len(places) + 1, unit, own))
    header = ("uCode", group, *(result.nodes[column] for column in down))
    lines = ((unit, label, *(str(place or "") for place in own)) for _, label, _, unit, own in sorted(rows))
    write_csv(path, header, lines)
