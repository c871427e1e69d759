"""``yiqi backtest``: files, pictures, sentences, exit statuses, whatever is thrown at it."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.outlook.build import counties, employment
from yiqi.engine.console.backtest import backtest_command
from yiqi.engine.console.outlook_pictures import by_year
from yiqi.engine.outlook import MonthlyPanel, month_name

FILES = {"backtest.csv", "backtest.json", "forecast.csv", "backtest.svg", "backtest.png", "fan.svg", "fan.png"}


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(backtest_command, [str(argument) for argument in arguments])


def _wide(panel: MonthlyPanel, path: Path) -> Path:
    months = [month_name(panel.first + number) for number in range(len(panel.values))]
    rows = [["month", *panel.units], *([month, *row] for month, row in zip(months, panel.values[:, :, 0], strict=True))]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _long(panel: MonthlyPanel, path: Path) -> Path:
    rows: list[Sequence[object]] = [("unit", "indicator", "period", "value")]
    for number, month in enumerate(panel.values):
        for unit, row in zip(panel.units, month, strict=True):
            for indicator, value in zip(panel.indicators, row, strict=True):
                rows.append((unit, indicator, month_name(panel.first + number), value))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_wide_panel(tmp_path: Path) -> None:
    """The real panel; two runs write the same bytes, pictures too."""
    panel, outs = _wide(employment(), tmp_path / "jobs.csv"), [tmp_path / "a", tmp_path / "b"]
    for out in outs:
        done = _run(panel, "--out", out, "--horizon", 6, "--origins", 1, "--draws", 100, "--seed", 3)
        assert done.exit_code == 0, done.output
    assert {path.name for path in outs[0].iterdir()} == FILES
    for name in FILES:
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes(), name
    assert "value: ets beat the baseline" in done.stdout
    heading, *lines = done.stdout.splitlines()
    assert heading.split()[:5] == ["indicator", "method", "cases", "scaled", "CRPS"]
    scored = list(csv.DictReader((outs[0] / "backtest.csv").read_text(encoding="utf-8").splitlines()))[2]
    assert lines[2].split()[:4] == ["all", "ets", "72", f"{float(scored['scaled_crps']):.4g}"]
    assert lines[3].startswith("scaled CRPS: CRPS ÷ the usual monthly change of the series")
    told = json.loads((outs[0] / "backtest.json").read_text(encoding="utf-8"))
    assert (told["panel"], told["panel_sha256"]) == ("jobs.csv", hashlib.sha256(panel.read_bytes()).hexdigest())
    assert (told["step"], told["horizon"], told["kinds"], told["late_january"]) == (1, 6, {"value": "level"}, False)
    forecast = list(csv.DictReader((outs[0] / "forecast.csv").read_text(encoding="utf-8").splitlines()))
    assert len(forecast) == 12 * 6
    assert (forecast[0]["period"], forecast[-1]["period"]) == ("2016-01", "2016-06")
    ends = ("low_0.95", "low_0.8", "low_0.5", "median", "high_0.5", "high_0.8", "high_0.95")
    assert all([float(row[end]) for end in ends] == sorted(float(row[end]) for end in ends) for row in forecast)
    for name in ("backtest", "fan"):
        assert (outs[0] / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert Xml.fromstring((outs[0] / f"{name}.svg").read_text(encoding="utf-8")).tag.endswith("svg")  # noqa: S314 - our own picture
    fan = Xml.fromstring((outs[0] / "fan.svg").read_text(encoding="utf-8"))  # noqa: S314 - our own picture
    text = " ".join(fan.itertext())
    assert all(f"{unit} · value" in text for unit in ("mining_and_logging", "government"))


def test_a_long_panel_in_chinese_as_json(tmp_path: Path) -> None:
    """Eight months of two indicators, one of them a flow; the method that is missing is named; --strict says 1."""
    panel = counties(8, units=2)
    named = MonthlyPanel(("翼城县", "曲沃县"), panel.indicators, panel.start, panel.values, panel.kinds)
    source = _long(named, tmp_path / "panel.csv")
    options = ("--kind", "gdp=flow", "--horizon", 2, "--origins", 2, "--draws", 50, "--json", "--strict")
    done = _run(source, "--out", tmp_path / "out", *options)
    assert done.exit_code == 1, done.output
    told = json.loads(done.stdout)
    assert told == json.loads((tmp_path / "out" / "backtest.json").read_text(encoding="utf-8"))
    assert {row["indicator"] for row in told["table"]} == {"all", "gdp", "rate"}
    assert {one["data"]["method"] for one in told["warnings"]} == {"seasonal_naive"}
    assert "warning: 翼城县 · gdp: seasonal_naive not fitted from 2021-05" in done.stderr
    assert "翼城县" in (tmp_path / "out" / "fan.svg").read_text(encoding="utf-8")


def test_a_flow_breaks_off_at_the_year_s_end() -> None:
    """November to February: December is not joined to January, which begins at 0; a level goes on."""
    months, values = np.arange(2021 * 12 + 10, 2021 * 12 + 14), np.array([50.0, 60.0, 4.0, 9.0])
    at, drawn = by_year("flow", months, values)
    assert (at - months[0]).tolist() == [0, 1, 1, 1, 2, 3]
    np.testing.assert_array_equal(drawn, [50.0, 60.0, np.nan, 0.0, 4.0, 9.0])
    assert [part.tolist() for part in by_year("level", months, values)] == [months.tolist(), values.tolist()]
    assert by_year("flow", months[2:], values[2:])[1].tolist() == [4.0, 9.0]


def test_one_constant_series_does_not_refuse_the_others(tmp_path: Path) -> None:
    lines = ["month,A,B", *(f"2021-{month:02},5,{month % 4}" for month in range(1, 13))]
    panel = tmp_path / "panel.csv"
    panel.write_text("\n".join(lines), encoding="utf-8")
    done = _run(panel, "--out", tmp_path / "out", "--horizon", 1, "--origins", 1, "--draws", 20)
    assert done.exit_code == 0, done.output
    assert "warning: A · value never varies: there is nothing to forecast; left out" in done.stderr
    svg = (tmp_path / "out" / "backtest.svg").read_text(encoding="utf-8")
    assert "Backtest of 1 series from 1 past months" in svg


STILL = ("month,A", *(f"2021-{month:02},5" for month in range(1, 13)))


@pytest.mark.parametrize(
    ("lines", "options", "said"),
    [
        (("month,A", "2021-01,1", "2021-03,2"), (), "A · value · 2021-02 is missing inside the series"),
        (("month,A", "2021-01,1", "2021-01,2"), (), "stands twice, on lines 2 and 3"),
        (("month,A", "2021-01,many"), (), "line 2, A · value · 2021-01: 'many' is not a number"),
        (("month,A", "2021-01,-inf"), (), "line 2, A · value · 2021-01: '-inf' is not a finite number"),
        (("month,A", "2021-01,1", "2021-02,2"), (), "A · value: 2 months are too few"),
        (STILL, ("--horizon", 1, "--origins", 1), "none of the 1 series varies"),
        (("month,A", "2021-01,1"), ("--seed", -1), "seed must be a whole number"),
        (("month,A", "2021-01,1"), ("--seed", "x"), "'x' is not a valid integer"),
        (("month,A", "2021-01,1"), ("--draws", 0), "draws must be a whole number from 1"),
        (("month,A", "2021-01,1"), ("--origins", 0), "origins must be a whole number from 1"),
        (("month,A", "2021-01,1"), ("--kind", "stock"), "must be flow or level"),
        (("month,A", "2021-01,1"), ("--kind", "B=flow"), "unknown indicator 'B'"),
        (("month,A", "2021-01,1"), ("--kind", "flow", "--kind", "level"), "names no indicator"),
        (("month,A", "2021-01,1"), ("--workers", 0), "not in the range"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(
    tmp_path: Path, lines: tuple[str, ...], options: tuple[object, ...], said: str
) -> None:
    panel = tmp_path / "panel.csv"
    panel.write_text("\n".join(lines), encoding="utf-8")
    done = _run(panel, "--out", tmp_path / "out", *options)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_errors_as_json_and_places_that_cannot_be_written(tmp_path: Path) -> None:
    panel = tmp_path / "panel.csv"
    panel.write_text("month,A\n2021-01,x\n", encoding="utf-8")
    done = _run(panel, "--out", tmp_path / "out", "--json")
    assert (done.exit_code, json.loads(done.stdout)["error"]) == (2, "not_a_number")
    assert json.loads(done.stdout)["data"] == {"line": 2, "unit": "A", "indicator": "value", "period": "2021-01"}
    assert _run(tmp_path / "none.csv", "--out", tmp_path / "out").exit_code == 2
    good = _wide(counties(8, units=1), tmp_path / "good.csv")
    (tmp_path / "closed" / "backtest.csv").mkdir(parents=True)
    done = _run(good, "--out", tmp_path / "closed", "--horizon", 1, "--origins", 1, "--draws", 10)
    assert done.exit_code == 2
    assert "Error: cannot write backtest.csv" in done.stderr
    done = _run(good, "--out", panel / "below", "--horizon", 1, "--origins", 1, "--draws", 10)
    assert done.exit_code == 2


CELLS = st.one_of(
    st.floats(-1e5, 1e5).map(lambda number: f"{number:.3f}"),
    st.sampled_from(
        ["", "NA", "nan", "inf", "-inf", "1e400", "1e99", "-1e99", "0", "1e-320", "text", "１２", '"', "1,2"]
    ),
)
MONTHS = st.one_of(
    st.integers(0, 8).map(lambda number: month_name(2021 * 12 + number)),
    st.sampled_from(["", "2021", "2021-13", "9999-12", "0001-01", "month", "2021年8月", "２０２１-01"]),
)
ROWS = st.lists(st.tuples(MONTHS, CELLS, CELLS), max_size=14)
BYTES = st.one_of(
    st.binary(max_size=60),
    ROWS.map(lambda rows: "\n".join(["month,A,B", *(",".join(row) for row in rows)]).encode()),
    st.lists(st.tuples(st.sampled_from(["A", "B", ""]), st.sampled_from(["x", "y"]), MONTHS, CELLS), max_size=20).map(
        lambda rows: "\n".join(["unit,indicator,period,value", *(",".join(row) for row in rows)]).encode("gb18030")
    ),
)
NUMBERS = st.sampled_from(["-1", "0", "1", "2", "7", "x", "1.5", "", "99999999999999999999", "nan", "²"])
OPTIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["--horizon", "--origins", "--step", "--draws", "--seed"]), NUMBERS),
        st.tuples(
            st.just("--kind"), st.sampled_from(["flow", "level", "", "=", "value=flow", "value=", "x=level", "é"])
        ),
    ),
    max_size=4,
).map(lambda pairs: [word for pair in pairs for word in pair])


def _survives(content: bytes, options: Sequence[str]) -> None:
    """Whatever comes in: status 0 or 2, no traceback, one sentence on an error, and JSON where it was asked for."""
    with tempfile.TemporaryDirectory() as folder:
        panel = Path(folder, "panel.csv")
        panel.write_bytes(content)
        done = _run(panel, "--out", Path(folder, "out"), "--json", *options)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code in {0, 2}
    if done.exit_code == 0:
        assert set(json.loads(done.stdout)) >= {"table", "choices", "warnings"}
    else:
        assert done.stderr.count("Error: ") == 1


@settings(max_examples=150)
@given(BYTES)
def test_fuzz_of_files(content: bytes) -> None:
    _survives(content, ["--horizon", "1", "--origins", "1", "--draws", "7"])


@settings(max_examples=15)
@given(st.integers(6, 9), st.sampled_from([1e-9, 1.0, 1e90]), OPTIONS)
def test_fuzz_of_options(months: int, size: float, options: list[str]) -> None:
    values = counties(months, units=1).values[:, 0, 0] * size
    lines = [f"{month_name(2021 * 12 + number)},{value!r}" for number, value in enumerate(values.tolist())]
    _survives("\n".join(["month,A", *lines]).encode(), ["--horizon", "1", "--origins", "1", "--draws", "7", *options])
