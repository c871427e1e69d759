"""The engine is a wheel of its own: built from its folder, installed without the product, with nothing but what it asks
for at hand."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "yiqi" / "engine"
SCORE = """
import importlib.util, sys
from yiqi.engine import AppraisalScheme, BlockSpec, Dataset, IndicatorSpec, run
from yiqi.engine.catchup import AppraisalSituation, next_place, single_changes
from yiqi.engine.outlook import MonthlyPanel, forecast
import yiqi.engine.uncertainty
scheme = AppraisalScheme((BlockSpec("b"),), (IndicatorSpec("gdp", "b", 10, "higher", "minmax"),))
data = Dataset(("A", "B", "C"), ("gdp",), [[8.0], [5.0], [2.0]])
print(run(scheme, data).total_points.tolist())
now = AppraisalSituation(scheme, data)
print(single_changes(now, "C", next_place())[0].needed.rounded)
panel = MonthlyPanel(("A",), ("jobs",), "2019-01", [[[float(n + n % 12)]] for n in range(30)], "level")
print(forecast(panel.series("A", "jobs"), "ets", 2, draws=10, seed=1).paths.shape)
for name in ("django", "click", "matplotlib", "yiqi.kit"):
    assert importlib.util.find_spec(name) is None, name
"""
COMMANDS = "from yiqi.engine.console import engine_commands\nprint([command.name for command in engine_commands])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    _run("-m", "build", "--wheel", "--no-isolation", str(FOLDER), "--outdir", str(out))
    return next(out.glob("yiqi_engine-*.whl"))


def _run(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _needed(made: Distribution, extra: str) -> dict[str, Distribution]:
    """What a distribution asks for, and what that asks for, by name."""
    found: dict[str, Distribution] = {}
    for text in made.requires or ():
        asked = Requirement(text)
        if asked.marker is None or asked.marker.evaluate({"extra": extra}):
            own = distribution(asked.name)
            assert asked.specifier.contains(own.version), text
            found |= {asked.name: own, **_needed(own, "")}
    return found


def _installed(wheel: Path, folder: Path, extra: str) -> Path:
    """The wheel, which to unpack is to install (pure Python), and links to exactly the distributions that it needs."""
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    made = next(Distribution.discover(name="yiqi-engine", path=[str(folder)]))
    for needed in _needed(made, extra).values():
        for top in {file.parts[0] for file in needed.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(needed.locate_file(top))))
    return folder


def _alone(folder: Path, code: str) -> str:
    """Python that finds its own library and the folder, and nothing else."""
    return _run("-I", "-S", "-c", f"import sys\nsys.path.append({str(folder)!r})\n{code}")


def test_it_scores_without_the_product(wheel: Path, tmp_path: Path) -> None:
    told = _alone(_installed(wheel, tmp_path, ""), SCORE)
    assert told.splitlines() == ["[10.0, 5.0, 0.0]", "5.0", "(10, 2)"]


def test_its_commands_come_with_the_extra(wheel: Path, tmp_path: Path) -> None:
    told = _alone(_installed(wheel, tmp_path, "console"), COMMANDS)
    assert told.strip() == "['score', 'sensitivity', 'catchup', 'backtest']"


def test_it_holds_the_modules_of_the_folder_and_no_others(wheel: Path, tmp_path: Path) -> None:
    folder = _installed(wheel, tmp_path, "")
    held = {path.relative_to(folder / "yiqi" / "engine") for path in (folder / "yiqi").rglob("*.py")}
    assert held == {path.relative_to(FOLDER) for path in FOLDER.rglob("*.py")}


def test_both_wheels_ask_for_the_same_versions() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*own["dependencies"], *own["optional-dependencies"]["console"]]
    assert [text for text in asked if text not in whole["dependencies"]] == []
    assert own["version"] == whole["version"]
