"""Error pages, and the page that keeps what was typed when a form's token is lost."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from yiqi.kit.web.kept import KeptValue, kept_fields


def error_page(request: HttpRequest, *, status: int, message: str, code: str) -> HttpResponse:
    """One page for every expected error; htmx swaps nothing and shows the message in place."""
    titles = {
        400: _("无法处理这个请求"),
        403: _("不能进行这项操作"),
        404: _("没有找到"),
        409: _("内容已经变化"),
        413: _("文件太大"),
        422: _("内容需要修改"),
        429: _("请稍后再试"),
    }
    context = {"title": titles.get(status, _("出错了")), "message": message, "code": code, "status": status}
    htmx = getattr(request, "htmx", None)
    partial = bool(htmx) and not getattr(htmx, "boosted", False)
    return render(request, "kit/error_part.html" if partial else "kit/error.html", context, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return error_page(
        request, status=400, message=_("请求的内容不完整或格式不对，请返回上一页重试。"), code="bad_request"
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return error_page(request, status=403, message=_("您当前的身份不能进行这项操作。"), code="not_allowed")


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also for what lies outside of the person's scope."""
    return error_page(request, status=404, message=_("页面或记录不存在，或者不在您的职责范围内。"), code="not_found")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing was saved; says so."""
    return error_page(
        request,
        status=500,
        message=_("系统出现故障，本次操作没有保存。请稍后重试；如仍出现，请告知系统管理员。"),
        code="broken",
    )


def _keep(request: HttpRequest, kept: list[KeptValue], login_url: str = "") -> HttpResponse:
    context = {
        "kept": kept,
        "has_files": bool(request.FILES),
        "action": request.get_full_path(),
        "login_url": login_url,
    }
    return render(request, "kit/csrf_failure.html", context, status=403)


def session_ended(request: HttpRequest, login_url: str) -> HttpResponse | None:
    """The page that keeps what was typed when the session idled out; None where there is nothing to keep."""
    kept = kept_fields(request) if request.method == "POST" else []
    return _keep(request, kept, login_url) if kept else None


@requires_csrf_token
@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shows what was typed with a fresh token and a button to send it again."""
    return _keep(request, kept_fields(request))
