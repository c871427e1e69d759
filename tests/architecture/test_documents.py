"""Documents that are made from the code are as fresh as the code."""

from __future__ import annotations

from scripts import glossary, lives, messages


def test_the_glossary_names_every_model_and_choice() -> None:
    assert glossary.TARGET.read_text(encoding="utf-8") == glossary.page()


def test_the_lives_are_those_of_the_tables() -> None:
    assert lives.TARGET.read_text(encoding="utf-8") == lives.page()


def test_the_english_catalogue_is_complete() -> None:
    assert messages.untranslated(messages.merged()) == []


def test_the_english_catalogue_is_fresh() -> None:
    assert messages.PO.read_bytes() == messages.written(messages.merged())
