"""Why a cell has its points, and what a rule says: sentences with the numbers in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiqi.appraisal.enums import Direction, ScoringMethod, ZeroRange
from yiqi.appraisal.models import Indicator, ScoreCell
from yiqi.core.rules import Mandate
from yiqi.kit.wording import figure, in_english, measured, points

DIGITS = 6
NARROW = str.maketrans({"（": " (", "）": ") ", "［": " [", "］": "] "})
DUST = 1e-12  # what binary fractions leave behind a decimal sum


@dataclass(frozen=True)
class StepWords:
    """One step: what it is, the sentence, the sum with its numbers (or nothing), and what came out."""

    title: str
    text: str
    arithmetic: str = ""
    result: str = ""


def number(value: Any) -> str:
    """A figure as long as it is, cut at six decimals."""
    return figure(None if value is None else round(float(value), DIGITS))


def _sentences(*parts: str) -> str:
    """Sentences one after the other, as the reader's language sets them."""
    return (" " if in_english() else "").join(part for part in parts if part)


def _arg(value: Any) -> str:
    """A number inside of a sum: negative ones in brackets."""
    text = number(value)
    return f"（{text}）" if float(value) < 0 else text


def _sum(arithmetic: str) -> str:
    """The sum with the brackets of the reader's language: the sentences write full-width ones."""
    if not in_english():
        return arithmetic
    spaced = " ".join(arithmetic.translate(NARROW).split())
    return re.sub(r"(?<=[(\[]) | (?=[)\]])", "", spaced)


def _equals(value: Any) -> str:
    exact = abs(round(float(value), DIGITS) - float(value)) < DUST
    return f"{'=' if exact else '≈'} {number(value)}"


def _scored(value: Any) -> str:
    return _("%(figure)s分") % {"figure": number(value)}


def explain_cell(who: Mandate, cell: ScoreCell) -> list[StepWords]:
    """The way from the figure to the points of a cell that the person was given to see, step by step; no statement."""
    makers: Mapping[str, Callable[[ScoreCell, Mapping[str, Any]], StepWords]] = {
        "value": _value,
        "rule": _rule,
        "renormalise": _renormalise,
        "publish": _publish,
    }
    return [makers[step["name"]](cell, step) for step in cell.steps if step["name"] in makers]


def _value(cell: ScoreCell, step: Mapping[str, Any]) -> StepWords:
    inputs = step["inputs"]
    shown = measured(figure(step["output"], cell.indicator.places), cell.indicator.unit_label)
    texts = {
        "observed": _("采用现行数据%(value)s。"),
        "carried": _("本期没有数据，按“沿用上期”采用%(age)s个月前的数据%(value)s。"),
        "group_mean": _("本期没有数据，按“取同组平均”采用全市平均值%(value)s。"),
        "missing": _("本期没有数据。"),
    }
    age = inputs.get("age")
    text = texts[inputs["source"]] % {"value": shown, "age": "—" if age is None else age}
    return StepWords(_("取数"), text, "", "" if step["output"] is None else shown)


def _rule(cell: ScoreCell, step: Mapping[str, Any]) -> StepWords:
    title, inputs = str(ScoringMethod(cell.indicator.rule).label), step["inputs"]
    full = number(inputs["W"])
    if "rule" not in inputs:
        return StepWords(title, _("没有数据，按“记零分”计。"), "", points(0))
    if step["output"] is None:
        reason = _("没有数据，不计分。") if inputs["x"] is None else _("没有目标值，不计分。")
        return StepWords(title, reason)
    if "zero_range" in inputs:
        text = _("全市数值相同，按“%(policy)s”计。") % {"policy": ZeroRange(inputs["zero_range"]).label}
        return StepWords(title, text, "", _scored(step["output"]))
    unit = cell.indicator.unit_label
    step_unit = _("个百分点") if unit == "%" else unit
    text, arithmetic = SENTENCES[inputs["rule"]]({**inputs, "unit": step_unit})
    facts = _("满分%(full)s分。") % {"full": full}
    return StepWords(
        title, _sentences(facts, text), f"{_sum(arithmetic)} {_equals(step['output'])}", _scored(step["output"])
    )


def _clipped(share: float, cap: float) -> str:
    if share > cap:
        return (
            _("结果超过满分，按满分计。")
            if cap == 1
            else _("结果超过上限，按满分的%(cap)s倍计。") % {"cap": number(cap)}
        )
    return _("结果低于0，按0分计。") if share < 0 else ""


