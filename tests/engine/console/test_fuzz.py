"""Any input whatever ends in a result or in one clear sentence and status 2, never in a traceback or a silent nan."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.console.running import run, table
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.methods import MEANS, SCALES
from yiqi.engine.scheme.steps import (
    AggregateSpec,
    ImputeSpec,
    NormaliseSpec,
    ScreenSpec,
    TreatSpec,
)

META = """iCode,iName,Level,Parent,Direction,Weight,Unit,Target,Denominator,Type
a,one,1,P,1,1,u,50,,Indicator
b,two,1,P,-1,2,u,2,Pop,Indicator
c,three,1,Q,1,1,u,9,,Indicator
d,four,1,Q,1,1,u,9,,Indicator
P,first,2,Top,1,1,,,,Aggregate
Q,second,2,Top,1,1,,,,Aggregate
Top,all,3,,1,1,,,,Aggregate
side,side,,,,,,,,Group
Pop,people,,,,,,,,Denominator
"""
DATA = """uCode,uName,side,Pop,a,b,c,d
A,Alpha,x,10,1,2,,5
B,Beta,x,20,2,3,4,6
C,Gamma,y,30,5,,6,8
D,Delta,y,40,3,9,9,2
E,Epsilon,y,50,4,1,7,3
"""
NASTY = st.sampled_from(
    ("", "NA", "nan", "inf", "-Inf", "1e400", "1e99", "-1e99", "1e-320", "0", "-0.0", "-1", "0.5", "1,5", "1_0", "１２",
     "x", "A", "a", "P", "Top", "Pop", "side", "Indicator", "Aggregate", "Group", "Other",
     "\x00", "名", '"', "=1+1", " 3 ", "9" * 40)
) | st.text(max_size=4)  # fmt: skip
FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _broken(draw: st.DataObject, text: str) -> str:
    """A few cells, rows or columns of a good table changed."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(draw.draw(st.integers(0, 3))):
        row = draw.draw(st.integers(0, len(rows) - 1))
        deed = draw.draw(st.sampled_from(("cell", "cell", "cell", "cell", "drop", "twice", "short", "column", "swap")))
        if deed == "cell" and rows[row]:
            rows[row][draw.draw(st.integers(0, len(rows[row]) - 1))] = draw.draw(NASTY)
        elif deed == "drop" and len(rows) > 1:
            del rows[row]
        elif deed == "twice":
            rows.insert(row, list(rows[row]))
        elif deed == "short" and rows[row]:
            rows[row].pop()
        elif deed == "column":
            place = draw.draw(st.integers(0, max(0, len(rows[0]) - 1)))
            rows = [line[:place] + line[place + 1 :] for line in rows]
        elif deed == "swap":
            other = draw.draw(st.integers(0, len(rows) - 1))
            rows[row], rows[other] = rows[other], rows[row]
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def _ends_well(*arguments: object, out: Path) -> None:
    found = run(*arguments)
    assert found.status in {0, 2}, found
    if found.status == 2:
        assert found.err.startswith(("Error: ", "Usage: ")), found.err
        assert "Traceback" not in found.err
        assert len(found.err.strip()) > 15
        return
    header, rows = table(out / "scores.csv")
    assert header[0] == "uCode"
    assert all(cell == "" or abs(float(cell)) < 1e300 for row in rows for cell in row[1:])
    document = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    if any(cell == "" for row in rows for cell in row[1:]):
        assert "no_score" in {warning["code"] for warning in document["warnings"]}


@FUZZ
@given(st.data())
def test_tables(draw: st.DataObject) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        for name, text in (("meta.csv", META), ("data.csv", DATA)):
            (folder / name).write_bytes(_broken(draw, text).encode("utf-8", "replace"))
        steps = draw.draw(st.sampled_from(((), ("--steps",), ("--json",))))
        _ends_well(
            "score", folder / "meta.csv", folder / "data.csv", "--out", folder / "out", *steps, out=folder / "out"
        )


