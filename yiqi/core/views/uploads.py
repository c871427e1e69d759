"""The pages of an import, for every kind: what was read, then apply or put aside; a kind adds its own blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import UploadStatus
from yiqi.core.models import Upload
from yiqi.core.operations.uploads import UploadKind, apply_upload, discard_upload, preview_upload
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.marks import badge
from yiqi.kit.sheets import ReadState
from yiqi.kit.web.answers import see_other
from yiqi.kit.web.columns import TITLE, Column
from yiqi.kit.web.deeds import answer, tell
from yiqi.kit.web.tables import List

SUBJECT = TypeVar("SUBJECT", bound=Model)
STATES = {
    ReadState.READ: (_("明确"), "green"),
    ReadState.GUESSED: (_("需要核对"), "yellow"),
    ReadState.ERROR: (_("有误"), "red"),
}
SKIPPED = List(
    title=_("跳过的行"),
    caption=_("跳过的行"),
    columns=(
        Column("row", _("行号"), value=lambda item: item["row"], phone=TITLE),
        Column("why", _("原因"), value=lambda item: item["why"]),
    ),
)


def read_state(state: str) -> SafeString:
    """How surely a row or a cell was read, as a badge."""
    return badge(*STATES[ReadState(state)])


class NoChoices(forms.Form):
    """Nothing to choose before applying."""

    choices: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPages(Generic[SUBJECT]):
    """The pages of one kind. ``name`` is the app's namespace, whose three addresses are called as here.

    ``find`` gives the upload that the person may see with what it belongs to; ``show`` what the kind's template needs
    besides; ``choose`` the form of what a person must add, with ``choices``; ``done`` the words after applying.
    """

    kind: UploadKind[SUBJECT, Any]
    name: str
    template: str
    back: str
    find: Callable[[WhoRequest, int], tuple[Upload, SUBJECT]]
    show: Callable[[WhoRequest, Upload, SUBJECT], dict[str, Any]]
    done: Callable[[int], str]
    dropped: str | Promise
    choose: Callable[[Upload, SUBJECT, Any], Any] = lambda _upload, _subject, data: NoChoices(data)

    def address(self, number: int) -> str:
        """Where the preview is."""
        return reverse(f"{self.name}:show_import", args=[number])

    def upload(
        self,
        request: WhoRequest,
        form: forms.Form,
        facts: Callable[[dict[str, Any]], dict[str, Any]],
        page: Callable[[int], HttpResponse],
    ) -> HttpResponse:
        """The first step: a form with a ``file``; ``facts`` are what else the preview is told."""

        def do(said: dict[str, Any]) -> Upload:
            when: dict[str, Any] = {"by": request.who, "today": clock.today(), "now": clock.now()}
            file: UploadedFile[bytes] = said["file"]
            return preview_upload(self.kind, data=file.read(), filename=file.name or "", **when, **facts(said))

        return answer(request, form, do, done=lambda made: see_other(self.address(made.number)), page=page)

    def page(self, request: WhoRequest, number: int, form: Any = None, status: int = 200) -> HttpResponse:
        """Every row as it was read with its state and notes; what applying will do; the result afterwards."""
        upload, subject = self.find(request, number)
        counts = self.kind.counts(upload)
        context = {
            "upload": upload,
            "subject": subject,
            "counts": counts,
            "total": len(upload.result[self.kind.rows]),
            "importable": counts["read"] + counts["guessed"],
            "skips": SKIPPED,
            "skipped": upload.result["skipped"],
            "waiting": upload.status == UploadStatus.PREVIEWED,
            "done": upload.result.get("applied") or upload.status == UploadStatus.APPLIED,
            "form": form or self.choose(upload, subject, None),
            "apply_url": reverse(f"{self.name}:apply_import", args=[number]),
            "discard_url": reverse(f"{self.name}:discard_import", args=[number]),
        }
        return render(request, self.template, context | self.show(request, upload, subject), status=status)

    def apply(self, request: WhoRequest, number: int) -> HttpResponse:
        """Write it; a second click says that it is done already."""
        upload, subject = self.find(request, number)
        form = self.choose(upload, subject, request.POST)

        def do(_said: dict[str, Any]) -> list[Any]:
            facts: dict[str, Any] = {"by": request.who, "today": clock.today(), "now": clock.now()}
            return apply_upload(self.kind, upload=upload, choices=form.choices, **facts)

        return answer(
            request,
            form,
            do,
            done=lambda written: (self.done(len(written)), self.address(number)),
            page=lambda status: self.page(request, number, form, status),
        )

    def discard(self, request: WhoRequest, number: int) -> HttpResponse:
        """Put it aside."""
        upload, _subject = self.find(request, number)
        discard_upload(self.kind, by=request.who, today=clock.today(), upload=upload)
        return tell(request, self.dropped, reverse(self.back))
