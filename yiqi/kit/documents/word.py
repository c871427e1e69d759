"""An official document as a Word file."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, time
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from yiqi.kit.documents import layout, styles
from yiqi.kit.documents.document import Enclosure, Heading, OfficialDocument, Paragraph, TableBlock, number_headings
from yiqi.kit.documents.text import chinese_date, printable, signature_indents, width
from yiqi.kit.documents.title import title_lines
from yiqi.kit.documents.word_frame import add_imprint, add_page_furniture, add_red_head
from yiqi.kit.documents.word_table import add_table
from yiqi.kit.documents.wordml import BODY, Face, indent, write


def render_docx(document: OfficialDocument) -> bytes:
    """The document as .docx; the same document gives the same bytes."""
    word = docx.Document()
    styles.prepare_page(word)
    styles.prepare_settings(word)
    styles.prepare_styles(word)
    add_page_furniture(word, document)
    add_red_head(word, document)
    _add_title(word, document.title, before=layout.LINE_PITCH_PT * 2)
    if document.addressee:
        _add_addressee(word, document.addressee)
    _add_text(word, document.text_blocks())
    _add_attachment_list(word, document.attachments())
    _add_attendance(word, document)
    if document.kind == "report":
        _add_signature(word, document)
    for position, attachment in enumerate(document.attachments(), start=1):
        if attachment.body:
            _add_attachment_pages(word, attachment, position, len(document.attachments()))
    add_imprint(word, document)
    _describe(word, document)
    return _same_bytes(word)


def _add_title(word: Document, title: str, before: float) -> None:
    lines = title_lines(printable(title).strip(), layout.TEXT_WIDTH_PT / layout.TITLE_PT)
    for position, line in enumerate(lines if title.strip() else []):
        paragraph = word.add_paragraph(style=styles.TITLE)
        write(paragraph, line)
        paragraph.paragraph_format.space_before = Pt(0 if position else before)
    if title.strip():
        word.paragraphs[-1].paragraph_format.space_after = Pt(layout.LINE_PITCH_PT)


def _add_addressee(word: Document, addressee: str) -> None:
    write(word.add_paragraph(style="Normal"), addressee.rstrip("：:") + "：")


def _add_text(word: Document, blocks: list[Heading | Paragraph | TableBlock]) -> None:
    for block in blocks:
        if isinstance(block, TableBlock):
            add_table(word, block)
        elif isinstance(block, Heading):
            write(word.add_paragraph(style=f"Heading {block.level}"), block.text)
        else:
            _add_paragraph(word, block)


def _add_paragraph(word: Document, block: Paragraph) -> None:
    for line in block.lines():
        paragraph = word.add_paragraph(style=styles.TEXT)
        for run in line:
            bold = Face(BODY.font, BODY.size, BODY.spacing, bold=True)
            write(paragraph, run.text, bold if run.bold else None)


def _add_attachment_list(word: Document, attachments: list[Enclosure]) -> None:
    """附件： two characters in, one line below the text; turned lines stand under the first word of the name."""
    character = styles.two_characters() // 2
    for position, attachment in enumerate(attachments):
        label = "附件：" if not position else ""
        number = f"{position + 1}." if len(attachments) > 1 else ""
        paragraph = word.add_paragraph(style="Normal")
        text_at = round(character * (5 + width(number)))
        first = character * (2 if label else 5)
        indent(paragraph._p.get_or_add_pPr(), left=text_at, hanging=text_at - first)
        write(paragraph, f"{label}{number}{attachment.title}")
        paragraph.paragraph_format.space_before = Pt(0 if position else layout.LINE_PITCH_PT)


def _add_attendance(word: Document, document: OfficialDocument) -> None:
    """出席： in 黑体 two characters in, one line below the text; names hang under the first one."""
    character = styles.two_characters() // 2
    for position, (label, names) in enumerate(document.attendance):
        paragraph = word.add_paragraph(style="Normal")
        hanging = round(character * (width(label) + 1))
        indent(paragraph._p.get_or_add_pPr(), left=2 * character + hanging, hanging=hanging)
        write(paragraph, label, Face(layout.HEITI, BODY.size, BODY.spacing))
        write(paragraph, "：" + names)
        paragraph.paragraph_format.space_before = Pt(0 if position else layout.LINE_PITCH_PT)


def _add_signature(word: Document, document: OfficialDocument) -> None:
    """Unit and date at the right, kept together with the end of the text so that they never stand alone."""
    day = chinese_date(document.signed_on)
    unit_in, date_in = signature_indents(width(document.signature), width(day), sealed=document.sealed)
    if len(word.paragraphs[-1].text) <= layout.CHARS_PER_LINE * 3:  # a long one would move to the next page as a whole
        word.paragraphs[-1].paragraph_format.keep_with_next = True
    for text, characters in ((document.signature, unit_in), (day, date_in)):
        paragraph = word.add_paragraph(style="Normal")
        write(paragraph, text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        indent(paragraph._p.get_or_add_pPr(), right=round(characters * styles.two_characters() / 2))
    word.paragraphs[-2].paragraph_format.space_before = Pt(layout.LINE_PITCH_PT)
    word.paragraphs[-2].paragraph_format.keep_with_next = True


def _add_attachment_pages(word: Document, attachment: Enclosure, position: int, total: int) -> None:
    """附件1 in 黑体 at the upper left of a new page, the title in its third line."""
    paragraph = word.add_paragraph(style="Normal")
    paragraph.paragraph_format.page_break_before = True
    write(paragraph, f"附件{position}" if total > 1 else "附件", Face(layout.HEITI, BODY.size, BODY.spacing))
    _add_title(word, attachment.title, before=layout.LINE_PITCH_PT)
    _add_text(word, number_headings(attachment.body))


def _describe(word: Document, document: OfficialDocument) -> None:
    """Properties of the file; taken from the document, so that they do not change from run to run."""
    moment = datetime.combine(document.signed_on, time(0), UTC).replace(tzinfo=None)
    properties = word.core_properties
    properties.title = printable(document.title.replace("\n", "") or document.issuer)
    properties.author = properties.last_modified_by = printable(document.signature)
    properties.comments = printable("；".join(document.marks))
    properties.created = properties.modified = moment
    properties.revision, properties.language = 1, "zh-CN"


def _same_bytes(word: Document) -> bytes:
    """Save, then write the archive anew in a fixed order with fixed times."""
    saved, result = BytesIO(), BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(result, "w") as new:
        # [Content_Types].xml has to come first for programs that sniff the type of the file.
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(entry, old.read(name), compresslevel=6)
    return result.getvalue()
