"""Components of the pages, rendered as templates use them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from tests.kit.drawing import drawn, words
from yiqi.kit import offering
from yiqi.kit.web.navigation import Panel


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ value|figure:2 }}", "2.68"),
        ("{{ value|figure }}", "2.675"),
        ("{{ nothing|figure:2 }}", "—"),
        ("{{ value|points }}", "2.68分"),
        ("{{ value|points:1 }}", "2.7分"),
        ("{{ value|signed:2 }}", "+2.68"),
        ("{{ 7|place:False }}", "第7位"),
        ("{{ 3|place:True }}", "并列第3"),
        ("{{ 7|place }}", "第7位"),
        ("{{ day|cn_date }}", "2021年9月6日（周一）"),
        ("{{ day|cn_day }}", "9月6日"),
        ("{{ thing|localname }}", "财政局"),
        ("{% date_range day end %}", "9月6日—9月10日"),
    ],
)
def test_filters(source: str, shown: str) -> None:
    thing = SimpleNamespace(name="财政局", name_en="Finance Bureau")
    assert drawn(source, value=2.675, day=date(2021, 9, 6), end=date(2021, 9, 10), thing=thing, nothing=None) == shown


@pytest.mark.parametrize(
    ("delta", "kind", "read"),
    [(2, "up", "↑2上升2位"), (-1, "down", "↓1下降1位"), (0, "same", "—名次不变"), (None, "none", "—无上期名次")],
)
def test_movement(delta: int | None, kind: str, read: str) -> None:
    html = drawn("{% movement delta %}", delta=delta)
    assert f'class="movement movement-{kind}"' in html
    assert words(html) == read


@pytest.mark.parametrize(
    ("colour", "name", "read"),
    [
        ("red", "red", "红灯"),
        ("yellow", "yellow", "黄灯"),
        ("green", "green", "绿灯"),
        ("grey", "grey", "灰灯"),
        ("pink", "grey", "灰灯"),
        (None, "grey", "灰灯"),
    ],
)
def test_light_has_shape_and_word(colour: str | None, name: str, read: str) -> None:
    html = drawn("{% light colour %}", colour=colour)
    assert html.startswith(f'<span class="light light-{name}"><svg class="light-shape"')
    assert words(html) == read


def test_lights_differ_in_shape() -> None:
    drawings = [drawn("{% light colour %}", colour=colour) for colour in ("red", "yellow", "green", "grey")]
    assert len({re.sub(r".*?<svg[^>]*>(.*)</svg>.*", r"\1", drawing) for drawing in drawings}) == 4


def test_light_with_reason_escapes_it() -> None:
    html = drawn("{% light 'red' reason %}", reason="逾期<17>天")
    assert words(html.replace("&lt;17&gt;", "17")) == "红灯：逾期17天"
    assert "&lt;17&gt;" in html


def test_light_takes_a_reading() -> None:
    html = drawn("{% light reading %}", reading=SimpleNamespace(colour="yellow", reason="还有3天"))
    assert words(html) == "黄灯：还有3天"


@pytest.mark.parametrize(("tone", "used"), [("red", "red"), ("loud", "neutral"), ("", "neutral")])
def test_badge(tone: str, used: str) -> None:
    html = drawn("{% badge text tone %}", text="<已办结>", tone=tone)
    assert html == f'<span class="badge-y badge-{used}">&lt;已办结&gt;</span>'


@pytest.mark.parametrize(("name", "used"), [("list-check", "list-check"), ('x" onload="', "point")])
def test_icon(name: str, used: str) -> None:
    assert drawn("{% icon name %}", name=name) == f'<i class="ti ti-{used}" aria-hidden="true"></i>'


def lines(html: str) -> list[list[str]]:
    """Points of each line of a drawing."""
    return [found.split() for found in re.findall(r'points="([^"]*)"', html)]


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ([1, 2, 3], [3]),
        (list(range(20)), [12]),
        ([1, None, 3, 4], [2, 2]),
        ([5], [2]),
        ([4, 4, 4], [3]),
        ([None, 2, None], [2]),
    ],
)
def test_sparkline_lines(values: list[float | None], parts: list[int]) -> None:
    html = drawn("{% sparkline values '得分' %}", values=values)
    assert [len(line) for line in lines(html)] == parts
    assert 'role="img"' in html


def test_sparkline_runs_from_corner_to_corner_and_says_so() -> None:
    html = drawn("{% sparkline values '得分' %}", values=[1.5, 4])
    assert lines(html) == [["3.0,21.0", "93.0,3.0"]]
    assert re.search(r"<title>(.*?)</title>", html)[1] == "得分：由1.5到4"


@pytest.mark.parametrize("values", [[], None, [None, None]])
def test_sparkline_of_nothing(values: Sequence[Any] | None) -> None:
    assert words(drawn("{% sparkline values '得分' %}", values=values)) == "—"


@pytest.mark.parametrize(
    ("value", "maximum", "width"),
    [(1, 4, "25.0"), (3, 2, "100.0"), (-1, 2, "0.0"), (1, 0, "0.0"), (None, None, "0.0"), (0.1, 0.3, "33.3")],
)
def test_lossbar(value: Any, maximum: Any, width: str) -> None:
    html = drawn("{% lossbar value maximum %}", value=value, maximum=maximum)
    assert re.findall(r'lossbar-fill" width="([^"]*)"', html) == [width]


def test_chart_carries_its_option_as_data_and_loads_nothing_by_itself() -> None:
    html = drawn("{% chart 'trend' option '走势' %}", option={"name": "</script><b>"})
    data = '{"name": "\\u003C/script\\u003E\\u003Cb\\u003E"}'
    assert f'<script id="trend-option" type="application/json">{data}</script>' in html
    assert 'data-chart="trend-option" data-echarts="/static/vendor/echarts/echarts.min.js"' in html
    assert html.count("<script") == 1
    assert " style=" not in html


def test_as_of() -> None:
    html = drawn("{% as_of day '市考核办' True %}", day=date(2021, 8, 31))
    assert words(html) == "截至2021年8月31日（周二）来源：市考核办演示数据"
    assert words(drawn("{% as_of nothing %}", nothing=None)) == ""


def test_empty() -> None:
    assert words(drawn("{% empty '没有任务' '先导入' '/in/' '导入' %}")) == "没有任务先导入导入"
    assert 'href="/in/"' in drawn("{% empty '没有任务' '先导入' '/in/' '导入' %}")
    assert "href" not in drawn("{% empty '没有任务' %}")


@pytest.mark.parametrize(
    ("url", "html"),
    [
        ("/a/", '<li class="breadcrumb-item"><a href="/a/">任务</a></li>'),
        ("", '<li class="breadcrumb-item">任务</li>'),
    ],
)
def test_crumb(url: str, html: str) -> None:
    assert drawn("{% crumb url '任务' %}", url=url) == html


def first_panel(request: HttpRequest, place: str, _subject: object) -> str:
    return f"<i>{request.path} {place}</i>"


def empty_panel(_request: HttpRequest, _place: str, _subject: object) -> str:
    return ""


def third_panel(_request: HttpRequest, _place: str, subject: object) -> str:
    return f"<b>{subject}</b>"


def test_panels(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    here = "tests.kit.test_components"
    mine = (
        Panel("test.place", 2, f"{here}.third_panel"),
        Panel("", 1, f"{here}.empty_panel"),
        Panel("test.other", 1, f"{here}.third_panel"),
        Panel("test.place", 0, f"{here}.first_panel"),
    )
    monkeypatch.setattr(offering, "all_offers", lambda: mine)
    assert drawn("{% panels 'test.place' 7 %}", request=rf.get("/x/")) == "<i>/x/ test.place</i><b>7</b>"
    assert drawn("{% panels 'test.place' 7 %}") == ""
