"""``yiqi report``."""

from __future__ import annotations

from pathlib import Path

import click

from yiqi.config.cli.acting import campaign_of
from yiqi.config.cli.frame import json_option, say, show
from yiqi.dispatch.models import Report
from yiqi.dispatch.operations import report_document
from yiqi.kit.documents import render_docx, render_pdf
from yiqi.kit.errors import NotFoundError


@click.command("export")
@click.argument("which", metavar="latest|NUMBER")
@click.option("--format", "kind", type=click.Choice(["docx", "pdf"]), default="docx", show_default=True)
@click.option("--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--campaign", metavar="CODE", help="default: the active one")
@json_option
def report_export(which: str, kind: str, output: Path, campaign: str | None, as_json: bool) -> None:
    """Write a report as an official document."""
    reports = Report.objects.filter(campaign=campaign_of(campaign)).order_by("-ends", "-number")
    if which != "latest":
        if not which.isdecimal():
            raise click.BadParameter("expects latest or a number", param_hint="latest|NUMBER")
        reports = reports.filter(number=int(which))
    report = reports.first()
    if report is None:
        raise NotFoundError("没有可以导出的报告。")
    if not output.resolve().parent.is_dir():
        raise click.BadParameter(f"文件夹“{output.parent}”不存在", param_hint="--output")
    document = report_document(report)
    if kind == "pdf":
        say("正在生成 PDF…")
    output.write_bytes(render_docx(document) if kind == "docx" else render_pdf(document))
    facts = {
        "number": report.number,
        "document_number": report.document_number,
        "output": str(output),
        "bytes": output.stat().st_size,
    }
    show(facts, as_json=as_json, lines=lambda: [f"{report.document_number} → {output}"])
