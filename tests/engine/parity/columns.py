"""Files 40–71: treatment, imputation, panels, statistics, weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from tests.engine.parity.reading import Reference, agree, read, same_codes, tree
from yiqi.engine import FloatArray
from yiqi.engine.run.impute import impute
from yiqi.engine.run.moments import skew_kurt
from yiqi.engine.run.transforms import boxcox, log_ct, log_ct_orig, log_ct_plus
from yiqi.engine.run.treat import Details, treat
from yiqi.engine.run.winsorise import winsorise
from yiqi.engine.scheme.steps import ImputeSpec, TreatSpec
from yiqi.engine.study.panel import Panel, impute_panel, panel_of
from yiqi.engine.study.statistics import (
    availability,
    availability_by_group,
    correlation_flags,
    correlations,
    cronbach_alpha,
    denominator_correlations,
    family_correlations,
    principal_components,
    statistics,
)
from yiqi.engine.study.weights import effective_weights, optimise_weights

CHECKS: dict[str, Callable[[], None]] = {}
LEFT_OUT: dict[str, str] = {}
INDICATORS = tuple(f"i{number}" for number in range(1, 13))


def check(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the check of a file."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        CHECKS[f"{name}.csv"] = function
        return function

    return register


def add(name: str, run: Callable[..., None], *arguments: object) -> None:
    """Register ``run(name, *arguments)`` as the check of a file."""
    CHECKS[f"{name}.csv"] = lambda: run(name, *arguments)


@cache
def values(name: str) -> FloatArray:
    """The indicators of a file (24 units, 12 indicators)."""
    return read(name).numbers(*INDICATORS)


def matrix(name: str, ours: FloatArray) -> None:
    table = read(name)
    same_codes(table.texts("uCode"), read("00_raw").texts("uCode"))
    same_codes(table.header[-12:], INDICATORS)
    agree(ours, table.numbers(*INDICATORS), name)


# Treatment


def _treated(name: str, spec: TreatSpec) -> None:
    matrix(name, treat(values("11_imputed"), spec).values)


def _details(name: str, spec: TreatSpec) -> None:
    table, found = read(name), treat(values("11_imputed"), spec).details
    same_codes(table.codes, INDICATORS)
    expected = _as_table(found)
    assert set(table.columns) == {column for column in expected if column != "winsorise.nwin" or found.winsorised.any()}
    for column, ours in expected.items():
        agree(ours, table.column(column), f"{name} {column}")


def _as_table(details: Details) -> Mapping[str, FloatArray]:
    """COINr's headings; what was not done is empty."""
    found = {"winsorise.nwin": np.where(details.checks > 1, details.winsorised.astype(float), math.nan)}
    for number in range(int(details.checks.max())):
        made = details.checks > number
        measures = {"Pass": details.passed[number], "Skew": details.skew[number], "Kurt": details.kurt[number]}
        for name, column in measures.items():
            found[f"check_SkewKurt{number}.{name}"] = np.where(made, column.astype(float), math.nan)
    return found


TREATMENTS = {
    "40_treat_win1_logCT": TreatSpec(winmax=1),
    "40_treat_win1_logCT_combine": TreatSpec(winmax=1, combine=True),
    "40_treat_win1_logCTplus": TreatSpec(winmax=1, transform="log_ct_plus"),
    "40_treat_win2_skew1_kurt2_logCT": TreatSpec(winmax=2, skew=1.0, kurt=2.0),
}
for _name, _spec in TREATMENTS.items():
    add(_name, _treated, _spec)
    add(f"{_name}_details", _details, _spec)

FUNCTIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "41_fn_log_CT": log_ct,
    "41_fn_log_CT_plus": log_ct_plus,
    "41_fn_log_CT_orig": log_ct_orig,
    "41_fn_boxcox_0": lambda columns: boxcox(columns, 0.0),
    "41_fn_boxcox_05": lambda columns: boxcox(columns, 0.5),
    "41_fn_winsorise_force3": lambda columns: winsorise(columns, 3, force=True).values,
}
for _name, _function in FUNCTIONS.items():
    add(_name, lambda name, function: matrix(name, function(values("11_imputed"))), _function)


