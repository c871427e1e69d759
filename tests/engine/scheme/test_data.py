"""Data sets and trees: what they hold, what they give out, and the steps between raw figures and the scale."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.parity.reading import agree, data, read, tree
from tests.engine.trees import NAN, four, ragged
from yiqi.engine import EngineError, IndexScheme, run
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import ImputeSpec, NormaliseSpec, ScreenSpec, TreatSpec
from yiqi.engine.tell.views import strengths, weaknesses


def test_values_are_copied_unless_closed() -> None:
    open_, closed = np.array([[1.0], [2.0]]), np.array([[1.0], [2.0]])
    closed.setflags(write=False)
    copied = Dataset(("A", "B"), ("a",), open_)
    open_[0, 0] = 9.0
    assert copied.values.tolist() == [[1.0], [2.0]]
    assert not copied.values.flags.writeable
    assert Dataset(("A", "B"), ("a",), closed).values is closed


def test_rows_and_columns_of_a_data_set() -> None:
    found = Dataset(
        ("A", "B", "C"),
        ("a", "b"),
        [[1.0, 2.0], [3.0, NAN], [5.0, 6.0]],
        names={"A": "Alpha"},
        groups={"g": ("x", "y", "x")},
        denominators={"d": [1.0, 2.0, 4.0]},
        breaks={"a": "new"},
    )
    assert (found.row("C"), found.column("b")) == (2, 1)
    assert found.selected(("b", "a"))[0].tolist() == [2.0, 1.0]
    assert found.selected(("a", "b")) is found.values
    np.testing.assert_array_equal(found.lows, [1.0, NAN])
    np.testing.assert_array_equal(found.highs, [5.0, NAN])
    part = found.taken([2, 0])
    assert (part.units, part.group("g"), part.denominators["d"].tolist()) == (("C", "A"), ("x", "x"), [4.0, 1.0])
    assert (part.names, part.breaks) == ({"A": "Alpha"}, {"a": "new"})
    assert found.replaced(found.values * 2).values[0].tolist() == [2.0, 4.0]


def test_the_parts_of_a_tree() -> None:
    found = tree()
    assert found.root == "Index"
    assert found.codes == (*(f"i{n}" for n in range(1, 13)), "P1", "P2", "P3", "P4", "S1", "S2", "Index")
    assert found.levels[1:] == (("P1", "P2", "P3", "P4"), ("S1", "S2"), ("Index",))
    assert found.leaves("S2") == ("i8", "i9", "i10", "i11", "i12")
    assert (found.leaves("i3"), found.children("i3")) == (("i3",), ())
    assert found.path("i8") == ("i8", "P3", "S2", "Index")
    assert found.node("i5").denominator == "Pop"


def test_heights_are_the_levels_without_a_file() -> None:
    found = tree()
    bare = Hierarchy(tuple(Node(node.code, node.parent) for node in reversed(found.nodes)))
    assert {code: bare.level(code) for code in found.codes} == {code: found.level(code) for code in found.codes}
    assert [set(level) for level in bare.levels] == [set(level) for level in found.levels]


def test_what_is_removed_takes_along_what_is_below_and_what_is_left_empty() -> None:
    found = tree().with_nodes_removed(["P1", "i8", "i9"])
    assert found.aggregates == ("P2", "P4", "S1", "S2", "Index")
    assert found.indicators == ("i4", "i5", "i6", "i7", "i10", "i11", "i12")
    assert ragged().with_nodes_removed(["a", "b"]).codes == ("c", "top")


def test_weights_are_changed_by_code() -> None:
    found = ragged().with_weights({"a": 7.0})
    assert (found.node("a").weight, found.node("b").weight, ragged().node("a").weight) == (7.0, 3.0, 1.0)


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        (ImputeSpec("row_mean", within=2), "50_impute_row_mean_pillar"),
        (ImputeSpec("row_mean", within="2"), "50_impute_row_mean_pillar"),
        (ImputeSpec("row_mean"), "50_impute_row_mean_index"),
        (ImputeSpec("row_mean", within=4), "50_impute_row_mean_index"),
        (ImputeSpec("group_median", group="grp2"), "50_impute_median_grp2"),
        (ImputeSpec("mean"), "50_impute_mean"),
    ],
)
def test_gaps_are_filled_on_the_way(spec: ImputeSpec, name: str) -> None:
    agree(run(IndexScheme(tree(), Steps(impute=spec)), data()).steps["imputed"], read(name).numbers())


@pytest.mark.parametrize("within", [1, 5, "x", -1, True])
def test_families_must_be_of_a_level(within: object) -> None:
    with pytest.raises(EngineError) as caught:
        run(IndexScheme(tree(), Steps(impute=ImputeSpec("row_mean", within=within))), data())
    assert caught.value.code == "option_invalid"


def test_a_plan_read_back_is_the_plan() -> None:
    steps = Steps(
        denominate=False,
        impute=ImputeSpec("median"),
        screen=ScreenSpec(0.5, 0.25),
        treat=TreatSpec(winmax=2, by_indicator={"i1": None, "i2": TreatSpec(force=True)}),
        normalise=NormaliseSpec("rank", {"ties": "max"}, {"i1": NormaliseSpec("zscore")}, "full"),
        aggregate=({"method": "genmean", "params": {"p": -1}}, {"method": "amean", "coverage": 0.5}, {}),
        aggregate_by_node={"P1": {"method": "copeland"}},
        zero_weights="equal",
        ties="dense",
        tolerance=0,
    )
    again = Steps.from_dict(steps.to_dict())
    assert (again, again.digest) == (steps, steps.digest)
    assert again.digest != Steps.from_dict({**steps.to_dict(), "zero_weights": "error"}).digest
    methods = {code: spec.method for code, spec in steps.specs(tree()).items()}
    middle = dict.fromkeys(("P2", "P3", "P4"), "genmean")
    assert methods == {"P1": "copeland", **middle, **dict.fromkeys(("S1", "S2", "Index"), "amean")}


def test_a_scheme_read_back_is_the_scheme() -> None:
    scheme = IndexScheme(tree(), Steps.standard("grp1"))
    again = IndexScheme.from_dict(scheme.to_dict())
    assert again == scheme
    assert run(again, data()).digest == run(scheme, data()).digest


def test_a_data_set_keeps_the_columns_asked_for_with_one_nothing_and_one_nan() -> None:
    odd = np.array([[-0.0, 1.0], [-np.nan, 2.0]])
    found = Dataset(("A", "B"), ("a", "b"), odd, targets=odd).canonical(("b", "a"))
    assert found.columns == ("b", "a")
    assert (found.column("a"), found.row("B")) == (1, 1)
    for table in (found.values, found.targets):
        assert table.tobytes() == np.array([[1.0, 0.0], [2.0, np.nan]]).tobytes()
    assert found.canonical(("b", "a")) is found
    with pytest.raises(EngineError) as caught:
        found.canonical(("c",))
    assert (caught.value.code, caught.value.data) == ("unknown_indicator", {"indicator": "c"})


def test_without_denominators_the_raw_values_stay() -> None:
    kept = run(IndexScheme(tree(), Steps(denominate=False)), data())
    assert list(kept.steps) == ["raw", "normalised", "scores"]
    np.testing.assert_array_equal(kept.steps["raw"], data().values)


def test_strengths_by_the_scale() -> None:
    """On the common scale gaps that were filled count too."""
    result = run(IndexScheme(ragged()), four())
    assert [mark.code for mark in strengths(result, "A", 2, "normalised")] == ["a", "b"]
    assert [(mark.code, mark.rank) for mark in weaknesses(result, "D", 1)] == [("a", 3)]
    assert strengths(result, "C", 3) == [strengths(result, "C", 1)[0]]
    for count in (0, 1.5, True):
        with pytest.raises(EngineError):
            strengths(result, "A", count)
