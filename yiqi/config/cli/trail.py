"""``yiqi audit``."""

from __future__ import annotations

import click

from yiqi.config.cli.frame import FINDINGS, json_option, show
from yiqi.core.queries import verify_chain


@click.command("verify")
@json_option
def audit_verify(as_json: bool) -> int:
    """Check every link of the chain; status 1 and the first broken link when a record was changed behind its back."""
    report = verify_chain()
    facts = {"ok": report.ok, "checked": report.checked, "broken": report.broken_sequence, "why": str(report.why or "")}
    words = (
        f"审计链完整，共核对{report.checked}条。"
        if report.ok
        else f"审计链在第{report.broken_sequence}条断开：{report.why}"
    )
    show(facts, as_json=as_json, lines=lambda: [words])
    return 0 if report.ok else FINDINGS
