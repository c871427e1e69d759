"""All addresses."""

from __future__ import annotations

from django.urls import include, path

from yiqi.core.doors import Addresses
from yiqi.kit.offering import offered

handler400 = "yiqi.kit.web.views.bad_request"
handler403 = "yiqi.kit.web.views.forbidden"
handler404 = "yiqi.kit.web.views.not_found"
handler500 = "yiqi.kit.web.views.broken"

# the longest prefix first: the bare one must not hide another
urlpatterns = [path(at.prefix, include(at.module)) for at in sorted(offered(Addresses), key=lambda at: -len(at.prefix))]
