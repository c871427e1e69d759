"""Photograph pages of a running server in a real browser: three widths, light and dark.

    python scripts/screens.py / /plan/tasks/ --out screens --base http://127.0.0.1:8000 --user u --password p

Without an address it takes every page that the rail of that user leads to. Writes OUT/<page>-<width>-<theme>.png and
prints what is wrong: pages wider than the window, messages of the console, refusals of the content security policy,
answers of 400 and above. Exit status 1 when something was found.
Needs Debian's chromium (apt install chromium) and the development dependencies.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = {360: 800, 1280: 900, 1920: 1080}
THEMES = ("light", "dark")


@dataclass
class Findings:
    """What was wrong, with the page that it was seen on."""

    where: str = ""
    lines: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """One finding about the present page, once."""
        line = f"{self.where}: {text}"
        if line not in self.lines:
            self.lines.append(line)

    def watch(self, page: Page) -> None:
        """Listen to what the browser complains about."""
        page.on("console", lambda said: self.add(f"console {said.type}: {said.text}") if said.type != "log" else None)
        page.on("pageerror", lambda error: self.add(f"script error: {error}"))
        page.on("requestfailed", lambda request: self.add(f"not loaded: {request.url}"))
        page.on("response", lambda got: self.add(f"status {got.status}: {got.url}") if got.status >= 400 else None)


def log_in(context: BrowserContext, base: str, user: str, password: str) -> None:
    """Through the login page, as a person does."""
    page = context.new_page()
    page.goto(f"{base}/account/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_load_state("networkidle")
    if "login" in page.url:
        raise SystemExit(f"login failed for {user} at {page.url}")
    page.close()


def rail(context: BrowserContext, base: str) -> list[str]:
    """The addresses that the rail of the one who is logged in leads to."""
    page = context.new_page()
    page.goto(base)
    found = page.eval_on_selector_all("nav a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    page.close()
    return list(dict.fromkeys(found))


def picture_name(address: str, width: int, theme: str) -> str:
    """A file name that tells address, width and theme."""
    words = re.sub(r"[^0-9A-Za-z]+", "-", address).strip("-") or "home"
    return f"{words}-{width}-{theme}.png"


def photograph(page: Page, url: str, target: Path, findings: Findings) -> None:
    """One page as it stands, whole length."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    inner, outer = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if inner > outer:
        findings.add(f"wider than the window: {inner} > {outer}")
    page.screenshot(path=str(target), full_page=True)


def tour(browser: Browser, options: argparse.Namespace, findings: Findings) -> int:
    """All addresses in all widths and themes; the number of pictures."""
    context = browser.new_context(locale=options.language, reduced_motion="reduce")
    if options.language.startswith("en"):  # the pages follow the cookie of the switch, not the browser
        context.add_cookies([{"name": "django_language", "value": "en", "url": options.base}])
    if options.user:
        log_in(context, options.base, options.user, options.password)
    addresses = options.addresses or rail(context, options.base)
    taken = 0
    for width, theme in itertools.product(options.widths, options.themes):
        page = context.new_page()
        findings.watch(page)
        page.set_viewport_size({"width": width, "height": WIDTHS.get(width, 900)})
        page.emulate_media(color_scheme=theme, media="print" if options.print else "screen")
        for address in addresses:
            findings.where = f"{address} {width} {theme}"
            photograph(page, options.base + address, options.out / picture_name(address, width, theme), findings)
            taken += 1
        page.close()
    return taken


def read_options() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("addresses", nargs="*", help="paths such as /plan/tasks/; without any, those of the rail")
    parser.add_argument("--out", type=Path, default=Path("screens"))
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--language", default="zh-CN", help="en for English pages")
    parser.add_argument("--widths", type=int, nargs="+", default=list(WIDTHS))
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=list(THEMES))
    parser.add_argument("--print", action="store_true", help="as on paper")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    return parser.parse_args()


def main() -> int:
    """Take the pictures, say what was found."""
    options = read_options()
    options.out.mkdir(parents=True, exist_ok=True)
    findings = Findings()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=list(FLAGS))
        taken = tour(browser, options, findings)
        browser.close()
    print(f"{taken} pictures in {options.out}")
    for line in findings.lines:
        print(line)
    return 1 if findings.lines else 0


if __name__ == "__main__":
    sys.exit(main())
