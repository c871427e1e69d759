"""An official document as plain data for a template: a list of blocks in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from yiqi.kit.documents import layout
from yiqi.kit.documents.document import Heading, OfficialDocument, Paragraph, TableBlock, number_headings
from yiqi.kit.documents.text import chinese_date, printable, signature_indents, width
from yiqi.kit.documents.title import title_lines

PreviewBlock: TypeAlias = dict[str, Any]

MARK_STEPS: Final = (44, 40, 36, 32, 28, 25, 22)  # sizes of the red mark that the style sheet has a class for


def preview_blocks(document: OfficialDocument) -> list[PreviewBlock]:
    """Blocks with ``kind`` and plain values, all text still to be escaped by the template.

    Kinds: marks, mark, number, pair, rule, title, addressee, heading, paragraph, table, attachments, attendance,
    signature, attachment (begins a page), imprint.
    """
    blocks = [*_head(document), *_title(document.title)]
    if document.addressee:
        blocks.append({"kind": "addressee", "text": document.addressee.rstrip("：:") + "："})
    blocks += _text(document.text_blocks())
    blocks += _after_text(document)
    for position, attachment in enumerate(document.attachments(), start=1):
        if attachment.body:
            label = f"附件{position}" if len(document.attachments()) > 1 else "附件"
            blocks.append({"kind": "attachment", "text": label})
            blocks += [*_title(attachment.title), *_text(number_headings(attachment.body))]
    return [_printable(block) for block in (*blocks, *_imprint(document))]


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list) else value


def _head(document: OfficialDocument) -> list[PreviewBlock]:
    words = [*document.marks, *([f"截至{chinese_date(document.as_of)}"] if document.as_of else [])]
    blocks: list[PreviewBlock] = [{"kind": "marks", "text": "　".join(words)}] if words else []
    size = next(step for step in MARK_STEPS if step <= layout.mark_size(width(document.issuer)))
    blocks.append({"kind": "mark", "text": document.issuer, "size": size, "document": document.kind})
    if document.kind == "report":
        signer = {"label": "签发人：", "name": document.signer}
        return [*blocks, {"kind": "pair", "left": document.number, "signer": signer}, {"kind": "rule"}]
    if document.number:
        blocks.append({"kind": "number", "text": document.number})
    pair = {"kind": "pair", "left": document.signature, "right": chinese_date(document.signed_on)}
    return [*blocks, pair, {"kind": "rule"}]


def _title(title: str) -> list[PreviewBlock]:
    lines = title_lines(printable(title).strip(), layout.TEXT_WIDTH_PT / layout.TITLE_PT)
    return [{"kind": "title", "lines": lines}] if title.strip() else []


def _text(blocks: Sequence[Heading | Paragraph | TableBlock]) -> list[PreviewBlock]:
    made: list[PreviewBlock] = []
    for block in blocks:
        if isinstance(block, Heading):
            made.append({"kind": "heading", "level": block.level, "text": block.text})
        elif isinstance(block, TableBlock):
            made.append(_table(block))
        else:
            lines = ([{"text": run.text, "bold": run.bold} for run in line] for line in block.lines())
            made.extend({"kind": "paragraph", "runs": runs} for runs in lines)
    return made


def _table(block: TableBlock) -> PreviewBlock:
    alignment = block.alignment()
    rows = [[{"text": text, "align": align} for text, align in zip(row, alignment, strict=True)] for row in block.rows]
    facts = {"title": block.title, "note": block.note, "source": block.source}
    style = {"rules": block.rules, "size": "small" if block.size == "五号" else "normal"}
    return {"kind": "table", "header": list(block.header), "rows": rows, **facts, **style}


def _after_text(document: OfficialDocument) -> list[PreviewBlock]:
    blocks: list[PreviewBlock] = []
    if document.attachments():
        names = [attachment.title for attachment in document.attachments()]
        blocks.append({"kind": "attachments", "names": names, "single": len(names) == 1})
    if document.attendance:
        pairs = [{"label": label, "names": names} for label, names in document.attendance]
        blocks.append({"kind": "attendance", "pairs": pairs})
    if document.kind == "report":
        day = chinese_date(document.signed_on)
        unit_in, _ = signature_indents(width(document.signature), width(day), sealed=document.sealed)
        place = "sealed" if document.sealed and unit_in else ("edge" if document.sealed else "unsealed")
        blocks.append({"kind": "signature", "unit": document.signature, "date": day, "place": place})
    return blocks


def _imprint(document: OfficialDocument) -> list[PreviewBlock]:
    if not (document.copy_to or document.printed_by):
        return []
    copies = f"{'，'.join(document.copy_to)}。" if document.copy_to else ""
    printed = f"{chinese_date(document.printed())}印发" if document.printed_by else ""
    return [{"kind": "imprint", "copies": copies, "unit": document.printed_by, "printed": printed}]
