"""A report as a page: the official sheet with every figure that still stands as drafted made findable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiqi.dispatch.models import Report
from yiqi.dispatch.queries.documents import report_document
from yiqi.kit.documents import preview_blocks


def report_sheet(report: Report, addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Preview blocks in which a figure's words become a run with ``url``; ``addresses`` maps a fact's key to its page.

    Figures are looked for section by section, in the order in which they were drafted: the same words twice lead to
    their own records. What an editor rewrote is not linked.
    """
    blocks = preview_blocks(report_document(report))
    sections = iter(report.sections)
    facts: list[tuple[str, str]] = []
    for block in blocks:
        if block["kind"] == "heading" and block["level"] == 1:
            section = next(sections, None)
            facts = [(report.facts[key]["phrase"], key) for key in section["facts"]] if section else []
        elif block["kind"] == "paragraph":
            block["runs"] = [part for run in block["runs"] for part in _linked(run, facts, addresses)]
    return blocks


def _linked(run: dict[str, Any], facts: list[tuple[str, str]], addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    text: str = run["text"]
    while text:
        found = min(
            ((at, fact) for fact in facts if (at := text.find(fact[0])) >= 0), default=None, key=lambda pair: pair[0]
        )
        if found is None:
            break
        at, (phrase, key) = found
        facts.remove((phrase, key))
        parts += [{**run, "text": text[:at]}] if at else []
        parts.append({**run, "text": phrase, "url": addresses.get(key, "")})
        text = text[at + len(phrase) :]
    return [*parts, {**run, "text": text}] if text else parts


def altered_facts(report: Report) -> set[str]:
    """Keys of figures that the text no longer prints as they were counted."""
    altered: set[str] = set()
    for section in report.sections:
        printed = section["text"] + str(section.get("table", ""))
        altered |= {key for key in section["facts"] if report.facts[key]["phrase"] not in printed}
    return altered
