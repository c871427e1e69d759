"""``catchup``: what each figure of a region would have to be for a wish, and the cheapest combination, from files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from yiqi.engine.catchup import (
    Bounds,
    Combination,
    IndexSituation,
    Lever,
    Reach,
    SingleChange,
    Wish,
    at_place,
    cheapest_combination,
    first_tier,
    next_place,
    single_changes,
)
from yiqi.engine.console.catchup_words import Words
from yiqi.engine.console.files import cell, flag, write_csv
from yiqi.engine.console.frame import (
    FINDINGS,
    Loaded,
    clear_errors,
    folder,
    input_arguments,
    json_option,
    load,
    show,
    write_json,
    writing,
)
from yiqi.engine.console.progress import bar
from yiqi.engine.console.sheets import read_sheet
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.tell import notices

SINGLE = ("iCode", "iName", "status", "reason", "now", "filled", "needed", "change", "place", "score", "rounded",
          "passed", "level", "ahead", "best", "best_place", "best_score", "unseen", "proved")  # fmt: skip
CHEAPEST = ("iCode", "iName", "now", "needed", "change", "cost", "rounded")
COST_COLUMNS = ("cost", "low", "high")
TIER = 6


@click.command("catchup")
@input_arguments
@click.option("--region", required=True, help="code of the region that wishes")
@click.option("--wish", "wish_text", default="next", show_default=True, help="next, tier, or a place as a number")
@click.option("--node", default="", help="whose places: an aggregate (the root without it)")
@click.option("--tier", type=click.IntRange(1), help=f"places of the first tier  [default: {TIER}]")
@click.option("--costs", "costs_file", type=click.Path(path_type=Path), help="CSV: iCode, cost, low, high")
@click.option("--cheapest", is_flag=True, help="the cheapest combination too (done anyway with --costs)")
@click.option("--free", is_flag=True, help="also below 0 where no unit has a negative figure")
@click.option("--strict", is_flag=True, help="status 1 if there are warnings")
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
    tier: int | None,
    costs_file: Path | None,
    cheapest: bool,
    free: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """What would it take? Each figure of a region by itself, all others as they are, for the next place or another.

    Writes single.csv and catchup.json, with --cheapest also cheapest.csv, into the folder. The cheapest combination
    needs a plan with arithmetic means, min-max and no treatment of outliers; otherwise the best single figure stands
    in for it. A row of the costs file gives what one unit of an indicator costs and how far it may go (empty: the
    range seen, once more on both sides); indicators without a cost stay as they are.
    """
    loaded = load(meta, data, plan_file)
    situation = IndexSituation(loaded.scheme, loaded.data, TIER if tier is None else tier, free)
    wish = _wish(wish_text, node)
    _check_tier(situation, wish, given=tier is not None)
    costs, bounds = _costs(costs_file) if costs_file else ({}, {})
    answers = _singles(situation, region, wish, bounds)
    _check(situation, bounds)
    combined = None
    if cheapest or costs_file:
        combined = _combined(situation, region, wish, (costs, bounds), answers, chosen=costs_file is not None)
    document = _document(situation, loaded, region, wish, (costs, bounds), answers, combined)
    words = Words(situation, region, node or loaded.scheme.hierarchy.root, _floored(situation, bounds))
    _write(folder(out), document, words, answers, combined)
    show(document, as_json=as_json, lines=lambda: [
        *words.lines(answers, combined),
        *(f"Warning: {found.message}" for found in notices(situation.result)),
        f"Written to {out}; digest {document['digest']}",
    ])  # fmt: skip
    return FINDINGS if strict and notices(situation.result) else 0


def _check_tier(situation: IndexSituation, wish: Wish, *, given: bool) -> None:
    """``tier_too_large`` where the tier is asked for and holds everybody anyway."""
    count, tier = len(situation.result.units), situation.tier_size
    if tier > count and (given or wish.kind == "tier"):
        text = f"a tier of {tier} places holds all {count} units; give --tier a number up to {count}"
        raise EngineError("tier_too_large", text, {"tier": tier, "units": count})


def _singles(situation: IndexSituation, region: str, wish: Wish, bounds: Mapping[str, Bounds]) -> list[SingleChange]:
    """Every figure, with a bar that also moves while one of them is looked for."""
    levers = situation.levers()
    answers: list[SingleChange] = []
    with bar("figures", len(levers)) as shown:
        shown.miniters, shown.dynamic_miniters = 0, False
        for lever in levers:
            words = iter(range(1, 1 << 62))

            def told(code: str = lever.indicator, words: Iterator[int] = words) -> None:
                shown.set_postfix_str(f"{code}, step {next(words)}", refresh=False)
                shown.update(0)

            answers += single_changes(situation, region, wish, bounds=bounds, levers=[lever], told=told)
            shown.update()
    return answers


def _combined(
    situation: IndexSituation,
    region: str,
    wish: Wish,
    given: tuple[Mapping[str, float], Mapping[str, Bounds]],
    answers: list[SingleChange],
    *,
    chosen: bool,
) -> Combination:
    """The cheapest combination of the figures that have a cost; of all where no costs are given."""
    costs, bounds = given
    levers = [Lever(code) for code in costs] if chosen else None
    return cheapest_combination(situation, region, wish, costs=costs, bounds=bounds, levers=levers, known=[*answers])


def _floored(situation: IndexSituation, bounds: Mapping[str, Bounds]) -> frozenset[str]:
    """Indicators that a search keeps from 0 up by itself."""
    open_ = (lever for lever in situation.levers() if (own := bounds.get(lever.indicator)) is None or own.low is None)
    return frozenset(lever.indicator for lever in open_ if situation.reach(lever)[0] == situation.floor(lever) == 0)


def _document(
    situation: IndexSituation,
    loaded: Loaded,
    region: str,
    wish: Wish,
    given: tuple[Mapping[str, float], Mapping[str, Bounds]],
    answers: list[SingleChange],
    combined: Combination | None,
) -> dict[str, Any]:
    """Everything that was asked, so that it can be asked again (``--plan`` takes this file), and what came of it."""
    costs, bounds = given
    return {
        "region": region,
        "name": loaded.data.names.get(region, ""),
        "wish": wish.to_dict(),
        "node": wish.block or loaded.scheme.hierarchy.root,
        "tier": situation.tier_size,
        "free": situation.free,
        "costs": dict(costs),
        "bounds": {code: [own.low, own.high] for code, own in bounds.items()},
        "plan": loaded.scheme.steps.to_dict(),
        "plan_digest": loaded.scheme.steps.digest,
        "digest": situation.result.digest,
        "warnings": [found.told("code", "message", "indicator") for found in notices(situation.result)],
        "single": [answer.to_dict() for answer in answers],
        "cheapest": None if combined is None else combined.to_dict(),
    }


def _wish(text: str, node: str) -> Wish:
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
    sheet = read_sheet(path)
    sheet.needs("iCode")
    costs: dict[str, float] = {}
    bounds: dict[str, Bounds] = {}
    for number, row in sheet.rows:
        code = row["iCode"]
        if code in costs or code in bounds:
            text = f"{sheet.name}, row {number}: {code!r} stands twice"
            raise EngineError("duplicate_code", text, {"file": sheet.name, "row": number, "node": code})
        given = {name: sheet.number(number, row, name) for name in COST_COLUMNS}
        if not math.isnan(given["cost"]):
            costs[code] = given["cost"]
        bounds[code] = Bounds(*(None if math.isnan(given[name]) else given[name] for name in ("low", "high")))
    return costs, bounds


def _check(situation: IndexSituation, bounds: Mapping[str, Bounds]) -> None:
    """Every row of the costs file must name an indicator."""
    for code in bounds:
        situation.check_lever(Lever(code))


def _write(
    out: Path, document: Mapping[str, Any], words: Words, answers: list[SingleChange], combined: Combination | None
) -> None:
    with writing(out):
        write_csv(out / "single.csv", SINGLE, (_row(words, answer) for answer in answers))
        if combined is not None:
            rows = [
                (
                    part.lever.indicator, words.indicator(part.lever.indicator), cell(part.current), cell(part.value),
                    cell(part.change), cell(part.cost), _text(part.rounded),
                )
                for part in combined.parts
            ]  # fmt: skip
            write_csv(out / "cheapest.csv", CHEAPEST, rows)
        write_json(out / "catchup.json", document)


def _row(words: Words, answer: SingleChange) -> list[str]:
    code, needed, best, ahead = answer.lever.indicator, answer.needed, answer.best, answer.ahead
    filled = flag(answer.current is not None and not answer.reported)
    return [
        code, words.indicator(code), answer.status, answer.reason, _text(answer.current), filled,
        *_texts(needed), "" if needed is None else _text(needed.rounded), " ".join(answer.passed),
        " ".join(answer.level), "" if ahead is None else _text(ahead.value),
        *(text for number, text in enumerate(_texts(best)) if number != 1), flag(answer.unseen), flag(answer.proved),
    ]  # fmt: skip


def _texts(reach: Reach | None) -> list[str]:
    """Value, change, place, score."""
    if reach is None:
        return ["", "", "", ""]
    return [_text(number) for number in (reach.value, reach.change, reach.place, reach.points)]


def _text(number: float | None) -> str:
    return "" if number is None else cell(float(number))