@FUZZ
@given(st.binary(max_size=60), st.booleans(), st.sampled_from((".csv", ".xlsx")))
def test_any_bytes(content: bytes, as_meta: bool, suffix: str) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "good.csv").write_text(META if not as_meta else DATA, encoding="utf-8")
        bad = folder / f"bad{suffix}"
        bad.write_bytes(content)
        pair = (bad, folder / "good.csv") if as_meta else (folder / "good.csv", bad)
        wanted = (bad,) if suffix == ".xlsx" else pair
        found = run("score", *wanted, "--out", folder / "out")
        assert (found.status, found.err[:7]) == (2, "Error: ")


_numbers = st.integers(-3, 120) | st.floats(-5, 120) | st.sampled_from((float("inf"), float("nan"), 1e308, -1e-320))
_leaves = (
    st.none()
    | st.booleans()
    | _numbers
    | st.sampled_from((*SCALES, *MEANS, "group_mean", "row_mean", "median", "side", "A", "a", "Top", "P",
                       "log_ct", "boxcox", "missing", "error", "equal", "mid", "full", "dense", "min", "average", "2"))
)  # fmt: skip
_names = st.sampled_from(
    [
        item.name
        for kind in (Steps, NormaliseSpec, AggregateSpec, ImputeSpec, ScreenSpec, TreatSpec)
        for item in fields(kind)
    ]
    + ["lower", "upper", "p", "unit", "cap", "sd", "mean", "truncate", "scale", "a", "b", "P", "Top", "plan"]
)
_json = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4), max_leaves=12
)


def _likely(kind: type, **known: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """A specification whose fields are often right."""
    own = {item.name: known.get(item.name, _json) for item in fields(kind)}
    return st.fixed_dictionaries({}, optional=own)


_params = st.dictionaries(_names, _leaves, max_size=2) | st.just({})
_scale = _likely(NormaliseSpec, method=st.sampled_from(sorted(SCALES)), params=_params)
_mean = _likely(AggregateSpec, method=st.sampled_from(sorted(MEANS)), params=_params)
_plans = _likely(
    Steps,
    normalise=_scale,
    aggregate=_mean | st.lists(_mean, max_size=3),
    impute=_likely(ImputeSpec) | st.none(),
    screen=_likely(ScreenSpec) | st.none(),
    treat=_likely(TreatSpec) | st.none(),
)


@FUZZ
@given(_json | _plans)
def test_any_plan(document: object) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "meta.csv").write_text(META, encoding="utf-8")
        (folder / "data.csv").write_text(DATA, encoding="utf-8")
        (folder / "plan.json").write_text(json.dumps(document), encoding="utf-8")
        files = (folder / "meta.csv", folder / "data.csv", "--plan", folder / "plan.json")
        _ends_well("score", *files, "--out", folder / "out", out=folder / "out")


WORDS = ("meta.csv", "data.csv", "nowhere", "--out", "o", "--plan", "--steps", "--explain", "A", "A:P", "Z", "A:Z", ":")


@FUZZ
@given(st.lists(st.sampled_from((*WORDS, "--strict", "--json", "--unknown", "")), max_size=8))
def test_any_arguments(arguments: list[str]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "meta.csv").write_text(META, encoding="utf-8")
        (folder / "data.csv").write_text(DATA, encoding="utf-8")
        known = {"meta.csv", "data.csv", "o"}
        found = run("score", *(folder / word if word in known else word for word in arguments))
        assert found.status in {0, 1, 2}
        assert (found.status == 2) == bool(found.err)


def test_the_good_tables_are_good(tmp_path: Path) -> None:
    """What is broken above works when it is whole."""
    (tmp_path / "meta.csv").write_text(META, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    found = run("score", tmp_path / "meta.csv", tmp_path / "data.csv", "--out", tmp_path / "out", "--strict")
    assert (found.status, found.err) == (1, "")
    assert found.out.splitlines()[0].split()[:2] == ["1", "C"]
