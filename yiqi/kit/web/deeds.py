"""Forms that do a deed: one runner for all of them, and the forms of a table of moves.

The runner shows the form, checks it (422), does the deed, lays a refusal on the form with everything that was typed
(403, 409 with both versions, 422), tells what was done and sends the browser on (303). What lies out of scope stays a
404. A form that is sent twice does its deed once: it carries a key (``{% form_key %}``), and the second is answered
like the first (``core.views.middleware.OnceMiddleware``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiqi.kit.errors import NotFoundError, YiqiError
from yiqi.kit.facts import KEPT, FactField, FactKind, Text
from yiqi.kit.moves import Life, Move
from yiqi.kit.web.answers import see_other
from yiqi.kit.web.refusals import refuse

RESULT = TypeVar("RESULT")
ROWS = 4
FORM_KEY = "form_key"


def day_field(**facts: Any) -> forms.DateField:
    """A date with the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **facts)


def words_field(rows: int = ROWS, **facts: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **facts)


def choose_from(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str] | None = None
) -> forms.ModelChoiceField[Any]:
    """Let a field choose among these records, called by ``label``; returns it."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    if label is not None:
        field.label_from_instance = label  # type: ignore[method-assign,assignment]  # Django's own way to name choices
    return field


class VersionForm(forms.Form):
    """A form that carries the version which its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class MoveForm(VersionForm):
    """The form of one move, or of several among which its buttons choose."""

    moves: ClassVar[tuple[Move[Any, Any], ...]] = ()

    @property
    def move(self) -> Move[Any, Any]:
        """The move whose button was pressed (``decision``), else the last, the careful one."""
        pressed = self.data.get("decision")
        return next((move for move in self.moves if move.name == pressed), self.moves[-1])

    def do(self, *, by: Any, today: Any, row: Model) -> Any:
        """Make the move with what was typed."""
        takes = {"version", *(field.name for field in self.move.fields)}
        given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name in takes}
        given[self.move.life.noun] = row
        return self.move(by=by, today=today, **given)


def _field(item: FactField, required: bool) -> forms.Field:
    facts: dict[str, Any] = {"label": item.label, "required": required, "help_text": item.help}
    if item.kind is FactKind.FILE:
        return forms.FileField(**facts)
    facts["initial"] = item.initial
    if item.kind is FactKind.DAY:
        return day_field(**facts)
    if item.kind is FactKind.CHOICE:
        return forms.ChoiceField(choices=item.choices, widget=forms.RadioSelect, **facts)
    if item.kind is FactKind.YES_NO:
        return forms.TypedChoiceField(
            choices=item.choices, widget=forms.RadioSelect, coerce=lambda value: value == "yes", **facts
        )
    if item.kind is FactKind.WORDS:
        return words_field(max_length=item.length, **facts)
    return forms.CharField(max_length=item.length, **facts)


@cache
def move_form(*moves: Move[Any, Any]) -> type[MoveForm]:
    """The form of these moves. A field that not each of them must have is checked by the move that was chosen.

    It counts as a form of the app that the states belong to, and is made once: what was typed into a form whose token
    is lost is told by its labels (``kit.web.kept``).
    """
    asked = {item.name: item for move in reversed(moves) for item in move.fields}
    names = dict.fromkeys(item.name for move in moves for item in move.fields)
    fields: dict[str, Any] = {}
    for name in names:
        each = [item for move in moves for item in move.fields if item.name == name]
        needed = len(each) == len(moves) and all(item.required and item.when is None for item in each)
        fields[name] = _field(asked[name], needed or (asked[name].kind is FactKind.YES_NO))
    return type("MoveForm", (MoveForm,), {"moves": moves, "__module__": moves[0].life.states.__module__, **fields})


def form_for(row: Model, *moves: Move[Any, Any], sent: HttpRequest | None = None) -> MoveForm:
    """The form of these moves, begun with what the row has; with what was typed, once it is ``sent``."""
    kept = [item.name for move in moves for item in move.fields if item.default is KEPT]
    initial = {name: getattr(row, name, None) for name in ("version", *kept)}
    posted = sent is not None and sent.method == "POST"
    data, files = (sent.POST, sent.FILES) if sent is not None and posted else (None, None)
    return move_form(*moves)(data, files, initial=initial)


@dataclass(frozen=True)
class Offer:
    """A move as a page offers it."""

    move: Move[Any, Any]
    form: MoveForm
    address: str


def offers(
    life: Life[Any, Any], who: Any, row: Model, url_name: str, bound: forms.BaseForm | None = None
) -> list[Offer]:
    """The moves that this person may make now, each with its form, sent to ``url_name`` with the row's key and the name
    of the move. A move's form that could not be done is given as ``bound`` and stands in its place."""
    kept = bound if isinstance(bound, MoveForm) else None
    open_now = life.open_to(who, row)
    if kept is not None and kept.move not in open_now:
        open_now.append(kept.move)
    found = []
    for move in open_now:
        form = kept if kept is not None and kept.move is move else form_for(row, move)
        found.append(Offer(move, form, reverse(url_name, args=[row.pk, move.name])))
    return found


def answer(
    request: HttpRequest,
    form: forms.BaseForm,
    do: Callable[[dict[str, Any]], RESULT],
    *,
    done: Callable[[RESULT], tuple[Text, str] | HttpResponse],
    page: Callable[[int], HttpResponse],
) -> HttpResponse:
    """Run a form that does a deed with its cleaned facts.

    ``done`` says what to tell and where to go on; ``page`` draws the form with a status. A form that is not sent yet
    is drawn with 200.
    """
    if request.method != "POST":
        return page(200)
    if not form.is_valid():
        return page(422)
    try:
        made = do(dict(form.cleaned_data))
    except NotFoundError:
        raise
    except YiqiError as error:
        refuse(form, error)
        return page(error.status)
    said = done(made)
    if isinstance(said, HttpResponse):
        return said
    return tell(request, *said)


def form_page(
    request: HttpRequest, template: str, form: forms.BaseForm, **context: Any
) -> Callable[[int], HttpResponse]:
    """The page of a form for :func:`answer`: the template with the form and what else it shows."""
    return lambda status: render(request, template, {"form": form, **context}, status=status)


def press(request: HttpRequest, do: Callable[[], object], *, said: Text, back: str) -> HttpResponse:
    """Do what a button without a form does and go back; a refusal is told there."""
    try:
        do()
    except NotFoundError:
        raise
    except YiqiError as error:
        messages.error(request, str(error))
        return see_other(back)
    return tell(request, said, back)


def tell(request: HttpRequest, words: Text, address: str) -> HttpResponse:
    """Say what was done and go on, so that a reload does nothing twice."""
    messages.success(request, str(words))
    return see_other(address)
