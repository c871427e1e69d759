"""All addresses."""

from __future__ import annotations

from django.urls import include, path

handler400 = "yiqi.kit.web.views.bad_request"
handler403 = "yiqi.kit.web.views.forbidden"
handler404 = "yiqi.kit.web.views.not_found"
handler500 = "yiqi.kit.web.views.broken"

urlpatterns = [
    path("", include("yiqi.cockpit.urls")),
    path("plan/", include("yiqi.plan.urls")),
    path("appraisal/", include("yiqi.appraisal.urls")),
    path("dispatch/", include("yiqi.dispatch.urls")),
    path("system/", include("yiqi.core.urls")),
    path("account/", include("yiqi.core.urls.account")),
]
