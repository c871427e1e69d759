"""Pages of errors render even where no middleware ran, and lose nothing that was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from yiqi.kit.errors import NotFoundError
from yiqi.kit.web.views import broken, csrf_failure, error_page


def visitor(rf: RequestFactory, method: str = "get", **kwargs: Any) -> HttpRequest:
    """A request that no middleware has seen."""
    request = getattr(rf, method)("/plan/", **kwargs)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_page_renders_without_a_mandate(rf: RequestFactory, language: str) -> None:
    with translation.override(language):
        error = NotFoundError("任务不存在。")
        page = error_page(visitor(rf), status=error.status, message=str(error), code=error.code)
    html = page.content.decode()
    assert page.status_code == 404
    assert "任务不存在。" in html
    assert f'<html lang="{"zh-CN" if language == "zh-hans" else "en"}">' in html
    assert " style=" not in html
    assert re.findall(r"<script(?![^>]* src=)[^>]*>", html) == []


def test_error_part_for_htmx(rf: RequestFactory) -> None:
    request = visitor(rf)
    request.htmx = True
    html = error_page(request, status=409, message="已被修改", code="conflict").content.decode()
    assert html.startswith('<div class="alert-y alert-red" role="alert" data-error-part>')
    assert "<html" not in html


def test_csrf_page_keeps_what_was_typed(rf: RequestFactory) -> None:
    data = {"text": "第一行\n<b>", "password": "geheim", "csrfmiddlewaretoken": "old"}
    request = visitor(rf, "post", data=data, HTTP_ORIGIN="http://testserver")
    html = csrf_failure(request).content.decode()
    assert ">\n第一行\n&lt;b&gt;</textarea>" in html
    assert "geheim" not in html
    assert 'value="old"' not in html


def test_csrf_page_repeats_nothing_that_came_from_elsewhere(rf: RequestFactory) -> None:
    request = visitor(rf, "post", data={"text": "第一行"}, HTTP_ORIGIN="http://elsewhere.example")
    assert "第一行" not in csrf_failure(request).content.decode()


def test_server_error_page(rf: RequestFactory) -> None:
    assert broken(visitor(rf)).status_code == 500


@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_keeps_what_was_typed(client: Client) -> None:
    typed = {"text": "本周完成招标。", "password": "secret"}
    answer = client.post("/plan/tasks/1/report/", typed, headers={"Origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "本周完成招标。" in page
    assert "secret" not in page
    assert "在新窗口登录" in page


@pytest.mark.django_db
def test_what_was_typed_stands_under_its_label_and_choices_travel_unseen(client: Client) -> None:
    sent = {"text": "本周完成招标。", "status": "reported", "version": "3"}
    page = client.post("/plan/tasks/1/report/", sent, headers={"Origin": "http://testserver"}).content.decode()
    labels = re.findall(r'<label class="form-label" for="kept-\d+">([^<]+)</label>', page)
    assert (labels, page.count("<textarea"), page.count(" hidden>")) == (["进展情况"], 2, 2)


@pytest.mark.django_db
def test_a_form_of_a_foreign_page_is_not_kept(client: Client) -> None:
    answer = client.post("/plan/tasks/1/report/", {"text": "x"}, headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 302
