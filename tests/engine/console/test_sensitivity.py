"""The command ``sensitivity``: files, pictures, the same numbers on any workers, and one sentence for what is wrong."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.parity.reading import FOLDER, data, tree
from tests.engine.parity.robustness import ASSUMPTIONS
from yiqi.engine import IndexScheme
from yiqi.engine import run as score_index
from yiqi.engine.console.frame import Loaded
from yiqi.engine.console.pictures import labels, width
from yiqi.engine.console.sensitivity import sensitivity_command, usual_assumptions
from yiqi.engine.scheme.index import Steps
from yiqi.engine.tell import notices
from yiqi.engine.uncertainty import IndexModel, assumptions_to_list
from yiqi.engine.uncertainty import sensitivity as analyse

META, DATA = FOLDER / "00_meta.csv", FOLDER / "00_raw.csv"
TABLES = ["above.csv", "failed.csv", "places.csv", "rankstats.csv", "sensitivity.json", "sobol.csv"]
PICTURES = ["place_probability.png", "place_probability.svg", "rank_intervals.png", "rank_intervals.svg"]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(sensitivity_command, [str(argument) for argument in arguments])


def table(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    """Header without the first column, first column, numbers."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    numbers = np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows])
    return header[1:], [row[0] for row in rows], numbers


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    out = tmp_path_factory.mktemp("sensitivity") / "new" / "folder"
    return out, call(META, DATA, "--out", out, "--draws", 60, "--seed", 7, "--tier", 6, "--json")


def test_files_hold_what_the_engine_found(run: tuple[Path, Result]) -> None:
    out, result = run
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == sorted(TABLES + PICTURES)
    loaded = Loaded(IndexScheme(tree(), Steps.standard("grp1")), data())
    model = IndexModel(loaded.scheme, loaded.data, usual_assumptions(loaded), tier_size=6)
    found = analyse(model, 60, 7, pairs=True)
    header, units, numbers = table(out / "rankstats.csv")
    assert (header, tuple(units)) == (["Nominal", "Mean", "Median", "Q5", "Q95", "Tier"], found.standing.units)
    expected = np.column_stack([found.standing.statistics.table(), found.standing.tier_probability])
    np.testing.assert_array_equal(numbers, expected)
    header, units, numbers = table(out / "places.csv")
    assert header == [*map(str, range(1, 25)), "none"]
    np.testing.assert_array_equal(numbers[:, :-1], found.standing.probability)
    np.testing.assert_allclose(numbers.sum(axis=1), 1.0, rtol=1e-12)
    header, units, numbers = table(out / "above.csv")
    assert (tuple(header), tuple(units)) == (found.standing.units, found.standing.units)
    np.testing.assert_array_equal(numbers, found.standing.above)
    header, names, numbers = table(out / "sobol.csv")
    assert header == ["Si", "Si_Q5", "Si_Q95", "STi", "STi_Q5", "STi_Q95"]
    assert tuple(names) == found.names == ("winsorising", "normalisation", "weights", "aggregation")
    np.testing.assert_array_equal(numbers[:, [0, 3]], np.column_stack(found.indices))


def test_json_is_one_document_and_the_file_holds_the_same(run: tuple[Path, Result]) -> None:
    out, result = run
    told = json.loads(result.stdout)
    assert told == json.loads((out / "sensitivity.json").read_text(encoding="utf-8"))
    assert (told["seed"], told["draws"], told["runs"], told["rows_used"]) == (7, 60, 360, 60)
    stated = notices(score_index(IndexScheme(tree(), Steps.standard("grp1")), data()))
    assert len(stated) == 9
    few = "the indices rest on 60 rows only: look at their intervals"
    assert [warning["message"] for warning in told["warnings"]] == [*(one.message for one in stated), few]
    assert told["warnings"][0]["data"] == {**stated[0].data}
    assert told["failed"] == []


def test_pictures_are_pictures(run: tuple[Path, Result]) -> None:
    out, _ = run
    for name in PICTURES:
        content = (out / name).read_bytes()
        assert content.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")
        assert b"R24 Region 24" in content or name.endswith("png")


