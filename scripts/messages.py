"""The English catalogue: collect the Chinese texts of code and templates, compile what is translated.

``collect`` keeps every translation that still has its text, adds new texts empty and prints them, drops what is gone,
and compiles. ``compile`` writes the .mo file (not committed). ``missing`` prints what has no translation yet.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "yiqi"
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = rb"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "_": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources() -> Iterator[tuple[Path, bytes]]:
    """Every file with texts, templates turned into what the Python extractor reads."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted((PACKAGE / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode()


def collected() -> Catalog:
    """All texts of the interface, each with the files that it stands in."""
    catalog = Catalog(locale="en", project="yiqi", charset="utf-8", fuzzy=False)
    for path, content in sources():
        for _line, message, comments, context in extract(
            "python", BytesIO(content), KEYWORDS, options={"encoding": "utf-8"}
        ):
            place = [(str(path.relative_to(ROOT)), 0)]
            catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def existing() -> Catalog:
    """The catalogue as committed; empty before the first time."""
    if not PO.exists():
        return Catalog(locale="en", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def merged() -> Catalog:
    """What the sources hold now, with the translations that exist."""
    fresh, old = collected(), existing()
    for message in fresh:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and known.string:
            message.string = known.string
    return fresh


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without an English one."""
    return [str(message.id) for message in catalog if message.id and not all(_parts(message.string))]


def _parts(string: Any) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


def written(catalog: Catalog) -> bytes:
    """The catalogue as a .po file without dates or line numbers, so that equal content is equal bytes."""
    buffer = BytesIO()
    write_po(buffer, catalog, omit_header=True, include_lineno=False, sort_output=True, width=120)
    return HEADER + buffer.getvalue()


def compiled() -> None:
    """Write the .mo file, where there is a catalogue."""
    if PO.exists():
        with PO.with_suffix(".mo").open("wb") as file:
            write_mo(file, existing())


def main(command: str) -> int:
    """Run one of the commands; exit status."""
    settings.configure(USE_I18N=True)
    if command == "collect":
        catalog = merged()
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(written(catalog))
        gaps = untranslated(catalog)
        print(f"messages: {len(catalog)} texts, {len(gaps)} without English")
        print("".join(f"  {text}\n" for text in gaps), end="")
        compiled()
    elif command == "compile":
        compiled()
    elif command == "missing":
        gaps = untranslated(merged())
        print("\n".join(gaps))
        return 1 if gaps else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
