"""WordprocessingML that python-docx has no call for: East Asian fonts, character indents, rules, fields, grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from yiqi.kit.documents import layout
from yiqi.kit.documents.text import printable

# Order in which the schema wants the children of w:pPr that are set here; python-docx knows the rest.
_AFTER_IND: Final = (
    "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
    "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
_AFTER_SNAP: Final = ("w:spacing", "w:ind", *_AFTER_IND)
_AFTER_AUTO: Final = ("w:bidi", "w:adjustRightInd", "w:snapToGrid", *_AFTER_SNAP)
_AFTER_BORDER: Final = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", *_AFTER_AUTO,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """How characters look: East Asian font, size in points, spacing in points, colour as RRGGBB."""

    font: str
    size: float
    spacing: float = 0.0
    color: str | None = None
    bold: bool = False
    latin: str = layout.LATIN


BODY: Final = Face(layout.FANGSONG, layout.BODY_PT, layout.CHAR_SPACING_PT)


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """An element of the w: namespace with attributes of the same."""
    made: BaseOxmlElement = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def character_properties(face: Face) -> BaseOxmlElement:
    """``w:rPr`` of a face, complete and in the order of the schema."""
    made = element("rPr")
    fonts = element("rFonts", ascii=face.latin, hAnsi=face.latin, eastAsia=face.font, cs=face.latin, hint="eastAsia")
    children = [fonts, element("b", val=int(face.bold)), element("bCs", val=int(face.bold))]
    if face.color is not None:
        children.append(element("color", val=face.color))
    children.append(element("spacing", val=layout.twips(face.spacing)))
    children.append(element("kern", val=0))
    children += [element("sz", val=round(face.size * 2)), element("szCs", val=round(face.size * 2))]
    made.extend(children)
    return made


def write(paragraph: Paragraph, text: str, face: Face | None = None) -> Run:
    """Append ``text``; without a face it looks as the paragraph's style says."""
    run = paragraph.add_run(printable(text))
    if face is not None:
        old = run._r.rPr
        if old is not None:
            run._r.remove(old)
        run._r.insert(0, character_properties(face))
    return run


def write_field(paragraph: Paragraph, instruction: str, face: Face) -> None:
    """Append a field such as PAGE, with 1 as the text shown before the first update."""
    for part in ("begin", "instr", "separate", "text", "end"):
        run = write(paragraph, "1" if part == "text" else "", face)._r
        if part == "instr":
            code = element("instrText")
            code.text = f" {instruction} "
            run.append(code)
        elif part != "text":
            run.append(element("fldChar", fldCharType=part))


def indent(properties: BaseOxmlElement, **sides: int) -> None:
    """Set ``w:ind``: left, right, firstLine, hanging in twips, firstLineChars in hundredths of a character."""
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    properties.insert_element_before(element("ind", **sides), *_AFTER_IND)


def off_grid(properties: BaseOxmlElement) -> None:
    """Let the lines of a paragraph or style ignore the page's grid."""
    properties.insert_element_before(element("snapToGrid", val=0), *_AFTER_SNAP)


def no_auto_space(properties: BaseOxmlElement) -> None:
    """Put no space between Chinese and Latin: it would push characters off the 28 places."""
    properties.insert_element_before(element("autoSpaceDE", val=0), "w:autoSpaceDN", *_AFTER_AUTO)
    properties.insert_element_before(element("autoSpaceDN", val=0), *_AFTER_AUTO)


def rule_below(paragraph: Paragraph, millimetres: float, color: str) -> None:
    """A rule along the lower edge of a paragraph."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz=layout.eighths(millimetres), space=0, color=color))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDER)


def border_set(tag: str, **widths_mm: float) -> BaseOxmlElement:
    """``tblBorders`` or ``tcBorders``; a side of width 0 has none. Sides come in the order of the schema."""
    borders = element(tag)
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in widths_mm:
            size = layout.eighths(widths_mm[side])
            kind = "single" if size else "nil"
            borders.append(element(side, val=kind, sz=size, space=0, color="000000"))
    return borders
