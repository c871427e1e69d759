"""An official document as PDF: LibreOffice where there is one, else WeasyPrint."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, TypeAlias

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yiqi.kit.documents.document import OfficialDocument
from yiqi.kit.documents.preview import preview_blocks
from yiqi.kit.documents.word import render_docx
from yiqi.kit.errors import YiqiError

Engine: TypeAlias = Literal["libreoffice", "weasyprint"]

FONTS: Final = Path(__file__).with_name("fonts.conf")
STYLESHEETS: Final = (
    Path(__file__).parents[2] / "static" / "yiqi" / "official.css",
    Path(__file__).with_name("paged.css"),
)
TIMEOUT_SECONDS: Final = 90.0


class ConversionError(YiqiError):
    """No PDF could be made; the Word file still can."""

    code = "conversion_failed"
    status = 503


def pdf_engine() -> Engine | None:
    """The program that makes the PDF, or None where neither is installed."""
    if _soffice():
        return "libreoffice"
    return "weasyprint" if _has_weasyprint() else None


def render_pdf(document: OfficialDocument, *, engine: Engine | None = None, timeout: float = TIMEOUT_SECONDS) -> bytes:
    """The document as PDF.

    Takes 3–6 s and some 300 MB in a process of its own, killed with its children after ``timeout`` seconds: call it
    from a job, not while a reader waits. Raises ``ConversionError``.
    """
    chosen = engine or pdf_engine()
    if chosen is None:
        raise ConversionError(_("服务器未安装LibreOffice，也不能使用WeasyPrint，暂不能生成PDF；可先下载Word版。"))
    makers: dict[Engine, Callable[[OfficialDocument, Path, float], Path]]
    makers = {"libreoffice": _by_libreoffice, "weasyprint": _by_weasyprint}
    with TemporaryDirectory(prefix="yiqi-pdf-") as folder:
        made = makers[chosen](document, Path(folder), timeout)
        if not made.is_file():
            raise ConversionError(_("生成PDF时没有得到文件，请稍后再试或下载Word版。"), data={"engine": chosen})
        return made.read_bytes()


def _soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _has_weasyprint() -> bool:
    try:
        import weasyprint  # noqa: F401  it loads Pango, which may be missing where the package is not
    except (ImportError, OSError):
        return False
    return True


def _by_libreoffice(document: OfficialDocument, folder: Path, timeout: float) -> Path:
    source = folder / "document.docx"
    source.write_bytes(render_docx(document))
    profile = (folder / "profile").as_uri()  # an own profile: two instances cannot share one
    options = ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile}"]
    command = [_soffice() or "soffice", *options, "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    run_converter(command, folder, timeout)
    return folder / "document.pdf"


def _by_weasyprint(document: OfficialDocument, folder: Path, timeout: float) -> Path:
    context = {"blocks": preview_blocks(document), "title": document.title or document.issuer}
    source, target = folder / "document.html", folder / "document.pdf"
    source.write_text(render_to_string("kit/official_document_print.html", context), encoding="utf-8")
    sheets = [option for sheet in STYLESHEETS for option in ("--stylesheet", str(sheet))]
    options = ["--quiet", "--encoding", "utf-8", *sheets]
    run_converter([sys.executable, "-m", "weasyprint", *options, str(source), str(target)], folder, timeout)
    return target


def run_converter(command: Sequence[str], folder: Path, timeout: float) -> None:
    """Run a converter in a process group of its own and leave nothing of it behind.

    Raises ``ConversionError`` when it cannot be started, fails, or takes longer than ``timeout`` seconds.
    """
    environment = {**os.environ, "FONTCONFIG_FILE": str(FONTS), "SAL_USE_VCLPLUGIN": "svp", "TMPDIR": str(folder)}
    log = folder / "converter.log"
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
    except OSError as error:
        raise ConversionError(
            _("转换程序不能启动，暂不能生成PDF；可先下载Word版。"), data={"reason": str(error)}
        ) from error
    try:
        status = process.wait(timeout)
    except subprocess.TimeoutExpired:
        message = _("生成PDF超过%(seconds)s秒，已停止；请稍后再试或下载Word版。") % {"seconds": f"{timeout:g}"}
        raise ConversionError(message, code="conversion_timeout") from None
    finally:
        _end_group(process)
    if status != 0:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise ConversionError(_("转换程序出错，暂不能生成PDF；可先下载Word版。"), data={"status": status, "said": said})


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group: LibreOffice's launcher has children that outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
