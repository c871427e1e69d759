"""The digest of what a round found, worked out from its rows: the same when written and when read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yiqi.appraisal.models import Block, Indicator, Round, ScoreCell, Standing
from yiqi.kit.digest import canonical, digest

SEAL_ALGORITHM = "sha256"  # the engine's own digest of the inputs: both of a round are of one kind


def _number(value: Any) -> Any:
    """Every number as the text of its double: a database may give 5.0 back as 5, and −0.0 as 0.0."""
    if isinstance(value, dict):
        return {key: _number(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_number(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return repr(float(value) + 0.0)


def seal_of(
    standings: Iterable[Standing], cells: Iterable[ScoreCell], blocks: Iterable[Block], indicators: Iterable[Indicator]
) -> str:
    """SHA-256 over all standings and cells by code."""
    block_codes: dict[int | None, str] = {None: "", **{block.pk: block.code for block in blocks}}
    codes = {indicator.pk: indicator.code for indicator in indicators}
    facts = {
        "standings": sorted(
            (item.region_id, block_codes[item.block_id], _number(item.points), item.rank or 0, item.in_tier)
            for item in standings
        ),
        "cells": sorted(
            (
                (
                    cell.region_id,
                    codes[cell.indicator_id],
                    _number(cell.value),
                    _number(cell.points),
                    _number(cell.steps),
                )
                for cell in cells
            ),
            key=lambda fact: fact[:2],
        ),
    }
    return digest(canonical(facts), SEAL_ALGORITHM)


def seal_holds(
    made: Round, *, standings: Iterable[Standing] | None = None, blocks: Iterable[Block] | None = None
) -> bool:
    """Whether the rows of a round are still those that were worked out; four statements less what is handed in."""
    found = seal_of(
        made.standings.all() if standings is None else standings,
        made.cells.all(),
        made.framework.blocks.all() if blocks is None else blocks,
        made.framework.indicators.all(),
    )
    return found == made.result_digest
