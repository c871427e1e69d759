"""What a person does on a page, by the words that stand there."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def press(page: Page, name: str) -> None:
    """A button of the page's own part."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """A link of the page's own part."""
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def rail(page: Page, name: str) -> None:
    """An entry of the main navigation."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=name, exact=True).click()


def fill(page: Page, **words: str) -> None:
    """Text fields by their labels."""
    for label, text in words.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)


def find(page: Page, words: str) -> None:
    """The list's own search, sent by Enter; then the one record that was meant is there."""
    box = page.get_by_role("searchbox").first
    box.fill(words)
    box.press("Enter")
    expect(page.locator(".chip")).to_contain_text(words)


def status(page: Page) -> str:
    """The one sentence of the page's head."""
    return page.locator(".page-status").inner_text()
