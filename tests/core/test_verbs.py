"""The trail tells every deed in words: no verb that an operation writes is shown raw."""

from __future__ import annotations

import re

from django.urls import get_resolver

from tests.architecture.layers import PACKAGE
from yiqi.core.queries import verb_label
from yiqi.kit.moves import LIVES

WRITTEN = re.compile(r"""verb=["']([a-z_]+\.[a-z_]+)["']""")


def verbs() -> set[str]:
    """Those named in the operations, and one for each row of the lives."""
    assert get_resolver().url_patterns  # whatever has pages is loaded, and with it its lives
    code = [path.read_text() for path in PACKAGE.rglob("*.py") if "operations" in str(path.relative_to(PACKAGE))]
    named = {verb for text in code for verb in WRITTEN.findall(text)}
    rows = [(life.noun, move) for life in LIVES.values() for move in life.moves.values()]
    return named | {f"{noun}.{move.name}" for noun, move in rows if not move.within}


def test_every_verb_has_words() -> None:
    found = verbs()
    assert {"task.create", "week.open", "directive.review"} <= found
    assert {verb for verb in found if re.search("[a-z]", verb_label(verb, "core.Unit"))} == set()