@check("42_skew_kurt_raw")
def _moments() -> None:
    table = read("42_skew_kurt_raw")
    same_codes(table.codes, INDICATORS)
    agree(np.column_stack(skew_kurt(values("00_raw"))), table.numbers("skew", "kurt"), table.name)


# Imputation

PILLARS = [tree().node(code).parent for code in INDICATORS]
SIGNS = [float(tree().node(code).direction) for code in INDICATORS]


def _imputed(name: str, spec: ImputeSpec, families: list[str] | None) -> None:
    groups = read("00_raw").texts("grp2")
    found = impute(values("10_denominated"), spec, groups=groups, directions=SIGNS, families=families)
    matrix(name, found)


add("50_impute_mean", _imputed, ImputeSpec("mean"), None)
add("50_impute_median", _imputed, ImputeSpec("median"), None)
add("50_impute_median_grp2", _imputed, ImputeSpec("group_median", group="grp2"), None)
add("50_impute_row_mean_pillar", _imputed, ImputeSpec("row_mean", within=2), PILLARS)
add("50_impute_row_mean_index", _imputed, ImputeSpec("row_mean"), None)


@cache
def _panel() -> Panel:
    table = read("51_panel_input")
    return panel_of(table.codes, table.column("Time").tolist(), table.numbers("a", "b", "c"), ("a", "b", "c"))


def _filled(name: str, method: str | None, max_age: float | None) -> None:
    table, panel = read(name), _panel()
    keys = [(unit, time) for unit in panel.units for time in panel.times]
    assert list(zip(table.codes, table.column("Time").tolist(), strict=True)) == keys
    found = panel.values if method is None else impute_panel(panel, method, max_age).values
    agree(panel.long(found), table.numbers("a", "b", "c"), name)


add("51_panel_input", _filled, None, None)
add("51_panel_latest", _filled, "latest", None)
add("51_panel_latest_max1", _filled, "latest", 1.0)
add("51_panel_constant", _filled, "constant", None)
add("51_panel_linear-constant", _filled, "linear-constant", None)


# Statistics


def _correlated(name: str, source: str, method: str, part: str) -> None:
    found = correlations(values(source), method=method, columns=INDICATORS)
    table = read(name)
    same_codes(table.codes, INDICATORS)
    same_codes(table.columns, INDICATORS)
    agree(found.p if part == "p" else found.r, table.numbers(), name)


add("60_cor_pearson_raw", _correlated, "00_raw", "pearson", "r")
add("60_cor_spearman_raw", _correlated, "00_raw", "spearman", "r")
add("60_cor_kendall_raw", _correlated, "00_raw", "kendall", "r")
add("60_cor_pearson_norm", _correlated, "14_normalised", "pearson", "r")
add("60_pvals_pearson_raw_first12", _correlated, "00_raw", "pearson", "p")


@cache
def scores() -> tuple[tuple[str, ...], FloatArray]:
    """Normalised indicators and the scores of file 15 side by side, with their codes."""
    codes = tree().aggregates
    return INDICATORS + codes, np.hstack([values("14_normalised"), read("15_scores").numbers(*codes)])


@check("61_corr_family_level1")
def _families() -> None:
    names = {"Pillar": 2, "Sub-index": 3, "Index": 4}
    found = {(one.level, one.code): one.r for one in family_correlations(tree(), *scores(), of=INDICATORS)}
    _pairs("61_corr_family_level1", lambda row: (names[row["LevelName"]], row["Var2"]), found, "Correlation")


@check("61_corr_levels_2_3_4")
def _levels() -> None:
    found = {
        (f"{tree().level(one.code)}-{one.level}", one.above, one.code): one.r
        for one in family_correlations(tree(), *scores(), of=tree().aggregates)
    }
    _pairs("61_corr_levels_2_3_4", lambda row: (row["L"], row["Var1"], row["Var2"]), found, "Correlation")


