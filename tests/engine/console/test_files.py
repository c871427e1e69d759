"""Shapes of files that are read alike, and what is said of columns and cells that are not as they should be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.engine.console.running import run, table
from tests.engine.console.test_fuzz import DATA, META
from yiqi.engine import IndexScheme
from yiqi.engine import run as score_index
from yiqi.engine.console.files import read_tables
from yiqi.engine.scheme.index import Steps
from yiqi.engine.tell import notices
from yiqi.engine.tell.views import group_ranks


def _files(folder: Path, meta: str = META, data: str = DATA, encoding: str = "utf-8") -> tuple[Path, Path]:
    (folder / "meta.csv").write_text(meta, encoding=encoding)
    (folder / "data.csv").write_text(data, encoding=encoding)
    return folder / "meta.csv", folder / "data.csv"


def _warnings(folder: Path, meta: str = META, data: str = DATA) -> dict[str, str]:
    """Codes and texts of the warnings of a build without treatment."""
    tree, figures = read_tables(*_files(folder, meta, data))
    return {found.code: found.message for found in notices(score_index(IndexScheme(tree), figures))}


TITLE = "Figures of the year,,\n\n"


@pytest.mark.parametrize(
    ("sign", "encoding", "title"),
    [(";", "utf-8", ""), ("\t", "utf-8-sig", ""), ("\t", "utf-16", ""), (",", "gb18030", ""), (",", "utf-8", TITLE),
     (";", "utf-16", TITLE.replace(",", ";"))],
)  # fmt: skip
def test_files_of_other_shapes_are_read_alike(sign: str, encoding: str, title: str, tmp_path: Path) -> None:
    tree, figures = read_tables(*_files(tmp_path))
    meta, data = (title + text.replace(",", sign) for text in (META, DATA))
    other_tree, other = read_tables(*_files(tmp_path, meta, data, encoding))
    assert (other_tree, other.units, other.groups) == (tree, figures.units, figures.groups)
    np.testing.assert_array_equal(other.values, figures.values)
    assert [note.code for note in other.notes] == (["rows_skipped"] * 2 if title else [])


def test_a_title_above_the_header_of_a_workbook_is_skipped_and_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in (("meta", META), ("data", DATA)):
        sheet = book.create_sheet(name)
        sheet.append(["Figures of the year"])
        for line in text.splitlines():
            sheet.append([part or None for part in line.split(",")])
    book.save(tmp_path / "book.xlsx")
    found = run("score", tmp_path / "book.xlsx", "--out", tmp_path / "out")
    assert found.status == 0
    said = "Warning: book.xlsx[data]: the header was found below a row that is no part of the table, and not read"
    assert said in found.out.splitlines()


@pytest.mark.parametrize("text", ["", "NA", "n/a", "N/A", "#N/A", "null", "NULL", "nan", "—", "–", "-"])
def test_ways_to_say_that_a_figure_is_missing(text: str, tmp_path: Path) -> None:
    _, figures = read_tables(*_files(tmp_path, data=DATA.replace("A,Alpha,x,10,1,2", f"A,Alpha,x,10,{text},2")))
    assert np.isnan(figures.values[0]).tolist() == [True, False, True, False]


def _without(text: str, column: str) -> str:
    place = text.splitlines()[0].split(",").index(column)
    cut = (line.split(",") for line in text.splitlines())
    return "\n".join(",".join(line[:place] + line[place + 1 :]) for line in cut)


def test_columns_of_the_metadata_are_never_left_out_in_silence(tmp_path: Path) -> None:
    assert not {code for code in _warnings(tmp_path) if code.startswith("metadata")}
    for column, held in (("Direction", "higher counts as better"), ("Weight", "every element weighs the same")):
        said = _warnings(tmp_path, _without(META, column))["metadata_column_missing"]
        assert said.startswith(f"meta.csv has no column {column!r}: {held}")
    said = _warnings(tmp_path, META.replace("Direction", "Sense"))["metadata_column_unknown"]
    assert said.startswith("meta.csv: columns that are not known do not count: Sense; known: iCode, iName")


@pytest.mark.parametrize("empty", ["", "nan", "NA"])
def test_an_empty_weight_or_direction_is_named(empty: str, tmp_path: Path) -> None:
    said = _warnings(tmp_path, META.replace("b,two,1,P,-1,2", f"b,two,1,P,-1,{empty}"))
    assert said["weight_missing"] == "meta.csv: no Weight for b (row 3); it counts as 1"
    said = _warnings(tmp_path, META.replace("b,two,1,P,-1,2", f"b,two,1,P,{empty},2"))
    assert said["direction_missing"] == "meta.csv: no Direction for b (row 3); it counts as 1"
    assert "weight_missing" not in _warnings(tmp_path, META.replace("Top,all,3,,1,1", f"Top,all,3,,1,{empty}"))


def test_a_denominator_below_zero_is_named(tmp_path: Path) -> None:
    said = _warnings(tmp_path, data=DATA.replace("B,Beta,x,20", "B,Beta,x,-20"))
    text = "b: divided by 'Pop' below 0 of B, which turns its sign; correct the figure"
    assert said["denominator_negative"] == text


def test_a_unit_without_a_group_has_no_place_in_one(tmp_path: Path) -> None:
    data = DATA.replace("B,Beta,x,20", "B,Beta,,20")
    assert _warnings(tmp_path, data=data)["group_missing"] == "side: no group for B; they have no place within groups"
    tree, figures = read_tables(*_files(tmp_path, data=data))
    places = group_ranks(score_index(IndexScheme(tree), figures), "side")
    assert places[:, -1].tolist() == [1, 0, 1, 3, 2]
    run("score", *_files(tmp_path, data=data), "--out", tmp_path / "out", "--steps")
    assert table(tmp_path / "out" / "groupranks_side.csv")[1][-1] == ["B", "", "", "", ""]


def test_names_stand_beside_codes(tmp_path: Path) -> None:
    found = run("score", *_files(tmp_path), "--out", tmp_path / "out")
    assert found.out.splitlines()[0].split()[:3] == ["1", "C", "Gamma"]
    told = json.loads(run("score", *_files(tmp_path), "--out", tmp_path / "out", "--json").out)["standings"][0]
    assert (told["unit"], told["name"]) == ("C", "Gamma")


def test_a_plan_may_stand_on_the_standard_one(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"

    def planned(text: str) -> object:
        plan.write_text(text, encoding="utf-8")
        found = run("score", *_files(tmp_path), "--out", tmp_path / "out", "--plan", plan, "--json")
        document = json.loads(found.out)
        return document.get("plan", document)

    standard = Steps.standard("side").to_dict()
    assert planned('{"base": "standard"}') == standard
    assert planned('{"base": "standard", "treat": null}') == standard | {"treat": None}
    assert planned('{"base": "plain"}') == planned("{}") == Steps().to_dict()
    text = "base must be one of plain, standard, not 'usual'"
    assert planned('{"base": "usual"}')["message"] == text
    twice = planned('{"normalise": {"method": "rank", "method": "minmax"}}')
    assert twice["error"] == "duplicate_key"


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("score", "m", "d", "--out", "o", "--foo"), "--foo"),
        (("score", "--out", "o"), "meta"),
        (("score", "m", "d"), "out"),
        (("sensitivity", "m", "d", "--out", "o", "--seed", "abc"), "seed"),
        (("catchup", "m", "d"), None),
        (("backtest",), "panel"),
    ],
)
def test_errors_of_usage_are_json_too(arguments: tuple[str, ...], option: str | None) -> None:
    found = run(*arguments, "--json")
    told = json.loads(found.out)
    assert (found.status, told["error"]) == (2, "usage")
    assert option is None or told["data"] == {"option": option}
    assert told["message"] in found.err
    plain = run(*arguments)
    assert (plain.status, plain.out) == (2, "")
