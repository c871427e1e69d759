"""What an official document says, checked on construction; how it looks is the renderers' business."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiqi.kit.documents.text import NUMERIC, numbered
from yiqi.kit.errors import InvalidInputError

Kind: TypeAlias = Literal["report", "minutes", "brief"]
Align: TypeAlias = Literal["left", "center", "right"]

KINDS: Final = ("report", "minutes", "brief")
_NUMBER: Final = re.compile(r"[㐀-鿿]+〔(?:19|20)[0-9]{2}〕[1-9][0-9]*号")
_ISSUE: Final = re.compile(r"第[1-9][0-9]*期")


def _invalid(message: str | Promise, field_name: str, value: object) -> InvalidInputError:
    return InvalidInputError(message, code="document_invalid", data={"field": field_name, "value": str(value)})


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4, numbered 一、 （一） 1. （1） unless it brings its number."""

    level: int
    text: str

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise _invalid(_("公文标题层次只有四级，请填1至4。"), "level", self.level)
        if not self.text.strip():
            raise _invalid(_("公文的层次标题不能为空。"), "text", self.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain ``text`` or, where some words are bold, of ``runs``; a line break begins a new paragraph."""

    text: str = ""
    runs: Sequence[Run] = ()

    def lines(self) -> list[list[Run]]:
        """Its printed paragraphs, each a list of runs; empty ones are left out."""
        lines: list[list[Run]] = [[]]
        for run in self.runs or (Run(self.text),):
            first, *others = re.split(r"\r\n|[\r\n\x0b]", run.text)
            lines[-1].append(Run(first, bold=run.bold))
            lines.extend([Run(other, bold=run.bold)] for other in others)
        return [kept for kept in ([run for run in line if run.text] for line in lines) if kept]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table. ``align`` has one word a column; left out, columns of figures go right and the others left."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    align: Sequence[Align] = ()
    note: str = ""
    source: str = ""
    rules: Literal["grid", "three_line"] = "grid"
    size: Literal["小四", "五号"] = "小四"

    def __post_init__(self) -> None:
        columns = len(self.header)
        if not columns:
            raise _invalid(_("公文表格至少要有一列。"), "header", self.title)
        for position, row in enumerate(self.rows, start=1):
            if len(row) != columns:
                message = _("表格“%(title)s”第%(row)s行有%(found)s格，表头有%(columns)s格，两者应当一致。")
                facts = {"title": self.title, "row": position, "found": len(row), "columns": columns}
                raise _invalid(message % facts, "rows", position)
        if self.align and len(self.align) != columns:
            raise _invalid(_("表格的对齐方式应当逐列给出，列数与表头一致。"), "align", self.title)

    def alignment(self) -> list[Align]:
        """One word a column, as given or as the cells suggest."""
        return list(self.align) or [self._suggested(column) for column in range(len(self.header))]

    def _suggested(self, column: int) -> Align:
        cells = [row[column].strip() for row in self.rows]
        filled = [cell for cell in cells if cell]
        return "right" if filled and all(NUMERIC.match(cell) for cell in filled) else "left"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attachment: its name under the text and, where ``body`` is given, its own pages after the signature."""

    title: str
    body: Sequence[Heading | Paragraph | TableBlock] = ()


@dataclass(frozen=True, slots=True)
class Attachments:
    """The list 附件：1. … that stands below the text."""

    items: Sequence[Enclosure]


Block: TypeAlias = Heading | Paragraph | TableBlock | Attachments


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """A 报告 upward, 纪要 or 简报.

    ``issuer`` is the red mark at the head; ``number`` is as in 翼考办〔2021〕3号 (minutes and briefs
    may have 第3期 or none); ``attendance`` are pairs such as ("出席", "张某、李某") below minutes; ``marks`` and
    ``as_of`` are printed small at the head of each page. Raises ``InvalidInputError``, code ``document_invalid``.
    """

    kind: Kind
    issuer: str
    number: str = ""
    signer: str = ""
    title: str = ""
    addressee: str = ""
    body: Sequence[Block] = ()
    attendance: Sequence[tuple[str, str]] = ()
    signature: str
    signed_on: date
    sealed: bool = False
    copy_to: Sequence[str] = ()
    printed_by: str = ""
    printed_on: date | None = None
    marks: Sequence[str] = field(default=())
    as_of: date | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise _invalid(_("公文文种只有报告、纪要、简报三种。"), "kind", self.kind)
        if not self.issuer.strip():
            raise _invalid(_("请填写发文机关标志。"), "issuer", self.issuer)
        if isinstance(self.copy_to, str) or isinstance(self.marks, str):
            raise TypeError("copy_to and marks are lists of texts, not one text")
        if self.kind == "report":
            self._check_report()
        elif self.number and not _ISSUE.fullmatch(self.number):
            _check_number(self.number)
        if self.kind == "minutes" and self.addressee:
            raise _invalid(_("纪要不设主送机关，请删去主送。"), "addressee", self.addressee)
        self._check_attachments()

    def _check_report(self) -> None:
        if not self.title.strip():
            raise _invalid(_("请填写公文标题。"), "title", self.title)
        if not self.signer.strip():
            raise _invalid(_("上行文应当标注签发人，请填写签发人姓名。"), "signer", self.signer)
        _check_number(self.number)

    def _check_attachments(self) -> None:
        lists = [block for block in self.body if isinstance(block, Attachments)]
        if len(lists) > 1:
            raise _invalid(_("附件说明只能有一处。"), "body", len(lists))
        if lists and not isinstance(self.body[-1], Attachments):
            raise _invalid(_("附件说明应当排在正文最后。"), "body", len(self.body))

    def text_blocks(self) -> list[Heading | Paragraph | TableBlock]:
        """The text, with its headings numbered, without the list of attachments."""
        return number_headings([block for block in self.body if not isinstance(block, Attachments)])

    def attachments(self) -> list[Enclosure]:
        """The attachments in order."""
        return [item for block in self.body if isinstance(block, Attachments) for item in block.items]

    def printed(self) -> date:
        """The day of printing: the day of signing unless another is given."""
        return self.printed_on or self.signed_on


def _check_number(number: str) -> None:
    """Raise with the particular fault of a document number."""
    if _NUMBER.fullmatch(number):
        return
    message: str | Promise = _("发文字号应由机关代字、年份、序号组成，例如“翼考办〔2021〕3号”。")
    if not number.strip():
        message = _("请填写发文字号，例如“翼考办〔2021〕3号”。")
    elif re.search(r"[\[\]【】()（）［］〈〉]", number):
        message = _("发文字号的年份应当用六角括号“〔〕”括入。")
    elif "第" in number:
        message = _("发文字号的序号不加“第”字。")
    elif re.search(r"〕0", number):
        message = _("发文字号的序号不编虚位，即1不编为01。")
    raise _invalid(message, "number", number)


def number_headings(
    blocks: Sequence[Heading | Paragraph | TableBlock],
) -> list[Heading | Paragraph | TableBlock]:
    """The same blocks, each heading with its number."""
    texts = numbered((block.level, block.text) for block in blocks if isinstance(block, Heading))
    return [Heading(block.level, next(texts)) if isinstance(block, Heading) else block for block in blocks]
