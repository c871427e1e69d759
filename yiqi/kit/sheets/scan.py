"""What calamine does not tell about an .xlsx sheet, streamed from its XML: formulas, errors, number formats, extent.

The scan also protects: calamine allots a dense rectangle up to the last cell with a value, so one stray value in
XFD1048576 would ask for gigabytes. The extent is known here first.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final
from xml.parsers import expat

from yiqi.kit.sheets.cells import Shown
from yiqi.kit.sheets.guard import FileLimits, damaged, too_many

Place = tuple[int, int]

_CHUNK: Final = 1024 * 1024
# Formatted blank cells and rows come by the million and say nothing: they are dropped before the XML parser.
_BLANK_CELL: Final = re.compile(rb'<c (?=[^<>]*\br=")[^<>]*/>')
_BLANK_ROW: Final = re.compile(rb'<row (?=[^<>]*\br=")(?![^<>]*\bhidden=)[^<>]*(?:/>|></row>)')
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_FORMAT_PERCENT: Final = {9, 10}
# Ids 27 to 36 and 50 to 58 are Chinese dates that Excel never writes out (ECMA-376 part 1, 18.8.30).
_EAST_ASIAN: Final = {
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55)), "yyyy-m-d"),
    28: "m-d",
    29: "m-d",
    51: "m-d",
    54: "m-d",
    57: "yyyy-m",
    58: "m-d",
}
_BUILT_IN: Final = {14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy-m-d h:mm", **_EAST_ASIAN}


@dataclass(slots=True)
class SheetFacts:
    """What the XML of one sheet tells beside its values; places are (row, column) counted from 1."""

    rows: int = 0
    columns: int = 0
    formulas: set[Place] = field(default_factory=set)
    without_result: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    no_number: set[Place] = field(default_factory=set)  # a number cell without digits: how openpyxl writes NaN and ∞
    shown: dict[Place, Shown] = field(default_factory=dict)
    plain_dates: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)

    def reach(self, row: int, column: int) -> None:
        """Widen the extent."""
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)


@dataclass(frozen=True, slots=True)
class _Styles:
    shown: dict[str, Shown]
    dates: frozenset[str]


def elements(xml: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Local names and attributes of all elements of a small part, in document order; a DOCTYPE is refused."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: found.append((_local(name), attributes))
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as fault:
        raise damaged() from fault
    return iter([(name, {_local(key): value for key, value in attributes.items()}) for name, attributes in found])


def scan_workbook(archive: zipfile.ZipFile, limits: FileLimits) -> dict[str, SheetFacts]:
    """Facts of every worksheet by its name; too large ones are refused while they stream."""
    styles = _styles(archive)
    parts, recalculate = _worksheets(archive)
    facts = {}
    for name, part in parts.items():
        with archive.open(part) as stream:
            facts[name] = _SheetScan(name, styles, limits, recalculate=recalculate).run(stream)
    return facts


def _worksheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Part path by sheet name, and whether the file asks Excel to calculate on opening (results are then not known)."""
    names = set(archive.namelist())
    rels = "xl/_rels/workbook.xml.rels"
    targets = {}
    if rels in names:
        for element, attributes in elements(archive.read(rels)):
            if element == "Relationship":
                path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
                targets[attributes.get("Id", "")] = path.lstrip("/")
    parts, recalculate = {}, False
    for element, attributes in elements(archive.read("xl/workbook.xml")):
        if element == "sheet" and (part := targets.get(attributes.get("id", ""), "")) in names:
            if "worksheet" in part.lower() or "sheet" in posixpath.basename(part).lower():
                parts[attributes.get("name", "")] = part
        elif element == "calcPr":
            recalculate = attributes.get("fullCalcOnLoad", "0") in {"1", "true"}
    return parts, recalculate


def _styles(archive: zipfile.ZipFile) -> _Styles:
    if "xl/styles.xml" not in archive.namelist():
        return _Styles({}, frozenset())
    codes, dates = dict(_BUILT_IN), set()
    shown: dict[str, Shown] = {}
    inside, index = False, 0
    for element, attributes in elements(archive.read("xl/styles.xml")):
        if element == "numFmt" and attributes.get("numFmtId", "").isdigit():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif element in {"cellXfs", "cellStyles", "dxfs"}:
            inside = element == "cellXfs"
        elif element == "xf" and inside:
            number = int(attributes.get("numFmtId", "0") or 0)
            how = _shown(number, codes.get(number, ""))
            if how is not Shown.PLAIN:
                shown[str(index)] = how
            if number in _EAST_ASIAN:
                dates.add(str(index))
            index += 1
    return _Styles(shown, frozenset(dates))


