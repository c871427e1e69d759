"""Official documents in the layout of GB/T 9704-2012: one description, three renderings (Word, PDF, preview)."""

from yiqi.kit.documents.document import (
    Attachments,
    Block,
    Enclosure,
    Heading,
    OfficialDocument,
    Paragraph,
    Run,
    TableBlock,
)
from yiqi.kit.documents.pdf import ConversionError, pdf_engine, render_pdf
from yiqi.kit.documents.preview import preview_blocks
from yiqi.kit.documents.word import render_docx

__all__ = [
    "Attachments",
    "Block",
    "ConversionError",
    "Enclosure",
    "Heading",
    "OfficialDocument",
    "Paragraph",
    "Run",
    "TableBlock",
    "pdf_engine",
    "preview_blocks",
    "render_docx",
    "render_pdf",
]
