"""``score``: files in, files out, laid out like the reference; other shapes of data; errors that name the cell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.engine.console.running import run, table
from tests.engine.console.test_fuzz import DATA, META
from tests.engine.parity.pipeline import standard
from tests.engine.parity.reading import FOLDER, agree, read
from yiqi.engine import IndexScheme
from yiqi.engine import run as score_index
from yiqi.engine.console.files import cell, read_tables
from yiqi.engine.scheme.index import Steps

META_FILE, DATA_FILE = FOLDER / "00_meta.csv", FOLDER / "00_raw.csv"
STEPS = {
    "denominated": "10_denominated",
    "imputed": "11_imputed",
    "treated": "13_treated",
    "normalised": "14_normalised",
    "screen_summary": "12_screen_summary",
    "treated_details": "13_treated_details",
    "groupranks_grp2": "16_groupranks_grp2",
}


def _numbers(rows: Sequence[Sequence[str]]) -> np.ndarray:
    known = {"": np.nan, "TRUE": 1.0, "FALSE": 0.0}
    return np.array([[known[text] if text in known else float(text) for text in row] for row in rows])


def _same(path: Path, name: str) -> None:
    """The same header and codes, and numbers to 1e-9."""
    header, rows = table(path)
    reference = read(name)
    assert tuple(header) == reference.header
    texts = 2 if name.startswith("16_groupranks") else 1
    assert [row[:texts] for row in rows] == [list(row[:texts]) for row in reference.rows]
    agree(_numbers([row[texts:] for row in rows]), reference.numbers(*reference.header[texts:]), name)


def test_the_reference_index_from_its_files(tmp_path: Path) -> None:
    found = run("score", META_FILE, DATA_FILE, "--out", tmp_path / "deep" / "out")
    assert (found.status, found.err) == (0, "")
    out = tmp_path / "deep" / "out"
    assert sorted(path.name for path in out.iterdir()) == ["plan.json", "ranks.csv", "scores.csv"]
    _same(out / "scores.csv", "15_scores")
    assert (out / "ranks.csv").read_bytes() == (FOLDER / "15_ranks.csv").read_bytes()
    _, rows = table(out / "scores.csv")
    assert [[float(text) for text in row[1:]] for row in rows] == standard().scores.tolist()


def test_every_step_on_request(tmp_path: Path) -> None:
    assert run("score", META_FILE, DATA_FILE, "--out", tmp_path, "--steps").status == 0
    for ours, theirs in STEPS.items():
        _same(tmp_path / f"{ours}.csv", theirs)
    header, rows = table(tmp_path / "results.csv")
    reference = read("16_results_summ")
    assert tuple(header) == ("uCode", "uName", *reference.header[1:])
    assert [row[1] for row in rows] == [f"Region {row[0][1:]}" for row in rows]
    assert [row[0] for row in rows] == list(reference.codes)
    agree(_numbers([row[2:] for row in rows]), reference.numbers(*reference.header[1:]), "results")


def test_a_transformation_is_named_among_the_details(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"treat": {"winmax": 0}}', encoding="utf-8")
    wanted = ("--out", tmp_path, "--steps", "--plan", tmp_path / "plan.json")
    assert run("score", META_FILE, DATA_FILE, *wanted).status == 0
    header, rows = table(tmp_path / "treated_details.csv")
    assert header[4] == "winsorise.nwin"
    assert [row[0] for row in rows if row[header.index("transform")] == "log_ct"] == ["i5", "i9", "i10", "i11"]


def test_tables_of_single_units(tmp_path: Path) -> None:
    assert run("score", META_FILE, DATA_FILE, "--out", tmp_path, "--unit", "R04").status == 0
    for name in ("unit_summary", "str_weak"):
        header, rows = table(tmp_path / f"{name}_R04.csv")
        reference = read(f"16_{name}")
        assert (tuple(header), len(rows)) == (reference.header, len(reference.rows))
        for row, expected in zip(rows, reference.rows, strict=True):
            assert row[: -1 if name == "str_weak" else 2] == list(expected[: -1 if name == "str_weak" else 2])
        number = reference.header[-1] if name == "str_weak" else "Score"
        agree([float(row[header.index(number)]) for row in rows], reference.numbers(number)[:, 0], name)
    assert (
        "unknown unit 'Z'; there are: R01, R02, R03 and 21 more"
        in run("score", META_FILE, DATA_FILE, "--out", tmp_path, "--unit", "Z").err
    )


def test_what_an_earlier_run_left_goes(tmp_path: Path) -> None:
    """Only what the earlier plan.json lists, and only if it is as it was written."""
    run("score", META_FILE, DATA_FILE, "--out", tmp_path, "--steps")
    (tmp_path / "own.csv").write_text("mine", encoding="utf-8")
    assert run("score", META_FILE, DATA_FILE, "--out", tmp_path).status == 0
    left = ["own.csv", "plan.json", "ranks.csv", "scores.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == left
    run("score", META_FILE, DATA_FILE, "--out", tmp_path, "--steps")
    (tmp_path / "treated.csv").write_text("changed", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    found = run("score", META_FILE, DATA_FILE, "--out", tmp_path)
    assert (found.status, "treated.csv is of an earlier run and was changed since" in found.err) == (2, True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_plan_is_written_and_read_back(tmp_path: Path) -> None:
    run("score", META_FILE, DATA_FILE, "--out", tmp_path / "one")
    document = json.loads((tmp_path / "one" / "plan.json").read_text(encoding="utf-8"))
    assert Steps.from_dict(document["plan"]) == Steps.standard("grp1")
    assert document["plan_digest"] == Steps.standard("grp1").digest
    assert document["digest"] == standard().digest
    for name, digest in document["files"].items():
        assert hashlib.sha256((tmp_path / "one" / name).read_bytes()).hexdigest() == digest
    again = run("score", META_FILE, DATA_FILE, "--out", tmp_path / "two", "--plan", tmp_path / "one" / "plan.json")
    assert again.status == 0
    for name in ("scores.csv", "ranks.csv", "plan.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def _workbook(path: Path, names: tuple[str, str]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, source in zip(names, (META_FILE, DATA_FILE), strict=True):
        sheet = book.create_sheet(name)
        header, rows = table(source)
        sheet.append(header)
        for row in rows:
            sheet.append([_typed(text) for text in row])
    book.save(path)


def _typed(text: str) -> object:
    try:
        return float(text) if text else None
    except ValueError:
        return text


@pytest.mark.parametrize("names", [("meta", "data"), ("Sheet1", "Sheet2")])
def test_one_workbook_gives_the_same_bytes(names: tuple[str, str], tmp_path: Path) -> None:
    _workbook(tmp_path / "book.xlsx", names)
    assert run("score", tmp_path / "book.xlsx", "--out", tmp_path / "x").status == 0
    run("score", META_FILE, DATA_FILE, "--out", tmp_path / "c")
    for name in ("scores.csv", "ranks.csv"):
        assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()


def test_sheets_are_found_by_name(tmp_path: Path) -> None:
    _workbook(tmp_path / "book.xlsx", ("x", "y"))
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    book["y"].title, book["x"].title = "Data", "META"
    book.move_sheet("Data", -1)
    book.create_sheet("notes", 0)
    book.save(tmp_path / "book.xlsx")
    assert run("score", tmp_path / "book.xlsx", "--out", tmp_path / "out").status == 0


def _other_shape(folder: Path) -> None:
    """Forty indicators on five levels, no column Level, two denominators, groups of other names, Chinese text."""
    aggregates = [("总", ""), ("经济", "总"), ("工业", "经济"), ("规上", "工业"), ("环境", "总")]
    parents = ["规上", "工业", "环境", "总"]
    meta = ["iCode,iName,Parent,Direction,Weight,Denominator,Type"]
    meta += [
        f"x{n},指标{n},{parents[n % 4]},{-1 if n % 3 else 1},{1 + n % 2},{('人口', '', '面积')[n % 3]},Indicator"
        for n in range(40)
    ]
    meta += [f"{code},{code},{parent},,,,Aggregate" for code, parent in aggregates]
    meta += ["片区,片区,,,,,Group", "人口,人口,,,,,Denominator", "面积,面积,,,,,Denominator", "备注,备注,,,,,Other"]
    random = np.random.default_rng(3)
    data = ["uCode," + ",".join(f"x{n}" for n in reversed(range(40))) + ",备注,片区,人口,面积,Time"]
    for unit in range(15):
        figures = random.normal(50, 9, 40).round(2).tolist()
        figures[unit] = ""
        data.append(
            f"县{unit:02},"
            + ",".join(map(str, figures))
            + f",无,{'山区' if unit % 2 else '平川'},{100 + unit},{9 + unit},2021"
        )
    (folder / "meta.csv").write_text("\r\n".join(meta), encoding="gb18030")
    (folder / "data.csv").write_text("\n".join(data) + "\n\n", encoding="utf-8-sig")


def test_other_columns_depths_and_encodings(tmp_path: Path) -> None:
    _other_shape(tmp_path)
    files = (tmp_path / "meta.csv", tmp_path / "data.csv")
    assert run("score", *files, "--out", tmp_path / "out", "--steps").status == 0
    header, rows = table(tmp_path / "out" / "scores.csv")
    assert header == ["uCode", "规上", "环境", "工业", "经济", "总"]
    assert len(rows) == 15
    hierarchy, data = read_tables(*files)
    assert len(hierarchy.levels) == 5
    expected = score_index(IndexScheme(hierarchy, Steps.standard("片区")), data)
    assert _numbers([row[1:] for row in rows]).tolist() == expected.scores.tolist()
    assert (tmp_path / "out" / "groupranks_片区.csv").exists()


def test_a_plan_of_few_words(tmp_path: Path) -> None:
    plan = {
        "normalise": {"method": "rank"},
        "aggregate": [{"method": "amean"}, {"method": "amean"}, {"method": "copeland"}],
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    found = run("score", META_FILE, DATA_FILE, "--out", tmp_path / "out", "--plan", tmp_path / "plan.json", "--json")
    document = json.loads(found.out)
    assert (document["plan"]["normalise"]["params"], document["plan"]["impute"]) == ({"ties": "min"}, None)
    assert document["standings"][0]["rank"] == 1


def test_explanations_are_printed(tmp_path: Path) -> None:
    found = run("score", META_FILE, DATA_FILE, "--out", tmp_path, "--explain", "R04", "--explain", "R04:i5", "--json")
    first, second = json.loads(found.out)["explanations"]
    assert first["sentence"].startswith("R04 scores 64.5833 in Index (index), place 7 of 24: i9 11.15")
    assert second["node"] == "i5"


META_ERRORS = {
    "type": ("a,one,1,P,1,1,u,50,,Indicator", "a,one,1,P,1,1,u,50,,Thing", "row 2: Type must be one of"),
    "weight": ("b,two,1,P,-1,2", "b,two,1,P,-1,much", "row 3, column 'Weight': 'much' is not a number"),
    "negative weight": ("b,two,1,P,-1,2", "b,two,1,P,-1,-2", "row 3: 'b': the weight must be 0 or more"),
    "direction": ("b,two,1,P,-1,2", "b,two,1,P,0,2", "row 3: 'b': the direction must be 1 or -1"),
    "level": ("b,two,1,P,-1,2", "b,two,1.5,P,-1,2", "row 3: 'b': the level must be a whole number"),
    "orphan": ("d,four,1,Q", "d,four,1,Z", "'d' is an orphan: its parent 'Z' is not in the hierarchy"),
    "cycle": ("Q,second,2,Top", "Q,second,2,Q", "circle: Q > Q"),
    "twice": ("d,four,1,Q", "c,four,1,Q", "row 5: 'c' stands twice"),
    "two roots": ("Q,second,2,Top", "Q,second,2,", "2 elements have no parent (Q, Top)"),
    "empty aggregate": (
        "side,side,,,,,,,,Group",
        "E,empty,2,Top,1,1,,,,Aggregate",
        "row 9: the aggregate 'E' has nothing below it",
    ),
    "indicator above": (
        "P,first,2,Top,1,1,,,,Aggregate",
        "P,first,2,Top,1,1,,,,Indicator",
        "its Type must be Aggregate",
    ),
    "spelling": ("Parent,Direction", "Parent,direction", "the column 'direction' must be spelt 'Direction'"),
    "spelling of Break": ("Weight,Unit", "Weight,break", "the column 'break' must be spelt 'Break'"),
    "no column": ("iCode,iName,Level,Parent", "iCode,iName,Level,Above", "has no column 'Parent'"),
    "denominator": ("2,Pop,Indicator", "2,Area,Indicator", "the data have no denominator 'Area'"),
    "infinite target": ("u,50,,Indicator", "u,inf,,Indicator", "row 2, column 'Target': 'inf' is not finite"),
}
DATA_ERRORS = {
    "text": ("A,Alpha,x,10,1,2,,5", "A,Alpha,x,10,1,two,,5", "row 2, column 'b': 'two' is not a number; correct it"),
    "infinity": ("C,Gamma,y,30,5,,6,8", "C,Gamma,y,30,5,,-inf,8", "data.csv, row 4, column 'c': '-inf' is not finite"),
    "separator": ("C,Gamma,y,30,5", "C,Gamma,y,30,1_000", "row 4, column 'a': '1_000' is not a number"),
    "twice": ("B,Beta", "A,Beta", "data.csv, row 3: unit 'A' stands twice, first in row 2"),
    "no code": ("B,Beta", ",Beta", "data.csv, row 3: the unit has no code; fill the column 'uCode'"),
    "short": ("D,Delta,y,40,3,9,9,2", "D,Delta,y,40,3,9", "row 5: 6 cells under a header of 8"),
    "missing column": ("uCode,uName,side,Pop,a", "uCode,uName,side,Pop,z", "has no column 'a'"),
    "unknown column": ("uCode,uName,side", "uCode,more,side", "'more' is not in the metadata; add a row for it"),
    "column twice": ("Pop,a,b,c,d", "Pop,a,a,c,d", "the column 'a' stands twice"),
    "spelling": ("uCode,uName", "u code,uName", "the column 'u code' must be spelt 'uCode'"),
    "decimal comma": ("A,Alpha,x,10,1,2", 'A,Alpha,x,10,"1,5",2', "'1,5' is not a number; write the decimal point"),
    "one row": (DATA[DATA.index("B,Beta"):], "", "only 'A' is there: an index compares units, give at least two"),
    "figures above": ("uCode,uName", "A,B,C,D,E\nuCode,uName", "row 1 stands above the header in row 2"),
    "zero denominator": ("B,Beta,x,20", "B,Beta,x,0", "unit 'B': the denominator 'Pop' of 'b' is 0"),
}  # fmt: skip


@pytest.mark.parametrize(
    "case", [*((True, name) for name in META_ERRORS), *((False, name) for name in DATA_ERRORS)], ids=str
)
def test_an_error_is_one_clear_sentence(case: tuple[bool, str], tmp_path: Path) -> None:
    in_meta, name = case
    old, new, said = (META_ERRORS if in_meta else DATA_ERRORS)[name]
    assert old in (META if in_meta else DATA)
    (tmp_path / "meta.csv").write_text(META.replace(old, new, 1) if in_meta else META, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA if in_meta else DATA.replace(old, new, 1), encoding="utf-8")
    found = run("score", tmp_path / "meta.csv", tmp_path / "data.csv", "--out", tmp_path / "out")
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert said in found.err
    assert not (tmp_path / "out").exists()


def test_a_break_of_the_metadata_is_told(tmp_path: Path) -> None:
    header, *rows = META.splitlines()
    lines = [f"{header},Break", f"{rows[0]},new source in 2020", *(f"{row}," for row in rows[1:])]
    (tmp_path / "meta.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    found = run("score", tmp_path / "meta.csv", tmp_path / "data.csv", "--out", tmp_path / "out")
    assert "Warning: a: not comparable with earlier figures: new source in 2020" in found.out.splitlines()


def test_several_periods_are_refused(tmp_path: Path) -> None:
    (tmp_path / "meta.csv").write_text(META, encoding="utf-8")
    lines = DATA.splitlines()
    timed = [f"{lines[0]},Time", *(f"{line},{2020 + n}" for n, line in enumerate(lines[1:]))]
    (tmp_path / "data.csv").write_text("\n".join(timed), encoding="utf-8")
    found = run("score", tmp_path / "meta.csv", tmp_path / "data.csv", "--out", tmp_path / "out")
    assert "holds several periods" in found.err


def test_errors_as_json(tmp_path: Path) -> None:
    found = run("score", tmp_path / "nowhere.csv", DATA_FILE, "--out", tmp_path, "--json")
    assert found.status == 2
    assert json.loads(found.out) == {
        "error": "file_unreadable",
        "message": "cannot read nowhere.csv: No such file or directory",
        "data": {"file": "nowhere.csv"},
    }


def test_wrong_usage(tmp_path: Path) -> None:
    assert run("score", META_FILE, DATA_FILE).status == 2
    assert "is not a workbook" in run("score", META_FILE, "--out", tmp_path).err
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "cannot make the folder" in run("score", META_FILE, DATA_FILE, "--out", tmp_path / "file").err
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    wrong = run("score", META_FILE, DATA_FILE, "--out", tmp_path, "--plan", tmp_path / "bad.json")
    assert "bad.json is not JSON" in wrong.err


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e-300, 1 / 3, 2.0**60, 123456789.123, -5.0, 1e15, 9007199254740993.0])
def test_cells_read_back_as_the_same_double(value: float) -> None:
    assert float(cell(value)) == value