def test_any_number_of_workers_writes_the_same_bytes(run: tuple[Path, Result], tmp_path: Path) -> None:
    out, _ = run
    result = call(META, DATA, "--out", tmp_path, "--draws", 60, "--seed", 7, "--tier", 6, "--workers", 2)
    assert result.exit_code == 0, result.output
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_text_names_every_unit_and_assumption(tmp_path: Path) -> None:
    result = call(META, DATA, "--out", tmp_path, "--draws", 5)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[:3] for line in lines[1:3]] == [["R03", "Region", "03"], ["R06", "Region", "06"]]
    assert len({len(line) for line in lines[:25]}) == 1
    assert {line.split()[0] for line in lines[26:30]} == {"winsorising", "normalisation", "weights", "aggregation"}
    assert "seed 0" in lines[-1]


def test_strict_turns_warnings_into_status_1(tmp_path: Path) -> None:
    """Those of the index as stated too: with 100 rows there is no warning of the draws."""
    result = call(META, DATA, "--out", tmp_path, "--draws", 100, "--strict", "--no-pictures")
    assert result.exit_code == 1
    assert result.stdout.count("Warning: ") == result.stdout.count(": group_mean used for") == 9


def test_names_stand_beside_codes() -> None:
    """Where there are any that say more; a Chinese letter is as broad as two."""
    assert labels(("A", "B", "C"), {"A": "翼城县", "B": "B", "C": ""}) == ("A 翼城县", "B", "C")
    assert [width(text) for text in ("", "A 翼城县", "é·")] == [0, 8, 2]


