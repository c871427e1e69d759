"""What the system pages share: who may open them, and which region they are about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpResponse

from yiqi.core.enums import Role
from yiqi.core.models import Region
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.records import missing

INVALID = 422
Rest = ParamSpec("Rest")
View = Callable[Concatenate[WhoRequest, Rest], HttpResponse]


def for_role(role: Role) -> Callable[[View[Rest]], View[Rest]]:
    """A page that exists for one role only: 404 for everybody else."""

    def decorate(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: WhoRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            if not request.who.has(role):
                raise missing()
            return view(request, *args, **kwargs)

        return cast(View[Rest], guarded)

    return decorate


def home_of(request: WhoRequest) -> Region:
    """The region that the administrator's pages are about."""
    if request.who.home is None:
        raise missing()
    return request.who.home
