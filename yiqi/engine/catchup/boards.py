"""One way to read a standing, whether it is of an appraisal or of a composite index."""

from __future__ import annotations

import math
from typing import NamedTuple

from yiqi.engine.catchup.situation import Scope
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.result import Result


class Seen(NamedTuple):
    """Points, place and tier of a unit on one score; None without one (``tier``: of the total only)."""

    points: float | None
    place: int | None
    tier: bool | None


def blocks_of(result: Result | IndexResult) -> tuple[str, ...]:
    """Codes of the scores below the total: blocks, or the aggregates other than the root."""
    if isinstance(result, IndexResult):
        return tuple(code for code in result.nodes if code != result.hierarchy.root)
    return result.blocks


def digest_of(result: Result | IndexResult) -> str:
    """The digest of plan and figures."""
    return result.digest if isinstance(result, IndexResult) else result.input_digest


def check_block(result: Result | IndexResult, block: str | None) -> None:
    """Errors: ``unknown_block``, of an index ``unknown_node``."""
    if block is None:
        return
    if isinstance(result, IndexResult):
        if result.hierarchy.node(block).code not in result.nodes:
            raise EngineError("unknown_node", f"{block!r} is an indicator, not an aggregate", {"node": block})
    elif block not in result.blocks:
        raise EngineError("unknown_block", f"unknown block {block!r}", {"block": block})


def seen(result: Result | IndexResult, unit: str, block: str | None, tier_size: int) -> Seen:
    """A unit on one score, None the total (of an index its root). A unit that was screened away has nothing.

    Errors: ``unknown_unit``, those of ``check_block``.
    """
    check_block(result, block)
    if isinstance(result, IndexResult):
        return _of_index(result, unit, block, tier_size)
    row, scope = result.row(unit), Scope(block)
    tier = bool(result.in_tier[row]) if block is None else None
    return Seen(_plain(float(scope.points(result)[row])), int(scope.ranks(result)[row]) or None, tier)


def _of_index(result: IndexResult, unit: str, block: str | None, tier_size: int) -> Seen:
    result.data.row(unit)
    if unit not in result.units:
        return Seen(None, None, False if block is None else None)
    row, column = result.row(unit), result.nodes.index(result.hierarchy.root if block is None else block)
    place = int(result.ranks[row, column])
    tier = 0 < place <= tier_size if block is None else None
    return Seen(_plain(float(result.scores[row, column])), place or None, tier)


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value
