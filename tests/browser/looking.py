"""Walk through everything that a person can reach, and say what is wrong with each page."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.sketch import Sketch

SEVERE = {"serious", "critical"}
WORRYING = {"error", "warning"}
LOOKS_AT_MOST = 2
VIOLATIONS = {"resultTypes": ["violations"], "preload": False}
AXE_ALL = VIOLATIONS | {"rules": {"target-size": {"enabled": True}}}
AXE_COLOURS = VIOLATIONS | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# the rest of a long table looks like its beginning; axe reads every node, so it is taken away first
SHORTEN = """() => document.querySelectorAll(
  'tbody tr:nth-child(n+8), .board-column:nth-child(n+4), .strip:nth-child(n+4), .month:nth-child(n+3),' +
  '.agenda-list li:nth-child(n+4), option:nth-child(n+4)').forEach(e => e.remove())"""
# a change of theme takes a frame; without fades there is nothing more to wait for
UNFADED = """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('* { transition: none !important }');
  document.adoptedStyleSheets = [sheet]; }"""
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
EDGE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect();
  if (!r.width || r.right <= innerWidth + 1 || getComputedStyle(e).position === 'fixed') return false;
  for (let p = e.parentElement; p; p = p.parentElement) {
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return false;
  }
  return true;
}).slice(0, 5).map(e => e.tagName + '.' + e.className)"""


def name_of(address: str) -> str | None:
    """The name of the page at an address; None for what is no page of ours."""
    parts = urlsplit(address)
    if parts.path.startswith("/static/"):
        return None
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    return f"{name} as a file" if "export=" in parts.query else name


def is_file(name: str) -> bool:
    """Downloads are fetched rather than opened."""
    return name.endswith(" as a file") or bool(re.search(r":(export|download)_", name))


def complaints(page: Page, options: dict[str, Any], scheme: str) -> list[str]:
    """What axe calls serious or critical."""
    page.evaluate(FRAMES)
    answer = page.evaluate(f"axe.run({json.dumps(options)})")
    return [
        f"axe {scheme}: {item['id']} {[(node['target'], node['html'][:100]) for node in item['nodes'][:3]]}"
        for item in answer["violations"]
        if item["impact"] in SEVERE
    ]


def faults(page: Page, *, dark: bool) -> list[str]:
    """What is wrong with the open page, at 360 px and, in light and where asked in dark, at 1280 px."""
    page.set_viewport_size({"width": 360, "height": 760})
    found = [f"sticks out at 360 px: {item}" for item in page.evaluate(EDGE)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    found += [f"{wide} px wide at 360 px"] if wide > 360 else []
    page.evaluate(SHORTEN)
    page.evaluate(UNFADED)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(Axe().axe_script)
    found += complaints(page, AXE_ALL, "light")
    if dark:
        page.emulate_media(color_scheme="dark")
        found += complaints(page, AXE_COLOURS, "dark")
        page.emulate_media(color_scheme="light")
    return found


@dataclass
class Memory:
    """What several walks have examined: the parts that each kind of page was made of."""

    parts: dict[str, set[str]] = field(default_factory=dict)

    def everywhere(self) -> set[str]:
        """Every part of any page."""
        return set().union(*self.parts.values())


@dataclass
class Walk:
    """One person's way through all pages: each kind of page is read once, each kind of link tried twice.

    A page is opened in the browser when it has a part that the same kind of page did not have for anybody before, and
    its colours examined in dark when no page at all had that part."""

    page: Page
    memory: Memory = field(default_factory=Memory)
    seen: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    tried: dict[tuple[str, str], int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    noise: list[str] = field(default_factory=list)

    def go(self) -> Walk:
        """Everything that can be reached from the page that is open."""
        self.page.on("console", lambda said: self.noise.append(said.text) if said.type in WORRYING else None)
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        waiting = deque([self.page.url])
        while waiting:
            waiting.extend(self._read(waiting.popleft()))
        return self

    def _read(self, address: str) -> list[str]:
        answer = self.page.request.get(address)
        name = name_of(answer.url) or address
        if name in self.seen:
            return []
        self.seen[name] = urlsplit(answer.url).path
        sketch = Sketch(answer.text(), answer.url)
        found = sketch.faults + ([] if answer.status == 200 else [f"status {answer.status}"])
        found += self._look(name, answer.url, sketch.parts)
        found += self._try(name, sketch.links)
        if found:
            self.wrong[f"{name} {self.seen[name]}"] = found
        return self._new(sketch.links)

    def _look(self, name: str, address: str, parts: set[str]) -> list[str]:
        known, everywhere = self.memory.parts.setdefault(name, set()), self.memory.everywhere()
        if parts <= known:
            return []
        known |= parts
        self.noise.clear()
        self.page.goto(address)
        found = [f"console: {text}" for text in self.noise]  # before axe, which tries styles of its own
        return found + faults(self.page, dark=not parts <= everywhere)

    def _new(self, ways: list[str]) -> list[str]:
        fresh: dict[str, str] = {}
        for address in ways:
            name = name_of(address)
            if name and name not in self.seen and not is_file(name):
                fresh.setdefault(name, address)
        return list(fresh.values())

    def _try(self, name: str, ways: list[str]) -> list[str]:
        found = []
        for address in ways:
            target = name_of(address)
            if target is None:
                found.append(f"link to no page: {address}")
                continue
            way = ("", target) if is_file(target) else (name, target)  # files take long to make
            if self.tried.get(way, 0) >= LOOKS_AT_MOST:
                continue
            self.tried[way] = self.tried.get(way, 0) + 1
            if address not in self.answers:
                self.answers[address] = self.page.request.get(address).status
            if self.answers[address] != 200:
                found.append(f"link answers {self.answers[address]}: {address}")
        return found