def _ratio(i: Mapping[str, Any]) -> tuple[str, str]:
    lower = i["direction"] == Direction.LOWER
    if lower and i["x"] == 0:
        return _("数值为0，得上限分。"), f"{number(i['W'])} × {number(i['cap'])}"
    above, below = (i["T"], i["x"]) if lower else (i["x"], i["T"])
    text = _("按完成率计分（越低越好：目标值÷完成值）。") if lower else _("按完成率计分（完成值÷目标值）。")
    return _sentences(text, _clipped(above / below, i["cap"])), f"{number(i['W'])} × {_arg(above)} ÷ {_arg(below)}"


def _gap(i: Mapping[str, Any]) -> tuple[str, str]:
    lower = i["direction"] == Direction.LOWER
    first, second = (i["x"], i["T"]) if lower else (i["T"], i["x"])
    share = 1 - (first - second) / i["g"]
    facts = {"target": number(i["T"]), "g": number(i["g"]), "each": number(i["W"] / i["g"]), "unit": i["unit"]}
    told = [_("目标值%(target)s，达到目标得满分，每差1%(unit)s扣%(each)s分，差%(g)s%(unit)s时扣完。") % facts]
    if i["cap"] > 1:
        told.append(_("超过目标的按同样比例加分，最高为满分的%(cap)s倍。") % {"cap": number(i["cap"])})
    part = f"（{_arg(first)} − {_arg(second)}）÷ {number(i['g'])}"
    return _sentences(*told, _clipped(share, i["cap"])), f"{number(i['W'])} ×［1 − {part}］"


def _efficacy(i: Mapping[str, Any]) -> tuple[str, str]:
    given = "x_h" in i
    high, low = (i["x_h"], i["x_s"]) if given else (i["best"], i["worst"])
    facts = {"high": number(high), "low": number(low), "base": number(i["c"] * 100)}
    text = (
        _("满意值%(high)s，不允许值%(low)s；达到不允许值得%(base)s%%，达到满意值得满分。")
        if given
        else _("全市最好%(high)s，最差%(low)s；最差得%(base)s%%，最好得满分。")
    ) % facts
    share = i["c"] + i["d"] * (i["x"] - low) / (high - low)
    text = _sentences(text, _clipped(share, 1.0))
    part = f"（{_arg(i['x'])} − {_arg(low)}）÷（{_arg(high)} − {_arg(low)}）"
    return text, f"{number(i['W'])} ×［{number(i['c'])} + {number(i['d'])} × {part}］"


def _minmax(i: Mapping[str, Any]) -> tuple[str, str]:
    text = _("全市最好%(best)s得满分，最差%(worst)s得0分，其间按比例计。") % {
        "best": number(i["best"]),
        "worst": number(i["worst"]),
    }
    return text, f"{number(i['W'])} ×（{_arg(i['x'])} − {_arg(i['worst'])}）÷（{_arg(i['best'])} − {_arg(i['worst'])}）"


def _rank_linear(i: Mapping[str, Any]) -> tuple[str, str]:
    facts = {"rank": i["r"], "n": i["n"], "share": number(i["f"] * 100)}
    text = (
        _("有数据的%(n)s个县（市、区）中居第%(rank)s位；第1位得满分，末位得%(share)s%%，其间按位次均匀递减。") % facts
    )
    return text, f"{number(i['W'])} ×［1 −（{i['r']} − 1）÷（{i['n']} − 1）×（1 − {number(i['f'])}）］"


def _rank_step(i: Mapping[str, Any]) -> tuple[str, str]:
    facts = {"rank": i["r"], "step": number(i["k"]), "least": number(i["m"])}
    text = _("居第%(rank)s位；每低一位减%(step)s分，最低%(least)s分。") % facts
    return text, f"{number(i['W'])} − {number(i['k'])} ×（{i['r']} − 1）"


def _bands(i: Mapping[str, Any]) -> tuple[str, str]:
    share = i["below"]
    for lower, kept in i["bands"]:
        if i["x"] >= lower:
            share = kept
    return _("按所在档次得满分的%(share)s%%。") % {"share": number(share * 100)}, f"{number(i['W'])} × {number(share)}"


def _reached(i: Mapping[str, Any]) -> tuple[str, str]:
    met = i["x"] <= i["T"] if i["direction"] == Direction.LOWER else i["x"] >= i["T"]
    if met:
        return _("已达到目标值%(target)s，得满分。") % {"target": number(i["T"])}, number(i["W"])
    facts = {"target": number(i["T"]), "share": number(i["share"] * 100)}
    return _("未达到目标值%(target)s，得满分的%(share)s%%。") % facts, f"{number(i['W'])} × {number(i['share'])}"


def _deduct(i: Mapping[str, Any]) -> tuple[str, str]:
    text = _("每发生一项扣%(each)s分，最低%(floor)s分。") % {"each": number(i["each"]), "floor": number(i["floor"])}
    return text, f"{number(i['W'])} − {number(i['x'])} × {number(i['each'])}"


