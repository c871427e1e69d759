"""The English catalogue says the same numbers as the Chinese texts, and says them in English."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from scripts import messages

# a named placeholder with its conversion, or a doubled percent sign
PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[a-z]|%%")
# full-width commas, stops, colons, brackets and the ideographic space have no place in an English sentence
FULL_WIDTH = re.compile(r"[\u3000-\u3002\uff01-\uff60]")
# literals of the county's documents and sheets that an English sentence quotes
QUOTED = re.compile(r"“[^“”]*”")


def entries() -> list[Message]:
    return [message for message in messages.existing() if message.id]


def parts(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_placeholders_agree() -> None:
    wrong = [
        (source, english)
        for message in entries()
        for source in [parts(message.id)[0]]
        for english in parts(message.string)
        if placeholders(english) != placeholders(source)
    ]
    assert wrong == []


def test_plural_texts_have_two_forms_and_others_one() -> None:
    wrong = [message.id for message in entries() if len(parts(message.id)) != len(parts(message.string))]
    assert wrong == []


def test_punctuation_is_english() -> None:
    wrong = [
        english
        for message in entries()
        for english in parts(message.string)
        if FULL_WIDTH.search(QUOTED.sub("", english))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%(n)s项", {"%(n)s"}),
        ("%(size).0f MB，%(name)s占%(share)s%%", {"%(size).0f", "%(name)s", "%(share)s", "%%"}),
        ("共%(rank)d个%(league)d", {"%(rank)d", "%(league)d"}),
        ("100", set()),
    ],
)
def test_placeholders_are_found(text: str, found: set[str]) -> None:
    assert placeholders(text) == found
