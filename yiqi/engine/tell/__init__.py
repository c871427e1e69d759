"""What a result says: the way to each number (``explain``) and what a reader must be told (``notices``)."""

from __future__ import annotations

from typing import overload

from yiqi.engine.ground.notice import Notice
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.index import IndexResult
from yiqi.engine.tell.explanation import AppraisalExplanation, explain_cell
from yiqi.engine.tell.index_explanation import IndexExplanation, explain_node
from yiqi.engine.tell.index_notices import index_notices
from yiqi.engine.tell.notices import appraisal_notices


@overload
def explain(result: AppraisalResult, unit: str, code: str) -> AppraisalExplanation: ...
@overload
def explain(result: IndexResult, unit: str, code: str) -> IndexExplanation: ...
def explain(result: AppraisalResult | IndexResult, unit: str, code: str) -> AppraisalExplanation | IndexExplanation:
    """The way to the points of an indicator, or to any score or normalised value of an index, as data.

    Errors: ``unknown_unit``, ``unknown_indicator``; of an index ``unit_screened``, ``unknown_node``.
    """
    return explain_node(result, unit, code) if isinstance(result, IndexResult) else explain_cell(result, unit, code)


def notices(result: AppraisalResult | IndexResult) -> tuple[Notice, ...]:
    """What a reader must be told, in a fixed order: by indicator, by block or aggregate, of the whole."""
    return tuple(index_notices(result) if isinstance(result, IndexResult) else appraisal_notices(result))