def _bonus(i: Mapping[str, Any]) -> tuple[str, str]:
    return _("加分不超过%(cap)s分。") % {"cap": number(i["cap"])}, number(i["x"])


SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    ScoringMethod.RATIO: _ratio,
    ScoringMethod.GAP: _gap,
    ScoringMethod.EFFICACY: _efficacy,
    ScoringMethod.MINMAX: _minmax,
    ScoringMethod.RANK_LINEAR: _rank_linear,
    ScoringMethod.RANK_STEP: _rank_step,
    ScoringMethod.BANDS: _bands,
    ScoringMethod.REACHED: _reached,
    ScoringMethod.DEDUCT: _deduct,
    ScoringMethod.BONUS: _bonus,
}


def _renormalise(cell: ScoreCell, step: Mapping[str, Any]) -> StepWords:
    inputs, title = step["inputs"], _("折算")
    if step["output"] is None:
        return StepWords(title, _("不计入本板块，其分值按比例分给板块内其余指标。"))
    if inputs["F"] == 1:
        return StepWords(title, _("板块内指标齐全，不需要折算。"), "", _scored(step["output"]))
    text = _("板块内有指标缺数，其分值按比例分给其余指标，折算系数%(factor)s。") % {"factor": number(inputs["F"])}
    sum_ = f"{number(inputs['p'])} × {number(inputs['F'])} {_equals(step['output'])}"
    return StepWords(title, text, sum_, _scored(step["output"]))


def _publish(cell: ScoreCell, step: Mapping[str, Any]) -> StepWords:
    places = step["inputs"]["places"]
    if step["output"] is None:
        return StepWords(_("公布"), _("没有得分。"))
    text = _("四舍五入保留%(places)s位小数；板块和总分按未四舍五入的得分相加。") % {"places": places}
    return StepWords(_("公布"), text, "", points(step["output"], places))


def rule_in_words(indicator: Indicator) -> str:
    """The rule of an indicator with its parameters, as one sentence."""
    given = {name: value for name, value in indicator.params.items() if isinstance(value, int | float)}
    values: dict[str, float] = {
        "cap": 1,
        "c": 0.6,
        "d": 0.4,
        "f": 0,
        "m": 0,
        "share": 0,
        "each": 1,
        "floor": 0,
        **given,
    }
    shares = {f"{name}_share": number(values[name] * 100) for name in ("cap", "c", "f", "share")}
    facts = {"g": "—", "k": "—", **{name: number(value) for name, value in values.items()}, **shares}
    return _sentences(_RULE_WORDS[ScoringMethod(indicator.rule)]() % facts, _more_words(indicator, values, facts))


def _more_words(indicator: Indicator, values: Mapping[str, float], facts: Mapping[str, str]) -> str:
    if indicator.rule == ScoringMethod.EFFICACY:
        if "x_h" in values:
            return _("满意值%(x_h)s，不允许值%(x_s)s。") % facts
        return _("满意值和不允许值取全市最好和最差。")
    if indicator.rule in {ScoringMethod.RATIO, ScoringMethod.GAP} and values["cap"] > 1:
        return _("超额完成的按比例加分，最高得满分的%(cap_share)s%%。") % facts
    return ""


_RULE_WORDS: Mapping[ScoringMethod, Callable[[], str]] = {
    ScoringMethod.RATIO: lambda: _("得分＝满分×完成率，完成目标得满分。"),
    ScoringMethod.GAP: lambda: _("达到目标得满分，未达到的按差距扣分，差%(g)s时扣完。"),
    ScoringMethod.EFFICACY: lambda: _("达到满意值得满分，处于不允许值得%(c_share)s%%，其间按比例计分。"),
    ScoringMethod.MINMAX: lambda: _("全市最好得满分，最差得0分，其间按比例计分。"),
    ScoringMethod.RANK_LINEAR: lambda: _("第1位得满分，末位得满分的%(f_share)s%%，其间按位次均匀递减。"),
    ScoringMethod.RANK_STEP: lambda: _("第1位得满分，每低一位减%(k)s分，最低%(m)s分。"),
    ScoringMethod.BANDS: lambda: _("按数值所在的档次计分。"),
    ScoringMethod.REACHED: lambda: _("达到目标得满分，未达到得满分的%(share_share)s%%。"),
    ScoringMethod.DEDUCT: lambda: _("每发生一项扣%(each)s分，最低%(floor)s分。"),
    ScoringMethod.BONUS: lambda: _("按认定的加分计，不超过上限。"),
}
