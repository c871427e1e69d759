"""Breaks a title into lines that keep words whole and differ in length (GB/T 9704-2012, 7.3.1)."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from math import ceil
from typing import Final

from yiqi.kit.documents.text import width

# Words frequent in titles. A break inside one costs more than any imbalance; an unknown word may still be cut, and
# then the author puts a line break into the title.
_WORDS: Final = re.compile(
    r"[0-9]+年(?:[0-9]+月)?(?:[0-9]+日|[上下]半[年月]|[上中下]旬)?|[0-9]+(?:[—–-][0-9]+)?月(?:[0-9]+日|[上下]半月|[上中下]旬)?"
    r"|[0-9A-Za-z.,%]+(?:号|期|次|个|项|位)?|第[0-9一二三四五六七八九十]+[届次期]?|[上下]半[年月]|[一二三四]季度"
    r"|晋位争先|高质量|营商环境|生态环境|综合绩效|第一方阵|指挥部|办公室|委员会|领导小组|工作专班|人民政府|唐兴镇|翼城县|临汾市|山西省"
    r"|百日攻坚|专项行动|周调度|双周报|月调度|重点项目|乡村振兴|安全生产|政务服务|一般公共预算|固定资产投资"
    r"|工作|进展|情况|报告|请示|纪要|简报|通知|通报|方案|意见|总结|会议|调度|发展|综合|绩效|考核|专项|党建|环境|建设|推进"
    r"|落实|实施|开展|加强|做好|进一步|有关|问题|任务|目标|指标|整改|督查|督办|半年|年度|季度|全市|全县|关于|以及|印发|安排"
)
_NEVER_FIRST: Final = set("的地得了、，。；：！？）》〉」』”’〕】%％…—·和与及")
_NEVER_LAST: Final = set("（《〈「『“‘〔【第")


def _cost_of_break(title: str, at: int, inside: set[int]) -> float:
    if title[at] in _NEVER_FIRST or title[at - 1] in _NEVER_LAST:
        return 1000
    if at in inside:
        return 200
    if title.startswith("关于", at):
        return -20
    return 0 if title[at - 1] in "的、，" else 6


def _cost_of_shape(widths: list[float]) -> float:
    mean = sum(widths) / len(widths)
    cost = sum((one - mean) ** 2 for one in widths)
    hourglass = any(
        before > middle < after for before, middle, after in zip(widths, widths[1:], widths[2:], strict=False)
    )
    return cost + (30 if hourglass else 0) + sum(4 for one, other in pairwise(widths) if one == other)


def _best(title: str, lines: int, room: float) -> tuple[float, list[str]] | None:
    inside = {at for word in _WORDS.finditer(title) for at in range(word.start() + 1, word.end())}
    best: tuple[float, list[str]] | None = None
    for breaks in combinations(range(1, len(title)), lines - 1):
        parts = [title[start:end] for start, end in pairwise((0, *breaks, len(title)))]
        widths = [width(part) for part in parts]
        if max(widths) > room:
            continue
        cost = _cost_of_shape(widths) + sum(_cost_of_break(title, at, inside) for at in breaks)
        if best is None or cost < best[0]:
            best = (cost, parts)
    return best


def title_lines(title: str, room: float) -> list[str]:
    """The title in lines of at most ``room`` characters; the author's own line breaks win.

    Titles beyond three lines are left to the renderer's own wrapping: the search would grow and no rule helps there.
    """
    if "\n" in title:
        return [line for line in (part.strip() for part in title.split("\n")) if line]
    needed = ceil(width(title) / room)
    if needed <= 1 or needed > 3:
        return [title]
    found = _best(title, needed, room)
    if needed < 3 and (found is None or found[0] >= 200):
        wider = _best(title, needed + 1, room)
        found = wider if wider and (found is None or wider[0] < found[0]) else found
    return found[1] if found else [title]
