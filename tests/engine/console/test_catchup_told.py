"""What ``yiqi catchup`` tells, and that what it tells is so: every number typed back gives what was promised."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.engine.console.running import Ran, run, table

INDEX = Path(__file__).parents[3] / "examples" / "index"
META, DATA, PLAIN = INDEX / "meta.csv", INDEX / "data.csv", INDEX / "plain.json"


def ask(out: Path, *more: object, plan: bool = True) -> Ran:
    return run("catchup", META, DATA, *(("--plan", PLAIN) if plan else ()), "--out", out, *more)


def answers(out: Path) -> dict[str, dict[str, str]]:
    header, rows = table(out / "single.csv")
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


def document(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "catchup.json").read_text(encoding="utf-8"))
    return found


def standing(place: Path, region: str, changes: dict[str, str]) -> tuple[int, int]:
    """Place of the region with figures typed into the file, and how many share it."""
    with DATA.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row["uCode"] == region:
            row.update(changes)
    changed = place / "changed.csv"
    with changed.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert run("score", META, changed, "--plan", PLAIN, "--out", place / "again").status == 0
    header, ranked = table(place / "again" / "ranks.csv")
    column = header.index("Index")
    own = next(row[column] for row in ranked if row[0] == region)
    return int(own), sum(row[column] == own for row in ranked)


def line(found: Ran, code: str) -> str:
    return next(text for text in found.out.splitlines() if text.split()[0] == code)


def test_printed_values_do_what_they_say(tmp_path: Path) -> None:
    """Level at the first number, ahead from the second; each promise typed back."""
    found = ask(tmp_path, "--region", "R23", "--wish", "3")
    told = re.findall(
        r"^(i\d+) .* to (\S+): place 3, draws level with R19 \(Region 19\); ahead from (\S+)", found.out, re.M
    )
    assert [code for code, *_ in told] == ["i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8", "i10", "i11"]
    for code, level, ahead in told:
        assert standing(tmp_path, "R23", {code: level}) == (3, 2), code
        assert standing(tmp_path, "R23", {code: ahead}) == (3, 1), code


def test_the_exact_values_are_written_too(tmp_path: Path) -> None:
    ask(tmp_path, "--region", "R23", "--wish", "3")
    row = answers(tmp_path)["i8"]
    assert (row["iName"], row["passed"], row["level"], row["filled"]) == ("indicator 8", "", "R19", "FALSE")
    assert float(row["needed"]) < float(row["ahead"]) < float(row["rounded"]) == 62.2074
    assert standing(tmp_path, "R23", {"i8": row["ahead"]}) == (3, 1)
    assert standing(tmp_path, "R23", {"i8": row["needed"]}) == (3, 2)


def test_a_filled_figure_is_where_changes_start(tmp_path: Path) -> None:
    found = ask(tmp_path, "--region", "R23", "--wish", "3", "--costs", INDEX / "costs.csv")
    row = answers(tmp_path)["i4"]
    assert row["filled"] == "TRUE"
    assert float(row["now"]) == pytest.approx(50.4874, abs=1e-4)
    assert float(row["change"]) == pytest.approx(41.49009 - 50.48742, abs=1e-4)
    assert "from the filled figure to 41.49" in line(found, "i4")
    assert "Cheapest: i4 (indicator 4) from 50.4874 to 41.49, cost 8.99733\n" in found.out
    cheapest = document(tmp_path)["cheapest"]
    assert (cheapest["status"], cheapest["left_out"], cheapest["certificate"]["closed"]) == ("enough", [], True)
    assert cheapest["cost"] == pytest.approx(8.9973, abs=1e-4)
    assert standing(tmp_path, "R23", {"i4": "41.49"}) == (3, 1)


def test_the_claim_is_of_those_counted(tmp_path: Path) -> None:
    """Nothing fills the gap, so the figure has nothing to start from and cannot be counted."""
    plan = tmp_path / "bare.json"
    plan.write_text("{}", encoding="utf-8")
    costs = tmp_path / "costs.csv"
    costs.write_text("iCode,cost\ni4,1\ni8,1\n", encoding="utf-8")
    found = run("catchup", META, DATA, "--plan", plan, "--region", "R23", "--costs", costs, "--out", tmp_path / "out")
    assert found.status == 0
    last = [text for text in found.out.splitlines() if text.startswith("Cheapest: cost")]
    assert len(last) == 1
    assert re.search(r"nothing of those counted costs less than \S+; not counted: i4 \(there is no figure", last[0])
    assert document(tmp_path / "out")["cheapest"]["certificate"]["complete"] is False


def test_an_upper_bound_where_no_combination_can_be_worked_out(tmp_path: Path) -> None:
    found = ask(tmp_path, "--region", "R04", "--cheapest", plan=False)
    assert found.status == 0
    assert "Cheapest: not worked out (shape_not_modelled: combinations need arithmetic means" in found.out
    assert "; the best single figure, so combinations may cost less" in found.out
    cheapest, single = document(tmp_path)["cheapest"], document(tmp_path)["single"]
    assert (cheapest["status"], cheapest["upper_only"], cheapest["certificate"]["bound"]) == ("enough", True, 0.0)
    assert cheapest["certificate"]["closed"] is False
    [part] = cheapest["parts"]
    value = next(one["needed"]["value"] for one in single if one["lever"] == part["lever"])
    assert part["value"] == value


def test_warnings_are_told_and_strict(tmp_path: Path) -> None:
    arguments = ("--region", "R23", "--wish", "3")
    found, strict = ask(tmp_path, *arguments), ask(tmp_path, *arguments, "--strict")
    assert (found.status, strict.status) == (0, 1)
    told = [text.removeprefix("Warning: ") for text in found.out.splitlines() if text.startswith("Warning: ")]
    assert told == [one["message"] for one in document(tmp_path)["warnings"]]
    assert "i4: group_mean used for R23" in told


def test_the_document_can_be_asked_again(tmp_path: Path) -> None:
    """AppraisalScheme, region, wish, node, tier, costs and bounds from catchup.json give the same document."""
    first, again = tmp_path / "first", tmp_path / "again"
    ask(first, "--region", "R23", "--wish", "2", "--node", "S1", "--tier", "4", "--costs", INDEX / "costs.csv")
    kept = document(first)
    assert (kept["node"], kept["tier"], kept["costs"]["i2"], kept["bounds"]["i4"]) == ("S1", 4, 2.0, [0.0, 100.0])
    costs = tmp_path / "costs.csv"
    rows = [f"{code},{kept['costs'][code]!r},{low!r},{high!r}" for code, (low, high) in kept["bounds"].items()]
    costs.write_text("\n".join(["iCode,cost,low,high", *rows, ""]), encoding="utf-8")
    found = run(
        "catchup", META, DATA, "--plan", first / "catchup.json", "--region", kept["region"], "--wish",
        kept["wish"]["place"], "--node", kept["node"], "--tier", kept["tier"], "--costs", costs, "--out", again,
    )  # fmt: skip
    assert found.status == 0
    assert document(again) == kept


HELD = [
    (("--region", "R23", "--wish", "30"), "R23 (Region 23): the wish holds already, place 4 of 24"),
    (("--region", "R21", "--wish", "tier", "--tier", "24"), "R21 (Region 21): the wish holds already, place {} of 24"),
]


@pytest.mark.parametrize(("arguments", "expected"), HELD)
def test_a_wish_that_holds_is_one_line(tmp_path: Path, arguments: tuple[str, ...], expected: str) -> None:
    found = ask(tmp_path, *arguments)
    place = standing(tmp_path, arguments[1], {})[0]
    told = [text for text in found.out.splitlines() if not text.startswith(("Warning: ", "Written "))]
    assert told == [expected.format(place)]


@pytest.mark.parametrize("more", [("--tier", "25"), ("--tier", "25", "--wish", "tier")])
def test_a_tier_of_more_than_all(tmp_path: Path, more: tuple[str, ...]) -> None:
    found = ask(tmp_path, "--region", "R23", "--json", *more)
    assert found.status == 2
    told = json.loads(found.out)
    assert (told["error"], told["data"]) == ("tier_too_large", {"tier": 25, "units": 24})


def test_no_figure_below_zero_unless_free(tmp_path: Path) -> None:
    kept, free = ask(tmp_path / "kept", "--region", "R23", "--wish", "3"), tmp_path / "free"
    for code in ("i9", "i12"):
        assert "cannot by itself (too_little): place 4, at most" in line(kept, code)
        assert "not below 0 as no unit is; --free lifts that" in line(kept, code)
        assert float(answers(tmp_path / "kept")[code]["best"]) >= 0
    ask(free, "--region", "R23", "--wish", "3", "--free")
    assert [answers(free)[code]["status"] for code in ("i9", "i12")] == ["enough", "enough"]
    assert all(float(answers(free)[code]["needed"]) < 0 for code in ("i9", "i12"))


def test_what_a_better_place_needs(tmp_path: Path) -> None:
    """A wish out of reach: the least change for the best place in reach; typed back, it gives that place."""
    found = ask(tmp_path, "--region", "R23", "--wish", "1")
    told = re.findall(
        r"^(i\d+) .*cannot by itself \(too_little\): place (\d+) needs (\S+)( \(beyond every figure)?", found.out, re.M
    )
    assert told
    for code, place, value, beyond in told:
        assert standing(tmp_path, "R23", {code: value})[0] == int(place), code
        assert bool(beyond) is (answers(tmp_path)[code]["unseen"] == "TRUE")
    assert {bool(beyond) for *_, beyond in told} == {True, False}


def test_not_found_is_not_cannot_where_nothing_is_proved(tmp_path: Path) -> None:
    found = ask(tmp_path, "--region", "R04", "--wish", "1", plan=False)
    unproved = [
        row["iCode"] for row in answers(tmp_path).values() if (row["status"], row["proved"]) == ("cannot", "FALSE")
    ]
    assert unproved
    assert all("not found by itself (too_little, not proved)" in line(found, code) for code in unproved)
    assert "cannot by itself" not in found.out
