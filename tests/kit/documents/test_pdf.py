"""The PDF of the real converters, read back and measured."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from tests.kit.documents.samples import GRID, MINUTES, NUMBERS, REPORT, need, pixels, words
from yiqi.kit.documents import ConversionError, OfficialDocument, Paragraph, pdf_engine, render_pdf
from yiqi.kit.documents.pdf import Engine, run_converter

ENGINES: tuple[Engine, ...] = ("libreoffice", "weasyprint")
DOCUMENTS = {"report": REPORT, "minutes": MINUTES, "grid": GRID}
PT_PER_MM = 72 / 25.4
TEXT_BOTTOM_MM = NUMBERS["page_height"] - NUMBERS["margin_bottom"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Engine, str], Path]:
    """Each document by each engine, made once: a conversion takes seconds."""
    need("soffice", "fc-match")
    folder = tmp_path_factory.mktemp("pdf")
    files = {}
    for engine in ENGINES:
        for name, document in DOCUMENTS.items():
            files[engine, name] = folder / f"{engine}-{name}.pdf"
            files[engine, name].write_bytes(render_pdf(document, engine=engine))
    return files


def plain(text: str) -> str:
    """Text without the spaces and line breaks that a PDF loses or adds."""
    return "".join(text.split())


def fonts(pdf: Path) -> set[str]:
    """Names of the fonts without the prefix of the subset, in one spelling."""
    names: set[str] = set()
    for page in PdfReader(pdf).pages:
        resources: Any = page["/Resources"]
        names |= {str(font.get_object()["/BaseFont"]).split("+")[1] for font in resources["/Font"].values()}
    return {name.replace("-Regular", "").replace("-VKana", "").replace("CJKjp", "-CJK-SC") for name in names}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_text_is_there_in_its_order(made: dict[tuple[Engine, str], Path], engine: Engine) -> None:
    pages = [plain(page.extract_text()) for page in PdfReader(made[engine, "report"]).pages]
    text = "".join(pages)
    wanted = [
        "翼城县晋位争先指挥部办公室文件",
        "翼考办〔2021〕3号",
        "签发人：张建国",
        "关于2021年8月下半月晋位争先",
        "市考核办：",
        "一、总体情况",
        "（一）主要指标",
        "规上工业增加值",
        "42.31",
        "来源：市统计局月报，快报数",
        "1.工业运行",
        "（1）重点企业",
        "一是支撑有力。",
        "二、存在问题",
        "附件：1.重点任务进展明细表",
        "2.存在问题清单",
        "抄送：县委办公室，县政府办公室。",
        "2021年9月6日印发",
    ]
    assert [one for one in wanted if one not in text] == []
    assert ["演示数据" in page for page in pages] == [True] * len(pages)
    assert [f"—{number}—" in page for number, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert len(pages) == 3


@pytest.mark.parametrize("engine", ENGINES)
def test_twenty_two_lines_of_twenty_eight_characters(made: dict[tuple[Engine, str], Path], engine: Engine) -> None:
    lines = [word for word in words(made[engine, "grid"], 2) if set(word[4]) == {"国"}]
    assert [len(word[4]) for word in lines] == [int(NUMBERS["chars_per_line"])] * int(NUMBERS["lines_per_page"])
    pitches = np.diff([word[1] for word in lines])
    assert pitches == pytest.approx([NUMBERS["line_pitch"]] * 21, abs=0.2)
    left, right = lines[5][0] / PT_PER_MM, lines[5][2] / PT_PER_MM
    assert left == pytest.approx(NUMBERS["margin_left"], abs=0.2)
    assert right == pytest.approx(NUMBERS["page_width"] - NUMBERS["margin_right"], abs=0.3)


def test_the_fonts_are_the_free_ones_of_the_same_kind(made: dict[tuple[Engine, str], Path]) -> None:
    expected = {"FandolFang", "FandolHei", "FandolKai", "LiberationSerif", "NotoSerif-CJK-SC-Bold", "NotoSerif-CJK-SC"}
    found = fonts(made["libreoffice", "report"])
    assert found == expected, (
        "fonts are missing: run `apt-get install -y --no-install-recommends fonts-liberation fonts-noto-cjk "
        "fonts-noto-cjk-extra texlive-lang-chinese`"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_red_mark_and_rule_lie_where_they_should(
    made: dict[tuple[Engine, str], Path], engine: Engine, tmp_path: Path
) -> None:
    page = pixels(made[engine, "report"], 1, tmp_path)
    red = (page[:, :, 0] - page[:, :, 1] > 80) & (page[:, :, 0] - page[:, :, 2] > 80)
    rows = np.flatnonzero(red.any(axis=1)) / 10
    wide = red.sum(axis=1) > 1400
    rule = np.flatnonzero(wide) / 10
    mark_top = NUMBERS["margin_top"] + NUMBERS["mark_top_report"]
    assert rows[0] == pytest.approx(mark_top, abs=1.0)
    columns = np.flatnonzero(red[np.flatnonzero(wide)[0]]) / 10
    assert columns[0] == pytest.approx(NUMBERS["margin_left"], abs=0.3)
    assert columns[-1] == pytest.approx(NUMBERS["page_width"] - NUMBERS["margin_right"], abs=0.3)
    assert rule[-1] - rule[0] + 0.1 == pytest.approx(NUMBERS["rule_red"], abs=0.15)
    black = (page.max(axis=2) < 140).any(axis=1)
    number_bottom = np.flatnonzero(black[: int(rule[0] * 10)])[-1] / 10
    assert rule[0] - number_bottom == pytest.approx(NUMBERS["rule_gap"], abs=0.5)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "rules"), [("report", 3), ("minutes", 2)])
def test_the_imprint_lies_at_the_foot_of_the_last_page(
    made: dict[tuple[Engine, str], Path], engine: Engine, name: str, rules: int, tmp_path: Path
) -> None:
    pdf = made[engine, name]
    page = pixels(pdf, len(PdfReader(pdf).pages), tmp_path)
    dark = np.flatnonzero((page.max(axis=2) < 140).sum(axis=1) > 1500) / 10
    starts = [row for row, before in zip(dark, [0.0, *dark], strict=False) if row - before > 0.15]
    assert starts[-1] == pytest.approx(TEXT_BOTTOM_MM, abs=0.6)
    step = 26 / PT_PER_MM
    assert np.diff(starts[-rules:]) == pytest.approx([step] * (rules - 1), abs=0.6)


@pytest.mark.parametrize("engine", ENGINES)
def test_page_numbers_stand_7_mm_below_the_text_odd_right_even_left(
    made: dict[tuple[Engine, str], Path], engine: Engine, tmp_path: Path
) -> None:
    for number, page in ((1, "odd"), (2, "even")):
        image = pixels(made[engine, "grid"], number, tmp_path)
        below = image[int(TEXT_BOTTOM_MM * 10) + 20 :].max(axis=2) < 140
        columns = np.flatnonzero(below.any(axis=0))
        edge = columns[-1] if page == "odd" else columns[0]
        inset = NUMBERS["page_number"] / PT_PER_MM
        margin = (
            NUMBERS["page_width"] - NUMBERS["margin_right"] - inset if page == "odd" else NUMBERS["margin_left"] + inset
        )
        assert edge / 10 == pytest.approx(margin, abs=0.6)
        dash = below[:, edge - 10 : edge - 5] if page == "odd" else below[:, edge + 5 : edge + 10]
        top = np.flatnonzero(dash.any(axis=1))[0] / 10 + TEXT_BOTTOM_MM + 2
        assert top - TEXT_BOTTOM_MM == pytest.approx(NUMBERS["page_number_gap"], abs=0.5)


def test_an_imprint_that_finds_no_room_goes_to_the_next_page(tmp_path: Path) -> None:
    need("soffice")
    document = replace(MINUTES, attendance=(), body=(Paragraph("国" * 28 * 11),))
    pdf = tmp_path / "full.pdf"
    pdf.write_bytes(render_pdf(document, engine="libreoffice"))
    pages = [plain(page.extract_text()) for page in PdfReader(pdf).pages]
    assert ["印发" in page for page in pages] == [False, True]


def test_two_documents_at_a_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    need("soffice")
    documents: list[OfficialDocument] = [REPORT, MINUTES]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(render_pdf, documents))
    assert [content[:5] for content in made] == [b"%PDF-"] * 2


def test_the_engine_is_libreoffice_then_weasyprint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    need("soffice")
    assert pdf_engine() == "libreoffice"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pdf_engine() == "weasyprint"


def test_without_any_engine_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    assert pdf_engine() is None
    with pytest.raises(ConversionError) as caught:
        render_pdf(REPORT)
    expected = "服务器未安装LibreOffice，也不能使用WeasyPrint，暂不能生成PDF；可先下载Word版。"
    assert (caught.value.status, str(caught.value)) == (503, expected)


def running(process: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_converter_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    with pytest.raises(ConversionError) as caught:
        run_converter(["/bin/sh", "-c", "sleep 300 & echo $! > child; wait"], tmp_path, 0.5)
    assert (caught.value.code, str(caught.value)) == (
        "conversion_timeout",
        "生成PDF超过0.5秒，已停止；请稍后再试或下载Word版。",
    )
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(child)


def test_children_that_outlive_a_converter_are_ended_too(tmp_path: Path) -> None:
    run_converter(["/bin/sh", "-c", "sleep 300 >/dev/null 2>&1 & echo $! > child"], tmp_path, 5)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(child)


def test_a_converter_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ConversionError) as caught:
        run_converter(["/bin/sh", "-c", "echo no fonts >&2; exit 3"], tmp_path, 5)
    assert caught.value.data == {"status": 3, "said": "no fonts\n"}


def test_a_converter_that_is_absent_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConversionError) as caught:
        run_converter([str(tmp_path / "absent")], tmp_path, 5)
    assert str(caught.value) == "转换程序不能启动，暂不能生成PDF；可先下载Word版。"


def test_nothing_is_left_in_the_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert render_pdf(MINUTES, engine="weasyprint")[:5] == b"%PDF-"
    assert list(tmp_path.iterdir()) == []
