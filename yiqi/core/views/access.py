"""What the system pages share: who may open them, running an operation behind a form, workbooks to download."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from yiqi.core.enums import Role
from yiqi.core.models import Region
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.errors import NotFoundError, YiqiError
from yiqi.kit.web.refusals import refuse

INVALID = 422
DONE = 303
Rest = ParamSpec("Rest")
View = Callable[Concatenate[WhoRequest, Rest], HttpResponse]


def for_role(role: Role) -> Callable[[View[Rest]], View[Rest]]:
    """A page that exists for one role only: 404 for everybody else."""

    def decorate(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: WhoRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            if not request.who.has(role):
                raise NotFoundError(_("页面或记录不存在，或者不在您的职责范围内。"))
            return view(request, *args, **kwargs)

        return cast(View[Rest], guarded)

    return decorate


def home_of(request: WhoRequest) -> Region:
    """The region that the administrator's pages are about."""
    if request.who.home is None:
        raise NotFoundError(_("页面或记录不存在，或者不在您的职责范围内。"))
    return request.who.home


def attempt(form: forms.BaseForm, deed: Callable[[dict[str, Any]], object]) -> int:
    """Run an operation with what a valid form says; DONE, or the status with which the form is shown again.

    What the operation refuses becomes an error of the form, so that nothing typed is lost.
    """
    if not form.is_valid():
        return INVALID
    try:
        deed(dict(form.cleaned_data))
    except YiqiError as error:
        refuse(form, error)
        return error.status
    return DONE
