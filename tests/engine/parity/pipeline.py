"""Files 00–33: the pipeline, the scales, the aggregations, the outranking matrix."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import numpy as np

from tests.engine.parity.reading import FOLDER, Reference, agree, data, read, same_codes, tree
from yiqi.engine import IndexScheme, run
from yiqi.engine.console.files import meta_rows, read_tables
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.normalise import normalise
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.methods.outrank import dominance, outrank_matrix
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec
from yiqi.engine.tell.views import group_ranks, standings, strengths, unit_summary, weaknesses

CHECKS: dict[str, Callable[[], None]] = {}
LEFT_OUT: dict[str, str] = {
    "33_agg_na_copeland_w.csv": "with missing cells COINr's Copeland depends on the order of rows; ours does not",
}


def check(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the check of a file."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        CHECKS[f"{name}.csv"] = function
        return function

    return register


@cache
def standard() -> IndexResult:
    """The pipeline of files 10 to 15."""
    return run(IndexScheme(tree(), Steps.standard("grp1")), data())


def _matrix(ours: np.ndarray, name: str) -> None:
    table = read(name)
    same_codes(tree().indicators, table.columns)
    same_codes(standard().units, table.codes)
    agree(ours, table.numbers(), name)


@check("00_meta")
def _meta() -> None:
    hierarchy, found = read_tables(FOLDER / "00_meta.csv", FOLDER / "00_raw.csv")
    assert hierarchy == tree()
    table = read("00_meta")
    written = list(meta_rows(hierarchy, found))
    assert written[:-3] == [table.header, *table.rows[:-3]]
    assert [(row[0], row[-1]) for row in written[-3:]] == [(row[0], row[-1]) for row in table.rows[-3:]]


@check("00_raw")
def _raw() -> None:
    _, found = read_tables(FOLDER / "00_meta.csv", FOLDER / "00_raw.csv")
    table = read("00_raw")
    assert (found.units, found.columns) == (table.texts("uCode"), tree().indicators)
    np.testing.assert_array_equal(found.values, table.numbers(*found.columns))
    np.testing.assert_array_equal(found.denominators["Pop"], table.column("Pop"))
    assert dict(found.groups) == {"grp1": table.texts("grp1"), "grp2": table.texts("grp2")}
    assert [found.names[unit] for unit in found.units] == list(table.texts("uName"))


for _step, _file in (("denominated", "10_denominated"), ("imputed", "11_imputed"), ("normalised", "14_normalised")):
    CHECKS[f"{_file}.csv"] = lambda step=_step, file=_file: _matrix(standard().steps[step], file)


@check("12_screen_summary")
def _screen() -> None:
    table, found = read("12_screen_summary"), standard().screened
    assert found is not None
    same_codes(found.units, table.codes)
    expected = {
        "N_missing": found.missing,
        "N_zero": found.zeros,
        "N_miss_or_zero": found.missing + found.zeros,
        "Dat_Avail": found.available,
        "Non_Zero": found.nonzero,
        "LowData": found.low_data,
        "LowNonZero": found.low_nonzero,
        "LowDatOrZeroFlag": found.low_data | found.low_nonzero,
        "Included": found.included,
    }
    same_codes(tuple(expected), table.columns)
    for name, values in expected.items():
        agree(values, table.column(name), name)


@check("13_treated")
def _treated() -> None:
    _matrix(standard().steps["treated"], "13_treated")


@check("13_treated_details")
def _treated_details() -> None:
    table, treated = read("13_treated_details"), standard().treated
    assert treated is not None
    same_codes(tree().indicators, table.codes)
    details = treated.details
    for number in (0, 1):
        made = details.checks > number
        for name, values in (("Pass", details.passed), ("Skew", details.skew), ("Kurt", details.kurt)):
            ours = np.where(made, values[number].astype(float), np.nan)
            agree(ours, table.column(f"check_SkewKurt{number}.{name}"), f"{name} {number}")
    agree(np.where(details.checks > 1, details.winsorised, np.nan), table.column("winsorise.nwin"), "nwin")


@check("15_scores")
def _scores() -> None:
    table = read("15_scores")
    same_codes(standard().units, table.codes)
    same_codes(standard().nodes, table.columns)
    agree(standard().scores, table.numbers(), "scores")


@check("15_ranks")
def _ranks() -> None:
    table = read("15_ranks")
    same_codes(standard().nodes + tree().indicators, table.columns)
    np.testing.assert_array_equal(np.hstack([standard().ranks, standard().indicator_ranks]), table.numbers())


@check("16_results_summ")
def _standings() -> None:
    table, found = read("16_results_summ"), standings(standard())
    same_codes([line.unit for line in found], table.codes)
    agree([[line.score, line.rank] for line in found], table.numbers())


@check("16_groupranks_grp2")
def _group_ranks() -> None:
    table, found = read("16_groupranks_grp2"), group_ranks(standard(), "grp2")
    rows = [standard().row(unit) for unit in table.codes]
    columns = [standard().nodes.index(code) for code in table.columns[1:]]
    assert sorted(table.codes) == sorted(standard().units)
    assert [standard().data.groups["grp2"][row] for row in rows] == list(table.texts("grp2"))
    np.testing.assert_array_equal(found[rows][:, columns], table.numbers(*table.columns[1:]))


@check("16_unit_summary")
def _unit_summary() -> None:
    table, found = read("16_unit_summary"), unit_summary(standard(), "R04")
    same_codes([element.code for element in found], table.codes)
    assert [element.name for element in found] == list(table.texts("Name"))
    agree([[element.score, element.rank] for element in found], table.numbers("Score", "Rank"))


@check("16_str_weak")
def _str_weak() -> None:
    table = read("16_str_weak")
    found = [("S", mark) for mark in strengths(standard(), "R04")]
    found += [("W", mark) for mark in weaknesses(standard(), "R04")]
    assert [(kind, mark.code, mark.parent) for kind, mark in found] == [row[:3] for row in table.rows]
    agree([[mark.rank, mark.value] for _, mark in found], table.numbers("Rank", "Value"))


SCALES = {
    "20_norm_minmax_0_100": NormaliseSpec("minmax"),
    "20_norm_minmax_1_10": NormaliseSpec("minmax", {"lower": 1, "upper": 10}),
    "20_norm_zscore_0_1": NormaliseSpec("zscore"),
    "20_norm_zscore_100_15": NormaliseSpec("zscore", {"mean": 100, "sd": 15}),
    "20_norm_scaled_0_100_x100": NormaliseSpec("scaled"),
    "20_norm_rank_min": NormaliseSpec("rank"),
    "20_norm_rank_average": NormaliseSpec("rank", {"ties": "average"}),
    "20_norm_borda_min": NormaliseSpec("borda"),
    "20_norm_prank_min": NormaliseSpec("prank"),
    "20_norm_dist2max": NormaliseSpec("dist2max"),
    "20_norm_dist2targ_nocap": NormaliseSpec("dist2targ", {"wrong_side": "compute"}),
    "20_norm_dist2targ_cap": NormaliseSpec("dist2targ", {"wrong_side": "compute", "cap": True}),
}
POSTS = {"20_norm_goalposts_trunc": True, "20_norm_goalposts_notrunc": False}


def _scaled(spec: NormaliseSpec) -> np.ndarray:
    nodes = [tree().node(code) for code in tree().indicators]
    return normalise(
        data().values,
        spec,
        directions=[node.direction for node in nodes],
        targets=[node.target for node in nodes],
        units=data().units,
        columns=data().columns,
    )


def _without(column: str, name: str, spec: NormaliseSpec, infinite: float = np.inf) -> None:
    """In one column COINr divides by 0 (Inf or 1, and NaN); ours drops that column by its policy."""
    ours, theirs = _scaled(spec), read(name).numbers()
    place = data().columns.index(column)
    assert {str(value) for value in theirs[:, place]} == {"nan", str(infinite)}
    assert np.isnan(ours[:, place]).all()
    agree(np.delete(ours, place, axis=1), np.delete(theirs, place, axis=1), name)


def _posts(truncate: bool) -> NormaliseSpec:
    table = read("21_goalposts_params")
    own = {}
    for code, (lower, upper, scale) in zip(table.codes, table.numbers().tolist(), strict=True):
        params = {"lower": lower, "upper": upper, "scale": scale, "truncate": truncate}
        own[code] = NormaliseSpec("goalposts", params)
    return NormaliseSpec(by_indicator=own)


for _name, _spec in SCALES.items():
    CHECKS[f"{_name}.csv"] = lambda name=_name, spec=_spec: _matrix(_scaled(spec), name)
for _name, _cut in POSTS.items():
    CHECKS[f"{_name}.csv"] = lambda name=_name, cut=_cut: _matrix(_scaled(_posts(cut)), name)


@check("20_norm_fracmax")
def _fracmax() -> None:
    """The best of i12 (lower is better) is 0."""
    _without("i12", "20_norm_fracmax", NormaliseSpec("fracmax", zero_range="missing"))


@check("20_norm_dist2ref_nocap")
def _dist2ref() -> None:
    """R07 is the worst of i7."""
    spec = NormaliseSpec("dist2ref", {"unit": "R07"}, zero_range="missing")
    _without("i7", "20_norm_dist2ref_nocap", spec)


@check("20_norm_dist2ref_cap")
def _dist2ref_cap() -> None:
    spec = NormaliseSpec("dist2ref", {"unit": "R07", "cap": True}, zero_range="missing")
    _without("i7", "20_norm_dist2ref_cap", spec, infinite=1.0)


@check("21_goalposts_params")
def _posts_params() -> None:
    """The 10th and 90th percentile of the raw column to 4 digits; upper := lower + 1 where not above."""
    table = read("21_goalposts_params")
    same_codes(data().columns, table.codes)
    found = []
    for column in data().values.T:
        low, high = (_four_digits(bound) for bound in np.nanquantile(column, (0.1, 0.9)))
        found.append([low, high if high > low else low + 1, 100])
    agree(found, table.numbers())


def _four_digits(value: float) -> float:
    """Rounded as people do, halves up."""
    exact = Decimal(f"{value:.15g}")
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - 3), ROUND_HALF_UP))


@check("30_agg_input_minmax_1_100")
def _aggregation_input() -> None:
    _matrix(run(IndexScheme(tree(), _one_to_hundred()), data()).normalised, "30_agg_input_minmax_1_100")


def _one_to_hundred() -> Steps:
    steps = Steps.standard("grp1")
    scale = NormaliseSpec("minmax", {"lower": 1, "upper": 100})
    return Steps(impute=steps.impute, screen=steps.screen, treat=steps.treat, normalise=scale)


@check("30_weights_unequal")
def _weights() -> None:
    table = read("30_weights_unequal")
    hierarchy = tree("30_weights_unequal")
    assert [hierarchy.node(code).weight for code in table.codes] == table.column("Weight").tolist()
    assert [hierarchy.level(code) for code in table.codes] == table.column("Level").tolist()


def _mean(power: float) -> AggregateSpec:
    return AggregateSpec("genmean", {"p": power})


AGGREGATED = {
    "31_agg_amean_w": AggregateSpec("amean"),
    "31_agg_gmean_w": AggregateSpec("gmean"),
    "31_agg_hmean_w": AggregateSpec("hmean"),
    "31_agg_genmean_p2_w": _mean(2),
    "31_agg_genmean_pm1_w": _mean(-1),
    "31_agg_genmean_p05_w": _mean(0.5),
    "31_agg_copeland_w": AggregateSpec("copeland"),
    "31_agg_mixed_amean_gmean_gmean_w": (AggregateSpec("amean"), AggregateSpec("gmean"), AggregateSpec("gmean")),
    "31_agg_mixed_amean_amean_copeland_w": (AggregateSpec("amean"), AggregateSpec("amean"), AggregateSpec("copeland")),
    "33_agg_na_amean_w": AggregateSpec("amean"),
    "33_agg_na_gmean_w": AggregateSpec("gmean"),
    "33_agg_na_hmean_w": AggregateSpec("hmean"),
    "33_agg_na_amean_w_thresh09_1_1": (
        AggregateSpec("amean", coverage=0.9),
        AggregateSpec("amean", coverage=1),
        AggregateSpec("amean", coverage=1),
    ),
}


def _aggregated(name: str) -> None:
    source = read("33_agg_na_input" if name.startswith("33") else "30_agg_input_minmax_1_100")
    table: Reference = read(name)
    found = aggregate(tree("30_weights_unequal"), source.numbers(), AGGREGATED[name])
    columns = [code for code in table.columns if code in tree().aggregates]
    same_codes(columns, tree().aggregates)
    agree(found, table.numbers(*columns), name)


for _name in AGGREGATED:
    CHECKS[f"{_name}.csv"] = lambda name=_name: _aggregated(name)


@check("33_agg_na_input")
def _na_input() -> None:
    _matrix(_scaled(NormaliseSpec("minmax", {"lower": 1, "upper": 100})), "33_agg_na_input")


def _outranking() -> np.ndarray:
    hierarchy = tree("30_weights_unequal")
    weights = [hierarchy.node(code).weight for code in hierarchy.indicators]
    return outrank_matrix(read("30_agg_input_minmax_1_100").numbers(), weights)


@check("32_outrank_matrix_w")
def _outrank() -> None:
    table = read("32_outrank_matrix_w")
    same_codes(table.codes, table.columns)
    agree(_outranking(), table.numbers(), "outranking")


@check("32_outrank_dominance")
def _dominance() -> None:
    pairs, share = dominance(_outranking())
    agree([[pairs, share]], read("32_outrank_dominance").numbers("nDominant", "fracDominant"))