def _pairs(
    name: str,
    key: Callable[[Mapping[str, str]], tuple[object, ...]],
    found: Mapping[tuple[object, ...], float],
    column: str,
) -> None:
    """The same keys, and the same number at each."""
    table = read(name)
    keys = [key(row) for row in _rows(table)]
    assert sorted(map(repr, keys)) == sorted(map(repr, found))
    agree([found[each] for each in keys], table.column(column), name)


def _rows(table: Reference) -> list[dict[str, str]]:
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def _flags(name: str, kind: str, limits: tuple[float, float]) -> None:
    """Which of the two limits of the file's description holds shows in its rows; both are tried on our side."""
    table = read(name)
    normalised = values("14_normalised")
    for limit in limits:
        flags = correlation_flags(tree(), INDICATORS, normalised, threshold=limit, kind=kind, level=2)
        found = {(flag.group, frozenset((flag.first, flag.second))): flag.r for flag in flags}
        expected = {(row["Group"], frozenset((row["Ind1"], row["Ind2"]))): float(row["Corr"]) for row in _rows(table)}
        kept = {pair: r for pair, r in expected.items() if (r > limit if kind == "high" else r < limit)}
        assert found.keys() == kept.keys()
        agree([found[pair] for pair in kept], list(kept.values()), name)


add("62_corr_flags_high", _flags, "high", (0.75, 0.5))
add("62_corr_flags_low", _flags, "low", (-0.1, -0.3))


@check("62_denom_corr")
def _denominators() -> None:
    population = {"Pop": read("00_raw").column("Pop")}
    flags = denominator_correlations(values("10_denominated"), INDICATORS, population, threshold=0.3)
    found = {(flag.first, flag.second): flag.r for flag in flags}
    _pairs("62_denom_corr", lambda row: (row["Ind"], row["Denom"]), found, "Corr")


@check("63_cronbach")
def _alpha() -> None:
    codes, table = scores()
    groups = {code: tree().children(code) for code in ("P1", "P2", "P3", "P4")}
    groups |= {f"{code}_lev2": tree().children(code) for code in ("S1", "S2")} | {"ALL": INDICATORS}
    found = {(name,): cronbach_alpha(table[:, [codes.index(each) for each in own]]) for name, own in groups.items()}
    _pairs("63_cronbach", lambda row: (row["Group"],), found, "alpha")


@check("64_pca_weights_level1")
def _loadings() -> None:
    table = read("64_pca_weights_level1")
    same_codes(table.codes, INDICATORS)
    expected, normalised = table.column("Weight"), values("14_normalised")
    for pillar in dict.fromkeys(PILLARS):
        own = [number for number, above in enumerate(PILLARS) if above == pillar]
        ours = principal_components(normalised[:, own]).loadings[:, 0]
        agree(ours * np.sign(ours @ expected[own]), expected[own], pillar)  # the sign is arbitrary


@check("64_pca_sdev_level1")
def _components() -> None:
    normalised, sdev, share = values("14_normalised"), {}, {}
    for pillar in dict.fromkeys(PILLARS):
        found = principal_components(normalised[:, [above == pillar for above in PILLARS]])
        sdev |= {(pillar, str(number + 1)): float(each) for number, each in enumerate(found.sdev)}
        share |= {(pillar, str(number + 1)): float(each) for number, each in enumerate(found.share)}
    _pairs("64_pca_sdev_level1", lambda row: (row["Group"], row["PC"]), sdev, "sdev")
    _pairs("64_pca_sdev_level1", lambda row: (row["Group"], row["PC"]), share, "prop")