def test_own_assumptions_and_failed_runs(tmp_path: Path) -> None:
    """Min-max from 0 under a geometric mean fails; the table names run, cause and choice."""
    own = tmp_path / "own.json"
    means = {"kind": "alternatives", "name": "mean", "path": "aggregate", "options": [[{}], [{"method": "gmean"}]]}
    own.write_text(json.dumps([means, {"kind": "weights", "size": 0.2}]), encoding="utf-8")
    result = call(META, DATA, "--out", tmp_path / "out", "--draws", 40, "--assumptions", own, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    with (tmp_path / "out" / "failed.csv").open(encoding="utf-8", newline="") as stream:
        failed = list(csv.DictReader(stream))
    assert told["failed"][0]["code"] == "not_positive"
    assert sum(one["runs"] for one in told["failed"]) == len(failed) > 0
    assert all(json.loads(row["choices"])["mean"][0]["method"] == "gmean" for row in failed)
    assert call(META, DATA, "--out", tmp_path / "out", "--draws", 40, "--assumptions", own, "--strict").exit_code == 1


def test_the_recorded_assumptions_can_be_given_as_a_file(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    own.write_text(json.dumps(assumptions_to_list(ASSUMPTIONS)), encoding="utf-8")
    result = call(META, DATA, "--out", tmp_path / "out", "--draws", 30, "--assumptions", own, "--json")
    assert [one["variable"] for one in json.loads(result.stdout)["sobol"]] == [
        "Winmax",
        "Normalisation",
        "Weights",
        "Aggregation",
    ]


def test_two_levels_and_other_names(tmp_path: Path) -> None:
    """A tree of one level, no groups, no denominators: the weights of the indicators are drawn."""
    (tmp_path / "m.csv").write_text(
        "iCode,Level,Parent,Direction,Weight,Type\ngdp,1,top,1,1,Indicator\nco2,1,top,-1,2,Indicator\ntop,2,,1,1,Aggregate\n"
    )
    (tmp_path / "d.csv").write_text("uCode,gdp,co2\n甲,1,5\n乙,2,4\n丙,3,\n丁,9,1\n", encoding="utf-8")
    result = call(tmp_path / "m.csv", tmp_path / "d.csv", "--out", tmp_path / "out", "--draws", 50, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["assumptions"][-2] == {"kind": "weights", "size": {"1": 0.25}, "name": "weights"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--draws", "0"], "draws_invalid"),
        (["--draws", "1"], "draws_invalid"),
        (["--tier", "99"], "tier_invalid"),
        (["--draws", "2000000000"], "too_many_draws"),
        (["--seed", "-1"], "seed_invalid"),
        (["--node", "nobody"], "unknown_node"),
        (["--plan", "nowhere.json"], "file_unreadable"),
        (["--assumptions", "nowhere.json"], "file_unreadable"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, arguments: list[str], code: str) -> None:
    result = call(META, DATA, "--out", tmp_path, *arguments, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"] == code
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--draws", "many"], ["--workers", "0"], ["--tier", "0"], ["--colour"]])
def test_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    assert call(META, DATA, "--out", tmp_path, *arguments).exit_code == 2


CELLS = st.one_of(
    st.sampled_from(
        ["", "NA", "x", "-1", "0", "1e308", "-1e308", "inf", "nan", "1e-320", "P1", "Index", "9" * 400, "Pop"]
    ),
    st.text(max_size=8),
)
PLANS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "plan",
                    "treat",
                    "normalise",
                    "aggregate",
                    "method",
                    "params",
                    "winmax",
                    "kind",
                    "name",
                    "path",
                    "options",
                    "size",
                    "lower",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)
fuzz = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(folder: Path, *arguments: object) -> None:
    """Done, or one clear sentence; never a traceback, never a silent nan in the tables."""
    result = call(*arguments, "--out", folder / "out", "--draws", 3, "--no-pictures", "--json")
    assert result.exit_code in {0, 2}, (result.output, result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    told = json.loads(result.stdout)
    assert ("error" in told) == (result.exit_code == 2)


@fuzz
@given(
    st.sampled_from(["meta", "data"]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 25), CELLS), min_size=1, max_size=3),
)
def test_fuzzed_tables(which: str, changes: list[tuple[int, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {"meta": folder / "meta.csv", "data": folder / "data.csv"}
        shutil.copy(META, files["meta"])
        shutil.copy(DATA, files["data"])
        with files[which].open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        for row, column, text in changes:
            line = rows[row % len(rows)]
            line[column % len(line)] = text
        with files[which].open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
        survives(folder, files["meta"], files["data"])


@fuzz
@given(st.sampled_from(["--plan", "--assumptions"]), PLANS)
def test_fuzzed_plans_and_assumptions(option: str, document: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "given.json").write_text(json.dumps(document), encoding="utf-8")
        survives(folder, META, DATA, option, folder / "given.json")


@fuzz
@given(
    st.lists(
        st.tuples(st.sampled_from(["kind", "name", "path", "options", "size", "scale", "shape"]), PLANS), max_size=5
    )
)
def test_fuzzed_assumptions_of_the_right_shape(fields: list[tuple[str, Any]]) -> None:
    for kind in ("alternatives", "weights", "values"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "given.json").write_text(json.dumps([{**dict(fields), "kind": kind}]), encoding="utf-8")
            survives(folder, META, DATA, "--assumptions", folder / "given.json")


PATHS = [
    "treat.winmax",
    "treat",
    "normalise",
    "normalise.params.upper",
    "aggregate",
    "impute",
    "screen",
    "zero_weights",
    "ties",
]
OPTIONS = st.one_of(
    st.integers(-2, 9),
    st.none(),
    st.floats(),
    st.sampled_from(["dense", "missing", "equal", [{"method": "copeland"}], [{"method": "hmean"}], {"method": "rank"}]),
    st.sampled_from(
        [{"method": "dist2targ"}, {"method": "fracmax"}, {"available": 0.95}, {"available": 1.0, "nonzero": 1.0}]
    ),
    PLANS,
)


@fuzz
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.lists(OPTIONS, min_size=1, max_size=2)), min_size=1, max_size=2))
def test_fuzzed_alternatives(chosen: list[tuple[str, list[Any]]]) -> None:
    document = [
        {"kind": "alternatives", "name": f"n{number}", "path": path, "options": options}
        for number, (path, options) in enumerate(chosen)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "given.json").write_text(json.dumps(document), encoding="utf-8")
        survives(folder, META, DATA, "--assumptions", folder / "given.json")


@fuzz
@given(st.binary(max_size=200))
def test_fuzzed_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place, arguments in (
            ("m.csv", [folder / "m.csv", DATA]),
            ("d.csv", [META, folder / "d.csv"]),
            ("b.xlsx", [folder / "b.xlsx"]),
        ):
            (folder / place).write_bytes(content)
            survives(folder, *arguments)
