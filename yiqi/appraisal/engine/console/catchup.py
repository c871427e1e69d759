"""``catchup``: what each figure of a region would have to be for a wish, and the cheapest combination, from files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yiqi.appraisal.engine.console.files import cell, read_sheet, write_csv
from yiqi.appraisal.engine.console.frame import (
    clear_errors,
    folder,
    input_arguments,
    json_option,
    load,
    progress,
    show,
    write_json,
)
from yiqi.appraisal.engine.errors import EngineError

if TYPE_CHECKING:
    from yiqi.appraisal.engine.catchup import Bounds, Combination, IndexSituation, Reach, SingleChange, Wish

SINGLE = ("iCode", "status", "reason", "now", "needed", "change", "place", "score", "passed", "best", "best_place",
          "best_score", "proved")  # fmt: skip
COST_COLUMNS = ("cost", "low", "high")


@click.command("catchup")
@input_arguments
@click.option("--region", required=True, help="code of the region that wishes")
@click.option("--wish", "wish_text", default="next", show_default=True, help="next, tier, or a place as a number")
@click.option("--node", default="", help="whose places: an aggregate (the root without it)")
@click.option("--tier", default=6, show_default=True, type=click.IntRange(1), help="places of the first tier")
@click.option("--costs", "costs_file", type=click.Path(path_type=Path), help="CSV: iCode, cost, low, high")
@click.option("--cheapest", is_flag=True, help="the cheapest combination too (done anyway with --costs)")
@json_option
@clear_errors
def catchup_command(
    meta: Path,
    data: Path | None,
    plan_file: Path | None,
    out: Path,
    region: str,
    wish_text: str,
    node: str,
    tier: int,
    costs_file: Path | None,
    cheapest: bool,
    as_json: bool,
) -> int:
    """What would it take? Each figure of a region by itself, all others as they are, for the next place or another.

    Writes single.csv and catchup.json, with --cheapest also cheapest.csv, into the folder. The cheapest combination
    needs a plan with arithmetic means, min-max and no treatment of outliers. A row of the costs file gives what one
    unit of an indicator costs and how far it may go (empty: open); indicators without a cost stay as they are.
    """
    from yiqi.appraisal.engine.catchup import IndexSituation, Lever, cheapest_combination, single_changes

    loaded = load(meta, data, plan_file)
    situation = IndexSituation(loaded.plan, loaded.hierarchy, loaded.data, tier)
    wish = _wish(wish_text, node)
    costs, bounds = _costs(costs_file) if costs_file else ({}, {})
    answers = [
        answer
        for lever in progress(situation.levers(), "figures", len(situation.levers()))
        for answer in single_changes(situation, region, wish, bounds=bounds, levers=[lever])
    ]
    _check(situation, bounds)
    combined = None
    if cheapest or costs_file:
        levers = [Lever(code) for code in costs] if costs_file else None
        combined = cheapest_combination(situation, region, wish, costs=costs, bounds=bounds, levers=levers)
    document = {
        "region": region,
        "wish": wish.to_dict(),
        "digest": situation.result.digest,
        "single": [answer.to_dict() for answer in answers],
        "cheapest": None if combined is None else combined.to_dict(),
    }
    _write(folder(out), document, answers, combined)
    show(document, as_json=as_json, lines=lambda: _lines(document, answers, combined, out))
    return 0


def _wish(text: str, node: str) -> Wish:
    from yiqi.appraisal.engine.catchup import at_place, first_tier, next_place

    block = node or None
    if text == "next":
        return next_place(block)
    if text == "tier":
        if block is not None:
            raise EngineError("tier_is_of_the_total", "the tier is that of the root; leave --node out", {"node": node})
        return first_tier()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        message = f"--wish must be next, tier or a place as a whole number, not {text!r}"
        raise EngineError("place_invalid", message, {"wish": text})
    return at_place(int(text), block)


def _costs(path: Path) -> tuple[dict[str, float], dict[str, Bounds]]:
    """Costs and bounds by indicator. Errors: ``file_unreadable``, ``column_missing``, ``not_a_number``, …"""
    from yiqi.appraisal.engine.catchup import Bounds

    sheet = read_sheet(path)
    sheet.needs("iCode")
    costs: dict[str, float] = {}
    bounds: dict[str, Bounds] = {}
    for number, row in sheet.rows:
        code = row["iCode"]
        if code in costs or code in bounds:
            text = f"{sheet.name}, row {number}: {code!r} stands twice"
            raise EngineError("duplicate_code", text, {"file": sheet.name, "row": number, "node": code})
        given = {name: _number(sheet.name, number, name, row.get(name, "")) for name in COST_COLUMNS}
        if given["cost"] is not None:
            costs[code] = given["cost"]
        bounds[code] = Bounds(given["low"], given["high"])
    return costs, bounds


def _number(file: str, row: int, column: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        if "_" in text:
            raise ValueError(text)
        return float(text)
    except ValueError:
        message = f"{file}, row {row}, column {column!r}: {text!r} is not a number; correct it or leave it empty"
        data = {"file": file, "row": row, "column": column, "value": text}
        raise EngineError("not_a_number", message, data) from None


def _check(situation: IndexSituation, bounds: Mapping[str, Bounds]) -> None:
    """Every row of the costs file must name an indicator."""
    from yiqi.appraisal.engine.catchup import Lever

    for code in bounds:
        situation.check_lever(Lever(code))


def _write(out: Path, document: Mapping[str, Any], answers: list[SingleChange], combined: Combination | None) -> None:
    try:
        write_csv(out / "single.csv", SINGLE, map(_row, answers))
        if combined is not None:
            rows = [
                (part.lever.indicator, cell(part.current), cell(part.value), cell(part.change), cell(part.cost))
                for part in combined.parts
            ]
            write_csv(out / "cheapest.csv", ("iCode", "now", "needed", "change", "cost"), rows)
        write_json(out / "catchup.json", document)
    except OSError as error:
        text = f"cannot write into {out}: {error.strerror or error}"
        raise EngineError("folder_unwritable", text, {"folder": str(out)}) from None


def _row(answer: SingleChange) -> list[str]:
    needed, best = _texts(answer.needed), _texts(answer.best)
    now = "" if answer.current is None else cell(answer.current)
    proved = "TRUE" if answer.proved else "FALSE"
    passed = " ".join(answer.passed)
    head = [answer.lever.indicator, answer.status, answer.reason, now]
    return [*head, needed[0], needed[1], needed[2], needed[3], passed, best[0], best[2], best[3], proved]


def _texts(reach: Reach | None) -> list[str]:
    """Value, change, place, score."""
    if reach is None:
        return ["", "", "", ""]
    numbers = (reach.value, reach.change, reach.place, reach.points)
    return ["" if number is None else cell(float(number)) for number in numbers]


def _lines(
    document: Mapping[str, Any], answers: list[SingleChange], combined: Combination | None, out: Path
) -> Iterator[str]:
    for answer in answers:
        now = "—" if answer.current is None else f"{answer.current:.6g}"
        yield f"{answer.lever.indicator:<12}{now:>14}  {_sentence(answer)}"
    if combined is not None:
        yield from _cheapest(combined)
    yield f"Written to {out}; digest {document['digest']}"


def _sentence(answer: SingleChange) -> str:
    reach = answer.needed or answer.best
    if answer.status == "already":
        return "the wish holds already"
    place = "no place" if reach is None or reach.place is None else f"place {reach.place}"
    if answer.status == "enough" and reach is not None:
        doubt = " (beyond every figure of the column now)" if answer.unseen else ""
        doubt += "" if answer.proved else " (a smaller change is not excluded)"
        return f"to {reach.value:.6g}: {place}, passing {', '.join(answer.passed) or 'nobody'}{doubt}"
    if reach is None or reach.points is None:
        return f"cannot by itself ({answer.reason})"
    return f"cannot by itself ({answer.reason}); at best {place} with {reach.points:.4f} at {reach.value:.6g}"


def _cheapest(combined: Combination) -> Iterator[str]:
    proof = asdict(combined.certificate)
    if combined.status == "already":
        return
    if combined.status != "enough":
        yield (
            "Cheapest: not within the bounds, whatever is combined"
            if combined.status == "cannot"
            else ("Cheapest: none found, none excluded")
        )
        return
    for part in combined.parts:
        yield f"Cheapest: {part.lever.indicator} from {part.current:.6g} to {part.value:.6g}, cost {part.cost:.6g}"
    yield f"Cheapest: cost {combined.cost:.6g}, place {combined.place}; nothing costs less than {proof['bound']:.6g}"