@check("65_stats_raw")
def _statistics() -> None:
    table, found = read("65_stats_raw"), statistics(values("00_raw"), INDICATORS)
    same_codes(table.codes, INDICATORS)
    ours = {
        "Min": found.low,
        "Max": found.high,
        "Mean": found.mean,
        "Median": found.median,
        "Std": found.sd,
        "Skew": found.skew,
        "Kurt": found.kurt,
        "N.Avail": found.available,
        "N.NonZero": found.non_zero,
        "N.Unique": found.unique,
        "N.Same": found.same,
        "Frc.Avail": found.available / found.units,
        "Frc.NonZero": found.share(found.non_zero),
        "Frc.Unique": found.share(found.unique),
        "Frc.Same": found.share(found.same),
    }
    for column, numbers in ours.items():
        agree(numbers, table.column(column), column)
    flags = {
        "Flag.Avail": "available",
        "Flag.NonZero": "non_zero",
        "Flag.Unique": "unique",
        "Flag.SkewKurt": "outliers",
    }
    for column, name in flags.items():
        bad = "OUT" if name == "outliers" else "LOW"
        assert table.texts(column) == tuple(bad if flag else "ok" for flag in found.flags[name]), column
    assert set(table.columns) == ours.keys() | flags.keys()


@check("65_avail_by_group")
def _by_group() -> None:
    table = read("65_avail_by_group")
    same_codes(table.columns, tree().aggregates)
    agree(availability_by_group(tree(), INDICATORS, values("00_raw")), table.numbers(), table.name)


@check("65_avail_summary")
def _availability() -> None:
    table, found = read("65_avail_summary"), availability(values("00_raw"), INDICATORS)
    ours = (found.missing, found.zero, found.missing_or_zero, found.available, found.non_zero)
    assert table.columns == ("N_missing", "N_zero", "N_miss_or_zero", "Dat_Avail", "Non_Zero")
    agree(np.column_stack(ours), table.numbers(), table.name)


# Weights


def _effective(name: str, weights: str | None) -> None:
    table, hierarchy = read(name), tree(weights)
    same_codes(table.codes, hierarchy.codes)
    agree([hierarchy.level(code) for code in hierarchy.codes], table.column("Level"), name)
    agree([hierarchy.node(code).weight for code in hierarchy.codes], table.column("Weight"), name)
    agree(list(effective_weights(hierarchy).values()), table.column("EffWeight"), name)


add("70_eff_weights_equal", _effective, None)
add("70_eff_weights_unequal", _effective, "30_weights_unequal")


def _optimised(name: str, level: int, objective: str) -> None:
    """No worse than the reference, where a mean square below the square of rounding is 0; and weights ≥ 0."""
    table = read(name)
    targets = dict(zip(table.codes, table.column("Desired").tolist(), strict=True)) if objective == "balance" else None
    found = optimise_weights(tree(), values("14_normalised"), level=level, objective=objective, targets=targets)
    reference = float(table.column("objective")[0])
    same_codes(tuple(found.weights), table.codes)
    assert min(found.weights.values()) >= 0
    if objective == "infomax":
        assert found.certificate.objective <= reference + 1e-12
    else:
        assert math.exp(found.certificate.objective) <= math.exp(reference) * (1 + 1e-12) + 2.0**-104
    _objective(table, level, objective, found.wished)


def _objective(table: Reference, level: int, objective: str, wished: Mapping[str, float] | None) -> None:
    """At the reference's weights our formula gives the reference's objective."""
    elements = tree().levels[level - 1]
    theirs = tree().with_weights(dict(zip(table.codes, table.column("OptWeight").tolist(), strict=True)))
    from yiqi.engine.run.aggregate import aggregate

    scores = aggregate(theirs, values("14_normalised"))
    places = [theirs.aggregates.index(code) for code in (*elements, theirs.root)]
    c = np.corrcoef(scores[:, places].T)[-1, :-1]
    reference = float(table.column("objective")[0])
    if objective == "infomax":
        agree(-c.sum(), reference)
        return
    assert wished is not None
    square = float(np.mean((np.array([wished[code] for code in elements]) - c / c.sum()) ** 2))
    assert abs(square - math.exp(reference)) <= 1e-9 * math.exp(reference) + 2.0**-100


add("71_optw_L2_equal_tol0.1", _optimised, 2, "balance")
add("71_optw_L2_equal_tol1e-8", _optimised, 2, "balance")
add("71_optw_L2_infomax_tol1e-8", _optimised, 2, "infomax")
add("71_optw_L3_1_2_tol1e-8", _optimised, 3, "balance")
add("71_optw_L3_equal_tol0.1", _optimised, 3, "balance")
