"""Page, grid, styles and settings of the Word file."""

from __future__ import annotations

from typing import Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from docx.styles.style import ParagraphStyle

from yiqi.kit.documents import layout
from yiqi.kit.documents.wordml import BODY, Face, character_properties, element, indent, no_auto_space, off_grid

CENTER: Final = WD_ALIGN_PARAGRAPH.CENTER
MARK: Final = "发文机关标志"
TEXT: Final = "公文正文"
HEAD: Final = "版头"
TITLE: Final = "公文标题"
IMPRINT: Final = "版记"
CELL: Final = "表格文字"
NOTE: Final = "表注"
TABLE_TITLE: Final = "表题"
_IDS: Final = {
    MARK: "OfficialMark",
    TEXT: "OfficialText",
    HEAD: "OfficialHead",
    TITLE: "OfficialTitle",
    IMPRINT: "OfficialImprint",
    CELL: "OfficialCell",
    NOTE: "OfficialNote",
    TABLE_TITLE: "OfficialCaption",
}


def prepare_page(document: Document) -> None:
    """A4, margins, grid of 22 lines, footers that differ on odd and even pages."""
    section = document.sections[0]
    section.page_width, section.page_height = (
        Twips(layout.twips(layout.pt(size))) for size in (layout.PAGE_WIDTH_MM, layout.PAGE_HEIGHT_MM)
    )
    section.top_margin = Twips(layout.twips(layout.pt(layout.MARGIN_TOP_MM)))
    section.bottom_margin = Twips(layout.twips(layout.pt(layout.MARGIN_BOTTOM_MM)))
    section.left_margin = Twips(layout.twips(layout.pt(layout.MARGIN_LEFT_MM)))
    section.right_margin = Twips(layout.twips(layout.pt(layout.MARGIN_RIGHT_MM)))
    section.header_distance = Twips(layout.twips(layout.pt(20)))
    section.footer_distance = Twips(footer_distance())
    section.gutter = Twips(0)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = element("docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(layout.twips(layout.LINE_PITCH_PT)))


def footer_distance() -> int:
    """Twips from the page's lower edge to the footer's, so that the dash stands 7 mm below the text area.

    A dash of the East Asian font is drawn at the middle of its line, which is one page-number size high.
    """
    dash = layout.pt(layout.MARGIN_BOTTOM_MM - layout.PAGE_NUMBER_GAP_MM)
    return layout.twips(dash - layout.PAGE_NUMBER_PT / 2)


def prepare_settings(document: Document) -> None:
    """Odd and even footers, today's compatibility mode, Chinese as the language of the fonts."""
    document.settings.odd_and_even_pages_header_footer = True
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for zoom in settings.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")


def prepare_styles(document: Document) -> None:
    """All styles that the renderer uses; their names are what a clerk sees in the style list."""
    _prepare_defaults(document)
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _set(normal, BODY, layout.LINE_PITCH_PT, WD_ALIGN_PARAGRAPH.JUSTIFY)
    no_auto_space(normal.element.get_or_add_pPr())
    indent(normal.element.get_or_add_pPr(), right=-overhang())
    _add(document, TEXT, BODY, layout.LINE_PITCH_PT, WD_ALIGN_PARAGRAPH.JUSTIFY)
    indent(
        document.styles[TEXT].element.get_or_add_pPr(),
        right=-overhang(),
        firstLine=two_characters(),
        firstLineChars=200,
    )
    for level, font in layout.HEADING_FONTS.items():
        heading = document.styles[f"Heading {level}"]
        assert isinstance(heading, ParagraphStyle)
        _set(heading, Face(font, layout.BODY_PT, layout.CHAR_SPACING_PT), layout.LINE_PITCH_PT)
        heading.paragraph_format.keep_with_next = True
        indent(heading.element.get_or_add_pPr(), right=-overhang(), firstLine=two_characters(), firstLineChars=200)
    red = Face(layout.XIAOBIAOSONG, layout.MARK_MAX_PT, color=layout.RED, latin=layout.XIAOBIAOSONG)
    _add(document, MARK, red, layout.MARK_MAX_PT, CENTER, grid=False)
    _add(document, HEAD, Face(layout.FANGSONG, layout.BODY_PT), layout.BODY_PT, grid=False)
    title = _add(
        document, TITLE, Face(layout.XIAOBIAOSONG, layout.TITLE_PT, latin=layout.XIAOBIAOSONG), 36, CENTER, grid=False
    )
    title.paragraph_format.keep_with_next = True
    _add(document, IMPRINT, Face(layout.FANGSONG, layout.IMPRINT_PT), 26, grid=False)
    _add(document, CELL, Face(layout.FANGSONG, layout.TABLE_PT["小四"]), layout.TABLE_LINE_PT["小四"], grid=False)
    _add(document, NOTE, Face(layout.FANGSONG, layout.NOTE_PT), layout.TABLE_LINE_PT["五号"], grid=False)
    caption = _add(document, TABLE_TITLE, Face(layout.HEITI, 12), layout.TABLE_LINE_PT["小四"], CENTER, grid=False)
    caption.paragraph_format.keep_with_next = True
    for name in ("Header", "Footer"):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _set(style, Face(layout.SONGTI, layout.PAGE_NUMBER_PT, latin=layout.SONGTI), layout.PAGE_NUMBER_PT, grid=False)


def overhang() -> int:
    """Twips by which lines of text may stand out at the right, so that 28 characters fit."""
    return layout.twips(layout.OVERHANG_PT)


def two_characters() -> int:
    """Twips of an indent of two body characters, for programs that do not know ``firstLineChars``."""
    return layout.twips((layout.BODY_PT + layout.CHAR_SPACING_PT) * 2)


def _prepare_defaults(document: Document) -> None:
    """Replace the template's theme fonts and spacing, which would win over fonts named by hand."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults is not None
    for child in list(defaults):
        defaults.remove(child)
    characters = element("rPrDefault")
    properties = character_properties(Face(layout.FANGSONG, layout.BODY_PT))
    properties.append(element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    characters.append(properties)
    paragraphs = element("pPrDefault")
    paragraphs.append(element("pPr"))
    defaults.extend([characters, paragraphs])


def _add(
    document: Document,
    name: str,
    face: Face,
    line: float,
    align: WD_ALIGN_PARAGRAPH | None = None,
    *,
    grid: bool = True,
) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.element.set(qn("w:styleId"), _IDS[name])
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _set(style, face, line, align or WD_ALIGN_PARAGRAPH.LEFT, grid=grid)
    return style


def _set(
    style: ParagraphStyle, face: Face, line: float, align: WD_ALIGN_PARAGRAPH | None = None, *, grid: bool = True
) -> None:
    for old in style.element.findall(qn("w:rPr")) + style.element.findall(qn("w:pPr")):
        style.element.remove(old)
    layout_ = style.paragraph_format
    layout_.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout_.line_spacing = Pt(line)
    layout_.space_before = layout_.space_after = Pt(0)
    layout_.widow_control = False
    layout_.alignment = align
    if not grid:
        off_grid(style.element.get_or_add_pPr())
        indent(style.element.get_or_add_pPr(), right=0)
    for old in style.element.findall(qn("w:rPr")):
        style.element.remove(old)
    style.element.append(character_properties(face))