def _shown(number: int, code: str) -> Shown:
    """What a number format hides or changes: a percent sign, the day, or the year of a date."""
    bare = _QUOTED.sub("", code.split(";", maxsplit=1)[0]).lower()
    if number in _FORMAT_PERCENT or "%" in bare:
        return Shown.PERCENT
    year, day, month = "y" in bare or "e" in bare, "d" in bare, "m" in bare and "h" not in bare
    if month and year and not day:
        return Shown.MONTH
    return Shown.MONTH_DAY if month and day and not year else Shown.PLAIN


class _SheetScan:
    """One pass of expat over a sheet; a cell is settled when the next one begins."""

    def __init__(self, name: str, styles: _Styles, limits: FileLimits, *, recalculate: bool) -> None:
        self.name, self.styles, self.limits, self.recalculate = name, styles, limits, recalculate
        self.facts = SheetFacts()
        self.plain = _plain_cell(styles)
        self.row = self.column = 0
        self.type = ""
        self.style = ""
        self.formula = self.has_value = False
        self.text: list[str] = []
        self.parser = _parser()
        self.parser.StartElementHandler = self.start

    def run(self, stream: IO[bytes]) -> SheetFacts:
        rest = b""
        try:
            while chunk := stream.read(_CHUNK):
                rest += chunk
                cut = rest.rfind(b"<") if len(rest) < 4 * _CHUNK else len(rest)
                self.feed(rest[:cut])
                rest = rest[cut:]
            self.feed(rest)
            self.parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise damaged() from fault
        self.settle()
        return self.facts

    def feed(self, chunk: bytes) -> None:
        """Give the parser what needs it: blank cells are dropped, of plain ones only the extent is kept."""
        chunk = _BLANK_CELL.sub(b"", chunk)
        if places := self.plain.findall(chunk):
            columns, rows = map(set, zip(*places, strict=True))
            self.facts.reach(max(map(int, rows)), max(_column(letters.decode()) for letters in columns))
            self.check_extent()
            chunk = self.plain.sub(b"", chunk)
        self.parser.Parse(_BLANK_ROW.sub(b"", chunk), False)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "c":
            self.settle()
            self.begin_cell(attributes)
        elif name in {"v", "is"}:
            self.has_value = True
            if self.formula or self.type in {"e", "n"}:
                self.text.clear()
                self.parser.CharacterDataHandler = self.text.append
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.settle()
            self.row = _whole(attributes.get("r"), self.row + 1)
            self.column = 0
            if attributes.get("hidden") in {"1", "true"}:
                self.facts.hidden_rows.add(self.row)

    def check_extent(self) -> None:
        rows, columns, limits = self.facts.rows, self.facts.columns, self.limits
        if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
            raise too_many(rows, columns, self.name, limits)

    def begin_cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.match(attributes.get("r", ""))
        if match:
            self.row, self.column = int(match[2]), _column(match[1])
        else:
            self.column += 1
        self.type, self.style = attributes.get("t", ""), attributes.get("s", "")

    def settle(self) -> None:
        """File what is known of the cell that has just ended."""
        if not (self.formula or self.has_value):
            return
        place, text = (self.row, self.column), "".join(self.text).strip()
        self.parser.CharacterDataHandler = None
        facts = self.facts
        facts.reach(*place)
        self.check_extent()
        if self.formula:
            facts.formulas.add(place)
            stale = self.recalculate and text == "0"
            if (not text and self.type != "str") or stale or not self.has_value:
                facts.without_result.add(place)
        elif self.type == "n" and not text:
            facts.no_number.add(place)
        if self.type == "e":
            facts.errors[place] = text
        if self.style in self.styles.shown:
            facts.shown[place] = self.styles.shown[self.style]
        if self.style in self.styles.dates:
            facts.plain_dates.add(place)
        self.formula = self.has_value = False
        self.text.clear()


def _plain_cell(styles: _Styles) -> re.Pattern[bytes]:
    """A cell with a value, no formula, no error and no style that matters, as every program writes it."""
    special = "|".join(sorted({*styles.shown, *styles.dates}))
    style = rf'(?: s="(?!(?:{special})")\d+")?' if special else r'(?: s="\d+")?'
    pattern = rf'<c r="([A-Z]{{1,3}})(\d{{1,7}})"{style}(?: t="(?:s|n|b|str|inlineStr)")?>'
    pattern += r"(?:<v>[^<]+</v>|<is><t[^<>]*>[^<]*</t></is>)</c>"
    return re.compile(pattern.encode())


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_arguments: object) -> None:
        raise damaged()

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else default


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
