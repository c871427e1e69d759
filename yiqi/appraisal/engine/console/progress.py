"""Progress on standard error, for what takes longer than people like to wait without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

PATIENCE: Final = 1.0  # seconds before a bar appears

Item = TypeVar("Item")


class Told(Protocol):
    """Called with the name of each stage when it is done."""

    def __call__(self, stage: str, /) -> object: ...


def progress(items: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """The items, with a bar on standard error once it has taken a second."""
    from tqdm import tqdm

    return tqdm(items, desc=what, total=total, delay=PATIENCE, leave=False, dynamic_ncols=True)


@contextmanager
def stages(what: str, total: int) -> Iterator[Told]:
    """A bar that moves on with each stage told to it."""
    from tqdm import tqdm

    with tqdm(desc=what, total=total, delay=PATIENCE, leave=False, dynamic_ncols=True) as bar:

        def told(stage: str, /) -> None:
            bar.set_postfix_str(stage, refresh=False)
            bar.update()

        yield told
