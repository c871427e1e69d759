"""Progress on standard error, for what takes longer than people like to wait without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

if TYPE_CHECKING:
    # a bar is for people at a terminal; the library runs without tqdm
    from tqdm import tqdm

PATIENCE: Final = 1.0  # seconds before a bar appears

Item = TypeVar("Item")


class Told(Protocol):
    """Called with the name of each stage when it is done."""

    def __call__(self, stage: str, /) -> object: ...


def bar(what: str, total: int | None = None, unit: str = "it", items: Iterable[Item] | None = None) -> tqdm[Any]:
    """A bar on standard error from the second second on; none where that is no terminal, so that logs stay clean."""
    # a bar is for people at a terminal; the library runs without tqdm
    from tqdm import tqdm

    return tqdm(items, desc=what, total=total, unit=unit, delay=PATIENCE, leave=False, dynamic_ncols=True, disable=None)


def progress(items: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """The items, with a bar."""
    return bar(what, total, items=items)


@contextmanager
def stages(what: str, total: int) -> Iterator[Told]:
    """A bar that moves on with each stage told to it."""
    with bar(what, total) as shown:

        def told(stage: str, /) -> None:
            shown.set_postfix_str(stage, refresh=False)
            shown.update()

        yield told
