"""What every scheme is: what to score and how, whether of an appraisal or of an index."""

from __future__ import annotations

from abc import ABC, abstractmethod

from yiqi.engine.ground.spec import Spec


class Scheme(Spec, ABC):
    """All that decides a result besides the figures, frozen and checked; two forms of it are an appraisal and an index.

    Each is a tree whose leaves are ``columns`` of a data set and whose ``parts`` are the scores below the whole.
    """

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Codes of the indicators, in order."""

    @property
    @abstractmethod
    def parts(self) -> tuple[str, ...]:
        """Codes of the scores below the whole: blocks, or the aggregates below the root."""

    @property
    @abstractmethod
    def ties(self) -> str:
        """How places are shared, out of ``TIES_POLICIES``."""

    @property
    @abstractmethod
    def tolerance(self) -> float:
        """Scores and values nearer than this are tied."""

    @abstractmethod
    def check_part(self, part: str | None) -> None:
        """Refuse a code that is no score: ``unknown_block``, of an index ``unknown_node``; None is the whole."""
