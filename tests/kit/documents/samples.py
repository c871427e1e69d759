"""Documents, programs and measurements that the tests of this folder share."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from yiqi.kit.documents import (
    Attachments,
    Enclosure,
    Heading,
    OfficialDocument,
    Paragraph,
    Run,
    TableBlock,
)

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "official-document.md"
PACKAGES = {
    "soffice": "libreoffice-writer-nogui",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "fc-match": "fontconfig",
}

TABLE = TableBlock(
    title="表1　主要指标完成情况（1—8月）",
    header=("指标", "单位", "本期", "增速（%）", "全市位次"),
    rows=(
        ("规上工业增加值", "亿元", "42.31", "9.8", "并列第3"),
        ("固定资产投资", "亿元", "28.60", "-1.2", "第5位"),
    ),
    note="位次为全市17个县（市、区）中的位次。",
    source="市统计局月报，快报数",
)
REPORT = OfficialDocument(
    kind="report",
    issuer="翼城县晋位争先指挥部办公室文件",
    number="翼考办〔2021〕3号",
    signer="张建国",
    title="翼城县晋位争先指挥部办公室关于2021年8月下半月晋位争先工作进展情况的报告",
    addressee="市考核办",
    body=(
        Paragraph("1—8月，我县综合绩效得分81.37分，居全市第7位。"),
        Heading(1, "总体情况"),
        Heading(2, "主要指标"),
        TABLE,
        Heading(3, "工业运行"),
        Heading(4, "重点企业"),
        Paragraph(runs=(Run("一是支撑有力。", bold=True), Run("8户企业产值增长11.6%。"))),
        Heading(1, "存在问题"),
        Paragraph("部分项目用地手续未完成。"),
        Attachments((Enclosure("重点任务进展明细表", (TABLE,)), Enclosure("存在问题清单"))),
    ),
    signature="翼城县晋位争先指挥部办公室",
    signed_on=date(2021, 9, 6),
    copy_to=("县委办公室", "县政府办公室"),
    printed_by="翼城县晋位争先指挥部办公室",
    marks=("演示数据",),
    as_of=date(2021, 8, 31),
)
MINUTES = OfficialDocument(
    kind="minutes",
    issuer="晋位争先周调度会议纪要",
    number="第6期",
    title="第六次周调度会议纪要",
    body=(Paragraph("会议听取了上周事项落实情况。"), Heading(1, "议定事项")),
    attendance=(("出席", "李某某、王某某"), ("请假", "赵某某")),
    signature="翼城县晋位争先指挥部办公室",
    signed_on=date(2021, 9, 6),
    printed_by="翼城县晋位争先指挥部办公室",
)
GRID = replace(REPORT, title="关于测试的报告", body=(Paragraph("国" * 2000),))


def need(*programs: str) -> None:
    """Fail, with the command that mends it, where a program is absent."""
    absent = sorted({PACKAGES[program] for program in programs if not shutil.which(program)})
    if absent:
        pytest.fail(f"absent: run `apt-get install -y --no-install-recommends {' '.join(absent)}`")


def table(heading: str | None = None) -> list[list[str]]:
    """Rows of the first table of the page, or of the first one below a heading."""
    text = PAGE.read_text(encoding="utf-8")
    part = text.split(f"## {heading}\n", 1)[1] if heading else text
    found = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert found is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[0].splitlines()[2:]]


NUMBERS = {row[0]: float(row[1]) for row in table()}


def words(pdf: Path, page: int) -> list[tuple[float, float, float, float, str]]:
    """Words of a page with left, top, right, bottom in points from the page's upper left corner."""
    need("pdftotext")
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-bbox", str(pdf), "-"]
    html = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pattern = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<'
    return [(float(a), float(b), float(c), float(d), text) for a, b, c, d, text in re.findall(pattern, html)]


def pixels(pdf: Path, page: int, folder: Path, dpi: int = 254) -> NDArray[np.int16]:
    """A page as rows × columns × RGB; at 254 dpi ten pixels are one millimetre."""
    need("pdftoppm")
    command = [
        "pdftoppm",
        "-r",
        str(dpi),
        "-f",
        str(page),
        "-l",
        str(page),
        "-singlefile",
        str(pdf),
        str(folder / "page"),
    ]
    subprocess.run(command, check=True)
    raw = (folder / "page.ppm").read_bytes()
    header = re.match(rb"P6\s(\d+)\s(\d+)\s255\s", raw)
    assert header is not None
    columns, rows = int(header[1]), int(header[2])
    return np.frombuffer(raw[header.end() :], dtype=np.uint8).reshape(rows, columns, 3).astype(np.int16)
