"""What all forms of the plan share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from yiqi.kit.errors import NotFoundError, YiqiError
from yiqi.kit.web.refusals import refuse

RESULT = TypeVar("RESULT")
UNPROCESSABLE = 422


class PlanForm(forms.Form):
    """A form with the version that its reader saw; :meth:`run` turns an operation's refusal into its error."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    refusal: YiqiError | None = None

    def run(self, operation: Callable[[], RESULT]) -> RESULT | None:
        """The operation's result, or None with the refusal among the errors; NotFoundError goes on to its page."""
        try:
            return operation()
        except NotFoundError:
            raise
        except YiqiError as error:
            self.refusal = error
            refuse(self, error)
            return None

    @property
    def status(self) -> int:
        """HTTP status of the page that shows this form."""
        if self.refusal is not None:
            return self.refusal.status
        return UNPROCESSABLE if self.is_bound and self.errors else 200


class WhyForm(PlanForm):
    """A reason, for a step of a task's life."""

    why = forms.CharField(label=_("原因"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, needed: bool = True, label: str = "", **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through
        self.fields["why"].required = needed
        if label:
            self.fields["why"].label = label
