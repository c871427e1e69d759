"""``yiqi catchup``: files in, answers out; any input whatever ends in a result or in one clear sentence."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.console.running import run, table
from tests.engine.console.test_fuzz import DATA, META, NASTY

PLAN = {"impute": {"method": "mean"}}
FUZZ = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, str, Path]:
    return _files(tmp_path)


def _files(place: Path) -> tuple[Path, Path, str, Path]:
    (place / "meta.csv").write_text(META, encoding="utf-8")
    (place / "data.csv").write_text(DATA, encoding="utf-8")
    (place / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    return place / "meta.csv", place / "data.csv", "--plan", place / "plan.json"


def test_single_changes_are_those_that_score_again(files: tuple[Path, Path, str, Path], tmp_path: Path) -> None:
    """The needed value written into the data file gives the place that was promised."""
    out = tmp_path / "out"
    found = run("catchup", *files, "--region", "B", "--out", out)
    assert (found.status, found.err) == (0, "")
    header, rows = table(out / "single.csv")
    answers = [dict(zip(header, row, strict=True)) for row in rows]
    assert [answer["iCode"] for answer in answers] == ["a", "b", "c", "d"]
    enough = [answer for answer in answers if answer["status"] == "enough"]
    assert enough
    for answer in enough:
        lines = [line.split(",") for line in DATA.splitlines()]
        lines[2][lines[0].index(answer["iCode"])] = answer["needed"]
        files[1].write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
        assert run("score", *files, "--out", tmp_path / "again").status == 0
        places, ranked = table(tmp_path / "again" / "ranks.csv")
        own = next(row for row in ranked if row[0] == "B")
        assert own[places.index("Top")] == answer["place"]


def test_the_cheapest_combination_is_written(files: tuple[Path, Path, str, Path], tmp_path: Path) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text("iCode,cost,low,high\na,2,,4\nb,1,,\nc,5,0,9\nd,1,,8\n", encoding="utf-8")
    out = tmp_path / "out"
    found = run("catchup", *files, "--region", "B", "--wish", "1", "--costs", costs, "--out", out, "--json")
    assert found.status == 0
    document = json.loads(found.out)
    assert document["cheapest"]["status"] == "enough"
    assert document["cheapest"]["certificate"]["closed"] is True
    assert document == json.loads((out / "catchup.json").read_text(encoding="utf-8"))
    header, rows = table(out / "cheapest.csv")
    assert header == ["iCode", "iName", "now", "needed", "change", "cost", "rounded"]
    assert sum(float(row[5]) for row in rows) == pytest.approx(document["cheapest"]["cost"])


BAD = [
    ((), "Missing option '--region'"),
    (("--region", "Z"), "unknown unit 'Z'"),
    (("--region", "B", "--wish", "0"), "a place is a whole number from 1"),
    (("--region", "B", "--wish", "first"), "--wish must be next, tier or a place"),
    (("--region", "B", "--node", "a"), "'a' is an indicator, not an aggregate"),
    (("--region", "B", "--node", "X"), "no element 'X'"),
    (("--region", "B", "--node", "P", "--wish", "tier"), "leave --node out"),
    (("--region", "B", "--tier", "0"), "0 is not in the range"),
    (("--region", "B", "--costs", "nowhere.csv"), "cannot read nowhere.csv"),
]
COSTS = [
    ("iCode,cost\na,-1\n", "a cost must not be negative"),
    ("iCode,cost\na,inf\n", "row 2, column 'cost': 'inf' is not finite; correct it or leave it empty"),
    ("iCode,cost\na,x\n", "row 2, column 'cost': 'x' is not a number"),
    ("iCode,low,high\na,5,1\n", "lower bound 5 is above the upper bound 1"),
    ("iCode,low,high\na,inf,\n", "row 2, column 'low': 'inf' is not finite; correct it or leave it empty"),
    ('iCode,cost\na,"1,5"\n', "'1,5' is not a number; write the decimal point as '.', no sign between thousands"),
    ("iCode,cost\na,1_000\n", "'1_000' is not a number"),
    ("iCode,cost\nz,1\n", "unknown indicator 'z'"),
    ("iCode,cost\na,1\na,2\n", "row 3: 'a' stands twice"),
    ("code,cost\na,1\n", "no column 'iCode'"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_bad_arguments(
    files: tuple[Path, Path, str, Path], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    found = run("catchup", *files, "--out", tmp_path / "out", *arguments)
    assert found.status == 2
    assert message in found.err


@pytest.mark.parametrize("nothing", ["", "NA", "n/a", "nan", "—"])
def test_what_counts_as_empty_in_the_other_files_does_in_that_of_costs(
    files: tuple[Path, Path, str, Path], tmp_path: Path, nothing: str
) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text(f"iCode,cost,low,high\na,2,{nothing},4\nb,{nothing},,\n", encoding="utf-8")
    found = run("catchup", *files, "--out", tmp_path / "out", "--region", "B", "--costs", costs, "--json")
    document = json.loads(found.out)
    assert (document["costs"], document["bounds"]) == ({"a": 2.0}, {"a": [None, 4.0], "b": [None, None]})


@pytest.mark.parametrize(("content", "message"), COSTS)
def test_bad_costs(files: tuple[Path, Path, str, Path], tmp_path: Path, content: str, message: str) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text(content, encoding="utf-8")
    found = run("catchup", *files, "--out", tmp_path / "out", "--region", "B", "--costs", costs)
    assert found.status == 2
    assert message in found.err


def test_treatment_is_worked_out_again_but_not_combined(files: tuple[Path, Path, str, Path], tmp_path: Path) -> None:
    arguments = ("catchup", *files[:2], "--out", tmp_path / "out", "--region", "B")
    assert run(*arguments).status == 0
    found = run(*arguments, "--cheapest")
    assert found.status == 0
    assert "Cheapest: not worked out (shape_not_modelled" in found.out


@FUZZ
@given(st.data())
def test_any_costs_and_figures(draw: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        place = Path(name)
        files = _files(place)
        lines = [line.split(",") for line in DATA.splitlines()]
        row, column = draw.draw(st.integers(1, 5)), draw.draw(st.integers(0, 7))
        cells = draw.draw(st.sampled_from([None, NASTY]))
        if cells is not None:
            lines[row][column] = draw.draw(NASTY).replace(",", ".").replace('"', "")
            files[1].write_bytes(("\n".join(map(",".join, lines)) + "\n").encode("utf-8", "replace"))
        costs = [
            [draw.draw(NASTY | st.sampled_from("abcd")) for _ in range(4)] for _ in range(draw.draw(st.integers(0, 3)))
        ]
        text = "iCode,cost,low,high\n" + "".join(",".join(map(_plain, line)) + "\n" for line in costs)
        (place / "costs.csv").write_bytes(text.encode("utf-8", "replace"))
        more = draw.draw(st.sampled_from(((), ("--costs", place / "costs.csv"), ("--cheapest",))))
        wish = draw.draw(st.sampled_from(("next", "tier", "1", "2", "99", "-1", "", "x", "１")))
        region = draw.draw(st.sampled_from(("A", "B", "E", "Z", "")))
        found = run("catchup", *files, "--region", region, "--wish", wish, "--out", place / "out", *more)
        assert found.status in {0, 2}
        if found.status == 2:
            assert found.err.startswith(("Error: ", "Usage: ")), found.err
            return
        header, rows = table(place / "out" / "single.csv")
        numbers = [cell for line in rows for cell in (line[header.index("needed")], line[header.index("best")]) if cell]
        assert all(abs(float(number)) <= 1e100 for number in numbers)


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign not in ',"\r\n')
