"""What a page offers: its links and its forms with their fields, read as a browser reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import html

UNSEEN = ("csrfmiddlewaretoken",)


@dataclass
class Control:
    """One field of a form: what it is, what it holds, what can be chosen, and its bounds."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    required: bool = False
    longest: int = 0
    low: str = ""
    high: str = ""
    many: bool = False


@dataclass
class Form:
    """A form: where it is sent, how, its fields, and the buttons that say something."""

    action: str
    method: str
    controls: list[Control]
    buttons: list[tuple[str, str]]

    @property
    def multipart(self) -> bool:
        """Whether it takes a file."""
        return any(control.kind == "file" for control in self.controls)


@dataclass
class Seen:
    """A page: the addresses of this site that it links to, and its forms that do a deed."""

    links: list[str]
    forms: list[Form]


def read(text: str, address: str) -> Seen:
    """Parse a page that was found at ``address``."""
    tree = html.fromstring(text)
    links: dict[str, None] = {}
    for link in tree.iter("a"):
        to = urljoin(address, link.get("href") or "")
        parts = urlsplit(to)
        if not parts.netloc and parts.path.startswith("/"):
            links[f"{parts.path}?{parts.query}" if parts.query else parts.path] = None
    forms = [_form(form, address) for form in tree.iter("form") if (form.get("method") or "get").lower() == "post"]
    return Seen(list(links), forms)


def _form(form: html.HtmlElement, address: str) -> Form:
    grouped: dict[str, Control] = {}
    buttons = []
    for element in form.iter("input", "select", "textarea", "button"):
        name = element.get("name")
        kind = element.get("type") or ("text" if element.tag == "input" else element.tag)
        if not name or name in UNSEEN or element.get("disabled") is not None:
            continue
        if element.tag == "button" or kind == "submit":
            buttons.append((name, element.get("value") or ""))
        elif kind in {"radio", "checkbox"}:
            control = grouped.setdefault(name, Control(name, kind, required=element.get("required") is not None))
            control.options.append(element.get("value") or "on")
        else:
            grouped[name] = _control(element, name, kind)
    return Form(urljoin(address, form.get("action") or address), "post", list(grouped.values()), buttons)


def _control(element: html.HtmlElement, name: str, kind: str) -> Control:
    if element.tag == "select":
        options = [option.get("value") or "" for option in element.iter("option")]
        many = element.get("multiple") is not None
        return Control(name, "select", options=options, required=element.get("required") is not None, many=many)
    value = element.text or "" if element.tag == "textarea" else element.get("value") or ""
    return Control(
        name,
        element.tag if element.tag == "textarea" else kind,
        value,
        required=element.get("required") is not None,
        longest=int(element.get("maxlength") or 0),
        low=element.get("min") or "",
        high=element.get("max") or "",
    )
