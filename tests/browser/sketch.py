"""What a page is made of, read from its HTML without a browser: quick enough to read every page for everybody."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit


class Sketch(HTMLParser):
    """Headings, title, language, links, and the kinds of its elements."""

    def __init__(self, html: str, address: str):
        super().__init__()
        self.address = address
        self.parts: set[str] = set()
        self.links: list[str] = []
        self.faults: list[str] = []
        self.words = {"h1": "", "title": ""}
        self.headings = 0
        self._inside = ""
        self.feed(html)
        self._judge()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        said = {name: value or "" for name, value in attrs}
        self.parts.add(".".join((tag, *(said.get(name, "") for name in ("class", "name", "type", "role")))))
        self.headings += tag == "h1"
        self._inside = tag if tag in self.words else self._inside
        if tag == "html" and not said.get("lang"):
            self.faults.append("no language")
        if tag == "a":
            self._link(said.get("href"))
        if "style" in said or any(name.startswith("on") for name in said):
            self.faults.append(f"inline style or handler on {tag}")

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._inside:
            self.words[self._inside] += data.strip()

    def _link(self, href: str | None) -> None:
        if not href or href == "#":
            self.faults.append("a link without an address")
        elif not href.startswith("#"):
            address = urldefrag(urljoin(self.address, href)).url
            if urlsplit(address).netloc == urlsplit(self.address).netloc and address not in self.links:
                self.links.append(address)

    def _judge(self) -> None:
        if self.headings != 1 or not self.words["h1"]:
            self.faults.append(f"{self.headings} headings of the first level: {self.words['h1']!r}")
        if not self.words["title"].split("·")[0].strip():
            self.faults.append("no title")
